//! Known words that look like a word which is not known.

use std::cmp::Reverse;

use acs_domain::port::store::StoreError;
use sea_orm::{QueryResult, Value};

use crate::error::store_error;
use crate::session::Session;

/// For each word so many of the commonest. Comparing them takes a tenth of a millisecond.
const EACH: i64 = 300;
/// A word that was meant has at most so many letters more or fewer.
const LONGER: i64 = 2;
/// Behind every word that begins alike.
const LAST: char = char::MAX;

impl Session {
    /// The commonest words that begin with the letter of one of `words` and are about as long: one range of the index for
    /// each. Both databases order words by their bytes.
    pub(crate) async fn lookalikes(&self, words: &[String]) -> Result<Vec<String>, StoreError> {
        const ONE: &str = "SELECT term, passages FROM (SELECT term, passages FROM term_frequencies \
            WHERE organization_id = $o AND term >= $f AND term < $t AND length(term) BETWEEN $s AND $l \
            ORDER BY passages DESC, term LIMIT $n) AS alike";
        let mut values: Vec<Value> = Vec::new();
        let mut selects = Vec::new();
        for word in words {
            let Some(first) = word.chars().next() else {
                continue;
            };
            let length = i64::try_from(word.chars().count()).unwrap_or(i64::MAX / 2);
            let row: [(&str, Value); 6] = [
                ("$o", self.organization().into()),
                ("$f", first.to_string().into()),
                ("$t", format!("{first}{LAST}").into()),
                ("$s", (length - LONGER).into()),
                ("$l", (length + LONGER).into()),
                ("$n", EACH.into()),
            ];
            let mut select = ONE.to_owned();
            for (name, value) in row {
                values.push(value);
                select = select.replace(name, &format!("${}", values.len()));
            }
            selects.push(select);
        }
        if selects.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.rows(&selects.join(" UNION ALL "), values).await?;
        let read = |row: &QueryResult| -> Result<(Reverse<i64>, String), StoreError> {
            let passages = row.try_get_by_index(1).map_err(store_error)?;
            Ok((Reverse(passages), row.try_get_by_index(0).map_err(store_error)?))
        };
        let mut found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        found.sort_unstable();
        found.dedup();
        Ok(found.into_iter().map(|(_, word)| word).collect())
    }
}
