//! Semantic tokens.
