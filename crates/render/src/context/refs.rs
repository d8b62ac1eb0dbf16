//! `ref` (`dbt/context/providers.py`, `BaseRefResolver` and its kin).

use std::sync::Arc;

use glueline_project::{Node, NodeId, Resolution, ResourceType, Setting};
use glueline_template::{Args, Cx, Error, Native, Value, to_str};

use super::convert::class_of;
use super::environment::parsing;
use super::parsed;
use crate::compile::Part;
use crate::host::{NodeHost, Phase};
use crate::relation::Relation;
use crate::renderer::Shared;

/// `ref`.
#[derive(Debug)]
pub(super) struct Ref;

impl Native for Ref {
    fn type_name(&self) -> &'static str {
        "RuntimeRefResolver"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.context.providers.RuntimeRefResolver".to_owned()
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn attr(&self, cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let host = NodeHost::of(cx)?;
        Ok(match name {
            "config" => Some(super::runtime::config(&host.shared)),
            "current_project" => Some(Value::str(&host.shared.project.root().name)),
            "model" => Some(cx.lookup("model")),
            _ => None,
        })
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let host = NodeHost::of(cx)?;
        let named = Named::read(args, "ref", "at most two arguments")?;
        match host.phase {
            Phase::Parse => Ok(parse(host, &named)),
            Phase::Execute => run(host, &named),
        }
    }

    fn text(&self) -> String {
        "<dbt.context.providers.RuntimeRefResolver object>".to_owned()
    }
}

/// What a call names.
pub(super) struct Named {
    pub(super) package: Option<String>,
    pub(super) name: String,
    pub(super) version: Option<String>,
}

impl Named {
    /// Reads the arguments of a call of `ref` or its like. Any keyword is let pass.
    pub(super) fn read(args: Args, function: &str, takes: &str) -> Result<Self, Error> {
        let given = args.positional.len();
        let version = ["version", "v"]
            .iter()
            .find_map(|keyword| args.keyword(keyword).filter(|value| value.truth()))
            .cloned();
        let mut positional = args.positional.into_iter();
        let (package, name) = match (given, positional.next(), positional.next()) {
            (1, Some(name), _) => (Value::None, name),
            (2, Some(package), Some(name)) => (package, name),
            _ => {
                return Err(Error::compilation(format!(
                    "{function}() takes {takes} ({given} given)"
                )));
            }
        };
        let Some(text) = name.as_str() else {
            return Err(Error::compilation(format!(
                "The name argument to {function}() must be a string, got {}",
                class_of(&name)
            )));
        };
        let package = match (&package, package.as_str()) {
            (Value::None, _) => None,
            (_, Some(text)) => Some(text.into_owned()),
            (other, None) => {
                return Err(Error::compilation(format!(
                    "The package argument to {function}() must be a string or None, got {}",
                    class_of(other)
                )));
            }
        };
        if let Some(version) = &version
            && !matches!(
                version,
                Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_)
            )
        {
            return Err(Error::compilation(format!(
                "The version argument to {function}() must be a string, int, float, or None - got {}",
                class_of(version)
            )));
        }
        Ok(Self {
            package,
            name: text.into_owned(),
            version: version.map(|version| to_str(&version).plain().into_owned()),
        })
    }
}

fn resolve(host: &NodeHost, named: &Named) -> Resolution {
    let project = &host.shared.project;
    let package = match &named.package {
        None => None,
        Some(name) => {
            match project
                .packages()
                .iter()
                .position(|package| *package.name == **name)
            {
                Some(package) => Some(package),
                None => return Resolution::Missing,
            }
        }
    };
    project
        .lookup()
        .find_ref(host.package, package, &named.name, named.version.as_deref())
}

/// The relation that a call gives while dbt parses: the node's own.
pub(super) fn own_relation(host: &NodeHost) -> Value {
    Relation::this(host).map_or(Value::None, Value::native)
}

