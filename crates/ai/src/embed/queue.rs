//! The waiting line before the model: bounded, and questions pass imports.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Of so many texts taken while both lanes wait, one is taken from the import: it gets on, and a question waits for
/// at most one text more.
const BULK_TURN: u32 = 8;

/// How urgent a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Someone waits for an answer.
    Question,
    /// Part of a long list.
    Bulk,
}

/// A line of items that async tasks push to and threads pop from.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    question_places: Arc<Semaphore>,
    bulk_places: Arc<Semaphore>,
}

#[derive(Debug)]
struct State<T> {
    questions: VecDeque<Waiting<T>>,
    bulk: VecDeque<Waiting<T>>,
    /// Questions taken since bulk last had its turn.
    passed: u32,
    open: bool,
}

#[derive(Debug)]
struct Waiting<T> {
    item: T,
    /// Gives the place back when the item is taken.
    _place: OwnedSemaphorePermit,
}

/// The queue takes nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closed;

impl<T> Queue<T> {
    /// A queue with so many places in each lane.
    pub(super) fn new(places: usize) -> Self {
        let places = places.max(1);
        Self {
            state: Mutex::new(State {
                questions: VecDeque::new(),
                bulk: VecDeque::new(),
                passed: 0,
                open: true,
            }),
            filled: Condvar::new(),
            question_places: Arc::new(Semaphore::new(places)),
            bulk_places: Arc::new(Semaphore::new(places)),
        }
    }

    /// Adds an item, waiting for a place in its lane.
    pub(super) async fn push(&self, lane: Lane, item: T) -> Result<(), Closed> {
        let places = match lane {
            Lane::Question => &self.question_places,
            Lane::Bulk => &self.bulk_places,
        };
        let place = Arc::clone(places)
            .acquire_owned()
            .await
            .map_err(|_closed| Closed)?;
        let mut state = self.lock();
        if !state.open {
            return Err(Closed);
        }
        let waiting = Waiting { item, _place: place };
        match lane {
            Lane::Question => state.questions.push_back(waiting),
            Lane::Bulk => state.bulk.push_back(waiting),
        }
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// How many questions wait.
    pub(super) fn questions(&self) -> usize {
        self.lock().questions.len()
    }

    /// Takes the next item, blocking the thread until there is one; `None` once the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(waiting) = state.next() {
                return Some(waiting.item);
            }
            if !state.open {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes nothing more; what waits is still handed out.
    pub(super) fn close(&self) {
        self.lock().open = false;
        self.question_places.close();
        self.bulk_places.close();
        self.filled.notify_all();
    }

    /// Throws away what waits.
    pub(super) fn clear(&self) {
        let mut state = self.lock();
        state.questions.clear();
        state.bulk.clear();
    }

    /// No code that holds the lock can panic half-way through a change, so a poisoned state is whole.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn next(&mut self) -> Option<Waiting<T>> {
        let bulk_waits = !self.bulk.is_empty();
        if self.questions.is_empty() || (bulk_waits && self.passed >= BULK_TURN - 1) {
            self.passed = 0;
            return self.bulk.pop_front().or_else(|| self.questions.pop_front());
        }
        if bulk_waits {
            self.passed += 1;
        }
        self.questions.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn filled(questions: u32, bulk: u32) -> Queue<(Lane, u32)> {
        let queue = Queue::new(100);
        for n in 0..bulk {
            queue.push(Lane::Bulk, (Lane::Bulk, n)).await.unwrap();
        }
        for n in 0..questions {
            queue.push(Lane::Question, (Lane::Question, n)).await.unwrap();
        }
        queue.close();
        queue
    }

    #[tokio::test]
    async fn a_question_passes_an_import_that_came_before() {
        let queue = filled(1, 3).await;
        assert_eq!(queue.pop(), Some((Lane::Question, 0)));
        assert_eq!(queue.pop(), Some((Lane::Bulk, 0)));
    }

    #[tokio::test]
    async fn an_import_gets_every_eighth_turn_while_questions_wait() {
        let queue = filled(20, 5).await;
        let order: Vec<Lane> = std::iter::from_fn(|| queue.pop()).map(|(lane, _)| lane).collect();
        assert_eq!(order.len(), 25);
        let bulk_at: Vec<usize> = (0..25).filter(|&i| order[i] == Lane::Bulk).collect();
        assert_eq!(bulk_at, [7, 15, 22, 23, 24]);
    }

    #[tokio::test]
    async fn a_full_lane_makes_its_pushers_wait_and_not_the_others() {
        let queue = Queue::new(1);
        queue.push(Lane::Bulk, 1).await.unwrap();
        let mut second = Box::pin(queue.push(Lane::Bulk, 2));
        assert!(futures::poll!(second.as_mut()).is_pending());
        queue.push(Lane::Question, 3).await.unwrap();
        assert_eq!(queue.pop(), Some(3));
        assert_eq!(queue.pop(), Some(1));
        second.await.unwrap();
        assert_eq!(queue.pop(), Some(2));
    }

    #[tokio::test]
    async fn a_closed_queue_hands_out_what_waits_and_takes_nothing() {
        let queue = filled(1, 0).await;
        assert_eq!(queue.push(Lane::Question, (Lane::Question, 9)).await, Err(Closed));
        assert_eq!(queue.pop(), Some((Lane::Question, 0)));
        assert_eq!(queue.pop(), None);
    }

    #[tokio::test]
    async fn closing_frees_those_who_wait_for_a_place() {
        let queue = Queue::new(1);
        queue.push(Lane::Question, 1).await.unwrap();
        let (pushed, ()) = tokio::join!(queue.push(Lane::Question, 2), async { queue.close() });
        assert_eq!(pushed, Err(Closed));
    }
}
