//! The guard: what is dangerous in a text, and what is to be done about it.
//!
//! | file | what it finds |
//! |---|---|
//! | `plain`, `likeness`, `together` | the words of a text under their disguises |
//! | `rules` | phrases that attack, threaten, insult or cry for help (`rules.txt`, `emergencies.txt`) |
//! | `head` | what the words of many attacks have in common (trained) |
//! | `hidden` | what is there and not seen |
//! | `decode`, `spelt` | what stands in code |
//! | `markup` | marks that part a system's words from a user's |
//! | `link` | addresses that would carry data away |
//!
//! What decides is the origin, not the looks alone: a customer may ask the agent for anything but other rules, so that it
//! takes clear words to be flagged. Knowledge, records and tools' results are read and never obeyed: whatever in them
//! speaks to the agent is flagged at a lower bar. And whatever passes is still data: it cannot widen what the agent may do.
//!
//! A message of usual length takes less than 0.1 ms, and 5,000 code points less than 5 ms; time is linear in the text.

mod decode;
pub mod head;
mod hidden;
mod likeness;
mod link;
mod markup;
mod plain;
pub(crate) mod rules;
mod spelt;
mod together;

use acs_domain::analysis::{Danger, Guard, GuardAction};
use acs_domain::port::guard::{Examiner, Origin};
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};

use self::head::{Features, Head};
use self::plain::Words;

/// From this score on a customer's text is an attack.
const BAR: f32 = 0.5;
/// The same for texts that may ask nothing.
const LOW_BAR: f32 = 0.35;
/// A danger that is part of an attack is named from this weight on.
const NAMED: f32 = 0.25;
/// How often what was decoded is looked at for more code.
const DEPTH: usize = 2;
/// How many results for passages are kept: a few hundred bytes each.
const KEPT: u64 = 20_000;

/// Examines texts by rules and a trained head. What it found in passages it remembers, since they come again.
#[derive(Debug)]
pub struct LayeredExaminer {
    head: Head,
    /// By origin and content.
    passages: Cache<(Origin, [u8; 32]), Guard>,
}

impl Default for LayeredExaminer {
    fn default() -> Self {
        Self::with_head(Head::bundled())
    }
}

impl LayeredExaminer {
    /// The examiner with this head.
    #[must_use]
    pub fn with_head(head: Head) -> Self {
        let passages = Cache::new(KEPT);
        Self { head, passages }
    }

    /// What is dangerous in a text. Pure.
    #[must_use]
    pub fn look(&self, text: &str, origin: Origin) -> Guard {
        let words = Words::read(text);
        let mut findings = Findings::default();
        findings.read(&words, origin);
        let hidden = hidden::find(text);
        if hidden.any {
            findings.note(Danger::HiddenText, 1.0);
            findings.read_coded(&Words::read(&hidden.message), origin, Danger::HiddenText);
        }
        findings.read_coded(&words.rotated(), origin, Danger::Encoded);
        findings.read_coded(&words.reversed(), origin, Danger::Encoded);
        if let Some(parted) = together::part(&words) {
            findings.read_coded(&parted, origin, Danger::Encoded);
        }
        let mut coded = decode::decode(text);
        for _ in 0..DEPTH {
            if coded.is_empty() {
                break;
            }
            findings.read_coded(&Words::read(&coded), origin, Danger::Encoded);
            coded = decode::decode(&coded);
        }
        findings.note(Danger::Injection, markup::suspicion(text));
        findings.note(Danger::Exfiltration, link::suspicion(text, origin));
        // The head was taught what customers write: of articles and records it knows nothing.
        let learnt = if origin.may_ask() {
            self.head.probability(&Features::of_words(&words))
        } else {
            0.0
        };
        findings.conclude(learnt, origin)
    }
}

impl Examiner for LayeredExaminer {
    fn examine(&self, text: &str, origin: Origin) -> Guard {
        if origin.may_ask() {
            return self.look(text, origin);
        }
        let content: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        self.passages
            .get_with((origin, content), || self.look(text, origin))
    }
}

/// What was found in a text.
#[derive(Debug, Default)]
struct Findings {
    /// How much speaks for each danger, from 0 to 1.
    weights: [f32; Danger::ALL.len()],
    /// The phrases that stand there for all to see.
    plain: Vec<u16>,
}

impl Findings {
    /// Adds what speaks for a danger. Two independent signs together say more than the stronger one (noisy or).
    fn note(&mut self, danger: Danger, weight: f32) {
        let so_far = &mut self.weights[danger as usize];
        *so_far = 1.0 - (1.0 - *so_far) * (1.0 - weight);
    }

    fn of(&self, danger: Danger) -> f32 {
        self.weights[danger as usize]
    }

    /// Looks at words as they stand.
    fn read(&mut self, words: &Words, origin: Origin) {
        for hit in rules::find(words, origin) {
            self.note(hit.danger, hit.weight);
            self.plain.push(hit.number);
            if hit.disguised && hit.danger.is_attack() {
                self.note(Danger::Encoded, hit.weight);
            }
        }
    }

    /// Looks at words that were not meant to be seen. Who writes an attack so means it; what is plain as well – most of a
    /// text stays as it is when a part of it is decoded – is no secret.
    fn read_coded(&mut self, words: &Words, origin: Origin, how: Danger) {
        let mut hits = rules::find(words, origin);
        hits.retain(|hit| hit.danger.is_attack() && hit.weight >= BAR && !self.plain.contains(&hit.number));
        for hit in hits {
            self.note(hit.danger, 0.9);
            self.note(how, 0.9);
        }
    }

    fn conclude(&self, learnt: f32, origin: Origin) -> Guard {
        let bar = if origin.may_ask() { BAR } else { LOW_BAR };
        let attacks = || Danger::ALL.iter().copied().filter(|danger| danger.is_attack());
        let by_rules = attacks().fold(1.0, |rest, danger| rest * (1.0 - self.of(danger)));
        let injection_score = 1.0 - by_rules * (1.0 - learnt);
        let attack = injection_score >= bar;
        let strongest = attacks().map(|danger| self.of(danger)).fold(0.0, f32::max);
        let names = |danger: Danger| match danger {
            // Where nothing but the head speaks, it is what the head was taught.
            Danger::Jailbreak if attack && strongest < NAMED => true,
            danger if danger.is_attack() => attack && self.of(danger) >= NAMED,
            danger @ (Danger::HiddenText | Danger::Encoded) => self.of(danger) >= BAR,
            // Sources may speak of anything: only what customers say of themselves is acted on.
            danger => origin.may_ask() && self.of(danger) >= BAR,
        };
        let categories: Vec<Danger> = Danger::ALL
            .iter()
            .copied()
            .filter(|danger| names(*danger))
            .collect();
        let mut guard = Guard {
            injection_score,
            categories,
            ..Guard::default()
        };
        guard.act(action(&guard, attack));
        guard
    }
}

/// What a text of these categories calls for.
fn action(guard: &Guard, attack: bool) -> GuardAction {
    let has = |of: fn(Danger) -> bool| guard.first(of).is_some();
    if has(|danger| danger.is_emergency() || danger == Danger::Threat) {
        GuardAction::HandedOver
    } else if attack {
        GuardAction::Refused
    } else if has(|danger| danger == Danger::HiddenText) {
        GuardAction::Cleaned
    } else {
        GuardAction::Allowed
    }
}

#[cfg(test)]
mod tests;
