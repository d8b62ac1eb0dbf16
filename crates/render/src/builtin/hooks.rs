//! Configs of hooks, and what sets configs.

use glueline_template::{Error, Value};

use super::Row;
use super::call::Call;

pub(super) const MACROS: &[Row] = &[
    Row::code("make_hook_config", |call| {
        let config = Value::dict([
            ("sql", call.arg("sql")),
            ("transaction", call.arg("inside_transaction")),
        ]);
        let json = call.ask("tojson", vec![config])?;
        Ok(call.fill_with("\n    {json}\n", &[("json", &json)]))
    }),
    Row::code("before_begin", |call| hook(call, false)),
    Row::code("in_transaction", |call| hook(call, true)),
    Row::code("after_commit", |call| hook(call, false)),
    Row::code("set_sql_header", |call| {
        let config = call.arg("config");
        let text = call.caller()?;
        let args = glueline_template::Args::of(vec!["sql_header".into(), text]);
        let value = call.cx.call_method(&config, "set", args)?;
        Ok(super::fill::concat([value]))
    }),
];

fn hook(call: &Call<'_>, inside: bool) -> Result<Value, Error> {
    let named = vec![("inside_transaction", inside.into())];
    let config = call.ask_with("make_hook_config", vec![call.arg("sql")], named)?;
    Ok(call.fill_with("\n    {json}\n", &[("json", &config)]))
}
