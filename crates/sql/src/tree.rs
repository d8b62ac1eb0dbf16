//! What was read: queries, their selects, and what these read and give.

use std::borrow::Cow;

use glueline_base::{TextRange, TextSize, slice};

use crate::nest::Nest;
use crate::token::{Token, TokenKind};

/// The number of a query in [`Sql::queries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryId(pub u32);

/// The number of a select in [`Sql::selects`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SelectId(pub u32);

/// A common table expression: its query, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CteId {
    /// The query whose `with` it stands in.
    pub query: QueryId,
    /// Its number in [`Query::ctes`].
    pub index: u32,
}

/// What was read of a stretch of text.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    /// The stretch.
    pub range: TextRange,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// Its comments and hints, in the order of the text.
    pub comments: Vec<TextRange>,
    /// Every query, an outer one before those in it.
    pub queries: Vec<Query>,
    /// Every select, in the order in which they were read.
    pub selects: Vec<Select>,
    /// The names of columns and functions, and the words before a dot, as expressions use them; in the order of the text.
    pub paths: Vec<Path>,
    /// The statements: their queries, in the order of the text.
    pub statements: Vec<QueryId>,
    pub(crate) nest: Nest,
}

/// A name as it is written once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name without back-ticks; `None` where a hole is a part of it.
    pub text: Option<Box<str>>,
    /// The bytes, back-ticks included.
    pub range: TextRange,
}

/// What stands around a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outer {
    /// The query it stands in.
    pub query: QueryId,
    /// How many common table expressions of that query it can name.
    pub ctes: u32,
    /// The select it stands in, whose relations it can name in an expression; `None` in a `with`.
    pub select: Option<SelectId>,
}

/// A query: what stands in parentheses after `as`, in `from`, in an expression, or a statement.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Everything between the parentheses, or up to the semicolon, blanks included.
    pub range: TextRange,
    /// From its first token to its last.
    pub content: TextRange,
    /// What stands around it.
    pub outer: Option<Outer>,
    /// `with`, up to the body.
    pub with: Option<TextRange>,
    /// Whether `recursive` is written, so that a common table expression can name itself.
    pub is_recursive: bool,
    /// The common table expressions.
    pub ctes: Vec<Cte>,
    /// The parts of a union, an intersection, ... in the order written; one where there is none.
    pub branches: Vec<Branch>,
    /// Whether parts stand side by side with nothing between them, as the branches of an `{% if %}` do.
    pub is_ambiguous: bool,
}

/// A part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// `select ...`
    Select(SelectId),
    /// A query in parentheses.
    Query(QueryId),
    /// Something else: `values`, `table t`, a hole.
    Other(TextRange),
}

/// `name (columns) as (query)`
#[derive(Debug, Clone)]
pub struct Cte {
    /// The name.
    pub name: Name,
    /// The names it gives to its columns, where it does.
    pub columns: Option<Vec<Name>>,
    /// From the name to the closing parenthesis.
    pub range: TextRange,
    /// The parentheses of the query.
    pub body: Option<TextRange>,
    /// The query.
    pub query: Option<QueryId>,
}

/// `select ... from ...`
#[derive(Debug, Clone, Default)]
pub struct Select {
    /// The query it is a part of.
    pub query: QueryId,
    /// From `select` to what ends it, blanks included.
    pub range: TextRange,
    /// From its first token to its last.
    pub content: TextRange,
    /// What stands in the select list.
    pub items: Vec<Item>,
    /// What it reads.
    pub from: Vec<FromItem>,
    /// Its clauses, `select` and `from` among them; together they cover `range`.
    pub clauses: Vec<Clause>,
}

/// A clause of a select.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// Which one.
    pub kind: ClauseKind,
    /// The words it begins with.
    pub keyword: TextRange,
    /// Up to the next clause, blanks included.
    pub range: TextRange,
    /// From the first word to the last token.
    pub content: TextRange,
}

