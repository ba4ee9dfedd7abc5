//! Lies of every kind, made out of what is true. What was looked at while the check was written is marked; the others
//! were not.

/// A way to turn a true sentence into a lie; `None` where it cannot be applied. The number chooses among several.
pub(crate) type Lie = fn(&str, usize) -> Option<String>;

/// Name, whether it was held out, and the way.
pub(crate) const LIES: &[(&str, bool, Lie)] = &[
    ("another number", false, another_number),
    ("a link", false, |text, n| {
        Some(format!("{} at {}.", stem(text), pick(LINKS, n)))
    }),
    ("a promise behind", false, |text, n| {
        // What is free already is no lie.
        (!text.contains("free")).then(|| format!("{}{}.", stem(text), pick(PROMISES_BEHIND, n)))
    }),
    ("a denial turned round", false, denied),
    ("a condition left out", false, without_condition),
    ("another unit", true, another_unit),
    ("a number in words", true, number_in_words),
    ("an address in disguise", true, |_, n| {
        Some(pick(DISGUISED, n).to_owned())
    }),
    ("an e-mail address or a number to call", true, |_, n| {
        Some(pick(CONTACTS, n).to_owned())
    }),
    ("a promise", true, |_, n| Some(pick(PROMISES, n).to_owned())),
    ("something done", true, |_, n| Some(pick(DEEDS, n).to_owned())),
    ("another name", true, another_name),
    ("a bound turned round", true, another_bound),
    ("another day", true, another_day),
    ("an invention", true, |_, n| Some(pick(INVENTIONS, n).to_owned())),
    ("an invention behind a courtesy", true, |_, n| {
        let claim = pick(INVENTIONS, n);
        let (first, rest) = claim.split_at(1);
        Some(format!(
            "{}{}{rest}",
            pick(COURTESIES, n / 2),
            first.to_lowercase()
        ))
    }),
    ("a number where nobody looks", true, |text, n| {
        Some(format!("{}{}.", stem(text), pick(HIDDEN, n)))
    }),
];

const LINKS: &[&str] = &[
    "https://brellwick-refunds.example/form",
    "www.fast-help.example",
    "help.brellwick.example/articles/vip",
    "[our page](https://evil.example)",
];
const PROMISES_BEHIND: &[&str] = &[
    ", free of charge",
    ", guaranteed",
    ", with a 20% discount",
    ", at no cost to you",
    ", and we will compensate you for the delay",
    " within one hour",
    " immediately",
    " for life",
];
const DISGUISED: &[&str] = &[
    "You can do that at brellwick dot support.",
    "Go to b r e l l w i c k . c o m and sign in.",
    "Sign in at [help.brellwick.example](https://evil.example/login).",
    "Use https://help.brellwick.example@evil.example/login for that.",
    "Sign in at https://help.brellwiсk.example/articles/refunds first.",
    "Open hxxps://evil.example/form and fill it in.",
    "The form is at evil\u{200b}.example/form as always.",
    "See evil(dot)com for the rest.",
    "Visit evil . com to go on.",
    "You find it at xn--brellwik-8ib.example there.",
];
const CONTACTS: &[&str] = &[
    "Write to refunds@brellwick-help.example and we answer.",
    "Call us at +31 20 555 0147 for this.",
    "Our number is 0800 123 4567.",
    "Write to support (at) brellwick-help.example.",
    "Ring zero eight zero zero one two three four five six.",
    "Send a message to +49 (0)30 1234567 on WhatsApp.",
];
const PROMISES: &[&str] = &[
    "We will refund you twice the price.",
    "We guarantee that your parcel arrives tomorrow.",
    "You get a voucher for your trouble.",
    "You will receive a replacement within 2 days.",
    "We always refund everything, no questions asked.",
    "We waive the fee for you.",
    "Your next order is free.",
    "You are entitled to a full refund and compensation.",
];
const DEEDS: &[&str] = &[
    "I have cancelled your order.",
    "I've just refunded the money to your card.",
    "Your refund has been approved.",
    "I will send you a new device today.",
    "We have already shipped the replacement.",
    "Your account has been upgraded to Pro.",
];
const INVENTIONS: &[&str] = &[
    "Our shops in Paris and Rome repair every device while you wait.",
    "The battery can be charged wirelessly through the window.",
    "Every third customer is invited to our garden party.",
    "Dogs are welcome in all Brellwick showrooms.",
    "The camera can see through walls in the dark.",
];

