//! Notices a model that says the same again and again, or does not stop at all.

/// How many bytes at the end of a reply are looked at.
const WINDOW: usize = 1_200;
/// They repeat themselves when they are the same at least so often.
const TIMES: usize = 4;
/// How many new bytes make another look worth its while.
const STEP: usize = 64;
/// No reply to a customer is longer than this, in bytes.
const LONGEST: usize = 64 << 10;

/// Listens to one reply.
#[derive(Debug, Default)]
pub(super) struct Repetition {
    /// The end of the reply.
    tail: Vec<u8>,
    heard: usize,
    since_look: usize,
}

impl Repetition {
    /// Whether with these words the reply only goes round in circles, or is longer than any.
    pub(super) fn hears(&mut self, words: &str) -> bool {
        self.heard += words.len();
        self.since_look += words.len();
        self.tail.extend_from_slice(words.as_bytes());
        let surplus = self.tail.len().saturating_sub(WINDOW);
        self.tail.drain(..surplus);
        if self.heard > LONGEST {
            return true;
        }
        if self.tail.len() < WINDOW || self.since_look < STEP {
            return false;
        }
        self.since_look = 0;
        period(&self.tail) <= WINDOW / TIMES
    }
}

/// After how many bytes a text begins anew: its length less its longest border (Knuth, Morris, Pratt).
fn period(text: &[u8]) -> usize {
    let mut borders = vec![0_usize; text.len()];
    let mut border = 0;
    for at in 1..text.len() {
        while border > 0 && text[at] != text[border] {
            border = borders[border - 1];
        }
        if text[at] == text[border] {
            border += 1;
        }
        borders[at] = border;
    }
    text.len() - border
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// After how many bytes the reply is stopped, given word by word.
    fn stopped_after(reply: &str) -> Option<usize> {
        let mut repetition = Repetition::default();
        let mut heard = 0;
        reply
            .split_inclusive(' ')
            .find(|words| {
                heard += words.len();
                repetition.hears(words)
            })
            .map(|_| heard)
    }

    #[test]
    fn a_sentence_that_comes_over_and_over_is_stopped_soon() {
        let sentence = "A parcel to Germany takes 2 to 3 working days. ";
        let stopped = stopped_after(&sentence.repeat(1_000)).unwrap();
        assert!(stopped <= WINDOW + STEP + sentence.len(), "{stopped}");
    }

    #[test]
    fn a_long_reply_that_says_new_things_is_let_through() {
        let list: String = (1..400)
            .map(|number| format!("Step {number}: press the button {} times. ", number * 7))
            .collect();
        assert_eq!(stopped_after(&list), None);
    }

    #[test]
    fn a_reply_without_an_end_is_stopped() {
        let numbers: String = (0..40_000).map(|number| format!("{number} ")).collect();
        assert!(stopped_after(&numbers).unwrap() <= LONGEST + 10);
    }

    proptest! {
        #[test]
        fn the_period_is_the_shortest_after_which_the_text_begins_anew(text in "[ab]{1,40}") {
            let text = text.as_bytes();
            let plain = (1..=text.len()).find(|&p| text[p..] == text[..text.len() - p]).unwrap();
            prop_assert_eq!(period(text), plain);
        }
    }
}
