//! Scalars: the values of keys, and the names that they give.

use glueline_catalog::jinja::generic_test;
use glueline_catalog::{Scope, ValueType};
use glueline_project::facts::sql::MacroKind;

use super::super::config;
use super::super::cx::Cx;
use super::super::item::{Item, ItemKind, List};
use super::super::{models, refs};
use super::Spot;
use super::shape::Shape;
use super::{lists, selectors};

pub(super) fn offer<'a>(cx: &Cx<'a>, spot: &Spot<'_>, list: &mut List<'a>) {
    match &spot.shape {
        Shape::Value { scope, spec } | Shape::Item { scope, spec } => {
            let in_item = matches!(spot.shape, Shape::Item { .. });
            let takes_scalar = !matches!(
                spec.value,
                ValueType::Object(_) | ValueType::ObjectMap(_) | ValueType::Mapping | ValueType::TextMap
            );
            let is_list = matches!(
                spec.value,
                ValueType::Texts | ValueType::List | ValueType::Objects(_)
            );
            if !takes_scalar || is_list && !in_item {
                return;
            }
            if !names(cx, spot, list, *scope, spec.name) {
                config::values(cx, list, spec, lists::entry_node(cx, spot), spot.host);
            }
        }
        Shape::Argument { test, name } => argument(cx, spot, list, test, name),
        _ => {}
    }
}

/// Offers the names that the project gives for a key; `false` where the catalogue alone knows what fits.
fn names<'a>(cx: &Cx<'a>, spot: &Spot<'_>, list: &mut List<'a>, scope: Scope, key: &str) -> bool {
    let host = spot.host;
    let write = |name: &str| host.text(name);
    match (scope, key) {
        (
            Scope::Model
            | Scope::Seed
            | Scope::Snapshot
            | Scope::Analysis
            | Scope::Macro
            | Scope::SingularTest,
            "name",
        ) => {
            lists::undescribed(cx, spot, list, scope);
        }
        (Scope::Column, "name") => {
            let given = lists::names_beside(cx, spot);
            for (name, detail) in lists::columns_of_entry(cx, spot) {
                if !given.contains(&name.as_str()) {
                    let text = write(&name);
                    list.push(
                        0,
                        Item::new(ItemKind::Column, name, list.range)
                            .detail(detail)
                            .text(text),
                    );
                }
            }
        }
        (Scope::Constraint, "columns") => {
            for (name, detail) in lists::columns_of_entry(cx, spot) {
                let text = write(&name);
                list.push(
                    0,
                    Item::new(ItemKind::Column, name, list.range)
                        .detail(detail)
                        .text(text),
                );
            }
        }
        (Scope::Column | Scope::MacroArgument, "data_type" | "type") => {
            for kind in glueline_catalog::SPARK_TYPES {
                list.offer(0, kind, |item| item.text(write(kind)), ItemKind::Type);
            }
        }
        (Scope::MacroArgument, "name") => {
            let given = lists::names_beside(cx, spot);
            let described = lists::entry_name(spot, "macros");
            let found = described.and_then(|name| super::super::jinja::find_macro(cx, name));
            for (name, _) in found.map_or(&[][..], |(_, definition)| &definition.parameters) {
                if !given.contains(&&*name.value) {
                    list.offer(
                        0,
                        &name.value,
                        |item| item.text(write(&name.value)),
                        ItemKind::Parameter,
                    );
                }
            }
        }
        (Scope::UnitTest, "model") => models::offer(cx, list, None, 0, write),
        (Scope::ModelVersion, "defined_in") => lists::stems(cx, list, write),
        (Scope::SourceConfig | Scope::Source | Scope::SourceTable, "loaded_at_field") => {
            for (name, detail) in lists::columns_of_entry(cx, spot) {
                let text = write(&name);
                list.push(
                    0,
                    Item::new(ItemKind::Column, name, list.range)
                        .detail(detail)
                        .text(text),
                );
            }
        }
        (Scope::ProjectFile, "profile") => {
            let found = cx
                .project
                .profile()
                .profile()
                .map(|profile| profile.name.value.to_string());
            let listed = match cx.project.profile() {
                glueline_project::ProfileState::NotInFile { found, .. } => found.clone(),
                _ => Vec::new(),
            };
            for name in found.into_iter().chain(listed) {
                let text = write(&name);
                list.push(0, Item::new(ItemKind::Name, name, list.range).text(text));
            }
        }
        (Scope::Profile, "target") => {
            for target in lists::outputs_of(cx, spot) {
                list.offer(0, &target, |item| item.text(write(&target)), ItemKind::Name);
            }
        }
        (Scope::Dispatch, "macro_namespace" | "search_order") => {
            refs::packages(cx, list, 0, write);
            for name in ["dbt", "dbt_spark", "dbt_glue"] {
                list.offer(1, name, |item| item.text(write(name)), ItemKind::Namespace);
            }
        }
        (Scope::ProjectFile, key) if key.ends_with("-paths") || key == "clean-targets" => {
            lists::folders(cx, list, write);
        }
        (Scope::SelectorDefinition, "value") => selectors::value(cx, spot, list),
        (Scope::SelectorDefinition, "union" | "intersection" | "exclude")
        | (Scope::Selector, "definition") => {
            selectors::text(cx, spot, list);
        }
        _ => return false,
    }
    true
}

/// The values of an argument of a data test.
fn argument(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, test: &str, name: &str) {
    let write = |text: &str| spot.host.text(text);
    match (test, name) {
        ("relationships", "field") => {
            let to = spot
                .cursor
                .siblings()
                .find(|line| line.key == "to")
                .map(|line| line.value);
            let node = to.and_then(|to| lists::node_of_expression(cx, to));
            for column in node.map(|node| cx.columns(node.id)).unwrap_or_default() {
                let text = write(&column.name);
                list.push(
                    0,
                    Item::new(ItemKind::Column, column.name, list.range)
                        .detail(column.detail)
                        .text(text),
                );
            }
        }
        _ => {
            let known =
                generic_test(test).and_then(|test| test.arguments.iter().find(|found| found.name == name));
            if known.is_some_and(|argument| matches!(argument.default, "true" | "false")) {
                for word in ["true", "false"] {
                    list.offer(0, word, |item| item, ItemKind::Value);
                }
                return;
            }
            let takes_column = name.contains("column") || name.contains("field");
            let own =
                lists::find_test(cx, test).is_some_and(|(_, found)| found.kind != MacroKind::Materialization);
            if takes_column && own {
                for (name, detail) in lists::columns_of_entry(cx, spot) {
                    let text = write(&name);
                    list.push(
                        0,
                        Item::new(ItemKind::Column, name, list.range)
                            .detail(detail)
                            .text(text),
                    );
                }
            }
        }
    }
}
