//! Each language's most common words, and those that customers write alone.

/// Words by ISO 639-1 code, in lower case.
pub(super) const COMMON_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "a", "about", "account", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "can't",
            "card", "could", "did", "do", "does", "doesn't", "don't", "for", "from", "get", "good", "had", "has", "have",
            "hello", "help", "hey", "hi", "how", "i", "i'm", "if", "in", "is", "it", "morning", "much", "my", "need", "not",
            "of", "okay", "on", "or", "order", "our", "please", "refund", "should", "so", "sorry", "that", "thank", "thanks",
            "the", "there", "this", "to", "want", "was", "we", "were", "what", "what's", "when", "where", "which", "who",
            "why", "will", "with", "would", "yes", "you", "your",
        ],
    ),
    (
        "de",
        &[
            "aber", "als", "am", "an", "auch", "auf", "aus", "bei", "bestellung", "bin", "bitte", "danke", "das", "dass", "dem",
            "den", "der", "des", "die", "ein", "eine", "einen", "einer", "er", "es", "für", "guten", "habe", "haben", "hallo",
            "hat", "ich", "im", "ist", "ja", "kann", "kein", "keine", "können", "man", "mein", "meine", "meinen", "mich",
            "mir", "mit", "nach", "nein", "nicht", "noch", "oder", "sich", "sie", "sind", "sowie", "tag", "und", "von", "vom",
            "wann", "war", "warum", "was", "welche", "wenn", "wer", "werden", "wie", "wir", "wird", "wo", "wurde", "zu", "zum",
            "zur", "über",
        ],
    ),
    (
        "es",
        &[
            "al", "como", "con", "cual", "cuando", "cuenta", "cuál", "cuándo", "cuánto", "cómo", "de", "del", "donde", "dónde",
            "el", "en", "era", "es", "esta", "este", "esto", "está", "estoy", "favor", "fue", "gracias", "ha", "hay", "hola",
            "la", "las", "le", "lo", "los", "me", "mi", "mis", "muy", "más", "necesito", "no", "o", "para", "pedido", "pero",
            "por", "puedo", "que", "quiero", "quién", "qué", "se", "ser", "si", "sin", "sobre", "son", "su", "sus", "sí",
            "también", "tengo", "una", "un", "y", "ya", "yo",
        ],
    ),
    (
        "fr",
        &[
            "ai", "au", "aux", "avec", "avez", "bonjour", "c'est", "ce", "ces", "cette", "comment", "commande", "compte", "dans",
            "de", "des", "du", "elle", "en", "est", "et", "il", "j'ai", "je", "la", "le", "les", "leur", "ma", "mais", "merci",
            "mes", "mon", "ne", "non", "nous", "on", "ont", "ou", "oui", "où", "par", "pas", "plus", "pour", "pouvez", "puis",
            "quand", "que", "quel", "quelle", "qui", "s'il", "sont", "suis", "sur", "un", "une", "veux", "votre", "vous", "à",
            "été",
        ],
    ),
    (
        "it",
        &[
            "al", "alla", "buongiorno", "che", "chi", "ciao", "come", "con", "conto", "cosa", "da", "dal", "dei", "del",
            "della", "di", "dove", "e", "gli", "grazie", "ha", "ho", "i", "il", "in", "io", "la", "le", "lo", "ma", "mi", "mia",
            "mio", "nel", "nella", "non", "o", "ordine", "per", "perché", "più", "posso", "prego", "quando", "quanto", "questa",
            "questo", "sei", "si", "sono", "su", "sì", "un", "una", "uno", "vorrei", "è",
        ],
    ),
    (
        "nl",
        &[
            "aan", "als", "bestelling", "bij", "dag", "dank", "dat", "de", "die", "dit", "door", "een", "en", "er", "geen", "goed",
            "hallo", "heb", "hebben", "heeft", "het", "hoe", "hoi", "ik", "in", "is", "ja", "je", "kan", "maar", "me", "met", "mij",
            "mijn", "naar", "nee", "niet", "nog", "of", "om", "ook", "op", "over", "te", "tot", "u", "uit", "van", "voor", "waar",
            "waarom", "wanneer", "was", "wat", "we", "wel", "wie", "wij", "wil", "zijn", "zo",
        ],
    ),
    (
        "pt",
        &[
            "a", "ao", "as", "bom", "com", "como", "conta", "da", "das", "de", "dia", "do", "dos", "e", "ele", "em", "essa", "está",
            "estou", "eu", "foi", "fazer", "isso", "mais", "mas", "me", "meu", "meus", "minha", "muito", "na", "no", "não", "o",
            "obrigada", "obrigado", "olá", "onde", "os", "ou", "para", "pedido", "pelo", "pela", "por", "posso", "preciso", "quando",
            "quanto", "que", "quero", "se", "sem", "seu", "sim", "sua", "são", "também", "tenho", "um", "uma", "você", "à", "é",
        ],
    ),
    (
        "sv",
        &[
            "alla", "att", "av", "beställning", "de", "den", "det", "du", "eller", "en", "ett", "från", "för", "hade", "han", "har",
            "hej", "hur", "i", "inte", "ja", "jag", "kan", "kommer", "man", "med", "men", "min", "mina", "mitt", "mot", "nej", "ni",
            "när", "och", "om", "på", "så", "som", "tack", "till", "under", "upp", "var", "varför", "vad", "vi", "vill", "är",
        ],
    ),
    (
        "tr",
        &[
            "ama", "ben", "benim", "bir", "bu", "çok", "da", "daha", "de", "değil", "evet", "gibi", "hayır", "hesap", "için", "ile",
            "istiyorum", "kadar", "lütfen", "merhaba", "mı", "mi", "nasıl", "ne", "neden", "nerede", "olan", "olarak", "sipariş",
            "siparişim", "şu", "teşekkürler", "var", "ve", "veya", "ya", "yok",
        ],
    ),
];
