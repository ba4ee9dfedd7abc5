//! Security primitives.

pub mod seal;
