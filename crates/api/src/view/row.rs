//! What imports tell of single rows.

use acs_engine::usecase::import::Remark;
use serde::Serialize;
use utoipa::ToSchema;

/// Something to be told of a row. Of very many the last tells how many there are besides.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowRemark {
    /// Where it begins, counted from 1.
    line: usize,
    message: String,
}

impl From<Remark> for RowRemark {
    fn from(from: Remark) -> Self {
        Self {
            line: from.line,
            message: from.message,
        }
    }
}
