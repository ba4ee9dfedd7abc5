//! From tokens to things: which words make one name, one address.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{PersonalData, plausible};

/// What a word can be part of; the model's labels without their beginnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Part {
    /// Nothing personal, or what rules find better.
    Nothing,
    Person,
    Street,
    City,
    State,
    PostalCode,
    Phone,
    TaxId,
    BankAccount,
    RoutingNumber,
    GovernmentId,
    Passport,
    DriversLicense,
}

/// How many parts there are.
const PARTS: usize = 13;

/// What a part's things are called; how sure the model must be; how many digits there must be.
struct Traits {
    part: Part,
    kind: &'static str,
    least: f32,
    digits: usize,
}

const fn traits(part: Part, kind: &'static str, least: f32, digits: usize) -> Traits {
    Traits {
        part,
        kind,
        least,
        digits,
    }
}

/// From this share on a word with a capital letter is taken for a name, even where nothing is likelier.
const LIKELY_NAME: f32 = 0.3;
/// The least certainty of a name in small letters.
const SURE_NAME: f32 = 0.7;

/// All parts, in the order of [`Part`]. Numbers ask for more certainty: the model takes any long number for one.
static TRAITS: [Traits; PARTS] = [
    traits(Part::Nothing, "", 1.0, 0),
    traits(Part::Person, "person", LIKELY_NAME, 0),
    traits(Part::Street, "street", 0.5, 0),
    traits(Part::City, "location", 0.6, 0),
    traits(Part::State, "location", 0.6, 0),
    traits(Part::PostalCode, "postal_code", 0.5, 3),
    traits(Part::Phone, "phone", 0.8, 7),
    traits(Part::TaxId, "tax_id", 0.8, 6),
    traits(Part::BankAccount, "bank_account", 0.8, 6),
    traits(Part::RoutingNumber, "routing_number", 0.8, 6),
    traits(Part::GovernmentId, "government_id", 0.8, 5),
    traits(Part::Passport, "passport", 0.8, 5),
    traits(Part::DriversLicense, "drivers_license", 0.8, 5),
];

impl Part {
    /// The part that a label of the model names, and whether the label begins a thing.
    pub(super) fn of_label(label: &str) -> (Self, bool) {
        let begins = label.starts_with("B-");
        let part = match label.get(2..).unwrap_or_default() {
            "GIVEN_NAME" | "SURNAME" => Self::Person,
            "BUILDING_NUMBER" | "STREET_NAME" | "SECONDARY_ADDRESS" => Self::Street,
            "CITY" => Self::City,
            "STATE" => Self::State,
            "ZIP_CODE" => Self::PostalCode,
            "PHONE" => Self::Phone,
            "TAX_ID" => Self::TaxId,
            "BANK_ACCOUNT" => Self::BankAccount,
            "ROUTING_NUMBER" => Self::RoutingNumber,
            "GOVERNMENT_ID" => Self::GovernmentId,
            "PASSPORT" => Self::Passport,
            "DRIVERS_LICENSE" => Self::DriversLicense,
            _ => Self::Nothing,
        };
        (part, begins)
    }
}

/// How likely a token is part of each kind of thing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shares {
    of_parts: [f32; PARTS],
    begins: f32,
}

impl Shares {
    pub(super) fn add(&mut self, part: Part, begins: bool, share: f32) {
        self.of_parts[part as usize] += share;
        if begins {
            self.begins += share;
        }
    }
}

/// A word of the tokenizer's.
#[derive(Debug)]
pub(super) struct Word {
    range: Range<usize>,
    /// Summed over its tokens.
    shares: Shares,
    tokens: f32,
}

impl Word {
    pub(super) fn new(range: Range<usize>, shares: Shares) -> Self {
        Self {
            range,
            shares,
            tokens: 1.0,
        }
    }

    /// One token more.
    pub(super) fn extend(&mut self, end: usize, shares: &Shares) {
        self.range.end = end;
        self.tokens += 1.0;
        for (sum, share) in self.shares.of_parts.iter_mut().zip(shares.of_parts) {
            *sum += share;
        }
    }

