//! What is found, and what is left alone. All numbers here were made for these tests.

mod scripts;
mod secrets;
mod telephones;

use crate::{Scanner, masked, scan};

/// What is found in a text, surely enough to be reported: codes and texts.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    let all = scan(text).into_iter().filter(|found| found.score >= 0.5);
    all.map(|found| (found.kind.name(), &text[found.start as usize..found.end as usize]))
        .collect()
}

#[test]
fn each_kind_is_found_with_its_bytes() {
    for (text, name, part) in [
        (
            "Écris à zoë.müller+news@münchen.de, s'il te plaît",
            "EMAIL_ADDRESS",
            "zoë.müller+news@münchen.de",
        ),
        ("mailto:<bob@mail.example.com>", "EMAIL_ADDRESS", "bob@mail.example.com"),
        ("Ring me on 020 7946 0958 tonight", "PHONE_NUMBER", "020 7946 0958"),
        ("+49 (0)30 901820", "PHONE_NUMBER", "+49 (0)30 901820"),
        ("(212) 555-0147 x12", "PHONE_NUMBER", "(212) 555-0147 x12"),
        ("Fax:\n71-22-43-10", "PHONE_NUMBER", "71-22-43-10"),
        (
            "Pay with 4539 1488 0343 6467 please",
            "CREDIT_CARD",
            "4539 1488 0343 6467",
        ),
        ("amex 3782-822463-10005 05/29", "CREDIT_CARD", "3782-822463-10005"),
        (
            "to DE89 3704 0044 0532 0130 00 by Friday",
            "IBAN_CODE",
            "DE89 3704 0044 0532 0130 00",
        ),
        ("from 81.2.69.142:443", "IP_ADDRESS", "81.2.69.142"),
        ("at 2a00:1450:4001:81b::200e.", "IP_ADDRESS", "2a00:1450:4001:81b::200e"),
        ("her SSN is 536-22-8417", "US_SSN", "536-22-8417"),
        ("social security number 536228417", "US_SSN", "536228417"),
        ("key AKIAQ7XN4RT2ZB5KJ6WM", "aws-key", "AKIAQ7XN4RT2ZB5KJ6WM"),
        ("psql postgres://app:s3cr3t!x@db:5432/x", "url-password", "s3cr3t!x"),
        ("export DB_PASSWORD='tr0ub4dor&3x'", "assigned", "tr0ub4dor&3x"),
        (
            "\"api_key\": \"9f8a7c6b5e4d3f2a1b0c\"",
            "assigned",
            "9f8a7c6b5e4d3f2a1b0c",
        ),
    ] {
        assert_eq!(found(text), [(name, part)], "{text}");
    }
}

#[test]
fn numbers_that_only_look_like_it_are_left_alone() {
    for text in [
        "On 2021-03-04 11:22:33 we met, and on 12/11/2020 again",
        "It costs 1,234,567.89 or 1 234 567",
        "Order 5551234 was shipped to 224 4966 Bond Street",
        "pi is 3.14159265358979323846",
        "version 10.4.2.1 of the driver",
        "ISBN 978-3-16-148410-0",
        "std::fs::read and a::b::c",
        "at 10:22:33 sharp",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
        "the card 4539 1488 0343 646",
        "000-12-3456 and 666-12-3456 and 912-34-5678",
        "GB00XXXX00000000000000",
        "user@localhost and @handle and a@b",
        "password: your_password_here",
        "api_key = os.environ['API_KEY_FOR_ALL']",
        "the token is the smallest unit of text",
        "sk-learn-is-a-library-for-python-and-more",
        "127.0.0.1 and 0.0.0.0",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_card_with_a_wrong_digit_is_reported_as_less_sure() {
    let text = "my credit card 4539148803436468";
    let found = scan(text);
    assert_eq!((found[0].kind.name(), found[0].score), ("CREDIT_CARD", 0.5));
    assert_eq!(scan("number 4539148803436468 of the series"), []);
}

#[test]
fn a_long_line_is_read_in_pieces_and_nothing_is_found_twice_or_lost() {
    let text = "word ada@lovelace.org and 4539148803436467 then ".repeat(400);
    let all = found(&text);
    assert_eq!(all.len(), 800);
    assert!(
        all.iter()
            .all(|(_, part)| matches!(*part, "ada@lovelace.org" | "4539148803436467"))
    );
    let unbroken = format!("{}@lovelace.org", "a".repeat(20_000));
    let mut scanner = Scanner::default();
    unbroken.chars().for_each(|ch| scanner.push(ch, &mut |_| ()));
    scanner.finish(&mut |_| ());
}

#[test]
fn masking_leaves_the_rest_as_it_is() {
    let text = "Ça va ? ada@lovelace.org — 🙂 81.2.69.142";
    assert_eq!(masked(text, &scan(text)), "Ça va ? [EMAIL_ADDRESS] — 🙂 [IP_ADDRESS]");
    assert_eq!(masked("", &[]), "");
}

#[test]
fn any_text_can_be_read_and_what_is_found_lies_on_its_characters() {
    const PIECES: [&str; 24] = [
        "é",
        "🙂",
        "@",
        "a",
        ".",
        "4539148803436467",
        "+",
        "(",
        ")",
        " ",
        "-",
        ":",
        "::",
        "=",
        "\"",
        "password",
        "GB82",
        "\n",
        "://",
        "x",
        "1",
        "-----BEGIN RSA PRIVATE KEY-----",
        "sk-",
        "ñ1",
    ];
    let mut state = 1_u64;
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..20 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PIECES[(state >> 33) as usize % PIECES.len()]);
        }
        let found = scan(&text);
        assert!(
            found
                .iter()
                .all(|one| text.get(one.start as usize..one.end as usize).is_some()),
            "{text:?}"
        );
        masked(&text, &found);
    }
}
