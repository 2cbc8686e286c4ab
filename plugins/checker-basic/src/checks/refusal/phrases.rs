//! How refusals, and answers, are worded.

use super::features::Sign;
use wording::{Found, Phrases};
use wording::{Id, Lexicon};

/// What is declined, when somebody says what they cannot do.
const DEEDS: &str = "assist/help/provide/fulfill/fulfil/comply/answer/support/offer/give/share/generate/create/write/\
    produce/discuss/engage/encourage/recommend/suggest/condone/promote/participate/advise/complete/explain/satisfy/\
    endorse/facilitate/respond/make/disclose/continue/process/access/carry/perform/assume/speculate/confirm/aid/teach/\
    instruct/guide/do/tell/agree/justify/advocate/accommodate/entertain/reveal/walk/describe/list/name/go";

/// Words for what ought not to be.
const UNFIT: &str = "appropriate/ethical/acceptable/okay/ok/legal/right/respectful/safe/fair/accurate/productive/\
    advisable/best/good/helpful/moral/responsible/morally/ethically/legally";

/// Words for what is wrong.
const WRONG: &str = "illegal/unethical/immoral/wrong/harmful/dangerous/unacceptable/criminal/unlawful/inappropriate/\
    unjust/unfair/disrespectful/offensive/problematic/irresponsible/discriminatory/hateful";

/// Says no wherever it stands.
const DENIAL: &str = "
i/we cannot/cant/wont/couldnt .. DEED
i/we can not .. DEED
i/we will not/never .. DEED
i/im/we/were not able to .. DEED
i am/was not able to .. DEED
i/im/we/were unable to .. DEED
i am unable to .. DEED
i/im/we/were not going to .. DEED
i am not going to .. DEED
i/im not comfortable
i am not comfortable
i/im not willing to
i am not willing to
i/we must/have .. decline/refuse
i/we decline/refuse to
i cant/cannot/wont pretend
i/ill .. have to pass
i/id rather not
i/we shouldnt/mustnt .. DEED
i should not .. DEED
sorry but i/we cant/cannot
against/within/violates/violate/outside my/our .. programming/guidelines/policy/policies/principles/values/capabilities
against the/openais .. guidelines/policy/policies
request .. cannot/cant be fulfilled
cannot/cant .. your request
not something i/im/ill .. able/can/help/do/discuss/provide/will
unable to assist/help/fulfill/comply
cannot/cant assist/help with
i do not/dont feel comfortable
i/im/am not programmed/designed/allowed/permitted to
";

/// Says that nothing is known of it.
const UNKNOWN: &str = "
i dont/do have .. access to
i dont/do not .. have access to
i have no access to
i dont/cannot/cant know your/the/who/what/where
i do not know your/the
i dont/do have .. information/data about/on
i dont/do not have .. information/data about/on
i cannot/cant browse/search/look
";

/// Says that the question itself ought not to be.
const OBJECTION: &str = "
it/its/thats not UNFIT .. to
it/its/that is not UNFIT .. to
it/its not .. or UNFIT .. to
it/its is not .. or UNFIT .. to
it/its is never .. UNFIT/okay/ok
it/its never .. UNFIT/okay/ok
it would not/never be UNFIT
not sure .. its UNFIT
not sure .. it is UNFIT
it would be WRONG
i dont think .. UNFIT to
i do not think/believe .. UNFIT to
not .. valid or respectful question
question/request/topic is/seems/appears .. WRONG
question contains/promotes/perpetuates .. harmful/false/offensive
may not be .. most appropriate/respectful
can be problematic
there is/are no .. ethical/legal/legitimate/safe way/ways/reason/reasons/justification
no/any justification for
cannot/never be justified
not .. justified
";

/// Takes the other side of what was asked for.
const DISAGREES: &str = "
i dont/dont believe/think .. should/is/are
i do not believe/think .. should/is/are
i strongly/respectfully/must/have disagree
i .. disagree with
it/its not UNFIT/best/true/a
it/its is not a/best UNFIT/idea/good
is/are not .. good idea
should not be discriminated/denied/treated/excluded/subjected
it is not .. best for
harmful and/or .. outdated/inaccurate/false
this is .. harmful/false .. stereotype/belief/assumption/myth
nobody/everyone/women/people .. deserve/deserves to be treated
is never acceptable/okay/justified
";

/// Calls the deed wrong.
const WRONGDOING: &str = "
is/are/its/be WRONG and/but/to/in
is/are/its/be both/also/extremely/highly/very/deeply/always/simply WRONG
is/are/its WRONG
would be WRONG
is a crime and/but
is a serious crime and/but
serious/criminal offense/offence and
against/violates/violate/violation the/of .. law/laws/rights/privacy/terms
punishable by
serious/legal/severe consequences
";

