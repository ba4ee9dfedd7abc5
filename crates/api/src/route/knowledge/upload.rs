//! The one file of an upload.

use acs_core::error::FieldErrors;
use acs_domain::idempotency::Claim;
use acs_engine::usecase::knowledge::Format;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use bytes::Bytes;

use crate::extract::idempotency::Keyed;
use crate::problem::Problem;
use crate::state::Api;

/// The field's name.
const FILE: &str = "file";

/// A file to bring in.
pub(super) struct File {
    pub(super) format: Format,
    pub(super) name: String,
    pub(super) bytes: Bytes,
}

impl FromRequest<Api> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let mut parts = Multipart::from_request(request, api)
            .await
            .map_err(|_| Problem::unsupported_media("multipart/form-data"))?;
        let mut file = None;
        while let Some(part) = parts.next_field().await.map_err(|error| broken(&error))? {
            match part.name() {
                Some(FILE) if file.is_none() => file = Some(Self::read(part).await?),
                Some(FILE) => return Err(Problem::malformed(FILE, "must be given once")),
                other => return Err(Problem::malformed(other.unwrap_or_default(), "is not known here")),
            }
        }
        let file = file.ok_or_else(|| Problem::missing(FILE))?;
        if file.bytes.len() > api.settings.max_upload_bytes {
            return Err(Problem::too_large());
        }
        Ok(file)
    }
}

/// A file to bring in, with the claim of its key if it has one. The claim is over the file: each form around it has an edge
/// of its own.
pub(super) struct ClaimedFile {
    pub(super) claim: Option<Claim>,
    pub(super) file: File,
}

impl FromRequest<Api> for ClaimedFile {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let keyed = Keyed::of(&mut parts, api).await?;
        let file = File::from_request(Request::from_parts(parts, body), api).await?;
        let claim = keyed.map(|keyed| keyed.claim(&file.name, &file.bytes));
        Ok(Self { claim, file })
    }
}

impl File {
    async fn read(part: Field<'_>) -> Result<Self, Problem> {
        let name = part.file_name().unwrap_or_default().to_owned();
        let format = Format::of_file(&name).ok_or_else(|| {
            let reason = "must have a name that ends in .md, .html, .csv, .jsonl or .ndjson";
            Problem::invalid(FieldErrors::one(FILE, reason))
        })?;
        let bytes = part.bytes().await.map_err(|error| broken(&error))?;
        Ok(Self { format, name, bytes })
    }
}

fn broken(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::malformed("body", "is not multipart/form-data"),
    }
}

#[cfg(test)]
mod tests;
