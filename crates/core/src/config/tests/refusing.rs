//! What is refused, and in which words.

use super::*;

#[test]
fn every_problem_is_told_at_once_by_name_with_its_fix() {
    let given = Given::nothing()
        .file("[server]\nport = \"many\"\n\n[loging]\nlevel = \"info\"\n")
        .dotenv("ACS__AI__OPENAI_TEMPERATURE=3\nnot an assignment\n")
        .env("ACS__RATE_LIMIT__ENABLED", "perhaps")
        .env("ACS__STORE__URL", "mysql://root:topsecret@db/acs")
        .env("ACS__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, nowhere")
        .env("ACS__WEBSOCKET__TIMEOUT_SECONDS", "5");
    let error = Config::load(&given.sources).unwrap_err();
    let mut settings: Vec<&str> = error
        .problems
        .iter()
        .map(|problem| problem.setting.as_str())
        .collect();
    settings.sort_unstable();
    let dotenv = given.sources.dotenv.as_ref().unwrap().display().to_string();
    let mut expected = vec![
        dotenv.as_str(),
        "ai.openai_temperature",
        "loging.level",
        "rate_limit.enabled",
        "server.port",
        "server.trusted_proxies",
        "store.url",
        "websocket.heartbeat_seconds",
    ];
    expected.sort_unstable();
    assert_eq!(settings, expected);

    let text = error.to_string();
    assert_eq!(text.lines().count(), 1 + expected.len(), "{text}");
    for part in [
        "server.port (",
        "must be a whole number from 0 to 65535; it is `many`; set `server.port` to a whole number, between 1 and 65535",
        "did you mean `logging.level`?",
        "ACS__AI__OPENAI_TEMPERATURE in ",
        "must be between 0 and 2; it is `3`",
        "(line 2): is not `NAME=value`",
        "(environment variable ACS__RATE_LIMIT__ENABLED): must be `true` or `false`; it is `perhaps`",
        "set `ACS__STORE__URL` to `sqlite:<path>` or `postgres://",
        "it is `10.0.0.0/8, nowhere`",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
    assert!(!text.contains("topsecret"), "{text}");
}

#[test]
fn what_would_fail_only_when_it_is_used_is_refused_at_the_start() {
    for (name, value, setting) in [
        (
            "ACS__CORS__ALLOW_METHODS",
            "GET,NOT A METHOD",
            "cors.allow_methods",
        ),
        ("ACS__CORS__ALLOW_HEADERS", "x-good,x bad", "cors.allow_headers"),
        ("ACS__LOGGING__FILTER", "acs_api=loud", "logging.filter"),
        ("ACS__LOGGING__FILTER", "acs_api", "logging.filter"),
        (
            "ACS__SECURITY__ARGON2_PARALLELISM",
            "64",
            "security.argon2_parallelism",
        ),
    ] {
        let given = Given::nothing()
            .env(name, value)
            .env("ACS__SECURITY__ARGON2_MEMORY_KIB", "504");
        assert_eq!(given.problem().setting, setting, "{value}");
    }
    let good = Given::nothing()
        .env("ACS__LOGGING__FILTER", "acs_api=debug, sqlx::query=warn")
        .env("ACS__CORS__ALLOW_METHODS", "GET,POST");
    assert!(Config::load(&good.sources).is_ok());
}

#[test]
fn a_source_that_cannot_be_read_is_a_problem() {
    let mut given = Given::nothing();
    given.sources.file = Some(given.folder.path().join("absent.toml"));
    assert!(given.problem().message.starts_with("cannot be read"));
}

#[test]
fn an_unknown_setting_is_refused_with_the_one_that_was_meant() {
    for (variable, meant) in [
        ("ACS__SERVER__PROT", "`ACS__SERVER__PORT`"),
        ("ACS__SEVER__PORT", "`ACS__SERVER__PORT`"),
        ("ACS__SERVER__WINDOW_SECONDS", "`ACS__RATE_LIMIT__WINDOW_SECONDS`"),
        ("ACS__SERVER_PORT", "`ACS__SERVER__PORT`"),
        ("ACS__SYSTEM__PASSWORD_FIEL", "`ACS__SYSTEM__PASSWORD_FILE`"),
    ] {
        let problem = env(variable, "1").problem();
        assert_eq!(problem.message, "is not a setting", "{variable}");
        assert!(problem.fix.contains(meant), "{variable}: {}", problem.fix);
    }
    let problem = env("ACS__QUUX", "1").problem();
    assert!(problem.fix.starts_with("remove it"), "{problem}");
    let dotted = Given::nothing().file("\"server.port\" = 1\n").problem();
    assert_eq!(dotted.message, "is not a setting");
    // A setting that is no secret has no file.
    assert_eq!(
        env("ACS__SERVER__PORT_FILE", "x").problem().setting,
        "server.port_file"
    );
}

#[test]
fn a_group_of_settings_is_not_a_setting() {
    for given in [env("ACS__SERVER", "x"), Given::nothing().file("server = 1\n")] {
        assert_eq!(given.problem().message, "is a group of settings, not a setting");
    }
}

#[test]
fn production_takes_settings_that_are_fit_for_it() {
    let config = production().load();
    assert_eq!(config.app.environment, Environment::Production);
    assert!(!config.demo_wanted());
}

#[test]
fn production_refuses_what_is_only_fit_for_trying_things_out() {
    let bare = env("ACS__APP__ENVIRONMENT", "production").problems();
    let settings: Vec<&str> = bare.iter().map(|problem| problem.setting.as_str()).collect();
    assert_eq!(settings, ["security.secret_key", "security.encryption_keys"]);

    let placeholder = "change-me-in-production-please-1234567890";
    for (variable, value, setting) in [
        ("ACS__APP__DEBUG", "true", "app.debug"),
        ("ACS__SECURITY__SECRET_KEY", placeholder, "security.secret_key"),
        (
            "ACS__SECURITY__SECRET_KEY",
            "00000000000000000000000000000000",
            "security.secret_key",
        ),
        ("ACS__CORS__ORIGINS", "*", "cors.origins"),
        ("ACS__SYSTEM__PASSWORD", "short", "system.password"),
        ("ACS__SYSTEM__PASSWORD", "passwordpassword", "system.password"),
        ("ACS__DEMO__PASSWORD", "short", "demo.password"),
        ("ACS__DEMO__ENABLED", "true", "demo.enabled"),
    ] {
        let problem = production().env(variable, value).problem();
        assert_eq!(problem.setting, setting, "{problem}");
        assert_eq!(problem.origin, format!("environment variable {variable}"));
    }
}

#[test]
fn settings_that_do_not_go_together_are_refused() {
    for (variables, setting) in [
        (
            &[("ACS__AI__UNKNOWN_THRESHOLD", "0.75")][..],
            "ai.unknown_threshold",
        ),
        (&[("ACS__AI__ANSWER_THRESHOLD", "0.9")], "ai.answer_threshold"),
        (&[("ACS__STORE__MIN_CONNECTIONS", "21")], "store.min_connections"),
        (
            &[("ACS__STORE__OWNER_URL", "postgres://o@db/acs")],
            "store.owner_url",
        ),
        (
            &[("ACS__REDIS__URL", "redis://a"), ("ACS__REDIS__HOST", "b")],
            "redis.host",
        ),
        (&[("ACS__REDIS__HOST", "not a host")], "redis.host"),
        (&[("ACS__SALESFORCE__USERNAME", "me")], "salesforce.username"),
        (&[("ACS__CORS__ORIGINS", "*")], "cors.origins"),
        (
            &[("ACS__TURN__ANSWER_TIMEOUT_SECONDS", "29")],
            "turn.answer_timeout_seconds",
        ),
        (
            &[("ACS__SERVER__MAX_UPLOAD_BYTES", "1024")],
            "server.max_body_bytes",
        ),
    ] {
        let given = variables
            .iter()
            .fold(Given::nothing(), |given, (name, value)| given.env(name, value));
        assert_eq!(given.problem().setting, setting, "{variables:?}");
    }
}

#[test]
fn a_value_that_cannot_be_used_is_told_once() {
    // Were the default taken in its stead, the time-out of requests would also seem too short.
    let given =
        env("ACS__SERVER__REQUEST_TIMEOUT_SECONDS", "20").env("ACS__TURN__ANSWER_TIMEOUT_SECONDS", "soon");
    assert_eq!(given.problem().setting, "turn.answer_timeout_seconds");
}

#[test]
fn what_is_wrong_with_a_language_model_is_told_by_its_field_and_never_shows_its_key() {
    let file = "[ai.models.quick]\nprovider = \"azure\"\napi_key = \"sk-secret\"\ntimeout_seconds = \"long\"\ncolour = 1\n";
    let problem = Given::nothing().file(file).problem();
    assert_eq!(problem.setting, "ai.models");
    for part in [
        "`quick.base_url` is missing",
        "`quick.model` is missing",
        "`quick.timeout_seconds` must be a number of seconds",
        "`quick.colour` is not a setting; there are `provider`",
    ] {
        assert!(
            problem.message.contains(part),
            "{part}\nis not in\n{}",
            problem.message
        );
    }
    assert!(!format!("{problem:?}").contains("sk-secret"));
}

#[test]
fn a_model_in_this_process_needs_a_file_and_has_neither_address_nor_key() {
    let file = "[ai.models.small]\nprovider = \"gguf\"\nmodel = \"small-1\"\nconcurrency = 0\n\
                base_url = \"http://vllm.internal\"\napi_key = \"sk-secret\"\n";
    let problem = Given::nothing().file(file).problem();
    assert_eq!(problem.setting, "ai.models");
    for part in [
        "`small.path` is missing",
        "`small.concurrency` must be between 1 and 64",
        "`small.base_url` is not a setting; there are `provider`, `path`",
        "`small.api_key` is not a setting",
    ] {
        assert!(
            problem.message.contains(part),
            "{part}\nis not in\n{}",
            problem.message
        );
    }
    assert!(!format!("{problem:?}").contains("sk-secret"));
}

#[test]
fn a_chain_that_names_no_model_is_refused() {
    let quick = "[ai.models.quick]\nmodel = \"small-1\"\n";
    let given = Given::nothing().file(quick).env("ACS__AI__CHAINS", "quick,large");
    let problem = given.problem();
    assert_eq!(problem.setting, "ai.chains");
    assert!(
        problem
            .message
            .contains("names in `ai.chains[0].models` the model `large`"),
        "{}",
        problem.message
    );

    let twice = Given::nothing()
        .file("[ai.models.openai]\nmodel = \"small-1\"\n")
        .env("ACS__AI__OPENAI_API_KEY", "sk-secret");
    assert_eq!(twice.problem().setting, "ai.models");
}
