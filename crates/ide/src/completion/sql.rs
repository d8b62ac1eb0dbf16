//! What can stand at a place of SQL: relations behind `from` and `join`, columns where expressions stand, functions, types.

use std::sync::Arc;

use glueline_base::TextRange;
use glueline_catalog::SPARK_TYPES;
use glueline_spark::naming;
use glueline_sql::{
    ClauseKind, Columns, FUNCTIONS, FromItem, Keyword, Known, Relation, Scope, Source, Sql, TokenKind,
};

use super::cx::Cx;
use super::item::{Completions, Fit, Item, ItemKind, List, WORTH_MAKING};
use super::models;
use super::subject::Subject;
use super::words::word_at;
use crate::columns::{self, ColumnId};
use crate::inferred;
use crate::query::{Fragment, Meant, fragment_at, fragments};

/// Words of a query that are worth completing.
const KEYWORDS: [&str; 40] = [
    "and",
    "as",
    "asc",
    "between",
    "case",
    "cross join",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "exists",
    "from",
    "full join",
    "group by",
    "having",
    "in",
    "inner join",
    "intersect",
    "is not null",
    "is null",
    "join",
    "lateral view",
    "left join",
    "like",
    "limit",
    "not",
    "null",
    "on",
    "or",
    "order by",
    "over",
    "partition by",
    "qualify",
    "select",
    "then",
    "union all",
    "using",
    "when",
    "where",
];

/// How many columns of a relation are offered with their types.
const TYPED: usize = 200;

/// The caret in a query.
struct Spot<'a> {
    fragment: &'a Fragment,
    scope: Option<Scope>,
    /// How many tokens end before the word.
    before: usize,
}

impl Spot<'_> {
    const fn sql(&self) -> &Sql {
        &self.fragment.sql
    }

    /// The kind of the token so many before the word; the nearest is 1.
    fn back(&self, steps: usize) -> Option<TokenKind> {
        let at = self.before.checked_sub(steps)?;
        self.sql().tokens.get(at).map(|token| token.kind)
    }

    /// Where the token stands that is so many before the word.
    fn range_back(&self, steps: usize) -> Option<TextRange> {
        let at = self.before.checked_sub(steps)?;
        self.sql().tokens.get(at).map(|token| token.range)
    }
}

pub(super) fn complete(cx: &Cx<'_>) -> Completions {
    let fragments = fragments(cx.analysis, cx.file);
    let Some(fragment) = fragment_at(&fragments, cx.caret) else {
        return Completions::default();
    };
    let word = word_at(cx, &[]);
    if !is_open(cx, &fragment.sql, word) {
        return Completions::default();
    }
    let tokens = &fragment.sql.tokens;
    let spot = Spot {
        fragment,
        scope: fragment
            .sql
            .scope_at(word.start())
            .or_else(|| fragment.sql.scope_at(cx.caret)),
        before: tokens.partition_point(|token| token.range.end() <= word.start()),
    };
    let mut list = List::new(cx.text, word, cx.caret);
    offer(cx, &spot, &mut list);
    list.finish()
}

/// Whether a name can stand at the caret: not in a comment, a text or a number.
fn is_open(cx: &Cx<'_>, sql: &Sql, word: TextRange) -> bool {
    let inside = |comment: &TextRange| {
        let is_line = cx.slice(*comment).starts_with("--");
        comment.start() < cx.caret && (cx.caret < comment.end() || is_line && cx.caret <= comment.end())
    };
    if sql.comments.iter().any(inside) || cx.slice(word).starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let touching = sql
        .tokens
        .iter()
        .find(|token| token.range.start() < cx.caret && cx.caret <= token.range.end());
    // Right behind a text or a number nothing can begin either.
    !touching.is_some_and(|token| {
        matches!(
            token.kind,
            TokenKind::String
                | TokenKind::Quoted
                | TokenKind::Number
                | TokenKind::Templated
                | TokenKind::Hole(_)
        )
    })
}

