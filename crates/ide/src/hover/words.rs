//! What is told of variables, docs blocks, packages, targets and local names; and how descriptions read.

use std::fmt::Write as _;

use glueline_base::{FileId, FileRange, LineIndex, slice};
use glueline_jinja::{Piece, parse};
use glueline_project::{PackageId, Project};

use crate::Analysis;
use crate::card::{Card, code};
use crate::symbol::{Symbol, definitions, doc};

/// `models/p.yml:3`.
pub(super) fn place(analysis: &Analysis, at: FileRange) -> String {
    let files = analysis.project().files();
    let line = LineIndex::new(files.text(at.file))
        .line_column(at.range.start())
        .line;
    format!("{}:{line}", files.info(at.file).shown)
}

/// A description with the docs blocks that it names put in, as dbt does.
pub(super) fn description(project: &Project, package: PackageId, text: &str) -> String {
    if !text.contains("{{") {
        return text.to_owned();
    }
    let template = parse(text);
    let mut out = String::new();
    for piece in &template.body {
        let block = match piece {
            Piece::Output(output) => output.expr.as_call().and_then(|(callee, args)| {
                (callee.as_name() == Some("doc")).then_some(())?;
                let texts: Option<Vec<_>> = args.iter().map(|arg| arg.value.as_text()).collect();
                match texts?.as_slice() {
                    [name] => block(project, &doc(project, package, None, name)),
                    [owner, name] => block(project, &doc(project, package, Some(owner), name)),
                    _ => None,
                }
            }),
            Piece::Text(_) | Piece::Comment(_) | Piece::Statement(_) => None,
        };
        out.push_str(block.unwrap_or_else(|| slice(text, piece.range())));
    }
    out
}

/// The text of a docs block.
fn block<'p>(project: &'p Project, symbol: &Symbol) -> Option<&'p str> {
    let Symbol::Doc { file, index } = symbol else {
        return None;
    };
    let range = project.facts(*file).sql()?.docs.get(*index)?.range;
    let whole = slice(project.files().text(*file), range);
    // Between the tags.
    let inside = whole.split_once("%}")?.1;
    Some(
        inside
            .rsplit_once("{%")
            .map_or(inside, |(inside, _)| inside)
            .trim(),
    )
}

/// A docs block.
pub(super) fn docs(analysis: &Analysis, file: FileId, index: usize) -> Option<Card> {
    let project = analysis.project();
    let text = block(project, &Symbol::Doc { file, index })?;
    Some(Card::new().text(text))
}

/// A variable of the project: what sets it, what counts first.
pub(super) fn variable(analysis: &Analysis, name: &std::sync::Arc<str>) -> Card {
    let project = analysis.project();
    let mut facts = Vec::new();
    if let Some(set) = project.cli_vars().get(name) {
        facts.push(("`--vars`".to_owned(), code(&set.value.display())));
    }
    for definition in definitions(analysis, &Symbol::Var(name.clone())) {
        let full = definition.full;
        let written = slice(analysis.text(full.file), full.range);
        let value = written.split_once(':').map_or(written, |(_, value)| value);
        facts.push((code(&place(analysis, full)), code(shortened(value))));
    }
    let card = Card::new().text(format!("{}: a variable of the project.", code(name)));
    if facts.is_empty() {
        return card.text("Nothing sets it: only its default, where `var()` has one, can be used.");
    }
    card.facts(facts)
}

fn shortened(text: &str) -> &str {
    const MOST: usize = 120;
    let text = text.trim();
    let end = text.char_indices().nth(MOST).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or(text)
}

/// A variable of the environment. Its value is nobody's business.
pub(super) fn environment(analysis: &Analysis, name: &str) -> Card {
    use glueline_base::System as _;
    let state = match analysis.system().env_var(name) {
        Some(_) => "It is set.",
        None => "It is not set.",
    };
    Card::new().text(format!("{}: a variable of the environment. {state}", code(name)))
}

/// A package.
pub(super) fn package(analysis: &Analysis, package: PackageId) -> Option<Card> {
    let project = analysis.project();
    let found = project.packages().get(package)?;
    let what = if package == 0 {
        "the project itself"
    } else {
        "an installed package"
    };
    let version = found.project.value.value.get("version");
    let mut facts = Vec::new();
    if let Some(version) = version.filter(|version| version.value.is_known()) {
        facts.push(("Version".to_owned(), code(&version.value.display())));
    }
    facts.push(("Directory".to_owned(), code(found.root.as_str())));
    Some(
        Card::new()
            .text(format!("{}: {what}.", code(&found.name)))
            .facts(facts),
    )
}

/// What may be told of a target: nothing that the catalogue calls a secret.
const TOLD: [&str; 8] = [
    "type",
    "schema",
    "region",
    "glue_version",
    "worker_type",
    "workers",
    "threads",
    "location",
];

/// A target of a profile.
pub(super) fn target(analysis: &Analysis, profile: &str, name: &str) -> Option<Card> {
    let found = analysis.project().profile().profile()?;
    (*found.name.value == *profile).then_some(())?;
    let target = found.targets.iter().find(|target| *target.name.value == *name)?;
    let told = TOLD.iter().filter_map(|key| {
        let is_secret = glueline_catalog::profile_key(key).is_some_and(|spec| spec.secret);
        let value = target.get(key).filter(|value| value.is_known() && !is_secret)?;
        Some((code(key), code(&value.display())))
    });
    let mut what = format!("{}: a target of the profile {}", code(name), code(profile));
    let _ = write!(
        what,
        "{}.",
        if target.selected {
            ", the one that is used"
        } else {
            ""
        }
    );
    Some(Card::new().text(what).facts(told.collect()))
}

/// A name that the file binds: the line that binds it.
pub(super) fn local(analysis: &Analysis, symbol: &Symbol) -> Option<Card> {
    let defined = definitions(analysis, symbol).into_iter().next()?;
    let text = analysis.text(defined.name.file);
    let at = usize::from(defined.name.range.start());
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?.trim();
    Some(Card::new().code("jinja", shortened(line)))
}
