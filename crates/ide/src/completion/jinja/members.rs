//! What stands behind a dot.

use glueline_base::Value;
use glueline_catalog::jinja::{
    self, DICT_MEMBERS, FLAGS, JinjaName, Kind, LOOP_MEMBERS, LoopMember, NODE_MEMBERS, SOURCE_MEMBERS,
};
use glueline_catalog::{KeySpec, profile_keys};
use glueline_jinja::{LexemeKind, LocalKind};

use super::super::calls::path_at_end;
use super::super::cx::Cx;
use super::super::item::{Item, ItemKind, List};
use super::super::refs::short;
use super::super::subject::Subject;
use super::{Spot, names};

pub(super) fn offer(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let Some(path) = path_at_end(cx.text, &spot.before) else {
        return;
    };
    if let Some(local) = spot.names.iter().rev().find(|local| cx.slice(local.name) == path) {
        match local.kind {
            LocalKind::Set => namespace(cx, spot, list, &path),
            LocalKind::Loop => of_graph(cx, spot, list, cx.slice(local.tag)),
            _ => {}
        }
        return;
    }
    match path.as_str() {
        "loop" if spot.blocks.iter().any(|block| block.end == "endfor") => {
            of_table(cx, spot, list, LOOP_MEMBERS);
        }
        "flags" => {
            for flag in FLAGS {
                list.offer(0, flag, |item| item, ItemKind::Field);
            }
        }
        "target" | "env" => target(cx, list),
        path if path.starts_with("graph.") && jinja::name(path).is_some() => {
            of_table(cx, spot, list, DICT_MEMBERS);
        }
        path => {
            let mut any = false;
            for member in jinja::members(path) {
                any = true;
                list.push(tier_of(member), item(cx, spot, list, member));
            }
            if !any {
                names::of_package(cx, spot, list, path);
            }
        }
    }
}

/// Members that stand in a table of their own.
fn of_table(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>, members: &[LoopMember]) {
    for member in members {
        let is_called = !member.parameters.is_empty() || std::ptr::eq(members, DICT_MEMBERS);
        let kind = if is_called {
            ItemKind::Method
        } else {
            ItemKind::Field
        };
        list.offer(
            0,
            member.name,
            |item| {
                call(
                    cx,
                    spot,
                    item.detail(member.summary),
                    member.parameters,
                    is_called,
                )
            },
            kind,
        );
    }
}

/// What a loop over the values of `graph` binds, by the tag of the loop.
fn of_graph(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>, tag: &str) {
    let over: String = tag.split_whitespace().collect();
    if over.contains("ingraph.nodes.values()") {
        of_table(cx, spot, list, NODE_MEMBERS);
    } else if over.contains("ingraph.sources.values()") {
        of_table(cx, spot, list, SOURCE_MEMBERS);
    }
}

/// Members that a person writes in models and macros; the rest serve materializations.
fn tier_of(member: &JinjaName) -> u16 {
    match member.name {
        "adapter.dispatch"
        | "config.get"
        | "config.require"
        | "exceptions.raise_compiler_error"
        | "exceptions.warn"
        | "adapter.get_relation"
        | "adapter.get_columns_in_relation"
        | "this.schema"
        | "this.identifier"
        | "this.name" => 0,
        _ => 1,
    }
}

fn item(cx: &Cx<'_>, spot: &Spot, list: &List<'_>, member: &JinjaName) -> Item {
    let name = member.name.rsplit('.').next().unwrap_or(member.name);
    let kind = match member.kind {
        Kind::Function => ItemKind::Method,
        _ => ItemKind::Field,
    };
    let made = Item::new(kind, name, list.range)
        .detail(member.summary)
        .about(Subject::Name(member.name.to_owned()));
    call(cx, spot, made, member.parameters, member.kind == Kind::Function)
}

/// An item that is called: parameters behind the label, brackets in the snippet.
pub(super) fn call(cx: &Cx<'_>, spot: &Spot, mut item: Item, parameters: &str, is_called: bool) -> Item {
    if !is_called {
        return item;
    }
    item.signature = Some(format!("({parameters})"));
    if spot.is_followed_by(cx, '(') {
        return item;
    }
    let name = item.text.clone();
    if parameters.is_empty() {
        return item.text(format!("{name}()"));
    }
    item.snippet(format!("{name}($1)$0"))
}

/// What `target` shows: the fields that every adapter has, and dbt-glue's, with the values of the profile at hand.
fn target(cx: &Cx<'_>, list: &mut List<'_>) {
    let target = cx.project.target();
    let shown = |key: &KeySpec| {
        let value = target.and_then(|target| target.get(key.name));
        match value {
            Some(value) if !key.secret && value.is_known() => format!("{} · {}", short(value), key.summary),
            _ => key.summary.to_owned(),
        }
    };
    for member in jinja::members("target") {
        let name = member.name.rsplit('.').next().unwrap_or(member.name);
        let value = match name {
            "name" | "target_name" => target.map(|target| target.name.value.to_string()),
            "profile_name" => cx
                .project
                .profile()
                .profile()
                .map(|profile| profile.name.value.to_string()),
            name => target
                .and_then(|target| target.get(name))
                .filter(|value| value.is_known())
                .map(Value::display),
        };
        let detail = match value {
            Some(value) => format!("{value} · {}", member.summary),
            None => member.summary.to_owned(),
        };
        let tier = u16::from(!matches!(name, "name" | "schema"));
        list.offer(
            tier,
            name,
            |item| item.detail(detail).about(Subject::Name(member.name.to_owned())),
            ItemKind::Field,
        );
    }
    if cx.project.is_glue() {
        for key in profile_keys().filter(|key| key.profile.in_target) {
            if jinja::name(&format!("target.{}", key.name)).is_none() {
                list.offer(
                    2,
                    key.name,
                    |item| {
                        item.detail(shown(key)).about(Subject::Key(
                            glueline_catalog::Scope::ProfileOutput,
                            key.name.to_owned(),
                        ))
                    },
                    ItemKind::Field,
                );
            }
        }
    }
}

/// The fields of `{% set ns = namespace(a=1) %}`.
fn namespace(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>, name: &str) {
    let made = spot
        .names
        .iter()
        .rev()
        .find(|local| cx.slice(local.name) == name)
        .map(|local| cx.slice(local.tag));
    let Some((_, arguments)) = made.and_then(|tag| tag.split_once("namespace(")) else {
        return;
    };
    let cursor = glueline_jinja::expression_cursor(arguments, arguments.len());
    let mut depth = 0_usize;
    for (index, lexeme) in cursor.before.iter().enumerate() {
        match lexeme.kind {
            LexemeKind::Open => depth += 1,
            LexemeKind::Close if depth == 0 => return,
            LexemeKind::Close => depth -= 1,
            LexemeKind::Assign if depth == 0 => {
                let name = index.checked_sub(1).and_then(|before| cursor.before.get(before));
                if let Some(name) = name {
                    let name = glueline_base::slice(arguments, name.range);
                    list.offer(0, name, |item| item, ItemKind::Field);
                }
            }
            _ => {}
        }
    }
}
