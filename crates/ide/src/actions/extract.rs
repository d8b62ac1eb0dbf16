//! A part of a query becomes something of its own: a model, or a common table expression.

use glueline_base::{FileId, FileRange, System, TextRange, slice};
use glueline_jinja::{Context, Expr, ExprKind, Statement, StatementKind, Visitor, walk};
use glueline_project::{FileKind, ResourceType};
use glueline_sql::{Branch, Cte, FromItem, QueryId, Relation, Sql};

use super::text::{dedented, indentation, line_ending, trimmed};
use super::{Action, ActionKind};
use crate::query::{Fragment, Meant};
use crate::{Analysis, query};

/// Whether every block of Jinja that a stretch touches stands in it as a whole, or is around it as a whole; and no block is around
/// it whose end could be missed.
pub(super) fn is_balanced(text: &str, stretch: TextRange) -> bool {
    struct Cut {
        stretch: TextRange,
        is_cut: bool,
    }
    impl Cut {
        fn part(&mut self, range: TextRange) {
            let both = range.intersect(self.stretch).is_some_and(|both| !both.is_empty());
            self.is_cut |= both && !self.stretch.contains_range(range);
        }
    }
    impl<'t, 'a> Visitor<'t, 'a> for Cut {
        fn output(&mut self, output: &'t glueline_jinja::Output<'a>, _context: &Context<'t, 'a>) {
            self.part(output.range);
        }

        fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
            let tags = match &statement.kind {
                StatementKind::If { branches } => branches.iter().map(|branch| branch.tag.range).collect(),
                _ => vec![statement.open.range],
            };
            let close = statement.close.map(|close| close.range);
            let inside = |range: &TextRange| self.stretch.contains_range(*range);
            let all: Vec<TextRange> = tags.into_iter().chain(close).collect();
            // All of its tags, or none.
            let count = all.iter().filter(|tag| inside(tag)).count();
            self.is_cut |= count != 0 && count != all.len();
            all.into_iter().for_each(|tag| self.part(tag));
        }
    }
    let mut cut = Cut {
        stretch,
        is_cut: false,
    };
    walk(&glueline_jinja::parse(text), &mut cut);
    !cut.is_cut
}

