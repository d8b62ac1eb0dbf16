//! Giving a column another name, where every place that names it is known.
//!
//! A column is made at one place, and stars carry it on. What reads it by its name names the new one afterwards; an item of a select list
//! that hands it on by its bare name keeps the old name behind `as`, so that columns of other nodes stay what they are. Everything that may
//! name it is looked at twice: by what it means, and by its letters. Where letters are left that no meaning explains, or a star would give
//! a column of another node another name, nothing is renamed, and the first such place is told.

mod clashes;
mod flow;
mod queries;
mod readers;
mod words;
mod yaml;

use std::sync::Arc;

use glueline_base::{Cancel, Edit, FileId, FileRange, LineIndex, TextSize, slice};
use glueline_project::{FileKind, Language, MacroRef, NodeId, ResourceType};
use rustc_hash::FxHashSet;

use self::flow::{Flow, Has};
use super::{Refusal, Rename, of_texts, only_own};
use crate::Analysis;
use crate::columns::{self, ColumnId, ColumnSource, same};
use crate::query::{Fragment, fragments};
use crate::symbol::{self, Occurrence, Symbol};

/// A column that gets another name.
struct Target<'a> {
    analysis: &'a Analysis,
    /// The node whose column it is; `None` for one that only a query has.
    node: Option<ColumnId>,
    /// The name by which a text makes it, back-ticks included.
    made: Option<FileRange>,
    old: &'a str,
    new: &'a str,
}

impl Target<'_> {
    fn is_named_by(&self, symbol: &Symbol) -> bool {
        match symbol {
            Symbol::Column { of, name } => {
                self.node.is_some_and(|column| column.node == *of) && same(name, self.old)
            }
            _ => false,
        }
    }

    /// Whether a text has the name of the node, or of its table.
    fn is_relation_in(&self, text: &str) -> bool {
        let Some(column) = self.node else { return false };
        let node = self.analysis.project().node(column.node);
        let has = |name: &str| !words::places(text, name).is_empty();
        has(&node.name) || node.identifier.as_deref().is_some_and(has)
    }
}

/// Why a place keeps a column from getting another name.
enum Why {
    /// What the name means there is not known.
    Unclear,
    /// It stands in Jinja, or Jinja makes a part of it.
    Jinja,
    /// A macro writes it.
    Macro(Arc<str>),
    /// The relation is named, and not as what a query reads.
    Handed,
    /// Which relation is read is computed.
    Computed,
    /// Python reads the relation.
    Python,
    /// A star hands it on to another node.
    Star,
    /// Names decide there what is joined.
    Using,
    /// The name of another column is made of it.
    Unnamed,
    /// A condition of the template decides what makes or reads it.
    Conditional,
    /// Nothing there makes it.
    NotMade,
    /// The new name stands there.
    Taken,
}

/// What changes, and what speaks against it.
#[derive(Default)]
struct Changes {
    edits: Vec<Edit>,
    refusals: Vec<(FileRange, Why)>,
    /// Macros whose texts were looked at.
    looked_at: FxHashSet<MacroRef>,
}

impl Changes {
    fn refuse(&mut self, at: FileRange, why: Why) {
        self.refusals.push((at, why));
    }

    fn refuse_at(&mut self, file: FileId, range: glueline_base::TextRange, why: Why) {
        self.refuse(FileRange { file, range }, why);
    }

    /// A place outside of SQL that names the column.
    fn rename(&mut self, target: &Target<'_>, file: FileId, each: &Occurrence) {
        match super::edit(target.analysis, file, each, &|_| Some(target.new.to_owned())) {
            Ok(edit) => self.edits.extend(edit),
            // A file of a package, which is told below.
            Err(_) => self.refuse_at(file, each.range, Why::Unclear),
        }
    }
}

