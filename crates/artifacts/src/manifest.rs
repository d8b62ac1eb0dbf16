//! `manifest.json` (`dbt/artifacts/schemas/manifest/v12/manifest.py`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use glueline_plan::PlannedNode;
use glueline_project::{NodeId, ResourceType};
use glueline_render::{Compiled, Life, Manifest, ManifestEntry, ManifestMember, Renderer};
use glueline_template::Value as Made;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::invocation::Invocation;
use crate::json::Writer;
use crate::selectors::selectors;

/// What a node or a hook of a run was compiled to.
#[derive(Debug, Clone)]
pub struct Code {
    /// Its id.
    pub unique_id: Arc<str>,
    /// The code.
    pub compiled: Arc<Compiled>,
    /// The file that it was written to, relative to the project; `None` where it was not.
    pub path: Option<String>,
}

impl Code {
    /// What the nodes of a run were compiled to. dbt keeps nothing of a microbatch model: it compiles copies.
    pub fn of_run<'a>(renderer: &Renderer, nodes: impl IntoIterator<Item = &'a PlannedNode>) -> Vec<Self> {
        let of = |node: &PlannedNode| {
            let run = node.run.as_ref().filter(|run| run.batches.is_empty())?;
            let unique_id = match (node.node, &node.operation) {
                (Some(id), _) => renderer.project().node(id).unique_id.clone(),
                (None, Some(hook)) => hook.unique_id.clone(),
                (None, None) => return None,
            };
            Some(Self {
                unique_id,
                compiled: run.compiled.clone()?,
                path: None,
            })
        };
        let mut codes: Vec<Self> = nodes.into_iter().filter_map(of).collect();
        let known: BTreeSet<&str> = codes.iter().map(|code| &*code.unique_id).collect();
        // Ephemeral models are compiled for those that read them, and have no turn of their own.
        let ephemeral: BTreeSet<NodeId> = codes
            .iter()
            .flat_map(|code| code.compiled.ephemeral().map(|(id, _)| id))
            .filter(|id| !known.contains(&*renderer.project().node(*id).unique_id))
            .collect();
        codes.extend(ephemeral.into_iter().filter_map(|id| {
            let compiled = renderer.compile(id, Life::Known);
            // What only the warehouse tells may have been answered in the run.
            compiled.unknown.is_empty().then(|| Self {
                unique_id: renderer.project().node(id).unique_id.clone(),
                compiled,
                path: None,
            })
        }));
        codes
    }
}

/// An entry, as it is written.
struct Written {
    unique_id: Arc<str>,
    text: String,
    parents: Vec<String>,
    group: Option<String>,
}

/// Writes `manifest.json`. `codes` are what the command compiled; all other nodes stand there as dbt parses them.
///
/// # Errors
/// Those of `out`.
pub fn manifest(
    renderer: &Renderer,
    codes: &[Code],
    invocation: &Invocation,
    out: &mut dyn Write,
) -> io::Result<()> {
    let project = renderer.project();
    let settings = renderer.settings();
    let writer = Writer::new(glueline_plan::secrets(project, &*settings.system));
    let manifest = Manifest::new(renderer);
    let codes: BTreeMap<&str, &Code> = codes.iter().map(|code| (&*code.unique_id, code)).collect();

    write!(
        out,
        "{{\"metadata\": {}",
        writer.json(&metadata(renderer, invocation))
    )?;
    let members = manifest.members();
    let nodes: Vec<Written> = members
        .par_iter()
        .map(|member| {
            let entry = match member {
                ManifestMember::Node(id) => manifest.node(*id),
                ManifestMember::Operation(operation) => manifest.operation(operation),
            };
            if let Some(code) = codes.get(&*entry.unique_id) {
                entry.add_code(renderer, &code.compiled, code.path.as_deref());
            }
            writer.entry(&entry)
        })
        .collect();
    let of = |kind: ResourceType| -> Vec<Written> {
        let entries = manifest.of_kind(kind).map(|id| writer.entry(&manifest.node(id)));
        entries.collect()
    };
    let sources = of(ResourceType::Source);
    let exposures = of(ResourceType::Exposure);
    let unit_tests = of(ResourceType::UnitTest);
    let all = |entries: Vec<ManifestEntry>| -> Vec<Written> {
        entries.iter().map(|entry| writer.entry(entry)).collect()
    };
    section(out, "nodes", &nodes)?;
    section(out, "sources", &sources)?;
    section(out, "macros", &all(manifest.macros()))?;
    section(out, "docs", &all(manifest.docs()))?;
    section(out, "exposures", &exposures)?;
    write!(out, ", \"metrics\": {{}}")?;
    write!(out, ", \"groups\": {}", writer.made(&manifest.groups()))?;
    write!(
        out,
        ", \"selectors\": {}",
        writer.json(&selectors(project).into())
    )?;
    disabled(&writer, manifest, out)?;
    let members = || nodes.iter().chain(&sources).chain(&exposures).chain(&unit_tests);
    maps(members, out)?;
    group_map(manifest, &nodes, out)?;
    write!(out, ", \"saved_queries\": {{}}, \"semantic_models\": {{}}")?;
    section(out, "unit_tests", &unit_tests)?;
    write!(out, ", \"functions\": {{}}}}")
}

