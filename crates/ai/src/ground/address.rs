//! Web and e-mail addresses in whatever way they are written, in one form.
//!
//! What a reply may not hold is looked for with suspicion (`evil dot com`, `evil . com`, `hxxp`, a link whose text shows
//! another address); what a source holds is read the same way, so that what it says passes.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use url::Url;

/// Stands where an address or a number was taken out (U+FFFC, the object replacement character).
pub(super) const TAKEN: &str = "\u{fffc}";

/// Ends of host names that make an address of what is written with blanks or words between.
const ENDINGS: &str = "com|net|org|info|biz|io|app|dev|shop|store|online|site|website|xyz|top|club|live|pro|tv|co|cc|ai|edu|gov|\
    ly|gg|gl|example|test|invalid|ru|cn|de|fr|nl|uk|eu|ch|pl|br|jp|tk|ml|link|click|support|help|cloud|tech|page|web|ws|su";

/// A letter, digit or hyphen of a host name in any script; other marks than those of ASCII are blanks by then.
const LETTER: &str = r"[^\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]";

/// Ends of host names that make an address of two words with a dot between, besides those and any two letters.
const MORE_ENDINGS: &str = "museum|travel|agency|academy|company|center|solutions|services|systems|digital|finance|bank|money|cash|\
    credit|loan|win|bid|zip|mov|icu|vip|fun|space|host|press|rocks|world|today|life|email|team|zone|games|work|care|health|\
    business|global|group|international|cfd|bond|sbs|tel|news|one|chat|blog|name|lol|cyou|monster|quest|buzz|rest|bar|cam|date|men|\
    stream|download|party|trade|science|ooo|pw";

/// Ends of host names in scripts that part no words with blanks; in the others any two letters may be one.
const UNPARTED_ENDINGS: &str = "中国|中國|公司|网络|網絡|网址|网站|商城|商店|在线|香港|台湾|台灣|みんな|コム|ストア|セール|한국|닷컴|닷넷|삼성|ไทย|คอม";
/// A letter of a script that parts words with blanks.
const PARTED: &str =
    r"[\p{L}--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]";

/// Two words with a dot and no blank between, whatever the second is: nobody knows all ends that there are. A number before
/// the dot makes no address with any word (`1.Open the app`).
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)(?:(?:{LETTER}+[.])+(?:{ENDINGS}|{MORE_ENDINGS}|[a-z]{{2}}|xn--[a-z0-9-]+)(?-u:\b)|(?:{LETTER}+[.])+(?:{UNPARTED_ENDINGS})|(?:{LETTER}+[.])*{LETTER}*(?:{PARTED}|-){LETTER}*[.]{PARTED}{{2,}}{LETTER}*)\.?(?::[0-9]+)?(?:[/?#][^\s<>)\]}}\x22]*)?"
    ))
});
static SCHEME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r#"(?i)(?:h(?:tt|xx)ps?|ftp|file|wss?)\s*:\s*[/\\]\s*[/\\]\s*[^\s<>)\]}"]+|(?-u:\b)www\s*\.\s*[^\s<>)\]}"]+"#,
    )
});
static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)(?:mailto:)?(?:{LETTER}|[._%+'])+@{LETTER}+(?:\.{LETTER}+)*"
    ))
});
static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r#"(?-u:\b)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?-u:\b)(?::[0-9]+)?(?:/[^\s<>)\]}"]*)?"#)
});
static MARKDOWN: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"\[([^\]\n]*)\]\s*(?:\(\s*<?([^)>\s]*)[^)]*\)|:\s*(\S+))"));
static HTML: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r#"(?i)(?-u:\b)(?:href|src|action)\s*=\s*["']?\s*([^\s"'>]+)"#));
static ACTIVE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?i)(?-u:\b)(?:javascript|data|vbscript|sms|tel|intent)\s*:\s*[a-z0-9+/(]\S+"));
/// `evil dot com`, `evil [.] com`, `evil (punkt) com`.
static SPOKEN_DOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)({LETTER})\s*(?:[\[({{<]\s*(?:\.|dot|d0t|punkt|point|punto|ponto|punt)\s*[\])}}>]|\s(?:dot|d0t|punkt|point|punto|ponto|punt)\s)\s*({ENDINGS}|{MORE_ENDINGS}|{LETTER}+\s*(?:\.|\sdot\s)\s*(?:{ENDINGS}))(?-u:\b)"
    ))
});
/// `evil . com`, `evil .com`, `evil. com/now`.
static SPACED_DOT: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"({LETTER})(?:\s+\.\s*|\.\s+)((?:{ENDINGS})(?-u:\b))")));
/// `name (at) evil.com`, `name @ evil.com`.
static SPOKEN_AT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)({LETTER}|[._])\s*(?:[\[({{<]\s*(?:at|@|arroba)\s*[\])}}>]|\s(?:arroba|at sign)\s|\s+@\s*|@\s+)\s*({LETTER}+\.)"
    ))
});
/// `e v i l . c o m`.
static SPELT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?:^|\s){LETTER}(?:\s+(?:{LETTER}|[.@/])){{4,}}(?:\s|$)"
    ))
});
/// `evil dot c o m`.
static SPELT_END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)(\s(?:dot|d0t|punkt|point|punto|ponto|punt)\s+|\.\s*)({LETTER}(?:\s+{LETTER}){{1,5}})(\s|[.,;!?/]|$)"
    ))
});
/// What goes on after a sentence's end was seen in the middle of an address.
static GOES_ON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"^\s*\.?(?:(?:{ENDINGS})(?:\s*$|[\s,;!?]+[a-z])|(?i:{ENDINGS}|{MORE_ENDINGS}|[a-z]{{2}})/\S)"
    ))
});

fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// The addresses of a text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Addresses {
    /// In one form, each once.
    pub(super) found: Vec<String>,
    /// A link that shows one address and leads to another.
    pub(super) masked: Option<String>,
    /// Whether the text begins with the end of a host name.
    pub(super) goes_on: bool,
    /// The text without them.
    pub(super) rest: String,
}

impl Addresses {
    pub(super) fn of(text: &str) -> Self {
        let goes_on = GOES_ON.as_ref().is_some_and(|regex| regex.is_match(text));
        let mut all = Self {
            goes_on,
            ..Self::default()
        };
        all.found.extend(spelt(text));
        let text = joined(text);
        let text = all.take_links(&text);
        let text = all.take(&text, &HTML, 1);
        let text = all.take(&text, &ACTIVE, 0);
        let text = all.take(&text, &SCHEME, 0);
        let text = all.take(&text, &MAIL, 0);
        let text = all.take(&text, &NUMERIC, 0);
        all.rest = all.take(&text, &BARE, 0);
        all.found.sort();
        all.found.dedup();
        all
    }

    /// Takes what a pattern finds out of a text.
    fn take(&mut self, text: &str, pattern: &LazyLock<Option<Regex>>, group: usize) -> String {
        let Some(pattern) = pattern.as_ref() else {
            return text.to_owned();
        };
        let rest = pattern.replace_all(text, |found: &Captures<'_>| {
            let address = found.get(group).map_or("", |found| found.as_str());
            let bare = address.trim_end_matches(|c: char| ".,;:!?'*_…”“»".contains(c));
            // What cannot be read as an address stands in no source, and so never leaves.
            let canonical = canonical(bare).unwrap_or_else(|| bare.to_lowercase());
            self.found.push(canonical);
            format!(" {TAKEN} {}", &address[bare.len()..])
        });
        rest.into_owned()
    }

    /// Takes the targets of `[text](target)`, and minds what the text shows.
    fn take_links(&mut self, text: &str) -> String {
        let Some(pattern) = MARKDOWN.as_ref() else {
            return text.to_owned();
        };
        let rest = pattern.replace_all(text, |found: &Captures<'_>| {
            let shown = found.get(1).map_or("", |found| found.as_str());
            let target = found
                .get(2)
                .or_else(|| found.get(3))
                .map_or("", |found| found.as_str());
            let target = canonical(target).unwrap_or_else(|| target.to_lowercase());
            let promised = Self::of(shown).found;
            if promised.iter().any(|promised| *promised != target) {
                self.masked.get_or_insert(target.clone());
            }
            self.found.push(target);
            format!(" {shown} {TAKEN} ")
        });
        rest.into_owned()
    }
}

