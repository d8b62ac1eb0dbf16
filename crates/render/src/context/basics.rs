//! Functions of dbt's context that need nothing but their arguments (`dbt/context/base.py`).

use std::fmt::Write as _;

use glueline_template::{Args, Cx, Error, ErrorKind, Value, repr, to_str};
use md5::{Digest, Md5};

use crate::host::NodeHost;

/// The function of a name.
pub(super) fn function(name: &str) -> Option<Value> {
    Some(match name {
        "return" => Value::function("_return", give_back),
        "log" => Value::function("log", log),
        "print" => Value::function("print", print),
        "local_md5" => Value::function("local_md5", local_md5),
        "debug" => return None,
        "otel_trace_id" => Value::function("otel_trace_id", |_, args| {
            args.bind("BaseContext.otel_trace_id", [], 0)
                .map(|[]| Value::str("0".repeat(32)))
        }),
        "otel_span_id" => Value::function("otel_span_id", |_, args| {
            args.bind("BaseContext.otel_span_id", [], 0)
                .map(|[]| Value::str("0".repeat(16)))
        }),
        "render" => Value::function("render", render),
        "write" => Value::function("write", write),
        "try_or_compiler_error" => Value::function("try_or_compiler_error", try_or_compiler_error),
        "adapter_macro" => Value::function("adapter_macro", adapter_macro),
        "submit_python_job" => Value::function("submit_python_job", |_, _| {
            Err(Error::new(
                ErrorKind::Python("DbtRuntimeError"),
                "submit_python_job is not intended to be called here",
            ))
        }),
        _ => return None,
    })
}

/// An error of Python that no other kind stands for.
pub(super) fn attribute_error(message: String) -> Error {
    Error::new(ErrorKind::Python("AttributeError"), message)
}

/// Binds the arguments of a method of dbt's: Python counts `self` among them.
pub(super) fn bind_method<const N: usize>(
    mut args: Args,
    function: &str,
    params: [&str; N],
    required: usize,
) -> Result<[Option<Value>; N], Error> {
    args.positional.insert(0, Value::None);
    args.bind(function, params, required)
}

/// The text of an argument whose string methods dbt calls; what Python says where it is none.
pub(super) fn text_of(value: &Value, method: &str) -> Result<String, Error> {
    match value {
        Value::Str(text) => Ok(text.plain().into_owned()),
        Value::Undefined(undefined) => Err(Error::undefined(undefined.message.clone())),
        other => Err(attribute_error(format!(
            "'{}' object has no attribute '{method}'",
            other.type_name()
        ))),
    }
}

fn give_back(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [data] = args.bind("BaseContext._return", ["data"], 1)?;
    Err(cx.return_value(data.unwrap_or_default()))
}

/// What is logged is of no concern to what is compiled.
fn log(_: &Cx, args: Args) -> Result<Value, Error> {
    args.bind("BaseContext.log", ["msg", "info"], 1)?;
    Ok(Value::str(""))
}

fn print(_: &Cx, args: Args) -> Result<Value, Error> {
    args.bind("BaseContext.print", ["msg"], 1)?;
    Ok(Value::str(""))
}

fn local_md5(_: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("BaseContext.local_md5", ["value"], 1)?;
    let text = text_of(&value.unwrap_or_default(), "encode")?;
    Ok(Value::from(hexadecimal(&Md5::digest(text.as_bytes()))))
}

/// Bytes as dbt prints a hash.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// `render`: a text as a template of its own, in the context at hand.
fn render(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [_, text] = bind_method(args, "ProviderContext.render", ["self", "string"], 2)?;
    match text.unwrap_or_default() {
        Value::Str(text) => render_text(cx, "render", &text.plain()),
        other => Err(Error::type_error(format!(
            "Can't compile non template nodes: {}",
            repr(&other)
        ))),
    }
}

/// What a text of Jinja gives in the context at hand. A text without Jinja is left as it is, as dbt does
/// (`dbt_common/clients/jinja.py`, `get_rendered`).
pub(super) fn render_text(cx: &Cx, name: &str, text: &str) -> Result<Value, Error> {
    use glueline_template::{Ends, Origin, Unit, lower_template};

    let template = glueline_jinja::parse(text);
    if template.errors.is_empty() && is_plain(text) {
        return Ok(Value::str(text));
    }
    let place = cx.place().unwrap_or(glueline_base::FileRange {
        file: glueline_base::FileId(u32::MAX),
        range: glueline_base::range(0, 0),
    });
    let unit = Unit {
        name: name.into(),
        origin: Origin::Entry(place),
        cached: None,
        marked: NodeHost::of(cx)?.shared.settings.marked,
    };
    let program = lower_template(unit, &template, Ends::Newline);
    cx.render_within(&std::sync::Arc::new(program), Vec::new())
}

fn is_plain(text: &str) -> bool {
    !["{{", "{%", "{#", "}}", "%}", "#}"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// `write` puts a file below `target/`, of which only errors tell.
fn write(cx: &Cx, args: Args) -> Result<Value, Error> {
    bind_method(args, "ProviderContext.write", ["self", "payload"], 2)?;
    if let Some(run) = NodeHost::of(cx)?.run() {
        run.wrote();
    }
    Ok(Value::str(""))
}

fn try_or_compiler_error(cx: &Cx, mut args: Args) -> Result<Value, Error> {
    let mut positional = std::mem::take(&mut args.positional).into_iter();
    let mut next = |name: &str, args: &mut Args| positional.next().or_else(|| args.take_keyword(name));
    let message = next("message_if_exception", &mut args);
    let function = next("func", &mut args);
    let (Some(message), Some(function)) = (message, function) else {
        return Err(Error::type_error(
            "ProviderContext.try_or_compiler_error() missing required positional arguments: \
             'message_if_exception' and 'func'",
        ));
    };
    let args = Args {
        positional: positional.collect(),
        keywords: args.keywords,
    };
    cx.call(&function, args).map_err(|error| match error.kind() {
        ErrorKind::Limit | ErrorKind::Unsupported | ErrorKind::Return => error,
        _ => Error::compilation(to_str(&message).plain()),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the type of functions")]
fn adapter_macro(_: &Cx, args: Args) -> Result<Value, Error> {
    let name = args
        .positional
        .first()
        .map(|name| to_str(name).plain().into_owned());
    Err(Error::compilation(format!(
        "The \"adapter_macro\" macro has been deprecated. Instead, use the `adapter.dispatch` method to find a macro \
         and call the result.  For more information, see: \
         https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch) adapter_macro was called for: {}",
        name.unwrap_or_default()
    )))
}
