//! German.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "de",
    unknown: "Dazu habe ich keine verlässlichen Informationen und möchte nicht raten. Soll ich einen Menschen aus \
        unserem Team dazuholen?",
    handed_over: "Gern. Ich übergebe das Gespräch an einen Menschen aus unserem Team. Dort sieht man alles, was Sie hier \
        geschrieben haben, und antwortet so bald wie möglich.",
    refused: "Bei dieser Anfrage kann ich nicht helfen: Ich beantworte Fragen zu unseren Produkten und Leistungen, und \
        an meiner Arbeitsweise ändert sich nichts. Kann ich sonst etwas für Sie tun? Wenn Sie lieber mit einem \
        Menschen aus unserem Team sprechen möchten, sagen Sie es einfach.",
    self_harm: "Es tut mir sehr leid, dass es Ihnen so geht. Sie sind nicht allein, und es gibt Menschen, die Ihnen \
        jetzt helfen können. Wenn Sie sich etwas antun könnten, rufen Sie bitte den Notruf 112 an. Die \
        TelefonSeelsorge ist in Deutschland zu jeder Zeit kostenlos unter 0800 111 0 111 für Sie da; Nummern für \
        andere Länder stehen auf findahelpline.com. Ich hole auch einen Menschen aus unserem Team dazu.",
    danger: "Wenn gerade jemand in Gefahr ist, verlassen Sie bitte, wenn möglich, den Ort und rufen Sie sofort den \
        Notruf 112 an. Ich hole mit höchster Dringlichkeit einen Menschen aus unserem Team dazu.",
};
