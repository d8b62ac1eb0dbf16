//! Names that an expression can begin with, filters, tests, and the keywords of macros.

use glueline_catalog::jinja::{self, FILTERS, JinjaName, Kind, Package, Place as Known, ShippedMacro, TESTS};
use glueline_jinja::LocalKind;
use glueline_project::facts::sql::{MacroDef, MacroKind};
use glueline_project::{MacroRef, PackageId};

use super::super::cx::Cx;
use super::super::item::{Item, ItemKind, List};
use super::super::subject::{Subject, parameters};
use super::members::call;
use super::{Spot, strings};

/// The names that models, tests and macros are full of.
const FREQUENT: [&str; 12] = [
    "ref",
    "source",
    "config",
    "var",
    "this",
    "target",
    "env_var",
    "adapter",
    "execute",
    "log",
    "return",
    "exceptions",
];

/// Everything that an expression can begin with.
pub(super) fn offer(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    locals(cx, spot, list);
    for name in jinja::names().filter(|name| !name.name.contains('.')) {
        if is_known(name, spot.known) {
            let tier = match FREQUENT.iter().position(|frequent| *frequent == name.name) {
                Some(place) => 1 + u16::try_from(place / 4).unwrap_or(3),
                None if name.place == Known::Running => 30,
                None => 12,
            };
            let item = context_item(cx, spot, list, name);
            list.push(tier, item);
        }
    }
    if matches!(spot.known, Known::Nodes | Known::Running) {
        macros(cx, spot, list);
        packages(cx, list);
    }
    for word in ["not", "true", "false", "none"] {
        list.offer(40, word, |item| item, ItemKind::Keyword);
    }
}

/// The names that a value most likely comes from: those that the file binds, variables, and the target.
pub(super) fn likely(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    locals(cx, spot, list);
    for name in ["var", "env_var", "target", "this"] {
        if let Some(name) = jinja::name(name).filter(|name| is_known(name, spot.known)) {
            let item = context_item(cx, spot, list, name);
            list.push(50, item);
        }
    }
}

/// Whether a name of the context is known in a place. Filters stand behind `|` alone.
fn is_known(name: &JinjaName, place: Known) -> bool {
    if name.kind == Kind::Filter || name.name == "adapter_macro" {
        return false;
    }
    match place {
        Known::Docs => matches!(name.place, Known::Docs | Known::Everywhere | Known::WithTarget),
        Known::Yaml | Known::Everywhere => name.place == Known::Everywhere,
        Known::WithTarget => matches!(name.place, Known::Everywhere | Known::WithTarget),
        Known::Nodes => !matches!(name.place, Known::Docs | Known::Yaml | Known::Running),
        Known::Running => !matches!(name.place, Known::Docs | Known::Yaml),
    }
}

fn context_item(cx: &Cx<'_>, spot: &Spot, list: &List<'_>, name: &JinjaName) -> Item {
    let kind = match name.kind {
        Kind::Function => ItemKind::Function,
        Kind::Object => ItemKind::Namespace,
        Kind::Value | Kind::Filter => ItemKind::Variable,
    };
    let mut item = Item::new(kind, name.name, list.range)
        .detail(name.summary)
        .about(Subject::Name(name.name.to_owned()));
    let takes_text = matches!(name.name, "ref" | "source" | "var" | "env_var" | "doc");
    if takes_text {
        item.signature = Some(format!("({})", name.parameters));
        item.kind = ItemKind::Function;
        if spot.is_followed_by(cx, '(') {
            return item;
        }
        return item.snippet(format!("{}('$1')$0", name.name)).asks_again();
    }
    if name.name == "config" {
        item.kind = ItemKind::Function;
        if spot.is_followed_by(cx, '(') {
            return item;
        }
        // `config` is as often an object: `config.get`.
        return item;
    }
    call(cx, spot, item, name.parameters, name.kind == Kind::Function)
}

