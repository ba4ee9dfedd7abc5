//! The language of a text that is not in Latin letters, by its script.

/// A script other than Latin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Arabic,
    Cyrillic,
    Devanagari,
    Greek,
    Han,
    Hangul,
    Hebrew,
    Kana,
    Tamil,
    Thai,
}

fn script(c: char) -> Option<Script> {
    Some(match c {
        '\u{0370}'..='\u{03ff}' => Script::Greek,
        '\u{0400}'..='\u{04ff}' => Script::Cyrillic,
        '\u{0590}'..='\u{05ff}' => Script::Hebrew,
        '\u{0600}'..='\u{06ff}' => Script::Arabic,
        '\u{0900}'..='\u{097f}' => Script::Devanagari,
        '\u{0b80}'..='\u{0bff}' => Script::Tamil,
        '\u{0e00}'..='\u{0e7f}' => Script::Thai,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' => Script::Hangul,
        '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Script::Han,
        _ => return None,
    })
}

/// Signs in their Japanese form, which Chinese writes otherwise, and some that customers in Japan use alone.
const JAPANESE_SIGNS: &str = "込払円済売駅図権気変発営検対応価楽続読転帰択戻";

/// Ukrainian words that Russian has not, and that have no letter of their own.
const UKRAINIAN: [&str; 24] = [
    "дякую",
    "будь",
    "ласка",
    "коли",
    "де",
    "чому",
    "дуже",
    "треба",
    "добрий",
    "добре",
    "замовлення",
    "повернення",
    "скасувати",
    "буде",
    "або",
    "якщо",
    "щоб",
    "вже",
    "допоможете",
    "кошти",
    "дзвонити",
    "гаразд",
    "дякуємо",
    "чекаю",
];

/// The language when most letters are of a script that is not Latin, and how sure that is. Of languages that share a
/// script, letters that only one of them has decide, and else the largest.
pub(super) fn detect(words: &[String]) -> Option<(&'static str, f32)> {
    let letters = || {
        words
            .iter()
            .flat_map(|word| word.chars())
            .filter(|c| c.is_alphabetic())
    };
    let all = letters().count();
    let count = |wanted: Script| letters().filter(|c| script(*c) == Some(wanted)).count();
    let most = |wanted: Script| count(wanted) * 2 > all;
    let has = |signs: &str| letters().any(|c| signs.contains(c));
    let speaks = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let first = letters().find_map(script)?;
    let (han, kana) = (count(Script::Han), count(Script::Kana));
    Some(match first {
        // Japanese mixes its own signs into Chinese ones.
        Script::Han | Script::Kana if (han + kana) * 2 > all && kana * 10 > all => ("ja", 0.98),
        Script::Han | Script::Kana if han * 2 > all && has(JAPANESE_SIGNS) => ("ja", 0.75),
        Script::Han | Script::Kana if han * 2 > all => ("zh", if all > 4 { 0.95 } else { 0.85 }),
        Script::Hangul if most(Script::Hangul) => ("ko", 0.99),
        Script::Cyrillic if !most(Script::Cyrillic) => return None,
        Script::Cyrillic if has("іїєґ") && !has("ыэъ") => ("uk", 0.85),
        Script::Cyrillic if speaks(&UKRAINIAN) && !has("ыэъё") => ("uk", 0.8),
        Script::Cyrillic if has("ђјљњћџ") => ("sr", 0.85),
        Script::Cyrillic if has("ыэ") => ("ru", 0.95),
        Script::Cyrillic => ("ru", 0.85),
        Script::Arabic if !most(Script::Arabic) => return None,
        Script::Arabic if has("ٹڈڑےں") => ("ur", 0.9),
        Script::Arabic if has("پچژگ") => ("fa", 0.9),
        Script::Arabic => ("ar", 0.9),
        Script::Devanagari if most(Script::Devanagari) => ("hi", 0.95),
        Script::Greek if most(Script::Greek) => ("el", 0.95),
        Script::Hebrew if most(Script::Hebrew) => ("he", 0.95),
        Script::Thai if most(Script::Thai) => ("th", 0.95),
        Script::Tamil if most(Script::Tamil) => ("ta", 0.95),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        detect(&words).map(|(code, _)| code)
    }

    #[test]
    fn a_script_of_one_language_decides() {
        assert_eq!(code("안녕하세요"), Some("ko"));
        assert_eq!(code("สวัสดี"), Some("th"));
        assert_eq!(code("नमस्ते"), Some("hi"));
    }

    #[test]
    fn languages_that_share_a_script_are_told_by_their_own_letters() {
        assert_eq!(code("де моє замовлення"), Some("uk"));
        assert_eq!(code("где мой заказ"), Some("ru"));
        assert_eq!(code("返金してください"), Some("ja"));
        assert_eq!(code("支払済"), Some("ja"));
        assert_eq!(code("我要退款"), Some("zh"));
        assert_eq!(code("پیگیری سفارش"), Some("fa"));
    }

    #[test]
    fn a_name_in_other_letters_changes_nothing() {
        assert_eq!(code("где мой iphone заказ"), Some("ru"));
        assert_eq!(code("where is my Москва order please"), None);
    }
}
