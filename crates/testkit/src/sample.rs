//! Entities with plausible values. The same seed gives the same ids and vectors.

mod recorded;
mod taught;

use std::sync::Arc;
use std::time::Duration;

use acs_core::clock::{Clock, ManualClock};
use acs_core::entropy::{Entropy, SeededEntropy};
use acs_core::id::Id;
use acs_domain::access::{Role, Scope};
use acs_domain::analysis::Analysis;
use acs_domain::api_key::{ApiKey, ApiScope};
use acs_domain::budget::ModelBudget;
use acs_domain::conversation::{Channel, Conversation, NewConversation, Priority, Status};
use acs_domain::escalation::Escalation;
use acs_domain::event::{Event, EventKind};
use acs_domain::idempotency::Claim;
use acs_domain::knowledge::{Entry, EntryId, EntryText, Passage, Sentence, Vector};
use acs_domain::message::{ContentType, Message, SenderType};
use acs_domain::organization::{Limits, Organization, Settings, SubscriptionStatus, Tier, Usage};
use acs_domain::port::store::Store;
use acs_domain::port::store::knowledge::{Filter, SearchQuery, WrittenEntry};
use acs_domain::session::RefreshToken;
use acs_domain::turn::{Evidence, Outcome, Turn, TurnResult, TurnState};
use acs_domain::user::User;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

/// The length of sample vectors: that of the embedding model that ships with the program.
pub const DIMENSIONS: usize = 384;

/// The model that sample vectors are said to be of.
pub const EMBEDDING_MODEL: &str = "sample";

/// Makes entities.
#[derive(Debug)]
pub struct Sample {
    entropy: SeededEntropy,
    clock: ManualClock,
}

impl Default for Sample {
    fn default() -> Self {
        Self::new(7)
    }
}

