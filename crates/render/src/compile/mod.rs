//! What `dbt compile` writes for a node (`dbt/compilation.py`).

mod failure;
mod generic;
mod hook;
mod inject;
mod operation;
mod source;
mod stops;
mod unit_test;
mod written;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glueline_project::{Node, NodeId, ResourceType};
use glueline_template::{Engine, Error, Note, Program, SourceMap, Value};
use rustc_hash::FxHashMap;

pub use self::failure::Failure;
pub(crate) use self::operation::PATH as OPERATION_PATH;
pub(crate) use self::operation::within as operation_within;
pub use self::operation::{Operation, RunHook};
pub(crate) use self::unit_test::{
    Part, UnitTest, compile as compile_unit_test, read as read_unit_test, rendered_entry as unit_test_entry,
};
pub(crate) use self::written::run_path;
pub use self::written::written_path;
use crate::Renderer;
use crate::host::{Captured, Life, NodeHost, Phase, Scene};
use crate::known::Seen;
use crate::renderer::Shared;

/// How a node came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was rendered.
    Success,
    /// It cannot be rendered.
    Error,
    /// There is nothing to render: a seed, a source, a unit test.
    Skipped,
}

/// What `dbt compile` writes for a node.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// How it came out.
    pub status: Status,
    /// The text: the node's own, with the ephemeral models it reads before it.
    pub code: Option<String>,
    /// Where every byte of the text comes from.
    pub map: SourceMap,
    /// Why it cannot be rendered.
    pub failure: Option<Failure>,
    /// What could not be known without a warehouse, each with where it came up.
    pub unknown: Vec<Note>,
    /// The nodes that `ref()` named while it was rendered, in the order asked.
    pub refs: Vec<NodeId>,
    /// The sources that `source()` named, in the order asked.
    pub sources: Vec<NodeId>,
    /// Whether it looked at more of the project than itself and what it names.
    looked_around: bool,
    /// What it depends on, in the state in which it was.
    pub(crate) seen: Vec<Seen>,
    /// The text without the ephemeral models, where it reads any.
    own: Option<(String, SourceMap)>,
    /// The ephemeral models it reads, those that they read before them.
    ctes: Vec<Cte>,
}

/// An ephemeral model as it stands in the text of those that read it.
#[derive(Debug, Clone)]
struct Cte {
    node: NodeId,
    /// ` __dbt__cte__name as (\n...\n)`
    text: String,
    map: SourceMap,
}

/// What is compiled already in a run. A node has at most three lives.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    slots: Mutex<FxHashMap<(NodeId, Life), Arc<OnceLock<Arc<Compiled>>>>>,
}

impl Cache {
    fn slot(&self, node: NodeId, life: Life) -> Arc<OnceLock<Arc<Compiled>>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry((node, life)).or_default().clone()
    }
}

impl Renderer {
    /// What `dbt compile` writes for a node. Compiled once for each life, then kept.
    pub fn compile(&self, node: NodeId, life: Life) -> Arc<Compiled> {
        compile(&self.0, node, &life.into(), &mut Vec::new())
    }

    /// Whether dbt compiles a node at all: it is a model, snapshot, test or analysis, and not one that dbt leaves out.
    pub fn compiles(&self, node: NodeId) -> bool {
        let node = self.0.project.node(node);
        is_compiled(node.kind) && node.enabled && !node.is_dropped() && generic::has_target(&self.0, node)
    }

    /// What `dbt compile --inline` writes for a text. Places in it have the number of a file after those of all files.
    pub fn compile_inline(&self, text: &str) -> Compiled {
        let shared = &self.0;
        let program = Arc::new(source::inline(shared, text));
        let host = Arc::new(NodeHost::text(shared, "inline_query", Phase::Execute));
        finish(shared, None, &host, &program, &mut Vec::new())
    }
}

