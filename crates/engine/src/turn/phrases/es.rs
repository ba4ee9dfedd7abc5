//! Spanish.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "es",
    unknown: "No tengo información fiable sobre eso y prefiero no adivinar. ¿Quiere que avise a una persona de nuestro \
        equipo?",
    handed_over: "Por supuesto. Paso esta conversación a una persona de nuestro equipo; verá todo lo que ha escrito aquí y \
        le responderá lo antes posible.",
    refused: "No puedo ayudarle con esa petición: respondo a preguntas sobre nuestros productos y servicios, y mi \
        forma de trabajar no cambia. ¿Puedo hacer otra cosa por usted? Si prefiere hablar con una persona de \
        nuestro equipo, dígamelo.",
    self_harm: "Siento mucho que esté pasando por esto. No está solo: hay personas que pueden ayudarle ahora mismo. Si \
        cree que puede hacerse daño, llame al 112 (al 911 en América). En España puede hablar con alguien a \
        cualquier hora en el 024; para otros países, consulte findahelpline.com. También voy a avisar a una \
        persona de nuestro equipo.",
    danger: "Si alguien está en peligro ahora mismo, salga del lugar si puede y llame enseguida al 112 (al 911 en \
        América). Voy a avisar a una persona de nuestro equipo con la máxima prioridad.",
};
