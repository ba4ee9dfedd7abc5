//! What the guard makes of texts that it has not learnt from.

use std::collections::BTreeMap;
use std::time::Instant;

use acs_ai::guard::LayeredExaminer;
use acs_ai::guard::head::Head;
use acs_domain::analysis::{Danger, Guard};
use acs_domain::port::guard::Origin;

use crate::data::{Sets, Text};

/// How many texts of a set there were, how many were taken for attacks, and how many were acted on at all.
type Counts = BTreeMap<&'static str, [usize; 3]>;

/// Whether a text was taken for an attack.
fn attacks(guard: &Guard) -> bool {
    guard.categories.iter().any(|danger| danger.is_attack())
}

/// What the whole guard with this head makes of the texts.
pub(crate) fn examine(head: &Head, texts: &[&Text]) -> Counts {
    let examiner = LayeredExaminer::with_head(head.clone());
    let mut counts = Counts::new();
    for text in texts {
        let origin = if text.set == "articles" {
            Origin::Knowledge
        } else {
            Origin::Customer
        };
        let guard = examiner.look(&text.text, origin);
        if text.attack != attacks(&guard) {
            tell(text.set, &guard, &text.text);
        }
        count(counts.entry(text.set).or_default(), &guard);
    }
    counts
}

fn count(counts: &mut [usize; 3], guard: &Guard) {
    counts[0] += 1;
    counts[1] += usize::from(attacks(guard));
    counts[2] += usize::from(guard.flagged);
}

/// A mistake, where they are asked for (`MISTAKES=1`).
fn tell(set: &str, guard: &Guard, text: &str) {
    if std::env::var_os("MISTAKES").is_some() {
        let beginning: String = text.replace('\n', " ").chars().take(160).collect();
        let score = guard.injection_score;
        println!("{set}: {score:.2} {:?} {beginning}", guard.categories);
    }
}

/// The means over the folds.
pub(crate) fn held_out(folds: &[Counts]) {
    println!("\nfive folds, each examined with a head that has not seen it (relatives lie in one fold)");
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
pub(crate) fn never_learnt(head: &Head, sets: &Sets) {
    let examiner = LayeredExaminer::with_head(head.clone());
    let flagged = |texts: &[String], origin: Origin, wanted: bool| {
        let mut counts = [0; 3];
        for text in texts {
            let guard = examiner.look(text, origin);
            if attacks(&guard) != wanted {
                tell(&format!("{origin:?}"), &guard, text);
            }
            count(&mut counts, &guard);
        }
        part(counts[1], counts[0])
    };
    println!("never learnt from");
    println!(
        "NotInject, from customers   {:.4}",
        flagged(&sets.look_alikes, Origin::Customer, false)
    );
    println!(
        "GoEmotions, from customers  {:.4}",
        flagged(&sets.comments, Origin::Customer, false)
    );
    println!(
        "e-mails, from customers     {:.4}",
        flagged(&sets.emails, Origin::Customer, false)
    );
    println!(
        "e-mails, as records         {:.4}",
        flagged(&sets.emails, Origin::Record, false)
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
            flagged(&placed, Origin::Record, true)
        );
    }
}

/// How long a text takes.
pub(crate) fn times(head: &Head, sets: &Sets) {
    let examiner = LayeredExaminer::with_head(head.clone());
    for set in ["BANKING77", "garak"] {
        let texts: Vec<&str> = sets.of(set).collect();
        let began = Instant::now();
        let found = texts.iter().filter(|text| {
            examiner
                .look(text, Origin::Customer)
                .categories
                .contains(&Danger::Injection)
        });
        let found = found.count();
        let micros = began.elapsed().as_secs_f64() * 1e6 / texts.len() as f64;
        println!("{set}: {micros:.0} µs a text ({found} with orders)");
    }
}

fn part(some: usize, all: usize) -> f64 {
    some as f64 / all.max(1) as f64
}
