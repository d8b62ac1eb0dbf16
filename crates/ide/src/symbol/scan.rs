//! Reading one file into occurrences.

use glueline_base::{FileId, TextRange, TextSize, slice};
use glueline_project::{FileKind, PackageId, Project};
use glueline_yaml::Scalar;

use super::{Occurrence, Role, Symbol, python, rules, sql, template, yaml};
use crate::Analysis;

/// A YAML text with Jinja that is not written as it is read is looked into up to this size: finding the way back for each
/// name takes time for each of its lines.
const MAX_FOLDED: usize = 64 * 1024;

/// Which occurrences are asked for. What is not asked for is not looked up.
#[derive(Debug, Clone, Copy)]
pub(super) enum Want<'a> {
    /// All, of the template or of the SQL.
    All(Layer),
    /// Those that touch an offset.
    At(TextSize),
    /// Those that are written with one of these names, in the template or in the SQL.
    Names(&'a [&'a str], Layer),
}

/// Which of the languages of a file are read. Files of YAML and Python have but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Jinja, YAML, Python.
    Names,
    /// The SQL around the Jinja.
    Sql,
    /// Both.
    Both,
}

impl Layer {
    /// Where a symbol can stand.
    pub(crate) const fn of(symbol: &Symbol) -> Self {
        match symbol {
            Symbol::SqlName { .. } | Symbol::SqlColumn { .. } => Self::Sql,
            Symbol::Column { .. } | Symbol::Table(_) => Self::Both,
            _ => Self::Names,
        }
    }
}

/// A file that is being read into occurrences.
pub(super) struct Scan<'a> {
    pub(super) project: &'a Project,
    pub(super) file: FileId,
    pub(super) package: PackageId,
    pub(super) text: &'a str,
    want: Want<'a>,
    out: Vec<Occurrence>,
}

/// Where a text that is parsed stands in its file.
#[derive(Clone, Copy)]
pub(super) enum Origin<'s> {
    /// It is the file.
    File,
    /// It stands there as it is read, so many bytes from the start of the file.
    Shifted(TextSize),
    /// It is a scalar of YAML.
    Scalar(&'s Scalar<'s>),
}

impl Origin<'_> {
    /// A range of the text as a range of the file.
    pub(super) fn range(self, inner: TextRange) -> Option<TextRange> {
        match self {
            Self::File => Some(inner),
            Self::Shifted(by) => inner.checked_add(by),
            Self::Scalar(scalar) => {
                let start = scalar.offset_in_source(inner.start().into())?;
                if inner.is_empty() {
                    return Some(TextRange::empty(start));
                }
                // The place behind the last byte, which is not always where the next one stands.
                let last = scalar.offset_in_source(usize::from(inner.end()) - 1)?;
                let end = last + TextSize::new(1);
                (start <= end).then(|| TextRange::new(start, end))
            }
        }
    }
}

impl<'a> Scan<'a> {
    /// The occurrences of a file, in no particular order.
    pub(super) fn file(analysis: &'a Analysis, file: FileId, want: Want<'a>) -> Vec<Occurrence> {
        let mut scan = Self::new(analysis.project(), file, analysis.text(file), want);
        let (reads_names, reads_sql) = match want {
            Want::Names(_, layer) | Want::All(layer) => (layer != Layer::Sql, layer != Layer::Names),
            Want::At(_) => (true, true),
        };
        if reads_names {
            scan.read();
        }
        // Where Jinja stands, SQL has nothing to say.
        let is_found = matches!(want, Want::At(_)) && !scan.out.is_empty();
        if reads_sql && !is_found {
            sql::file(&mut scan, analysis);
        }
        scan.out
    }

    /// The occurrences of a text, as if it were that of a file; those of its SQL are left out.
    #[cfg(test)]
    pub(super) fn text(project: &'a Project, file: FileId, text: &'a str, want: Want<'a>) -> Vec<Occurrence> {
        let mut scan = Self::new(project, file, text, want);
        scan.read();
        scan.out
    }

    fn new(project: &'a Project, file: FileId, text: &'a str, want: Want<'a>) -> Self {
        Self {
            project,
            file,
            package: project.files().info(file).package,
            text,
            want,
            out: Vec::new(),
        }
    }

    fn read(&mut self) {
        let kind = self.project.files().info(self.file).kind;
        match kind {
            FileKind::Model
            | FileKind::Snapshot
            | FileKind::Analysis
            | FileKind::SingularTest
            | FileKind::GenericTest
            | FileKind::Macro
            | FileKind::Docs => template::file(self),
            FileKind::PythonModel => python::file(self),
            FileKind::ProjectFile
            | FileKind::Profiles
            | FileKind::Packages
            | FileKind::Selectors
            | FileKind::Vars
            | FileKind::Properties => yaml::file(self, kind),
            FileKind::Seed | FileKind::Fixture | FileKind::Settings => {}
        }
        rules::file(self);
    }

    /// Whether an occurrence at a place is asked for.
    pub(super) fn wants(&self, range: TextRange) -> bool {
        match self.want {
            Want::All(_) => true,
            Want::At(offset) => range.contains_inclusive(offset),
            Want::Names(names, _) => {
                let written = slice(self.text, range);
                names.iter().any(|name| written.eq_ignore_ascii_case(name))
            }
        }
    }

    /// Whether any occurrence inside a stretch can be asked for.
    pub(super) fn wants_inside(&self, range: TextRange) -> bool {
        match self.want {
            Want::All(_) => true,
            Want::At(offset) => range.contains_inclusive(offset),
            Want::Names(names, _) => {
                let written = slice(self.text, range);
                names.iter().any(|name| contains_ignoring_case(written, name))
            }
        }
    }

    /// Notes an occurrence; what stands there is asked only if somebody wants to know.
    pub(super) fn note(
        &mut self,
        range: TextRange,
        role: Role,
        symbol: impl FnOnce(&Self) -> Option<Symbol>,
    ) {
        if !self.wants(range) {
            return;
        }
        if let Some(symbol) = symbol(self) {
            self.out.push(Occurrence { symbol, range, role });
        }
    }

    /// Reads the Jinja in a scalar of YAML: a template, or a bare expression where `is_expression`.
    pub(super) fn scalar_template(&mut self, scalar: &Scalar<'_>, is_expression: bool) {
        if !self.wants_inside(scalar.range()) {
            return;
        }
        let decoded = scalar.decoded();
        if decoded.is_empty() {
            return;
        }
        let is_as_written = matches!(decoded, std::borrow::Cow::Borrowed(_));
        let origin = if is_as_written {
            match scalar.offset_in_source(0) {
                Some(start) => Origin::Shifted(start),
                None => return,
            }
        } else if decoded.len() <= MAX_FOLDED {
            Origin::Scalar(scalar)
        } else {
            return;
        };
        template::text(self, &decoded, origin, is_expression);
    }
}

/// Whether a text holds another, letters of ASCII compared without their case.
pub(crate) fn contains_ignoring_case(text: &str, name: &str) -> bool {
    // The library looks for a text much faster than a loop over bytes does.
    text.contains(name) || text.to_ascii_lowercase().contains(&name.to_ascii_lowercase())
}