/// Words that are spelt letter by letter. With a dot between they are read as an address below; without one the rest may stand
/// in the next sentence.
fn spelt(text: &str) -> Vec<String> {
    let Some(pattern) = SPELT.as_ref() else {
        return Vec::new();
    };
    let words = pattern.find_iter(text).map(|found| {
        let letters: String = found.as_str().split_whitespace().collect();
        letters.trim_matches(['.', '/']).to_lowercase()
    });
    words.filter(|word| !word.contains(['.', '@'])).collect()
}

/// The text with what was pulled apart put together again.
fn joined(text: &str) -> String {
    let text = text.replace(['。', '｡', '․', '‧', '∙'], ".");
    let is_mark = |c: char| matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '«' | '»' | '¿' | '¡' | '\u{a0}');
    let text = text.replace(is_mark, " ");
    let text = replace(&text, &SPELT, |found| {
        let letters: String = found[0].split_whitespace().collect();
        format!(" {letters} ")
    });
    let text = replace(&text, &SPELT_END, |found| {
        let letters: String = found[2].split_whitespace().collect();
        format!("{}{letters}{}", &found[1], &found[3])
    });
    let text = replace(&text, &SPOKEN_AT, |found| format!("{}@{}", &found[1], &found[2]));
    let mut text = replace(&text, &SPACED_DOT, |found| format!("{}.{}", &found[1], &found[2]));
    // `help dot evil dot com` needs a second look.
    for _ in 0..2 {
        text = replace(&text, &SPOKEN_DOT, |found| {
            let end: String = found[2].replace(" dot ", ".").split_whitespace().collect();
            format!("{}.{end}", &found[1])
        });
    }
    // `info at evil.com` is an address, `look at evil.com` holds one: both are one that no source has.
    text
}

