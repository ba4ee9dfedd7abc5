//! Settings that only make sense together.

use super::load::reader::Reader;
use super::{Config, Environment, JwtAlgorithm, NamedSecret, StoreKind, Switch, WebOrigin};
use crate::secret::Secret;
use crate::security::password::{PasswordPolicy, PersonalWords, SignInWith};

/// Reports what does not go together.
pub(super) fn check(config: &Config, reader: &mut Reader<'_>) {
    keys(config, reader);
    services(config, reader);
    models(config, reader);
    servers(config, reader);
    order(config, reader);
    if config.app.environment == Environment::Production {
        production(config, reader);
    }
}

fn keys(config: &Config, reader: &mut Reader<'_>) {
    let security = &config.security;
    if security.secret_key.is_some() && !security.keys.is_empty() {
        reader.refuse(
            &["security.secret_key", "security.keys"],
            "is given beside `security.keys`, which replaces it",
            "keep one; to rotate, list the old secret in `security.keys` under the id `default`",
        );
    }
    let rings = [
        (
            "security.active_key",
            "security.keys",
            &security.active_key,
            &security.keys,
        ),
        (
            "security.active_encryption_key",
            "security.encryption_keys",
            &security.active_encryption_key,
            &security.encryption_keys,
        ),
    ];
    for (active_name, ring_name, active, ring) in rings {
        let Some(active) = active else { continue };
        if ring.iter().all(|key| key.id != *active) {
            reader.refuse(
                &[active_name, ring_name],
                format!("is `{active}`, which is no id in `{ring_name}`"),
                format!("name one of its ids, or remove `{active_name}` so that the first is active"),
            );
        }
    }
    let needed = match security.jwt_algorithm {
        JwtAlgorithm::Hs256 => 32,
        JwtAlgorithm::Hs384 => 48,
        JwtAlgorithm::Hs512 => 64,
    };
    if security
        .signing_keys()
        .iter()
        .any(|key| key.secret.expose().len() < needed)
    {
        reader.refuse(
            &["security.jwt_algorithm", "security.secret_key", "security.keys"],
            format!("needs secrets of at least {needed} bytes"),
            "make the secrets longer, or use `hs256`",
        );
    }
}

fn services(config: &Config, reader: &mut Reader<'_>) {
    let postgres = config.store_url().kind() == StoreKind::Postgres;
    let owner = config.store.owner_url.as_ref();
    if owner.is_some_and(|owner| !postgres || owner.kind() == StoreKind::Sqlite) {
        reader.refuse(
            &["store.owner_url", "store.url"],
            "only goes with PostgreSQL, and both addresses must be PostgreSQL's",
            "set both to `postgres://…`, or remove it",
        );
    }
    if config.redis.url.is_some() && config.redis.host.is_some() {
        reader.refuse(
            &["redis.host", "redis.url"],
            "is given beside `redis.url`, which replaces it",
            "keep one of `redis.url` and `redis.host`",
        );
    } else if config.redis.host.is_some() && config.redis.connection_url().is_none() {
        reader.refuse(
            &["redis.host", "redis.username", "redis.password"],
            "is not a host name",
            "set `redis.host` to a host name or an IP address alone",
        );
    }
    let salesforce = &config.salesforce;
    let given = [
        salesforce.username.is_some(),
        salesforce.password.is_some(),
        salesforce.security_token.is_some(),
    ];
    if given.contains(&true) && given.contains(&false) {
        reader.refuse(
            &["salesforce.username", "salesforce.password", "salesforce.security_token"],
            "is only part of what Salesforce needs",
            "set `salesforce.username`, `salesforce.password` and `salesforce.security_token` together, or none",
        );
    }
    if config.cors.allow_credentials && config.cors.origins.iter().any(WebOrigin::is_wildcard) {
        reader.refuse(
            &["cors.origins", "cors.allow_credentials"],
            "is `*` while `cors.allow_credentials` is on, which browsers refuse",
            "list the origins, or set `cors.allow_credentials` to `false`",
        );
    }
}

