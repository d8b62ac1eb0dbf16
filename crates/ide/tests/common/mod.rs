//! A project out of one text: files behind lines `//- path`, with carets `$0`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends"
)]

use std::sync::Arc;

use glueline_base::{MemSystem, Overlay, TextSize};
use glueline_ide::{Analysis, FilePosition, Options};
use glueline_project::LoadOptions;

/// Where the projects of tests lie.
pub(crate) const ROOT: &str = "/repo";

/// A `dbt_project.yml` and a `profiles.yml` for dbt-glue, where a fixture has none.
const DEFAULTS: [(&str, &str); 2] = [
    ("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n"),
    (
        "profiles.yml",
        "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      role_arn: arn:aws:iam::123456789012:role/glue\n      region: eu-west-1\n      schema: analytics\n      location: s3://bucket/warehouse\n      glue_version: '5.0'\n      workers: 2\n      worker_type: G.1X\n",
    ),
];

/// A project, and the places of its carets in the order in which they stand.
pub(crate) struct Fixture {
    /// The project.
    pub(crate) analysis: Analysis,
    /// The carets.
    pub(crate) carets: Vec<FilePosition>,
}

impl Fixture {
    /// The only caret.
    pub(crate) fn caret(&self) -> FilePosition {
        assert_eq!(self.carets.len(), 1, "one caret is expected");
        self.carets[0]
    }
}

/// Reads a fixture: each file begins with a line `//- path`.
pub(crate) fn fixture(text: &str) -> Fixture {
    let mut disk = MemSystem::new();
    disk.set_env("HOME", "/home");
    let mut carets = Vec::new();
    let mut named = Vec::new();
    for part in text.split("//- ").skip(1) {
        let (path, mut content) = part.split_once('\n').expect("a path and a text");
        let path = path.trim().to_owned();
        let mut clean = String::new();
        while let Some((before, after)) = content.split_once("$0") {
            clean.push_str(before);
            carets.push((path.clone(), clean.len()));
            content = after;
        }
        clean.push_str(content);
        disk.write(format!("{ROOT}/{path}"), clean);
        named.push(path);
    }
    for (path, content) in DEFAULTS {
        if !named.iter().any(|name| name == path) {
            disk.write(format!("{ROOT}/{path}"), content);
        }
    }
    let options = Options {
        load: LoadOptions::new(ROOT),
        started_at: 1_735_689_600_000_000,
    };
    let analysis = Analysis::open(Overlay::new(Arc::new(disk)), options).expect("a project");
    let carets = carets
        .into_iter()
        .map(|(path, offset)| FilePosition {
            file: analysis
                .file(format!("{ROOT}/{path}").as_str().into())
                .unwrap_or_else(|| panic!("{path} is a file of the project")),
            offset: TextSize::new(u32::try_from(offset).expect("a small text")),
        })
        .collect();
    // Not every test asks for it.
    let _ = Fixture::caret;
    Fixture { analysis, carets }
}
