//! The public sets, as knowledge and as questions about it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use acs_domain::knowledge::EntryText;
use anyhow::{Context, Result};
use serde_json::Value;

/// Knowledge, and questions that are put to it.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    /// Whose knowledge it is; empty where it is nobody's.
    pub(crate) company: &'static str,
    pub(crate) entries: Vec<EntryText>,
    pub(crate) cases: Vec<Case>,
}

impl Set {
    /// Adds the labelled questions of a file; `names` are what it calls the entries, in their order.
    pub(crate) fn add_questions(&mut self, file: &Path, names: &[String]) -> Result<()> {
        let questions = read(file)?;
        for asked in questions.as_array().context("the questions are no list")? {
            let question = text(asked, "question");
            let name = asked.get("article").and_then(Value::as_str);
            let entry = name.and_then(|name| names.iter().position(|known| known == name));
            anyhow::ensure!(name.is_none() || entry.is_some(), "no article for: {question}");
            let kinds: &[Kind] = match name {
                Some(_) => &[Kind::Answerable, Kind::Hidden],
                None => &[Kind::NearMiss],
            };
            for kind in kinds {
                self.cases.push(Case {
                    question: question.clone(),
                    kind: *kind,
                    entry,
                    answer: asked.get("answer").and_then(Value::as_str).map(str::to_owned),
                    group: format!("{} {}", self.name, name.unwrap_or(&question)),
                });
            }
        }
        Ok(())
    }
}

/// A question, with what is known about its answer.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) question: String,
    pub(crate) kind: Kind,
    /// The entry that answers it.
    pub(crate) entry: Option<usize>,
    /// The words around the answer, where they are known.
    pub(crate) answer: Option<String>,
    /// What must never be on both sides of a split: the article, the thread.
    pub(crate) group: String,
}

/// Where a question belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The knowledge answers it.
    Answerable,
    /// The same question, while the entry that answers it is hidden and its neighbours are not.
    Hidden,
    /// A question that sounds like this knowledge and is not answered by it.
    NearMiss,
    /// A question about something else.
    OffTopic,
}

/// One of `folds`, the same for the same group ever after.
pub(crate) fn fold(group: &str, folds: u64) -> u64 {
    // SipHash with fixed keys.
    let mut hasher = DefaultHasher::new();
    group.hash(&mut hasher);
    hasher.finish() % folds
}

