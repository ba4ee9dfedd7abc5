//! Words that weigh the feelings beside them.

/// Words that turn what follows.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "hardly", "barely",
    "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "wont", "wouldnt",
    "couldnt", "havent", "hasnt", "aint", "lack", "lacks", "far",
];

/// Words whose negation says that nothing is more so.
pub(super) const COMPARATIVES: &[&str] = &[
    "better",
    "happier",
    "nicer",
    "easier",
    "faster",
    "smoother",
    "friendlier",
    "quicker",
    "more",
];

/// The negations of which that is true: `not better` is none.
pub(super) const UNSURPASSED: &[&str] = &[
    "never", "couldn't", "can't", "cannot", "won't", "haven't", "hasn't", "nobody", "nowhere",
];

/// What begins a request.
pub(super) const REQUESTS: &[&str] = &[
    "please",
    "can",
    "could",
    "need",
    "like",
    "want",
    "checking",
    "know",
    "wondering",
    "tell",
    "send",
    "help",
];

/// Verdicts that are neither good nor bad.
pub(super) const LUKEWARM: &[&[&str]] = &[
    &["was", "ok"],
    &["is", "ok"],
    &["it's", "ok"],
    &["was", "okay"],
    &["is", "okay"],
    &["it's", "okay"],
    &["was", "average"],
    &["an", "average"],
    &["neither"],
    &["so-so"],
    &["mixed", "feelings"],
    &["live", "with", "it"],
    &["could", "be", "worse"],
    &["nothing", "special"],
];

/// Words that make what follows stronger.
pub(super) const STRONGER: &[&str] = &[
    "very",
    "really",
    "so",
    "extremely",
    "absolutely",
    "totally",
    "incredibly",
    "super",
    "completely",
    "utterly",
    "truly",
    "such",
    "too",
    "highly",
    "deeply",
    "terribly",
    "awfully",
    "bloody",
    "beyond",
    "insanely",
    "ridiculously",
    "most",
];

/// Words that make it weaker.
pub(super) const WEAKER: &[&str] = &[
    "slightly", "somewhat", "bit", "little", "fairly", "kinda", "sorta", "quite", "rather", "mildly",
];

/// Whether a word turns what follows.
pub(super) fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word) || word.ends_with("n't")
}
