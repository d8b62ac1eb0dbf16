//! `unused-suppression`.

use crate::rule::{Check, Rule, rule};

pub(crate) static RULE: Rule = rule!(
    "unused-suppression",
    Project,
    Warning,
    "unused_suppression.md",
    Check::Elsewhere
);
