//! What a run would change in the catalog: relations that come, go, or get another shape.

use glueline_base::Value;
use glueline_catalog::{FileFormat, Materialization, SchemaChange};
use glueline_plan::{Effect, Plan, PlannedNode, Status, Step};
use glueline_project::{NodeId, ResourceType, Setting, StateColumn, Table};
use glueline_render::{ApiCall, Event, Found, NodeRun, Renderer, Standing};
use glueline_schema::{Field, Schemas};
use glueline_spark::types::{DataType, parse};

/// What a run would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Databases that are made, in order.
    pub databases: Vec<String>,
    /// Relations that change, or of which nobody can tell, in the order of the run.
    pub relations: Vec<Difference>,
    /// How many relations keep their shape, rows apart.
    pub unchanged: usize,
    /// How many relations differ in nothing that is known, and nobody knows all their columns.
    pub uncertain: usize,
    /// How many nodes are not run, for what they read fails.
    pub skipped: usize,
}

/// What becomes of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The node that makes it.
    pub node: NodeId,
    /// The relation: `schema.name`.
    pub relation: String,
    /// What happens to it.
    pub change: Change,
    /// What is different of it as a whole.
    pub facets: Vec<Facet>,
    /// Which columns are different; of one that is made, all of them.
    pub columns: Vec<ColumnChange>,
    /// Whether nothing else is different with the columns: both sides are known.
    pub knows_columns: bool,
    /// Why, where it fails or is not known.
    pub why: Option<String>,
}

/// What happens to a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Makes,
    /// It is made anew, and is another then.
    Rebuilds,
    /// It stays, and is changed.
    Alters,
    /// It goes.
    Drops,
    /// The node fails.
    Fails,
    /// Nobody knows what is there.
    Unknown,
}

impl Change {
    /// As JSON writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Makes => "makes",
            Self::Rebuilds => "rebuilds",
            Self::Alters => "alters",
            Self::Drops => "drops",
            Self::Fails => "fails",
            Self::Unknown => "unknown",
        }
    }
}

impl Difference {
    /// Whether anything is different for certain.
    fn is_said(&self) -> bool {
        let may_be_same = matches!(self.change, Change::Rebuilds | Change::Alters);
        !may_be_same || !self.columns.is_empty() || !self.facets.is_empty()
    }
}

/// Something of a relation as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// `kind`, `format`, `location`, `partitions`.
    pub name: &'static str,
    /// What it is; `None` where the relation is not there.
    pub before: Option<String>,
    /// What it will be; `None` where the relation goes.
    pub after: Option<String>,
}

/// What becomes of a column, by its name. Types are in Spark's words; `None` where nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChange {
    /// It is new.
    Added(String, Option<String>),
    /// It goes.
    Dropped(String, Option<String>),
    /// It gets another type.
    Retyped(String, String, String),
    /// The query gives it, and the table that stays has no place for it.
    NotWritten(String, Option<String>),
}

impl Diff {
    /// What a plan changes of the catalog that its project was told. Without one, nothing is known of what is there.
    pub fn of(schemas: &Schemas, plan: &Plan) -> Self {
        let mut diff = Self {
            databases: databases(plan),
            ..Self::default()
        };
        let steps = plan.steps(schemas.renderer());
        for (planned, steps) in plan.nodes.iter().zip(&steps) {
            if let Some(node) = planned.node {
                diff.node(schemas, node, planned, steps);
            }
        }
        diff
    }

    fn node(&mut self, schemas: &Schemas, id: NodeId, planned: &PlannedNode, steps: &[Step]) {
        let kind = schemas.renderer().project().node(id).kind;
        if !matches!(
            kind,
            ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot
        ) {
            return;
        }
        if planned.status == Status::Skipped {
            self.skipped += 1;
            return;
        }
        let Some(run) = &planned.run else { return };
        let (Some(before), Some(after)) = (&run.before, &run.after) else {
            return;
        };
        let looked = Looked {
            schemas,
            id,
            run,
            before,
            after,
        };
        match looked.difference(planned.status, steps) {
            None => self.unchanged += 1,
            Some(difference) if difference.is_said() => self.relations.push(difference),
            Some(difference) if difference.knows_columns => self.unchanged += 1,
            Some(_) => self.uncertain += 1,
        }
    }
}

