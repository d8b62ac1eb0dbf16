//! Every fix of every page's examples: applied, the finding is gone, nothing new is found, and the rest is as it was.

mod common;

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, Fix, MemSystem, System};
use glueline_project::Project;
use glueline_rules::ALL;
use glueline_rules::page::{self, PageProject};

/// What is found, by rule and message: places move when text is changed.
fn counted(found: &[Diagnostic]) -> BTreeMap<(&'static str, String), usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in found {
        *counts
            .entry((diagnostic.rule, diagnostic.message.clone()))
            .or_insert(0) += 1;
    }
    counts
}

/// The files with a fix applied.
fn mended(before: &MemSystem, project: &Project, fix: &Fix) -> MemSystem {
    let mut system = before.clone();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| (edit.at.file, std::cmp::Reverse(edit.at.range.start())));
    for edit in edits {
        let path = format!("p/{}", project.files().source(edit.at.file).path);
        let mut text = String::from_utf8(system.read(path.as_str().into()).unwrap()).unwrap();
        text.replace_range(std::ops::Range::<usize>::from(edit.at.range), &edit.text);
        system.write(path, text);
    }
    system
}

fn check(rule: &str, page: &PageProject, wrong: &mut Vec<String>) {
    let system = common::system(page);
    let project = common::project(&system).unwrap();
    let found = glueline_rules::check(&project);
    let before = counted(&found);
    for diagnostic in &found {
        let Some(fix) = &diagnostic.fix else { continue };
        let after = glueline_rules::check(&common::project(&mended(&system, &project, fix)).unwrap());
        let after = counted(&after);
        let place = format!(
            "{rule} at line {}: {}: {}",
            page.line, fix.title, diagnostic.message
        );
        let key = (diagnostic.rule, diagnostic.message.clone());
        if after.get(&key).unwrap_or(&0) >= before.get(&key).unwrap_or(&0) {
            wrong.push(format!("{place}\n    is still found"));
        }
        for (key, count) in &after {
            if count > before.get(key).unwrap_or(&0) {
                wrong.push(format!("{place}\n    adds [{}] {}", key.0, key.1));
            }
        }
    }
}

#[test]
fn fixes_mend_what_they_are_for_and_break_nothing() {
    let mut wrong = Vec::new();
    for rule in ALL.iter() {
        for project in page::projects(rule.meta.page)
            .iter()
            .filter(|project| project.faulty)
        {
            check(rule.meta.id, project, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
