//! What an organization teaches: intents, and terms of its own.

use acs_domain::intent::Intent;
use acs_domain::organization::Organization;
use acs_domain::port::store::intent::WrittenIntent;
use acs_domain::port::understand::{Pattern, Product, Synonym, Terms};

use super::{EMBEDDING_MODEL, Sample};

impl Sample {
    /// An intent with phrases, and a vector for each.
    #[must_use]
    pub fn intent(&self, organization: &Organization, name: &str, phrases: &[&str]) -> WrittenIntent {
        WrittenIntent {
            intent: Intent {
                id: self.id(),
                organization_id: organization.id,
                name: name.to_owned(),
                display_name: Some("A wish".to_owned()),
                description: None,
                training_phrases: phrases.iter().map(|&phrase| phrase.to_owned()).collect(),
                response_templates: vec!["Certainly.".to_owned()],
                enabled: true,
                usage_count: 0,
                version: 1,
                created_at: self.now(),
                updated_at: self.now(),
            },
            vectors: phrases.iter().map(|_| self.vector()).collect(),
            embedding_model: EMBEDDING_MODEL.to_owned(),
        }
    }

    /// Terms with a product of this name.
    #[must_use]
    pub fn terms(&self, product: &str) -> Terms {
        Terms {
            country: Some("DE".to_owned()),
            products: vec![Product {
                name: product.to_owned(),
                aliases: vec!["the lamp".to_owned(), "Leuchte \u{1f4a1}".to_owned()],
            }],
            patterns: vec![Pattern {
                kind: "contract_number".to_owned(),
                expression: r"\bVN-(?P<value>\d{4})\b".to_owned(),
                personal: true,
            }],
            synonyms: vec![Synonym {
                name: "lamp".to_owned(),
                aliases: vec!["luminaire".to_owned()],
            }],
        }
    }
}
