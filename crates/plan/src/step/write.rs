//! Statements that write rows.

use glueline_render::Found;

use super::tokens::{Cursor, Token};
use super::{Effect, Harm, Reading, Step, Target, rules, shortened};

/// `insert into`, `insert overwrite`.
pub(super) fn insert(reading: &Reading<'_>, found: &[Found], cursor: &mut Cursor<'_>) -> Option<Step> {
    let overwrites = match cursor.word()?.as_str() {
        "overwrite" => true,
        "into" => false,
        _ => return None,
    };
    cursor.eats(&["table"]);
    let target = reading.target(found, cursor.name()?);
    if !overwrites && cursor.eats(&["replace", "where"]) {
        let name = &target.name;
        let step = Step::new(Effect::Replaces, format!("Replace rows of {name}"));
        let extent = format!("the rows of {name} that its condition takes");
        return Some(step.danger(target.strikes, Harm::Replaces, extent, None));
    }
    if !overwrites {
        let rows = source(cursor).map_or_else(|| "rows".to_owned(), |source| format!("the rows of {source}"));
        return Some(Step::new(Effect::Adds, format!("Add {rows} to {}", target.name)));
    }
    let partition = partition(cursor);
    Some(overwrite(reading, &target, &partition))
}

/// `load data inpath '...' overwrite into table`.
pub(super) fn load(reading: &Reading<'_>, found: &[Found], cursor: &mut Cursor<'_>) -> Option<Step> {
    let overwrites = cursor.skip_to(&["overwrite", "into"])? == "overwrite";
    if overwrites {
        cursor.eats(&["into"]);
    }
    cursor.eats(&["table"]);
    let target = reading.target(found, cursor.name()?);
    let name = &target.name;
    if !overwrites {
        return Some(Step::new(Effect::Adds, format!("Move files into {name}")));
    }
    let step = Step::new(
        Effect::Replaces,
        format!("Put files in the place of those of {name}"),
    );
    let extent = format!("every row of {name}, or of the partition that is named");
    Some(step.danger(target.strikes, Harm::Replaces, extent, None))
}

/// The relation that a plain query reads.
fn source(cursor: &Cursor<'_>) -> Option<String> {
    let mut cursor = cursor.clone();
    cursor.list();
    if !cursor.eats(&["select"]) {
        return None;
    }
    cursor.skip_to(&["from"])?;
    let name = cursor.name()?;
    cursor.is_done().then_some(name)
}

/// The partition that a statement names.
#[derive(Debug, Default)]
struct Partition {
    /// Its columns.
    columns: Vec<String>,
    /// Whether each has a value.
    is_fixed: bool,
}

fn partition(cursor: &mut Cursor<'_>) -> Partition {
    if !cursor.eats(&["partition"]) {
        return Partition::default();
    }
    let values = cursor
        .rest()
        .iter()
        .take_while(|token| **token != Token::Mark(')'))
        .filter(|token| **token == Token::Mark('='))
        .count();
    let columns = cursor.list();
    let is_fixed = values == columns.len();
    Partition { columns, is_fixed }
}

fn overwrite(reading: &Reading<'_>, target: &Target<'_>, partition: &Partition) -> Step {
    let name = &target.name;
    let columns = if partition.columns.is_empty() {
        target.partitions()
    } else {
        &partition.columns
    };
    let list = columns.join(", ");
    if columns.is_empty() {
        return Step::new(Effect::Replaces, format!("Overwrite all rows of {name}")).danger(
            target.strikes,
            Harm::Replaces,
            format!("every row of {name}: only what the query returns is left"),
            Some(rules::NO_PARTITIONS),
        );
    }
    if partition.is_fixed {
        return Step::new(
            Effect::Replaces,
            format!("Overwrite one partition ({list}) of {name}"),
        )
        .danger(
            target.strikes,
            Harm::Replaces,
            format!("every row of that partition of {name}"),
            None,
        );
    }
    // A Hive table replaces by partition whatever the mode.
    if reading.conf.is_dynamic || target.format() == Some("hive") {
        return Step::new(
            Effect::Replaces,
            format!("Overwrite partitions ({list}) of {name}"),
        )
        .danger(
            target.strikes,
            Harm::Replaces,
            format!("the partitions ({list}) of {name} for which the query returns rows"),
            None,
        );
    }
    Step::new(
        Effect::Replaces,
        format!("Overwrite all partitions ({list}) of {name}"),
    )
    .danger(
        target.strikes,
        Harm::Replaces,
        format!(
            "every partition ({list}) of {name}, also those that the query does not return: \
             spark.sql.sources.partitionOverwriteMode is not dynamic"
        ),
        Some(rules::STATIC),
    )
}