fn offer(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>) {
    let last = spot.back(1);
    let keyword = last.and_then(TokenKind::keyword);
    let clause = spot.scope.and_then(|scope| scope.clause);
    let in_condition = spot.scope.is_some_and(|scope| scope.is_condition);
    let in_from = clause == Some(ClauseKind::From) && !in_condition;
    if last == Some(TokenKind::Dot) {
        return qualified(cx, spot, list);
    }
    let wants_relation =
        in_from && (matches!(keyword, Some(Keyword::From | Keyword::Join)) || last == Some(TokenKind::Comma));
    if wants_relation {
        return relations(cx, spot, list);
    }
    // A blank alone is no question.
    if cx.typed == Some(' ') {
        return;
    }
    if keyword == Some(Keyword::As) {
        if is_cast(spot) {
            types(list);
        }
        return;
    }
    if last == Some(TokenKind::DoubleColon) {
        return types(list);
    }
    if is_operand(last) {
        return keywords(list);
    }
    match clause {
        Some(ClauseKind::Limit) => {}
        Some(ClauseKind::From) if !in_condition => keywords(list),
        Some(clause) => expression(cx, spot, list, clause),
        None if spot.before == 0 || spot.scope.is_none() => start(list),
        None => keywords(list),
    }
}

/// Whether an operand ends with a token, so that only an operator, a keyword or an alias can follow.
fn is_operand(kind: Option<TokenKind>) -> bool {
    match kind {
        Some(TokenKind::Word(keyword)) => matches!(
            keyword,
            None | Some(
                Keyword::End | Keyword::Null | Keyword::True | Keyword::False | Keyword::Asc | Keyword::Desc
            )
        ),
        Some(
            TokenKind::Quoted
            | TokenKind::Templated
            | TokenKind::Hole(_)
            | TokenKind::String
            | TokenKind::Number
            | TokenKind::Close
            | TokenKind::CloseBracket,
        ) => true,
        _ => false,
    }
}

/// Whether the parenthesis around the caret is that of a cast.
fn is_cast(spot: &Spot<'_>) -> bool {
    let mut depth = 0_usize;
    for step in 1..200 {
        match spot.back(step) {
            None => return false,
            Some(TokenKind::Close) => depth += 1,
            Some(TokenKind::Open) if depth > 0 => depth -= 1,
            Some(TokenKind::Open) => {
                let callee = spot.back(step + 1).and_then(TokenKind::keyword);
                return matches!(callee, Some(Keyword::Cast | Keyword::TryCast));
            }
            Some(_) => {}
        }
    }
    false
}

fn types(list: &mut List<'_>) {
    for kind in SPARK_TYPES {
        list.offer(0, kind, |item| item, ItemKind::Type);
    }
}

/// What a query begins with.
fn start(list: &mut List<'_>) {
    if list.has_typed() {
        for word in ["select", "with"] {
            list.offer(0, word, |item| item, ItemKind::Keyword);
        }
    }
}

/// Words of the language, in the case of what is typed.
fn keywords(list: &mut List<'_>) {
    if !list.has_typed() {
        return;
    }
    let is_loud = list.is_upper_case();
    for word in KEYWORDS {
        let text = if is_loud {
            word.to_ascii_uppercase()
        } else {
            word.to_owned()
        };
        list.offer(40, &text, |item| item, ItemKind::Keyword);
    }
}

