//! A part of a query becomes something of its own: a model, or a common table expression.

use glueline_base::{FileId, FileRange, System, TextRange, slice};
use glueline_jinja::{Context, Expr, ExprKind, Statement, StatementKind, Visitor, walk};
use glueline_project::{FileKind, ResourceType};
use glueline_sql::{Cte, FromItem, QueryId, Relation};

use super::text::{dedented, indentation, line_ending};
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

pub(super) fn is_plain(name: &str) -> bool {
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
