//! The tree of a query. Every part knows its bytes; parentheses leave no trace but in ranges.

use glueline_base::TextRange;

/// An identifier as it was written, its quotes gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The text without back quotes.
    pub text: Box<str>,
    /// Its bytes, quotes included.
    pub range: TextRange,
    /// Whether it stood in back quotes.
    pub quoted: bool,
}

/// A name of several parts: `db.table`, `alias.column.field`.
pub type Path = Vec<Name>;

/// An expression and its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its bytes; those of parentheses around it are not among them.
    pub range: TextRange,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`, `1`, `'text'`, `date '2024-01-01'`, `interval 1 day`
    Literal(Literal),
    /// A column, maybe with qualifiers before it and fields of a struct after it.
    Column(Path),
    /// `*`, `t.*`
    Star(Path),
    /// `base.name`, where the base is no plain name.
    Field {
        /// What the field is taken of.
        base: Box<Expr>,
        /// The field.
        name: Name,
    },
    /// `base[index]`
    Index {
        /// The array or map.
        base: Box<Expr>,
        /// The position or key.
        index: Box<Expr>,
    },
    /// `-a`, `+a`, `~a`, `not a`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        expr: Box<Expr>,
    },
    /// `a + b`, `a = b`, `a and b`
    Binary {
        /// The operator.
        op: Binary,
        /// Left of it.
        left: Box<Expr>,
        /// Right of it.
        right: Box<Expr>,
    },
    /// `a between b and c`
    Between {
        /// What is compared.
        expr: Box<Expr>,
        /// `not between`
        negated: bool,
        /// The lower bound.
        low: Box<Expr>,
        /// The upper bound.
        high: Box<Expr>,
    },
    /// `a in (b, c)`
    InList {
        /// What is looked for.
        expr: Box<Expr>,
        /// `not in`
        negated: bool,
        /// Where.
        list: Vec<Expr>,
    },
    /// `a in (select ..)`
    InQuery {
        /// What is looked for; a row constructor where several columns are compared.
        expr: Box<Expr>,
        /// `not in`
        negated: bool,
        /// Where.
        query: Box<Query>,
    },
    /// `a like b`, `a ilike b`, `a rlike b`
    Like {
        /// Which of them.
        kind: LikeKind,
        /// What is matched.
        expr: Box<Expr>,
        /// `not like`
        negated: bool,
        /// The pattern.
        pattern: Box<Expr>,
        /// The text after `escape`.
        escape: Option<Box<str>>,
    },
    /// `a like any (b, c)`
    LikeMany {
        /// `like` or `ilike`.
        kind: LikeKind,
        /// `all` instead of `any` or `some`.
        all: bool,
        /// What is matched.
        expr: Box<Expr>,
        /// `not like`
        negated: bool,
        /// The patterns.
        patterns: Vec<Expr>,
    },
    /// `a is null`, `a is not true`
    Is {
        /// What is asked about.
        expr: Box<Expr>,
        /// `is not`
        negated: bool,
        /// What it is compared with.
        what: IsWhat,
    },
    /// `a is distinct from b`
    DistinctFrom {
        /// Left.
        left: Box<Expr>,
        /// `is not distinct from`
        negated: bool,
        /// Right.
        right: Box<Expr>,
    },
    /// `exists (select ..)`
    Exists(Box<Query>),
    /// `(select ..)`
    Subquery(Box<Query>),
    /// `case a when b then c else d end`
    Case {
        /// The value between `case` and the first `when`.
        operand: Option<Box<Expr>>,
        /// Conditions and results.
        whens: Vec<(Expr, Expr)>,
        /// The result after `else`.
        otherwise: Option<Box<Expr>>,
    },
    /// `cast(a as int)`, `try_cast(a as int)`
    Cast {
        /// What is cast.
        expr: Box<Expr>,
        /// To what.
        to: TypeText,
        /// `try_cast`
        attempt: bool,
    },
    /// A call of a function, also in the forms that have a grammar of their own.
    Call(Box<Call>),
    /// `timestampadd(unit, amount, ts)`, `dateadd(unit, ..)`, `date_add(unit, ..)`
    TimestampAdd {
        /// The unit as written.
        unit: Name,
        /// How many.
        amount: Box<Expr>,
        /// To what.
        to: Box<Expr>,
    },
    /// `timestampdiff(unit, a, b)`, `datediff(unit, ..)`, `date_diff(unit, ..)`
    TimestampDiff {
        /// The unit as written.
        unit: Name,
        /// The first instant.
        start: Box<Expr>,
        /// The second.
        end: Box<Expr>,
    },
    /// `(a, b)`: a struct.
    Row(Vec<SelectItem>),
    /// `x -> x + 1`
    Lambda {
        /// Its parameters.
        params: Vec<Name>,
        /// Its value.
        body: Box<Expr>,
    },
    /// What could not be read, or was not there.
    Hole,
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number, with its suffix and without a sign.
    Number {
        /// The digits, with point and exponent, without the suffix.
        digits: Box<str>,
        /// The type that suffix or form give it.
        kind: NumberKind,
    },
    /// A text, its escapes resolved.
    String(Box<str>),
    /// `date '..'`, `timestamp '..'`, `x'..'`, `interval '..'`: the word before the text, in upper case, and the text.
    Typed {
        /// `DATE`, `TIMESTAMP`, `TIMESTAMP_NTZ`, `TIMESTAMP_LTZ`, `X`, `INTERVAL` or what else stood there.
        word: Box<str>,
        /// The text, its escapes resolved.
        text: Box<str>,
    },
    /// `interval 1 day 2 hours`, `interval '1-2' year to month`
    Interval {
        /// Values and units, in order, units in upper case and singular.
        parts: Vec<IntervalPart>,
        /// The unit after `to`, in upper case.
        to: Option<Box<str>>,
    },
    /// `?` or `:name`
    Parameter,
}

/// A value and a unit of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntervalPart {
    /// The value with its sign, without quotes.
    pub value: Box<str>,
    /// The unit, in upper case and singular.
    pub unit: Box<str>,
}

/// The type of a number's literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// `1`: int, bigint or a decimal, as it fits.
    Integer,
    /// `1Y`
    TinyInt,
    /// `1S`
    SmallInt,
    /// `1L`
    BigInt,
    /// `1.5`: a decimal with as many digits as are written.
    Decimal,
    /// `1e3`, `1.5D`
    Double,
    /// `1.5F`
    Float,
    /// `1.5BD`
    BigDecimal,
}

/// Operators before one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `~`
    BitNot,
    /// `not`, `!`
    Not,
}

pub use crate::types::operators::Binary;

/// Ways to match a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikeKind {
    /// `like`
    Like,
    /// `ilike`
    ILike,
    /// `rlike`, `regexp`
    RLike,
}

/// What stands after `is`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsWhat {
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// `unknown`
    Unknown,
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeText {
    /// The words as they stand in the query, comments and all.
    pub text: Box<str>,
    /// Its bytes.
    pub range: TextRange,
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The name, with its database where one is written. For forms with a grammar of their own, the function that they are:
    /// `extract(f from x)`, `trim(both a from b)`, `substring(a from 1)`, `position(a in b)`, `overlay(..)`, `current_date`.
    pub name: Path,
    /// Which grammar it was written in.
    pub form: CallForm,
    /// `distinct` before the arguments.
    pub distinct: bool,
    /// The arguments, in the order in which the function takes them.
    pub args: Vec<Arg>,
    /// `filter (where ..)`
    pub filter: Option<Box<Expr>>,
    /// `ignore nulls` is true, `respect nulls` false.
    pub ignore_nulls: Option<bool>,
    /// `within group (order by ..)`
    pub within: Vec<SortItem>,
    /// `over ..`
    pub over: Option<Over>,
}

/// The grammar that a call was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallForm {
    /// `name(args)`
    Plain,
    /// `current_date` and the like without parentheses.
    Bare,
    /// `extract(field from source)`: a text with the field, and the source.
    Extract,
    /// `substring(a from b for c)`
    Substring,
    /// `trim(both a from b)`: `trim`, `ltrim` or `rtrim` of what is trimmed and, second, the characters.
    Trim,
    /// `overlay(a placing b from c for d)`
    Overlay,
    /// `position(a in b)`
    Position,
    /// `struct(a, b as c)`: the names are in the arguments.
    Struct,
}

/// An argument.
#[derive(Debug, Clone, PartialEq)]
pub struct Arg {
    /// `name => value`; in `struct(..)` the alias.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// What stands after `over`.
#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// A name of the `window` clause.
    Named(Name),
    /// A specification.
    Spec(Box<WindowSpec>),
}

/// A specification of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowSpec {
    /// After `partition by`.
    pub partition: Vec<Expr>,
    /// After `order by`.
    pub order: Vec<SortItem>,
    /// `rows` or `range`.
    pub frame: Option<Frame>,
    /// Its bytes, parentheses included.
    pub range: TextRange,
}

/// The frame of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// `range` instead of `rows`.
    pub by_range: bool,
    /// Where it starts.
    pub start: Bound,
    /// Where it ends, where `between` is written.
    pub end: Option<Bound>,
    /// Its bytes.
    pub range: TextRange,
}

/// A bound of a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// `unbounded preceding`
    UnboundedPreceding,
    /// `unbounded following`
    UnboundedFollowing,
    /// `current row`
    CurrentRow,
    /// `n preceding`
    Preceding(Box<Expr>),
    /// `n following`
    Following(Box<Expr>),
}

/// An expression to order by.
#[derive(Debug, Clone, PartialEq)]
pub struct SortItem {
    /// What is ordered by.
    pub expr: Expr,
    /// `desc`
    pub descending: bool,
    /// `nulls first` is true, `nulls last` false.
    pub nulls_first: Option<bool>,
}

pub use super::query::*;