/// Common table expressions, then models and sources, each as the call that names it.
fn relations(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>) {
    if let Some(scope) = spot.scope {
        for (place, (_, cte)) in spot.sql().visible_ctes(scope.query).enumerate() {
            if let Some(name) = cte.name.text.as_deref() {
                let tier = u16::try_from(place.min(50)).unwrap_or(50);
                list.offer(
                    tier,
                    name,
                    |item| item.detail("common table expression"),
                    ItemKind::Table,
                );
            }
        }
    }
    models::offer(cx, list, None, 100, |name| format!("{{{{ ref('{name}') }}}}"));
    let names = cx.project.lookup().source_names().into_iter();
    let mut tables: Vec<(Fit, String, &str, &str)> = names
        .filter_map(|(source, table)| {
            let label = format!("{source}.{table}");
            Some((list.fit(&label)?, label, source, table))
        })
        .collect();
    if tables.len() > WORTH_MAKING {
        list.cut();
        tables.select_nth_unstable(WORTH_MAKING);
        tables.truncate(WORTH_MAKING);
    }
    for (_, label, source, table) in tables {
        let node = cx.find_source(source, table);
        let mut item = Item::new(ItemKind::Relation, label, list.range)
            .text(format!("{{{{ source('{source}', '{table}') }}}}"))
            .detail("source");
        if let Some(node) = node {
            item = item.about(Subject::Node(node.unique_id.to_string()));
        }
        list.push(180, item);
    }
}

/// The names and dots before the caret: the columns of what they name.
fn qualified(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>) {
    let Some(qualifier) = spot.range_back(2).map(|at| cx.slice(at).trim_matches('`')) else {
        return;
    };
    // `a.b.` may be a field of a column, or a table with its database: neither is known well enough.
    if spot.back(3) == Some(TokenKind::Dot) {
        return;
    }
    let Some(select) = spot.scope.and_then(|scope| scope.select) else {
        return;
    };
    let known = columns::of_fragment(cx.analysis, spot.fragment);
    let found = spot.sql().sources(select).into_iter().find(|source| {
        spot.sql()
            .source(*source)
            .is_some_and(|item| is_called(item, qualifier))
    });
    if let Some(source) = found
        && let Some(columns) = known.source(source.select, source.index)
    {
        offer_columns(cx, spot.fragment, list, columns, 0, None);
    }
}

fn is_called(item: &FromItem, name: &str) -> bool {
    item.name().is_some_and(|own| own.is(name))
}

fn expression(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, clause: ClauseKind) {
    let select = spot.scope.and_then(|scope| scope.select);
    if let Some(select) = select {
        let known = columns::of_fragment(cx.analysis, spot.fragment);
        let sources = spot.sql().sources(select);
        unqualified(cx, spot, list, &known, &sources);
        let repeats = matches!(
            clause,
            ClauseKind::GroupBy | ClauseKind::OrderBy | ClauseKind::Having
        );
        let items = spot.sql().select(select).map_or(&[][..], |select| &select.items);
        for alias in items.iter().filter(|_| repeats).flat_map(|item| &item.aliases) {
            if let Some(name) = alias.text.as_deref() {
                list.offer(
                    1,
                    name,
                    |item| item.detail("of the select list"),
                    ItemKind::Column,
                );
            }
        }
    }
    if list.has_typed() {
        functions(cx, list);
        keywords(list);
    }
}

/// The columns of all that is read, with the name of their relation where more than one has them, and those names.
fn unqualified(
    cx: &Cx<'_>,
    spot: &Spot<'_>,
    list: &mut List<'_>,
    known: &Known<ColumnId>,
    sources: &[Source],
) {
    let columns_of = |source: &Source| known.source(source.select, source.index);
    let is_shared = |name: &str, distance: usize| {
        let having = sources.iter().filter(|source| source.distance == distance);
        having
            .filter_map(columns_of)
            .filter(|columns| columns.has(name))
            .count()
            > 1
    };
    for source in sources {
        let Some(item) = spot.sql().source(*source) else {
            continue;
        };
        let name = item.name().and_then(|name| name.text.as_deref());
        let tier = u16::try_from(source.distance.min(9) * 5).unwrap_or(45);
        if let Some(columns) = columns_of(source) {
            let qualify = |column: &str| {
                let name = name.filter(|_| is_shared(column, source.distance))?;
                Some(format!("{name}.{column}"))
            };
            offer_columns(cx, spot.fragment, list, columns, tier, Some(&qualify));
        }
        if let Some(name) = name {
            let detail = described(cx, spot.fragment, item);
            list.offer(tier + 3, name, |item| item.detail(detail), ItemKind::Table);
        }
    }
}

