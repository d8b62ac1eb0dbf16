//! Relations: what `ref()`, `source()` and `this` give.
//!
//! The class is dbt-glue's (`dbt/adapters/glue/relation.py`) on dbt's (`dbt/adapters/base/relation.py`): it prints
//! `schema.identifier`, in back-ticks only where `quoting:` asks for them, and never a database.

mod fields;
mod native;
mod parts;

use std::sync::Arc;

use glueline_base::Value as BaseValue;
use glueline_project::{EntryList, Node, NodeId, Project, ResourceType};
use glueline_template::{Error, ErrorKind, Value};

use crate::compile::Part;
use crate::host::{NodeHost, Phase};
use crate::renderer::Shared;

pub(crate) use native::{class_attr, class_method};
pub(crate) use parts::{Bound, Path, Policy, RelationType};

/// The class that a relation is of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Class {
    /// dbt-glue's own.
    Spark,
    /// dbt's `InformationSchema`, with the view within it that is named.
    InformationSchema(Option<Arc<str>>),
}

/// A table or view by name, and how the name is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    class: Class,
    /// Database, schema and identifier.
    pub(crate) path: Path,
    /// What it is in the catalog, where that was asked.
    pub(crate) kind: Option<RelationType>,
    include: Policy,
    quote: Policy,
    /// Whether it is a Delta table, where that was asked.
    pub(crate) is_delta: Option<bool>,
    is_hudi: Option<bool>,
    information: Option<Arc<str>>,
    limit: Option<i64>,
    dbt_created: bool,
    require_alias: bool,
    catalog: Option<Arc<str>>,
    /// The condition that leaves rows of other batches out.
    event_time: Option<Arc<str>>,
}

/// What dbt-glue writes of a name unless told otherwise: schema and identifier.
const INCLUDE: Policy = Policy {
    database: false,
    schema: true,
    identifier: true,
};

impl Relation {
    /// A relation of a path, quoted as said.
    pub(crate) const fn create(path: Path, kind: Option<RelationType>, quote: Policy) -> Self {
        Self {
            class: Class::Spark,
            path,
            kind,
            include: INCLUDE,
            quote,
            is_delta: None,
            is_hudi: None,
            information: None,
            limit: None,
            dbt_created: false,
            require_alias: true,
            catalog: None,
            event_time: None,
        }
    }

    /// The rows of a relation that belong to the batch at hand, where one is run and the node says when its rows happened
    /// (`resolve_event_time_filter` in `dbt/context/providers.py`).
    pub(crate) fn of_batch(mut self, host: &NodeHost, node: NodeId) -> Self {
        let Some(batch) = host.batch() else {
            return self;
        };
        let field = Shared::info(&host.shared, node).config.get_str("event_time");
        let field = field.as_ref().and_then(Value::as_str);
        if let Some(field) = field.filter(|field| !field.is_empty()) {
            let [start, end] = &batch.bounds;
            self.event_time = Some(format!("{field} >= '{start}' and {field} < '{end}'").into());
        }
        self
    }

    /// The relation of a node as `ref()` gives it while dbt compiles; for a source, as `source()` does
    /// (`create_from` in `dbt/adapters/glue/relation.py`).
    ///
    /// An ephemeral model has a relation too, which only `this` gives: see [`Relation::ephemeral`].
    pub(crate) fn of_node(shared: &Arc<Shared>, id: NodeId) -> Self {
        let project = &shared.project;
        let node = project.node(id);
        if node.kind == ResourceType::Source {
            return Self::of_source(shared, id);
        }
        let names = Shared::names(shared, id);
        let path = Path {
            database: node_database(project),
            schema: names.schema.clone(),
            identifier: names.identifier.clone(),
        };
        Self::create(path, None, project_quoting(project))
    }

    /// The relation of a source. Only its own `quoting:` counts, not the project's (`RuntimeSourceResolver` in
    /// `dbt/context/providers.py`).
    pub(crate) fn of_source(shared: &Arc<Shared>, id: NodeId) -> Self {
        let project = &shared.project;
        let node = project.node(id);
        let names = Shared::names(shared, id);
        let path = Path {
            database: names.database.clone(),
            schema: names.schema.clone(),
            identifier: names.identifier.clone(),
        };
        Self::create(path, None, source_quoting(project, node, Policy::NONE))
    }

