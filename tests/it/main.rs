//! Tests of the whole, in one binary: the law of the layers, and the product over HTTP on real stores.

mod agreement;
mod api;
mod architecture;
mod faults;
mod harness;
mod talk;
mod turns;
