//! Secrets that stand in files of their own.

use std::path::Path;

use crate::secret::Secret;

/// The file's text without the line ends at its end, or why it cannot be had.
pub(crate) fn read(path: &Path) -> Result<Secret, String> {
    std::fs::read_to_string(path)
        .map(|text| Secret::new(text.trim_end_matches(['\r', '\n'])))
        .map_err(|error| format!("the file `{}` cannot be read: {error}", path.display()))
}
