//! How injections are worded, and how people speak who only write about them.

use std::ops::Range;

use wording::{Bytes, Id, Lexicon, Phrases, STOP, each_word};

use super::aim::is_aimed;
use super::frame::Frame;

/// A kind of sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Override,
    Reset,
    Jailbreak,
    Unbound,
    Persona,
    Extract,
    Addresses,
    Secretly,
    Sends,
    Forged,
    Encoded,
    /// Speaks of attacks rather than being one.
    Talks,
}

impl Sign {
    /// How many kinds there are.
    pub(super) const COUNT: usize = 12;

    /// What one such sign weighs, set by reasoning.
    pub(super) fn weight(self) -> f32 {
        match self {
            Self::Override => 5.5,
            Self::Jailbreak => 4.5,
            Self::Extract => 5.0,
            Self::Secretly => 2.8,
            Self::Reset => 2.2,
            Self::Unbound => 2.5,
            Self::Addresses => 2.5,
            Self::Sends => 1.5,
            Self::Persona => 0.8,
            Self::Talks => -3.0,
            // Those two are weighed where they are found.
            Self::Forged | Self::Encoded => 0.0,
        }
    }

    /// What the sum of the weights must reach to be as likely as not.
    pub(super) const EVEN: f32 = 3.5;

    /// What it weighs where it is not aimed at the model: another kind must stand beside it, in a tool's result too.
    pub(super) const ASIDE: f32 = 1.9;

    /// A stable word for machines.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Override | Self::Reset | Self::Talks => "injection:override",
            Self::Jailbreak | Self::Unbound | Self::Persona => "injection:jailbreak",
            Self::Extract => "injection:extraction",
            Self::Addresses | Self::Secretly | Self::Sends => "injection:indirect",
            Self::Forged => "injection:forged-role",
            Self::Encoded => "injection:encoded",
        }
    }

    /// For people, after "the message holds".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Override | Self::Reset | Self::Talks => "what sets the model's instructions aside",
            Self::Jailbreak | Self::Unbound | Self::Persona => "what talks the model out of its rules",
            Self::Extract => "what asks for the model's own instructions",
            Self::Addresses | Self::Secretly | Self::Sends => {
                "instructions to the model among what it should only read"
            }
            Self::Forged => "a forged mark of another speaker",
            Self::Encoded => "encoded instructions to the model",
        }
    }
}

/// What models are told before anybody asks.
const RULES: &str = "instructions/instruction/prompt/prompts/rules/directions/directives/guidelines/commands/\
    programming/training/constraints/restrictions/policies/policy/messages/context/orders/safeguards/filters";

const OVERRIDE: &str = "
ignore/disregard/forget/override/bypass/neglect/discard/overlook .. previous/prior/above/earlier/preceding/foregoing/former .. RULES
ignore/disregard/forget/override/bypass/neglect/discard .. all/any/your/these/those/every .. RULES
ignore/disregard/forget everything/all/anything .. above/before/previously/earlier/said/told/prior
ignore/disregard/forget what you were/have/are .. told/instructed/taught
ignore/disregard/forget .. RULES above/before
set/put/leave aside .. RULES
ignore/disregard/forget/bypass .. RULES of your/the .. developers/developer/creators/creator/makers/operator/company/provider
overrides/supersedes/replaces .. your/all/previous/prior/earlier RULES
ignore/disregard/forget/discard .. system/initial prompt/message/instructions
dont/not follow/obey .. previous/prior/above/earlier/your/any .. RULES
stop following .. RULES
ignore/disregard/forget/discard .. old/original/existing ones/RULES
drop/lift/remove/abandon/erase .. your/all/previous/prior/earlier .. RULES
previous/prior/above/earlier RULES are/were/is .. void/cancelled/canceled/invalid/wrong/outdated/obsolete/superseded/lifted
previous/prior/earlier RULES no longer apply/count
previous/prior/earlier RULES do not apply/count
RULES above/before .. no longer/are/is .. apply/applies/void/cancelled
ignoriere/vergiss .. anweisungen/instruktionen/regeln
ignore/oublie/oubliez/ignorez .. instructions/consignes .. précédentes
ignora/olvida .. instrucciones .. anteriores/previas
ignora/dimentica .. istruzioni .. precedenti
ignore/esqueça .. instruções .. anteriores
忽略 .. 之前 .. 指令/指示/提示
忽略 .. 以上 .. 指令/指示/提示
忽略 .. 上面 .. 指令/指示/提示
игнорируй/забудь .. предыдущие/все .. инструкции
";

