//! Reading files and their facts.

use std::sync::Arc;

use glueline_base::{FileId, Source, System, Value};
use rayon::prelude::*;

use crate::facts::{self, FileFacts, YamlKind};
use crate::files::{self, FileKind, Files, FoundFile, ReadFault};
use crate::load::early::Early;
use crate::node::{Node, ResourceType};
use crate::project::Project;

/// Reads the rest of the files and the facts of all, in parallel.
pub(crate) fn read_everything(
    system: &dyn System,
    found: Vec<FoundFile>,
    early: Vec<Early>,
    last: Option<&Project>,
) -> (Files, Vec<FileFacts>) {
    let mut all: Vec<(FoundFile, Source, Option<ReadFault>, FileFacts)> = found
        .into_par_iter()
        .map(|file| {
            let (source, fault) = files::read_one(system, &file);
            let mut facts = facts_of(&file, &source);
            if let Some(last) = last
                && let Some(known) = last.files().by_path(&file.shown)
            {
                facts = facts.keeping(last.facts(known));
            }
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
    let mut files = Files::default();
    for (file, source, fault, fact) in all {
        files.push(file, source, fault);
        facts.push(fact);
    }
    (files, facts)
}

fn facts_of(file: &FoundFile, source: &Source) -> FileFacts {
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

/// What was read of a seed.
type SeedRead = (FileId, Result<(Source, glueline_seed::Seed), ReadFault>);

/// Seeds are read when it is known how their configs say to read them.
pub(crate) fn read_seeds(system: &dyn System, files: &mut Files, nodes: &[Node], facts: &mut [FileFacts]) {
    let seeds = nodes
        .iter()
        .filter(|node| node.kind == ResourceType::Seed && node.enabled);
    let seeds: Vec<&Node> = seeds.collect();
    let found: &Files = files;
    let read: Vec<SeedRead> = seeds
        .into_par_iter()
        .map(|node| (node.at.file, read_seed(system, found, node)))
        .collect();
    for (file, outcome) in read {
        match outcome {
            Ok((source, seed)) => {
                files.set_source(file, source);
                if let Some(slot) = facts.get_mut(file.0 as usize) {
                    *slot = FileFacts::Seed(Arc::new(seed));
                }
            }
            Err(fault) => files.set_fault(file, fault),
        }
    }
}

fn read_seed(
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
