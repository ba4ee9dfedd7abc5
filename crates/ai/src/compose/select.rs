//! Which sentences answer: at most two extracts, each a run of sentences as the source has them, and the sentence that opens
//! the entry of the first.

use std::ops::Range;

use acs_domain::port::embed::likeness;

use super::asked::Words;
use super::lexis;
use super::logistic::Logistic;
use super::reading::{Line, Read, Reading, cosine};

/// How many code points the extracts have together, at the most.
pub(super) const MAX_CHARS: usize = 640;
/// How many sentences an extract has, besides the lines of a list.
const MAX_SENTENCES: usize = 4;
/// How many lines of a list are kept together.
const MAX_LIST: usize = 12;
/// A sentence beside the best one is taken when its log odds are this little less: about three times less likely.
const NEARLY: f32 = 1.1;
/// One that answers what the best one leaves open may be this much less likely.
const FAINTLY: f32 = 3.0;
/// A second place must cover this share of the question that the first one does not.
const ADDS: f32 = 0.25;

/// What speaks for a sentence as an answer. Set by hand: weights that were trained on sentences known to answer (XQuAD)
/// found the right article of a help centre less often.
const ANSWERS: Logistic<10> = Logistic {
    bias: -4.0,
    weights: [
        4.0,  // cosine with the question
        1.0,  // the passage's cosine
        2.0,  // the passage's score
        2.0,  // how far it is behind the best passage's (never above 0)
        1.0,  // the question's words in it
        1.0,  // the same with those in the headings above it
        0.5,  // the question's neighbouring words that are neighbours in it
        0.3,  // holds what the question wants: a figure, a time, a name
        -0.3, // does not hold it
        -0.5, // asks itself
    ],
};

/// A run of sentences of one passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extract {
    /// Which hit.
    pub(super) passage: usize,
    /// Which of its sentences.
    pub(super) lines: Range<usize>,
}

/// The sentences that were chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// Hit and sentence that fit best.
    pub(super) best: (usize, usize),
    /// The log odds that it answers.
    pub(super) score: f32,
    /// In the order of the reply.
    pub(super) extracts: Vec<Extract>,
    /// The best hit of every entry under another title, with how far its best sentence is behind; the nearest first.
    pub(super) others: Vec<(usize, f32)>,
}

fn log_odds(reading: &Reading<'_>, read: &Read<'_>, line: &Line<'_>) -> f32 {
    let asked = &reading.asked;
    let flag = |is: bool| f32::from(u8::from(is));
    ANSWERS.log_odds(&[
        line.cosine,
        if reading.has_vector { read.hit.cosine } else { 0.0 },
        read.hit.score,
        read.hit.score - reading.best_score,
        asked.share(line.covers),
        asked.share(line.covers | read.headed),
        line.phrases,
        flag(line.gives == Some(true)),
        flag(line.gives == Some(false)),
        flag(line.text.trim_end().ends_with('?')),
    ])
}

/// The best extracts; `None` when nothing found has a sentence.
pub(super) fn choose(reading: &Reading<'_>) -> Option<Choice> {
    let mut scored: Vec<Scored> = Vec::new();
    for (passage, read) in reading.passages.iter().enumerate() {
        for (number, line) in read.lines.iter().enumerate() {
            scored.push(Scored {
                passage,
                line: number,
                score: log_odds(reading, read, line),
            });
        }
    }
    let best = *scored
        .iter()
        .min_by(|a, b| b.score.total_cmp(&a.score).then(a.place().cmp(&b.place())))?;
    let mut page = Page {
        reading,
        scored: &scored,
        extracts: Vec::new(),
        chars: 0,
    };
    page.take(best);
    page.take_second(best);
    page.take_gist(best);
    Some(Choice {
        best: best.place(),
        score: best.score,
        extracts: page.extracts,
        others: others(reading, &scored, best),
    })
}

fn others(reading: &Reading<'_>, scored: &[Scored], best: Scored) -> Vec<(usize, f32)> {
    let title = |passage: usize| reading.passages[passage].hit.found.title.as_str();
    let mut others: Vec<(usize, f32)> = Vec::new();
    for one in scored
        .iter()
        .filter(|one| title(one.passage) != title(best.passage))
    {
        let behind = best.score - one.score;
        match others
            .iter_mut()
            .find(|(passage, _)| title(*passage) == title(one.passage))
        {
            Some(known) if behind < known.1 => *known = (one.passage, behind),
            Some(_) => {}
            None => others.push((one.passage, behind)),
        }
    }
    others.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    others
}

