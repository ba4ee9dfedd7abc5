//! The adapters at their outer edge: other people's servers, as they are and as they fail.

mod provider;