fn read(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

pub(crate) fn entry(title: String, content: String) -> EntryText {
    EntryText {
        title,
        content,
        category: "general".to_owned(),
        ..EntryText::default()
    }
}

/// XQuAD in English (CC BY-SA 4.0): paragraphs of encyclopedic articles. The title is only the article's number, since
/// the set has none.
pub(crate) fn xquad(data: &Path) -> Result<Set> {
    let articles = read(&data.join("xquad/xquad.en.json"))?;
    let mut set = Set {
        name: "xquad",
        company: "",
        entries: Vec::new(),
        cases: Vec::new(),
    };
    for (number, article) in list(&articles, "data").iter().enumerate() {
        for (place, paragraph) in list(article, "paragraphs").iter().enumerate() {
            let context = text(paragraph, "context");
            for asked in list(paragraph, "qas") {
                let answer = list(asked, "answers").first().cloned().unwrap_or_default();
                let start = usize::try_from(answer.get("answer_start").and_then(Value::as_u64).unwrap_or(0))?;
                let length = text(&answer, "text").chars().count();
                let around: String = context
                    .chars()
                    .skip(start.saturating_sub(8))
                    .take(length + 8.min(start) + 8)
                    .collect();
                for kind in [Kind::Answerable, Kind::Hidden] {
                    set.cases.push(Case {
                        question: text(asked, "question"),
                        kind,
                        entry: Some(set.entries.len()),
                        answer: Some(around.clone()),
                        group: format!("xquad {number}"),
                    });
                }
            }
            set.entries
                .push(entry(format!("Article {number}, part {place}"), context));
        }
    }
    Ok(set)
}

/// StackFAQ (CC BY-SA 3.0): threads of a forum about web applications, and their questions in other words.
pub(crate) fn stackfaq(data: &Path) -> Result<Set> {
    let mut set = Set {
        name: "stackfaq",
        company: "",
        entries: Vec::new(),
        cases: Vec::new(),
    };
    for thread in read(&data.join("stackfaq/threads.json"))?
        .as_array()
        .into_iter()
        .flatten()
    {
        let answers: Vec<&str> = list(thread, "answers").iter().filter_map(Value::as_str).collect();
        set.entries
            .push(entry(text(thread, "question"), answers.join("\n\n")));
    }
    for query in read(&data.join("stackfaq/queries.json"))?
        .as_array()
        .into_iter()
        .flatten()
    {
        let thread = usize::try_from(query.get("thread").and_then(Value::as_u64).unwrap_or(0))?;
        for kind in [Kind::Answerable, Kind::Hidden] {
            set.cases.push(Case {
                question: text(query, "query"),
                kind,
                entry: Some(thread),
                answer: None,
                group: format!("stackfaq {thread}"),
            });
        }
    }
    Ok(set)
}

/// StackFAQ once more, harder: each thread is one short answer under a title that says nothing, and every second question
/// is misspelt. So are most companies' articles and customers.
pub(crate) fn terse(stackfaq: &Set) -> Set {
    let mut set = Set {
        name: "stackfaq terse",
        company: "",
        entries: Vec::new(),
        cases: stackfaq.cases.clone(),
    };
    for thread in &stackfaq.entries {
        let answers: Vec<&str> = thread
            .content
            .split("\n\n")
            .filter(|answer| answer.len() > 80)
            .collect();
        let answer = answers
            .get(1)
            .or(answers.first())
            .copied()
            .unwrap_or(&thread.content);
        let short: String = answer.chars().take(400).collect();
        set.entries.push(EntryText {
            title: "Web applications".to_owned(),
            content: short,
            ..thread.clone()
        });
    }
    for (number, case) in set.cases.iter_mut().enumerate() {
        if number % 4 < 2 {
            case.question = misspelt(&case.question);
        }
    }
    set
}

/// Every third word of five letters or more with its third and fourth letter swapped.
fn misspelt(question: &str) -> String {
    let mut long = 0;
    let words = question.split(' ').map(|word| {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() >= 5 {
            long += 1;
            if long % 3 == 1 {
                letters.swap(2, 3);
            }
        }
        letters.into_iter().collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Every sixth of a bank's articles of tau2-bench (MIT), with the labelled questions of a file.
pub(crate) fn tau2(data: &Path, questions: &Path) -> Result<Set> {
    let mut set = Set {
        name: "tau2 bank",
        company: "Rho-Bank",
        entries: Vec::new(),
        cases: Vec::new(),
    };
    let articles = read(&data.join("tau2-bench/banking_knowledge/articles.json"))?;
    for article in articles.as_array().into_iter().flatten().step_by(6) {
        set.entries
            .push(entry(text(article, "title"), text(article, "content")));
    }
    let titles: Vec<String> = set.entries.iter().map(|entry| entry.title.clone()).collect();
    set.add_questions(questions, &titles)?;
    Ok(set)
}

/// Questions outside all intents of CLINC150 (CC BY 3.0).
pub(crate) fn clinc_out_of_scope(data: &Path) -> Result<Vec<String>> {
    let clinc = read(&data.join("clinc150/data.json"))?;
    let rows = ["oos_train", "oos_val"]
        .into_iter()
        .flat_map(|name| list(&clinc, name));
    Ok(rows
        .filter_map(|row| row.get(0)?.as_str())
        .map(str::to_owned)
        .collect())
}

/// Every thirtieth question of BANKING77 (CC BY 4.0).
pub(crate) fn banking77(data: &Path) -> Result<Vec<String>> {
    let path = data.join("banking77/train.csv");
    let rows = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let question = |row: &str| Some(row.rsplit_once(',')?.0.trim_matches('"').replace("\"\"", "\""));
    Ok(rows
        .lines()
        .skip(1)
        .step_by(30)
        .filter_map(question)
        .filter(|question| question.len() > 10)
        .collect())
}
