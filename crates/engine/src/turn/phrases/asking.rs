//! How the agent asks back, and what it says of itself before it speaks for the first time.

/// What is asked, in one language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(super) language: &'static str,
    /// Before a list of what the customer may mean.
    pub(crate) which: &'static str,
    /// The message says too little.
    pub(crate) more: &'static str,
    /// Before a question that was not answered though others of the message were.
    pub(crate) left_open: &'static str,
    /// Before an answer that the sources have in another language alone.
    pub(crate) elsewhere: &'static str,
    /// That no person writes.
    pub(crate) note: &'static str,
}

impl Asking {
    /// In this language; in English where there is none.
    pub(crate) fn of(language: &str) -> &'static Self {
        let known = ALL.iter().find(|known| known.language == language);
        known.unwrap_or(&ALL[0])
    }

    /// Whether a text begins with the note that no person writes, in any language.
    pub(crate) fn is_noted_in(text: &str) -> bool {
        ALL.iter().any(|known| text.starts_with(known.note))
    }
}

pub(super) static ALL: [Asking; 16] = [
    Asking {
        language: "en",
        which: "Which of these do you mean?",
        more: "Could you tell me a little more about what you need?",
        left_open: "To this part I have found no answer:",
        elsewhere: "I have found this in another language only:",
        note: "You are writing with an AI assistant.",
    },
    Asking {
        language: "ar",
        which: "أيّ من هذه تقصد؟",
        more: "هل يمكنك أن تخبرني بالمزيد عمّا تحتاج إليه؟",
        left_open: "لم أجد إجابة عن هذا الجزء:",
        elsewhere: "لم أجد هذا إلا بلغة أخرى:",
        note: "أنت تتحدث مع مساعد يعمل بالذكاء الاصطناعي.",
    },
    Asking {
        language: "de",
        which: "Welches davon meinen Sie?",
        more: "Können Sie mir etwas mehr dazu sagen, was Sie brauchen?",
        left_open: "Zu diesem Teil habe ich keine Antwort gefunden:",
        elsewhere: "Dazu habe ich nur einen Text in einer anderen Sprache gefunden:",
        note: "Sie schreiben mit einem KI-Assistenten.",
    },
    Asking {
        language: "es",
        which: "¿A cuál de estos temas se refiere?",
        more: "¿Podría contarme un poco más sobre lo que necesita?",
        left_open: "No he encontrado respuesta a esta parte:",
        elsewhere: "Solo he encontrado esto en otro idioma:",
        note: "Está escribiendo con un asistente de inteligencia artificial.",
    },
    Asking {
        language: "fr",
        which: "Lequel de ces sujets voulez-vous dire ?",
        more: "Pourriez-vous m'en dire un peu plus sur ce dont vous avez besoin ?",
        left_open: "Je n'ai pas trouvé de réponse à cette partie :",
        elsewhere: "Je n'ai trouvé cela que dans une autre langue :",
        note: "Vous écrivez à un assistant utilisant l'intelligence artificielle.",
    },
    Asking {
        language: "hi",
        which: "आपका मतलब इनमें से किससे है?",
        more: "क्या आप थोड़ा और बता सकते हैं कि आपको क्या चाहिए?",
        left_open: "इस भाग का उत्तर मुझे नहीं मिला:",
        elsewhere: "यह मुझे केवल दूसरी भाषा में मिला:",
        note: "आप एक एआई सहायक से बात कर रहे हैं।",
    },
    Asking {
        language: "it",
        which: "Quale di questi argomenti intende?",
        more: "Può dirmi qualcosa in più su ciò di cui ha bisogno?",
        left_open: "A questa parte non ho trovato risposta:",
        elsewhere: "L'ho trovato solo in un'altra lingua:",
        note: "Sta scrivendo a un assistente basato sull'intelligenza artificiale.",
    },
    Asking {
        language: "ja",
        which: "次のうち、どれについてのご質問でしょうか？",
        more: "ご用件をもう少し詳しく教えていただけますか？",
        left_open: "この部分については回答が見つかりませんでした：",
        elsewhere: "別の言語の情報のみ見つかりました：",
        note: "AIアシスタントがお答えしています。",
    },
    Asking {
        language: "ko",
        which: "다음 중 어떤 것을 말씀하시나요?",
        more: "무엇이 필요하신지 조금 더 말씀해 주시겠어요?",
        left_open: "이 부분에 대한 답은 찾지 못했습니다:",
        elsewhere: "다른 언어로 된 내용만 찾았습니다:",
        note: "AI 상담원이 답변하고 있습니다.",
    },
    Asking {
        language: "nl",
        which: "Welke van deze bedoelt u?",
        more: "Kunt u iets meer vertellen over wat u nodig heeft?",
        left_open: "Op dit deel heb ik geen antwoord gevonden:",
        elsewhere: "Ik heb dit alleen in een andere taal gevonden:",
        note: "U schrijft met een AI-assistent.",
    },
    Asking {
        language: "pt",
        which: "A qual destes assuntos se refere?",
        more: "Pode contar um pouco mais sobre o que precisa?",
        left_open: "Não encontrei resposta para esta parte:",
        elsewhere: "Só encontrei isto noutra língua:",
        note: "Está a escrever com um assistente de inteligência artificial.",
    },
    Asking {
        language: "ru",
        which: "Что из этого вы имеете в виду?",
        more: "Расскажите, пожалуйста, немного подробнее, что вам нужно?",
        left_open: "На эту часть я не нашёл ответа:",
        elsewhere: "Я нашёл это только на другом языке:",
        note: "Вам отвечает помощник на основе искусственного интеллекта.",
    },
    Asking {
        language: "sv",
        which: "Vilket av detta menar du?",
        more: "Kan du berätta lite mer om vad du behöver?",
        left_open: "På den här delen har jag inte hittat något svar:",
        elsewhere: "Jag har bara hittat detta på ett annat språk:",
        note: "Du skriver med en AI-assistent.",
    },
    Asking {
        language: "tr",
        which: "Bunlardan hangisini kastediyorsunuz?",
        more: "Neye ihtiyacınız olduğunu biraz daha anlatır mısınız?",
        left_open: "Bu kısma bir yanıt bulamadım:",
        elsewhere: "Bunu yalnızca başka bir dilde buldum:",
        note: "Bir yapay zekâ asistanıyla yazışıyorsunuz.",
    },
    Asking {
        language: "vi",
        which: "Bạn muốn hỏi về điều nào sau đây?",
        more: "Bạn có thể cho biết thêm một chút về điều bạn cần không?",
        left_open: "Tôi không tìm thấy câu trả lời cho phần này:",
        elsewhere: "Tôi chỉ tìm thấy nội dung này bằng ngôn ngữ khác:",
        note: "Bạn đang trò chuyện với trợ lý trí tuệ nhân tạo.",
    },
    Asking {
        language: "zh",
        which: "您指的是以下哪一项？",
        more: "能否再说明一下您需要什么？",
        left_open: "这一部分我没有找到答案：",
        elsewhere: "我只找到了其他语言的内容：",
        note: "您正在与人工智能助手对话。",
    },
];
