//! The chat page at `/` and its files, which come with the program.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::layer::security::CHAT_PAGE;
use crate::settings::ChatPage;
use crate::state::Api;

const PAGE: &str = include_str!("../../assets/chat/index.html");

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files of the page: name, media type, content.
const FILES: [(&str, &str, &str); 6] = [
    (
        "chat.css",
        "text/css; charset=utf-8",
        include_str!("../../assets/chat/chat.css"),
    ),
    ("chat.js", SCRIPT, include_str!("../../assets/chat/chat.js")),
    ("api.js", SCRIPT, include_str!("../../assets/chat/api.js")),
    ("view.js", SCRIPT, include_str!("../../assets/chat/view.js")),
    ("text.js", SCRIPT, include_str!("../../assets/chat/text.js")),
    (
        "icon.svg",
        "image/svg+xml",
        include_str!("../../assets/chat/icon.svg"),
    ),
];

/// What the page says where the organization stands.
const SLUG: &str = "data-organization=\"demo\"";
const NAME: &str = "Brellwick";

pub(crate) fn routes(page: Option<&ChatPage>) -> Router<Api> {
    let Some(page) = page else { return Router::new() };
    let html = Asset::new("text/html; charset=utf-8", &of_organization(PAGE, page));
    FILES.into_iter().fold(
        Router::new().route("/", html.route()),
        |router, (name, media_type, content)| {
            router.route(
                &format!("/assets/chat/{name}"),
                Asset::new(media_type, content).route(),
            )
        },
    )
}

/// The page for this organization.
fn of_organization(html: &str, page: &ChatPage) -> String {
    html.replace(SLUG, &format!("data-organization=\"{}\"", escaped(&page.slug)))
        .replace(NAME, &escaped(&page.name))
}

fn escaped(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut html, c| {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                other => html.push(other),
            }
            html
        })
}

/// A file with its name by content.
struct Asset {
    media_type: &'static str,
    content: Bytes,
    tag: HeaderValue,
}

impl Asset {
    fn new(media_type: &'static str, content: &str) -> Arc<Self> {
        let mut tag = String::from("W/\"");
        for byte in Sha256::digest(content).iter().take(16) {
            let _infallible = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        let tag = HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("W/\"\""));
        Arc::new(Self {
            media_type,
            content: Bytes::copy_from_slice(content.as_bytes()),
            tag,
        })
    }

    fn route(self: Arc<Self>) -> axum::routing::MethodRouter<Api> {
        get(async move |headers: HeaderMap| self.answer(&headers))
    }

    /// The file, or 304 if the browser has it already. Its address stays when it changes, so browsers ask each time.
    fn answer(&self, headers: &HeaderMap) -> Response {
        let known = [
            (ETAG, self.tag.clone()),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (CONTENT_SECURITY_POLICY, CHAT_PAGE),
        ];
        if self.is_known_to(headers) {
            return (StatusCode::NOT_MODIFIED, known).into_response();
        }
        (known, [(CONTENT_TYPE, self.media_type)], self.content.clone()).into_response()
    }

    fn is_known_to(&self, headers: &HeaderMap) -> bool {
        let bare = |tag: &[u8]| {
            tag.trim_ascii()
                .strip_prefix(b"W/")
                .unwrap_or(tag.trim_ascii())
                .to_vec()
        };
        let own = bare(self.tag.as_bytes());
        let mut values = headers.get_all(IF_NONE_MATCH).iter();
        values.any(|value| {
            value
                .as_bytes()
                .split(|byte| *byte == b',')
                .any(|tag| bare(tag) == own)
        })
    }
}

#[cfg(test)]
mod tests;