/// Compiles a node; `within` are the ephemeral models that are being compiled.
pub(crate) fn compile(
    shared: &Arc<Shared>,
    node: NodeId,
    scene: &Scene,
    within: &mut Vec<NodeId>,
) -> Arc<Compiled> {
    if within.contains(&node) {
        let error = Error::compilation("an ephemeral model reads itself");
        return Arc::new(Compiled::failed(
            Failure::new(shared, Some(node), error),
            Vec::new(),
        ));
    }
    if scene.batch.is_some() {
        // Every batch reads something else.
        return Arc::new(render(shared, node, scene, within));
    }
    let Some(run) = &scene.run else {
        if let Some(known) = Shared::compiled(shared, node, scene.life) {
            return known;
        }
        let mut made = render(shared, node, scene, within);
        let own = Seen::by(shared, node, &made);
        made.seen.extend(own);
        let made = Arc::new(made);
        shared.keep(node, scene.life, &made);
        return made;
    };
    let slot = run.compiled.slot(node, scene.life);
    if let Some(known) = slot.get() {
        return known.clone();
    }
    // Not within the slot: two threads may need each other's ephemeral models.
    let made = Arc::new(render(shared, node, scene, within));
    slot.get_or_init(|| made).clone()
}

fn render(shared: &Arc<Shared>, node: NodeId, scene: &Scene, within: &mut Vec<NodeId>) -> Compiled {
    let mut host = NodeHost::node(shared, node, Phase::Execute, scene.clone());
    let Some(program) = source::program(shared, node) else {
        return Compiled::skipped();
    };
    if let Some(error) = source::unread(shared, node) {
        return Compiled::failed(Failure::new(shared, Some(node), error), Vec::new());
    }
    if let Some(failure) = parse_failure(shared, node) {
        return Compiled::failed(failure, Vec::new());
    }
    if shared.project.node(node).generic_test.is_some() {
        match generic::arguments(shared, node, &host) {
            Ok((kwargs, captured)) => {
                host.extra.push((generic::KWARGS.into(), kwargs));
                *host.captured() = captured;
            }
            Err(error) => return Compiled::failed(Failure::new(shared, Some(node), error), Vec::new()),
        }
    }
    within.push(node);
    let made = finish(shared, Some(node), &Arc::new(host), &Arc::new(program), within);
    within.pop();
    made
}

/// Why dbt cannot even parse a node, where that is certain: what needs the warehouse and is not behind `if execute`, above all, or a
/// macro that makes no name.
fn parse_failure(shared: &Arc<Shared>, node: NodeId) -> Option<Failure> {
    let parsed = (!parses_as_it_runs(shared, node))
        .then(|| crate::context::parsed(shared, node).failure.clone())
        .flatten();
    let error = parsed.or_else(|| Shared::names(shared, node).error.clone())?;
    let failure = Failure::new(shared, Some(node), error);
    failure.is_certain().then_some(failure)
}

/// Whether what fails while dbt parses a node fails when it runs, too: it calls nothing that answers otherwise then. Most nodes are
/// like that, and are spared a second rendering.
fn parses_as_it_runs(shared: &Shared, node: NodeId) -> bool {
    const ALIKE: [&str; 4] = [
        "config.get",
        "config.require",
        "is_incremental",
        "should_full_refresh",
    ];
    let project = &shared.project;
    let node = project.node(node);
    match node.generic_test.as_deref() {
        // dbt does not render its own two.
        Some(_) => stops::is_spared(shared, node.id),
        None => {
            let calls = crate::context::calls(shared, node);
            calls.iter().all(|path| {
                ALIKE.contains(path) && project.macros().override_of(path, node.package).is_none()
            })
        }
    }
}

/// What a node asks for while dbt parses it. Where it cannot be rendered, what it asked for until then.
pub(crate) fn parse(shared: &Arc<Shared>, node: NodeId) -> Captured {
    let mut host = NodeHost::node(shared, node, Phase::Parse, Life::Known);
    let Some(program) = source::program(shared, node) else {
        return Captured::default();
    };
    if shared.project.node(node).generic_test.is_some() {
        match generic::arguments(shared, node, &host) {
            Ok((kwargs, captured)) => {
                host.extra.push((generic::KWARGS.into(), kwargs));
                *host.captured() = captured;
            }
            Err(error) => {
                return Captured {
                    failure: Some(error),
                    ..Captured::default()
                };
            }
        }
    }
    let host = Arc::new(host);
    let (rendered, _) = Engine::render(
        &shared.engine,
        &Arc::new(program.lenient()),
        host.clone(),
        shared.settings.limits,
    );
    let mut captured = std::mem::take(&mut *host.captured());
    captured.failure = rendered.err();
    captured
}

