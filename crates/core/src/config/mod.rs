//! All settings: read once at the start, typed, checked, and every problem told at once.
//!
//! A setting is one line of its section's file, with its meaning, type, default and rules (see the `section!` macro);
//! it is then read, checked, suggested when misspelt, and listed in `docs/reference/config.md`. A setting that only
//! makes sense together with others is checked in `whole`.
//!
//! Sources, weakest first: defaults, a TOML file, `.env`, the environment (`ACS__SECTION__KEY`). Loading takes them as
//! [`Sources`], so that no test touches the process's environment.

mod error;
mod load;
mod reference;
mod schema;
#[cfg(test)]
mod tests;
mod whole;

mod ai;
mod app;
mod chains;
mod conversation;
mod cors;
mod demo;
mod logging;
mod models;
mod performance;
mod rate_limit;
mod redis;
mod salesforce;
mod security;
mod server;
mod store;
mod system;
mod turn;
mod vector_store;
mod websocket;

use std::path::PathBuf;

use load::reader::{Reader, gather};
use load::unknown::Known;
use schema::{Field, Section, prose, section};

pub use ai::Ai;
pub use app::{App, Environment};
pub use chains::{ModelChain, ModelChains};
pub use conversation::Conversation;
pub use cors::Cors;
pub use demo::{Demo, Switch};
pub use error::{ConfigError, Problem};
pub use load::Sources;
pub use logging::{LogFormat, LogLevel, Logging, Rotation};
pub use models::{LanguageModel, LanguageModels, ModelFile, ModelPlace, ModelProvider};
pub use performance::Performance;
pub use rate_limit::RateLimit;
pub use redis::Redis;
pub use reference::reference;
pub use salesforce::Salesforce;
pub use schema::ring::NamedSecret;
pub use schema::url::{HttpUrl, RedisUrl, StoreKind, StoreUrl, WebOrigin};
pub use security::{JwtAlgorithm, Security};
pub use server::Server;
pub use store::Store;
pub use system::System;
pub use turn::Turn;
pub use vector_store::VectorStore;
pub use websocket::WebSocket;

section! {
    /// Outside any section.
    General = "" {
        /// The folder for what the program keeps itself: the embedded database and generated secrets.
        data_dir: PathBuf = PathBuf::from("data");
    }
}

/// A section, as the reference shows it.
struct Chapter {
    name: &'static str,
    meaning: String,
    fields: Vec<Field>,
}

impl Chapter {
    fn of<S: Section>() -> Self {
        Self {
            name: S::NAME,
            meaning: prose(S::MEANING),
            fields: S::fields(),
        }
    }
}

/// The one list of sections, in the order of the reference.
macro_rules! sections {
    ($( $field:ident: $section:ty, )+) => {
        /// All settings. [`Config::default`] holds the defaults.
        #[derive(Debug, Clone)]
        pub struct Config {
            /// The setting `data_dir`.
            pub data_dir: PathBuf,
            $( #[doc = concat!("The section `", stringify!($field), "`.")] pub $field: $section, )+
        }

        impl Default for Config {
            fn default() -> Self {
                Self { data_dir: General::default().data_dir, $( $field: <$section>::default(), )+ }
            }
        }

        impl Config {
            fn read(reader: &mut Reader<'_>) -> Self {
                Self { data_dir: General::read(reader).data_dir, $( $field: <$section>::read(reader), )+ }
            }
        }

        fn chapters() -> Vec<Chapter> {
            vec![Chapter::of::<General>(), $( Chapter::of::<$section>(), )+]
        }
    };
}

sections! {
    app: App,
    server: Server,
    store: Store,
    redis: Redis,
    security: Security,
    ai: Ai,
    vector_store: VectorStore,
    salesforce: Salesforce,
    logging: Logging,
    cors: Cors,
    rate_limit: RateLimit,
    websocket: WebSocket,
    performance: Performance,
    turn: Turn,
    conversation: Conversation,
    demo: Demo,
    system: System,
}

impl Config {
    /// Reads and checks all settings.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem there is: sources that cannot be read, unknown settings, values that cannot
    /// be used, and settings that do not go together.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let (layers, mut problems) = gather(sources);
        let fields: Vec<Field> = chapters()
            .into_iter()
            .flat_map(|chapter| chapter.fields)
            .collect();
        let known = Known::new(&fields);
        problems.extend(layers.iter().flat_map(|layer| known.unknown_in(layer)));

        let mut reader = Reader::new(&layers, problems);
        let config = Self::read(&mut reader);
        whole::check(&config, &mut reader);

        let problems = reader.into_problems();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError { problems })
        }
    }

    /// Where the data is kept: as set, else a SQLite file in the data folder.
    #[must_use]
    pub fn store_url(&self) -> StoreUrl {
        self.store
            .url
            .clone()
            .unwrap_or_else(|| StoreUrl::sqlite(&self.data_dir.join("acs.db")))
    }

    /// Whether the demo organization is wanted: `auto` means on the embedded store, and not in production.
    #[must_use]
    pub fn demo_wanted(&self) -> bool {
        match self.demo.enabled {
            Switch::On => true,
            Switch::Off => false,
            Switch::Auto => {
                self.store_url().kind() == StoreKind::Sqlite
                    && self.app.environment != Environment::Production
            }
        }
    }
}
