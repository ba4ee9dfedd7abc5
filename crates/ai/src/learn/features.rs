//! Texts to numbers: TF-IDF of words and of pieces of words, joined with the embedding.
//!
//! Words tell intents apart that mean nearly the same, pieces forgive spelling, the embedding knows other words for the same
//! thing; a linear classifier over the three together is better than over any of them.

use super::bytes::{BadBytes, Reader, Writer};
use super::grams;

/// One step of a stored weight: weights are kept in 16 bits, and those of 0 to 32 are met.
const STEP: f32 = 1.0 / 2_048.0;

/// What of the training texts is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VocabularyOptions {
    /// A gram that is in fewer texts is left out.
    pub min_texts: u32,
    /// How many words and pairs of words are kept at the most, the most frequent first.
    pub most_words: usize,
    /// How many pieces of words are kept at the most.
    pub most_pieces: usize,
    /// What the embedding is multiplied with. Each of the other two blocks has length 1.
    pub meaning: f32,
}

impl Default for VocabularyOptions {
    fn default() -> Self {
        Self {
            min_texts: 2,
            most_words: 20_000,
            most_pieces: 40_000,
            meaning: 2.0,
        }
    }
}

/// A text as numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// Place and value of what is not zero: each place once.
    pub sparse: Vec<(u32, f32)>,
    /// The scaled embedding; empty when there is none.
    pub dense: Vec<f32>,
}

/// Which grams count, and how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocabulary {
    words: Block,
    pieces: Block,
    meaning: f32,
}

impl Vocabulary {
    /// The vocabulary of these texts.
    #[must_use]
    pub fn learn<'t>(texts: impl IntoIterator<Item = &'t str>, options: &VocabularyOptions) -> Self {
        let (mut words, mut pieces) = (Counter::default(), Counter::default());
        let mut count = 0_u32;
        for text in texts {
            let text = grams::normalized(text);
            words.add(|hashes| grams::words(&text, hashes));
            pieces.add(|hashes| grams::pieces(&text, hashes));
            count = count.saturating_add(1);
        }
        Self {
            words: words.block(count, options.min_texts, options.most_words),
            pieces: pieces.block(count, options.min_texts, options.most_pieces),
            meaning: options.meaning,
        }
    }

    /// How many places there are for sparse features.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len() + self.pieces.len()
    }

    /// Whether no gram is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the embedding is multiplied with.
    #[must_use]
    pub fn meaning(&self) -> f32 {
        self.meaning
    }

    /// How much memory it takes, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        size_of::<Self>() + self.words.size_bytes() + self.pieces.size_bytes()
    }

    /// The features of a text, and of its embedding if there is one.
    #[must_use]
    pub fn features(&self, text: &str, vector: Option<&[f32]>) -> Features {
        let text = grams::normalized(text);
        let mut sparse = Vec::with_capacity(6 * text.len());
        let mut hashes = Vec::with_capacity(4 * text.len());
        grams::words(&text, &mut hashes);
        self.words.weigh(&mut hashes, 0, &mut sparse);
        hashes.clear();
        grams::pieces(&text, &mut hashes);
        // Vocabularies have fewer than 2³² grams.
        self.pieces
            .weigh(&mut hashes, self.words.len() as u32, &mut sparse);
        let dense = vector.map_or_else(Vec::new, |vector| {
            vector.iter().map(|value| value * self.meaning).collect()
        });
        Features { sparse, dense }
    }

    /// Writes the vocabulary.
    pub fn write(&self, writer: &mut Writer) {
        writer.float(self.meaning);
        self.words.write(writer);
        self.pieces.write(writer);
    }

    /// Reads what [`write`](Self::write) wrote.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        Ok(Self {
            meaning: reader.float()?,
            words: Block::read(reader)?,
            pieces: Block::read(reader)?,
        })
    }
}

/// Grams of one kind. Weighed together, their vector has length 1.
#[derive(Debug, Clone, PartialEq)]
struct Block {
    /// In ascending order: a gram's place here is its feature.
    hashes: Vec<u32>,
    /// How rare each is, in [`STEP`]s.
    rarities: Vec<u16>,
    /// Where the hashes with the same upper bits begin; one more than there are such bits.
    starts: Vec<u32>,
    /// By how much a hash is shifted to leave the upper bits.
    shift: u32,
}

