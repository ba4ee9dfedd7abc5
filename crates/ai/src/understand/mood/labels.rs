//! The classes of the mood head: the labels of GoEmotions, their groupings, and what they mean to a support team.

use acs_domain::analysis::EmotionLabel;

/// The labels of GoEmotions in its own order, which is that of the first columns of the head.
pub const LABELS: [&str; 28] = [
    "admiration",
    "amusement",
    "anger",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "fear",
    "gratitude",
    "grief",
    "joy",
    "love",
    "nervousness",
    "optimism",
    "pride",
    "realization",
    "relief",
    "remorse",
    "sadness",
    "surprise",
    "neutral",
];

/// Ekman's six; the columns behind the labels.
pub const EKMAN: [&str; 6] = ["anger", "disgust", "fear", "joy", "sadness", "surprise"];

/// The groups; the columns behind Ekman's.
pub const GROUPS: [&str; 3] = ["ambiguous", "negative", "positive"];

/// How many columns there are.
pub const CLASSES: usize = LABELS.len() + EKMAN.len() + GROUPS.len();

/// The column of the label `neutral`.
pub const NEUTRAL: usize = LABELS.len() - 1;

const FIRST_EKMAN: usize = LABELS.len();
const FIRST_GROUP: usize = FIRST_EKMAN + EKMAN.len();

pub(super) const NEGATIVE: usize = FIRST_GROUP + 1;
pub(super) const POSITIVE: usize = FIRST_GROUP + 2;

/// The column of the one of Ekman's six that a label belongs to, and of its group; nothing for `neutral`. The groupings are
/// those of Demszky et al. 2020.
#[must_use]
pub fn groupings(label: usize) -> Option<(usize, usize)> {
    let (ekman, group) = match *LABELS.get(label)? {
        "anger" | "annoyance" | "disapproval" => (0, 1),
        "disgust" => (1, 1),
        "fear" | "nervousness" => (2, 1),
        "sadness" | "disappointment" | "embarrassment" | "grief" | "remorse" => (4, 1),
        "surprise" | "realization" | "confusion" | "curiosity" => (5, 0),
        "neutral" => return None,
        _ => (3, 2),
    };
    Some((FIRST_EKMAN + ekman, FIRST_GROUP + group))
}

/// What a label means to a support team; nothing for those that say little there.
#[must_use]
pub fn meaning(label: usize) -> Option<EmotionLabel> {
    Some(match *LABELS.get(label)? {
        "neutral" => EmotionLabel::Neutral,
        "joy" | "excitement" | "amusement" | "love" | "admiration" => EmotionLabel::Joy,
        "gratitude" => EmotionLabel::Gratitude,
        "confusion" => EmotionLabel::Confusion,
        "disappointment" => EmotionLabel::Disappointment,
        "annoyance" => EmotionLabel::Frustration,
        "anger" | "disgust" => EmotionLabel::Anger,
        "sadness" | "grief" => EmotionLabel::Sadness,
        "fear" | "nervousness" => EmotionLabel::Fear,
        "surprise" => EmotionLabel::Surprise,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_but_neutral_is_in_both_groupings() {
        for (place, label) in LABELS.iter().enumerate() {
            match groupings(place) {
                Some((ekman, group)) => {
                    assert!((FIRST_EKMAN..FIRST_GROUP).contains(&ekman), "{label}");
                    assert!((FIRST_GROUP..CLASSES).contains(&group), "{label}");
                }
                None => assert_eq!(place, NEUTRAL),
            }
        }
    }

    #[test]
    fn every_emotion_that_matters_has_a_label() {
        for emotion in EmotionLabel::ALL {
            assert!(
                (0..LABELS.len()).any(|label| meaning(label) == Some(*emotion)),
                "{emotion}"
            );
        }
    }
}
