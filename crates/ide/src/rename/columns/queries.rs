//! What changes in a query, or why it cannot be said what would.

use glueline_base::{Edit, FileRange, TextRange, slice};
use glueline_project::ResourceType;
use glueline_sql::{
    Branch, ClauseKind, FromItem, Item, ItemKind, Keyword, Path, QueryId, Select, SelectId, TokenKind,
};

use super::flow::{Flow, Has, Meaning};
use super::{Changes, Why, clashes};
use crate::columns::same;

/// Functions that name the fields of what they give by the columns that they are given.
const NAMING: [&str; 2] = ["struct", "arrays_zip"];

/// Takes down what changes in a fragment.
pub(super) fn changes(flow: &Flow<'_>, out: &mut Changes) {
    let mut writer = Writer { flow, out };
    writer.made();
    writer.relations();
    writer.paths();
    writer.stars();
    writer.outputs();
    clashes::taken(flow, out);
    clashes::other_words(flow, out);
}

struct Writer<'w, 'a> {
    flow: &'w Flow<'a>,
    out: &'w mut Changes,
}

impl Writer<'_, '_> {
    fn at(&self, range: TextRange) -> FileRange {
        range_in(self.flow, range)
    }

    fn refuse(&mut self, range: TextRange, why: Why) {
        let at = self.at(range);
        self.out.refuse(at, why);
    }

    /// A name with another in its place; `behind` follows it.
    fn respell(&mut self, name: TextRange, behind: &str) {
        let quote = if slice(self.flow.text, name).starts_with('`') {
            "`"
        } else {
            ""
        };
        let text = format!("{quote}{}{quote}{behind}", self.flow.target.new);
        let at = self.at(name);
        self.out.edits.push(Edit { at, text });
    }

    /// The place where the column is made.
    fn made(&mut self) {
        let flow = self.flow;
        let Some(made) = flow.makes() else { return };
        let sql = &flow.fragment.sql;
        let found = sql
            .selects
            .iter()
            .find_map(|select| Some((select, flow.made_in(select)?)));
        let is_in_alternatives = |select: &Select| {
            let query = sql.query(select.query);
            query.is_some_and(|query| query.is_ambiguous)
        };
        match found {
            Some((select, _)) if is_in_alternatives(select) || flow.fragment.is_conditional(made.range) => {
                self.refuse(made.range, Why::Conditional);
            }
            Some((_, item)) if item.aliases.is_empty() => {
                self.out.edits.push(Edit {
                    at: FileRange {
                        range: TextRange::empty(made.range.end()),
                        ..made
                    },
                    text: format!(" as {}", flow.target.new),
                });
            }
            Some(_) => self.respell(made.range, ""),
            None if self.is_listed(made.range) => self.respell(made.range, ""),
            None => self.refuse(made.range, Why::NotMade),
        }
    }

    /// Whether a name stands among those that a common table expression or an alias gives to columns.
    fn is_listed(&self, at: TextRange) -> bool {
        let sql = &self.flow.fragment.sql;
        let ctes = sql.ctes().filter_map(|(_, cte)| cte.columns.as_ref());
        let items = sql.selects.iter().flat_map(|select| &select.from);
        let aliases = items.filter_map(|item| item.columns.as_ref());
        ctes.chain(aliases).flatten().any(|name| name.range == at)
    }

    /// Joins and shapes in which names decide.
    fn relations(&mut self) {
        let flow = self.flow;
        let selects = flow.fragment.sql.selects.iter().zip(0_u32..);
        for (select, number) in selects {
            let has_ours = flow.own_sources(SelectId(number)).contains(&Has::Ours);
            for item in &select.from {
                if let Some(join) = item.join.as_ref().filter(|_| has_ours) {
                    let using = join.using.iter().flatten();
                    let shared = using.into_iter().find(|name| name.is(flow.target.old));
                    if let Some(name) = shared {
                        self.refuse(name.range, Why::Using);
                    } else if join.is_natural {
                        self.refuse(join.keyword, Why::Using);
                    }
                }
                if !flow.item_reads(select.query, item) {
                    continue;
                }
                if item.is_reshaped {
                    self.refuse(item.range, Why::Unclear);
                } else if self.is_alternative(select, item) {
                    self.refuse(item.range, Why::Conditional);
                }
            }
        }
    }