/// The databases that a plan makes.
fn databases(plan: &Plan) -> Vec<String> {
    let of_nodes = plan.nodes.iter().filter_map(|node| node.run.as_ref());
    let events = plan.before.iter().chain(of_nodes.flat_map(|run| &run.events));
    let made = events.filter_map(|event| match event {
        Event::Call(ApiCall {
            operation: "CreateDatabase",
            request,
            ..
        }) => request.pointer("/DatabaseInput/Name")?.as_str(),
        _ => None,
    });
    made.map(str::to_owned).collect()
}

/// A node that ran, and its relation.
struct Looked<'a> {
    schemas: &'a Schemas,
    id: NodeId,
    run: &'a NodeRun,
    before: &'a Found,
    after: &'a Found,
}

impl Looked<'_> {
    fn renderer(&self) -> &Renderer {
        self.schemas.renderer()
    }

    fn difference(&self, status: Status, steps: &[Step]) -> Option<Difference> {
        let mut difference = Difference {
            node: self.id,
            relation: format!("{}.{}", self.before.schema, self.before.name),
            change: Change::Fails,
            facets: Vec::new(),
            columns: Vec::new(),
            knows_columns: false,
            why: None,
        };
        if matches!(status, Status::Error | Status::PartialSuccess) {
            let failure = self.run.failure.as_ref();
            difference.why = failure.map(|failure| failure.message.clone());
            return Some(difference);
        }
        let is_there = (self.before.standing.is_there(), self.after.standing.is_there());
        difference.change = match is_there {
            _ if !self.is_known() => {
                difference.why = Some("what is there is not known".to_owned());
                Change::Unknown
            }
            (false, false) => return None,
            (false, true) => Change::Makes,
            (true, false) => Change::Drops,
            (true, true) if self.is_anew(steps) => Change::Rebuilds,
            (true, true) => Change::Alters,
        };
        if difference.change == Change::Unknown {
            return Some(difference);
        }
        (difference.columns, difference.knows_columns) = match difference.change {
            Change::Alters => self.kept_columns(),
            Change::Drops => (Vec::new(), true),
            _ => self.made_columns(),
        };
        if difference.change != Change::Alters {
            difference.facets = self.facets();
        }
        Some(difference)
    }

    /// Whether somebody knows what is there.
    fn is_known(&self) -> bool {
        let state = self.renderer().project().state();
        self.before.standing != Standing::Unknown
            && state.is_some_and(|state| state.knows(&self.before.schema))
    }

    /// Whether the relation that is there goes first, or is put in the place of.
    fn is_anew(&self, steps: &[Step]) -> bool {
        let is_table = self.renderer().names(self.id).materialized() == Materialization::Table.name();
        let is_seed = self.renderer().project().node(self.id).kind == ResourceType::Seed;
        self.run.events.iter().zip(steps).any(|(event, step)| {
            let Event::Statement(statement) = event else {
                return false;
            };
            match &statement.sql {
                _ if statement.error.is_some() => false,
                Some(sql) => sql
                    .split("dbt_next_query")
                    .any(|query| self.makes_or_drops(query)),
                // A program of Python that writes the table as a whole.
                None => is_table && !is_seed && step.effect >= Effect::Replaces,
            }
        })
    }

    /// Whether a query makes or drops the node's own relation.
    fn makes_or_drops(&self, query: &str) -> bool {
        const BEFORE_NAME: [&str; 10] = [
            "or",
            "replace",
            "external",
            "global",
            "table",
            "view",
            "if",
            "not",
            "exists",
            "materialized",
        ];
        let mut words = without_comments(query).split_whitespace();
        let verb = words.next().unwrap_or_default();
        if !verb.eq_ignore_ascii_case("create") && !verb.eq_ignore_ascii_case("drop") {
            return false;
        }
        let mut names =
            words.skip_while(|word| BEFORE_NAME.iter().any(|known| word.eq_ignore_ascii_case(known)));
        let Some(name) = names.next().map(|name| name.split('(').next().unwrap_or(name)) else {
            return false;
        };
        let mut parts = name.rsplit('.').map(|part| part.trim_matches(['`', ';']));
        let is_own = |part: Option<&str>, own: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(own));
        // A temporary view has no schema before its name.
        is_own(parts.next(), &self.before.name) && is_own(parts.next(), &self.before.schema)
    }

    /// The columns of what is made, against those that are there.
    fn made_columns(&self) -> (Vec<ColumnChange>, bool) {
        let made = self.schemas.of(self.id).relation.clone();
        let made = made.map(|made| self.as_written(&made));
        let there = self.table().map(known_columns);
        match (made, there) {
            (Some(made), None) => {
                let added = made
                    .iter()
                    .map(|field| ColumnChange::Added(field.name.to_string(), type_of(field)));
                (added.collect(), true)
            }
            (Some(made), Some(Some(there))) => (compared(&there, &made), true),
            (None, _) | (_, Some(None)) => (Vec::new(), false),
        }
    }

    /// Columns with those that the writers of dbt-glue add, as the code says that is sent.
    fn as_written(&self, columns: &[Field]) -> Vec<Field> {
        let mut columns = columns.to_vec();
        for name in FileFormat::TIMES_OF_WRITING {
            let is_there = columns
                .iter()
                .any(|column| column.name.eq_ignore_ascii_case(name));
            if !is_there
                && self
                    .run
                    .statements()
                    .any(|statement| statement.code.contains(name))
            {
                columns.push(Field::new(name, DataType::Timestamp));
            }
        }
        columns
    }

    /// What becomes of the columns of a table that rows are added to.
    fn kept_columns(&self) -> (Vec<ColumnChange>, bool) {
        let project = self.renderer().project();
        let node = project.node(self.id);
        let is_kept = node.kind == ResourceType::Snapshot
            || self.renderer().names(self.id).materialized() == Materialization::Incremental.name();
        if !is_kept {
            return (Vec::new(), true);
        }
        let Some(added) = self.schemas.added(self.id) else {
            return (Vec::new(), false);
        };
        let differing = compared(&added.table, &self.as_written(&added.query));
        if node.kind == ResourceType::Snapshot {
            // A snapshot gets what is new, and keeps the rest.
            let is_new = |change: &ColumnChange| matches!(change, ColumnChange::Added(..));
            return (differing.into_iter().filter(is_new).collect(), true);
        }
        let format = node.config.get("file_format");
        let format = match format {
            Setting::Unset => Some(FileFormat::DEFAULT),
            set => set
                .value()
                .and_then(Value::as_str)
                .and_then(FileFormat::parse_any_case),
        };
        let wanted = match node.config.get("on_schema_change") {
            Setting::Unset => Some(SchemaChange::Ignore),
            set => set.value().map(|value| {
                value
                    .as_str()
                    .and_then(SchemaChange::parse)
                    .unwrap_or(SchemaChange::Ignore)
            }),
        };
        let (Some(format), Some(wanted)) = (format, wanted) else {
            return (Vec::new(), false);
        };
        let can_add = matches!(format, FileFormat::Iceberg | FileFormat::S3tables);
        let has_own_writer = matches!(format, FileFormat::Hudi | FileFormat::Delta);
        // Writers of their own decide for themselves; and it depends on the release what else becomes of other formats.
        if has_own_writer || (wanted.adds_columns() && !can_add) {
            return (Vec::new(), differing.is_empty());
        }
        let becomes = |change: ColumnChange| match (change, wanted) {
            (ColumnChange::Added(name, ty), SchemaChange::Ignore | SchemaChange::Fail) => {
                Some(ColumnChange::NotWritten(name, ty))
            }
            (added @ ColumnChange::Added(..), _) => Some(added),
            (other, SchemaChange::SyncAllColumns) => Some(other),
            _ => None,
        };
        (differing.into_iter().filter_map(becomes).collect(), true)
    }

    /// The table that is there, by the catalog.
    fn table(&self) -> Option<&Table> {
        let state = self.renderer().project().state()?;
        state
            .table(&self.before.schema, &self.before.name)
            .filter(|_| self.before.standing.is_there())
    }

    /// What is different of the relation as a whole. What is not known on both sides is not compared.
    fn facets(&self) -> Vec<Facet> {
        let (before, after) = (&self.before.standing, &self.after.standing);
        let mut facets = Vec::new();
        let mut compare = |name, of: &dyn Fn(&Standing) -> Option<String>| {
            let (was, is) = (of(before), of(after));
            let comparable = (was.is_some() || !before.is_there()) && (is.is_some() || !after.is_there());
            if comparable && was != is {
                facets.push(Facet {
                    name,
                    before: was,
                    after: is,
                });
            }
        };
        compare("kind", &kind);
        compare("format", &format);
        compare("location", &location);
        facets.extend(self.partitions());
        facets
    }

    /// How the partitions differ. The catalog knows those of Spark's own formats only.
    fn partitions(&self) -> Option<Facet> {
        let is_own = |format: &str| {
            let format = FileFormat::parse_any_case(format);
            format.is_some_and(|format| !format.is_transactional())
        };
        let Standing::Table { format: made, .. } = &self.after.standing else {
            return None;
        };
        let after = self.partition_by()?;
        let before = match &self.before.standing {
            Standing::Table {
                format: Some(format),
                partitions,
                ..
            } if is_own(format) && made.as_deref().is_some_and(is_own) => Some(partitions.clone()),
            Standing::Table { .. } => return None,
            _ => None,
        };
        let is_same = match &before {
            Some(before) => {
                let same = |(one, other): (&String, &String)| one.eq_ignore_ascii_case(other);
                before.len() == after.len() && before.iter().zip(&after).all(same)
            }
            None => after.is_empty(),
        };
        let shown = |names: &[String]| {
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        };
        (!is_same).then(|| Facet {
            name: "partitions",
            before: before.as_deref().map(shown),
            after: Some(shown(&after)),
        })
    }

    /// What the config partitions by; `None` where that is not known.
    fn partition_by(&self) -> Option<Vec<String>> {
        let node = self.renderer().project().node(self.id);
        let value = match node.config.get("partition_by") {
            Setting::Unset => return Some(Vec::new()),
            set => set.value()?,
        };
        if *value == Value::Null {
            return Some(Vec::new());
        }
        if let Some(one) = value.as_str() {
            return Some(vec![one.trim().to_owned()]);
        }
        let names = value.as_list()?.iter().map(|name| name.value.as_str());
        names.map(|name| Some(name?.trim().to_owned())).collect()
    }
}

