//! The methods: which nodes a single criterion names, relatives aside.

use glueline_base::Value;

use crate::fqn::FqnPattern;
use crate::graph::{Graph, ResourceType, Standing, StateQuestion, TestKind};
use crate::node_set::NodeSet;
use crate::spec::{Criterion, Method, SelectError};
use crate::{Glob, PathPattern};

/// Kinds dbt accepts after `resource_type:` although no node is of them.
const KINDS_WITHOUT_NODES: [&str; 5] = ["rpc", "doc", "macro", "group", "fixture"];

/// The nodes a criterion names. `selector:` is not among the methods seen here.
pub(crate) fn search<G: Graph>(graph: &G, criterion: &Criterion) -> Result<NodeSet, SelectError> {
    if criterion.method == Method::Config {
        return search_config(graph, criterion);
    }
    let value = text_value(criterion)?;
    let fail = |message: String| SelectError::new(message, criterion.raw.as_str(), criterion.range);
    let name_in = |kind| named(graph, kind, value).ok_or_else(|| fail(name_parts_message(kind, value)));
    Ok(match criterion.method {
        Method::Fqn => search_fqn(graph, value),
        Method::Tag => {
            let glob = Glob::new(value);
            filter(graph, |node| graph.tags(node).any(|tag| glob.matches(tag)))
        }
        Method::Group => {
            let glob = Glob::new(value);
            filter(graph, |node| {
                // An empty name is no group.
                graph
                    .group(node)
                    .is_some_and(|group| !group.is_empty() && glob.matches(group))
            })
        }
        Method::Access => filter(graph, |node| graph.access(node) == Some(value)),
        Method::Source => search_source(graph, value).ok_or_else(|| fail(source_parts_message(value)))?,
        Method::Path => {
            let pattern = PathPattern::new(value)
                .map_err(|why| fail(format!("`{value}` cannot be looked for: {why}")))?;
            filter(graph, |node| is_at(graph, node, &pattern))
        }
        Method::File => {
            let glob = Glob::new(value);
            filter(graph, |node| {
                let name = graph.path(node).rsplit('/').next().unwrap_or_default();
                glob.matches(name) || glob.matches(stem(name))
            })
        }
        Method::Package => {
            let glob = Glob::new(if value == "this" { graph.project() } else { value });
            filter(graph, |node| glob.matches(graph.package(node)))
        }
        Method::TestName => {
            let glob = Glob::new(value);
            filter(graph, |node| match graph.resource_type(node) {
                ResourceType::UnitTest => glob.matches(graph.name(node)),
                _ => graph.test_name(node).is_some_and(|name| glob.matches(name)),
            })
        }
        Method::TestType => {
            let kinds = test_kinds(value).ok_or_else(|| {
                fail(format!(
                    "`{value}` is no type of tests; there are `generic`, `singular`, `unit` and `data`"
                ))
            })?;
            filter(graph, |node| {
                graph.test_kind(node).is_some_and(|kind| kinds.contains(&kind))
            })
        }
        Method::ResourceType => {
            let kind = ResourceType::from_name(value);
            if kind.is_none() && !KINDS_WITHOUT_NODES.contains(&value) {
                return Err(fail(format!("`{value}` is no type of resources")));
            }
            filter(graph, |node| Some(graph.resource_type(node)) == kind)
        }
        Method::State => {
            if !graph.has_state() {
                return Err(fail(
                    "`state:` needs an earlier manifest to compare with (`--state`)".to_owned(),
                ));
            }
            let question = StateQuestion::from_name(value).ok_or_else(|| {
                let known: Vec<_> = StateQuestion::ALL.iter().map(|known| known.name()).collect();
                fail(format!(
                    "`{value}` is no state; there are `{}`",
                    known.join("`, `")
                ))
            })?;
            filter(graph, |node| graph.state(node, question))
        }
        Method::Version => search_version(graph, value).ok_or_else(|| {
            fail(format!(
                "`{value}` is no kind of versions; there are `latest`, `prerelease`, `old` and `none`"
            ))
        })?,
        Method::Exposure => name_in(ResourceType::Exposure)?,
        Method::Metric => name_in(ResourceType::Metric)?,
        Method::SemanticModel => name_in(ResourceType::SemanticModel)?,
        Method::SavedQuery => name_in(ResourceType::SavedQuery)?,
        Method::UnitTest => name_in(ResourceType::UnitTest)?,
        Method::Result => {
            return Err(fail(
                "`result:` needs the run_results.json of an earlier run".to_owned(),
            ));
        }
        Method::SourceStatus => {
            return Err(fail(
                "`source_status:` needs the sources.json of an earlier and of the current run".to_owned(),
            ));
        }
        Method::Config | Method::Selector => NodeSet::empty(graph.node_count()),
    })
}

