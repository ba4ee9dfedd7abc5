use super::*;

/// Words of a text, each with what it is, how sure, and whether it begins a thing.
fn read(text: &str, parts: &[(&str, Part, f32, bool)]) -> Vec<(&'static str, String)> {
    let mut from = 0;
    let words: Vec<Word> = parts
        .iter()
        .map(|(word, part, share, begins)| {
            let start = from + text[from..].find(word).unwrap();
            from = start + word.len();
            let mut shares = Shares::default();
            shares.add(*part, *begins, *share);
            shares.add(Part::Nothing, false, 1.0 - share);
            Word::new(start..from, shares)
        })
        .collect();
    let things = things(text, &words);
    things
        .into_iter()
        .map(|thing| (thing.kind, text[thing.range].to_owned()))
        .collect()
}

#[test]
fn the_table_follows_the_parts() {
    assert!(
        TRAITS
            .iter()
            .enumerate()
            .all(|(at, traits)| traits.part as usize == at)
    );
}

#[test]
fn given_names_initials_and_surnames_are_one_person() {
    let text = "Ann B. O'Neil, Bob";
    let parts = [
        ("Ann", Part::Person, 0.9, true),
        ("O", Part::Person, 0.9, true),
        ("Neil", Part::Person, 0.9, false),
        ("Bob", Part::Person, 0.9, true),
    ];
    assert_eq!(
        read(text, &parts),
        [
            ("person", "Ann B. O'Neil".to_owned()),
            ("person", "Bob".to_owned())
        ]
    );
}

#[test]
fn number_street_and_flat_are_one_street() {
    let text = "12 Elm Street, Apt. 4 Springfield";
    let parts = [
        ("12", Part::Street, 0.9, true),
        ("Elm", Part::Street, 0.9, true),
        ("Street", Part::Street, 0.9, false),
        ("Apt", Part::Street, 0.9, true),
        ("4", Part::Street, 0.9, false),
        ("Springfield", Part::City, 0.9, true),
    ];
    assert_eq!(
        read(text, &parts),
        [
            ("street", "12 Elm Street, Apt. 4".to_owned()),
            ("location", "Springfield".to_owned())
        ]
    );
}

#[test]
fn doubtful_things_and_numbers_without_digits_are_left() {
    let parts = [
        ("ann", Part::Person, 0.55, true),
        ("abc", Part::Passport, 0.99, true),
    ];
    assert!(read("ann abc", &parts).is_empty());
}

#[test]
fn a_capital_makes_a_likely_name_one() {
    let parts = [("Mette", Part::Person, 0.4, true)];
    assert_eq!(read("Mette", &parts), [("person", "Mette".to_owned())]);
    assert!(read("mette", &[("mette", Part::Person, 0.4, true)]).is_empty());
}

#[test]
fn a_number_right_before_a_street_is_its_number() {
    let parts = [
        ("86036", Part::PostalCode, 0.9, true),
        ("Elm", Part::Street, 0.9, true),
        ("Street", Part::Street, 0.9, false),
    ];
    assert_eq!(
        read("86036 Elm Street", &parts),
        [("street", "86036 Elm Street".to_owned())]
    );
}
