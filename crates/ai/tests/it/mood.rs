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
#[case("Thanks for nothing!!!")]
#[case("thank you SO much for losing my parcel")]
#[case("great job breaking it again")]
#[case("so it broke after two days, wonderful")]
#[case("best support ever /s")]
#[case("Nice work deleting my account.")]
#[case("well done, it crashed again, well done")]
#[case("the screen died after a week, brilliant")]
fn praise_that_is_not_meant_is_blame(#[case] text: &str) {
    assert_eq!(class(label(text)), "negative", "{text}: {}", score(text));
}

#[rstest]
#[case("Great, it works again!")]
#[case("Not a single problem in three years")]
#[case("I would never have found it. Thanks!")]
#[case("I've never had an issue with your shop.")]
#[case("The move cost us no time at all, thanks to your crew. Lovely people.")]
#[case("Glad I didn't cancel last month, it's great now.")]
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
#[case("Sorry to bother you")]
#[case("I hate to bother you, but could you help?")]
#[case("I'm afraid the tracking number you sent isn't mine")]
#[case("I am afraid that I typed the wrong date")]
#[case("Best regards, Tom")]
#[case("Have a lovely day! Yours sincerely, Ann")]
#[case("How good is the picture at night?")]
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
#[case("Thanks for nothing!!!", Anger)]
#[case("Best regards, Tom", EmotionLabel::Neutral)]
#[case("Sorry to bother you again", EmotionLabel::Neutral)]
#[case("I'm afraid the number you sent isn't mine", EmotionLabel::Neutral)]
#[case("Wow, I really didn't expect that", Surprise)]
fn each_emotion_is_heard(#[case] text: &str, #[case] expected: EmotionLabel) {
    let emotion = RuleUnderstanding::analyze_text(text).emotion;
    assert_eq!(emotion.label, expected, "{text}");
    assert_eq!(emotion.intensity > 0.0, expected != EmotionLabel::Neutral);
}

/// Part, language, sentiment, emotion and text.
fn of_other_languages() -> Vec<[&'static str; 5]> {
    let lines = include_str!("../data/moods_languages.tsv").lines();
    let rows = lines.filter(|line| !line.starts_with("# "));
    rows.map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
        .collect()
}

#[rstest]
fn messages_of_every_language_are_taken_as_they_are_meant(
    #[values(
        "ar", "de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pt", "ru", "sv", "tr", "vi", "zh"
    )]
    code: &str,
) {
    let rows: Vec<_> = of_other_languages()
        .into_iter()
        .filter(|row| row[1] == code)
        .collect();
    let right = rows.iter().filter(|row| class(label(row[4])) == row[2]).count();
    let named = rows.iter().filter(|row| row[3] != "-");
    let (mut all, mut well_named) = (0, 0);
    for row in named {
        all += 1;
        let found = RuleUnderstanding::analyze_text(row[4]).emotion.label;
        well_named += usize::from(found.as_str() == row[3]);
    }
    assert!(
        rows.len() >= 5 && right * 10 >= rows.len() * 8,
        "{code}: {right} of {}",
        rows.len()
    );
    assert!(
        well_named * 10 >= all * 8,
        "{code}: {well_named} of {all} emotions"
    );
}

#[rstest]
#[case("kein Problem, danke", "de")]
#[case("Wo ist mein Paket?", "de")]
#[case("no hay problema", "es")]
#[case("Bien cordialement, Anne", "fr")]
#[case("请问什么时候发货", "zh")]
fn manners_of_other_languages_are_no_complaint(#[case] text: &str, #[case] code: &str) {
    let analysis = RuleUnderstanding::analyze_text(text);
    assert_eq!(
        analysis.language.map(|language| language.code).as_deref(),
        Some(code)
    );
    assert!(
        analysis.sentiment.score > -0.1,
        "{text}: {}",
        analysis.sentiment.score
    );
    assert!(
        matches!(analysis.emotion.label, EmotionLabel::Neutral | Gratitude),
        "{text}"
    );
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