    /// The name of a source in a manifest, where what the project says of quoting counts, too (`_get_relation_name` in
    /// `dbt/parser/sources.py`).
    pub(crate) fn name_of_source(shared: &Arc<Shared>, id: NodeId) -> String {
        let project = &shared.project;
        let policy = source_quoting(project, project.node(id), project_quoting(project));
        Self::create(Self::of_source(shared, id).path, None, policy).render()
    }

    /// The relation that `ref()` gives for an ephemeral model: the name of the CTE that its text becomes, made of the alias
    /// (`create_ephemeral_from` in `dbt/adapters/base/relation.py`).
    pub(crate) fn ephemeral(shared: &Arc<Shared>, id: NodeId) -> Self {
        let names = Shared::names(shared, id);
        let name = names.identifier.as_deref().unwrap_or_default();
        Self::cte(name)
    }

    /// The relation of the CTE that stands for an ephemeral model or an input of a unit test.
    pub(crate) fn cte(name: &str) -> Self {
        let path = Path {
            identifier: Some(ephemeral_name(name).into()),
            ..Path::default()
        };
        Self::create(path, Some(RelationType::Cte), Policy::NONE)
    }

    /// The relation of a node while dbt parses it: its schema and alias are not made yet (`_create_parsetime_node` in
    /// `dbt/parser/base.py`). `ref()` and `source()` give it too then, whatever they name.
    pub(crate) fn at_parse(shared: &Arc<Shared>, id: NodeId) -> Self {
        Self::in_target_schema(&shared.project, shared.project.node(id).name.clone())
    }

    fn in_target_schema(project: &Project, name: Arc<str>) -> Self {
        let path = Path {
            database: None,
            schema: target_schema(project),
            identifier: Some(name),
        };
        Self::create(path, None, project_quoting(project))
    }

    /// What `this` is in a rendering; `None` where no node is rendered. For a hook of a run, whose `this` is nothing, what dbt gives
    /// for anything that it reads while it is parsed.
    pub(crate) fn this(host: &NodeHost) -> Option<Self> {
        if let Some(operation) = host.operation() {
            return Some(Self::in_target_schema(
                &host.shared.project,
                operation.name.clone(),
            ));
        }
        if let Some(part) = &host.part {
            return Some(Self::in_unit_test(host, part));
        }
        let id = host.node_id()?;
        Some(match host.phase {
            Phase::Parse => Self::at_parse(&host.shared, id),
            Phase::Execute => Self::of_node(&host.shared, id),
        })
    }

    /// The relation of a unit test, in the schema of the tested model; of one of its inputs, that of the node it stands for, quoted as
    /// the project's own.
    fn in_unit_test(host: &NodeHost, part: &Part) -> Self {
        let shared = &host.shared;
        let project = &shared.project;
        let test = part.test();
        let path = match part.input() {
            Some(input) => Self::of_node(shared, input.original).path,
            None => Path {
                identifier: Some(test.name.clone()),
                ..Self::of_node(shared, test.tested).path
            },
        };
        Self::create(path, None, project_quoting(project))
    }

    /// The same relation written with or without its parts.
    pub(crate) fn included(&self, change: impl FnOnce(Policy) -> Policy) -> Self {
        let mut changed = self.clone();
        changed.include = change(self.include);
        changed
    }

    /// The relation without its identifier: the schema, as `schema` in statements about databases.
    pub(crate) fn without_identifier(&self) -> Self {
        let mut schema = self.included(|include| Policy {
            identifier: false,
            ..include
        });
        schema.path.identifier = None;
        schema
    }

    /// The relation of a view of the information schema.
    fn information_schema(&self, view: Option<Arc<str>>) -> Self {
        let mut relation = self.clone();
        relation.class = Class::InformationSchema(view);
        relation.kind = Some(RelationType::View);
        relation.path = Path {
            database: self.path.database.clone(),
            schema: None,
            identifier: Some("INFORMATION_SCHEMA".into()),
        };
        relation.include = Policy {
            database: self.path.database.is_some(),
            schema: false,
            identifier: true,
        };
        relation.quote.identifier = false;
        relation
    }

    const fn quote_character(&self) -> char {
        match self.class {
            Class::Spark => '`',
            Class::InformationSchema(_) => '"',
        }
    }

