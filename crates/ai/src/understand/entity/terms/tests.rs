use acs_domain::port::understand::{Pattern, Product, Synonym};

use super::super::{Context, find};
use super::*;

fn terms() -> Terms {
    let product = |name: &str, aliases: &[&str]| Product {
        name: name.to_owned(),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
    };
    Terms {
        country: Some("de".into()),
        products: vec![
            product("Aurora Lamp", &["Aurora"]),
            product("Aurora Lamp XL", &[]),
        ],
        patterns: vec![Pattern {
            kind: "contract_number".into(),
            expression: r"(?i)\bVN[- ](?P<value>\d{4})\b".into(),
            personal: false,
        }],
        synonyms: vec![Synonym {
            name: "standing lamp".into(),
            aliases: vec!["torchiere".into(), "Lampe à pied".into(), "uplight".into()],
        }],
    }
}

fn refused(change: impl FnOnce(&mut Terms)) -> String {
    let mut terms = terms();
    change(&mut terms);
    TermIndex::learn(terms).unwrap_err().to_string()
}

#[test]
fn products_patterns_and_the_country_are_the_organizations() {
    let index = TermIndex::learn(terms()).unwrap();
    let context = Context {
        terms: Some(&index),
        ..Context::default()
    };
    let text = "My aurora lamp xl (not the Aurora, not auroras) under vn-4711, call 030 901820";
    let found: Vec<_> = find(text, context)
        .into_iter()
        .map(|e| (e.kind, e.normalized))
        .collect();
    let expected = [
        ("product", "Aurora Lamp XL"),
        ("product", "Aurora Lamp"),
        ("contract_number", "4711"),
        ("phone", "+4930901820"),
    ];
    assert_eq!(
        found,
        expected.map(|(kind, value)| (kind.to_owned(), value.to_owned()))
    );
    assert!(index.size_bytes() > 0);
}

#[test]
fn letters_of_any_alphabet_have_capitals() {
    for (name, text) in [
        ("Zørblax", "my ZØRBLAX, please"),
        ("ZØRBLAX", "mein zørblax."),
        ("Кофеварка", "где моя КОФЕВАРКА?"),
        ("Ärmel Café", "(ÄRMEL CAFE\u{301})"),
        ("Straßenlampe", "é: straßenlampe"),
    ] {
        let mut terms = terms();
        terms.products[0] = Product {
            name: name.into(),
            aliases: Vec::new(),
        };
        let index = TermIndex::learn(terms).unwrap();
        let context = Context {
            terms: Some(&index),
            ..Context::default()
        };
        let found = find(text, context);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(
            (found[0].kind.as_str(), found[0].normalized.as_str()),
            ("product", name)
        );
        let points: Vec<char> = text.chars().collect();
        assert_eq!(
            points[found[0].start..found[0].end].iter().collect::<String>(),
            found[0].value
        );
    }
}

#[test]
fn a_pattern_of_any_letter_is_bounded_and_the_analysis_says_so() {
    let mut terms = terms();
    terms.patterns[0].expression = ".".into();
    let index = TermIndex::learn(terms).unwrap();
    let context = Context {
        terms: Some(&index),
        ..Context::default()
    };
    let things = super::super::find_with(&"x".repeat(5_000), context, &[]);
    assert_eq!((things.entities.len(), things.cut), (MOST_MATCHES, true));
    let things = super::super::find_with(&"x".repeat(MOST_MATCHES), context, &[]);
    assert_eq!((things.entities.len(), things.cut), (MOST_MATCHES, false));
}

#[test]
fn what_a_personal_pattern_finds_is_masked() {
    let mut terms = terms();
    terms.patterns[0].personal = true;
    let index = TermIndex::learn(terms).unwrap();
    let context = Context {
        terms: Some(&index),
        ..Context::default()
    };
    let text = "my Aurora under VN-4711";
    let masked = super::super::mask::mask(&[(text, &find(text, context))]);
    assert_eq!(masked.texts[0], "my Aurora under [contract_number_1]");
    assert_eq!(masked.unmask(&masked.texts[0]), text);
}

#[test]
fn terms_that_cannot_be_used_are_named() {
    let expression =
        |expression: &'static str| move |terms: &mut Terms| terms.patterns[0].expression = expression.into();
    assert!(refused(expression("(")).contains("contract_number"));
    assert!(refused(expression(r"(?:\pL{100}){100}")).contains("contract_number"));
    for empty in ["a*", r"\b", "^", r"\b(?:x|y*)", r"(?m)$", r"(a|\B)"] {
        assert!(refused(expression(empty)).contains("nothing at all"), "{empty}");
    }
    assert!(refused(|terms| terms.patterns[0].kind = "email".into()).contains("built in"));
    assert!(refused(|terms| terms.patterns[0].kind = "No!".into()).contains("small letters"));
    assert!(refused(|terms| terms.products[0].name = " ".into()).contains("bytes"));
    assert!(refused(|terms| terms.country = Some("XX".into())).contains("country"));
}

#[test]
fn a_question_is_put_in_the_organizations_words() {
    let index = TermIndex::learn(terms()).unwrap();
    for (question, ours) in [
        ("Is the Torchiere dimmable?", "Is the standing lamp dimmable?"),
        ("uplights or UPLIGHT?", "standing lamps or standing lamp?"),
        ("Ma lampe a pied est cassée", "Ma standing lamp est cassée"),
        ("Is the aurora bright?", "Is the Aurora Lamp bright?"),
    ] {
        assert_eq!(index.in_our_words(question).as_deref(), Some(ours));
    }
    for as_it_is in [
        "Is the Aurora Lamp XL bright?",
        "Standing lamp?",
        "My uplighter",
        "",
        "🙂",
    ] {
        assert_eq!(index.in_our_words(as_it_is), None, "{as_it_is}");
    }
}

#[test]
fn words_for_others_are_no_products() {
    let index = TermIndex::learn(terms()).unwrap();
    let context = Context {
        terms: Some(&index),
        ..Context::default()
    };
    assert!(find("a torchiere, a standing lamp", context).is_empty());
    let refusal = refused(|terms| terms.synonyms[0].aliases.push(" ".into()));
    assert!(refusal.contains("standing lamp"), "{refusal}");
}
