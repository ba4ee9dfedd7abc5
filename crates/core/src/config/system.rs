//! The account that founds organizations.

use super::schema::section;
use crate::secret::Secret;

section! {
    /// The account `system@acs.local`, which founds organizations.
    System = "system" {
        /// The account's password; generated and shown once unless set.
        password: Option<Secret> = None;
    }
}
