//! Personal data stays with the organization: no language model is told it, and the customer's reply has it nevertheless.

use acs_testkit::model_server::{ModelServer, Script};

use serde_json::json;

use crate::harness::{App, Store};
use crate::talk::Talk;

#[tokio::test]
async fn a_model_sees_marks_and_the_customer_what_they_stand_for() {
    let model = ModelServer::answering(|_| {
        Script::stream()
            .words("Thank you, [email_1]! Write to [email_1] any time. ")
            .words("Emails to [email_2] are answered within 1 working day.")
            .data("[DONE]")
    });
    let model = model.await.unwrap();
    let app = App::with(Store::Sqlite, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let contact = json!({
        "title": "Contact", "category": "help",
        "content": "Emails to support@brellwick.example are answered within 1 working day.",
    });
    app.post(&talk.admin, "/knowledge", contact).await.expect(201);
    let personal = [
        "jo@acme.example",
        "4111 1111 1111 1111",
        "4111\u{a0}1111\u{a0}1111\u{a0}1111",
    ];
    let words = format!("I am {}, card {} or {}.", personal[0], personal[1], personal[2]);
    talk.say(&app, &words).await.expect(200);
    let question = "When are emails to support@brellwick.example answered?";
    let turn = talk.say(&app, question).await.expect(200);
    assert_eq!(
        turn["response"], "Emails to support@brellwick.example are answered within 1 working day. [1]",
        "what the customer wrote is said where a source says it, too"
    );
    let asked = model.asked();
    let prompt = asked.last().unwrap().body.to_string();
    assert!(
        prompt.contains("[email_1]") && prompt.contains("[card_1]"),
        "{prompt}"
    );
    for personal in personal {
        assert!(!prompt.contains(personal), "{prompt}");
    }
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let prompt = explained["evidence"]["prompt"].to_string();
    assert!(
        prompt.contains("[card_1]") && !prompt.contains("4111"),
        "{prompt}"
    );
}
