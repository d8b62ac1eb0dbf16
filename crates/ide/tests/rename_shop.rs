//! A whole project says the same after a rename: as many nodes, as many edges between them, and no name that leads nowhere.

use std::sync::Arc;

use glueline_base::{Cancel, MemSystem, OsSystem, Overlay, System, Utf8PathBuf};
use glueline_ide::rename::{Rename, rename};
use glueline_ide::symbol::{Role, Symbol, occurrences};
use glueline_ide::{Analysis, FilePosition, Options, columns};
use glueline_project::LoadOptions;
use rayon::prelude::*;

/// Every so many symbols, one is renamed.
const STEP: usize = 8;

fn root() -> Utf8PathBuf {
    Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shop")
}

fn open(disk: Arc<dyn System>) -> Option<Analysis> {
    let options = Options {
        load: LoadOptions::new(root()),
        started_at: 0,
    };
    Analysis::open(Overlay::new(disk), options).ok()
}

/// The project with the changes made.
fn applied(analysis: &Analysis, rename: &Rename) -> Option<Analysis> {
    let mut disk = MemSystem::new();
    for file in analysis.project().files().ids() {
        let path = analysis.path(file);
        let mut bytes = OsSystem.read(path).ok()?;
        for edit in rename.edits.iter().rev().filter(|edit| edit.at.file == file) {
            let range = usize::from(edit.at.range.start())..usize::from(edit.at.range.end());
            bytes.splice(range, edit.text.bytes());
        }
        let moved = rename.moves.iter().find(|moved| moved.file == file);
        disk.write(moved.map_or(path, |moved| &moved.to), bytes);
    }
    open(Arc::new(disk))
}

/// What must stay the same: nodes, edges, unknown names, columns that are known, names of columns that are understood.
fn shape(analysis: &Analysis) -> [usize; 5] {
    let project = analysis.project();
    let edges = project.nodes().iter().map(|node| node.parents().count()).sum();
    let missing = project
        .files()
        .ids()
        .flat_map(|file| occurrences(analysis, file))
        .filter(|each| matches!(each.symbol, Symbol::Missing { .. }))
        .count();
    let all = project.nodes().iter();
    let known = all.map(|node| columns::of(analysis, node.id).list.len()).sum();
    let understood = project
        .files()
        .ids()
        .flat_map(|file| occurrences(analysis, file))
        .filter(|each| matches!(each.symbol, Symbol::Column { .. } | Symbol::SqlColumn { .. }))
        .filter(|each| each.role == Role::Reference)
        .count();
    [project.nodes().len(), edges, missing, known, understood]
}

#[test]
fn nothing_is_lost() {
    let Some(analysis) = open(Arc::new(OsSystem)) else {
        unreachable!("the fixture is a project")
    };
    let before = shape(&analysis);
    let mut symbols: Vec<(Symbol, FilePosition)> = Vec::new();
    for file in analysis.project().files().ids() {
        for each in occurrences(&analysis, file) {
            if !symbols.iter().any(|(known, _)| *known == each.symbol) {
                let offset = each.range.start();
                symbols.push((each.symbol, FilePosition { file, offset }));
            }
        }
    }
    let renames: Vec<(&Symbol, Rename)> = symbols
        .par_iter()
        .filter_map(|(symbol, at)| {
            Some((
                symbol,
                rename(&analysis, *at, "entirely_new", &Cancel::new()).ok()?,
            ))
        })
        .collect();
    renames.par_iter().step_by(STEP).for_each(|(symbol, rename)| {
        let overlap = rename.edits.windows(2).any(|pair| match pair {
            [one, next] => one.at.file == next.at.file && one.at.range.end() > next.at.range.start(),
            _ => false,
        });
        assert!(!overlap, "{symbol:?}");
        let Some(after) = applied(&analysis, rename) else {
            unreachable!("{symbol:?}: still a project")
        };
        assert_eq!(shape(&after), before, "{symbol:?}");
    });
    let renamed = renames.len();
    assert!(renamed > 100, "{renamed}");
}
