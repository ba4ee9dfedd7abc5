use super::*;

fn look_up(words: &[&str]) -> Option<(Feeling, usize)> {
    Lexicon::of(None).look_up(words)
}

#[test]
fn phrases_pass_words_and_words_pass_stems() {
    assert_eq!(
        look_up(&["fed", "up", "now"]).map(|(feeling, taken)| (feeling.emotion, taken)),
        Some((Some(EmotionLabel::Frustration), 2))
    );
    assert_eq!(
        look_up(&["thanks", "for", "nothing"]).map(|(feeling, _)| feeling.emotion),
        Some(Some(EmotionLabel::Anger))
    );
    assert_eq!(
        look_up(&["disappointingly"]).map(|(feeling, _)| feeling.emotion),
        Some(Some(EmotionLabel::Disappointment))
    );
    assert_eq!(look_up(&["table"]), None);
    assert_eq!(look_up(&[]), None);
}

#[test]
fn each_language_has_its_own_words_and_the_signs_of_all() {
    for (code, word) in [
        ("de", "enttäuscht"),
        ("es", "harta"),
        ("ru", "разочарован"),
        ("ko", "감사합니다"),
    ] {
        let own = Lexicon::of(Some(code));
        assert!(own.look_up(&[word]).is_some(), "{word}");
        assert!(own.look_up(&["😡"]).is_some(), "{code}");
        assert_eq!(look_up(&[word]), None, "{word}");
    }
    assert!(Lexicon::of(Some("el")).look_up(&["🙏"]).is_some());
    assert_eq!(Lexicon::of(Some("de")).look_up(&["disappointed"]), None);
}

#[test]
fn words_without_their_marks_are_known_where_these_make_no_other_word() {
    assert!(Lexicon::of(Some("de")).look_up(&["enttauscht"]).is_some());
    assert!(Lexicon::of(Some("pt")).turn(&["nao"]).is_some());
    assert!(Lexicon::of(Some("vi")).turn(&["khong"]).is_none());
}

#[test]
fn of_words_that_turn_others_the_longest_counts() {
    let chinese = Lexicon::of(Some("zh"));
    assert_eq!(chinese.turn(&["非", "常", "失"]), Some(Turn::Stronger));
    assert_eq!(chinese.turn(&["非", "要"]), Some(Turn::Negation));
    assert!(Lexicon::of(Some("ko")).negates_behind(&["않아요"]));
}

#[test]
fn scripts_without_spaces_are_read_sign_by_sign() {
    let japanese = Lexicon::of(Some("ja"));
    assert_eq!(
        japanese
            .look_up(&["最", "悪", "で"])
            .map(|(feeling, taken)| (feeling.emotion, taken)),
        Some((Some(EmotionLabel::Anger), 2))
    );
}

#[test]
fn every_group_names_a_feeling_or_a_turn_and_every_language_has_enough_words() {
    for (code, file) in FILES {
        for head in file.lines().filter_map(|line| line.strip_prefix('[')) {
            match head.strip_suffix(']').and_then(group) {
                Some(Group::Feeling(feeling)) => assert!(feeling.valence.abs() <= 1.0, "{code}: {head}"),
                Some(Group::Turn(_) | Group::Behind) => {}
                None => panic!("{code}: {head}"),
            }
        }
        let count = |wanted: fn(&Group) -> bool| entries(file).filter(|(group, _)| wanted(group)).count();
        assert!(count(|group| matches!(group, Group::Feeling(_))) >= 100, "{code}");
        assert!(count(|group| matches!(group, Group::Turn(_))) >= 10, "{code}");
    }
}

#[test]
fn every_entry_is_in_the_form_that_texts_are_brought_to() {
    for (code, file) in FILES {
        for (_, entry) in entries(file) {
            assert_eq!(entry, entry.to_lowercase(), "{code}");
            assert!(unicode_normalization::is_nfc(entry), "{code}: {entry}");
            assert!(
                !entry.contains(['’', '“']) && !entry.contains("  "),
                "{code}: {entry}"
            );
            for stem in parts(entry).iter().filter_map(|part| part.strip_suffix('*')) {
                assert!(
                    stem.len() >= SHORTEST_STEM && !stem.contains('*'),
                    "{code}: {entry}"
                );
            }
        }
    }
}

#[test]
fn no_entry_stands_twice() {
    let mut twice = Vec::new();
    for (code, file) in FILES {
        let mut all: Vec<(bool, &str)> = entries(file)
            .filter(|(group, _)| *group != Group::Behind)
            .map(|(group, entry)| (matches!(group, Group::Turn(_)), entry))
            .collect();
        all.sort_unstable();
        twice.extend(
            all.windows(2)
                .filter(|pair| pair[0] == pair[1])
                .map(|pair| (code, pair[0])),
        );
    }
    assert!(twice.is_empty(), "{twice:?}");
}
