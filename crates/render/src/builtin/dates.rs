//! Arithmetic with dates.

use glueline_template::{Args, Error, Value};

use super::Row;
use super::call::Call;

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("dateadd"),
    Row::text(
        "default__dateadd",
        "\n\n    dateadd(\n        {datepart},\n        {interval},\n        {from_date_or_timestamp}\n        )\n\n",
    ),
    Row::code("spark__dateadd", dateadd),
    Row::dispatch("datediff"),
    Row::text(
        "default__datediff",
        "datediff(\n        {datepart},\n        {first_date},\n        {second_date}\n        )",
    ),
    Row::code("spark__datediff", datediff),
    Row::dispatch("date_trunc"),
    Row::text("default__date_trunc", "date_trunc('{datepart}', {date})"),
    Row::dispatch("last_day"),
    Row::code("default__last_day", |call| {
        call.own("default_last_day", call.values())
    }),
    Row::code("default_last_day", last_day),
    Row::dispatch("date"),
    Row::code("default__date", |call| {
        Ok(call.fill_with("to_date('{iso}', 'YYYY-MM-DD')", &[("iso", &iso(call)?)]))
    }),
    Row::code("spark__date", |call| {
        Ok(call.fill_with("to_date('{iso}', 'yyyy-MM-dd')", &[("iso", &iso(call)?)]))
    }),
    Row::dispatch("assert_not_null"),
    Row::text(
        "spark__assert_not_null",
        "\n\n    coalesce({function}({arg}), nvl2({function}({arg}), assert_true({function}({arg}) is not null), null))\n\n",
    ),
];

const CLOCK: [&str; 5] = ["hour", "minute", "second", "millisecond", "microsecond"];

/// `assert_not_null(function, value)`, which a project may define anew.
fn real(call: &Call<'_>, function: &str, value: &Value) -> Result<Value, Error> {
    call.ask("assert_not_null", vec![function.into(), value.clone()])
}

fn dateadd(call: &Call<'_>) -> Result<Value, Error> {
    let from = call.arg("from_date_or_timestamp");
    let stamp = real(call, "to_timestamp", &from)?;
    let date = real(call, "date", &from)?;
    let part = call.arg("datepart");
    let part = part.as_str().unwrap_or_default();
    let (function, multiplier) = match &*part {
        "day" => ("date_add", "1"),
        "week" => ("date_add", "7"),
        "month" => ("add_months", "1"),
        "quarter" => ("add_months", "3"),
        "year" => ("add_months", "12"),
        "hour" => ("", "3600"),
        "minute" => ("", "60"),
        "second" => ("", "1"),
        // So does the real one: a millisecond counts as a microsecond.
        "millisecond" | "microsecond" => ("", "(1/1000000)"),
        _ => return not_on_spark(call, "dateadd"),
    };
    let multiplier = multiplier.into();
    if function.is_empty() {
        let seconds = real(call, "to_unix_timestamp", &from)?;
        return Ok(call.fill_with(
            "to_timestamp(\n            {seconds}\n            + cast({interval} * {multiplier} as int)\n        )",
            &[("seconds", &seconds), ("multiplier", &multiplier)],
        ));
    }
    Ok(call.fill_with(
        "to_timestamp(\n            to_unix_timestamp(\n                {function}(\n                    {date},\n                    \
         cast({interval} * {multiplier} as int)\n                )\n            ) + \n        to_unix_timestamp({stamp})\n        \
         - to_unix_timestamp({date})\n        )",
        &[
            ("function", &function.into()),
            ("multiplier", &multiplier),
            ("date", &date),
            ("stamp", &stamp),
        ],
    ))
}

fn not_on_spark(call: &Call<'_>, name: &str) -> Result<Value, Error> {
    let part = call.plain("datepart");
    call.refuse(format!(
        "macro {name} not implemented for datepart ~ '{part}' ~ on Spark"
    ))
}

/// Whether a boundary was crossed: one is added or taken away where the later date stands earlier in its period.
macro_rules! crossed {
    ($what:literal, $function:literal) => {
        concat!(
            "\n            end\n\n        -- did we cross a ",
            $what,
            "?\n        + case\n            when {a} < {b} and ",
            $function,
            "({b}) < ",
            $function,
            "({a}) then 1\n            when {a} > {b} and ",
            $function,
            "({b}) > ",
            $function,
            "({a}) then -1\n            else 0 end"
        )
    };
}

const WEEKS: &str = concat!(
    "case when {a} < {b}\n            then floor(datediff({b}, {a})/7)\n            else ceil(datediff({b}, {a})/7)",
    crossed!("week boundary (Sunday)", "dayofweek")
);