/// Where the name of a common table expression is touched: its query as an ephemeral model, which changes nothing that is made.
pub(super) fn cte_to_model(analysis: &Analysis, file: FileId, range: TextRange) -> Option<Action> {
    let project = analysis.project();
    if project.files().info(file).kind != FileKind::Model {
        return None;
    }
    let text = analysis.text(file);
    let fragments = query::fragments(analysis, file);
    let fragment = fragments.iter().find(|fragment| fragment.is_main)?;
    let owner = project.node(fragment.node?);
    if owner.kind != ResourceType::Model || owner.version.is_some() {
        return None;
    }
    let (_, cte) = fragment.sql.ctes().find(|(id, cte)| {
        let is_outermost = fragment
            .sql
            .query(id.query)
            .is_some_and(|query| query.outer.is_none());
        is_outermost && cte.name.range.intersect(range).is_some()
    })?;
    let (query, body) = (cte.query?, cte.body?);
    let inner = fragment.sql.query(query)?.content;
    let is_apart = stands_alone(fragment, cte, query)
        && !fragment.is_conditional(cte.range)
        && !inner.is_empty()
        && is_balanced(text, body)
        && !uses_locals(text, body);
    if !is_apart {
        return None;
    }
    let name = cte.name.text.as_deref().filter(|name| is_plain(name))?;
    let is_taken = |name: &str| {
        let own_names = project.lookup().ref_names();
        own_names.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let name = if is_taken(name) {
        Some(format!("{}__{name}", owner.name)).filter(|name| !is_taken(name))?
    } else {
        name.to_owned()
    };
    let path = analysis.path(file).with_file_name(format!("{name}.sql"));
    if analysis.system().kind(&path).is_some() {
        return None;
    }
    let newline = line_ending(text);
    let inside = slice(text, between(body));
    let content = format!(
        "{{{{ config(materialized='ephemeral') }}}}{newline}{newline}{}{newline}",
        dedented(inside).trim_start()
    );
    let indent = indentation(text, cte.range.start());
    let select = format!("{newline}{indent}    select * from {{{{ ref('{name}') }}}}{newline}{indent}");
    let at = FileRange {
        file,
        range: between(body),
    };
    let title = format!(
        "Extract `{}` to the ephemeral model `{name}`",
        cte.name.text.as_deref()?
    );
    Some(
        Action::new(title, ActionKind::Extract)
            .replace(at, select)
            .create(path, content),
    )
}

/// What stands between parentheses.
fn between(parentheses: TextRange) -> TextRange {
    let one = glueline_base::TextSize::new(1);
    let start = parentheses.start() + one;
    TextRange::new(start, (parentheses.end() - one).max(start))
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a query reads no common table expression from around it, and not the model itself.
fn stands_alone(fragment: &Fragment, cte: &Cte, query: QueryId) -> bool {
    let sql = &fragment.sql;
    let Some(range) = sql.query(query).map(|query| query.range) else {
        return false;
    };
    let inside = |item: &FromItem| range.contains_range(item.range);
    let free = sql.selects.iter().all(|select| {
        select
            .from
            .iter()
            .filter(|item| inside(item))
            .all(|item| match &item.relation {
                Relation::Hole { hole, .. } => !matches!(fragment.meant(*hole), Meant::This(_)),
                Relation::Named(_) => match sql.cte_of(select.query, item) {
                    // One that is written inside goes with it.
                    Some(id) => sql.cte(id).is_some_and(|found| range.contains_range(found.range)),
                    None => true,
                },
                _ => true,
            })
    });
    let name = cte.name.text.as_deref().unwrap_or_default();
    let names_itself = sql.selects.iter().flat_map(|select| &select.from).filter(|item| inside(item)).any(|item| {
        matches!(&item.relation, Relation::Named(parts) if parts.len() == 1 && parts.iter().any(|part| part.is(name)))
    });
    free && !names_itself
}

/// Whether Jinja in a stretch uses what the file binds elsewhere, or what is another thing in another model.
fn uses_locals(text: &str, stretch: TextRange) -> bool {
    #[derive(Default)]
    struct Names {
        stretch: TextRange,
        bound: Vec<String>,
        used: Vec<String>,
    }
    impl<'t, 'a> Visitor<'t, 'a> for Names {
        fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
            let target = match &statement.kind {
                StatementKind::Set { target, .. } | StatementKind::SetBlock { target, .. } => Some(target),
                StatementKind::For(each) => Some(&each.target),
                _ => None,
            };
            if self.stretch.contains_range(statement.range) {
                return;
            }
            if let Some(name) = statement.defined_name() {
                self.bound.push(name.value.to_owned());
            }
            let mut open: Vec<&Expr<'_>> = target.into_iter().collect();
            while let Some(expr) = open.pop() {
                self.bound.extend(expr.as_name().map(str::to_owned));
                expr.for_each_child(&mut |child| open.push(child));
            }
        }

        fn expr(&mut self, expr: &'t Expr<'a>, _context: &Context<'t, 'a>) {
            if let ExprKind::Name(name) = &expr.kind
                && self.stretch.contains_range(name.range)
            {
                self.used.push(name.value.to_owned());
            }
        }
    }
    let mut names = Names {
        stretch,
        ..Names::default()
    };
    walk(&glueline_jinja::parse(text), &mut names);
    let of_the_model = ["this", "is_incremental", "model", "config", "loop", "caller"];
    names
        .used
        .iter()
        .any(|name| names.bound.contains(name) || of_the_model.contains(&&**name))
}

/// Where a query in `from` is selected: a common table expression of the same name in its place.
pub(super) fn subquery_to_cte(analysis: &Analysis, file: FileId, range: TextRange) -> Option<Action> {
    let text = analysis.text(file);
    let selected = trimmed(text, range);
    if selected.is_empty() {
        return None;
    }
    let fragments = query::fragments(analysis, file);
    let fragment = query::fragment_at(&fragments, selected.start()).filter(|fragment| fragment.is_main)?;
    let sql = &fragment.sql;
    let (item, inner) = selected_subquery(sql, text, selected)?;
    let query = sql.query(inner)?;
    let (top, place) = top_of(sql, inner)?;
    let is_free = !fragment.is_conditional(query.range)
        && item.columns.is_none()
        && query.outer.is_some_and(|outer| outer.select.is_none())
        && is_balanced(text, query.range)
        && reads_only_top(sql, query.range, top);
    if !is_free {
        return None;
    }
    let name = match &item.alias {
        Some(alias) => alias
            .text
            .as_deref()
            .filter(|name| is_plain(name) && is_unused(sql, name))?
            .to_owned(),
        None => (1..100)
            .map(|number| {
                if number == 1 {
                    "extracted".to_owned()
                } else {
                    format!("extracted_{number}")
                }
            })
            .find(|name| is_unused(sql, name))?,
    };
    let newline = line_ending(text);
    let indented =
        dedented(slice(text, query.range))
            .trim_start()
            .lines()
            .fold(String::new(), |mut out, line| {
                if !line.is_empty() {
                    out.push_str("    ");
                }
                out.push_str(line);
                out.push_str(newline);
                out
            });
    let cte = format!("{name} as ({newline}{indented})");
    let outer = sql.query(top)?;
    let (at, written) = match (outer.ctes.get(place), outer.ctes.last()) {
        (Some(next), _) => (next.range.start(), format!("{cte},{newline}{newline}")),
        (None, Some(last)) => (last.range.end(), format!(",{newline}{newline}{cte}")),
        (None, None) => (outer.content.start(), format!("with {cte}{newline}{newline}")),
    };
    // What comes before a select has to be outside of what only some runs have.
    if fragment.is_conditional(TextRange::empty(at)) {
        return None;
    }
    let at = FileRange {
        file,
        range: TextRange::empty(at),
    };
    let whole = FileRange {
        file,
        range: item.range,
    };
    let title = format!("Extract the query to the common table expression `{name}`");
    Some(
        Action::new(title, ActionKind::Extract)
            .replace(at, written)
            .replace(whole, name),
    )
}

/// The item of a `from` that is a query, if that, or its parentheses, or all of the item is selected.
fn selected_subquery<'a>(sql: &'a Sql, text: &str, selected: TextRange) -> Option<(&'a FromItem, QueryId)> {
    sql.selects
        .iter()
        .flat_map(|select| &select.from)
        .find_map(|item| {
            let Relation::Query(id) = item.relation else {
                return None;
            };
            let query = sql.query(id)?;
            let one = glueline_base::TextSize::new(1);
            let parentheses = TextRange::new(query.range.start().checked_sub(one)?, query.range.end() + one);
            let is_closed = slice(text, parentheses).ends_with(')');
            let is_it = selected == item.range || selected == parentheses || selected == query.content;
            (is_closed && is_it).then_some((item, id))
        })
}

