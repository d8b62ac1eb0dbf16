//! Comments that silence a rule, written as the file's language wants them and where the rules read them.

use glueline_base::{Diagnostic, FileId, FileRange, TextRange, TextSize, slice};
use glueline_jinja::{Context, Output, Statement, Visitor, walk};
use glueline_project::FileKind;
use glueline_yaml::{Kind, NodeRef};

use super::text::{at, indentation, line_end, line_ending, line_start};
use super::{Action, ActionKind, fixes};
use crate::{Analysis, query};

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// What is said of comments themselves: no comment silences it.
const NEVER_SILENT: &str = "unused-suppression";

/// How comments are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Template,
    Hash,
}

pub(super) fn of_findings(
    analysis: &Analysis,
    file: FileId,
    range: TextRange,
    findings: &[Diagnostic],
) -> Vec<Action> {
    let Some(language) = language(analysis.project().files().info(file).kind) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut rules: Vec<&str> = Vec::new();
    for (number, finding) in fixes::touched(file, range, findings) {
        // What a run says is of no rule.
        if finding.rule.is_empty() || rules.contains(&finding.rule) || finding.rule == NEVER_SILENT {
            continue;
        }
        rules.push(finding.rule);
        let title = format!("Allow `{}` here", finding.rule);
        if let Some((range, text)) = here(analysis, file, language, finding) {
            let action = Action::new(title, ActionKind::QuickFix).about(number);
            out.push(action.replace(FileRange { file, range }, text));
        }
        let (range, text) = in_file(analysis.text(file), language, finding.rule);
        let title = format!("Allow `{}` in this file", finding.rule);
        let action = Action::new(title, ActionKind::QuickFix).about(number);
        out.push(action.replace(FileRange { file, range }, text));
    }
    out
}

const fn language(kind: FileKind) -> Option<Language> {
    match kind {
        FileKind::Model
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::GenericTest
        | FileKind::Macro
        | FileKind::Docs => Some(Language::Template),
        FileKind::PythonModel
        | FileKind::ProjectFile
        | FileKind::Profiles
        | FileKind::Packages
        | FileKind::Selectors
        | FileKind::Vars
        | FileKind::Properties => Some(Language::Hash),
        // A comment would be a row, or nobody looks for one.
        FileKind::Seed | FileKind::Fixture | FileKind::Settings => None,
    }
}

/// A comment on the line before, or one more rule in the comment that stands there.
fn here(
    analysis: &Analysis,
    file: FileId,
    language: Language,
    finding: &Diagnostic,
) -> Option<(TextRange, String)> {
    let text = analysis.text(file);
    let start = finding.at.range.start();
    // What is said of a file as a whole stays at its start, before any comment.
    if finding.at.range == TextRange::empty(at(0)) {
        return None;
    }
    let is_yaml = analysis.project().facts(file).yaml().is_some();
    let line = match language {
        Language::Template => line_of_tag(text, start)?,
        Language::Hash if is_yaml => free_yaml_line(text, start)?,
        Language::Hash => free_python_line(text, start)?,
    };
    if let Some(found) = listed(text, line, finding.rule) {
        return Some(found);
    }
    let comment = match language {
        Language::Hash => format!("# glueline: allow({})", finding.rule),
        Language::Template if is_sql_at(analysis, file, line, start) => {
            format!("-- glueline: allow({})", finding.rule)
        }
        Language::Template => format!("{{# glueline: allow({}) #}}", finding.rule),
    };
    let indent = indentation(text, line);
    // A byte order mark stays first.
    let first = if line == at(0) && text.starts_with(BYTE_ORDER_MARK) {
        TextSize::of(BYTE_ORDER_MARK)
    } else {
        line
    };
    let indent = if first == line { indent } else { "" };
    Some((
        TextRange::empty(first),
        format!("{indent}{comment}{}", line_ending(text)),
    ))
}

/// Adds a rule to the comment that stands alone on the line before.
fn listed(text: &str, line: TextSize, rule: &str) -> Option<(TextRange, String)> {
    let before = line.checked_sub(TextSize::new(1))?;
    let start = line_start(text, before);
    let written = slice(text, TextRange::new(start, before));
    let comment = written.trim_start();
    let is_comment = ["-- ", "# ", "{# ", "{#- "].iter().any(|mark| {
        comment
            .strip_prefix(mark)
            .is_some_and(|rest| rest.starts_with("glueline: allow("))
    });
    let close = written.rfind(')').filter(|_| is_comment)?;
    let place = start + TextSize::of(written.get(..close)?);
    Some((TextRange::empty(place), format!(", {rule}")))
}

