//! What speaks for a reply being right: the features of its confidence.

use super::asked::{Wanted, ratio};
use super::lexis;
use super::logistic::probability;
use super::reading::Reading;
use super::select::{Choice, covers};
use super::weights::Weights;

/// What is looked at to tell how likely a reply is right. In this order everywhere.
pub const FEATURES: [&str; 35] = [
    "best sentence score",
    "best sentence cosine",
    "passage cosine",
    "best passage cosine",
    "words in extracts",
    "words in passage",
    "words in title",
    "title asked",
    "neighbouring words",
    "heaviest missing word",
    "particulars missing",
    "particulars unknown",
    "unknown words",
    "margin to next entry",
    "sentence margin to next entry",
    "lead over the field",
    "gives",
    "lacks",
    "wants a way or verdict",
    "shortness of question",
    "words times cosine",
    "title asked times cosine",
    "best passage is first",
    "scaled words score",
    "passage score",
    "passage cosine times words",
    "asked as a customer",
    "as a customer times sentence cosine",
    "as a customer times words",
    "as a customer times passage cosine",
    "told to a customer",
    "to a customer times sentence cosine",
    "to a customer times words",
    "to a customer times passage cosine",
    "mean sentence cosine",
];

/// The features of one reply, in the order of [`FEATURES`].
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The values.
    pub features: [f32; FEATURES.len()],
    /// Whether meanings could be compared, or only words.
    pub has_vector: bool,
}

impl Evidence {
    pub(super) fn new(reading: &Reading<'_>, choice: &Choice) -> Self {
        let asked = &reading.asked;
        let (passage, line) = choice.best;
        let read = &reading.passages[passage];
        let line = &read.lines[line];
        let in_extracts = choice.extracts.iter().fold(0, |words, extract| {
            words | covers(&reading.passages[extract.passage], &extract.lines)
        });
        let missing = asked.all() & !read.covers;
        let entry = read.hit.found.passage.entry_id;
        let others = || {
            reading
                .passages
                .iter()
                .filter(move |other| other.hit.found.passage.entry_id != entry)
        };
        let next_cosine = others().map(|other| other.hit.cosine).fold(0.0, f32::max);
        let next_line = others()
            .flat_map(|other| &other.lines)
            .map(|line| line.cosine)
            .fold(0.0, f32::max);
        let cosines = || reading.passages.iter().map(|read| read.hit.cosine);
        let mean = cosines().sum::<f32>() / ratio(reading.passages.len().max(1), 1);
        let best_cosine = cosines().fold(0.0, f32::max);
        let words = asked.share(read.covers);
        let flag = |is: bool| f32::from(u8::from(is));
        let personal = flag(lexis::PERSONAL.iter().any(|word| asked.names(word)));
        let told = flag(lexis::addresses_reader(&read.hit.found.passage.text));
        let features = [
            probability(choice.score),
            line.cosine,
            read.hit.cosine,
            best_cosine,
            asked.share(in_extracts),
            words,
            asked.share(read.headed),
            read.title_asked,
            line.phrases,
            asked.heaviest(missing),
            share_of(asked.particular & missing, asked.particular),
            share_of(asked.particular & asked.unknown, asked.particular),
            asked.share(asked.unknown),
            read.hit.cosine - next_cosine,
            line.cosine - next_line,
            best_cosine - mean,
            flag(line.gives == Some(true)),
            flag(line.gives == Some(false)),
            flag(matches!(asked.wanted, Wanted::Way | Wanted::Verdict)),
            1.0 / ratio(asked.len().max(1), 1),
            words * line.cosine,
            read.title_asked * read.hit.cosine,
            flag(passage == 0),
            read.hit.lexical / (read.hit.lexical + 10.0),
            read.hit.score,
            read.hit.cosine * words,
            personal,
            personal * line.cosine,
            personal * words,
            personal * read.hit.cosine,
            told,
            told * line.cosine,
            told * words,
            told * read.hit.cosine,
            read.lines.iter().map(|line| line.cosine).sum::<f32>() / ratio(read.lines.len().max(1), 1),
        ];
        Self {
            features,
            has_vector: reading.has_vector,
        }
    }

    /// How likely the reply is right, from 0 to 1.
    pub(super) fn confidence(&self, weights: &Weights) -> f32 {
        let model = if self.has_vector {
            &weights.answer
        } else {
            &weights.answer_by_words
        };
        model.probability(&self.features)
    }
}

fn share_of(part: u64, whole: u64) -> f32 {
    if whole == 0 {
        0.0
    } else {
        ratio(part.count_ones() as usize, whole.count_ones() as usize)
    }
}
