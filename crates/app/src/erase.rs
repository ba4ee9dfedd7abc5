//! `worker erase`: a customer's words and data taken out of everything that is stored.

use acs_domain::access::Scope;
use acs_domain::port::store::erasure::Extent;
use acs_domain::user::UserId;
use acs_engine::{EngineError, Thing};
use anyhow::{Context as _, Result, bail};

use crate::organizations;
use crate::wire::Process;
use crate::work::say;

/// Who is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    organization: String,
    customer: String,
    dry_run: bool,
}

impl Request {
    /// Reads the arguments behind `erase`.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let (mut organization, mut customer, mut dry_run) = (None, None, false);
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            let mut value = || {
                let value = rest.next().with_context(|| format!("`{name}` lacks a value"))?;
                Ok::<_, anyhow::Error>(Some((*value).to_owned()))
            };
            match *name {
                "--organization" => organization = value()?,
                "--customer" => customer = value()?,
                "--dry-run" => dry_run = true,
                _ => bail!("`{name}` is not an option of erase"),
            }
        }
        Ok(Self {
            organization: organization.context("erase needs --organization")?,
            customer: customer.context("erase needs --customer")?,
            dry_run,
        })
    }
}

/// Erases the customer, or tells what would be erased.
pub(crate) async fn erase(process: &Process, request: &Request) -> Result<()> {
    let slug = &request.organization;
    let scope = Scope::trusted(organizations::with_slug(&*process.store, slug).await?);
    let erasures = &process.engine.erasures;
    let id = match erasures.find(scope, &request.customer).await {
        Err(EngineError::NotFound(Thing::User)) => {
            bail!("{slug} has no customer with this id; whoever is erased is known by our own id alone")
        }
        found => found.context("the customer cannot be looked up")?,
    };
    let extent = match request.dry_run {
        true => erasures.extent(scope, id).await,
        false => erasures.erase(scope, id).await,
    };
    let extent = extent.with_context(|| format!("customer {id} is not erased, or in part: repeat it"))?;
    say(&report(slug, id, extent, request.dry_run))
}

fn report(slug: &str, id: UserId, extent: Extent, dry_run: bool) -> String {
    let Extent {
        conversations,
        messages,
        keys,
    } = extent;
    let done = match (dry_run, extent == Extent::default()) {
        (true, _) => "would be erased",
        (false, true) => "there was nothing left to erase",
        (false, false) => "erased",
    };
    format!(
        "{slug}: customer {id}: {conversations} conversations with {messages} messages, {keys} keys of records: {done}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_in_any_order() {
        let expected = Request {
            organization: "acme".to_owned(),
            customer: "c 1".to_owned(),
            dry_run: true,
        };
        for arguments in [
            ["--organization", "acme", "--customer", "c 1", "--dry-run"],
            ["--dry-run", "--customer", "c 1", "--organization", "acme"],
        ] {
            assert_eq!(Request::parse(&arguments).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        for refused in [
            vec![],
            vec!["--organization", "acme"],
            vec!["--customer", "c-1"],
            vec!["--organization", "acme", "--customer"],
            vec!["--organization", "acme", "--customer", "c-1", "--force"],
        ] {
            assert!(Request::parse(&refused).is_err(), "{refused:?}");
        }
    }
}
