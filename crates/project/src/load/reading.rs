//! Reading files and their facts.

use std::sync::Arc;

use glueline_base::{FileId, SharedVec, Source, System, Value};
use rayon::prelude::*;

use crate::facts::{self, FileFacts, YamlKind};
use crate::files::{self, FileKind, Files, FoundFile, ReadFault};
use crate::load::early::Early;
use crate::node::{Node, ResourceType};
use crate::project::Project;

/// What is known of a file before it is read.
pub(crate) enum Known {
    /// Nothing.
    Nothing,
    /// What it said last; it may say something else now.
    Last(Source, FileFacts),
    /// What it says.
    Read(Source, FileFacts, Option<ReadFault>),
}

impl Known {
    /// What an earlier reading knows of a file that may have changed.
    pub(crate) fn last(last: &Project, file: &FoundFile) -> Self {
        match last.same_file(file) {
            Some(id) => Self::Last(last.files.source(id).clone(), last.facts(id).clone()),
            None => Self::Nothing,
        }
    }

    /// What an earlier reading knows of a file that has not changed.
    pub(crate) fn read(last: &Project, file: &FoundFile) -> Self {
        match last.same_file(file) {
            Some(id) => Self::Read(
                last.files.source(id).clone(),
                last.facts(id).clone(),
                last.files.fault(id).cloned(),
            ),
            None => Self::Nothing,
        }
    }
}

/// So many files are read in a row by one thread at most. Those that take long stand side by side, and in a large piece nobody can help.
const PIECE: usize = 32;

/// Reads the rest of the files and the facts of all, in parallel.
pub(crate) fn read_everything(
    system: &dyn System,
    found: Vec<FoundFile>,
    early: Vec<Early>,
    known: &(dyn Fn(&FoundFile) -> Known + Sync),
) -> (Files, SharedVec<FileFacts>) {
    let mut all: Vec<(FoundFile, Source, Option<ReadFault>, FileFacts)> = found
        .into_par_iter()
        .with_max_len(PIECE)
        .map(|file| {
            let known = known(&file);
            if let Known::Read(source, facts, fault) = known {
                return (file, source, fault, facts);
            }
            let (source, fault) = files::read_one(system, &file);
            let facts = match known {
                Known::Last(last, facts) if last.text == source.text => facts,
                Known::Last(_, last) => facts_of(&file, &source).keeping(&last),
                _ => facts_of(&file, &source),
            };
            (file, source, fault, facts)
        })
        .collect();
    all.extend(
        early
            .into_iter()
            .map(|file| (file.found, file.source, file.fault, file.facts)),
    );
    all.sort_by(|a, b| a.0.shown.cmp(&b.0.shown).then(a.0.kind.cmp(&b.0.kind)));
    all.dedup_by(|a, b| a.0.shown == b.0.shown && a.0.kind == b.0.kind);
    let mut facts = Vec::with_capacity(all.len());
    let mut read = Vec::with_capacity(all.len());
    for (file, source, fault, fact) in all {
        read.push((file, source, fault));
        facts.push(fact);
    }
    (Files::new(read), facts.into())
}

/// What a file says.
pub(crate) fn facts_of(file: &FoundFile, source: &Source) -> FileFacts {
    let text = &source.text;
    match file.kind {
        FileKind::Model
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::GenericTest
        | FileKind::Macro
        | FileKind::Docs => FileFacts::Sql(Arc::new(facts::read_sql(text))),
        FileKind::PythonModel => FileFacts::Python(Arc::new(glueline_python::parse(text))),
        FileKind::Properties => FileFacts::Yaml(Arc::new(facts::read_yaml(text, YamlKind::Properties))),
        // The project's own files were read early, to learn where the rest is.
        FileKind::ProjectFile
        | FileKind::Profiles
        | FileKind::Packages
        | FileKind::Selectors
        | FileKind::Vars
        | FileKind::Seed
        | FileKind::Fixture
        | FileKind::Settings => FileFacts::None,
    }
}