/// The outermost query around one, and the number of its common table expression that holds it; that behind the last where the body
/// does.
fn top_of(sql: &Sql, query: QueryId) -> Option<(QueryId, usize)> {
    let mut current = query;
    let mut place = usize::MAX;
    while let Some(outer) = sql.query(current)?.outer {
        let around = sql.query(outer.query)?;
        let is_cte = around.ctes.iter().position(|cte| cte.query == Some(current));
        place = is_cte.unwrap_or(around.ctes.len());
        current = outer.query;
    }
    Some((current, place))
}

/// Whether what a stretch reads by the name of a common table expression is one of the outermost query, or goes with it.
fn reads_only_top(sql: &Sql, stretch: TextRange, top: QueryId) -> bool {
    sql.selects.iter().all(|select| {
        let inside = |item: &&FromItem| stretch.contains_range(item.range);
        select
            .from
            .iter()
            .filter(inside)
            .all(|item| match sql.cte_of(select.query, item) {
                Some(id) => {
                    id.query == top || sql.cte(id).is_some_and(|cte| stretch.contains_range(cte.range))
                }
                None => true,
            })
    })
}

/// Whether no common table expression has a name, and no table is read by it alone.
fn is_unused(sql: &Sql, name: &str) -> bool {
    let tables = sql.selects.iter().flat_map(|select| &select.from);
    let is_read = |item: &FromItem| matches!(&item.relation, Relation::Named(parts) if parts.len() == 1 && parts.iter().any(|part| part.is(name)));
    let has_parts = sql
        .queries
        .iter()
        .flat_map(|query| &query.branches)
        .all(|branch| !matches!(branch, Branch::Other(_)));
    has_parts && !sql.ctes().any(|(_, cte)| cte.name.is(name)) && !tables.into_iter().any(is_read)
}
