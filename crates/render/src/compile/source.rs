//! The templates that nodes are.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, slice};
use glueline_jinja::{Piece, StatementKind, Trim};
use glueline_project::{EntryList, Language, NodeId, ReadFault, ResourceType};
use glueline_template::{
    Cx, Ends, Error, Origin, Program, Unit, Value, lower_expression, lower_pieces, lower_template,
};

use super::{generic, is_compiled};
use crate::host::{NodeHost, Phase};
use crate::renderer::Shared;

/// The template of a node; `None` where dbt compiles nothing.
pub(super) fn program(shared: &Arc<Shared>, node: NodeId) -> Option<Program> {
    let project = &shared.project;
    let node = project.node(node);
    if !is_compiled(node.kind) {
        return None;
    }
    let unit = Unit {
        name: node.name.clone(),
        origin: Origin::File(node.at.file),
        cached: None,
        marked: shared.settings.marked,
    };
    if let Some(text) = generic::raw_code(shared, node) {
        return Some(entry(unit, node.at, &text));
    }
    let text = project.files().text(node.at.file);
    if node.language == Language::Python {
        return Some(plain(unit, text));
    }
    match (node.kind, node.block) {
        (ResourceType::Snapshot, Some(block)) => snapshot(shared, unit, node.at, block),
        (ResourceType::Snapshot, None) => Some(entry(unit, node.at, &made_up_snapshot(shared, node)?)),
        _ => Some(lower_template(unit, &glueline_jinja::parse(text), Ends::Strip)),
    }
}

/// Why the text of a node is not what stands in its file.
pub(super) fn unread(shared: &Shared, node: NodeId) -> Option<Error> {
    let files = shared.project.files();
    let file = shared.project.node(node).at.file;
    let fault = files.faults().find(|(faulty, _)| *faulty == file);
    let error = match fault.map(|(_, fault)| fault) {
        Some(ReadFault::Io(why)) => Error::compilation(format!("its file cannot be read: {why}")),
        Some(ReadFault::TooLarge(size)) => Error::unsupported(format!(
            "its file has {size} bytes, and so large a file is not read"
        )),
        // Python's message tells the byte and where it stands; what is known here is where.
        None if files.source(file).not_utf8.is_some() => {
            Error::compilation("its file is not UTF-8, the only encoding that dbt reads")
        }
        None => return None,
    };
    Some(error)
}

/// The number after those of all files.
pub(super) fn inline_file(shared: &Shared) -> FileId {
    FileId(u32::try_from(shared.project.files().len()).unwrap_or(u32::MAX))
}

/// A text that stands in no file.
pub(super) fn inline(shared: &Shared, text: &str) -> Program {
    let unit = Unit {
        name: "inline_query".into(),
        origin: Origin::File(inline_file(shared)),
        cached: None,
        marked: shared.settings.marked,
    };
    lower_template(unit, &glueline_jinja::parse(text), Ends::Newline)
}

/// The text of a hook of a node.
pub(super) fn hook(shared: &Shared, node: NodeId, text: &str, place: FileRange) -> Program {
    let unit = Unit {
        name: shared.project.node(node).name.clone(),
        origin: Origin::Entry(place),
        cached: None,
        marked: shared.settings.marked,
    };
    entry(unit, place, text)
}

/// The text of a hook of a run.
pub(super) fn operation(shared: &Shared, operation: &super::Operation) -> Program {
    let unit = Unit {
        name: operation.name.clone(),
        origin: Origin::Entry(operation.place),
        cached: None,
        marked: shared.settings.marked,
    };
    entry(unit, operation.place, &operation.text)
}

pub(super) fn is_python_model(shared: &Shared, node: NodeId) -> bool {
    let node = shared.project.node(node);
    node.kind == ResourceType::Model && node.language == Language::Python
}

/// A template that dbt makes up for an entry.
fn entry(unit: Unit, place: FileRange, text: &str) -> Program {
    let unit = Unit {
        origin: Origin::Entry(place),
        ..unit
    };
    lower_template(unit, &glueline_jinja::parse(text), Ends::Newline)
}

