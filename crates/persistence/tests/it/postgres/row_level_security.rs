//! The database itself keeps organizations apart: here the statements name none.

use std::time::Duration;

use acs_core::secret::Secret;
use acs_domain::access::SYSTEM_ORGANIZATION;
use acs_domain::conflict::{Conflict, Difference, Side};
use acs_domain::gap::Unanswered;
use acs_domain::intent_head::IntentHead;
use acs_domain::knowledge::{Link, LinkKind};
use acs_domain::model_key::ModelKey;
use acs_domain::organization::OrganizationId;
use acs_domain::record::ChainEnd;
use acs_persistence::{OpenError, Options, open};
use acs_testkit::Backend;
use acs_testkit::sample::{
    EMBEDDING_MODEL, Sample, add_conversation, add_organization, add_turn, put_knowledge,
};
use sea_orm::sqlx::postgres::{PgPool, PgPoolOptions};
use sea_orm::sqlx::{self, AssertSqlSafe, Postgres, Transaction};

/// The tables that [`filled`] writes to, one row or more for each organization.
const TABLES: &[&str] = &[
    "core.organizations",
    "core.users",
    "core.conversations",
    "core.messages",
    "core.turns",
    "core.outbox",
    "ai.knowledge_entries",
    "ai.knowledge_versions",
    "ai.knowledge_passages",
    "ai.term_frequencies",
    "ai.intents",
    "ai.intent_phrases",
    "ai.intent_heads",
    "ai.intent_trainings",
    "ai.terms",
    "ai.model_keys",
    "ai.knowledge_links",
    "ai.unanswered_questions",
    "ai.knowledge_comparisons",
    "ai.knowledge_conflicts",
    "core.customer_keys",
    "audit.turn_records",
];

struct Scene {
    /// Its database goes with it.
    _backend: Backend,
    /// One connection, under the program's role: what one unit leaves behind the next one meets.
    pool: PgPool,
    ours: OrganizationId,
    theirs: OrganizationId,
}

async fn filled() -> Scene {
    let backend = Backend::postgres().await;
    let sample = Sample::default();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let organization = add_organization(backend.store(), &sample).await;
        let conversation = add_conversation(backend.store(), &sample, &organization).await;
        let turn = add_turn(backend.store(), &sample, &conversation, 1).await;
        let entries = ["T", "U"].map(|title| sample.entry(&organization, title, "words"));
        put_knowledge(backend.store(), &organization, &entries).await;
        let [entry_id, target_id] = entries.map(|one| one.entry.id);
        let scope = acs_domain::access::Scope::trusted(organization.id);
        let mut unit = backend.store().begin(scope).await.unwrap();
        unit.intents()
            .put(&[sample.intent(&organization, "greet", &["hello"])])
            .await
            .unwrap();
        let head = IntentHead {
            organization_id: organization.id,
            embedding_model: EMBEDDING_MODEL.to_owned(),
            intents_version: 2,
            trained_at: sample.now(),
            took: Duration::ZERO,
        };
        assert!(unit.intent_heads().put(&head, Some(b"head")).await.unwrap());
        let now = sample.now();
        unit.intent_heads()
            .acquire(EMBEDDING_MODEL, "worker-1", now, now)
            .await
            .unwrap();
        unit.terms().put(&sample.terms("Lamp"), now).await.unwrap();
        let key = ModelKey {
            model: "openai".to_owned(),
            sealed: "sealed".to_owned(),
            last_four: "4f2a".to_owned(),
            base_url: None,
            set_at: now,
        };
        unit.model_keys().put(&key).await.unwrap();
        let link = Link {
            entry_id,
            kind: LinkKind::SeeAlso,
            target_id,
        };
        unit.knowledge().put_links(entry_id, &[link], now).await.unwrap();
        let question = Unanswered {
            id: sample.id(),
            conversation_id: conversation.id,
            question: "Why?".to_owned(),
            language: None,
            vector: sample.vector(),
            embedding_model: EMBEDDING_MODEL.to_owned(),
            knowledge_version: 1,
            asked_at: now,
        };
        unit.unanswered().add(&question, 1, now).await.unwrap();
        let mut sides = [entry_id, target_id].map(|entry_id| Side {
            entry_id,
            version: 1,
            sentence: "It takes a while.".to_owned(),
        });
        sides.sort_by_key(|side| side.entry_id);
        let conflict = Conflict {
            id: sample.id(),
            difference: Difference::Duration,
            sides,
            found_at: now,
        };
        let attempt = unit.conflicts().acquire("worker-1", now, now).await.unwrap();
        let then = unit.conflicts().uncompared(9).await.unwrap().then;
        let found = [conflict];
        let kept = unit.conflicts().keep(attempt.unwrap(), &found, &then);
        assert!(kept.await.unwrap());
        let key = sample.customer_key(&conversation);
        unit.records().add_key(&key).await.unwrap();
        let record = sample.record(&turn, &ChainEnd::default());
        unit.records().append(&record).await.unwrap();
        unit.outbox()
            .append(&[sample.event(&organization)])
            .await
            .unwrap();
        unit.commit().await.unwrap();
        ids.push(organization.id);
    }
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect(backend.options().url.expose())
        .await
        .unwrap();
    Scene {
        _backend: backend,
        pool,
        ours: ids[0],
        theirs: ids[1],
    }
}