fn in_file(text: &str, language: Language, rule: &str) -> (TextRange, String) {
    let comment = match language {
        Language::Hash => format!("# glueline: allow-file({rule})"),
        // One of Jinja's is not sent to Spark.
        Language::Template => format!("{{# glueline: allow-file({rule}) #}}"),
    };
    let start = if text.starts_with(BYTE_ORDER_MARK) {
        TextSize::of(BYTE_ORDER_MARK)
    } else {
        at(0)
    };
    (TextRange::empty(start), format!("{comment}{}", line_ending(text)))
}

/// Whether the line, and the place on it, are SQL where a comment of SQL is one.
fn is_sql_at(analysis: &Analysis, file: FileId, line: TextSize, place: TextSize) -> bool {
    let fragments = query::fragments(analysis, file);
    let Some(fragment) = query::fragment_at(&fragments, line) else {
        return false;
    };
    let is_in_hole = fragment.hole_at(place).is_some() || fragment.hole_at(line).is_some();
    let in_text = |range: &TextRange| range.start() < line && line < range.end();
    let tokens = fragment.sql.tokens.iter().map(|token| token.range);
    let comments = fragment.sql.comments.iter().copied();
    fragment.is_main && !is_in_hole && !tokens.chain(comments).any(|range| in_text(&range))
}

/// The line before which a comment speaks for a place of a template: its own, or that of the `{{` around it. `None` where no comment
/// can: in the later lines of a `{% %}`.
fn line_of_tag(text: &str, place: TextSize) -> Option<TextSize> {
    struct Tags {
        line: TextSize,
        output: Option<TextRange>,
        statement: bool,
    }
    impl<'t, 'a> Visitor<'t, 'a> for Tags {
        fn output(&mut self, output: &'t Output<'a>, _context: &Context<'t, 'a>) {
            if output.range.start() < self.line && self.line < output.range.end() {
                self.output = Some(output.range);
            }
        }

        fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
            let around = |tag: TextRange| tag.start() < self.line && self.line < tag.end();
            self.statement |=
                around(statement.open.range) || statement.close.is_some_and(|close| around(close.range));
        }
    }
    let line = line_start(text, place);
    let mut tags = Tags {
        line,
        output: None,
        statement: false,
    };
    walk(&glueline_jinja::parse(text), &mut tags);
    if tags.statement {
        return None;
    }
    let Some(output) = tags.output else {
        return Some(line);
    };
    let start = line_start(text, output.start());
    let before = slice(text, TextRange::new(start, output.start()));
    before.trim().is_empty().then_some(start)
}

/// The line of a place of YAML, where a `#` before it would be a comment.
fn free_yaml_line(text: &str, place: TextSize) -> Option<TextSize> {
    let line = line_start(text, place);
    let tree = glueline_yaml::parse_stripped(text);
    let mut open: Vec<NodeRef<'_>> = tree.root().into_iter().collect();
    while let Some(node) = open.pop() {
        let range = node.range();
        if node.is_alias() || !(range.start() < line && line < range.end()) {
            continue;
        }
        match node.kind() {
            Kind::Scalar(_) => return None,
            Kind::Mapping => {
                for entry in node.raw_entries() {
                    open.extend([entry.key(), entry.value()]);
                }
            }
            Kind::Sequence => open.extend(node.items()),
            Kind::Unreadable => {}
        }
    }
    Some(line)
}

/// The line of a place of Python, where it does not begin in a text over several lines, or go on from the line before.
fn free_python_line(text: &str, place: TextSize) -> Option<TextSize> {
    let line = line_start(text, place);
    let before = text.get(..usize::from(line))?;
    let is_open = |quotes: &str| before.matches(quotes).count() % 2 == 1;
    let goes_on = before.trim_end_matches(['\r', '\n']).ends_with('\\');
    (!is_open("\"\"\"") && !is_open("'''") && !goes_on && line_end(text, line) >= place).then_some(line)
}
