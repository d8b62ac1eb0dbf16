//! What is told of macros and their parameters.

use glueline_base::{FileId, TextRange, Value, slice};
use glueline_catalog::jinja::{Package, generic_test, shipped_macro};
use glueline_project::MacroRef;
use glueline_project::facts::properties::PatchKind;
use glueline_project::facts::sql::{MacroDef, MacroKind};

use super::words::{description, place};
use crate::Analysis;
use crate::card::{Card, code};
use crate::symbol::described;

/// A macro that a file defines.
pub(super) fn card(analysis: &Analysis, found: MacroRef) -> Option<Card> {
    let project = &**analysis.project();
    let definition = project.facts(found.file).sql()?.macros.get(found.index)?;
    let package = project.packages().get(found.package)?;
    let mut facts = vec![(
        "Defined in".to_owned(),
        code(&place(analysis, definition.written.in_file(found.file))),
    )];
    if found.package != 0 {
        facts.insert(0, ("Package".to_owned(), code(&package.name)));
    }
    if let Some(who) = replaced(&definition.name.value) {
        facts.push(("Stands in for".to_owned(), who));
    }
    let documented = documented(analysis, found, definition);
    Some(
        Card::new()
            .code("jinja", signature(analysis, found.file, definition))
            .text(documented.text)
            .facts(documented.arguments)
            .facts(facts),
    )
}

/// `macro cents(column, scale=2)`, as it is written.
pub(crate) fn signature(analysis: &Analysis, file: FileId, definition: &MacroDef) -> String {
    let word = match definition.kind {
        MacroKind::Macro => "macro",
        MacroKind::Test => "test",
        MacroKind::Materialization => "materialization",
    };
    let whole = slice(analysis.text(file), definition.range);
    let tag = whole.split_once("%}").map_or(whole, |(tag, _)| tag);
    let inside = tag
        .trim_start_matches(['{', '%', '-', '+'])
        .trim_end_matches(['-', '+'])
        .trim();
    let written = inside.strip_prefix(word).map_or(inside, str::trim);
    format!(
        "{word} {}",
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}

/// The shipped macro that is left out for one of the project.
fn replaced(name: &str) -> Option<String> {
    let bare = name
        .split_once("__")
        .filter(|(adapter, _)| matches!(*adapter, "default" | "spark" | "glue"))
        .map_or(name, |(_, bare)| bare);
    let shipped = shipped_macro(name)
        .last()
        .or_else(|| shipped_macro(bare).last())?;
    Some(format!("{} of {}", code(shipped.name), owner(shipped.package)))
}

const fn owner(package: Package) -> &'static str {
    match package {
        Package::Dbt => "dbt",
        Package::Spark => "dbt-spark",
        Package::Glue => "dbt-glue",
    }
}

/// What is written of a macro.
#[derive(Default)]
pub(crate) struct Documented {
    /// What it does.
    pub(crate) text: String,
    /// What it takes: each argument with its type and description.
    pub(crate) arguments: Vec<(String, String)>,
}

/// What its properties say of a macro, else the comment above it.
pub(crate) fn documented(analysis: &Analysis, found: MacroRef, definition: &MacroDef) -> Documented {
    let project = &**analysis.project();
    let name = &definition.name.value;
    let patch = described(project, found.package, PatchKind::Macro, name);
    let mut documented = Documented::default();
    if let Some((file, patch)) = patch {
        if let Some(text) = &patch.description {
            documented.text = description(project, found.package, &text.value);
        }
        let entry = project
            .facts(file)
            .yaml()
            .and_then(|facts| entry_at(&facts.value.value, "macros", patch.range));
        let arguments = entry
            .and_then(|entry| entry.get("arguments"))
            .and_then(|list| list.value.as_list());
        documented
            .arguments
            .extend(arguments.unwrap_or_default().iter().filter_map(|argument| {
                let text = |key: &str| argument.value.get(key).and_then(|value| value.value.as_str());
                let parts: Vec<String> = [text("type").map(code), text("description").map(ToOwned::to_owned)]
                    .into_iter()
                    .flatten()
                    .collect();
                Some((code(text("name")?), parts.join(" ")))
            }));
    }
    if documented.text.is_empty() {
        comment_above(analysis.text(found.file), definition.range)
            .unwrap_or_default()
            .clone_into(&mut documented.text);
    }
    documented
}

/// The entry of a list of a properties file, by where it stands.
pub(super) fn entry_at<'v>(root: &'v Value, list: &str, range: TextRange) -> Option<&'v Value> {
    let items = root.get(list)?.value.as_list()?;
    items
        .iter()
        .find(|item| item.range == range)
        .map(|item| &item.value)
}

/// The text of the Jinja comment that ends right before a macro.
fn comment_above(text: &str, range: TextRange) -> Option<&str> {
    let before = text.get(..usize::from(range.start()))?.trim_end();
    let inside = before.strip_suffix("#}")?;
    let start = inside.rfind("{#")?;
    let comment = inside.get(start + 2..)?;
    Some(comment.trim_matches(['-', '+', '#']).trim()).filter(|comment| !comment.is_empty())
}

/// A macro that dbt or an adapter ships.
pub(super) fn shipped(name: &str) -> Option<Card> {
    let all = shipped_macro(name);
    // The nearest adapter's is the one that is called.
    let last = all.last()?;
    let word = if name.starts_with("test_") {
        "test"
    } else if name.starts_with("materialization_") {
        "materialization"
    } else {
        "macro"
    };
    let bare = name.strip_prefix("test_").unwrap_or(name);
    let mut facts: Vec<(String, String)> = vec![(
        "Shipped by".to_owned(),
        format!("{}, {}", owner(last.package), code(last.path)),
    )];
    let others = all.iter().rev().skip(1);
    facts.extend(others.map(|other| {
        let told = format!("that of {}, {}", owner(other.package), code(other.path));
        ("In place of".to_owned(), told)
    }));
    let mut card = Card::new().code("jinja", format!("{word} {bare}({})", last.parameters.join(", ")));
    if let Some(test) = generic_test(bare).filter(|_| word == "test") {
        card = card
            .text(format!("{}.", test.summary.trim_end_matches('.')))
            .text(test.body);
        let arguments = test.arguments.iter().map(|argument| {
            let default = match (argument.required, argument.default) {
                (true, _) => " (required)".to_owned(),
                (false, "") => String::new(),
                (false, default) => format!(" (default {})", code(default)),
            };
            (code(argument.name), format!("{}{default}", argument.summary))
        });
        card = card.facts(arguments.collect());
    }
    Some(card.facts(facts))
}

/// A parameter of a macro.
pub(super) fn parameter(analysis: &Analysis, of: MacroRef, name: &str) -> Option<Card> {
    let project = &**analysis.project();
    let definition = project.facts(of.file).sql()?.macros.get(of.index)?;
    let (_, has_default) = definition
        .parameters
        .iter()
        .find(|(found, _)| *found.value == *name)?;
    let documented = documented(analysis, of, definition);
    let wanted = code(name);
    let text = documented
        .arguments
        .into_iter()
        .find(|(argument, _)| *argument == wanted);
    let optional = if *has_default {
        ", which may be left out"
    } else {
        ""
    };
    Some(
        Card::new()
            .text(format!(
                "{wanted}: a parameter of {}{optional}.",
                code(&definition.written.value)
            ))
            .text(text.map(|(_, text)| text).unwrap_or_default()),
    )
}
