//! Cleaning of untrusted text.
