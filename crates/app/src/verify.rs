//! `worker verify`: whether the records of turns are as they were written.

use std::fmt::Write as _;

use acs_domain::access::Scope;
use acs_engine::usecase::records::Verified;
use anyhow::{Context as _, Result, bail};

use crate::organizations;
use crate::wire::Process;
use crate::work::say;

/// Checks the records of one organization, or of all, and fails if any is not as it was written.
pub(crate) async fn verify(process: &Process, slug: Option<&str>) -> Result<()> {
    let organizations = match slug {
        Some(slug) => vec![(
            slug.to_owned(),
            organizations::with_slug(&*process.store, slug).await?,
        )],
        None => organizations::all(&*process.store).await?,
    };
    let (mut records, mut faults) = (0, 0);
    for (slug, id) in organizations {
        let verified = process.engine.records.verify(Scope::trusted(id)).await;
        let verified = verified.with_context(|| format!("the records of {slug} cannot be read"))?;
        records += verified.records;
        faults += verified.broken.len() + verified.missing.len() + verified.half_erased.len();
        say(&report(&slug, &verified))?;
    }
    if faults > 0 {
        bail!("{faults} faults in {records} records");
    }
    Ok(())
}

fn report(slug: &str, verified: &Verified) -> String {
    let mut text = format!(
        "{slug}: {} records in {} conversations\n",
        verified.records, verified.conversations
    );
    for broken in &verified.broken {
        let (conversation, seq, turn) = (broken.conversation, broken.seq, broken.turn);
        let _ = writeln!(
            text,
            "  BROKEN   conversation {conversation}, record {seq} (turn {turn}): {}",
            broken.fault
        );
    }
    for (conversation, turn) in &verified.missing {
        let _ = writeln!(
            text,
            "  MISSING  conversation {conversation}: turn {turn} is done and has no record"
        );
    }
    for customer in &verified.half_erased {
        let _ = writeln!(
            text,
            "  ERASE    customer {customer} is erased in part: `worker erase` broke off; repeat it"
        );
    }
    text
}
