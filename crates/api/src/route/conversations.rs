//! Conversations: begun or resumed, listed, read, changed.

use acs_core::error::FieldErrors;
use acs_core::page::Cursor;
use acs_domain::access::{Converse, HandleConversations, ReadConversations};
use acs_domain::conversation::{self, Channel, Priority, Status};
use acs_domain::port::store::conversation::ConversationFilter;
use acs_domain::user::UserId;
use acs_engine::Engine;
use acs_engine::once::Once;
use acs_engine::turn::{Incoming, Spoken};
use acs_engine::usecase::conversations::Begin;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::once;
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::json::Body;
use crate::extract::nullable::parsed;
use crate::extract::page::page;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::conversation::{ChangeConversation, Conversation, OpenConversation, OpenedConversation};
use crate::view::list::List;
use crate::view::turn::Turn;
use crate::view::word;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(open, list))
        .routes(routes!(get, change))
}

/// Begin or resume a conversation
///
/// An open conversation of the same customer and channel is resumed: 200 with the same id. With `initial_message` the
/// answer also holds its turn.
#[utoipa::path(post, path = "/conversations", tag = "Conversations", operation_id = "open_conversation", params(IdempotencyKey),
    request_body = OpenConversation,
    responses((status = 201, description = "A new conversation.", body = OpenedConversation),
              (status = 200, description = "The open conversation goes on.", body = OpenedConversation)))]
async fn open(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<Converse>,
    Claimed { claim, body }: Claimed<OpenConversation>,
) -> Result<Response, Problem> {
    let opened = engine
        .conversations
        .open(&grant, begin(body)?, claim.as_ref())
        .await?;
    let Once {
        value: opened,
        replayed,
    } = opened;
    let value = OpenedConversation {
        conversation: opened.conversation.into(),
        turn: first_turn(opened.spoken).await?,
    };
    let status = if opened.resumed {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok(once(status, Once { value, replayed }))
}

async fn first_turn(spoken: Option<Spoken>) -> Result<Option<Turn>, Problem> {
    match spoken {
        Some(spoken) => Ok(Some(spoken.done().await?.into())),
        None => Ok(None),
    }
}

fn begin(body: OpenConversation) -> Result<Begin, Problem> {
    let message = body.initial_message.as_deref().map(Incoming::text).transpose();
    Ok(Begin {
        customer: body.user_id,
        channel: body.channel,
        message: message.map_err(|errors| of_initial_message(&errors))?,
        metadata: body.metadata.unwrap_or_default(),
        priority: body.priority.unwrap_or(Priority::MEDIUM),
        time_zone: body.time_zone,
    })
}

/// The same reasons under the name that the field has here.
fn of_initial_message(errors: &FieldErrors) -> FieldErrors {
    let mut renamed = FieldErrors::default();
    for reason in errors.iter().flat_map(|(_, reasons)| reasons) {
        renamed.add("initial_message", reason);
    }
    renamed
}

/// Which conversations; every condition given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// How many items at the most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    #[param(value_type = Option<word::ConversationStatus>)]
    status: Option<Status>,
    #[param(value_type = Option<word::Channel>)]
    channel: Option<Channel>,
    /// The person of the staff who owns it.
    #[param(value_type = Option<Uuid>)]
    assigned_agent_id: Option<UserId>,
    /// Whether a person was ever asked for.
    escalated: Option<bool>,
    /// The organization's own id for the customer.
    user_id: Option<String>,
    /// Words in the title.
    q: Option<String>,
    /// Begun after.
    #[serde(default, with = "time::serde::rfc3339::option")]
    created_after: Option<OffsetDateTime>,
    /// Begun before.
    #[serde(default, with = "time::serde::rfc3339::option")]
    created_before: Option<OffsetDateTime>,
}

impl From<Filter> for ConversationFilter {
    fn from(from: Filter) -> Self {
        Self {
            status: from.status,
            channel: from.channel,
            assigned_agent_id: from.assigned_agent_id,
            escalated: from.escalated,
            customer_external_id: from.user_id,
            customer_id: None,
            text: from.q,
            created_after: from.created_after,
            created_before: from.created_before,
        }
    }
}

/// List conversations, newest first
///
/// A customer sees their own.
#[utoipa::path(get, path = "/conversations", tag = "Conversations", operation_id = "list_conversations", params(Filter),
    responses((status = 200, description = "One page.", body = List<Conversation>)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadConversations>,
    Query(filter): Query<Filter>,
) -> Result<Json<List<Conversation>>, Problem> {
    let page = page(filter.limit, filter.cursor)?;
    Ok(Json(
        engine
            .conversations
            .list(&grant, filter.into(), &page)
            .await?
            .into(),
    ))
}

/// Read a conversation
#[utoipa::path(get, path = "/conversations/{id}", tag = "Conversations", operation_id = "get_conversation",
    responses((status = 200, description = "The conversation.", body = Conversation)))]
async fn get(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadConversations>,
    PathId(id): PathId<conversation::Conversation>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(engine.conversations.get(&grant, id).await?.into()))
}

/// Change a conversation
#[utoipa::path(patch, path = "/conversations/{id}", tag = "Conversations", operation_id = "change_conversation", request_body = ChangeConversation,
    responses((status = 200, description = "The conversation as it is now.", body = Conversation)))]
async fn change(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<HandleConversations>,
    PathId(id): PathId<conversation::Conversation>,
    Body(body): Body<ChangeConversation>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(
        engine.conversations.change(&grant, id, body.into()).await?.into(),
    ))
}