/// A seed up to this size is kept as text; of a larger one only the start, for its header.
const MAX_SEED_TEXT: u64 = 4 * 1024 * 1024;
/// How much of a large seed is kept.
const SEED_START: usize = 64 * 1024;

/// What was read of a seed; `None` where that is known.
type SeedRead = (FileId, Option<Result<(Source, glueline_seed::Seed), ReadFault>>);

/// Seeds are read when it is known how their configs say to read them.
pub(crate) fn read_seeds(
    system: &dyn System,
    files: &mut Files,
    nodes: &[Node],
    facts: &mut SharedVec<FileFacts>,
    last: Option<&Project>,
) {
    let seeds = nodes
        .iter()
        .filter(|node| node.kind == ResourceType::Seed && node.enabled);
    let seeds: Vec<&Node> = seeds.collect();
    let (found, known): (&Files, &SharedVec<FileFacts>) = (files, facts);
    let read: Vec<SeedRead> = seeds
        .into_par_iter()
        .map(|node| {
            let file = node.at.file;
            let is_read = matches!(known.get(file.0 as usize), Some(FileFacts::Seed(_)));
            let as_before = is_read && last.is_some_and(|last| is_read_alike(last, node));
            (file, (!as_before).then(|| read_seed(system, found, node)))
        })
        .collect();
    for (file, outcome) in read {
        match outcome {
            Some(Ok((source, seed))) => {
                let size = files.info(file).size;
                files.set(file, source, size, None);
                facts.set(file.0 as usize, FileFacts::Seed(Arc::new(seed)));
            }
            Some(Err(fault)) => files.set_fault(file, fault),
            None => {}
        }
    }
}

/// Whether a seed was read with the same options the last time.
pub(super) fn is_read_alike(last: &Project, node: &Node) -> bool {
    let known = last.nodes.by_unique_id(&node.unique_id);
    known.is_some_and(|known| {
        let same = |key: &str| {
            let values = |node: &Node| -> Vec<Value> {
                node.config.all(key).map(|set| set.value.value.clone()).collect()
            };
            values(known) == values(node)
        };
        known.enabled && same("delimiter") && same("column_types")
    })
}

/// Reads a seed as its config says.
pub(crate) fn read_seed(
    system: &dyn System,
    files: &Files,
    node: &Node,
) -> Result<(Source, glueline_seed::Seed), ReadFault> {
    let info = files.info(node.at.file);
    let failed = |error: std::io::Error| ReadFault::Io(files::error_text(&error));
    let delimiter = node
        .config
        .get("delimiter")
        .value()
        .and_then(Value::as_str)
        .and_then(|text| text.chars().next());
    let types = node
        .config
        .all("column_types")
        .filter_map(|set| set.value.value.as_map())
        .flatten();
    let text_columns: Vec<&str> = types.map(|entry| &*entry.key.value).collect();
    let options = glueline_seed::Options {
        delimiter: delimiter.unwrap_or(','),
        text_columns: &text_columns,
    };
    if info.size <= MAX_SEED_TEXT {
        let bytes = system.read(&info.absolute).map_err(failed)?;
        let seed = glueline_seed::read(bytes.as_slice(), &options).map_err(failed)?;
        return Ok((Source::decode(info.shown.clone(), bytes), seed));
    }
    let mut reader = system.open(&info.absolute).map_err(failed)?;
    let mut start = Vec::with_capacity(SEED_START);
    std::io::Read::read_to_end(
        &mut std::io::Read::take(&mut reader, SEED_START as u64),
        &mut start,
    )
    .map_err(failed)?;
    let whole = std::io::Read::chain(start.as_slice(), reader);
    let seed = glueline_seed::read(whole, &options).map_err(failed)?;
    let complete = start
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(start.len(), |newline| newline + 1);
    start.truncate(complete);
    Ok((Source::decode(info.shown.clone(), start), seed))
}
