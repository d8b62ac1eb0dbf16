//! Every offset of every file, cut at every line: an answer, whatever the text.

use std::sync::Arc;

use glueline_base::{MemSystem, Overlay, TextSize};
use glueline_ide::completion::complete;
use glueline_ide::{Analysis, Change, FilePosition, Options};
use glueline_project::{FileKind, LoadOptions};

/// A project of the fixtures.
fn fixture(name: &str) -> String {
    format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn open(root: &str) -> Analysis {
    let mut disk = MemSystem::new();
    disk.set_env("HOME", "/home");
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::path::Path::new(&folder).read_dir().unwrap() {
            let path = entry.unwrap().path().display().to_string();
            if std::path::Path::new(&path).is_dir() {
                folders.push(path);
            } else if let Ok(text) = String::from_utf8(
                glueline_base::System::read(&glueline_base::OsSystem, path.as_str().into()).unwrap(),
            ) {
                disk.write(format!("/repo{}", path.strip_prefix(root).unwrap()), text);
            }
        }
    }
    let options = Options {
        load: LoadOptions::new("/repo"),
        started_at: 1_735_689_600_000_000,
    };
    Analysis::open(Overlay::new(Arc::new(disk)), options).expect("a project")
}

fn everywhere(analysis: &Analysis, file: glueline_base::FileId, step: usize) {
    let text = analysis.text(file);
    for (offset, _) in text.char_indices().step_by(step).chain([(text.len(), ' ')]) {
        let at = FilePosition {
            file,
            offset: TextSize::new(u32::try_from(offset).unwrap()),
        };
        for item in complete(analysis, at, None).items {
            let (start, end) = (usize::from(item.range.start()), usize::from(item.range.end()));
            assert!(text.get(start..end).is_some(), "{} at {offset}", item.label);
            assert!(start <= offset && offset <= end, "{} at {offset}", item.label);
        }
    }
}

#[test]
fn every_offset_of_the_fixtures() {
    let mut roots = vec![fixture("shop"), fixture("shop-faulty")];
    // Other projects at hand, where somebody names them.
    if let Ok(more) = std::env::var("GLUELINE_TEST_PROJECTS") {
        roots.extend(more.split(':').map(ToOwned::to_owned));
    }
    for root in roots {
        let analysis = open(&root);
        let files = analysis.project().files();
        assert!(files.len() > 5, "{root}");
        for file in files.ids() {
            everywhere(&analysis, file, 1 + analysis.text(file).len() / 400);
        }
    }
}

#[test]
fn every_cut_of_some_files() {
    let analysis = open(&fixture("shop"));
    let kinds = [
        FileKind::Model,
        FileKind::Properties,
        FileKind::Macro,
        FileKind::ProjectFile,
        FileKind::Profiles,
    ];
    for kind in kinds {
        let files = analysis.project().files();
        let Some(file) = files.of_kind(kind).max_by_key(|file| files.text(*file).len()) else {
            continue;
        };
        let text = files.text(file).to_owned();
        let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for cut in cuts.iter().step_by(1 + cuts.len() / 60) {
            let change = Change {
                path: analysis.path(file).to_owned(),
                text: Some(text[..*cut].into()),
            };
            let Ok(edited) = analysis.edited(&[change]) else {
                continue;
            };
            if let Some(file) = edited.file(analysis.path(file)) {
                everywhere(&edited, file, 7);
            }
        }
    }
}

#[test]
fn hostile_texts_end() {
    let analysis = open(&fixture("shop"));
    let file = analysis
        .project()
        .files()
        .of_kind(FileKind::Model)
        .next()
        .unwrap();
    let path = analysis.path(file).to_owned();
    for text in [
        "{{ ref('".repeat(3_000),
        "{% if (".repeat(3_000),
        "{{ a.".repeat(3_000),
        "({[".repeat(3_000),
    ] {
        let end = TextSize::new(u32::try_from(text.len()).unwrap());
        let change = Change {
            path: path.clone(),
            text: Some(text.as_str().into()),
        };
        let edited = analysis.edited(&[change]).unwrap();
        let file = edited.file(&path).unwrap();
        let _ = complete(&edited, FilePosition { file, offset: end }, None);
    }
}
