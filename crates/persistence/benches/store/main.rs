//! What a turn and a search cost. Run with `tests/run --services-only -- cargo bench -p acs-persistence`; without the
//! servers only SQLite is measured.
//!
//! The time is that of the process's CPU. A turn is measured as its three units: the claim (lock, message, turn, update), the load
//! (organization, history, the end of the chain of records) and the commit (lock, reply, turn, record, update, events, usage),
//! with a record and without one. The search is over 10,000 passages.
#![expect(clippy::unwrap_used, reason = "a measurement that meets a surprise ends")]

mod cpu;

use std::hint::black_box;
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::conversation::Conversation;
use acs_domain::knowledge::EntryId;
use acs_domain::message::{Message, SenderType};
use acs_domain::organization::{Limits, Organization, Tier};
use acs_domain::port::store::Store;
use acs_domain::port::store::knowledge::WrittenEntry;
use acs_domain::record::{Page, Record};
use acs_domain::turn::{Candidate, Turn};
use acs_testkit::sample::{add_conversation, insert_organization, put_knowledge};
use acs_testkit::{Backend, Sample};
use cpu::Cpu;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;

const PASSAGES: usize = 10_000;
/// As long as the sealed record of a turn in the mean.
const RECORD_BYTES: usize = 10_500;

struct Scene {
    runtime: Runtime,
    backend: Backend,
    sample: Sample,
    organization: Organization,
}

impl Scene {
    fn new(backend: impl AsyncFnOnce() -> Backend) -> Self {
        let runtime = Runtime::new().unwrap();
        let sample = Sample::default();
        let (backend, organization) = runtime.block_on(async {
            let backend = backend().await;
            let mut organization = sample.organization();
            organization.limits = Limits::of(Tier::Enterprise);
            insert_organization(backend.store(), &organization).await;
            (backend, organization)
        });
        Self {
            runtime,
            backend,
            sample,
            organization,
        }
    }

    fn scope(&self) -> Scope {
        Scope::trusted(self.organization.id)
    }

    fn store(&self) -> &dyn Store {
        self.backend.store()
    }

    /// Entries with one passage each, of words as unequally common as in real text (Zipf's law).
    fn entries(&self, count: usize) -> Vec<WrittenEntry> {
        (0..count)
            .map(|n| {
                let words: Vec<String> = (1..4_000_usize)
                    .filter(|rank| (n * 2_654_435_761 + rank * 40_503) % (rank * 6 / 5 + 1) == 0)
                    .take(90)
                    .map(|rank| format!("w{rank}"))
                    .collect();
                self.sample
                    .entry(&self.organization, &format!("Entry {n}"), &words.join(" "))
            })
            .collect()
    }
}

/// A turn on the way from its claim to its commit.
struct Work {
    conversation: Conversation,
    message: Message,
    turn: Turn,
}

async fn claim(scene: &Scene, conversation: &Conversation) -> Work {
    let message = scene.sample.message(conversation, conversation.message_count + 1);
    let turn = scene.sample.turn(&message);
    let mut unit = scene.store().begin(scene.scope()).await.unwrap();
    let mut held = unit.conversations().lock(conversation.id).await.unwrap().unwrap();
    unit.messages()
        .insert(std::slice::from_ref(&message))
        .await
        .unwrap();
    unit.turns().insert(&turn).await.unwrap();
    held.message_count += 1;
    held.receive_from_customer(scene.sample.now()).unwrap();
    unit.conversations().update(&held).await.unwrap();
    let now = scene.sample.now();
    let until = now + Duration::from_secs(30);
    let turn = unit
        .turns()
        .acquire(held.id, "bench", now, until)
        .await
        .unwrap()
        .unwrap();
    unit.commit().await.unwrap();
    held.version += 1;
    Work {
        conversation: held,
        message,
        turn,
    }
}

async fn load(scene: &Scene, work: &Work, recorded: bool) -> (Organization, Vec<Message>, Option<Page>) {
    let mut unit = scene.store().read(scene.scope()).await.unwrap();
    let organization = unit
        .organizations()
        .find(scene.organization.id)
        .await
        .unwrap()
        .unwrap();
    let history = unit
        .messages()
        .recent(work.conversation.id, work.message.seq, 10)
        .await
        .unwrap();
    let page = match recorded {
        true => unit.records().page(work.conversation.id).await.unwrap(),
        false => None,
    };
    (organization, history, page)
}

/// The record of a turn at the end of the chain.
fn record(scene: &Scene, work: &Work, page: &Page) -> Record {
    let record = scene.sample.record(&work.turn, &page.end);
    Record {
        sealed: vec![7; RECORD_BYTES],
        ..record
    }
}

