//! Macros: which one a name means, and calling it.

use std::sync::{Arc, OnceLock};

use glueline_base::{FileId, Value as BaseValue};
use glueline_jinja::{ArgKind, NoScope, Piece, StatementKind};
use glueline_project::{MacroRef, PackageId, Project};
use glueline_template::{Args, Cx, Error, Native, Origin, Program, Unit, Value, lower_definition};
use rustc_hash::FxHashMap;

use crate::builtin;
use crate::host::NodeHost;
use crate::renderer::Shared;

/// The prefixes under which the adapter looks for a macro that is dispatched (`BaseAdapter.type`, and the adapters it builds on).
pub const PREFIXES: [&str; 3] = ["glue", "spark", "default"];

/// The macros of a project's files, made ready when first called.
#[derive(Debug)]
pub(crate) struct MacroTable {
    /// The programs of a file, in the order of its definitions.
    files: FxHashMap<FileId, OnceLock<Vec<Option<Arc<Program>>>>>,
    /// Whether their text is marked.
    marked: bool,
}

impl MacroTable {
    pub(crate) fn new(project: &Project, marked: bool) -> Self {
        let mut files = FxHashMap::default();
        for file in project.files().ids() {
            let defines = project
                .facts(file)
                .sql()
                .is_some_and(|facts| !facts.macros.is_empty());
            if defines {
                files.insert(file, OnceLock::new());
            }
        }
        Self { files, marked }
    }

    /// The program of a definition.
    pub(crate) fn program(&self, project: &Project, reference: MacroRef) -> Option<Arc<Program>> {
        let slot = self.files.get(&reference.file)?;
        let programs = slot.get_or_init(|| programs(project, reference.file, self.marked));
        programs.get(reference.index)?.clone()
    }

    /// What a bare name means for a node of a package, as far as it is a macro or a package.
    pub(crate) fn lookup(&self, shared: &Arc<Shared>, from: PackageId, name: &str) -> Option<Value> {
        let project = &shared.project;
        if let Some(found) = project.macros().find(name, from) {
            return self.value(project, found);
        }
        let package = package_named(project, name);
        if let Some(package) = package.filter(|package| project.macros().has_any(*package)) {
            return Some(Value::native(Namespace {
                shared: shared.clone(),
                package: Some(package),
            }));
        }
        if name == "dbt" {
            return Some(Value::native(Namespace {
                shared: shared.clone(),
                package: None,
            }));
        }
        builtin::find(name).map(Value::native)
    }

    /// A macro of the first package that has one.
    pub(crate) fn lookup_anywhere(&self, project: &Project, name: &str) -> Option<Value> {
        (0..project.packages().len()).find_map(|package| self.lookup_in(project, Some(package), name))
    }

    /// A macro of a package; `None` as the package means what dbt and the adapters ship.
    fn lookup_in(&self, project: &Project, package: Option<PackageId>, name: &str) -> Option<Value> {
        match package {
            Some(package) => self.value(project, project.macros().find_in(name, package)?),
            None => builtin::find(name).map(Value::native),
        }
    }

    /// The languages that a materialization of the project takes: SQL alone, where it does not say.
    pub(crate) fn languages(project: &Project, reference: MacroRef) -> Vec<String> {
        let text = project.files().text(reference.file);
        let facts = project.facts(reference.file).sql();
        let range = facts.and_then(|facts| Some(facts.macros.get(reference.index)?.range));
        let template = glueline_jinja::parse(text);
        let args = template.body.iter().find_map(|piece| match piece {
            Piece::Statement(statement) if Some(statement.range) == range => match &statement.kind {
                StatementKind::Materialization { args, .. } => Some(args),
                _ => None,
            },
            _ => None,
        });
        let named = args.into_iter().flatten();
        let mut languages = named.filter(|arg| match arg.kind {
            ArgKind::Keyword(name) => name.value == "supported_languages",
            _ => false,
        });
        let Some(listed) = languages.next() else {
            return vec!["sql".to_owned()];
        };
        let BaseValue::List(items) = glueline_jinja::eval(&listed.value, &NoScope).value else {
            return Vec::new();
        };
        let texts = items.iter().filter_map(|item| item.value.as_str());
        texts.map(str::to_owned).collect()
    }

    /// A definition as it is called.
    pub(crate) fn value(&self, project: &Project, reference: MacroRef) -> Option<Value> {
        let program = self.program(project, reference)?;
        Some(Value::native(Macro { program }))
    }

