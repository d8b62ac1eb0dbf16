//! What Python code does that the adapter sends: Hudi and Delta writers, seeds, Python models, and the like.
//!
//! Told by what the code says of the project: locations, options, modes and SQL.

use glueline_render::Standing;

use super::{Effect, Harm, Kind, Reading, Step, Strikes, Target, change, rules};

/// Reads one piece of code.
pub(super) fn read(reading: &Reading<'_>, code: &str) -> Step {
    let kind = reading.subject.kind;
    let own = own(reading);
    if let Some(table) = expired(code) {
        let step = change::expire(reading.strikes(&table), &table);
        // A table that this run makes has no history yet.
        let danger = step.danger.clone().filter(|_| !own.is_absent());
        return Step { danger, ..step };
    }
    if kind == Kind::Seed && code.contains("createDataFrame") {
        return seed(reading, &own, code);
    }
    if code.contains("hoodie.") {
        return hudi(&own, code);
    }
    if code.contains("symlink_format_manifest") {
        return Step::new(
            Effect::Changes,
            "Write the manifest through which Athena reads the Delta table",
        );
    }
    if kind == Kind::PythonModel {
        return model(reading, &own, code);
    }
    if writes(code, "delta") {
        return whole(
            &own,
            &format!("Write the rows of the query as a Delta table{}", at(code)),
            &format!("Overwrite the Delta table{}", at(code)),
            "; earlier versions stay until they are vacuumed",
            None,
        );
    }
    if code.contains("saveAsTable") || code.contains("insertInto") {
        return Step::new(Effect::Moves, "Copy a table to another name as parquet").danger(
            Strikes::Other,
            Harm::Moves,
            "the table as a whole: its copy is parquet, without partitions",
            Some(rules::RENAME),
        );
    }
    Step::new(Effect::Unknown, "Run Python code")
}

/// The node's own relation.
fn own<'a>(reading: &Reading<'a>) -> Target<'a> {
    let name = reading.before.map(|own| format!("{}.{}", own.schema, own.name));
    Target {
        name: name.unwrap_or_else(|| "the table".to_owned()),
        found: reading.before.map(|own| &own.standing),
        is_staging: false,
        strikes: reading.before.map_or(Strikes::Other, |_| Strikes::Own),
    }
}

/// The table whose snapshots are expired.
fn expired(code: &str) -> Option<String> {
    code.find("expire_snapshots")?;
    // Either the call or the look at the history names it.
    let of_history = code
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')'))
        .find_map(|word| word.strip_suffix(".snapshots"));
    let of_call = || code.split("expire_snapshots(").nth(1)?.split(['\'', '"']).nth(1);
    let table = of_history.or_else(of_call).unwrap_or("the table");
    Some(table.to_owned())
}

/// Whether rows are written in a format.
fn writes(code: &str, format: &str) -> bool {
    code.contains(".write")
        && [format!("format(\"{format}\")"), format!("format('{format}')")]
            .iter()
            .any(|call| code.contains(call))
}

/// ` at s3://...`: the first place of S3 that the code writes to.
fn at(code: &str) -> String {
    let location = code
        .split(['"', '\''])
        .find(|text| text.starts_with("s3://") || text.starts_with("s3a://"));
    location
        .map(|location| format!(" at {location}"))
        .unwrap_or_default()
}

/// Whether the code says a mode of writing.
fn has_mode(code: &str, mode: &str) -> bool {
    let code = code.to_ascii_lowercase();
    [format!("mode(\"{mode}\")"), format!("mode('{mode}')")]
        .iter()
        .any(|call| code.contains(call))
}

/// Something that is written as a whole, over what may be there.
fn whole(own: &Target<'_>, made: &str, replaced: &str, keeps: &str, rule: Option<&'static str>) -> Step {
    let name = &own.name;
    match own.found {
        Some(Standing::Absent | Standing::View | Standing::Temporary) => Step::new(Effect::Creates, made),
        Some(Standing::Table { .. }) => Step::new(Effect::Replaces, replaced).danger(
            own.strikes,
            Harm::Replaces,
            format!("every row of {name}{keeps}"),
            rule,
        ),
        Some(Standing::Unknown) | None => Step::new(Effect::Replaces, made).danger(
            own.strikes,
            Harm::Replaces,
            format!("every row of {name}, where it is there{keeps}"),
            rule,
        ),
    }
}

fn hudi(own: &Target<'_>, code: &str) -> Step {
    let at = at(code);
    if own.is_table() && !has_mode(code, "overwrite") {
        return Step::new(
            Effect::Changes,
            format!("Upsert the rows of the query into the Hudi table{at}"),
        );
    }
    whole(
        own,
        &format!("Write the rows of the query as a Hudi table{at}"),
        &format!("Overwrite the Hudi table{at}"),
        "",
        None,
    )
}

fn seed(reading: &Reading<'_>, own: &Target<'_>, code: &str) -> Step {
    let name = &own.name;
    if own.is_absent() {
        return Step::new(
            Effect::Creates,
            format!("Write the rows of the file into the new table {name}"),
        );
    }
    if has_mode(code, "append") || !reading.subject.seeds_overwrite {
        return Step::new(Effect::Adds, format!("Add the rows of the file to {name}")).danger(
            own.strikes,
            Harm::Duplicates,
            format!("every row of the file that is in {name} already"),
            Some(rules::SEED_APPENDS),
        );
    }
    whole(
        own,
        &format!("Write the rows of the file into {name}"),
        &format!("Replace the rows of {name} by those of the file"),
        "",
        None,
    )
}

fn model(reading: &Reading<'_>, own: &Target<'_>, code: &str) -> Step {
    let name = &own.name;
    let lower = code.to_ascii_lowercase();
    let ran = "Run the Python model";
    let is_incremental = reading.subject.materialized == "incremental";
    if own.is_absent() {
        return Step::new(Effect::Creates, format!("{ran} and write its rows to {name}"));
    }
    if is_incremental && lower.contains("merge into") {
        return Step::new(Effect::Changes, format!("{ran} and merge its rows into {name}"));
    }
    if is_incremental && lower.contains("insert into") {
        return Step::new(Effect::Adds, format!("{ran} and add its rows to {name}"));
    }
    let rule = match is_incremental {
        true if lower.contains("create or replace table") => Some(rules::PYTHON_REBUILDS),
        true => Some(rules::PYTHON_OVERWRITES),
        false => None,
    };
    whole(
        own,
        &format!("{ran} and write its rows to {name}"),
        &format!("{ran} and replace {name} by its rows"),
        "",
        rule,
    )
}
