//! One page of a list.

use acs_core::page::Page;
use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The items, in the list's order.
    items: Vec<T>,
    /// What to pass as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

impl<T, D: Into<T>> From<Page<D>> for List<T> {
    fn from(page: Page<D>) -> Self {
        Self {
            items: page.items.into_iter().map(Into::into).collect(),
            next_cursor: page.next.map(|cursor| cursor.to_string()),
        }
    }
}
