//! Macros as dicts: the entries of `macros` in a manifest (`dbt/parser/macros.py`).

use std::sync::Arc;

use glueline_base::{System, Utf8PathBuf, slice};
use glueline_catalog::jinja::shipped_macro;
use glueline_project::facts::properties::{Patch, PatchKind};
use glueline_project::facts::sql::{MacroCall, MacroDef, MacroKind, SqlFacts};
use glueline_project::{FileKind, PackageId, Project};
use glueline_template::{Dict, Value};

use super::super::from_file;
use super::artifact::{Entry, doc};
use super::docs::described_in;
use super::entry;
use super::node::{Fields, created_at};
use crate::macros::{PREFIXES, search_packages};
use crate::renderer::Shared;

/// The packages that dbt itself and the adapter bring, with their directories below an environment's packages.
const SHIPPED: [(&str, &str); 3] = [
    ("dbt", "dbt/include/global_project"),
    ("dbt_spark", "dbt/include/spark"),
    ("dbt_glue", "dbt/include/glue"),
];

/// Where macros stand in these packages, with whether they stand there as generic tests.
const DIRECTORIES: [(&str, bool); 2] = [("macros", false), ("tests/generic", true)];

/// How deep directories of these packages are looked into.
const DEEPEST: usize = 12;

/// A file of macros.
struct File<'a> {
    package: &'a str,
    /// Below the root of the package.
    path: &'a str,
    text: &'a str,
    facts: &'a SqlFacts,
    /// Whether it is one of generic tests, of which dbt keeps no arguments (`dbt/parser/generic_test.py`).
    is_of_tests: bool,
}

/// Every macro whose text is at hand.
pub(super) fn all(shared: &Arc<Shared>) -> Vec<Entry> {
    let mut found = shipped(shared);
    let project = &shared.project;
    for kind in [FileKind::Macro, FileKind::GenericTest] {
        for id in project.files().of_kind(kind) {
            let Some(facts) = project.facts(id).sql() else {
                continue;
            };
            let info = project.files().info(id);
            let file = File {
                package: project
                    .packages()
                    .get(info.package)
                    .map_or("", |package| &*package.name),
                path: info.original.as_str(),
                text: project.files().text(id),
                facts,
                is_of_tests: kind == FileKind::GenericTest,
            };
            let patch = |definition: &MacroDef| patch_of(project, info.package, &definition.name.value);
            found.extend(of_file(shared, &file, patch));
        }
    }
    found
}

/// The macros of dbt and the adapter, as they are installed in the environment that the project is run in. Their text is not ours: where
/// there is no such environment there are none.
fn shipped(shared: &Arc<Shared>) -> Vec<Entry> {
    let system = &*shared.settings.system;
    let Some(installed) = glueline_project::site_packages(system, &shared.project.root().root) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (package, directory) in SHIPPED {
        let root = installed.join(directory);
        for (below, is_of_tests) in DIRECTORIES {
            let mut paths = Vec::new();
            files_below(system, &root.join(below), 0, &mut paths);
            for path in paths {
                let Ok(bytes) = system.read(&path) else { continue };
                let text = String::from_utf8_lossy(&bytes);
                let facts = glueline_project::read_jinja(&text);
                let original = path.strip_prefix(&root).unwrap_or(&path);
                let file = File {
                    package,
                    path: original.as_str(),
                    text: &text,
                    facts: &facts,
                    is_of_tests,
                };
                found.extend(of_file(shared, &file, |_| None));
            }
        }
    }
    found
}

/// The one docs block that dbt brings: the overview of its documentation.
pub(super) fn docs(shared: &Arc<Shared>) -> Option<Entry> {
    let system = &*shared.settings.system;
    let installed = glueline_project::site_packages(system, &shared.project.root().root)?;
    let (package, directory) = SHIPPED.first()?;
    let bytes = system
        .read(&installed.join(directory).join("docs/overview.md"))
        .ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let facts = glueline_project::read_jinja(&text);
    let block = facts.docs.first()?;
    let id = format!("doc.{package}.{}", block.name.value).into();
    let text = super::docs::body(slice(&text, block.range));
    Some(doc(&id, package, ["overview.md", "docs/overview.md"], text))
}

fn files_below(system: &dyn System, directory: &Utf8PathBuf, depth: usize, found: &mut Vec<Utf8PathBuf>) {
    for entry in system.read_dir(directory).unwrap_or_default() {
        let path = directory.join(&entry.name);
        match entry.kind {
            glueline_base::FileKind::Directory if depth < DEEPEST && !entry.link => {
                files_below(system, &path, depth + 1, found);
            }
            glueline_base::FileKind::File(_) if path.extension() == Some("sql") => found.push(path),
            _ => {}
        }
    }
}