#[derive(Debug, Clone, Copy)]
struct Scored {
    passage: usize,
    line: usize,
    score: f32,
}

impl Scored {
    fn place(&self) -> (usize, usize) {
        (self.passage, self.line)
    }
}

/// The reply as it grows.
struct Page<'r, 'a> {
    reading: &'r Reading<'a>,
    scored: &'r [Scored],
    extracts: Vec<Extract>,
    chars: usize,
}

impl<'a> Page<'_, 'a> {
    fn read(&self, passage: usize) -> &Read<'a> {
        &self.reading.passages[passage]
    }

    fn score(&self, passage: usize, line: usize) -> f32 {
        self.scored
            .iter()
            .find(|scored| scored.place() == (passage, line))
            .map_or(f32::NEG_INFINITY, |scored| scored.score)
    }

    /// Takes a sentence with what belongs to it; the first one always, others when they still fit.
    fn take(&mut self, scored: Scored) {
        let whole = self.whole(scored);
        let lines = self.with_good_neighbours(scored, whole);
        let chars = self.read(scored.passage).text(&lines).chars().count();
        if self.extracts.is_empty() || self.chars + chars <= MAX_CHARS {
            self.chars += chars;
            self.extracts.push(Extract {
                passage: scored.passage,
                lines,
            });
        }
    }

    /// The sentence with its list and with what it points back to.
    fn whole(&self, scored: Scored) -> Range<usize> {
        let read = self.read(scored.passage);
        let lines = &read.lines;
        let mut range = scored.line..scored.line + 1;
        if let Some(list) = list_around(lines, scored.line) {
            range = fitting(read, &list, scored.line);
        }
        while range.start > 0 && range.len() < MAX_SENTENCES && needs_one_before(lines, range.start) {
            range.start -= 1;
        }
        range
    }

    /// The neighbours that answer nearly as well, as long as the extract stays short.
    fn with_good_neighbours(&self, scored: Scored, mut range: Range<usize>) -> Range<usize> {
        let read = self.read(scored.passage);
        let good = |line: usize| self.score(scored.passage, line) >= scored.score - NEARLY;
        let fits = |range: &Range<usize>| self.chars + read.text(range).chars().count() <= MAX_CHARS;
        loop {
            let before = range.start.checked_sub(1).map(|start| start..range.end);
            let after = (range.end < read.lines.len()).then(|| range.start..range.end + 1);
            let plain = |line: usize| !read.lines[line].in_list;
            let grown = match (before, after) {
                _ if range.len() >= MAX_SENTENCES => None,
                (Some(grown), _) if good(grown.start) && plain(grown.start) && fits(&grown) => Some(grown),
                (_, Some(grown)) if good(grown.end - 1) && plain(grown.end - 1) && fits(&grown) => {
                    Some(grown)
                }
                _ => None,
            };
            match grown {
                Some(grown) => range = grown,
                None => return range,
            }
        }
    }

    /// A sentence elsewhere that answers what the first place leaves open.
    fn take_second(&mut self, best: Scored) {
        let covered = self.covered();
        let asked = &self.reading.asked;
        let open = asked.all() & !covered & !asked.unknown;
        let adds = |scored: &Scored| asked.share(self.read(scored.passage).lines[scored.line].covers & open);
        let answers_open_clause = |scored: &Scored| {
            let line = &self.read(scored.passage).lines[scored.line];
            let headed = self.read(scored.passage).headed;
            asked.clauses.len() > 1
                && asked.clauses.iter().any(|clause| {
                    let weight = asked.weight(*clause);
                    asked.weight(clause & covered) < 0.5 * weight
                        && asked.weight(clause & (line.covers | headed)) >= 0.5 * weight
                })
        };
        let second = self
            .scored
            .iter()
            .filter(|scored| !self.has(scored.place()) && !self.repeats(scored.place()))
            .filter(|scored| {
                let near = scored.score >= best.score - NEARLY;
                near || (scored.score >= best.score - FAINTLY
                    && (adds(scored) >= ADDS || answers_open_clause(scored)))
            })
            .min_by(|a, b| b.score.total_cmp(&a.score).then(a.place().cmp(&b.place())))
            .copied();
        if let Some(second) = second {
            self.take(second);
            self.merge();
        }
    }

    /// The sentence that opens the best one's entry, first: most writers put the rule before its exceptions.
    fn take_gist(&mut self, best: Scored) {
        // Who asks two things wants two answers, not more of the first.
        if self.reading.asked.clauses.len() > 1 {
            return;
        }
        let entry = self.read(best.passage).hit.found.passage.entry_id;
        let opens = |scored: &&Scored| {
            let passage = &self.read(scored.passage).hit.found.passage;
            scored.line == 0 && passage.ordinal == 0 && passage.entry_id == entry
        };
        let gist = self.scored.iter().find(opens).copied();
        let wanted = |gist: &Scored| {
            gist.score >= best.score - FAINTLY && !self.has(gist.place()) && !self.repeats(gist.place())
        };
        let taken = self.extracts.len();
        if let Some(gist) = gist.filter(wanted) {
            self.take(gist);
        }
        if self.extracts.len() > taken {
            self.extracts.rotate_right(1);
            self.merge();
        }
    }

    /// The question's words that the extracts have.
    fn covered(&self) -> Words {
        self.extracts.iter().fold(0, |words, extract| {
            words | covers(self.read(extract.passage), &extract.lines)
        })
    }

    fn has(&self, (passage, line): (usize, usize)) -> bool {
        self.extracts
            .iter()
            .any(|extract| extract.passage == passage && extract.lines.contains(&line))
    }

    /// Whether a sentence says what is already there.
    fn repeats(&self, (passage, line): (usize, usize)) -> bool {
        const SAME: f32 = 0.9;
        let line = &self.read(passage).lines[line];
        let strangers = self.reading.strangers;
        let same = |a: &[f32], b: &[f32]| likeness(cosine(a, b), strangers) > SAME;
        self.extracts.iter().any(|extract| {
            self.read(extract.passage).lines[extract.lines.clone()]
                .iter()
                .any(|taken| taken.text == line.text || same(taken.vector, line.vector))
        })
    }

    /// Brings the first two extracts into the order of their passage, if it is one, and joins them where they touch.
    fn merge(&mut self) {
        let [first, second, ..] = self.extracts.as_mut_slice() else {
            return;
        };
        if first.passage != second.passage {
            return;
        }
        if second.lines.start < first.lines.start {
            std::mem::swap(first, second);
        }
        if second.lines.start <= first.lines.end {
            first.lines.end = first.lines.end.max(second.lines.end);
            self.extracts.remove(1);
        }
    }
}