fn parse(host: &NodeHost, named: &Named) -> Value {
    let missing = match resolve(host, named) {
        Resolution::Node(found) => {
            remember(&mut host.captured().refs, found);
            None
        }
        Resolution::Disabled(_) => Some(true),
        Resolution::Missing => Some(false),
        Resolution::Unknown => None,
    };
    if let Some(disabled) = missing {
        let error = not_found(host, named, "node", Some(disabled));
        host.captured().missing.get_or_insert(error);
    }
    own_relation(host)
}

pub(super) fn remember(list: &mut Vec<NodeId>, node: NodeId) {
    if !list.contains(&node) {
        list.push(node);
    }
}

fn run(host: &NodeHost, named: &Named) -> Result<Value, Error> {
    let shared = &host.shared;
    let found = match resolve(host, named) {
        Resolution::Node(found) if is_here(host, found) => found,
        Resolution::Node(_) => return Err(not_found(host, named, "node", Some(false))),
        Resolution::Disabled(_) => return Err(not_found(host, named, "node", Some(true))),
        Resolution::Missing | Resolution::Unknown => return Err(not_found(host, named, "node", Some(false))),
    };
    if let Some(part) = &host.part {
        return in_unit_test(host, part, named, found);
    }
    check_access(host, found)?;
    if let Some((_, name)) = host.names()
        && !host.captured().refs.contains(&found)
        && !host
            .node_id()
            .is_some_and(|node| parsed::depends(shared, node, found))
    {
        return Err(not_inferred(&name, named));
    }
    let is_ephemeral = is_ephemeral(shared, found);
    let mut captured = host.captured();
    remember(&mut captured.refs, found);
    if is_ephemeral {
        remember(&mut captured.ephemeral, found);
        drop(captured);
        let relation = Relation::ephemeral(shared, found);
        return Ok(Value::native(relation.of_batch(host, found)));
    }
    drop(captured);
    Ok(Value::native(
        Relation::of_node(shared, found).of_batch(host, found),
    ))
}

/// Whether a node is there at all: a unit test knows of its inputs alone.
pub(super) fn is_here(host: &NodeHost, node: NodeId) -> bool {
    match &host.part {
        Some(part) => part.test().input_of(node).is_some(),
        None => true,
    }
}

/// What `ref()` gives in a unit test (`RuntimeUnitTestRefResolver`): the ephemeral model that stands for a node. Inputs themselves
/// depend on nothing.
fn in_unit_test(host: &NodeHost, part: &Part, named: &Named, found: NodeId) -> Result<Value, Error> {
    let Some((_, input)) = part.test().input_of(found).filter(|_| part.input().is_none()) else {
        let name = host.names().map(|(_, name)| name);
        return Err(not_inferred(name.as_deref().unwrap_or_default(), named));
    };
    let mut captured = host.captured();
    remember(&mut captured.refs, found);
    remember(&mut captured.ephemeral, found);
    Ok(Value::native(Relation::cte(&input.cte)))
}

/// Whether a node is a model that becomes part of those that read it.
pub(super) fn is_ephemeral(shared: &Arc<Shared>, node: NodeId) -> bool {
    shared.project.node(node).kind == ResourceType::Model && Shared::names(shared, node).is_ephemeral()
}

/// `dbt/exceptions.py`, `TargetNotFoundError`.
pub(super) fn not_found(host: &NodeHost, named: &Named, kind: &str, disabled: Option<bool>) -> Error {
    let reason = match disabled {
        None => "was not found or is disabled",
        Some(true) => "is disabled",
        Some(false) => "was not found",
    };
    let version = named
        .version
        .as_ref()
        .map_or(String::new(), |version| format!("with version '{version}' "));
    let package = named.package.as_ref().map_or(String::new(), |package| {
        format!("in package or project '{package}' ")
    });
    Error::compilation(format!(
        "{} depends on a {kind} named '{}' {version}{package}which {reason}",
        subject(host),
        named.name
    ))
}

