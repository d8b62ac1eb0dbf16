//! Lines above a model: preview, run, parents and children.
