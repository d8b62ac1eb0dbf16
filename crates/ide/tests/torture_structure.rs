//! Folding, selections, tokens, columns and actions on half-typed text: no panic, and every range is one of the text.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends; whole projects are read from the disk"
)]

use std::path::Path;
use std::sync::Arc;

use crate::common::fixture;
use glueline_base::{FileId, MemSystem, Overlay, TextRange, TextSize};
use glueline_ide::{
    Analysis, Change, FilePosition, Options, actions, columns, folding, query, selection, tokens,
};
use glueline_project::LoadOptions;

fn check_range(text: &str, range: TextRange) {
    let bytes = usize::from(range.start())..usize::from(range.end());
    assert!(text.get(bytes).is_some(), "{range:?} is in the text:\n{text}");
}

/// Asks everything of a file, at every so manieth offset.
fn ask(analysis: &Analysis, file: FileId, step: usize) {
    let text = analysis.text(file);
    for fold in folding::folds(analysis, file) {
        check_range(text, fold.range);
    }
    let mut last = TextSize::new(0);
    for token in tokens::tokens(analysis, file) {
        check_range(text, token.range);
        assert!(token.range.start() >= last, "tokens are in order");
        last = token.range.end();
    }
    for fragment in query::fragments(analysis, file) {
        let known = columns::of_fragment(analysis, &fragment);
        for path in &fragment.sql.paths {
            let _ = fragment.sql.meaning(&known, path);
        }
    }
    let offsets = (0..=text.len()).filter(|at| text.is_char_boundary(*at));
    for at in offsets.step_by(step) {
        let offset = TextSize::new(u32::try_from(at).unwrap());
        let found = selection::ranges(analysis, FilePosition { file, offset });
        for pair in found.windows(2) {
            assert!(pair[1].contains_range(pair[0]));
        }
        found.iter().for_each(|range| check_range(text, *range));
        let further = (at + 3 * step).min(text.len());
        let end = (further..=text.len())
            .find(|end| text.is_char_boundary(*end))
            .unwrap();
        let range = TextRange::new(offset, TextSize::new(u32::try_from(end).unwrap()));
        for action in actions::actions(analysis, file, range, &[]) {
            assert!(!action.edits.is_empty() || !action.creations.is_empty());
            for edit in action.edits {
                check_range(analysis.text(edit.at.file), edit.at.range);
            }
        }
    }
}

const MODEL: &str = "{{ config(\n  materialized='incremental') }}\r\nwith é as (\n  select `a b`, {{ x }}_y from {{ ref('m') }} -- c\n), z(q) as \
    (select * from (select 1 a) s)\n{% if is_incremental() %} select é.*, (select 'x') from é join z using (q) where 1 /* d */\n{% else %} \
    select f(e -> e) from analytics.m lateral view explode(k) t as u {% endif %}{# e #}{% set v %}select{% endset %}";

const YAML: &str = "models:\n- name: m\n  columns:\n  - name: a # é\n    tests: [unique, {accepted_values: {values: ['x']}}]\n  description: |\n    \
    {{ doc('x') }}\n  - 'b': {{ c }}\n";

#[test]
fn half_typed_text_breaks_nothing() {
    let start = fixture(&format!(
        "//- models/m.sql\nselect 1 as q\n//- models/a.sql\n{MODEL}//- models/s.yml\n{YAML}"
    ))
    .analysis;
    for (path, text) in [("/repo/models/a.sql", MODEL), ("/repo/models/s.yml", YAML)] {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let change = Change {
                path: path.into(),
                text: Some(Arc::from(text.get(..end).unwrap())),
            };
            let analysis = start.edited(&[change]).unwrap();
            let file = analysis.file(path.into()).unwrap();
            ask(&analysis, file, if end == text.len() { 1 } else { 11 });
        }
    }
}

/// The files below a directory, in a system in memory.
fn gather(disk: &mut MemSystem, directory: &Path, root: &Path) {
    let mut entries: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            gather(disk, &path, root);
        } else {
            let below = path.strip_prefix(root).unwrap().to_str().unwrap();
            disk.write(format!("/repo/{below}"), std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn whole_projects_are_asked() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut roots = vec![fixtures.join("shop"), fixtures.join("shop-faulty")];
    // Other projects at hand, where somebody names them.
    if let Ok(more) = std::env::var("GLUELINE_TEST_PROJECTS") {
        roots.extend(more.split(':').map(Into::into));
    }
    for root in roots {
        let mut disk = MemSystem::new();
        disk.set_env("HOME", "/home");
        gather(&mut disk, &root, &root);
        let options = Options {
            load: LoadOptions::new("/repo"),
            started_at: 1_735_689_600_000_000,
        };
        let analysis = Analysis::open(Overlay::new(Arc::new(disk)), options).unwrap();
        for file in analysis.project().files().ids() {
            let length = analysis.text(file).len();
            ask(&analysis, file, (length / 10).max(37));
        }
        for node in analysis.project().nodes() {
            let known = columns::of(&analysis, node.id);
            for index in 0..known.list.len() {
                let index = u32::try_from(index).unwrap();
                let _ = columns::type_of(&analysis, columns::ColumnId { node: node.id, index });
            }
        }
    }
}
