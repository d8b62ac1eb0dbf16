//! Every fix of every page's examples: applied, the finding is gone, nothing new is found, and the rest is as it was.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, Fix, MemSystem, System};
use glueline_render::Renderer;
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

/// The files with a fix applied; `None` where it does not fit the files.
fn mended(before: &MemSystem, project: &Renderer, fix: &Fix) -> Option<MemSystem> {
    let mut system = before.clone();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| (edit.at.file, std::cmp::Reverse(edit.at.range.start())));
    for edit in edits {
        let path = format!("p/{}", project.project().files().source(edit.at.file).path);
        let mut text = String::from_utf8(system.read(path.as_str().into()).ok()?).ok()?;
        text.get(std::ops::Range::<usize>::from(edit.at.range))?;
        text.replace_range(std::ops::Range::<usize>::from(edit.at.range), &edit.text);
        system.write(path, text);
    }
    Some(system)
}

fn check(rule: &str, page: &PageProject, wrong: &mut Vec<String>) -> Result<(), String> {
    let system = crate::common::system(page);
    let project = crate::common::project(&system)?;
    let found = glueline_rules::check(&project);
    let before = counted(&found);
    for diagnostic in &found {
        let Some(fix) = &diagnostic.fix else { continue };
        let place = format!(
            "{rule} at line {}: {}: {}",
            page.line, fix.title, diagnostic.message
        );
        let Some(mended) = mended(&system, &project, fix) else {
            wrong.push(format!("{place}\n    does not fit the text"));
            continue;
        };
        let after = counted(&glueline_rules::check(&crate::common::project(&mended)?));
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
    Ok(())
}

#[test]
fn fixes_mend_what_they_are_for_and_break_nothing() {
    let mut wrong = Vec::new();
    for rule in ALL.iter() {
        for project in page::projects(rule.meta.page)
            .iter()
            .filter(|project| project.faulty)
        {
            if let Err(error) = check(rule.meta.id, project, &mut wrong) {
                wrong.push(format!("{} at line {}: {error}", rule.meta.id, project.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
