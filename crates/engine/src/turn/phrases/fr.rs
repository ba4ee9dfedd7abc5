//! French.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "fr",
    unknown: "Je n'ai pas d'information fiable à ce sujet et je préfère ne pas deviner. Voulez-vous que je fasse \
        intervenir une personne de notre équipe ?",
    handed_over: "Bien sûr. Je transmets cette conversation à une personne de notre équipe ; elle verra tout ce que vous \
        avez écrit ici et vous répondra dès que possible.",
    refused: "Je ne peux pas vous aider pour cette demande : je réponds aux questions sur nos produits et services, et \
        ma façon de travailler ne change pas. Puis-je faire autre chose pour vous ? Si vous préférez parler à \
        une personne de notre équipe, dites-le-moi.",
    self_harm: "Je suis vraiment désolé de ce que vous traversez. Vous n'êtes pas seul : des personnes peuvent vous \
        aider dès maintenant. Si vous risquez de vous faire du mal, appelez le 112 (le 911 au Canada). En \
        France, le 3114 répond gratuitement à toute heure ; pour les autres pays, voyez findahelpline.com. Je \
        préviens aussi une personne de notre équipe.",
    danger: "Si quelqu'un est en danger en ce moment, quittez les lieux si vous le pouvez et appelez tout de suite le \
        112 (le 911 au Canada). Je préviens une personne de notre équipe avec la plus haute priorité.",
};
