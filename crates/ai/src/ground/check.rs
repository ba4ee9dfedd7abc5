//! The verdict on one sentence.

use std::sync::Arc;

use acs_domain::knowledge::{Hit, Vector};
use acs_domain::port::embed::likeness;
use acs_domain::port::ground::{Checker, Ground, Sources, Support};

use super::candidates::{SOME, stretches};
use super::claims::Claims;
use super::courtesy::{self, Courtesies};
use super::library::{Library, Line, Source};
use super::stretch::{Refusal, Stretch};
use super::terms::Terms;
use super::visible::visible;
use super::vocabulary::Vocabulary;
use crate::compose::cite;
use crate::understand::language;

/// The share of a sentence's terms that one stretch of a source must have, for words alone to decide.
const ENOUGH: f32 = 0.65;
/// How like in meaning a sentence must be to one of the source's.
const LIKE: f32 = 0.72;
/// The same where they are in different languages, so that no word is shared.
const LIKE_FOREIGN: f32 = 0.8;
/// The share in languages of which only the denials are known.
const VERBATIM: f32 = 0.9;

/// A sentence of fewer words is not told by its language: a name or a menu would look foreign.
const TELLING: usize = 6;
/// From this confidence a sentence counts as being in another language than the reply.
const SURE: f32 = 0.8;

/// Checks sentences against sources that were read once.
pub(super) struct SourceChecker {
    library: Library,
    terms: Terms,
    courtesies: Courtesies,
    hits: Arc<[Hit]>,
    words: &'static Vocabulary,
    strangers: f32,
    language: String,
}

impl SourceChecker {
    pub(super) fn new(sources: &Sources, terms: &Terms) -> Self {
        let (library, words) = (Library::new(sources, terms), Vocabulary::of(&sources.language));
        Self {
            courtesies: Courtesies::new(words, library.own_names(), &library.asked, terms),
            library,
            terms: terms.clone(),
            hits: Arc::clone(&sources.hits),
            words,
            strangers: sources.strangers,
            language: sources.language.clone(),
        }
    }

    /// What never leaves, however it is worded and whatever else the sentence says.
    fn forbidden(&self, claims: &Claims) -> Option<String> {
        let addresses = &claims.addresses;
        if let Some(address) = addresses
            .found
            .iter()
            .find(|address| !self.library.addresses.contains(*address))
        {
            return Some(format!("the address {address} stands in no source"));
        }
        if let Some(target) = &addresses.masked {
            return Some(format!(
                "a link shows another address than {target}, to which it leads"
            ));
        }
        if addresses.goes_on {
            return Some("it begins with the end of an address".to_owned());
        }
        let own = |phone: &String| self.library.said.iter().any(|said| said.phones.contains(phone));
        let phone = claims
            .phones
            .iter()
            .find(|phone| !self.library.phones.contains(*phone) && !own(phone));
        if let Some(phone) = phone {
            return Some(format!("the number {phone} stands in no source"));
        }
        let told = self
            .library
            .sources
            .iter()
            .flat_map(|source| &source.lines)
            .any(|line| line.claims.of_itself);
        (claims.of_itself && !told && !courtesy::echoes(claims))
            .then(|| "it tells of something that the agent does or did".to_owned())
    }

    /// A customer who asks in one language is not answered in another.
    fn in_another_language(&self, text: &str) -> Option<String> {
        if !self.words.is_unparted() && text.split_whitespace().count() < TELLING {
            return None;
        }
        let told =
            language::detect(text).filter(|told| told.confidence >= SURE && told.code != self.language)?;
        Some(format!(
            "it is in the language {} and the reply in {}",
            told.code, self.language
        ))
    }

    /// Whether all that can be checked in a sentence was said by the customer.
    fn was_said(&self, claims: &Claims) -> bool {
        let said = &self.library.said;
        let known = claims
            .terms
            .iter()
            .filter(|term| self.library.asked.contains(*term))
            .count();
        claims.promises.is_empty()
            && known * 10 >= claims.terms.len() * 6
            && claims.figures.iter().all(|figure| {
                said.iter()
                    .any(|said| said.figures.iter().any(|known| known.agrees(figure)))
            })
            && claims
                .calendar
                .iter()
                .all(|day| said.iter().any(|said| said.calendar.contains(day)))
            && claims
                .quoted
                .iter()
                .all(|quoted| said.iter().any(|said| said.plain.contains(quoted.as_str())))
    }