/// A column of a node.
pub(super) fn of_node(
    analysis: &Analysis,
    of: NodeId,
    name: &str,
    new: &str,
    cancel: &Cancel,
) -> Result<Rename, Refusal> {
    let project = analysis.project();
    let node = project.node(of);
    let known = columns::of(analysis, of);
    let what = format!("The column `{name}` of `{}`", node.name);
    let Some((index, column)) = known.named(name) else {
        return Err(format!(
            "{what} is made nowhere that is known, and cannot be renamed."
        ));
    };
    only_own(analysis, node.package, &what)?;
    valid(new)?;
    if node.version.is_some() {
        return Err(format!(
            "{what} may be one of other versions too, and cannot be renamed."
        ));
    }
    let old = &*column.name;
    if !same(old, new) && known.named(new).is_some() {
        return Err(format!("`{}` has a column `{new}` already.", node.name));
    }
    let is_declared = node.kind == ResourceType::Source && column.declared.is_some();
    let made = column.at.filter(|_| column.source != ColumnSource::Snapshot);
    match made {
        None if is_declared => {}
        None => {
            return Err(format!(
                "{what} is made nowhere that is known, and cannot be renamed."
            ));
        }
        Some(at) => {
            let written = slice(analysis.text(at.file), at.range).trim_matches('`');
            if !same(written, old) {
                return Err(format!(
                    "{what} comes with {}, and has to be renamed where it is made.",
                    place(analysis, at)
                ));
            }
        }
    }
    let target = Target {
        analysis,
        node: Some(ColumnId {
            node: of,
            index: u32::try_from(index).unwrap_or(u32::MAX),
        }),
        made,
        old,
        new,
    };
    let mut out = Changes::default();
    settings(&target, &mut out);
    if node.kind == ResourceType::Seed
        && let Some(at) = made
    {
        out.edits.push(Edit {
            at,
            text: new.to_owned(),
        });
    }
    let mut files = columns::readers::files(analysis, of);
    files.extend(project.files().of_kind(FileKind::ProjectFile));
    files.sort_unstable();
    files.dedup();
    for file in &files {
        if cancel.is_cancelled() {
            break;
        }
        each_file(&target, *file, &mut out);
    }
    for file in project.files().ids() {
        if files.binary_search(&file).is_err() {
            readers::computed(&target, file, &mut out);
        }
    }
    tests(&target, &mut out);
    finished(&target, out)
}

/// A column that a query of a file makes for itself: by the place of its name, without back-ticks. What is a column of the file's node
/// too is renamed as that.
pub(super) fn of_query(
    analysis: &Analysis,
    file: FileId,
    first: TextSize,
    name: &str,
    new: &str,
    cancel: &Cancel,
) -> Result<Rename, Refusal> {
    let info = analysis.project().files().info(file);
    only_own(analysis, info.package, &format!("The column `{name}`"))?;
    valid(new)?;
    let all = fragments(analysis, file);
    let text = analysis.text(file);
    let made = all.iter().find_map(|fragment| made_at(fragment, text, first));
    let Some(range) = made else {
        return Err(format!(
            "The column `{name}` is made nowhere that is known, and cannot be renamed."
        ));
    };
    let target = Target {
        analysis,
        node: None,
        made: Some(FileRange { file, range }),
        old: name,
        new,
    };
    for fragment in all.iter().filter(|fragment| fragment.is_main) {
        let flow = Flow::new(&target, file, fragment);
        let is_output = |id: &glueline_sql::QueryId| flow.query(*id, name) == Has::Ours;
        if let Some(node) = fragment.node
            && fragment.sql.statements.iter().any(is_output)
        {
            return of_node(analysis, node, name, new, cancel);
        }
    }
    let mut out = Changes::default();
    words::sql_file(&target, file, &mut out);
    finished(&target, out)
}

/// The name of a column that stands at an offset, with its back-ticks.
fn made_at(fragment: &Fragment, text: &str, first: TextSize) -> Option<glueline_base::TextRange> {
    let sql = &fragment.sql;
    let items = sql.selects.iter().flat_map(|select| &select.items);
    let names = items.flat_map(|item| item.aliases.iter().chain(item.name()));
    let listed = sql.ctes().filter_map(|(_, cte)| cte.columns.as_ref());
    let sources = sql.selects.iter().flat_map(|select| &select.from);
    let aliased = sources.filter_map(|item| item.columns.as_ref());
    let mut all = names.chain(listed.chain(aliased).flatten());
    let is_it = |range: glueline_base::TextRange| {
        let ticks = u32::from(slice(text, range).starts_with('`'));
        range.start() + TextSize::new(ticks) == first
    };
    all.find(|name| is_it(name.range)).map(|name| name.range)
}

/// Refuses what would need back-ticks, and words of SQL.
fn valid(new: &str) -> Result<(), Refusal> {
    super::names::plain_name(new)?;
    if glueline_sql::Keyword::of(new).is_some() {
        return Err(format!("`{new}` is a word of SQL."));
    }
    Ok(())
}

fn each_file(target: &Target<'_>, file: FileId, out: &mut Changes) {
    let analysis = target.analysis;
    let project = analysis.project();
    match project.files().info(file).kind {
        FileKind::Model
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::GenericTest
        | FileKind::Macro => words::sql_file(target, file, out),
        FileKind::PythonModel => {
            let column = target.node;
            let calls = column.map(|column| columns::readers::calls(analysis, file, column.node));
            if let Some(call) = calls.unwrap_or_default().first() {
                out.refuse_at(file, *call, Why::Python);
            }
        }
        FileKind::Properties | FileKind::ProjectFile => {
            yaml::file(target, file, out);
            copies(target, file, out);
        }
        _ => {}
    }
}

