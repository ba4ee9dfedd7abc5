//! Portuguese.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "pt",
    unknown: "Não tenho informações fiáveis sobre isso e prefiro não adivinhar. Quer que eu chame uma pessoa da nossa \
        equipa?",
    handed_over: "Claro. Vou passar esta conversa a uma pessoa da nossa equipa, que verá tudo o que escreveu aqui e \
        responderá assim que possível.",
    refused: "Não posso ajudar com esse pedido: respondo a perguntas sobre os nossos produtos e serviços, e a minha \
        forma de trabalhar não muda. Posso fazer mais alguma coisa por si? Se preferir falar com uma pessoa da \
        nossa equipa, é só dizer.",
    self_harm: "Lamento muito que esteja a passar por isto. Não está sozinho: há pessoas que podem ajudar agora mesmo. \
        Se receia fazer mal a si próprio, ligue 112 em Portugal ou 192 no Brasil. No Brasil, o CVV atende a \
        qualquer hora no 188; para outros países, veja findahelpline.com. Vou também chamar uma pessoa da nossa \
        equipa.",
    danger: "Se alguém está em perigo neste momento, saia do local se puder e ligue já 112 em Portugal ou 190 no \
        Brasil. Vou chamar uma pessoa da nossa equipa com a máxima prioridade.",
};
