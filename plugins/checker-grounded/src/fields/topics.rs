//! What people call what a field is about.

use crate::fields::flatten::spaced;
use crate::text::lexicon::hash;
use crate::text::stem::stem;

/// Ways to name one thing, the first of which is its own name.
pub(super) type Names = &'static [&'static str];

/// Things that fields of many services are about. A field whose name is one of a row's is found under all of them; a field
/// that is in no row is found under its own name.
const TOPICS: &[Names] = &[
    &["wifi", "wi fi", "internet", "wireless"],
    &[
        "take out",
        "takeout",
        "takeaway",
        "carry out",
        "carryout",
        "to go orders",
        "pick up",
    ],
    &[
        "outdoor seating",
        "outdoor dining",
        "outdoor area",
        "outdoor space",
        "patio",
        "outside seating",
        "al fresco",
    ],
    &[
        "reservations",
        "reservation",
        "reserve a table",
        "book a table",
        "bookings",
    ],
    &[
        "groups",
        "group dining",
        "large parties",
        "larger parties",
        "large group",
    ],
    &["music"],
    &["parking", "park"],
    &["garage", "parking garage"],
    &["street", "street parking"],
    &["lot", "parking lot", "private lot"],
    &["valet", "valet parking"],
    &["validated", "validated parking", "parking validation"],
    &["ambience", "ambiance", "atmosphere", "vibe"],
    &["delivery", "delivers"],
    &["credit cards", "credit card"],
    &["wheelchair accessible", "wheelchair"],
    &["kids", "children"],
    &["dogs allowed", "dogs", "pets", "pet friendly"],
    &["alcohol", "full bar"],
    &["happy hour"],
    &["drive thru", "drive through"],
    &["tv", "tvs", "television"],
    &["catering", "caters", "catering services"],
    &["dress code", "attire"],
    &["breakfast included", "free breakfast"],
    &["pool", "swimming pool"],
    &["gym", "fitness center"],
    &["air conditioning", "air conditioned"],
];

/// Services that people are told of so often that one which neither a field nor the text speaks of was made up.
const SERVICES: &[&str] = &[
    "wifi",
    "take out",
    "outdoor seating",
    "reservations",
    "groups",
    "music",
    "parking",
    "delivery",
    "credit cards",
    "wheelchair accessible",
    "dogs allowed",
    "happy hour",
    "drive thru",
    "tv",
    "catering",
    "dress code",
    "air conditioning",
];

/// Words of a field's name that say nothing of what it is about.
const FILLERS: &[&str] = &[
    "restaurants",
    "restaurant",
    "business",
    "good",
    "for",
    "has",
    "is",
    "accepts",
    "allows",
    "offers",
    "by",
    "available",
    "the",
    "of",
];

/// A phrase by its stems.
pub(super) type Phrase = Vec<u32>;

/// What a field is about: the phrases under which it can be found.
pub(super) fn phrases(name: &str) -> Vec<Phrase> {
    let mut words = spaced(name);
    words.retain(|word| !FILLERS.contains(&word.as_str()));
    let own = words.join(" ");
    match row(&own) {
        Some(names) => names.iter().map(|name| phrase(name)).collect(),
        None if own.is_empty() => Vec::new(),
        None => vec![phrase(&own)],
    }
}

/// Whether a field's name means this topic.
pub(super) fn is_about(name: &str, topic: &str) -> bool {
    phrases(name).contains(&phrase(topic))
}

/// All services that could be missing, with their phrases.
pub(super) fn services() -> impl Iterator<Item = (&'static str, Vec<Phrase>)> {
    SERVICES.iter().map(|name| (*name, phrases(name)))
}

fn row(name: &str) -> Option<Names> {
    TOPICS.iter().find(|names| names.contains(&name)).copied()
}

fn phrase(name: &str) -> Phrase {
    name.split(' ').map(stem).collect()
}

/// The stem of a word that must stand beside parts of a group: a `lot` is for parking only where parking is spoken of.
pub(super) const PARKING: u32 = hash("park");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_under_all_names_of_its_topic() {
        assert!(phrases("RestaurantsTakeOut").contains(&phrase("carryout")));
        assert!(phrases("WiFi").contains(&phrase("wi fi")));
        assert_eq!(phrases("HasTelescope"), [phrase("telescope")]);
        assert!(is_about("BusinessParking", "parking"));
    }

    #[test]
    fn the_stem_of_parking_is_as_written() {
        assert_eq!(stem("parking"), PARKING);
    }
}
