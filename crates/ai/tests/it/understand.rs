//! Understanding with real vectors.

use std::any::Any;
use std::sync::Arc;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::understand::RuleUnderstanding;
use acs_domain::analysis::{Analysis, EmotionLabel, SentimentLabel};
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::understand::{IntentModel, Phrase, UnderstandError, Understanding, Utterance};
use time::OffsetDateTime;

const PHRASES: [(&str, &str); 15] = [
    ("reset_password", "I forgot my password"),
    ("reset_password", "how do I reset my password"),
    ("reset_password", "password does not work any more"),
    ("reset_password", "send me a link to choose a new password"),
    ("reset_password", "change my password"),
    ("track_order", "where is my order"),
    ("track_order", "track my parcel"),
    ("track_order", "when will my package arrive"),
    ("track_order", "my delivery has not come yet"),
    ("track_order", "what is the status of my shipment"),
    ("refund", "I want my money back"),
    ("refund", "how do I get a refund"),
    ("refund", "refund my last order"),
    ("refund", "when do I get my money back"),
    ("refund", "the refund has not arrived"),
];

struct World {
    embedder: LocalEmbedder,
    understanding: RuleUnderstanding,
    intents: Arc<dyn IntentModel>,
}

impl World {
    async fn new() -> Self {
        let model = SentenceModel::load(ModelFiles::bundled()).unwrap();
        let embedder = LocalEmbedder::start(model, EmbedOptions::default()).unwrap();
        let understanding = RuleUnderstanding::default();
        let intents = understanding.learn(phrases(&embedder).await).await.unwrap();
        Self {
            embedder,
            understanding,
            intents,
        }
    }

    async fn phrases(&self) -> Vec<Phrase> {
        phrases(&self.embedder).await
    }

    async fn analyze(&self, text: &str) -> Analysis {
        let vector = self
            .embedder
            .embed(vec![text.to_owned()], Role::Question)
            .await
            .unwrap()
            .pop();
        self.understanding
            .analyze(
                &Utterance {
                    vector,
                    clauses: Vec::new(),
                    embedding_model: self.embedder.model().to_owned(),
                    ..utterance(text)
                },
                &self.intents,
            )
            .await
            .unwrap()
    }
}

async fn phrases(embedder: &LocalEmbedder) -> Vec<Phrase> {
    let texts = PHRASES.iter().map(|(_, text)| (*text).to_owned()).collect();
    let vectors = embedder.embed(texts, Role::Question).await.unwrap();
    let phrase = |((intent, text), vector): (&(&str, &str), _)| Phrase {
        intent: (*intent).to_owned(),
        text: (*text).to_owned(),
        vector,
    };
    PHRASES.iter().zip(vectors).map(phrase).collect()
}

fn utterance(text: &str) -> Utterance {
    Utterance {
        text: text.to_owned(),
        vector: None,
        clauses: Vec::new(),
        embedding_model: String::new(),
        at: OffsetDateTime::UNIX_EPOCH,
        time_zone: None,
        terms: None,
    }
}

#[tokio::test]
async fn a_message_in_other_words_finds_its_intent() {
    let world = World::new().await;
    for (text, intent) in [
        ("i cant remember the pasword for my account", "reset_password"),
        ("has my package been shipped already?", "track_order"),
        ("please give me back what I paid", "refund"),
    ] {
        let analysis = world.analyze(text).await;
        assert_eq!(
            analysis.intents.first().map(|guess| guess.name.as_str()),
            Some(intent),
            "{text}"
        );
        assert!(!analysis.out_of_scope && analysis.intents.len() <= 3);
        assert!(
            analysis
                .intents
                .windows(2)
                .all(|pair| pair[0].confidence >= pair[1].confidence)
        );
    }
}

#[tokio::test]
async fn what_nobody_taught_is_out_of_scope() {
    let world = World::new().await;
    for text in [
        "What is the boiling point of tungsten?",
        "write a poem about autumn",
        "who won the world cup in 1998",
    ] {
        let analysis = world.analyze(text).await;
        assert!(
            analysis.out_of_scope && analysis.intents.is_empty(),
            "{text}: {:?}",
            analysis.intents
        );
    }
}

#[tokio::test]
async fn all_analyzers_speak_of_one_message() {
    let analysis = World::new()
        .await
        .analyze("Where is my parcel?? I am really disappointed. Write to Jo@acme.example, I paid 49,99 €.")
        .await;
    assert_eq!(
        analysis.language.map(|language| language.code).as_deref(),
        Some("en")
    );
    assert_eq!(analysis.sentiment.label, SentimentLabel::VeryNegative);
    assert_eq!(analysis.emotion.label, EmotionLabel::Disappointment);
    let kinds: Vec<&str> = analysis
        .entities
        .iter()
        .map(|entity| entity.kind.as_str())
        .collect();
    assert_eq!(kinds, ["email", "money"]);
}

#[tokio::test]
async fn without_a_vector_everything_but_the_intent_is_understood() {
    let world = World::new().await;
    let analysis = world
        .understanding
        .analyze(&utterance("Thank you so much!"), &world.intents)
        .await
        .unwrap();
    assert_eq!(analysis.emotion.label, EmotionLabel::Gratitude);
    assert!(analysis.intents.is_empty() && !analysis.out_of_scope);
}

#[tokio::test]
async fn what_was_trained_answers_from_words_alone_and_is_restored_from_its_bytes() {
    let mut world = World::new().await;
    assert_eq!(world.intents.to_bytes(), None);
    let trained = world.understanding.train(world.phrases().await).await.unwrap();
    let bytes = trained.to_bytes().unwrap();
    let restored = world
        .understanding
        .restore(bytes, world.phrases().await)
        .await
        .unwrap();
    let mut analyses = Vec::new();
    for intents in [trained, restored] {
        world.intents = intents;
        let asked = utterance("please send me a link to reset the password");
        let by_words = world.understanding.analyze(&asked, &world.intents).await;
        analyses.push([
            by_words.unwrap(),
            world.analyze("i cant remember the pasword for my account").await,
        ]);
    }
    assert_eq!(analyses[0], analyses[1]);
    for analysis in &analyses[0] {
        assert_eq!(analysis.intents[0].name, "reset_password");
    }
}

#[tokio::test]
async fn damaged_bytes_are_not_restored() {
    let refused = RuleUnderstanding::default()
        .restore(b"damaged".to_vec(), Vec::new())
        .await;
    assert!(matches!(refused, Err(UnderstandError::Failed(_))));
}

#[tokio::test]
async fn a_long_letter_is_understood_like_a_short_one() {
    let world = World::new().await;
    let text = "I am very happy with it. ".repeat(200);
    let analysis = world
        .understanding
        .analyze(&utterance(&text), &world.intents)
        .await
        .unwrap();
    assert_eq!(analysis, RuleUnderstanding::analyze_text(&text));
    assert_eq!(analysis.sentiment.label, SentimentLabel::VeryPositive);
}

#[tokio::test]
async fn anothers_intents_are_refused() {
    #[derive(Debug)]
    struct Foreign;
    impl IntentModel for Foreign {
        fn size_bytes(&self) -> usize {
            0
        }
        fn as_any(&self) -> &dyn Any {
            self
        }
    }
    let intents: Arc<dyn IntentModel> = Arc::new(Foreign);
    let refused = RuleUnderstanding::default()
        .analyze(&utterance("hello"), &intents)
        .await;
    assert!(matches!(refused, Err(UnderstandError::Failed(_))));
}
