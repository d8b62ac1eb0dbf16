//! Comparisons with null, which give null.

use glueline_base::{TextRange, TextSize};

use super::Suspect;
use super::constant::is_constant;
use super::written::{between, gap};
use crate::analyze::Analyzer;
use crate::analyze::scope::{Output, equal};
use crate::syntax::ast::{Binary, Expr, ExprKind, Literal};

impl Analyzer<'_> {
    /// `a = null`
    pub(super) fn compared_with_null(&mut self, op: Binary, sides: [&Expr; 2], range: TextRange) {
        let [left, right] = sides;
        // `1 = null` says on purpose that nothing holds
        let compared = if is_null(right) { left } else { right };
        if !(is_null(left) || is_null(right)) || is_constant(compared) {
            return;
        }
        let operator = match op {
            Binary::Equal => "=",
            Binary::NotEqual => "<>",
            Binary::Less => "<",
            Binary::LessOrEqual => "<=",
            Binary::Greater => ">",
            _ => ">=",
        };
        let meant = match op {
            Binary::Equal => " is null",
            Binary::NotEqual => " is not null",
            _ => "",
        };
        let gap = gap(self.text, between(left.range, right.range));
        let mut edits = Vec::new();
        if matches!(&*gap.rest, "=" | "==" | "<>" | "!=")
            && !meant.is_empty()
            && is_null(right)
            && let Ok(start) = u32::try_from(gap.closed)
        {
            let at = TextRange::new(TextSize::new(start), right.range.end());
            edits.push((at, meant.into()));
        }
        self.suspect_with(Suspect::ComparedWithNull { operator }, range, None, edits);
    }

    /// `case a when null then ..`
    pub(super) fn case_of_null(&mut self, operand: &Expr, whens: &[(Expr, Expr)]) {
        if is_null(operand) {
            return;
        }
        for (when, _) in whens {
            if is_null(when) {
                self.suspect(Suspect::CaseOfNull, when.range);
            }
        }
    }

    /// `a in (1, null)`
    pub(super) fn null_in_list(&mut self, subject: &Expr, list: &[Expr], negated: bool, range: TextRange) {
        let Some(at) = list.iter().position(is_null) else {
            return;
        };
        let Some(null) = list.get(at) else { return };
        if is_null(subject) {
            return;
        }
        let mut edits = Vec::new();
        if negated && list.iter().filter(|item| is_null(item)).count() == 1 {
            // with the comma beside it
            let near = match (
                at.checked_sub(1).and_then(|before| list.get(before)),
                list.get(at + 1),
            ) {
                (Some(before), _) => {
                    let gap = gap(self.text, between(before.range, null.range));
                    let start = u32::try_from(gap.closed).map_or(before.range.end(), TextSize::new);
                    Some((TextRange::new(start, null.range.end()), &*gap.rest == ","))
                }
                (None, Some(after)) => {
                    let gap = gap(self.text, between(null.range, after.range));
                    Some((
                        TextRange::new(null.range.start(), after.range.start()),
                        &*gap.rest == ",",
                    ))
                }
                (None, None) => None,
            };
            edits.extend(
                near.filter(|(_, plain)| *plain)
                    .map(|(at, _)| (at, Box::from(""))),
            );
        }
        let what = if negated {
            Suspect::NotInNull
        } else {
            Suspect::NullInList
        };
        self.suspect_with(what, null.range, Some(range), edits);
    }

    /// `a not in (select b ..)`
    pub(in crate::analyze) fn not_in_nullable(&mut self, output: &Output, range: TextRange) {
        if !output.complete() {
            return;
        }
        if let Some(column) = output.columns.iter().find(|column| column.nullable) {
            let column = (&*column.name).into();
            self.suspect(Suspect::NotInNullable { column }, range);
        }
    }
}

/// `null` itself.
pub(super) fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::Null))
}

/// Whether an expression is null for some rows by what it is: a `case` without `else`, `nullif`, `try_cast`.
pub(in crate::analyze) fn gives_null(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::Null) | ExprKind::Cast { attempt: true, .. } => true,
        ExprKind::Case { otherwise, .. } => otherwise.as_deref().is_none_or(gives_null),
        ExprKind::Call(call) => {
            matches!(call.name.as_slice(), [name] if equal("nullif", &name.text)) && call.args.len() == 2
        }
        _ => false,
    }
}