    /// The source of a sentence that only points to an address.
    fn pointed_to(&self, claims: &Claims) -> Option<&Source> {
        let holds = |source: &&Source| {
            claims
                .addresses
                .found
                .iter()
                .all(|address| source.addresses.contains(address))
        };
        courtesy::points(claims)
            .then(|| self.library.sources.iter().find(holds))
            .flatten()
    }

    fn ground(&self, stretch: &Stretch<'_>, how: String) -> Support {
        let quote = stretch
            .source
            .text
            .get(stretch.core.range.clone())
            .unwrap_or_default()
            .trim();
        Support::Supported(self.cited(stretch.source, quote, how))
    }

    fn cited(&self, source: &Source, quote: &str, how: String) -> Ground {
        let hit = source.hit.and_then(|at| self.hits.get(at));
        Ground {
            citation: hit.map(|hit| cite(hit, quote)),
            how,
        }
    }

    /// How like the meaning of a source's sentence is.
    fn likeness(&self, line: &Line, meaning: &Vector) -> f32 {
        let dot = |vector: &Vector| vector.iter().zip(meaning.iter()).map(|(a, b)| a * b).sum::<f32>();
        line.vector
            .as_ref()
            .filter(|vector| vector.len() == meaning.len())
            .map_or(0.0, |vector| likeness(dot(vector), self.strangers))
    }
}

impl Checker for SourceChecker {
    fn check(&self, sentence: &str, meaning: Option<&Vector>) -> Support {
        let text = visible(sentence);
        let claims = Claims::of(&text, self.words, &self.terms);
        if let Some(why) = self
            .forbidden(&claims)
            .or_else(|| self.in_another_language(&text))
        {
            return Support::Unsupported(why);
        }
        let is_known = |name: &str| self.library.is_known_name(name);
        let is_courtesy = self.courtesies.claims_nothing(&text, &claims, is_known);
        if is_courtesy || (courtesy::echoes(&claims) && self.was_said(&claims)) {
            return if self.courtesies.apologises(&text, &claims) {
                Support::Apology
            } else {
                Support::Courtesy
            };
        }
        if let Some(source) = self.pointed_to(&claims) {
            let quote = source
                .lines
                .first()
                .and_then(|line| source.text.get(line.range.clone()))
                .unwrap_or_default();
            return Support::Supported(self.cited(source, quote.trim(), "its address".to_owned()));
        }
        self.weigh(&claims, meaning)
    }
}

impl SourceChecker {
    fn weigh(&self, claims: &Claims, meaning: Option<&Vector>) -> Support {
        let enough = if claims.words.is_full() { ENOUGH } else { VERBATIM };
        let mut reason = None;
        let mut opposed = f32::MIN;
        let mut open = false;
        for stretch in stretches(&self.library, &claims.terms) {
            let is_foreign = claims.words.code != stretch.source.words.code;
            let by_words = stretch.share >= enough && !is_foreign && !claims.terms.is_empty();
            let may_mean = claims.words.is_full()
                && !claims.done
                && (is_foreign || stretch.share >= SOME)
                && !claims.terms.is_empty();
            if !by_words && !may_mean {
                continue;
            }
            let like = meaning.map(|meaning| {
                stretch
                    .lines
                    .iter()
                    .map(|line| self.likeness(line, meaning))
                    .fold(0.0, f32::max)
            });
            let wanted = if is_foreign { LIKE_FOREIGN } else { LIKE };
            let by_meaning = may_mean && like.is_some_and(|like| like >= wanted);
            if !by_words
                && !by_meaning
                && (meaning.is_some() || stretch.lines.iter().all(|line| line.vector.is_none()))
            {
                continue;
            }
            match stretch.refuses(claims) {
                // A stretch that says less of it does not outweigh one that says the opposite.
                None if stretch.share < opposed => {}
                None if by_words => return self.ground(&stretch, format!("words {:.2}", stretch.share)),
                None if by_meaning => {
                    return self.ground(
                        &stretch,
                        format!("words {:.2}, meaning {:.2}", stretch.share, like.unwrap_or(0.0)),
                    );
                }
                None => open = true,
                Some(Refusal::Opposite(why)) => {
                    opposed = opposed.max(stretch.share);
                    reason.get_or_insert(why);
                }
                Some(Refusal::Missing(why)) => {
                    reason.get_or_insert(why);
                }
            }
        }
        let why = reason.unwrap_or_else(|| "no source says so".to_owned());
        if open {
            Support::Open(why)
        } else {
            Support::Unsupported(why)
        }
    }
}
