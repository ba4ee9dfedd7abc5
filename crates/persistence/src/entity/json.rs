//! A column that holds a value as JSON.

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ActiveValue, IntoActiveValue, TryGetableFromJson, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A value as JSON: `jsonb` on PostgreSQL, text on SQLite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Jsonb<T>(pub(crate) T);

impl<T: Serialize> From<Jsonb<T>> for Value {
    #[expect(
        clippy::expect_used,
        reason = "only maps with other keys than strings have no JSON, and no column holds one"
    )]
    fn from(source: Jsonb<T>) -> Self {
        let json = serde_json::to_value(&source.0).expect("the columns' types have a JSON form");
        Self::Json(Some(Box::new(json)))
    }
}

impl<T: DeserializeOwned> TryGetableFromJson for Jsonb<T> {}

impl<T: DeserializeOwned> ValueType for Jsonb<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        match value {
            Value::Json(Some(json)) => serde_json::from_value(*json).map_err(|_| ValueTypeErr),
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        "Jsonb".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Json
    }

    fn column_type() -> ColumnType {
        ColumnType::JsonBinary
    }
}

impl<T> Nullable for Jsonb<T> {
    fn null() -> Value {
        Value::Json(None)
    }
}

impl<T: Into<Jsonb<T>>> IntoActiveValue<Jsonb<T>> for Jsonb<T>
where
    Jsonb<T>: Into<Value>,
{
    fn into_active_value(self) -> ActiveValue<Self> {
        ActiveValue::Set(self)
    }
}
