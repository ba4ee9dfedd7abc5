//! A prompt that is being written: its sections, packed into the room that there is.

use acs_domain::port::chat::{ChatMessage, ChatRole};
use acs_domain::port::prompt::{Cut, PromptError, PromptParts, TemplateFault};

use super::block::{self, PROFILE, SOURCES, STATE, SUMMARY};
use super::pack::{Section, pack};
use super::template::{Put, Template};
use super::{RULES, summary, tokens, window};

/// How often a text that became longer than was thought is written anew, with less.
const TRIES: usize = 4;

/// What a prompt holds besides its template.
pub(super) struct Writing<'a> {
    parts: &'a PromptParts<'a>,
    rules: String,
    manner: String,
    state: String,
    sources: Vec<String>,
    /// The messages that may be held in full, oldest first.
    recent: &'a [ChatMessage],
    /// Oldest first.
    summary: Vec<String>,
}

/// A prompt's text and talk, and what they leave out.
pub(super) struct Written {
    pub(super) system: String,
    pub(super) messages: Vec<ChatMessage>,
    pub(super) cuts: Vec<Cut>,
}

impl<'a> Writing<'a> {
    pub(super) fn new(parts: &'a PromptParts<'a>) -> Result<Self, TemplateFault> {
        let (older, recent) = window::split(parts.history);
        let state = match parts.state {
            "" => &[][..],
            state => &[state.to_owned()],
        };
        let manner: Vec<String> = parts.manner.iter().map(|line| format!("- {line}")).collect();
        Ok(Self {
            rules: RULES.render(words(parts))?,
            manner: manner.join("\n"),
            state: STATE.if_any(state),
            sources: block::sources(parts.hits),
            recent,
            summary: summary::lines(older),
            parts,
        })
    }

    /// Writes as much as fits. The template, the rules, the state and the question are never cut.
    pub(super) fn write(&self, template: Template<'_>) -> Result<Written, PromptError> {
        let parts = self.parts;
        let question = ChatMessage {
            role: ChatRole::User,
            content: parts.question.to_owned(),
        };
        let asked = tokens::message(parts.question);
        let mut frame = tokens::text(&self.system(template, &Kept::default())?);
        let sections = self.sections();
        for _ in 0..TRIES {
            let room = parts
                .room
                .checked_sub(frame + asked)
                .ok_or(PromptError::TooLong)?;
            let kept = Kept::from(&*pack(room, &sections));
            let system = self.system(template, &kept)?;
            let recent = last(self.recent, kept.recent);
            let messages = window::talk(recent, question.clone());
            let talk: usize = messages
                .iter()
                .map(|message| tokens::message(&message.content))
                .sum();
            let surplus = (tokens::text(&system) + talk).saturating_sub(parts.room);
            if surplus == 0 {
                let cuts = kept.cuts(&sections);
                return Ok(Written {
                    system,
                    messages,
                    cuts,
                });
            }
            // A template may say more where a part is there.
            frame += surplus;
        }
        Err(PromptError::TooLong)
    }

    /// By priority. A part's marks go with its first piece.
    fn sections(&self) -> [Section; 4] {
        let marked = |lines: &mut dyn Iterator<Item = &String>, marks: usize| -> Vec<usize> {
            let mut pieces: Vec<usize> = lines.map(|line| tokens::text(line) + 1).collect();
            if let Some(first) = pieces.first_mut() {
                *first += marks;
            }
            pieces
        };
        let marks = |block: block::Block| tokens::text(&block.of(&[])) + 1;
        let recent = self.recent.iter().rev();
        [
            Section {
                name: "passages",
                // Their marks are there in any case.
                pieces: marked(&mut self.sources.iter(), 0),
                least: 1,
                most: 6_000,
            },
            Section {
                name: "recent messages",
                pieces: recent.map(|message| tokens::message(&message.content)).collect(),
                least: 2,
                most: 2_000,
            },
            Section {
                name: "summary",
                pieces: marked(&mut self.summary.iter().rev(), marks(SUMMARY)),
                least: 1,
                most: 800,
            },
            Section {
                name: "profile",
                pieces: marked(&mut self.parts.profile.iter(), marks(PROFILE)),
                least: 1,
                most: 400,
            },
        ]
    }

    fn system(&self, template: Template<'_>, kept: &Kept) -> Result<String, TemplateFault> {
        let first = |lines: &'a [String], count: usize| lines.get(..count).unwrap_or(lines);
        let sources = SOURCES.of(self.sources.get(..kept.passages).unwrap_or(&self.sources));
        let summary = SUMMARY.if_any(last(&self.summary, kept.summary));
        let profile = PROFILE.if_any(first(self.parts.profile, kept.profile));
        let blocks = [
            ("rules", Put::Part(&self.rules)),
            ("manner", Put::Part(&self.manner)),
            ("state", Put::Part(&self.state)),
            ("summary", Put::Part(&summary)),
            ("profile", Put::Part(&profile)),
            ("sources", Put::Part(&sources)),
        ];
        template.render(words(self.parts).into_iter().chain(blocks))
    }
}

fn words<'a>(parts: &PromptParts<'a>) -> [(&'static str, Put<'a>); 3] {
    [
        ("organization", Put::Word(parts.organization)),
        ("agent_name", Put::Word(parts.agent_name)),
        ("language", Put::Word(parts.language)),
    ]
}

/// How many pieces of each section a prompt holds.
#[derive(Default)]
struct Kept {
    passages: usize,
    recent: usize,
    summary: usize,
    profile: usize,
}

impl From<&[usize]> for Kept {
    /// In the order of [`Writing::sections`].
    fn from(kept: &[usize]) -> Self {
        let mut kept = kept.iter().copied();
        let mut next = || kept.next().unwrap_or_default();
        Self {
            passages: next(),
            recent: next(),
            summary: next(),
            profile: next(),
        }
    }
}

impl Kept {
    fn cuts(&self, sections: &[Section]) -> Vec<Cut> {
        let kept = [self.passages, self.recent, self.summary, self.profile];
        let short = sections.iter().zip(kept);
        short
            .filter(|(section, kept)| *kept < section.pieces.len())
            .map(|(section, kept)| Cut {
                section: section.name,
                kept,
                of: section.pieces.len(),
            })
            .collect()
    }
}

fn last<T>(all: &[T], count: usize) -> &[T] {
    all.get(all.len().saturating_sub(count)..).unwrap_or(all)
}