    /// Whether a condition of the template decides what is read and not whether it is.
    fn is_alternative(&self, select: &Select, item: &FromItem) -> bool {
        let around = self.flow.fragment.conditional.iter();
        let mut around = around.filter(|range| range.contains_range(item.range));
        around.any(|range| !range.contains_range(select.content) && item.join.is_none())
    }

    fn paths(&mut self) {
        let flow = self.flow;
        let last_of_item = |path: &Path, part: usize| {
            let select = flow.fragment.sql.select(path.select?)?;
            let whole = path_range(path)?;
            let item = select
                .items
                .iter()
                .find(|item| item.range.contains_range(whole))?;
            let is_whole = matches!(&item.kind, ItemKind::Column(_)) && part + 1 == path.parts.len();
            Some((select, item, is_whole))
        };
        for path in &flow.fragment.sql.paths {
            let (Some(whole), meaning) = (path_range(path), flow.meaning(path)) else {
                continue;
            };
            let part = match meaning {
                Meaning::Other if self.is_order_in_aggregate(path) => {
                    self.refuse(whole, Why::Unclear);
                    continue;
                }
                Meaning::Other => continue,
                Meaning::Unsure => {
                    self.refuse(whole, Why::Unclear);
                    continue;
                }
                Meaning::Ours(part) => part,
            };
            let Some(name) = path.parts.get(part) else {
                continue;
            };
            if part == 1 && self.is_order_of_distinct(path) || self.names_a_field(path) {
                self.refuse(whole, Why::Unclear);
                continue;
            }
            let behind = match last_of_item(path, part) {
                Some((_, item, _)) if flow.is_made(name.range) && item.aliases.is_empty() => {
                    self.refuse(whole, Why::Unclear);
                    continue;
                }
                Some((select, item, is_whole)) if item.aliases.is_empty() && flow.is_named(select.query) => {
                    if is_whole {
                        format!(" as {}", slice(flow.text, name.range))
                    } else if matches!(item.kind, ItemKind::Expr) {
                        self.refuse(whole, Why::Unnamed);
                        continue;
                    } else {
                        String::new()
                    }
                }
                _ => String::new(),
            };
            self.respell(name.range, &behind);
        }
    }

    /// Whether a path is given as it is to a function that names fields by it.
    fn names_a_field(&self, path: &Path) -> bool {
        let sql = &self.flow.fragment.sql;
        let Some(first) = path.parts.first() else {
            return false;
        };
        let start = sql
            .tokens
            .partition_point(|token| token.range.end() <= first.range.start());
        let mut depth = 0_usize;
        for at in (0..start).rev() {
            let Some(token) = sql.tokens.get(at) else { break };
            match token.kind {
                TokenKind::Close => depth += 1,
                TokenKind::Open if depth > 0 => depth -= 1,
                TokenKind::Open => {
                    let before = at.checked_sub(1).and_then(|at| sql.tokens.get(at));
                    let name = before.map(|token| slice(self.flow.text, token.range));
                    return name.is_some_and(|name| NAMING.iter().any(|known| same(known, name)));
                }
                TokenKind::Semicolon => break,
                _ => {}
            }
        }
        false
    }

    /// Whether a name of `order by` with a relation before it can only be found in a list without doubles.
    fn is_order_of_distinct(&self, path: &Path) -> bool {
        let sql = &self.flow.fragment.sql;
        let select = path.select.and_then(|select| sql.select(select));
        path.clause == Some(ClauseKind::OrderBy)
            && select.is_some_and(|select| {
                let behind = sql
                    .tokens
                    .iter()
                    .find(|token| token.range.start() > select.content.start());
                behind.is_some_and(|token| token.kind.is(Keyword::Distinct))
            })
    }

    /// Whether a name in an aggregate of an `order by` may be that of a column or of the select list.
    fn is_order_in_aggregate(&self, path: &Path) -> bool {
        let sql = &self.flow.fragment.sql;
        let (Some(id), Some(first)) = (path.select, path.parts.first()) else {
            return false;
        };
        let is_grouped = sql.select(id).is_some_and(|select| {
            let mut clauses = select.clauses.iter();
            clauses.any(|clause| clause.kind == ClauseKind::GroupBy)
        });
        let before = sql
            .tokens
            .partition_point(|token| token.range.end() <= first.range.start());
        let before = before.checked_sub(1).and_then(|at| sql.tokens.get(at));
        path.clause == Some(ClauseKind::OrderBy)
            && is_grouped
            && first.is(self.flow.target.old)
            && before.is_some_and(|token| token.kind == TokenKind::Open)
            && self.flow.own_sources(id).contains(&Has::Ours)
    }

