//! What the agent says in words of its own: that it does not know, hands over, refuses, and what to do in an emergency. One
//! file for each language that can be recognised; approved words, said as they stand, by no model.
//!
//! The numbers for emergencies are called without a charge: 112 in Europe, 911 in North America, those of other countries
//! where their language is spoken, and the lines for people who think of suicide that health authorities run or name (France
//! 3114, Spain 024, Brazil 188, Netherlands 113, United States and Canada 988, United Kingdom and Ireland 116 123, Germany
//! 0800 111 0 111).

mod ar;
mod asking;
mod closing;
mod de;
mod en;
mod es;
mod fr;
mod hi;
mod it;
mod ja;
mod ko;
mod mood;
mod nl;
mod pt;
mod ru;
mod sv;
mod tr;
mod vi;
mod zh;

use acs_domain::analysis::{Analysis, Danger};
use acs_domain::conversation::Conversation;
use acs_domain::organization::Organization;

pub(crate) use asking::Asking;
pub(crate) use closing::Closing;
pub(crate) use mood::Mood;

use super::load::Loaded;

/// From this confidence on, a customer is answered in the language that their message seems to be in.
const SURE: f32 = 0.5;

/// The agent's own words in one language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Phrases {
    /// ISO 639-1 code.
    pub(super) language: &'static str,
    /// That it does not know, with the offer of a person.
    pub(super) unknown: &'static str,
    /// That a person takes over, because the customer wants or needs one.
    pub(super) handed_over: &'static str,
    /// That it does not do what an attempt on it asks for.
    pub(super) refused: &'static str,
    /// For who may hurt themselves.
    self_harm: &'static str,
    /// For who is in danger otherwise.
    danger: &'static str,
}

const ALL: [&Phrases; 16] = [
    &ar::PHRASES,
    &de::PHRASES,
    &en::PHRASES,
    &es::PHRASES,
    &fr::PHRASES,
    &hi::PHRASES,
    &it::PHRASES,
    &ja::PHRASES,
    &ko::PHRASES,
    &nl::PHRASES,
    &pt::PHRASES,
    &ru::PHRASES,
    &sv::PHRASES,
    &tr::PHRASES,
    &vi::PHRASES,
    &zh::PHRASES,
];

impl Phrases {
    /// In this language; in English where there are none.
    pub(super) fn of(language: &str) -> &'static Self {
        let known = ALL.into_iter().find(|phrases| phrases.language == language);
        known.unwrap_or(&en::PHRASES)
    }

    /// In the customer's language.
    pub(super) fn for_customer(loaded: &Loaded, analysis: &Analysis) -> &'static Self {
        Self::of(language(&loaded.organization, &loaded.conversation, analysis))
    }

    /// What is said about a danger.
    pub(super) fn about(&self, danger: Danger) -> &'static str {
        if danger == Danger::SelfHarm {
            self.self_harm
        } else {
            self.danger
        }
    }
}

/// The languages of the agent's own words.
#[cfg(test)]
pub(super) const LANGUAGES: [&str; 16] = [
    "ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pt", "ru", "sv", "tr", "vi", "zh",
];

/// The language of the customer's message where it could be told.
pub(super) fn told(analysis: &Analysis) -> Option<&str> {
    let language = analysis.language.as_ref();
    language
        .filter(|language| language.confidence >= SURE)
        .map(|language| language.code.as_str())
}

/// The language that the customer was last heard to write, else the organization's.
pub(crate) fn heard<'a>(organization: &'a Organization, conversation: &'a Conversation) -> &'a str {
    conversation
        .language
        .as_deref()
        .unwrap_or(&organization.default_language)
}

/// The customer's language: that of the message, which may be too short to tell, else that of the talk.
fn language<'a>(
    organization: &'a Organization,
    conversation: &'a Conversation,
    analysis: &'a Analysis,
) -> &'a str {
    told(analysis).unwrap_or_else(|| heard(organization, conversation))
}

/// The language that others write replies in: the customer's, if the organization supports it.
pub(super) fn reply_language<'a>(loaded: &'a Loaded, analysis: &'a Analysis) -> &'a str {
    let organization = &loaded.organization;
    let theirs = language(organization, &loaded.conversation, analysis);
    if organization.supported_languages.iter().any(|code| code == theirs) {
        theirs
    } else {
        &organization.default_language
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_language_an_emergency_number_is_named() {
        for language in ALL.iter().map(|phrases| phrases.language).chain(["xx", ""]) {
            for danger in [Danger::SelfHarm, Danger::LifeAtRisk, Danger::Violence] {
                assert!(Phrases::of(language).about(danger).contains("112"), "{language}");
            }
        }
        assert!(
            Phrases::of("de")
                .about(Danger::SelfHarm)
                .contains("0800 111 0 111")
        );
        assert_eq!(Phrases::of("xx"), Phrases::of("en"));
    }

    #[test]
    fn replies_are_in_the_customers_language_where_the_organization_supports_it() {
        let sample = acs_testkit::sample::Sample::default();
        let organization = Organization {
            default_language: "en".to_owned(),
            supported_languages: vec!["en".to_owned(), "de".to_owned()],
            ..sample.organization()
        };
        let customer = sample.customer(&organization, "c-1");
        let written_in = |code: &str, confidence| Analysis {
            language: Some(acs_domain::analysis::Language {
                code: code.to_owned(),
                confidence,
            }),
            ..Analysis::default()
        };
        for (before, analysis, own_words, replies) in [
            (None, written_in("de", 0.9), "de", "de"),
            (None, written_in("fr", 0.9), "fr", "en"),
            (None, written_in("de", 0.4), "en", "en"),
            (None, Analysis::default(), "en", "en"),
            (Some("de"), written_in("en", 0.2), "de", "de"),
            (Some("de"), written_in("en", 0.9), "en", "en"),
            (Some("fr"), Analysis::default(), "fr", "en"),
        ] {
            let conversation = Conversation {
                language: before.map(str::to_owned),
                ..sample.conversation(&customer)
            };
            let message = sample.message(&conversation, 1);
            let loaded = Loaded::of(organization.clone(), conversation, message);
            assert_eq!(Phrases::for_customer(&loaded, &analysis).language, own_words);
            assert_eq!(reply_language(&loaded, &analysis), replies);
        }
    }

    #[test]
    fn every_phrase_is_in_its_own_language() {
        for closing in &closing::ALL {
            for text in [closing.settled, closing.open, closing.silent] {
                let told = acs_ai::understand::language::detect(text).map(|language| language.code);
                assert_eq!(told.as_deref(), Some(closing.language), "{text}");
            }
        }
        for phrases in ALL {
            assert_eq!(Closing::of(phrases.language).language, phrases.language);
            let all = [
                phrases.unknown,
                phrases.handed_over,
                phrases.refused,
                phrases.self_harm,
                phrases.danger,
            ];
            for text in all {
                let told = acs_ai::understand::language::detect(text).map(|language| language.code);
                assert_eq!(told.as_deref(), Some(phrases.language), "{text}");
            }
        }
    }
}
