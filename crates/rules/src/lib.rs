//! The rule book.