const RESET: &str = "
your new task/instructions/role/goal/objective/purpose/job/rules
new instructions
new system prompt
updated system prompt/instructions
from now on you/your/respond/answer/reply/act/only
you will now act/be/respond/obey/comply
you must/will obey/comply
comply with .. next/following/every/all .. request/requests/order/orders
this overrides/supersedes/replaces
takes precedence over
instead do/say/print/output/respond/reply .. exactly/only/following
say/print/output/respond/reply only/just/exactly .. hacked/pwned/owned
";

const JAILBREAK: &str = "
do anything now
dan/god/jailbreak/unrestricted/evil/chaos mode
enter/enable/activate/in/into developer/sudo/debug/admin/root mode
developer/sudo/debug/admin/root mode on/enabled/activated/is
been/are/now jailbroken
mode .. enabled/activated .. filters/restrictions/safety
freed/free/escaped/liberated from .. RULES
you/youre are/no longer/not .. bound/constrained/restricted/limited by
you are no longer .. bound/constrained/restricted/limited
break free of/from
evil/unethical/amoral/uncensored/unfiltered .. ai/assistant/chatbot/confidant/version/twin
opposite of .. guidelines/policies/rules
";

const UNBOUND: &str = "
without any/ethical/moral .. restrictions/filters/limits/limitations/constraints/guidelines/restraint/censorship/rules
no/zero restrictions/filters/limits/limitations/guidelines/censorship/boundaries/ethics/morals
not/never .. bound/limited/restricted by
never refuse/refuses/decline/declines/say .. no
never refuses/declines/warns
you never refuse/decline/warn
cannot/cant/must/will not/never refuse/decline
must/always comply/obey/answer .. regardless/without
must/always comply/obey/answer .. no matter
never .. warnings/disclaimers/moralize/apologize
without .. warnings/disclaimers/moralizing/lecturing
unfiltered/uncensored/unrestricted
ignores every/all policy/policies/rule/rules/law/laws
disable/turn/switch .. safety/filters/moderation/safeguards
filter/filters/restrictions/safety/safeguards/moderation .. off/disabled/lifted/removed/deactivated
ignores/ignore/bypass/break .. ethics/ethical/morality/law/laws/safety/openai
";

const PERSONA: &str = "
pretend/imagine/suppose .. you/to be/are
act as/like
respond/answer/reply as
you are now
you are going to .. act/be/pretend/play
roleplay/role play
stay in character
play the role/part of
my late/deceased/dead grandmother/grandma
hypothetical response/scenario
";

const EXTRACT: &str = "
reveal/show/print/repeat/output/display/tell/leak/share/give/write/send/list/quote/copy/recite/what/dump/translate/encode/summarize/\
    summarise/paraphrase/disclose .. your/the .. \
    system/initial/hidden/secret/original/internal/developer/preceding/confidential prompt/prompts/instructions/\
    instruction/message/rules/guidelines/configuration
reveal/show/print/repeat/output/display/leak/quote/copy/recite/dump .. your .. instructions/prompt/rules/guidelines
text/content/contents/copy/wording/version of .. system/hidden/initial/secret prompt/instructions/message
repeat/print/output/copy/recite/display .. everything/words/text/all .. above
what were you told/instructed
what are your .. instructions/rules/directives/guidelines
starting with you are
text above this line
";

