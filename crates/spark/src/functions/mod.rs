//! Spark's built-in functions: which there are, what they take and what they give.
//!
//! What a real Spark tells of its functions is in `table.rs`, one row each. What follows from the types of the arguments in ways that no
//! table holds is in `rules/`.

mod arguments;
mod foreign;
mod json;
mod lambda;
mod rules;
mod table;

use std::borrow::Cow;

use crate::types::{DataType, Field, Input, Mismatch, Operand};

pub use foreign::is_foreign;
pub(crate) use json::schema_of_json;
pub use lambda::lambda_parameters;

/// A release of Spark, as far as releases differ here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Spark 3.3, of Glue 4.0
    V3_3,
    /// Spark 3.5, of Glue 5.0
    V3_5,
}

impl Version {
    /// The release that one is read as, by the first two numbers of it: what is older than 3.3 as 3.3.
    pub const fn of_spark((major, minor): (u8, u8)) -> Self {
        match (major, minor) {
            (..3, _) | (3, ..=3) => Self::V3_3,
            _ => Self::V3_5,
        }
    }
}

/// What a function is to a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One value for the values of one row.
    Scalar,
    /// One value for many rows; may stand before `over`, may take `distinct` and `filter`.
    Aggregate,
    /// Needs `over`.
    Window,
    /// Many rows for one.
    Generator,
    /// `grouping` and `grouping_id`.
    Grouping,
    /// `window` and `session_window`, which make rows for times.
    TimeWindow,
    /// A relation, in `from` only.
    Table,
}

/// How many arguments a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// From the first number to the second.
    Between(u8, u8),
    /// One of the two.
    Either(u8, u8),
    /// So many or more.
    AtLeast(u8),
    /// The first number, and so many more any number of times.
    Steps(u8, u8),
}

impl Arity {
    /// So many arguments are taken.
    pub fn takes(self, count: usize) -> bool {
        match self {
            Self::Between(least, most) => count >= usize::from(least) && count <= usize::from(most),
            Self::Either(one, other) => count == usize::from(one) || count == usize::from(other),
            Self::AtLeast(least) => count >= usize::from(least),
            Self::Steps(least, step) => {
                count >= usize::from(least)
                    && (count - usize::from(least)).checked_rem(usize::from(step)) == Some(0)
            }
        }
    }

    /// The least and the most that are taken; none where there is no end.
    pub fn bounds(self) -> (usize, Option<usize>) {
        match self {
            Self::Between(least, most) | Self::Either(least, most) => (least.into(), Some(most.into())),
            Self::AtLeast(least) | Self::Steps(least, _) => (least.into(), None),
        }
    }

    /// As Spark's message says it.
    fn wanted(self) -> String {
        match self {
            Self::Between(least, most) if least == most => least.to_string(),
            Self::Between(least, most) => {
                let counts: Vec<String> = (least..=most).map(|count| count.to_string()).collect();
                format!("[{}]", counts.join(", "))
            }
            Self::Either(one, other) => format!("[{one}, {other}]"),
            Self::AtLeast(least) => format!("> {}", least.saturating_sub(1)),
            Self::Steps(_, step) => format!("{step}n (n > 0)"),
        }
    }
}

/// What becomes of an argument that is not of the type asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Casts {
    /// The rule looks after it.
    None,
    /// Nothing but `null` is cast.
    Expected,
    /// It is cast if there is an implicit cast.
    Implicit,
}

/// What a call gives, as far as a table can tell.
#[derive(Debug)]
pub(crate) enum Gives {
    /// That type.
    Is(DataType),
    /// The type that is written so.
    Text(&'static str),
    /// The type of the first argument.
    First,
    /// What the rule of its class says.
    Rule,
}

/// How the name of a column shows a call.
#[derive(Debug)]
pub(crate) enum Shown {
    /// The name and the arguments.
    Usual,
    /// As usual, by another name.
    As(&'static str),
    /// With so many arguments, in that form, `{0}` being the first; else as usual.
    Forms(&'static [(usize, &'static str)]),
}

/// A built-in function.
#[derive(Debug)]
pub struct Function {
    /// Its name, in small letters.
    pub name: &'static str,
    /// The class of Spark's expression.
    pub class: &'static str,
    /// What it is to a query.
    pub kind: Kind,
    /// The release that has it first; what is older than Spark 3.3 is of [`Version::V3_3`].
    pub since: Version,
    /// How many arguments it takes.
    pub arity: Arity,
    pub(crate) casts: Casts,
    pub(crate) inputs: &'static [Input],
    pub(crate) gives: Gives,
    pub(crate) shown: Shown,
}

impl Function {
    const fn table(name: &'static str) -> Self {
        Self {
            name,
            class: "",
            kind: Kind::Table,
            since: Version::V3_3,
            arity: Arity::AtLeast(0),
            casts: Casts::None,
            inputs: &[],
            gives: Gives::Rule,
            shown: Shown::Usual,
        }
    }

    /// What it takes and gives in one line, as far as a table tells: `date_add(DATE, (INT or SMALLINT or TINYINT)) -> DATE`.
    pub fn signature(&self) -> String {
        let (least, most) = self.arity.bounds();
        let parameters: Vec<String> = (0..most.unwrap_or(least.max(1)))
            .map(|position| {
                let input = self
                    .inputs
                    .get(position)
                    .map_or_else(|| "ANY".to_owned(), ToString::to_string);
                if position < least {
                    input
                } else {
                    format!("[{input}]")
                }
            })
            .collect();
        let more = if most.is_none() { ", .." } else { "" };
        let gives = match &self.gives {
            Gives::Is(ty) => format!(" -> {}", ty.sql()),
            Gives::Text(text) => format!(" -> {}", text.to_uppercase()),
            Gives::First | Gives::Rule => String::new(),
        };
        format!("{}({}{more}){gives}", self.name, parameters.join(", "))
    }

