//! An organization's own key for a language model of the installation.

use time::OffsetDateTime;

/// What is kept of such a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelKey {
    /// The model, as the installation calls it.
    pub model: String,
    /// The key, sealed for this organization, model and address.
    pub sealed: String,
    /// Its last four characters, by which people know it again.
    pub last_four: String,
    /// The organization's own address of the model, if it is asked there.
    pub base_url: Option<String>,
    /// When it was set.
    pub set_at: OffsetDateTime,
}
