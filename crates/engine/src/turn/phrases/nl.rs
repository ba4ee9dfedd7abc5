//! Dutch.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "nl",
    unknown: "Daar heb ik geen betrouwbare informatie over, en ik wil niet gokken. Zal ik er iemand van ons team bij \
        halen?",
    handed_over: "Natuurlijk. Ik draag dit gesprek over aan iemand van ons team. Die ziet alles wat u hier hebt geschreven \
        en antwoordt zo snel mogelijk.",
    refused: "Met dat verzoek kan ik niet helpen: ik beantwoord vragen over onze producten en diensten, en mijn manier \
        van werken verandert niet. Kan ik iets anders voor u doen? Als u liever met iemand van ons team spreekt, \
        zegt u het maar.",
    self_harm: "Wat erg dat u dit doormaakt. U staat er niet alleen voor: er zijn mensen die u nu kunnen helpen. Bel 112 \
        als u uzelf iets zou kunnen aandoen. In Nederland kunt u op elk moment gratis bellen met 113; nummers \
        voor andere landen staan op findahelpline.com. Ik haal er ook iemand van ons team bij.",
    danger: "Als er nu iemand in gevaar is, ga dan weg van die plek als dat kan en bel meteen 112. Ik haal er met de \
        hoogste prioriteit iemand van ons team bij.",
};
