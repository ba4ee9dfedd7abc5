//! Texts to vectors, each only once in a lifetime: a file in the build folder keeps them, one for each model.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use acs_ai::embed::{Encoder, ModelFiles, SentenceModel};
use acs_domain::knowledge::Vector;
use acs_domain::port::embed::Role;
use anyhow::{Context, Result};

/// The encoder with its memory.
pub(crate) struct Meanings {
    model: Arc<SentenceModel>,
    encoder: Encoder,
    /// Vectors by the texts as the model was given them.
    known: HashMap<String, Vector>,
    path: PathBuf,
    added: usize,
}

impl Meanings {
    /// The bundled model, with what an earlier run of the same model left behind.
    pub(crate) fn open() -> Result<Self> {
        Self::of_model(SentenceModel::load(ModelFiles::bundled())?)
    }

    /// Any model, in the same way.
    pub(crate) fn of_model(model: Arc<SentenceModel>) -> Result<Self> {
        let letters = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let name: String = model.name().chars().map(letters).collect();
        let path = build_folder()?.join(format!("meanings-{name}"));
        let known = std::fs::read(&path)
            .map(|bytes| unpack(&bytes, model.dimensions()))
            .unwrap_or_default();
        Ok(Self {
            encoder: Encoder::new(Arc::clone(&model)),
            model,
            known,
            path,
            added: 0,
        })
    }

    pub(crate) fn model(&self) -> &Arc<SentenceModel> {
        &self.model
    }

    /// The meaning of something that a customer wrote.
    pub(crate) fn of(&mut self, text: &str) -> Result<Vector> {
        self.of_role(text, Role::Question)
    }

    /// The meaning of something that is found.
    pub(crate) fn of_passage(&mut self, text: &str) -> Result<Vector> {
        self.of_role(text, Role::Passage)
    }

    fn of_role(&mut self, text: &str, role: Role) -> Result<Vector> {
        let prompted = self.model.prompted(text.to_owned(), role);
        if let Some(vector) = self.known.get(&prompted) {
            return Ok(Arc::clone(vector));
        }
        let vector = self.encoder.encode(text, role)?;
        self.known.insert(prompted, Arc::clone(&vector));
        self.added += 1;
        Ok(vector)
    }

    /// Keeps what is new for the next run. What another run has kept meanwhile is embedded again when it is next needed.
    pub(crate) fn save(&self) -> Result<()> {
        if self.added > 0 {
            std::fs::write(&self.path, pack(&self.known))?;
        }
        Ok(())
    }
}

/// Where this program was built: `…/release/examples/name` lies three below it.
fn build_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.ancestors().nth(3).context("the program lies nowhere")?;
    Ok(folder.to_owned())
}

/// Each text with its length before it and its vector behind.
fn pack(known: &HashMap<String, Vector>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (text, vector) in known {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes.extend(vector.iter().flat_map(|value| value.to_le_bytes()));
    }
    bytes
}

fn unpack(mut bytes: &[u8], dimensions: usize) -> HashMap<String, Vector> {
    let mut known = HashMap::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<8>() {
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some((text, rest)) = rest.split_at_checked(length) else {
            break;
        };
        let Some((vector, rest)) = rest.split_at_checked(4 * dimensions) else {
            break;
        };
        let values = vector
            .chunks_exact(4)
            .filter_map(|value| Some(f32::from_le_bytes(value.try_into().ok()?)));
        known.insert(String::from_utf8_lossy(text).into_owned(), values.collect());
        bytes = rest;
    }
    known
}
