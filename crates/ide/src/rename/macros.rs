//! Renaming macros, with the variants that dispatch finds by their names, and parameters of macros.

use glueline_base::Edit;
use glueline_catalog::jinja::{self, shipped_macro};
use glueline_project::facts::sql::{MacroDef, MacroKind};
use glueline_project::{MacroRef, Project};

use super::names::{identifier, not_taken_in, refuse};
use super::{Refusal, Rename, of_texts, only_own, texts};
use crate::Analysis;
use crate::navigation::{dispatch_call, without_prefix};
use crate::symbol::{MissingKind, Symbol};

/// A macro, generic test or materialization. `written` is how it is named where the rename was asked for: without its prefix, in
/// a dispatch.
pub(super) fn named(analysis: &Analysis, of: MacroRef, written: &str, new: &str) -> Result<Rename, Refusal> {
    let project = &**analysis.project();
    let Some(definition) = definition(project, of) else {
        return Err("Nothing that can be renamed stands here.".to_owned());
    };
    let old = &*definition.written.value;
    only_own(analysis, of.package, &format!("The macro `{old}`"))?;
    identifier(new)?;
    match definition.kind {
        MacroKind::Test => alone(analysis, of, definition, "generic test", new),
        MacroKind::Materialization => materialization(analysis, definition, new),
        MacroKind::Macro => {
            let base = without_prefix(old).filter(|base| is_dispatched(project, base));
            let family = match base {
                // Named without its prefix, or in its own tag with it.
                Some(base) if written == base => Some((base, new)),
                Some(base) => {
                    let prefix = old.strip_suffix(base).unwrap_or_default();
                    let Some(new_base) = new.strip_prefix(prefix).filter(|rest| !rest.is_empty()) else {
                        return Err(format!(
                            "Dispatch finds `{old}` by its prefix: the new name has to begin with `{prefix}` too."
                        ));
                    };
                    Some((base, new_base))
                }
                None if dispatches_itself(project, of, old) => Some((old, new)),
                None => None,
            };
            match family {
                Some((base, new_base)) => self::family(analysis, base, new_base),
                None => alone(analysis, of, definition, "macro", new),
            }
        }
    }
}

fn definition(project: &Project, of: MacroRef) -> Option<&MacroDef> {
    project.facts(of.file).sql()?.macros.get(of.index)
}

/// Whether some macro dispatches by a name.
fn is_dispatched(project: &Project, base: &str) -> bool {
    !shipped_macro(base).is_empty() || !project.macros().definitions(base).is_empty()
}

fn dispatches_itself(project: &Project, of: MacroRef, name: &str) -> bool {
    dispatch_call(project, of).is_some_and(|(dispatched, _)| dispatched == name)
}

/// Refuses to rename what dbt finds by its name.
fn not_found_by_name(project: &Project, name: &str) -> Result<(), Refusal> {
    let base = without_prefix(name).unwrap_or(name);
    if !shipped_macro(name).is_empty() || !shipped_macro(base).is_empty() {
        return Err(format!(
            "`{name}` stands in for a macro that dbt or its adapter ships, and is found by this name."
        ));
    }
    let other = project
        .macros()
        .definitions(base)
        .iter()
        .find(|found| found.package != 0);
    if let Some(package) = other.and_then(|other| project.packages().get(other.package)) {
        return Err(format!(
            "`{name}` stands in for a macro of the package `{}`, and is found by this name.",
            package.name
        ));
    }
    Ok(())
}

/// Refuses a name that a macro or dbt itself has.
fn free(project: &Project, kind: MacroKind, new: &str) -> Result<(), Refusal> {
    let stored = match kind {
        MacroKind::Test => format!("test_{new}"),
        MacroKind::Macro | MacroKind::Materialization => new.to_owned(),
    };
    let what = if kind == MacroKind::Test {
        "generic test"
    } else {
        "macro"
    };
    refuse(project.macros().find_in(&stored, 0).is_some(), what, new)?;
    let base = without_prefix(&stored).unwrap_or(&stored);
    if !shipped_macro(&stored).is_empty() || !shipped_macro(base).is_empty() {
        return Err(format!(
            "dbt or its adapter ships a {what} `{new}`, which this one would replace."
        ));
    }
    if kind == MacroKind::Macro && jinja::name(new).is_some() {
        return Err(format!("`{new}` is a name of dbt's."));
    }
    let is_package = project.packages().iter().any(|package| *package.name == *new);
    refuse(kind == MacroKind::Macro && is_package, "package", new)
}

/// A macro that nothing finds by a part of its name.
fn alone(
    analysis: &Analysis,
    of: MacroRef,
    definition: &MacroDef,
    what: &str,
    new: &str,
) -> Result<Rename, Refusal> {
    let project = &**analysis.project();
    let (old, stored) = (&*definition.written.value, &*definition.name.value);
    not_found_by_name(project, stored)?;
    let same = project
        .macros()
        .definitions(stored)
        .iter()
        .filter(|found| found.package == 0);
    if same.count() > 1 {
        return Err(format!(
            "There is more than one {what} `{old}`: dbt refuses that as well."
        ));
    }
    if new != old {
        free(project, definition.kind, new)?;
    }
    let stored_new = format!("{}{new}", stored.strip_suffix(old).unwrap_or_default());
    let edits = texts(analysis, &Symbol::Macro(of), &|written| {
        if written == old {
            Some(new.to_owned())
        } else {
            (written == stored).then(|| stored_new.clone())
        }
    })?;
    unbound(analysis, &edits, old, new)?;
    Ok(of_texts(edits))
}

