//! What a text is made of: words, pairs of neighbouring words, and pieces of words, each as a hash.
//!
//! Hashes of 32 bits stand for the grams themselves: a vocabulary of 50,000 takes a strange gram for one of its own once in
//! 80,000, which no classifier feels, and no string is allocated or compared.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// As many characters of a text are looked at; the form that is compared may be longer than what was written.
const MOST_CHARACTERS: usize = 8_000;
/// The lengths of pieces, in characters.
const SHORTEST: usize = 2;
const LONGEST: usize = 5;

const WORD: u64 = 0x51_7c_c1_b7_27_22_0a_95;
const PIECE: u64 = 0x2f_72_e4_01_9b_54_d3_6b;
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The form in which texts are compared: NFKC in lower case, with plain apostrophes.
pub(super) fn normalized(text: &str) -> Vec<char> {
    let lower = |c: char| {
        let plain = if c == '’' { '\'' } else { c };
        plain.to_lowercase()
    };
    let mut characters = Vec::with_capacity(text.len().min(MOST_CHARACTERS));
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        characters.extend(text.chars().flat_map(lower).take(MOST_CHARACTERS));
    } else {
        characters.extend(text.nfkc().flat_map(lower).take(MOST_CHARACTERS));
    }
    characters
}

/// The hashes of words and of pairs of neighbouring words.
pub(super) fn words(text: &[char], hashes: &mut Vec<u32>) {
    let mut before = None;
    for word in text.split(|c| !is_of_word(*c)).filter(|word| !word.is_empty()) {
        let hash = word.iter().fold(WORD, |hash, character| {
            mixed(hash, u64::from(u32::from(*character)))
        });
        hashes.push(finished(hash));
        if let Some(before) = before {
            hashes.push(finished(mixed(before, hash)));
        }
        before = Some(hash);
    }
}

/// The hashes of all pieces of two to five characters that do not reach over a space. A space is put before and behind each
/// run of other characters, so that a beginning or an end is told from the middle.
pub(super) fn pieces(text: &[char], hashes: &mut Vec<u32>) {
    let mut run = Vec::with_capacity(24);
    for characters in text.split(|c| c.is_whitespace()).filter(|run| !run.is_empty()) {
        run.clear();
        run.push(' ');
        run.extend_from_slice(characters);
        run.push(' ');
        for start in 0..run.len() - 1 {
            let mut hash = PIECE;
            for (length, character) in run[start..].iter().take(LONGEST).enumerate() {
                hash = mixed(hash, u64::from(u32::from(*character)));
                if length + 1 >= SHORTEST {
                    hashes.push(finished(hash));
                }
            }
        }
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '\''
}

fn mixed(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(MULTIPLIER)
}

/// The upper half of one more round: there the bits depend on all that went in.
fn finished(hash: u64) -> u32 {
    let high = (hash ^ (hash >> 29)).wrapping_mul(MULTIPLIER) >> 32;
    // The lower 32 bits are all that is left.
    high as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words_of(text: &str) -> Vec<u32> {
        let mut hashes = Vec::new();
        words(&normalized(text), &mut hashes);
        hashes
    }

    fn pieces_of(text: &str) -> Vec<u32> {
        let mut hashes = Vec::new();
        pieces(&normalized(text), &mut hashes);
        hashes
    }

    #[test]
    fn words_are_followed_by_pairs_of_neighbours() {
        // where, is, where is, it, is it
        assert_eq!(words_of("Where is it?").len(), 5);
        assert_eq!(words_of("is it").as_slice(), {
            let all = words_of("where is it");
            [all[1], all[3], all[4]]
        });
        assert_ne!(words_of("is it")[2], words_of("it is")[2]);
    }

    #[test]
    fn pieces_stay_within_their_run_and_know_its_ends() {
        // " a", " ab", " ab ", "ab", "ab ", "b "
        assert_eq!(pieces_of("ab").len(), 6);
        let mut apart = pieces_of("ab");
        apart.extend(pieces_of("cd"));
        assert_eq!(pieces_of("ab \n cd"), apart);
        assert!(!pieces_of("xabx").contains(&pieces_of("ab")[0]));
    }

    #[test]
    fn case_width_and_apostrophes_do_not_matter() {
        assert_eq!(words_of("I can’t ＰＡＹ"), words_of("i can't pay"));
        assert_eq!(pieces_of("ﬁne"), pieces_of("FINE"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_text_has_boundedly_many(text in "\\PC{0,200}", times in 1_usize..60) {
            let characters = normalized(&text.repeat(times));
            prop_assert!(characters.len() <= MOST_CHARACTERS);
            let mut hashes = Vec::new();
            words(&characters, &mut hashes);
            prop_assert!(hashes.len() <= 2 * characters.len());
            hashes.clear();
            pieces(&characters, &mut hashes);
            // A run of one character is two longer with its spaces.
            prop_assert!(hashes.len() <= 4 * (characters.len() * 3));
        }
    }
}
