//! Keys of mappings.

use glueline_catalog::jinja::generic_test;
use glueline_catalog::{KeySpec, Scope, ValueType, is_session_setting, profile_keys};
use glueline_project::Node;
use glueline_project::facts::sql::MacroKind;
use glueline_yaml::cursor::Place;

use super::super::config;
use super::super::cx::Cx;
use super::super::item::{Item, ItemKind, List};
use super::super::refs;
use super::super::subject::Subject;
use super::shape::Shape;
use super::{Spot, lists, tree};

/// Offers keys of the mapping that the caret stands in.
pub(super) fn offer(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>) {
    in_shape(cx, spot, list, &spot.shape, "");
}

/// Offers what a mapping or list can begin with that stands below a key or behind a dash; `false` where only a scalar can.
pub(super) fn offer_below(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>) -> bool {
    match &spot.shape {
        Shape::Value { scope, spec } => match spec.value {
            ValueType::Objects(inner) if spot.cursor.place == Place::Node => {
                in_shape(cx, spot, list, &Shape::Scope(inner), "- ");
                true
            }
            ValueType::Object(inner) => {
                in_shape(cx, spot, list, &Shape::Scope(inner), "");
                true
            }
            ValueType::TextOrObject(inner) | ValueType::BoolOrObject(inner) => {
                in_shape(cx, spot, list, &Shape::Scope(inner), "");
                let _ = scope;
                true
            }
            _ => false,
        },
        Shape::Tests if spot.cursor.place == Place::Node => {
            lists::tests(cx, spot, list, "- ");
            true
        }
        Shape::Test => {
            lists::tests(cx, spot, list, "");
            true
        }
        Shape::Scope(_)
        | Shape::Profiles
        | Shape::Outputs
        | Shape::Tree { .. }
        | Shape::Meta
        | Shape::Vars
        | Shape::Columns
        | Shape::Arguments { .. } => {
            in_shape(cx, spot, list, &spot.shape, "");
            true
        }
        _ => false,
    }
}

fn in_shape(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, shape: &Shape<'_>, dash: &str) {
    let given: Vec<&str> = spot.cursor.siblings().map(|line| line.key).collect();
    // Below a key or behind a dash a new mapping begins; what stands beside is not in it.
    let given: &[&str] = if spot.cursor.place == Place::Key {
        &given
    } else {
        &[]
    };
    match shape {
        Shape::Scope(Scope::SelectorDefinition) => {
            of_scope(cx, spot, list, Scope::SelectorDefinition, given, dash);
        }
        Shape::Scope(Scope::ProfileOutput) if !is_glue_output(spot) => {
            if let Some(spec) = glueline_catalog::profile_key("type").filter(|_| !given.contains(&"type")) {
                push(list, spot, Scope::ProfileOutput, spec, 0, dash);
            }
        }
        Shape::Scope(scope) => of_scope(cx, spot, list, *scope, given, dash),
        Shape::Profiles => profiles(cx, spot, list, given),
        Shape::Tree { scope, kind, folders } => tree::offer(cx, spot, list, *scope, *kind, folders, given),
        Shape::Arguments { test, alone } => {
            arguments(cx, spot, list, test, given);
            if !alone {
                of_scope(cx, spot, list, Scope::DataTest, given, dash);
            }
        }
        Shape::Test => of_scope(cx, spot, list, Scope::DataTest, given, dash),
        Shape::Meta => {
            for spec in
                profile_keys().filter(|spec| is_session_setting(spec.name) && !given.contains(&spec.name))
            {
                if cx.project.is_glue() {
                    push(list, spot, Scope::ProfileOutput, spec, 0, "");
                }
            }
        }
        Shape::Vars => {
            let write = |name: &str| name.to_owned();
            let mut inner = List::new(cx.text, list.range, cx.caret);
            refs::vars(cx, &mut inner, write);
            for item in inner.finish().items {
                if !given.contains(&item.label.as_str()) {
                    list.push(0, with_colon(spot, item, true));
                }
            }
        }
        Shape::Columns => {
            for (name, detail) in lists::columns_of_entry(cx, spot) {
                if !given.contains(&name.as_str()) {
                    let item = Item::new(ItemKind::Column, name, list.range).detail(detail);
                    list.push(0, with_colon(spot, item, true));
                }
            }
        }
        _ => {}
    }
}

