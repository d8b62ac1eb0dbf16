//! Series of numbers and dates.

use glueline_template::{Args, Error, Value, to_str};

use super::Default::{None as Nothing, Str as Text};
use super::call::Call;
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("get_powers_of_two"),
    Row::code("default__get_powers_of_two", powers_of_two),
    Row::dispatch("generate_series"),
    Row::code("default__generate_series", generate_series),
    Row::dispatch("get_intervals_between"),
    Row::code("default__get_intervals_between", intervals_between),
    Row::dispatch("date_spine"),
    Row::code("default__date_spine", date_spine),
    Row::code("convert_datetime", convert_datetime),
    Row::code("dates_in_range", dates_in_range).with(&[
        ("end_date_str", Nothing),
        ("in_fmt", Text("%Y%m%d")),
        ("out_fmt", Text("%Y%m%d")),
    ]),
    Row::code("partition_range", partition_range).with(&[("date_fmt", Text("%Y%m%d"))]),
    Row::code("py_current_timestring", |call| {
        // The clock is the run's: a template gives the same text however long it takes.
        call.cx
            .note("py_current_timestring gives the time: taken is when the run started");
        let now = call.cx.lookup("run_started_at");
        strftime(call, &now, "%Y%m%d%H%M%S%f")
    }),
];

/// How often two is multiplied by itself until it reaches a number.
fn powers_of_two(call: &Call<'_>) -> Result<Value, Error> {
    #[expect(clippy::cast_precision_loss, reason = "only compared with powers of two")]
    let bound = match call.arg("upper_bound") {
        Value::Int(number) => number as f64,
        Value::Float(number) => number,
        Value::Bool(value) => f64::from(u8::from(value)),
        Value::Undefined(why) => return Err(Error::undefined(why.message.clone())),
        other => {
            return Err(Error::type_error(format!(
                "'<=' not supported between instances of '{}' and 'int'",
                other.type_name()
            )));
        }
    };
    if bound <= 0.0 {
        return call.refuse("upper bound must be positive");
    }
    let power = (1..100_i32).find(|power| bound <= 2_f64.powi(*power));
    Ok(power.map_or_else(|| "".into(), |power| i64::from(power).into()))
}

fn generate_series(call: &Call<'_>) -> Result<Value, Error> {
    let bits = match call.own("get_powers_of_two", call.values())? {
        Value::Int(bits) => bits,
        other => {
            return Err(Error::type_error(format!(
                "'{}' object cannot be interpreted as an integer",
                other.type_name()
            )));
        }
    };
    call.cx.spend(bits.unsigned_abs())?;
    let mut terms = String::new();
    let mut tables = String::new();
    for bit in 0..bits {
        let (plus, cross) = if bit + 1 < bits {
            (" + ", " cross join ")
        } else {
            ("", "")
        };
        terms += &format!("\n    p{bit}.generated_number * power(2, {bit})\n    {plus}\n    ");
        tables += &format!("\n    p as p{bit}\n    {cross}\n    ");
    }
    let text = format!(
        "\n\n    \n\n    with p as (\n        select 0 as generated_number union all select 1\n    ), unioned as (\n\n    select\n\n    \
         {terms}\n    + 1\n    as generated_number\n\n    from\n\n    {tables}\n\n    )\n\n    select *\n    from unioned\n    \
         where generated_number <= {{upper_bound}}\n    order by generated_number\n\n"
    );
    Ok(call.fill(&text))
}

/// Asks the warehouse; one where it does not answer.
fn intervals_between(call: &Call<'_>) -> Result<Value, Error> {
    const NAME: &str = "get_intervals_between";
    let difference = call.own(
        "datediff",
        vec![call.arg("start_date"), call.arg("end_date"), call.arg("datepart")],
    )?;
    let sql = call.fill_with("\n\n        select {difference}", &[("difference", &difference)]);
    super::statements::run(call, NAME, sql, &[("fetch_result", true.into())])?;
    let result = call.ask("load_result", vec![NAME.into()])?;
    if result.truth() {
        let data = call.item(&result, "data")?;
        if data.truth() {
            let row = call.cx.item(&data, &0.into())?;
            return call.cx.item(&row, &0.into());
        }
    }
    Ok(1.into())
}