/// The names that the file binds before the caret, the latest first.
fn locals(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    for local in spot.names.iter().rev().take(200) {
        let name = cx.slice(local.name);
        let (kind, detail) = match local.kind {
            LocalKind::Set => (ItemKind::Variable, "set in this file"),
            LocalKind::Loop => (ItemKind::Variable, "of the loop"),
            LocalKind::Parameter => (ItemKind::Parameter, "parameter"),
            LocalKind::Macro => continue,
        };
        list.offer(0, name, |item| item.detail(detail), kind);
    }
    let in_block = |end: &str| spot.blocks.iter().any(|block| block.end == end);
    if in_block("endfor") {
        list.offer(
            1,
            "loop",
            |item| item.detail("the loop itself"),
            ItemKind::Variable,
        );
    }
    if in_block("endmacro") {
        for (name, detail) in [
            ("caller", "the body of the `call` block"),
            ("kwargs", "further arguments by name"),
            ("varargs", "further arguments"),
        ] {
            list.offer(11, name, |item| item.detail(detail), ItemKind::Variable);
        }
    }
}

/// Macros that can be called without the name of a package: those of the file's own package, of the root project, and dbt's.
fn macros(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    for (reference, definition) in cx.macros() {
        let is_near = reference.package == cx.package() || reference.package == 0;
        if definition.kind == MacroKind::Macro && is_near {
            let tier = if definition.name.value.contains("__") {
                22
            } else {
                5
            };
            let item = macro_item(cx, spot, list, reference, definition);
            list.push(tier, item);
        }
    }
    for shipped in jinja::shipped_macros() {
        let is_own = cx.project.macros().find(shipped.name, cx.package()).is_some();
        if is_called(shipped) && !is_own {
            let item = shipped_item(cx, spot, list, shipped);
            list.push(if is_frequent(shipped.name) { 4 } else { 20 }, item);
        }
    }
}

/// Shipped macros that models call.
fn is_frequent(name: &str) -> bool {
    matches!(
        name,
        "is_incremental"
            | "current_timestamp"
            | "dateadd"
            | "datediff"
            | "date_trunc"
            | "run_query"
            | "statement"
            | "generate_schema_name"
            | "safe_cast"
            | "type_string"
            | "type_timestamp"
            | "concat"
            | "hash"
    )
}

/// Whether a shipped macro is one to call: no test, no materialization, no adapter's own form of another.
fn is_called(shipped: &ShippedMacro) -> bool {
    let name = shipped.name;
    !name.starts_with("test_")
        && !name.starts_with("materialization_")
        && !name.starts_with('_')
        && !name.contains("__")
}

fn shipped_item(cx: &Cx<'_>, spot: &Spot, list: &List<'_>, shipped: &ShippedMacro) -> Item {
    let item = Item::new(ItemKind::Function, shipped.name, list.range)
        .detail(format!("of `{}`", shipped.package.name()))
        .about(Subject::Shipped(shipped.name.to_owned()));
    call(cx, spot, item, &shipped.parameters.join(", "), true)
}

fn macro_item(cx: &Cx<'_>, spot: &Spot, list: &List<'_>, reference: MacroRef, definition: &MacroDef) -> Item {
    let package = cx.package_name(reference.package);
    let shown = parameters(cx.analysis, reference.file, definition);
    let item = Item::new(ItemKind::Function, &*definition.written.value, list.range)
        .detail(cx.project.files().info(reference.file).shown.as_str())
        .about(Subject::Macro(
            package.to_owned(),
            definition.name.value.to_string(),
        ));
    call(cx, spot, item, &shown, true)
}

/// The packages whose macros are called with their name in front.
fn packages(cx: &Cx<'_>, list: &mut List<'_>) {
    for (id, package) in cx.project.packages().iter().enumerate() {
        if cx.project.macros().has_any(id) {
            list.offer(
                15,
                &package.name,
                |item| item.detail("macros of the package"),
                ItemKind::Namespace,
            );
        }
    }
    for package in [Package::Dbt, Package::Spark, Package::Glue] {
        if package == Package::Dbt || cx.project.is_glue() {
            list.offer(
                25,
                package.name(),
                |item| item.detail("macros that come with dbt"),
                ItemKind::Namespace,
            );
        }
    }
}

