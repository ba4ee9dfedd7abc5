//! Signs and the Latin letters that they look like (after Unicode TR 39, the ones that attacks are written with).

/// Han characters and kana are words of their own: these languages put no spaces.
pub(super) fn written_whole(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// The letter in a sign that shows one: regional indicators, squared and small capital letters.
pub(super) fn drawn_letter(c: char) -> Option<char> {
    let nth = |first: u32| {
        u8::try_from(u32::from(c) - first)
            .ok()
            .map(|n| char::from(b'a' + n))
    };
    match c {
        '\u{1F1E6}'..='\u{1F1FF}' => nth(0x1F1E6),
        '\u{1F150}'..='\u{1F169}' => nth(0x1F150),
        '\u{1F170}'..='\u{1F189}' => nth(0x1F170),
        _ => {
            let at = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ".chars().position(|small| small == c)?;
            "abcdefghijklmnoprstuvwyz".chars().nth(at)
        }
    }
}

/// Latin letters that no decomposition reduces to those from a to z, as they are written without them.
pub(super) fn folded(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'ı' => "i",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ø' | 'Ø' => "o",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

/// The Latin letter that a digit, sign or letter of another alphabet looks like.
pub(super) fn likeness(c: char) -> char {
    match c {
        'а' | 'α' | '4' | '@' => 'a',
        'в' | 'β' | '8' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' | '3' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ι' | '1' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'η' => 'n',
        'о' | 'ο' | '0' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' | '5' | '$' => 's',
        'т' | 'τ' | '7' => 't',
        'υ' => 'u',
        'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        other => other,
    }
}
