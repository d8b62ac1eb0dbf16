//! `internal-error`.

use crate::rule::{Check, Rule, rule};

pub(crate) static RULE: Rule = rule!("internal-error", Project, Error, "error.md", Check::Elsewhere);