/// The entry of `macros:` in a properties file of the same package that describes a macro.
fn patch_of<'a>(
    project: &'a Project,
    package: PackageId,
    name: &str,
) -> Option<(glueline_base::FileId, &'a Patch)> {
    let files = project.files().of_kind(FileKind::Properties);
    let own = files.filter(|file| project.files().info(*file).package == package);
    own.filter_map(|file| Some((file, project.facts(file).yaml()?)))
        .flat_map(|(file, facts)| facts.properties.patches.iter().map(move |patch| (file, patch)))
        .find(|(_, patch)| patch.kind == PatchKind::Macro && &*patch.name.value == name)
}

fn of_file<'a>(
    shared: &'a Arc<Shared>,
    file: &'a File<'a>,
    patch: impl Fn(&MacroDef) -> Option<(glueline_base::FileId, &'a Patch)> + 'a,
) -> impl Iterator<Item = Entry> + 'a {
    let definitions = file.facts.macros.iter().enumerate();
    definitions.map(move |(index, definition)| {
        let patch = patch(definition);
        one(shared, file, index, definition, patch)
    })
}

fn one(
    shared: &Arc<Shared>,
    file: &File<'_>,
    index: usize,
    definition: &MacroDef,
    patch: Option<(glueline_base::FileId, &Patch)>,
) -> Entry {
    let name = &*definition.name.value;
    let id: Arc<str> = format!("macro.{}.{name}", file.package).into();
    let written =
        patch.and_then(|(in_file, patch)| Some((in_file, entry::of_range(shared, in_file, patch.range)?)));
    let get = |key: &str| written.and_then(|(_, entry)| entry.get(key));
    let config = |key: &str| get("config").and_then(|config| config.value.get(key));
    let meta = Dict::default();
    for part in [get("meta"), config("meta")].into_iter().flatten() {
        if let Value::Dict(entries) = from_file(&part.value) {
            for (key, value) in entries.items() {
                meta.insert_str(&key.as_str().unwrap_or_default(), value);
            }
        }
    }
    let meta = Value::Dict(Arc::new(meta));
    let docs = config("docs").or_else(|| get("docs"));
    let docs_get = |key: &str| {
        let found = docs.and_then(|docs| docs.value.get(key));
        found.map(|found| from_file(&found.value))
    };
    let docs = Value::dict([
        ("show", docs_get("show").unwrap_or(Value::Bool(true))),
        ("node_color", docs_get("node_color").unwrap_or_default()),
    ]);
    let text = text_of(file, index, definition);
    let description = written.and_then(|(in_file, entry)| {
        let package = shared.project.files().info(in_file).package;
        described_in(shared, package, &id, in_file, entry.get("description")?)
    });
    let patch_path = patch.map(|(in_file, _)| {
        let original = &shared.project.files().info(in_file).original;
        format!("{}://{original}", file.package)
    });
    let fields = Fields::new(false);
    fields.add("name", name);
    fields.add("resource_type", "macro");
    fields.add("package_name", file.package);
    fields.add("path", file.path);
    fields.add("original_file_path", file.path);
    fields.add("unique_id", &*id);
    fields.add("macro_sql", text);
    let depends = depends_on(&shared.project, file, index, name);
    let depends = Value::list(depends.into_iter().map(Value::from).collect());
    fields.add("depends_on", Value::dict([("macros", depends)]));
    fields.add("description", description.unwrap_or_default());
    fields.add("meta", meta.clone());
    fields.add("docs", docs.clone());
    fields.add("config", Value::dict([("meta", meta), ("docs", docs)]));
    fields.add("patch_path", patch_path.as_deref());
    let listed = get("arguments").and_then(|arguments| arguments.value.as_list());
    let arguments = match listed.filter(|listed| !listed.is_empty()) {
        Some(listed) => listed
            .iter()
            .map(|item| {
                let get = |key: &str| item.value.get(key).map(|found| from_file(&found.value));
                argument(
                    get("name").unwrap_or_default(),
                    get("type").unwrap_or_default(),
                    get("description").unwrap_or_else(|| Value::str("")),
                )
            })
            .collect(),
        None if file.is_of_tests => Vec::new(),
        None => parameters(definition),
    };
    fields.add("arguments", Value::list(arguments));
    fields.add("created_at", created_at(shared));
    let languages = (definition.kind == MacroKind::Materialization).then(|| languages(text));
    let languages = languages.map(|names| Value::list(names.into_iter().map(Value::str).collect()));
    fields.add("supported_languages", languages.unwrap_or_default());
    Entry::new(&id, fields.finish())
}

/// The text of a definition. The white space that its tags strip belongs to it, but for what the definition before has taken
/// (`dbt_common/clients/_jinja_blocks.py`).
fn text_of<'a>(file: &File<'a>, index: usize, definition: &MacroDef) -> &'a str {
    let range = definition.range;
    let own = slice(file.text, range);
    let (mut start, mut end) = (usize::from(range.start()), usize::from(range.end()));
    if own.starts_with("{%-") {
        let before = file.text.get(..start).unwrap_or_default();
        let stripped = before.trim_end().len();
        let last = index.checked_sub(1).and_then(|last| file.facts.macros.get(last));
        let is_taken = last.is_some_and(|last| {
            usize::from(last.range.end()) == stripped && slice(file.text, last.range).ends_with("-%}")
        });
        if !is_taken {
            start = stripped;
        }
    }
    if own.ends_with("-%}") {
        let rest = file.text.get(end..).unwrap_or_default();
        end += rest.len() - rest.trim_start().len();
    }
    // Files are read without the white space around them.
    let whole = file.text.trim_end().len();
    start = start.max(file.text.len() - file.text.trim_start().len());
    end = end.min(whole);
    file.text.get(start..end).unwrap_or(own)
}

