//! A customer who is erased: nothing of their words and data is left in any table, chains hold, and nobody else is touched.

use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::port::store::erasure::Extent;
use acs_domain::user::UserId;
use acs_engine::replay::{Manner, Which};
use acs_engine::usecase::erasure::PIECE;
use acs_engine::{EngineError, Thing};
use acs_testkit::Sample;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, As, Store, read};
use crate::talk::{PASSWORD_QUESTION, Talk, asked, thoughtful_model};

/// The organization's own id of the customer who is erased.
const ADA: &str = "ada.quillon@mail.example";
/// What stands in all that the customer says, and nowhere else.
const MARK: &str = "quillon";
/// What stands in all that others say.
const OTHERS: &str = "wrenfeather";

async fn scope(app: &App, slug: &str) -> Scope {
    let found = app.backend().store().directory().organization(slug).await;
    Scope::trusted(found.unwrap().unwrap())
}

async fn erased(app: &App, customer: &str) -> Extent {
    let scope = scope(app, "acme").await;
    let erasures = &app.process.engine.erasures;
    let id = erasures.find(scope, customer).await.unwrap();
    erasures.erase(scope, id).await.unwrap()
}

/// A customer with a name and an address who says, or has said of them, something in every field that there is.
async fn talkative(app: &App, admin: &As) -> Talk {
    let visitor = json!({ "organization": "acme", "user_id": ADA, "name": "Ada Quillon", "email": ADA });
    let token = app.post(&As::Nobody, "/auth/widget", visitor).await.expect(200);
    let own = As::Token(token["access_token"].as_str().unwrap().to_owned());
    let begin = json!({
        "user_id": ADA, "channel": "web", "metadata": { "note": "quillon's note" },
        "initial_message": "How deep is the quillon lake in Patagonia, do you know?",
    });
    let begun = app.request(&own, Method::POST, "/conversations").json(&begin);
    let begun = read(begun.header("Idempotency-Key", "begin")).await;
    assert!(begun.status.is_success(), "{}", begun.body);
    let talk = Talk {
        admin: admin.clone(),
        key: own,
        id: begun.body["id"].as_str().unwrap().to_owned(),
    };
    for words in [
        format!("{PASSWORD_QUESTION}, I am {ADA}"),
        "And for Quillon lamps?".to_owned(),
    ] {
        let said = talk.request(app, &words).json(&json!({ "content": words,
            "attachments": [{ "name": "quillon.png" }], "metadata": { "seen": "quillon" } }));
        read(said.header("Idempotency-Key", &*format!("say-{}", words.len())))
            .await
            .expect(200);
    }
    let path = |act: &str| format!("/conversations/{}{act}", talk.id);
    let change = json!({ "title": "Quillon's lake", "tags": ["quillon"], "metadata": { "of": "quillon" } });
    app.patch(admin, &path(""), change).await.expect(200);
    for (act, body) in [
        ("/escalate", json!({ "reason": "Quillon wants a person" })),
        ("/messages", json!({ "content": "Hello Ada Quillon!" })),
        ("/resolve", json!({ "summary": "Told quillon all" })),
        (
            "/satisfaction",
            json!({ "score": 5, "feedback": "Quillon is happy" }),
        ),
    ] {
        let caller = if act == "/satisfaction" { &talk.key } else { admin };
        let done = app.post(caller, &path(act), body).await;
        assert!(done.status.is_success(), "{act}: {}", done.body);
    }
    talk
}

/// Another customer, who is nobody's concern here.
async fn other(app: &App, admin: &As, customer: &str) -> Talk {
    let key = app.key(admin, &["converse"]).await;
    let id = app.conversation(&key, customer).await;
    let talk = Talk {
        admin: admin.clone(),
        key,
        id,
    };
    talk.say(app, &format!("{PASSWORD_QUESTION}, says {OTHERS}"))
        .await
        .expect(200);
    talk
}

