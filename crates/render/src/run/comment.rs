//! The comment that dbt puts into a statement (`dbt/adapters/base/query_headers.py`, `dbt/context/query_header.py`).

mod node;

use std::sync::{Arc, Mutex, PoisonError};

use glueline_base::{FileRange, Value as BaseValue};
use glueline_jinja::Piece;
use glueline_project::NodeId;
use glueline_template::{
    Args, Cx, Ends, Error, ErrorKind, Native, Origin, Program, Unit, Value, from_base, lower_definition,
    lower_template, to_json, to_str,
};
use rustc_hash::FxHashMap;

use self::node::Attributes;
use crate::host::{NodeHost, Phase};
use crate::renderer::Shared;

/// What dbt calls the macro that it makes of the comment.
const MACRO: &str = "query_comment_macro";
/// What a connection is called that belongs to no node: hooks of a run have it, too.
const MASTER: &str = "master";

/// Names that a node has while it is rendered, and its comment has not.
const HIDDEN: [&str; 39] = [
    "ref",
    "source",
    "metric",
    "function",
    "config",
    "execute",
    "model",
    "this",
    "adapter",
    "api",
    "column",
    "env",
    "graph",
    "exceptions",
    "dbt_metadata_envs",
    "invocation_args_dict",
    "load_result",
    "store_result",
    "store_raw_result",
    "_sql_results",
    "schema",
    "database",
    "sql",
    "sql_now",
    "compiled_code",
    "defer_relation",
    "pre_hooks",
    "post_hooks",
    "render",
    "validation",
    "write",
    "selected_resources",
    "try_or_compiler_error",
    "load_agate_table",
    "submit_python_job",
    "adapter_macro",
    "results",
    "schemas",
    "database_schemas",
];

/// The comments of a run: each is rendered once, when the connection is named after its node.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    made: Mutex<FxHashMap<Option<NodeId>, Result<Option<Arc<str>>, Error>>>,
}

/// `query-comment` of the root project.
enum Setting<'p> {
    /// dbt's own comment.
    Default,
    /// A template of the project's, with where it stands.
    Text(&'p str, FileRange),
    /// No comment at all.
    Off,
}

impl Comments {
    /// A statement with its comment.
    ///
    /// # Errors
    ///
    /// With why the comment cannot be rendered, or because it holds `*/`.
    pub(crate) fn add(&self, shared: &Arc<Shared>, node: Option<NodeId>, sql: &str) -> Result<String, Error> {
        let Some(comment) = self.comment(shared, node)? else {
            return Ok(sql.to_owned());
        };
        let comment = comment.trim_matches(is_blank);
        if !appends(shared) {
            return Ok(format!("/* {comment} */\n{sql}"));
        }
        let sql = sql.trim_end_matches(is_blank);
        if sql.is_empty() {
            return Err(Error::new(
                ErrorKind::Python("IndexError"),
                "string index out of range",
            ));
        }
        Ok(match sql.strip_suffix(';') {
            Some(sql) => format!("{sql}\n/* {comment} */;"),
            None => format!("{sql}\n/* {comment} */"),
        })
    }

    /// What dbt does as soon as it has read the project: it renders the comment without a node.
    ///
    /// # Errors
    ///
    /// With why the whole command stops.
    pub(crate) fn start(&self, shared: &Arc<Shared>) -> Result<(), Error> {
        self.comment(shared, None).map(|_| ())
    }

    /// The comment for a node, or for what is none.
    ///
    /// # Errors
    ///
    /// See [`add`](Self::add). dbt renders it before it compiles the node.
    pub(crate) fn comment(
        &self,
        shared: &Arc<Shared>,
        node: Option<NodeId>,
    ) -> Result<Option<Arc<str>>, Error> {
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&node) {
            return known.clone();
        }
        let made = render(shared, node).and_then(checked);
        lock().insert(node, made.clone());
        made
    }
}

fn checked(comment: String) -> Result<Option<Arc<str>>, Error> {
    if comment.contains("*/") {
        return Err(Error::new(
            ErrorKind::Python("DbtRuntimeError"),
            format!("query comment contains illegal value \"*/\": {comment}"),
        ));
    }
    Ok((!comment.is_empty()).then(|| comment.into()))
}

/// What Python's `str.strip` takes away.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn written(shared: &Shared) -> Option<&glueline_base::Spanned<BaseValue>> {
    shared.project.project_file().value.value.get("query-comment")
}

fn setting(shared: &Shared) -> Setting<'_> {
    let Some(written) = written(shared) else {
        return Setting::Default;
    };
    let comment = match &written.value {
        BaseValue::Map(_) => match written.value.get("comment") {
            Some(comment) => comment,
            None => return Setting::Default,
        },
        _ => written,
    };
    match &comment.value {
        BaseValue::Str(text) if !text.is_empty() => {
            let file = shared.project.root().project.file;
            let range = comment.range;
            Setting::Text(text, FileRange { file, range })
        }
        _ => Setting::Off,
    }
}

/// Whether the comment goes behind the statement.
fn appends(shared: &Shared) -> bool {
    written(shared)
        .and_then(|written| written.value.get("append"))
        .and_then(|append| append.value.as_bool())
        .unwrap_or(false)
}

