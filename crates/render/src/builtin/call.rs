//! A call of a shipped macro.

use glueline_catalog::Change;
use glueline_catalog::jinja::ShippedMacro;
use glueline_template::{Args, Cx, Error, ErrorKind, Origin, Value, to_str};

use super::{Row, fill};
use crate::host::NodeHost;
use crate::macros::Macro;

/// A call of a shipped macro: its arguments, and the way to everything else.
pub(super) struct Call<'a> {
    /// The rendering at hand.
    pub(super) cx: &'a Cx,
    shipped: &'static ShippedMacro,
    values: Vec<Value>,
    caller: Option<Value>,
}

/// The macro as the release has it that the project is run with.
pub(super) fn older(cx: &Cx, row: &'static Row) -> &'static Row {
    let Ok(host) = NodeHost::of(cx) else {
        return row;
    };
    // Much of what differs is blanks: what is more says so itself.
    super::older::find(row.name, host.version()).map_or(row, |older| &older.row)
}

/// A call without the rendering it is part of: what its `call` blocks keep of it until they run.
#[derive(Debug)]
pub(super) struct Kept {
    shipped: &'static ShippedMacro,
    values: Vec<Value>,
    caller: Option<Value>,
}

impl Kept {
    /// The call again.
    pub(super) fn call<'a>(&self, cx: &'a Cx) -> Call<'a> {
        Call {
            cx,
            shipped: self.shipped,
            values: self.values.clone(),
            caller: self.caller.clone(),
        }
    }
}

/// The macros that use `caller`: those that a `call` block may call.
const WITH_CALLER: &[&str] = &["noop_statement", "set_sql_header", "statement"];

/// How many bytes of text a macro takes. Macros write their arguments several times over, so that calls within calls would
/// grow without bound.
const MOST_TEXT: usize = 4 << 20;

/// The bytes of text in a value, or in the items of a list.
fn size(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.plain().len(),
        Value::List(items) => items.lock().iter().map(size_of_item).sum(),
        Value::Tuple(items) => items.iter().map(size_of_item).sum(),
        _ => 0,
    }
}

fn size_of_item(item: &Value) -> usize {
    match item {
        Value::Str(text) => text.plain().len(),
        _ => 1,
    }
}

