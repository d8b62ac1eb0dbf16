//! User-defined functions (`macros/materializations/functions`): dbt's own statements, for dbt-glue has none.

use glueline_template::{Args, Error, Value};

use super::Row;
use super::call::Call;
use super::fill;
use super::materialize::{grant_and_document, hooks, relations, with_type};
use super::statements::run;

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("get_aggregate_function_create_replace_signature"),
    Row::code(
        "default__get_aggregate_function_create_replace_signature",
        |call| {
            let options = if is_python(call)? {
                let options = call.ask("get_function_python_options", Vec::new())?;
                fill::concat(["\n        ".into(), options, "\n    ".into()])
            } else {
                "".into()
            };
            signature(
                call,
                "\n    CREATE OR REPLACE AGGREGATE FUNCTION {place} ({args})\n    RETURNS {returns}\n    {first}\n    {second}\n    {options}\n    AS\n",
                "get_formatted_aggregate_function_args",
                &[
                    "get_function_language_specifier",
                    "get_aggregate_function_volatility_specifier",
                ],
                &options,
            )
        },
    ),
    Row::dispatch("get_formatted_aggregate_function_args"),
    Row::code("default__get_formatted_aggregate_function_args", |call| {
        let args = call.ask("formatted_scalar_function_args_sql", Vec::new())?;
        Ok(call.fill_with("\n    \n    {args}\n", &[("args", &args)]))
    }),
    Row::dispatch("get_function_language_specifier"),
    Row::code("default__get_function_language_specifier", |call| {
        let written = fill::plain(&language(call)?);
        Ok(match written.as_str() {
            "sql" => "\n    \n    \n        \n    \n".into(),
            "python" => "\n    \n    \n        LANGUAGE PYTHON\n    \n".into(),
            "javascript" => "\n    \n    \n        LANGUAGE js\n    \n".into(),
            _ => format!(
                "\n    \n    \n        LANGUAGE {}\n    \n",
                written.to_uppercase()
            )
            .into(),
        })
    }),
    Row::dispatch("get_aggregate_function_volatility_specifier"),
    Row::code("default__get_aggregate_function_volatility_specifier", |call| {
        let volatility = call.ask("scalar_function_volatility_sql", Vec::new())?;
        Ok(call.fill_with("\n    {volatility}\n", &[("volatility", &volatility)]))
    }),
    Row::dispatch("get_function_python_options"),
    Row::code("default__get_function_python_options", |call| {
        let version = config(call, "runtime_version", Value::None)?;
        let entry = config(call, "entry_point", Value::None)?;
        let packages = config(call, "packages", Value::list(Vec::new()))?;
        let packages = if packages.truth() {
            let names = fill::join("','", call.iterate(&packages)?);
            call.fill_with("\n    PACKAGES = ('{names}')\n    ", &[("names", &names)])
        } else {
            "".into()
        };
        Ok(call.fill_with(
            "\n    RUNTIME_VERSION = '{version}'\n    HANDLER = '{entry}'\n    \n    {packages}\n",
            &[("version", &version), ("entry", &entry), ("packages", &packages)],
        ))
    }),
    Row::dispatch("function_execute_build_sql"),
    Row::code("default__function_execute_build_sql", |call| {
        let grants = call.config("grants")?;
        run(call, "main", call.fill("\n        {build_sql}\n    "), &[])?;
        let mode = vec![("full_refresh_mode", true.into())];
        let revoking = call.ask_with("should_revoke", vec![call.arg("existing_relation")], mode)?;
        grant_and_document(call, &call.arg("target_relation"), grants, revoking)?;
        let done = call.method("adapter", "commit", Vec::new())?;
        Ok(call.fill_with(
            "\n\n    \n\n    \n\n    \n    \n\n    \n\n    {done}\n\n",
            &[("done", &done)],
        ))
    }),
    Row::dispatch("scalar_function_sql"),
    Row::code("default__scalar_function_sql", |call| {
        let start = call.ask("scalar_function_create_replace_signature_sql", call.values())?;
        let body = call.ask("scalar_function_body_sql", Vec::new())?;
        Ok(call.fill_with(
            "\n    {start}\n    {body};\n",
            &[("start", &start), ("body", &body)],
        ))
    }),
    Row::dispatch("scalar_function_create_replace_signature_sql"),
    Row::code("default__scalar_function_create_replace_signature_sql", |call| {
        signature(
            call,
            "\n    CREATE OR REPLACE FUNCTION {place} ({args})\n    RETURNS {returns}\n    {first}\n    AS\n",
            "formatted_scalar_function_args_sql",
            &["scalar_function_volatility_sql"],
            &Value::None,
        )
    }),
    Row::dispatch("formatted_scalar_function_args_sql"),
    Row::code("default__formatted_scalar_function_args_sql", |call| {
        let mut args = Vec::new();
        for arg in call.iterate(&call.path("model", &["arguments"])?)? {
            let (name, kind) = (call.attr(&arg, "name")?, call.attr(&arg, "data_type")?);
            args.push(fill::concat([name, " ".into(), kind]));
        }
        let args = fill::join(", ", args);
        Ok(call.fill_with("\n    \n    \n    {args}\n", &[("args", &args)]))
    }),
    Row::dispatch("formatted_scalar_function_args_javascript"),
    Row::code("default__formatted_scalar_function_args_javascript", |call| {
        call.refuse("formatted_scalar_function_args_javascript not implemented for adapter glue")
    }),
    Row::dispatch("scalar_function_body_sql"),
    Row::code("default__scalar_function_body_sql", |call| {
        let code = call.path("model", &["compiled_code"])?;
        Ok(call.fill_with(
            "\n    $$\n       {code}\n    $$ LANGUAGE SQL\n",
            &[("code", &code)],
        ))
    }),
    Row::dispatch("scalar_function_volatility_sql"),
    Row::code("default__scalar_function_volatility_sql", volatility),
    Row::dispatch("scalar_function_volatility_javascript"),
    Row::code("default__scalar_function_volatility_javascript", |call| {
        if config(call, "volatility", Value::None)?.is_none() {
            return Ok("\n    \n    \n".into());
        }
        call.raise(
            "warn",
            "Volatility is not supported by glue in javascript UDF and will be ignored",
        )?;
        Ok("\n    \n    \n        \n        \n    \n".into())
    }),
    Row::dispatch("unsupported_volatility_warning"),
    Row::code("default__unsupported_volatility_warning", |call| {
        let volatility = call.plain("volatility");
        let name = fill::plain(&call.path("model", &["name"])?);
        call.raise(
            "warn",
            format!(
                "Found `{volatility}` volatility specified on function `{name}`. This volatility is not supported by glue, and will be ignored"
            ),
        )?;
        Ok("\n    \n    \n".into())
    }),
    Row::code("materialization_function_default", materialize),
];

