//! Texts that lead to another document.
