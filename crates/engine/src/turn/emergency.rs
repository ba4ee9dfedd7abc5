//! Approved words for people in danger. They are said as they stand, by no model, and name numbers that are called
//! without a charge: 112 in Europe, 911 in North America, and the lines for people who think of suicide that health
//! authorities run or name (France 3114, Spain 024, Brazil 188, Netherlands 113, United States and Canada 988, United
//! Kingdom and Ireland 116 123, Germany 0800 111 0 111).

use acs_domain::analysis::Danger;

/// What is said about a danger, in a language (ISO 639-1); in English where there is no text for it.
pub(super) fn text(danger: Danger, language: &str) -> &'static str {
    let texts = TEXTS
        .iter()
        .find(|texts| texts.language == language)
        .unwrap_or(&TEXTS[0]);
    if danger == Danger::SelfHarm {
        texts.self_harm
    } else {
        texts.danger
    }
}

struct Texts {
    language: &'static str,
    self_harm: &'static str,
    danger: &'static str,
}

const TEXTS: [Texts; 7] = [
    Texts {
        language: "en",
        self_harm: "I am very sorry that you are going through this. You are not alone, and there are people who can help \
                    you right now. If you might hurt yourself, please call your emergency number (112 in Europe, 911 in \
                    the United States and Canada, 999 in the United Kingdom). You can talk to someone at any hour: 988 in \
                    the United States and Canada, 116 123 in the United Kingdom and Ireland, or find a line for your \
                    country at findahelpline.com. I am also bringing in a person from our team.",
        danger: "If anyone is in danger right now, please leave the place if you can and call your emergency number at \
                 once: 112 in Europe, 911 in the United States and Canada, 999 in the United Kingdom. I am bringing in a \
                 person from our team with the highest priority.",
    },
    Texts {
        language: "de",
        self_harm: "Es tut mir sehr leid, dass es Ihnen so geht. Sie sind nicht allein, und es gibt Menschen, die Ihnen \
                    jetzt helfen können. Wenn Sie sich etwas antun könnten, rufen Sie bitte den Notruf 112 an. Die \
                    TelefonSeelsorge ist in Deutschland zu jeder Zeit kostenlos unter 0800 111 0 111 für Sie da; Nummern \
                    für andere Länder stehen auf findahelpline.com. Ich hole auch einen Menschen aus unserem Team dazu.",
        danger: "Wenn gerade jemand in Gefahr ist, verlassen Sie bitte, wenn möglich, den Ort und rufen Sie sofort den \
                 Notruf 112 an. Ich hole mit höchster Dringlichkeit einen Menschen aus unserem Team dazu.",
    },
    Texts {
        language: "es",
        self_harm: "Siento mucho que esté pasando por esto. No está solo: hay personas que pueden ayudarle ahora mismo. Si \
                    cree que puede hacerse daño, llame al 112 (al 911 en América). En España puede hablar con alguien a \
                    cualquier hora en el 024; para otros países, consulte findahelpline.com. También voy a avisar a una \
                    persona de nuestro equipo.",
        danger: "Si alguien está en peligro ahora mismo, salga del lugar si puede y llame enseguida al 112 (al 911 en \
                 América). Voy a avisar a una persona de nuestro equipo con la máxima prioridad.",
    },
    Texts {
        language: "fr",
        self_harm: "Je suis vraiment désolé de ce que vous traversez. Vous n'êtes pas seul : des personnes peuvent vous \
                    aider dès maintenant. Si vous risquez de vous faire du mal, appelez le 112 (le 911 au Canada). En \
                    France, le 3114 répond gratuitement à toute heure ; pour les autres pays, voyez findahelpline.com. \
                    Je préviens aussi une personne de notre équipe.",
        danger: "Si quelqu'un est en danger en ce moment, quittez les lieux si vous le pouvez et appelez tout de suite le \
                 112 (le 911 au Canada). Je préviens une personne de notre équipe avec la plus haute priorité.",
    },
    Texts {
        language: "it",
        self_harm: "Mi dispiace molto per quello che sta vivendo. Non è solo: ci sono persone che possono aiutarla adesso. \
                    Se teme di farsi del male, chiami il 112. Su findahelpline.com trova una linea di ascolto del suo \
                    Paese. Avviso anche una persona del nostro team.",
        danger: "Se qualcuno è in pericolo in questo momento, si allontani se può e chiami subito il 112. Avviso una \
                 persona del nostro team con la massima priorità.",
    },
    Texts {
        language: "pt",
        self_harm: "Lamento muito que esteja a passar por isto. Não está sozinho: há pessoas que podem ajudar agora mesmo. \
                    Se receia fazer mal a si próprio, ligue 112 em Portugal ou 192 no Brasil. No Brasil, o CVV atende a \
                    qualquer hora no 188; para outros países, veja findahelpline.com. Vou também chamar uma pessoa da \
                    nossa equipa.",
        danger: "Se alguém está em perigo neste momento, saia do local se puder e ligue já 112 em Portugal ou 190 no \
                 Brasil. Vou chamar uma pessoa da nossa equipa com a máxima prioridade.",
    },
    Texts {
        language: "nl",
        self_harm: "Wat erg dat u dit doormaakt. U staat er niet alleen voor: er zijn mensen die u nu kunnen helpen. Bel 112 \
                    als u uzelf iets zou kunnen aandoen. In Nederland kunt u op elk moment gratis bellen met 113; nummers \
                    voor andere landen staan op findahelpline.com. Ik haal er ook iemand van ons team bij.",
        danger: "Als er nu iemand in gevaar is, ga dan weg van die plek als dat kan en bel meteen 112. Ik haal er met de \
                 hoogste prioriteit iemand van ons team bij.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_language_an_emergency_number_is_named() {
        for language in ["en", "de", "es", "fr", "it", "pt", "nl", "ja", ""] {
            for danger in [Danger::SelfHarm, Danger::LifeAtRisk, Danger::Violence] {
                assert!(text(danger, language).contains("112"), "{language}");
            }
        }
        assert!(text(Danger::SelfHarm, "de").contains("0800 111 0 111"));
        assert_eq!(text(Danger::Violence, "ja"), text(Danger::LifeAtRisk, "en"));
    }
}
