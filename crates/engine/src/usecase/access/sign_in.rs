//! Sign-in with a password. An unknown account takes the same path as a known one, so that neither the answer nor its
//! time tells which accounts exist.

use std::net::IpAddr;
use std::time::Duration;

use acs_core::net::subscriber;
use acs_core::secret::Secret;
use acs_core::security::digest::sha256_hex;
use acs_domain::access::{Role, SYSTEM_ORGANIZATION, Scope};
use acs_domain::organization::check_slug;
use acs_domain::user::{User, UserStatus, parse_email};

use super::networks::lets_in;
use super::{Access, TokenPair};
use crate::error::EngineError;

/// Who wants to sign in.
#[derive(Debug)]
pub struct SignIn {
    /// The account's e-mail address.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// The organization's slug, needed when the address belongs to several.
    pub organization: Option<String>,
    /// Where the request comes from.
    pub address: IpAddr,
}

impl Access {
    /// Signs a person in.
    pub async fn sign_in(&self, request: SignIn) -> Result<TokenPair, EngineError> {
        let ports = &self.ports;
        let login = request.login.trim().to_lowercase();
        let slug = request.organization.as_deref().map(str::trim);
        // Without the organization: naming it or not is no way to twice as many tries.
        let account_key = format!("sign-in/account/{}", sha256_hex(login.as_bytes()));
        let address_key = format!("sign-in/address/{}", subscriber(request.address));
        self.throttle(&account_key, &address_key).await?;

        // What can be no address or no slug belongs to no account, and is not asked for.
        let possible = parse_email(&login).is_ok() && slug.is_none_or(|slug| check_slug(slug).is_ok());
        let found = match possible {
            true => ports.store.directory().accounts(&login, slug).await?,
            false => Vec::new(),
        };
        let known = match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let at = ports.now();
        let (organization, user_id) = known.unwrap_or_else(|| (SYSTEM_ORGANIZATION, ports.id(at)));
        let scope = Scope::trusted(organization);
        let mut unit = ports.store.read(scope).await?;
        let of = unit.organizations().find(organization).await?;
        let is_open = of.is_some_and(|it| it.is_active && lets_in(&it.ip_allow_list, request.address));
        let user = unit.users().find(user_id).await?;
        let user = user.filter(|user| is_open && may_sign_in(user));
        drop(unit);

        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        let proof = ports.passwords.prove(request.password, stored).await?;
        let Some(user) = user.filter(|_| proof.right) else {
            ports
                .counters
                .add(&address_key, 1, ports.settings.access.window)
                .await?;
            metrics::counter!("acs_sign_ins_total", "outcome" => "refused").increment(1);
            return Err(EngineError::InvalidCredentials);
        };
        ports.counters.reset(&account_key).await?;
        metrics::counter!("acs_sign_ins_total", "outcome" => "ok").increment(1);
        self.begin_session(scope, &user, proof.renewed).await
    }

    /// Refuses who failed too often: the account's attempts are counted before the password is looked at, so that many
    /// at once are no way round; the address counts failures alone, since an office signs in from one.
    async fn throttle(&self, account_key: &str, address_key: &str) -> Result<(), EngineError> {
        let settings = &self.ports.settings.access;
        let account = self.ports.counters.add(account_key, 1, settings.window).await?;
        if account.used > settings.max_failures {
            return Err(throttled(account.resets_in));
        }
        let address = self.ports.counters.peek(address_key, settings.window).await?;
        match address {
            Some(count) if count.used >= settings.max_failures_per_address => Err(throttled(count.resets_in)),
            _ => Ok(()),
        }
    }
}

fn throttled(retry_after: Duration) -> EngineError {
    metrics::counter!("acs_sign_ins_total", "outcome" => "throttled").increment(1);
    EngineError::Throttled { retry_after }
}

/// Customers come through the widget; only staff and operators have passwords.
fn may_sign_in(user: &User) -> bool {
    user.role != Role::Customer && user.status == UserStatus::Active
}