impl<'a> Call<'a> {
    /// Gives each parameter its argument, as `jinja2/runtime.py`, `Macro.__call__` does.
    pub(super) fn bind(
        cx: &'a Cx,
        shipped: &'static ShippedMacro,
        row: &Row,
        mut args: Args,
    ) -> Result<Self, Error> {
        let given = args.positional.len();
        let mut positional = std::mem::take(&mut args.positional).into_iter();
        let mut values = Vec::with_capacity(shipped.parameters.len());
        for name in shipped.parameters {
            let passed = positional.next().or_else(|| args.take_keyword(name));
            values.push(passed.unwrap_or_else(|| left_out(row, name)));
        }
        let takes_caller = WITH_CALLER.contains(&row.name);
        let caller = if takes_caller {
            args.take_keyword("caller")
        } else {
            None
        };
        if args.keyword("caller").is_some() {
            return Err(Error::type_error(format!(
                "macro 'dbt_macro__{}' was invoked with two values for the special caller argument. This is most likely a bug.",
                row.name
            )));
        }
        if let Some((name, _)) = args.keywords.first() {
            return Err(Error::type_error(format!(
                "macro 'dbt_macro__{}' takes no keyword argument '{name}'",
                row.name
            )));
        }
        if given > shipped.parameters.len() {
            return Err(Error::type_error(format!(
                "macro 'dbt_macro__{}' takes not more than {} argument(s)",
                row.name,
                shipped.parameters.len()
            )));
        }
        let size: usize = values.iter().map(size).sum();
        if size > MOST_TEXT {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("the arguments of {} grew beyond {MOST_TEXT} bytes", row.name),
            ));
        }
        cx.spend(size as u64 / 16)?;
        Ok(Self {
            cx,
            shipped,
            values,
            caller,
        })
    }

    /// What a `call` block of it needs to run later: the macro, its arguments and its caller.
    pub(super) fn kept(&self) -> Kept {
        Kept {
            shipped: self.shipped,
            values: self.values.clone(),
            caller: self.caller.clone(),
        }
    }

    /// The host of the rendering.
    pub(super) fn host(&self) -> Result<&'a NodeHost, Error> {
        NodeHost::of(self.cx)
    }

    /// Whether the release of dbt-glue that the project is run with has a change. Where it has not, the run says so.
    pub(super) fn has(&self, change: Change) -> Result<bool, Error> {
        Ok(self.host()?.has(change))
    }

    /// `add_iceberg_timestamp_column` of an argument, where there is such a macro.
    pub(super) fn stamped(&self, name: &str) -> Result<Value, Error> {
        if self.has(Change::IcebergStaging)? {
            self.ask("add_iceberg_timestamp_column", vec![self.arg(name)])
        } else {
            Ok(self.arg(name))
        }
    }

    /// Whether dbt's `execute` is true.
    pub(super) fn executes(&self) -> Result<bool, Error> {
        Ok(self.host()?.executes())
    }

    /// The arguments in the order of the parameters.
    pub(super) fn values(&self) -> Vec<Value> {
        self.values.clone()
    }

    /// An argument; undefined where there is no parameter of the name.
    pub(super) fn arg(&self, name: &str) -> Value {
        self.find(name).unwrap_or_else(|| Value::undefined_name(name))
    }

    fn find(&self, name: &str) -> Option<Value> {
        let index = self.shipped.parameters.iter().position(|param| *param == name)?;
        self.values.get(index).cloned()
    }

    /// An argument as it is written, without marks.
    pub(super) fn plain(&self, name: &str) -> String {
        fill::plain(&self.arg(name))
    }

    /// Whether an argument is one of these texts.
    pub(super) fn is_one_of(&self, name: &str, texts: &[&str]) -> bool {
        let value = self.arg(name);
        value.as_str().is_some_and(|text| texts.contains(&&*text))
    }

    /// A text with arguments at its places.
    pub(super) fn fill(&self, text: &str) -> Value {
        fill::fill(text, |name| self.find(name))
    }

    /// A text with values and arguments at its places.
    pub(super) fn fill_with(&self, text: &str, values: &[(&str, &Value)]) -> Value {
        fill::fill(text, |name| {
            let found = values.iter().find(|(known, _)| *known == name);
            found
                .map(|(_, value)| (*value).clone())
                .or_else(|| self.find(name))
        })
    }

    /// Calls what `adapter.dispatch(name, 'dbt')` finds.
    pub(super) fn dispatch(&self, name: &str, args: Vec<Value>) -> Result<Value, Error> {
        let host = self.host()?;
        let found = host.shared.macros.dispatch(host, name, Some("dbt"))?;
        self.note_own(&found);
        self.cx.call(&found, Args::of(args))
    }

    /// Calls a shipped macro whatever the project defines: `dbt.name(...)`.
    pub(super) fn own(&self, name: &str, args: Vec<Value>) -> Result<Value, Error> {
        let found = super::find(name).map_or_else(|| Value::undefined_name(name), Value::native);
        self.cx.call(&found, Args::of(args))
    }

    /// Calls what a name means to the node: `name(...)`, which a project may define anew.
    pub(super) fn ask(&self, name: &str, args: Vec<Value>) -> Result<Value, Error> {
        let found = self.cx.lookup(name);
        self.note_own(&found);
        self.cx.call(&found, Args::of(args))
    }

    /// Writes down that what is about to be called is the project's own and not what is shipped.
    fn note_own(&self, callee: &Value) {
        let Some(own) = callee.downcast::<Macro>() else {
            return;
        };
        let run = self.host().ok().and_then(NodeHost::run);
        if let (Some(run), Origin::File(file)) = (run, own.program.origin()) {
            run.replaced(own.program.name(), file);
        }
    }

    /// Calls what a name means to the node, with arguments by name.
    pub(super) fn ask_with(
        &self,
        name: &str,
        args: Vec<Value>,
        named: Vec<(&str, Value)>,
    ) -> Result<Value, Error> {
        let found = self.cx.lookup(name);
        self.note_own(&found);
        self.cx.call(&found, with(args, named))
    }

    /// Calls a method of an object that a name means: `adapter.quote(...)`.
    pub(super) fn method(&self, object: &str, name: &str, args: Vec<Value>) -> Result<Value, Error> {
        self.cx.call_method(&self.cx.lookup(object), name, Args::of(args))
    }

    /// Calls a method of an object that a name means, with arguments by name.
    pub(super) fn method_with(
        &self,
        object: &str,
        name: &str,
        named: Vec<(&str, Value)>,
    ) -> Result<Value, Error> {
        self.cx
            .call_method(&self.cx.lookup(object), name, with(Vec::new(), named))
    }

    /// Calls a method of a value, with arguments by place and by name.
    pub(super) fn invoke(
        &self,
        value: &Value,
        name: &str,
        args: Vec<Value>,
        named: Vec<(&str, Value)>,
    ) -> Result<Value, Error> {
        self.cx.call_method(value, name, with(args, named))
    }

    /// `api.Relation.create(...)`.
    pub(super) fn create_relation(&self, named: Vec<(&str, Value)>) -> Result<Value, Error> {
        let class = self.path("api", &["Relation"])?;
        self.invoke(&class, "create", Vec::new(), named)
    }

    /// `config.get(key)`.
    pub(super) fn config(&self, key: &str) -> Result<Value, Error> {
        self.method("config", "get", vec![key.into()])
    }

    /// `config.get(key, default)`.
    pub(super) fn config_or(&self, key: &str, default: Value) -> Result<Value, Error> {
        self.method("config", "get", vec![key.into(), default])
    }

    /// What stands behind dots: `self.path("target", &["schema"])`.
    pub(super) fn path(&self, name: &str, attributes: &[&str]) -> Result<Value, Error> {
        let mut value = self.cx.lookup(name);
        for attribute in attributes {
            value = self.attr(&value, attribute)?;
        }
        Ok(value)
    }

    /// What stands behind a dot of a value.
    pub(super) fn attr(&self, value: &Value, name: &str) -> Result<Value, Error> {
        match value {
            Value::Undefined(why) => self.behind_undefined(value, &why.message),
            value => self.cx.attr(value, name),
        }
    }

    /// What stands in brackets behind a value.
    pub(super) fn item(&self, value: &Value, key: &str) -> Result<Value, Error> {
        match value {
            Value::Undefined(why) => self.behind_undefined(value, &why.message),
            value => self.cx.item(value, &Value::str(key)),
        }
    }

    /// An undefined value has nothing, but while dbt parses, what stands behind it is undefined too (`dbt/clients/jinja.py`,
    /// `create_undefined`).
    fn behind_undefined(&self, value: &Value, why: &str) -> Result<Value, Error> {
        if self.executes()? {
            return Err(Error::undefined(why));
        }
        Ok(value.clone())
    }

    /// What a loop over a value goes through.
    pub(super) fn iterate(&self, value: &Value) -> Result<Vec<Value>, Error> {
        let items = self.cx.iterate(value)?;
        self.cx.spend(items.len() as u64)?;
        Ok(items)
    }

    /// `api.Column.name(...)`.
    pub(super) fn column_class(&self, name: &str, args: Vec<Value>) -> Result<Value, Error> {
        let class = self.path("api", &["Column"])?;
        self.cx.call_method(&class, name, Args::of(args))
    }

    /// `relation.render()` of an argument.
    pub(super) fn rendered(&self, name: &str) -> Result<Value, Error> {
        self.cx.call_method(&self.arg(name), "render", Args::default())
    }

    /// Raises what `exceptions.name(message)` raises; what it returns instead is handed on.
    pub(super) fn raise(&self, name: &str, message: impl Into<String>) -> Result<Value, Error> {
        self.method("exceptions", name, vec![message.into().into()])
    }

    /// Raises `exceptions.raise_compiler_error(message)`.
    pub(super) fn refuse(&self, message: impl Into<String>) -> Result<Value, Error> {
        self.raise("raise_compiler_error", message)
    }

    /// The text of the `call` block.
    pub(super) fn caller(&self) -> Result<Value, Error> {
        match &self.caller {
            Some(caller) => self.cx.call(caller, Args::default()),
            None => Err(Error::undefined("No caller defined")),
        }
    }
}

/// Raises what a macro that only other adapters have raises.
pub(super) fn not_implemented(call: &Call<'_>) -> Result<Value, Error> {
    let name = call.shipped.name.trim_start_matches("default__");
    call.raise(
        "raise_not_implemented",
        format!("{name} macro not implemented for adapter glue"),
    )
}

fn with(args: Vec<Value>, named: Vec<(&str, Value)>) -> Args {
    Args {
        positional: args,
        keywords: named
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    }
}

fn left_out(row: &Row, name: &str) -> Value {
    let default = row.defaults.iter().find(|(known, _)| *known == name);
    default
        .and_then(|(_, default)| default.value())
        .unwrap_or_else(|| Value::undefined(format!("parameter '{name}' was not provided")))
}

/// Two values with a text between them: the operator `~`.
pub(super) fn tilde(parts: &[&Value]) -> Value {
    fill::concat(parts.iter().map(|part| Value::Str(to_str(part))))
}
