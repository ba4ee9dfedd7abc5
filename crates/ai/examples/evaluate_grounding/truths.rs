//! The same in other words: how a model rewords what a source says. What was looked at while the check was written is
//! marked; the others were not.

/// A way to reword a sentence; `None` where it cannot be applied.
pub(crate) type Rewording = fn(&str) -> Option<String>;

/// Name, whether it was held out, and the way.
pub(crate) const REWORDINGS: &[(&str, bool, Rewording)] = &[
    ("verbatim", false, |text| Some(text.to_owned())),
    ("figures in words", false, figures_in_words),
    ("condition in front", false, condition_in_front),
    ("with a lead-in", true, |text| {
        Some(format!("As our help pages put it, {}", lower_first(text)))
    }),
    ("as advice", true, |text| {
        Some(format!("Please note that {}", lower_first(text)))
    }),
    ("in bold", true, |text| Some(format!("**{}**.", stem(text)))),
    ("other words", true, other_words),
    ("other notations", true, other_notations),
    ("contracted", true, contracted),
    ("shortened", true, shortened),
    ("as a list item", true, |text| Some(format!("- {text}"))),
];

fn stem(text: &str) -> &str {
    text.trim_end_matches('.')
}

fn lower_first(text: &str) -> String {
    let mut words = text.splitn(2, ' ');
    let first = words.next().unwrap_or_default();
    // A name keeps its capital.
    let common = [
        "The", "A", "An", "You", "If", "To", "We", "It", "Open", "Choose", "Your", "Our", "In", "This",
        "When", "For", "Every", "Each", "Keep",
    ];
    if common.contains(&first) {
        format!("{} {}", first.to_lowercase(), words.next().unwrap_or_default())
    } else {
        text.to_owned()
    }
}

/// The text with one of these replaced; `None` if it has none.
fn replaced(text: &str, pairs: &[(&str, &str)]) -> Option<String> {
    let changed = pairs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    (changed != text).then_some(changed)
}

fn figures_in_words(text: &str) -> Option<String> {
    replaced(
        text,
        &[
            (" 2 ", " two "),
            (" 3 ", " three "),
            (" 5 ", " five "),
            (" 10 ", " ten "),
            (" 14 ", " fourteen "),
            (" 30 ", " thirty "),
        ],
    )
}

fn condition_in_front(text: &str) -> Option<String> {
    let (first, condition) = stem(text).split_once(" if ")?;
    (!condition.contains(',') && !first.contains(','))
        .then(|| format!("If {condition}, {}.", lower_first(first)))
}

fn other_words(text: &str) -> Option<String> {
    replaced(
        text,
        &[
            ("parcel", "package"),
            ("choose ", "select "),
            ("Choose ", "Select "),
            ("send ", "ship "),
            ("show ", "display "),
            ("faulty", "defective"),
            ("staff", "team"),
            ("invoice", "bill"),
            ("delete ", "erase "),
            ("keep ", "retain "),
        ],
    )
}

fn other_notations(text: &str) -> Option<String> {
    replaced(
        text,
        &[
            ("24 hours", "one day"),
            ("working days", "business days"),
            ("12 months", "one year"),
            ("2 years", "24 months"),
            ("14 days", "two weeks"),
            ("20:00", "8 pm"),
            ("17:00", "5 pm"),
            ("€4.99", "4.99 euros"),
            ("€3.95", "EUR 3.95"),
            ("€9.95", "9.95 €"),
            ("7 days", "one week"),
            ("60 minutes", "one hour"),
        ],
    )
}

fn contracted(text: &str) -> Option<String> {
    replaced(
        text,
        &[
            ("cannot", "can't"),
            ("do not", "don't"),
            ("does not", "doesn't"),
            ("is not", "isn't"),
            ("are not", "aren't"),
            ("We are", "We're"),
            ("you are", "you're"),
        ],
    )
}

fn shortened(text: &str) -> Option<String> {
    replaced(
        text,
        &[
            ("You can also ", "You can "),
            (" in your Brellwick account", " in your account"),
            (" in the Brellwick app", " in the app"),
            ("Every Brellwick", "Every"),
            (" as well", ""),
            ("always ", ""),
        ],
    )
}
