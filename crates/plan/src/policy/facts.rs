//! What the plans of a project do, as far as IAM is concerned.

use std::collections::BTreeSet;

use glueline_base::Value as Config;
use glueline_project::{Node, ProfileState, Project, ResourceType};
use glueline_render::{ApiCall, Event, Renderer, Statement};
use serde_json::Value;

use super::session::Session;
use super::sql;
use super::storage::{self, Place};
use crate::plan::{Plan, PlannedNode};

/// What a project reads, writes and asks for, gathered from its plans.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub(super) session: Session,
    /// Databases in which relations are made.
    pub(super) written: BTreeSet<String>,
    /// Databases of which relations are read.
    pub(super) read: BTreeSet<String>,
    /// Places of S3 that are written.
    stored: BTreeSet<Place>,
    /// Places of S3 that are read.
    fetched: BTreeSet<Place>,
    /// Calls that the adapter makes itself: service and operation.
    pub(super) calls: BTreeSet<(&'static str, &'static str)>,
    /// Whether a table has partitions.
    pub(super) has_partitions: bool,
    /// Whether a table lies in a table bucket.
    pub(super) s3tables: bool,
    /// What could not be known, each one line.
    unknown: BTreeSet<String>,
}

impl Facts {
    /// What the profile says by itself.
    pub fn new(project: &Project) -> Self {
        let target = match project.profile() {
            ProfileState::Found(profile) => profile.selected(),
            _ => None,
        };
        let mut facts = Self {
            session: Session::new(target),
            ..Self::default()
        };
        facts.of_session();
        facts
    }

    /// Adds what a plan does. A project has several: one for each command, and for each life of its relations.
    pub fn add(&mut self, renderer: &Renderer, plan: &Plan) {
        for planned in &plan.nodes {
            if let Some(id) = planned.node {
                self.of_node(renderer, id, planned);
            }
            for event in planned.run.iter().flat_map(|run| &run.events) {
                match event {
                    Event::Statement(statement) => self.of_statement(statement),
                    Event::Call(call) => self.of_call(call),
                    Event::Log(_) => {}
                }
            }
        }
    }

