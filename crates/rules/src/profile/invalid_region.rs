//! `invalid-region`.

use glueline_base::Diagnostic;

use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-region",
    Fails,
    Error,
    "invalid_region.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(region) = cx.target.text("region") else {
        return;
    };
    if region.is_empty() || is_host_label(region) {
        return;
    }
    let message = format!(
        "`{region}` is no region: every command stops with `Provided region_name '{region}' doesn't match a supported \
         format`. Regions look like `eu-west-1`."
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.value_at("region"), message),
    );
}

/// `botocore/utils.py`, `validate_region_name`: a part of a host name that is no number.
fn is_host_label(region: &str) -> bool {
    region.len() <= 63
        && region
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !region.starts_with('-')
        && !region.ends_with('-')
        && !region.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions() {
        assert!(
            ["eu-west-1", "us-gov-east-1", "local"]
                .into_iter()
                .all(is_host_label)
        );
        assert!(
            !["eu_west_1", "eu west 1", "-eu", "eu-", "123", "eu-wést-1"]
                .into_iter()
                .any(is_host_label)
        );
    }
}