    /// What it is most likely part of, and how likely.
    fn part(&self, text: &str) -> (&'static Traits, f32) {
        let person = self.shares.of_parts[Part::Person as usize] / self.tokens;
        let capital = text[self.range.start..].starts_with(char::is_uppercase);
        let nothing = self.shares.of_parts[Part::Nothing as usize] / self.tokens;
        if capital && person >= LIKELY_NAME && person + nothing > 0.8 {
            return (&TRAITS[Part::Person as usize], person);
        }
        let likeliest = TRAITS.iter().max_by(|a, b| {
            self.shares.of_parts[a.part as usize].total_cmp(&self.shares.of_parts[b.part as usize])
        });
        let traits = likeliest.unwrap_or(&TRAITS[0]);
        (traits, self.shares.of_parts[traits.part as usize] / self.tokens)
    }

    fn begins(&self) -> bool {
        self.shares.begins > 0.5
    }
}

/// A thing that grows word by word.
struct Open {
    traits: &'static Traits,
    range: Range<usize>,
    sum: f32,
    words: f32,
}

/// The things that a text's words make.
pub(super) fn things(text: &str, words: &[Word]) -> Vec<PersonalData> {
    let mut things: Vec<PersonalData> = Vec::new();
    let mut open: Option<Open> = None;
    for word in words {
        let (traits, share) = word.part(text);
        if traits.part == Part::Nothing {
            continue;
        }
        // A postal code stands before a place; what stands before a street is the house's number.
        if let Some(open) = open.as_mut().filter(|open| open.traits.part == Part::PostalCode)
            && traits.part == Part::Street
            && text[open.range.end..word.range.start] == *" "
        {
            open.traits = traits;
        }
        let same = |open: &&mut Open| {
            open.traits.part == traits.part
                && joins(
                    traits.part,
                    &text[open.range.end..word.range.start],
                    word.begins(),
                )
        };
        match open.as_mut().filter(same) {
            Some(open) => {
                open.range.end = word.range.end;
                open.sum += share;
                open.words += 1.0;
            }
            None => {
                things.extend(open.take().and_then(|open| close(text, &open)));
                open = Some(Open {
                    traits,
                    range: word.range.clone(),
                    sum: share,
                    words: 1.0,
                });
            }
        }
    }
    things.extend(open.and_then(|open| close(text, &open)));
    plausible::retain(text, &mut things);
    things
}

/// Whether what stands between two words leaves them one thing.
fn joins(part: Part, gap: &str, begins: bool) -> bool {
    let blank = gap.chars().all(char::is_whitespace) && !gap.contains('\n');
    match part {
        Part::Person => {
            let initial = gap.trim_matches([' ', '.']);
            let short =
                gap.len() <= 4 && initial.chars().count() == 1 && initial.chars().all(char::is_uppercase);
            blank || matches!(gap, "-" | "'" | "’" | ". " | ".") || short
        }
        Part::Street => gap.len() <= 4 && !gap.chars().any(char::is_alphanumeric),
        Part::City | Part::State => !begins && (blank || matches!(gap, "-" | "'" | "’" | ". ")),
        Part::PostalCode | Part::Phone => {
            gap.len() <= 2 && !gap.chars().any(char::is_alphanumeric) && !gap.contains('\n')
        }
        _ => !begins && gap.len() <= 1,
    }
}

/// The finished thing, if the model is sure enough and it has the digits that its kind has.
fn close(text: &str, open: &Open) -> Option<PersonalData> {
    let value = &text[open.range.clone()];
    let confidence = (open.sum / open.words).clamp(0.0, 1.0);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let edge = |c: char| !c.is_alphanumeric() && !matches!(c, '(' | '+' | ')');
    let start = open.range.start + (value.len() - value.trim_start_matches(edge).len());
    let end = open.range.start + value.trim_end_matches(edge).len();
    let capital = value.contains(char::is_uppercase);
    let named = open.traits.part != Part::Person || (digits == 0 && (capital || confidence >= SURE_NAME));
    let sure = confidence >= open.traits.least && digits >= open.traits.digits && named && start < end;
    sure.then_some(PersonalData {
        kind: open.traits.kind,
        range: start..end,
        confidence,
    })
}

/// Whether the model finds things of this kind.
pub(in super::super) fn is_kind(name: &str) -> bool {
    TRAITS.iter().any(|traits| traits.kind == name)
}
