//! How a message feels, -1 to 1.
//!
//! Words of feeling carry a valence; what stands around them changes it: negation turns it, degree stretches it, a
//! contrast (`but`) shifts the weight to what follows, a question or a condition weakens it, an exclamation strengthens it.
//! The rules follow VADER (Hutto and Gilbert, 2014), simplified; the lists are our own.

use super::reading::Reading;
use super::sentiment_words::{ASCII_EMOJI, CONTRAST, DOUBT, EMOJI, LESS, MORE, NEGATION, sets, valence_of};
use crate::conversation::Line;
use crate::language::phrase::Phrase;

pub use super::sentiment_words::valence;

/// The sentiment of a text.
pub fn score(text: &str) -> f32 {
    score_of(&Reading::of(&Line::of_user(text)))
}

/// The sentiment of a message.
pub fn score_of(reading: &Reading) -> f32 {
    let mut sum = emoji(reading.text());
    for sentence in reading.sentences() {
        let text = sentence.words.text;
        let felt = phrase_valence(sentence.words) + super::sentiment_han::valence(text);
        let weight = if sentence.asks { 0.4 } else { 1.0 };
        let stress = 1.0 + 0.15 * text.chars().filter(|c| matches!(c, '!' | '！')).count().min(3) as f32;
        sum += felt * weight * stress;
    }
    // Valences of many words grow slowly towards the ends of the scale.
    sum / (sum * sum + 8.0).sqrt()
}

fn emoji(text: &str) -> f32 {
    let count = |marks: &[(&str, f32)]| {
        let found = marks
            .iter()
            .map(|(mark, valence)| valence * text.matches(mark).count() as f32);
        found.sum::<f32>()
    };
    let wide = if text.is_ascii() { 0.0 } else { count(EMOJI) };
    let ascii = if text.as_bytes().contains(&b':') {
        count(ASCII_EMOJI)
    } else {
        0.0
    };
    (wide + ascii).clamp(-4.0, 4.0)
}

fn phrase_valence(words: Phrase) -> f32 {
    let of: Vec<u32> = (0..words.len()).map(|place| words.sets(place, sets())).collect();
    if of.iter().all(|sets| valence_of(*sets).is_none()) {
        return 0.0;
    }
    let is = |place: usize, set: u32| of.get(place).is_some_and(|sets| sets & set != 0);
    let turn = (0..of.len()).rev().find(|place| is(*place, CONTRAST));
    let doubt = (0..of.len()).any(|place| is(place, DOUBT));
    let mut sum = 0.0;
    for (place, sets) in of.iter().enumerate() {
        let Some(mut felt) = valence_of(*sets) else { continue };
        for back in place.saturating_sub(3)..place {
            if is(back, MORE) && place - back <= 2 {
                felt *= 1.3;
            } else if is(back, LESS) && place - back <= 2 {
                felt *= 0.6;
            }
        }
        // `don't` is cut into `don` and `t`.
        let negated = (place.saturating_sub(4)..place).any(|back| is(back, NEGATION));
        if negated {
            felt *= -0.7;
        }
        felt *= match turn {
            Some(turn) if place < turn => 0.4,
            Some(_) => 1.3,
            None => 1.0,
        };
        sum += felt;
    }
    if doubt { sum * 0.6 } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_word_changes_it() {
        assert!(score("This is good.") > 0.2 && score("This is not good.") < -0.1);
        assert!(score("It is very good!") > score("It is good."));
        assert!(score("The food was nice, but the service was terrible.") < 0.0);
        assert_eq!(score("The train leaves at nine."), 0.0);
    }

    #[test]
    fn chinese_is_felt_too() {
        assert!(score("我很喜欢这个方案，太棒了！") > 0.4);
        assert!(score("我不喜欢，太糟糕了") < -0.3);
    }
}
