//! What a check must know of a language: its numbers, units, denials, promises, and the like. One file of words each.

use std::collections::HashMap;
use std::sync::LazyLock;

const FILES: [(&str, &str); 7] = [
    ("de", include_str!("words/de.txt")),
    ("en", include_str!("words/en.txt")),
    ("es", include_str!("words/es.txt")),
    ("fr", include_str!("words/fr.txt")),
    ("it", include_str!("words/it.txt")),
    ("nl", include_str!("words/nl.txt")),
    ("pt", include_str!("words/pt.txt")),
];
const OTHERS: &str = include_str!("words/others.txt");
/// Languages that part no words with blanks: their denials are looked for inside of words.
const UNPARTED: [&str; 3] = ["ja", "ko", "zh"];

static ALL: LazyLock<HashMap<&'static str, Vocabulary>> = LazyLock::new(|| {
    let others = sections(OTHERS).remove("denial").unwrap_or_default();
    let others = others
        .into_iter()
        .map(|line| (line.key, Vocabulary::only_denials(line)));
    let files = FILES
        .iter()
        .map(|(code, text)| (*code, Vocabulary::read(code, text)));
    others.chain(files).collect()
});

/// One thing with all the forms that name it.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// What is named, the same in all languages; empty in mere lists.
    pub(super) key: &'static str,
    /// In plain form (see [`plain`]).
    pub(super) forms: Vec<String>,
}

/// Lines of one kind.
#[derive(Debug, Default)]
struct Section {
    lines: Vec<Line>,
    /// By the first word of each form: its line's key, and the form.
    by_first_word: HashMap<String, Vec<(&'static str, String)>>,
}

impl Section {
    fn of(lines: Vec<Line>) -> Self {
        let mut by_first_word: HashMap<String, Vec<(&'static str, String)>> = HashMap::new();
        for line in &lines {
            for form in &line.forms {
                let forms = by_first_word.entry(first_word(form).to_owned()).or_default();
                forms.push((line.key, form.clone()));
            }
        }
        Self { lines, by_first_word }
    }
}

/// A form that stands in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'v> {
    /// The byte behind the blank before it.
    pub(super) at: usize,
    /// What it names.
    pub(super) key: &'static str,
    pub(super) form: &'v str,
}

/// The words of one language.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// ISO 639-1.
    pub(super) code: &'static str,
    sections: HashMap<&'static str, Section>,
    /// Values by number words.
    numbers: HashMap<String, i128>,
    /// Units by the words that name them.
    units: HashMap<String, &'static str>,
    /// Weekdays, months and the like by their names: `weekday 1`.
    calendar: HashMap<String, (&'static str, &'static str)>,
}

impl Vocabulary {
    /// Of a language; English where the code is not known, for most models write it then.
    pub(super) fn of(code: &str) -> &'static Self {
        static NONE: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::default);
        ALL.get(code).or_else(|| ALL.get("en")).unwrap_or(&NONE)
    }

    fn read(code: &'static str, text: &'static str) -> Self {
        let sections = sections(text);
        let keyed = |section: &str| sections.get(section).cloned().unwrap_or_default();
        let pairs = |line: Line| line.forms.into_iter().map(move |form| (form, line.key));
        let calendar = ["weekday", "month"].into_iter().flat_map(|kind| {
            keyed(kind)
                .into_iter()
                .flat_map(pairs)
                .map(move |(form, key)| (form, (kind, key)))
        });
        Self {
            code,
            numbers: keyed("number")
                .into_iter()
                .flat_map(pairs)
                .filter_map(|(form, key)| Some((form, key.parse().ok()?)))
                .collect(),
            units: keyed("unit").into_iter().flat_map(pairs).collect(),
            calendar: calendar.collect(),
            sections: sections
                .into_iter()
                .map(|(name, lines)| (name, Section::of(lines)))
                .collect(),
        }
    }

    fn only_denials(line: Line) -> Self {
        let denial = Line {
            key: "",
            forms: line.forms,
        };
        Self {
            code: line.key,
            sections: HashMap::from([("denial", Section::of(vec![denial]))]),
            ..Self::default()
        }
    }

    /// Whether more is known than what denies.
    pub(super) fn is_full(&self) -> bool {
        !self.units.is_empty()
    }

    pub(super) fn is_unparted(&self) -> bool {
        UNPARTED.contains(&self.code)
    }

    pub(super) fn number(&self, word: &str) -> Option<i128> {
        self.numbers.get(word).copied()
    }

    pub(super) fn unit(&self, words: &str) -> Option<&'static str> {
        self.units.get(words).copied()
    }

    /// A weekday, a month, a day as seen from today: its kind and its key.
    pub(super) fn calendar(&self, words: &str) -> Option<(&'static str, &'static str)> {
        self.calendar.get(words).copied()
    }

    /// The lines of a section.
    pub(super) fn lines(&self, section: &str) -> &[Line] {
        self.sections.get(section).map_or(&[], |section| &section.lines)
    }

    /// All forms of a section.
    pub(super) fn forms(&self, section: &str) -> impl Iterator<Item = &str> {
        self.lines(section)
            .iter()
            .flat_map(|line| &line.forms)
            .map(String::as_str)
    }

    /// Whether a plain word is a form of the section.
    pub(super) fn lists(&self, section: &str, word: &str) -> bool {
        self.keyed_from(section, word).any(|(_, form)| form == word)
    }

    /// The forms of a section that begin with the first word of a plain text.
    pub(super) fn forms_from(&self, section: &str, text: &str) -> impl Iterator<Item = &str> {
        self.keyed_from(section, text).map(|(_, form)| form)
    }

    /// Where forms of a section stand in a plain text as whole words, from its beginning to its end.
    pub(super) fn places<'v>(&'v self, section: &str, plain: &str) -> impl Iterator<Item = Place<'v>> {
        let starts = plain.match_indices(' ').map(|(blank, _)| blank + 1);
        starts.flat_map(move |at| {
            let text = &plain[at..];
            let stands = move |form: &str| text.strip_prefix(form).is_some_and(|rest| rest.starts_with(' '));
            let forms = self
                .keyed_from(section, text)
                .filter(move |(_, form)| stands(form));
            forms.map(move |(key, form)| Place { at, key, form })
        })
    }

    /// Whether a form of a section stands in a plain text.
    pub(super) fn says(&self, section: &str, plain: &str) -> bool {
        self.places(section, plain).next().is_some()
    }

    fn keyed_from(&self, section: &str, text: &str) -> impl Iterator<Item = (&'static str, &str)> {
        let forms = self.sections.get(section);
        let forms = forms.and_then(|section| section.by_first_word.get(first_word(text)));
        forms
            .into_iter()
            .flatten()
            .map(|(key, form)| (*key, form.as_str()))
    }
}

