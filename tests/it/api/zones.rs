//! Where a customer's clock is: what they say of tomorrow is understood by it.

use rstest::rstest;
use serde_json::{Value, json};

use super::{names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

/// The date in a turn's answer, up to its seconds, and its offset.
fn offset(turn: &Value) -> &str {
    let mut entities = turn["entities"].as_array().unwrap().iter();
    let date = entities.find(|entity| entity["type"] == "date").unwrap();
    &date["normalized"].as_str().unwrap()["2026-11-22T17:00:00".len()..]
}

async fn open(app: &App, caller: &As, zone: Option<&str>) -> String {
    let mut body = json!({ "user_id": "customer-1", "channel": "web" });
    if let Some(zone) = zone {
        body["time_zone"] = json!(zone);
    }
    let conversation = app.post(caller, "/conversations", body).await;
    text(&conversation.body, "id").to_owned()
}

#[rstest]
#[tokio::test]
async fn times_are_on_the_clock_that_the_customer_last_named(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    app.patch(&admin, "/admin/organization", json!({ "timezone": "Asia/Tokyo" }))
        .await
        .expect(200);
    // Zones without summer time: whatever day it is.
    for (zone, expected) in [
        (None, "+09:00"),
        (Some("Asia/Kolkata"), "+05:30"),
        (Some("America/Phoenix"), "-07:00"),
        (None, "-07:00"),
    ] {
        let conversation = open(&app, &key, zone).await;
        let turn = app
            .say(&key, &conversation, "Call me tomorrow at 5pm")
            .await
            .expect(200);
        assert_eq!(offset(&turn), expected, "{zone:?}");
    }
    let conversation = open(&app, &key, None).await;
    let turn = app
        .say(&key, &conversation, "Call me tomorrow at 5pm UTC")
        .await
        .expect(200);
    assert_eq!(offset(&turn), "+00:00");
}

#[rstest]
#[tokio::test]
async fn the_widget_names_the_clock_when_it_signs_in(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let ann = app.customer("acme", "customer-1").await;
    let conversation = open(&app, &ann, None).await;
    for (zone, expected) in [("Asia/Kolkata", "+05:30"), ("America/Phoenix", "-07:00")] {
        let visitor = json!({ "organization": "acme", "user_id": "customer-1", "time_zone": zone });
        app.post(&As::Nobody, "/auth/widget", visitor).await.expect(200);
        let turn = app
            .say(&ann, &conversation, "Call me tomorrow at 5pm")
            .await
            .expect(200);
        assert_eq!(offset(&turn), expected, "{zone}");
    }
    let visitor = json!({ "organization": "acme", "user_id": "customer-2", "time_zone": "Asia/Tokyo" });
    app.post(&As::Nobody, "/auth/widget", visitor).await.expect(200);
}

#[rstest]
#[tokio::test]
async fn what_is_no_time_zone_is_refused_by_its_field(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    for zone in ["Mars/Olympus", "", "CET+1", "../etc/passwd"] {
        let body = json!({ "user_id": "customer-1", "channel": "web", "time_zone": zone });
        let answer = app.post(&key, "/conversations", body).await;
        assert_eq!(names(answer.refused(400, "2001")), ["time_zone"], "{zone}");
        let visitor = json!({ "organization": "acme", "user_id": "customer-1", "time_zone": zone });
        let answer = app.post(&As::Nobody, "/auth/widget", visitor).await;
        assert_eq!(names(answer.refused(400, "2001")), ["time_zone"], "{zone}");
    }
}
