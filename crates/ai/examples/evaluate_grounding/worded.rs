//! Sentences worded by hand, as a model would say them: what the articles say in other words.

/// The first set: what was lost of it has been mended in the check since.
pub(crate) const FIRST: &str = include_str!("worded/first.txt");
/// The second set, as the first.
pub(crate) const SECOND: &str = include_str!("worded/second.txt");
/// The third set: it was written before what was lost of the others was looked at, and nothing was mended for it. It tells what
/// the check does with sentences that it was not made for.
pub(crate) const THIRD: &str = include_str!("worded/third.txt");

/// Sentences that claim nothing, with the code of their language.
pub(crate) const COURTESIES: &str = include_str!("worded/courtesies.txt");

/// The sentences of a set with the articles that say them.
pub(crate) fn sentences(set: &str) -> impl Iterator<Item = (&str, &str)> {
    set.lines().filter_map(|line| line.split_once(": "))
}
