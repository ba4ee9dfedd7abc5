//! Models in a folder: what is read of it, and what is said when it will not do. The small model is noise of XLM-RoBERTa's
//! form: pieces of words, no token types, prompts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use acs_ai::Error;
use acs_ai::embed::{EmbedOptions, Encoder, LocalEmbedder, ModelFiles, SentenceModel};
use acs_domain::port::embed::{Embedder, Role};
use serde_json::{Value, json};

const FILES: [&str; 5] = [
    "model.onnx",
    "tokenizer.json",
    "config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
];

fn small() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny-xlm-r")
}

/// A copy of the small model that a test may spoil.
struct Copy(tempfile::TempDir);

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("1_Pooling")).unwrap();
        for file in FILES {
            std::fs::copy(small().join(file), folder.path().join(file)).unwrap();
        }
        Self(folder)
    }

    /// Gives one setting another value.
    fn set(self, file: &str, setting: &str, value: Value) -> Self {
        let path = self.0.path().join(file);
        let mut settings: Value = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap(),
            Err(_) => json!({}),
        };
        settings[setting] = value;
        std::fs::write(path, settings.to_string()).unwrap();
        self
    }

    fn load(&self) -> Result<Arc<SentenceModel>, Error> {
        SentenceModel::load(ModelFiles::read(self.0.path())?)
    }

    /// What is said of it.
    fn complaint(&self) -> String {
        let error = self.load().unwrap_err();
        acs_core::error::Chain(&error).to_string()
    }
}

#[test]
fn a_model_of_xlm_robertas_form_gives_the_vectors_of_its_reference() {
    let model = SentenceModel::load(ModelFiles::read(&small()).unwrap()).unwrap();
    assert!(model.name().starts_with("tiny-xlm-r@"));
    let vector = Encoder::new(model)
        .encode("where  the\torder", Role::Question)
        .unwrap();
    // By onnxruntime and the tokenizers library for Python, of "query: where  the\torder".
    let reference = [-0.2017, 0.2203, 0.5521, -0.6436, 0.2623, 0.2031, -0.1482, -0.2443];
    for (ours, theirs) in vector.iter().zip(reference) {
        assert!((ours - theirs).abs() < 2e-3, "{vector:?}");
    }
}

#[test]
fn a_question_stands_behind_another_prompt_than_a_passage() {
    let model = SentenceModel::load(ModelFiles::read(&small()).unwrap()).unwrap();
    let text = |role| model.prompted("bestellung".to_owned(), role);
    assert_eq!(text(Role::Question), "query: bestellung");
    assert_eq!(text(Role::Passage), "passage: bestellung");
    let encoder = Encoder::new(Arc::clone(&model));
    let vector = |role| encoder.encode("bestellung", role).unwrap();
    assert_ne!(vector(Role::Question), vector(Role::Passage));
}

#[tokio::test]
async fn a_question_and_a_passage_of_the_same_words_are_remembered_apart() {
    let model = SentenceModel::load(ModelFiles::read(&small()).unwrap()).unwrap();
    let embedder = LocalEmbedder::start(
        model,
        EmbedOptions {
            workers: 1,
            ..EmbedOptions::default()
        },
    )
    .unwrap();
    let embed = |role| embedder.embed(vec!["bestellung".to_owned()], role);
    let (question, passage) = (
        embed(Role::Question).await.unwrap(),
        embed(Role::Passage).await.unwrap(),
    );
    assert_ne!(question, passage);
    assert!(Arc::ptr_eq(
        &question[0],
        &embed(Role::Question).await.unwrap()[0]
    ));
}

#[test]
fn xlm_roberta_counts_its_places_from_behind_the_padding() {
    let model = SentenceModel::load(ModelFiles::read(&small()).unwrap()).unwrap();
    assert_eq!(model.count_tokens(&"the ".repeat(100)).unwrap(), 16);
    let complaint = Copy::new()
        .set("config.json", "max_tokens", json!(17))
        .complaint();
    assert!(complaint.contains("max_position_embeddings"), "{complaint}");
    assert!(
        complaint.contains("room for 16 tokens, and 17 are to be read"),
        "{complaint}"
    );
}

#[test]
fn another_way_of_reading_is_another_model() {
    let name = |copy: Copy| {
        let name = copy.load().unwrap().name().to_owned();
        name.split_once('@').unwrap().1.to_owned()
    };
    let prompts = "config_sentence_transformers.json";
    let as_it_is = name(Copy::new());
    assert_eq!(as_it_is, name(Copy::new()));
    for other in [
        Copy::new().set(prompts, "prompts", json!({ "query": "query: " })),
        Copy::new().set("config.json", "max_tokens", json!(8)),
        Copy::new()
            .set("1_Pooling/config.json", "pooling_mode_mean_tokens", json!(false))
            .set("1_Pooling/config.json", "pooling_mode_cls_token", json!(true)),
    ] {
        assert_ne!(as_it_is, name(other));
    }
}

#[test]
fn a_folder_that_lacks_a_file_is_refused_by_the_files_name() {
    for file in ["model.onnx", "tokenizer.json"] {
        let copy = Copy::new();
        let path = copy.0.path().join(file);
        std::fs::remove_file(&path).unwrap();
        let error = copy.load().unwrap_err();
        assert_eq!(error.to_string(), format!("cannot read {}", path.display()));
    }
}

#[test]
fn what_this_program_cannot_do_is_refused_by_file_and_setting() {
    let pooling = "1_Pooling/config.json";
    for (copy, file, setting, reason) in [
        (
            Copy::new().set("config.json", "model_type", json!("t5")),
            "config.json",
            "model_type",
            "is t5",
        ),
        (
            Copy::new().set(pooling, "pooling_mode_mean_tokens", json!(false)),
            pooling,
            "pooling_mode_mean_tokens",
            "or else pooling_mode_cls_token must be true",
        ),
        (
            Copy::new().set("config.json", "strangers_cosine", json!(1.0)),
            "config.json",
            "strangers_cosine",
            "is 1, and must be at least 0 and below 1",
        ),
        (
            Copy::new().set("sentence_bert_config.json", "max_seq_length", json!(2)),
            "sentence_bert_config.json",
            "max_seq_length",
            "is 2",
        ),
    ] {
        let complaint = copy.complaint();
        let place = format!("{setting} in {} {reason}", copy.0.path().join(file).display());
        assert!(complaint.starts_with(&place), "{complaint}");
    }
}

#[test]
fn a_network_that_is_not_what_the_folder_says_is_refused() {
    let complaint = Copy::new()
        .set("config.json", "hidden_size", json!(384))
        .complaint();
    assert!(
        complaint.contains("8 numbers, and hidden_size says 384"),
        "{complaint}"
    );
    let complaint = Copy::new()
        .set("config.json", "hidden_size", json!("wide"))
        .complaint();
    assert!(
        complaint.contains("config.json cannot be understood"),
        "{complaint}"
    );
}
