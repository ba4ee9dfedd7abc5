//! What people and programs may do, one file for each aggregate. Every function takes the grant that it needs.

pub mod access;
pub mod analysis;
pub mod api_keys;
pub mod comparing;
pub mod conversations;
pub mod embedding;
pub mod erasure;
pub mod housekeeping;
pub mod import;
pub mod intents;
pub mod knowledge;
pub mod model_keys;
pub mod organizations;
pub mod records;
pub mod silence;
pub mod terms;
pub mod training;
pub mod users;