/// A text in which nothing is Jinja: a Python model.
fn plain(unit: Unit, text: &str) -> Program {
    let trimmed = text.trim();
    let start = text.find(trimmed).unwrap_or(0);
    let pieces = [Piece::Text(glueline_base::range(start, start + trimmed.len()))];
    lower_pieces(unit, text, &pieces, &[], Ends::Strip)
}

/// What stands in a `snapshot` block. dbt cuts it out before Jinja sees it: its own patterns take white space for a part of a tag
/// with `-`, and know no other marker (`dbt_common/clients/_jinja_blocks.py`, `TAG_CLOSE_PATTERN`, `BLOCK_START_PATTERN`).
fn snapshot(shared: &Arc<Shared>, unit: Unit, at: FileRange, block: usize) -> Option<Program> {
    let project = &shared.project;
    let text = project.files().text(at.file);
    let range = project.facts(at.file).sql()?.snapshots.get(block)?.range;
    let template = glueline_jinja::parse(text);
    let statement = template.body.iter().find_map(|piece| match piece {
        Piece::Statement(statement) if statement.range == range => Some(statement),
        _ => None,
    })?;
    let StatementKind::Snapshot { body, .. } = &statement.kind else {
        return None;
    };
    let errors: Vec<_> = template
        .errors
        .iter()
        .filter(|error| statement.range.contains_range(error.range))
        .cloned()
        .collect();
    let mut body = body.clone();
    if statement.open.after == Trim::Strip
        && let Some(Piece::Text(range)) = body.first_mut()
    {
        let lead = slice(text, *range).len() - slice(text, *range).trim_start().len();
        *range = glueline_base::range(usize::from(range.start()) + lead, usize::from(range.end()));
    }
    if statement
        .close
        .as_ref()
        .is_some_and(|close| close.before == Trim::Strip)
        && let Some(Piece::Text(range)) = body.last_mut()
    {
        let kept = slice(text, *range).trim_end().len();
        *range = glueline_base::range(usize::from(range.start()), usize::from(range.start()) + kept);
    }
    Some(lower_pieces(unit, text, &body, &errors, Ends::Newline))
}

/// The template that dbt makes up for a snapshot that a properties file defines.
pub(super) fn made_up_snapshot(shared: &Shared, node: &glueline_project::Node) -> Option<String> {
    let is_entry = node.kind == ResourceType::Snapshot && node.block.is_none();
    let relation = is_entry.then(|| relation_of_snapshot(shared, node))??;
    Some(format!("select * from {{{{ {relation} }}}}"))
}

/// `relation:` of a snapshot that a properties file defines, as a call.
fn relation_of_snapshot(shared: &Shared, node: &glueline_project::Node) -> Option<String> {
    let patch = node.patch.filter(|patch| patch.list == EntryList::Patches)?;
    let facts = shared.project.facts(patch.file).yaml()?;
    let entry = facts.properties.patches.get(patch.index)?;
    Some(entry.relation.as_ref()?.value.to_string())
}

/// See [`super::native`].
pub(super) fn native(cx: &Cx, text: &str, place: FileRange) -> Result<Value, Error> {
    let template = glueline_jinja::parse(text);
    let parses = NodeHost::of(cx)?.phase == Phase::Parse;
    let as_parsed = |program: Program| Arc::new(if parses { program.lenient() } else { program });
    let unit = Unit {
        name: "argument".into(),
        origin: Origin::Entry(place),
        cached: None,
        marked: true,
    };
    if let [Piece::Output(output)] = template.body.as_slice()
        && template.errors.is_empty()
    {
        return cx.evaluate(&as_parsed(lower_expression(unit, text, &output.expr)));
    }
    if let [Piece::Text(range)] = template.body.as_slice() {
        let kept = slice(text, *range).replace("\r\n", "\n");
        return Ok(Value::str(kept.strip_suffix('\n').unwrap_or(&kept)));
    }
    if template.body.is_empty() {
        return Ok(Value::str(""));
    }
    cx.render_within(
        &as_parsed(lower_template(unit, &template, Ends::Newline)),
        Vec::new(),
    )
}
