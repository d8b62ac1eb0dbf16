//! `invalid-role-arn`.

use glueline_base::{Diagnostic, Severity};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-role-arn",
    Fails,
    Error,
    "invalid_role_arn.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(role) = cx.target.text("role_arn") else {
        return;
    };
    let Some(limit) = output::limit("CreateSession.Role") else {
        return;
    };
    let length = role.chars().count();
    let least = limit.min as usize;
    let at = cx.target.value_at("role_arn");
    if length < least {
        let message = format!(
            "`{role}` is no role ARN: boto3 refuses a `Role` of {length} characters, it wants at least {least}. Write \
             the whole ARN: `arn:aws:iam::123456789012:role/NAME`."
        );
        cx.report(sink, Diagnostic::new(&RULE.meta, at, message));
    } else if !is_role(role) {
        let message = format!(
            "`{role}` does not look like the ARN of an IAM role, `arn:aws:iam::123456789012:role/NAME`: AWS refuses to \
             start a session with it."
        );
        cx.report(
            sink,
            Diagnostic::new(&RULE.meta, at, message).severity(Severity::Warning),
        );
    }
}

/// The pattern of the Glue service model: `arn:aws[^:]*:iam::[0-9]*:role/.+`.
fn is_role(arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    next() == "arn"
        && next().starts_with("aws")
        && next() == "iam"
        && next().is_empty()
        && next().chars().all(|c| c.is_ascii_digit())
        && next().strip_prefix("role/").is_some_and(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles() {
        for good in [
            "arn:aws:iam::123456789012:role/a",
            "arn:aws-cn:iam::1:role/path/a",
            "arn:aws:iam:::role/a:b",
        ] {
            assert!(is_role(good), "{good}");
        }
        for bad in [
            "",
            "role/a",
            "arn:aws:iam::12x:role/a",
            "arn:aws:iam::12:user/a",
            "arn:aws:iam::12:role/",
        ] {
            assert!(!is_role(bad), "{bad}");
        }
    }
}
