//! Salesforce.

use super::schema::rule::not_blank;
use super::schema::section;
use crate::secret::Secret;

section! {
    /// The Salesforce account for cases and contacts.
    Salesforce = "salesforce" {
        /// The user to sign in as. Reserved: read by the Salesforce adapter.
        username: Option<String> = None;
        /// The user's password. Reserved: read by the Salesforce adapter.
        password: Option<Secret> = None;
        /// The user's security token. Reserved: read by the Salesforce adapter.
        security_token: Option<Secret> = None;
        /// Where to sign in: `login`, `test` for a sandbox, or the organization's own domain. Reserved: read by the
        /// Salesforce adapter.
        domain: String = "login".to_owned(), not_blank();
    }
}