async fn commit(scene: &Scene, work: Work, cited: &[EntryId], record: Option<Record>) -> Conversation {
    let sample = &scene.sample;
    let reply = Message {
        id: sample.id(),
        seq: work.message.seq + 1,
        reply_to: Some(work.message.id),
        sender_type: SenderType::AiAgent,
        ..work.message.clone()
    };
    let mut result = sample.turn_result();
    // About the evidence of a real turn.
    result.evidence.candidates = (0..10)
        .map(|n| Candidate {
            entry_id: sample.id(),
            version: 1,
            passage_id: sample.id(),
            title: format!("Where is my order number {n}?"),
            score: 0.5,
            cosine: 0.6,
            lexical: 7.0,
        })
        .collect();
    let mut unit = scene.store().begin(scene.scope()).await.unwrap();
    let mut held = unit
        .conversations()
        .lock(work.conversation.id)
        .await
        .unwrap()
        .unwrap();
    unit.messages()
        .insert(std::slice::from_ref(&reply))
        .await
        .unwrap();
    assert!(
        unit.turns()
            .complete(work.turn.id, work.turn.attempts, &result)
            .await
            .unwrap()
    );
    if let Some(record) = record {
        unit.records().append(&record).await.unwrap();
    }
    held.message_count += 1;
    held.become_status(result.status, sample.now()).unwrap();
    unit.conversations().update(&held).await.unwrap();
    let events: Vec<_> = (0..3).map(|_| sample.event(&scene.organization)).collect();
    unit.outbox().append(&events).await.unwrap();
    unit.knowledge().count_usage(cited).await.unwrap();
    unit.commit().await.unwrap();
    held.version += 1;
    held
}

fn turn(criterion: &mut Criterion<Cpu>, name: &str, scene: &Scene) {
    let mut group = criterion.benchmark_group(format!("turn/{name}"));
    let entries = scene.entries(3);
    let cited: Vec<EntryId> = entries.iter().map(|one| one.entry.id).collect();
    let mut conversation = scene.runtime.block_on(async {
        put_knowledge(scene.store(), &scene.organization, &entries).await;
        add_conversation(scene.store(), &scene.sample, &scene.organization).await
    });
    for (what, recorded) in [
        ("claim, load and commit", true),
        ("the same without a record", false),
    ] {
        group.bench_function(what, |bencher| {
            bencher.iter(|| {
                scene.runtime.block_on(async {
                    let work = claim(scene, &conversation).await;
                    let (.., page) = black_box(load(scene, &work, recorded).await);
                    let record = page.map(|page| record(scene, &work, &page));
                    conversation = commit(scene, work, &cited, record).await;
                });
            });
        });
    }
    group.bench_function("load", |bencher| {
        let work = scene.runtime.block_on(claim(scene, &conversation));
        bencher.iter(|| scene.runtime.block_on(load(scene, &work, true)));
        conversation = scene.runtime.block_on(commit(scene, work, &cited, None));
    });
    group.finish();
}

fn knowledge(criterion: &mut Criterion<Cpu>, name: &str, scene: &Scene) {
    let mut group = criterion.benchmark_group(format!("knowledge/{name}"));
    let entries = scene.entries(PASSAGES);
    scene.runtime.block_on(async {
        for some in entries.chunks(500) {
            put_knowledge(scene.store(), &scene.organization, some).await;
        }
    });
    // Two common words, three of the middle and two rare ones, as a question has.
    let questions: Vec<_> = (0..50)
        .map(|n| {
            let near = scene.sample.vector_near(&entries[n * 199].passages[0].vector);
            let words = format!(
                "w2 w5 w{} w{} w{} w{} w{}",
                20 + n,
                60 + n,
                150 + n,
                600 + n,
                2_000 + n
            );
            let mut query = scene.sample.query(&words, Some(&near));
            query.candidates = 50;
            query
        })
        .collect();
    let mut next = 0;
    group.bench_function("nominate among 10,000 passages", |bencher| {
        bencher.iter(|| {
            next = (next + 1) % questions.len();
            scene.runtime.block_on(async {
                let mut unit = scene.store().read(scene.scope()).await.unwrap();
                black_box(unit.knowledge().nominate(&questions[next]).await.unwrap())
            })
        });
    });
    let ids: Vec<_> = entries
        .iter()
        .step_by(1_300)
        .map(|one| one.passages[0].id)
        .collect();
    group.bench_function("read 8 passages", |bencher| {
        bencher.iter(|| {
            scene.runtime.block_on(async {
                let mut unit = scene.store().read(scene.scope()).await.unwrap();
                black_box(unit.knowledge().passages(&ids).await.unwrap())
            })
        });
    });
    group.sample_size(10);
    group.bench_function("put 50 entries", |bencher| {
        bencher.iter_batched(
            || scene.entries(50),
            |entries| {
                scene
                    .runtime
                    .block_on(put_knowledge(scene.store(), &scene.organization, &entries));
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn store(criterion: &mut Criterion<Cpu>) {
    let sqlite = || Scene::new(Backend::sqlite);
    turn(criterion, "sqlite", &sqlite());
    knowledge(criterion, "sqlite", &sqlite());
    if Backend::has_postgres() {
        let postgres = || Scene::new(Backend::postgres);
        turn(criterion, "postgres", &postgres());
        knowledge(criterion, "postgres", &postgres());
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(Cpu);
    targets = store
}
criterion_main!(benches);
