//! What is no model that can be asked is refused at the start, by its cause.

use std::fs;
use std::path::Path;

use acs_core::error::Chain;
use rstest::rstest;

use super::*;

fn refusal(file: FileOptions) -> String {
    let options = ModelOptions {
        file: Some(file),
        ..options()
    };
    let error = connect("gguf", options).err().unwrap();
    Chain(&error).to_string()
}

fn refusal_of(path: &Path) -> String {
    refusal(FileOptions {
        path: path.to_owned(),
        ..file()
    })
}

#[rstest]
#[case::that_is_not_there("missing.gguf", "it cannot be read: No such file")]
#[case::that_is_a_folder("", "it is no whole model")]
#[case::of_something_else("notes.gguf", "it is no whole model")]
#[case::that_was_cut_off("half.gguf", "it is no whole model")]
#[case::without_a_template("mute.gguf", "it has no chat template")]
fn a_file_is_refused(#[case] name: &str, #[case] why: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    match name {
        "notes.gguf" => fs::write(&path, "Buy lamps.").unwrap(),
        "half.gguf" => {
            let whole = fs::read(super::path()).unwrap();
            fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        }
        "mute.gguf" => fs::write(
            &path,
            renamed(b"tokenizer.chat_template", b"tokenizer.chat_nothing!"),
        )
        .unwrap(),
        _ => {}
    }
    let told = refusal_of(&path);
    let expected = format!("its file {} cannot be used: {why}", path.display());
    assert!(told.starts_with(&expected), "{told}");
}

/// The model's file with another name for one of its fields.
fn renamed(name: &[u8], other: &[u8]) -> Vec<u8> {
    assert_eq!(name.len(), other.len());
    let mut bytes = fs::read(path()).unwrap();
    let at = bytes.windows(name.len()).position(|found| found == name).unwrap();
    bytes[at..at + name.len()].copy_from_slice(other);
    bytes
}

#[test]
fn a_context_that_the_model_was_not_trained_for_is_refused_by_its_field() {
    let told = refusal(FileOptions {
        window_tokens: 1_000_000,
        ..file()
    });
    assert!(
        told.contains("`window_tokens` is 1000000, and the model was trained for"),
        "{told}"
    );
}

#[test]
fn a_model_in_this_process_without_a_file_is_refused() {
    let options = ModelOptions {
        file: None,
        ..options()
    };
    let error = connect("gguf", options).err().unwrap();
    assert_eq!(error.to_string(), "its file is not named");
}
