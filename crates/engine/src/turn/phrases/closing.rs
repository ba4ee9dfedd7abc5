//! How a talk ends: that the customer's matter is settled, the way back to a question that was left open, and a word to who
//! has gone silent.

/// What is said towards the end, in one language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(super) language: &'static str,
    /// The matter is settled.
    pub(crate) settled: &'static str,
    /// An earlier question was left open.
    pub(crate) open: &'static str,
    /// The customer has gone silent.
    pub(crate) silent: &'static str,
}

impl Closing {
    /// In this language; in English where there is none.
    pub(crate) fn of(language: &str) -> &'static Self {
        let known = ALL.iter().find(|closing| closing.language == language);
        known.unwrap_or(&ALL[0])
    }
}

pub(super) static ALL: [Closing; 16] = [
    Closing {
        language: "en",
        settled: "Glad to hear that. If anything else comes up, just write here.",
        open: "Shall we go back to your earlier question?",
        silent: "Are you still there? If something is still open, just write here; otherwise there is nothing you need to do.",
    },
    Closing {
        language: "ar",
        settled: "يسعدني سماع ذلك. إذا احتجت إلى أي شيء آخر فاكتب لنا هنا.",
        open: "هل نعود إلى سؤالك السابق؟",
        silent: "هل ما زلت هنا؟ إذا بقي أي سؤال فاكتب لنا هنا، وإلا فلا حاجة إلى أن تفعل أي شيء.",
    },
    Closing {
        language: "de",
        settled: "Das freut mich. Wenn noch etwas ist, schreiben Sie einfach hier.",
        open: "Wollen wir zu Ihrer früheren Frage zurückkehren?",
        silent: "Sind Sie noch da? Wenn noch etwas offen ist, schreiben Sie einfach hier; sonst müssen Sie nichts weiter tun.",
    },
    Closing {
        language: "es",
        settled: "Me alegro de saberlo. Si necesita algo más, escriba aquí.",
        open: "¿Volvemos a su pregunta anterior?",
        silent: "¿Sigue ahí? Si aún queda algo pendiente, escriba aquí; si no, no tiene que hacer nada más.",
    },
    Closing {
        language: "fr",
        settled: "Je suis ravi de l'apprendre. Si vous avez besoin d'autre chose, écrivez ici.",
        open: "Souhaitez-vous revenir à votre question précédente ?",
        silent: "Êtes-vous toujours là ? S'il reste une question, écrivez ici ; sinon, vous n'avez rien d'autre à faire.",
    },
    Closing {
        language: "hi",
        settled: "यह जानकर खुशी हुई। अगर आपको कुछ और चाहिए तो यहीं लिखें।",
        open: "क्या हम आपके पिछले सवाल पर वापस चलें?",
        silent: "क्या आप अभी भी यहाँ हैं? अगर कोई सवाल बाकी है तो यहीं लिखें; नहीं तो आपको कुछ करने की ज़रूरत नहीं है।",
    },
    Closing {
        language: "it",
        settled: "Mi fa piacere. Se le serve altro, scriva pure qui.",
        open: "Vogliamo tornare alla sua domanda precedente?",
        silent: "È ancora lì? Se c'è ancora qualcosa da chiarire, scriva qui; altrimenti non deve fare altro.",
    },
    Closing {
        language: "ja",
        settled: "解決してよかったです。ほかにご質問がありましたら、こちらにお書きください。",
        open: "先ほどのご質問に戻りましょうか？",
        silent: "まだご覧になっていますか？ご不明な点があれば、こちらにお書きください。なければ、何もしていただく必要はありません。",
    },
    Closing {
        language: "ko",
        settled: "다행입니다. 더 필요한 것이 있으면 여기에 적어 주세요.",
        open: "이전 질문으로 돌아갈까요?",
        silent: "아직 계신가요? 궁금한 점이 남아 있으면 여기에 적어 주세요. 없으면 따로 하실 일은 없습니다.",
    },
    Closing {
        language: "nl",
        settled: "Fijn om te horen. Als er nog iets is, schrijf het dan gerust hier.",
        open: "Zullen we teruggaan naar uw eerdere vraag?",
        silent: "Bent u er nog? Als er nog iets openstaat, schrijf het dan hier; anders hoeft u niets meer te doen.",
    },
    Closing {
        language: "pt",
        settled: "Fico feliz em saber. Se precisar de mais alguma coisa, escreva aqui.",
        open: "Vamos voltar à sua pergunta anterior?",
        silent: "Você ainda está aí? Se ainda houver alguma dúvida, escreva aqui; caso contrário, não precisa fazer mais nada.",
    },
    Closing {
        language: "ru",
        settled: "Рад это слышать. Если понадобится что-то ещё, просто напишите сюда.",
        open: "Вернёмся к вашему предыдущему вопросу?",
        silent: "Вы ещё здесь? Если остались вопросы, просто напишите сюда; если нет, больше ничего делать не нужно.",
    },
    Closing {
        language: "sv",
        settled: "Vad bra att höra. Om det är något mer är det bara att skriva här.",
        open: "Ska vi gå tillbaka till din tidigare fråga?",
        silent: "Är du kvar? Om något fortfarande är oklart kan du skriva här; annars behöver du inte göra något mer.",
    },
    Closing {
        language: "tr",
        settled: "Bunu duyduğuma sevindim. Başka bir şey olursa buraya yazmanız yeterli.",
        open: "Önceki sorunuza geri dönelim mi?",
        silent: "Hâlâ orada mısınız? Açık kalan bir şey varsa buraya yazın; yoksa başka bir şey yapmanıza gerek yok.",
    },
    Closing {
        language: "vi",
        settled: "Tôi rất vui khi biết điều đó. Nếu bạn cần gì thêm, hãy viết ở đây.",
        open: "Chúng ta quay lại câu hỏi trước của bạn nhé?",
        silent: "Bạn vẫn còn ở đó chứ? Nếu còn điều gì chưa rõ, hãy viết ở đây; nếu không, bạn không cần làm gì thêm.",
    },
    Closing {
        language: "zh",
        settled: "很高兴听到这个消息。如果还有其他问题，请直接在这里留言。",
        open: "我们回到您之前的问题，好吗？",
        silent: "您还在吗？如果还有问题，请直接在这里留言；如果没有，您不需要再做任何事。",
    },
];
