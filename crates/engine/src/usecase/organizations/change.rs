//! What an organization's own people set: how it is called, who may come in, how its agent speaks.

use std::net::IpAddr;

use acs_core::clean::clean;
use acs_core::error::FieldErrors;
use acs_domain::access::{ChangeOrganization as MayChange, Grant};
use acs_domain::event::EventKind;
use acs_domain::organization::Organization;
use serde_json::json;

use super::Organizations;
use super::settings::{self, ChangeSettings};
use crate::error::{EngineError, Thing};
use crate::input::{self, NO_LANGUAGE, is_language};
use crate::usecase::access::networks::parse_network;

/// How many domains, networks or languages are listed at the most.
const MAX_LISTED: usize = 100;

/// Changes of an organization; `None` leaves a field as it is, and an empty text removes one that may be missing.
#[derive(Debug, Default)]
pub struct ChangeOrganization {
    /// The legal name.
    pub name: Option<String>,
    /// The name that customers see.
    pub display_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Its site.
    pub website: Option<String>,
    /// Its logo.
    pub logo_url: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Language code.
    pub default_language: Option<String>,
    /// Language codes.
    pub supported_languages: Option<Vec<String>>,
    /// Domains of e-mail addresses that new staff may have; empty: any.
    pub allowed_domains: Option<Vec<String>>,
    /// Networks (CIDR) and addresses from which staff and keys may call; empty: any.
    pub ip_allow_list: Option<Vec<String>>,
    /// What the agent reads.
    pub settings: ChangeSettings,
}

impl Organizations {
    /// Changes the caller's own organization. `address` is the caller's: a list of networks that leaves it out would lock
    /// its author out.
    pub async fn change(
        &self,
        grant: &Grant<MayChange>,
        mut change: ChangeOrganization,
        address: IpAddr,
    ) -> Result<Organization, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let mut unit = ports.store.begin(scope).await?;
        let mut organization = unit
            .organizations()
            .lock()
            .await?
            .ok_or(EngineError::NotFound(Thing::Organization))?;
        let mut errors = FieldErrors::default();
        if let Some(template) = change.settings.prompt_template.take() {
            organization.settings.prompt_template =
                settings::own_template(&*ports.prompts, template, &mut errors);
        }
        apply(&mut organization, change, address, &mut errors);
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let at = ports.now();
        organization.updated_at = at;
        unit.organizations().update(&organization).await?;
        let id = organization.id;
        let event = ports.event(id, EventKind::OrganizationUpdated, id, json!({}), at);
        unit.outbox().append(&[event]).await?;
        unit.commit().await?;
        self.access.forget_all();
        Ok(organization)
    }
}

/// Puts the changes into the organization; what is refused is noted under its field.
fn apply(
    organization: &mut Organization,
    change: ChangeOrganization,
    address: IpAddr,
    errors: &mut FieldErrors,
) {
    let it = organization;
    let mut put = |field: &str, place: &mut Option<String>, value: Option<String>, max: usize| {
        if let Some(value) = value {
            let value = clean(&value).text.into_owned();
            if value.chars().count() > max {
                errors.add(field, format!("must be at most {max} characters"));
            }
            *place = Some(value).filter(|value| !value.is_empty());
        }
    };
    let mut name = Some(std::mem::take(&mut it.name));
    put("name", &mut name, change.name, 255);
    put("display_name", &mut it.display_name, change.display_name, 255);
    put("description", &mut it.description, change.description, 2_000);
    put("website", &mut it.website, change.website, 2_000);
    put("logo_url", &mut it.logo_url, change.logo_url, 2_000);
    match name {
        Some(name) => it.name = name,
        None => errors.add("name", "must not be empty"),
    }
    for (field, address) in [("website", &it.website), ("logo_url", &it.logo_url)] {
        if address
            .as_ref()
            .is_some_and(|address| !input::is_web_address(address))
        {
            errors.add(field, input::NO_WEB_ADDRESS);
        }
    }
    if let Some(zone) = change.timezone {
        if !input::is_time_zone(&zone) {
            errors.add("timezone", input::NO_TIME_ZONE);
        }
        it.timezone = zone;
    }
    languages(it, change.default_language, change.supported_languages, errors);
    if let Some(domains) = change.allowed_domains {
        it.allowed_domains = listed(
            "allowed_domains",
            domains,
            is_domain,
            "must be domains, such as example.com",
            errors,
        );
    }
    if let Some(networks) = change.ip_allow_list {
        let is_network = |network: &str| parse_network(network).is_some();
        it.ip_allow_list = listed(
            "ip_allow_list",
            networks,
            is_network,
            "must be networks such as 192.0.2.0/24, or addresses",
            errors,
        );
        let lets_in =
            |network: &String| parse_network(network).is_some_and(|network| network.contains(&address));
        if !it.ip_allow_list.is_empty() && !it.ip_allow_list.iter().any(lets_in) {
            errors.add(
                "ip_allow_list",
                format!("must contain your own address, {address}, or you lock yourself out"),
            );
        }
    }
    settings::apply(&mut it.settings, change.settings, errors);
}