    /// What is not known, or not said, each one line.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = self.unknown.iter().cloned().collect();
        let session = &self.session;
        if session.account.is_none() {
            remarks.push(format!(
                "the account is not known from `role_arn`: fill in {ACCOUNT}"
            ));
        }
        if session.region.is_none() {
            remarks.push(format!("`region` is not set: fill in {REGION}"));
        }
        if session.role.is_none() {
            remarks.push(format!("`role_arn` is not set: fill in {ROLE}"));
        }
        if let Some(name) = &session.security {
            remarks.push(format!(
                "the keys of the security configuration `{name}` are not known: fill in {KEY}"
            ));
        }
        remarks
    }

    /// Places that are written, the outermost.
    pub(super) fn stored(&self) -> Vec<Place> {
        storage::outermost(self.stored.iter().cloned())
    }

    /// Places that are read and not written, the outermost.
    pub(super) fn fetched(&self) -> Vec<Place> {
        let stored = self.stored();
        let is_only_read = |place: &Place| !stored.iter().any(|outer| outer.contains(place));
        let all = storage::outermost(self.fetched.iter().cloned());
        all.into_iter().filter(is_only_read).collect()
    }

    /// Files that the session loads.
    pub(super) fn files(&self) -> Vec<Place> {
        let files = self.session.files.iter().filter_map(|uri| Place::of(uri));
        files.collect()
    }

    /// Databases that are read and not written.
    pub(super) fn only_read(&self) -> impl Iterator<Item = &String> {
        self.read.difference(&self.written)
    }

    /// A name of Glue: `database/shop`.
    pub(super) fn glue(&self, resource: &str) -> String {
        self.name("glue", resource)
    }

    /// A name of a service in the account and region of the profile.
    pub(super) fn name(&self, service: &str, resource: &str) -> String {
        let session = &self.session;
        format!(
            "arn:{}:{service}:{}:{}:{resource}",
            session.partition,
            session.region.as_deref().unwrap_or(REGION),
            session.account.as_deref().unwrap_or(ACCOUNT)
        )
    }

    /// The role of the session.
    pub(super) fn role(&self) -> String {
        self.session.role.clone().unwrap_or_else(|| ROLE.to_owned())
    }

    /// The keys of the security configuration.
    pub(super) fn key(&self) -> String {
        self.name("kms", &format!("key/{KEY}"))
    }

    fn of_session(&mut self) {
        let session = &self.session;
        let warehouses = session
            .catalogs()
            .filter_map(|catalog| session.of_catalog(catalog, "warehouse"));
        let rest = ["spark.sql.warehouse.dir"]
            .into_iter()
            .filter_map(|key| session.conf.get(key).map(String::as_str));
        let arguments = ["--TempDir", "--spark-event-logs-path"]
            .into_iter()
            .filter_map(|key| session.arguments.get(key).map(String::as_str));
        let location = session.location.as_deref();
        let all = warehouses.chain(rest).chain(arguments).chain(location);
        self.stored = all.filter_map(Place::of).collect();
        let arguments = [
            "--extra-jars",
            "--extra-py-files",
            "--extra-files",
            "--additional-python-modules",
        ];
        let loaded = arguments.into_iter().filter_map(|key| session.arguments.get(key));
        self.fetched = loaded.flat_map(|text| storage::places(text)).collect();
    }

    fn of_node(&mut self, renderer: &Renderer, id: glueline_project::NodeId, planned: &PlannedNode) {
        let project = renderer.project();
        let node = project.node(id);
        let info = renderer.info(id);
        let makes = matches!(
            node.kind,
            ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot
        ) && info.materialized() != "ephemeral";
        if makes {
            match info.schema.as_deref() {
                Some(schema) => {
                    self.written.insert(schema.to_lowercase());
                }
                None => {
                    self.unknown
                        .insert(format!("the schema of `{}` is not known", node.unique_id));
                }
            }
            self.of_config(node);
        }
        let compiled = planned.run.as_ref().and_then(|run| run.compiled.as_ref());
        let parents = compiled
            .into_iter()
            .flat_map(|compiled| compiled.refs.iter().chain(&compiled.sources));
        let declared: Vec<_> = node.parents().collect();
        for parent in parents.copied().chain(declared) {
            self.of_parent(renderer, parent);
        }
    }

    fn of_config(&mut self, node: &Node) {
        let text = |key: &str| node.config.get(key).value().and_then(Config::as_str);
        self.stored.extend(text("custom_location").and_then(Place::of));
        self.s3tables |= text("file_format") == Some("s3tables");
        self.has_partitions |= node.config.get("partition_by").set().is_some();
    }

    /// What a node reads: a source, and where it lies if a catalog tells.
    fn of_parent(&mut self, renderer: &Renderer, id: glueline_project::NodeId) {
        let project = renderer.project();
        let node = project.node(id);
        let info = renderer.info(id);
        let Some(schema) = info.schema.as_deref().map(str::to_lowercase) else {
            return;
        };
        if node.kind != ResourceType::Source {
            if info.materialized() != "ephemeral" {
                self.read.insert(schema);
            }
            return;
        }
        let table = info.identifier.as_deref().unwrap_or(&node.name);
        let known = project.state().and_then(|state| state.table(&schema, table));
        let location = known
            .and_then(|table| table.location.as_deref())
            .and_then(Place::of);
        match location {
            Some(place) => {
                self.fetched.insert(place);
            }
            // A view has no data of its own, but those that it reads are not known either.
            None => {
                self.unknown.insert(format!(
                    "where the tables of `{schema}` lie is not known: fill in <bucket of {schema}>, or say what is in \
                     the catalog with --catalog"
                ));
                self.fetched
                    .extend(Place::of(&format!("s3://<bucket of {schema}>")));
            }
        }
        self.read.insert(schema);
    }

    fn of_statement(&mut self, statement: &Statement) {
        if let Some(sql) = &statement.sql {
            let named = sql::named(sql);
            self.written.extend(named.written);
            self.read.extend(named.read);
            self.stored.extend(storage::places(sql));
        } else {
            self.stored.extend(storage::places(&statement.code));
        }
    }

    fn of_call(&mut self, call: &ApiCall) {
        self.calls.insert((call.service, call.operation));
        let database = call.request.get("DatabaseName").and_then(Value::as_str);
        let Some(database) = database.map(str::to_lowercase) else {
            return;
        };
        if call.operation.starts_with("Get") {
            self.read.insert(database);
        } else {
            self.written.insert(database);
        }
    }
}

const ACCOUNT: &str = "<account>";
const REGION: &str = "<region>";
const ROLE: &str = "<role_arn>";
const KEY: &str = "<key>";
