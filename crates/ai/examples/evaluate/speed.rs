//! How long all that is told of one message takes, guard and intents included, for messages of twelve words.
//!
//! The organization has BANKING77's 77 intents. On one core (`taskset -c 0`), since the optional model reads on a thread of its
//! own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_ai::embed::{Encoder, ModelFiles, SentenceModel};
use acs_ai::guard::LayeredExaminer;
use acs_ai::understand::RuleUnderstanding;
use acs_domain::port::embed::Role;
use acs_domain::port::guard::Origin;
use acs_domain::port::understand::{IntentModel, Understanding, Utterance};
use anyhow::Result;
use time::macros::datetime;

use crate::{Setting, data, entities, sample};

/// As many messages are asked.
const ASKED: usize = 400;
/// The first are not counted: caches are cold.
const COLD: usize = 20;
const WORDS: usize = 12;

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let folder = setting.folder.clone();
    let texts = setting.texts(data::banking(&folder)?)?;
    let (taught, asked) = sample::fold(&texts, 0);
    let usual = asked.iter().map(|text| text.text.clone());
    let usual: Vec<String> = usual
        .filter(|text| text.split_whitespace().count() == WORDS)
        .take(ASKED)
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let plain = RuleUnderstanding::default();
        let intents = plain.train(sample::phrases(&taught)).await?;
        let encoder = Encoder::new(SentenceModel::load(ModelFiles::bundled())?);
        let with_model = RuleUnderstanding::default().with_personal_data(Arc::new(entities::finder()?));
        for (name, understanding, embeds, target) in [
            ("with the embedding", &plain, true, "3 ms"),
            ("and the optional model", &with_model, true, "8 ms"),
            ("without embedding (overload)", &plain, false, "0.3 ms"),
        ] {
            let encoder = Some(&encoder).filter(|_| embeds);
            let times = times(&usual, understanding, &intents, encoder).await?;
            let at = |part: usize| times[(times.len() - 1) * part / 100];
            println!(
                "{name:<30} {} messages: p50 {:.3?}, p95 {:.3?} (p50 wanted: at most {target})",
                times.len(),
                at(50),
                at(95)
            );
        }
        Ok(())
    })
}

/// In ascending order.
async fn times(
    texts: &[String],
    understanding: &RuleUnderstanding,
    intents: &Arc<dyn IntentModel>,
    encoder: Option<&Encoder>,
) -> Result<Vec<Duration>> {
    let examiner = LayeredExaminer::default();
    let mut times = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let begun = Instant::now();
        std::hint::black_box(examiner.look(text, Origin::Customer));
        let utterance = Utterance {
            text: text.clone(),
            vector: encoder
                .map(|encoder| encoder.encode(text, Role::Question))
                .transpose()?,
            clauses: Vec::new(),
            embedding_model: encoder.map_or_else(String::new, |encoder| encoder.name().to_owned()),
            at: datetime!(2026-11-22 12:00 UTC),
            time_zone: None,
            terms: None,
        };
        std::hint::black_box(understanding.analyze(&utterance, intents).await?);
        if place >= COLD {
            times.push(begun.elapsed());
        }
    }
    times.sort_unstable();
    Ok(times)
}
