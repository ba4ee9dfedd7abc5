//! What an organization calls its own things: its products, its forms of numbers, and what its customers say instead.

use std::sync::Arc;

use acs_core::clean::clean;
use acs_domain::access::{Grant, ReadTerms, WriteTerms};
use acs_domain::event::EventKind;
use acs_domain::port::understand::{Terms, UnderstandError};
use serde_json::json;

use crate::error::EngineError;
use crate::ports::Ports;

/// The use cases of terms.
#[derive(Clone)]
pub struct Glossary {
    ports: Arc<Ports>,
}

impl Glossary {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// The organization's terms; empty while it has written none.
    pub async fn get(&self, grant: &Grant<ReadTerms>) -> Result<Terms, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.terms().find().await?.unwrap_or_default())
    }

    /// Puts terms in place of those before. They count from the next message on.
    pub async fn replace(&self, grant: &Grant<WriteTerms>, terms: Terms) -> Result<Terms, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let terms = cleaned(terms);
        match ports.understanding.learn_terms(terms.clone()).await {
            Ok(_usable) => {}
            Err(UnderstandError::BadTerm { term, problem }) => {
                return Err(EngineError::invalid(&field(&terms, &term), problem));
            }
            Err(error) => return Err(error.into()),
        }
        let at = ports.now();
        let organization = scope.organization_id();
        let changed = ports.event(organization, EventKind::TermsChanged, organization, json!({}), at);
        let mut unit = ports.store.begin(scope).await?;
        unit.terms().put(&terms, at).await?;
        unit.outbox().append(&[changed]).await?;
        unit.commit().await?;
        Ok(terms)
    }
}

/// Names without what nobody sees, and the country in its usual form. An expression stays as it is.
fn cleaned(mut terms: Terms) -> Terms {
    let seen = |text: &mut String| *text = clean(text).text.into_owned();
    if let Some(country) = &mut terms.country {
        *country = country.trim().to_ascii_uppercase();
    }
    for product in &mut terms.products {
        seen(&mut product.name);
        product.aliases.iter_mut().for_each(seen);
    }
    for synonym in &mut terms.synonyms {
        seen(&mut synonym.name);
        synonym.aliases.iter_mut().for_each(seen);
    }
    terms
}

/// The field that a refused term stands in.
fn field(terms: &Terms, term: &str) -> String {
    if terms.country.as_deref() == Some(term) {
        return "country".to_owned();
    }
    if let Some(place) = terms.patterns.iter().position(|pattern| pattern.kind == term) {
        return format!("patterns.{place}");
    }
    if let Some(place) = terms.products.iter().position(|product| product.name == term) {
        return format!("products.{place}");
    }
    match terms.synonyms.iter().position(|synonym| synonym.name == term) {
        Some(place) => format!("synonyms.{place}"),
        None => term.to_owned(),
    }
}
