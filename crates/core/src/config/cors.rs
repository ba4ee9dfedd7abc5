//! Which web pages may call the API.

use super::schema::rule::http_names;
use super::schema::section;
use super::schema::url::WebOrigin;

fn local_origins() -> Vec<WebOrigin> {
    ["http://localhost:3000", "http://localhost:8000"]
        .into_iter()
        .filter_map(WebOrigin::parse)
        .collect()
}

fn any() -> Vec<String> {
    vec!["*".to_owned()]
}

section! {
    /// Which web pages may call the API from a browser.
    Cors = "cors" {
        /// Whose pages may call. `*` lets everyone's, and needs `allow_credentials` off.
        origins: Vec<WebOrigin> = local_origins();
        /// Whether such calls may carry cookies and credentials.
        allow_credentials: bool = true;
        /// The methods such calls may use; `*` means whichever is asked for.
        allow_methods: Vec<String> = any(), http_names();
        /// The headers such calls may send; `*` means whichever are asked for.
        allow_headers: Vec<String> = any(), http_names();
    }
}
