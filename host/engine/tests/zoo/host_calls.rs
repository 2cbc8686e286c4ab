//! Policies that ask too much of the host's functions.
