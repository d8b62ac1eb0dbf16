//! Reading `--select` and `--exclude`, and the one-line form that `selectors.yml` shares with them.

use glueline_base::{TextRange, Value, nearest};

use crate::spec::{Criterion, Group, IndirectSelection, Method, Reach, SelectError, Spec};

/// What dbt selects where nothing is asked for.
const EVERYTHING: [&str; 5] = ["fqn:*", "source:*", "exposure:*", "metric:*", "semantic_model:*"];

/// Reads the values of `--select` (empty: everything) and `--exclude`. Blanks join to a union, commas to an
/// intersection. `indirect` is the value of `--indirect-selection`.
///
/// dbt stops at the first error; here every faulty criterion is reported and left out of the expression.
pub fn parse_arguments(
    select: &[impl AsRef<str>],
    exclude: &[impl AsRef<str>],
    indirect: IndirectSelection,
) -> (Spec, Vec<SelectError>) {
    let mut errors = Vec::new();
    let included = if select.is_empty() {
        union(EVERYTHING.into_iter(), false, indirect, &mut errors)
    } else {
        union(select.iter().map(AsRef::as_ref), true, indirect, &mut errors)
    };
    let excluded = union(exclude.iter().map(AsRef::as_ref), true, indirect, &mut errors);
    (Spec::Difference(Group::new(vec![included, excluded])), errors)
}

fn union<'a>(
    values: impl Iterator<Item = &'a str>,
    must_match: bool,
    indirect: IndirectSelection,
    errors: &mut Vec<SelectError>,
) -> Spec {
    // dbt splits at every single blank: two in a row enclose an empty criterion, which matches nothing.
    let parts = values
        .flat_map(|value| value.split(' '))
        .map(|raw| {
            let mut criteria = Vec::new();
            for part in raw.split(',') {
                match parse_criterion(part, None, indirect) {
                    Ok(criterion) => criteria.push(Spec::Criterion(criterion)),
                    Err(error) => errors.push(error),
                }
            }
            Spec::Intersection(Group {
                parts: criteria,
                indirect,
                must_match: must_match.then(|| raw.to_owned()),
            })
        })
        .collect();
    Spec::Union(Group {
        parts,
        indirect,
        must_match: None,
    })
}

/// Reads one criterion: `@`, `2+`, `method.argument:`, value, `+3`.
///
/// # Errors
/// Where it means nothing.
pub fn parse_criterion(
    raw: &str,
    range: Option<TextRange>,
    indirect: IndirectSelection,
) -> Result<Criterion, SelectError> {
    let fail = |message: String| SelectError::new(message, raw, range);
    if raw.contains('\n') {
        return Err(fail(format!(
            "the selection `{}` is broken over lines",
            raw.escape_debug()
        )));
    }
    let (childrens_parents, rest) = match raw.strip_prefix('@') {
        Some(rest) => (true, rest),
        None => (false, raw),
    };
    let (parents, rest) = leading_plus(rest);
    let (method_text, rest) = leading_method(rest);
    let (value, children) = trailing_plus(rest);
    if childrens_parents && children.is_some() {
        return Err(fail(format!(
            "`@` before and `+` after cannot be combined in the selection `{raw}`"
        )));
    }
    let (method, arguments) = match method_text {
        Some(text) => parse_method(text).map_err(fail)?,
        None => (Method::guess(value), Vec::new()),
    };
    Ok(Criterion {
        raw: raw.to_owned(),
        range,
        method,
        arguments,
        value: Value::str(value),
        childrens_parents,
        parents,
        children,
        indirect,
    })
}

/// Reads `config.materialized`. The error is a message.
pub(crate) fn parse_method(text: &str) -> Result<(Method, Vec<String>), String> {
    let mut parts = text.split('.');
    let name = parts.next().unwrap_or_default();
    let Some(method) = Method::from_name(name) else {
        let names = || Method::ALL.iter().map(|method| method.name());
        return Err(match nearest(name, names()) {
            Some(near) => format!("`{name}` is no selection method; did you mean `{near}`?"),
            None => format!("`{name}` is no selection method"),
        });
    };
    Ok((method, parts.map(str::to_owned).collect()))
}

