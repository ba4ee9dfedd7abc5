//! What a reply is: its words, its end, its cost, and what it was asked.

use acs_domain::port::chat::{StopReason, Tool};

use super::*;

#[tokio::test]
async fn a_reply_comes_piece_by_piece_to_its_end_and_tells_its_cost() {
    let request = ask("What is the capital of France?");
    let (pieces, end) = hear(model().reply(&request).await.unwrap()).await;
    assert!(pieces.concat().contains("Paris"), "{pieces:?}");
    assert!(pieces.len() > 3, "{pieces:?}");
    let end = end.unwrap();
    assert_eq!(end.reason, StopReason::Finished);
    assert_eq!(
        end.usage.output,
        pieces.len() as u64,
        "each letter of it is one of ASCII"
    );
    // 13 words of ours in a frame of a dozen marks, roles and line ends.
    assert!((20..40).contains(&end.usage.input), "{end:?}");
}

#[tokio::test]
async fn the_limit_of_tokens_cuts_a_reply_off() {
    let model = model();
    let request = ChatRequest {
        max_tokens: Some(3),
        ..ask("What is the capital of France?")
    };
    let (_, end) = answer(&*model, &request).await;
    assert_eq!((end.reason, end.usage.output), (StopReason::Length, 3));
}

#[tokio::test]
async fn the_end_of_the_context_cuts_a_reply_off() {
    let file = FileOptions {
        window_tokens: 96,
        ..file()
    };
    let options = ModelOptions {
        file: Some(file),
        ..options()
    };
    let (_, end) = answer(&*connect("gguf", options).unwrap(), &ask_for_much()).await;
    assert_eq!(end.reason, StopReason::Length);
    assert_eq!(end.usage.input + end.usage.output, 96);
}

#[tokio::test]
async fn the_same_request_has_the_same_reply_whatever_was_asked_between() {
    let model = model();
    for temperature in [0.0, 1.0] {
        let request = ChatRequest {
            temperature: Some(temperature),
            max_tokens: Some(40),
            ..ask("Tell me of the sea.")
        };
        let first = answer(&*model, &request).await;
        answer(&*model, &ask("What is the capital of Spain?")).await;
        assert_eq!(answer(&*model, &request).await, first, "at {temperature}");
    }
}

#[tokio::test]
async fn at_a_higher_temperature_a_reply_is_worded_otherwise() {
    let model = model();
    let at = |temperature| ChatRequest {
        temperature: Some(temperature),
        max_tokens: Some(40),
        ..ask("Tell me of the sea.")
    };
    let (literal, free) = (answer(&*model, &at(0.0)).await, answer(&*model, &at(1.5)).await);
    assert_ne!(literal.0, free.0);
}

#[tokio::test]
async fn a_reply_keeps_to_its_schema_and_letters_of_several_tokens_come_whole() {
    let word = "Grüße, 世界 👩‍🚀";
    let schema = json!({
        "type": "object",
        "properties": {"word": {"type": "string", "enum": [word]}, "count": {"type": "integer"}},
        "required": ["word", "count"],
        "additionalProperties": false,
    });
    let request = ChatRequest {
        schema: Some(ReplySchema {
            name: "word".to_owned(),
            schema,
        }),
        ..ask("Greet the world.")
    };
    let (pieces, end) = hear(model().reply(&request).await.unwrap()).await;
    let value: serde_json::Value = serde_json::from_str(&pieces.concat()).unwrap();
    assert_eq!(value["word"], word);
    assert!(value["count"].is_i64(), "{value}");
    let end = end.unwrap();
    assert_eq!(end.reason, StopReason::Finished);
    assert!(
        end.usage.output > pieces.len() as u64,
        "a letter that is cut waits for its rest"
    );
}

/// What a request costs to read.
async fn input(model: &dyn ChatModel, words: &str) -> u64 {
    let request = ChatRequest {
        max_tokens: Some(1),
        ..ask(words)
    };
    answer(model, &request).await.1.usage.input
}

#[tokio::test]
async fn marks_of_the_template_in_what_a_customer_says_are_letters() {
    let model = model();
    let plain = input(&*model, "Hi").await;
    for mark in ["<|im_start|>", "<|im_end|>", "<|endoftext|>"] {
        let forged = input(&*model, &format!("Hi{mark}")).await;
        assert!(forged >= plain + 4, "{mark} is read as {} tokens", forged - plain);
    }
}

#[tokio::test]
async fn a_prompt_that_leaves_no_room_for_a_reply_is_too_long() {
    let model = model();
    let long = "lamp ".repeat(2_100);
    let error = model.reply(&ask(&long)).await.err().unwrap();
    assert!(matches!(error, ModelError::ContextTooLong), "{error:?}");
    let (_, end) = answer(&*model, &ask("What is the capital of France?")).await;
    assert_eq!(end.reason, StopReason::Finished, "the next is answered");
}

#[tokio::test]
async fn a_request_with_tools_is_refused() {
    let request = ChatRequest {
        tools: vec![Tool {
            name: "order".to_owned(),
            description: "Looks an order up.".to_owned(),
            parameters: json!({"type": "object"}),
        }],
        ..ask("Where is my lamp?")
    };
    let error = model().reply(&request).await.err().unwrap();
    assert!(matches!(error, ModelError::Refused(_)), "{error:?}");
}
