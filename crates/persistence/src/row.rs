//! From stored rows to the domain's values, and back.

use std::fmt::Display;
use std::str::FromStr;

use acs_domain::port::store::StoreError;
use time::OffsetDateTime;
use uuid::Uuid;

/// Microseconds since the epoch: how times are stored.
pub(crate) fn micros(at: OffsetDateTime) -> i64 {
    // 64 bits of microseconds reach 292,000 years: no `OffsetDateTime` lies outside.
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX)
}

/// The row that is being read: what to blame when it does not hold what it should.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) table: &'static str,
    pub(crate) id: Uuid,
}

impl Origin {
    pub(crate) fn corrupt(&self, reason: impl Display) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            id: self.id.to_string(),
            reason: reason.to_string(),
        }
    }

    /// The time of stored microseconds.
    pub(crate) fn time(&self, micros: i64) -> Result<OffsetDateTime, StoreError> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
            .map_err(|error| self.corrupt(error))
    }

    pub(crate) fn opt_time(&self, micros: Option<i64>) -> Result<Option<OffsetDateTime>, StoreError> {
        micros.map(|micros| self.time(micros)).transpose()
    }

    /// The value of a stored word.
    pub(crate) fn word<T: FromStr<Err: Display>>(&self, word: &str) -> Result<T, StoreError> {
        word.parse()
            .map_err(|error| self.corrupt(format!("{word:?} {error}")))
    }

    pub(crate) fn opt_word<T: FromStr<Err: Display>>(
        &self,
        word: Option<&str>,
    ) -> Result<Option<T>, StoreError> {
        word.map(|word| self.word(word)).transpose()
    }

    pub(crate) fn value<T: TryFrom<V, Error: Display>, V>(&self, value: V) -> Result<T, StoreError> {
        T::try_from(value).map_err(|error| self.corrupt(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: Origin = Origin {
        table: "t",
        id: Uuid::nil(),
    };

    proptest! {
        #[test]
        fn a_time_comes_back_as_it_was(stored in -60_000_000_000_000_000_i64..250_000_000_000_000_000) {
            prop_assert_eq!(micros(HERE.time(stored).unwrap()), stored);
        }
    }

    #[test]
    fn what_is_not_a_time_is_a_corrupt_row() {
        assert!(matches!(
            HERE.time(i64::MAX),
            Err(StoreError::Corrupt { table: "t", .. })
        ));
    }
}
