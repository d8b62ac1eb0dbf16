//! Literal texts that name something, and the values of configs.

use glueline_catalog::jinja::JinjaName;
use glueline_catalog::{KeySpec, Scope, keys, lookup};
use glueline_project::FileKind;
use glueline_project::facts::sql::MacroKind;

use super::super::calls::Frame;
use super::super::config;
use super::super::cx::Cx;
use super::super::item::{ItemKind, List};
use super::super::words::{Ending, Host};
use super::super::{models, refs};
use super::Spot;
use super::expression::compared_path;

/// Offers what the literal text at the caret can name; nothing where it names nothing.
pub(super) fn offer(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let ending = spot.literal.unwrap_or_default();
    let host = Host::Quoted(ending);
    let Some(frame) = spot.frame() else {
        return compared(cx, spot, list, host);
    };
    if let Some((spec, in_key)) = config_at(cx, &spot.frames) {
        // The bracket that is open may be a list's.
        let host = Host::Quoted(Ending {
            bracket: false,
            ..ending
        });
        match (spec, in_key) {
            (Some((scope, _)), true) => nested_keys(cx, spot, list, scope, host),
            (Some((_, spec)), false) => config::values(cx, list, spec, cx.node(), host),
            (None, _) => {}
        }
        return;
    }
    let starts = spot.starts_argument() || frame.keyword.is_some();
    if !starts || !argument(cx, frame, list, host) {
        compared(cx, spot, list, host);
    }
}

/// Offers the names that the argument at the caret can be; `false` where it is none that is known.
pub(in crate::completion) fn argument(cx: &Cx<'_>, frame: &Frame, list: &mut List<'_>, host: Host) -> bool {
    let text = |argument: usize| {
        frame
            .texts
            .iter()
            .find(|(at, _)| *at == argument)
            .map(|(_, text)| text.as_str())
    };
    let write = |name: &str| host.text(name);
    // The name of what comes first of two: no bracket closes behind it.
    let first_of_two = |name: &str| match host {
        Host::Quoted(ending) => ending.close(name, false),
        host => host.text(name),
    };
    let callee = frame.callee.strip_prefix("builtins.").unwrap_or(&frame.callee);
    let callee = callee.strip_prefix("dbt.").unwrap_or(callee);
    match (callee, frame.argument) {
        ("ref", _) if frame.keyword.is_some() => versions_of(cx, frame, list, host),
        ("ref", 0) => {
            models::offer(cx, list, None, 0, write);
            if cx.project.packages().len() > 1 {
                refs::packages(cx, list, 70, first_of_two);
            }
        }
        ("ref", 1) => {
            if let Some(package) = text(0).and_then(|name| cx.package_named(name)) {
                models::offer(cx, list, Some(package), 0, write);
            }
        }
        ("source", 0) => refs::sources(cx, list, 0, first_of_two),
        ("source", 1) => {
            if let Some(source) = text(0) {
                refs::tables(cx, list, source, write);
            }
        }
        ("var" | "var.has_var", 0) => refs::vars(cx, list, write),
        ("env_var", 0) => refs::env_vars(cx, list, write),
        ("doc", 0) => {
            refs::docs(cx, list, None, write);
            if cx.project.packages().len() > 1 {
                refs::packages(cx, list, 70, first_of_two);
            }
        }
        ("doc", 1) => {
            if let Some(package) = text(0).and_then(|name| cx.package_named(name)) {
                refs::docs(cx, list, Some(package), write);
            }
        }
        ("config.get" | "config.require" | "config.meta_get" | "config.meta_require", 0) => {
            read_configs(cx, list, callee.contains("meta"), write);
        }
        ("adapter.dispatch", 0) => dispatched(cx, list, write),
        ("adapter.dispatch", 1) => {
            refs::packages(cx, list, 0, write);
            list.offer(1, "dbt", |item| item.text(write("dbt")), ItemKind::Namespace);
        }
        ("target.get" | "target", 0) => {
            for key in glueline_catalog::profile_keys().filter(|key| key.profile.in_target) {
                list.offer(
                    0,
                    key.name,
                    |item| item.detail(key.summary).text(write(key.name)),
                    ItemKind::Field,
                );
            }
        }
        _ => return false,
    }
    true
}

