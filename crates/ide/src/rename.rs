//! Giving a thing another name everywhere.
