use super::super::{Context, normalized};
use super::*;

fn amounts(text: &str) -> Vec<String> {
    normalized(find, text)
}

#[test]
fn signs_codes_and_names_count_before_and_behind() {
    assert_eq!(
        amounts("$5, 5 USD, USD 5.50, US$1,200.00, 12,50€, 3 euros, £7, 20 pounds, CHF 9, 1.234,56 EUR"),
        [
            "5 USD",
            "5 USD",
            "5.50 USD",
            "1200.00 USD",
            "12.50 EUR",
            "3 EUR",
            "7 GBP",
            "20 GBP",
            "9 CHF",
            "1234.56 EUR"
        ]
    );
}

#[test]
fn hundredths_are_amounts_of_the_whole() {
    assert_eq!(
        amounts("99 cents, 5 pence and 250 Euro cents"),
        ["0.99 USD", "0.05 GBP", "2.50 EUR"]
    );
}

#[test]
fn signs_inside_of_words_and_bare_numbers_are_no_money() {
    assert!(amounts("AB12 EUR5X, 5 eurozone, order 1234, 5 kg, INRI 5").is_empty());
}

/// Written beside the code.
#[test]
fn amounts_of_the_world_are_read() {
    for (text, amount) in [
        ("₹1,00,000.50", "100000.50 INR"),
        ("₹ 12,34,567", "1234567 INR"),
        ("$20 CAD", "20 CAD"),
        ("20$ AUD", "20 AUD"),
        ("-12,00 €", "-12.00 EUR"),
        ("Rs. 500", "500 INR"),
        ("Rs 1,250", "1250 INR"),
        ("₩50,000", "50000 KRW"),
        ("₺99,90", "99.90 TRY"),
        ("150 TL", "150 TRY"),
        ("1 500 ₽", "1500 RUB"),
        ("300 руб.", "300 RUB"),
        ("฿250", "250 THB"),
        ("₪80", "80 ILS"),
        ("499 kr", "499 SEK"),
        ("Rp 150.000", "150000 IDR"),
        ("100元", "100 CNY"),
        ("3000円です", "3000 JPY"),
        ("AED 75", "75 AED"),
        ("S$12.90", "12.90 SGD"),
        ("NZ$45", "45 NZD"),
        ("HK$ 300", "300 HKD"),
        ("MX$250", "250 MXN"),
        ("NT$1,200", "1200 TWD"),
        ("USD$5", "5 USD"),
        ("10k USD", "10000 USD"),
        ("$1.5M", "1500000 USD"),
        ("£12.5k", "12500 GBP"),
        ("1.5 million dollars", "1500000 USD"),
        ("twenty dollars", "20 USD"),
    ] {
        assert_eq!(amounts(text), [amount], "{text}");
        let within = format!("I paid {text} for it");
        assert_eq!(amounts(&within), [amount], "{within}");
    }
}

/// Written after the code.
#[test]
fn other_amounts_of_the_world_are_read_too() {
    for (text, amount) in [
        ("₹2,50,000", "250000 INR"),
        ("a refund of −3.50 USD", "-3.50 USD"),
        ("-$5", "-5 USD"),
        ("$-5.20", "-5.20 USD"),
        ("between 5-10 €", "10 EUR"),
        ("49,- €", "49 EUR"),
        ("CHF 12.–", "12 CHF"),
        ("2 Mio. Euro", "2000000 EUR"),
        ("3 lakh rupees", "300000 INR"),
        ("two hundred and fifty euros", "250 EUR"),
        ("ninety-nine pence", "0.99 GBP"),
        ("US$ 3 million", "3000000 USD"),
        ("5万円", "50000 JPY"),
        ("￥１２００", "1200 JPY"),
        ("٥٠ درهم", "50 AED"),
        ("A$20 in cash", "20 AUD"),
        ("20 pesos", "20 MXN"),
        ("1.250,00 Kč", "1250.00 CZK"),
        ("100 TRY", "100 TRY"),
        ("5\u{a0}000\u{a0}€", "5000 EUR"),
        ("0.5k EUR", "500 EUR"),
    ] {
        assert_eq!(amounts(text), [amount], "{text}");
    }
    assert_eq!(amounts("EUR 5 USD 6"), ["5 EUR", "6 USD"]);
    assert_eq!(amounts("$5 or 6 USD"), ["5 USD", "6 USD"]);
}

#[test]
fn a_crown_is_that_of_the_writers_country() {
    let context = Context {
        time_zone: Some("Europe/Copenhagen"),
        ..Context::default()
    };
    let found = find(&Message::new("299 kr", context));
    assert_eq!(found[0].normalized, "299 DKK");
}

#[test]
fn numbers_that_go_on_and_words_that_are_codes_are_no_money() {
    for text in [
        "$12.34567",
        "$1,2,3",
        "1.2.3 €",
        "try 5 times",
        "PHP 8.1.2",
        "Ron 5 and cop 7",
        "5 krakens",
        "rs5x",
        "I won 5 prizes",
        "version 2.5k usdx",
        "a dollar store",
        "one of the dollars",
    ] {
        let found = amounts(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
