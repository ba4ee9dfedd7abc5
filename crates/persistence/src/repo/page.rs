//! Keyset pages over any table.

use acs_core::page::PageRequest;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// The page of `select` that was asked for, and one row more; newest first by `time`, then `id`.
pub(crate) fn newest_first<E: EntityTrait>(
    select: Select<E>,
    time: E::Column,
    id: E::Column,
    page: &PageRequest,
) -> Select<E> {
    let select = match page.after() {
        Some(cursor) => {
            let row = Expr::tuple([column(time), column(id)]);
            select.filter(row.lt(Expr::tuple([Expr::val(cursor.key), Expr::val(cursor.id)])))
        }
        None => select,
    };
    select
        .order_by_desc(time)
        .order_by_desc(id)
        .limit(u64::from(page.limit()) + 1)
}

fn column(column: impl ColumnTrait) -> SimpleExpr {
    Expr::col(column.as_column_ref())
}
