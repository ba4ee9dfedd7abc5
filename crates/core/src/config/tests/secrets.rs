//! Secrets: read, combined, and never shown.

use super::*;

#[test]
fn no_secret_ever_prints() {
    const MARK: &str = "hunter2hunter2";
    let secrets: Vec<String> = chapters()
        .into_iter()
        .flat_map(|chapter| chapter.fields)
        .filter(|field| field.secret)
        .map(|field| schema::variable(&field.path))
        .collect();
    assert!(secrets.len() >= 10, "{secrets:?}");
    let values = [
        MARK.to_owned(),
        format!("k1:{MARK}"),
        format!("https://user:{MARK}@host/"),
        format!("bad id:{MARK}"),
    ];
    for value in values {
        for variable in &secrets {
            let given = production().env(variable, &value);
            let printed = match Config::load(&given.sources) {
                Ok(config) => format!("{config:?}"),
                Err(error) => format!("{error}\n{error:?}"),
            };
            assert!(!printed.contains(MARK), "{variable}: {printed}");
        }
    }
    let other = env("ACS__AI__OPENAI_BASE_URL", &format!("https://user:{MARK}@host/")).problem();
    assert!(!other.to_string().contains(MARK), "{other}");
}

#[test]
fn a_line_that_is_not_toml_is_told_without_being_shown() {
    for line in [
        "password = hunter2",
        "password = \"hunter2",
        "password = 'hunter2",
        "password \"hunter2\"",
        "password = \"\\qhunter2\"",
        "password = \"hunter2\" hunter2",
        "hunter2",
        "password = \"x\"\nhunter2 = 1\npassword = \"hunter2\"",
    ] {
        let given = Given::nothing()
            .file(&format!("[system]\n\n{line}\n"))
            .env("ACS__SERVER__PORT", "0");
        let problems = given.problems();
        assert!(
            ["line 3", "line 5"].contains(&problems[0].origin.as_str()),
            "{problems:?}"
        );
        assert_eq!(problems[1].setting, "server.port");
        assert!(!format!("{problems:?}").contains("hunter2"), "{problems:?}");
    }
}

#[test]
fn a_password_of_digits_stays_text() {
    let config = env("ACS__REDIS__PASSWORD", "007")
        .env("ACS__REDIS__HOST", "cache")
        .load();
    assert_eq!(
        config.redis.connection_url().unwrap().expose(),
        "redis://:007@cache:6379/0"
    );
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let given = Given::nothing();
    let path = given.write("password", " a password \r\n");
    let config = given
        .env("ACS__SYSTEM__PASSWORD_FILE", path.to_str().unwrap())
        .load();
    assert_eq!(config.system.password.unwrap().expose(), " a password ");
}

#[test]
fn a_secrets_file_and_its_value_follow_the_order_of_the_sources() {
    let given = Given::nothing();
    let path = given.write("password", "from the file\n").display().to_string();
    let password = |given: Given| given.load().system.password.unwrap().expose().to_owned();

    let given = given
        .file("[system]\npassword = \"plain\"\n")
        .env("ACS__SYSTEM__PASSWORD_FILE", &path);
    assert_eq!(password(given), "from the file");
    // The weaker source's file is never opened.
    let plain = Given::nothing()
        .file("[system]\npassword_file = \"/absent\"\n")
        .env("ACS__SYSTEM__PASSWORD", "plain");
    assert_eq!(password(plain), "plain");
}

#[test]
fn a_secret_given_twice_or_in_an_absent_file_is_a_problem() {
    let twice = env("ACS__SYSTEM__PASSWORD", "a")
        .env("ACS__SYSTEM__PASSWORD_FILE", "/absent")
        .problem();
    assert_eq!(twice.message, "is given twice: as a value and as a file");
    let absent = env("ACS__SYSTEM__PASSWORD_FILE", "/absent").problem();
    assert!(
        absent.message.starts_with("the file `/absent` cannot be read"),
        "{absent}"
    );
}

#[test]
fn signing_keys_are_one_secret_or_a_ring_with_the_active_first() {
    let ids = |given: Given| {
        given
            .load()
            .security
            .signing_keys()
            .into_iter()
            .map(|key| key.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(env("ACS__SECURITY__SECRET_KEY", LONG_SECRET)), ["default"]);
    let ring = format!("k1:{LONG_SECRET}, k2:{LONG_SECRET}");
    assert_eq!(ids(env("ACS__SECURITY__KEYS", &ring)), ["k1", "k2"]);
    assert_eq!(
        ids(env("ACS__SECURITY__KEYS", &ring).env("ACS__SECURITY__ACTIVE_KEY", "k2")),
        ["k2", "k1"]
    );

    let given = Given::nothing();
    let path = given
        .write("k2", &format!("{LONG_SECRET}\n"))
        .display()
        .to_string();
    let table = format!(
        "[security]\nactive_key = \"k2\"\nkeys = [{{ id = \"k1\", secret = \"{LONG_SECRET}\" }}, {{ id = \"k2\", secret_file = \"{path}\" }}]\n"
    );
    assert_eq!(ids(given.file(&table)), ["k2", "k1"]);
    let lines = Given::nothing();
    let path = lines
        .write("ring", &format!("k1:{LONG_SECRET}\nk2:{LONG_SECRET}\n"))
        .display()
        .to_string();
    assert_eq!(ids(lines.env("ACS__SECURITY__KEYS_FILE", &path)), ["k1", "k2"]);
}

#[test]
fn a_ring_that_cannot_work_is_refused() {
    let key = |text: &str| env("ACS__SECURITY__KEYS", text);
    let long = format!("k1:{LONG_SECRET}");
    for (given, part) in [
        (key("k1:short"), "at least 32 bytes"),
        (key(&format!("{long},{long}")), "another id"),
        (key(LONG_SECRET), "`id:secret`"),
        (key(&format!("a b:{LONG_SECRET}")), "`id:secret`"),
        (
            key(&long).env("ACS__SECURITY__ACTIVE_KEY", "k9"),
            "no id in `security.keys`",
        ),
        (
            key(&long).env("ACS__SECURITY__SECRET_KEY", LONG_SECRET),
            "beside `security.keys`",
        ),
        (
            key(&long).env("ACS__SECURITY__JWT_ALGORITHM", "hs512"),
            "at least 64 bytes",
        ),
        (env("ACS__SECURITY__SECRET_KEY", "short"), "at least 32 bytes"),
        (
            env("ACS__SECURITY__ENCRYPTION_KEYS", &format!("{long}x")),
            "32 bytes in base64",
        ),
    ] {
        let problem = given.problem();
        assert!(problem.message.contains(part), "{part}: {problem}");
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let problem = env("ACS__SYSTEM__PASSWORD", "pass\u{fffd}word").problem();
    assert_eq!(problem.message, "is not valid UTF-8");
}
