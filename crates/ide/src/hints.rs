//! Inlay hints: what a name resolves to, what a config comes to.
