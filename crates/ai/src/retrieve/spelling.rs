//! Slips of the pen: which known word an unknown one was meant to be.

/// The known word that `term` is most likely a slip of the pen for: one edit away (two in words from eight letters on),
/// with the same first letter; of those as near the first. `None` when no known word is that near, or `term` has a digit:
/// codes are never near.
pub(crate) fn respell<'k>(term: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let length = term.chars().count();
    if length < 4 || term.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let allowed = if length < 8 { 1 } else { 2 };
    let near = |known: &'k str| {
        let difference = known.len().abs_diff(term.len());
        if difference > 4 || known.chars().next() != term.chars().next() || known.chars().count() < 4 {
            return None;
        }
        edits(term, known, allowed).map(|edits| (edits, known))
    };
    known
        .filter_map(near)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

/// The edits between two words: insertions, deletions, replacements, swaps of neighbours (optimal string alignment);
/// `None` when more than `allowed`.
fn edits(a: &str, b: &str, allowed: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut least = (row[j] + 1)
                .min(last[j + 1] + 1)
                .min(last[j] + usize::from(x != y));
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().min() > Some(&allowed) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|edits| *edits <= allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("pasword", Some("password"))]
    #[case("subcription", Some("subscription"))]
    #[case("emial", Some("email"))]
    #[case("refund", None)]
    #[case("a12345", None)]
    fn a_slip_of_the_pen_is_mended_and_codes_are_not(#[case] term: &str, #[case] expected: Option<&str>) {
        let known = ["password", "passport", "subscription", "email", "a12346"];
        assert_eq!(respell(term, known.into_iter()), expected);
    }

    #[test]
    fn of_words_as_near_the_first_is_meant() {
        assert_eq!(respell("plam", ["plan", "palm"].into_iter()), Some("plan"));
        assert_eq!(respell("plam", ["palm", "plan"].into_iter()), Some("palm"));
    }

    proptest! {
        #[test]
        fn edits_are_symmetric_and_none_for_itself(a in "[a-c]{0,6}", b in "[a-c]{0,6}") {
            prop_assert_eq!(edits(&a, &a, 0), Some(0));
            prop_assert_eq!(edits(&a, &b, 9), edits(&b, &a, 9));
        }
    }
}
