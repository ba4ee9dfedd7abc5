//! The law of the layers, read from the manifests: which crate may use which, and what none of them may.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A crate, the workspace's crates that it may use, and the packages that it must never use.
type Law = (&'static str, &'static [&'static str], &'static [&'static str]);

const LAWS: &[Law] = &[
    ("acs-core", &[], &["tokio", "axum", "sea-orm", "reqwest"]),
    (
        "acs-domain",
        &["acs-core"],
        &["tokio", "axum", "sea-orm", "reqwest", "figment"],
    ),
    (
        "acs-persistence",
        &["acs-core", "acs-domain"],
        &["axum", "reqwest"],
    ),
    ("acs-ai", &["acs-core", "acs-domain"], &["axum", "sea-orm"]),
    (
        "acs-integrations",
        &["acs-core", "acs-domain"],
        &["axum", "sea-orm"],
    ),
    (
        "acs-engine",
        &["acs-core", "acs-domain"],
        &["axum", "sea-orm", "reqwest", "redis", "deadpool-redis"],
    ),
    (
        "acs-jobs",
        &["acs-core", "acs-domain", "acs-engine"],
        &["axum", "sea-orm", "reqwest"],
    ),
    (
        "acs-api",
        &["acs-core", "acs-domain", "acs-engine"],
        &["sea-orm", "reqwest", "redis", "deadpool-redis"],
    ),
    (
        "acs-app",
        &[
            "acs-core",
            "acs-domain",
            "acs-persistence",
            "acs-ai",
            "acs-integrations",
            "acs-engine",
            "acs-jobs",
            "acs-api",
        ],
        &["sea-orm", "reqwest"],
    ),
    ("acs-testkit", &["acs-core", "acs-domain", "acs-persistence"], &[]),
    ("api-server", &["acs-app"], &[]),
    ("worker", &["acs-app"], &[]),
    ("migrator", &["acs-app"], &[]),
    ("acs-tests", &["acs-testkit"], &[]),
];

/// The longest source file, in lines. One idea a file: long before this, it holds two.
const LONGEST_FILE: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The packages of the workspace, with the names that each uses outside of its tests.
fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let used = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let normal = dependencies.filter(|dependency| dependency["kind"] != "dev");
        normal
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| (package["name"].as_str().unwrap().to_owned(), used(package)))
        .collect()
}

#[test]
fn each_crate_uses_only_what_its_layer_may() {
    let packages = packages();
    let mut broken = Vec::new();
    for (name, used) in &packages {
        let Some((_, allowed, banned)) = LAWS.iter().find(|(law, ..)| law == name) else {
            broken.push(format!("{name} has no law: add it to LAWS"));
            continue;
        };
        for used in used {
            if packages.contains_key(used) && !allowed.contains(&used.as_str()) {
                broken.push(format!("{name} must not use {used}"));
            }
            if banned.contains(&used.as_str()) {
                broken.push(format!("{name} must never use {used}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn each_law_has_its_crate() {
    let packages = packages();
    for (name, ..) in LAWS {
        assert!(packages.contains_key(*name), "{name} is gone: remove its law");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_source_file_is_long() {
    let mut found = Vec::new();
    for folder in ["crates", "bins", "tests"] {
        sources(&root().join(folder), &mut found);
    }
    assert!(!found.is_empty());
    let long: Vec<String> = found
        .iter()
        .filter_map(|path| {
            let lines = std::fs::read_to_string(path).unwrap().lines().count();
            (lines > LONGEST_FILE).then(|| format!("{} has {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn each_migration_has_both_dialects() {
    let folder = root().join("migrations");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            count += 1;
            for dialect in ["postgres.sql", "sqlite.sql"] {
                assert!(
                    path.join(dialect).is_file(),
                    "{} has no {dialect}",
                    path.display()
                );
            }
        }
    }
    assert!(count > 0);
}