fn argument(name: Value, kind: Value, description: Value) -> Value {
    Value::dict([("name", name), ("type", kind), ("description", description)])
}

/// The parameters of a definition; a materialization has none but its languages (`MaterializationExtension` in
/// `dbt_common/clients/jinja.py`).
fn parameters(definition: &MacroDef) -> Vec<Value> {
    let of = |name: &str| argument(Value::str(name), Value::None, Value::str(""));
    if definition.kind == MacroKind::Materialization {
        return vec![of("supported_languages")];
    }
    definition
        .parameters
        .iter()
        .map(|(parameter, _)| of(&parameter.value))
        .collect()
}

/// The languages that a materialization supports: those of its tag, else SQL alone.
fn languages(text: &str) -> Vec<&str> {
    let tag = text.split("%}").next().unwrap_or_default();
    let listed = tag
        .split_once("supported_languages")
        .and_then(|(_, rest)| rest.split_once('[')?.1.split(']').next());
    let Some(listed) = listed else {
        return vec!["sql"];
    };
    let names = listed
        .split(',')
        .map(|name| name.trim().trim_matches(['\'', '"']));
    names.filter(|name| !name.is_empty()).collect()
}

/// The macros that a macro calls by itself, as dbt reads them off its text (`dbt/clients/jinja_static.py`).
fn depends_on(project: &Project, file: &File<'_>, index: usize, own: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |id: Option<String>| {
        if let Some(id) = id.filter(|id| !found.contains(id)) {
            found.push(id);
        }
    };
    let calls = file
        .facts
        .calls
        .iter()
        .filter(|call| call.site.in_macro == Some(index));
    // Jinja2 finds a call before those among its arguments.
    let mut calls: Vec<&MacroCall> = calls.collect();
    calls.sort_by_key(|call| call.site.range.start());
    for call in calls {
        let path = &*call.path.value;
        if path == "adapter.dispatch" {
            let (name, target) = dispatched(project, file.package, call);
            if name.as_deref() != Some(own) {
                add(name.and_then(|name| in_order(project, file.package, &name)));
            }
            add(target);
            continue;
        }
        let mut parts = path.split('.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, _) if name != own => add(in_order(project, file.package, name)),
            (Some(package), Some(name), None) if package != "adapter" => {
                add(in_order(project, package, name));
            }
            _ => {}
        }
    }
    found
}

/// What a call of `adapter.dispatch` names, and the macro that it comes to.
fn dispatched(project: &Project, package: &str, call: &MacroCall) -> (Option<String>, Option<String>) {
    let name = call
        .first
        .as_ref()
        .and_then(|first| Some(first.value.as_str()?.to_owned()));
    let Some(named) = &name else { return (None, None) };
    // The namespace is not kept among the facts; a macro dispatches in that of its own package, but for a handful.
    let namespace = if package.starts_with("dbt_") && SHIPPED.iter().any(|(shipped, _)| *shipped == package) {
        "dbt"
    } else {
        package
    };
    let found = search_packages(project, Some(namespace))
        .into_iter()
        .find_map(|package| {
            PREFIXES.iter().find_map(|prefix| {
                let name = format!("{prefix}__{named}");
                match &package {
                    Some(package) => in_package(project, package, &name).or_else(|| {
                        let is_global = package == "dbt";
                        is_global.then(|| shipped_by_any(&name)).flatten()
                    }),
                    None => in_order(project, namespace, &name),
                }
            })
        });
    (name, found)
}

/// The macro that a name means in a package: its own, the root project's, then one that is shipped.
fn in_order(project: &Project, package: &str, name: &str) -> Option<String> {
    let root = &*project.root().name;
    in_package(project, package, name)
        .or_else(|| in_package(project, root, name))
        .or_else(|| shipped_by_any(name))
}

fn in_package(project: &Project, package: &str, name: &str) -> Option<String> {
    let is_shipped = || {
        shipped_macro(name)
            .iter()
            .any(|known| known.package.name() == package)
    };
    let number = project
        .packages()
        .iter()
        .position(|known| &*known.name == package);
    let is_own = number.is_some_and(|number| project.macros().find_in(name, number).is_some());
    (is_own || is_shipped()).then(|| format!("macro.{package}.{name}"))
}

fn shipped_by_any(name: &str) -> Option<String> {
    let shipped = shipped_macro(name).last()?;
    Some(format!("macro.{}.{name}", shipped.package.name()))
}
