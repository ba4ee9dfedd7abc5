use super::*;

fn read(text: &str) -> Cues {
    super::read(text, Lexicon::of(None))
}

fn valence(text: &str) -> f32 {
    read(text).cues.iter().map(|cue| cue.valence).sum()
}

#[test]
fn a_negation_turns_what_follows_within_its_clause() {
    assert!(valence("this is not good") < 0.0);
    assert!(valence("It isn’t really helpful") < 0.0);
    assert!(valence("No, good") > 0.0);
    assert!(valence("not bad at all") > 0.0);
}

#[test]
fn emphasis_is_heard() {
    let plain = valence("it is good");
    for text in ["it is very good", "it is GOOD", "it is goooood"] {
        assert!(valence(text) > plain, "{text}");
    }
    assert!(valence("it is slightly good") < plain);
}

#[test]
fn what_comes_behind_a_but_counts_more() {
    assert!(valence("the staff was good but the product is bad") < 0.0);
    assert!(valence("the product is bad but the staff was good") > 0.0);
}

#[test]
fn faces_and_emoji_are_words_too() {
    assert!(valence("ok then :)") > valence("ok then"));
    assert!(valence("really?😡😡") < 0.0);
    assert!(valence("👍🏽") > 0.0);
}

#[test]
fn a_shouted_text_emphasizes_nothing_in_particular() {
    let shouted = read("MY ORDER IS BAD AND LATE");
    assert!(shouted.shouted && shouted.cues.iter().all(|cue| cue.force <= 1.0));
}

#[test]
fn formulas_of_letters_are_cut_out_of_what_the_head_reads() {
    let cues = read("I'm afraid that the number is wrong. Best regards, Tom");
    assert_eq!(cues.plain.as_deref(), Some(" the number is wrong. , Tom"));
    assert!(cues.cues.iter().all(|cue| cue.trouble));
    assert_eq!(read("I'm afraid of dogs").plain, None);
}

#[test]
fn some_languages_negate_behind() {
    let turkish = super::read("hizmetten memnun değilim", Lexicon::of(Some("tr")));
    assert!(turkish.cues.iter().all(|cue| cue.valence < 0.0));
    let german = super::read("Das gefällt mir gar nicht", Lexicon::of(Some("de")));
    assert!(german.cues[0].valence < 0.0);
}

#[test]
fn a_script_without_capitals_is_not_shouted() {
    let chinese = super::read("我的包裹在哪里请问什么时候发货谢谢", Lexicon::of(Some("zh")));
    assert!(!chinese.shouted);
}
