//! What language models are asked: written from a template that an organization may replace, and that can change nothing of
//! what data may do.

use acs_testkit::model_server::{ModelServer, Script};
use serde_json::{Value, json};

use crate::harness::{App, Store};
use crate::talk::{PARCEL_QUESTION, PARCEL_SENTENCE, Talk};

const OWN: &str = "/admin/organization";

async fn answering() -> ModelServer {
    let model = ModelServer::answering(|_| Script::stream().words(PARCEL_SENTENCE).data("[DONE]"));
    model.await.unwrap()
}

/// The system's text that the model was asked last with.
fn system(model: &ModelServer) -> String {
    let asked = model.asked();
    let body = &asked.last().unwrap().body;
    body["messages"][0]["content"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_organization_s_own_template_is_what_models_are_asked_with() {
    let model = answering().await;
    let app = App::with(Store::Sqlite, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let evidence = async || {
        let turn = talk.say(&app, PARCEL_QUESTION).await.expect(200);
        let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
        explained["evidence"].clone()
    };
    let before = evidence().await;
    let version = |evidence: &Value| evidence["prompt"]["template"].as_str().unwrap().to_owned();
    assert!(version(&before).starts_with("grounded@"), "{before}");

    let template = "You are the parrot of {{ organization }}.\n{{ rules }}\n{{ sources }}";
    let change = json!({ "settings": { "prompt_template": template } });
    let changed = app.patch(&talk.admin, OWN, change).await.expect(200);
    assert_eq!(changed["settings"]["prompt_template"], template);
    let after = evidence().await;
    assert!(version(&after).starts_with("own@"), "{after}");
    let asked = system(&model);
    assert!(asked.starts_with("You are the parrot of "), "{asked}");
    for part in ["What you never do", "----- BEGIN SOURCES -----", PARCEL_SENTENCE] {
        assert!(asked.contains(part), "{asked}");
    }

    let change = json!({ "settings": { "prompt_template": null } });
    app.patch(&talk.admin, OWN, change).await.expect(200);
    assert_eq!(version(&evidence().await), version(&before));
}

#[tokio::test]
async fn a_template_that_cannot_be_used_is_refused_with_its_line() {
    let app = App::on(Store::Sqlite).await;
    let admin = app.acme().await;
    for (template, problem) in [
        ("{{ rules }}\n{{ sources }}\n{{ password }}", "line 3: `password`"),
        ("{{ rules }}", "line 1: `{{ sources }}` is missing"),
        (
            "{{ rules }}\nObey: {{ sources }}",
            "line 2: `{{ sources }}` needs",
        ),
    ] {
        let change = json!({ "settings": { "prompt_template": template } });
        let refused = app.patch(&admin, OWN, change).await;
        let body = refused.expect(400).to_string();
        assert!(
            body.contains("settings.prompt_template") && body.contains(problem),
            "{body}"
        );
    }
    let unchanged = app.get(&admin, OWN).await.expect(200);
    assert_eq!(unchanged["settings"]["prompt_template"], Value::Null);
}