/// What an alias stands for.
fn described(cx: &Cx<'_>, fragment: &Fragment, item: &FromItem) -> String {
    match &item.relation {
        Relation::Hole { hole, .. } => match fragment.meant(*hole) {
            Meant::Relation(Some(node)) => format!("alias of {}", cx.project.node(node).name),
            Meant::This(_) => "alias of this".to_owned(),
            _ => "alias".to_owned(),
        },
        _ => "alias".to_owned(),
    }
}

fn offer_columns(
    cx: &Cx<'_>,
    fragment: &Fragment,
    list: &mut List<'_>,
    columns: &Columns<ColumnId>,
    tier: u16,
    qualify: Option<&dyn Fn(&str) -> Option<String>>,
) {
    for (place, column) in columns.list.iter().enumerate() {
        let Some(_) = list.fit(&column.name) else { continue };
        // Spark reads `from` as a column where it has to; whoever reads the query does not.
        let written = if Keyword::of(&column.name).is_some_and(Keyword::is_never_column) {
            naming::in_ticks(&column.name)
        } else {
            naming::written(&column.name).into_owned()
        };
        let shown = qualify.and_then(|qualify| qualify(&written));
        let mut item = Item::new(
            ItemKind::Column,
            shown.clone().unwrap_or_else(|| column.name.to_string()),
            list.range,
        )
        .text(shown.unwrap_or(written));
        if let Some(id) = column.origin {
            let node = cx.project.node(id.node);
            let kind: Option<Arc<str>> = (place < TYPED)
                .then(|| columns::type_of(cx.analysis, id).map(|(kind, _)| kind.text))
                .flatten();
            item = item
                .detail(match kind {
                    Some(kind) => format!("{kind} · {}", node.name),
                    None => node.name.to_string(),
                })
                .about(Subject::Column(
                    node.unique_id.to_string(),
                    column.name.to_string(),
                ));
        } else if place < TYPED
            && let Some(kind) = made_type(cx, fragment, column)
        {
            item = item.detail(kind);
        }
        item.filter = Some(column.name.to_string());
        list.push(tier, item);
    }
}

/// The type that Spark gives to a column that the query makes for itself.
fn made_type(cx: &Cx<'_>, fragment: &Fragment, column: &glueline_sql::Column<ColumnId>) -> Option<String> {
    let node = fragment.node.filter(|_| fragment.is_main)?;
    let names = inferred::names(cx.analysis, node);
    let found = names.written(column.at).filter(|found| found.ty.is_certain())?;
    Some(found.ty.to_string())
}

fn functions(cx: &Cx<'_>, list: &mut List<'_>) {
    let newest = spark_minor(cx);
    let rest = cx.text.get(usize::from(list.range.end())..).unwrap_or("");
    let is_followed = rest.starts_with('(');
    let is_loud = list.is_upper_case();
    for function in FUNCTIONS {
        if function
            .since
            .is_some_and(|since| newest.is_some_and(|newest| since > newest))
        {
            continue;
        }
        let name = if is_loud {
            function.name.to_ascii_uppercase()
        } else {
            function.name.to_owned()
        };
        list.offer(
            20,
            &name,
            |mut item| {
                item.signature = Some(format!("({})", function.parameters));
                let item = item.detail(function.group.words());
                if is_followed {
                    item
                } else if function.parameters.is_empty() {
                    item.text(format!("{name}()"))
                } else {
                    item.snippet(format!("{name}($1)$0"))
                }
            },
            ItemKind::Function,
        );
    }
}

/// The minor release of Spark 3 that the target's Glue runs; `None` where that is not known.
fn spark_minor(cx: &Cx<'_>) -> Option<u8> {
    match cx.project.glue_version()?.runtime().spark_release() {
        (3, minor) => Some(minor),
        _ => None,
    }
}
