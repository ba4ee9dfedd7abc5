//! Whether frustration rises over the course of a conversation.

use super::EmotionPoint;
use crate::analysis::EmotionLabel;

/// Smoothed upset from which frustration counts as risen.
const HIGH: f32 = 0.35;
/// Smoothed upset below which it counts as calmed. Between the two nothing changes, so that a wavering customer is told of
/// once and not with every message.
const CALM: f32 = 0.2;
/// How much the newest message counts beside all before it.
const NEWEST: f32 = 0.5;

/// Whether the last of these points, oldest first, is the one with which frustration has risen. A customer who stays upset is
/// told of once; one who calms down and gets upset again, twice.
#[must_use]
pub fn frustration_rises(points: &[EmotionPoint]) -> bool {
    let (mut level, mut risen, mut just_now) = (0.0, false, false);
    for point in points {
        level += NEWEST * (upset(point) - level);
        just_now = !risen && level >= HIGH;
        risen = just_now || risen && level > CALM;
    }
    just_now
}

/// How upset a customer is with us at a point, from 0 to 1. Sadness and fear are no reproach.
fn upset(point: &EmotionPoint) -> f32 {
    let share = match point.emotion {
        EmotionLabel::Anger => 1.0,
        EmotionLabel::Frustration => 0.9,
        EmotionLabel::Disappointment => 0.6,
        EmotionLabel::Sadness | EmotionLabel::Fear => 0.2,
        EmotionLabel::Neutral
        | EmotionLabel::Joy
        | EmotionLabel::Gratitude
        | EmotionLabel::Confusion
        | EmotionLabel::Surprise => 0.0,
    };
    share * point.intensity.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use EmotionLabel::*;
    use proptest::prelude::*;
    use time::OffsetDateTime;

    use super::*;

    fn course(points: &[(EmotionLabel, f32)]) -> Vec<EmotionPoint> {
        let point = |(emotion, intensity): &(EmotionLabel, f32)| EmotionPoint {
            emotion: *emotion,
            intensity: *intensity,
            at: OffsetDateTime::UNIX_EPOCH,
        };
        points.iter().map(point).collect()
    }

    /// With which of the points frustration rises.
    fn rises(points: &[(EmotionLabel, f32)]) -> Vec<usize> {
        let course = course(points);
        (0..course.len())
            .filter(|last| frustration_rises(&course[..=*last]))
            .collect()
    }

    #[test]
    fn a_calm_talk_and_an_empty_one_have_no_rise() {
        assert_eq!(rises(&[]), Vec::<usize>::new());
        assert_eq!(
            rises(&[(Neutral, 0.0), (Gratitude, 0.9), (Joy, 1.0)]),
            Vec::<usize>::new()
        );
        assert_eq!(
            rises(&[(Confusion, 0.9), (Sadness, 0.9), (Fear, 0.9)]),
            Vec::<usize>::new()
        );
    }

    #[test]
    fn frustration_that_grows_rises_once() {
        let growing = [
            (Neutral, 0.0),
            (Frustration, 0.3),
            (Frustration, 0.6),
            (Anger, 0.7),
            (Anger, 0.9),
        ];
        assert_eq!(rises(&growing), [3]);
    }

    #[test]
    fn frustration_that_does_not_grow_but_stays_rises_too() {
        assert_eq!(rises(&[(Frustration, 0.5); 6]), [2]);
    }

    #[test]
    fn one_outburst_is_enough_and_one_sharp_word_is_not() {
        assert_eq!(rises(&[(Neutral, 0.0), (Anger, 0.8)]), [1]);
        assert_eq!(
            rises(&[(Neutral, 0.0), (Anger, 0.5), (Neutral, 0.0)]),
            Vec::<usize>::new()
        );
    }

    #[test]
    fn who_calms_down_and_gets_upset_again_is_told_of_twice() {
        let course = [
            (Anger, 0.8),
            (Neutral, 0.0),
            (Gratitude, 0.6),
            (Neutral, 0.0),
            (Anger, 0.8),
        ];
        assert_eq!(rises(&course), [0, 4]);
    }

    #[test]
    fn who_wavers_is_told_of_once() {
        let course = [
            (Anger, 0.8),
            (Frustration, 0.3),
            (Anger, 0.6),
            (Frustration, 0.3),
            (Anger, 0.6),
        ];
        assert_eq!(rises(&course), [0]);
    }

    proptest! {
        #[test]
        fn two_rises_never_follow_each_other_at_once(
            points in proptest::collection::vec((0..EmotionLabel::ALL.len(), -1.0_f32..2.0), 0..60),
        ) {
            let points: Vec<_> = points.into_iter().map(|(label, intensity)| (EmotionLabel::ALL[label], intensity)).collect();
            let rises = rises(&points);
            prop_assert!(rises.windows(2).all(|pair| pair[1] > pair[0] + 1));
        }
    }
}