/// `model.get('language')`
fn language(call: &Call<'_>) -> Result<Value, Error> {
    let model = call.cx.lookup("model");
    call.invoke(&model, "get", vec!["language".into()], Vec::new())
}

fn is_python(call: &Call<'_>) -> Result<bool, Error> {
    Ok(language(call)?.as_str().as_deref() == Some("python"))
}

/// `model.config.get(key, default)`
fn config(call: &Call<'_>, key: &str, default: Value) -> Result<Value, Error> {
    let config = call.path("model", &["config"])?;
    call.invoke(&config, "get", vec![key.into(), default], Vec::new())
}

/// What a function is called, takes and returns, with what one or two macros say of it.
fn signature(
    call: &Call<'_>,
    text: &str,
    args: &str,
    clauses: &[&str],
    options: &Value,
) -> Result<Value, Error> {
    let place = call
        .cx
        .call_method(&call.arg("target_relation"), "render", Args::default())?;
    let args = call.ask(args, Vec::new())?;
    let returns = call.path("model", &["returns", "data_type"])?;
    let mut written = Vec::new();
    for clause in clauses {
        written.push(call.ask(clause, Vec::new())?);
    }
    let mut written = written.into_iter();
    Ok(call.fill_with(
        text,
        &[
            ("place", &place),
            ("args", &args),
            ("returns", &returns),
            ("first", &written.next().unwrap_or_default()),
            ("second", &written.next().unwrap_or_default()),
            ("options", options),
        ],
    ))
}

fn volatility(call: &Call<'_>) -> Result<Value, Error> {
    let volatility = config(call, "volatility", Value::None)?;
    let word = match volatility.as_str().as_deref() {
        Some("deterministic") => "IMMUTABLE",
        Some("stable") => "STABLE",
        Some("non-deterministic") => "VOLATILE",
        _ if volatility.is_none() => return Ok("\n    \n    \n    \n".into()),
        _ => {
            call.ask("unsupported_volatility_warning", vec![volatility])?;
            return Ok("\n    \n    \n        \n        \n    \n    \n".into());
        }
    };
    Ok(format!("\n    \n    \n        {word}\n    \n    \n").into())
}

fn materialize(call: &Call<'_>) -> Result<Value, Error> {
    let this = call.cx.lookup("this");
    let existing = call.ask("load_cached_relation", vec![this.clone()])?;
    let kind = call.attr(&this, "Function")?;
    let target = with_type(call, &this, kind)?;
    hooks(call, "pre_hooks", None)?;
    let model = call.cx.lookup("model");
    let config = call.invoke(&this, "get_function_config", vec![model], Vec::new())?;
    let name = call.invoke(&this, "get_function_macro_name", vec![config], Vec::new())?;
    let sql = call.dispatch(&fill::plain(&name), vec![target.clone()])?;
    call.ask("function_execute_build_sql", vec![sql, existing, target.clone()])?;
    hooks(call, "post_hooks", None)?;
    Ok(relations(target))
}