impl Block {
    fn new(hashes: Vec<u32>, rarities: Vec<u16>) -> Self {
        // About one hash shares its upper bits with another, so that looking one up is one step.
        let bits = hashes.len().max(2).ilog2().clamp(1, 24);
        let shift = 32 - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for hash in &hashes {
            starts[(hash >> shift) as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        Self {
            hashes,
            rarities,
            starts,
            shift,
        }
    }

    fn len(&self) -> usize {
        self.hashes.len()
    }

    fn size_bytes(&self) -> usize {
        self.hashes.capacity() * 4 + self.rarities.capacity() * 2 + self.starts.capacity() * 4
    }

    fn place(&self, hash: u32) -> Option<u32> {
        let upper = (hash >> self.shift) as usize;
        let (start, end) = (self.starts[upper], self.starts[upper + 1]);
        let place = self.hashes[start as usize..end as usize]
            .binary_search(&hash)
            .ok()?;
        // Within a vocabulary.
        Some(start + place as u32)
    }

    /// Adds the features of these grams, the first place being `first`.
    fn weigh(&self, hashes: &mut Vec<u32>, first: u32, sparse: &mut Vec<(u32, f32)>) {
        // Hashes make room for places.
        let mut known = 0;
        for at in 0..hashes.len() {
            if let Some(place) = self.place(hashes[at]) {
                hashes[known] = place;
                known += 1;
            }
        }
        hashes.truncate(known);
        hashes.sort_unstable();
        let begin = sparse.len();
        let mut squares = 0.0_f32;
        for same in hashes.chunk_by(|a, b| a == b) {
            let times = if same.len() == 1 {
                1.0
            } else {
                1.0 + (same.len() as f32).ln()
            };
            let value = times * f32::from(self.rarities[same[0] as usize]) * STEP;
            squares += value * value;
            sparse.push((first + same[0], value));
        }
        let factor = 1.0 / squares.sqrt().max(f32::MIN_POSITIVE);
        for (_, value) in &mut sparse[begin..] {
            *value *= factor;
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.numbers(&self.hashes);
        writer.halves(&self.rarities);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let (hashes, rarities) = (reader.numbers()?, reader.halves()?);
        if hashes.len() != rarities.len() || !hashes.is_sorted_by(|a, b| a < b) {
            return Err(BadBytes::Inconsistent("vocabulary"));
        }
        Ok(Self::new(hashes, rarities))
    }
}

/// In how many texts grams are.
#[derive(Default)]
struct Counter {
    /// Each text's grams, once.
    seen: Vec<u32>,
    of_text: Vec<u32>,
}

impl Counter {
    fn add(&mut self, grams: impl FnOnce(&mut Vec<u32>)) {
        self.of_text.clear();
        grams(&mut self.of_text);
        self.of_text.sort_unstable();
        self.of_text.dedup();
        self.seen.extend_from_slice(&self.of_text);
    }

    fn block(mut self, texts: u32, min_texts: u32, most: usize) -> Block {
        self.seen.sort_unstable();
        let mut grams: Vec<(u32, u32)> = self
            .seen
            .chunk_by(|a, b| a == b)
            // Counts of texts, which are counted in 32 bits.
            .map(|same| (same[0], same.len() as u32))
            .filter(|(_, count)| *count >= min_texts)
            .collect();
        if grams.len() > most {
            grams.sort_unstable_by_key(|(hash, count)| (std::cmp::Reverse(*count), *hash));
            grams.truncate(most);
            grams.sort_unstable();
        }
        let rarity = |count: u32| {
            let rarity = ((1.0 + f64::from(texts)) / (1.0 + f64::from(count))).ln() + 1.0;
            // At most ln(2³²) + 1: within 16 bits.
            (rarity / f64::from(STEP)).round() as u16
        };
        let (hashes, counts): (Vec<u32>, Vec<u32>) = grams.into_iter().unzip();
        Block::new(hashes, counts.into_iter().map(rarity).collect())
    }
}

#[cfg(test)]
mod tests;