async fn shown(app: &App, talk: &Talk) -> Value {
    let transcript = talk.transcript(app).await;
    json!([transcript.conversation, transcript.messages, transcript.turns])
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_one_customer_and_everything_of_the_others(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let acme = app.organization("acme", json!({})).await;
    let globex = app.organization("globex", json!({})).await;
    app.teach(&acme).await;
    let talk = talkative(&app, &acme).await;
    let beside = other(&app, &acme, "customer-2").await;
    let elsewhere = other(&app, &globex, "customer-2").await;
    let before = [shown(&app, &beside).await, shown(&app, &elsewhere).await];
    let told = talk.transcript(&app).await;
    let values = app.backend().values().await.to_lowercase();
    assert!(values.matches(MARK).count() > 15, "there is much to erase");

    let scope = scope(&app, "acme").await;
    let erasures = &app.process.engine.erasures;
    let id = erasures.find(scope, ADA).await.unwrap();
    let extent = Extent {
        conversations: 1,
        messages: told.messages.len() as u64,
        keys: 1,
    };
    assert_eq!(erasures.extent(scope, id).await.unwrap(), extent);
    assert!(
        values == app.backend().values().await.to_lowercase(),
        "looking changes nothing"
    );
    assert_eq!(erasures.erase(scope, id).await.unwrap(), extent);

    let values = app.backend().values().await.to_lowercase();
    let found = values.find(MARK).map(|place| {
        let end = values.len().min(place + 100);
        String::from_utf8_lossy(&values.as_bytes()[place.saturating_sub(100)..end]).into_owned()
    });
    assert_eq!(found, None);
    assert!(values.contains(OTHERS));
    let after = [shown(&app, &beside).await, shown(&app, &elsewhere).await];
    assert_eq!(after, before);

    let records = &app.process.engine.records;
    assert!(records.verify(scope).await.unwrap().holds());
    let left = talk.transcript(&app).await;
    assert_eq!(
        (&left.conversation["status"], &left.conversation["user_id"]),
        (&json!("archived"), &json!(""))
    );
    assert_eq!(left.messages.len(), told.messages.len());
    for (message, before) in left.messages.iter().zip(&told.messages) {
        assert_eq!(
            (&message["erased"], &before["erased"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(
            (&message["content"], &message["seq"]),
            (&json!(""), &before["seq"])
        );
    }
    for (turn, before) in left.turns.iter().zip(&told.turns) {
        assert_eq!(
            (&turn["erased"], &turn["record"]),
            (&json!(true), &before["record"])
        );
        assert_eq!(turn["turn"]["outcome"], before["turn"]["outcome"]);
        assert_eq!(turn["evidence"]["timings"], before["evidence"]["timings"]);
        let gone = ["/turn/response", "/evidence/prompt", "/evidence/input"];
        assert!(
            gone.iter().all(|place| turn.pointer(place) == Some(&Value::Null)),
            "{turn}"
        );
    }
    let conversation = Which::Conversation(talk.id.parse().unwrap());
    let mut why = Vec::new();
    let replays = &app.process.engine.replays;
    let strict = Manner::default();
    let run = replays.run(scope, conversation, 100, &strict, |replayed| {
        why.push(replayed.ran.unwrap_err());
    });
    run.await.unwrap();
    assert_eq!(why, ["the customer was erased"; 3]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn erasing_again_changes_nothing_and_who_comes_back_is_a_new_customer(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let said = talk.say_once(&app, PASSWORD_QUESTION, "once").await.expect(200);
    let scope = scope(&app, "acme").await;
    let erasures = &app.process.engine.erasures;
    let id = erasures.find(scope, "customer-1").await.unwrap();
    assert_eq!(erased(&app, "customer-1").await.messages, 2);
    let erasures_told = async || {
        let events = app.events().await.into_iter();
        events.filter(|event| event == "customer.erased").count()
    };
    assert_eq!(erasures_told().await, 1);
    let again = erasures.find(scope, &id.to_string()).await.unwrap();
    assert_eq!(erasures.erase(scope, again).await.unwrap(), Extent::default());
    assert_eq!(erasures_told().await, 1);
    for nobody in [
        "customer-1",
        "nobody",
        &UserId::from_uuid(uuid::Uuid::nil()).to_string(),
    ] {
        let found = erasures.find(scope, nobody).await;
        assert!(
            matches!(found, Err(EngineError::NotFound(Thing::User))),
            "{found:?}"
        );
    }
    // Neither goes the talk on, nor does a request that is sent again bring its answer back.
    assert_eq!(talk.say(&app, "Hello?").await.error(), (409, "2004"));
    let repeated = talk.say_once(&app, PASSWORD_QUESTION, "once").await;
    assert_eq!(repeated.error(), (409, "2004"), "said before: {said}");
    let back = app.conversation(&talk.key, "customer-1").await;
    assert_ne!(back, talk.id);
    app.say(&talk.key, &back, PASSWORD_QUESTION).await.expect(200);
    let anew = erasures.find(scope, "customer-1").await.unwrap();
    assert_ne!(anew, id);
    assert_eq!(erasures.extent(scope, anew).await.unwrap().messages, 2);
    assert!(app.process.engine.records.verify(scope).await.unwrap().holds());
}

#[tokio::test]
async fn staff_are_not_erased_as_customers() {
    let app = App::on(Store::Sqlite).await;
    let admin = app.organization("acme", json!({})).await;
    let me = app.get(&admin, "/me").await.expect(200);
    let id = me["user"]["id"].as_str().unwrap();
    let scope = scope(&app, "acme").await;
    let erasures = &app.process.engine.erasures;
    let found = erasures.find(scope, id).await;
    assert!(
        matches!(found, Err(EngineError::NotFound(Thing::User))),
        "{found:?}"
    );
    let refused = erasures.erase(scope, id.parse().unwrap()).await;
    assert!(
        matches!(refused, Err(EngineError::NotFound(Thing::User))),
        "{refused:?}"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_under_way_leaves_nothing_behind(#[values(Store::Sqlite, Store::Postgres)] store: Store) {
    let model = thoughtful_model(Duration::from_millis(500)).await;
    let app = App::with(store, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let words = format!("{PASSWORD_QUESTION}, says {MARK}@mail.example");
    let erase = async {
        asked(&model, 1).await;
        assert_eq!(erased(&app, "customer-1").await.messages, 1);
    };
    let (answer, ()) = tokio::join!(talk.say(&app, &words), erase);
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.body);
    let left = talk.at_rest_with_help(&app).await;
    assert_eq!(left.messages.len(), 1, "{:#?}", left.messages);
    assert_eq!(
        left.turns[0]["evidence"]["degraded"],
        json!(["turn: given up, the customer was erased"])
    );
    let values = app.backend().values().await;
    assert!(!values.contains(MARK));
    assert!(
        app.process
            .engine
            .records
            .verify(scope(&app, "acme").await)
            .await
            .unwrap()
            .holds()
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_of_many_conversations_is_erased_piece_by_piece_and_what_broke_off_is_noticed(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    app.organization("acme", json!({})).await;
    let scope = scope(&app, "acme").await;
    let sample = Sample::default();
    let mut unit = app.backend().store().begin(scope).await.unwrap();
    let organization = unit.organizations().find(scope.organization_id()).await.unwrap();
    let customer = sample.customer(&organization.unwrap(), "customer-1");
    unit.users().insert(&customer).await.unwrap();
    for _ in 0..PIECE + 4 {
        let mut conversation = sample.conversation(&customer);
        conversation.title = Some(MARK.to_owned());
        unit.conversations().insert(&conversation).await.unwrap();
        let message = sample.message(&conversation, 1);
        unit.messages().insert(&[message]).await.unwrap();
    }
    unit.commit().await.unwrap();
    // A process that died between two pieces.
    let mut unit = app.backend().store().begin(scope).await.unwrap();
    let held = unit.erasure().hold(customer.id, 3).await.unwrap();
    unit.erasure().empty(&held, sample.now()).await.unwrap();
    unit.erasure().forget(customer.id, sample.now()).await.unwrap();
    unit.commit().await.unwrap();
    let records = &app.process.engine.records;
    let found = records.verify(scope).await.unwrap();
    assert_eq!((found.holds(), found.half_erased), (false, vec![customer.id]));

    let left = u64::from(PIECE) + 1;
    let rest = erased(&app, "customer-1").await;
    assert_eq!((rest.conversations, rest.messages), (left, left));
    assert!(records.verify(scope).await.unwrap().holds());
    assert!(!app.backend().values().await.contains(MARK));
}