impl Scene {
    async fn unit(&self, organization: OrganizationId) -> Transaction<'static, Postgres> {
        let mut unit = self.pool.begin().await.unwrap();
        sqlx::query("SELECT set_config('app.current_org_id', $1, true)")
            .bind(organization.to_string())
            .execute(&mut *unit)
            .await
            .unwrap();
        unit
    }
}

async fn organizations(unit: &mut Transaction<'_, Postgres>, table: &str) -> Vec<uuid::Uuid> {
    let column = if table == "core.organizations" {
        "id"
    } else {
        "organization_id"
    };
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT DISTINCT {column} FROM {table}")))
        .fetch_all(&mut **unit)
        .await
        .unwrap()
}

fn code(error: &sqlx::Error) -> String {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .unwrap_or_default()
        .into_owned()
}

#[tokio::test]
async fn each_unit_sees_one_organization_on_a_shared_connection() {
    let scene = filled().await;
    for organization in [scene.ours, scene.theirs, scene.ours, scene.theirs] {
        let mut unit = scene.unit(organization).await;
        for table in TABLES {
            assert_eq!(
                organizations(&mut unit, table).await,
                [organization.as_uuid()],
                "{table}"
            );
        }
    }
}

#[tokio::test]
async fn without_an_organization_every_statement_fails_also_after_a_unit_that_had_one() {
    let scene = filled().await;
    for round in 0..2 {
        for table in TABLES {
            for statement in [format!("SELECT * FROM {table}"), format!("DELETE FROM {table}")] {
                let refused = sqlx::query(AssertSqlSafe(statement.clone()))
                    .execute(&scene.pool)
                    .await;
                assert_eq!(
                    code(&refused.unwrap_err()),
                    "42501",
                    "{statement} in round {round}"
                );
            }
        }
        drop(scene.unit(scene.ours).await);
    }
}

#[tokio::test]
async fn rows_of_another_organization_cannot_be_changed() {
    let scene = filled().await;
    for table in TABLES {
        let column = if *table == "core.organizations" {
            "id"
        } else {
            "organization_id"
        };
        for statement in [
            format!("UPDATE {table} SET {column} = {column} WHERE {column} = $1"),
            format!("DELETE FROM {table} WHERE {column} = $1"),
        ] {
            let mut unit = scene.unit(scene.theirs).await;
            let done = sqlx::query(AssertSqlSafe(statement.clone()))
                .bind(scene.ours.as_uuid())
                .execute(&mut *unit)
                .await
                .unwrap();
            assert_eq!(done.rows_affected(), 0, "{statement}");
        }
    }
}