fn date_spine(call: &Call<'_>) -> Result<Value, Error> {
    let start = call.arg("start_date");
    let part = call.arg("datepart");
    let between = call.own(
        "get_intervals_between",
        vec![start.clone(), call.arg("end_date"), part.clone()],
    )?;
    let series = call.own("generate_series", vec![between])?;
    let number = "row_number() over (order by 1) - 1".into();
    let date = call.own("dateadd", vec![part, number, start])?;
    Ok(call.fill_with(
        "\n\n\n    \n\n\n    with rawdata as (\n\n        {series}\n\n    ),\n\n    all_periods as (\n\n        select (\n            \
         {date}\n        ) as date_{datepart}\n        from rawdata\n\n    ),\n\n    filtered as (\n\n        select *\n        \
         from all_periods\n        where date_{datepart} <= {end_date}\n\n    )\n\n    select * from filtered\n\n",
        &[("series", &series), ("date", &date)],
    ))
}

fn convert_datetime(call: &Call<'_>) -> Result<Value, Error> {
    let message =
        call.fill("The provided partition date '{date_str}' does not match the expected format '{date_fmt}'");
    let parse = call.path("modules", &["datetime", "datetime", "strptime"])?;
    let text = call
        .cx
        .call_method(&call.arg("date_str"), "strip", Args::default())?;
    call.ask(
        "try_or_compiler_error",
        vec![message, parse, text, call.arg("date_fmt")],
    )
}

fn dates_in_range(call: &Call<'_>) -> Result<Value, Error> {
    let first = call.arg("start_date_str");
    let last = match call.arg("end_date_str") {
        Value::None => first.clone(),
        last => last,
    };
    let start = call.ask("convert_datetime", vec![first, call.arg("in_fmt")])?;
    let end = call.ask("convert_datetime", vec![last, call.arg("in_fmt")])?;
    let span = arithmetic("-", &end, &start)?;
    let Value::Int(days) = call.attr(&span, "days")? else {
        return Err(Error::type_error(
            "'<' not supported between instances of 'str' and 'int'",
        ));
    };
    if days < 0 {
        let message = call.fill_with(
            "Partition start date is after the end date ({start}, {end})",
            &[("start", &start), ("end", &end)],
        );
        let model = call.cx.lookup("model");
        call.method("exceptions", "raise_compiler_error", vec![message, model])?;
    }
    let class = call.path("modules", &["datetime", "timedelta"])?;
    let format = call.arg("out_fmt");
    let mut dates = Vec::new();
    for day in 0..=days {
        call.cx.spend(10)?;
        let step = Args {
            positional: Vec::new(),
            keywords: vec![("days".into(), day.into())],
        };
        let date = arithmetic("+", &call.cx.call(&class, step)?, &start)?;
        dates.push(if format.truth() {
            call.cx
                .call_method(&date, "strftime", Args::of(vec![format.clone()]))?
        } else {
            date
        });
    }
    Ok(Value::list(dates))
}

fn partition_range(call: &Call<'_>) -> Result<Value, Error> {
    let raw = call.arg("raw_partition_date");
    let text = fill::plain(&raw);
    let parts: Vec<&str> = text.split(',').collect();
    let (start, end) = match parts.as_slice() {
        [start] => (*start, Value::None),
        [start, end] => (*start, Value::str(end)),
        _ => {
            return call.refuse(format!(
                "Invalid partition time. Expected format: {{Start Date}}[,{{End Date}}]. Got: {}",
                to_str(&raw).plain()
            ));
        }
    };
    let format = ("in_fmt", call.arg("date_fmt"));
    call.ask_with("dates_in_range", vec![start.into(), end], vec![format])
}

fn strftime(call: &Call<'_>, date: &Value, format: &str) -> Result<Value, Error> {
    call.cx
        .call_method(date, "strftime", Args::of(vec![format.into()]))
}

/// `left op right` for dates and spans of time.
fn arithmetic(op: &str, left: &Value, right: &Value) -> Result<Value, Error> {
    let own = match left {
        Value::Native(object) => object.binary(op, right, false),
        _ => None,
    };
    let found = own.or_else(|| match right {
        Value::Native(object) => object.binary(op, left, true),
        _ => None,
    });
    found.unwrap_or_else(|| {
        Err(Error::type_error(format!(
            "unsupported operand type(s) for {op}: '{}' and '{}'",
            left.type_name(),
            right.type_name()
        )))
    })
}
