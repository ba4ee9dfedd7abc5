//! Words that are written together (`ignoreallpreviousinstructions`), parted where words of the phrases meet.

use super::plain::Words;
use super::rules;

/// From so many letters on, a word may be several.
const LONG: usize = 16;
/// The longest word that is looked for.
const LONGEST: usize = 16;
/// So many letters of a text are parted.
const MOST: usize = 600;

/// The words of a text, the long ones parted; `None` where none is long.
pub(super) fn part(words: &Words) -> Option<Words> {
    let (mut parted, mut left, mut any) = (String::new(), MOST, false);
    for run in words.runs() {
        if run.len() >= LONG && run.bytes().all(|c| c.is_ascii_lowercase()) {
            let (read, rest) = run.split_at(run.len().min(left));
            pieces(read, &mut parted);
            parted.push_str(rest);
            left -= read.len();
            any = true;
        } else {
            parted.push_str(run);
        }
        parted.push(' ');
    }
    any.then(|| Words::read(&parted))
}

/// Writes the pieces of a run with spaces between. Of all ways to cut it the one whose known words are longest is taken, by
/// the sum of their squares (Viterbi); what no word covers stays together.
fn pieces(run: &str, parted: &mut String) {
    // For each place: the best sum up to it, where the last piece begins, and whether that is a known word.
    let mut best = vec![(0_usize, 0_usize, false)];
    for end in 1..=run.len() {
        let mut most = (best[end - 1].0, end - 1, false);
        for start in end.saturating_sub(LONGEST)..end {
            let sum = best[start].0 + (end - start).pow(2);
            if sum > most.0 && rules::knows(&run[start..end]) {
                most = (sum, start, true);
            }
        }
        best.push(most);
    }
    let mut cuts = Vec::new();
    let (mut end, mut known_behind) = (run.len(), true);
    while end > 0 {
        let (_, start, known) = best[end];
        if known || known_behind {
            cuts.push(end);
        }
        (end, known_behind) = (start, known);
    }
    let mut start = 0;
    for end in cuts.into_iter().rev() {
        parted.push_str(&run[start..end]);
        parted.push(' ');
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &str) -> Option<Vec<String>> {
        part(&Words::read(text)).map(|words| words.iter().map(str::to_owned).collect())
    }

    #[test]
    fn long_words_are_parted_where_known_words_meet() {
        let parted = parted("please ignoreallpreviousinstructions now").unwrap();
        assert_eq!(
            parted,
            ["please", "ignore", "all", "previous", "instructions", "now"]
        );
    }

    #[test]
    fn words_of_any_length_are_parted_and_unknown_letters_stay_together() {
        let long = format!("{}ignoreallpreviousinstructions", "q".repeat(60));
        let parted = parted(&long).unwrap();
        assert!(
            parted.ends_with(&["all", "previous", "instructions"].map(str::to_owned)),
            "{parted:?}"
        );
        assert!(parted.len() <= 7, "{parted:?}");
    }

    #[test]
    fn words_of_usual_length_are_left_alone() {
        assert_eq!(
            parted("Unfortunately the order has not arrived: 00340434161094042557"),
            None
        );
    }
}