    fn quoted(&self, name: &str) -> String {
        let mark = self.quote_character();
        format!("{mark}{name}{mark}")
    }

    /// The name as SQL writes it.
    pub(crate) fn render(&self) -> String {
        let parts = [
            (&self.path.database, self.include.database, self.quote.database),
            (&self.path.schema, self.include.schema, self.quote.schema),
            (
                &self.path.identifier,
                self.include.identifier,
                self.quote.identifier,
            ),
        ];
        let written = parts.into_iter().filter_map(|(part, included, is_quoted)| {
            let part = part.as_deref().filter(|_| included)?;
            Some(if is_quoted {
                self.quoted(part)
            } else {
                part.to_owned()
            })
        });
        let view = match &self.class {
            Class::InformationSchema(Some(view)) => Some(view.to_string()),
            _ => None,
        };
        written.chain(view).collect::<Vec<_>>().join(".")
    }

    /// What `str()` gives: the name, or a query of its first rows where a limit is set.
    fn render_filtered(&self) -> String {
        let rendered = self.render_limited();
        let Some(condition) = &self.event_time else {
            return rendered;
        };
        let table = self.path.identifier.as_deref().unwrap_or("None");
        let alias = if self.require_alias {
            format!(" _dbt_et_filter_subq_{table}")
        } else {
            String::new()
        };
        format!("(select * from {rendered} where {condition}){alias}")
    }

    /// The same without a look at the batch.
    fn render_limited(&self) -> String {
        let name = self.render();
        let alias = match &self.path.identifier {
            Some(table) if self.require_alias => format!(" _dbt_limit_subq_{table}"),
            None if self.require_alias => " _dbt_limit_subq_None".to_owned(),
            _ => String::new(),
        };
        match self.limit {
            None => name,
            Some(0) => format!("(select * from {name} where false limit 0){alias}"),
            Some(limit) => format!("(select * from {name} limit {limit}){alias}"),
        }
    }
}

/// The name of the CTE that an ephemeral model becomes (`add_ephemeral_prefix`).
pub(crate) fn ephemeral_name(name: &str) -> String {
    format!("__dbt__cte__{name}")
}

/// An exception of dbt that is no fault of compilation, such as `DbtRuntimeError`.
pub(crate) fn runtime_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Python("DbtRuntimeError"), message)
}

/// The schema of the target.
pub(crate) fn target_schema(project: &Project) -> Option<Arc<str>> {
    Some(project.target()?.text("schema")?.into())
}

/// The database of every node: dbt-glue's `generate_database_name` gives the target's schema.
pub(crate) fn node_database(project: &Project) -> Option<Arc<str>> {
    target_schema(project)
}

/// `quoting:` of the root project over dbt-glue's default, which quotes nothing (`dbt/config/runtime.py`, `from_parts`).
pub(crate) fn project_quoting(project: &Project) -> Policy {
    let mut policy = Policy::NONE;
    if let Some(quoting) = &project.project_file().quoting {
        policy.read(&quoting.value);
    }
    policy
}

/// `quoting:` of a source, and of the table over it (`dbt/parser/sources.py`, `parse_source`).
fn source_quoting(project: &Project, node: &Node, mut policy: Policy) -> Policy {
    for quoting in written_quoting(project, node).unwrap_or_default() {
        policy.read(quoting);
    }
    policy
}

fn written_quoting<'a>(project: &'a Project, node: &Node) -> Option<Vec<&'a BaseValue>> {
    let reference = node.patch.filter(|patch| patch.list == EntryList::Sources)?;
    let (source, table) = project.source_entry(node)?;
    let root = &project.facts(reference.file).yaml()?.value.value;
    let entry = root
        .get("sources")?
        .value
        .as_list()?
        .iter()
        .find(|entry| entry.range == source.range)?;
    let table = source.tables.get(table)?;
    let tables = entry
        .value
        .get("tables")
        .and_then(|tables| tables.value.as_list());
    let inner = tables
        .into_iter()
        .flatten()
        .find(|entry| entry.range == table.range);
    let both = [Some(entry), inner].into_iter().flatten();
    Some(
        both.filter_map(|entry| Some(&entry.value.get("quoting")?.value))
            .collect(),
    )
}

impl From<Relation> for Value {
    fn from(relation: Relation) -> Self {
        Self::native(relation)
    }
}
