//! Words that carry feeling in a talk with customer service, with how much and which. English; signs and emoji of all.
//!
//! Written for this project from what customers say, with the weights tried against GoEmotions (see
//! `examples/evaluate_understanding`). An entry may be several words (`fed up`), and a `*` stands for any ending
//! (`disappoint*`). Weights go from -1 to 1; the trouble that a customer merely reports (`problem`, `error`, `late`) weighs
//! little, since nearly every message has some.

use std::collections::HashMap;
use std::sync::LazyLock;

use acs_domain::analysis::EmotionLabel::{self, *};

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Feeling {
    /// From -1 (bad) to 1 (good).
    pub valence: f32,
    /// The emotion it shows, if one in particular.
    pub emotion: Option<EmotionLabel>,
}

/// The entry that begins a run of words, and how many of them it takes.
pub(super) fn look_up(words: &[&str]) -> Option<(Feeling, usize)> {
    let first = words.first()?;
    if let Some(phrases) = LEXICON.phrases.get(first) {
        for (rest, feeling) in phrases {
            if words[1..].starts_with(rest) {
                return Some((*feeling, rest.len() + 1));
            }
        }
    }
    if let Some(feeling) = LEXICON.words.get(first) {
        return Some((*feeling, 1));
    }
    let ends = first.char_indices().map(|(at, _)| at).filter(|at| *at >= SHORTEST_STEM).chain([first.len()]);
    let stem = ends.rev().find_map(|end| LEXICON.stems.get(&first[..end]));
    stem.map(|feeling| (*feeling, 1))
}

/// The shortest stem in the list, in bytes.
const SHORTEST_STEM: usize = 3;

struct Lexicon {
    words: HashMap<&'static str, Feeling>,
    stems: HashMap<&'static str, Feeling>,
    /// By their first word: the other words, longest first.
    phrases: HashMap<&'static str, Vec<(Vec<&'static str>, Feeling)>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon { words: HashMap::new(), stems: HashMap::new(), phrases: HashMap::new() };
    for (emotion, valence, entries) in GROUPS {
        let feeling = Feeling { valence: *valence, emotion: *emotion };
        for entry in *entries {
            let mut parts = entry.split(' ');
            let first = parts.next().unwrap_or_default();
            let rest: Vec<&str> = parts.collect();
            if !rest.is_empty() {
                lexicon.phrases.entry(first).or_default().push((rest, feeling));
            } else if let Some(stem) = first.strip_suffix('*') {
                lexicon.stems.insert(stem, feeling);
            } else {
                lexicon.words.insert(first, feeling);
            }
        }
    }
    for phrases in lexicon.phrases.values_mut() {
        phrases.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    lexicon
});

type Group = (Option<EmotionLabel>, f32, &'static [&'static str]);

