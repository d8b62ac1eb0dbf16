//! What is told of nodes: models, seeds, snapshots, sources, tests, exposures; and of their columns.

use glueline_base::Value;
use glueline_plan::fault::kind;
use glueline_plan::show::how;
use glueline_project::{EntryList, Node, NodeId, PackageId, Project, ResourceType, Table};

use super::keys::setting;
use super::macros::entry_at;
use super::words::{description, place};
use crate::card::{Card, code};
use crate::columns::{self, ColumnId};
use crate::lenses::lineage;
use crate::symbol::{declared_column, versions as versions_of};
use crate::{Analysis, inferred};

/// How many columns are listed.
const COLUMNS: usize = 40;

/// The configs that are told of a node, with who sets them.
const CONFIGS: [&str; 9] = [
    "materialized",
    "incremental_strategy",
    "strategy",
    "file_format",
    "unique_key",
    "partition_by",
    "on_schema_change",
    "tags",
    "severity",
];

/// A node.
pub(super) fn card(analysis: &Analysis, id: NodeId) -> Card {
    let project = &**analysis.project();
    let node = project.node(id);
    let text = told(project, node).unwrap_or_default();
    Card::new()
        .code("sql", heading(analysis, node))
        .text(summary(analysis, node))
        .text(description(project, node.package, &text))
        .facts(configs(analysis, node))
        .facts(facts(analysis, node))
        .and(columns(analysis, node))
}

/// `analytics.orders`, the relation that it makes or is; else what it is called.
fn heading(analysis: &Analysis, node: &Node) -> String {
    let relation = analysis.renderer().printed_name(node.id);
    relation.unwrap_or_else(|| node.name.to_string())
}

/// `**model** orders of shop: incremental by merge, iceberg`.
fn summary(analysis: &Analysis, node: &Node) -> String {
    let project = analysis.project();
    let name = match (&node.source_name, &node.version) {
        (Some(source), _) => format!("{source}.{}", node.name),
        (None, Some(version)) => format!("{}.v{}", node.name, version.v),
        (None, None) => node.name.to_string(),
    };
    let package = match project.packages().get(node.package) {
        Some(package) if node.package != 0 => format!(" of {}", code(&package.name)),
        _ => String::new(),
    };
    let how = match node.kind {
        ResourceType::Model | ResourceType::Snapshot if node.enabled => {
            how(analysis.renderer(), node).map(|how| format!(": {how}"))
        }
        _ => None,
    };
    let off = if node.enabled { "" } else { ", disabled" };
    format!(
        "**{}** {}{package}{}{off}",
        kind(node.kind),
        code(&name),
        how.unwrap_or_default()
    )
}

/// The description of a node, as it is written.
fn told(project: &Project, node: &Node) -> Option<String> {
    if let Some(patch) = project.patch(node) {
        return Some(patch.description.as_ref()?.value.to_string());
    }
    let reference = node.patch?;
    let facts = project.facts(reference.file).yaml()?;
    let root = &facts.value.value;
    let found = match reference.list {
        EntryList::Sources => {
            let source = facts.properties.sources.get(reference.index)?;
            let table = source.tables.get(reference.inner?)?;
            entry_at(entry_at(root, "sources", source.range)?, "tables", table.range)
        }
        EntryList::Exposures => {
            let exposure = facts.properties.exposures.get(reference.index)?;
            entry_at(root, "exposures", exposure.range)
        }
        EntryList::UnitTests => {
            let test = facts.properties.unit_tests.get(reference.index)?;
            entry_at(root, "unit_tests", test.range)
        }
        EntryList::Patches => None,
    };
    let text = found?.get("description")?;
    text.value.as_str().map(ToOwned::to_owned)
}

fn configs(analysis: &Analysis, node: &Node) -> Vec<(String, String)> {
    let each = CONFIGS.iter().filter_map(|key| {
        let (value, who) = setting(analysis, node, key)?;
        Some((code(key), format!("{value}, {who}")))
    });
    each.collect()
}

