//! What a model answered is said again to whoever asks the same: in one organization, until its knowledge changes, and only
//! where nothing of a customer is in what was asked.

use acs_testkit::model_server::{ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, As, Store};
use crate::talk::{PARCEL_QUESTION, PARCEL_SENTENCE};

/// Who asks.
struct Shop {
    app: App,
    model: ModelServer,
}

/// An organization that knows a little.
struct Company {
    admin: As,
    key: As,
    slug: &'static str,
}

/// What a customer was answered.
#[derive(Debug)]
struct Answered {
    turn: Value,
    tried: Vec<Value>,
}

impl Answered {
    fn response(&self) -> &str {
        self.turn["response"].as_str().unwrap()
    }

    fn outcome(&self) -> &str {
        self.tried[0]["outcome"].as_str().unwrap()
    }
}

impl Shop {
    /// The product with a model that answers with these scripts, one after the other.
    async fn open(scripts: impl IntoIterator<Item = Script>) -> Self {
        let model = ModelServer::start(scripts).await.unwrap();
        Self::with(Store::Sqlite, model, "0.97").await
    }

    /// The same on a store, where questions are as one from a likeness on.
    async fn with(store: Store, model: ModelServer, likeness: &str) -> Self {
        let settings = [
            ("ACS__AI__MODELS__QUICK__BASE_URL", model.base_url()),
            ("ACS__AI__MODELS__QUICK__MODEL", "small-1".to_owned()),
            ("ACS__AI__MODELS__QUICK__INPUT_PRICE", "2".to_owned()),
            (
                "ACS__AI__MODELS__QUICK__FIRST_TOKEN_TIMEOUT_SECONDS",
                "1.5".to_owned(),
            ),
            ("ACS__AI__MODELS__QUICK__TIMEOUT_SECONDS", "1.5".to_owned()),
            ("ACS__AI__ANSWER_CACHE_MIB", "4".to_owned()),
            ("ACS__AI__ANSWER_CACHE_LIKENESS", likeness.to_owned()),
        ];
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, &**value)).collect();
        let app = App::with(store, &settings).await;
        Self { app, model }
    }

    async fn company(&self, slug: &'static str) -> Company {
        let admin = self.app.organization(slug, json!({})).await;
        self.app.teach(&admin).await;
        let key = self.app.key(&admin, &["converse"]).await;
        Company { admin, key, slug }
    }

    /// A customer's first words, or the next ones of a customer who has written before.
    async fn ask(&self, company: &Company, customer: &str, words: &str) -> Answered {
        let customer = format!("{}-{customer}", company.slug);
        let talk = self.app.conversation(&company.key, &customer).await;
        let turn = self.app.say(&company.key, &talk, words).await.expect(200);
        let path = format!(
            "/conversations/{talk}/turns/{}",
            turn["message_id"].as_str().unwrap()
        );
        let explained = self.app.get(&company.admin, &path).await.expect(200);
        Answered {
            tried: explained["evidence"]["models"].as_array().unwrap().clone(),
            turn,
        }
    }

    fn asked(&self) -> usize {
        self.model.asked().len()
    }
}

fn says(words: &str) -> Script {
    Script::reply(&[words], 40, 12)
}

#[rstest]
#[tokio::test]
async fn the_same_words_of_another_customer_cost_nothing(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let model = ModelServer::start([says(PARCEL_SENTENCE)]).await.unwrap();
    let shop = Shop::with(store, model, "0.97").await;
    let acme = shop.company("acme").await;
    let first = shop.ask(&acme, "1", PARCEL_QUESTION).await;
    let again = shop.ask(&acme, "2", PARCEL_QUESTION).await;
    assert_eq!(shop.asked(), 1);
    assert_eq!(again.response(), first.response());
    assert_eq!(again.turn["citations"], first.turn["citations"]);
    assert_eq!(
        (&again.turn["model_used"], &again.turn["tokens_used"]),
        (&json!("small-1"), &json!(0))
    );
    assert_eq!((first.outcome(), again.outcome()), ("ok", "from cache, exact"));
    assert_eq!(
        [&again.tried[0]["input_tokens"], &again.tried[0]["cost_micros"]],
        [&json!(0), &json!(0)]
    );
}

