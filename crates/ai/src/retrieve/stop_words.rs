//! Words that say nothing about a text's subject, in the form that [`super::terms`] gives them before stemming: lower
//! case, no accents, no apostrophes.

/// The stop words of a language; none where we have no list.
pub(super) fn of_language(code: &str) -> &'static [&'static str] {
    match code {
        "en" => ENGLISH,
        "de" => GERMAN,
        "es" => SPANISH,
        "fr" => FRENCH,
        _ => &[],
    }
}

const ENGLISH: &[&str] = &[
    "a", "about", "after", "again", "all", "already", "also", "always", "am", "an", "and", "any", "anyone",
    "are", "arent", "as", "at", "be", "because", "been", "before", "being", "both", "but", "by", "can",
    "cannot", "cant", "could", "couldnt", "did", "didnt", "do", "does", "doesnt", "doing", "done", "dont",
    "each", "else", "ever", "every", "for", "from", "get", "getting", "give", "got", "had", "has", "hasnt",
    "have", "havent", "having", "he", "hello", "help", "her", "here", "hers", "hey", "hi", "him", "his",
    "how", "hows", "i", "id", "if", "ill", "im", "in", "into", "is", "isnt", "it", "its", "ive", "just",
    "know", "let", "like", "made", "make", "may", "me", "might", "mine", "must", "my", "myself", "need",
    "no", "not", "now", "of", "off", "on", "one", "only", "or", "other", "our", "ours", "out", "over", "own",
    "please", "pls", "really", "same", "shall", "she", "should", "so", "some", "still", "such", "tell",
    "than", "thank", "thanks", "that", "thats", "the", "their", "theirs", "them", "then", "there", "theres",
    "these", "they", "theyre", "this", "those", "through", "to", "too", "trying", "until", "up", "us", "use",
    "using", "very", "want", "wants", "was", "wasnt", "way", "we", "well", "were", "weve", "what", "whats",
    "when", "where", "wheres", "which", "while", "who", "whom", "whose", "why", "will", "with", "within",
    "without", "wont", "would", "wouldnt", "yes", "yet", "you", "youd", "youll", "your", "youre", "yours",
    "youve",
];

const GERMAN: &[&str] = &[
    "aber", "alle", "als", "am", "an", "auch", "auf", "aus", "bei", "bin", "bis", "bitte", "da", "damit",
    "das", "dass", "dein", "dem", "den", "der", "des", "die", "dies", "diese", "dieser", "dieses", "doch",
    "du", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "er", "es", "fur", "habe", "haben",
    "hallo", "hat", "hatte", "ich", "ihr", "ihre", "ihrem", "ihren", "im", "in", "ist", "ja", "kann", "kein",
    "keine", "konnen", "man", "mein", "meine", "meinem", "meinen", "mich", "mir", "mit", "muss", "nach",
    "nein", "nicht", "noch", "nun", "nur", "ob", "oder", "ohne", "schon", "sein", "sich", "sie", "sind",
    "so", "soll", "uber", "um", "und", "uns", "unser", "unter", "vom", "von", "vor", "wann", "war", "warum",
    "was", "wenn", "wer", "werden", "wie", "wir", "wird", "wo", "zu", "zum", "zur",
];

const SPANISH: &[&str] = &[
    "a", "al", "algo", "alguna", "alguno", "ante", "aqui", "asi", "aun", "cada", "como", "con", "cual",
    "cuando", "cuanto", "de", "del", "desde", "donde", "dos", "el", "ella", "ellos", "en", "entre", "era",
    "es", "esa", "ese", "eso", "esta", "estan", "estas", "este", "esto", "estos", "estoy", "favor", "fue",
    "gracias", "ha", "hace", "han", "hasta", "hay", "he", "hola", "la", "las", "le", "les", "lo", "los",
    "mas", "me", "mi", "mis", "muy", "nada", "ni", "no", "nos", "o", "os", "otra", "otro", "para", "pero",
    "poco", "por", "porque", "puede", "puedo", "que", "quien", "quiero", "se", "ser", "si", "sin", "sobre",
    "son", "soy", "su", "sus", "tambien", "tan", "te", "tengo", "ti", "tiene", "todo", "tu", "tus", "un",
    "una", "unas", "uno", "unos", "usted", "y", "ya", "yo",
];

const FRENCH: &[&str] = &[
    "a", "ai", "alors", "au", "aussi", "aux", "avec", "avez", "avoir", "bien", "bonjour", "c", "ca", "ce",
    "ces", "cet", "cette", "chez", "comme", "comment", "d", "dans", "de", "des", "dois", "donc", "dont",
    "du", "elle", "en", "encore", "est", "et", "etre", "eu", "fait", "il", "ils", "j", "je", "l", "la", "le",
    "les", "leur", "leurs", "lui", "m", "ma", "mais", "me", "meme", "merci", "mes", "moi", "mon", "n", "ne",
    "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "plait", "plus", "pour", "pourquoi", "puis",
    "qu", "quand", "que", "quel", "quelle", "qui", "quoi", "s", "sa", "sans", "se", "ses", "si", "sil",
    "son", "sont", "suis", "sur", "ta", "te", "tes", "toi", "ton", "tout", "tres", "tu", "un", "une", "vos",
    "votre", "vous", "y",
];
