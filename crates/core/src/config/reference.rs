//! The reference of all settings, generated from the same lines that read them.

use std::fmt::Write as _;

use super::chapters;
use super::schema::{Field, variable};

const INTRODUCTION: &str = "\
# Settings

Generated from `crates/core/src/config`; to renew it, run `UPDATE_GENERATED=1 cargo nextest run -p acs-core`.

Every setting has a default, so the program starts without any. Sources, weakest first:

1. the defaults below;
2. a TOML file: the one that `ACS_CONFIG` names, else `acs.toml` in the working directory;
3. `.env` in the working directory: lines of `NAME=value`, nothing is substituted;
4. the environment: `ACS__SECTION__KEY`.

- A list is written with commas in a variable, and as a list in the file. An optional setting left empty is not set.
- A secret (marked 🔒) is also taken from a file: the same name with `_FILE` (in the TOML file `_file`) names it. Line
  ends at its end are cut off.
- A setting that nobody knows is refused, and so is a value that cannot be used. The program then does not start, and
  tells every problem at once, never showing a secret.
";

/// The reference as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = INTRODUCTION.to_owned();
    for chapter in chapters() {
        let heading = if chapter.name.is_empty() {
            "General".to_owned()
        } else {
            format!("`[{}]`", chapter.name)
        };
        // Writing to a text cannot fail.
        let _ = write!(page, "\n## {heading}\n\n{}\n\n", chapter.meaning);
        page.push_str("| Setting | Variable | Accepts | Default | Meaning |\n|---|---|---|---|---|\n");
        for field in chapter.fields {
            page.push_str(&row(&field));
        }
    }
    page
}

fn row(field: &Field) -> String {
    let lock = if field.secret { " 🔒" } else { "" };
    let default = field
        .default
        .as_ref()
        .map_or_else(|| "–".to_owned(), |default| format!("`{default}`"));
    let cells = [
        format!("`{}`{lock}", field.path),
        format!("`{}`", variable(&field.path)),
        field.accepts.clone(),
        default,
        field.meaning.clone(),
    ];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}
