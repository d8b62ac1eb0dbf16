//! Ranges that can be folded.
