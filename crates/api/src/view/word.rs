//! The schemas of the domain's enumerations: a closed list of words each, the same that the domain reads.

use std::borrow::Cow;

use acs_domain::{
    access, analysis, api_key, conflict, conversation, knowledge, message, organization, turn, user,
};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($name:ident: $words:ty;)+) => {$(
        #[doc = concat!("The schema of [`", stringify!($words), "`].")]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = <$words>::ALL.iter().map(|word| word.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

words! {
    Channel: conversation::Channel;
    ConversationStatus: conversation::Status;
    ResolutionType: conversation::ResolutionType;
    SenderType: message::SenderType;
    ContentType: message::ContentType;
    Outcome: turn::Outcome;
    TurnState: turn::TurnState;
    SentimentLabel: analysis::SentimentLabel;
    Danger: analysis::Danger;
    EmotionLabel: analysis::EmotionLabel;
    GuardAction: analysis::GuardAction;
    Role: access::Role;
    UserStatus: user::UserStatus;
    Tier: organization::Tier;
    SubscriptionStatus: organization::SubscriptionStatus;
    ApiScope: api_key::ApiScope;
    LinkKind: knowledge::LinkKind;
    Difference: conflict::Difference;
}
