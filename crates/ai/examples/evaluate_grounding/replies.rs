//! Replies of a model that lies: true sentences, reworded, with lies between them.

use std::time::{Duration, Instant};

use acs_ai::ground::RuleGrounding;
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::ground::{Checker, Grounding, Support};
use anyhow::Result;

use crate::desk::Desk;
use crate::lies::LIES;
use crate::truths::REWORDINGS;

/// How many true sentences a reply has.
const TRUE: usize = 3;

/// A sentence of a reply.
pub(crate) struct Piece {
    pub(crate) text: String,
    /// By what it was made.
    pub(crate) kind: &'static str,
    pub(crate) is_lie: bool,
    pub(crate) held_out: bool,
}

/// A reply about an article.
pub(crate) struct Reply {
    pub(crate) article: usize,
    pub(crate) pieces: Vec<Piece>,
}

/// What became of a piece.
pub(crate) struct Outcome {
    pub(crate) piece: Piece,
    pub(crate) passed: bool,
    pub(crate) how: String,
    /// For each of its sentences, whether its meaning was made, and how long the check took.
    pub(crate) times: Vec<(bool, Duration)>,
}

/// So many replies, the same each time: every way of rewording and lying takes its turn.
pub(crate) fn write(desk: &Desk, count: usize) -> Vec<Reply> {
    let mut replies = Vec::new();
    let mut turn = 0;
    for number in 0..count {
        let article = number * 5 % desk.articles.len();
        let sentences = &desk.articles[article].sentences;
        let mut pieces = Vec::new();
        for at in 0..TRUE.min(sentences.len()) {
            let sentence =
                &sentences[(number / desk.articles.len() * TRUE + number + at * 3) % sentences.len()];
            pieces.extend(take_turn(REWORDINGS.len(), &mut turn, |way| {
                let (kind, held_out, reword) = REWORDINGS[way];
                let text = reword(sentence)?;
                Some(Piece {
                    text,
                    kind,
                    is_lie: false,
                    held_out,
                })
            }));
        }
        for at in 0..2 {
            let sentence = &sentences[(number * 7 + at * 5) % sentences.len()];
            let lie = take_turn(LIES.len(), &mut turn, |way| {
                let (kind, held_out, lie) = LIES[way];
                let text = lie(sentence, number + at)?;
                Some(Piece {
                    text,
                    kind,
                    is_lie: true,
                    held_out,
                })
            });
            // Not at the same place in all replies.
            let place = (number + at) % (pieces.len() + 1);
            pieces.splice(place..place, lie);
        }
        replies.push(Reply { article, pieces });
    }
    replies
}

/// The next way that can be applied.
fn take_turn(ways: usize, turn: &mut usize, apply: impl Fn(usize) -> Option<Piece>) -> Option<Piece> {
    (0..ways).find_map(|_| {
        *turn += 1;
        apply(*turn % ways)
    })
}

/// What became of a sentence.
pub(crate) struct Checked {
    pub(crate) passed: bool,
    pub(crate) how: String,
    /// Whether its meaning was made.
    pub(crate) embedded: bool,
    pub(crate) took: Duration,
}

/// Checks a sentence as in a turn: by words, and by meaning where those leave it open.
pub(crate) async fn check(desk: &Desk, checker: &dyn Checker, sentence: &str) -> Result<Checked> {
    let began = Instant::now();
    let mut support = checker.check(sentence, None);
    let embedded = matches!(support, Support::Open(_));
    if embedded {
        let meaning = desk
            .embedder
            .embed(vec![sentence.trim().to_owned()], Role::Passage)
            .await?;
        support = checker.check(sentence, meaning.first());
    }
    let took = began.elapsed();
    let (passed, how) = match support {
        Support::Supported(ground) => (true, ground.how),
        Support::Courtesy | Support::Apology => (true, "courtesy".to_owned()),
        Support::Open(why) | Support::Unsupported(why) => (false, why),
    };
    Ok(Checked {
        passed,
        how,
        embedded,
        took,
    })
}

/// Checks what arrived of a reply. A piece has passed if every sentence of it has; of a lie, one is too many.
pub(crate) async fn judge(desk: &Desk, grounding: &RuleGrounding, reply: Reply) -> Result<Vec<Outcome>> {
    let checker = grounding.read(&desk.sources(reply.article));
    let mut outcomes = Vec::new();
    for piece in reply.pieces {
        let (mut passed, mut how) = (!piece.is_lie, String::new());
        let mut times = Vec::new();
        for sentence in grounding.sentences(&piece.text) {
            let checked = check(desk, &*checker, sentence).await?;
            times.push((checked.embedded, checked.took));
            // What is left of a lie without its lying part is none.
            passed = if piece.is_lie {
                passed || checked.passed
            } else {
                passed && checked.passed
            };
            how = checked.how;
        }
        outcomes.push(Outcome {
            piece,
            passed,
            how,
            times,
        });
    }
    Ok(outcomes)
}
