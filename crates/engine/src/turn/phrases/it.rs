//! Italian.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "it",
    unknown: "Non ho informazioni affidabili su questo e preferisco non tirare a indovinare. Vuole che coinvolga una \
        persona del nostro team?",
    handed_over: "Certamente. Passo questa conversazione a una persona del nostro team, che vedrà tutto ciò che ha scritto \
        qui e risponderà appena possibile.",
    refused: "Non posso aiutarla con questa richiesta: rispondo a domande sui nostri prodotti e servizi, e il mio modo \
        di lavorare non cambia. Posso fare altro per lei? Se preferisce parlare con una persona del nostro team, \
        me lo dica.",
    self_harm: "Mi dispiace molto per quello che sta vivendo. Non è solo: ci sono persone che possono aiutarla adesso. \
        Se teme di farsi del male, chiami il 112. Su findahelpline.com trova una linea di ascolto del suo Paese. \
        Avviso anche una persona del nostro team.",
    danger: "Se qualcuno è in pericolo in questo momento, si allontani se può e chiami subito il 112. Avviso una \
        persona del nostro team con la massima priorità.",
};
