//! The sentence with which a reply begins where the customer's mood asks for one. It claims nothing, and blames nobody.

/// Opening sentences, in one language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mood {
    pub(super) language: &'static str,
    /// An apology, for what weighs on the customer.
    pub(crate) sorry: &'static str,
    /// An apology, for what goes on weighing on the customer.
    pub(crate) still: &'static str,
    /// Sympathy.
    pub(crate) sad: &'static str,
    /// The customer is afraid.
    pub(crate) worry: &'static str,
    /// The customer is confused.
    pub(crate) unclear: &'static str,
    /// The customer is glad.
    pub(crate) glad: &'static str,
}

impl Mood {
    /// In this language; in English where there is none.
    pub(crate) fn of(language: &str) -> &'static Self {
        let known = ALL.iter().find(|known| known.language == language);
        known.unwrap_or(&ALL[0])
    }
}

pub(super) static ALL: [Mood; 16] = [
    Mood {
        language: "en",
        sorry: "I am sorry for the trouble this has caused you.",
        still: "I am sorry that this is still not settled.",
        sad: "I am sorry to hear that.",
        worry: "I understand that this is worrying.",
        unclear: "Let me put it plainly.",
        glad: "Glad to help.",
    },
    Mood {
        language: "ar",
        sorry: "أعتذر عن الإزعاج الذي سبّبه لك هذا الأمر.",
        still: "أعتذر لأن هذا الأمر لم يُحلّ بعد.",
        sad: "يؤسفني سماع ذلك.",
        worry: "أتفهّم أن هذا مقلق.",
        unclear: "دعني أوضّح الأمر ببساطة.",
        glad: "يسعدني أن أساعدك.",
    },
    Mood {
        language: "de",
        sorry: "Es tut mir leid, dass Sie damit Ärger hatten.",
        still: "Es tut mir leid, dass das noch immer nicht erledigt ist.",
        sad: "Das tut mir leid.",
        worry: "Ich verstehe, dass Ihnen das Sorgen macht.",
        unclear: "Ich erkläre es Ihnen einfach.",
        glad: "Das mache ich gern.",
    },
    Mood {
        language: "es",
        sorry: "Siento las molestias que esto le ha causado.",
        still: "Siento que esto siga sin resolverse.",
        sad: "Siento mucho oír eso.",
        worry: "Entiendo que esto le preocupe.",
        unclear: "Se lo explico de forma sencilla.",
        glad: "Le ayudo con mucho gusto.",
    },
    Mood {
        language: "fr",
        sorry: "Je suis désolé des désagréments que cela vous a causés.",
        still: "Je suis désolé que cela ne soit toujours pas réglé.",
        sad: "Je suis désolé de l'apprendre.",
        worry: "Je comprends que cela vous inquiète.",
        unclear: "Voici une explication simple.",
        glad: "Je vous aide avec plaisir.",
    },
    Mood {
        language: "hi",
        sorry: "इससे आपको जो परेशानी हुई उसके लिए मुझे खेद है।",
        still: "मुझे खेद है कि यह अब तक हल नहीं हुआ है।",
        sad: "यह सुनकर मुझे दुख हुआ।",
        worry: "मैं समझता हूँ कि यह चिंता की बात है।",
        unclear: "मैं इसे सरल शब्दों में बताता हूँ।",
        glad: "मदद करके खुशी होगी।",
    },
    Mood {
        language: "it",
        sorry: "Mi dispiace per il disagio che questo Le ha causato.",
        still: "Mi dispiace che la questione non sia ancora risolta.",
        sad: "Mi dispiace molto.",
        worry: "Capisco che questo La preoccupi.",
        unclear: "Glielo spiego in modo semplice.",
        glad: "La aiuto volentieri.",
    },
    Mood {
        language: "ja",
        sorry: "ご不便をおかけして申し訳ございません。",
        still: "まだ解決しておらず、申し訳ございません。",
        sad: "それは大変でしたね。",
        worry: "ご心配のことと存じます。",
        unclear: "わかりやすくご説明します。",
        glad: "喜んでお手伝いします。",
    },
    Mood {
        language: "ko",
        sorry: "이 일로 불편을 드려 죄송합니다.",
        still: "아직 해결되지 않아 죄송합니다.",
        sad: "그런 일이 있으셨다니 안타깝습니다.",
        worry: "걱정되시는 마음을 이해합니다.",
        unclear: "쉽게 설명해 드리겠습니다.",
        glad: "기꺼이 도와드리겠습니다.",
    },
    Mood {
        language: "nl",
        sorry: "Het spijt me dat u hier last van heeft gehad.",
        still: "Het spijt me dat dit nog steeds niet is opgelost.",
        sad: "Wat vervelend om te horen.",
        worry: "Ik begrijp dat u zich hier zorgen over maakt.",
        unclear: "Ik leg het eenvoudig uit.",
        glad: "Ik help u graag.",
    },
    Mood {
        language: "pt",
        sorry: "Lamento o incómodo que isto lhe causou.",
        still: "Lamento que isto ainda não esteja resolvido.",
        sad: "Lamento saber disso.",
        worry: "Compreendo que isto seja preocupante.",
        unclear: "Explico de forma simples.",
        glad: "Ajudo com todo o gosto.",
    },
    Mood {
        language: "ru",
        sorry: "Мне жаль, что это доставило вам неудобства.",
        still: "Мне жаль, что этот вопрос всё ещё не решён.",
        sad: "Мне очень жаль это слышать.",
        worry: "Я понимаю, что это вызывает беспокойство.",
        unclear: "Объясню простыми словами.",
        glad: "Буду рад помочь.",
    },
    Mood {
        language: "sv",
        sorry: "Jag är ledsen för besväret som det här har orsakat dig.",
        still: "Jag är ledsen att det här fortfarande inte är löst.",
        sad: "Det var tråkigt att höra.",
        worry: "Jag förstår att det här är oroande.",
        unclear: "Jag förklarar det enkelt.",
        glad: "Jag hjälper dig gärna.",
    },
    Mood {
        language: "tr",
        sorry: "Bunun size yaşattığı sıkıntı için üzgünüm.",
        still: "Bu konu hâlâ çözülmediği için üzgünüm.",
        sad: "Bunu duyduğuma üzüldüm.",
        worry: "Bunun endişe verici olduğunu anlıyorum.",
        unclear: "Bunu sade bir şekilde anlatayım.",
        glad: "Memnuniyetle yardımcı olurum.",
    },
    Mood {
        language: "vi",
        sorry: "Tôi rất tiếc vì sự phiền toái này.",
        still: "Tôi rất tiếc vì việc này vẫn chưa được giải quyết.",
        sad: "Tôi rất tiếc khi nghe điều đó.",
        worry: "Tôi hiểu rằng điều này thật đáng lo.",
        unclear: "Tôi xin giải thích một cách đơn giản.",
        glad: "Tôi rất vui được giúp bạn.",
    },
    Mood {
        language: "zh",
        sorry: "给您带来不便，非常抱歉。",
        still: "这件事至今仍未解决，非常抱歉。",
        sad: "听到这个消息我很难过。",
        worry: "我理解这让您担心。",
        unclear: "我来简单说明一下。",
        glad: "很乐意为您提供帮助。",
    },
];
