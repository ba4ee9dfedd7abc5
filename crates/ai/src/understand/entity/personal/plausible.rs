//! What the model took for an address or a document's number and is none: it was never shown gates, sizes and codes.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::PersonalData;

/// Words that streets are called by, alone or at the end of a longer word.
const STREETS: [&str; 65] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "av",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "way",
    "court",
    "ct",
    "place",
    "pl",
    "square",
    "sq",
    "terrace",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "crescent",
    "circle",
    "trail",
    "alley",
    "close",
    "straße",
    "strasse",
    "str",
    "weg",
    "platz",
    "allee",
    "gasse",
    "ring",
    "damm",
    "ufer",
    "rue",
    "chemin",
    "quai",
    "impasse",
    "avenida",
    "plaza",
    "paseo",
    "carrer",
    "via",
    "viale",
    "corso",
    "piazza",
    "rua",
    "straat",
    "laan",
    "plein",
    "apt",
    "apartment",
    "loop",
    "calle",
    "ul",
    "ulica",
    "suite",
    "улица",
    "проспект",
];

/// Ends of words that are streets in languages which join them.
const JOINED: [&str; 15] = [
    "straße", "strasse", "str", "weg", "platz", "allee", "gasse", "straat", "laan", "plein", "gatan",
    "vägen", "gade", "vej", "tie",
];

/// Things that bear people's names, and assistants.
const THINGS: [&str; 24] = [
    "siri", "alexa", "cortana", "bixby", "philips", "hue", "sonos", "dyson", "bosch", "siemens", "miele",
    "braun", "roomba", "tesla", "mercedes", "ford", "dell", "lenovo", "nest", "ring", "echo", "kindle",
    "sepa", "wise",
];

/// Words that tell a postal code.
const POSTAL: [&str; 8] = [
    "zip",
    "zipcode",
    "postcode",
    "postal",
    "plz",
    "postleitzahl",
    "cap",
    "cep",
];

/// Words that tell an address.
const ADDRESSES: [&str; 18] = [
    "address",
    "addresses",
    "adresse",
    "dirección",
    "indirizzo",
    "adres",
    "endereço",
    "live",
    "lives",
    "living",
    "moved",
    "corner",
    "located",
    "residence",
    "wohne",
    "wohnt",
    "vivo",
    "habite",
];

/// Words that tell a document or an account, in a few languages.
const DOCUMENTS: [&str; 34] = [
    "license",
    "licence",
    "driver",
    "drivers",
    "dl",
    "führerschein",
    "permis",
    "carnet",
    "patente",
    "passport",
    "reisepass",
    "passeport",
    "pasaporte",
    "tax",
    "tin",
    "itin",
    "ein",
    "steuer",
    "steuernummer",
    "fiscal",
    "nif",
    "account",
    "konto",
    "kontonummer",
    "compte",
    "cuenta",
    "routing",
    "aba",
    "bank",
    "id",
    "identity",
    "ausweis",
    "personalausweis",
    "dni",
];

/// How far from another part of an address one may stand, in bytes: a line may end between them.
const NEAR: usize = 12;
/// How far from a street or a place its postal code stands, in bytes: a state or a country may stand between.
const OF_PLACE: usize = 60;
/// Words right before a number that tell a code of another kind.
const CODES: [&str; 8] = [
    "code", "otp", "pin", "password", "token", "passcode", "number", "batch",
];
/// How many words before a number are looked at.
const REACH: usize = 6;

/// Leaves out what cannot be what the model takes it for.
pub(super) fn retain(text: &str, things: &mut Vec<PersonalData>) {
    let address: Vec<_> = things
        .iter()
        .filter(|thing| matches!(thing.kind, "location" | "postal_code"))
        .map(|thing| thing.range.clone())
        .collect();
    let near = |thing: &PersonalData, others: &[Range<usize>]| {
        let close = |from: usize, to: usize| {
            text.get(from..to)
                .is_some_and(|gap| gap.len() <= NEAR && !gap.contains(char::is_alphanumeric))
        };
        others
            .iter()
            .any(|other| close(other.end, thing.range.start) || close(thing.range.end, other.start))
    };
    things.retain(|thing| thing.kind != "street" || is_street(text, &thing.range, || near(thing, &address)));
    let places: Vec<_> = things
        .iter()
        .filter(|thing| matches!(thing.kind, "location" | "street"))
        .map(|thing| thing.range.clone())
        .collect();
    things.retain(|thing| {
        let value = &text[thing.range.clone()];
        match thing.kind {
            "postal_code" => {
                let of_place = |other: &Range<usize>| {
                    let (from, to) = (thing.range.start, thing.range.end);
                    from.abs_diff(other.end) <= OF_PLACE || other.start.abs_diff(to) <= NEAR
                };
                let coded =
                    last_word(&text[..thing.range.start]).is_some_and(|word| CODES.contains(&word.as_str()));
                places.iter().any(of_place) && !coded || is_told(text, thing.range.start, &POSTAL)
            }
            "person" => !words(value).all(|word| THINGS.contains(&word.as_str())),
            "tax_id" | "bank_account" | "routing_number" | "government_id" | "passport"
            | "drivers_license" => {
                value.contains(char::is_alphabetic) || is_told(text, thing.range.start, &DOCUMENTS)
            }
            _ => true,
        }
    });
}

/// Whether this may be a street: it is called one; or its number stands before its name, as in English; or a name of several
/// words before its number; or of one word beside the rest of an address, as a gate or a batch is not.
fn is_street(text: &str, range: &Range<usize>, beside_address: impl Fn() -> bool) -> bool {
    let value = &text[range.clone()];
    let called = |word: String| {
        STREETS.contains(&word.as_str())
            || JOINED
                .iter()
                .any(|end| word.len() > end.len() + 3 && word.ends_with(end))
    };
    // The model leaves the first word of `Apt. 4` out at times, or the last of `12 Elm Street`.
    let line = text[range.end..].split(['\n', ',']).next().unwrap_or_default();
    let ahead = value.starts_with(|c: char| c.is_ascii_digit());
    if words(value).any(called)
        || last_word(&text[..range.start]).is_some_and(called)
        || ahead && words(line).take(3).any(|word| word.len() > 2 && called(word))
    {
        return true;
    }
    let numbered = value.contains(|c: char| c.is_ascii_digit());
    let names = value
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.starts_with(char::is_uppercase))
        .count();
    numbered
        && names > 0
        && (ahead || names > 1 || beside_address() || is_told(text, range.start, &ADDRESSES))
}

/// The word right before, over a blank or a point.
fn last_word(before: &str) -> Option<String> {
    let text = before.trim_end_matches([' ', '.']);
    let near = before.len() - text.len() <= 2;
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next();
    word.filter(|word| near && !word.is_empty())
        .map(str::to_lowercase)
}

/// Whether one of the words before a byte is one of these.
fn is_told(text: &str, byte: usize, telling: &[&str]) -> bool {
    let before = text[..byte]
        .rsplit(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    before
        .take(REACH)
        .any(|word| telling.contains(&word.to_lowercase().as_str()))
}

/// The words of a text in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}
