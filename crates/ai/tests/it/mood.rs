//! How messages are meant, on texts that were labelled by hand, and rule by rule.

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::entity::Context;
use acs_ai::understand::mood::{CLASSES, MoodModel};
use acs_domain::analysis::EmotionLabel::{self, *};
use acs_domain::analysis::SentimentLabel::{self, *};
use acs_domain::knowledge::Vector;
use acs_domain::port::embed::{Embedder, Role};
use rstest::rstest;

/// Label, kind and text of each customer message.
fn messages() -> Vec<[&'static str; 3]> {
    let lines = include_str!("../data/moods.tsv").lines();
    let rows = lines.filter(|line| !line.starts_with("# "));
    let fields = rows.map(|line| line.split('\t').skip(1).collect::<Vec<_>>());
    fields.map(|fields| fields.try_into().unwrap()).collect()
}

fn class(label: SentimentLabel) -> &'static str {
    match label {
        VeryNegative | Negative => "negative",
        SentimentLabel::Neutral => "neutral",
        Positive | VeryPositive => "positive",
    }
}

/// The share of messages whose class is found.
fn accuracy(messages: &[[&str; 3]], vectors: Option<&[Vector]>) -> f64 {
    let right = messages.iter().enumerate().filter(|(place, [label, _, text])| {
        let vector = vectors.map(|vectors| &vectors[*place]);
        let analysis = RuleUnderstanding::analyze_in(text, Context::default(), vector);
        class(analysis.sentiment.label) == *label
    });
    right.count() as f64 / messages.len() as f64
}

/// A fifth of them, since embedding takes its time: `examples/evaluate` asks for all.
#[tokio::test]
async fn customer_messages_are_taken_as_they_are_meant() {
    let model = SentenceModel::load(ModelFiles::bundled()).unwrap();
    let embedder = LocalEmbedder::start(model, EmbedOptions::default()).unwrap();
    let some: Vec<_> = messages().into_iter().step_by(5).collect();
    let texts = some.iter().map(|[_, _, text]| (*text).to_owned()).collect();
    let vectors = embedder.embed(texts, Role::Question).await.unwrap();
    let joined = accuracy(&some, Some(&vectors));
    assert!(joined >= 0.85, "{joined}");
}

#[test]
fn under_overload_words_alone_are_nearly_as_good() {
    let lexical = accuracy(&messages(), None);
    assert!(lexical >= 0.85, "{lexical}");
}

#[test]
fn the_messages_are_200_of_three_classes_and_half_of_each_is_kept_for_reporting() {
    assert_eq!(messages().len(), 200);
    for label in ["negative", "neutral", "positive"] {
        let own = || {
            include_str!("../data/moods.tsv")
                .lines()
                .filter(|line| line.contains(&format!("\t{label}\t")))
        };
        let tested = own().filter(|line| line.starts_with("test\t")).count();
        assert!(own().count() >= 60 && tested * 2 == own().count(), "{label}");
    }
}

#[test]
fn the_bundled_head_is_read_and_a_cut_one_is_refused() {
    let bytes = include_bytes!("../../models/mood/mood.bin");
    let model = MoodModel::from_bytes(bytes).unwrap();
    assert_eq!(model.to_bytes(), bytes);
    for end in [0, 4, 1_000, bytes.len() - 1] {
        assert!(MoodModel::from_bytes(&bytes[..end]).is_err());
    }
    let reading = model.read("Thank you so much, this is great!", None);
    assert_eq!(reading.probabilities.len(), CLASSES);
    assert!(reading.attitude() > 0.7);
}

fn label(text: &str) -> SentimentLabel {
    RuleUnderstanding::analyze_text(text).sentiment.label
}

fn score(text: &str) -> f32 {
    RuleUnderstanding::analyze_text(text).sentiment.score
}

#[rstest]
#[case("The new app is not good.", Negative)]
#[case("I don't think it's great.", Negative)]
#[case("Not bad at all!", Positive)]
#[case("I'm not angry, I only want to know when you open.", SentimentLabel::Neutral)]
#[case("I have never had a better breakfast.", Positive)]
#[case("No complaints.", Positive)]
fn a_negation_turns_what_it_denies(#[case] text: &str, #[case] expected: SentimentLabel) {
    assert_eq!(class(label(text)), class(expected), "{text}: {}", score(text));
}