/// Renders a program for its host and puts the ephemeral models before it.
fn finish(
    shared: &Arc<Shared>,
    node: Option<NodeId>,
    host: &Arc<NodeHost>,
    program: &Arc<Program>,
    within: &mut Vec<NodeId>,
) -> Compiled {
    let limits = shared.settings.limits;
    let (rendered, mut unknown) = Engine::render(&shared.engine, program, host.clone(), limits);
    let rendered = match rendered {
        Ok(rendered) => rendered,
        Err(error) => return Compiled::failed(Failure::of(host, error), unknown),
    };
    let (mut text, mut map) = (rendered.text, rendered.map);
    if let Some(node) = node.filter(|node| source::is_python_model(shared, *node)) {
        match postscript(shared, node, &host.scene) {
            Ok(more) => {
                let start = text.len();
                text.push_str("\n\n");
                map.append_unmapped(start);
                text.push_str(&more);
            }
            Err(error) => return Compiled::failed(Failure::new(shared, Some(node), error), unknown),
        }
    }
    let Captured {
        refs,
        sources,
        ephemeral,
        looks_around,
        ..
    } = std::mem::take(&mut *host.captured());
    let mut compiled = Compiled {
        status: Status::Success,
        code: None,
        map: SourceMap::default(),
        failure: None,
        unknown: Vec::new(),
        refs,
        sources,
        looked_around: looks_around,
        seen: Vec::new(),
        own: None,
        ctes: Vec::new(),
    };
    for inner in ephemeral {
        let test = host.tested();
        let read = match test {
            Some(test) => Arc::new(unit_test::compile_input(shared, test, inner, &host.scene, within)),
            None => compile(shared, inner, &host.scene.of_inputs(), within),
        };
        compiled.seen.extend(read.seen.iter().cloned());
        for note in &read.unknown {
            if !unknown.contains(note) {
                unknown.push(note.clone());
            }
        }
        let Some(code) = &read.code else {
            let failure = read.failure.clone();
            return Compiled {
                status: Status::Error,
                failure,
                unknown,
                ..compiled
            };
        };
        for cte in &read.ctes {
            add_cte(&mut compiled.ctes, cte.clone());
        }
        let (own, own_map) = read
            .own
            .as_ref()
            .map_or((code, &read.map), |(own, map)| (own, map));
        let name = match test.and_then(|test| test.input_of(inner)) {
            Some((_, input)) => input.cte.clone(),
            None => cte_name(shared, inner),
        };
        add_cte(&mut compiled.ctes, cte(inner, &name, own, own_map));
    }
    compiled.unknown = unknown;
    if compiled.ctes.is_empty() {
        compiled.code = Some(text);
        compiled.map = map;
        return compiled;
    }
    let parts: Vec<(&str, &SourceMap)> = compiled
        .ctes
        .iter()
        .map(|cte| (cte.text.as_str(), &cte.map))
        .collect();
    let (injected, injected_map) = inject::inject(&text, &map, &parts);
    compiled.code = Some(injected);
    compiled.map = injected_map;
    compiled.own = Some((text, map));
    compiled
}

/// A model that is read twice is written once, where it first stood, with the text of the last.
fn add_cte(ctes: &mut Vec<Cte>, new: Cte) {
    match ctes.iter_mut().find(|cte| cte.node == new.node) {
        Some(known) => *known = new,
        None => ctes.push(new),
    }
}

/// The name of the CTE that an ephemeral model becomes, without dbt's prefix.
fn cte_name(shared: &Arc<Shared>, node: NodeId) -> Arc<str> {
    let names = Shared::names(shared, node);
    let name = names.identifier.clone();
    name.unwrap_or_else(|| shared.project.node(node).name.clone())
}

fn cte(node: NodeId, name: &str, text: &str, map: &SourceMap) -> Cte {
    let mut made = format!(" {EPHEMERAL}{name} as (\n");
    let mut made_map = SourceMap::default();
    made_map.append_unmapped(0);
    made_map.append(made.len(), map);
    made.push_str(text);
    made_map.append_unmapped(made.len());
    made.push_str("\n)");
    Cte {
        node,
        text: made,
        map: made_map,
    }
}

