//! Code actions: fixes of findings, fix all, refactorings.
