//! What can stand at a place that is being typed.
