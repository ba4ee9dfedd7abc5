//! An external index of vectors.

use super::schema::rule::not_blank;
use super::schema::section;
use crate::secret::Secret;

section! {
    /// An external index of vectors. The database itself is the default.
    VectorStore = "vector_store" {
        /// The key for Pinecone. Reserved: read by the Pinecone adapter.
        pinecone_api_key: Option<Secret> = None;
        /// The Pinecone environment. Reserved: read by the Pinecone adapter.
        pinecone_environment: Option<String> = None;
        /// The name of the Pinecone index. Reserved: read by the Pinecone adapter.
        pinecone_index_name: String = "knowledge-base".to_owned(), not_blank();
    }
}
