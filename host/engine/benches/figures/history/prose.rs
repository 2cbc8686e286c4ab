//! Texts that are made of nothing but words: few of them often and many seldom, as people speak, some with a name, a number
//! or a date.

use pointsman::{Counter, Encoding};

/// A language to write in.
#[derive(Clone, Copy, Debug)]
pub enum Language {
    English,
    Chinese,
}

/// A writer; two of the same language write the same.
pub struct Prose {
    language: Language,
    state: u64,
}

const GRAMMAR: &str = "the a I you it to and of in that we was is my for with on have this they at but so as not be when our had \
    there what would just really about from will can were do then them me like";
const STEMS: &str = "walk garden kitchen paint river mountain letter answer morning train station ticket market lamp window \
    teacher lesson music guitar concert dance climb travel hotel island harbour boat captain storm weather winter summer \
    project deadline budget invoice report meeting manager office travel printer server deploy release error customer \
    refund order parcel deliver address visit friend sister brother mother father cousin neighbour party birthday present \
    cook dinner recipe pepper onion bread butter coffee lemon orange forest camp tent fire cloud star planet doctor \
    hospital medicine healthy exercise run swim cycle marathon record winner school student exam science history museum \
    picture gallery sculpt pottery class book story author library poem write publish shop buy sell price cost save \
    borrow return repair engine wheel bridge street corner village city capital country border language translate learn \
    remember forget promise plan hope worry laugh argue agree decide change begin finish build break mend clean wash";
const ENDINGS: [&str; 6] = ["", "", "s", "ed", "ing", "er"];
const NAMES: [&str; 8] = ["Anna", "Ben", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hugo"];
const HAN: &str = "我的是了在你他不有这们来到时大地为子中上个国说和要就出会可也自后生能而那得着下过年发作里用道行所然家种事成方多经么\
    去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三\
    又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原";

impl Prose {
    pub fn new(language: Language) -> Self {
        Prose {
            language,
            state: 0x2545_f491_4f6c_dd1d,
        }
    }

    /// Messages of so many tokens together.
    pub fn history(&mut self, tokens: u32) -> Vec<String> {
        let counter = Counter::new(1);
        let (mut history, mut all) = (Vec::new(), 0);
        while all < tokens {
            let sentences = 1 + self.below(4);
            let message = (0..sentences).map(|_| self.sentence()).collect::<Vec<_>>().concat();
            all += counter.text(&message, Encoding::o200k()).tokens + 3;
            history.push(message);
        }
        history
    }

    fn sentence(&mut self) -> String {
        match self.language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }

    fn english(&mut self) -> String {
        let grammar: Vec<&str> = GRAMMAR.split_whitespace().collect();
        let stems: Vec<&str> = STEMS.split_whitespace().collect();
        let mut words = vec!["I".to_owned()];
        for _ in 0..5 + self.below(9) {
            words.push(match self.below(20) {
                0..=8 => grammar[self.often(grammar.len())].to_owned(),
                9 => NAMES[self.below(NAMES.len())].to_owned(),
                10 => format!("{}", 1 + self.below(300)),
                // Words that are said once or twice in a conversation: a quarter of what is said is such.
                11 | 12 => format!("{}{}", stems[self.below(stems.len())], stems[self.often(stems.len())]),
                _ => format!(
                    "{}{}",
                    stems[self.often(stems.len())],
                    ENDINGS[self.below(ENDINGS.len())]
                ),
            });
        }
        let end = ["on 3 May 2024. ", ". ", ". ", "? ", "! "][self.below(5)];
        format!("{}{}{end}", words.join(" "), if end.len() > 2 { " " } else { "" })
    }

    fn chinese(&mut self) -> String {
        let han: Vec<char> = HAN.chars().collect();
        let mut text = String::new();
        for clause in 0..1 + self.below(3) {
            if clause > 0 {
                text.push('，');
            }
            (0..4 + self.below(9)).for_each(|_| text.push(han[self.often(han.len())]));
        }
        text.push_str(["。", "。", "？", "！", "，5月3日。"][self.below(5)]);
        text
    }

    /// A number below another, small ones often.
    fn often(&mut self, below: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((below as f64 + 1.0).powf(share) - 1.0) as usize
    }

    fn below(&mut self, below: usize) -> usize {
        (self.next() >> 33) as usize % below
    }

    fn next(&mut self) -> u64 {
        // Knuth's multiplier for 64 bits.
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.state
    }
}