/// A query without the comments before it.
fn without_comments(query: &str) -> &str {
    let mut rest = query.trim_start();
    loop {
        let behind = if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map(|(_, behind)| behind)
        } else if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map(|(_, behind)| behind)
        } else {
            return rest;
        };
        match behind {
            Some(behind) => rest = behind.trim_start(),
            None => return "",
        }
    }
}

fn kind(standing: &Standing) -> Option<String> {
    match standing {
        Standing::View => Some("view".to_owned()),
        Standing::Table { .. } => Some("table".to_owned()),
        Standing::Unknown | Standing::Absent | Standing::Temporary => None,
    }
}

fn format(standing: &Standing) -> Option<String> {
    match standing {
        Standing::Table { format, .. } => format.clone(),
        _ => None,
    }
}

fn location(standing: &Standing) -> Option<String> {
    match standing {
        Standing::Table { location, .. } => {
            let location = location.as_deref()?.trim_end_matches('/');
            Some(location.to_owned())
        }
        _ => None,
    }
}

/// The columns of a table, where all of them are known.
fn known_columns(table: &Table) -> Option<Vec<Field>> {
    let field = |column: &StateColumn| {
        let ty = column.data_type.as_deref().and_then(|text| parse(text).ok());
        Field::new(&*column.name, ty.unwrap_or(DataType::Unknown))
    };
    Some(table.known_columns()?.map(field).collect())
}

fn type_of(field: &Field) -> Option<String> {
    // A part of a type may be unknown, too.
    let text = field.ty.to_string();
    (!text.contains("unknown")).then_some(text)
}

/// What has to become of some columns so that they are others: what goes, what is other, what comes.
fn compared(before: &[Field], after: &[Field]) -> Vec<ColumnChange> {
    let find = |fields: &[Field], name: &str| {
        let found = fields.iter().find(|field| field.name.eq_ignore_ascii_case(name));
        found.cloned()
    };
    let gone = before.iter().filter(|field| find(after, &field.name).is_none());
    let mut changes: Vec<ColumnChange> = gone
        .map(|field| ColumnChange::Dropped(field.name.to_string(), type_of(field)))
        .collect();
    for field in after {
        let name = field.name.to_string();
        match find(before, &field.name) {
            None => changes.push(ColumnChange::Added(name, type_of(field))),
            Some(there) if there.ty != field.ty => {
                if let (Some(was), Some(is)) = (type_of(&there), type_of(field)) {
                    changes.push(ColumnChange::Retyped(name, was, is));
                }
            }
            Some(_) => {}
        }
    }
    changes
}