/// A text in lower case, with plain apostrophes, its words parted by one blank and a blank at both ends: a phrase with
/// blanks around it is found in it only as whole words.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    plain.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '’' | 'ʼ' | '\'' if !plain.ends_with(' ') => plain.push('\''),
            // Vowels of some scripts are marks.
            c if c.is_alphanumeric() || is_mark(c) || c == '%' || c == '°' => plain.push(c),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{64b}'..='\u{65f}')
}

/// Where whole words stand in a plain text, as the byte behind the blank before them.
fn places<'t>(plain: &'t str, words: &str) -> impl Iterator<Item = usize> + 't {
    let padded = format!(" {words} ");
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + plain.get(from..)?.find(&padded)?;
        from = at + 1;
        Some(from)
    })
}

/// Whether whole words stand in a plain text.
pub(super) fn says(plain: &str, words: &str) -> bool {
    places(plain, words).next().is_some()
}

fn first_word(text: &str) -> &str {
    text.split_once(' ').map_or(text, |(first, _)| first)
}

fn sections(text: &'static str) -> HashMap<&'static str, Vec<Line>> {
    let mut sections: HashMap<&str, Vec<Line>> = HashMap::new();
    let mut section = "";
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            continue;
        }
        let (key, forms) = line.split_once(": ").unwrap_or(("", line));
        let forms = forms
            .split(", ")
            .map(|form| plain(form).trim().to_owned())
            .filter(|form| !form.is_empty());
        sections.entry(section).or_default().push(Line {
            key,
            forms: forms.collect(),
        });
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_every_language_are_read() {
        for code in ["de", "en", "es", "fr", "it", "nl", "pt"] {
            let words = Vocabulary::of(code);
            assert_eq!(words.code, code);
            for section in [
                "number",
                "unit",
                "denial",
                "promise",
                "condition",
                "bound",
                "opening",
                "stating",
            ] {
                assert!(!words.lines(section).is_empty(), "{code} has no {section}");
            }
        }
        for code in ["ar", "hi", "ja", "ko", "ru", "sv", "tr", "vi", "zh"] {
            assert!(Vocabulary::of(code).forms("denial").count() > 0, "{code}");
        }
    }

    #[test]
    fn every_language_calls_the_same_things_by_the_same_keys() {
        let english = Vocabulary::of("en");
        let keys = |words: &Vocabulary, section| {
            let lines = words.lines(section).iter();
            lines
                .map(|line| line.key)
                .collect::<std::collections::BTreeSet<_>>()
        };
        for (code, _) in FILES {
            for section in ["unit", "promise", "bound", "clock", "weekday", "month"] {
                let strange: Vec<_> = keys(Vocabulary::of(code), section)
                    .difference(&keys(english, section))
                    .copied()
                    .collect();
                assert!(strange.is_empty(), "{code} {section}: {strange:?}");
            }
        }
    }

    #[test]
    fn the_forms_of_a_section_are_found_wherever_their_words_stand() {
        let texts = [
            "",
            "free",
            "free of charge, free",
            "gift card",
            "carefree",
            "not only not",
            "a no-cost",
        ];
        for (code, _) in FILES {
            let words = Vocabulary::of(code);
            let every_form = words.sections.keys().flat_map(|section| words.forms(section));
            let every_form = every_form.collect::<Vec<_>>().join(" ");
            for text in texts.into_iter().chain([every_form.as_str()]).map(plain) {
                for section in words.sections.keys() {
                    let expected: std::collections::BTreeSet<_> = words
                        .forms(section)
                        .flat_map(|form| places(&text, form).map(move |at| (at, form)))
                        .collect();
                    let found = words.places(section, &text);
                    let found = found.map(|place| (place.at, place.form)).collect();
                    assert_eq!(expected, found, "{code} {section}: {text}");
                    assert_eq!(words.says(section, &text), !expected.is_empty());
                }
            }
            for section in words.sections.keys() {
                assert!(words.forms(section).all(|form| words.lists(section, form)));
                assert!(!words.lists(section, "") && !words.lists(section, "xyzzy plugh"));
            }
        }
    }

    #[test]
    fn phrases_are_found_as_whole_words() {
        let text = plain("It isn’t free-of-charge, is it?");
        assert_eq!(text, " it isn't free of charge is it ");
        assert!(says(&text, "free of charge") && !says(&text, "harge"));
    }
}
