//! The script that a character is written in.

/// Scripts that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// English and most of Europe.
    Latin,
    /// Russian and its kin.
    Cyrillic,
    /// Greek.
    Greek,
    /// Arabic, Persian and others.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// Hindi and others.
    Devanagari,
    /// Thai.
    Thai,
    /// Korean.
    Hangul,
    /// Japanese, with Han.
    Kana,
    /// Chinese.
    Han,
}

impl Script {
    /// How many there are.
    pub const COUNT: usize = 10;

    /// The script of a letter; `None` for everything else, and for scripts that are not told apart.
    #[inline]
    pub fn of(ch: char) -> Option<Self> {
        if ch.is_ascii() {
            return ch.is_ascii_alphabetic().then_some(Self::Latin);
        }
        Self::beyond_ascii(ch)
    }

    fn beyond_ascii(ch: char) -> Option<Self> {
        Some(match ch as u32 {
            0xC0..=0x24F if ch.is_alphabetic() => Self::Latin,
            0x1E00..=0x1EFF => Self::Latin,
            0x370..=0x3FF | 0x1F00..=0x1FFF => Self::Greek,
            0x400..=0x52F => Self::Cyrillic,
            0x590..=0x5FF => Self::Hebrew,
            0x600..=0x6FF | 0x750..=0x77F => Self::Arabic,
            0x900..=0x97F => Self::Devanagari,
            0xE00..=0xE7F => Self::Thai,
            0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF => Self::Hangul,
            0x3041..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F => Self::Kana,
            0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2FA1F => Self::Han,
            _ => return None,
        })
    }

    /// Whether a character is read as a word of its own: no spaces between words, or endings that grow onto them.
    pub fn is_unspaced(self) -> bool {
        matches!(self, Self::Thai | Self::Hangul | Self::Kana | Self::Han)
    }

    /// Whether its sentences end with a full stop.
    pub fn has_full_stop(self) -> bool {
        matches!(self, Self::Latin | Self::Cyrillic | Self::Greek)
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latin => "Latin script",
            Self::Cyrillic => "Cyrillic script",
            Self::Greek => "Greek",
            Self::Arabic => "Arabic script",
            Self::Hebrew => "Hebrew",
            Self::Devanagari => "Devanagari script",
            Self::Thai => "Thai",
            Self::Hangul => "Korean",
            Self::Kana => "Japanese",
            Self::Han => "Chinese",
        }
    }
}
