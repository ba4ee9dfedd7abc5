//! What customers and people of the staff do about a conversation.

use acs_domain::access::{Converse, HandleConversations, TakeOver};
use acs_domain::conversation;
use acs_engine::Engine;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Done;
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::path::PathId;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::conversation::{Conversation, Escalate, GiveSatisfaction, Nothing, Resolve, TurnTo};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(satisfaction))
        .routes(routes!(escalate))
        .routes(routes!(take_over))
        .routes(routes!(hand_back))
        .routes(routes!(resolve))
        .routes(routes!(reopen))
        .routes(routes!(topic))
        .routes(routes!(resume_topic))
}

/// Judge a conversation
///
/// Changes no status.
#[utoipa::path(post, path = "/conversations/{id}/satisfaction", tag = "Conversations", operation_id = "judge_conversation", params(IdempotencyKey),
    request_body = GiveSatisfaction,
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn satisfaction(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<Converse>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed { claim, body }: Claimed<GiveSatisfaction>,
) -> Result<Done<Conversation>, Problem> {
    let judged = engine
        .conversations
        .judge(&grant, id, body.into(), claim.as_ref())
        .await?;
    Ok(Done(judged.map(Into::into)))
}

/// Ask for a person
#[utoipa::path(post, path = "/conversations/{id}/escalate", tag = "Conversations", operation_id = "escalate_conversation", params(IdempotencyKey),
    request_body = Escalate,
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn escalate(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<Converse>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed { claim, body }: Claimed<Escalate>,
) -> Result<Done<Conversation>, Problem> {
    let Escalate { reason, priority } = body;
    let escalated = engine
        .conversations
        .escalate(&grant, id, &reason, priority, claim.as_ref())
        .await?;
    Ok(Done(escalated.map(Into::into)))
}

/// Take a conversation over
///
/// Only a person of the staff can. The agent keeps silent from here on, and drops what it was writing.
#[utoipa::path(post, path = "/conversations/{id}/takeover", tag = "Conversations", operation_id = "take_over_conversation", params(IdempotencyKey),
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn take_over(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<TakeOver>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed {
        claim,
        body: Nothing {},
    }: Claimed<Nothing>,
) -> Result<Done<Conversation>, Problem> {
    let taken = engine.conversations.take_over(&grant, id, claim.as_ref()).await?;
    Ok(Done(taken.map(Into::into)))
}

/// Give a conversation back to the agent
#[utoipa::path(post, path = "/conversations/{id}/handback", tag = "Conversations", operation_id = "hand_back_conversation", params(IdempotencyKey),
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn hand_back(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<TakeOver>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed {
        claim,
        body: Nothing {},
    }: Claimed<Nothing>,
) -> Result<Done<Conversation>, Problem> {
    let given_back = engine.conversations.hand_back(&grant, id, claim.as_ref()).await?;
    Ok(Done(given_back.map(Into::into)))
}

/// Mark a conversation as solved
#[utoipa::path(post, path = "/conversations/{id}/resolve", tag = "Conversations", operation_id = "resolve_conversation", params(IdempotencyKey),
    request_body = Resolve,
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn resolve(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<HandleConversations>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed { claim, body }: Claimed<Resolve>,
) -> Result<Done<Conversation>, Problem> {
    let resolved = engine
        .conversations
        .resolve(&grant, id, body.into(), claim.as_ref())
        .await?;
    Ok(Done(resolved.map(Into::into)))
}

/// Open a solved or abandoned conversation again
#[utoipa::path(post, path = "/conversations/{id}/reopen", tag = "Conversations", operation_id = "reopen_conversation", params(IdempotencyKey),
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn reopen(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<HandleConversations>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed {
        claim,
        body: Nothing {},
    }: Claimed<Nothing>,
) -> Result<Done<Conversation>, Problem> {
    let reopened = engine.conversations.reopen(&grant, id, claim.as_ref()).await?;
    Ok(Done(reopened.map(Into::into)))
}

/// Go over to a topic
///
/// The topic before it is put on the stack, which holds five. The agent does the same itself when the subject changes.
#[utoipa::path(post, path = "/conversations/{id}/topic", tag = "Conversations", operation_id = "turn_to_topic", params(IdempotencyKey),
    request_body = TurnTo,
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn topic(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<Converse>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed { claim, body }: Claimed<TurnTo>,
) -> Result<Done<Conversation>, Problem> {
    let turned = engine
        .conversations
        .turn_to(&grant, id, &body.topic, claim.as_ref())
        .await?;
    Ok(Done(turned.map(Into::into)))
}

/// Go back to the topic before
///
/// 409 where there is none.
#[utoipa::path(post, path = "/conversations/{id}/topic/resume", tag = "Conversations", operation_id = "resume_topic", params(IdempotencyKey),
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn resume_topic(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<Converse>,
    PathId(id): PathId<conversation::Conversation>,
    Claimed {
        claim,
        body: Nothing {},
    }: Claimed<Nothing>,
) -> Result<Done<Conversation>, Problem> {
    let resumed = engine
        .conversations
        .resume_topic(&grant, id, claim.as_ref())
        .await?;
    Ok(Done(resumed.map(Into::into)))
}
