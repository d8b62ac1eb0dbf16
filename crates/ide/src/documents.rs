//! Texts made for reading: compiled SQL, preview, the expansion of a macro, each mapped to its source and back.