/// Snapshots that are written as properties hand on all columns.
fn copies(target: &Target<'_>, file: FileId, out: &mut Changes) {
    let project = target.analysis.project();
    let Some(column) = target.node else { return };
    for child in project.graph().children(column.node) {
        let node = project.node(*child);
        let is_copy = node.kind == ResourceType::Snapshot && node.language != Language::Python;
        if is_copy && node.block.is_none() && node.file() == file {
            out.refuse(node.at, Why::Star);
        }
    }
}

/// Configs of the node that stand where others share them.
fn settings(target: &Target<'_>, out: &mut Changes) {
    let Some(column) = target.node else { return };
    let project = target.analysis.project();
    let node = project.node(column.node);
    let own = [Some(node.file()), node.patch.map(|patch| patch.file)];
    for entry in node
        .config
        .entries()
        .filter(|entry| !own.contains(&Some(entry.file)))
    {
        let at = entry.whole_at();
        let text = slice(target.analysis.text(at.file), at.range);
        if !words::places(text, target.old).is_empty() && entry.key.value.as_ref() != "tags" {
            out.refuse(at, Why::Unclear);
        }
    }
}

/// Generic tests of the project that are put on the node and write the name themselves.
fn tests(target: &Target<'_>, out: &mut Changes) {
    let Some(column) = target.node else { return };
    let project = target.analysis.project();
    let children = project.graph().children(column.node).iter();
    let used = children.filter_map(|child| {
        let node = project.node(*child);
        let test = node.generic_test.as_deref()?;
        match symbol::generic_test(project, node.package, test) {
            Symbol::Macro(found) => Some(found),
            _ => None,
        }
    });
    let used: Vec<MacroRef> = used.collect();
    words::look_into(target, used, out);
}

fn finished(target: &Target<'_>, mut out: Changes) -> Result<Rename, Refusal> {
    let analysis = target.analysis;
    let project = analysis.project();
    out.refusals
        .sort_by_key(|(at, _)| (at.file, at.range.start(), at.range.end()));
    if let Some((at, why)) = out.refusals.first() {
        return Err(sentence(target, *at, why));
    }
    let foreign = out
        .edits
        .iter()
        .find(|edit| project.files().info(edit.at.file).package != 0);
    if let Some(edit) = foreign {
        return Err(format!(
            "{} names it, and packages are not changed.",
            place(analysis, edit.at)
        ));
    }
    Ok(of_texts(out.edits))
}

/// A place for people: its file and line.
fn place(analysis: &Analysis, at: FileRange) -> String {
    let shown = &analysis.project().files().info(at.file).shown;
    let line = LineIndex::new(analysis.text(at.file))
        .line_column(at.range.start())
        .line;
    format!("`{shown}:{line}`")
}

fn sentence(target: &Target<'_>, at: FileRange, why: &Why) -> String {
    let place = place(target.analysis, at);
    let (old, new) = (target.old, target.new);
    let node = target
        .node
        .map(|column| target.analysis.project().node(column.node));
    let relation = node.map_or("", |node| &*node.name);
    match why {
        Why::Unclear => {
            format!("{place} says `{old}`, and whether that is this column cannot be told for sure.")
        }
        Why::Jinja => format!(
            "{place} may make the name `{old}` with Jinja, and what it comes to cannot be told for sure."
        ),
        Why::Macro(name) => format!(
            "The macro `{name}` writes `{old}` in {place}, and whether that is this column cannot be told for sure."
        ),
        Why::Handed => format!(
            "{place} hands `{relation}` to something else than a `from`, and what becomes of its columns cannot be told."
        ),
        Why::Computed => format!("{place} computes the name of what it reads, and that may be `{relation}`."),
        Why::Python => {
            format!("{place} reads `{relation}` in Python, where the uses of columns cannot be known.")
        }
        Why::Star => format!(
            "{place} hands on all columns, so that a column of another relation would get another name too."
        ),
        Why::Using => {
            format!("{place} goes by the names of columns, and would do something else afterwards.")
        }
        Why::Unnamed => format!(
            "{place} makes a column of `{old}` that has no name of its own, and would get another one."
        ),
        Why::Conditional => format!(
            "{place} depends on a condition of the template, so that not every place that makes `{old}` is known."
        ),
        Why::NotMade => format!("{place} does not make the column by its name."),
        Why::Taken => format!("{place} has a `{new}` already, and would mean something else afterwards."),
    }
}
