use std::io::Write;
use std::sync::Mutex;

use acs_core::entropy::SeededEntropy;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A job that notes when its runs begin, counted from now, and then does what it is given.
fn job<F>(
    jitter: Duration,
    work: impl Fn(usize, CancellationToken) -> F + Send + Sync + 'static,
) -> (Job, Noted)
where
    F: Future<Output = Result<(), EngineError>> + Send + 'static,
{
    let noted = Noted {
        from: Instant::now(),
        begun: Arc::default(),
    };
    let notes = noted.clone();
    let run = move |stop| -> BoxFuture<'static, _> {
        let run = notes.note();
        Box::pin(work(run, stop))
    };
    (
        Job {
            name: "test",
            every: SECOND,
            jitter,
            run: Box::new(run),
        },
        noted,
    )
}

#[derive(Clone)]
struct Noted {
    from: Instant,
    begun: Arc<Mutex<Vec<Duration>>>,
}

impl Noted {
    fn note(&self) -> usize {
        let mut begun = self.begun.lock().unwrap();
        begun.push(self.from.elapsed());
        begun.len() - 1
    }

    /// When the runs began, in milliseconds.
    fn begun(&self) -> Vec<u128> {
        self.begun
            .lock()
            .unwrap()
            .iter()
            .map(Duration::as_millis)
            .collect()
    }
}

fn start(jobs: Vec<Job>) -> Runner {
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(7));
    Runner::start(jobs, &entropy)
}

/// Lets time pass for the jobs.
async fn pass(time: Duration) {
    sleep(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_job_runs_at_once_and_then_in_its_rhythm() {
    let (job, noted) = job(Duration::ZERO, async |_, _| Ok(()));
    let runner = start(vec![job]);
    pass(Duration::from_millis(3_500)).await;
    assert_eq!(noted.begun(), [0, 1_000, 2_000, 3_000]);
    runner.stop(SECOND).await;
    pass(10 * SECOND).await;
    assert_eq!(noted.begun().len(), 4, "nothing runs after a stop");
}

#[tokio::test(start_paused = true)]
async fn each_rest_is_longer_by_another_part_of_the_jitter() {
    let (job, noted) = job(SECOND / 2, async |_, _| Ok(()));
    let _runner = start(vec![job]);
    pass(100 * SECOND).await;
    let begun = noted.begun();
    assert!(begun[0] <= 500, "{begun:?}");
    let mut rests: Vec<_> = begun.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        rests.iter().all(|rest| (1_000..=1_501).contains(rest)),
        "{rests:?}"
    );
    rests.sort_unstable();
    rests.dedup();
    assert!(rests.len() > 30, "{rests:?}");
}

#[tokio::test(start_paused = true)]
async fn a_run_rests_from_the_end_of_the_one_before_and_never_overlaps_it() {
    let (job, noted) = job(Duration::ZERO, async |_, _| {
        sleep(5 * SECOND).await;
        Ok(())
    });
    let _runner = start(vec![job]);
    pass(Duration::from_millis(12_500)).await;
    assert_eq!(noted.begun(), [0, 6_000, 12_000]);
}

#[tokio::test(start_paused = true)]
async fn a_failing_run_is_logged_once_with_its_causes_and_tried_again() {
    let log = Log::default();
    let _subscriber = log.listen();
    let (job, noted) = job(Duration::ZERO, async |run, _| match run {
        0 => Err(EngineError::Model("the disk is full".into())),
        _ => Ok(()),
    });
    let _runner = start(vec![job]);
    pass(SECOND * 5 / 2).await;
    assert_eq!(noted.begun().len(), 3);
    let text = log.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("ERROR") && text.contains("a job failed"), "{text}");
    assert!(
        text.contains("a model failed the use case: the disk is full"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_harms_neither_the_job_nor_another() {
    let log = Log::default();
    let _subscriber = log.listen();
    let (mut early, early_noted) = job(Duration::ZERO, async |_, _| Ok(()));
    let run = early.run;
    early.run = Box::new(move |stop| {
        drop(run(stop));
        panic!("before it could begin")
    });
    let (late, late_noted) = job(Duration::ZERO, async |run, _| {
        sleep(SECOND / 10).await;
        panic!("in run {run}")
    });
    let (well, well_noted) = job(Duration::ZERO, async |_, _| Ok(()));
    let _runner = start(vec![early, late, well]);
    pass(SECOND * 3 / 2).await;
    for noted in [early_noted, late_noted, well_noted] {
        assert_eq!(noted.begun().len(), 2);
    }
    let text = log.text();
    assert_eq!(text.matches("a job panicked").count(), 4, "{text}");
    assert!(
        !text.contains("before it could begin") && !text.contains("in run 1"),
        "what a panic says may quote a customer: {text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_tells_a_run_and_waits_for_it() {
    let (job, noted) = job(Duration::ZERO, async |_, stop: CancellationToken| {
        stop.cancelled().await;
        sleep(3 * SECOND).await;
        Ok(())
    });
    let runner = start(vec![job]);
    pass(SECOND).await;
    runner.stop(10 * SECOND).await;
    assert_eq!((noted.begun(), noted.from.elapsed()), (vec![0], 4 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_does_not_end_is_cut_short_when_the_time_is_over() {
    let (job, noted) = job(Duration::ZERO, async |_, _| std::future::pending().await);
    let runner = start(vec![job]);
    pass(SECOND).await;
    runner.stop(10 * SECOND).await;
    assert_eq!((noted.begun(), noted.from.elapsed()), (vec![0], 11 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_runner_that_is_dropped_ends_its_jobs() {
    let (job, noted) = job(Duration::ZERO, async |_, _| Ok(()));
    let runner = start(vec![job]);
    pass(SECOND / 2).await;
    drop(runner);
    pass(10 * SECOND).await;
    assert_eq!(noted.begun(), [0]);
}

#[tokio::test(start_paused = true)]
async fn every_run_is_counted_by_its_end_and_timed() {
    let recorder = DebuggingRecorder::new();
    let _recorded = ::metrics::set_default_local_recorder(&recorder);
    let (job, _) = job(Duration::ZERO, async |run, _| {
        sleep(2 * SECOND).await;
        match run {
            0 => Ok(()),
            1 => Err(EngineError::Unavailable("not now")),
            2 => panic!("no"),
            _ => std::future::pending().await,
        }
    });
    let runner = start(vec![job]);
    pass(20 * SECOND).await;
    runner.stop(SECOND).await;
    let (mut runs, mut seconds) = (Vec::new(), Vec::new());
    for (key, _, _, value) in recorder.snapshotter().snapshot().into_vec() {
        let labels: Vec<_> = key.key().labels().map(|label| label.value().to_owned()).collect();
        assert_eq!(labels[0], "test");
        match (key.key().name(), value) {
            ("acs_job_runs_total", DebugValue::Counter(count)) => runs.push((labels[1].clone(), count)),
            ("acs_job_duration_seconds", DebugValue::Histogram(took)) => seconds = took,
            other => panic!("{other:?}"),
        }
    }
    runs.sort_unstable();
    assert_eq!(
        runs,
        ["done", "failed", "panicked", "stopped"].map(|outcome| (outcome.to_owned(), 1))
    );
    let seconds: Vec<f64> = seconds.into_iter().map(Into::into).collect();
    assert_eq!(seconds, [2.0, 2.0, 2.0, 12.0]);
}

/// What is logged while it listens.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let lines = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(lines)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