const MONTHS: &str = concat!(
    "case when {a} < {b}\n            then floor(months_between(date({b}), date({a})))\n            ",
    "else ceil(months_between(date({b}), date({a})))",
    crossed!("month boundary", "dayofmonth")
);

const QUARTERS: &str = "case when {a} < {b}\n            then floor(months_between(date({b}), date({a}))/3)\n            \
     else ceil(months_between(date({b}), date({a}))/3)\n            end\n\n        -- did we cross a quarter boundary?\n        \
     + case\n            when {a} < {b} and (\n                (dayofyear({b}) - (quarter({b}) * 365/4))\n                \
     < (dayofyear({a}) - (quarter({a}) * 365/4))\n            ) then 1\n            when {a} > {b} and (\n                \
     (dayofyear({b}) - (quarter({b}) * 365/4))\n                > (dayofyear({a}) - (quarter({a}) * 365/4))\n            \
     ) then -1\n            else 0 end";

fn datediff(call: &Call<'_>) -> Result<Value, Error> {
    let part = call.arg("datepart");
    let part = part.as_str().unwrap_or_default();
    let text = match &*part {
        "day" => "datediff({b}, {a})",
        "week" => WEEKS,
        "month" => MONTHS,
        "quarter" => QUARTERS,
        "year" => "year({b}) - year({a})",
        part if CLOCK.contains(&part) => return clock_difference(call, part),
        _ => return not_on_spark(call, "datediff"),
    };
    let first = real(call, "date", &call.arg("first_date"))?;
    let second = real(call, "date", &call.arg("second_date"))?;
    let text = format!("\n        \n        {text}");
    Ok(call.fill_with(&text, &[("a", &first), ("b", &second)]))
}

fn clock_difference(call: &Call<'_>, part: &str) -> Result<Value, Error> {
    let divisor = match part {
        "hour" => "3600",
        "minute" => "60",
        "second" => "1",
        "millisecond" => "(1/1000)",
        _ => "(1/1000000)",
    };
    let seconds = |name: &str| {
        let stamp = real(call, "to_timestamp", &call.arg(name))?;
        real(call, "to_unix_timestamp", &stamp)
    };
    let milliseconds = match part {
        "millisecond" => {
            "\n                + cast(date_format({second_date}, 'SSS') as int)\n                \
             - cast(date_format({first_date}, 'SSS') as int)\n            "
        }
        _ => "",
    };
    let microseconds = match part {
        "microsecond" => {
            "\n                \n                -- Spark doesn't really support microseconds, so this is a massive hack!\n                \
             -- It will only work if the timestamp-string is of the format\n                -- 'yyyy-MM-dd-HH mm.ss.SSSSSS'\n                \
             + cast(regexp_extract({second_date}, '{capture}', 1) as int)\n                \
             - cast(regexp_extract({first_date}, '{capture}', 1) as int)\n            "
        }
        _ => "",
    };
    let text = format!(
        "case when {{first_date}} < {{second_date}}\n            then ceil((\n                \n                {{b}}\n                \
         - {{a}}\n            ) / {divisor})\n            else floor((\n                {{b}}\n                - {{a}}\n            \
         ) / {divisor})\n            end\n\n            {milliseconds}\n\n            {microseconds}"
    );
    let capture = "[0-9]{4}-[0-9]{2}-[0-9]{2}.[0-9]{2}:[0-9]{2}:[0-9]{2}.([0-9]{6})";
    Ok(call.fill_with(
        &text,
        &[
            ("a", &seconds("first_date")?),
            ("b", &seconds("second_date")?),
            ("capture", &capture.into()),
        ],
    ))
}

fn last_day(call: &Call<'_>) -> Result<Value, Error> {
    let part = call.arg("datepart");
    let start = call.own("date_trunc", vec![part.clone(), call.arg("date")])?;
    let next = call.own("dateadd", vec![part, "1".into(), start])?;
    let last = call.own("dateadd", vec!["day".into(), "-1".into(), next])?;
    Ok(call.fill_with("cast(\n        {last}\n        as date)", &[("last", &last)]))
}

/// A date as ISO 8601 writes it.
fn iso(call: &Call<'_>) -> Result<Value, Error> {
    let datetime = call.path("modules", &["datetime"])?;
    let date = call.cx.call_method(&datetime, "date", Args::of(call.values()))?;
    call.cx
        .call_method(&date, "strftime", Args::of(vec!["%Y-%m-%d".into()]))
}
