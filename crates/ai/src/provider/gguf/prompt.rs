//! A request as tokens: marks are the template's, words are words.
//!
//! The model's template is filled with places in the stead of words. Only what stands around them is read for marks, so what
//! is said can end no message and begin none, whatever it says.

use acs_domain::port::chat::{ChatMessage, ChatRequest, ChatRole};
use llama_cpp_2::model::{LlamaChatMessage, LlamaChatTemplate, LlamaModel};
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token_type::LlamaTokenAttr;

use super::model::{LoadError, Model};

/// What a place begins and ends with; no template has it.
const EDGE: char = '\u{1}';

const SYSTEM: &str = "system";
const USER: &str = "user";
const ASSISTANT: &str = "assistant";

/// The template cannot take the messages.
#[derive(Debug, thiserror::Error)]
#[error("its chat template does not take such a talk")]
pub(super) struct Untold;

/// What one says, and who.
struct Line<'a> {
    role: &'static str,
    words: &'a str,
}

impl<'a> Line<'a> {
    fn all(request: &'a ChatRequest) -> Vec<Self> {
        let system = Some(Line {
            role: SYSTEM,
            words: &request.system,
        });
        let system = system.filter(|line| !line.words.is_empty());
        system
            .into_iter()
            .chain(request.messages.iter().map(Self::from))
            .collect()
    }
}

impl<'a> From<&'a ChatMessage> for Line<'a> {
    fn from(message: &'a ChatMessage) -> Self {
        Self {
            role: match message.role {
                ChatRole::User => USER,
                ChatRole::Assistant => ASSISTANT,
            },
            words: &message.content,
        }
    }
}

impl Model {
    /// What the model reads, up to where its reply begins.
    pub(super) fn prompt(&self, request: &ChatRequest) -> Result<Vec<LlamaToken>, Untold> {
        let lines = Line::all(request);
        let roles: Vec<&str> = lines.iter().map(|line| line.role).collect();
        let around = around(&self.llama, &self.template, &roles)?;
        let vocab = self.llama.vocab();
        let mut tokens: Vec<LlamaToken> = vocab.should_add_bos().then(|| vocab.bos()).into_iter().collect();
        let mut words = lines.iter().map(|line| line.words);
        for own in &around {
            vocab.tokenize_into(own.as_bytes(), &mut tokens, false, true);
            if let Some(words) = words.next() {
                vocab.tokenize_into(words.as_bytes(), &mut tokens, false, false);
            }
        }
        Ok(tokens)
    }
}

/// What the template writes around messages of these roles: before the first, between each two, and behind the last.
fn around(model: &LlamaModel, template: &LlamaChatTemplate, roles: &[&str]) -> Result<Vec<String>, Untold> {
    let place = |number: usize| format!("{EDGE}{number}{EDGE}");
    let message = |(number, role): (usize, &&str)| LlamaChatMessage::new((*role).to_owned(), place(number));
    let messages: Vec<LlamaChatMessage> = roles
        .iter()
        .enumerate()
        .map(message)
        .collect::<Result<_, _>>()
        .map_err(|_| Untold)?;
    let written = model
        .apply_chat_template(template, &messages, true)
        .map_err(|_| Untold)?;
    let mut around = Vec::with_capacity(roles.len() + 1);
    let mut rest = written.as_str();
    for number in 0..roles.len() {
        let (before, after) = rest.split_once(&place(number)).ok_or(Untold)?;
        around.push(before.to_owned());
        rest = after;
    }
    around.push(rest.to_owned());
    // A place that is left was written twice, or out of order.
    if around.iter().any(|own| own.contains(EDGE)) {
        return Err(Untold);
    }
    Ok(around)
}

/// Checks that the template takes a talk, and that its marks are no words.
pub(super) fn check_template(model: &LlamaModel, template: &LlamaChatTemplate) -> Result<(), LoadError> {
    let around = around(model, template, &[SYSTEM, USER, ASSISTANT, USER])
        .map_err(|_untold| LoadError::StrangeTemplate)?;
    let vocab = model.vocab();
    let is_open = |token: &LlamaToken| {
        let attributes = vocab.attr(*token);
        let piece = vocab.token_to_piece(*token, true, None);
        // Gemma's vocabulary, for one, has marks for runs of white space, which say nothing of who speaks.
        attributes.contains(LlamaTokenAttr::UserDefined) && !piece.trim_ascii().is_empty()
    };
    // As words are read: a mark that is one nevertheless would be one in what customers say.
    let read = |own: &String| vocab.tokenize(own.as_bytes(), false, false);
    if around.iter().flat_map(read).any(|token| is_open(&token)) {
        return Err(LoadError::OpenMarks);
    }
    Ok(())
}
