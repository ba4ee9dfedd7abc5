//! Phrases that teach nothing new, or teach two intents at once. They are kept, and named.

use acs_domain::port::understand::{Understanding, Wording};

use crate::error::EngineError;

/// What new phrases are at odds with, by their place among the new: each other, or those that are known. A new phrase that
/// says what its intent knows already is nothing to be told. `name` tells people where a new phrase stands.
pub(super) async fn among(
    understanding: &dyn Understanding,
    known: Vec<Wording>,
    new: Vec<Wording>,
    name: impl Fn(usize) -> String,
) -> Result<Vec<(usize, String)>, EngineError> {
    let (count, mut all) = (known.len(), known);
    all.extend(new);
    let conflicts = understanding.conflicts(all.clone()).await?;
    let mut found = Vec::new();
    for conflict in conflicts {
        let Some(place) = conflict.place.checked_sub(count) else {
            continue;
        };
        let (text, (other, _)) = (&all[conflict.place].1, &all[conflict.first]);
        let first = conflict.first.checked_sub(count).map(&name);
        let message = match (conflict.contradicts, first) {
            (true, Some(first)) => format!("\"{text}\" also teaches {other}: {first}"),
            (true, None) => format!("\"{text}\" also teaches {other}"),
            (false, Some(first)) => format!("\"{text}\" says the same as {first}"),
            (false, None) => continue,
        };
        found.push((place, message));
    }
    Ok(found)
}
