//! Functions that do something else than they look.

use glueline_base::TextRange;

use super::Suspect;
use super::link::compares;
use super::null::is_null;
use crate::analyze::Analyzer;
use crate::analyze::expr::Around;
use crate::analyze::scope::equal;
use crate::syntax::ast::{Binary, Call, CallForm, Expr, ExprKind, Over};
use crate::types::DataType;

impl Analyzer<'_> {
    pub(super) fn look_at_call(&mut self, call: &Call, range: TextRange, around: Around<'_>) {
        self.quoted_arguments(call, around);
        let ([name], CallForm::Plain) = (call.name.as_slice(), call.form) else {
            return;
        };
        match call.args.as_slice() {
            [only] if equal("count", &name.text) && !call.distinct && call.over.is_none() => {
                self.counts_all(&only.value, range);
            }
            [only] => {
                if let Some(ty) = cast_by_name(&name.text) {
                    self.cast_constant(&only.value, &ty, range);
                }
                self.last_of_current(call, &name.text, range);
            }
            [_, pattern] => self.pattern(&name.text, &pattern.value),
            _ => {}
        }
    }

    /// `count(a > 1)`
    fn counts_all(&mut self, argument: &Expr, range: TextRange) {
        let case = match &argument.kind {
            ExprKind::Case {
                whens,
                otherwise: Some(otherwise),
                ..
            } => {
                let results = || whens.iter().map(|(_, then)| then).chain([&**otherwise]);
                let constants =
                    results().all(|then| matches!(then.kind, ExprKind::Literal(_)) && !is_null(then));
                if !constants {
                    return;
                }
                true
            }
            ExprKind::Binary { op, .. } => {
                let condition = compares(*op) || matches!(op, Binary::And | Binary::Or);
                // `or null` makes null of what does not hold
                if !condition || null_otherwise(argument) {
                    return;
                }
                false
            }
            ExprKind::Is { .. }
            | ExprKind::InList { .. }
            | ExprKind::Like { .. }
            | ExprKind::Between { .. }
            | ExprKind::Exists(_) => false,
            _ => return,
        };
        self.suspect_with(
            Suspect::CountsAll { case },
            range,
            Some(argument.range),
            Vec::new(),
        );
    }

    /// `last_value(a) over (order by b)`
    fn last_of_current(&mut self, call: &Call, name: &str, range: TextRange) {
        if !(equal("last_value", name) || equal("last", name)) || call.ignore_nulls == Some(true) {
            return;
        }
        if let Some(Over::Spec(spec)) = &call.over
            && spec.frame.is_none()
            && !spec.order.is_empty()
        {
            let function = name.into();
            self.suspect_with(
                Suspect::LastOfCurrent { function },
                range,
                Some(spec.range),
                Vec::new(),
            );
        }
    }
}

/// `a > 1 or null`
fn null_otherwise(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary {
            op: Binary::Or,
            left,
            right,
        } => is_null(left) || is_null(right),
        _ => false,
    }
}

/// The type that a function of one argument casts to.
fn cast_by_name(name: &str) -> Option<DataType> {
    let is = |names: &[&str]| names.iter().any(|known| equal(known, name));
    if is(&["date", "to_date"]) {
        Some(DataType::Date)
    } else if is(&["timestamp", "to_timestamp"]) {
        Some(DataType::Timestamp)
    } else if is(&[
        "int", "bigint", "smallint", "tinyint", "double", "float", "boolean",
    ]) {
        crate::types::parse(name).ok()
    } else {
        None
    }
}
