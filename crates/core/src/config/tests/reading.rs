//! What is read, from where.

use std::time::Duration;

use super::*;

#[test]
fn the_defaults_alone_load() {
    let config = Given::nothing().load();
    assert_eq!(config.server.host.to_string(), "127.0.0.1");
    assert_eq!(config.server.port, 8000);
    assert_eq!(config.server.max_body_bytes, 1_048_576);
    assert_eq!(config.app.environment, Environment::Development);
    assert_eq!(config.rate_limit.window_seconds, Duration::from_secs(60));
    assert!(config.security.signing_keys().is_empty());
    assert!(config.redis.connection_url().is_none());
    assert!(config.ai.openai_url().is_none());
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}

#[test]
fn the_environment_is_over_dotenv_over_the_file_over_the_default() {
    let file =
        Given::nothing().file("[server]\nport = 1\nmax_body_bytes = 2048\n\n[rate_limit]\nrequests = 7\n");
    assert_eq!((file.load().server.port, file.load().rate_limit.requests), (1, 7));
    let dotenv = file.dotenv("ACS__SERVER__PORT=2\n# note\nUNRELATED=x\nACS__RATE_LIMIT__REQUESTS=8\n");
    assert_eq!(
        (dotenv.load().server.port, dotenv.load().rate_limit.requests),
        (2, 8)
    );
    let all = dotenv
        .env("ACS__SERVER__PORT", "3")
        .env("PATH", "/bin")
        .env("ACS_CONFIG", "x");
    let config = all.load();
    assert_eq!((config.server.port, config.rate_limit.requests), (3, 8));
    assert_eq!(config.server.max_body_bytes, 2048);
    assert_eq!(config.rate_limit.organization_requests, 1000);
}

#[test]
fn variables_have_the_names_that_the_reference_gives() {
    let config = env("ACS__SERVER__HOST", "0.0.0.0")
        .env("ACS__DATA_DIR", "/srv/acs")
        .env("ACS__STORE__URL", "postgres://app:pw@db/acs")
        .env("ACS__STORE__OWNER_URL", "postgresql://owner:pw@db/acs")
        .env("ACS__RATE_LIMIT__ENABLED", "false")
        .env("ACS__DEMO__PASSWORD", "a demo password")
        .env("ACS__SYSTEM__PASSWORD", "a system password")
        .load();
    assert_eq!(config.server.host.to_string(), "0.0.0.0");
    assert_eq!(config.data_dir, PathBuf::from("/srv/acs"));
    assert_eq!(config.store_url().expose(), "postgres://app:pw@db/acs");
    assert_eq!(config.store_url().kind(), StoreKind::Postgres);
    assert!(!config.rate_limit.enabled);
    assert_eq!(
        config.demo.password.map(|p| p.expose().to_owned()).as_deref(),
        Some("a demo password")
    );
    assert_eq!(
        config.system.password.map(|p| p.expose().to_owned()).as_deref(),
        Some("a system password")
    );
}

#[test]
fn names_of_variables_may_be_written_in_any_case() {
    assert_eq!(env("acs__server__Port", "9000").load().server.port, 9000);
}

#[test]
fn values_in_the_file_may_be_typed_or_text() {
    let config = Given::nothing()
        .file(
            "[server]\nport = \"9000\"\nrequest_timeout_seconds = 45\ntrusted_proxies = [\"10.0.0.0/8\"]\n\
             [ai]\nopenai_temperature = 1\n[demo]\nenabled = false\n[logging]\nlevel = \"WARNING\"\n",
        )
        .load();
    assert_eq!(config.server.port, 9000);
    assert_eq!(config.server.request_timeout_seconds, Duration::from_secs(45));
    assert_eq!(config.server.trusted_proxies[0].to_string(), "10.0.0.0/8");
    assert_eq!(config.logging.level, LogLevel::Warn);
    assert_eq!(config.demo.enabled, Switch::Off);
}

#[test]
fn lists_are_written_with_commas_in_a_variable() {
    let config = env("ACS__CORS__ORIGINS", "https://a.example, https://b.example:8443/")
        .env("ACS__CORS__ALLOW_METHODS", "")
        .load();
    let origins: Vec<&str> = config.cors.origins.iter().map(WebOrigin::as_str).collect();
    assert_eq!(origins, ["https://a.example", "https://b.example:8443"]);
    assert!(config.cors.allow_methods.is_empty());
}

#[test]
fn an_optional_setting_left_empty_is_not_set() {
    let config = Given::nothing()
        .file("[redis]\nurl = \"redis://cache\"\n")
        .env("ACS__REDIS__URL", "")
        .load();
    assert!(config.redis.connection_url().is_none());
    assert!(
        env("ACS__SYSTEM__PASSWORD_FILE", "")
            .load()
            .system
            .password
            .is_none()
    );
}

#[test]
fn the_embedded_store_lies_in_the_data_folder() {
    let config = env("ACS__DATA_DIR", "/srv/acs").load();
    assert_eq!(config.store_url().expose(), "sqlite:/srv/acs/acs.db");
    assert!(config.demo_wanted());
    assert!(
        !env("ACS__STORE__URL", "postgres://app@db/acs")
            .load()
            .demo_wanted()
    );
    assert!(!env("ACS__DEMO__ENABLED", "false").load().demo_wanted());
}