fn models(config: &Config, reader: &mut Reader<'_>) {
    let models = config.ai.language_models();
    for (number, model) in models.iter().enumerate() {
        if models[..number].iter().any(|other| other.name == model.name) {
            reader.refuse(
                &["ai.models"],
                format!("names `{0}`, which `ai.{0}_api_key` names too", model.name),
                "give the table another name",
            );
        }
        if model.first_token_timeout > model.timeout
            && config.ai.models.0.iter().any(|own| own.name == model.name)
        {
            reader.refuse(
                &["ai.models"],
                format!(
                    "gives `{0}.first_token_timeout_seconds` more than `{0}.timeout_seconds`",
                    model.name
                ),
                "lower the first, or raise the second",
            );
        }
    }
    for (number, chain) in config.ai.chains.0.iter().enumerate() {
        let unknown = chain
            .models
            .iter()
            .find(|name| models.iter().all(|model| model.name != **name));
        if let Some(unknown) = unknown {
            let known: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
            reader.refuse(
                &["ai.chains", "ai.models"],
                format!("names in `ai.chains[{number}].models` the model `{unknown}`, which is none"),
                format!("name some of: {}", known.join(", ")),
            );
        }
    }
}

fn servers(config: &Config, reader: &mut Reader<'_>) {
    let ai = &config.ai;
    let named = [
        (
            "ai.embedding_model",
            "ai.embedding_url",
            ai.embedding_model.is_some() == ai.embedding_url.is_some(),
        ),
        (
            "ai.rerank_model",
            "ai.rerank_url",
            ai.rerank_model.is_some() == ai.rerank_url.is_some(),
        ),
    ];
    for (model, url, both) in named {
        if !both {
            reader.refuse(
                &[model, url],
                format!("goes with `{url}`, and that with it"),
                "set both, or neither",
            );
        }
    }
    if ai.embedding_url.is_some() && ai.embedding_model_dir.is_some() {
        reader.refuse(
            &["ai.embedding_model_dir", "ai.embedding_url"],
            "is given beside `ai.embedding_url`, and one model answers",
            "keep one; the folder of the model before goes into `ai.embedding_previous_model_dir`",
        );
    }
}

fn order(config: &Config, reader: &mut Reader<'_>) {
    let (turn, socket) = (&config.turn, &config.websocket);
    let (ai, security) = (&config.ai, &config.security);
    let rules = [
        (
            config.store.min_connections <= config.store.max_connections,
            ["store.min_connections", "store.max_connections"],
            "is more than `store.max_connections`",
        ),
        (
            ai.rerank_url.is_none() || ai.rerank_timeout_seconds < turn.retrieve_timeout_seconds,
            ["ai.rerank_timeout_seconds", "turn.retrieve_timeout_seconds"],
            "is not less than `turn.retrieve_timeout_seconds`",
        ),
        (
            ai.unknown_threshold <= ai.answer_threshold,
            ["ai.unknown_threshold", "ai.answer_threshold"],
            "is more than `ai.answer_threshold`",
        ),
        (
            ai.answer_threshold <= ai.certain_threshold,
            ["ai.answer_threshold", "ai.certain_threshold"],
            "is more than `ai.certain_threshold`",
        ),
        (
            ai.openai_first_token_timeout_seconds <= ai.openai_timeout_seconds,
            [
                "ai.openai_first_token_timeout_seconds",
                "ai.openai_timeout_seconds",
            ],
            "is more than `ai.openai_timeout_seconds`",
        ),
        (
            security.password_min_length_with_mfa <= security.password_min_length,
            [
                "security.password_min_length_with_mfa",
                "security.password_min_length",
            ],
            "is more than `security.password_min_length`",
        ),
        (
            // RFC 9106, section 3.1: eight blocks of a kibibyte for each lane.
            security.argon2_parallelism.saturating_mul(8) <= security.argon2_memory_kib,
            ["security.argon2_parallelism", "security.argon2_memory_kib"],
            "is more than an eighth of `security.argon2_memory_kib`",
        ),
        (
            config.server.max_body_bytes <= config.server.max_upload_bytes,
            ["server.max_body_bytes", "server.max_upload_bytes"],
            "is more than `server.max_upload_bytes`",
        ),
        (
            socket.heartbeat_seconds < socket.timeout_seconds,
            ["websocket.heartbeat_seconds", "websocket.timeout_seconds"],
            "is not less than `websocket.timeout_seconds`",
        ),
        (
            turn.longest() < config.server.request_timeout_seconds,
            ["turn.answer_timeout_seconds", "server.request_timeout_seconds"],
            "and the understanding before it take longer than `server.request_timeout_seconds`",
        ),
    ];
    for (holds, settings, message) in rules {
        if !holds {
            reader.refuse(
                &settings,
                message,
                format!("lower it, or raise `{}`", settings[1]),
            );
        }
    }
}

