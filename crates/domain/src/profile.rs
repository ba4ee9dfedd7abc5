//! What is known of a customer besides what they say, as far as a language model may know it: never a name, an address or a
//! number to call.

use serde::{Deserialize, Serialize};

use crate::conversation::{Conversation, Status};
use crate::user::User;

/// How many earlier conversations are told.
pub const EARLIER: u32 = 3;
/// How many labels are told.
const LISTED: usize = 20;
/// How long one may be, in code points.
const MAX_CHARS: usize = 100;

/// What is known of a customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The customer's own tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Language code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The conversations before this one, last first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierTalk>,
}

/// A conversation before this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierTalk {
    /// The day on which it began, as 2026-01-31 (UTC).
    pub began_on: String,
    /// What it was about last, by the organization's intents and categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// How it ended, or where it stands.
    pub ended: Status,
}

impl Profile {
    /// What is known of a customer with these conversations before, last first.
    #[must_use]
    pub fn of(customer: &User, earlier: &[Conversation]) -> Self {
        let is_short = |text: &&String| text.chars().count() <= MAX_CHARS;
        Self {
            tier: customer.customer_tier.clone(),
            language: customer.preferred_language.clone(),
            time_zone: customer.timezone.clone(),
            tags: customer
                .tags
                .iter()
                .filter(is_short)
                .take(LISTED)
                .cloned()
                .collect(),
            earlier: earlier.iter().map(EarlierTalk::of).collect(),
        }
    }

    /// Whether it says what is likely true of this customer alone: then it is told about nobody else's question.
    #[must_use]
    pub fn is_one_customers(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// The profile in JSON objects of their own, what matters most first: so that it can be cut.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let first = Self {
            earlier: Vec::new(),
            ..self.clone()
        };
        let earlier = self.earlier.iter().map(|talk| Self {
            earlier: vec![talk.clone()],
            ..Self::default()
        });
        [first]
            .into_iter()
            .chain(earlier)
            .filter(|part| *part != Self::default())
            .filter_map(|part| serde_json::to_string(&part).ok())
            .collect()
    }
}

impl EarlierTalk {
    fn of(talk: &Conversation) -> Self {
        Self {
            began_on: talk.started_at.date().to_string(),
            topic: talk.current_topic.clone(),
            ended: talk.status,
        }
    }
}

#[cfg(test)]
mod tests {
    use acs_core::id::Id;
    use time::macros::datetime;

    use super::*;
    use crate::access::Role;

    fn customer() -> User {
        let (id, organization) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let at = datetime!(2026-01-02 3:04 UTC);
        User::new(Id::from_uuid(id), Id::from_uuid(organization), Role::Customer, at)
    }

    #[test]
    fn a_profile_has_no_name_and_no_address() {
        let mut customer = customer();
        customer.display_name = Some("Jo Doe".to_owned());
        customer.email = Some("jo@example.com".to_owned());
        customer.customer_tier = Some("gold".to_owned());
        customer.timezone = Some("Europe/Berlin".to_owned());
        customer.tags = vec!["beta".to_owned(), "x".repeat(MAX_CHARS + 1)];
        let profile = Profile::of(&customer, &[]);
        assert_eq!(
            profile.lines(),
            [r#"{"tier":"gold","time_zone":"Europe/Berlin","tags":["beta"]}"#]
        );
        assert!(!profile.is_one_customers());
    }

    #[test]
    fn each_earlier_conversation_has_a_line_of_its_own() {
        let talk = |began_on: &str, ended| EarlierTalk {
            began_on: began_on.to_owned(),
            topic: None,
            ended,
        };
        let profile = Profile {
            earlier: vec![
                talk("2026-01-31", Status::Resolved),
                talk("2025-12-24", Status::Abandoned),
            ],
            ..Profile::of(&customer(), &[])
        };
        assert_eq!(
            profile.lines(),
            [
                r#"{"earlier":[{"began_on":"2026-01-31","ended":"resolved"}]}"#,
                r#"{"earlier":[{"began_on":"2025-12-24","ended":"abandoned"}]}"#
            ]
        );
        assert!(profile.is_one_customers());
    }

    #[test]
    fn nothing_known_is_nothing_told() {
        assert!(Profile::of(&customer(), &[]).lines().is_empty());
    }
}
