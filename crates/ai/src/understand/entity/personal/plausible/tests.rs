use super::*;

/// What is left of things of these kinds and words.
fn left(text: &str, things: &[(&'static str, &str)]) -> Vec<String> {
    let mut things: Vec<_> = things
        .iter()
        .map(|(kind, value)| {
            let start = text.find(value).unwrap();
            PersonalData {
                kind,
                range: start..start + value.len(),
                confidence: 0.9,
            }
        })
        .collect();
    retain(text, &mut things);
    things
        .iter()
        .map(|thing| text[thing.range.clone()].to_owned())
        .collect()
}

#[test]
fn numbers_of_everyday_things_are_no_addresses() {
    for (text, kind, value) in [
        ("it arrives at 8", "street", "8"),
        ("my iPhone 14 broke", "street", "iPhone 14"),
        ("at gate 12", "street", "gate 12"),
        ("Batch 7781", "street", "Batch 7781"),
        ("it arrives at 8 at gate 9", "street", "9"),
        ("the code 839201", "postal_code", "839201"),
        ("mon numéro est 0612345678", "drivers_license", "0612345678"),
        ("is it Philips Hue?", "person", "Philips Hue"),
    ] {
        assert!(left(text, &[(kind, value)]).is_empty(), "{text}");
    }
}

#[test]
fn addresses_and_documents_that_are_told_stay() {
    for (text, kind, value) in [
        ("12 Elm", "street", "12 Elm"),
        ("Lindenstr. 5", "street", "Lindenstr. 5"),
        ("Oak Street", "street", "Oak Street"),
        ("Apt. 656", "street", "656"),
        ("I live at Eyrarodda 66", "street", "Eyrarodda 66"),
        ("Nieuwe Baan 473", "street", "Nieuwe Baan 473"),
        ("zip code 10115", "postal_code", "10115"),
        ("my driver license is 061234567", "drivers_license", "061234567"),
        ("C01X00T47", "passport", "C01X00T47"),
        ("Alexa Smith", "person", "Alexa Smith"),
    ] {
        assert_eq!(left(text, &[(kind, value)]), [value], "{text}");
    }
    let beside = "Puruntie 31, 00100 Helsinki";
    let things = [
        ("street", "Puruntie 31"),
        ("postal_code", "00100"),
        ("location", "Helsinki"),
    ];
    assert_eq!(left(beside, &things).len(), 3);
}
