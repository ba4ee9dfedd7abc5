//! What speaks for a reply being right: the features of its confidence.

use super::asked::ratio;
use super::lexis;
use super::logistic::probability;
use super::reading::Reading;
use super::select::{Choice, covers};
use super::weights::Weights;

/// What is looked at to tell how likely a reply is right. In this order everywhere.
pub const FEATURES: [&str; 23] = [
    "best sentence score",
    "best sentence cosine",
    "passage cosine",
    "words in extracts",
    "words in passage",
    "neighbouring words",
    "heaviest missing word",
    "particulars missing",
    "particulars unknown",
    "margin to next entry",
    "sentence margin to next entry",
    "lead over the field",
    "gives",
    "shortness of question",
    "words times passage cosine",
    "asked as a customer",
    "as a customer times words",
    "as a customer times passage cosine",
    "told to a customer",
    "to a customer times words",
    "to a customer times passage cosine",
    "words that nothing found has",
    "names the company",
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
        let cosine = read.hit.cosine;
        let flag = |is: bool| f32::from(u8::from(is));
        let personal = flag(lexis::PERSONAL.iter().any(|word| asked.names(word)));
        let telling = reading
            .passages
            .iter()
            .filter(|read| lexis::addresses_reader(&read.hit.found.passage.text));
        let told = ratio(telling.count(), reading.passages.len().max(1));
        // A foreign name or thing in a familiar sentence: the meaning is near all the same, and only the word tells.
        let foreign = asked.unknown & !asked.filler & !asked.own;
        let features = [
            probability(choice.score),
            line.cosine,
            cosine,
            asked.share(in_extracts),
            words,
            line.phrases,
            asked.heaviest(missing & !asked.own),
            share_of(asked.particular & missing, asked.particular),
            share_of(asked.particular & asked.unknown, asked.particular),
            cosine - next_cosine,
            line.cosine - next_line,
            best_cosine - mean,
            flag(line.gives == Some(true)),
            1.0 / ratio(asked.len().max(1), 1),
            words * cosine,
            personal,
            personal * words,
            personal * cosine,
            told,
            told * words,
            told * cosine,
            asked.share(foreign),
            flag(asked.own != 0),
        ];
        Self {
            features,
            has_vector: reading.has_vector,
        }
    }

    /// How likely the reply is right, from 0 to 1.
    pub(super) fn confidence(&self, weights: &Weights) -> f32 {
        let model = if self.has_vector {
            &weights.with_meaning
        } else {
            &weights.by_words
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