/// What is fit for trying things out, but not for customers.
fn production(config: &Config, reader: &mut Reader<'_>) {
    if config.app.debug {
        reader.refuse(
            &["app.debug"],
            "is on in production",
            "set `app.debug` to `false`",
        );
    }
    let security = &config.security;
    if security.signing_keys().is_empty() {
        reader.refuse(
            &["security.secret_key", "security.keys"],
            "is missing, and production generates none",
            "set `ACS__SECURITY__SECRET_KEY` or `ACS__SECURITY__SECRET_KEY_FILE` to the output of `openssl rand -base64 48`",
        );
    }
    if security.encryption_keys.is_empty() {
        reader.refuse(
            &["security.encryption_keys"],
            "is missing, and production generates none",
            "set `ACS__SECURITY__ENCRYPTION_KEYS` to an id, a colon and the output of `openssl rand -base64 32`",
        );
    }
    let guessable_key = |key: &NamedSecret| guessable(&key.secret);
    if security.secret_key.as_ref().is_some_and(guessable) {
        refuse_guessable(reader, "security.secret_key");
    }
    if security.keys.iter().any(guessable_key) {
        refuse_guessable(reader, "security.keys");
    }
    if security.encryption_keys.iter().any(guessable_key) {
        refuse_guessable(reader, "security.encryption_keys");
    }
    let policy = PasswordPolicy::new(security);
    for (name, password) in [
        ("system.password", &config.system.password),
        ("demo.password", &config.demo.password),
    ] {
        let Some(password) = password else { continue };
        let words = PersonalWords::default();
        if let Err(weakness) = policy.check(password.expose(), SignInWith::Password, words) {
            reader.refuse(
                &[name, "security.password_min_length"],
                format!("{weakness}, in production"),
                "set another, such as the output of `openssl rand -base64 24`",
            );
        }
    }
    if config.demo.enabled == Switch::On && config.demo.password.is_none() {
        reader.refuse(
            &["demo.enabled", "demo.password"],
            "is on in production without `demo.password`",
            "set `demo.enabled` to `false`, or choose `demo.password`",
        );
    }
}

fn refuse_guessable(reader: &mut Reader<'_>, setting: &str) {
    reader.refuse(
        &[setting],
        "is a placeholder or easy to guess, in production",
        "set it to the output of `openssl rand -base64 48` (for encryption: `-base64 32`)",
    );
}

/// Whether a key looks like a placeholder out of a manual, or hardly varies.
fn guessable(secret: &Secret) -> bool {
    const PLACEHOLDERS: [&str; 8] = [
        "changeme",
        "change-me",
        "change_me",
        "your-secret",
        "your_secret",
        "secret-key",
        "secret_key",
        "placeholder",
    ];
    const FEWEST_DIFFERENT_BYTES: usize = 10;
    let text = secret.expose().to_lowercase();
    let mut bytes: Vec<u8> = text.bytes().collect();
    bytes.sort_unstable();
    bytes.dedup();
    bytes.len() < FEWEST_DIFFERENT_BYTES || PLACEHOLDERS.iter().any(|placeholder| text.contains(placeholder))
}