/// The value of a criterion as the text that all methods but `config` need.
pub(crate) fn text_value(criterion: &Criterion) -> Result<&str, SelectError> {
    let message = match &criterion.value {
        Value::Str(text) => return Ok(text),
        Value::Unknown => {
            format!(
                "the value of `{}` cannot be known without running it",
                criterion.method.name()
            )
        }
        other => format!(
            "the value of `{}` has to be a text, not {}",
            criterion.method.name(),
            other.kind()
        ),
    };
    Err(SelectError::new(message, criterion.raw.as_str(), criterion.range))
}

fn filter<G: Graph>(graph: &G, keep: impl Fn(usize) -> bool) -> NodeSet {
    let mut set = NodeSet::empty(graph.node_count());
    for node in (0..graph.node_count()).filter(|node| keep(*node)) {
        set.insert(node);
    }
    set
}

fn search_fqn<G: Graph>(graph: &G, value: &str) -> NodeSet {
    let pattern = FqnPattern::new(value);
    let mut set = NodeSet::empty(graph.node_count());
    let mut fqn = Vec::new();
    for node in 0..graph.node_count() {
        if graph.resource_type(node) == ResourceType::Source {
            continue;
        }
        fqn.clear();
        fqn.extend(graph.fqn(node));
        if pattern.matches(&fqn, graph.standing(node).is_some()) {
            set.insert(node);
        }
    }
    set
}

/// `source`, `source.table` or `package.source.table`; `None` where there are more parts.
fn search_source<G: Graph>(graph: &G, value: &str) -> Option<NodeSet> {
    let parts: Vec<_> = value.split('.').map(Glob::new).collect();
    let (package, source, table) = match parts.as_slice() {
        [source] => (None, source, None),
        [source, table] => (None, source, Some(table)),
        [package, source, table] => (Some(package), source, Some(table)),
        _ => return None,
    };
    let fits = |glob: Option<&Glob>, text| glob.is_none_or(|glob| glob.matches(text));
    Some(filter(graph, |node| {
        graph.resource_type(node) == ResourceType::Source
            && graph.source_name(node).is_some_and(|name| source.matches(name))
            && fits(package, graph.package(node))
            && fits(table, graph.name(node))
    }))
}

fn source_parts_message(value: &str) -> String {
    format!("`{value}` has too many parts; write `source`, `source.table` or `package.source.table`")
}

/// `name` or `package.name` of one kind of nodes; `None` where there are more parts.
fn named<G: Graph>(graph: &G, kind: ResourceType, value: &str) -> Option<NodeSet> {
    let parts: Vec<_> = value.split('.').map(Glob::new).collect();
    let (package, name) = match parts.as_slice() {
        [name] => (None, name),
        [package, name] => (Some(package), name),
        _ => return None,
    };
    Some(filter(graph, |node| {
        graph.resource_type(node) == kind
            && name.matches(graph.name(node))
            && package.is_none_or(|package| package.matches(graph.package(node)))
    }))
}

fn name_parts_message(kind: ResourceType, value: &str) -> String {
    let kind = kind.name();
    format!("`{value}` has too many parts; write `{kind}:name` or `{kind}:package.name`")
}

