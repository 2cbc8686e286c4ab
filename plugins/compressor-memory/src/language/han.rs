//! What is told of a run of Chinese characters as it is passed over, one character at a time.

/// Whether a character says nothing of a text's subject; a pair of two of them is no term.
pub fn is_function(c: char) -> bool {
    matches!(
        c,
        '的' | '了'
            | '是'
            | '在'
            | '我'
            | '你'
            | '他'
            | '她'
            | '它'
            | '们'
            | '这'
            | '那'
            | '有'
            | '和'
            | '就'
            | '不'
            | '也'
            | '都'
            | '而'
            | '及'
            | '与'
            | '着'
            | '或'
            | '一'
            | '个'
            | '没'
            | '吗'
            | '呢'
            | '吧'
            | '啊'
            | '呀'
            | '哦'
            | '嗯'
            | '什'
            | '么'
            | '怎'
            | '谁'
            | '哪'
            | '很'
            | '会'
            | '要'
            | '能'
            | '可'
            | '以'
            | '到'
            | '说'
            | '对'
            | '把'
            | '被'
            | '让'
            | '给'
            | '从'
            | '为'
    )
}

/// Markers of something done.
pub const PAST: &[&str] = &["了", "过"];

/// Words that name a time.
const TIMES: [&str; 21] = [
    "昨天",
    "今天",
    "明天",
    "前天",
    "后天",
    "上周",
    "下周",
    "上个月",
    "下个月",
    "去年",
    "今年",
    "明年",
    "星期",
    "周末",
    "月",
    "年",
    "号",
    "点",
    "最近",
    "早上",
    "晚上",
];
/// One more, apart for its place.
const BIRTHDAY: &str = "生日";

/// How many different markers of each kind a run has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Of the first person: 我, 咱.
    pub first_person: u32,
    /// Whether it speaks to somebody: 你, 您.
    pub second_person: bool,
    /// Words that name a time.
    pub times: u32,
    /// Markers of something done.
    pub past: u32,
}

impl Marks {
    /// Reads a run.
    pub fn of(run: &str) -> Self {
        let (mut seen, mut times) = (0u8, 0u32);
        for (at, c) in run.char_indices() {
            match c {
                '我' => seen |= 1,
                '咱' => seen |= 2,
                '你' | '您' => seen |= 4,
                '了' => seen |= 8,
                '过' => seen |= 16,
                '昨' | '今' | '明' | '前' | '后' | '上' | '下' | '去' | '星' | '周' | '月' | '年' | '号' | '点'
                | '最' | '早' | '晚' | '生' => times |= named(&run[at..]),
                _ => {}
            }
        }
        Self {
            first_person: (seen & 3).count_ones(),
            second_person: seen & 4 != 0,
            times: times.count_ones(),
            past: (seen & 24).count_ones(),
        }
    }
}

/// The words for a time that a text begins with, a bit each.
fn named(rest: &str) -> u32 {
    let words = TIMES.iter().chain([&BIRTHDAY]).enumerate();
    words.fold(0, |found, (bit, word)| found | u32::from(rest.starts_with(word)) << bit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_markers_are_counted_once_each() {
        let marks = Marks::of("我昨天过生日了我们去年去了上海");
        assert_eq!((marks.first_person, marks.past, marks.times), (1, 2, 4));
        assert!(!marks.second_person && Marks::of("您好").second_person);
        assert_eq!(Marks::of("天气很好"), Marks::default());
    }
}
