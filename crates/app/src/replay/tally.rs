//! What turns that were run again come to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use acs_domain::budget::Spending;
use acs_domain::record::Decided;
use acs_engine::replay::{Manner, Ran, Replayed};
use anyhow::{Result, bail};

/// How many turns are told of one by one at the most.
const TOLD: usize = 50;
/// How many characters of a reply are shown.
const SHOWN: usize = 120;

/// Counts what turns come to.
pub(super) struct Tally {
    is_strict: bool,
    asks_models: bool,
    /// What models cost that were asked anew.
    spent: Spending,
    same: u64,
    different: u64,
    impossible: u64,
    /// Why turns could not be run again, and what was taken from records, with how often.
    reasons: BTreeMap<String, u64>,
    /// From which outcome to which.
    outcomes: BTreeMap<(&'static str, &'static str), u64>,
    responses: u64,
    citations: u64,
    confidence: (f64, f64),
    /// The first turns that are worth telling.
    told: Vec<String>,
}

impl Tally {
    pub(super) fn new(manner: &Manner) -> Self {
        Self {
            is_strict: manner.is_strict(),
            asks_models: manner.asks_models(),
            spent: Spending::default(),
            same: 0,
            different: 0,
            impossible: 0,
            reasons: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            responses: 0,
            citations: 0,
            confidence: (0.0, 0.0),
            told: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, replayed: Replayed) {
        self.spent = self.spent + replayed.spent;
        let place = format!("turn {} of conversation {}", replayed.turn, replayed.conversation);
        match replayed.ran {
            Err(why) => {
                self.impossible += 1;
                *self.reasons.entry(format!("not run: {why}")).or_default() += 1;
                self.tell(|| format!("NOT RUN    {place}: {why}"));
            }
            Ok(ran) => self.compare(&place, ran),
        }
    }

    fn compare(&mut self, place: &str, ran: Ran) {
        let Ran {
            then,
            now,
            difference,
            as_recorded,
        } = ran;
        for what in as_recorded {
            *self.reasons.entry(format!("as recorded: {what}")).or_default() += 1;
        }
        self.confidence.0 += f64::from(then.confidence);
        self.confidence.1 += f64::from(now.confidence);
        self.responses += u64::from(then.response != now.response);
        self.citations += u64::from(then.citations != now.citations);
        if then.outcome != now.outcome {
            let step = (then.outcome.as_str(), now.outcome.as_str());
            *self.outcomes.entry(step).or_default() += 1;
        }
        match difference {
            None => self.same += 1,
            Some(difference) => {
                self.different += 1;
                let strict = self.is_strict;
                self.tell(|| match strict {
                    true => format!(
                        "DIFFERENT  {place}: {} was {}, is {}",
                        difference.place, difference.then, difference.now
                    ),
                    false => format!("CHANGED    {place}: {}", change(&then, &now)),
                });
            }
        }
    }

    fn tell(&mut self, line: impl FnOnce() -> String) {
        if self.told.len() < TOLD {
            self.told.push(line());
        }
    }

    pub(super) fn report(&self) -> String {
        let ran = self.same + self.different;
        let mut text = format!(
            "{} turns: {} decided the same, {} otherwise, {} not run\n",
            ran + self.impossible,
            self.same,
            self.different,
            self.impossible
        );
        if !self.is_strict && ran > 0 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "nobody runs as many turns again as a float cannot count"
            )]
            let mean = |sum: f64| sum / ran as f64;
            let _ = writeln!(
                text,
                "replies changed: {}; citations changed: {}; mean confidence {:.3}, was {:.3}",
                self.responses,
                self.citations,
                mean(self.confidence.1),
                mean(self.confidence.0)
            );
            for ((then, now), count) in &self.outcomes {
                let _ = writeln!(text, "  {then} became {now}: {count}");
            }
        }
        if self.asks_models {
            let Spending { tokens, cost_micros } = self.spent;
            let (whole, millionths) = (cost_micros / 1_000_000, cost_micros % 1_000_000);
            let _ = writeln!(
                text,
                "models were asked: {tokens} tokens, at a cost of {whole}.{millionths:06}; no budget counts it"
            );
        }
        for (reason, count) in &self.reasons {
            let _ = writeln!(text, "  {count} {reason}");
        }
        for line in &self.told {
            let _ = writeln!(text, "  {line}");
        }
        text
    }

    /// Whether the turns prove what they should.
    pub(super) fn judge(&self) -> Result<()> {
        if self.is_strict && self.different > 0 {
            bail!("{} turns are decided otherwise than they were", self.different);
        }
        if self.same + self.different == 0 {
            bail!("no turn was run again");
        }
        Ok(())
    }
}

/// What would be another reply, in short.
fn change(then: &Decided, now: &Decided) -> String {
    let mut parts = Vec::new();
    if then.outcome != now.outcome {
        parts.push(format!("{} became {}", then.outcome, now.outcome));
    }
    if then.confidence.to_bits() != now.confidence.to_bits() {
        parts.push(format!(
            "confidence {:.2}, was {:.2}",
            now.confidence, then.confidence
        ));
    }
    if then.response != now.response {
        let reply = |decided: &Decided| shown(decided.response.as_deref().unwrap_or("silence"));
        parts.push(format!("says \"{}\", said \"{}\"", reply(now), reply(then)));
    } else if parts.is_empty() {
        parts.push("the same reply, decided on other grounds".to_owned());
    }
    parts.join("; ")
}

fn shown(text: &str) -> String {
    let text = text.replace('\n', " ");
    match text.char_indices().nth(SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
