//! Refusals and helpful answers in each language that the phrases speak.

use pointsman_policy::Delta;
use pointsman_policy::testing::turn;

use super::{codes, review};

/// A language's refusal, and an answer that has words in common with it.
const PAIRS: [(&str, &str); 18] = [
    (
        "I won't be able to help you with that request.",
        "I can help you with that request, and gladly.",
    ),
    (
        "Das kann ich leider nicht für dich beantworten.",
        "Das kann ich gern für dich beantworten, und zwar so.",
    ),
    (
        "Je suis désolée, mais je ne peux pas vous fournir cela.",
        "Je peux vous fournir cela sans peine.",
    ),
    (
        "No puedo proporcionar esa información.",
        "Puedo proporcionar esa información en dos partes.",
    ),
    (
        "Desculpe, mas não posso ajudar com isso.",
        "Posso ajudar com isso de várias formas.",
    ),
    (
        "Mi dispiace, ma non posso aiutarti con questo.",
        "Posso aiutarti con questo in due passi.",
    ),
    (
        "Sorry, maar ik kan je daar niet bij helpen.",
        "Daar kan ik je goed bij helpen.",
    ),
    (
        "Tyvärr, jag kan inte hjälpa dig med det.",
        "Jag kan hjälpa dig med det på en gång.",
    ),
    (
        "Przykro mi, ale nie mogę w tym pomóc.",
        "Mogę w tym pomóc, i to od razu.",
    ),
    (
        "Üzgünüm, bu konuda yardımcı olamam.",
        "Bu konuda yardımcı olurum, çok kolay.",
    ),
    ("Извините, я не могу помочь с этим.", "Я помогу с этим прямо сейчас."),
    ("Вибачте, я не можу допомогти з цим.", "Я допоможу з цим просто зараз."),
    ("抱歉，我不能提供这方面的信息。", "这里提供您需要的全部信息。"),
    (
        "申し訳ありませんが、お答えできません。",
        "喜んでお答えいたします。次の通りです。",
    ),
    (
        "죄송하지만 그 요청은 도와드릴 수 없습니다.",
        "네, 그 요청은 기꺼이 도와드리겠습니다.",
    ),
    ("عذرا، لا أستطيع مساعدتك في ذلك.", "نعم، أستطيع مساعدتك في ذلك بسهولة."),
    ("क्षमा करें, मैं इसमें मदद नहीं कर सकता।", "मैं इसमें आपकी मदद कर सकता हूँ।"),
    ("ขออภัย ฉันไม่สามารถช่วยเรื่องนี้ได้", "ฉันสามารถช่วยเรื่องนี้ได้ทันที"),
];

fn is_refusal(reply: &str) -> bool {
    let settings = r#"{"language": {"enabled": false}}"#;
    codes(&review(settings, &turn().user("?").build(), &[Delta::text(0, reply)])).contains(&"refusal")
}

#[test]
fn a_plain_refusal_is_seen_in_every_language_and_an_answer_is_not_taken_for_one() {
    for (refusal, answer) in PAIRS {
        assert!(is_refusal(refusal), "{refusal}");
        assert!(!is_refusal(answer), "{answer}");
    }
}

#[test]
fn who_asks_for_the_question_s_own_language_chooses_no_other() {
    let english =
        "The old mill stood by the river, and the miller was kind to all of the children who came to see him.";
    for (asked, found) in [
        (
            "Erzähle mir bitte eine kurze Geschichte von der Mühle am Fluss, und zwar auf Deutsch.",
            true,
        ),
        (
            "Erzähle mir bitte eine kurze Geschichte von der Mühle am Fluss, und zwar auf Englisch.",
            false,
        ),
        (
            "Übersetze mir bitte die Geschichte von der Mühle am Fluss ins Deutsche und zurück.",
            false,
        ),
    ] {
        let verdict = review("{}", &turn().user(asked).build(), &[Delta::text(0, english)]);
        assert_eq!(codes(&verdict).contains(&"language"), found, "{asked}: {verdict:?}");
    }
}
