//! Counters with a window. A window opens at the first event of a key and closes when its time is over, whatever is
//! counted meanwhile; how long later callers want it to be changes nothing.
//!
//! | adapter | counts for | after a restart |
//! |---|---|---|
//! | [`LocalCounters`] | one process | begins anew |
//! | [`RedisCounters`] | all processes of one Redis server | goes on |

mod local;
mod redis;

pub use local::{LocalCounters, MAX_KEYS};
pub use redis::RedisCounters;
