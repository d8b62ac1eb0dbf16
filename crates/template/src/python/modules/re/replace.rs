//! `re.sub()` and its templates.

use std::sync::Arc;

use crate::{Args, Cx, Error, ErrorKind, Value};

use super::objects::{Match, Pattern};
use super::subject;
use crate::python::{attributes, params, strings};

impl Pattern {
    /// `sub` and `subn`: replacement, text, count.
    pub(super) fn substitute(
        self: &Arc<Self>,
        cx: &Cx,
        name: &str,
        given: [Option<Value>; 3],
    ) -> Result<Value, Error> {
        let [replacement, text, count] = given.map(Option::unwrap_or_default);
        let text = subject(&text)?;
        let count = if count.is_none() { 0 } else { params::int(&count)? };
        let most = usize::try_from(count)
            .ok()
            .filter(|count| *count > 0)
            .unwrap_or(usize::MAX);
        let template = match &replacement {
            Value::Str(template) => Some(template.plain().into_owned()),
            other if attributes::is_callable(other) || matches!(other, Value::Native(_)) => None,
            other => {
                return Err(Error::type_error(format!(
                    "expected str instance, {} found",
                    other.type_name()
                )));
            }
        };
        let found = self.all(cx, &text, most)?;
        let replaced = found.len();
        let (mut out, mut last) = (String::with_capacity(text.len()), 0);
        for found in found {
            let (start, end) = found.span_bytes();
            out.push_str(text.get(last..start).unwrap_or(""));
            last = end;
            match &template {
                Some(template) => out.push_str(&expand(template, &found)?),
                None => {
                    let made = cx.call(&replacement, Args::of(vec![Value::native(found)]))?;
                    out.push_str(&params::text(&made, "the replacement")?);
                }
            }
            strings::check_length(cx, out.len())?;
        }
        out.push_str(text.get(last..).unwrap_or(""));
        let out = Value::from(out);
        if name == "sub" {
            return Ok(out);
        }
        Ok(Value::tuple(vec![
            out,
            Value::Int(i64::try_from(replaced).unwrap_or(i64::MAX)),
        ]))
    }
}

fn fault(message: String) -> Error {
    Error::new(ErrorKind::Python("error"), message)
}

/// A template of `re.sub()`, for a match.
pub(super) fn expand(template: &str, found: &Match) -> Result<String, Error> {
    let mut out = String::with_capacity(template.len());
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('g') => {
                let rest: String = chars.clone().collect();
                let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
                let Some((name, _)) = name else {
                    return Err(fault(format!(
                        "missing group name at position {}",
                        template.len() - rest.len()
                    )));
                };
                for _ in 0..name.chars().count() + 2 {
                    chars.next();
                }
                let pattern = found.pattern();
                let group = match name.parse::<usize>() {
                    Ok(group) => Some(group).filter(|group| *group <= pattern.groups()),
                    Err(_) => match pattern.index_of_name(name) {
                        Some(group) => Some(group),
                        None => {
                            return Err(Error::new(
                                ErrorKind::Python("IndexError"),
                                format!("unknown group name '{name}'"),
                            ));
                        }
                    },
                };
                let group =
                    group.ok_or_else(|| fault(format!("invalid group reference {name} at position 3")))?;
                out.push_str(found.group_text(group).unwrap_or(""));
            }
            Some('0') => out.push('\0'),
            Some(digit @ '1'..='9') => {
                let mut number = digit.to_string();
                number.extend(chars.next_if(char::is_ascii_digit));
                let group: usize = number.parse().unwrap_or(usize::MAX);
                if group > found.pattern().groups() {
                    return Err(fault(format!("invalid group reference {number} at position 1")));
                }
                out.push_str(found.group_text(group).unwrap_or(""));
            }
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('\\') => out.push('\\'),
            Some(c) if c.is_ascii_alphabetic() => {
                return Err(fault(format!(
                    "bad escape \\{c} at position {}",
                    template.find('\\').unwrap_or(0)
                )));
            }
            Some(c) => out.extend(['\\', c]),
            None => return Err(fault("bad escape (end of pattern) at position 0".to_owned())),
        }
    }
    Ok(out)
}
