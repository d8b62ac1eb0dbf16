//! `glueline explain` and `glueline rules`.

use std::io::{self, Write};

use glueline_base::{RuleMeta, nearest};
use serde::Serialize;

use crate::args::RulesFormat;
use crate::exit::Failure;
use crate::report::clean;

/// The page of a rule or, failing that, of a configuration key or an error class; where there is neither, what may be meant.
pub(crate) fn find_page(
    name: &str,
    rules: &[RuleMeta],
    page_of_key: impl Fn(&str) -> Option<String>,
    keys: &[&str],
) -> Result<String, Failure> {
    // As keys are written in `dbt_project.yml`.
    let name = name.trim_start_matches('+');
    if let Some(rule) = rules.iter().find(|rule| rule.id == name) {
        return Ok(rule.page.to_owned());
    }
    if let Some(page) = page_of_key(name) {
        return Ok(page);
    }
    let known = rules.iter().map(|rule| rule.id).chain(keys.iter().copied());
    let hint = match nearest(name, known) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "`glueline rules` lists the rules".to_owned(),
    };
    Err(Failure::Usage(format!(
        "there is no rule, configuration key or error class `{name}`; {hint}"
    )))
}

/// Prints a page: as it is where a program reads it, and lightly dressed for a person.
pub(crate) fn print_page(page: &str, for_terminal: bool, color: bool, out: &mut dyn Write) -> io::Result<()> {
    if !for_terminal {
        out.write_all(page.as_bytes())?;
        return if page.ends_with('\n') {
            Ok(())
        } else {
            writeln!(out)
        };
    }
    let (bold, dim, off) = if color {
        ("\x1b[1m", "\x1b[2m", "\x1b[0m")
    } else {
        ("", "", "")
    };
    let mut in_code = false;
    for line in page.lines() {
        let text = clean(line);
        let marks = text.len() - text.trim_start_matches('#').len();
        if text.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            writeln!(out, "{}", format!("    {}", code(&text)).trim_end())?;
        } else if (1..=6).contains(&marks) && text.trim_start_matches('#').starts_with(' ') {
            writeln!(out, "{bold}{}{off}", text.trim_start_matches('#').trim())?;
        } else {
            writeln!(out, "{}", inline(&text, dim, off))?;
        }
    }
    Ok(())
}

/// A line of an example. The comment that marks a faulty line is none where Jinja does not know it: an arrow is not
/// taken for code.
fn code(line: &str) -> String {
    ["-- error", "# error", "{# error #}"]
        .iter()
        .find_map(|mark| line.strip_suffix(mark))
        .map_or_else(
            || line.to_owned(),
            |bare| format!("{}  <-- here", bare.trim_end()),
        )
}

/// Prints the list of rules.
pub(crate) fn print_rules(rules: &[RuleMeta], format: RulesFormat, out: &mut dyn Write) -> io::Result<()> {
    if format == RulesFormat::Json {
        let document = Document {
            schema: "glueline-rules/1",
            rules: rules.iter().map(Row::new).collect(),
        };
        serde_json::to_writer(&mut *out, &document)?;
        return out.write_all(b"\n");
    }
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        writeln!(
            out,
            "{:<width$}  {:<11}  {:<7}  {}",
            rule.id,
            rule.group.name(),
            rule.severity.name(),
            rule.summary,
        )?;
    }
    Ok(())
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Document {
    schema: &'static str,
    rules: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: &'static str,
    group: &'static str,
    severity: &'static str,
    summary: &'static str,
    since: &'static str,
}

impl Row {
    const fn new(rule: &RuleMeta) -> Self {
        Self {
            id: rule.id,
            group: rule.group.name(),
            severity: rule.severity.name(),
            summary: rule.summary,
            since: rule.since,
        }
    }
}

/// A line with its `code` set apart; the backticks stay, so that it reads the same without colours.
fn inline(text: &str, on: &str, off: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let pieces = text.split('`').count();
    for (number, piece) in text.split('`').enumerate() {
        // An odd piece is code, unless its closing backtick is missing.
        if number % 2 == 1 && number + 1 < pieces {
            out.extend([on, "`", piece, "`", off]);
        } else if number % 2 == 1 {
            out.extend(["`", piece]);
        } else {
            out.push_str(piece);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use glueline_base::{Group, Severity};

    use super::*;

    const PAGE: &str = "# idle-session\n\nA `session` waits.\n\n```yaml\n# not a heading\nidle: `1 # error\n```\n#no heading `x";

    const RULES: [RuleMeta; 2] = [
        RuleMeta {
            id: "idle-session",
            group: Group::Cost,
            severity: Severity::Warning,
            summary: "a session that waits",
            page: PAGE,
            since: "0.1.0",
            stop: None,
        },
        RuleMeta {
            id: "lost",
            group: Group::Data,
            severity: Severity::Error,
            summary: "rows that are lost",
            page: "",
            since: "0.2.0",
            stop: None,
        },
    ];

    #[test]
    fn rules_and_keys_have_pages_and_others_a_hint() {
        let find = |name: &str| {
            let key = |key: &str| (key == "workers").then(|| "# workers".to_owned());
            find_page(name, &RULES, key, &["workers"]).map_err(|failure| failure.message().unwrap())
        };
        assert_eq!(find("idle-session").as_deref(), Ok(PAGE));
        assert_eq!(find("workers").as_deref(), Ok("# workers"));
        assert_eq!(find("+workers").as_deref(), Ok("# workers"));
        for (name, hint) in [
            ("idle-sesion", "did you mean `idle-session`?"),
            ("worker", "did you mean `workers`?"),
            ("zebra", "`glueline rules` lists the rules"),
        ] {
            assert!(find(name).unwrap_err().ends_with(hint), "{name}");
        }
    }

    #[test]
    fn a_page_is_dressed_for_people_only() {
        let printed = |for_terminal, color| {
            let mut out = Vec::new();
            print_page(PAGE, for_terminal, color, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(printed(false, true), format!("{PAGE}\n"));
        assert_eq!(
            printed(true, true),
            "\x1b[1midle-session\x1b[0m\n\nA \x1b[2m`session`\x1b[0m waits.\n\n    # not a heading\n    idle: `1  <-- here\n#no heading `x\n"
        );
        assert!(!printed(true, false).contains('\x1b'));
    }

    #[test]
    fn rules_are_listed() {
        let printed = |format| {
            let mut out = Vec::new();
            print_rules(&RULES, format, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let want = "\
idle-session  cost         warning  a session that waits
lost          data         error    rows that are lost
";
        assert_eq!(printed(RulesFormat::Text), want);
        let want = r#"{"schema":"glueline-rules/1","rules":[{"id":"idle-session","group":"cost","severity":"warning","summary":"a session that waits","since":"0.1.0"},{"id":"lost","group":"data","severity":"error","summary":"rows that are lost","since":"0.2.0"}]}"#;
        assert_eq!(printed(RulesFormat::Json), format!("{want}\n"));
    }
}