/// Whether an output may be for dbt-glue: it says so, or says nothing yet.
fn is_glue_output(spot: &Spot<'_>) -> bool {
    spot.cursor
        .siblings()
        .find(|line| line.key == "type")
        .is_none_or(|line| line.value == "glue" || line.value.contains('{'))
        && spot.cursor.siblings().count() > 0
        || spot
            .cursor
            .siblings()
            .any(|line| line.key == "type" && line.value == "glue")
}

fn of_scope(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, scope: Scope, given: &[&str], dash: &str) {
    let node: Option<&Node> = lists::entry_node(cx, spot);
    let is_given = |name: &str| given.contains(&name);
    let found: Vec<_> = config::open_keys(cx, scope, node, is_given).collect();
    for key in found {
        push(list, spot, scope, key.spec, key.tier, dash);
    }
}

/// Offers a key with its colon, and with white space behind it where a scalar follows.
pub(super) fn push(
    list: &mut List<'_>,
    spot: &Spot<'_>,
    scope: Scope,
    spec: &KeySpec,
    tier: u16,
    before: &str,
) {
    let mut item = config::key_item(list, scope, spec, spec.name);
    item.text = format!("{before}{}", spec.name);
    let is_scalar = !matches!(
        spec.value,
        ValueType::Objects(_)
            | ValueType::Object(_)
            | ValueType::ObjectMap(_)
            | ValueType::Mapping
            | ValueType::TextMap
            | ValueType::DataTests
            | ValueType::Texts
            | ValueType::List
    ) || spot.cursor.levels.last().is_some_and(|level| level.is_flow);
    let asks = is_scalar && (config::has_values(spec) || lists::has_names(scope, spec.name));
    let item = with_colon(spot, item, is_scalar);
    list.push(tier, if asks { item.asks_again() } else { item });
}

/// A key with what has to follow it, where that is not there.
pub(super) fn with_colon(spot: &Spot<'_>, mut item: Item, is_scalar: bool) -> Item {
    if spot.cursor.has_colon {
        return item;
    }
    if let Some(quote) = spot.cursor.quote {
        if spot.cursor.is_closed {
            return item;
        }
        item.text.push(quote);
    }
    item.text.push(':');
    if is_scalar {
        item.text.push(' ');
    }
    item
}

fn profiles(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, given: &[&str]) {
    let wanted = cx
        .project
        .project_file()
        .profile
        .as_ref()
        .map(|name| &*name.value);
    for name in wanted.into_iter().filter(|name| !given.contains(name)) {
        let item = Item::new(ItemKind::Name, name, list.range).detail("the profile that the project names");
        list.push(0, with_colon(spot, item, false));
    }
}

/// The arguments of a data test.
fn arguments(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, test: &str, given: &[&str]) {
    let own =
        lists::find_test(cx, test).filter(|(_, definition)| definition.kind != MacroKind::Materialization);
    if let Some((_, definition)) = own {
        for (name, has_default) in &definition.parameters {
            let is_filled_in = matches!(&*name.value, "model" | "column_name");
            if !is_filled_in && !given.contains(&&*name.value) {
                let detail = if *has_default { "optional" } else { "required" };
                let item = Item::new(ItemKind::Parameter, &*name.value, list.range).detail(detail);
                list.push(0, with_colon(spot, item, true));
            }
        }
        return;
    }
    for argument in generic_test(test).map_or(&[][..], |test| test.arguments) {
        if !given.contains(&argument.name) {
            let is_scalar = argument.name != "values";
            let item = Item::new(ItemKind::Parameter, argument.name, list.range)
                .detail(argument.summary)
                .about(Subject::Test(test.to_owned()));
            let item = with_colon(spot, item, is_scalar);
            list.push(0, if is_scalar { item.asks_again() } else { item });
        }
    }
}
