//! Whether a text is meant well or ill, in five steps: the lexicon's rules joined with the trained head.
//!
//! The rules know capitals, emoji, negation and irony and can be read; the head knows what thousands of people have judged
//! and no list holds. Each is right where the other is silent, so their evidence adds up. Without the head – another
//! language, a file that is missing – the rules answer alone.

use acs_domain::analysis::Sentiment;

use super::cues::Cues;
use super::mood::Reading;

/// How much feeling makes half of the scale: with it one plain `good` (0.4) is positive and one `great` nearly very.
const HALF_WAY: f32 = 0.5;
/// The troubles that a text merely reports weigh no more than this together.
const MOST_TROUBLE: f32 = -0.13;
/// What is left of everything when the writer says that it is neither good nor bad.
const LUKEWARM: f32 = 0.12;
/// What the head's attitude weighs beside the words of the lexicon, and where these are silent.
const HEAD: f32 = 0.35;
const HEAD_ALONE: f32 = 0.5;
/// An attitude nearer to zero than this is none: plain questions lean a little to one side or the other.
const UNDECIDED: f32 = 0.25;

/// The sum of all feelings, brought to -1..1: `sum / sqrt(sum² + c)` never reaches the ends, and the first words count
/// most.
pub(super) fn of(cues: &Cues, reading: Option<&Reading>) -> Sentiment {
    let sum_of = |trouble: bool| -> f32 {
        let cues = cues.cues.iter().filter(|cue| cue.trouble == trouble);
        cues.map(|cue| cue.valence).sum()
    };
    let (feeling, trouble) = (sum_of(false), sum_of(true));
    let louder = 1.0 + 0.08 * f32::from(cues.exclamations) + if cues.shouted { 0.2 } else { 0.0 };
    // Insisting is no good sign, but on its own says little.
    let mut sum = feeling * louder + trouble.max(MOST_TROUBLE) - if cues.insistent { 0.1 } else { 0.0 };
    if let Some(reading) = reading {
        let attitude = reading.attitude();
        let decided = (attitude.abs() - UNDECIDED).max(0.0).copysign(attitude);
        // Requests are polite, which the head takes for kindness.
        let decided = if cues.requests { decided.min(0.0) } else { decided };
        sum += if feeling.abs() < 0.1 { HEAD_ALONE } else { HEAD } * decided;
    }
    if cues.lukewarm {
        sum *= LUKEWARM;
    }
    Sentiment::from_score(sum / (sum * sum + HALF_WAY).sqrt())
}

#[cfg(test)]
mod tests {
    use acs_domain::analysis::SentimentLabel::{self, *};

    use super::super::cues;
    use super::super::lexicon::Lexicon;
    use super::*;

    fn label(text: &str) -> SentimentLabel {
        of(&cues::read(text, Lexicon::of(None)), None).label
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
            "The lamp is broken and the wrong one, and one screw is missing",
            "",
            "1234",
        ] {
            assert_eq!(label(text), Neutral, "{text}");
        }
    }

    #[test]
    fn thanks_at_the_end_of_a_request_are_manners() {
        assert_eq!(label("Can you send me the invoice for May? Thanks!"), Neutral);
        assert_eq!(label("Thanks."), Positive);
    }

    #[test]
    fn neither_good_nor_bad_is_neutral() {
        assert_eq!(
            label("The soup was great, the rest was okay. It was ok."),
            Neutral
        );
    }

    #[test]
    fn the_score_stays_in_its_bounds() {
        let score = of(
            &cues::read(&"awful terrible worst!!! ".repeat(200), Lexicon::of(None)),
            None,
        )
        .score;
        assert!((-1.0..-0.9).contains(&score));
        let score = of(&cues::read(&"good but ".repeat(900), Lexicon::of(None)), None).score;
        assert!((0.0..=1.0).contains(&score));
    }
}
