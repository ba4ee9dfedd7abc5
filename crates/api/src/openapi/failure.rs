//! The errors that endpoints share, each described once.

use utoipa::ToSchema;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::problem::Envelope;

/// An error that endpoints of a kind may answer with.
#[derive(Clone, Copy)]
pub(super) struct Failure {
    status: &'static str,
    name: &'static str,
    meaning: &'static str,
}

const fn failure(status: &'static str, name: &'static str, meaning: &'static str) -> Failure {
    Failure {
        status,
        name,
        meaning,
    }
}

pub(super) const BAD_REQUEST: Failure = failure(
    "400",
    "BadRequest",
    "A value is not acceptable (2001), the request is malformed (2002), or a field is missing (2003).",
);
pub(super) const UNAUTHORIZED: Failure = failure(
    "401",
    "Unauthorized",
    "Nothing valid proves who is asking (1001), or the access token has expired (1003).",
);
pub(super) const FORBIDDEN: Failure = failure(
    "403",
    "Forbidden",
    "The caller may not do this (1002), or a limit of the organization is reached (3003).",
);
pub(super) const NOT_FOUND: Failure = failure(
    "404",
    "NotFound",
    "It is not there, or not the caller's to see (3001, 3002, 3004).",
);
pub(super) const CONFLICT: Failure = failure(
    "409",
    "Conflict",
    "At odds with the present state (2004), or the idempotency key was used with another request (2006).",
);
pub(super) const TOO_LARGE: Failure = failure("413", "TooLarge", "The body is larger than is taken (2001).");
pub(super) const UNSUPPORTED_MEDIA: Failure = failure(
    "415",
    "UnsupportedMedia",
    "The body is in another form than is taken (2002).",
);
pub(super) const RATE_LIMITED: Failure = failure(
    "429",
    "RateLimited",
    "Too many requests (2005); see Retry-After and RateLimit-Reset.",
);
pub(super) const INTERNAL: Failure = failure("500", "Internal", "A fault of ours (5001).");
pub(super) const UNAVAILABLE: Failure = failure(
    "503",
    "Unavailable",
    "A dependency is away, or there is too much to do (4001, 4002, 4003, 5002); see Retry-After.",
);
pub(super) const TIMEOUT: Failure = failure("504", "Timeout", "It took too long (5003).");

/// Every error of the list above.
pub(super) const ALL: [Failure; 11] = [
    BAD_REQUEST,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    TOO_LARGE,
    UNSUPPORTED_MEDIA,
    RATE_LIMITED,
    INTERNAL,
    UNAVAILABLE,
    TIMEOUT,
];

impl Failure {
    /// The status that it has.
    pub(super) const fn status(self) -> &'static str {
        self.status
    }

    /// What an endpoint shows of it.
    pub(super) fn reference(self) -> RefOr<Response> {
        RefOr::Ref(Ref::from_response_name(self.name))
    }

    /// Its description, under its name.
    pub(super) fn component(self) -> (&'static str, Response) {
        let body = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(Envelope::name())))
            .build();
        let response = ResponseBuilder::new()
            .description(self.meaning)
            .content("application/json", body);
        (self.name, response.build())
    }
}
