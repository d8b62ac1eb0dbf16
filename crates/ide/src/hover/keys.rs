//! What is told of keys and values: what the catalogue knows, and what a config comes to here.

use glueline_catalog::{Scope, lookup, page_of, wrong_name, wrong_page};
use glueline_project::{Layer, Node, Setting};

use super::words::place;
use crate::card::{Card, code};
use crate::{Analysis, FilePosition, nodes};

/// The page of a key in its place.
pub(super) fn key(scope: Scope, name: &str) -> Option<Card> {
    if let Some(spec) = lookup(scope, name) {
        return Some(
            Card::new()
                .text(format!("**{}** ({})", spec.name, scope.name()))
                .text(page_of(spec)),
        );
    }
    wrong_name(scope, name).map(|wrong| Card::new().text(wrong_page(wrong).trim_start_matches("# ")))
}

/// A value out of a closed set, with its key.
pub(super) fn value(analysis: &Analysis, scope: Scope, key: &str, value: &str) -> Option<Card> {
    let spec = lookup(scope, key)?;
    let is_materialization = spec.name == "materialized";
    let own = analysis.project().macros().materialization(value);
    let shipped = ["glue", "spark", "default"].into_iter().find_map(|adapter| {
        let name = format!("materialization_{value}_{adapter}");
        glueline_catalog::jinja::shipped_macro(&name).last()
    });
    let text = match (own, shipped) {
        (Some(_), _) if is_materialization => {
            format!("{}: a materialization of the project.", code(value))
        }
        (None, Some(shipped)) if is_materialization => {
            let package = shipped.package.name();
            format!("{}: a materialization that {} ships.", code(value), code(package))
        }
        _ if spec.allowed.contains(&value) => format!("{}: a value of {}.", code(value), code(spec.name)),
        _ => format!("{}: a value that is not known.", code(value)),
    };
    let summary = format!("{}: {}.", code(spec.name), spec.summary.trim_end_matches('.'));
    Some(Card::new().text(text).text(summary).text(spec.body))
}

/// What a config comes to for the node at a place, and who sets it.
pub(super) fn effective(analysis: &Analysis, position: FilePosition, scope: Scope, name: &str) -> Card {
    let is_config = matches!(
        scope,
        Scope::ModelConfig
            | Scope::SeedConfig
            | Scope::SnapshotConfig
            | Scope::SourceConfig
            | Scope::TestConfig
            | Scope::AnalysisConfig
    );
    let node = is_config.then(|| nodes::at(analysis, position)).flatten();
    let Some(node) = node.map(|id| analysis.project().node(id)) else {
        return Card::new();
    };
    let written = lookup(scope, name).map_or(name, |spec| spec.name);
    match setting(analysis, node, written) {
        Some((value, who)) => Card::new().text(format!("For {}: {value} ({who})", code(&node.name))),
        None => Card::new(),
    }
}

/// What a config of a node comes to, and who sets it; `None` where nothing does, or it is not known.
pub(super) fn setting(analysis: &Analysis, node: &Node, key: &str) -> Option<(String, String)> {
    let Setting::Set(set) = node.config.get(key) else {
        return None;
    };
    let spec = lookup(Scope::ModelConfig, key);
    let value = if spec.is_some_and(|spec| spec.secret) {
        "a secret".to_owned()
    } else {
        code(&short(&set.value.value.repr()))
    };
    let who = match set.layer {
        Layer::InFile => "set in its file".to_owned(),
        Layer::Properties | Layer::ProjectFile(_) | Layer::RootProjectFile(_) => {
            format!("set in {}", code(&place(analysis, set.key_at())))
        }
    };
    Some((value, who))
}

fn short(text: &str) -> String {
    const MOST: usize = 100;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
