//! The first example of every page, torn off and with signs lost: no rule fails, and what is found stands in the text.

use glueline_base::FileRange;
use glueline_rules::ALL;
use glueline_rules::page::{self, PageProject};

fn check(page: &PageProject) -> Result<(), String> {
    let project = crate::common::project(&crate::common::system(page))?;
    let stands = |at: FileRange| {
        let text = &project.project().files().source(at.file).text;
        text.get(std::ops::Range::<usize>::from(at.range)).is_some()
    };
    for diagnostic in glueline_rules::check(&project) {
        let edits = diagnostic
            .fix
            .iter()
            .flat_map(|fix| &fix.edits)
            .map(|edit| edit.at);
        let related = diagnostic.related.iter().map(|related| related.at);
        let is_sound = edits.chain(related).chain([diagnostic.at]).all(stands);
        if !is_sound || diagnostic.rule == "internal-error" {
            return Err(format!("[{}] {}", diagnostic.rule, diagnostic.message));
        }
    }
    Ok(())
}

/// The project with one of its files changed.
fn with(page: &PageProject, file: usize, text: String) -> PageProject {
    let mut changed = page.clone();
    if let Some(file) = changed.files.get_mut(file) {
        file.text = text;
    }
    changed
}

/// What gives a text its shape is what hurts to lose.
fn signs(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    text.char_indices()
        .filter(|(_, c)| !c.is_ascii_alphanumeric() && *c != ' ' && *c != '_')
}

#[test]
fn torn_examples_are_read() {
    let mut wrong = Vec::new();
    for rule in ALL.iter() {
        let Some(page) = page::projects(rule.meta.page)
            .into_iter()
            .find(|project| project.faulty)
        else {
            continue;
        };
        for (number, file) in page.files.iter().enumerate() {
            // A catalog that cannot be read is refused before any rule runs.
            if file.path == "catalog.json" {
                continue;
            }
            // Either way by turns: both at every sign take twice as long and find no more.
            for (turn, (at, lost)) in signs(&file.text).enumerate() {
                let (before, after) = file.text.split_at(at);
                let text = if turn % 2 == 0 {
                    before.to_owned()
                } else {
                    format!("{before}{}", after.strip_prefix(lost).unwrap_or(after))
                };
                if let Err(error) = check(&with(&page, number, text.clone())) {
                    wrong.push(format!("{}: {}: {text:?}: {error}", rule.meta.id, file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
