use super::*;
use proptest::prelude::*;

const PROXY: &str = "10.0.0.1:1234";

fn find(peer: &str, headers: &[(&'static str, &str)]) -> String {
    let mut extensions = Extensions::new();
    extensions.insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    Client::find(&extensions, &map, &trusted).0.to_string()
}

#[test]
fn a_stranger_is_who_the_connection_says() {
    assert_eq!(
        find("203.0.113.9:1", &[("x-forwarded-for", "198.51.100.1")]),
        "203.0.113.9"
    );
    assert_eq!(
        find("203.0.113.9:1", &[("forwarded", "for=198.51.100.1")]),
        "203.0.113.9"
    );
}

#[test]
fn behind_trusted_proxies_the_nearest_stranger_is_the_client() {
    for (chain, client) in [
        ("198.51.100.1", "198.51.100.1"),
        ("192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("192.0.2.66, 198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
    ] {
        assert_eq!(find(PROXY, &[("x-forwarded-for", chain)]), client, "{chain}");
    }
}

#[test]
fn several_lines_are_one_chain() {
    let lines = [
        ("x-forwarded-for", "192.0.2.66"),
        ("x-forwarded-for", "198.51.100.1, 10.1.1.1"),
    ];
    assert_eq!(find(PROXY, &lines), "198.51.100.1");
}

#[test]
fn the_standard_header_is_read_too() {
    for (chain, client) in [
        ("for=198.51.100.1;proto=https;by=10.0.0.1", "198.51.100.1"),
        (
            "for=192.0.2.66, For=\"[2001:db8:cafe::17]:4711\"",
            "2001:db8:cafe::17",
        ),
    ] {
        assert_eq!(find(PROXY, &[("forwarded", chain)]), client, "{chain}");
    }
}

#[test]
fn a_hop_that_is_no_address_ends_the_way() {
    assert_eq!(
        find(PROXY, &[("x-forwarded-for", "198.51.100.1, unknown, 10.1.1.1")]),
        "10.1.1.1"
    );
    assert_eq!(find(PROXY, &[("forwarded", "for=_hidden")]), "10.0.0.1");
}

#[test]
fn two_headers_that_disagree_are_both_ignored() {
    let headers = [
        ("x-forwarded-for", "198.51.100.1"),
        ("forwarded", "for=192.0.2.66"),
    ];
    assert_eq!(find(PROXY, &headers), "10.0.0.1");
    let headers = [
        ("x-forwarded-for", "198.51.100.1"),
        ("forwarded", "for=198.51.100.1"),
    ];
    assert_eq!(find(PROXY, &headers), "198.51.100.1");
}

proptest! {
    #[test]
    fn no_header_moves_a_stranger(text in "[ -~]{0,80}") {
        prop_assert_eq!(find("203.0.113.9:1", &[("x-forwarded-for", &text), ("forwarded", &text)]), "203.0.113.9");
    }

    #[test]
    fn what_a_client_writes_in_front_of_the_chain_changes_nothing(text in "[ -~&&[^\"]]{0,40}") {
        let chain = format!("{text}, 198.51.100.1, 10.1.1.1");
        prop_assert_eq!(find(PROXY, &[("x-forwarded-for", &chain)]), "198.51.100.1");
    }
}