/// `ref('orders', v=`: the versions of the model.
pub(super) fn versions_of(cx: &Cx<'_>, frame: &Frame, list: &mut List<'_>, host: Host) {
    let is_version = matches!(frame.keyword.as_deref(), Some("v" | "version"));
    if let Some((_, name)) = frame.texts.last().filter(|_| is_version) {
        let is_number = |version: &str| version.chars().all(|c| c.is_ascii_digit());
        refs::versions(cx, list, name, |version| {
            if host.takes_literals() && is_number(version) {
                version.to_owned()
            } else {
                host.text(version)
            }
        });
    }
}

/// The configs that a template can ask for: those that dbt knows for its node, and what the project sets besides.
fn read_configs(cx: &Cx<'_>, list: &mut List<'_>, of_meta: bool, write: impl Fn(&str) -> String) {
    let mut seen: Vec<String> = Vec::new();
    if !of_meta {
        for spec in keys(Scope::ModelConfig).filter(|spec| spec.dead.is_none()) {
            list.offer(
                0,
                spec.name,
                |item| item.detail(spec.summary).text(write(spec.name)),
                ItemKind::Key,
            );
            seen.push(spec.name.to_owned());
        }
    }
    let mut own: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for node in cx.project.own_nodes().take(5_000) {
        if of_meta {
            let metas = node
                .config
                .all("meta")
                .filter_map(|meta| meta.value.value.as_map());
            own.extend(metas.flatten().map(|entry| &*entry.key.value));
        } else {
            own.extend(node.config.entries().map(|entry| &*entry.key.value));
        }
    }
    for name in own {
        if !seen.iter().any(|known| known == name) {
            list.offer(1, name, |item| item.text(write(name)), ItemKind::Key);
        }
    }
}

/// The macros that dispatch can mean: names without the prefix of an adapter.
fn dispatched(cx: &Cx<'_>, list: &mut List<'_>, write: impl Fn(&str) -> String) {
    for (_, definition) in cx.macros() {
        if definition.kind != MacroKind::Macro {
            continue;
        }
        let name = &*definition.name.value;
        let bare = name.split_once("__").map_or(name, |(_, bare)| bare);
        let own = definition.range.contains(cx.caret);
        list.offer(
            u16::from(!own),
            bare,
            |item| item.text(write(bare)),
            ItemKind::Function,
        );
    }
}

/// What a name is compared with: targets, types of adapters, resource types.
pub(super) fn compared(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>, host: Host) {
    let Some(path) = compared_path(cx, spot) else {
        return;
    };
    let host = match host {
        Host::Quoted(ending) => Host::Quoted(Ending {
            bracket: false,
            ..ending
        }),
        host => host,
    };
    let mut value = |tier: u16, word: &str, detail: &str| {
        list.offer(
            tier,
            word,
            |item| item.detail(detail).text(host.text(word)),
            ItemKind::Value,
        );
    };
    match path.as_str() {
        "target.name" | "target.target_name" => {
            let targets = cx.project.profile().profile().map(|profile| &profile.targets);
            for target in targets.into_iter().flatten() {
                value(0, &target.name.value, "target");
            }
        }
        "target.type" => value(0, "glue", "dbt-glue"),
        "target.profile_name" => {
            if let Some(profile) = cx.project.profile().profile() {
                value(0, &profile.name.value, "profile");
            }
        }
        "flags.WHICH" => {
            for command in [
                "build",
                "compile",
                "docs",
                "list",
                "run",
                "run-operation",
                "seed",
                "snapshot",
                "test",
            ] {
                value(0, command, "");
            }
        }
        "model.resource_type" | "node.resource_type" => {
            for kind in glueline_catalog::ResourceType::ALL {
                value(0, kind.name(), "");
            }
        }
        _ => {
            if let Some(key) = path
                .strip_prefix("target.")
                .and_then(glueline_catalog::profile_key)
                && !key.secret
            {
                for word in key.allowed {
                    value(0, word, "");
                }
            }
        }
    }
}

