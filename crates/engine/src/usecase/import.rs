//! What imports have in common: rows that are not taken are told, and the others kept.

mod table;

use serde::{Deserialize, Serialize};

pub use self::table::{Record, Table};
use crate::error::EngineError;

/// How many rows an import has at the most.
pub const MAX_ROWS: usize = 50_000;
/// How many rows are told of at the most: enough to see what is wrong with a file.
const MOST: usize = 1_000;

/// Something to be told of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Where the row begins, counted from 1.
    pub line: usize,
    /// What it is.
    pub message: String,
}

/// Does work that would hold others up where it does not.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, EngineError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| EngineError::Internal(Box::new(error)))
}

/// The remarks in the order of their lines. Of too many the last tells how many there are besides.
pub(super) fn told(mut remarks: Vec<Remark>) -> Vec<Remark> {
    remarks.sort_by_key(|remark| remark.line);
    if remarks.len() > MOST {
        let more = remarks.len() - MOST;
        remarks.truncate(MOST + 1);
        if let Some(last) = remarks.last_mut() {
            last.message = format!("from here on there are {more} more");
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remarks(count: usize) -> Vec<Remark> {
        let remark = |line| Remark {
            line,
            message: "wrong".to_owned(),
        };
        (1..=count).rev().map(remark).collect()
    }

    #[test]
    fn of_too_many_the_first_are_told_and_the_number_of_the_others() {
        let all = told(remarks(MOST));
        assert_eq!((all.len(), all[0].line, all[MOST - 1].line), (MOST, 1, MOST));
        let some = told(remarks(MOST + 234));
        assert_eq!((some.len(), some[MOST].line), (MOST + 1, MOST + 1));
        assert!(some[MOST].message.contains("234 more"), "{:?}", some[MOST]);
    }
}
