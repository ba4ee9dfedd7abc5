//! The people who handle conversations: asked for, taking over, handing back, solving, reopening.

use rstest::rstest;
use serde_json::{Value, json};

use super::{names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

/// A customer, an agent, and a conversation of theirs.
struct Scene {
    app: App,
    admin: As,
    agent: As,
    agent_id: Value,
    customer: As,
    conversation: String,
}

impl Scene {
    async fn on(store: Store) -> Self {
        let app = App::on(store).await;
        let admin = app.acme().await;
        app.teach(&admin).await;
        let agent = app.member(&admin, "agent").await;
        let me = app.get(&agent, "/me").await.expect(200);
        let customer = app.customer("acme", "customer-1").await;
        let conversation = app.conversation(&customer, "customer-1").await;
        Self {
            agent_id: me["user"]["id"].clone(),
            app,
            admin,
            agent,
            customer,
            conversation,
        }
    }

    async fn act(&self, caller: &As, act: &str, body: Value) -> Value {
        self.app
            .act(caller, &self.conversation, act, body)
            .await
            .expect(200)
    }

    async fn refused(&self, caller: &As, act: &str, body: Value) {
        self.app
            .act(caller, &self.conversation, act, body)
            .await
            .refused(409, "2004");
    }

    async fn ask(&self, words: &str) -> Value {
        self.app
            .say(&self.customer, &self.conversation, words)
            .await
            .expect(200)
    }

    async fn status(&self) -> String {
        text(&self.app.read(&self.admin, &self.conversation).await, "status").to_owned()
    }
}

const QUESTION: &str = "I forgot my password";

/// Nothing is said by the agent: the message is stored, and left to people.
#[track_caller]
fn silent(turn: &Value, status: &str) {
    let said = (
        &turn["response"],
        &turn["reply_id"],
        &turn["outcome"],
        &turn["status"],
    );
    assert_eq!(
        said,
        (&Value::Null, &Value::Null, &json!("handed_over"), &json!(status)),
        "{turn}"
    );
    assert_eq!(
        (&turn["citations"], &turn["requires_escalation"]),
        (&json!([]), &json!(true))
    );
    assert!(turn["message_id"].is_string());
}

#[rstest]
#[tokio::test]
async fn from_the_agent_to_a_person_and_back(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let Scene {
        app,
        agent,
        agent_id,
        customer,
        conversation,
        ..
    } = &scene;
    assert_eq!(scene.ask(QUESTION).await["outcome"], "answered");

    let escalated = scene
        .act(
            customer,
            "escalate",
            json!({ "reason": "I want a person", "priority": 4 }),
        )
        .await;
    assert_eq!(
        (
            &escalated["status"],
            &escalated["escalated"],
            &escalated["priority"]
        ),
        (&json!("escalated"), &json!(true), &json!(4))
    );
    assert_eq!(escalated["escalation_reason"], "I want a person");
    silent(&scene.ask("Is anyone there?").await, "escalated");

    let taken = scene.act(agent, "takeover", json!({})).await;
    assert_eq!(
        (&taken["status"], &taken["assigned_agent_id"]),
        (&json!("waiting_for_agent"), agent_id)
    );
    silent(&scene.ask("Hello?").await, "waiting_for_agent");

    let receipt = app
        .say(agent, conversation, "Hello, I am Ann. What happened?")
        .await
        .expect(200);
    assert_eq!(names(&receipt), ["message_id", "status"]);
    assert_eq!(receipt["status"], "waiting_for_user");
    silent(&scene.ask("My lamp broke.").await, "waiting_for_agent");

    let back = scene.act(agent, "handback", json!({})).await;
    assert_eq!(
        (&back["status"], &back["assigned_agent_id"]),
        (&json!("waiting_for_user"), &Value::Null)
    );
    let answered = scene.ask(QUESTION).await;
    assert_eq!(
        (&answered["outcome"], &answered["status"]),
        (&json!("answered"), &json!("waiting_for_user"))
    );

    let messages = app.messages(customer, conversation).await;
    let said: Vec<_> = messages
        .iter()
        .map(|it| (text(it, "sender_type"), it["seq"].as_i64().unwrap()))
        .collect();
    let expected = [
        "user",
        "ai_agent",
        "user",
        "user",
        "human_agent",
        "user",
        "user",
        "ai_agent",
    ];
    assert_eq!(said, expected.into_iter().zip(1..).collect::<Vec<_>>());
    assert_eq!(&messages[4]["sender_id"], agent_id);
    let now = app.read(customer, conversation).await;
    let counts = [
        "message_count",
        "user_message_count",
        "ai_message_count",
        "agent_message_count",
    ]
    .map(|field| now[field].as_i64().unwrap());
    assert_eq!(counts, [8, 5, 2, 1]);
}

#[rstest]
#[tokio::test]
async fn a_wish_for_a_person_hands_the_conversation_over(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let phrases = [
        "I want to speak to a human",
        "let me talk to a real person",
        "connect me to an agent",
    ];
    let body = json!({ "name": "speak_to_human", "training_phrases": phrases });
    scene.app.post(&scene.admin, "/intents", body).await.expect(201);
    let turn = scene.ask("I want to speak to a human").await;
    assert_eq!(
        (&turn["outcome"], &turn["status"]),
        (&json!("handed_over"), &json!("escalated")),
        "{turn}"
    );
    assert!(turn["response"].is_string() && turn["reply_id"].is_string());
    assert_eq!(
        names(&turn["escalation"]),
        ["id", "priority", "reason", "sla_deadline"]
    );
    let evidence = format!(
        "/conversations/{}/turns/{}",
        scene.conversation,
        text(&turn, "message_id")
    );
    let explained = scene.app.get(&scene.agent, &evidence).await.expect(200);
    assert_eq!(explained["turn"], turn);
}

#[rstest]
#[tokio::test]
async fn an_open_call_for_a_person_is_told_with_each_message(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    scene
        .act(&scene.customer, "escalate", json!({ "reason": "a refund" }))
        .await;
    let turn = scene.ask("Is anyone there?").await;
    assert_eq!(
        (&turn["escalation"]["reason"], &turn["escalation"]["priority"]),
        (&json!("a refund"), &json!(3))
    );
    let evidence = format!(
        "/conversations/{}/turns/{}",
        scene.conversation,
        text(&turn, "message_id")
    );
    assert_eq!(
        scene.app.get(&scene.agent, &evidence).await.expect(200)["turn"],
        turn
    );
}

#[rstest]
#[tokio::test]
async fn solved_is_open_again_with_the_customers_next_message(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    scene.ask(QUESTION).await;
    let resolved = scene
        .act(
            &scene.agent,
            "resolve",
            json!({ "resolution_code": "R1", "summary": "Told how." }),
        )
        .await;
    assert_eq!(
        (&resolved["status"], &resolved["resolved"]),
        (&json!("resolved"), &json!(true))
    );
    assert_eq!(resolved["resolution_type"], "human");
    assert!(resolved["ended_at"].is_string());
    let turn = scene.ask("It does not work").await;
    assert_eq!(turn["status"], "waiting_for_user");
    let now = scene.app.read(&scene.admin, &scene.conversation).await;
    let end = (&now["resolved"], &now["resolution_type"], &now["ended_at"]);
    assert_eq!(end, (&json!(false), &Value::Null, &Value::Null));
}

#[rstest]
#[tokio::test]
async fn solved_can_be_opened_again_by_hand(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    scene.act(&scene.agent, "resolve", json!({})).await;
    let reopened = scene.act(&scene.agent, "reopen", json!({})).await;
    assert_eq!(
        (&reopened["status"], &reopened["resolved"]),
        (&json!("active"), &json!(false))
    );
    assert_eq!(scene.ask(QUESTION).await["status"], "waiting_for_user");
}

#[rstest]
#[tokio::test]
async fn a_step_that_is_not_lawful_is_a_conflict_and_changes_nothing(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let scene = Scene::on(store).await;
    let Scene { agent, customer, .. } = &scene;
    scene.refused(agent, "handback", json!({})).await;
    scene.refused(agent, "reopen", json!({})).await;
    assert_eq!(scene.status().await, "initialized");
    scene.act(customer, "escalate", json!({ "reason": "now" })).await;
    scene
        .refused(customer, "escalate", json!({ "reason": "again" }))
        .await;
    scene.refused(agent, "reopen", json!({})).await;
    assert_eq!(scene.status().await, "escalated");
    scene.act(agent, "resolve", json!({})).await;
    scene.refused(agent, "resolve", json!({})).await;
    scene.refused(agent, "handback", json!({})).await;
    scene
        .refused(customer, "escalate", json!({ "reason": "now" }))
        .await;
    assert_eq!(scene.status().await, "resolved");
    let now = scene.app.read(agent, &scene.conversation).await;
    assert_eq!(now["escalation_reason"], "now");
}

#[rstest]
#[tokio::test]
async fn whoever_answers_first_owns_the_conversation_and_another_can_take_it(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let scene = Scene::on(store).await;
    let Scene {
        app,
        admin,
        agent,
        agent_id,
        conversation,
        ..
    } = &scene;
    app.say(agent, conversation, "Good morning, may I help?")
        .await
        .expect(200);
    assert_eq!(
        &app.read(admin, conversation).await["assigned_agent_id"],
        agent_id
    );
    silent(&scene.ask(QUESTION).await, "waiting_for_agent");
    let me = app.get(admin, "/me").await.expect(200);
    let taken = scene.act(admin, "takeover", json!({})).await;
    assert_eq!(taken["assigned_agent_id"], me["user"]["id"]);
}

#[rstest]
#[tokio::test]
async fn a_conversation_is_given_to_a_person_and_back_to_the_agent_by_a_change(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let scene = Scene::on(store).await;
    let Scene {
        app,
        admin,
        agent_id,
        conversation,
        ..
    } = &scene;
    let path = format!("/conversations/{conversation}");
    let given = app
        .patch(admin, &path, json!({ "assigned_agent_id": agent_id }))
        .await
        .expect(200);
    assert_eq!(
        (&given["assigned_agent_id"], &given["status"]),
        (agent_id, &json!("waiting_for_agent"))
    );
    let back = app
        .patch(admin, &path, json!({ "assigned_agent_id": null }))
        .await
        .expect(200);
    assert_eq!(
        (&back["assigned_agent_id"], &back["status"]),
        (&Value::Null, &json!("waiting_for_user"))
    );
    assert_eq!(scene.ask(QUESTION).await["outcome"], "answered");
    // A customer, or nobody, cannot own a conversation.
    let people = app.get(admin, "/admin/users?role=customer").await.expect(200);
    for nobody in [&people["items"][0]["id"], &json!(super::NOTHING)] {
        let answer = app
            .patch(admin, &path, json!({ "assigned_agent_id": nobody }))
            .await;
        assert_eq!(names(answer.refused(400, "2001")), ["assigned_agent_id"]);
    }
}

#[rstest]
#[tokio::test]
async fn a_key_cannot_take_over(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let key = scene.app.key(&scene.admin, &["converse", "admin"]).await;
    for act in ["takeover", "handback"] {
        scene
            .app
            .act(&key, &scene.conversation, act, json!({}))
            .await
            .refused(403, "1002");
    }
    let resolved = scene.act(&key, "resolve", json!({})).await;
    assert_eq!(resolved["resolution_type"], "automated");
}

#[rstest]
#[tokio::test]
async fn the_customers_judgement_is_kept_and_changes_no_status(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let Scene {
        app,
        customer,
        conversation,
        ..
    } = &scene;
    for bad in [
        json!({ "score": 0 }),
        json!({ "score": 6 }),
        json!({ "score": -1 }),
    ] {
        let answer = app.act(customer, conversation, "satisfaction", bad).await;
        assert_eq!(names(answer.refused(400, "2001")), ["score"]);
    }
    for nps in [-1, 11] {
        let answer = app
            .act(
                customer,
                conversation,
                "satisfaction",
                json!({ "score": 3, "nps": nps }),
            )
            .await;
        assert_eq!(names(answer.refused(400, "2001")), ["nps"]);
    }
    let long = json!({ "score": 3, "feedback": "f".repeat(5_001) });
    assert_eq!(
        names(
            app.act(customer, conversation, "satisfaction", long)
                .await
                .refused(400, "2001")
        ),
        ["feedback"]
    );
    for (score, status) in [(1, "initialized"), (5, "initialized")] {
        let judged = scene
            .act(
                customer,
                "satisfaction",
                json!({ "score": score, "feedback": "Fine", "nps": 10 }),
            )
            .await;
        assert_eq!(
            (&judged["satisfaction_score"], &judged["status"]),
            (&json!(score), &json!(status))
        );
    }
    scene.act(&scene.agent, "resolve", json!({})).await;
    let judged = scene
        .act(customer, "satisfaction", json!({ "score": 4, "nps": 0 }))
        .await;
    assert_eq!(
        (&judged["satisfaction_score"], &judged["status"]),
        (&json!(4), &json!("resolved"))
    );
    assert_eq!(app.read(customer, conversation).await["satisfaction_score"], 4);
}
