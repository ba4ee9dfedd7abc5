//! How much honest knowledge the guard keeps from being quoted: all of it is lost to customers.

use acs_ai::guard::LayeredExaminer;
use acs_domain::analysis::GuardAction;
use acs_domain::port::guard::Origin;
use acs_domain::port::retrieve::Retriever;

use crate::data::Set;
use crate::report::ratio;

/// Prints, for a set, the share of passages that the guard leaves out, and those of the sample company by name.
pub(crate) fn report(set: &Set, retriever: &dyn Retriever) {
    let examiner = LayeredExaminer::default();
    let (mut all, mut out) = (0, Vec::new());
    for entry in &set.entries {
        for cutting in retriever.cut(entry) {
            let text = format!("{}\n{}\n{}", entry.title, cutting.heading, cutting.text);
            let guard = examiner.look(&text, Origin::Knowledge);
            all += 1;
            if guard.action == GuardAction::Refused {
                out.push((guard, text));
            }
        }
    }
    println!(
        "{:<28}{all:>6}{:>10.4}",
        format!("{} left out", set.name),
        ratio(out.len(), all)
    );
    for (guard, text) in out.iter().take(12) {
        let start: String = text.replace('\n', " / ").chars().take(150).collect();
        println!("  {:.2} {:?} {start}", guard.injection_score, guard.categories);
    }
}