impl Sample {
    /// A maker whose ids and vectors depend on `seed` alone. Its clock stands at noon of 2026-03-10 (UTC).
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            entropy: SeededEntropy::new(seed),
            clock: ManualClock::new(datetime!(2026-03-10 12:00 UTC)),
        }
    }

    /// The clock of the sample.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// Moves the clock.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// A new id. The clock moves on by a millisecond, so that ids are in the order of their making.
    pub fn id<T>(&self) -> Id<T> {
        self.clock.advance(Duration::from_millis(1));
        Id::generate(&self.entropy, self.now())
    }

    /// A random text of hexadecimal digits, as a hash is.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.entropy.fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// An organization with every field set and a slug of its own.
    #[must_use]
    pub fn organization(&self) -> Organization {
        let id = self.id();
        let at = self.now();
        let code = self.hash();
        Organization {
            id,
            slug: format!("acme-{}", &code[..12]),
            name: "Acme Ltd".to_owned(),
            display_name: Some("Acme".to_owned()),
            description: Some("Sells anvils".to_owned()),
            website: Some("https://acme.example".to_owned()),
            logo_url: Some("https://acme.example/logo.svg".to_owned()),
            salesforce_org_id: Some("00D000000000062".to_owned()),
            tier: Tier::Starter,
            subscription_status: SubscriptionStatus::Active,
            trial_ends_at: Some(at + Duration::from_secs(86_400)),
            subscription_expires_at: None,
            limits: Limits::of(Tier::Starter),
            budget: ModelBudget {
                tokens_per_month: Some(1_000_000),
                cost_micros_per_conversation: Some(250_000),
                ..ModelBudget::default()
            },
            usage: Usage {
                month: acs_domain::organization::month_number(at),
                ..Usage::default()
            },
            settings: Settings {
                unknown_threshold: Some(0.45),
                ..Settings::default()
            },
            features: map(json!({ "beta": true })),
            branding: map(json!({ "color": "#225588" })),
            timezone: "Europe/Berlin".to_owned(),
            default_language: "en".to_owned(),
            supported_languages: vec!["en".to_owned(), "de".to_owned()],
            allowed_domains: vec!["acme.example".to_owned()],
            ip_allow_list: vec!["192.0.2.0/24".to_owned()],
            require_mfa: false,
            is_active: true,
            is_verified: true,
            is_demo: false,
            metadata: map(json!({ "nested": { "list": [1, "zwei", null] } })),
            tags: vec!["pilot".to_owned()],
            knowledge_version: 1,
            intents_version: 1,
            intent_head_version: 2,
            terms_version: 3,
            model_keys_version: 4,
            embedding_model: EMBEDDING_MODEL.to_owned(),
            created_at: at,
            updated_at: at,
        }
    }

    /// A member of the staff with an address of its own.
    #[must_use]
    pub fn staff(&self, organization: &Organization, role: Role) -> User {
        let mut user = User::new(self.id(), organization.id, role, self.now());
        user.email = Some(format!("ann.{}@acme.example", &self.hash()[..12]));
        user.password_hash = Some("$argon2id$v=19$m=16,t=2,p=1$c2FsdHNhbHQ$aGFzaA".to_owned());
        user.first_name = Some("Ann".to_owned());
        user.last_name = Some("Müller".to_owned());
        user.timezone = Some("Europe/Berlin".to_owned());
        user.attributes = map(json!({ "desk": 4 }));
        user.tags = vec!["mornings".to_owned()];
        user
    }

    /// A customer with the organization's own id for it.
    #[must_use]
    pub fn customer(&self, organization: &Organization, external_id: &str) -> User {
        let mut user = User::new(self.id(), organization.id, Role::Customer, self.now());
        user.external_id = Some(external_id.to_owned());
        user.customer_tier = Some("gold".to_owned());
        user
    }

    /// An API key that may do everything.
    #[must_use]
    pub fn api_key(&self, organization: &Organization) -> ApiKey {
        ApiKey {
            id: self.id(),
            organization_id: organization.id,
            name: "shop".to_owned(),
            prefix: "acs_1a2b".to_owned(),
            hash: self.hash(),
            scopes: vec![ApiScope::Converse, ApiScope::KnowledgeWrite],
            created_by: None,
            created_at: self.now(),
            expires_at: Some(self.now() + Duration::from_secs(3_600)),
            revoked_at: None,
            last_used_at: None,
        }
    }

    /// A refresh token of a sign-in of its own, for an hour.
    #[must_use]
    pub fn refresh_token(&self, user: &User) -> RefreshToken {
        RefreshToken {
            id: self.id(),
            organization_id: user.organization_id,
            family_id: self.id(),
            user_id: user.id,
            hash: self.hash(),
            created_at: self.now(),
            expires_at: self.now() + Duration::from_secs(3_600),
            spent_at: None,
            revoked_at: None,
        }
    }

    /// A conversation of a customer on the web.
    #[must_use]
    pub fn conversation(&self, customer: &User) -> Conversation {
        Conversation::begin(NewConversation {
            id: self.id(),
            organization_id: customer.organization_id,
            customer_id: customer.id,
            customer_external_id: customer.external_id.clone().expect("customers have one"),
            channel: Channel::Web,
            priority: Priority::MEDIUM,
            metadata: map(json!({ "page": "/cart" })),
            at: self.now(),
        })
    }

    /// What a customer says as message number `seq`.
    #[must_use]
    pub fn message(&self, conversation: &Conversation, seq: i64) -> Message {
        Message {
            id: self.id(),
            organization_id: conversation.organization_id,
            conversation_id: conversation.id,
            seq,
            reply_to: None,
            sender_type: SenderType::User,
            sender_id: Some(conversation.customer_external_id.clone()),
            sender_name: Some("Zoë".to_owned()),
            content: format!("Where is my order? 🙂 ({seq})"),
            content_type: ContentType::Text,
            attachments: vec![json!({ "name": "photo.jpg", "size": 12_345 })],
            citations: Vec::new(),
            metadata: map(json!({ "client_id": "c-1" })),
            created_at: self.now(),
        }
    }

    /// The turn of a customer's message, waiting.
    #[must_use]
    pub fn turn(&self, message: &Message) -> Turn {
        Turn {
            id: self.id(),
            organization_id: message.organization_id,
            conversation_id: message.conversation_id,
            message_id: message.id,
            message_seq: message.seq,
            state: TurnState::Queued,
            lease: None,
            attempts: 0,
            created_at: self.now(),
            result: None,
        }
    }

    /// How a turn ended that had an answer.
    #[must_use]
    pub fn turn_result(&self) -> TurnResult {
        TurnResult {
            outcome: Outcome::Answered,
            reply_id: Some(self.id()),
            response: Some("It is on its way.".to_owned()),
            confidence: 0.81,
            offers_person: false,
            status: Status::WaitingForUser,
            analysis: Analysis::default(),
            citations: Vec::new(),
            follow_up_questions: vec!["When does it arrive?".to_owned()],
            model_used: "composer".to_owned(),
            fallback_level: 0,
            tokens_used: 12,
            processing_time_ms: 14.25,
            evidence: Evidence {
                knowledge_version: 3,
                prompt: Some(json!({ "system": "You help." })),
                ..Evidence::default()
            },
            erased: false,
            completed_at: self.now(),
        }
    }

    /// A call for a person.
    #[must_use]
    pub fn escalation(&self, conversation: &Conversation) -> Escalation {
        Escalation {
            id: self.id(),
            organization_id: conversation.organization_id,
            conversation_id: conversation.id,
            reason: "asked for a person".to_owned(),
            priority: Priority::HIGH,
            assigned_to: None,
            sla_deadline: self.now() + Duration::from_secs(3_600),
            created_at: self.now(),
            acknowledged_at: None,
            resolved_at: None,
        }
    }

    /// An event about an organization.
    #[must_use]
    pub fn event(&self, organization: &Organization) -> Event {
        Event {
            id: self.id(),
            organization_id: organization.id,
            kind: EventKind::OrganizationCreated,
            version: 1,
            subject: organization.id.as_uuid(),
            payload: json!({ "slug": organization.slug }),
            at: self.now(),
        }
    }

    /// A claim of the caller `shop` with this key.
    #[must_use]
    pub fn claim(&self, key: &str) -> Claim {
        Claim {
            caller: "shop".to_owned(),
            operation: "POST /conversations".to_owned(),
            key: key.to_owned(),
            request_hash: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef".to_owned(),
            at: self.now(),
        }
    }

    /// A knowledge entry with one passage of these words, separated by blanks.
    #[must_use]
    pub fn entry(&self, organization: &Organization, title: &str, words: &str) -> WrittenEntry {
        let id = self.id();
        let passage = self.passage(id, 0, words);
        WrittenEntry {
            entry: Entry {
                id,
                organization_id: organization.id,
                text: EntryText {
                    title: title.to_owned(),
                    content: words.to_owned(),
                    category: "general".to_owned(),
                    subcategory: Some("basics".to_owned()),
                    tags: vec!["faq".to_owned()],
                    summary: Some("In short.".to_owned()),
                    source: Some("handbook".to_owned()),
                    source_url: Some("https://acme.example/help".to_owned()),
                    ..EntryText::default()
                },
                version: 1,
                revision: 0,
                author_id: None,
                usage_count: 0,
                success_count: 0,
                created_at: self.now(),
                updated_at: self.now(),
            },
            passages: vec![passage],
            embedding_model: EMBEDDING_MODEL.to_owned(),
        }
    }

    /// A passage of these words, with a random vector for it and one for each of its two sentences.
    #[must_use]
    pub fn passage(&self, entry_id: EntryId, ordinal: i64, words: &str) -> Passage {
        let half = words
            .char_indices()
            .nth(words.chars().count() / 2)
            .map_or(0, |(at, _)| at);
        let sentence = |start, end| Sentence {
            start,
            end,
            vector: self.vector(),
        };
        Passage {
            id: self.id(),
            entry_id,
            ordinal,
            heading: "Help › Orders".to_owned(),
            text: words.to_owned(),
            terms: words.split_whitespace().map(str::to_owned).collect(),
            vector: self.vector(),
            sentences: vec![sentence(0, half), sentence(half, words.len())],
        }
    }

    /// A random unit vector of [`DIMENSIONS`].
    #[must_use]
    pub fn vector(&self) -> Vector {
        let mut bytes = vec![0_u8; DIMENSIONS];
        self.entropy.fill(&mut bytes);
        unit(bytes.iter().map(|byte| f32::from(*byte) - 127.5))
    }

    /// A unit vector that is near to another: their cosine is about 0.95.
    #[must_use]
    pub fn vector_near(&self, other: &[f32]) -> Vector {
        let noise = self.vector();
        unit(other.iter().zip(&*noise).map(|(a, b)| a + b * 0.33))
    }

    /// A search for these words, separated by blanks, at the present time.
    #[must_use]
    pub fn query(&self, words: &str, vector: Option<&Vector>) -> SearchQuery {
        SearchQuery {
            terms: words.split_whitespace().map(str::to_owned).collect(),
            vector: vector.map(Arc::clone),
            embedding_model: EMBEDDING_MODEL.to_owned(),
            only: Filter::default(),
            of: Vec::new(),
            at: self.now(),
            candidates: 10,
        }
    }
}

