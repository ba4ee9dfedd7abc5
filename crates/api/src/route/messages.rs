//! Messages and turns.

use acs_domain::access::{Converse, ReadConversations, ReadEvidence};
use acs_domain::conversation;
use acs_engine::Engine;
use acs_engine::once::Once;
use acs_engine::usecase::conversations;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::marked;
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::page::{Page, PageQuery};
use crate::extract::path::{PathId, TurnPath};
use crate::problem::Problem;
use crate::sse::{self, Wanted};
use crate::state::Api;
use crate::view::evidence::ExplainedTurn;
use crate::view::list::List;
use crate::view::message::{Message, Said, Say, StaffMessage};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(say, list))
        .routes(routes!(turn))
}

/// Say something
///
/// A customer's message (a customer's token, or an API key that speaks for the customer) is answered with its turn. A
/// message of the staff takes the conversation over and is answered with a receipt.
///
/// With `Accept: text/event-stream` the turn comes as server-sent events: `analysis`, `delta` (`{"text"}`, provisional),
/// then `done` (the turn) or `error` (the error). A client that goes away does not stop the turn.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "Messages", operation_id = "send_message", params(IdempotencyKey),
    request_body = Say,
    responses((status = 200, description = "The turn, or the receipt.", content(
        (Said = "application/json"), (String = "text/event-stream")))))]
async fn say(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<Converse>,
    PathId(id): PathId<conversation::Conversation>,
    wanted: Wanted,
    Claimed { claim, body }: Claimed<Say>,
) -> Result<Response, Problem> {
    let said = engine
        .conversations
        .say(&grant, id, body.try_into()?, claim.as_ref())
        .await?;
    let Once { value, replayed } = said;
    let answer = match value {
        conversations::Said::ByStaff { message, status } => Json(Said::Staff(StaffMessage {
            message_id: message.id.as_uuid(),
            status,
        })),
        conversations::Said::ByCustomer(spoken) => match wanted {
            Wanted::Events(request_id) => return Ok(marked(replayed, sse::events(spoken, request_id))),
            Wanted::Json => Json(Said::Turn(Box::new(spoken.done().await?.into()))),
        },
    };
    Ok(marked(replayed, answer))
}

/// List the messages of a conversation, oldest first
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "Messages", operation_id = "list_messages", params(PageQuery),
    responses((status = 200, description = "One page.", body = List<Message>)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadConversations>,
    PathId(id): PathId<conversation::Conversation>,
    Page(page): Page,
) -> Result<Json<List<Message>>, Problem> {
    Ok(Json(
        engine.conversations.messages(&grant, id, &page).await?.into(),
    ))
}

/// Read the evidence of a turn
///
/// What was understood and retrieved, which checks spoke, what was asked of which models. A turn that is not done yet
/// shows where it stands.
#[utoipa::path(get, path = "/conversations/{id}/turns/{message_id}", tag = "Messages", operation_id = "explain_turn",
    responses((status = 200, description = "The turn and how it was decided.", body = ExplainedTurn)))]
async fn turn(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadEvidence>,
    TurnPath {
        conversation,
        message,
    }: TurnPath,
) -> Result<Json<ExplainedTurn>, Problem> {
    Ok(Json(
        engine
            .conversations
            .evidence(&grant, conversation, message)
            .await?
            .into(),
    ))
}
