//! Dates in sixteen languages, counted from Sunday, 22 November 2026, 23:30 in New York.

use super::dates;

fn assert_dates(rows: &[(&str, &str)]) {
    let wrong: Vec<_> = rows
        .iter()
        .map(|(text, date)| (text, date, dates(text)))
        .filter(|(_, date, found)| found != &[**date])
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn near_days_have_their_names() {
    assert_dates(&[
        ("pasado mañana", "2026-11-24"),
        ("avant-hier", "2026-11-20"),
        ("ieri", "2026-11-21"),
        ("ontem", "2026-11-21"),
        ("gisteren", "2026-11-21"),
        ("igår", "2026-11-21"),
        ("завтра", "2026-11-23"),
        ("dün", "2026-11-21"),
        ("明日", "2026-11-23"),
        ("昨天", "2026-11-21"),
        ("내일", "2026-11-23"),
        ("Übermorgen bitte", "2026-11-24"),
        ("llega mañana", "2026-11-23"),
        ("Aujourd'hui", "2026-11-22"),
        ("après-demain", "2026-11-24"),
        ("dopodomani", "2026-11-24"),
        ("depois de amanhã", "2026-11-24"),
        ("amanhã de manhã", "2026-11-23"),
        ("eergisteren", "2026-11-20"),
        ("i förrgår", "2026-11-20"),
        ("Позавчера не пришло", "2026-11-20"),
        ("öbür gün", "2026-11-24"),
        ("وصل أمس", "2026-11-21"),
        ("بعد غد", "2026-11-24"),
        ("غداً", "2026-11-23"),
        ("वह आज आया", "2026-11-22"),
        ("परसों", "2026-11-24"),
        ("hôm qua", "2026-11-21"),
        ("Ngày mai giao nhé", "2026-11-23"),
        ("我的包裹前天没到", "2026-11-20"),
        ("明後日に届きますか", "2026-11-24"),
        ("모레까지 필요해요", "2026-11-24"),
    ]);
}

#[test]
fn units_are_counted_both_ways() {
    assert_dates(&[
        ("hace tres días", "2026-11-19"),
        ("il y a 2 jours", "2026-11-20"),
        ("vor zwei Wochen", "2026-11-08"),
        ("dentro de 2 semanas", "2026-12-06"),
        ("tre giorni fa", "2026-11-19"),
        ("fra due settimane", "2026-12-06"),
        ("há 2 dias", "2026-11-20"),
        ("2 meses atrás", "2026-09-22"),
        ("3 dagen geleden", "2026-11-19"),
        ("over twee weken", "2026-12-06"),
        ("för 2 dagar sedan", "2026-11-20"),
        ("om tre veckor", "2026-12-13"),
        ("2 дня назад", "2026-11-20"),
        ("через неделю", "2026-11-29"),
        ("2 gün önce", "2026-11-20"),
        ("3 gün sonra", "2026-11-25"),
        ("منذ 3 أيام", "2026-11-19"),
        ("بعد أسبوعين", "2026-12-06"),
        ("2 दिन पहले", "2026-11-20"),
        ("3 ngày trước", "2026-11-19"),
        ("3天前", "2026-11-19"),
        ("两个月前", "2026-09-22"),
        ("2週間後", "2026-12-06"),
        ("3일 전에", "2026-11-19"),
    ]);
}

#[test]
fn weekdays_and_weeks_have_their_names() {
    assert_dates(&[
        ("el viernes que viene", "2026-11-27"),
        ("viernes pasado", "2026-11-20"),
        ("la semana pasada", "2026-W46"),
        ("lundi prochain", "2026-11-23"),
        ("la semaine prochaine", "2026-W48"),
        ("mercoledì", "2026-11-25"),
        ("na sexta-feira", "2026-11-27"),
        ("volgende week", "2026-W48"),
        ("förra veckan", "2026-W46"),
        ("в пятницу", "2026-11-27"),
        ("на прошлой неделе", "2026-W46"),
        ("gelecek hafta", "2026-W48"),
        ("يوم الجمعة", "2026-11-27"),
        ("शुक्रवार को", "2026-11-27"),
        ("thứ sáu", "2026-11-27"),
        ("tuần trước", "2026-W46"),
        ("下周五", "2026-11-27"),
        ("来週の金曜日", "2026-11-27"),
        ("다음 주", "2026-W48"),
        ("昨年", "2025"),
    ]);
}

#[test]
fn months_have_their_names() {
    assert_dates(&[
        ("2024年5月31日", "2024-05-31"),
        ("il 5 maggio", "2027-05-05"),
        ("5 de maio", "2027-05-05"),
        ("5 мая", "2027-05-05"),
        ("le 1er février 2025", "2025-02-01"),
        ("12 de marzo del 2025", "2025-03-12"),
        ("op 3 mei 2025", "2025-05-03"),
        ("den 5 maj 2025", "2025-05-05"),
        ("31 декабря 2025", "2025-12-31"),
        ("5 Ağustos 2025", "2025-08-05"),
        ("5 مايو 2025", "2025-05-05"),
        ("5 मई 2025", "2025-05-05"),
        ("ngày 5 tháng 3 năm 2025", "2025-03-05"),
        ("5月3日に届いた", "2027-05-03"),
        ("2024년 5월 31일", "2024-05-31"),
        ("２０２４年５月３１日", "2024-05-31"),
    ]);
}

#[test]
fn days_and_times_are_one() {
    assert_dates(&[
        ("mañana a las 5", "2026-11-23T05:00:00-05:00"),
        ("hier à 14h", "2026-11-21T14:00:00-05:00"),
        ("morgen früh um 8", "2026-11-23T08:00:00-05:00"),
        ("mañana a las 5 de la tarde", "2026-11-23T17:00:00-05:00"),
        ("demain à 14h30", "2026-11-23T14:30:00-05:00"),
        ("domani alle 9", "2026-11-23T09:00:00-05:00"),
        ("amanhã às 15h", "2026-11-23T15:00:00-05:00"),
        ("morgen om 17 uur", "2026-11-23T17:00:00-05:00"),
        ("imorgon kl 8", "2026-11-23T08:00:00-05:00"),
        ("завтра в 17:30", "2026-11-23T17:30:00-05:00"),
        ("yarın saat 5", "2026-11-23T05:00:00-05:00"),
        ("कल शाम 5 बजे", "2026-11-23T17:00:00-05:00"),
        ("ngày mai lúc 3 giờ chiều", "2026-11-23T15:00:00-05:00"),
        ("明天下午3点", "2026-11-23T15:00:00-05:00"),
        ("明日の午後3時半", "2026-11-23T15:30:00-05:00"),
        ("내일 오후 3시", "2026-11-23T15:00:00-05:00"),
        ("heute Abend um 8 Uhr", "2026-11-22T20:00:00-05:00"),
    ]);
}

#[test]
fn words_that_mean_other_things_are_no_dates() {
    for text in [
        "Guten Morgen",
        "por la mañana no puedo",
        "il n'est mai arrivato",
        "een goede morgen",
        "el martillo",
        "3日",
        "以前",
        "mars är röd",
        "avant 5 articles",
        "the over 2 things",
        "om 3 stycken",
        "en 2 cajas",
    ] {
        let found = dates(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