/// The question's words in some sentences of a passage and the headings above them.
pub(super) fn covers(read: &Read<'_>, lines: &Range<usize>) -> Words {
    read.lines[lines.clone()]
        .iter()
        .fold(read.headed, |words, line| words | line.covers)
}

/// The list that a sentence belongs to or leads into, with the sentence that leads into it.
fn list_around(lines: &[Line<'_>], line: usize) -> Option<Range<usize>> {
    let leads = |line: usize| !lines[line].in_list && lines[line].text.trim_end().ends_with(':');
    let first = if lines[line].in_list {
        line
    } else if leads(line) && lines.get(line + 1).is_some_and(|next| next.in_list) {
        line + 1
    } else {
        return None;
    };
    let start = (0..first)
        .rev()
        .take_while(|line| lines[*line].in_list)
        .last()
        .unwrap_or(first);
    let end = (first..lines.len())
        .find(|line| !lines[*line].in_list)
        .unwrap_or(lines.len());
    let is_led = start > 0 && (leads(start - 1) || lines[start].is_step);
    Some(start - usize::from(is_led)..end)
}

/// As much of a list as a reply holds: all of it, else its beginning when that has the sentence, else its line alone.
fn fitting(read: &Read<'_>, list: &Range<usize>, line: usize) -> Range<usize> {
    let fits =
        |range: &Range<usize>| range.len() <= MAX_LIST + 1 && read.text(range).chars().count() <= MAX_CHARS;
    if fits(list) {
        return list.clone();
    }
    let start = (0..=line)
        .rev()
        .find(|line| read.lines[*line].opens_line)
        .unwrap_or(line);
    let end = (line + 1..list.end)
        .find(|line| read.lines[*line].opens_line)
        .unwrap_or(list.end);
    let whole_lines = |end: &usize| read.lines.get(*end).is_none_or(|next| next.opens_line);
    let beginning = (end..list.end)
        .filter(whole_lines)
        .map(|end| list.start..end)
        .rfind(fits);
    beginning.unwrap_or(start..end)
}

fn needs_one_before(lines: &[Line<'_>], line: usize) -> bool {
    !lines[line].in_list && lexis::points_back(lines[line].text)
}
