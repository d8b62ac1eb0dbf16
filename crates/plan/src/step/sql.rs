//! What one query does, told by its first words.

use glueline_render::{Found, Standing};

use super::tokens::{Cursor, Token, tokens};
use super::{Effect, Harm, Kind, Reading, Step, Strikes, Target, change, rules, shortened, write};

/// Reads one query.
pub(super) fn read(reading: &mut Reading<'_>, found: &[Found], query: &str) -> Step {
    let all = tokens(query);
    let mut cursor = Cursor::new(&all);
    let read = match cursor.word().as_deref() {
        Some("create") => {
            let replaces = cursor.eats(&["or", "replace"]);
            create(reading, found, &mut cursor, replaces)
        }
        Some("replace") => create(reading, found, &mut cursor, true),
        Some("drop") => drop(reading, found, &mut cursor),
        Some("insert") => write::insert(reading, found, &mut cursor),
        Some("merge") => write::merge(reading, found, &mut cursor),
        Some("delete") => write::delete(reading, found, &mut cursor, query),
        Some("load") => write::load(reading, found, &mut cursor),
        Some("truncate") => write::truncate(reading, found, &mut cursor),
        Some("update") => cursor
            .name()
            .map(|name| Step::new(Effect::Changes, format!("Change rows of {name}"))),
        Some("alter") => change::alter(reading, found, &mut cursor),
        Some("call") => change::call(reading, &mut cursor),
        Some("grant") => Some(Step::new(Effect::Grants, "Grant rights")),
        Some("revoke") => Some(Step::new(Effect::Grants, "Revoke rights")),
        Some("set") => Some(set(reading, &cursor, query)),
        Some(word) => other(reading, word, &mut cursor, query),
        None if cursor.eats_mark('(') => Some(select(query, &all)),
        None => None,
    };
    read.unwrap_or_else(|| Step::new(Effect::Unknown, format!("Run `{}`", plain(&all, query))))
}

/// The beginning of a query without its comment.
fn plain(all: &[Token], query: &str) -> String {
    // The comment of dbt is no part of what a person looks for.
    let body = query.trim_start();
    let body = body
        .strip_prefix("/*")
        .and_then(|rest| rest.split_once("*/"))
        .map_or(body, |(_, rest)| rest);
    if all.is_empty() {
        return String::new();
    }
    shortened(body)
}

/// Statements that touch no data of the project.
fn other(reading: &Reading<'_>, word: &str, cursor: &mut Cursor<'_>, query: &str) -> Option<Step> {
    let step = |effect, title: String| Some(Step::new(effect, title));
    match word {
        "select" | "with" | "values" | "from" => {
            let all = tokens(query);
            Some(select(query, &all))
        }
        "describe" | "desc" => {
            cursor.eats(&["table"]);
            cursor.eats(&["extended"]);
            cursor.eats(&["formatted"]);
            step(Effect::Reads, format!("Read the columns of {}", cursor.name()?))
        }
        "show" => step(Effect::Reads, format!("List: `{}`", plain(&tokens(query), query))),
        "explain" => step(Effect::Reads, "Ask for the plan of a query".to_owned()),
        "refresh" => {
            cursor.eats(&["table"]);
            step(
                Effect::Settles,
                format!("Forget what Spark remembers of {}", cursor.name()?),
            )
        }
        "use" => step(Effect::Settles, format!("Use {}", cursor.name()?)),
        "reset" | "cache" | "uncache" | "add" => {
            step(Effect::Settles, format!("Run `{}`", plain(&tokens(query), query)))
        }
        "msck" => {
            cursor.eats(&["repair"]);
            cursor.eats(&["table"]);
            step(
                Effect::Changes,
                format!("Add the partitions that are found on S3 to {}", cursor.name()?),
            )
        }
        "analyze" => {
            cursor.eats(&["table"]);
            step(
                Effect::Changes,
                format!("Compute the statistics of {}", cursor.name()?),
            )
        }
        "comment" => {
            cursor.eats(&["on"]);
            cursor.word();
            step(Effect::Changes, format!("Describe {}", cursor.name()?))
        }
        "optimize" => {
            cursor.eats(&["table"]);
            step(
                Effect::Changes,
                format!("Rewrite the files of {}", cursor.name()?),
            )
        }
        "vacuum" => {
            cursor.eats(&["table"]);
            let name = cursor.name()?;
            let extent = format!("the files of {name} that no current version needs");
            let made = Step::new(Effect::Deletes, format!("Remove old files of {name}"));
            Some(made.danger(reading.strikes(&name), Harm::Deletes, extent, None))
        }
        _ => None,
    }
}

