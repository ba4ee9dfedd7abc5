//! Figures as tables.

use std::collections::BTreeMap;

use crate::data::Kind;
use crate::train::Judged;

/// In log odds.
const LEADS: [f32; 6] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.0];
const THRESHOLDS: [f32; 9] = [0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7];

/// For every set and kind: the share of questions that get an answer, and a right one, from each threshold on.
pub(crate) fn answers(judged: &[Judged<'_>]) {
    let mut groups: BTreeMap<_, Vec<&Judged<'_>>> = BTreeMap::new();
    for one in judged {
        groups
            .entry((one.asked.set, one.asked.case.kind))
            .or_default()
            .push(one);
    }
    let head: String = THRESHOLDS
        .iter()
        .map(|threshold| format!("{threshold:>7.2}"))
        .collect();
    println!("{:<28}{:>6}{head}", "share of questions", "n");
    for ((set, kind), group) in &groups {
        let share = |passes: &dyn Fn(&Judged<'_>) -> bool| {
            let passing = group.iter().filter(|one| passes(one)).count();
            ratio(passing, group.len())
        };
        let row = |label: &str, passes: &dyn Fn(&Judged<'_>, f32) -> bool| {
            let cells = THRESHOLDS.map(|threshold| format!("{:>7.3}", share(&|one| passes(one, threshold))));
            println!(
                "{:<28}{:>6}{}",
                format!("{set} {label}"),
                group.len(),
                cells.concat()
            );
        };
        match kind {
            Kind::Answerable => {
                row("right", &|one, threshold| {
                    one.is_right && one.confidence() >= threshold
                });
                row("wrong", &|one, threshold| {
                    !one.is_right && one.confidence() >= threshold
                });
                println!(
                    "{:<28}{:>6}{:>7.3}",
                    format!("{set} right at best"),
                    group.len(),
                    share(&|one| one.is_right)
                );
                let chars = group
                    .iter()
                    .filter_map(|one| Some(one.draft.as_ref()?.text.chars().count()));
                let mean = ratio(chars.sum(), group.len());
                println!(
                    "{:<28}{:>6}{mean:>7.0}",
                    format!("{set} reply length"),
                    group.len()
                );
            }
            _ => row(&format!("{kind:?} invented"), &|one, threshold| {
                one.confidence() >= threshold
            }),
        }
    }
    calibration(judged);
    asked_back(&groups);
}

/// What asking back would do from 0.3 on, where another entry is so little behind: how many right and wrong replies it
/// takes the place of.
fn asked_back(groups: &BTreeMap<(&'static str, Kind), Vec<&Judged<'_>>>) {
    let head: String = LEADS.iter().map(|lead| format!("{lead:>7.2}")).collect();
    println!("\n{:<28}{:>6}{head}", "asked back, 0.3 to 0.7", "n");
    for ((set, kind), group) in groups {
        for is_right in [true, false] {
            let among = |lead: f32| {
                let asked = group.iter().filter(|one| {
                    one.is_right == is_right
                        && (0.3..0.7).contains(&one.confidence())
                        && one.lead.is_some_and(|behind| behind <= lead)
                });
                ratio(asked.count(), group.len())
            };
            if *kind == Kind::Answerable || !is_right {
                let label = format!("{set} {kind:?} {}", if is_right { "right" } else { "wrong" });
                let cells = LEADS.map(|lead| format!("{:>7.3}", among(lead)));
                println!("{label:<28}{:>6}{}", group.len(), cells.concat());
            }
        }
    }
}

/// How often replies of about one confidence are right.
fn calibration(judged: &[Judged<'_>]) {
    println!("\n{:<28}{:>6}{:>10}{:>10}", "confidence", "n", "mean", "right");
    let mut squares = 0.0;
    for bin in 0..10_u8 {
        let from = f32::from(bin) / 10.0;
        let inside: Vec<_> = judged
            .iter()
            .filter(|one| one.confidence() >= from && (one.confidence() < from + 0.1 || bin == 9))
            .collect();
        if inside.is_empty() {
            continue;
        }
        let mean = inside.iter().map(|one| one.confidence()).sum::<f32>() / ratio(inside.len(), 1);
        let right = ratio(inside.iter().filter(|one| one.is_right).count(), inside.len());
        println!(
            "{:<28}{:>6}{mean:>10.3}{right:>10.3}",
            format!("{from:.1} to {:.1}", from + 0.1),
            inside.len()
        );
    }
    for one in judged {
        squares += (one.confidence() - f32::from(u8::from(one.is_right))).powi(2);
    }
    println!("Brier score {:.4}", squares / ratio(judged.len(), 1));
}

/// The questions that went wrong at the threshold of 0.3.
pub(crate) fn faults(judged: &[Judged<'_>]) {
    for one in judged {
        let answered = one.confidence() >= 0.3;
        let fault = match (one.asked.case.kind, answered, one.is_right) {
            (Kind::Answerable, false, _) => "unanswered",
            (Kind::Answerable, true, false) => "wrong",
            (Kind::NearMiss | Kind::OffTopic, true, _) => "invented",
            _ => continue,
        };
        let cited = one.draft.as_ref().and_then(|draft| draft.citations.first());
        let cited = cited.map_or("", |citation| citation.title.as_str());
        println!(
            "{fault:<12}{:.2}  {}  [{cited}]",
            one.confidence(),
            one.asked.case.question
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^24")]
pub(crate) fn ratio(a: usize, b: usize) -> f32 {
    a as f32 / b as f32
}
