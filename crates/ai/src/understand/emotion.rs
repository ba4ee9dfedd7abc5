//! Which emotion speaks from a text: the words that show it, joined with what the trained head reads. The strongest one is
//! named, or none.

use acs_domain::analysis::{Emotion, EmotionLabel};

use super::cues::Cues;
use super::mood::Reading;

/// Less than this is nothing in particular.
const FAINT: f32 = 0.25;
/// How strong an emotion is when its words weigh one.
const HALF_WAY: f32 = 0.6;
/// What a certain judgement of the head weighs beside a word of the lexicon.
const HEAD: f32 = 0.6;
/// What is left of thanks and joy that are not meant.
const MOCKED: f32 = 0.2;
/// What the head holds for less likely than this, it does not say.
const DOUBTED: f32 = 0.2;

/// The emotion with the most weight.
pub(super) fn of(cues: &Cues, reading: Option<&Reading>) -> Emotion {
    let mut weights: Vec<(EmotionLabel, f32)> = EmotionLabel::ALL.iter().map(|label| (*label, 0.0)).collect();
    let mut add = |label: EmotionLabel, weight: f32| {
        if let Some((_, sum)) = weights.iter_mut().find(|(other, _)| *other == label) {
            *sum += weight;
        }
    };
    let complains = cues.cues.iter().any(|cue| cue.valence < -0.4);
    for cue in &cues.cues {
        match cue.emotion {
            // Manners: who complains and thanks, complains.
            Some(EmotionLabel::Gratitude) if complains => add(EmotionLabel::Gratitude, MOCKED * cue.force),
            // Confusion and surprise are neither good nor bad; their words weigh by themselves.
            Some(label @ (EmotionLabel::Confusion | EmotionLabel::Surprise)) => add(label, 0.5 * cue.force),
            // A loss or a danger that is only reported is felt all the same.
            Some(label @ (EmotionLabel::Sadness | EmotionLabel::Fear)) => {
                add(label, cue.valence.abs().max(0.4 * cue.force));
            }
            Some(label) => add(label, cue.valence.abs()),
            // `not happy`, `no good`: what was hoped for did not come.
            None if cue.valence < -0.2 => add(EmotionLabel::Disappointment, 0.8 * cue.valence.abs()),
            None => {}
        }
    }
    if let Some(reading) = reading {
        for label in EmotionLabel::ALL
            .iter()
            .filter(|label| **label != EmotionLabel::Neutral)
        {
            let probability = reading.emotion(*label);
            // The head hears the words of thanks and not what they are said for.
            let mocked = cues.mocks && matches!(label, EmotionLabel::Gratitude | EmotionLabel::Joy);
            let meant = if mocked { MOCKED } else { 1.0 };
            if probability >= DOUBTED {
                add(*label, meant * HEAD * probability);
            }
        }
    }
    if cues.shouted && complains {
        add(EmotionLabel::Anger, 0.5);
    }
    if cues.insistent {
        add(EmotionLabel::Confusion, 0.15);
        add(EmotionLabel::Frustration, 0.15);
    }
    let louder = 1.0 + 0.1 * f32::from(cues.exclamations);
    // Of equals the first in the contract's order, which is the milder.
    let strongest = weights.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
    match strongest {
        Some((label, weight)) if weight >= FAINT => {
            let weight = weight * louder;
            Emotion {
                label,
                intensity: weight / (weight + HALF_WAY),
            }
        }
        _ => Emotion::default(),
    }
}

#[cfg(test)]
mod tests {
    use acs_domain::analysis::EmotionLabel::*;

    use super::super::cues;
    use super::super::lexicon::Lexicon;
    use super::*;

    #[test]
    fn the_strongest_emotion_is_named() {
        for (text, expected) in [
            ("Where is my parcel?", Neutral),
            ("Thank you so much for the quick help", Gratitude),
            ("I love my new camera, it is awesome", Joy),
            ("I don't understand this invoice, I'm confused", Confusion),
            ("I am very disappointed with the quality", Disappointment),
            ("I am not happy with this", Disappointment),
            (
                "This is so frustrating, I have called three times and still nothing",
                Frustration,
            ),
            ("You are liars and thieves, this is unacceptable", Anger),
            ("My mother passed away and I am so sad", Sadness),
            ("I'm worried that my account was hacked", Fear),
            ("Wow, I did not expect that", Surprise),
            (
                "Thanks, but this is terrible and I am disappointed",
                Disappointment,
            ),
        ] {
            assert_eq!(
                of(&cues::read(text, Lexicon::of(None)), None).label,
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn more_and_louder_words_are_stronger() {
        let intensity = |text| of(&cues::read(text, Lexicon::of(None)), None).intensity;
        assert!(intensity("I am angry") < intensity("I am very angry!!"));
        assert!(intensity("I am very angry, this is an outrage!!") < 1.0);
        assert_eq!(intensity("Hello"), 0.0);
    }
}