fn languages(
    it: &mut Organization,
    default: Option<String>,
    supported: Option<Vec<String>>,
    errors: &mut FieldErrors,
) {
    const WRONG: &str = "must be language codes of two or three letters, such as en";
    if let Some(supported) = supported {
        it.supported_languages = listed("supported_languages", supported, is_language, WRONG, errors);
    }
    if let Some(default) = default {
        it.default_language = default.trim().to_ascii_lowercase();
        if !is_language(&it.default_language) {
            errors.add("default_language", NO_LANGUAGE);
        }
    }
    if !it.supported_languages.contains(&it.default_language) {
        errors.add("supported_languages", "must contain the default language");
    }
}

/// A list in lower case, each item once, with what is wrong with it noted.
fn listed(
    field: &str,
    items: Vec<String>,
    is_good: impl Fn(&str) -> bool,
    wrong: &str,
    errors: &mut FieldErrors,
) -> Vec<String> {
    // Before anything is compared: a body holds a hundred thousand items.
    if items.len() > MAX_LISTED {
        errors.add(field, format!("must be at most {MAX_LISTED}"));
        return Vec::new();
    }
    let mut list: Vec<String> = Vec::new();
    for item in items {
        let item = item.trim().to_ascii_lowercase();
        if !list.contains(&item) {
            list.push(item);
        }
    }
    if !list.iter().all(|item| is_good(item)) {
        errors.add(field, wrong);
    }
    list
}

/// A host name of at least two labels (RFC 1123), in lower case.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let inner = |c: &u8| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-';
        (1..=63).contains(&bytes.len())
            && bytes.iter().all(inner)
            && bytes.first() != Some(&b'-')
            && bytes.last() != Some(&b'-')
    };
    domain.len() <= 253 && domain.contains('.') && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_host_names() {
        for good in ["example.com", "a-b.example.co.uk", "1.example"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in [
            "",
            "example",
            "@example.com",
            "-a.example",
            "a..example",
            ".example",
            "exämple.com",
        ] {
            assert!(!is_domain(bad), "{bad}");
        }
        assert!(!is_domain(&format!("{}.example", "a".repeat(64))));
    }

    #[test]
    fn a_list_holds_each_item_once_in_lower_case() {
        let mut errors = FieldErrors::default();
        let items = ["DE", " de ", "en"].map(str::to_owned).to_vec();
        assert_eq!(
            listed("codes", items, is_language, "wrong", &mut errors),
            ["de", "en"]
        );
        assert!(errors.is_empty());
        listed("codes", vec!["d".to_owned()], is_language, "wrong", &mut errors);
        assert_eq!(errors, FieldErrors::one("codes", "wrong"));
    }
}