fn replace(text: &str, pattern: &LazyLock<Option<Regex>>, with: impl Fn(&Captures<'_>) -> String) -> String {
    pattern.as_ref().map_or_else(
        || text.to_owned(),
        |pattern| pattern.replace_all(text, with).into_owned(),
    )
}

/// An address in one form: host in Punycode and lower case, without `http`, `www.` and a closing slash.
pub(super) fn canonical(address: &str) -> Option<String> {
    let tight: String = address.split_whitespace().collect();
    let tight = tight.replace('\\', "/");
    let lower = tight.to_lowercase();
    if let Some(mail) = lower
        .strip_prefix("mailto:")
        .or_else(|| lower.contains('@').then_some(&lower))
        && !mail.contains('/')
    {
        let mail = mail.split('?').next().unwrap_or_default();
        return (!mail.is_empty()).then(|| mail.trim_matches('.').to_owned());
    }
    // Letters may grow in lower case: a place in one of the two is none in the other.
    let written = tight
        .split_once("://")
        .map(|(scheme, rest)| (scheme.to_lowercase(), rest));
    let with_scheme = match written.as_ref().map(|(scheme, rest)| (scheme.as_str(), rest)) {
        Some(("hxxp" | "http" | "https" | "hxxps", rest)) => format!("https://{rest}"),
        Some(_) => return Some(lower),
        None if lower.contains(':') && !lower.contains('.') => return Some(lower),
        None => format!("https://{}", tight.trim_start_matches('/')),
    };
    let url = Url::parse(&with_scheme).ok()?;
    let host = url.host_str()?;
    if !host.contains('.') && !lower.contains("://") {
        return None;
    }
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let user = if url.username().is_empty() {
        String::new()
    } else {
        format!("{}@", url.username())
    };
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let path = url.path().trim_end_matches('/');
    let query = url.query().map_or(String::new(), |query| format!("?{query}"));
    let fragment = url.fragment().map_or(String::new(), |part| format!("#{part}"));
    Some(format!("{user}{host}{port}{path}{query}{fragment}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_searched_for_addresses(scheme in "(https?|HXXP)", rest in "[İẞéßΣa.:/@ ]{0,30}", text in any::<String>()) {
            let _ = Addresses::of(&format!("{scheme}://{rest}"));
            let _ = Addresses::of(&text);
        }
    }

    #[rstest]
    #[case("Go to https://www.Lamps.example/orders/.", "lamps.example/orders")]
    #[case("write to Help@lamps.example!", "help@lamps.example")]
    #[case("(lamps.example)", "lamps.example")]
    #[case("evil dot com", "evil.com")]
    #[case("evil [dot] com", "evil.com")]
    #[case("evil(.)com", "evil.com")]
    #[case("evil . com", "evil.com")]
    #[case("evil .com/now", "evil.com/now")]
    #[case("help dot evil dot com", "help.evil.com")]
    #[case("hxxps://evil.com", "evil.com")]
    #[case("https : // evil.com", "evil.com")]
    #[case("e v i l . c o m", "evil.com")]
    #[case("EVIL.COM", "evil.com")]
    #[case("see lamps-help.cfd/login", "lamps-help.cfd/login")]
    #[case("evil.bond", "evil.bond")]
    #[case("evil.neverheardof", "evil.neverheardof")]
    #[case("лампы.онлайн", "xn--80avem4d.xn--80asehdb")]
    #[case("مصابيح.دبي", "xn--mgbcp3a9e7a.xn--ngbn6f")]
    #[case("例え.コム/login", "xn--r8jz45g.xn--tckwe/login")]
    #[case("evil dot c o m", "evil.com")]
    #[case("evil dot cfd", "evil.cfd")]
    #[case("evil。com", "evil.com")]
    #[case("help (at) evil.com", "help@evil.com")]
    #[case("http://10.0.0.1/x", "10.0.0.1/x")]
    #[case("go to 10.0.0.1/x", "10.0.0.1/x")]
    #[case("bücher.example", "xn--bcher-kva.example")]
    #[case("https://xn--bcher-kva.example", "xn--bcher-kva.example")]
    #[case("https://lamps.example@evil.com/a", "lamps.example@evil.com/a")]
    #[case("[here](javascript:alert)", "javascript:alert")]
    #[case("[here](//evil.com)", "evil.com")]
    #[case("https://ẞé.de", "xn--zcau.de")]
    #[case("<a href='evil.com'>here</a>", "evil.com")]
    fn an_address_is_found_in_every_notation(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(Addresses::of(text).found, [expected], "{text}");
    }

    #[rstest]
    #[case("Yes. No. It costs 4.90 at 9.30 a.m., e.g. for v2.1.")]
    #[case("Open Devices. Then choose Hub.")]
    #[case("The dot in the display is red at night.")]
    #[case("It takes 3.5 hours, z.B. am Montag, d.h. bald; call at 9.30am.")]
    #[case("1.Open the app. 2.Choose Hub v2.1.")]
    #[case("これは本です。次の本です。")]
    #[case("이것은 책입니다.다음")]
    fn ordinary_text_holds_no_address(#[case] text: &str) {
        assert_eq!(Addresses::of(text).found, Vec::<String>::new());
    }

    #[test]
    fn every_pattern_can_be_read() {
        let all = [
            &BARE,
            &SCHEME,
            &MAIL,
            &NUMERIC,
            &MARKDOWN,
            &HTML,
            &ACTIVE,
            &SPOKEN_DOT,
            &SPACED_DOT,
            &SPOKEN_AT,
            &SPELT,
            &SPELT_END,
            &GOES_ON,
        ];
        assert!(all.iter().all(|pattern| pattern.is_some()));
    }

    #[test]
    fn a_link_that_shows_another_address_is_masked() {
        let link = Addresses::of("[lamps.example](https://evil.com)");
        assert_eq!(link.masked.as_deref(), Some("evil.com"));
        assert_eq!(Addresses::of("[our page](https://lamps.example)").masked, None);
        for end in ["com/now and win", "Com/login opens it.", "cfd/login", "ru/x"] {
            assert!(Addresses::of(end).goes_on, "{end}");
        }
        assert!(!Addresses::of("And/or you wait.").goes_on);
        assert_eq!(Addresses::of("Go to e v i l s .").found, ["evils"]);
    }
}
