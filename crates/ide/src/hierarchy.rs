//! Calls of macros and lineage of nodes, up and down.
