//! What of a prompt's sections fits into the model's window.
//!
//! Sections stand in the order of their priority, and the pieces of each in the order in which they are kept. Each section is
//! given its least, in that order; then each is given more, up to its most. Where a piece does not fit, nobody who comes later
//! gets more: what is less important never takes the place of what is more.

/// A kind of thing that a prompt may hold more or less of.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// What it is called in the evidence.
    pub(super) name: &'static str,
    /// What each piece takes, in tokens, the one that is kept first before the others.
    pub(super) pieces: Vec<usize>,
    /// How many pieces it has before sections of less priority have any.
    pub(super) least: usize,
    /// How many tokens it takes at the most.
    pub(super) most: usize,
}

/// How many pieces of each section are kept in so many tokens.
pub(super) fn pack(room: usize, sections: &[Section]) -> Vec<usize> {
    let mut packing = Packing {
        left: room,
        kept: vec![0; sections.len()],
        taken: vec![0; sections.len()],
    };
    let all_fit = packing.fill(sections, |section| section.least);
    if all_fit {
        packing.fill(sections, |section| section.pieces.len());
    }
    packing.kept
}

struct Packing {
    left: usize,
    /// How many pieces each section has.
    kept: Vec<usize>,
    /// How many tokens these take.
    taken: Vec<usize>,
}

impl Packing {
    /// Gives each section up to so many pieces. Whether no piece was left out for want of room.
    fn fill(&mut self, sections: &[Section], up_to: impl Fn(&Section) -> usize) -> bool {
        for (place, section) in sections.iter().enumerate() {
            let (Some(kept), Some(taken)) = (self.kept.get_mut(place), self.taken.get_mut(place)) else {
                continue;
            };
            let wanted = section.pieces.iter().take(up_to(section)).skip(*kept);
            for &piece in wanted {
                if *taken + piece > section.most {
                    break;
                }
                if piece > self.left {
                    return false;
                }
                self.left -= piece;
                *taken += piece;
                *kept += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn section(pieces: &[usize], least: usize, most: usize) -> Section {
        Section {
            name: "",
            pieces: pieces.to_vec(),
            least,
            most,
        }
    }

    #[test]
    fn each_has_its_least_before_anybody_has_more() {
        let sections = [section(&[10, 10, 10], 1, 100), section(&[10, 10], 1, 100)];
        assert_eq!(pack(30, &sections), [2, 1]);
        assert_eq!(pack(50, &sections), [3, 2]);
        assert_eq!(pack(10, &sections), [1, 0]);
    }

    #[test]
    fn nobody_has_more_than_their_most() {
        assert_eq!(
            pack(100, &[section(&[10; 9], 1, 35), section(&[10], 0, 10)]),
            [3, 1]
        );
    }

    fn sections() -> impl Strategy<Value = Vec<Section>> {
        let pieces = prop::collection::vec(1..50_usize, 0..8);
        let any = (pieces, 0..4_usize, 0..200_usize);
        let any = any.prop_map(|(pieces, least, most)| section(&pieces, least, most));
        prop::collection::vec(any, 0..5)
    }

    proptest! {
        #[test]
        fn whatever_is_kept_fits(room in 0..600_usize, sections in sections()) {
            let kept = pack(room, &sections);
            let taken = |(section, kept): (&Section, &usize)| section.pieces.iter().take(*kept).sum::<usize>();
            let each: Vec<usize> = sections.iter().zip(&kept).map(taken).collect();
            prop_assert!(each.iter().sum::<usize>() <= room);
            prop_assert!(each.iter().zip(&sections).all(|(taken, section)| *taken <= section.most));
        }

        #[test]
        fn who_was_cut_for_want_of_room_leaves_those_who_come_later_their_least(
            room in 0..600_usize, sections in sections(),
        ) {
            let kept = pack(room, &sections);
            let is_short = |section: &Section, kept: usize| {
                let next: usize = section.pieces.iter().take(kept + 1).sum();
                kept < section.pieces.len() && next <= section.most
            };
            let short = sections.iter().zip(&kept).position(|(section, kept)| is_short(section, *kept));
            if let Some(short) = short {
                for (section, kept) in sections.iter().zip(&kept).skip(short + 1) {
                    prop_assert!(*kept <= section.least);
                }
            }
        }

        #[test]
        fn more_room_takes_nothing_from_the_first(room in 0..600_usize, sections in sections()) {
            let (less, more) = (pack(room, &sections), pack(room + 10, &sections));
            prop_assert!(less.first() <= more.first());
        }
    }
}
