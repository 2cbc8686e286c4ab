//! Words that tell what a clause is about, each list in one text.

/// Whether a list has this word.
pub(in crate::injection) fn lists(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// Whether a list has any of these words.
pub(in crate::injection) fn any(words: &[String], list: &str) -> bool {
    words.iter().any(|word| lists(list, word))
}

/// Words that lead on to what something belongs to or stands in.
pub(in crate::injection) const PREPOSITIONS: &str = "\
    of in on for from about regarding concerning at to with within during by inside under into";

/// Words that begin something else.
pub(in crate::injection) const BREAKS: &str = "and or but then so that which when if";

/// Words that say nothing of whom the clause is said to.
pub(in crate::injection) const OPENERS: &str = "\
    please now then just kindly also first simply immediately and or but so ok okay hey hi hello yes no well \
    listen thanks lets instead bitte favor";

/// Words that questions begin with.
pub(in crate::injection) const QUESTIONS: &str = "\
    how why what whats which who whose where when is are was were does did do has have can could should would may \
    wie warum comment pourquoi cómo como как почему зачем";

/// Those of them that go on with what was said.
pub(in crate::injection) const RELATIVES: &str = "which who whose where when";

/// Who a command may be said to.
pub(in crate::injection) const READERS: &str = "\
    you your youre ai ais assistant assistants model models agent agents bot bots chatbot llm llms gpt chatgpt \
    claude";

/// What belongs to the model, its makers or the conversation, and how it may answer.
pub(in crate::injection) const MODELS: &str = "\
    you your yours youre system prompt prompts developer developers openai anthropic creator creators makers \
    operator provider chat conversation session message model ai assistant context safety ethics ethical \
    moderation now rest moment me us full block markdown json base64 quotes quotation detail beginning start top";

/// Words that go on with a sentence, and not with a name.
pub(in crate::injection) const CONNECTIVES: &str = "\
    and or but so that which as if then than exactly verbatim word now please here this above below before after \
    you your i we without first again between using is are was were back out itself starting beginning including \
    completely entirely fully immediately instead because since until like while";