/// A kind of clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClauseKind {
    /// `select`
    Select,
    /// `from`, joins and lateral views
    From,
    /// `where`
    Where,
    /// `group by`
    GroupBy,
    /// `having`
    Having,
    /// `qualify`
    Qualify,
    /// `window`
    Window,
    /// `order by`, and `sort by`
    OrderBy,
    /// `cluster by`, and `distribute by`
    DistributeBy,
    /// `limit`, and `offset`
    Limit,
}

/// An item of a select list.
#[derive(Debug, Clone)]
pub struct Item {
    /// The whole item.
    pub range: TextRange,
    /// The item without its alias.
    pub expr: TextRange,
    /// What it is.
    pub kind: ItemKind,
    /// Its alias; several after a function that gives several columns.
    pub aliases: Vec<Name>,
    /// The type, where the expression is `cast(x as type)` or `x::type`.
    pub cast: Option<TextRange>,
}

/// What an item of a select list is.
#[derive(Debug, Clone)]
pub enum ItemKind {
    /// `*`, `t.*`, with `except (a, b)`
    Star {
        /// The names before the star.
        qualifier: Vec<Name>,
        /// The columns that are left out.
        except: Vec<Name>,
    },
    /// A column, or a field of one, with the names before it.
    Column(Vec<Name>),
    /// A hole, or a name with a hole in it: any number of columns.
    Hole(Option<u32>),
    /// Anything else.
    Expr,
}

/// What a select reads, once.
#[derive(Debug, Clone)]
pub struct FromItem {
    /// From the relation to the end of its alias.
    pub range: TextRange,
    /// What is read.
    pub relation: Relation,
    /// The alias.
    pub alias: Option<Name>,
    /// The names that the alias gives to the columns, where it does.
    pub columns: Option<Vec<Name>>,
    /// How it is joined to those before it; `None` for the first, and after a comma.
    pub join: Option<Join>,
    /// Whether `pivot` or `unpivot` makes other columns of it.
    pub is_reshaped: bool,
}

/// A relation that is read.
#[derive(Debug, Clone)]
pub enum Relation {
    /// A hole.
    Hole {
        /// Its number in the list given.
        hole: u32,
        /// Its bytes.
        range: TextRange,
    },
    /// A name: a common table expression, a table, `database.table`.
    Named(Vec<Name>),
    /// A query in parentheses.
    Query(QueryId),
    /// `lateral view explode(x) t as a, b`; the columns are in [`FromItem::columns`].
    View(Name),
    /// A function that gives rows.
    Function(Name),
    /// `values (1, 2), (3, 4)`: how many columns there are.
    Values(usize),
    /// Nothing that can be named: a hole in a name, half a join.
    Unknown(TextRange),
}

/// `left join ... on ...`
#[derive(Debug, Clone)]
pub struct Join {
    /// What it keeps.
    pub kind: JoinKind,
    /// Whether `natural` is written.
    pub is_natural: bool,
    /// The words: `left outer join`.
    pub keyword: TextRange,
    /// The columns after `using`.
    pub using: Option<Vec<Name>>,
    /// What stands after `on`.
    pub on: Option<TextRange>,
    /// From the first of the words to the end of the condition.
    pub range: TextRange,
}

/// Which rows and columns a join keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// `semi join`: no columns of the right side
    Semi,
    /// `anti join`: no columns of the right side
    Anti,
    /// `lateral view`
    View,
}

/// Names with dots between them, in an expression.
#[derive(Debug, Clone)]
pub struct Path {
    /// The names; at least one.
    pub parts: Vec<Name>,
    /// What it names.
    pub kind: PathKind,
    /// The query it stands in.
    pub query: QueryId,
    /// The select it stands in; `None` where what stands around it could not be read.
    pub select: Option<SelectId>,
    /// The clause it stands in.
    pub clause: Option<ClauseKind>,
}

/// What names with dots between them stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// A column, with its relation before it or fields behind it.
    Column,
    /// The relation before the dot of `t.*`, or before one with nothing behind it.
    Star,
    /// A function.
    Function,
    /// A parameter of a lambda.
    Lambda,
}

