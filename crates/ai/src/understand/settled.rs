//! Messages that say that all is well now: "that worked, thanks".
//!
//! A conversation ends by them, so only plain words count, in a short message that neither asks nor takes anything back.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer messages say more than that.
const MAX_WORDS: usize = 14;

/// Whether the customer says that their matter is settled.
#[must_use]
pub fn settles(text: &str) -> bool {
    if text.contains(['?', '？', '؟', '¿']) {
        return false;
    }
    let folded = folded(text);
    let spaced = format!(" {} ", folded.trim());
    if folded.split(' ').count() > MAX_WORDS {
        return false;
    }
    // Where words are not parted by blanks, they are found within.
    let holds = |phrase: &str| match phrase.is_ascii() || phrase.contains(' ') || is_spaced(phrase) {
        true => spaced.contains(&format!(" {phrase} ")),
        false => spaced.contains(phrase),
    };
    phrases(SETTLED).any(&holds) && !phrases(TAKEN_BACK).any(&holds)
}

/// Each line is a language, its phrases parted by `|`.
fn phrases(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .flat_map(|line| line.split('|'))
        .map(str::trim)
        .filter(|phrase| !phrase.is_empty())
}

/// Chinese and Japanese have no blanks between words.
fn is_spaced(phrase: &str) -> bool {
    !phrase
        .chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
}

/// Lower case, without Latin marks and apostrophes; what is neither letter nor digit is a blank.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text
        .nfd()
        .filter(|c| !matches!(c, '\'' | '’') && !is_latin_mark(*c))
    {
        if c.is_alphanumeric() || is_combining_mark(c) {
            folded.extend(c.to_lowercase());
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.nfc().collect()
}

fn is_latin_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// In the form of [`folded`].
const SETTLED: &str = "\
that worked | it worked | this worked | that works | it works now | works now | works again | it is working now | its working now | that fixed it | fixed it | that did it | that solved it | that solves it | problem solved | issue solved | issue resolved | issue is resolved | its resolved | resolved now | solved now | all good now | all sorted | sorted now | got it working | that answers my question | that answered my question | thats all i needed | that is all i needed | thats all thanks | that is all thanks | thats all thank you | that is all thank you | thats everything thanks | nothing else thanks | no thats all | nope thats all | im all set | i am all set | all set thanks
hat geklappt | das hat funktioniert | hat funktioniert | funktioniert jetzt | es geht jetzt | jetzt geht es | jetzt gehts | geht wieder | problem gelost | ist gelost | hat sich erledigt | ist erledigt | das wars | das war alles | alles klar jetzt | damit ist meine frage beantwortet | frage beantwortet
ha funcionado | funciono | ya funciona | ahora funciona | problema resuelto | ya esta resuelto | esta solucionado | problema solucionado | eso es todo | todo resuelto | ya quedo
ca a marche | ca marche maintenant | ca fonctionne maintenant | cela a fonctionne | probleme resolu | cest resolu | cest regle | cest tout merci | ce sera tout
ha funzionato | ora funziona | adesso funziona | problema risolto | e tutto grazie | tutto risolto
funcionou | agora funciona | deu certo | problema resolvido | esta resolvido | e so isso | era so isso
dat werkte | het werkt nu | werkt nu | het is gelukt | is gelukt | probleem opgelost | is opgelost | dat was alles | dat is alles
det fungerade | det fungerar nu | fungerar nu | problemet ar lost | det ar lost | det var allt
сработало | теперь работает | все заработало | заработало | проблема решена | вопрос решен | это все спасибо
ise yaradi | simdi calisiyor | sorun cozuldu | cozuldu | hepsi bu kadar
xong roi | duoc roi cam on | hoat đong roi | đa giai quyet | van đe đa đuoc giai quyet
解决了 | 可以了 | 好了谢谢 | 搞定了
解決しました | できました | 直りました | うまくいきました | 大丈夫です ありがとう
해결됐어요 | 해결되었습니다 | 이제 돼요 | 됐어요 감사합니다 | 잘 돼요
تم حل المشكلة | انحلت المشكلة | يعمل الآن | يعمل الان | هذا كل شيء شكرا
समस्या हल हो गई | अब काम कर रहा है | हो गया धन्यवाद | काम हो गया";

/// With such a word nothing is settled.
const TAKEN_BACK: &str = "\
not | didnt | doesnt | dont | isnt | wasnt | never | wont | but | however | still | yet | only | until | except | if | when | once | unless | would | will | hope | hopefully | should | before | yesterday | used to | another question | one more | also
nicht | aber | doch | noch | nur | wenn | falls | ob | sobald | hoffentlich | kein | keine | nie | erst
no ha | no funciono | no funciona | pero | todavia | aun | si | cuando | ojala | nunca
ne | pas | mais | encore | si | quand | jamais
non | ma | ancora | se | quando | mai
nao | mas | ainda | se | quando | nunca
niet | maar | nog | als | wanneer | nooit
inte | men | annu | om | nar | aldrig
не | но | еще | если | когда
ama | degil | hala | eger
chua | nhung | khong | neu
没 | 不 | 但 | 如果 | 还
ない | ません | でも | けど | もし | まだ
안 | 하지만 | 아직 | 만약
لا | لم | لكن | اذا | ليس
नहीं | लेकिन | अगर | अभी तक";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_that_it_worked_has_a_settled_matter() {
        for text in [
            "That worked, thanks!",
            "it works now",
            "Perfect, problem solved.",
            "No, that's all, thank you",
            "ok great that fixed it :)",
            "Super, das hat funktioniert",
            "Jetzt geht's, danke",
            "¡Ya funciona, gracias!",
            "Ça marche maintenant, merci",
            "Problema risolto, grazie",
            "Deu certo, obrigado",
            "Het werkt nu, bedankt",
            "Det fungerar nu, tack",
            "Спасибо, теперь работает",
            "Teşekkürler, sorun çözüldü",
            "解决了，谢谢",
            "ありがとう、解決しました",
            "해결됐어요 감사합니다",
        ] {
            assert!(settles(text), "{text}");
        }
    }

    #[test]
    fn thanks_alone_questions_and_what_is_taken_back_settle_nothing() {
        for text in [
            "",
            "thanks",
            "Thanks, that worked but now it asks for a code",
            "that worked yesterday",
            "Thanks, but it still doesn't work",
            "it works now?",
            "If that worked I would be happy",
            "I hope that fixed it",
            "that didn't work",
            "Das hat nicht funktioniert",
            "Danke, aber das Problem ist noch nicht gelöst",
            "no ha funcionado",
            "Ça ne marche pas",
            "还没解决了",
            "How do I know that it worked when the screen stays black and nothing at all happens there",
        ] {
            assert!(!settles(text), "{text}");
        }
    }

    #[test]
    fn every_phrase_is_in_the_form_in_which_it_is_compared() {
        for phrase in phrases(SETTLED).chain(phrases(TAKEN_BACK)) {
            assert_eq!(folded(phrase), phrase);
        }
        for phrase in phrases(SETTLED) {
            assert!(settles(phrase), "{phrase}");
        }
    }
}
