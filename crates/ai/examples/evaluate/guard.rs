//! What the whole guard makes of texts that its head has not learnt from: five folds, relatives among the attacks in one, and
//! sets that are in no fold.

use std::collections::BTreeMap;
use std::time::Instant;

use acs_ai::guard::LayeredExaminer;
use acs_ai::guard::head::Head;
use acs_domain::analysis::Guard;
use acs_domain::port::guard::Origin;
use anyhow::Result;

use crate::Setting;
use crate::guard_head::{FOLDS, Sets, Text, head};

/// How many texts of a set there were, how many were taken for attacks, and how many were acted on at all.
type Counts = BTreeMap<&'static str, [usize; 3]>;

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let sets = Sets::read(&setting.folder)?;
    let (mut examined, mut looked) = (Vec::new(), 0.0);
    for fold in 0..FOLDS {
        let (held_out, known): (Vec<&Text>, Vec<&Text>) =
            sets.learnt.iter().partition(|text| text.fold == fold);
        let head = head(&known);
        let begun = Instant::now();
        examined.push(examine(&head, &held_out));
        looked += begun.elapsed().as_secs_f64();
        if fold == 0 {
            // The head that comes with the program has not seen the first fold.
            never_learnt(&head, &sets);
        }
    }
    told(&examined);
    println!("{:.0} µs a text", looked * 1e6 / sets.learnt.len() as f64);
    Ok(())
}

/// Whether a text was taken for an attack.
fn attacks(guard: &Guard) -> bool {
    guard.categories.iter().any(|danger| danger.is_attack())
}

/// What the whole guard with this head makes of the texts.
fn examine(head: &Head, texts: &[&Text]) -> Counts {
    let examiner = LayeredExaminer::with_head(head.clone());
    let mut counts = Counts::new();
    for text in texts {
        let origin = if text.set == "articles" {
            Origin::Knowledge
        } else {
            Origin::Customer
        };
        let guard = examiner.look(&text.text, origin);
        count(counts.entry(text.set).or_default(), &guard);
    }
    counts
}

fn count(counts: &mut [usize; 3], guard: &Guard) {
    counts[0] += 1;
    counts[1] += usize::from(attacks(guard));
    counts[2] += usize::from(guard.flagged);
}

/// The means over the folds.
fn told(folds: &[Counts]) {
    println!("five folds, each examined with a head that has not seen it (relatives lie in one fold)");
    println!("{:<12} {:>6} {:>9} {:>9}", "set", "texts", "attacks", "acted on");
    let mut sums = Counts::new();
    for (set, counts) in folds.iter().flatten() {
        let sum = sums.entry(set).or_default();
        (0..3).for_each(|n| sum[n] += counts[n]);
    }
    for (set, [all, attacks, acted]) in sums {
        println!(
            "{set:<12} {all:>6} {:>9.4} {:>9.4}",
            part(attacks, all),
            part(acted, all)
        );
    }
}

/// What is in no fold, with the head that leaves the first fold out.
fn never_learnt(head: &Head, sets: &Sets) {
    let examiner = LayeredExaminer::with_head(head.clone());
    let flagged = |texts: &[String], origin: Origin| {
        let mut counts = [0; 3];
        for text in texts {
            count(&mut counts, &examiner.look(text, origin));
        }
        part(counts[1], counts[0])
    };
    println!("never learnt from");
    println!(
        "NotInject, from customers   {:.4}",
        flagged(&sets.look_alikes, Origin::Customer)
    );
    println!(
        "GoEmotions, from customers  {:.4}",
        flagged(&sets.comments, Origin::Customer)
    );
    println!(
        "e-mails, from customers     {:.4}",
        flagged(&sets.emails, Origin::Customer)
    );
    println!(
        "e-mails, as records         {:.4}",
        flagged(&sets.emails, Origin::Record)
    );
    for (kind, texts) in &sets.indirect {
        // As the set is used: the attack stands at the end of an e-mail.
        let placed: Vec<String> = sets
            .emails
            .iter()
            .cycle()
            .zip(texts)
            .map(|(email, text)| format!("{email}\n{text}"))
            .collect();
        println!(
            "attack in an e-mail: {kind:<32} {:.2}",
            flagged(&placed, Origin::Record)
        );
    }
}

fn part(some: usize, all: usize) -> f64 {
    some as f64 / all.max(1) as f64
}