impl Default for QueryId {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Name {
    /// Whether it is this name. Spark's names are equal whatever the case of their letters.
    pub fn is(&self, name: &str) -> bool {
        self.text.as_deref().is_some_and(|text| same(text, name))
    }
}

/// Whether two names are the same to Spark, which folds the case of letters.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

impl Item {
    /// The name of the column it gives; `None` where there are several, or Spark makes one up.
    pub fn name(&self) -> Option<&Name> {
        match (self.aliases.as_slice(), &self.kind) {
            ([alias], _) => Some(alias),
            ([], ItemKind::Column(parts)) => parts.last(),
            _ => None,
        }
    }
}

impl FromItem {
    /// The name under which its columns can be told apart: the alias, or the last part of the name.
    pub fn name(&self) -> Option<&Name> {
        match (&self.alias, &self.relation) {
            (Some(alias), _) => Some(alias),
            (None, Relation::Named(parts)) => parts.last(),
            (None, Relation::View(name)) => Some(name),
            _ => None,
        }
    }
}

impl Sql {
    /// A query.
    pub fn query(&self, id: QueryId) -> Option<&Query> {
        self.queries.get(id.0 as usize)
    }

    /// A select.
    pub fn select(&self, id: SelectId) -> Option<&Select> {
        self.selects.get(id.0 as usize)
    }

    /// A common table expression.
    pub fn cte(&self, id: CteId) -> Option<&Cte> {
        self.query(id.query)?.ctes.get(id.index as usize)
    }

    /// Every common table expression, by query.
    pub fn ctes(&self) -> impl Iterator<Item = (CteId, &Cte)> {
        let numbered = self.queries.iter().zip(0_u32..);
        numbered.flat_map(|(query, number)| {
            let id = move |index| CteId {
                query: QueryId(number),
                index,
            };
            query
                .ctes
                .iter()
                .zip(0_u32..)
                .map(move |(cte, index)| (id(index), cte))
        })
    }

    /// The number of the token that holds an offset or ends there; the later one where two touch.
    pub fn token_at(&self, offset: TextSize) -> Option<usize> {
        let after = self.tokens.partition_point(|token| token.range.start() <= offset);
        let at = after.checked_sub(1)?;
        let token = self.tokens.get(at)?;
        (token.range.end() >= offset).then_some(at)
    }

    /// The number of the token behind this one, or behind the parentheses that it opens.
    pub fn behind(&self, at: usize) -> usize {
        let end = self.nest.end(at);
        let closes = self
            .tokens
            .get(end)
            .is_some_and(|token| token.kind == TokenKind::Close);
        if end > at && !closes { end } else { end.max(at) + 1 }
    }

    /// For an opening parenthesis, the bytes up to its closing one, both included; up to where it should be if it is missing.
    pub fn parentheses(&self, open: usize) -> Option<TextRange> {
        let first = self
            .tokens
            .get(open)
            .filter(|token| token.kind == TokenKind::Open)?;
        let end = self.nest.end(open);
        let last = self
            .tokens
            .get(end)
            .filter(|token| token.kind == TokenKind::Close);
        let end = match last {
            Some(close) => close.range.end(),
            None => self.tokens.get(end.checked_sub(1)?)?.range.end(),
        };
        Some(TextRange::new(first.range.start(), end.max(first.range.end())))
    }
}

/// What a name of these bytes says, without its back-ticks.
pub(crate) fn unquoted(text: &str, range: TextRange) -> Cow<'_, str> {
    let written = slice(text, range);
    let Some(inside) = written.strip_prefix('`') else {
        return Cow::Borrowed(written);
    };
    let inside = inside.strip_suffix('`').unwrap_or(inside);
    if inside.contains("``") {
        Cow::Owned(inside.replace("``", "`"))
    } else {
        Cow::Borrowed(inside)
    }
}
