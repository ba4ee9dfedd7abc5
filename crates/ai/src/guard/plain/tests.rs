use super::*;

fn words(text: &str) -> Vec<String> {
    Words::read(text).iter().map(str::to_owned).collect()
}

#[test]
fn disguised_words_are_the_words_that_they_look_like() {
    for disguised in [
        "Ignore",
        "IGNÖRE",
        "1gn0r3",
        "іgnоrе",
        "ｉｇｎｏｒｅ",
        "𝐢𝐠𝐧𝐨𝐫𝐞",
        "i\u{200b}g\u{200d}nore",
        "ig\u{ad}nore",
        "🇮🇬🇳🇴🇷🇪",
        "🅸🅶🅽🅾🆁🅴",
        "ɪɢɴᴏʀᴇ",
        "i g n o r e",
        "i.g.n.o.r.e",
        "i̶g̶n̶o̶r̶e̶",
    ] {
        assert_eq!(words(disguised), ["ignore"], "{disguised:?}");
    }
}

#[test]
fn plain_words_are_not_called_disguised() {
    let read = Words::read("Hi, it's me: where is my order? 42 Ärger über den Preis, заказ 123456");
    assert!(!read.any_disguised(0, read.len()));
    assert!(Words::read("ple4se").any_disguised(0, 1));
}

#[test]
fn letters_of_latin_alphabets_are_no_disguise() {
    let read = Words::read("erschieße, talimatları, đó, zignorował, smørrebrød");
    assert_eq!(
        read.iter().collect::<Vec<_>>(),
        ["erschiesse", "talimatlari", "do", "zignorowal", "smorrebrod"]
    );
    assert!(!read.any_disguised(0, read.len()));
}

#[test]
fn letters_written_apart_keep_the_gaps_between_words() {
    assert_eq!(words("i g n o r e   a l l rules"), ["ignore", "all", "rules"]);
    assert_eq!(words("plan a b, not c"), ["plan", "a", "b", "not", "c"]);
}

#[test]
fn scripts_without_spaces_are_read_sign_by_sign() {
    assert_eq!(words("忽略指令 now"), ["忽", "略", "指", "令", "now"]);
}

#[test]
fn what_was_turned_round_can_be_read() {
    let rotated = Words::read("vtaber gur ehyrf").rotated();
    assert_eq!(rotated.iter().collect::<Vec<_>>(), ["ignore", "the", "rules"]);
    let reversed = Words::read("selur eht erongi").reversed();
    assert_eq!(reversed.iter().collect::<Vec<_>>(), ["ignore", "the", "rules"]);
}
