//! Whether a text is meant well or ill, from the words that show feeling.

use acs_domain::analysis::Sentiment;

use super::cues::Cues;

/// How much feeling makes half of the scale: with it one plain `good` (0.4) is positive and one `great` nearly very.
const HALF_WAY: f32 = 0.5;

/// The sum of all feelings, brought to -1..1: `sum / sqrt(sum² + c)` never reaches the ends, and the first words count
/// most.
pub(super) fn of(cues: &Cues) -> Sentiment {
    let sum: f32 = cues.cues.iter().map(|cue| cue.valence).sum();
    let louder = 1.0 + 0.08 * f32::from(cues.exclamations) + if cues.shouted { 0.2 } else { 0.0 };
    // Insisting is no good sign, but on its own says little.
    let sum = sum * louder - if cues.insistent { 0.1 } else { 0.0 };
    Sentiment::from_score(sum / (sum * sum + HALF_WAY).sqrt())
}

#[cfg(test)]
mod tests {
    use acs_domain::analysis::SentimentLabel::{self, *};

    use super::super::cues;
    use super::*;

    fn label(text: &str) -> SentimentLabel {
        of(&cues::read(text)).label
    }

    #[test]
    fn praise_and_blame_are_told_apart_by_degree() {
        assert_eq!(
            label("Absolutely fantastic service, thank you so much!"),
            VeryPositive
        );
        assert_eq!(label("That was helpful."), Positive);
        assert_eq!(label("The answer was not helpful."), Negative);
        assert_eq!(
            label("This is outrageous!! The worst company ever, I hate it."),
            VeryNegative
        );
    }

    #[test]
    fn a_plain_question_about_trouble_is_neutral() {
        for text in [
            "Where is my order?",
            "I have a problem with my order",
            "How do I cancel my subscription?",
            "My card was declined, please help",
            "",
            "1234",
        ] {
            assert_eq!(label(text), Neutral, "{text}");
        }
    }

    #[test]
    fn the_score_stays_in_its_bounds() {
        let score = of(&cues::read(&"awful terrible worst!!! ".repeat(200))).score;
        assert!((-1.0..-0.9).contains(&score));
    }
}
