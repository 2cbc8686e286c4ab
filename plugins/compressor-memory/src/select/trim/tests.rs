//! What a trimmed text loses, and what it never does.

use super::trim;
use crate::language::words::words;

fn trimmed(text: &str) -> String {
    trim(text, 0.2).unwrap_or_else(|| text.to_owned())
}

/// What comes behind the sentence that is looked at, so that there is something to lose.
const MORE: &str = "I was in the garden of the house with all of the roses, and it was just so lovely to be there.";

#[test]
fn courtesies_and_fillers_go_first_and_what_matters_stays() {
    let text = "Hey Mel! I really did not pay the 40 dollars to the man in the shop, so he just kept the lamp.";
    let short = trimmed(text);
    assert!(!short.contains("Hey") && !short.contains("really"), "{short}");
    assert!(
        short.contains("not pay") && short.contains("40 dollars") && short.contains("lamp"),
        "{short}"
    );
    for courtesy in [
        "Thanks so much!",
        "Glad to hear it!",
        "Wow, that is great!",
        "Hello again.",
        "Hi Anna!",
    ] {
        let short = trim(&format!("{courtesy} {MORE}"), 0.4).unwrap();
        assert!(!short.contains(courtesy), "{short}");
    }
}

#[test]
fn a_sentence_that_says_something_is_no_courtesy() {
    for said in [
        "Sure, not on Monday.",
        "Okay, 40 dollars works.",
        "Right, cancel my subscription.",
        "Great, Friday at 3.",
        "Thanks, but no.",
        "Thanks, call Anna.",
        "Nice, Paris.",
        "Sure.",
        "Yeah, noon works.",
    ] {
        let short = trim(&format!("{said} {MORE}"), 0.4).unwrap();
        assert!(short.starts_with(said), "{short}");
    }
}

#[test]
fn a_word_stays_where_a_negation_a_number_or_an_abbreviation_needs_it() {
    for kept in [
        "not just the money",
        "isn't really",
        "at 4 a.m. sharp",
        "10 am",
        "from 2 to 3",
        "the US",
        "plan A",
    ] {
        let short = trim(&format!("It is {kept}, you know. {MORE}"), 0.5).unwrap();
        let (last, rest) = (kept.rsplit(' ').next().unwrap(), kept.replace("the ", ""));
        assert!(
            short.contains(kept) || short.replace("the ", "").contains(&rest),
            "{short}"
        );
        assert!(short.contains(last), "{short}");
    }
}

#[test]
fn at_least_four_fifths_of_the_words_survive() {
    let text =
        "Well, it was so nice to see you in the garden, and the roses are just lovely. The end of it all is near.";
    let short = trimmed(text);
    let left: Vec<String> = words(&short).map(|word| word.text.to_lowercase()).collect();
    let all: Vec<String> = words(text).map(|word| word.text.to_lowercase()).collect();
    let kept = all.iter().filter(|word| left.contains(word)).count();
    assert!(kept * 5 >= all.len() * 4 && short.len() < text.len(), "{short}");
}

#[test]
fn code_data_and_short_texts_stay_as_they_are() {
    for text in [
        "```rust\nlet the = a;\n```",
        r#"{"the": "a", "is": ["of", "to"], "and": {"so": "just"}}"#,
        "ok",
        "",
    ] {
        assert_eq!(trim(text, 0.2), None, "{text}");
    }
    assert_eq!(trim("It is so very nice to be in the house.", 0.0), None);
}

#[test]
fn other_languages_that_share_words_with_english_keep_them() {
    for text in [
        "Was hast du in Berlin so gemacht, an dem Tag, als er am Bahnhof war?",
        "On y va demain, tu as raison, on me dit que le train part plus tard.",
        "Het was een boek of een film, en we zijn er in de stad op tijd.",
    ] {
        assert_eq!(trim(text, 0.3), None);
    }
}

#[test]
fn chinese_loses_particles_where_a_clause_ends_and_nothing_else() {
    assert_eq!(
        trimmed("其实，那个会议嘛改到明天下午三点了呢，地点还是老地方啊。"),
        "那个会议嘛改到明天下午三点了呢，地点还是老地方。"
    );
    for text in [
        "我从哈尔滨到哈佛大学，路过一家酒吧。",
        "他是认真的，不是假的，其实力很强。",
        "我要那个。他想当喇嘛。",
        "嗯，周一可以。",
        "那个，不是这个。",
        "你呢？我们走吧。",
    ] {
        assert_eq!(trim(text, 0.5), None, "{text}");
    }
}
