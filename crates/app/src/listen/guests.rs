//! How many connections each address has open, so that one host does not take every place.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use acs_core::net::subscriber;
use ipnet::IpNet;

/// The connections that are open, by address.
#[derive(Debug)]
pub(super) struct Guests {
    open: Mutex<HashMap<String, usize>>,
    most: usize,
    /// Many clients come through these.
    proxies: Vec<IpNet>,
}

/// One connection of an address, until it is dropped.
#[derive(Debug)]
pub(super) struct Guest {
    of: Arc<Guests>,
    /// `None`: it is not counted.
    address: Option<String>,
}

impl Guests {
    /// At most so many of each address. Trusted proxies and this machine itself are not counted.
    pub(super) fn new(most: usize, proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self {
            open: Mutex::default(),
            most,
            proxies,
        })
    }

    /// Counts a connection in; `None` if its address has enough.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Guest> {
        let address = address.to_canonical();
        let uncounted = address.is_loopback() || self.proxies.iter().any(|proxy| proxy.contains(&address));
        let address = (!uncounted).then(|| subscriber(address));
        if let Some(address) = address.clone() {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let count = open.entry(address).or_default();
            if *count >= self.most {
                return None;
            }
            *count += 1;
        }
        Some(Guest {
            of: Arc::clone(self),
            address,
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some(address) = &self.address else { return };
        let mut open = self.of.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                open.remove(address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_so_many_and_again_when_one_ends() {
        let guests = Guests::new(2, Vec::new());
        let first = guests.enter(at("192.0.2.1"));
        let second = guests.enter(at("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(guests.enter(at("192.0.2.1")).is_none());
        let other = guests.enter(at("192.0.2.2"));
        assert!(other.is_some());
        drop(first);
        assert!(guests.enter(at("192.0.2.1")).is_some());
        drop((second, other));
        assert!(guests.open.lock().unwrap().is_empty(), "nobody is remembered");
    }

    #[test]
    fn proxies_and_this_machine_are_not_counted() {
        let guests = Guests::new(1, vec!["10.0.0.0/8".parse().unwrap()]);
        for address in ["10.1.2.3", "127.0.0.1", "::1"] {
            let many: Vec<_> = (0..5).map(|_| guests.enter(at(address))).collect();
            assert!(many.iter().all(Option::is_some), "{address}");
        }
    }
}
