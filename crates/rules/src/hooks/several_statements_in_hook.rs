//! `several-statements-in-hook`.

use glueline_base::{Diagnostic, FileRange, Fix, slice};
use glueline_jinja::Piece;
use rustc_hash::FxHashSet;

use super::hook;
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model::is_folder_wide;
use crate::rule::{Check, Rule, Sink, rule};
use crate::sql_text::texts::{Lexed, Lexer};

pub(crate) static RULE: Rule = rule!(
    "several-statements-in-hook",
    Sql,
    Warning,
    "several_statements_in_hook.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let mut judged = FxHashSet::default();
    for node in cx.project.own_nodes() {
        let cx = NodeCx {
            project: cx.project,
            node,
        };
        for hook in hook::of_node(&cx) {
            let Some((text, at)) = hook.sql() else { continue };
            if is_folder_wide(hook.set) && !judged.insert(at) {
                continue;
            }
            if let Some(finding) = judge(&ProjectCx { project: cx.project }, text, at) {
                let own = !is_folder_wide(hook.set);
                sink.push(if own {
                    finding.node(&*node.unique_id)
                } else {
                    finding
                });
            }
        }
    }
    let file = cx.project.project_file().file;
    for (_, hooks) in &cx.project.project_file().run_hooks {
        for hook in hooks {
            sink_if(sink, judge(cx, &hook.value, hook.in_file(file)));
        }
    }
}

fn sink_if(sink: &mut Sink, finding: Option<Diagnostic>) {
    if let Some(finding) = finding {
        sink.push(finding);
    }
}

fn judge(cx: &ProjectCx<'_>, text: &str, whole: FileRange) -> Option<Diagnostic> {
    let separators = separators(text);
    let first = *separators.first()?;
    let at = hook::part(cx.project, whole, text, first, 1);
    let message = "A hook is one statement: Spark refuses what follows this `;`. Make a list of hooks, or write the word \
                   `dbt_next_query` in its place.";
    let mut finding = Diagnostic::new(&RULE.meta, at.unwrap_or(whole), message);
    let mut fix = Fix::safe("Write `dbt_next_query` for `;`");
    for offset in separators {
        let Some(at) = hook::part(cx.project, whole, text, offset, 1) else {
            return Some(finding);
        };
        fix = fix.replace(at, " dbt_next_query ");
    }
    finding = finding.fix(fix);
    Some(finding)
}

/// The `;` that more SQL follows. Text inside of Jinja blocks is passed over: it may be left out, or repeated.
fn separators(text: &str) -> Vec<usize> {
    // The two words by which dbt-glue splits a text, or takes it for Python.
    if !text.contains(';') || text.contains("dbt_next_query") || text.contains(glueline_render::AS_IT_STANDS)
    {
        return Vec::new();
    }
    let template = glueline_jinja::parse(text);
    let mut lexer = Lexer::default();
    let mut found: Vec<usize> = Vec::new();
    let mut confirmed = 0;
    for piece in &template.body {
        let Piece::Text(range) = piece else { continue };
        let start = usize::from(range.start());
        lexer.read(slice(text, *range), |at, byte, state| match (state, byte) {
            (Lexed::Code, b';') => found.push(start + at),
            (Lexed::LineComment | Lexed::BlockComment, _) => {}
            (_, byte) if byte.is_ascii_whitespace() => {}
            _ => confirmed = found.len(),
        });
    }
    found.truncate(confirmed);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_counts_where_sql_follows() {
        let cases: [(&str, &[usize]); 9] = [
            ("select 1", &[]),
            ("select 1;", &[]),
            ("select 1; -- done", &[]),
            ("select ';x'; ", &[]),
            ("select 1; select 2", &[8]),
            ("a; b; c;", &[1, 4]),
            ("a dbt_next_query b; c", &[]),
            (
                "{% for r in results %}insert x{% if not loop.last %};{% endif %}{% endfor %}",
                &[],
            ),
            ("set x = {{ y }}; drop table é", &[15]),
        ];
        for (text, expected) in cases {
            assert_eq!(separators(text), expected, "{text}");
        }
    }

    #[test]
    fn torn_texts_are_read() {
        let text = "set a = '{{ b }}'; /* x */ -- y\n drop {% if z %} é; {% endif %};";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let torn = text.get(..end).unwrap();
            assert!(separators(torn).iter().all(|at| torn.as_bytes()[*at] == b';'));
        }
    }
}
