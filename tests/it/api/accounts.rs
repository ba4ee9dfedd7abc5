//! People of an organization: made, changed, switched off.

use rstest::rstest;
use serde_json::{Value, json};

use super::{each, eventually, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, PASSWORD};

fn ann(password: &str) -> Value {
    json!({ "email": "ann@staff.example", "password": password, "role": "agent", "display_name": "Ann Larkspur" })
}

#[rstest]
#[tokio::test]
async fn a_member_of_the_staff_is_added_and_can_sign_in(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let user = app.post(&admin, "/admin/users", ann(PASSWORD)).await.expect(201);
    let fields = [
        "created_at",
        "customer_tier",
        "display_name",
        "email",
        "external_id",
        "first_name",
        "id",
        "last_name",
        "last_seen_at",
        "mfa_enabled",
        "role",
        "status",
        "tags",
        "updated_at",
    ];
    assert_eq!(names(&user), fields);
    assert_eq!(
        (&user["email"], &user["role"], &user["status"]),
        (&json!("ann@staff.example"), &json!("agent"), &json!("active"))
    );
    assert_eq!(
        app.get(&admin, &format!("/admin/users/{}", text(&user, "id")))
            .await
            .expect(200),
        user
    );
    let me = app
        .get(&app.sign_in("ann@staff.example").await, "/me")
        .await
        .expect(200);
    assert_eq!(me["user"]["id"], user["id"]);
}

#[rstest]
#[tokio::test]
async fn a_password_that_is_easily_guessed_is_refused_with_the_reason(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let long = "x y ".repeat(65);
    let cases = [
        ("", "at least 15"),
        ("fourteen chars", "at least 15"),
        (&long, "at most 256"),
        ("aaaaaaaaaaaaaaaa", "repeats itself"),
        ("abcdefghijklmnopq", "simple sequence"),
        ("larkspurlarkspur1", "names that others know"),
        ("ann@staff.example", "names that others know"),
    ];
    for (password, reason) in cases {
        let answer = app.post(&admin, "/admin/users", ann(password)).await;
        let reasons = answer.refused(400, "2001")["password"].to_string();
        assert!(reasons.contains(reason), "{password}: {reasons}");
        assert!(
            password.is_empty() || !answer.body.to_string().contains(password),
            "the password is repeated"
        );
    }
    app.post(&admin, "/admin/users", ann("fifteen letters"))
        .await
        .expect(201);
}

#[rstest]
#[tokio::test]
async fn an_address_belongs_to_one_account_of_the_organization(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.post(&admin, "/admin/users", ann(PASSWORD)).await.expect(201);
    let mut again = ann(PASSWORD);
    again["email"] = json!(" ANN@staff.example");
    app.post(&admin, "/admin/users", again).await.refused(409, "2004");
    for wrong in [
        "",
        "ann",
        "ann@",
        "@staff.example",
        "ann@staff example",
        "ann@staff.example, bob@staff.example",
    ] {
        let mut user = ann(PASSWORD);
        user["email"] = json!(wrong);
        let answer = app.post(&admin, "/admin/users", user).await;
        assert_eq!(names(answer.refused(400, "2001")), ["email"], "{wrong}");
    }
    // Another organization may know the same person.
    let other = app.organization("other", json!({})).await;
    app.post(&other, "/admin/users", ann(PASSWORD)).await.expect(201);
}

#[rstest]
#[tokio::test]
async fn a_change_leaves_what_is_left_out_and_removes_what_is_null(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let user = app.post(&admin, "/admin/users", ann(PASSWORD)).await.expect(201);
    let path = format!("/admin/users/{}", text(&user, "id"));
    let changed = app
        .patch(
            &admin,
            &path,
            json!({ "first_name": "Ann", "role": "supervisor" }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&changed["first_name"], &changed["display_name"]),
        (&json!("Ann"), &json!("Ann Larkspur"))
    );
    assert_eq!(changed["role"], "supervisor");
    let changed = app
        .patch(&admin, &path, json!({ "display_name": null }))
        .await
        .expect(200);
    assert_eq!(
        (&changed["first_name"], &changed["display_name"]),
        (&json!("Ann"), &Value::Null)
    );
    let unchanged = app.patch(&admin, &path, json!({})).await.expect(200);
    assert_eq!(
        (&unchanged["first_name"], &unchanged["role"]),
        (&json!("Ann"), &json!("supervisor"))
    );
    for (body, field) in [
        (json!({ "role": null }), "role"),
        (json!({ "status": null }), "status"),
    ] {
        assert_eq!(
            names(app.patch(&admin, &path, body).await.refused(400, "2002")),
            [field]
        );
    }
    for (body, field) in [
        (json!({ "first_name": "n".repeat(101) }), "first_name"),
        (json!({ "role": "customer" }), "role"),
    ] {
        assert_eq!(
            names(app.patch(&admin, &path, body).await.refused(400, "2001")),
            [field]
        );
    }
}

#[rstest]
#[tokio::test]
async fn an_admin_cannot_lock_or_degrade_themselves(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let me = app.get(&admin, "/me").await.expect(200);
    let path = format!("/admin/users/{}", text(&me["user"], "id"));
    for (field, value) in [("role", "agent"), ("status", "inactive")] {
        let answer = app.patch(&admin, &path, json!({ field: value })).await;
        assert_eq!(names(answer.refused(400, "2001")), [field]);
    }
    app.get(&admin, "/admin/users").await.expect(200);
}

#[rstest]
#[tokio::test]
async fn who_is_switched_off_loses_all_access(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let user = app.post(&admin, "/admin/users", ann(PASSWORD)).await.expect(201);
    let login = json!({ "email": "ann@staff.example", "password": PASSWORD });
    let pair = app
        .post(&As::Nobody, "/auth/token", login.clone())
        .await
        .expect(200);
    let token = As::Token(text(&pair, "access_token").to_owned());
    app.get(&token, "/conversations").await.expect(200);
    let path = format!("/admin/users/{}", text(&user, "id"));
    app.patch(&admin, &path, json!({ "status": "inactive" }))
        .await
        .expect(200);
    let refresh = json!({ "refresh_token": pair["refresh_token"] });
    app.post(&As::Nobody, "/auth/refresh", refresh.clone())
        .await
        .refused(401, "1001");
    app.post(&As::Nobody, "/auth/token", login.clone())
        .await
        .refused(401, "1004");
    // What is known of a caller is a few seconds old at the most.
    let refused = eventually(async || {
        Some(app.get(&token, "/conversations").await).filter(|answer| answer.status != 200)
    })
    .await;
    refused.refused(401, "1001");
    app.patch(&admin, &path, json!({ "status": "active" }))
        .await
        .expect(200);
    app.post(&As::Nobody, "/auth/token", login).await.expect(200);
    app.post(&As::Nobody, "/auth/refresh", refresh)
        .await
        .refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn people_are_listed_newest_first_and_by_role(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.member(&admin, "agent").await;
    app.customer("acme", "customer-1").await;
    app.member(&admin, "supervisor").await;
    let all = app.get(&admin, "/admin/users").await.expect(200);
    assert_eq!(each(&all, "role"), ["supervisor", "customer", "agent", "admin"]);
    let agents = app.get(&admin, "/admin/users?role=agent").await.expect(200);
    assert_eq!(each(&agents, "email"), ["agent@staff.example"]);
    let (mut seen, mut path) = (Vec::new(), "/admin/users?limit=1".to_owned());
    loop {
        let page = app.get(&admin, &path).await.expect(200);
        seen.extend(each(&page, "role").into_iter().map(str::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/admin/users?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, each(&all, "role"));
}
