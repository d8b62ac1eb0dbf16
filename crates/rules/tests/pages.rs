//! Every rule's page is a test: its examples must be found at the marked lines, and nothing else may be; what stands
//! under "Instead" must be clean.

mod common;

use std::collections::BTreeMap;

use glueline_base::LineIndex;
use glueline_rules::page::{self, PageProject};
use glueline_rules::{ALL, Rule};
use libtest_mimic::{Arguments, Failed, Trial};

/// Rules about what a page cannot show: faults of the program, of a disk, of bytes that are no text.
const WITHOUT_EXAMPLE: [&str; 4] = [
    "internal-error",
    "not-utf8",
    "statement-too-long",
    "unreadable-file",
];

fn main() {
    let arguments = Arguments::from_args();
    let trials = ALL.iter().flat_map(|rule| trials(rule)).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trials(rule: &'static Rule) -> Vec<Trial> {
    let mut trials = vec![Trial::test(format!("{}: page", rule.meta.id), move || {
        shape(rule)
    })];
    for project in page::projects(rule.meta.page) {
        let section = if project.faulty { "example" } else { "instead" };
        let name = format!(
            "{}: {section} at line {}: {}",
            rule.meta.id, project.line, project.title
        );
        trials.push(Trial::test(name, move || run(rule, &project)));
    }
    trials
}

/// What every page has: its id as the title, a summary of one sentence, and, for a rule that looks at projects, an
/// example and a way out.
fn shape(rule: &Rule) -> Result<(), Failed> {
    let page = rule.meta.page;
    if !page.starts_with(&format!("# {}\n\n", rule.meta.id)) {
        return Err("the title is not the rule's id, followed by a blank line".into());
    }
    if !rule.meta.summary.ends_with('.') || rule.meta.summary.len() > 110 {
        return Err(format!("the summary is no short sentence: {:?}", rule.meta.summary).into());
    }
    let projects = page::projects(page);
    let marked = |project: &PageProject| project.files.iter().any(|file| !file.marked.is_empty());
    if projects.iter().any(|project| project.faulty && !marked(project)) {
        return Err("an example marks no line".into());
    }
    if !WITHOUT_EXAMPLE.contains(&rule.meta.id) {
        if !projects.iter().any(|project| project.faulty) {
            return Err("no example".into());
        }
        if !projects.iter().any(|project| !project.faulty) {
            return Err("nothing under \"Instead\"".into());
        }
    }
    Ok(())
}

fn run(rule: &Rule, page: &PageProject) -> Result<(), Failed> {
    let system = common::system(page);
    let mut expected: BTreeMap<(String, u32), usize> = BTreeMap::new();
    for file in &page.files {
        for line in &file.marked {
            expected.insert((file.path.clone(), *line), 0);
        }
    }
    let project = common::project(&system)?;
    let mut wrong = Vec::new();
    for diagnostic in glueline_rules::check(&project) {
        let source = project.project().files().source(diagnostic.at.file);
        let line = LineIndex::new(&source.text)
            .line_column(diagnostic.at.range.start())
            .line;
        let place = (source.path.to_string(), line);
        match expected.get_mut(&place) {
            Some(count) if diagnostic.rule == rule.meta.id => *count += 1,
            _ => wrong.push(format!(
                "{}:{line}: [{}] {}",
                place.0, diagnostic.rule, diagnostic.message
            )),
        }
    }
    for ((path, line), count) in expected {
        if count == 0 {
            wrong.push(format!("{path}:{line}: expected, and not found"));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}