#[test]
fn redis_is_reached_by_its_parts_too() {
    let given = env("ACS__REDIS__HOST", "::1")
        .env("ACS__REDIS__USERNAME", "app")
        .env("ACS__REDIS__PASSWORD", "p@ss/w:rd#")
        .env("ACS__REDIS__DB", "3");
    let url = given.load().redis.connection_url().unwrap();
    assert_eq!(url.expose(), "redis://app:p%40ss%2Fw%3Ard%23@[::1]:6379/3");
}

#[test]
fn openai_is_asked_when_a_key_or_an_address_is_set() {
    let with_key = env("ACS__AI__OPENAI_API_KEY", "sk-x").load();
    assert_eq!(
        with_key.ai.openai_url().unwrap().as_str(),
        "https://api.openai.com/v1"
    );
    let with_address = env("ACS__AI__OPENAI_BASE_URL", "http://localhost:11434/v1/").load();
    assert_eq!(
        with_address.ai.openai_url().unwrap().as_str(),
        "http://localhost:11434/v1"
    );
}

#[test]
fn a_process_finds_its_files_in_its_working_directory() {
    let given = Given::nothing();
    let folder = given.folder.path();
    let env = |name: &str| vec![("ACS_CONFIG".to_owned(), name.to_owned())];
    assert_eq!(Sources::found_in(folder, env("")).file, None);

    let (file, dotenv) = (given.write("acs.toml", ""), given.write(".env", ""));
    let found = Sources::found_in(folder, env(""));
    assert_eq!((found.file, found.dotenv), (Some(file), Some(dotenv)));
    let named = Sources::found_in(folder, env("other.toml"));
    assert_eq!(named.file, Some(folder.join("other.toml")));
}

#[test]
fn a_language_model_is_a_table_of_the_file_or_variables_with_its_name() {
    let given = Given::nothing()
        .file("[ai.models.quick]\nbase_url = \"http://models.internal:8000/v1\"\nmodel = \"small-1\"\n")
        .env("ACS__AI__MODELS__QUICK__TIMEOUT_SECONDS", "3")
        .env("ACS__AI__MODELS__QUICK__FIRST_TOKEN_TIMEOUT_SECONDS", "1.5")
        .env("ACS__AI__MODELS__CAREFUL__PROVIDER", "anthropic")
        .env("ACS__AI__MODELS__CAREFUL__MODEL", "large-2")
        .env("ACS__AI__MODELS__CAREFUL__API_KEY", "sk-secret")
        .env("ACS__AI__OPENAI_API_KEY", "sk-other");
    let ai = given.load().ai;
    let models = ai.language_models();
    let named: Vec<(&str, &str, &str)> = models
        .iter()
        .map(|model| (model.name.as_str(), model.model.as_str(), address(model)))
        .collect();
    assert_eq!(
        named,
        [
            ("openai", "gpt-4-turbo-preview", "https://api.openai.com/v1"),
            ("careful", "large-2", "https://api.anthropic.com/v1"),
            ("quick", "small-1", "http://models.internal:8000/v1"),
        ]
    );
    assert_eq!(models[2].timeout, Duration::from_secs(3));
    assert_eq!(models[1].api_key.as_ref().unwrap().expose(), "sk-secret");
    assert_eq!(ai.model_chains()[0].models, ["openai", "careful", "quick"]);
    assert!(!format!("{ai:?}").contains("sk-"), "a key never prints");
}

fn address(model: &LanguageModel) -> &str {
    match &model.place {
        ModelPlace::Server(url) => url.as_str(),
        ModelPlace::File(file) => file.path.to_str().unwrap(),
    }
}

#[test]
fn a_language_model_in_this_process_is_a_file_and_what_it_may_use() {
    let given = Given::nothing().file(
        "[ai.models.small]\nprovider = \"gguf\"\npath = \"small.gguf\"\nmodel = \"small-1\"\nqueue = 0\n",
    );
    let models = given.load().ai.language_models();
    let ModelPlace::File(file) = &models[0].place else {
        panic!("{models:?}");
    };
    let expected = ModelFile {
        path: "small.gguf".into(),
        threads: 1,
        concurrency: 1,
        queue: 0,
    };
    assert_eq!(*file, expected);
}

#[test]
fn a_chain_is_a_list_of_names_or_tables_that_say_for_which_turns() {
    let models = "[ai.models.a]\nmodel = \"a\"\n[ai.models.b]\nmodel = \"b\"\n";
    let given = Given::nothing().file(models).env("ACS__AI__CHAINS", "b, a");
    assert_eq!(given.load().ai.model_chains()[0].models, ["b", "a"]);

    let chains = "[[ai.chains]]\nmodels = [\"a\"]\nlanguages = [\"de\", \"nl\"]\nmin_words = 30\n\
                  hedge_after_seconds = 0.8\n[[ai.chains]]\nmodels = [\"b\"]\n";
    let chains = Given::nothing()
        .file(&format!("{models}{chains}"))
        .load()
        .ai
        .model_chains();
    assert_eq!(chains.len(), 2);
    assert_eq!((chains[0].languages.len(), chains[0].min_words), (2, Some(30)));
    assert_eq!(chains[0].hedge_after, Some(Duration::from_millis(800)));
    assert_eq!(chains[1].min_words, None);
}
