//! The program as its operators know it: started, asked, killed, stopped, refused.
//!
//! | module | what it specifies |
//! |---|---|
//! | [`crash`] | nothing accepted is lost or doubled, whenever the process is killed |
//! | [`stop`] | how it stops |
//! | [`connections`] | who holds connections and asks nothing |
//! | [`first_start`], [`demonstration`] | what a first start makes, and the way of the README |
//! | [`refusals`] | why it does not start, and what to do about it |
//! | [`full_disk`] | a disk that is full for a while |
//! | [`backup`] | copies of the embedded store, and the way back |
//! | [`replicas`] | several processes on PostgreSQL |
//! | [`training`] | what is trained in the background |
//! | [`look_back`] | turns that were, looked at by the worker |

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test, a surprise is a failure"
)]

mod backup;
mod client;
mod connections;
mod crash;
mod demonstration;
mod first_start;
mod full_disk;
mod look_back;
mod place;
mod refusals;
mod replicas;
mod stop;
mod training;