    /// What `adapter.dispatch` finds: the macro of the adapter, in the order of `dispatch:` where the project sets one
    /// (`dbt/context/providers.py`, `BaseDatabaseWrapper.dispatch`).
    pub(crate) fn dispatch(
        &self,
        host: &NodeHost,
        name: &str,
        namespace: Option<&str>,
    ) -> Result<Value, Error> {
        let shared = &host.shared;
        let project = &shared.project;
        let packages = search_packages(project, namespace);
        let mut tried = Vec::new();
        for package in &packages {
            for prefix in PREFIXES {
                let full = format!("{prefix}__{name}");
                let found = match package {
                    None => self.lookup(shared, host.package, &full),
                    Some(package) if package == "dbt" => self.lookup_in(project, None, &full),
                    // A package that is not there is passed over.
                    Some(package) => package_named(project, package)
                        .and_then(|package| self.lookup_in(project, Some(package), &full)),
                };
                if let Some(found) = found {
                    return Ok(found);
                }
                tried.push(match package {
                    None => format!("'{full}'"),
                    Some(package) => format!("'{package}.{full}'"),
                });
            }
        }
        Err(Error::compilation(format!(
            "In dispatch: No macro named '{name}' found within namespace: '{}'\n    Searched for: {}",
            namespace.unwrap_or("None"),
            tried.join(", ")
        )))
    }
}

/// The packages that a dispatch goes through; `None` stands for the names that the node itself sees.
pub fn search_packages(project: &Project, namespace: Option<&str>) -> Vec<Option<String>> {
    let Some(namespace) = namespace else {
        return vec![None];
    };
    let configured = project
        .project_file()
        .dispatch
        .iter()
        .find(|dispatch| &*dispatch.namespace.value == namespace);
    if let Some(dispatch) = configured.filter(|dispatch| !dispatch.search_order.is_empty()) {
        return dispatch
            .search_order
            .iter()
            .map(|package| Some(package.value.to_string()))
            .collect();
    }
    let root = &project.root().name;
    if namespace == "dbt" || package_named(project, namespace).is_some() {
        return vec![Some(root.to_string()), Some(namespace.to_owned())];
    }
    vec![None]
}

fn package_named(project: &Project, name: &str) -> Option<PackageId> {
    project
        .packages()
        .iter()
        .position(|package| &*package.name == name)
}

/// The programs of a file.
fn programs(project: &Project, file: FileId, marked: bool) -> Vec<Option<Arc<Program>>> {
    let text = project.files().text(file);
    let template = glueline_jinja::parse(text);
    let Some(facts) = project.facts(file).sql() else {
        return Vec::new();
    };
    facts
        .macros
        .iter()
        .enumerate()
        .map(|(number, definition)| {
            let statement = template.body.iter().find_map(|piece| match piece {
                Piece::Statement(statement) if statement.range == definition.range => Some(statement),
                _ => None,
            })?;
            let unit = Unit {
                name: definition.name.value.clone(),
                origin: Origin::File(file),
                cached: Some(format!("{}:{number}", file.0)),
                marked,
            };
            lower_definition(unit, text, statement, &template.errors).map(Arc::new)
        })
        .collect()
}

/// A macro of a file.
#[derive(Debug)]
pub(crate) struct Macro {
    pub(crate) program: Arc<Program>,
}

impl Native for Macro {
    fn type_name(&self) -> &'static str {
        "MacroGenerator"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        cx.call_macro(&self.program, args)
    }

    fn text(&self) -> String {
        format!("<macro {}>", self.program.name())
    }
}

/// The macros of a package behind its name: `dbt_utils.star`.
#[derive(Debug)]
struct Namespace {
    shared: Arc<Shared>,
    package: Option<PackageId>,
}

impl Native for Namespace {
    /// With its module, as Jinja2 names the type of what lacks an attribute.
    fn type_name(&self) -> &'static str {
        "dbt.context.macros.MacroNamespace"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.context.macros.MacroNamespace".to_owned()
    }

    fn attr(&self, cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let shared = &self.shared;
        let found = shared.macros.lookup_in(&shared.project, self.package, name);
        let Some(test) = NodeHost::of(cx).ok().and_then(NodeHost::tested) else {
            return Ok(found);
        };
        let package = self
            .package
            .and_then(|package| shared.project.packages().get(package));
        let package = package.map_or("dbt", |package| &*package.name);
        Ok(test.overrides.in_package(package, name, found))
    }

    fn item(&self, cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        let name = key.as_str()?;
        self.attr(cx, &name).transpose()
    }

    fn text(&self) -> String {
        "MacroNamespace".to_owned()
    }
}