fn facts(analysis: &Analysis, node: &Node) -> Vec<(String, String)> {
    let project = analysis.project();
    let mut facts = Vec::new();
    if node.enabled {
        facts.push(("Lineage".to_owned(), lineage(project, node.id)));
    }
    if let Some(seed) = project
        .facts(node.file())
        .seed()
        .filter(|_| node.kind == ResourceType::Seed)
    {
        facts.push(("Rows".to_owned(), seed.rows.to_string()));
    }
    if node.kind == ResourceType::Source
        && let Some(at) = loaded_at(project, node)
    {
        facts.push(("`loaded_at_field`".to_owned(), code(&at)));
    }
    facts.push(("Defined in".to_owned(), code(&place(analysis, node.at))));
    if let Some(known) = known_by_catalog(analysis, node) {
        facts.push(("Catalog file".to_owned(), known));
    }
    facts
}

/// What tells how fresh a source is: of the table, else of the source, in either place that dbt reads.
fn loaded_at(project: &Project, node: &Node) -> Option<String> {
    let (source, inner) = project.source_entry(node)?;
    let table = source.tables.get(inner)?;
    let root = &project.facts(node.patch?.file).yaml()?.value.value;
    let whole = entry_at(root, "sources", source.range)?;
    let own = entry_at(whole, "tables", table.range)?;
    let of = |value: &Value| {
        let direct = value.get("loaded_at_field");
        let found = direct.or_else(|| value.get("config")?.value.get("loaded_at_field"))?;
        found.value.as_str().map(ToOwned::to_owned)
    };
    of(own).or_else(|| of(whole))
}

fn table<'a>(analysis: &Analysis, project: &'a Project, node: &Node) -> Option<&'a Table> {
    let info = analysis.renderer().info(node.id);
    project
        .state()?
        .table(info.schema.as_deref()?, info.identifier.as_deref()?)
}

/// Whether the catalog file knows the relation of a node, where there is such a file.
fn known_by_catalog(analysis: &Analysis, node: &Node) -> Option<String> {
    let project = analysis.project();
    let is_relation = node.kind.is_refable() || node.kind == ResourceType::Source;
    project.state().filter(|_| is_relation)?;
    Some(match table(analysis, project, node) {
        Some(table) => {
            let count = table.columns.len() + table.partition_keys.len();
            format!("it is there, with {count} columns")
        }
        None => "it is not there".to_owned(),
    })
}

