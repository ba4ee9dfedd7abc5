//! Examination of customers' words, where it does not hold others up.

use std::sync::Arc;

use acs_domain::analysis::{Guard, GuardAction};
use acs_domain::port::guard::{Examiner, Origin};

/// Texts of so many bytes together are examined in well under half a millisecond.
const INLINE_BYTES: usize = 1_000;

/// What is dangerous in each of the texts. A text that could not be examined is refused: nobody knows what is in it.
pub(crate) async fn examine(examiner: &Arc<dyn Examiner>, texts: Vec<String>) -> Vec<Guard> {
    let count = texts.len();
    let look = |examiner: &dyn Examiner, texts: Vec<String>| -> Vec<Guard> {
        let guards = texts.iter().map(|text| examiner.examine(text, Origin::Customer));
        guards.collect()
    };
    if texts.iter().map(String::len).sum::<usize>() <= INLINE_BYTES {
        return look(&**examiner, texts);
    }
    let examiner = examiner.clone();
    let examined = tokio::task::spawn_blocking(move || look(&*examiner, texts)).await;
    examined.unwrap_or_else(|error| {
        tracing::error!(panicked = error.is_panic(), "texts could not be examined");
        let mut refused = Guard::default();
        refused.act(GuardAction::Refused);
        vec![refused; count]
    })
}

/// What is dangerous in one text.
pub(crate) async fn examine_one(examiner: &Arc<dyn Examiner>, text: String) -> Guard {
    examine(examiner, vec![text]).await.pop().unwrap_or_default()
}
