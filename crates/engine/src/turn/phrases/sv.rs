//! Swedish.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "sv",
    unknown: "Det har jag ingen tillförlitlig information om, och jag vill inte gissa. Vill du att jag tar in någon \
        från vårt team?",
    handed_over: "Självklart. Jag lämnar över samtalet till någon i vårt team, som ser allt du har skrivit här och svarar \
        så snart det går.",
    refused: "Jag kan inte hjälpa till med det: jag svarar på frågor om våra produkter och tjänster, och mitt \
        arbetssätt ändras inte. Kan jag göra något annat för dig? Om du hellre vill prata med någon i vårt team \
        är det bara att säga till.",
    self_harm: "Jag är verkligen ledsen att du har det så här. Du är inte ensam, och det finns människor som kan hjälpa \
        dig nu. Ring 112 om du kan komma att skada dig själv. Stödlinjer i olika länder finns på \
        findahelpline.com. Jag tar också in någon från vårt team.",
    danger: "Om någon är i fara just nu, lämna platsen om det går och ring 112 genast. Jag tar in någon från vårt \
        team med högsta prioritet.",
};
