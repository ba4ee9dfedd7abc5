//! Turns of English speech that weigh the feelings beside them.

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
    "pls",
    "plz",
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
    &["less", "so"],
    &["three", "out", "of", "five"],
    &["3", "out", "of", "5"],
    &["3/5"],
];
