//! How a message feels, -1 to 1.
//!
//! Words of feeling carry a valence; what stands around them changes it: negation turns it, degree stretches it, a
//! contrast (`but`) shifts the weight to what follows, a question or a condition weakens it, an exclamation strengthens it.
//! The rules follow VADER (Hutto and Gilbert, 2014), simplified; the lists are our own.

use crate::language::sentences::{is_question, sentences};
use crate::language::words::words;

pub use super::sentiment_words::valence;
use super::sentiment_words::{CONTRAST, DOUBT, EMOJI, LESS, MORE, NEGATION};

/// The sentiment of a text.
pub fn score(text: &str) -> f32 {
    let mut sum = emoji(text);
    for span in sentences(text) {
        let sentence = &text[span];
        let felt = sentence_valence(sentence) + super::sentiment_han::valence(sentence);
        let weight = if is_question(sentence) { 0.4 } else { 1.0 };
        let stress = 1.0 + 0.15 * sentence.matches(['!', '！']).count().min(3) as f32;
        sum += felt * weight * stress;
    }
    // Valences of many words grow slowly towards the ends of the scale.
    sum / (sum * sum + 8.0).sqrt()
}

fn emoji(text: &str) -> f32 {
    let found = EMOJI
        .iter()
        .map(|(mark, valence)| valence * text.matches(mark).count() as f32);
    found.sum::<f32>().clamp(-4.0, 4.0)
}

fn sentence_valence(sentence: &str) -> f32 {
    let lower: Vec<String> = words(sentence).map(|word| word.text.to_lowercase()).collect();
    let is = |place: usize, list: &[&str]| lower.get(place).is_some_and(|word| list.contains(&word.as_str()));
    let turn = (0..lower.len()).rev().find(|place| is(*place, CONTRAST));
    let doubt = (0..lower.len()).any(|place| is(place, DOUBT));
    let mut sum = 0.0;
    for (place, word) in lower.iter().enumerate() {
        let Some(mut felt) = valence(word) else { continue };
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