/// Refuses a name that a file which calls the macro uses for something of its own.
fn unbound(analysis: &Analysis, edits: &[Edit], old: &str, new: &str) -> Result<(), Refusal> {
    if old == new {
        return Ok(());
    }
    let mut files: Vec<_> = edits.iter().map(|edit| edit.at.file).collect();
    files.dedup();
    files
        .into_iter()
        .filter(|file| analysis.project().facts(*file).sql().is_some())
        .try_for_each(|file| not_taken_in(analysis, file, new))
}

/// A macro that dispatches to others by its own name, and all that it may dispatch to.
fn family(analysis: &Analysis, base: &str, new: &str) -> Result<Rename, Refusal> {
    let project = &**analysis.project();
    identifier(new)?;
    not_found_by_name(project, base)?;
    let suffix = format!("__{base}");
    let mut edits = Vec::new();
    for name in project.macros().names() {
        let prefix = if name == base {
            Some("")
        } else {
            name.strip_suffix(base).filter(|_| name.ends_with(&suffix))
        };
        let Some(prefix) = prefix else { continue };
        for of in project.macros().definitions(name) {
            only_own(analysis, of.package, &format!("The macro `{name}`"))?;
            let renamed = format!("{prefix}{new}");
            if new != base {
                free(project, MacroKind::Macro, &renamed)?;
            }
            edits.extend(texts(analysis, &Symbol::Macro(*of), &|written| {
                if written == name {
                    Some(renamed.clone())
                } else {
                    (written == base).then(|| new.to_owned())
                }
            })?);
        }
    }
    // A dispatch that finds nothing for Glue finds something for other adapters.
    let unknown = Symbol::Missing {
        kind: MissingKind::Macro,
        name: base.into(),
    };
    edits.extend(texts(analysis, &unknown, &|_| Some(new.to_owned()))?);
    unbound(analysis, &edits, base, new)?;
    Ok(of_texts(edits))
}

/// A materialization, for every adapter that it is defined for.
fn materialization(analysis: &Analysis, definition: &MacroDef, new: &str) -> Result<Rename, Refusal> {
    let project = &**analysis.project();
    let old = &*definition.written.value;
    let is_shipped = |name: &str| {
        ["default", "spark", "glue"]
            .iter()
            .any(|adapter| !shipped_macro(&format!("materialization_{name}_{adapter}")).is_empty())
    };
    if is_shipped(old) {
        return Err(format!(
            "`{old}` stands in for a materialization that dbt or its adapter ships, and is found by this name."
        ));
    }
    let taken = new != old && (is_shipped(new) || project.macros().materialization(new).is_some());
    refuse(taken, "materialization", new)?;
    let stem = format!("materialization_{old}_");
    let mut edits = Vec::new();
    for name in project.macros().names() {
        let Some(adapter) = name.strip_prefix(&stem) else {
            continue;
        };
        for of in project.macros().definitions(name) {
            let is_it = self::definition(project, *of).is_some_and(|found| &*found.written.value == old);
            if !is_it {
                continue;
            }
            only_own(analysis, of.package, &format!("The materialization `{old}`"))?;
            edits.extend(texts(analysis, &Symbol::Macro(*of), &|written| {
                if written == old {
                    Some(new.to_owned())
                } else {
                    (written == name).then(|| format!("materialization_{new}_{adapter}"))
                }
            })?);
        }
    }
    Ok(of_texts(edits))
}

/// A parameter of a macro, in its body and where calls name it.
pub(super) fn parameter(analysis: &Analysis, of: MacroRef, name: &str, new: &str) -> Result<Rename, Refusal> {
    let project = &**analysis.project();
    only_own(analysis, of.package, &format!("`{name}`"))?;
    let Some(definition) = definition(project, of) else {
        return Err("Nothing that can be renamed stands here.".to_owned());
    };
    let is_given = definition.kind == MacroKind::Test && matches!(name, "model" | "column_name");
    if is_given {
        return Err(format!("dbt passes `{name}` to generic tests by this name."));
    }
    if is_variant(project, definition) {
        return Err(format!(
            "`{}` is dispatched to, and its parameters have to be those of its siblings.",
            definition.name.value
        ));
    }
    identifier(new)?;
    if new != name {
        let taken = definition
            .parameters
            .iter()
            .any(|(parameter, _)| *parameter.value == *new);
        refuse(taken, "parameter", new)?;
        not_taken_in(analysis, of.file, new)?;
    }
    let symbol = Symbol::Parameter {
        of,
        name: name.into(),
    };
    Ok(of_texts(texts(analysis, &symbol, &|_| Some(new.to_owned()))?))
}

fn is_variant(project: &Project, definition: &MacroDef) -> bool {
    let base = without_prefix(&definition.name.value);
    base.is_some_and(|base| is_dispatched(project, base)) || !shipped_macro(&definition.name.value).is_empty()
}