/// What dbt calls the node that is rendered: `Model 'model.shop.a' (models/a.sql)`.
fn subject(host: &NodeHost) -> String {
    let project = &host.shared.project;
    if let Some(input) = host.part.as_ref().and_then(Part::input) {
        let file = host.part.as_ref().map(|part| part.test().place.file);
        let path = file.map_or("", |file| project.files().info(file).original.as_str());
        return format!("Model '{}' ({path})", input.unique_id);
    }
    if let Some(operation) = host.operation() {
        return format!(
            "Operation '{}' ({})",
            operation.unique_id,
            crate::compile::OPERATION_PATH
        );
    }
    match host.node_id() {
        Some(node) => {
            let node = project.node(node);
            let title: String = titled(node.kind.name());
            let path = &project.files().info(node.file()).original;
            format!("{title} '{}' ({path})", node.unique_id)
        }
        None => {
            let root = &project.root().name;
            format!("Sql Operation 'sql_operation.{root}.inline_query' (from remote system.sql)")
        }
    }
}

/// `str.title()` of words of letters with `_` between them.
fn titled(words: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        let first: String = chars.next().map(|c| c.to_ascii_uppercase()).into_iter().collect();
        first + chars.as_str()
    };
    words.split('_').map(word).collect::<Vec<_>>().join("_")
}

/// `dbt/exceptions.py`, `RefBadContextError`.
fn not_inferred(name: &str, named: &Named) -> Error {
    let package = named
        .package
        .as_ref()
        .filter(|package| !package.is_empty())
        .map_or(String::new(), |package| format!("'{package}', "));
    let version = named
        .version
        .as_ref()
        .map_or(String::new(), |version| format!(",version='{version}'"));
    Error::compilation(format!(
        "dbt was unable to infer all dependencies for the model \"{name}\".\nThis typically happens when ref() is placed \
         within a conditional block.\n\nTo fix this, add the following hint to the top of the model \"{name}\":\n\n\
         -- depends_on: {{{{ ref({package}'{}'{version}) }}}}",
        named.name
    ))
}

/// Refuses what is private to another group or package (`dbt/contracts/graph/manifest.py`, `is_invalid_private_ref`).
fn check_access(host: &NodeHost, found: NodeId) -> Result<(), Error> {
    let project = &host.shared.project;
    let target = project.node(found);
    let Some(node) = host.node_id() else { return Ok(()) };
    let node = project.node(node);
    if target.kind != ResourceType::Model {
        return Ok(());
    }
    let restricted = target.package != 0
        && project.packages().get(target.package).is_some_and(|package| {
            let flag = package.project.value.value.get("restrict-access");
            flag.and_then(|flag| flag.value.as_bool()) == Some(true)
        });
    let is_foreign = node.package != target.package && restricted;
    let access = setting(target, "access").unwrap_or_else(|| "protected".to_owned());
    let group = setting(target, "group");
    let refused = |access: &str, scope: &str, kind: &str| {
        parsing(format!(
            "Node {} attempted to reference node {}, which is not allowed because the referenced node is {access} to the \
             '{scope}' {kind}.",
            node.unique_id, target.unique_id
        ))
    };
    match access.as_str() {
        "private" => {
            let own = setting(node, "group");
            if own.is_none() || own != group || is_foreign {
                return Err(refused("private", group.as_deref().unwrap_or(""), "group"));
            }
        }
        "protected" if is_foreign => {
            let package = project.packages().get(target.package);
            let package = package.map_or("", |package| &*package.name);
            return Err(refused("protected", package, "package"));
        }
        _ => {}
    }
    Ok(())
}

fn setting(node: &Node, key: &str) -> Option<String> {
    match node.config.get(key) {
        Setting::Set(set) => set.value.value.as_str().map(ToOwned::to_owned),
        Setting::Unset | Setting::Unknown => None,
    }
}