/// `2+rest`, `+rest`.
fn leading_plus(text: &str) -> (Option<Reach>, &str) {
    match text.split_once('+') {
        Some((digits, rest)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            (Some(reach(digits)), rest)
        }
        _ => (None, text),
    }
}

/// `rest+`, `rest+2`.
fn trailing_plus(text: &str) -> (&str, Option<Reach>) {
    match text.rsplit_once('+') {
        Some((rest, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            (rest, Some(reach(digits)))
        }
        _ => (text, None),
    }
}

/// `word.word:rest`.
fn leading_method(text: &str) -> (Option<&str>, &str) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    match text.split_once(':') {
        Some((method, rest)) if !method.is_empty() && method.chars().all(is_word) => (Some(method), rest),
        _ => (None, text),
    }
}

fn reach(digits: &str) -> Reach {
    if digits.is_empty() {
        return Reach::All;
    }
    Reach::Steps(digits.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The criterion written in full: `@ parents method.arguments:value children`.
    fn shown(raw: &str) -> String {
        let criterion = match parse_criterion(raw, None, IndirectSelection::Eager) {
            Ok(criterion) => criterion,
            Err(error) => return format!("! {error}"),
        };
        let reach = |reach: Option<Reach>| match reach {
            None => "-".to_owned(),
            Some(Reach::All) => "all".to_owned(),
            Some(Reach::Steps(steps)) => steps.to_string(),
        };
        let mut method = criterion.method.name().to_owned();
        for argument in &criterion.arguments {
            method = format!("{method}.{argument}");
        }
        format!(
            "{}{} {method}:{} {}",
            if criterion.childrens_parents { "@ " } else { "" },
            reach(criterion.parents),
            criterion.value.display(),
            reach(criterion.children)
        )
    }

    #[test]
    fn criteria_are_taken_apart_as_dbt_does() {
        for (raw, expected) in [
            ("orders", "- fqn:orders -"),
            ("+orders", "all fqn:orders -"),
            ("2+orders+1", "2 fqn:orders 1"),
            ("0+orders", "0 fqn:orders -"),
            ("99999999999+m", "4294967295 fqn:m -"),
            ("orders+", "- fqn:orders all"),
            ("@orders", "@ - fqn:orders -"),
            ("@+orders", "@ all fqn:orders -"),
            ("a+b", "- fqn:a+b -"),
            ("a+b+1", "- fqn:a+b 1"),
            ("a++", "- fqn:a+ all"),
            ("+", "all fqn: -"),
            ("1+2", "1 fqn:2 -"),
            ("", "- fqn: -"),
            ("models/x", "- path:models/x -"),
            ("a.SQL", "- file:a.SQL -"),
            ("a.py+", "- file:a.py all"),
            ("seeds.csv", "- file:seeds.csv -"),
            ("tag:x:y", "- tag:x:y -"),
            ("config.meta.owner:me+", "- config.meta.owner:me all"),
            (":x", "- fqn::x -"),
            ("a b:c", "- fqn:a b:c -"),
            ("tga:x", "! `tga` is no selection method; did you mean `tag`?"),
            ("nonsense:x", "! `nonsense` is no selection method"),
            (
                "@m+",
                "! `@` before and `+` after cannot be combined in the selection `@m+`",
            ),
            ("a\nb", "! the selection `a\\nb` is broken over lines"),
            ("+é+", "all fqn:é all"),
        ] {
            assert_eq!(shown(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn every_faulty_criterion_is_reported() {
        let (_, errors) = parse_arguments(&["a,b:c", "x:y z"], &["q:r"], IndirectSelection::Eager);
        let parts: Vec<_> = errors.iter().map(|error| error.part.as_str()).collect();
        assert_eq!(parts, ["b:c", "x:y", "q:r"]);
    }
}