/// A query for rows: what it asks is for the reader to see; that nothing is read is worth saying.
fn select(query: &str, all: &[Token]) -> Step {
    let words: Vec<String> = all
        .iter()
        .rev()
        .take(2)
        .filter_map(|token| match token {
            Token::Word(word) => Some(word.to_lowercase()),
            Token::Text(_) | Token::Mark(_) => None,
        })
        .collect();
    if matches!(words.as_slice(), [count, limit] if count == "0" && limit == "limit") {
        return Step::new(Effect::Reads, "Ask for the columns of the query, without rows");
    }
    let counts = |word: &Token| matches!(word, Token::Word(word) if word == "should_error");
    if all.iter().any(counts) {
        return Step::new(Effect::Reads, "Count the rows that the test finds");
    }
    Step::new(Effect::Reads, format!("Ask `{}`", plain(all, query)))
}

fn set(reading: &mut Reading<'_>, cursor: &Cursor<'_>, query: &str) -> Step {
    let text = plain(cursor.rest(), query);
    let setting = text.get("set ".len()..).unwrap_or_default();
    if let Some((key, value)) = setting.split_once('=') {
        reading.conf.set(key, value);
        return Step::new(
            Effect::Settles,
            format!("Set {} to {}", key.trim(), value.trim().trim_end_matches(';')),
        );
    }
    Step::new(Effect::Settles, format!("Set {}", setting.trim()))
}

fn create(
    reading: &mut Reading<'_>,
    found: &[Found],
    cursor: &mut Cursor<'_>,
    replaces: bool,
) -> Option<Step> {
    cursor.eats(&["global"]);
    let is_temporary = cursor.eats(&["temporary"]) || cursor.eats(&["temp"]);
    cursor.eats(&["external"]);
    let what = cursor.word()?;
    let only_if_absent = cursor.eats(&["if", "not", "exists"]);
    let target = reading.target(found, cursor.name()?);
    match what.as_str() {
        "view" if is_temporary => {
            reading.staged.insert(target.name.to_lowercase());
            let title = match reading.subject.kind {
                Kind::Hook => format!("Create temporary view {}", target.name),
                Kind::Seed | Kind::PythonModel | Kind::Sql => {
                    format!(
                        "Stage the rows of the query in the temporary view {}",
                        target.name
                    )
                }
            };
            Some(Step::new(Effect::Settles, title))
        }
        _ if only_if_absent && target.is_there() => Some(Step::new(
            Effect::Settles,
            format!("Leave {} as it is: it is there", target.name),
        )),
        "view" => Some(create_view(&target, replaces)),
        "table" => Some(create_table(reading, &target, replaces, cursor)),
        other => Some(Step::new(
            Effect::Creates,
            format!("Create {other} {}", target.name),
        )),
    }
}

fn create_view(target: &Target<'_>, replaces: bool) -> Step {
    match target.found {
        Some(Standing::View) if replaces => {
            Step::new(Effect::Replaces, format!("Replace view {}", target.name))
        }
        Some(Standing::Table { .. }) => Step::new(
            Effect::Creates,
            format!("Create view {} where a table of that name is", target.name),
        ),
        Some(Standing::Absent) => Step::new(Effect::Creates, format!("Create view {}", target.name)),
        _ if replaces => Step::new(
            Effect::Replaces,
            format!("Create view {}, or replace it", target.name),
        ),
        _ => Step::new(Effect::Creates, format!("Create view {}", target.name)),
    }
}

/// What the clauses of a table say before its query.
#[derive(Default)]
struct Clauses {
    format: Option<String>,
    location: Option<String>,
    partitions: Vec<String>,
    /// Whether the rows of a query are written into it.
    has_query: bool,
}

impl Clauses {
    fn read(cursor: &mut Cursor<'_>) -> Self {
        let mut clauses = Self::default();
        cursor.list();
        while let Some(word) = cursor.skip_to(&["using", "location", "partitioned", "as"]) {
            match word.as_str() {
                "using" => clauses.format = cursor.word(),
                "location" => clauses.location = cursor.text().map(str::to_owned),
                "partitioned" => {
                    cursor.eats(&["by"]);
                    clauses.partitions = cursor.entries();
                }
                _ => {
                    clauses.has_query = true;
                    break;
                }
            }
        }
        clauses
    }
}

