//! `config-ignored-here`.

use glueline_base::{Diagnostic, FileId, TextRange};
use glueline_catalog::{KeySpec, Materialization, Scope, Situation};
use glueline_project::{Contribution, ResourceType};
use rustc_hash::FxHashMap;

use super::macro_reads::MacroReads;
use super::setting;
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model::is_folder_wide;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "config-ignored-here",
    Ineffective,
    Info,
    "config_ignored_here.md",
    Check::Project(check)
);

/// A setting of the project file, and whether any node below it reads it.
struct FolderWide<'a> {
    set: &'a Contribution,
    spec: &'static KeySpec,
    is_read: bool,
}

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let mut folder_wide: FxHashMap<(FileId, TextRange), FolderWide<'_>> = FxHashMap::default();
    let macros = MacroReads::new(cx.project);
    let kinds = [ResourceType::Model, ResourceType::Seed, ResourceType::Snapshot];
    for node in cx
        .project
        .nodes()
        .iter()
        .filter(|node| kinds.contains(&node.kind))
    {
        let cx = NodeCx {
            project: cx.project,
            node,
        };
        let scope = setting::scope(node.kind);
        let situation = setting::built_as(&cx).filter(|_| node.enabled);
        for set in node.config.entries() {
            let Some(spec) = spec(scope, &set.key.value) else {
                continue;
            };
            let is_read = situation.is_none_or(|situation| is_read(scope, spec, situation))
                // A macro of the project's own may read it anywhere.
                || macros.reads(spec.name);
            if is_folder_wide(set) {
                let known = folder_wide.entry((set.file, set.key.range));
                known
                    .or_insert(FolderWide {
                        set,
                        spec,
                        is_read: false,
                    })
                    .is_read |= is_read;
            } else if let Some(situation) = situation.filter(|_| !is_read && node.package == 0) {
                let how = how(situation);
                let message = format!(
                    "{how} does not read `{}`, so this does nothing. {}",
                    spec.name,
                    readers(spec)
                );
                sink.push(cx.diagnostic(&RULE.meta, set.key_at(), message));
            }
        }
    }
    let own = cx.project.project_file().file;
    let mut unread: Vec<_> = folder_wide
        .into_values()
        .filter(|found| !found.is_read && found.set.file == own)
        .collect();
    unread.sort_by_key(|found| found.set.key.range.start());
    for FolderWide { set, spec, .. } in unread {
        let message = format!(
            "None of the nodes that this applies to reads `{}`, so it does nothing. {}",
            spec.name,
            readers(spec)
        );
        sink.push(Diagnostic::new(&RULE.meta, set.key_at(), message));
    }
}

/// The key as these nodes or others know it; `None` for what is always read, and for what other rules are about.
fn spec(scope: Scope, key: &str) -> Option<&'static KeySpec> {
    let spec = setting::of_any_node(scope, key)?;
    let elsewhere = spec.dead.is_some()
        || matches!(
            spec.name,
            "lf_grants" | "lf_tags_config" | "persist_docs" | "grants"
        );
    let is_foreign = !spec.scopes.contains(&scope);
    (!elsewhere && (is_foreign || !spec.applies.is_empty())).then_some(spec)
}

fn is_read(scope: Scope, spec: &KeySpec, situation: Situation) -> bool {
    spec.scopes.contains(&scope) && spec.is_read(&situation)
}

fn how(situation: Situation) -> String {
    let name = situation.materialization.map_or("", Materialization::name);
    match situation.language {
        Some(glueline_catalog::Language::Python) => format!("A Python model that is `{name}`"),
        Some(glueline_catalog::Language::Sql)
            if situation.materialization != Some(Materialization::Snapshot) =>
        {
            format!("A model that is `{name}`")
        }
        _ => format!("A {name}"),
    }
}

/// Who does read it.
fn readers(spec: &KeySpec) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in spec
        .applies
        .iter()
        .flat_map(|case| case.materializations)
        .map(|member| member.name())
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return spec
            .scopes
            .first()
            .map_or_else(String::new, |scope| format!("It is a {}.", scope.name()));
    }
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let languages: Vec<&str> = spec
        .applies
        .iter()
        .flat_map(|case| case.languages)
        .map(|member| member.name())
        .collect();
    let only = match languages.as_slice() {
        [language] => format!(", in models of the language `{language}` alone"),
        _ => String::new(),
    };
    format!("It is read by {}{only}.", names.join(", "))
}
