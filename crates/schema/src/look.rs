//! Looking at one node.

use std::sync::Arc;

use glueline_base::{Value, range};
use glueline_catalog::FileFormat;
use glueline_project::{Language, Node, NodeId, Project, ResourceType, Setting};
use glueline_render::{AS_IT_STANDS, Basis, Compiled, Life, Renderer, SPLITS};
use glueline_spark::analyze::{Analysis, Format, OutColumn, SparkError, Stored, analyze, materialize};
use glueline_spark::functions::Version;
use glueline_spark::types::Field;
use rustc_hash::FxHashSet;

use crate::relations::Named;
use crate::store::{Entry, Lives, Schemas};
use crate::{Schema, Text, Verdict, declared, lives};

/// What is known of a node, once what it reads is.
pub(crate) fn at(schemas: &Schemas, id: NodeId) -> Entry {
    let renderer = schemas.renderer();
    let project = renderer.project();
    let node = project.node(id);
    let schema = match node.kind {
        ResourceType::Source => declared::of_source(project, node, &renderer.names(id)),
        ResourceType::Seed => declared::of_seed(project, node),
        _ if is_query(node) => return Looker::new(schemas, node).look(),
        _ => Schema::default(),
    };
    Entry {
        schema: Arc::new(schema),
        verdicts: Box::default(),
        later: None,
        basis: renderer.basis_of(id),
        read: Box::default(),
    }
}

/// The texts of a node that are known whole, with what they mean.
pub(crate) fn texts(schemas: &Schemas, id: NodeId) -> Vec<Text> {
    let node = schemas.renderer().project().node(id);
    if !is_query(node) {
        return Vec::new();
    }
    let looks = Looker::new(schemas, node).looks();
    looks.into_iter().map(|look| look.text).collect()
}

/// Whether what a node renders to is read by Spark as a query; dbt makes up that of a snapshot in YAML.
fn is_query(node: &Node) -> bool {
    node.language != Language::Python && !matches!(node.kind, ResourceType::Source | ResourceType::Seed)
}

/// A byte order mark. dbt hands it on, and Spark's lexer knows no such character.
const MARK: char = '\u{feff}';

/// What Spark says of a text that begins with the mark.
fn at_mark() -> SparkError {
    SparkError {
        class: "PARSE_SYNTAX_ERROR",
        message: format!("Syntax error at or near '{MARK}'."),
        range: range(0, MARK.len_utf8()),
        instead: Vec::new(),
    }
}

/// The relation of a node itself, as its text finds it.
enum Own {
    /// There is none.
    None,
    /// What the first run made; its columns where they are known.
    Made(Option<Arc<[Field]>>),
}

/// What came of looking at the text of one life.
struct Look {
    life: Life,
    /// Whether nothing was made of the node before.
    is_first: bool,
    text: Text,
    /// The columns, as far as this life tells.
    schema: Schema,
}

/// Looks at the texts of one node.
struct Looker<'a> {
    schemas: &'a Schemas,
    renderer: &'a Renderer,
    node: &'a Node,
    basis: Basis,
    /// What the texts read.
    read: Vec<(NodeId, Arc<Schema>)>,
}

impl<'a> Looker<'a> {
    fn new(schemas: &'a Schemas, node: &'a Node) -> Self {
        let renderer = schemas.renderer();
        Self {
            schemas,
            renderer,
            node,
            basis: renderer.basis_of(node.id),
            read: Vec::new(),
        }
    }

