//! sqlparser, which knows nothing of this crate, reads the same queries: where both read one, they have to see the same shape in it.

use glueline_spark::syntax::ast::ExprKind;
use glueline_spark::syntax::ast::{Body, Query, SelectItem, SetOp};
use glueline_spark::syntax::parse;
use sqlparser::ast::{self, SetExpr, SetOperator, Statement};
use sqlparser::dialect::SparkSqlDialect;
use sqlparser::parser::Parser;

/// Queries that sqlparser reads otherwise than Spark does, each with how; Spark 3.5.4 is the judge (`facts/queries.txt`).
const OTHERWISE: &[(&str, &str)] = &[
    (
        "select 1Y from n",
        "the letter is the type of the number, no alias",
    ),
    ("select 0.5BD from n", "so are these letters"),
    ("select 1.25D from n", "and this one"),
    ("select 1F from n", "and this one"),
    ("select 100000000D from n", "and this one"),
    ("select 'a' 'b' from n", "two literals side by side are one"),
];

fn shape(query: &Query, out: &mut String) {
    for cte in &query.ctes {
        out.push_str(&cte.name.text);
        out.push_str(" as (");
        shape(&cte.query, out);
        out.push_str(") ");
    }
    body(&query.body, out);
    order(query.order.len(), query.limit.is_some(), out);
}

fn order(order: usize, limit: bool, out: &mut String) {
    if order > 0 {
        out.push_str(&format!(" order by {order}"));
    }
    if limit {
        out.push_str(" limit");
    }
}

fn body(read: &Body, out: &mut String) {
    match read {
        Body::Select(select) => {
            out.push_str(if select.distinct {
                "select distinct "
            } else {
                "select "
            });
            let items: Vec<String> = select.items.iter().map(item).collect();
            out.push_str(&items.join(", "));
            clauses(select.filter.is_some(), select.having.is_some(), out);
        }
        Body::Set(set) => {
            body(&set.left, out);
            let op = match set.op {
                SetOp::Union => "union",
                SetOp::Except => "except",
                SetOp::Intersect => "intersect",
            };
            out.push_str(&format!(" {op}{} ", if set.all { " all" } else { "" }));
            body(&set.right, out);
        }
        Body::Values(values) => out.push_str(&format!("values {}", values.rows.len())),
        Body::Table(_) => out.push_str("table"),
        Body::Query(query) => {
            out.push('(');
            shape(query, out);
            out.push(')');
        }
        Body::Hole(_) => out.push('?'),
    }
}

fn clauses(filter: bool, having: bool, out: &mut String) {
    out.push_str(if filter { " where" } else { "" });
    out.push_str(if having { " having" } else { "" });
}

fn item(item: &SelectItem) -> String {
    match (&item.expr.kind, &item.alias) {
        (ExprKind::Star(_), None) => "*".to_owned(),
        (_, Some(alias)) => format!("x as {}", alias.text),
        _ => "x".to_owned(),
    }
}

fn other_shape(query: &ast::Query, out: &mut String) {
    for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
        out.push_str(&cte.alias.name.value);
        out.push_str(" as (");
        other_shape(&cte.query, out);
        out.push_str(") ");
    }
    other_body(&query.body, out);
    let ordered = match query.order_by.as_ref().map(|order| &order.kind) {
        Some(ast::OrderByKind::Expressions(items)) => items.len(),
        Some(ast::OrderByKind::All(_)) => 1,
        None => 0,
    };
    order(ordered, query.limit_clause.is_some(), out);
}

fn other_body(read: &SetExpr, out: &mut String) {
    match read {
        SetExpr::Select(select) => {
            out.push_str(if select.distinct.is_some() {
                "select distinct "
            } else {
                "select "
            });
            let items: Vec<String> = select.projection.iter().map(other_item).collect();
            out.push_str(&items.join(", "));
            clauses(select.selection.is_some(), select.having.is_some(), out);
        }
        SetExpr::SetOperation {
            op,
            set_quantifier,
            left,
            right,
        } => {
            other_body(left, out);
            let op = match op {
                SetOperator::Union => "union",
                SetOperator::Except | SetOperator::Minus => "except",
                SetOperator::Intersect => "intersect",
            };
            let all = *set_quantifier == ast::SetQuantifier::All;
            out.push_str(&format!(" {op}{} ", if all { " all" } else { "" }));
            other_body(right, out);
        }
        SetExpr::Values(values) => out.push_str(&format!("values {}", values.rows.len())),
        SetExpr::Table(_) => out.push_str("table"),
        SetExpr::Query(query) => {
            out.push('(');
            other_shape(query, out);
            out.push(')');
        }
        other => out.push_str(&other.to_string()),
    }
}

fn other_item(item: &ast::SelectItem) -> String {
    match item {
        ast::SelectItem::Wildcard(_) | ast::SelectItem::QualifiedWildcard(..) => "*".to_owned(),
        ast::SelectItem::ExprWithAlias { alias, .. } => format!("x as {}", alias.value),
        _ => "x".to_owned(),
    }
}

/// What sqlparser sees in a query; `None` where it cannot read it.
fn second(text: &str) -> Option<String> {
    let statements = Parser::parse_sql(&SparkSqlDialect {}, text).ok()?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return None;
    };
    let mut out = String::new();
    other_shape(query, &mut out);
    Some(out)
}

#[test]
fn a_second_reader_sees_the_same() {
    let facts = include_str!("facts/queries.txt");
    let queries = facts.lines().filter_map(|line| {
        let (text, verdict) = line.split_once('\t')?;
        (!line.starts_with('#') && !verdict.starts_with('!')).then_some(text)
    });
    let (mut read, mut both) = (0, 0);
    let mut differ = Vec::new();
    for text in queries {
        let parsed = parse(text);
        let Some(query) = parsed
            .query
            .filter(|_| parsed.errors.is_empty() && !parsed.unread)
        else {
            panic!("Spark reads it, and we do not: {text}");
        };
        read += 1;
        let Some(other) = second(text) else { continue };
        both += 1;
        let mut own = String::new();
        shape(&query, &mut own);
        let is_known = OTHERWISE.iter().any(|(known, _)| *known == text);
        if (own != other) != is_known {
            differ.push(format!("{text}\n  {own}\n  {other}"));
        }
    }
    println!("queries: {read}, of which sqlparser reads {both}");
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
    assert!(
        both * 10 > read * 8,
        "sqlparser reads {both} of {read}: too few to tell anything"
    );
}