    /// The name that a call is shown by in the names of columns.
    pub fn shown_name(&self) -> &'static str {
        match self.shown {
            Shown::As(name) => name,
            Shown::Usual | Shown::Forms(_) => self.name,
        }
    }

    /// Spark's name for a column that is a call with these arguments, each in Spark's spelling.
    pub fn column_name(&self, arguments: &[Cow<'_, str>]) -> String {
        if let Shown::Forms(forms) = &self.shown
            && let Some((_, form)) = forms.iter().find(|(count, _)| *count == arguments.len())
        {
            return filled(form, arguments);
        }
        let name = self.shown_name();
        format!("{name}({})", arguments.join(", "))
    }
}

/// The form with the arguments in place of `{0}`, `{1}`..
fn filled(form: &str, arguments: &[Cow<'_, str>]) -> String {
    let mut text = String::new();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((number, after)) = after.split_once('}') else {
            break;
        };
        if let Some(argument) = number
            .parse()
            .ok()
            .and_then(|number: usize| arguments.get(number))
        {
            text.push_str(argument);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// What a call gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// A value of that type.
    Value(DataType),
    /// Rows of these columns: a generator's, named as Spark names them without an alias. `None`: nobody knows which.
    Rows(Option<Vec<Field>>),
}

/// Functions that only Spark's grammar knows, with `within group` behind them.
static OF_GROUPS: [Function; 2] = [of_group("percentile_cont"), of_group("percentile_disc")];

const fn of_group(name: &'static str) -> Function {
    Function {
        name,
        class: "PercentileWithinGroup",
        kind: Kind::Aggregate,
        since: Version::V3_3,
        arity: Arity::Between(1, 1),
        casts: Casts::Implicit,
        inputs: &[Input::Double],
        gives: Gives::Is(DataType::Double),
        shown: Shown::Usual,
    }
}

/// The built-in function of that name, in any case, if that release has it.
pub fn function(name: &str, version: Version) -> Option<&'static Function> {
    if let Some(found) = OF_GROUPS
        .iter()
        .find(|function| function.name.eq_ignore_ascii_case(name))
    {
        return Some(found);
    }
    let compare = |function: &Function| {
        function
            .name
            .bytes()
            .cmp(name.bytes().map(|byte| byte.to_ascii_lowercase()))
    };
    let found = table::FUNCTIONS.binary_search_by(compare).ok()?;
    table::FUNCTIONS
        .get(found)
        .filter(|function| function.since <= version)
}

/// The names of all built-in functions of a release, sorted.
pub fn names(version: Version) -> impl Iterator<Item = &'static str> {
    table::FUNCTIONS
        .iter()
        .filter(move |function| function.since <= version)
        .map(|function| function.name)
}

/// What a call of `function` gives for these arguments, or why Spark refuses it.
pub fn call(function: &Function, arguments: &[Operand<'_>]) -> Result<Output, Mismatch> {
    arguments::count(function, arguments.len())?;
    judged(function, arguments).or_else(|mismatch| {
        // what is laid at one argument is true whatever the others are
        let certain = match mismatch.operand.and_then(|operand| arguments.get(operand)) {
            Some(argument) => argument.ty.is_certain(),
            None => arguments.iter().all(|argument| argument.ty.is_certain()),
        };
        if certain {
            return Err(mismatch);
        }
        Ok(match function.kind {
            Kind::Generator => Output::Rows(None),
            _ => Output::Value(DataType::Unknown),
        })
    })
}

/// The verdict, had every argument a certain type.
fn judged(function: &Function, arguments: &[Operand<'_>]) -> Result<Output, Mismatch> {
    arguments::literals(function, arguments)?;
    let types = arguments::cast(function, arguments)?;
    let call = rules::Call {
        function,
        arguments,
        types: &types,
    };
    let output = match rules::rule(function.class) {
        Some(rule) => rule(&call)?,
        None => Output::Value(match &function.gives {
            Gives::Is(ty) => ty.clone(),
            Gives::Text(text) => crate::types::parse(text).unwrap_or(DataType::Unknown),
            Gives::First => types.first().cloned().unwrap_or(DataType::Unknown),
            Gives::Rule => DataType::Unknown,
        }),
    };
    arguments::constant(function, arguments)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::{Version, function, table};

    #[test]
    fn releases_are_read_as_those_that_differ() {
        let of = |major, minor| Version::of_spark((major, minor));
        assert_eq!([of(2, 4), of(3, 1), of(3, 3)], [Version::V3_3; 3]);
        assert_eq!([of(3, 5), of(4, 0)], [Version::V3_5; 2]);
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(table::FUNCTIONS.is_sorted_by(|left, right| left.name < right.name));
    }

    #[test]
    fn signatures_are_one_line() {
        for (name, expected) in [
            ("date_add", "date_add(DATE, (INT or SMALLINT or TINYINT)) -> DATE"),
            (
                "regexp_extract",
                "regexp_extract(STRING, STRING, [INT]) -> STRING",
            ),
            ("coalesce", "coalesce(ANY, ..)"),
            ("uuid", "uuid() -> STRING"),
        ] {
            assert_eq!(function(name, Version::V3_5).unwrap().signature(), expected);
        }
    }

    #[test]
    fn names_have_no_case_and_releases_count() {
        assert_eq!(
            function("Date_ADD", Version::V3_3).map(|found| found.name),
            Some("date_add")
        );
        assert!(function("dateadd", Version::V3_3).is_none());
        assert!(function("dateadd", Version::V3_5).is_some());
        assert!(function("current_schema", Version::V3_3).is_none());
        assert!(function("iff", Version::V3_5).is_none());
    }
}