/// What dbt puts before the name of an ephemeral model (`dbt/adapters/base/relation.py`, `add_ephemeral_prefix`).
const EPHEMERAL: &str = "__dbt__cte__";

/// What dbt puts behind the code of a Python model.
fn postscript(shared: &Arc<Shared>, node: NodeId, scene: &Scene) -> Result<String, Error> {
    let host = Arc::new(NodeHost::node(shared, node, Phase::Execute, scene.clone()));
    let (made, _) = shared.engine.with(host, shared.settings.limits, |cx| {
        let model = cx.lookup("model");
        let postscript = cx.lookup("py_script_postfix");
        let made = cx.call(&postscript, glueline_template::Args::of(vec![model]))?;
        Ok(glueline_template::to_str(&made).plain().into_owned())
    });
    made
}

/// What dbt cuts off a text: where it puts ephemeral models before it, it keeps the first statement alone
/// (`inject_ctes_into_sql` in `dbt/compilation.py`).
#[derive(Debug, Clone)]
pub struct Cut<'a> {
    /// The text that is lost.
    pub rest: &'a str,
    /// Where the `;` before it comes from, the innermost place first.
    pub places: Vec<glueline_base::FileRange>,
}

impl Compiled {
    /// The ephemeral models that stand before the node's own text, each with its text there (`extra_ctes` of dbt).
    pub fn ephemeral(&self) -> impl Iterator<Item = (NodeId, &str)> {
        self.ctes.iter().map(|cte| (cte.node, &*cte.text))
    }

    /// Whether it looked at more of the project than itself and what it names.
    pub(crate) const fn looked_around(&self) -> bool {
        self.looked_around
    }

    /// What dbt cuts off the node's own text, white space and comments included; `None` where it cuts nothing off.
    pub fn cut(&self) -> Option<Cut<'_>> {
        let (text, map) = self.own.as_ref()?;
        let (kept, rest) = text.split_at_checked(inject::end(text))?;
        let at = kept.rfind(';').filter(|_| !rest.is_empty())?;
        let from = map.at(at);
        let places = from.map(|from| std::iter::once(from.place).chain(from.expanded_from).collect());
        Some(Cut {
            rest,
            places: places.unwrap_or_default(),
        })
    }

    fn skipped() -> Self {
        Self {
            status: Status::Skipped,
            code: None,
            map: SourceMap::default(),
            failure: None,
            unknown: Vec::new(),
            refs: Vec::new(),
            sources: Vec::new(),
            // What failed may have looked at anything before it did.
            looked_around: true,
            seen: Vec::new(),
            own: None,
            ctes: Vec::new(),
        }
    }

    fn failed(failure: Failure, unknown: Vec<Note>) -> Self {
        Self {
            status: Status::Error,
            failure: Some(failure),
            unknown,
            ..Self::skipped()
        }
    }
}

/// Whether dbt compiles nodes of a kind.
pub(crate) const fn is_compiled(kind: ResourceType) -> bool {
    matches!(
        kind,
        ResourceType::Model | ResourceType::Snapshot | ResourceType::Test | ResourceType::Analysis
    )
}

/// A value rendered natively from a text, as dbt renders the arguments of generic tests: one `{{ }}` alone keeps its type.
pub(crate) fn native(
    cx: &glueline_template::Cx,
    text: &str,
    place: glueline_base::FileRange,
) -> Result<Value, Error> {
    source::native(cx, text, place)
}

/// The template that dbt makes up for a node that is no file and no block: a generic test, a snapshot of a properties file.
pub(crate) fn made_up(shared: &Shared, node: &Node) -> Option<String> {
    generic::raw_code(shared, node).or_else(|| source::made_up_snapshot(shared, node))
}

/// The column that a generic test is put on.
pub(crate) fn column_of_test<'a>(shared: &'a Shared, node: &Node) -> Option<&'a str> {
    generic::column(shared, node)
}

/// The arguments of a generic test as they are written.
pub(crate) fn written_arguments(shared: &Shared, node: &Node) -> Value {
    generic::written(shared, node)
}
