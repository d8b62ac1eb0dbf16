//! From a name to where it is defined, declared, typed and implemented.
