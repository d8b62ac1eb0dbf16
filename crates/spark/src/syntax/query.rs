//! The tree of a query, above its expressions.

use glueline_base::TextRange;

use super::ast::{Arg, Expr, Name, Path, SortItem};

/// A query: `with`, the query itself, and what orders and limits it.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The queries after `with`.
    pub ctes: Vec<Cte>,
    /// The query itself.
    pub body: Body,
    /// `order by`
    pub order: Vec<SortItem>,
    /// `cluster by`
    pub cluster: Vec<Expr>,
    /// `distribute by`
    pub distribute: Vec<Expr>,
    /// `sort by`
    pub sort: Vec<SortItem>,
    /// `window` after all else.
    pub windows: Vec<NamedWindow>,
    /// `limit`, but not `limit all`.
    pub limit: Option<Expr>,
    /// `offset`
    pub offset: Option<Expr>,
    /// Its bytes.
    pub range: TextRange,
}

/// A query with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Cte {
    /// The name.
    pub name: Name,
    /// Names of its columns.
    pub columns: Vec<Name>,
    /// The query.
    pub query: Query,
    /// From the name to the closing parenthesis.
    pub range: TextRange,
}

/// The part of a query that makes rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// `select ..`, also `from t select ..`
    Select(Box<Select>),
    /// `union`, `except`, `intersect`
    Set(Box<SetOperation>),
    /// `values (1, 'a'), ..`
    Values(Values),
    /// `table t`
    Table(Path),
    /// A query in parentheses.
    Query(Box<Query>),
    /// What could not be read.
    Hole(TextRange),
}

impl Body {
    /// Its bytes.
    pub fn range(&self) -> TextRange {
        match self {
            Self::Select(select) => select.range,
            Self::Set(set) => set.range,
            Self::Values(values) => values.range,
            Self::Table(path) => super::range_of_path(path),
            Self::Query(query) => query.range,
            Self::Hole(range) => *range,
        }
    }
}

/// Two queries made one.
#[derive(Debug, Clone, PartialEq)]
pub struct SetOperation {
    /// Which.
    pub op: SetOp,
    /// `all`
    pub all: bool,
    /// The first.
    pub left: Body,
    /// The second.
    pub right: Body,
    /// The bytes of both.
    pub range: TextRange,
}

/// Ways to make two queries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOp {
    /// `union`
    Union,
    /// `except`, `minus`
    Except,
    /// `intersect`
    Intersect,
}

/// `select`
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// `distinct`
    pub distinct: bool,
    /// The columns.
    pub items: Vec<SelectItem>,
    /// `from`, relations between commas; empty where there is none.
    pub from: Vec<Relation>,
    /// `lateral view`
    pub laterals: Vec<LateralView>,
    /// `pivot` and `unpivot` over all that `from` reads.
    pub pivots: Vec<PivotKind>,
    /// `where`
    pub filter: Option<Expr>,
    /// `group by`
    pub group: Option<GroupBy>,
    /// `having`
    pub having: Option<Expr>,
    /// `window`
    pub windows: Vec<NamedWindow>,
    /// Its bytes.
    pub range: TextRange,
}

/// A column of a `select`.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectItem {
    /// The expression.
    pub expr: Expr,
    /// The name given to it.
    pub alias: Option<Name>,
    /// Names given to the columns of a generator: `as (a, b)`.
    pub aliases: Vec<Name>,
    /// The bytes of expression and alias.
    pub range: TextRange,
}

/// `group by`
#[derive(Debug, Clone, PartialEq)]
pub struct GroupBy {
    /// What is grouped by.
    pub items: Vec<Group>,
    /// `with rollup`, `with cube` after the expressions; `Sets` for `a, b grouping sets (..)`, whose sets are the last item.
    pub with: Option<GroupKind>,
    /// The bytes after `group by`.
    pub range: TextRange,
}

/// An element of `group by`.
#[derive(Debug, Clone, PartialEq)]
pub enum Group {
    /// An expression, an ordinal, an alias, or `all`.
    Expr(Expr),
    /// `rollup (..)`, `cube (..)`, `grouping sets (..)`
    Sets(GroupKind, Vec<Group>),
    /// Expressions in parentheses, within one of those.
    Set(Vec<Expr>),
}