/// `merge into`.
pub(super) fn merge(reading: &Reading<'_>, found: &[Found], cursor: &mut Cursor<'_>) -> Option<Step> {
    cursor.eats(&["into"]);
    let target = reading.target(found, cursor.name()?);
    cursor.skip_to(&["using"])?;
    let source = cursor.name().unwrap_or_else(|| "the query".to_owned());
    cursor.skip_to(&["on"])?;
    let condition = Condition::read(cursor.rest());
    let name = &target.name;
    let deletes = deletes(cursor.clone());
    if condition.never {
        return Some(
            Step::new(
                Effect::Adds,
                format!("Merge {source} into {name}, matching no row"),
            )
            .danger(
                target.strikes,
                Harm::Duplicates,
                format!("every row of {source} is added to {name}, also those that are there"),
                Some(rules::NO_KEY),
            ),
        );
    }
    let on = match condition.keys.as_slice() {
        [] => "on a condition of its own".to_owned(),
        keys => format!("on {}", keys.join(", ")),
    };
    let step = Step::new(Effect::Changes, format!("Merge {source} into {name} {on}"));
    Some(match deletes {
        None => step,
        Some(which) => Step {
            effect: Effect::Deletes,
            ..step
        }
        .danger(
            target.strikes,
            Harm::Deletes,
            format!("the rows of {name} that {which}"),
            None,
        ),
    })
}

/// Which rows of the target a merge deletes.
fn deletes(mut cursor: Cursor<'_>) -> Option<&'static str> {
    while cursor.skip_to(&["when"]).is_some() {
        let which = if cursor.eats(&["not", "matched", "by", "source"]) {
            "the source has not"
        } else if cursor.eats(&["matched"]) {
            "match"
        } else {
            continue;
        };
        cursor.skip_to(&["then"])?;
        if cursor.eats(&["delete"]) {
            return Some(which);
        }
    }
    None
}

/// By what rows are matched.
#[derive(Debug, Default)]
struct Condition {
    /// Columns that are compared with themselves on the other side.
    keys: Vec<String>,
    /// Whether it is no condition but `false`.
    never: bool,
}

impl Condition {
    fn read(tokens: &[Token]) -> Self {
        let mut condition = Self::default();
        let mut cursor = Cursor::new(tokens);
        condition.never = cursor.clone().eats(&["false"]);
        let mut before: Option<String> = None;
        while cursor.peek().as_deref() != Some("when") {
            if let Some(name) = cursor.name() {
                let last = name.rsplit('.').next().unwrap_or(&name).to_owned();
                let is_compared = cursor.eats_mark('=');
                if before.take().as_deref() == Some(last.as_str()) && !condition.keys.contains(&last) {
                    condition.keys.push(last);
                } else if is_compared {
                    before = Some(last);
                }
            } else if cursor.next().is_none() {
                break;
            } else {
                before = None;
            }
        }
        condition
    }
}

/// `delete from`.
pub(super) fn delete(
    reading: &Reading<'_>,
    found: &[Found],
    cursor: &mut Cursor<'_>,
    query: &str,
) -> Option<Step> {
    cursor.eats(&["from"]);
    let target = reading.target(found, cursor.name()?);
    let name = &target.name;
    let lower = query.to_ascii_lowercase();
    let condition = cursor.skip_to(&["where"]).and_then(|_| {
        let at = lower.rfind("where")? + "where".len();
        query.get(at..)
    });
    let (title, extent) = match condition {
        Some(condition) => (
            format!("Delete rows of {name}"),
            format!(
                "the rows of {name} where {}",
                shortened(condition.trim_end_matches(';'))
            ),
        ),
        None => (
            format!("Delete all rows of {name}"),
            format!("every row of {name}"),
        ),
    };
    let step = Step::new(Effect::Deletes, title);
    Some(if target.is_staging {
        step
    } else {
        step.danger(target.strikes, Harm::Deletes, extent, None)
    })
}

/// `truncate table`.
pub(super) fn truncate(reading: &Reading<'_>, found: &[Found], cursor: &mut Cursor<'_>) -> Option<Step> {
    cursor.eats(&["table"]);
    let target = reading.target(found, cursor.name()?);
    let name = &target.name;
    let step = Step::new(Effect::Deletes, format!("Delete all rows of {name}"));
    Some(if target.is_staging {
        step
    } else {
        step.danger(
            target.strikes,
            Harm::Deletes,
            format!("every row of {name}"),
            None,
        )
    })
}