fn create_table(
    reading: &mut Reading<'_>,
    target: &Target<'_>,
    replaces: bool,
    cursor: &mut Cursor<'_>,
) -> Step {
    let clauses = Clauses::read(cursor);
    let name = &target.name;
    if target.is_staging {
        return Step::new(
            Effect::Creates,
            format!("Stage the rows of the query in the table {name}"),
        );
    }
    let format = clauses
        .format
        .as_deref()
        .map(|format| format!("{format} "))
        .unwrap_or_default();
    let partitions = match clauses.partitions.as_slice() {
        [] => String::new(),
        some => format!(", partitioned by {}", some.join(", ")),
    };
    let what = format!("the {format}table {name}");
    let created = Step::new(Effect::Creates, format!("Create {what}{partitions}"));
    if !replaces {
        return over_files(reading, target, &clauses, created);
    }
    match target.found {
        Some(Standing::Absent) => created,
        Some(Standing::Table { .. }) => {
            let keeps = match target.format() {
                Some("iceberg") => "; earlier snapshots stay until they are expired",
                Some("delta") => "; earlier versions stay until they are vacuumed",
                _ => "",
            };
            Step::new(Effect::Replaces, format!("Replace {what}{partitions}")).danger(
                target.strikes,
                Harm::Replaces,
                format!("every row of {name}{keeps}"),
                None,
            )
        }
        Some(Standing::View) => Step::new(
            Effect::Creates,
            format!("Create {what} where a view of that name is"),
        ),
        Some(Standing::Temporary | Standing::Unknown) | None => Step::new(
            Effect::Replaces,
            format!("Create {what}, or replace it{partitions}"),
        )
        .danger(
            target.strikes,
            Harm::Replaces,
            format!("every row of {name}, where it is there"),
            None,
        ),
    }
}

/// A table whose files a dropped one has left behind.
fn over_files(reading: &Reading<'_>, target: &Target<'_>, clauses: &Clauses, created: Step) -> Step {
    // Iceberg and Delta keep lists of their own of what is theirs.
    let is_lake = matches!(clauses.format.as_deref(), Some("iceberg" | "delta" | "hudi"));
    if is_lake || !clauses.has_query || !reading.dropped.contains(&target.name.to_lowercase()) {
        return created;
    }
    let at = match &clauses.location {
        Some(location) => format!("the files at {location}"),
        None => "the files".to_owned(),
    };
    let extent = if reading.conf.creates_over_files {
        format!("{at}, which the dropped table left there")
    } else {
        format!(
            "{at}, which the dropped table left there; Spark refuses that while \
             spark.sql.legacy.allowNonEmptyLocationInCTAS is not true"
        )
    };
    created.danger(target.strikes, Harm::Replaces, extent, Some(rules::RERUN))
}

fn drop(reading: &mut Reading<'_>, found: &[Found], cursor: &mut Cursor<'_>) -> Option<Step> {
    cursor.eats(&["temporary"]);
    let what = cursor.word()?;
    cursor.eats(&["if", "exists"]);
    let target = reading.target(found, cursor.name()?);
    let name = &target.name;
    match what.as_str() {
        "table" | "view" => {}
        "database" | "schema" | "namespace" => {
            let extent = format!("database {name}, with every table in it where it says cascade");
            let step = Step::new(Effect::Deletes, format!("Drop database {name}"));
            return Some(step.danger(Strikes::Other, Harm::Deletes, extent, None));
        }
        other => return Some(Step::new(Effect::Deletes, format!("Drop {other} {name}"))),
    }
    if target.is_staging {
        let kind = if what == "view" {
            "temporary view"
        } else {
            "staging table"
        };
        return Some(Step::new(Effect::Settles, format!("Drop the {kind} {name}")));
    }
    if target.is_absent() {
        return Some(Step::new(
            Effect::Settles,
            format!("Drop {what} {name} if it is there: it is not"),
        ));
    }
    let purges = cursor.eats(&["purge"]);
    let step = Step::new(Effect::Deletes, format!("Drop {what} {name}"));
    if what == "view" || target.found == Some(&Standing::View) {
        return Some(step);
    }
    let step = Step {
        title: if purges {
            format!("Drop table {name} with its files")
        } else {
            step.title
        },
        ..step
    };
    if !target.is_table() {
        let extent = format!("table {name}, if it is there: nothing tells");
        return Some(step.danger(target.strikes, Harm::Deletes, extent, None));
    }
    Some(drop_table(reading, &target, purges, step))
}

fn drop_table(reading: &mut Reading<'_>, target: &Target<'_>, purges: bool, step: Step) -> Step {
    let (name, files) = (&target.name, target.files());
    if purges {
        return step.danger(
            target.strikes,
            Harm::Deletes,
            format!("every row of {name}, and {files}"),
            None,
        );
    }
    reading.dropped.insert(name.to_lowercase());
    let is_lake = matches!(target.format(), Some("iceberg" | "delta"));
    let (extent, rule) = match target.format() {
        Some("iceberg") => (
            format!("every row of {name} with all its snapshots; {files} stay on S3 without a table"),
            (reading.subject.materialized == "view").then_some(rules::OVER_ICEBERG),
        ),
        _ => (
            format!("table {name} as a whole, until it is created anew; {files} stay on S3"),
            (!is_lake && reading.is_own(target)).then_some(rules::RERUN),
        ),
    };
    step.danger(target.strikes, Harm::Deletes, extent, rule)
}
