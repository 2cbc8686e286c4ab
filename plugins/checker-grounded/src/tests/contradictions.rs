//! Replies that say what the source says, but for one thing.

use pointsman_policy::Verdict;

use super::{CAFE, FERRY, check, name};

const ACME: &str = "Acme Corp was founded in 1998 by Maria Lopez in Denver and makes garden tools. The company employs \
    450 people in three countries. It will not open a second plant in Texas this year. The board approved the merger \
    with Borealis Tools on March 3, and the shareholders met in April.";

/// What was found, each with the words that it is about.
fn found(source: &str, reply: &str) -> (Verdict, Vec<String>) {
    let verdict = check(source, reply).unwrap();
    let spans = verdict.findings.iter().map(|it| it.span.unwrap());
    let texts = spans.map(|it| reply[it.start as usize..it.end as usize].to_owned());
    let texts = texts.collect();
    (verdict, texts)
}

#[test]
fn another_number_name_or_denial_is_reported_with_what_the_source_says() {
    for (reply, says) in [
        ("Acme Corp was founded in 1989 by Maria Lopez in Denver.", "1998"),
        ("Acme Corp was founded in 1998 by Peter Jones in Denver.", "Maria Lopez"),
        ("Acme Corp was founded in 1998 in Austin, Texas.", "Denver"),
        ("Acme Corp employs 540 people.", "450 people"),
        ("It will open a second plant in Texas this year.", "will not open"),
        ("The company will open a second plant in Texas.", "will not open"),
        (
            "The board did not approve the merger with Borealis Tools.",
            "approved the merger",
        ),
        ("The board approved the merger on March 5.", "March 3"),
    ] {
        let (verdict, texts) = found(ACME, reply);
        assert_eq!(texts, [reply], "{verdict:?}");
        let text = &verdict.findings[0].text;
        assert!(text.contains("otherwise") && text.contains(says), "{reply}: {text}");
        assert_eq!(name(&verdict.action), "flag", "{reply}: {verdict:?}");
    }
}

#[test]
fn the_same_in_other_words_is_not_reported() {
    for reply in [
        "Acme Corp was founded in 1998 by Maria Lopez in Denver.",
        "Maria Lopez founded Acme Corp in 1998.",
        "The company employs about 450 people.",
        "It will not open a second plant in Texas this year.",
        "The board approved the merger on March 3.",
    ] {
        let (verdict, texts) = found(ACME, reply);
        assert_eq!(texts, Vec::<String>::new(), "{verdict:?}");
        assert_eq!(name(&verdict.action), "accept", "{verdict:?}");
    }
}

#[test]
fn another_form_of_a_name_is_no_other_name() {
    let source = "News of the week. The senator Ann Moreno spoke in Lisbon on Feb 14 about trade with China. The World Health \
        Organization opened an office in Porto on Apr 2, and the mayor thanked its staff.";
    for reply in [
        "Ann Moreno spoke in Lisbon on February 14 about trade with China.",
        "Sen. Ann Moreno spoke in Lisbon on Feb 14 about trade with China.",
        "Ann Moreno spoke in Lisbon on Feb 14 about Chinese trade.",
        "The World Health Organization (WHO) opened an office in Porto on April 2.",
    ] {
        let (verdict, _) = found(source, reply);
        let says = |it: &pointsman_policy::Finding| it.text.contains("otherwise");
        assert!(!verdict.findings.iter().any(says), "{reply}: {verdict:?}");
    }
    for reply in [
        "Ann Moreno spoke in Madrid on Feb 14 about trade with China.",
        "Ann Moreno spoke in Lisbon on Feb 14 about trade with Japan.",
        "The World Health Organization opened an office in Faro on Apr 2.",
    ] {
        let (verdict, texts) = found(source, reply);
        assert_eq!(texts, [reply], "{verdict:?}");
        assert!(verdict.findings[0].text.contains("otherwise"), "{reply}: {verdict:?}");
    }
}

#[test]
fn a_contradiction_is_found_in_a_reply_of_many_sentences() {
    let reply = "The ferry to Larsen Island leaves the north pier at 7:30 and 16:00. The crossing takes 45 minutes. A return \
        ticket costs 18 euros. The lighthouse was built in 1887 by Marta Lund. Dogs must not be kept on a leash.";
    let (_, texts) = found(FERRY, reply);
    assert_eq!(
        texts,
        ["The crossing takes 45 minutes.", "Dogs must not be kept on a leash."]
    );
}

#[test]
fn a_field_that_says_otherwise_is_reported_whatever_else_is_right() {
    let closed = CAFE.replace(
        "\"Saturday\": \"9:0-13:0\"",
        "\"Saturday\": \"9:0-13:0\", \"Sunday\": \"Closed\"",
    );
    for (reply, says) in [
        ("Harbour Cup is open on Sunday.", "Sunday: Closed"),
        (
            "Harbour Cup in Larsen is a cafe and bakery that is open on Sundays.",
            "Sunday: Closed",
        ),
        ("Harbour Cup has a rating of 3 stars.", "3.5"),
        ("The cafe is rated 4.5 stars.", "3.5"),
        ("Harbour Cup has 3 stars.", "3.5"),
        ("Harbour Cup offers free WiFi.", "WiFi: \"no\""),
    ] {
        let (verdict, texts) = found(&closed, reply);
        assert_eq!(texts, [reply], "{verdict:?}");
        assert!(verdict.findings[0].text.contains(says), "{verdict:?}");
        assert_eq!(name(&verdict.action), "flag", "{verdict:?}");
    }
}

#[test]
fn an_acceptance_is_worded_as_a_probability() {
    let verdict = check(FERRY, super::SUPPORTED).unwrap();
    let text = &verdict.reasons[0].text;
    assert!(text.contains("in 100") && !text.contains("supports"), "{text}");
}