    fn lives(&self) -> &'static [Life] {
        match self.schemas.lives() {
            Lives::Known if self.renderer.compiles(self.node.id) => &[Life::Known],
            Lives::Known => &[],
            Lives::All => lives(self.renderer, self.node.id),
        }
    }

    /// Looks at the text of each life that is known whole.
    fn looks(&mut self) -> Vec<Look> {
        let mut looks = Vec::new();
        let mut made = None;
        for (number, life) in self.lives().iter().enumerate() {
            let is_first = number == 0;
            // A later run reads what the first one made.
            let own = if is_first {
                Own::None
            } else {
                Own::Made(made.clone())
            };
            let Some(text) = self.text(*life, own) else {
                continue;
            };
            let schema = self.schema(&text.analysis);
            if is_first {
                made.clone_from(&schema.relation);
            }
            looks.push(Look {
                life: *life,
                is_first,
                text,
                schema,
            });
        }
        looks
    }

    fn look(mut self) -> Entry {
        let mut schema = Schema::default();
        let mut later = None;
        let mut verdicts = Vec::new();
        for look in self.looks() {
            verdicts.push((look.life, self.verdict(&look.text, look.life)));
            if look.is_first {
                schema = look.schema;
            } else {
                later = look.schema.columns.map(|columns| (look.life, columns));
            }
        }
        Entry {
            schema: Arc::new(schema),
            verdicts: verdicts.into(),
            later,
            basis: self.basis,
            read: self.read.into(),
        }
    }

    fn schema(&self, analysis: &Analysis) -> Schema {
        let is_whole = analysis.complete && !analysis.unread && analysis.errors.is_empty();
        if !is_whole || self.schemas.is_circular(self.node.id) {
            return Schema::default();
        }
        let field = |column: &OutColumn| Field::new(Arc::clone(&column.name), column.ty.clone());
        let columns: Arc<[Field]> = analysis.columns.iter().map(field).collect();
        let macros = self.renderer.project().macros();
        let relation = match self.node.kind {
            ResourceType::Model => declared::stored(self.node, &columns),
            ResourceType::Snapshot if macros.materialization("snapshot").is_none() => {
                declared::kept(self.node, &columns)
            }
            _ => None,
        };
        Schema {
            columns: Some(columns),
            relation,
        }
    }

    /// The text that the node has in a life, with what Spark makes of it; `None` where that is not known whole.
    fn text(&mut self, life: Life, own: Own) -> Option<Text> {
        let compiled = self.renderer.compile(self.node.id, life);
        self.basis.add(&compiled);
        // A text with stand-ins in it is not what Spark reads.
        if !compiled.unknown.is_empty() {
            return None;
        }
        // The session would cut it in two, or run it as Python.
        let code = compiled
            .code
            .as_deref()
            .filter(|code| [SPLITS, AS_IT_STANDS].iter().all(|mark| !code.contains(mark)))?;
        let mut relations = Named::new(self.schemas);
        if let Own::Made(columns) = own {
            relations.add(&self.renderer.names(self.node.id), columns);
        }
        for id in self.named(&compiled, life) {
            let schema = match self.schemas.known(id).filter(|_| id != self.node.id) {
                Some(entry) => Arc::clone(&entry.schema),
                None => continue,
            };
            relations.add(&self.renderer.names(id), schema.relation.clone());
            if !self.read.iter().any(|(known, _)| *known == id) {
                self.read.push((id, schema));
            }
        }
        let version = self.schemas.version();
        let analysis = match code.strip_prefix(MARK) {
            // Spark stops at it; a person wants to know what else there is.
            Some(rest) => analyze(&format!("   {rest}"), &relations, version),
            None => analyze(code, &relations, version),
        };
        if relations.looked_around() {
            self.basis.join(&self.renderer.basis_of_all());
        }
        Some(Text { compiled, analysis })
    }

    /// The nodes whose relations stand in a text: those that it names, and those that the ephemeral models in it name. Only what the
    /// graph knows of was looked at before.
    fn named(&mut self, compiled: &Compiled, life: Life) -> Vec<NodeId> {
        let graph = self.renderer.project().graph();
        let named = |compiled: &Compiled| [&compiled.refs[..], &compiled.sources[..]].concat();
        let mut met = FxHashSet::default();
        let mut found = Vec::new();
        let mut next: Vec<(NodeId, NodeId)> = named(compiled)
            .into_iter()
            .map(|read| (self.node.id, read))
            .collect();
        while let Some((reader, id)) = next.pop() {
            if graph.parents(reader).binary_search(&id).is_err() || !met.insert(id) {
                continue;
            }
            found.push(id);
            if self.renderer.names(id).is_ephemeral() {
                let read = self.renderer.compile(id, life);
                self.basis.add(&read);
                next.extend(named(&read).into_iter().map(|read| (id, read)));
            }
        }
        found
    }

    fn verdict(&self, text: &Text, life: Life) -> Verdict {
        let analysis = &text.analysis;
        if analysis.unread {
            return Verdict {
                unread: true,
                ..Verdict::default()
            };
        }
        let mut errors = analysis.errors.clone();
        if errors.is_empty()
            && let Some(stored) = self.stored(life)
        {
            errors = materialize(analysis, stored);
        }
        let code = text.compiled.code.as_deref().unwrap_or_default();
        if !errors.is_empty() && is_read_otherwise(code) {
            errors.clear();
        }
        if code.starts_with(MARK) {
            errors.insert(0, at_mark());
        }
        Verdict {
            errors: errors.into(),
            suspicions: analysis.suspicions.clone().into(),
            unread: false,
        }
    }

    /// What the table is written in; Iceberg refuses what Parquet does.
    fn format(&self) -> Format {
        let format = match self.node.config.get("file_format") {
            Setting::Unset => Some(FileFormat::DEFAULT),
            setting => {
                let text = setting.value().and_then(Value::as_str);
                text.and_then(FileFormat::parse_any_case)
            }
        };
        match format {
            Some(FileFormat::Parquet | FileFormat::Iceberg | FileFormat::S3tables) => Format::Parquet,
            Some(FileFormat::Orc) => Format::Orc,
            Some(FileFormat::Csv) => Format::Csv,
            Some(FileFormat::Json) => Format::Json,
            Some(FileFormat::Text) => Format::Text,
            Some(
                FileFormat::Delta
                | FileFormat::Hive
                | FileFormat::Hudi
                | FileFormat::Jdbc
                | FileFormat::Libsvm,
            )
            | None => Format::Other,
        }
    }

    /// What is made of the query by itself; `None` where it only adds to what is there, where the project's own materialization does
    /// it, or where the format may have rules of its own.
    fn stored(&self, life: Life) -> Option<Stored> {
        let names = self.renderer.names(self.node.id);
        let materialized = names.materialized();
        let project = self.renderer.project();
        if self.node.kind != ResourceType::Model || project.macros().materialization(&materialized).is_some()
        {
            return None;
        }
        match materialized.as_str() {
            "view" => Some(Stored::View),
            "table" => Some(Stored::Table(self.format())),
            "incremental" if life != Life::Exists => Some(Stored::Table(self.format())),
            _ => None,
        }
    }
}

/// Whether Spark has nothing to say of what Python makes of a text: dbt-glue pastes SQL into a literal of Python
/// (`dbt/adapters/glue/gluedbapi/cursor.py`).
fn is_read_otherwise(code: &str) -> bool {
    let Some(pasted) = glueline_python::unescaped(code) else {
        return false;
    };
    let parsed = glueline_spark::syntax::parse(&pasted);
    let as_it_stands = glueline_spark::syntax::parse(code);
    parsed.errors.is_empty() && !as_it_stands.errors.is_empty()
}

/// The release of Spark that the target's Glue brings; the newest that is known where AWS chooses.
pub(crate) fn version(project: &Project) -> Version {
    let glue = project.glue_version();
    glue.map_or(Version::V3_5, |glue| {
        Version::of_spark(glue.runtime().spark_release())
    })
}
