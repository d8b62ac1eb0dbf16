//! What Spark suggests in place of a name that it does not know, as a fix.

use glueline_base::{Diagnostic, Edit, Fix, Safety, slice};
use glueline_project::Project;

/// The words of Spark before its suggestions, the likeliest first (`error-conditions.json`, `UNRESOLVED_COLUMN.WITH_SUGGESTION` and
/// its like).
const OFFERS: &str = "Did you mean one of the following? [";

/// Writes the first suggestion in the place of the name; nothing where what stands at the place is not that name, as where a macro
/// wrote it.
pub(super) fn fix(finding: &Diagnostic, message: &str, project: &Project) -> Option<Fix> {
    let (before, offers) = message.split_once(OFFERS)?;
    let (offers, _) = offers.split_once(']')?;
    let meant = plain(offers.split(", ").next()?)?;
    let wrong = before
        .split_once("name ")?
        .1
        .split(" cannot be resolved")
        .next()?;
    let wrong = plain(wrong)?;
    let there = slice(project.files().text(finding.at.file), finding.at.range);
    if !there
        .replace('`', "")
        .eq_ignore_ascii_case(&wrong.replace('`', ""))
    {
        return None;
    }
    Some(Fix {
        title: format!("Write `{meant}`"),
        safety: Safety::Unsafe,
        edits: vec![Edit {
            at: finding.at,
            text: meant,
        }],
    })
}

/// A name as a person writes it: with back-ticks only around parts that need them. `None` for what Spark does not quote.
fn plain(name: &str) -> Option<String> {
    let inner = name.trim().strip_prefix('`')?.strip_suffix('`')?;
    let is_plain = |part: &&str| {
        let mut chars = part.chars();
        chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let parts = inner.split("`.`").map(|part| {
        if is_plain(&part) {
            part.to_owned()
        } else {
            format!("`{part}`")
        }
    });
    Some(parts.collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_need_it() {
        for (name, want) in [
            ("`a`", Some("a")),
            ("`o`.`order id`", Some("o.`order id`")),
            (" `1a`", Some("`1a`")),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(plain(name).as_deref(), want, "{name}");
        }
    }
}