/// The columns of a node with what is known of them.
fn columns(analysis: &Analysis, node: &Node) -> Card {
    let project = &**analysis.project();
    let has_columns = node.kind.is_refable() || node.kind == ResourceType::Source;
    if !has_columns || !node.enabled {
        return Card::new();
    }
    let known = columns::of(analysis, node.id);
    let shown = known.list.iter().take(COLUMNS).zip(0..);
    let mut lines: Vec<(String, String)> = shown
        .map(|(column, index)| {
            let id = ColumnId { node: node.id, index };
            let data_type = columns::type_of(analysis, id).map(|(data_type, _)| {
                let other = declared_otherwise(analysis, node, &column.name);
                let other = other.map(|declared| format!(" (declared as {})", code(&declared)));
                format!("{}{}", code(&data_type.text), other.unwrap_or_default())
            });
            let text = column.description.as_ref();
            let text = text.map(|text| first_line(&description(project, node.package, text)).to_owned());
            let parts: Vec<String> = [data_type, text].into_iter().flatten().collect();
            match parts.join(" ") {
                nothing if nothing.is_empty() => (String::new(), code(&column.name)),
                told => (code(&column.name), told),
            }
        })
        .collect();
    let more = known.list.len().saturating_sub(COLUMNS);
    if more > 0 {
        lines.push((String::new(), format!("and {more} more")));
    }
    if lines.is_empty() {
        return Card::new();
    }
    let heading = if known.is_complete {
        "Columns:"
    } else {
        "Columns that are known, perhaps not all:"
    };
    Card::new().text(heading).facts(lines)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// A model with versions.
pub(super) fn versions(analysis: &Analysis, package: PackageId, name: &str) -> Card {
    let project = &**analysis.project();
    let each = versions_of(project, package, name).filter_map(|node| {
        let version = node.version.as_ref()?;
        let latest = if version.latest { ", the latest" } else { "" };
        Some((
            code(&format!("v{}", version.v)),
            format!("{}{latest}", code(&heading(analysis, node))),
        ))
    });
    Card::new()
        .text(format!("**model** {} with versions", code(name)))
        .facts(each.collect())
}

/// A source: its tables.
pub(super) fn source(analysis: &Analysis, package: PackageId, name: &str) -> Card {
    let project = analysis.project();
    let sources = project.nodes().of_kind(ResourceType::Source);
    let of_source =
        sources.filter(|node| node.package == package && node.source_name.as_deref() == Some(name));
    let mut tables: Vec<(String, String)> = of_source
        .map(|node| (code(&node.name), code(&heading(analysis, node))))
        .collect();
    let more = tables.len().saturating_sub(COLUMNS);
    tables.truncate(COLUMNS);
    if more > 0 {
        tables.push((String::new(), format!("and {more} more")));
    }
    Card::new()
        .text(format!("**source** {}", code(name)))
        .facts(tables)
}

/// The type that properties declare of a column, where the query of its node gives another.
fn declared_otherwise(analysis: &Analysis, node: &Node, name: &str) -> Option<String> {
    let (_, column) = declared_column(analysis.project(), node, name)?;
    let declared = &*column.data_type.as_ref()?.value;
    let inferred = inferred::type_of(analysis, node.id, name)?;
    inferred::is_declared_otherwise(declared, &inferred).then(|| declared.to_owned())
}

/// The nodes that hand a column on, where there are any.
pub(super) fn comes_from(analysis: &Analysis, column: columns::Source) -> Option<(String, String)> {
    let chain = columns::comes_from(analysis, column);
    let told = || ("Comes from".to_owned(), code(&columns::told(analysis, &chain)));
    (chain.len() > 1).then(told)
}

/// A column of a node.
pub(super) fn column(analysis: &Analysis, of: NodeId, name: &str) -> Card {
    let project = &**analysis.project();
    let node = project.node(of);
    let declared = declared_column(project, node, name);
    let known = columns::of(analysis, of);
    let index = known.named(name).and_then(|(index, _)| u32::try_from(index).ok());
    let found = index.and_then(|index| columns::type_of(analysis, ColumnId { node: of, index }));
    let data_type = found
        .as_ref()
        .map(|(data_type, _)| format!(" {}", data_type.text))
        .unwrap_or_default();
    let text = declared.and_then(|(_, column)| column.description.as_ref());
    let text = text.map(|text| description(project, node.package, &text.value));
    let tests = declared.map_or(&[][..], |(_, column)| &column.tests);
    let tests: Vec<String> = tests.iter().map(|test| code(&test.test.value)).collect();
    let mut facts = vec![("Of".to_owned(), code(&heading(analysis, node)))];
    if let Some((_, from)) = found.filter(|(_, from)| *from != of) {
        let from = code(&heading(analysis, project.node(from)));
        facts.push(("Type known from".to_owned(), from));
    }
    if let Some(other) = declared_otherwise(analysis, node, name) {
        let told = format!("{}, which is not what its query gives", code(&other));
        facts.push(("Declared as".to_owned(), told));
    }
    let own = columns::Source {
        node: of,
        column: name.into(),
    };
    facts.extend(comes_from(analysis, own));
    if !tests.is_empty() {
        facts.push(("Tests".to_owned(), tests.join(", ")));
    }
    Card::new()
        .code("sql", format!("{name}{data_type}"))
        .text(text.unwrap_or_default())
        .facts(facts)
}