const GROUPS: &[Group] = &[
    (
        Some(Gratitude),
        0.65,
        &[
            "thank you", "thank you so much", "thanks a lot", "thanks so much", "many thanks", "thanks a million", "thankful",
            "grateful", "much appreciated", "i appreciate", "really appreciate", "appreciate it", "appreciate your",
            "appreciate the", "appreciated", "appreciative", "lifesaver", "life saver", "you saved me", "so kind", "bless you",
            "🙏",
        ],
    ),
    (Some(Gratitude), 0.5, &["thanks", "thx", "thanx", "tysm", "cheers", "gracias", "danke", "merci", "thank u", "ty"]),
    // What opens and closes a letter is manners more than feeling.
    (
        None,
        0.05,
        &[
            "thanks in advance", "thank you in advance", "many thanks in advance", "thank you for your time", "no thanks",
            "no thank you", "thanks for your reply", "best regards", "kind regards", "please", "dear", "hello", "hi",
        ],
    ),
    (Some(Anger), -0.5, &["thanks for nothing", "thank you for nothing", "thanks a bunch"]),
    (
        Some(Joy),
        0.9,
        &[
            "love", "loved", "loving", "amazing", "awesome", "fantastic", "excellent", "wonderful", "brilliant", "superb",
            "outstanding", "perfect", "perfectly", "incredible", "delighted", "thrilled", "exceptional", "phenomenal",
            "marvellous", "marvelous", "best ever", "overjoyed", "ecstatic", "over the moon", "5 stars", "five stars",
            "10/10", "❤", "😍", "🥰", "🤩", "🎉",
        ],
    ),
    (
        Some(Joy),
        0.65,
        &[
            "great", "happy", "happier", "happily", "glad", "pleased", "enjoy*", "lovely", "impressed", "impressive", "excited",
            "exciting", "fun", "funny", "joy*", "delight*", "well done", "good job", "great job", "nice job", "top notch",
            "yay", "hooray", "woohoo", "congrat*", "hilarious", "beautiful*", "cute", "lol", "haha*", "lmao", "proud",
            "blessed", "sweet", "cool", "favorite", "favourite", "adorable", "best", "😀", "😃", "😄", "😁", "😊", "🙂", "😂",
            "🤣", "😎", "👏", "🥳", "😆", ":)", ":-)", ":d", ":-d", ";)", "=)", "<3", "(:", "^^",
        ],
    ),
    (
        None,
        0.4,
        &[
            "good", "nice", "nicely", "helpful", "friendly", "polite", "professional", "reliable", "recommend*", "satisfied",
            "satisfying", "easy", "easily", "smooth*", "quick", "quickly", "fast", "efficient*", "kind", "kindly", "patient",
            "courteous", "works great", "works well", "works fine", "works now", "working now", "works again", "solved",
            "resolved", "fixed", "sorted", "convenient", "valuable", "useful", "clean", "comfortable", "flawless*", "hope",
            "hopeful*", "looking forward", "better", "improved", "relieved", "relief", "interesting", "luck*", "well", "welcome",
            "agree*", "support*", "safe", "smart", "success*", "worth", "win", "wins", "won", "respect*", "true", "fair",
            "admir*", "wow", "care", "caring", "👍", "✅", "👌", "💪", "✨", "😉", "🤗",
        ],
    ),
    (None, 0.25, &["fine", "ok", "okay", "no problem", "no problems", "no worries", "no issue", "no issues", "not bad"]),
    (
        Some(Anger),
        -0.95,
        &[
            "furious", "outraged", "outrageous", "outrage", "livid", "enraged", "infuriat*", "disgusted", "disgusting", "disgust*",
            "disgrace*", "appalling", "appalled", "despicable", "scam", "scammed", "scammer*", "scumbag*", "fraudster*", "thieves",
            "thief", "crooks", "liars", "liar", "hate", "hated", "hates", "worst", "rip off", "ripoff", "ripped off", "fuck*",
            "wtf", "bullshit", "asshole*", "bastard*", "shit", "shitty", "piss off", "pissed", "crap", "idiot*", "moron*", "stupid*",
            "incompetent", "incompetence", "how dare", "sue you", "my lawyer", "legal action", "trading standards", "go to hell",
            "shut up", "😡", "🤬", "😠", "👿", "💩", "🖕",
        ],
    ),
    (
        Some(Anger),
        -0.7,
        &[
            "angry", "anger*", "unacceptable", "shameful", "shame on", "rude", "rudely", "insult*", "ridiculous*", "absurd",
            "disrespect*", "stole", "stolen my", "lied", "lies", "lying", "cheat*", "mad", "screw you", "damn", "dammit", "hell",
            "complaint", "demand a refund", "demand my money", "i demand", "outraging", "joke of a", "what a joke", "a joke",
            "garbage", "trash", "rubbish", "robbery", "robbed", "steal*", "scandal*", "violent*", "abus*", "racist*", "😤", "👎",
        ],
    ),
    (
        Some(Frustration),
        -0.6,
        &[
            "frustrat*", "annoy*", "fed up", "sick of", "sick and tired", "tired of", "had enough", "enough is enough",
            "waste of time", "wasted hours", "wasting my time", "waste of money", "useless", "pointless", "nightmare", "irritat*",
            "aggravat*", "exasperat*", "pathetic", "horrendous", "hopeless*", "a pain", "pain in the", "for the last time",
            "yet again", "third time", "fourth time", "fifth time", "tenth time", "how many times", "over and over",
            "again and again", "every single time", "still nothing", "still not", "still no", "going in circles",
            "round in circles", "no one answers", "nobody answers", "no one responds", "nobody responds", "keeps crashing",
            "keeps failing", "keeps happening", "ugh", "argh", "grr", "smh", "for god's sake", "for heaven's sake", "ffs",
            "come on", "driving me crazy", "🙄", "😒", "😩", "😫", "🤦", "😖", "😣", ":/", ":-/", "-_-",
        ],
    ),
    (
        Some(Frustration),
        -0.3,
        &[
            "still waiting", "been waiting", "waited", "no response", "no reply", "no answer", "doesn't work", "does not work",
            "not working", "isn't working", "won't work", "didn't work", "stopped working", "doesn't help", "keeps", "stuck",
            "slow", "slowly", "too long", "takes forever", "took forever", "forever", "impossible", "inconvenien*", "hassle",
            "overcharged", "charged twice", "double charged", "unhelpful", "crash*", "glitch*", "buggy", "broken", "lame",
            "boring", "weird", "dumb", "nonsense",
        ],
    ),
    (
        Some(Disappointment),
        -0.65,
        &[
            "disappoint*", "let down", "letdown", "let me down", "not what i expected", "expected better", "expected more",
            "below expectations", "dissatisf*", "unsatisf*", "unhappy", "displeased", "regret*", "underwhelm*", "never again",
            "never buying", "never order", "lost a customer", "losing a customer", "lost my trust", "poor", "poorly", "terrible",
            "terribly", "awful", "awfully", "horrible", "horribly", "dreadful", "atrocious", "abysmal", "shoddy", "unfortunate*",
            "😞", "😔", "😕", "🙁", "☹",
        ],
    ),
    (
        Some(Sadness),
        -0.65,
        &[
            "sad", "sadly", "sadden*", "sadness", "depress*", "heartbroken", "heartbreaking", "miserable", "devastat*", "cry",
            "crying", "cried", "tears", "grief", "grieving", "passed away", "died", "death of", "my condolences", "lonely",
            "upset", "upsetting", "hurt", "hurts", "suffer*", "tragic", "tragedy", "sorry for your loss", "sorry to hear",
            "i miss", "broke my heart", "rip", "😢", "😭", "💔", "😥", "😿", ":(", ":-(", ":'(", "=(",
        ],
    ),
    (
        Some(Fear),
        -0.5,
        &[
            "afraid", "scared", "scary", "scare*", "worried", "worry", "worries", "worrying", "anxious*", "anxiety", "nervous*",
            "panic*", "terrified", "terrifying", "terror*", "fear", "fears", "feared", "frighten*", "alarm*", "concerned",
            "concerning", "hacked", "someone stole", "identity theft", "unauthorised", "unauthorized", "compromised",
            "stranger", "unsafe", "at risk", "in danger", "dangerous*", "horror", "creepy", "dread", "😨", "😰", "😱", "😟", "😧",
        ],
    ),
    (
        Some(Confusion),
        -0.15,
        &[
            "confus*", "don't understand", "do not understand", "didn't understand", "not understand", "don't get it",
            "makes no sense", "doesn't make sense", "make no sense", "not sure", "unsure", "unclear", "puzzled", "puzzling",
            "baffled", "baffling", "no idea", "no clue", "i'm lost", "am lost", "what do you mean", "what does this mean",
            "what does that mean", "not clear", "hard to understand", "wonder why", "wondering why", "bewilder*", "perplex*",
            "huh", "i don't know", "idk", "can't figure", "cannot figure", "🤔", "❓", "😵",
        ],
    ),
    (
        Some(Surprise),
        0.0,
        &[
            "surpris*", "unexpected*", "shocked", "shocking", "astonish*", "astound*", "stunned", "unbelievable", "can't believe",
            "cannot believe", "couldn't believe", "omg", "oh my god", "no way", "whoa", "didn't expect", "did not expect",
            "never expected", "out of nowhere", "out of the blue", "all of a sudden", "really?", "holy", "😮", "😲", "😯", "🤯",
            "😳",
        ],
    ),
    (
        None,
        -0.45,
        &[
            "bad", "badly", "bother*", "unprofessional", "unreliable", "misleading", "mislead", "misled", "deceptive", "false",
            "fraud*", "fake", "cheap", "neglect*", "ignored", "ignoring", "ignore", "mess", "messed up", "unfair", "unjust*",
            "damaged", "defective", "faulty", "dirty", "ruined", "ruin*", "threat*", "blame*", "ashamed", "embarrass*", "gross",
            "ugly", "toxic", "evil", "kill*", "fail", "failed", "fails", "failure", "weak", "wrong*", "overpriced", "nasty", "awkward",
            "guilty", "sick", "cringe*",
        ],
    ),
    (
        None,
        -0.12,
        &[
            "problem", "problems", "issue", "issues", "error", "errors", "trouble", "difficult*", "mistake", "mistakes",
            "delay", "delayed", "late", "missing", "lost", "declined", "rejected", "denied", "blocked", "locked", "unable", "refuse*",
            "cannot", "cancel*", "expired", "complain*", "hard", "sorry", "unfortunately", "too expensive", "expensive",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_pass_words_and_words_pass_stems() {
        assert_eq!(look_up(&["fed", "up", "now"]).map(|(feeling, taken)| (feeling.emotion, taken)), Some((Some(Frustration), 2)));
        assert_eq!(look_up(&["thanks", "for", "nothing"]).map(|(feeling, _)| feeling.emotion), Some(Some(Anger)));
        assert_eq!(look_up(&["disappointingly"]).map(|(feeling, _)| feeling.emotion), Some(Some(Disappointment)));
        assert_eq!(look_up(&["table"]), None);
        assert_eq!(look_up(&[]), None);
    }

    #[test]
    fn every_entry_is_in_the_form_that_texts_are_brought_to() {
        for entry in GROUPS.iter().flat_map(|(_, _, entries)| *entries) {
            assert_eq!(*entry, entry.to_lowercase());
            assert!(!entry.contains(['’', '“']) && !entry.starts_with(' ') && !entry.contains("  "));
            let stem = entry.strip_suffix('*');
            assert!(stem.is_none_or(|stem| stem.len() >= SHORTEST_STEM && !stem.contains([' ', '*'])), "{entry}");
        }
    }

    #[test]
    fn no_entry_stands_twice() {
        let mut all: Vec<&str> = GROUPS.iter().flat_map(|(_, _, entries)| *entries).copied().collect();
        all.sort_unstable();
        for pair in all.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }
}
