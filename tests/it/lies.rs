//! A model that lies in every reply, through the whole of a turn: what the customer reads, and what is stored.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use acs_ai::sentence::sentences;
use acs_testkit::model_server::{Asked, ModelServer, Script};
use futures::StreamExt as _;
use serde_json::Value;

use crate::harness::{App, PASSWORD, Store};
use crate::talk::last_words;

const REPLIES: usize = 200;
/// How many talks go on at once.
const AT_ONCE: usize = 8;
/// The demonstration's questions.
const QUESTIONS: &str = include_str!("../../crates/app/demo/questions.json");

/// What one reply of the model says.
#[derive(Clone)]
struct Written {
    truths: Vec<String>,
    /// The lying sentences, and in each what must not be read.
    lies: Vec<(String, String)>,
}

/// The sentences of the first source in a prompt that stand for themselves.
fn truths(asked: &Asked) -> Vec<String> {
    let system = asked.body["messages"][0]["content"].as_str().unwrap();
    let (_, sources) = system.split_once("BEGIN SOURCES -----\n").unwrap();
    let source: Value = serde_json::from_str(sources.lines().next().unwrap()).unwrap();
    let text = source["text"].as_str().unwrap();
    let whole = |sentence: &&str| {
        let ends = sentence.ends_with('.') && !sentence.contains('\n');
        ends && sentence.starts_with(char::is_uppercase)
    };
    let said = sentences(text).into_iter().map(|range| text[range].trim());
    said.filter(whole).take(3).map(str::to_owned).collect()
}

/// A true sentence with another number, or one that no source has.
fn misquoted(truth: &str, number: usize) -> (String, String) {
    let digits = |c: char| c.is_ascii_digit();
    let wrong = number + 41;
    match truth.find(digits) {
        Some(start) => {
            let end = truth[start..]
                .find(|c| !digits(c))
                .map_or(truth.len(), |at| start + at);
            let lie = format!("{}{wrong}{}", &truth[..start], &truth[end..]);
            (lie.clone(), lie)
        }
        None => {
            let lie = format!("It takes {wrong} working days.");
            (lie.clone(), lie)
        }
    }
}

/// True sentences with lies of several kinds between them.
fn written(asked: &Asked, number: usize) -> Written {
    let truths = truths(asked);
    let first = truths.first().map_or("It is so.", String::as_str);
    let address = format!("https://brellwick-claims.example/{number}");
    let mail = format!("claims-{number}@brellwick.example");
    let phone = format!("0800 555 {:04}", number + 1_000);
    let promise = format!("{} euros", number + 300);
    let lies = vec![
        misquoted(first, number),
        match number % 4 {
            0 => (format!("You can read more at {address}."), address),
            1 => (format!("We promise you a refund of {promise} today."), promise),
            2 => (format!("Please call us at {phone} for it."), phone),
            _ => (format!("Please write to {mail} for it."), mail),
        },
    ];
    Written { truths, lies }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_replies_with_lies_none_reaches_the_customer_and_the_truths_do() {
    let replies: Arc<Mutex<HashMap<String, Written>>> = Arc::default();
    let log = Arc::clone(&replies);
    let model = ModelServer::answering(move |asked| {
        let mut log = log.lock().unwrap();
        let reply = written(asked, log.len());
        let mut said = reply.truths.clone();
        for (place, (lie, _)) in reply.lies.iter().enumerate() {
            said.insert((place * 2 + 1).min(said.len()), lie.clone());
        }
        log.insert(last_words(asked).to_owned(), reply);
        let words = said.join(" ");
        Script::reply(&words.split_inclusive(' ').collect::<Vec<_>>(), 10, 10)
    })
    .await
    .unwrap();
    let settings = [
        ("ACS__DEMO__ENABLED", "true"),
        ("ACS__DEMO__PASSWORD", PASSWORD),
        ("ACS__AI__OPENAI_BASE_URL", &model.base_url()),
    ];
    let app = App::with(Store::Sqlite, &settings).await;
    let admin = app.sign_in("admin@demo.example").await;
    let key = app.key(&admin, &["converse"]).await;
    let asked: Vec<Value> = serde_json::from_str(QUESTIONS).unwrap();
    let asked = asked
        .iter()
        .filter(|asked| asked["kind"] != "outside" && asked["kind"] != "two_part");
    let asked: Vec<&str> = asked.map(|asked| asked["question"].as_str().unwrap()).collect();
    // About a third of them get a model's reply: the number behind a question makes it less sure.
    let talks = (0..5 * REPLIES).map(|number| {
        let (app, key) = (&app, &key);
        // The same once more, as another customer would say it.
        let words = format!("{} ({number})", asked[number % asked.len()]);
        async move {
            let conversation = app.conversation(key, &format!("customer-{number}")).await;
            let turn = app.say(key, &conversation, &words).await.expect(200);
            (words, turn)
        }
    });
    let mut turns = futures::stream::iter(talks).buffer_unordered(AT_ONCE);
    let (mut count, mut truths, mut kept, mut passed) = (0, 0, 0, Vec::new());
    while count < REPLIES
        && let Some((words, turn)) = turns.next().await
    {
        let Some(reply) = replies.lock().unwrap().get(&words).cloned() else {
            continue;
        };
        count += 1;
        let response = turn["response"].as_str().unwrap();
        passed.extend(
            reply
                .lies
                .iter()
                .filter(|(_, mark)| response.contains(mark))
                .cloned(),
        );
        truths += reply.truths.len();
        let said = |truth: &&String| response.contains(truth.trim_end_matches('.'));
        kept += reply.truths.iter().filter(said).count();
    }
    drop(turns);
    assert!(passed.is_empty(), "{passed:#?}");
    assert_eq!(count, REPLIES);
    assert!(
        truths >= REPLIES && kept * 100 >= truths * 95,
        "kept {kept} of {truths}"
    );
    let stored = app.dump().await;
    assert!(
        !stored.contains("brellwick-claims.example"),
        "nor is any stored in the open"
    );
}
