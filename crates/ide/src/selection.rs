//! Growing a selection by syntax.