/// The macros of a package, behind its name and a dot.
pub(super) fn of_package(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>, name: &str) {
    if let Some(package) = cx.package_named(name) {
        for (reference, definition) in cx.macros() {
            if reference.package == package && definition.kind == MacroKind::Macro {
                let tier = u16::from(definition.name.value.contains("__"));
                let item = macro_item(cx, spot, list, reference, definition);
                list.push(tier, item);
            }
        }
        return;
    }
    for shipped in jinja::shipped_macros() {
        // dbt puts the macros of the adapter's packages into its own namespace, too.
        let is_of =
            shipped.package.name() == name || name == Package::Dbt.name() && !shipped.name.contains("__");
        if is_of && !shipped.name.starts_with("test_") && !shipped.name.starts_with("materialization_") {
            let item = shipped_item(cx, spot, list, shipped);
            list.push(u16::from(!is_frequent(shipped.name)), item);
        }
    }
}

/// What is called: a macro by its path, with the package that its first part names.
pub(in crate::completion) fn find_macro<'a>(cx: &Cx<'a>, path: &str) -> Option<(MacroRef, &'a MacroDef)> {
    let index = cx.project.macros();
    let found = match path.rsplit_once('.') {
        Some((package, name)) => {
            let package: PackageId = cx.package_named(package)?;
            index.find_in(name, package)?
        }
        None => index.find(path, cx.package())?,
    };
    Some((found, cx.macro_of(found)?))
}

/// The keyword arguments of the macro that is called at the caret.
pub(super) fn keywords(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let Some(frame) = spot.frame() else { return };
    let given = spot.given(cx.text);
    let followed = spot.is_followed_by(cx, '=');
    let mut keyword = |tier: u16, name: &str, detail: &str| {
        if !given.contains(&name) {
            let text = if followed {
                name.to_owned()
            } else {
                format!("{name}=")
            };
            list.offer(
                tier,
                name,
                |item| item.detail(detail).text(text),
                ItemKind::Parameter,
            );
        }
    };
    if let Some((_, definition)) = find_macro(cx, &frame.callee) {
        for (name, has_default) in definition
            .parameters
            .iter()
            .skip(frame.argument.min(frame.texts.len()))
        {
            let detail = if *has_default { "optional" } else { "required" };
            keyword(0, &name.value, detail);
        }
        return;
    }
    let bare = frame.callee.strip_prefix("dbt.").unwrap_or(&frame.callee);
    if let Some(shipped) = jinja::shipped_macro(bare).first() {
        for name in shipped.parameters.iter().skip(frame.argument) {
            keyword(0, name, "parameter");
        }
        return;
    }
    if let Some(name) = jinja::name(&frame.callee) {
        for parameter in strings::parameters_of(name).skip(frame.argument) {
            if let Some((parameter, default)) = parameter.split_once('=') {
                keyword(6, parameter, &format!("{default} unless given"));
            }
        }
    }
}

/// What can stand behind `|`.
pub(super) fn filters(list: &mut List<'_>) {
    for filter in FILTERS {
        let frequent = matches!(
            *filter,
            "join"
                | "length"
                | "lower"
                | "upper"
                | "replace"
                | "default"
                | "list"
                | "map"
                | "trim"
                | "tojson"
                | "first"
        );
        list.offer(
            u16::from(!frequent),
            filter,
            |item| {
                let known = jinja::name(filter);
                match known {
                    Some(known) => item
                        .detail(known.summary)
                        .about(Subject::Name(known.name.to_owned())),
                    None => item,
                }
            },
            ItemKind::Function,
        );
    }
}

/// What can stand behind `is`.
pub(super) fn tests(list: &mut List<'_>, is_negated: bool) {
    if !is_negated {
        list.offer(0, "not", |item| item, ItemKind::Keyword);
    }
    for test in TESTS {
        let frequent = matches!(*test, "defined" | "none" | "string" | "mapping" | "iterable");
        list.offer(u16::from(!frequent), test, |item| item, ItemKind::Function);
    }
}
