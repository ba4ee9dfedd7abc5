//! From where an organization lets its staff and keys call.

use std::net::IpAddr;

use ipnet::IpNet;

/// The networks of the organization's list, if it has one. An entry that is no network lets nobody in: a list of nothing
/// else closes the door.
pub(super) fn allowed(list: &[String]) -> Option<Vec<IpNet>> {
    let networks = || list.iter().filter_map(|network| parse_network(network)).collect();
    (!list.is_empty()).then(networks)
}

/// Whether an organization with this list lets its staff call from the address.
pub(super) fn lets_in(list: &[String], address: IpAddr) -> bool {
    allowed(list).is_none_or(|networks| networks.iter().any(|network| network.contains(&address)))
}

/// A network (CIDR), or a single address.
pub(crate) fn parse_network(text: &str) -> Option<IpNet> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_no_networks_lets_nobody_in() {
        let list = |entries: &[&str]| {
            allowed(
                &entries
                    .iter()
                    .map(|entry| (*entry).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(list(&[]), None, "without a list, everyone may come");
        assert_eq!(list(&["10.0.0"]), Some(Vec::new()));
        let networks = list(&["192.0.2.0/24", "office", "2001:db8::1"]).unwrap();
        let contains = |address: &str| {
            networks
                .iter()
                .any(|network| network.contains(&address.parse::<IpAddr>().unwrap()))
        };
        assert!(contains("192.0.2.9") && contains("2001:db8::1"));
        assert!(!contains("192.0.3.9") && !contains("2001:db8::2"));
    }
}
