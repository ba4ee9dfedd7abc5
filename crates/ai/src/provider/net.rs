//! How models' servers are reached, and where an address may lead that is not the operator's own.
//!
//! Whoever may name an address could name one inside the operator's network, whose answers or silence tell what is there
//! (SSRF). So such an address is `https`, and is resolved here: only public ones of its host's addresses are connected to,
//! whatever the name server says today. An address that redirects is not followed, theirs or the operator's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Url, redirect};

use super::ConnectError;

/// Connections to models' servers. Clones share them.
#[derive(Debug, Clone)]
pub struct Net(Client);

impl Net {
    /// To wherever the operator says.
    pub fn trusted() -> Result<Self, ConnectError> {
        Self::build(Client::builder())
    }

    /// To public addresses alone. A proxy of the environment is not used: it would resolve names itself.
    pub fn public() -> Result<Self, ConnectError> {
        Self::build(
            Client::builder()
                .no_proxy()
                .https_only(true)
                .dns_resolver(PublicNames),
        )
    }

    pub(super) fn client(&self) -> &Client {
        &self.0
    }

    fn build(client: ClientBuilder) -> Result<Self, ConnectError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(ConnectError::NoCryptography);
        }
        let client = client
            // A provider's address is exact: a redirect could carry the customer's words elsewhere.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("acs/", env!("CARGO_PKG_VERSION")))
            .build();
        client
            .map(Self)
            .map_err(|error| ConnectError::Client(error.into()))
    }
}

/// Whether this is the address of a server somewhere on the internet, as far as it says itself, or why it is not taken for
/// one. What its name resolves to is checked with each connection.
pub(crate) fn check_public(address: &Url) -> Result<(), &'static str> {
    if address.scheme() != "https" {
        return Err("must begin with https://");
    }
    let public = match address.host() {
        Some(url::Host::Ipv4(ip)) => is_public(ip.into()),
        Some(url::Host::Ipv6(ip)) => is_public(ip.into()),
        Some(url::Host::Domain(name)) => name.trim_end_matches('.').contains('.'),
        None => false,
    };
    if public {
        Ok(())
    } else {
        Err("must be that of a server on the internet")
    }
}

/// Resolves names to their public addresses.
#[derive(Debug, Clone, Copy)]
struct PublicNames;

/// All addresses of a name are private, or of no use.
#[derive(Debug, thiserror::Error)]
#[error("the name of the model's server leads to no public address")]
struct NotPublic;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// The IPv4 networks that are not globally reachable (IANA's special-purpose registry, and multicast).
const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 14] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// The one IPv6 network of global unicast addresses.
const PUBLIC_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What of it is not globally reachable, or hides an IPv4 address.
const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !NOT_PUBLIC_V4
            .iter()
            .any(|(network, bits)| (address.to_bits() ^ network.to_bits()) >> (32 - bits) == 0),
        IpAddr::V6(address) => {
            let within = |(network, bits): &(Ipv6Addr, u32)| {
                (address.to_bits() ^ network.to_bits()) >> (128 - bits) == 0
            };
            within(&PUBLIC_V6) && !NOT_PUBLIC_V6.iter().any(within)
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::a_name("https://models.acme.example/v1", true)]
    #[case::a_name_with_a_port("https://models.acme.example:8443/v1", true)]
    #[case::a_public_address("https://1.1.1.1/v1", true)]
    #[case::a_public_ipv6_address("https://[2606:4700::1111]/v1", true)]
    #[case::not_encrypted("http://models.acme.example/v1", false)]
    #[case::this_machine("https://localhost/v1", false)]
    #[case::this_machine_with_a_dot("https://localhost./v1", false)]
    #[case::this_machine_by_number("https://127.0.0.1/v1", false)]
    #[case::this_machine_in_one_number("https://2130706433/v1", false)]
    #[case::this_machine_in_hexadecimal("https://0x7f.1/v1", false)]
    #[case::nowhere("https://0.0.0.0/v1", false)]
    #[case::a_private_network("https://10.1.2.3/v1", false)]
    #[case::another_private_network("https://172.31.0.1/v1", false)]
    #[case::a_home("https://192.168.1.1/v1", false)]
    #[case::a_cloud_s_metadata("https://169.254.169.254/latest", false)]
    #[case::a_carrier("https://100.64.0.1/v1", false)]
    #[case::everyone("https://255.255.255.255/v1", false)]
    #[case::this_machine_by_ipv6("https://[::1]/v1", false)]
    #[case::this_machine_in_ipv6("https://[::ffff:127.0.0.1]/v1", false)]
    #[case::a_private_ipv6_network("https://[fd00::1]/v1", false)]
    #[case::a_link("https://[fe80::1]/v1", false)]
    #[case::translated("https://[64:ff9b::a00:1]/v1", false)]
    #[case::tunneled("https://[2002:a00:1::]/v1", false)]
    #[case::a_name_without_a_dot("https://vault/v1", false)]
    fn only_encrypted_addresses_on_the_internet_are_public(#[case] address: &str, #[case] public: bool) {
        let address = Url::parse(address).unwrap();
        assert_eq!(check_public(&address).is_ok(), public);
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_resolved() {
        let refused = PublicNames.resolve("localhost".parse().unwrap()).await.err();
        assert!(refused.unwrap().is::<NotPublic>());
    }
}