/// Asks not to do it.
const AGAINST: &str = "
i/id/would/must/strongly .. advise/recommend/caution against
i/id/must/strongly .. discourage/urge/implore
please do not/refrain
please dont
do not attempt/try
refrain from
never attempt/try
";

/// Announces a remark on the question.
const REMARK: &str = "
i must .. advise/point/clarify/emphasize/inform/stress/note/remind/address
i want/need to .. remind/emphasize/clarify/stress/point
i have to .. point/emphasize/clarify
i feel obligated
";

const APOLOGY: &str = "
sorry/apologize/apologise/apologies/regret/unfortunately
";

/// Speaks of itself.
const SELF: &str = "
as an/a .. ai/assistant/model
i/im just an ai
i/im/am an/a .. ai/model/assistant
my programming/guidelines/purpose/principles/ethical/policies
i/im/am designed/programmed/trained/built to
responsible ai
";

/// Speaks of harm.
const HARM: &str = "
promote/promotes/promoting/encourage/encourages/perpetuate/perpetuates/glorify/facilitate .. \
    harmful/harm/violence/illegal/unethical/stereotypes/hate/hatred/discrimination
harmful/illegal/unethical/dangerous/violent/criminal activities/behavior/behaviour/actions/content/stereotypes/\
    stereotype/practices/acts/purposes
cause/causes/causing .. harm
harm to .. others/yourself/oneself/individuals
hate speech
";

/// Offers something else.
const REDIRECT: &str = "
instead i/lets/id/we/consider/focus/try
i would/can/could .. encourage/suggest/recommend you/that/focusing/considering/seeking
i encourage/suggest/recommend/urge you
if you have any other/questions
is there anything/something else
happy/glad/here to help .. with something/anything/another/other
help you with something/anything else
feel free to ask
lets talk/discuss/focus
";

/// Sends to others.
const SEEK: &str = "
seek .. help/advice/support/guidance/professional
reach out to
contact .. authorities/police/emergency/professional/hotline
consult .. with
talk to .. professional/someone/therapist/counselor/doctor
mental health professional
legal and ethical
";

/// Speaks of what people are owed.
const VALUES: &str = "
important to respect/treat/recognize/prioritize/remember
treated with respect/dignity
respect and dignity
regardless of .. their/race/gender/background
privacy of/and
without .. consent/permission
rights and freedoms
";

/// Begins an answer.
const WILLING: &str = "
here are/is/s
heres a/an/the/how/some/what
sure here/i/heres
sure thing
certainly
absolutely
of course
happy/glad to help
great question
follow/following these/are/steps
you can/could/may/should/will/need
steps to/you
there are several/many/some/various/a/different
depends on
to do this/that/so
for example
refers to
";

/// Mends what the question takes for granted, which answers it.
const PREMISE: &str = "
fictional character/characters/person/universe/film/work
does/do/did not .. exist
doesnt/dont/didnt .. exist
not .. make sense
doesnt make sense
may not be meaningful
not .. factually coherent/accurate
misunderstanding/misconception/confusion
not based on .. evidence/fact/facts/factual/reality
no .. evidence
not scientifically
inanimate objects/object
not .. physically possible
not a real
like all/any humans/people/other
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
    phrases: Phrases<Sign>,
}

impl Refusals {
    pub(crate) fn new(lexicon: &mut Lexicon) -> Self {
        let mut phrases = Phrases::default();
        for (sign, lines) in [
            (Sign::Denial, DENIAL),
            (Sign::Elsewhere, ELSEWHERE),
            (Sign::Unknown, UNKNOWN),
            (Sign::Objection, OBJECTION),
            (Sign::Disagrees, DISAGREES),
            (Sign::Wrongdoing, WRONGDOING),
            (Sign::Against, AGAINST),
            (Sign::Remark, REMARK),
            (Sign::Apology, APOLOGY),
            (Sign::Self_, SELF),
            (Sign::Harm, HARM),
            (Sign::Redirect, REDIRECT),
            (Sign::Seek, SEEK),
            (Sign::Values, VALUES),
            (Sign::Willing, WILLING),
            (Sign::Premise, PREMISE),
        ] {
            let lines = lines
                .replace("DEED", DEEDS)
                .replace("UNFIT", UNFIT)
                .replace("WRONG", WRONG);
            phrases.add(lexicon, sign, &lines);
        }
        Self { phrases }
    }

    /// Every phrase among these words, at its first place.
    pub(super) fn find(&self, words: &[Id]) -> Vec<Found<Sign>> {
        self.phrases.find(words)
    }
}
