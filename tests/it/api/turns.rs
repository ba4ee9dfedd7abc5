//! The turn: what a customer's message is answered with, and how it is explained.

use rstest::rstest;
use serde_json::{Value, json};

use super::{NOTHING, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

const QUESTION: &str = "I forgot my password, what can I do?";
const OFF_TOPIC: &str = "What is the boiling point of tungsten?";

async fn scene(store: Store) -> (App, As, String) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    (app, key, conversation)
}

fn share(value: &Value) -> f64 {
    value
        .as_f64()
        .filter(|value| (0.0..=1.0).contains(value))
        .unwrap_or_else(|| panic!("no share: {value}"))
}

#[rstest]
#[tokio::test]
async fn what_the_knowledge_answers_is_answered_with_its_sources(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let turn = app.say(&key, &conversation, QUESTION).await.expect(200);
    let fields = [
        "actions",
        "citations",
        "confidence",
        "conversation_id",
        "emotion",
        "entities",
        "escalation",
        "fallback_level",
        "follow_up_questions",
        "intent",
        "language",
        "message_id",
        "model_used",
        "offers_person",
        "outcome",
        "processing_time_ms",
        "reply_id",
        "requires_escalation",
        "response",
        "sentiment",
        "status",
        "tokens_used",
    ];
    assert_eq!(names(&turn), fields);
    assert_eq!(
        (&turn["outcome"], &turn["status"]),
        (&json!("answered"), &json!("waiting_for_user")),
        "{turn}"
    );
    assert_eq!(
        (
            &turn["language"],
            &turn["requires_escalation"],
            &turn["escalation"]
        ),
        (&json!("en"), &json!(false), &Value::Null)
    );
    assert_eq!(
        (&turn["model_used"], &turn["fallback_level"], &turn["tokens_used"]),
        (&json!("composer"), &json!(0), &json!(0))
    );
    assert!(text(&turn, "response").contains("Forgot password"), "{turn}");
    assert!(share(&turn["confidence"]) >= 0.3);
    assert!(turn["processing_time_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(
        (
            names(&turn["intent"]),
            names(&turn["sentiment"]),
            names(&turn["emotion"])
        ),
        (
            vec!["confidence", "primary", "secondary"],
            vec!["label", "score"],
            vec!["intensity", "label"]
        )
    );
    let citations = turn["citations"].as_array().unwrap();
    assert_eq!(
        names(&citations[0]),
        ["entry_id", "quote", "score", "title", "url"]
    );
    assert_eq!(
        (&citations[0]["title"], &citations[0]["url"]),
        (
            &json!("Reset your password"),
            &json!("https://help.acme.example/a")
        )
    );
    for citation in citations {
        let article = "If you forgot your password, choose Forgot password on the sign-in page. We send you a link that is good for 30 minutes.";
        assert!(article.contains(text(citation, "quote")), "{citation}");
    }
}

#[rstest]
#[tokio::test]
async fn what_the_knowledge_does_not_answer_is_not_known(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let turn = app.say(&key, &conversation, OFF_TOPIC).await.expect(200);
    assert_eq!(
        (&turn["outcome"], &turn["citations"], &turn["offers_person"]),
        (&json!("unknown"), &json!([]), &json!(true)),
        "{turn}"
    );
    assert!(share(&turn["confidence"]) < 0.3);
    assert!(!text(&turn, "response").is_empty());
}

#[rstest]
#[tokio::test]
async fn without_any_knowledge_nothing_is_known(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    let turn = app.say(&key, &conversation, QUESTION).await.expect(200);
    assert_eq!(
        (&turn["outcome"], &turn["citations"], &turn["offers_person"]),
        (&json!("unknown"), &json!([]), &json!(true))
    );
}

#[rstest]
#[tokio::test]
async fn message_and_reply_are_stored_as_they_were_told(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let body = json!({ "content": QUESTION, "content_type": "text", "attachments": [{ "name": "a.png" }], "metadata": { "page": "/login" } });
    let turn = app.act(&key, &conversation, "messages", body).await.expect(200);
    let messages = app.messages(&key, &conversation).await;
    let [question, reply] = &messages[..] else {
        panic!("{messages:?}")
    };
    let fields = [
        "attachments",
        "citations",
        "content",
        "content_type",
        "conversation_id",
        "created_at",
        "erased",
        "id",
        "sender_id",
        "sender_name",
        "sender_type",
        "seq",
    ];
    assert_eq!(
        (names(question), names(reply)),
        (fields.to_vec(), fields.to_vec())
    );
    assert_eq!(
        (&question["id"], &question["sender_type"], &question["seq"]),
        (&turn["message_id"], &json!("user"), &json!(1))
    );
    assert_eq!(
        (&question["sender_id"], &question["attachments"]),
        (&json!("customer-1"), &json!([{ "name": "a.png" }]))
    );
    assert_eq!(
        (&reply["id"], &reply["sender_type"], &reply["seq"]),
        (&turn["reply_id"], &json!("ai_agent"), &json!(2))
    );
    assert_eq!(
        (&reply["content"], &reply["citations"]),
        (&turn["response"], &turn["citations"])
    );
}

#[rstest]
#[tokio::test]
async fn a_conversation_counts_messages_and_means_confidence(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let mut confidences = Vec::new();
    for words in [QUESTION, OFF_TOPIC, "How long does a refund take?"] {
        let turn = app.say(&key, &conversation, words).await.expect(200);
        confidences.push(share(&turn["confidence"]));
    }
    let now = app.read(&key, &conversation).await;
    let counts = [
        "message_count",
        "user_message_count",
        "ai_message_count",
        "agent_message_count",
    ]
    .map(|field| now[field].as_i64().unwrap());
    assert_eq!(counts, [6, 3, 3, 0]);
    let mean = confidences.iter().sum::<f64>() / 3.0;
    assert!((now["ai_confidence_avg"].as_f64().unwrap() - mean).abs() < 1e-6);
    let course = now["emotion_trajectory"].as_array().unwrap();
    assert_eq!(course.len(), 3);
    assert_eq!(names(&course[0]), ["at", "emotion", "intensity"]);
    assert!(now["sentiment_current"].is_string());
}

#[rstest]
#[tokio::test]
async fn rising_frustration_is_an_event_once_for_each_rise(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let told = async || {
        let events = app.events().await;
        let rising = |kind: &&String| *kind == "conversation.frustration_rising";
        events.iter().filter(rising).count()
    };
    let say = async |words: &str| {
        let turn = app.say(&key, &conversation, words).await.expect(200);
        (text(&turn["emotion"], "label").to_owned(), told().await)
    };
    let furious = "This is outrageous!!! I am FURIOUS, you people are useless and I HATE this!!!";
    assert_eq!(say(QUESTION).await.1, 0);
    assert_eq!(say(furious).await, ("anger".to_owned(), 1));
    assert_eq!(
        say(furious).await,
        ("anger".to_owned(), 1),
        "who stays upset is told of once"
    );
    for _ in 0..4 {
        assert_eq!(say("How long does a refund take?").await.1, 1);
    }
    assert_eq!(
        say(furious).await,
        ("anger".to_owned(), 2),
        "who gets upset again is told of again"
    );
}

#[rstest]
#[tokio::test]
async fn the_evidence_explains_the_turn_that_was_told(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    for words in [QUESTION, OFF_TOPIC] {
        let turn = app.say(&key, &conversation, words).await.expect(200);
        let path = format!(
            "/conversations/{conversation}/turns/{}",
            text(&turn, "message_id")
        );
        let explained = app.get(&key, &path).await.expect(200);
        assert_eq!(explained["turn"], turn);
        assert_eq!(
            (&explained["state"], &explained["attempts"]),
            (&json!("done"), &json!(1))
        );
        let evidence = &explained["evidence"];
        assert!(!text(evidence, "embedding_model").is_empty());
        assert_eq!(evidence["degraded"], json!([]));
        assert!(
            evidence["verdicts"]
                .as_array()
                .is_some_and(|verdicts| !verdicts.is_empty())
        );
        assert_eq!(evidence["analysis"]["sentiment"], turn["sentiment"]);
        for citation in turn["citations"].as_array().unwrap() {
            let candidates = evidence["candidates"].as_array().unwrap();
            assert!(
                candidates
                    .iter()
                    .any(|candidate| candidate["entry_id"] == citation["entry_id"])
            );
        }
    }
    app.get(&key, &format!("/conversations/{conversation}/turns/{NOTHING}"))
        .await
        .refused(404, "3004");
}

#[rstest]
#[tokio::test]
async fn a_cited_entry_counts_its_use(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let admin = app.sign_in("admin@acme.example").await;
    let turn = app.say(&key, &conversation, QUESTION).await.expect(200);
    let entry = text(&turn["citations"][0], "entry_id");
    let entry = app.get(&admin, &format!("/knowledge/{entry}")).await.expect(200);
    assert!(entry["usage_count"].as_i64().unwrap() >= 1);
}