/// The scope of the configs that `config()` sets at the caret.
pub(super) fn config_scope(cx: &Cx<'_>, spot: &Spot) -> Option<Scope> {
    let in_snapshot = spot.blocks.iter().any(|block| block.end == "endsnapshot");
    let in_test = spot.blocks.iter().any(|block| block.end == "endtest");
    scope_of_file(cx, in_snapshot, in_test)
}

fn scope_of_file(cx: &Cx<'_>, in_snapshot: bool, in_test: bool) -> Option<Scope> {
    Some(match cx.info.kind {
        _ if in_snapshot => Scope::SnapshotConfig,
        _ if in_test => Scope::TestConfig,
        FileKind::Snapshot => Scope::SnapshotConfig,
        FileKind::Analysis => Scope::AnalysisConfig,
        FileKind::SingularTest | FileKind::GenericTest => Scope::TestConfig,
        FileKind::Model | FileKind::PythonModel | FileKind::Macro => Scope::ModelConfig,
        _ => return None,
    })
}

/// What the brackets at the caret say of the config that is being set there: the scope and the spec of the innermost key, or
/// only that a config is set whose values are unknown; and whether the caret stands in a key of a mapping.
pub(in crate::completion) fn config_at(
    cx: &Cx<'_>,
    frames: &[Frame],
) -> Option<(Option<(Scope, &'static KeySpec)>, bool)> {
    let at = frames.iter().rposition(|frame| {
        matches!(frame.callee.as_str(), "config" | "builtins.config" | "dbt.config") && frame.opener == '('
    })?;
    let call = frames.get(at)?;
    let key = call.keyword.as_deref()?;
    let snapshot = cx.info.kind == FileKind::Snapshot;
    let scope = scope_of_file(cx, snapshot, false)?;
    let inner = frames.get(at + 1..).unwrap_or_default();
    // A call inside the value computes it: its arguments are no values of the config.
    if inner
        .iter()
        .any(|frame| frame.opener == '(' && !frame.callee.is_empty())
    {
        return None;
    }
    let Some(mut spec) = lookup(scope, key) else {
        return Some((None, false));
    };
    let mut scope = scope;
    for frame in inner.iter().filter(|frame| frame.opener == '{') {
        let is_map_of = matches!(spec.value, glueline_catalog::ValueType::ObjectMap(_));
        let Some(next) = spec.value.scope() else {
            return Some((None, frame.key.is_none()));
        };
        match frame.key.as_deref() {
            None if is_map_of => return Some((None, true)),
            None => return Some((Some((next, spec)), true)),
            Some(_) if is_map_of => scope = next,
            Some(key) => {
                let Some(found) = lookup(next, key) else {
                    return Some((None, false));
                };
                scope = next;
                spec = found;
            }
        }
    }
    Some((Some((scope, spec)), false))
}

/// The keys of a mapping inside a config.
pub(in crate::completion) fn nested_keys(
    cx: &Cx<'_>,
    spot: &Spot,
    list: &mut List<'_>,
    scope: Scope,
    host: Host,
) {
    let given: Vec<&str> = spot.frame().map_or_else(Vec::new, |frame| {
        frame.texts.iter().map(|(_, text)| text.as_str()).collect()
    });
    offer_nested(cx, list, scope, &given, host);
}

pub(in crate::completion) fn offer_nested(
    cx: &Cx<'_>,
    list: &mut List<'_>,
    scope: Scope,
    given: &[&str],
    host: Host,
) {
    let found: Vec<_> = config::open_keys(cx, scope, None, |name| given.contains(&name)).collect();
    for key in found {
        let item = config::key_item(list, scope, key.spec, key.spec.name).text(host.text(key.spec.name));
        list.push(key.tier, item);
    }
}

/// The parameters of a name of the context, as they are written in the catalogue.
pub(super) fn parameters_of(name: &JinjaName) -> impl Iterator<Item = &'static str> {
    name.parameters
        .split(',')
        .map(str::trim)
        .filter(|part| !part.starts_with('*'))
}
