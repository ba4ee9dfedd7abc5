//! The account that founds organizations.

use super::schema::section;
use crate::secret::Secret;

section! {
    /// The account `system@acs.local`, which founds organizations.
    System = "system" {
        /// The account's password; on the embedded default generated and kept in the data folder unless set.
        password: Option<Secret> = None;
    }
}