#[tokio::test]
async fn a_forged_insert_is_refused() {
    let scene = filled().await;
    let mut unit = scene.unit(scene.theirs).await;
    let forged = sqlx::query(
        "INSERT INTO core.idempotency_keys (organization_id, caller, operation, key, request_hash, created_at) \
         VALUES ($1, 'c', 'o', 'k', 'h', 0)",
    )
    .bind(scene.ours.as_uuid())
    .execute(&mut *unit)
    .await;
    assert_eq!(code(&forged.unwrap_err()), "42501");
    drop(unit);
    let mut unit = scene.unit(scene.theirs).await;
    let moved = sqlx::query("UPDATE core.users SET organization_id = $1")
        .bind(scene.ours.as_uuid())
        .execute(&mut *unit)
        .await;
    assert_eq!(code(&moved.unwrap_err()), "42501");
}

#[tokio::test]
async fn the_system_organization_sees_the_list_of_organizations_and_nothing_else() {
    let scene = filled().await;
    let mut unit = scene.unit(SYSTEM_ORGANIZATION).await;
    for table in TABLES {
        let expected = if *table == "core.organizations" { 2 } else { 0 };
        assert_eq!(organizations(&mut unit, table).await.len(), expected, "{table}");
    }
    let renamed = sqlx::query("UPDATE core.organizations SET name = 'mine'")
        .execute(&mut *unit)
        .await;
    assert_eq!(code(&renamed.unwrap_err()), "42501");
}

#[tokio::test]
async fn the_search_function_follows_the_organization_of_the_unit() {
    let scene = filled().await;
    let found = async |organization| -> Vec<uuid::Uuid> {
        let mut unit = scene.unit(organization).await;
        let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
            "SELECT id FROM ai.nominate_by_words(ARRAY['words'], ARRAY[1::bigint], 1, NULL, 0, 10) AS id",
        )
        .fetch_all(&mut *unit)
        .await
        .unwrap();
        let own: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM ai.knowledge_passages")
            .fetch_all(&mut *unit)
            .await
            .unwrap();
        assert_eq!(ids, own);
        ids
    };
    assert_ne!(found(scene.ours).await, found(scene.theirs).await);
    let refused =
        sqlx::query("SELECT * FROM ai.nominate_by_words(ARRAY['words'], ARRAY[1::bigint], 1, NULL, 0, 10)")
            .execute(&scene.pool)
            .await;
    assert_eq!(code(&refused.unwrap_err()), "42501");
}

#[tokio::test]
async fn the_program_may_not_lift_the_policies() {
    let scene = filled().await;
    for statement in [
        "ALTER TABLE core.messages DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE core.messages NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON core.messages",
        "CREATE POLICY everything ON core.messages USING (true)",
        "CREATE OR REPLACE FUNCTION core.current_org() RETURNS uuid LANGUAGE sql RETURN NULL::uuid",
        "CREATE TABLE core.mine (id int)",
        "DELETE FROM core.schema_migrations",
        "TRUNCATE core.messages CASCADE",
    ] {
        let refused = sqlx::query(statement).execute(&scene.pool).await;
        assert_eq!(code(&refused.unwrap_err()), "42501", "{statement}");
    }
    // To lift them for itself makes a query fail instead.
    let mut unit = scene.unit(scene.ours).await;
    sqlx::query("SET LOCAL row_security = off")
        .execute(&mut *unit)
        .await
        .unwrap();
    let refused = sqlx::query("SELECT * FROM core.messages")
        .execute(&mut *unit)
        .await;
    assert_eq!(code(&refused.unwrap_err()), "42501");
}

#[tokio::test]
async fn the_owner_of_the_tables_is_no_role_for_the_program() {
    let backend = Backend::postgres().await;
    let owner: Secret = backend.owner_url().unwrap().clone();
    let refused = open(Options::new(owner)).await.map(drop);
    assert!(
        matches!(&refused, Err(OpenError::UnsafeRole(role)) if role == "acs_owner"),
        "{refused:?}"
    );
}