/// An organization that is in the store.
pub async fn add_organization(store: &dyn Store, sample: &Sample) -> Organization {
    let organization = sample.organization();
    insert_organization(store, &organization).await;
    organization
}

/// Puts an organization into the store.
pub async fn insert_organization(store: &dyn Store, organization: &Organization) {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.organizations().insert(organization).await.unwrap();
    unit.commit().await.unwrap();
}

/// A customer who is in the store.
pub async fn add_customer(store: &dyn Store, sample: &Sample, organization: &Organization) -> User {
    let customer = sample.customer(organization, &format!("customer-{}", &sample.hash()[..12]));
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&customer).await.unwrap();
    unit.commit().await.unwrap();
    customer
}

/// A conversation that is in the store, with its customer.
pub async fn add_conversation(
    store: &dyn Store,
    sample: &Sample,
    organization: &Organization,
) -> Conversation {
    let customer = add_customer(store, sample, organization).await;
    let mut conversation = sample.conversation(&customer);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    conversation.number = unit.conversations().insert(&conversation).await.unwrap();
    unit.commit().await.unwrap();
    conversation
}

/// A message and its waiting turn, both in the store.
pub async fn add_turn(store: &dyn Store, sample: &Sample, conversation: &Conversation, seq: i64) -> Turn {
    let message = sample.message(conversation, seq);
    let turn = sample.turn(&message);
    let mut unit = store
        .begin(Scope::trusted(conversation.organization_id))
        .await
        .unwrap();
    unit.messages()
        .insert(std::slice::from_ref(&message))
        .await
        .unwrap();
    unit.turns().insert(&turn).await.unwrap();
    unit.commit().await.unwrap();
    turn
}

/// Puts knowledge into the store.
pub async fn put_knowledge(store: &dyn Store, organization: &Organization, written: &[WrittenEntry]) {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge().put(written).await.unwrap();
    unit.commit().await.unwrap();
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is not an object"),
    }
}

fn unit(components: impl Iterator<Item = f32>) -> Vector {
    let components: Vec<f32> = components.collect();
    let length = components.iter().map(|x| x * x).sum::<f32>().sqrt();
    components.iter().map(|x| x / length).collect()
}