#[tokio::test]
async fn the_same_question_in_other_words_is_the_same() {
    let shop = Shop::open([says(PARCEL_SENTENCE)]).await;
    let acme = shop.company("acme").await;
    let first = shop.ask(&acme, "1", PARCEL_QUESTION).await;
    let again = shop
        .ask(&acme, "2", "How long will a parcel to Germany take?")
        .await;
    assert_eq!((again.outcome(), shop.asked()), ("from cache, semantic", 1));
    assert_eq!(again.response(), first.response());
}

#[rstest]
#[case::another_country(PARCEL_QUESTION, "How long does a parcel to Norway take?")]
#[case::the_opposite(
    "Can I get a refund with the card that paid?",
    "Can I get a refund without the card that paid?"
)]
#[case::another_figure("Is a refund paid within 14 days?", "Is a refund paid within 15 days?")]
#[case::a_denial("Is a refund paid to the card?", "Is a refund not paid to the card?")]
#[tokio::test]
async fn what_differs_in_what_matters_is_asked_anew(#[case] one: &str, #[case] other: &str) {
    let all = format!("{PARCEL_SENTENCE} A refund is paid within 14 days after the return has arrived.");
    let model = ModelServer::start([says(&all)]).await.unwrap();
    // So low that words alone tell them apart.
    let shop = Shop::with(Store::Sqlite, model, "0.9").await;
    let acme = shop.company("acme").await;
    shop.ask(&acme, "1", one).await;
    shop.ask(&acme, "2", other).await;
    assert_eq!(shop.asked(), 2);
    let again = shop.ask(&acme, "3", one).await;
    assert_eq!((again.outcome(), shop.asked()), ("from cache, exact", 2));
}

#[rstest]
#[case::misspelt_countries(
    "how long does a parcel to norwy take",
    "how long does a parcel to germny take"
)]
#[case::countries_of_no_source("how long does a parcel to chile take", "how long does a parcel to peru take")]
#[case::things_of_no_source(
    "how long does a sofa to germany take",
    "how long does a letter to germany take"
)]
#[tokio::test]
async fn words_that_no_source_has_are_told_apart_by_their_meaning(#[case] one: &str, #[case] other: &str) {
    let shop = Shop::open([says(PARCEL_SENTENCE)]).await;
    let acme = shop.company("acme").await;
    shop.ask(&acme, "1", one).await;
    let before = shop.asked();
    let second = shop.ask(&acme, "2", other).await;
    assert!(!second.outcome().contains("cache"), "{second:?}");
    let again = shop.ask(&acme, "3", one).await;
    assert!(
        before == 0 || again.outcome().contains("exact"),
        "the first was kept: {again:?}"
    );
}

#[tokio::test]
async fn another_organization_never_finds_it() {
    let shop = Shop::open([says(PARCEL_SENTENCE)]).await;
    let acme = shop.company("acme").await;
    let globex = shop.company("globex").await;
    shop.ask(&acme, "1", PARCEL_QUESTION).await;
    let theirs = shop.ask(&globex, "1", PARCEL_QUESTION).await;
    assert_eq!((theirs.outcome(), shop.asked()), ("ok", 2));
}

#[tokio::test]
async fn once_knowledge_has_changed_it_is_asked_anew() {
    let shop = Shop::open([says(PARCEL_SENTENCE)]).await;
    let acme = shop.company("acme").await;
    shop.ask(&acme, "1", PARCEL_QUESTION).await;
    let entry = json!({ "title": "Opening hours", "category": "shop", "content": "We open at nine." });
    shop.app.post(&acme.admin, "/knowledge", entry).await.expect(201);
    let after = shop.ask(&acme, "2", PARCEL_QUESTION).await;
    assert_eq!((after.outcome(), shop.asked()), ("ok", 2));
}

