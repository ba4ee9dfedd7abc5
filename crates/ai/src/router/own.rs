//! A model asked with an organization's own key, and perhaps at its own address.

use acs_domain::port::route::{KeyRefused, OwnKey};
use reqwest::Url;

use super::link::Plan;
use crate::provider::{ConnectError, Net, check_public, takes_key, takes_own_address};

/// How long a key and an address may be, in bytes.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 16..=500;
const MAX_ADDRESS_BYTES: usize = 500;

/// Where organizations may have their models asked.
#[derive(Debug, Clone)]
pub struct OwnAddresses {
    /// Reaches the internet and nothing else.
    public: Net,
    /// What the operator trusts though it may be elsewhere, without a trailing slash.
    allowed: Vec<String>,
}

impl OwnAddresses {
    /// On the internet, and at and below the addresses that are `allowed`.
    pub fn new(allowed: Vec<String>) -> Result<Self, ConnectError> {
        Ok(Self {
            public: Net::public()?,
            allowed,
        })
    }

    /// How the model is asked with an organization's own key.
    pub(super) fn plan(&self, plan: &Plan, own: &OwnKey) -> Result<Plan, KeyRefused> {
        if !takes_key(&plan.provider) {
            return Err(KeyRefused::Key(
                "must be left out: the model runs in this process",
            ));
        }
        let key = own.key.clone().ok_or(KeyRefused::Key("cannot be opened"))?;
        if !KEY_BYTES.contains(&key.expose().len()) {
            return Err(KeyRefused::Key("must be 16 to 500 characters"));
        }
        if !key.expose().bytes().all(|c| c.is_ascii_graphic()) {
            return Err(KeyRefused::Key("must be letters, digits and signs of ASCII"));
        }
        let mut plan = plan.clone();
        plan.options.api_key = Some(key);
        if let Some(address) = &own.base_url {
            if !takes_own_address(&plan.provider) {
                return Err(KeyRefused::Address("must be left out: its provider has but one"));
            }
            if !self.trusts(address)? {
                plan.options.net = self.public.clone();
            }
            address.clone_into(&mut plan.options.base_url);
        }
        Ok(plan)
    }

    /// Whether the operator trusts an address; what is neither trusted nor public is refused.
    fn trusts(&self, address: &str) -> Result<bool, KeyRefused> {
        if address.len() > MAX_ADDRESS_BYTES {
            return Err(KeyRefused::Address("must be at most 500 characters"));
        }
        let url = Url::parse(address).map_err(|_| KeyRefused::Address("must be a URL"))?;
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || url.query().is_some() || url.fragment().is_some() {
            return Err(KeyRefused::Address(
                "must hold neither a password nor a query nor a fragment",
            ));
        }
        let below = |allowed: &String| {
            let rest = url.as_str().strip_prefix(allowed.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if self.allowed.iter().any(below) {
            return Ok(true);
        }
        check_public(&url).map_err(KeyRefused::Address)?;
        Ok(false)
    }
}