    /// Names that a star leaves out, and stars in parts of which the template takes one.
    fn stars(&mut self) {
        let flow = self.flow;
        let sql = &flow.fragment.sql;
        for (select, number) in sql.selects.iter().zip(0_u32..) {
            let own = flow.own_sources(SelectId(number));
            for item in &select.items {
                let ItemKind::Star { qualifier, except } = &item.kind else {
                    continue;
                };
                let taken = select
                    .from
                    .iter()
                    .zip(&own)
                    .filter(|(from, _)| match qualifier.as_slice() {
                        [] => true,
                        [name] => name
                            .text
                            .as_deref()
                            .is_some_and(|text| from.name().is_some_and(|own| own.is(text))),
                        _ => true,
                    });
                let taken: Vec<Has> = taken.map(|(_, has)| *has).collect();
                if !taken.contains(&Has::Ours) {
                    continue;
                }
                for name in except.iter().filter(|name| name.is(flow.target.old)) {
                    if taken.iter().filter(|has| **has != Has::Nothing).count() == 1 {
                        self.respell(name.range, "");
                    } else {
                        self.refuse(name.range, Why::Unclear);
                    }
                }
                let is_left_out = except.iter().any(|name| name.is(flow.target.old));
                let query = sql.query(select.query);
                let is_alternative = query.is_some_and(|query| query.is_ambiguous);
                if is_alternative && !is_left_out && flow.is_named(select.query) {
                    self.refuse(item.range, Why::Star);
                }
            }
        }
    }

    /// What the statements give: other columns keep their names.
    fn outputs(&mut self) {
        let flow = self.flow;
        let sql = &flow.fragment.sql;
        let project = flow.target.analysis.project();
        let own = flow.target.node.map(|column| column.node);
        let is_free = flow.fragment.is_main
            && match flow.fragment.node {
                Some(node) if Some(node) == own => true,
                Some(node) => matches!(
                    project.node(node).kind,
                    ResourceType::Test | ResourceType::Analysis
                ),
                None => true,
            };
        for id in &sql.statements {
            let at = self.star_of(*id);
            if !is_free && flow.query(*id, flow.target.old) == Has::Ours {
                self.refuse(at, Why::Star);
            }
        }
        for (query, number) in sql.queries.iter().zip(0_u32..) {
            if query.branches.len() > 1
                && flow.query_reads(QueryId(number))
                && let Some(at) = self.by_name(query.content)
            {
                self.refuse(at, Why::Using);
            }
        }
    }

    /// The star by which a query hands the column on, or all of the query.
    fn star_of(&self, id: QueryId) -> TextRange {
        let sql = &self.flow.fragment.sql;
        let Some(query) = sql.query(id) else {
            return self.flow.fragment.range;
        };
        let first = query.branches.iter().find_map(|branch| match branch {
            Branch::Select(id) => sql.select(*id),
            Branch::Query(_) | Branch::Other(_) => None,
        });
        let is_star = |item: &&Item| matches!(item.kind, ItemKind::Star { .. });
        let star = first.and_then(|select| select.items.iter().find(is_star));
        star.map_or(query.content, |item| item.range)
    }

    /// `by name` of a union.
    fn by_name(&self, range: TextRange) -> Option<TextRange> {
        let tokens = &self.flow.fragment.sql.tokens;
        let mut pairs = tokens.windows(2).filter(|pair| match pair {
            [by, _] => range.contains_range(by.range) && by.kind.is(Keyword::By),
            _ => false,
        });
        pairs.find_map(|pair| match pair {
            [by, name] if same(slice(self.flow.text, name.range), "name") => Some(by.range.cover(name.range)),
            _ => None,
        })
    }
}

pub(super) fn path_range(path: &Path) -> Option<TextRange> {
    let (first, last) = (path.parts.first()?, path.parts.last()?);
    Some(first.range.cover(last.range))
}

pub(super) fn range_in(flow: &Flow<'_>, range: TextRange) -> FileRange {
    FileRange {
        file: flow.file,
        range,
    }
}
