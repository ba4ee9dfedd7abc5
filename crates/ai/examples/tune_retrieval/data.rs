//! The sets of entries and questions, read from their public forms.

use std::path::Path;

use acs_domain::knowledge::EntryText;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Entries, and questions with the entries that answer them.
#[derive(Clone)]
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) entries: Vec<EntryText>,
    pub(crate) questions: Vec<Question>,
    /// Whether people asked so.
    pub(crate) is_natural: bool,
}

impl Set {
    pub(crate) fn named(&self, name: &'static str) -> Self {
        Self { name, ..self.clone() }
    }

    /// The same questions, with every third of their words of five letters or more misspelt: its third and fourth letter in
    /// each other's place.
    pub(crate) fn misspelt(&self) -> Self {
        let mut set = self.clone();
        set.is_natural = false;
        for question in &mut set.questions {
            let mut long = 0;
            let words = question.text.split(' ').map(|word| {
                let mut letters: Vec<char> = word.chars().collect();
                if letters.len() >= 5 {
                    long += 1;
                    if long % 3 == 1 {
                        letters.swap(2, 3);
                    }
                }
                letters.into_iter().collect::<String>()
            });
            question.text = words.collect::<Vec<_>>().join(" ");
        }
        set
    }
}

/// A question.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) text: String,
    /// Places of the right entries.
    pub(crate) right: Vec<usize>,
    /// Questions of one group go to the same side of a split.
    pub(crate) group: usize,
    pub(crate) kind: String,
}

/// StackFAQ (Karan and Šnajder 2018): threads of a question and its answers, asked in other words.
pub(crate) fn stackfaq(folder: &Path) -> Result<Set> {
    #[derive(Deserialize)]
    struct Thread {
        question: String,
        answers: Answers,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Answers {
        One(String),
        Several(Vec<String>),
    }
    #[derive(Deserialize)]
    struct Query {
        thread: usize,
        query: String,
    }
    let threads: Vec<Thread> = json(&folder.join("stackfaq/threads.json"))?;
    let queries: Vec<Query> = json(&folder.join("stackfaq/queries.json"))?;
    let content = |answers: &Answers| match answers {
        Answers::One(answer) => answer.clone(),
        Answers::Several(answers) => answers.join("\n\n"),
    };
    Ok(Set {
        name: "StackFAQ",
        entries: threads
            .iter()
            .map(|thread| entry(&thread.question, &content(&thread.answers)))
            .collect(),
        questions: queries
            .into_iter()
            .map(|query| question(query.query, vec![query.thread], query.thread))
            .collect(),
        is_natural: true,
    })
}

/// XQuAD (Artetxe et al. 2020): English paragraphs, and the questions that they answer in one of its languages.
pub(crate) fn xquad(folder: &Path, asked_in: &str) -> Result<Set> {
    #[derive(Deserialize)]
    struct File {
        data: Vec<Article>,
    }
    #[derive(Deserialize)]
    struct Article {
        paragraphs: Vec<Paragraph>,
    }
    #[derive(Deserialize)]
    struct Paragraph {
        context: String,
        qas: Vec<Asked>,
    }
    #[derive(Deserialize)]
    struct Asked {
        question: String,
    }
    let read = |language: &str| -> Result<Vec<Paragraph>> {
        let file: File = json(&folder.join(format!("xquad/xquad.{language}.json")))?;
        Ok(file
            .data
            .into_iter()
            .flat_map(|article| article.paragraphs)
            .collect())
    };
    let mut set = Set {
        name: "XQuAD-en",
        entries: Vec::new(),
        questions: Vec::new(),
        is_natural: true,
    };
    // The languages are parallel, paragraph by paragraph.
    for (english, foreign) in read("en")?.into_iter().zip(read(asked_in)?) {
        let place = set.entries.len();
        set.entries.push(entry("", &english.context));
        set.questions.extend(
            foreign
                .qas
                .into_iter()
                .map(|asked| question(asked.question, vec![place], place)),
        );
    }
    Ok(set)
}

/// The bank of tau2-bench: articles, and whole scenarios with the articles that are needed.
pub(crate) fn tau2(folder: &Path) -> Result<Set> {
    #[derive(Deserialize)]
    struct Article {
        id: String,
        title: String,
        content: String,
    }
    #[derive(Deserialize)]
    struct Task {
        user_scenario: Scenario,
        required_documents: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Scenario {
        instructions: String,
    }
    let articles: Vec<Article> = json(&folder.join("tau2-bench/banking_knowledge/articles.json"))?;
    let tasks: Vec<Task> = json(&folder.join("tau2-bench/banking_knowledge/tasks.json"))?;
    let questions = tasks.into_iter().enumerate().map(|(number, task)| {
        let needed = &task.required_documents;
        let right = (0..articles.len())
            .filter(|&at| needed.contains(&articles[at].id))
            .collect();
        question(task.user_scenario.instructions, right, number)
    });
    let questions = questions.collect();
    let entries = articles
        .iter()
        .map(|article| entry(&article.title, &article.content))
        .collect();
    Ok(Set {
        name: "tau2 bank, scenarios",
        entries,
        questions,
        is_natural: true,
    })
}

/// The sample company that ACS comes with.
pub(crate) fn demo() -> Result<Set> {
    #[derive(Deserialize)]
    struct Asked {
        question: String,
        article: Option<String>,
        kind: String,
    }
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/demo"));
    let asked: Vec<Asked> = json(&folder.join("questions.json"))?;
    let mut names = Vec::new();
    let mut entries = Vec::new();
    for file in std::fs::read_dir(folder.join("knowledge"))? {
        let path = file?.path();
        names.push(
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        );
        entries.push(front_matter(&std::fs::read_to_string(&path)?));
    }
    let place = |asked: &Asked| names.iter().position(|name| Some(name) == asked.article.as_ref());
    let questions = asked
        .iter()
        .filter_map(|asked| {
            let place = place(asked)?;
            Some(Question {
                kind: asked.kind.clone(),
                ..question(asked.question.clone(), vec![place], place)
            })
        })
        .collect();
    Ok(Set {
        name: "sample company",
        entries,
        questions,
        is_natural: true,
    })
}

/// An article with its fields above it, between lines of `---`.
fn front_matter(text: &str) -> EntryText {
    let (fields, content) = text
        .trim_start_matches("---\n")
        .split_once("\n---\n")
        .unwrap_or(("", text));
    let field = |name: &str| {
        let line = fields
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(|value| value.trim_matches('"').to_owned())
    };
    let tags = field("tags").unwrap_or_default();
    EntryText {
        summary: field("summary"),
        tags: tags
            .trim_matches(['[', ']'])
            .split(", ")
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect(),
        ..entry(&field("title").unwrap_or_default(), content)
    }
}

fn entry(title: &str, content: &str) -> EntryText {
    EntryText {
        title: title.to_owned(),
        content: content.to_owned(),
        ..EntryText::default()
    }
}

fn question(text: String, right: Vec<usize>, group: usize) -> Question {
    Question {
        text,
        right,
        group,
        kind: String::new(),
    }
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}
