//! Telephone numbers and internet addresses beside what only looks like them.

use super::found;

#[test]
fn an_amount_near_a_word_of_telephones_is_none() {
    for text in [
        "The video reached 12500000 views",
        "The function is called 1234567 times",
        "The text has 12345678 characters",
        "Office 365 build 16.0.17328.20184",
        "The message is 1234567 bytes long, and the signal 7654321",
        "Our phones sold 12500000 units, or 12 500 000 in words",
        "API call 12345678 failed",
        "手机销量12500000台",
        "They shipped 12500000 phones.",
        "The phone took 1000-2000 pictures",
        "batch 0012345678901 is done",
        "The population stands at 331 449 281",
        "We looked at 331 449 281 rows",
        "I sent you a text with 12-34-56 in it",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_number_behind_its_label_or_verb_is_a_telephones() {
    for (text, number) in [
        ("My phone number is 5551234.", "5551234"),
        ("Tel.: 9498777106", "9498777106"),
        ("Work: 655 437 108", "655 437 108"),
        ("Please call 5551234 or write", "5551234"),
        ("You can reach our office at 5551234567.", "5551234567"),
        ("You can reach me at 71 22 43 10 after six", "71 22 43 10"),
        ("3660170548 (fax)", "3660170548"),
        ("655 437 108 office", "655 437 108"),
        ("They never wait at 22-43-71-10.", "22-43-71-10"),
        ("звоните по телефону 89161234567", "89161234567"),
    ] {
        assert_eq!(found(text), [("PHONE_NUMBER", number)], "{text}");
    }
}

#[test]
fn a_version_of_four_numbers_is_no_address() {
    for text in [
        "Mozilla/5.0 Chrome/124.0.0.0 Safari/537.36",
        "Chrome/124.0.6367.91 and Chrome/124.0.67.91",
        "torch==2.1.0.1",
        "firmware 4.12.7.1",
        "the network 81.2.0.0",
        "app-4.12.7.1.tar.gz",
        "see section 4.12.7.1",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    for text in [
        "http://81.2.69.142/x",
        "ip.src==81.2.69.142",
        "ip=81.2.69.142",
        "ssh root@81.2.69.142",
        "mail.lovelace.org/81.2.69.142",
    ] {
        assert_eq!(found(text), [("IP_ADDRESS", "81.2.69.142")], "{text}");
    }
}
