//! How refusals are worded.

use crate::lexicon::{Id, Lexicon};
use crate::phrases::Phrases;
use crate::text::Bytes;

/// What is declined, when somebody says what they cannot do.
const DEEDS: &str = "assist/help/provide/fulfill/fulfil/comply/answer/support/offer/give/share/generate/create/write/\
    produce/discuss/engage/encourage/recommend/suggest/condone/promote/participate/advise/complete/explain/satisfy/\
    endorse/facilitate/respond/make/disclose/continue/process/access/carry/perform/assume/speculate/confirm/aid/teach/\
    instruct/guide/do/tell/agree/justify/advocate";

/// Words for what ought not to be.
const UNFIT: &str = "appropriate/ethical/acceptable/okay/ok/legal/right/respectful/safe/fair/accurate/productive/\
    advisable/best/good/helpful/possible";

/// Phrases that say no wherever they stand, with `DEED` for any of [`DEEDS`].
const DENIALS: &str = "
i/we cannot/cant/wont/couldnt .. DEED
i/we can not .. DEED
i/we will not .. DEED
i/im/we/were not able to .. DEED
i am/was not able to .. DEED
i/im/we/were unable to .. DEED
i am unable to .. DEED
i/im/we/were not going to .. DEED
i am not going to .. DEED
i/im not comfortable
i am not comfortable
i/we must/have .. decline/refuse
i/we decline/refuse to
i/ill .. have to pass
i/we shouldnt/mustnt .. DEED
i should not .. DEED
sorry but i/we cant/cannot
against/within/violates/violate my/our .. programming/guidelines/policy/policies/principles/values
request .. cannot/cant be fulfilled
cannot/cant .. your request
";

/// Phrases that say no without the words, and count the more the earlier they stand.
const OBJECTIONS: &str = "
it/its not UNFIT .. to
it/its is not UNFIT .. to
it/its not .. or UNFIT .. to
it/its is not .. or UNFIT .. to
it/its is not a UNFIT idea/question/topic
it/its is never .. UNFIT/okay/ok
it would not be UNFIT
i dont think .. UNFIT to
i do not think/believe .. UNFIT to
i dont/dont believe/think .. should
is/are .. illegal/unethical/immoral and
i must .. advise/point/clarify/emphasize/inform/stress/note
i/id .. strongly advise/discourage/urge
i would advise against
i/im just an ai
is/contains/are .. harmful and/or .. inaccurate/outdated/offensive/incorrect/unfair/dangerous/illegal
should not be discriminated/denied/treated/allowed/excluded
";

/// Hints, which take two to make a refusal.
const HINTS: &str = "
sorry/apologize/apologise/regret
as an ai
i cannot/cant
instead i would/suggest/encourage/recommend/can
i would encourage you
promote/promotes/encourage/encourages/perpetuate/perpetuates .. harmful/harm/violence/illegal/unethical/stereotypes
harmful/illegal/unethical/dangerous activities/behavior/behaviour/actions/content/stereotypes/stereotype/practices
important to respect/treat/recognize
treated with respect/dignity
respect and dignity
regardless of their
please seek/refrain/consult
";

/// The plainest wordings in other languages.
const ELSEWHERE: &str = "
ich kann .. nicht .. helfen/unterstützen/beantworten/bereitstellen/erfüllen/geben/anbieten
kann ich .. nicht/keine/keinen .. helfen/weiterhelfen/unterstützen/beantworten/geben/bereitstellen/anbieten
ich kann/darf/werde .. keine/keinen/nicht .. geben/bereitstellen/machen/erstellen/anbieten/schreiben
tut mir leid aber ich/das/dabei
je ne peux/puis/suis .. aider/répondre/fournir/donner/assister/satisfaire/mesure
je ne peux pas
désolé/désolée .. je ne
no puedo .. ayudar/ayudarte/ayudarle/proporcionar/responder/cumplir/ofrecer/asistir/dar/hacer/crear
lo siento pero no puedo
não posso .. ajudar/ajudá/fornecer/responder/atender/oferecer/dar/criar/fazer
desculpe/desculpa .. não posso
non posso .. aiutarti/aiutarla/aiutare/fornire/rispondere/offrire/dare/soddisfare/creare
mi dispiace ma non
ik kan .. niet/geen .. helpen/geven/bieden/beantwoorden/verstrekken
sorry maar ik kan
jag kan inte .. hjälpa/ge/svara/tillhandahålla
nie mogę .. pomóc/odpowiedzieć/udzielić/spełnić/podać
yardımcı olamam/olamıyorum/olamayacağım
я не могу .. помочь/помогать/предоставить/ответить/выполнить/дать/создать
не могу .. помочь/предоставить/выполнить
я не можу .. допомогти/надати/відповісти/виконати
我/我们 无法/不能 .. 帮/提/回/满/协/生/完
抱歉 .. 我 .. 不能/无法
对不起 .. 我 .. 不能/无法
できません
お手伝い .. でき
お答え .. でき
도와 .. 수 없
제공 .. 수 없
답변 .. 수 없
عذرا .. لا
آسف .. لا
لا/لن أستطيع/يمكنني/أقدر
मैं .. नहीं .. सकता/सकती
ไม่สามารถ
";

/// The phrases, compiled once.
pub(crate) struct Refusals {
    phrases: Phrases,
}

impl Refusals {
    pub(crate) fn new(lexicon: &mut Lexicon) -> Self {
        let mut phrases = Phrases::default();
        let mut add = |weight, lines: &str| {
            phrases.add(lexicon, weight, &lines.replace("DEED", DEEDS).replace("UNFIT", UNFIT));
        };
        add(0.85, DENIALS);
        add(0.85, ELSEWHERE);
        add(0.45, OBJECTIONS);
        add(0.2, HINTS);
        Self { phrases }
    }

    /// How likely these words decline, and where the weightiest phrase stands. Only the beginning of a reply loses
    /// weight with distance: `from_start` says that the words are that.
    pub(crate) fn judge(&self, words: &[(Id, Bytes)], from_start: bool) -> Option<(f32, Bytes)> {
        let ids: Vec<Id> = words.iter().map(|(id, _)| *id).collect();
        let mut no = 1.0;
        let mut weightiest: Option<(f32, Bytes)> = None;
        for found in self.phrases.find(&ids) {
            let weight = if from_start {
                found.weight * nearness(found.start)
            } else {
                found.weight
            };
            no *= 1.0 - weight;
            if weightiest.is_none_or(|(most, _)| weight > most) {
                let (start, end) = (words[found.start].1.start, words[found.end - 1].1.end);
                weightiest = Some((weight, Bytes { start, end }));
            }
        }
        weightiest.map(|(_, span)| (1.0 - no, span))
    }
}

/// What a phrase counts that begins after so many words.
fn nearness(words: usize) -> f32 {
    match words {
        0..=24 => 1.0,
        25..=59 => 0.7,
        _ => 0.4,
    }
}