const ADDRESSES: &str = "
note/message/attention/instructions/important/hello/dear/hey .. to/for .. ai/ais/assistant/assistants/llm/llms/model/models/agent/agents/chatbot/bot/gpt/claude
attention/hello/dear/hey ai/assistant/llm/model/agent/chatbot
if you are an/a .. ai/llm/model/assistant/agent/chatbot/bot
ai/llm/llms/assistant/agent/model .. reading/processing/summarizing/analyzing/parsing this
ai/llm/assistant/agent/model must/should .. now/instead/ignore/include/also
any ai/llm/model/assistant
as an ai .. you must/should
when summarizing/summarising/processing/reading this
";

const SECRETLY: &str = "
dont/not/never tell/inform/mention/alert/notify/reveal/warn/let .. user/human/anyone/them/this
without telling/informing/notifying/asking/alerting .. user/human/anyone/permission/confirmation
user must/should not .. know/notice
keep this .. secret/hidden .. user
hidden instruction/instructions
";

const SENDS: &str = "
send/forward/email/mail/post/upload/transmit/exfiltrate/transfer/submit .. conversation/history/data/credentials/\
    passwords/password/keys/key/secrets/contents/content/files/emails/contacts/tokens/messages/everything .. to
transfer .. to .. account
append/include/embed .. to/in/into .. url/link/image/request
call/use/invoke/run/execute .. tool/function/command .. with
execute/run .. following .. command/code/script
rm rf
curl http/https
";

const TALKS: &str = "
prompt injection/injections
what is/are .. injection/jailbreak/jailbreaking/jailbreaks/dan
how to/can/do/does .. prevent/detect/defend/protect/mitigate/guard/filter
prevent/detect/defend/protect/mitigate/mitigating/detecting/preventing .. injection/injections/jailbreaks/attack/attacks
example/examples of
explain/describe/discuss/summarize .. jailbreak/jailbreaking/attack/attacks/injection
paper/article/essay/blog/research/dataset/lecture/course .. about/on
my iphone/phone/console/ios/android
";

/// The wordings, compiled once.
pub(crate) struct Wordings {
    lexicon: Lexicon,
    phrases: Phrases<Sign>,
    stop: Id,
}

impl Wordings {
    pub(crate) fn new() -> Self {
        let (mut lexicon, mut phrases) = (Lexicon::default(), Phrases::default());
        for (sign, lines) in [
            (Sign::Override, OVERRIDE),
            (Sign::Reset, RESET),
            (Sign::Jailbreak, JAILBREAK),
            (Sign::Unbound, UNBOUND),
            (Sign::Persona, PERSONA),
            (Sign::Extract, EXTRACT),
            (Sign::Addresses, ADDRESSES),
            (Sign::Secretly, SECRETLY),
            (Sign::Sends, SENDS),
            (Sign::Talks, TALKS),
        ] {
            phrases.add(&mut lexicon, sign, &lines.replace("RULES", RULES));
        }
        let stop = lexicon.add(STOP);
        Self { lexicon, phrases, stop }
    }

    /// Every phrase of each sentence at its first place there: what it is a sign of, what it weighs, and where it is.
    pub(super) fn find(&self, text: &str) -> Vec<(Sign, f32, Range<usize>)> {
        let mut words: Vec<(Id, Bytes)> = Vec::new();
        each_word(text, |word| {
            words.push((self.lexicon.look_up(word.text).id, word.place))
        });
        let ids: Vec<Id> = words.iter().map(|(id, _)| *id).collect();
        let mut all = Vec::new();
        let mut from = 0;
        for sentence in ids.split_inclusive(|id| *id == self.stop) {
            for found in self.phrases.find(sentence) {
                let (start, end) = (from + found.start, from + found.end);
                let full = found.sign.weight();
                let aimed = full <= Sign::EVEN || is_aimed(found.sign, &Frame::new(text, &words, start, end));
                let weight = if aimed { full } else { Sign::ASIDE };
                let place = words[start].1.start as usize..words[end - 1].1.end as usize;
                all.push((found.sign, weight, place));
            }
            from += sentence.len();
        }
        all
    }
}
