//! What a run said of files: errors that came home. It holds until the text that it speaks of changes, or the node runs again.

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{
    Diagnostic, Edit, FileId, FileRange, Fix, Group, Related, Safety, Severity, TextRange, TextSize,
    Utf8Path, Utf8PathBuf,
};
use glueline_ide::Analysis;
use glueline_ide::documents::node_named;
use serde::Deserialize;

/// What runs said, by file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told(BTreeMap<Utf8PathBuf, Vec<One>>);

/// One thing that was said.
#[derive(Debug, Clone, PartialEq)]
struct One {
    /// dbt's id of the node that failed.
    node: Option<String>,
    /// The text that it speaks of.
    text: Arc<str>,
    range: TextRange,
    severity: Severity,
    message: String,
    related: Vec<(Place, String)>,
    /// The title, and what is written where; a person has to agree.
    fix: Option<(String, Vec<(Place, String)>)>,
}

/// A place in any file.
type Place = (Utf8PathBuf, TextRange);

/// A finding as `glueline check --output-format json` writes it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Finding {
    severity: String,
    message: String,
    #[serde(default)]
    path: String,
    range: Option<Range>,
    node: Option<String>,
    #[serde(default)]
    related: Vec<Beside>,
    fix: Option<Mend>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Range {
    start: Point,
    end: Point,
}

/// Counted from 1, in characters.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Point {
    line: usize,
    column: usize,
}

#[derive(Debug, Clone, Deserialize)]
struct Beside {
    path: String,
    range: Range,
    message: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Mend {
    title: String,
    edits: Vec<Write>,
}

#[derive(Debug, Clone, Deserialize)]
struct Write {
    path: String,
    range: Range,
    text: String,
}

impl Finding {
    /// What it says, on one line.
    pub(super) fn sentence(&self) -> String {
        let first = self.message.lines().next().unwrap_or_default();
        match &self.node {
            Some(node) => format!("{node}: {first}"),
            None => first.to_owned(),
        }
    }
}

impl Told {
    /// Takes down what a run says, of a project as the run read it. What has no place is said of the file of its node.
    pub(super) fn add(&mut self, analysis: &Analysis, finding: Finding) {
        let at = analysis.at(&finding.path, finding.range);
        let Some((path, range)) = at.or_else(|| {
            let node = node_named(analysis, finding.node.as_deref()?)?;
            let file = analysis.project().node(node).file();
            Some((analysis.path(file).to_owned(), TextRange::default()))
        }) else {
            return;
        };
        let Some(file) = analysis.file(&path) else {
            return;
        };
        let edits = |mend: &Mend| {
            let edits = mend.edits.iter().map(|edit| {
                let place = analysis.at(&edit.path, Some(edit.range))?;
                Some((place, edit.text.clone()))
            });
            Some((mend.title.clone(), edits.collect::<Option<Vec<_>>>()?))
        };
        let related = finding.related.iter().filter_map(|beside| {
            let place = analysis.at(&beside.path, Some(beside.range))?;
            Some((place, beside.message.clone()))
        });
        let one = One {
            text: Arc::clone(&analysis.project().files().source(file).text),
            range,
            severity: severity(&finding.severity),
            related: related.collect(),
            fix: finding.fix.as_ref().and_then(edits),
            message: finding.message,
            node: finding.node,
        };
        self.0.entry(path).or_default().push(one);
    }

    /// Forgets what was said of a node.
    pub(super) fn forget(&mut self, node: &str) {
        self.0.retain(|_, all| {
            all.retain(|one| one.node.as_deref() != Some(node));
            !all.is_empty()
        });
    }

    /// Whether anything was said of a node.
    pub(super) fn speaks_of(&self, node: &str) -> bool {
        self.0
            .values()
            .flatten()
            .any(|one| one.node.as_deref() == Some(node))
    }

    /// Whether the same is said of a file in both.
    pub(crate) fn agrees_with(&self, other: &Self, path: &Utf8Path) -> bool {
        self.0.get(path) == other.0.get(path)
    }

    /// The files of which something was said.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Utf8Path> {
        self.0.keys().map(|path| &**path)
    }

    /// What was said of a file, and is true of its text.
    pub(crate) fn of(&self, analysis: &Analysis, file: FileId) -> Vec<Diagnostic> {
        let Some(said) = self.0.get(analysis.path(file)) else {
            return Vec::new();
        };
        let text = &analysis.project().files().source(file).text;
        let is_true = |one: &&One| Arc::ptr_eq(&one.text, text) || one.text == *text;
        let found = said.iter().filter(is_true).map(|one| one.shown(analysis, file));
        found.collect()
    }
}

impl One {
    fn shown(&self, analysis: &Analysis, file: FileId) -> Diagnostic {
        let at = |(path, range): &Place| {
            Some(FileRange {
                file: analysis.file(path)?,
                range: *range,
            })
        };
        let fix = self.fix.as_ref().and_then(|(title, edits)| {
            let edits = edits.iter().map(|(place, text)| {
                Some(Edit {
                    at: at(place)?,
                    text: text.clone(),
                })
            });
            Some(Fix {
                title: title.clone(),
                safety: Safety::Unsafe,
                edits: edits.collect::<Option<Vec<_>>>()?,
            })
        });
        let related = self.related.iter().filter_map(|(place, message)| {
            Some(Related {
                at: at(place)?,
                message: message.clone(),
            })
        });
        Diagnostic {
            rule: "",
            group: Group::Fails,
            severity: self.severity,
            message: self.message.clone(),
            at: FileRange {
                file,
                range: self.range,
            },
            node: self.node.clone(),
            related: related.collect(),
            fix,
            stop: None,
            words: None,
        }
    }
}

fn severity(name: &str) -> Severity {
    let known = Severity::ALL.into_iter().find(|severity| severity.name() == name);
    known.unwrap_or(Severity::Error)
}

/// Finds places that are told by path and by lines.
trait Placed {
    /// The file, given relative to the project, and the bytes of a range; the beginning where there is no range.
    fn at(&self, path: &str, range: Option<Range>) -> Option<Place>;
}

impl Placed for Analysis {
    fn at(&self, path: &str, range: Option<Range>) -> Option<Place> {
        if path.is_empty() {
            return None;
        }
        let path = self.options().load.project_dir.join(path);
        let text = self.text(self.file(&path)?);
        let range = range.map_or_else(TextRange::default, |range| {
            let start = offset(text, range.start);
            TextRange::new(start, offset(text, range.end).max(start))
        });
        Some((path, range))
    }
}

/// How many bytes stand before a place; what lies behind the end of a line or of the text is there.
fn offset(text: &str, at: Point) -> TextSize {
    let lines = text.split_inclusive('\n').take(at.line.saturating_sub(1));
    let before: usize = lines.map(str::len).sum();
    let line = text.get(before..).unwrap_or_default();
    let line = line.split('\n').next().unwrap_or_default();
    let inside: usize = line
        .chars()
        .take(at.column.saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    TextSize::try_from(before + inside).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_from_one() {
        let text = "é b\r\nc";
        for (line, column, want) in [
            (1, 1, 0),
            (1, 2, 2),
            (1, 3, 3),
            (2, 1, 6),
            (2, 9, 7),
            (7, 1, 7),
            (0, 0, 0),
        ] {
            let found = offset(text, Point { line, column });
            assert_eq!(u32::from(found), want, "{line}:{column}");
        }
    }
}
