use acs_domain::analysis::{Emotion, Sentiment};
use proptest::prelude::*;
use time::OffsetDateTime;

use super::*;
use crate::turn::phrases::LANGUAGES;

fn feels(label: EmotionLabel, intensity: f32, sentiment: f32) -> Analysis {
    Analysis {
        emotion: Emotion { label, intensity },
        sentiment: Sentiment::from_score(sentiment),
        ..Analysis::default()
    }
}

fn before(points: &[(EmotionLabel, f32)]) -> Vec<EmotionPoint> {
    let point = |(emotion, intensity): &(EmotionLabel, f32)| EmotionPoint {
        emotion: *emotion,
        intensity: *intensity,
        at: OffsetDateTime::UNIX_EPOCH,
    };
    points.iter().map(point).collect()
}

#[test]
fn a_neutral_question_is_met_with_no_apology_and_no_opening() {
    for sentiment in [-0.9, 0.0, 0.9] {
        let tone = Tone::of(&feels(EmotionLabel::Neutral, 0.9, sentiment), &[]);
        assert_eq!(tone, Tone::Plain);
        assert_eq!(tone.dress("en", "It takes 2 days."), "It takes 2 days.");
    }
    let faint = feels(EmotionLabel::Anger, 0.2, -0.3);
    assert_eq!(Tone::of(&faint, &[]), Tone::Plain);
    let unburdened = feels(EmotionLabel::Frustration, 0.8, 0.3);
    assert_eq!(
        Tone::of(&unburdened, &[]),
        Tone::Plain,
        "nothing weighs on who writes so"
    );
}

#[test]
fn who_stays_upset_hears_another_apology_then_none_and_is_offered_a_person() {
    let upset = feels(EmotionLabel::Anger, 0.8, -0.7);
    let point = (EmotionLabel::Frustration, 0.7);
    let tones = [0, 1, 2, 3].map(|earlier| Tone::of(&upset, &before(&vec![point; earlier])));
    assert_eq!(tones, [Tone::Sorry, Tone::Still, Tone::Enough, Tone::Enough]);
    assert_eq!(tones.map(Tone::offers_person), [false, true, true, true]);
    let calmed = before(&[point, point, (EmotionLabel::Neutral, 0.0)]);
    assert_eq!(
        Tone::of(&upset, &calmed),
        Tone::Sorry,
        "calm in between, it is another matter"
    );
}

#[test]
fn sympathy_is_not_said_twice_in_a_row() {
    let sad = feels(EmotionLabel::Sadness, 0.8, -0.5);
    assert_eq!(Tone::of(&sad, &[]), Tone::Sad);
    assert_eq!(
        Tone::of(&sad, &before(&[(EmotionLabel::Sadness, 0.8)])),
        Tone::Plain
    );
}

#[test]
fn a_model_apologises_only_where_an_apology_is_due() {
    for label in EmotionLabel::ALL {
        let tone = Tone::of(&feels(*label, 0.9, -0.8), &[]);
        let told = tone.policy().concat();
        assert!(told.contains("never blame"), "{label}");
        assert_eq!(
            !told.contains("you never apologise"),
            tone == Tone::Sorry,
            "{label}"
        );
        assert_eq!(
            tone.temperature().is_some(),
            !matches!(tone, Tone::Plain | Tone::Glad)
        );
    }
}

proptest! {
    #[test]
    fn every_mood_is_told_the_same_facts(
        label in 0..EmotionLabel::ALL.len(),
        (intensity, sentiment) in (0.0_f32..1.0, -1.0_f32..1.0),
        earlier in proptest::collection::vec((0..EmotionLabel::ALL.len(), 0.0_f32..1.0), 0..4),
        language in 0..LANGUAGES.len(),
        text in "[A-Z][a-z]{1,8} costs €[1-9][0-9]? at https://[a-z]{3,8}\\.example/[a-z]{1,5} from (PayPal|Ms Kim) \\[1\\]\\.(\n- [a-z]+)?",
    ) {
        let earlier: Vec<_> = earlier.into_iter().map(|(label, intensity)| (EmotionLabel::ALL[label], intensity)).collect();
        let tone = Tone::of(&feels(EmotionLabel::ALL[label], intensity, sentiment), &before(&earlier));
        let dressed = tone.dress(LANGUAGES[language], &text);
        let opening = dressed.strip_suffix(text.as_str()).unwrap();
        // No figure, no link, no name, no source: what an opening says is nothing to check.
        prop_assert!(!opening.contains(|c: char| c.is_numeric() || "€$£/@:[]".contains(c)), "{}", opening);
        prop_assert_eq!(opening.trim_end(), tone.opening(LANGUAGES[language]).unwrap_or_default());
    }
}
