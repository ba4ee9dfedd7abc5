//! For which turns a chain of models is meant.

use std::sync::Arc;
use std::time::Duration;

use acs_domain::analysis::EmotionLabel;
use acs_domain::port::route::Occasion;

use super::link::Link;

/// Models in the order in which they are asked.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The turns that it is meant for.
    pub conditions: Conditions,
    /// The models; none: such a turn asks none.
    pub links: Vec<Arc<Link>>,
    /// After how long without a word the next model is asked beside one; `None`: only when it has failed.
    pub hedge_after: Option<Duration>,
}

/// What must hold of a turn. What is left empty holds of every turn.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// One of these organizations, by short name.
    pub organizations: Vec<String>,
    /// What the customer wants most is one of these.
    pub intents: Vec<String>,
    /// The customer feels one of these.
    pub emotions: Vec<EmotionLabel>,
    /// The reply is in one of these languages, by code.
    pub languages: Vec<String>,
    /// The message has at least so many words.
    pub min_words: Option<usize>,
    /// The message has at most so many words.
    pub max_words: Option<usize>,
    /// The customer wants at least so many things at once.
    pub min_wishes: Option<usize>,
    /// At least so much of the budget is spent, from 0 to 1.
    pub min_spent: Option<f32>,
    /// At most so much of it.
    pub max_spent: Option<f32>,
}

impl Conditions {
    /// Whether it may hold of turns of an organization.
    pub(super) fn may_hold_of(&self, organization: &str) -> bool {
        self.organizations.is_empty() || self.organizations.iter().any(|known| known == organization)
    }

    /// Whether all of it holds.
    pub(super) fn hold(&self, occasion: &Occasion<'_>) -> bool {
        let among =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|known| known == name);
        self.may_hold_of(occasion.organization)
            && (self.intents.is_empty() || occasion.intent.is_some_and(|intent| among(&self.intents, intent)))
            && (self.emotions.is_empty() || self.emotions.contains(&occasion.emotion))
            && among(&self.languages, occasion.language)
            && self.min_words.is_none_or(|least| occasion.words >= least)
            && self.max_words.is_none_or(|most| occasion.words <= most)
            && self.min_wishes.is_none_or(|least| occasion.wishes >= least)
            && self.min_spent.is_none_or(|least| occasion.spent >= least)
            && self.max_spent.is_none_or(|most| occasion.spent <= most)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ANGRY: Occasion<'_> = Occasion {
        organization: "acme",
        intent: Some("refund"),
        wishes: 2,
        emotion: EmotionLabel::Anger,
        language: "de",
        words: 12,
        spent: 0.8,
    };

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[rstest]
    #[case::nothing_asked(Conditions::default(), true)]
    #[case::the_organization(Conditions { organizations: names(&["globex", "acme"]), ..Conditions::default() }, true)]
    #[case::another_organization(Conditions { organizations: names(&["globex"]), ..Conditions::default() }, false)]
    #[case::the_intent(Conditions { intents: names(&["refund"]), ..Conditions::default() }, true)]
    #[case::another_intent(Conditions { intents: names(&["greeting"]), ..Conditions::default() }, false)]
    #[case::the_emotion(Conditions { emotions: vec![EmotionLabel::Anger], ..Conditions::default() }, true)]
    #[case::another_emotion(Conditions { emotions: vec![EmotionLabel::Joy], ..Conditions::default() }, false)]
    #[case::the_language(Conditions { languages: names(&["de"]), ..Conditions::default() }, true)]
    #[case::another_language(Conditions { languages: names(&["en"]), ..Conditions::default() }, false)]
    #[case::long_enough(Conditions { min_words: Some(12), ..Conditions::default() }, true)]
    #[case::too_short(Conditions { min_words: Some(13), ..Conditions::default() }, false)]
    #[case::short_enough(Conditions { max_words: Some(12), ..Conditions::default() }, true)]
    #[case::too_long(Conditions { max_words: Some(11), ..Conditions::default() }, false)]
    #[case::complex_enough(Conditions { min_wishes: Some(2), ..Conditions::default() }, true)]
    #[case::too_simple(Conditions { min_wishes: Some(3), ..Conditions::default() }, false)]
    #[case::spent_enough(Conditions { min_spent: Some(0.8), ..Conditions::default() }, true)]
    #[case::spent_too_little(Conditions { min_spent: Some(0.81), ..Conditions::default() }, false)]
    #[case::left_enough(Conditions { max_spent: Some(0.8), ..Conditions::default() }, true)]
    #[case::left_too_little(Conditions { max_spent: Some(0.79), ..Conditions::default() }, false)]
    #[case::all_but_one(Conditions { languages: names(&["de"]), min_words: Some(99), ..Conditions::default() }, false)]
    fn a_chain_is_for_the_turns_of_which_all_its_conditions_hold(
        #[case] conditions: Conditions,
        #[case] expected: bool,
    ) {
        assert_eq!(conditions.hold(&ANGRY), expected);
    }

    #[test]
    fn an_intent_that_is_not_known_is_none_of_those_wanted() {
        let conditions = Conditions {
            intents: names(&["refund"]),
            ..Conditions::default()
        };
        assert!(!conditions.hold(&Occasion {
            intent: None,
            ..ANGRY
        }));
    }
}
