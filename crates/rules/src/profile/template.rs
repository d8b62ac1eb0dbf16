//! What dbt makes of Jinja in a value of the profile.
//!
//! A template of one `{{ }}` keeps the type of its expression; anything else becomes a text
//! (`dbt_common/clients/jinja.py`, `quoted_native_concat`).

use glueline_base::{Node, TextRange, Value};
use glueline_jinja::{Expr, ExprKind, Piece, Scope};

use super::scalar::Scalar;
use crate::context::TargetCx;

/// Whether the value of a key holds Jinja.
pub(crate) fn is_template(cx: &TargetCx<'_>, key: &str) -> bool {
    Scalar::raw(cx, key).is_some_and(|raw| ["{{", "{%", "{#"].iter().any(|open| raw.text.contains(open)))
}

/// The only expression of a template.
pub(crate) fn only_expression(text: &str) -> Option<Expr<'_>> {
    let template = glueline_jinja::parse(text);
    if !template.errors.is_empty() {
        return None;
    }
    match <[Piece<'_>; 1]>::try_from(template.body) {
        Ok([Piece::Output(output)]) => Some(output.expr),
        _ => None,
    }
}

/// Whether a template holds both text and expressions, so that it makes a text whatever they are.
pub(crate) fn is_mixed(text: &str) -> bool {
    let template = glueline_jinja::parse(text);
    template.errors.is_empty()
        && template.body.len() > 1
        && template
            .body
            .iter()
            .any(|piece| matches!(piece, Piece::Text(range) if !range.is_empty()))
        && template
            .body
            .iter()
            .any(|piece| matches!(piece, Piece::Output(_)))
        && template
            .body
            .iter()
            .all(|piece| matches!(piece, Piece::Text(_) | Piece::Output(_)))
}

/// Whether an expression is a call of `env_var`, which gives a text, set or by default.
pub(crate) fn is_env_var(expr: &Expr<'_>) -> bool {
    let ExprKind::Call { callee, args } = &expr.kind else {
        return false;
    };
    let named = matches!(&callee.kind, ExprKind::Name(name) if name.value == "env_var");
    // Another default than a text is handed through.
    named
        && args
            .get(1)
            .is_none_or(|default| matches!(default.value.kind, ExprKind::Str(_)))
}

/// Whether an expression depends on nothing. Jinja works such a one out when it compiles the template, and leaves a text.
pub(crate) fn is_constant(expr: &Expr<'_>) -> bool {
    match &expr.kind {
        ExprKind::None | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Str(_) => true,
        ExprKind::Unary { operand, .. } => is_constant(operand),
        ExprKind::Binary { left, right, .. } => is_constant(left) && is_constant(right),
        ExprKind::Conditional {
            then,
            condition,
            otherwise,
        } => is_constant(then) && is_constant(condition) && otherwise.as_deref().is_none_or(is_constant),
        _ => false,
    }
}

/// The value of an expression when no variable of the environment is set.
pub(crate) fn by_default(expr: &Expr<'_>) -> Value {
    glueline_jinja::eval(expr, &Defaults).value
}

struct Defaults;

impl Scope for Defaults {
    fn call(&self, callee: &str, args: &[Node], _kwargs: &[(&str, Node)], _range: TextRange) -> Value {
        match (callee, args) {
            ("env_var", [_, default]) => default.value.clone(),
            _ => Value::Unknown,
        }
    }

    fn native(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_apart() {
        assert!(only_expression("{{ env_var('A') }}").is_some_and(|expr| is_env_var(&expr)));
        assert!(only_expression("{{ env_var('A', '2') | int }}").is_some_and(|expr| !is_env_var(&expr)));
        assert!(only_expression("{{ env_var('A', 2) }}").is_some_and(|expr| !is_env_var(&expr)));
        assert!(only_expression("1{{ env_var('A') }}").is_none() && is_mixed("1{{ env_var('A') }}"));
        assert!(!is_mixed("{{ env_var('A') }}") && !is_mixed("2") && !is_mixed("{{ "));
    }

    #[test]
    fn constants_are_known() {
        let constant = |text: &str| is_constant(&only_expression(text).unwrap());
        assert!(constant("{{ 2 }}") && constant("{{ -1 + 3 }}") && constant("{{ 2 if true else 4 }}"));
        assert!(!constant("{{ var('w', 3) }}") && !constant("{{ x }}"));
    }

    #[test]
    fn defaults_are_converted() {
        let value = |text: &str| by_default(&only_expression(text).unwrap());
        assert_eq!(value("{{ env_var('A', 'True') | as_bool }}"), Value::Bool(true));
        assert_eq!(value("{{ env_var('A', 'true') | as_bool }}"), Value::Unknown);
        assert_eq!(value("{{ env_var('A', '3') | as_number }}"), Value::Int(3));
        assert_eq!(value("{{ env_var('A') | as_number }}"), Value::Unknown);
    }
}
