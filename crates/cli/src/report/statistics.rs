//! How often each rule reported.

use std::collections::BTreeMap;
use std::io::{self, Write};

use glueline_base::{Diagnostic, Severity};
use serde::Serialize;

/// What is printed as JSON.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    rules: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    group: &'static str,
    severity: &'static str,
    count: usize,
    fixable: usize,
}

/// Prints a row for each rule and severity, the most frequent first.
pub(crate) fn statistics(diagnostics: &[Diagnostic], json: bool, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(diagnostics);
    if json {
        let document = Document {
            schema: "glueline-statistics/1",
            rules: rows,
        };
        serde_json::to_writer(&mut *out, &document)?;
        return out.write_all(b"\n");
    }
    let digits = rows.first().map_or(1, |row| row.count.to_string().len());
    let name = |row: &Row<'_>| format!("{}[{}]", row.severity, row.rule);
    let width = rows.iter().map(|row| name(row).len()).max().unwrap_or(0);
    for row in &rows {
        let fixable = match row.fixable {
            0 => String::new(),
            some => format!("  {some} fixable"),
        };
        let line = format!(
            "{:>digits$}  {:<width$}  {}{fixable}",
            row.count,
            name(row),
            row.group
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn rows(diagnostics: &[Diagnostic]) -> Vec<Row<'_>> {
    let mut rows: BTreeMap<(&str, Severity), Row<'_>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let row = rows
            .entry((diagnostic.rule, diagnostic.severity))
            .or_insert_with(|| Row {
                rule: diagnostic.rule,
                group: diagnostic.group.name(),
                severity: diagnostic.severity.name(),
                count: 0,
                fixable: 0,
            });
        row.count += 1;
        row.fixable += usize::from(diagnostic.fix.is_some());
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    // Stable: rules that reported equally often stay in the order of their names.
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

#[cfg(test)]
mod tests {
    use super::super::testing::sample;
    use super::*;

    fn printed(json: bool) -> String {
        let sample = sample();
        let mut twice = sample.report().diagnostics.to_vec();
        twice.extend_from_within(..1);
        let mut out = Vec::new();
        statistics(&twice, json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_most_frequent_rule_is_first() {
        let want = "\
2  warning[version-is-a-number]     ineffective  2 fixable
1  error[merge-without-unique-key]  fails  1 fixable
1  hint[version-is-a-number]        ineffective
";
        assert_eq!(printed(false), want);
        let want = r#"{"schema":"glueline-statistics/1","rules":[{"rule":"version-is-a-number","group":"ineffective","severity":"warning","count":2,"fixable":2},{"rule":"merge-without-unique-key","group":"fails","severity":"error","count":1,"fixable":1},{"rule":"version-is-a-number","group":"ineffective","severity":"hint","count":1,"fixable":0}]}"#;
        assert_eq!(printed(true), format!("{want}\n"));
    }
}
