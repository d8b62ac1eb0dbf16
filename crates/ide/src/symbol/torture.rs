//! Whatever is typed: no panic, and every range lies in the text.

use glueline_base::{FileId, OsSystem, Overlay, TextSize, Utf8PathBuf};
use glueline_project::LoadOptions;
use rayon::prelude::*;

use super::scan::{Layer, Scan, Want};
use super::{Occurrence, at};
use crate::{Analysis, FilePosition, Options};

/// So many places of each file are tried.
const PLACES: usize = 60;

fn open(name: &str) -> Analysis {
    let directory = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(name);
    let options = Options {
        load: LoadOptions::new(directory),
        started_at: 0,
    };
    let disk = std::sync::Arc::new(OsSystem);
    Analysis::open(Overlay::new(disk), options).expect("a project")
}

fn check(text: &str, found: &[Occurrence]) {
    for each in found {
        let range = usize::from(each.range.start())..usize::from(each.range.end());
        assert!(text.get(range).is_some(), "{:?} in {text:?}", each.range);
    }
}

/// Offsets on characters, spread over a text.
fn places(text: &str) -> impl Iterator<Item = usize> + '_ {
    let step = text.len() / PLACES + 1;
    (0..=text.len())
        .step_by(step)
        .filter(|offset| text.is_char_boundary(*offset))
}

fn each_file(name: &str, look: impl Fn(&Analysis, FileId, &str) + Sync) {
    let analysis = open(name);
    let files: Vec<FileId> = analysis.project().files().ids().collect();
    files
        .par_iter()
        .for_each(|file| look(&analysis, *file, analysis.text(*file)));
}

#[test]
fn half_typed_texts() {
    for name in ["shop", "shop-faulty"] {
        each_file(name, |analysis, file, text| {
            for offset in places(text) {
                let (before, after) = text.split_at(offset);
                let torn = format!("{before}é{{{{ {after}");
                for text in [before, after, &torn] {
                    check(
                        text,
                        &Scan::text(analysis.project(), file, text, Want::All(Layer::Names)),
                    );
                }
            }
        });
    }
}

#[test]
fn what_is_at_a_place_is_among_all() {
    each_file("shop", |analysis, file, text| {
        let all = super::occurrences(analysis, file);
        for offset in places(text) {
            let offset = TextSize::new(u32::try_from(offset).expect("a small text"));
            let Some(found) = at(analysis, FilePosition { file, offset }) else {
                assert!(!all.iter().any(|each| each.range.contains_inclusive(offset)));
                continue;
            };
            assert!(found.range.range.contains_inclusive(offset));
            assert!(
                all.iter()
                    .any(|each| each.symbol == found.symbol && each.range == found.range.range)
            );
        }
    });
}
