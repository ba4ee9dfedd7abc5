//! The units of the port: an open session that hands itself out, one aggregate at a time.

use acs_domain::port::store::{
    ApiKeyQueries, ApiKeys, ConflictQueries, Conflicts, ConversationQueries, Conversations, EmbeddingQueries,
    Embeddings, Erasure, ErasureQueries, EscalationQueries, Escalations, Idempotency, IntentHeadQueries,
    IntentHeads, IntentQueries, Intents, Knowledge, KnowledgeQueries, MessageQueries, Messages,
    ModelKeyQueries, ModelKeys, OrganizationQueries, Organizations, Outbox, ReadUnit, RecordQueries, Records,
    SessionQueries, Sessions, StoreError, TermBook, TermQueries, TurnQueries, Turns, UnansweredQueries,
    UnansweredQuestions, UnitOfWork, UserQueries, Users,
};
use async_trait::async_trait;

use crate::session::Session;

macro_rules! hand_out {
    ($($accessor:ident: $port:ident),+ $(,)?) => {
        $(fn $accessor(&mut self) -> &mut dyn $port {
            self
        })+
    };
}

impl ReadUnit for Session {
    hand_out! {
        organizations: OrganizationQueries,
        users: UserQueries,
        api_keys: ApiKeyQueries,
        sessions: SessionQueries,
        conversations: ConversationQueries,
        messages: MessageQueries,
        turns: TurnQueries,
        escalations: EscalationQueries,
        knowledge: KnowledgeQueries,
        intents: IntentQueries,
        intent_heads: IntentHeadQueries,
        embeddings: EmbeddingQueries,
        terms: TermQueries,
        model_keys: ModelKeyQueries,
        unanswered: UnansweredQueries,
        conflicts: ConflictQueries,
        records: RecordQueries,
        erasure: ErasureQueries,
    }
}

#[async_trait]
impl UnitOfWork for Session {
    hand_out! {
        organizations: Organizations,
        users: Users,
        api_keys: ApiKeys,
        sessions: Sessions,
        conversations: Conversations,
        messages: Messages,
        turns: Turns,
        escalations: Escalations,
        knowledge: Knowledge,
        intents: Intents,
        intent_heads: IntentHeads,
        embeddings: Embeddings,
        terms: TermBook,
        model_keys: ModelKeys,
        unanswered: UnansweredQuestions,
        conflicts: Conflicts,
        records: Records,
        erasure: Erasure,
        outbox: Outbox,
        idempotency: Idempotency,
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        (*self).commit().await
    }
}
