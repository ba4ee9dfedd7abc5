//! Questions of one meaning, put together: each joins the nearest of the gaps that those before it made, if one is near
//! enough, and else makes a gap of its own (leader clustering, Hartigan 1975). The same questions in the same order always
//! make the same gaps, and a new one never takes an old one out of its gap.

use std::collections::HashMap;

use acs_domain::gap::{Gap, Unanswered};
use acs_domain::port::embed::likeness;

/// Questions as like as this ask the same. Of pairs of differently worded customers' questions with one answer most are as
/// like, of pairs with different answers few.
const SAME: f32 = 0.7;

/// The gaps that questions show, in the order of the first questions. `strangers` gives the cosine of strangers to a model.
pub(super) fn cluster(questions: Vec<Unanswered>, strangers: impl Fn(&str) -> f32) -> Vec<Gap> {
    let mut groups: Vec<Group> = Vec::new();
    let mut written: HashMap<String, usize> = HashMap::new();
    for question in questions {
        let words = words(&question.question);
        let place = written.get(&words).copied().or_else(|| {
            let strangers = strangers(&question.embedding_model);
            nearest(&groups, &question, strangers)
        });
        let place = place.unwrap_or(groups.len());
        written.entry(words).or_insert(place);
        match groups.get_mut(place) {
            Some(group) => group.add(question),
            None => groups.push(Group::of(question)),
        }
    }
    groups.into_iter().map(Group::into_gap).collect()
}

struct Group {
    questions: Vec<Unanswered>,
    /// The sum of the vectors of the first question's model, and its length.
    sum: Vec<f32>,
    length: f32,
}

fn nearest(groups: &[Group], question: &Unanswered, strangers: f32) -> Option<usize> {
    let near = groups.iter().enumerate().filter_map(|(place, group)| {
        let cosine = group.cosine(question)?;
        Some((place, likeness(cosine, strangers))).filter(|(_, likeness)| *likeness >= SAME)
    });
    near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(place, _)| place)
}

impl Group {
    fn of(question: Unanswered) -> Self {
        Self {
            sum: question.vector.to_vec(),
            length: dot(&question.vector, &question.vector).sqrt(),
            questions: vec![question],
        }
    }

    fn add(&mut self, question: Unanswered) {
        if self.is_comparable(&question) {
            for (sum, value) in self.sum.iter_mut().zip(&*question.vector) {
                *sum += value;
            }
            self.length = dot(&self.sum, &self.sum).sqrt();
        }
        self.questions.push(question);
    }

    fn is_comparable(&self, question: &Unanswered) -> bool {
        !question.vector.is_empty()
            && self.questions[0].embedding_model == question.embedding_model
            && self.sum.len() == question.vector.len()
    }

    /// The cosine of a question and what the group asks in the middle; `None` where nothing tells.
    fn cosine(&self, question: &Unanswered) -> Option<f32> {
        let told = self.is_comparable(question) && self.length > 0.0;
        told.then(|| dot(&self.sum, &question.vector) / self.length)
    }

    /// The question that is nearest to the middle first, then the others as they were asked.
    fn into_gap(mut self) -> Gap {
        let distances: Vec<f32> = self
            .questions
            .iter()
            .map(|question| self.cosine(question).unwrap_or(-1.0))
            .collect();
        let middle =
            (0..distances.len()).max_by(|a, b| distances[*a].total_cmp(&distances[*b]).then(b.cmp(a)));
        self.questions[..=middle.unwrap_or(0)].rotate_right(1);
        Gap {
            questions: self.questions,
        }
    }
}

fn words(question: &str) -> String {
    let words = question
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests;