/// dbt looks for the path below the root project, then for nodes defined or described there, whichever package
/// they belong to.
fn is_at<G: Graph>(graph: &G, node: usize, pattern: &PathPattern) -> bool {
    let is_own = graph.package(node) == graph.project();
    let exists = |path: &str| is_own || graph.is_in_project(path);
    // A properties file's directories do not count.
    let is_described_at = |patch: &str| pattern.matches(patch, |path| path == patch && exists(path));
    pattern.matches(graph.path(node), exists) || graph.patch_path(node).is_some_and(is_described_at)
}

/// A file's name without its last extension, as `pathlib` has it.
fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && !end.is_empty() => stem,
        _ => name,
    }
}

fn test_kinds(value: &str) -> Option<&'static [TestKind]> {
    // dbt asks whether the value is *contained* in these words; only `generic` and `schema` are compared.
    if matches!(value, "generic" | "schema") {
        Some(&[TestKind::Generic])
    } else if "data".contains(value) {
        Some(&[TestKind::Generic, TestKind::Singular])
    } else if "singular".contains(value) {
        Some(&[TestKind::Singular])
    } else if "unit".contains(value) {
        Some(&[TestKind::Unit])
    } else {
        None
    }
}

fn search_version<G: Graph>(graph: &G, value: &str) -> Option<NodeSet> {
    let standing = match value {
        "latest" => Some(Standing::Latest),
        "prerelease" => Some(Standing::Prerelease),
        "old" => Some(Standing::Old),
        "none" => None,
        _ => return None,
    };
    Some(filter(graph, |node| {
        graph.resource_type(node) == ResourceType::Model && graph.standing(node) == standing
    }))
}

fn search_config<G: Graph>(graph: &G, criterion: &Criterion) -> Result<NodeSet, SelectError> {
    if criterion.value == Value::Unknown {
        text_value(criterion)?;
    }
    if criterion.arguments.is_empty() {
        return Ok(NodeSet::empty(graph.node_count()));
    }
    let ignores_case = matches!(criterion.arguments.as_slice(), [only] if only == "severity");
    Ok(filter(graph, |node| {
        let has_config = !matches!(
            graph.resource_type(node),
            ResourceType::Exposure
                | ResourceType::Metric
                | ResourceType::UnitTest
                | ResourceType::SemanticModel
                | ResourceType::SavedQuery
                | ResourceType::Function
        );
        has_config
            && graph
                .config(node, &criterion.arguments)
                .is_some_and(|value| config_matches(&criterion.value, &value, ignores_case))
    }))
}

fn config_matches(wanted: &Value, value: &Value, ignores_case: bool) -> bool {
    let wanted_bool = match wanted.display().to_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let matches_one = |value: &Value| {
        let equal = match (wanted.as_str(), value.as_str()) {
            (Some(wanted), Some(value)) if ignores_case => wanted.to_uppercase() == value.to_uppercase(),
            _ => python_equal(wanted, value),
        };
        equal || (wanted_bool.is_some() && wanted_bool == value.as_bool())
    };
    match value {
        // `True in [1]` holds in Python.
        Value::List(items) => items.iter().any(|item| {
            matches_one(&item.value)
                || wanted_bool.is_some_and(|bool| python_equal(&Value::Bool(bool), &item.value))
        }),
        other => matches_one(other),
    }
}

/// Equality as Python has it: numbers and booleans compare by value.
fn python_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Unknown, _) | (_, Value::Unknown) => false,
        (Value::Null, Value::Null) => true,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| python_equal(&a.value, &b.value))
        }
        (Value::Map(entries), Value::Map(others)) => {
            entries.len() == others.len()
                && entries.iter().all(|entry| {
                    b.get(&entry.key.value)
                        .is_some_and(|other| python_equal(&entry.value.value, &other.value))
                })
        }
        _ => number(a).is_some_and(|a| number(b).is_some_and(|b| a.total_cmp(&b).is_eq())),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "config values above 2^53 are not selected by"
)]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}