#[rstest]
#[case::an_address("I am jo@acme.example. How long does a parcel to Germany take?")]
#[case::a_name("My name is Jo Miller. How long does a parcel to Germany take?")]
#[case::an_order("How long does my order #A-10293 to Germany take?")]
#[case::a_link("How long does a parcel to Germany take, as in https://acme.example/orders/7781?")]
#[tokio::test]
async fn what_tells_of_a_customer_is_neither_kept_nor_looked_for(#[case] words: &str) {
    let shop = Shop::open([says(PARCEL_SENTENCE)]).await;
    let acme = shop.company("acme").await;
    for customer in ["1", "2"] {
        let answered = shop.ask(&acme, customer, words).await;
        assert_eq!(answered.outcome(), "ok");
    }
    assert_eq!(shop.asked(), 2);
}

#[tokio::test]
async fn what_was_asked_in_the_course_of_a_talk_is_neither_kept_nor_looked_for() {
    let shop = Shop::open([says(PARCEL_SENTENCE)]).await;
    let acme = shop.company("acme").await;
    for _ in 0..2 {
        shop.ask(&acme, "1", PARCEL_QUESTION).await;
    }
    assert_eq!(shop.asked(), 2, "the customer has said something before");
    shop.ask(&acme, "2", PARCEL_QUESTION).await;
    assert_eq!(shop.asked(), 2, "the first of it was kept");
}

#[rstest]
#[case::one_that_broke_off(Script::stream().words(&format!("{PARCEL_SENTENCE} A parcel")))]
#[case::one_that_went_silent(Script::stream().words(&format!("{PARCEL_SENTENCE} A parcel")).hang())]
#[case::one_that_was_cut_off(
    Script::stream().words(&format!("{PARCEL_SENTENCE} A"))
        .event(&json!({"choices": [{"delta": {}, "finish_reason": "length"}]})).data("[DONE]"))]
#[case::one_that_lied(says(&format!("{PARCEL_SENTENCE} It costs 99 euros.")))]
#[tokio::test]
async fn a_reply_that_was_not_whole_and_true_is_not_kept(#[case] faulty: Script) {
    let shop = Shop::open([faulty, says(PARCEL_SENTENCE)]).await;
    let acme = shop.company("acme").await;
    let first = shop.ask(&acme, "1", PARCEL_QUESTION).await;
    assert_eq!(first.turn["model_used"], "small-1", "{first:?}");
    assert!(first.response().contains(PARCEL_SENTENCE), "{first:?}");
    let second = shop.ask(&acme, "2", PARCEL_QUESTION).await;
    assert_eq!((second.outcome(), shop.asked()), ("ok", 2));
    let third = shop.ask(&acme, "3", PARCEL_QUESTION).await;
    assert_eq!((third.outcome(), shop.asked()), ("from cache, exact", 2));
}

#[tokio::test]
async fn a_kept_answer_is_heard_as_it_was_the_first_time() {
    let words: Vec<&str> = PARCEL_SENTENCE.split_inclusive(' ').collect();
    let shop = Shop::open([Script::reply(&words, 40, 12)]).await;
    let acme = shop.company("acme").await;
    let mut heard = Vec::new();
    for customer in ["1", "2"] {
        let talk = crate::talk::Talk {
            admin: acme.admin.clone(),
            key: acme.key.clone(),
            id: shop.app.conversation(&acme.key, customer).await,
        };
        let events = talk.hear(&shop.app, PARCEL_QUESTION).await;
        let words = events.iter().filter(|(name, _)| name == "delta");
        heard.push(words.map(|(_, delta)| delta["text"].clone()).collect::<Vec<_>>());
    }
    assert_eq!(shop.asked(), 1);
    assert_eq!(heard[0], heard[1]);
}
