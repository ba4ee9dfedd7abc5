//! English.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "en",
    unknown: "I don't have reliable information about that, so I would rather not guess. Would you like me to bring in \
        a person from our team?",
    handed_over: "Of course. I am handing this conversation to a person from our team; they will see everything you have \
        written here and answer as soon as they can.",
    refused: "I can't help with that request: I answer questions about our products and services, and how I work does \
        not change. Is there something else I can do for you? If you would rather talk to a person from our \
        team, just say so.",
    self_harm: "I am very sorry that you are going through this. You are not alone, and there are people who can help \
        you right now. If you might hurt yourself, please call your emergency number (112 in Europe, 911 in the \
        United States and Canada, 999 in the United Kingdom). You can talk to someone at any hour: 988 in the \
        United States and Canada, 116 123 in the United Kingdom and Ireland, or find a line for your country at \
        findahelpline.com. I am also bringing in a person from our team.",
    danger: "If anyone is in danger right now, please leave the place if you can and call your emergency number at \
        once: 112 in Europe, 911 in the United States and Canada, 999 in the United Kingdom. I am bringing in a \
        person from our team with the highest priority.",
};