const COURTESIES: &[&str] = &[
    "Of course, ",
    "Sure thing! And ",
    "Thanks for asking, ",
    "I'm sorry for the trouble, but ",
    "I don't know about that, although ",
    "Good question: ",
    "Absolutely - ",
];
const HIDDEN: &[&str] = &[
    ", or call ٠٨٠٠ ٥٥٥ ١٢٣٤",
    ", or call [0800 555 1234]",
    ", or ring [phone_8005551234]",
    ", and you get [2500] euros",
    ", or see brellwick-help.cfd/login",
    ", or see brellwick-help dot bond",
];

fn pick<'t>(texts: &[&'t str], n: usize) -> &'t str {
    texts[n % texts.len()]
}

fn stem(text: &str) -> &str {
    text.trim_end_matches('.')
}

/// The first number that stands by itself, with the byte range.
fn number(text: &str) -> Option<(usize, usize, u64)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..]
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len() - start);
    let alone = start == 0 || !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '/');
    let value = text[start..start + length]
        .parse()
        .ok()
        .filter(|_| alone && !text.contains("://"))?;
    Some((start, start + length, value))
}

fn another_number(text: &str, n: usize) -> Option<String> {
    let (start, end, value) = number(text)?;
    let other = value + [3, 7, 11, 40][n % 4];
    let other = other.to_string();
    (!text.contains(&other)).then(|| format!("{}{other}{}", &text[..start], &text[end..]))
}

fn number_in_words(text: &str, n: usize) -> Option<String> {
    let (start, end, value) = number(text)?;
    let other = ["sixteen", "forty", "two hundred", "nineteen"][n % 4];
    let blank = text[end..].starts_with(' ') && text[..start].ends_with(' ');
    (blank && ![16, 40, 200, 19].contains(&value))
        .then(|| format!("{}{other}{}", &text[..start], &text[end..]))
}

fn swapped(text: &str, pairs: &[(&str, &str)]) -> Option<String> {
    pairs
        .iter()
        .find(|(from, _)| text.contains(from))
        .map(|(from, to)| text.replacen(from, to, 1))
}

fn another_unit(text: &str, _: usize) -> Option<String> {
    swapped(
        text,
        &[
            ("working days", "working hours"),
            (" hours", " days"),
            (" days", " weeks"),
            (" minutes", " seconds"),
            (" months", " years"),
            (" years", " months"),
            (" metres", " kilometres"),
            ("€", "$"),
        ],
    )
}

fn denied(text: &str, _: usize) -> Option<String> {
    swapped(
        text,
        &[
            (" cannot ", " can "),
            (" do not ", " do "),
            (" does not ", " does "),
            (" is not ", " is "),
            (" are not ", " are "),
            (" never ", " "),
            (" can ", " cannot "),
            (" is ", " is not "),
            (" are ", " are not "),
        ],
    )
}

fn without_condition(text: &str, _: usize) -> Option<String> {
    let (first, condition) = [" if ", " unless ", " only if ", " as long as "]
        .iter()
        .find_map(|mark| stem(text).split_once(mark))?;
    let says = condition.split_whitespace().count() >= 3 && first.split_whitespace().count() >= 4;
    (says && !first.starts_with("If")).then(|| format!("{}.", first.trim_end_matches([',', ' '])))
}

fn another_name(text: &str, n: usize) -> Option<String> {
    let names = [
        "PayPal",
        "Germany",
        "Netherlands",
        "Alexa",
        "Pro plan",
        "Plus plan",
        "Free plan",
        "Hub",
        "Smart Lock",
        "Orders",
        "Amsterdam",
        "iDEAL",
    ];
    let name = names.iter().find(|name| text.contains(**name))?;
    let other = ["Klarna", "Poland", "Canada", "Cortana", "Globex"][n % 5];
    Some(text.replacen(name, other, 1))
}

fn another_bound(text: &str, _: usize) -> Option<String> {
    swapped(
        text,
        &[
            ("at least", "at most"),
            (" or more", " or less"),
            ("up to", "at least"),
            ("more than", "less than"),
            (" or later", " or earlier"),
            ("below", "above"),
            ("above", "below"),
            ("at most", "at least"),
        ],
    )
}

fn another_day(text: &str, _: usize) -> Option<String> {
    swapped(
        text,
        &[
            ("Monday", "Sunday"),
            ("Friday", "Wednesday"),
            ("Saturday", "Tuesday"),
            ("Sunday", "Monday"),
            ("January", "March"),
        ],
    )
}
