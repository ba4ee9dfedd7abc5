//! Which versions of models, rules and templates are part of the program: evidence names them.

use std::collections::BTreeMap;

use acs_core::security::digest::sha256_hex;

use crate::guard::{head, rules};
use crate::prompt;
use crate::understand::entity::personal::network;
use crate::understand::mood;

/// How many digits of a digest name a version: enough to tell files apart.
const DIGITS: usize = 16;

/// What decides besides the embedding model, which has a name of its own, each with its version. Reads every file once:
/// milliseconds.
#[must_use]
pub fn versions() -> BTreeMap<String, String> {
    let [rules, emergencies] = rules::FILES;
    let files: [(&str, &[u8]); 7] = [
        ("guard_head", head::FILE),
        ("guard_rules", rules.as_bytes()),
        ("guard_emergencies", emergencies.as_bytes()),
        ("mood", mood::FILE),
        ("personal_data", network::WEIGHTS),
        ("prompt", prompt::GROUNDED.source.as_bytes()),
        ("prompt_rules", prompt::RULES.source.as_bytes()),
    ];
    files
        .into_iter()
        .map(|(name, file)| {
            let mut version = sha256_hex(file);
            version.truncate(DIGITS);
            (name.to_owned(), version)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_version_of_its_own() {
        let versions = versions();
        let mut different: Vec<&String> = versions.values().collect();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), versions.len(), "{versions:?}");
        assert!(versions.values().all(|version| version.len() == DIGITS));
    }
}
