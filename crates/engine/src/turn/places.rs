//! Places: how many turns are under way at once, and how many of them work.
//!
//! A turn that waits for a language model takes memory and little of the processor. Its place among those that work is given back,
//! so that slow models do not hold up the turns of other customers. What is left to do once the model has spoken mostly waits for
//! the store: it is done at once, and not behind turns that have only come.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::EngineError;

/// The places of a process.
#[derive(Debug, Clone)]
pub(super) struct Places {
    under_way: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Places {
    /// For so many turns under way, of which so many work; of either at least one.
    pub(super) fn new(under_way: usize, working: usize) -> Self {
        let of = |count: usize| Arc::new(Semaphore::new(count.max(1)));
        Self {
            under_way: of(under_way),
            working: of(working),
        }
    }

    /// A place, in the order in which they are asked for.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the process gives no more places.
    pub(super) async fn take(&self) -> Result<Place, EngineError> {
        let under_way = permit(&self.under_way).await?;
        let working = permit(&self.working).await?;
        Ok(Place {
            _under_way: under_way,
            working: Mutex::new(Some(working)),
        })
    }

    /// How many turns could be taken up at once.
    pub(super) fn free(&self) -> usize {
        let free = [&self.under_way, &self.working].map(|places| places.available_permits());
        free[0].min(free[1])
    }
}

async fn permit(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, EngineError> {
    let taken = Arc::clone(places).acquire_owned().await;
    taken.map_err(|_| EngineError::Unavailable("the server is stopping"))
}

/// A turn's place.
#[derive(Debug)]
pub(super) struct Place {
    _under_way: OwnedSemaphorePermit,
    working: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Place {
    /// From here on the turn mostly waits.
    pub(super) fn rest(&self) {
        drop(self.working.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn taken(places: &Places) -> Option<Place> {
        places.take().now_or_never().map(Result::unwrap)
    }

    #[test]
    fn a_turn_that_waits_for_a_model_leaves_its_place_to_one_that_works() {
        let places = Places::new(3, 1);
        let first = taken(&places).unwrap();
        assert!(taken(&places).is_none(), "one works already");
        first.rest();
        first.rest();
        let second = taken(&places).unwrap();
        assert_eq!(places.free(), 0);
        drop(second);
        assert_eq!(places.free(), 1);
    }

    #[test]
    fn turns_that_wait_are_bounded_too() {
        let places = Places::new(2, 1);
        let waiting = [(); 2].map(|()| {
            let place = taken(&places).unwrap();
            place.rest();
            place
        });
        assert_eq!(places.free(), 0);
        assert!(taken(&places).is_none());
        let [first, _second] = waiting;
        drop(first);
        assert!(taken(&places).is_some());
    }
}
