//! A customer's talk with an organization that knows a little, from beginning to end.

use std::time::{Duration, Instant};

use acs_testkit::model_server::{Asked, ModelServer, Script};
use acs_testkit::transcript::Transcript;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{Answer, App, As, read};

/// A question that [`App::teach`] gives the answer to.
pub(crate) const PASSWORD_QUESTION: &str = "I forgot my password for my account";
/// The sentence that answers it.
pub(crate) const PASSWORD_SENTENCE: &str =
    "If you forgot your password, choose Forgot password on the sign-in page.";
/// Another question.
pub(crate) const PARCEL_QUESTION: &str = "How long does a parcel to Germany take?";
/// The sentence that answers it.
pub(crate) const PARCEL_SENTENCE: &str = "A parcel to Germany takes 2 to 3 working days.";
/// How long a test waits for what comes about by itself.
const PATIENCE: Duration = Duration::from_secs(60);

/// A conversation, with those who take part in it.
#[derive(Debug, Clone)]
pub(crate) struct Talk {
    pub admin: As,
    pub key: As,
    pub id: String,
}

impl Talk {
    /// Founds an organization, teaches it a little, and begins a conversation.
    pub(crate) async fn begin(app: &App) -> Self {
        let admin = app.organization("acme", json!({})).await;
        app.teach(&admin).await;
        let key = app.key(&admin, &["converse"]).await;
        let id = app.conversation(&key, "customer-1").await;
        Self { admin, key, id }
    }

    fn path(&self) -> String {
        format!("/conversations/{}", self.id)
    }

    /// The request in which the customer says something.
    pub(crate) fn request(&self, app: &App, words: &str) -> RequestBuilder {
        let path = format!("{}/messages", self.path());
        app.request(&self.key, Method::POST, &path)
            .json(&json!({ "content": words }))
    }

    /// The customer says something.
    pub(crate) async fn say(&self, app: &App, words: &str) -> Answer {
        read(self.request(app, words)).await
    }

    /// The customer says something, in a request that takes effect once.
    pub(crate) async fn say_once(&self, app: &App, words: &str, key: &str) -> Answer {
        read(self.request(app, words).header("Idempotency-Key", key)).await
    }

    /// The customer says something and hears the turn as events: their names with what they say.
    pub(crate) async fn hear(&self, app: &App, words: &str) -> Vec<(String, Value)> {
        let answer = read(self.request(app, words).header("Accept", "text/event-stream"))
            .await
            .expect(200);
        let events = answer
            .as_str()
            .unwrap()
            .split("\n\n")
            .filter(|event| event.contains("event: "));
        events
            .map(|event| {
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap();
                (
                    line("event: ").to_owned(),
                    serde_json::from_str(line("data: ")).unwrap(),
                )
            })
            .collect()
    }

    /// How the turn of a message came about.
    pub(crate) async fn explained(&self, app: &App, message_id: &str) -> Value {
        app.get(&self.admin, &format!("{}/turns/{message_id}", self.path()))
            .await
            .expect(200)
    }

    /// The conversation as it is now.
    pub(crate) async fn transcript(&self, app: &App) -> Transcript {
        let conversation = app.get(&self.admin, &self.path()).await.expect(200);
        let list = app
            .get(&self.admin, &format!("{}/messages?limit=100", self.path()))
            .await
            .expect(200);
        let messages = list["items"].as_array().unwrap().clone();
        let mut turns = Vec::new();
        for message in messages.iter().filter(|message| message["sender_type"] == "user") {
            turns.push(self.explained(app, message["id"].as_str().unwrap()).await);
        }
        Transcript {
            conversation,
            messages,
            turns,
        }
    }

    /// The conversation once nothing is under way in it, without anyone asking for its turns.
    pub(crate) async fn at_rest(&self, app: &App) -> Transcript {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let transcript = self.transcript(app).await;
            if transcript.is_at_rest() {
                // Read anew: the last turn may have come to its end between its messages and itself.
                return self.transcript(app).await;
            }
            assert!(
                Instant::now() < deadline,
                "a turn is never done: {:#?}",
                transcript.turns
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The same, while what a background job does is done again and again.
    pub(crate) async fn at_rest_with_help(&self, app: &App) -> Transcript {
        let help = async {
            loop {
                app.process.engine.turns.take_up_stranded(32).await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::select! {
            transcript = self.at_rest(app) => transcript,
            () = help => unreachable!(),
        }
    }
}

/// A model that thinks for a while, and then says what the sources say.
pub(crate) async fn thoughtful_model(thinking: Duration) -> ModelServer {
    ModelServer::answering(move |asked| {
        let sentence = if last_words(asked).contains("password") {
            PASSWORD_SENTENCE
        } else {
            PARCEL_SENTENCE
        };
        Script::stream().pause(thinking).words(sentence).data("[DONE]")
    })
    .await
    .unwrap()
}

/// What the customer said last, of all that the model was asked with.
pub(crate) fn last_words(asked: &Asked) -> &str {
    let messages = asked.body["messages"].as_array().unwrap();
    messages
        .last()
        .and_then(|message| message["content"].as_str())
        .unwrap()
}

/// Waits until the model has been asked this often.
pub(crate) async fn asked(model: &ModelServer, times: usize) {
    let deadline = Instant::now() + PATIENCE;
    while model.asked().len() < times {
        assert!(Instant::now() < deadline, "the model is not asked");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
