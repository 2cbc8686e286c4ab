//! Components made by hand.
