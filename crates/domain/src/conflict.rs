//! Entries of the knowledge that say different things about the same matter.

use acs_core::id::Id;
use time::OffsetDateTime;

use crate::knowledge::EntryId;
use crate::text_enum;

/// The id of a [`Conflict`].
pub type ConflictId = Id<Conflict>;

text_enum! {
    /// In what two sentences differ.
    pub enum Difference {
        /// A sum of money.
        Amount = "amount",
        /// How long something takes, lasts or is open to somebody.
        Duration = "duration",
        /// A day.
        Date = "date",
        /// A time of the day.
        Time = "time",
        /// Any other figure.
        Figure = "figure",
        /// One denies what the other states.
        Denial = "denial",
    }
}

/// What one of two entries says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The entry.
    pub entry_id: EntryId,
    /// The number of the text that says so.
    pub version: i64,
    /// The sentence, as it stands there.
    pub sentence: String,
}

/// Two entries that say different things about the same matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Id.
    pub id: ConflictId,
    /// In what they differ.
    pub difference: Difference,
    /// What they say, the entry with the smaller id first: so two entries are one pair, whichever was compared with the other.
    pub sides: [Side; 2],
    /// When it was found.
    pub found_at: OffsetDateTime,
}

/// A conflict as an editor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenConflict {
    /// The conflict.
    pub conflict: Conflict,
    /// The headlines of the two entries, in the order of the sides.
    pub titles: [String; 2],
}

/// To whom and when an entry speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Its language, a code; `None` where it is for readers of any.
    pub language: Option<String>,
    /// Whom it is for; empty: everybody.
    pub audience: Vec<String>,
    /// When it begins to be true.
    pub valid_from: Option<OffsetDateTime>,
    /// When it stops being true.
    pub expires_at: Option<OffsetDateTime>,
}

impl Reach {
    /// Whether somebody may be told both at one time, and neither is there as the exception to the other: what is for some is
    /// meant to differ from what is for everybody.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let language = self
            .language
            .as_ref()
            .zip(other.language.as_ref())
            .is_none_or(|(one, other)| one == other);
        let audience = match (self.audience.is_empty(), other.audience.is_empty()) {
            (true, true) => true,
            (false, false) => self.audience.iter().any(|one| other.audience.contains(one)),
            _ => false,
        };
        let ends_before = |one: &Self, other: &Self| {
            one.expires_at
                .zip(other.valid_from)
                .is_some_and(|(end, begin)| end <= begin)
        };
        language && audience && !ends_before(self, other) && !ends_before(other, self)
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    fn reach(change: impl FnOnce(&mut Reach)) -> Reach {
        let mut reach = Reach::default();
        change(&mut reach);
        reach
    }

    #[test]
    fn entries_in_two_languages_never_meet_and_one_in_none_meets_all() {
        let german = reach(|it| it.language = Some("de".to_owned()));
        let english = reach(|it| it.language = Some("en".to_owned()));
        assert!(!german.meets(&english) && german.meets(&german));
        assert!(german.meets(&Reach::default()) && Reach::default().meets(&german));
    }

    #[test]
    fn entries_meet_where_they_share_an_audience_and_an_exception_does_not_meet_the_rule() {
        let of =
            |names: &[&str]| reach(|it| it.audience = names.iter().map(|&name| name.to_owned()).collect());
        assert!(of(&["gold"]).meets(&of(&["silver", "gold"])));
        assert!(!of(&["gold"]).meets(&of(&["silver"])));
        assert!(!of(&["gold"]).meets(&of(&[])) && !of(&[]).meets(&of(&["gold"])));
    }

    #[test]
    fn entries_of_which_one_ends_when_the_other_begins_never_meet() {
        let day = OffsetDateTime::UNIX_EPOCH;
        let until = reach(|it| it.expires_at = Some(day));
        let from = reach(|it| it.valid_from = Some(day));
        let before = reach(|it| it.valid_from = Some(day - Duration::DAY));
        assert!(!until.meets(&from) && !from.meets(&until));
        assert!(until.meets(&before) && before.meets(&until) && from.meets(&before));
    }
}