#[rstest]
#[case("This is bad.", "This is very bad.")]
#[case(
    "The food was slightly disappointing.",
    "The food was extremely disappointing."
)]
#[case("This is unacceptable.", "This is UNACCEPTABLE.")]
#[case("this is soo bad", "this is sooooo baaaad!!!")]
#[case("I am angry.", "I am angry!!!")]
#[case("the soup was bad", "the soup was bad 😡")]
fn more_of_it_is_worse(#[case] mild: &str, #[case] strong: &str) {
    assert!(
        score(strong) < score(mild),
        "{} and {}",
        score(mild),
        score(strong)
    );
}

#[rstest]
#[case("I am happy.", "I am so happy!")]
#[case("The lesson was great.", "The lesson was GREAT.")]
#[case("good", "good 😍")]
fn more_of_it_is_better(#[case] mild: &str, #[case] strong: &str) {
    assert!(
        score(strong) > score(mild),
        "{} and {}",
        score(mild),
        score(strong)
    );
}

#[rstest]
#[case("Thanks for nothing.")]
#[case("Thank you for wasting two hours of my life.")]
#[case("Great, now it crashes again.")]
#[case("Fantastic. The courier never came.")]
#[case("Yeah right, \"express\".")]
#[case("How nice of you to cancel my flight without a word.")]
#[case("I love waiting on hold for an hour.")]
#[case("super helpful 🙄")]
fn praise_that_is_not_meant_is_blame(#[case] text: &str) {
    assert_eq!(class(label(text)), "negative", "{text}: {}", score(text));
}

#[rstest]
#[case("Great, it works again!")]
#[case("Thank you for fixing it so quickly.")]
#[case("Sorry that I was late, and thanks a lot for waiting.")]
#[case("The parcel was late, but the shoes are beautiful and the support was lovely.")]
fn praise_that_is_meant_stays_praise(#[case] text: &str) {
    assert_eq!(class(label(text)), "positive", "{text}: {}", score(text));
}

#[rstest]
#[case("Do you sell Happy Socks and the Love perfume?")]
#[case("Please put \"Dirty Harry\" on my list.")]
#[case("Could you tell me the price? Thanks!")]
#[case("My card was declined and I was charged twice. Can you check?")]
#[case("PLEASE SEND THE INVOICE TO ACCOUNTING")]
fn what_shows_no_feeling_is_neutral(#[case] text: &str) {
    assert_eq!(label(text), SentimentLabel::Neutral, "{text}: {}", score(text));
}

#[rstest]
#[case("When do you open on Sunday?", EmotionLabel::Neutral)]
#[case("Thank you so much for your help", Gratitude)]
#[case("I love it, what a wonderful present!", Joy)]
#[case("I don't understand this bill at all, I'm confused", Confusion)]
#[case("I expected more, the hotel was a let down", Disappointment)]
#[case("For the third time: it is still not fixed. I'm fed up.", Frustration)]
#[case("You are liars, this is an outrage!!", Anger)]
#[case("I'm heartbroken, we lost all the photos", Sadness)]
#[case("I'm scared that somebody has my card number", Fear)]
#[case("Wow, I really didn't expect that", Surprise)]
fn each_emotion_is_heard(#[case] text: &str, #[case] expected: EmotionLabel) {
    let emotion = RuleUnderstanding::analyze_text(text).emotion;
    assert_eq!(emotion.label, expected, "{text}");
    assert_eq!(emotion.intensity > 0.0, expected != EmotionLabel::Neutral);
}

#[test]
fn a_language_that_the_head_does_not_know_is_left_to_signs() {
    let analysis = RuleUnderstanding::analyze_text("Wo ist mein Paket? Ich warte seit drei Wochen 😡");
    assert_eq!(
        analysis.language.map(|language| language.code).as_deref(),
        Some("de")
    );
    assert_eq!(analysis.emotion.label, Anger);
}

#[test]
fn hostile_texts_have_a_mood_within_bounds() {
    for text in [
        "good but ".repeat(550),
        "🙄".repeat(5_000),
        "!".repeat(5_000),
        "a".repeat(5_000),
        "NOT ".repeat(1_250),
        "\"great\" ".repeat(600),
    ] {
        let analysis = RuleUnderstanding::analyze_text(&text);
        assert!(analysis.sentiment.score.abs() <= 1.0);
        assert!((0.0..=1.0).contains(&analysis.emotion.intensity));
    }
}