impl Writer {
    fn entry(&self, entry: &ManifestEntry) -> Written {
        Written {
            unique_id: entry.unique_id.clone(),
            text: self.made(&entry.value),
            parents: entry.parents(),
            group: entry.group(),
        }
    }
}

fn metadata(renderer: &Renderer, invocation: &Invocation) -> Value {
    let project = renderer.project();
    let mut metadata = invocation.metadata(renderer, "manifest/v12");
    let quoting = glueline_template::to_json(&Manifest::new(renderer).quoting(), false);
    let quoting: Value = serde_json::from_str(&quoting.unwrap_or_default()).unwrap_or_default();
    for (key, value) in [
        ("project_name", Value::from(&*project.root().name)),
        ("project_id", project.hashed_name().into()),
        ("user_id", Value::Null),
        // Glueline sends none.
        ("send_anonymous_usage_stats", false.into()),
        (
            "adapter_type",
            project.target().and_then(|target| target.adapter()).into(),
        ),
        ("quoting", quoting),
        ("run_started_at", Invocation::run_started_at(renderer).into()),
    ] {
        metadata.insert(key.to_owned(), value);
    }
    metadata.into()
}

/// A dict of entries by their ids. Where an id comes twice, the first stands.
fn section(out: &mut dyn Write, name: &str, entries: &[Written]) -> io::Result<()> {
    write!(out, ", \"{name}\": {{")?;
    for (index, entry) in entries.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(out, "{separator}{}: {}", quoted(&entry.unique_id), entry.text)?;
    }
    out.write_all(b"}")
}

fn quoted(text: &str) -> Value {
    Value::from(text)
}

fn disabled(writer: &Writer, manifest: Manifest<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b", \"disabled\": {")?;
    for (index, (id, entries)) in manifest.disabled().into_iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        let texts: Vec<String> = entries.iter().map(|entry| writer.made(&entry.value)).collect();
        write!(out, "{separator}{}: [{}]", quoted(&id), texts.join(", "))?;
    }
    out.write_all(b"}")
}

/// `parent_map` and `child_map` (`build_node_edges` in `dbt/contracts/graph/manifest.py`).
fn maps<'a, I: Iterator<Item = &'a Written>>(members: impl Fn() -> I, out: &mut dyn Write) -> io::Result<()> {
    let mut children: BTreeMap<&str, Vec<&str>> =
        members().map(|member| (&*member.unique_id, Vec::new())).collect();
    out.write_all(b", \"parent_map\": {")?;
    for (index, member) in members().enumerate() {
        let mut parents: Vec<&str> = member.parents.iter().map(String::as_str).collect();
        parents.sort_unstable();
        for parent in &parents {
            if let Some(list) = children.get_mut(parent) {
                list.push(&member.unique_id);
            }
        }
        let separator = if index == 0 { "" } else { ", " };
        write!(
            out,
            "{separator}{}: {}",
            quoted(&member.unique_id),
            json!(parents)
        )?;
    }
    out.write_all(b"}, \"child_map\": {")?;
    for (index, member) in members().enumerate() {
        let mut found = children.remove(&*member.unique_id).unwrap_or_default();
        found.sort_unstable();
        let separator = if index == 0 { "" } else { ", " };
        write!(out, "{separator}{}: {}", quoted(&member.unique_id), json!(found))?;
    }
    out.write_all(b"}")
}

/// The nodes of each group, by its name.
fn group_map(manifest: Manifest<'_>, nodes: &[Written], out: &mut dyn Write) -> io::Result<()> {
    let mut found = serde_json::Map::new();
    if let Made::Dict(groups) = manifest.groups() {
        for (_, group) in groups.items() {
            let Made::Dict(group) = group else { continue };
            let name = group.get_str("name").unwrap_or_default();
            found.insert(glueline_template::to_str(&name).plain().into_owned(), json!([]));
        }
    }
    for node in nodes {
        let group = node.group.as_ref().and_then(|group| found.get_mut(group));
        if let Some(Value::Array(members)) = group {
            members.push(Value::from(&*node.unique_id));
        }
    }
    write!(out, ", \"group_map\": {}", Value::from(found))
}