fn render(shared: &Arc<Shared>, node: Option<NodeId>) -> Result<String, Error> {
    let (text, place) = match setting(shared) {
        Setting::Off => return Ok(String::new()),
        Setting::Default => return default(shared, node),
        Setting::Text(text, place) => (text, place),
    };
    let program = program(text, place)?;
    let name = node.map_or(MASTER, |node| &shared.project.node(node).unique_id);
    let wrapped = node.map_or(Value::None, |node| {
        Value::native(Attributes::of_node(shared, node))
    });
    let args = Args::of(vec![Value::str(name), wrapped]);
    let (made, _) = shared
        .engine
        .with(Arc::new(host(shared)), shared.settings.limits, |cx| {
            Ok(to_str(&cx.call_macro(&program, args)?).plain().into_owned())
        });
    made
}

/// The comment that dbt makes by itself (`DEFAULT_QUERY_COMMENT` in `dbt/adapters/contracts/connection.py`).
fn default(shared: &Shared, node: Option<NodeId>) -> Result<String, Error> {
    let project = &shared.project;
    let profile = project.profile().profile().map(|profile| &*profile.name.value);
    let target = project.target().map(|target| &*target.name.value);
    let whose = match node {
        Some(node) => ("node_id", Value::str(&project.node(node).unique_id)),
        None => ("connection_name", Value::str(MASTER)),
    };
    let fields = [
        ("app", Value::str("dbt")),
        ("dbt_version", Value::str(&project.release().dbt_core)),
        ("profile_name", Value::from(profile)),
        ("target_name", Value::from(target)),
        whose,
    ];
    to_json(&Value::dict(fields), false)
}

/// The macro that dbt makes of the text.
fn program(text: &str, place: FileRange) -> Result<Arc<Program>, Error> {
    let source = format!("{{%- macro {MACRO}(connection_name, node) -%}}\n{text}\n{{% endmacro %}}");
    let template = glueline_jinja::parse(&source);
    let unit = Unit {
        name: MACRO.into(),
        origin: Origin::Entry(place),
        cached: None,
        marked: false,
    };
    if let Some(error) = template.errors.first() {
        return Err(Error::new(ErrorKind::Syntax, error.message.clone()));
    }
    let definition = template.body.iter().find_map(|piece| match piece {
        Piece::Statement(statement) => lower_definition(unit.clone(), &source, statement, &template.errors),
        _ => None,
    });
    definition
        .map(Arc::new)
        .ok_or_else(|| Error::unsupported("the comment ends its own macro"))
}

/// A host under which names mean what they do in a comment: macros are there, what belongs to a node is not.
fn host(shared: &Arc<Shared>) -> NodeHost {
    let mut host = NodeHost::text(shared, MACRO, Phase::Execute);
    let is_macro = |name: &str| shared.project.macros().find(name, 0).is_some();
    let hidden = HIDDEN.into_iter().filter(|name| !is_macro(name));
    host.extra = hidden
        .map(|name| (name.into(), Value::undefined_name(name)))
        .collect();
    if !is_macro("var") {
        host.extra.push(("var".into(), Value::native(Var)));
    }
    host
}

/// `var`, which sees the command line alone here (`dbt/context/base.py`, `Var`).
#[derive(Debug)]
struct Var;

impl Var {
    fn find(cx: &Cx, name: &Value) -> Result<Option<Value>, Error> {
        let vars = NodeHost::of(cx)?.shared.project.cli_vars();
        let name = name.as_str();
        let found = name.and_then(|name| vars.get(&name).map(|found| from_base(&found.value)));
        Ok(found)
    }
}

impl Native for Var {
    fn type_name(&self) -> &'static str {
        "Var"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let [name, default] = args.bind("Var.__call__", ["var_name", "default"], 1)?;
        let name = name.unwrap_or_default();
        if let Some(found) = Self::find(cx, &name)? {
            return match found
                .as_str()
                .filter(|text| text.contains("{{") || text.contains("{%"))
            {
                Some(text) => rendered(cx, &text),
                None => Ok(found),
            };
        }
        if let Some(default) = default {
            return Ok(default);
        }
        let vars = from_base(NodeHost::of(cx)?.shared.project.cli_vars());
        Err(Error::compilation(format!(
            "Required var '{}' not found in config:\nVars supplied to <Configuration> = {}",
            to_str(&name).plain(),
            pretty(&vars)?
        )))
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        (name == "has_var").then(|| {
            let [name] = args.clone().bind("Var.has_var", ["var_name"], 1)?;
            Ok(Value::Bool(Self::find(cx, &name.unwrap_or_default())?.is_some()))
        })
    }

    fn text(&self) -> String {
        "<dbt.context.base.Var object>".to_owned()
    }
}

/// JSON with indents of four, as dbt's messages show vars.
fn pretty(value: &Value) -> Result<String, Error> {
    let compact = to_json(value, true)?;
    let wrong = |error: &dyn std::fmt::Display| Error::unsupported(error.to_string());
    let json: serde_json::Value = serde_json::from_str(&compact).map_err(|error| wrong(&error))?;
    // serde_json indents by two.
    let two = serde_json::to_string_pretty(&json).map_err(|error| wrong(&error))?;
    let wider = |line: &str| {
        let text = line.trim_start_matches(' ');
        format!("{}{text}", " ".repeat(2 * (line.len() - text.len())))
    };
    Ok(two.lines().map(wider).collect::<Vec<_>>().join("\n"))
}

fn rendered(cx: &Cx, text: &str) -> Result<Value, Error> {
    let shared = &NodeHost::of(cx)?.shared;
    let file = shared.project.root().project.file;
    let range = glueline_base::range(0, 0);
    let unit = Unit {
        name: "var".into(),
        origin: Origin::Entry(FileRange { file, range }),
        cached: None,
        marked: false,
    };
    let program = lower_template(unit, &glueline_jinja::parse(text), Ends::Newline);
    cx.render_within(&Arc::new(program), Vec::new())
}

#[cfg(test)]
mod tests;
