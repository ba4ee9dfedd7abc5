//! The reference.

use super::*;

#[test]
fn each_default_is_what_its_own_variable_would_say() {
    for field in chapters().into_iter().flat_map(|chapter| chapter.fields) {
        let Some(default) = field.default else { continue };
        let config = env(&schema::variable(&field.path), &default).load();
        assert_eq!(
            format!("{config:?}"),
            format!("{:?}", Config::default()),
            "{}",
            field.path
        );
    }
}

#[test]
fn the_reference_is_current() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/config.md");
    let current = reference();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &current).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "docs/reference/config.md is stale: run `UPDATE_GENERATED=1 cargo nextest run -p acs-core` and commit it"
    );
}

#[test]
fn the_reference_names_every_setting_with_its_variable_and_meaning() {
    let text = reference();
    let fields: Vec<_> = chapters()
        .into_iter()
        .flat_map(|chapter| chapter.fields)
        .collect();
    for field in &fields {
        assert!(!field.meaning.is_empty(), "{}", field.path);
        assert!(
            text.contains(&format!("| `{}` |", schema::variable(&field.path))),
            "{}",
            field.path
        );
    }
    assert!(text.contains(
        "| `server.port` | `ACS__SERVER__PORT` | a whole number, between 1 and 65535 | `8000` | The port to listen on. |"
    ));
}