/// Ways to group by several sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// `rollup`
    Rollup,
    /// `cube`
    Cube,
    /// `grouping sets`
    Sets,
}

/// A window with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedWindow {
    /// The name.
    pub name: Name,
    /// The specification, or the name of another window.
    pub over: super::ast::Over,
}

/// A relation and the bytes that it was written with.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// What it is.
    pub kind: RelationKind,
    /// `lateral` before it.
    pub lateral: bool,
    /// Its bytes.
    pub range: TextRange,
}

/// What is read.
#[derive(Debug, Clone, PartialEq)]
pub enum RelationKind {
    /// A table, a view or a query with a name.
    Table {
        /// Its name.
        name: Path,
        /// `version as of`, `timestamp as of`
        temporal: bool,
        /// The names given to it.
        alias: TableAlias,
    },
    /// A query in parentheses.
    Query {
        /// The query.
        query: Box<Query>,
        /// The names given to it.
        alias: TableAlias,
    },
    /// A relation in parentheses.
    Nested {
        /// The relation.
        relation: Box<Relation>,
        /// The names given to it.
        alias: TableAlias,
    },
    /// `values ..`
    Values(Values),
    /// `range(10)`, `explode(..)`
    Function {
        /// Its name.
        name: Path,
        /// Its arguments; a table that is handed over is a hole.
        args: Vec<Arg>,
        /// The names given to it.
        alias: TableAlias,
    },
    /// Two relations joined.
    Join(Box<Join>),
    /// A relation turned.
    Pivot {
        /// What is turned.
        input: Box<Relation>,
        /// How.
        pivot: PivotKind,
    },
    /// What could not be read.
    Hole,
}

/// The names given to a relation and its columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableAlias {
    /// Its name.
    pub name: Option<Name>,
    /// Its columns.
    pub columns: Vec<Name>,
}

/// `values`
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The rows; a row of several columns is a row constructor.
    pub rows: Vec<Expr>,
    /// The names given to it.
    pub alias: TableAlias,
    /// Its bytes.
    pub range: TextRange,
}

/// Two relations joined.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Left.
    pub left: Relation,
    /// Right.
    pub right: Relation,
    /// How.
    pub kind: JoinKind,
    /// `natural`
    pub natural: bool,
    /// `on` or `using`.
    pub criteria: Criteria,
}

/// Ways to join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// `join`, `inner join`
    Inner,
    /// `cross join`
    Cross,
    /// `left join`
    Left,
    /// `right join`
    Right,
    /// `full join`
    Full,
    /// `left semi join`
    Semi,
    /// `left anti join`
    Anti,
}

/// What two relations are joined on.
#[derive(Debug, Clone, PartialEq)]
pub enum Criteria {
    /// Nothing is written.
    None,
    /// `on`
    On(Expr),
    /// `using`
    Using(Vec<Name>),
}

/// `lateral view`
#[derive(Debug, Clone, PartialEq)]
pub struct LateralView {
    /// `outer`
    pub outer: bool,
    /// The generator.
    pub name: Path,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// The name of the relation that it makes.
    pub table: Name,
    /// The names of its columns.
    pub columns: Vec<Name>,
    /// Its bytes.
    pub range: TextRange,
}

/// `pivot` or `unpivot`
#[derive(Debug, Clone, PartialEq)]
pub enum PivotKind {
    /// `pivot (aggregates for columns in (values))`
    Pivot {
        /// The aggregates.
        aggregates: Vec<SelectItem>,
        /// The columns after `for`.
        columns: Vec<Name>,
        /// The values with their names.
        values: Vec<SelectItem>,
        /// Its bytes.
        range: TextRange,
    },
    /// `unpivot (values for name in (columns))`
    Unpivot(Box<Unpivot>),
}

/// `unpivot`
#[derive(Debug, Clone, PartialEq)]
pub struct Unpivot {
    /// `include nulls`
    pub include_nulls: bool,
    /// The names of the columns that hold values.
    pub values: Vec<Name>,
    /// The name of the column that holds names.
    pub name: Name,
    /// The columns that are turned, several at a time where there are several values, and what they are called.
    pub columns: Vec<(Vec<Path>, Option<Name>)>,
    /// The name given to it all.
    pub alias: Option<Name>,
    /// Its bytes.
    pub range: TextRange,
}
