//! Occurrences in SQL: common table expressions, aliases and columns.

use std::cell::OnceCell;

use glueline_base::{TextRange, TextSize, slice};
use glueline_project::NodeId;
use glueline_sql::{FromItem, Known, Name, PathKind, QueryId, Relation, SelectId};

use super::scan::Scan;
use super::{Role, Symbol};
use crate::columns::{self, ColumnId};
use crate::query::{Fragment, fragments};
use crate::{Analysis, inferred};

/// Reads the SQL of a file. Columns are looked up only where one is asked for.
pub(super) fn file(scan: &mut Scan<'_>, analysis: &Analysis) {
    for fragment in fragments(analysis, scan.file) {
        if !scan.wants_inside(fragment.range) {
            continue;
        }
        let known = OnceCell::new();
        let mut reader = Reader {
            scan,
            analysis,
            fragment: &fragment,
            known: &known,
        };
        reader.read();
    }
}

struct Reader<'r, 'a, 'f> {
    scan: &'r mut Scan<'a>,
    analysis: &'f Analysis,
    fragment: &'f Fragment,
    known: &'f OnceCell<Known<ColumnId>>,
}

impl<'a> Reader<'_, 'a, '_> {
    /// The bytes of a name without its back-ticks.
    fn bare(&self, range: TextRange) -> TextRange {
        bare(self.scan.text, range)
    }

    fn note(&mut self, name: &Name, role: Role, symbol: impl FnOnce(&Scan<'a>) -> Option<Symbol>) {
        if name.text.is_some() {
            let range = self.bare(name.range);
            self.scan.note(range, role, symbol);
        }
    }

    fn read(&mut self) {
        let fragment = self.fragment;
        let sql = &fragment.sql;
        for (_, cte) in sql.ctes() {
            let symbol = name_symbol(self.scan, &cte.name);
            self.note(&cte.name, Role::Definition, |_| symbol);
            for column in cte.columns.iter().flatten() {
                let symbol = column_symbol(self.scan, column.range, column);
                self.note(column, Role::Definition, |_| symbol);
            }
        }
        for select in &sql.selects {
            for item in &select.from {
                self.source(select.query, item);
            }
            let output = self.output(select.query);
            for alias in select.items.iter().flat_map(|item| &item.aliases) {
                let symbol = match (output, &alias.text) {
                    (Some(of), Some(name)) => Some(Symbol::Column {
                        of,
                        name: (**name).into(),
                    }),
                    _ => column_symbol(self.scan, alias.range, alias),
                };
                self.note(alias, Role::Definition, |_| symbol);
            }
        }
        for path in &sql.paths {
            let is_qualified = path.kind == PathKind::Star || path.parts.len() > 1;
            if let Some(first) = path.parts.first().filter(|_| is_qualified)
                && let Some(select) = path.select
            {
                let symbol = self.qualifier(select, first);
                if symbol.is_some() {
                    self.note(first, Role::Reference, |_| symbol);
                } else if path.kind == PathKind::Star && path.parts.iter().any(|part| self.wants(part)) {
                    // The fields of a column, or the dot before one that is being typed.
                    let path = glueline_sql::Path {
                        kind: PathKind::Column,
                        ..path.clone()
                    };
                    self.column(&path);
                }
            }
            if path.kind == PathKind::Column && path.parts.iter().any(|part| self.wants(part)) {
                self.column(path);
            }
        }
    }

    fn wants(&self, name: &Name) -> bool {
        self.scan.wants(self.bare(name.range))
    }

    /// What a select reads: a common table expression by its name, and the alias that it gets.
    fn source(&mut self, query: QueryId, item: &FromItem) {
        let sql = &self.fragment.sql;
        if let Relation::Named(parts) = &item.relation
            && let [name] = parts.as_slice()
            && let Some(cte) = sql.cte_of(query, item).and_then(|id| sql.cte(id))
        {
            let symbol = name_symbol(self.scan, &cte.name);
            self.note(name, Role::Reference, |_| symbol);
        } else if let Relation::Named(parts) = &item.relation
            && let Some(name) = parts.last().filter(|name| self.wants(name))
        {
            let table = columns::node_of_table(self.analysis, parts).map(Symbol::Table);
            self.note(name, Role::Reference, |_| table);
        }
        let view = match &item.relation {
            Relation::View(name) => Some(name),
            _ => None,
        };
        for alias in item.alias.iter().chain(view) {
            let symbol = name_symbol(self.scan, alias);
            self.note(alias, Role::Definition, |_| symbol);
        }
        for column in item.columns.iter().flatten() {
            let symbol = column_symbol(self.scan, column.range, column);
            self.note(column, Role::Definition, |_| symbol);
        }
    }

    /// The relation before a dot: an alias, or a common table expression that has none.
    fn qualifier(&self, select: SelectId, name: &Name) -> Option<Symbol> {
        let sql = &self.fragment.sql;
        let written = name.text.as_deref()?;
        let source = sql.sources(select).into_iter().find(|source| {
            let named = sql.source(*source).and_then(FromItem::name);
            named.is_some_and(|named| named.is(written))
        })?;
        let item = sql.source(source)?;
        if let Some(alias) = &item.alias {
            return name_symbol(self.scan, alias);
        }
        if let Relation::View(view) = &item.relation {
            return name_symbol(self.scan, view);
        }
        let query = sql.select(source.select)?.query;
        let cte = sql.cte(sql.cte_of(query, item)?)?;
        name_symbol(self.scan, &cte.name)
    }

    /// The part of a path that names a column.
    fn column(&mut self, path: &glueline_sql::Path) {
        let known = self
            .known
            .get_or_init(|| columns::of_fragment(self.analysis, self.fragment));
        let Some(meaning) = self.fragment.sql.meaning(known, path) else {
            return self.rendered(path);
        };
        let Some(part) = path.parts.get(meaning.part) else {
            return;
        };
        let column = &meaning.column;
        let symbol = match column.origin {
            Some(id) => self.handed_on(id, &column.name),
            None => None,
        };
        let symbol = symbol.or_else(|| column_symbol(self.scan, column.at, part));
        self.note(part, Role::Reference, |_| symbol);
    }

    /// A column that only what is rendered tells of: of a relation that Jinja writes, or one of several of which not all are known.
    fn rendered(&mut self, path: &glueline_sql::Path) {
        let Some(node) = self.fragment.node.filter(|_| self.fragment.is_main) else {
            return;
        };
        let names = inferred::names(self.analysis, node);
        for part in &path.parts {
            let range = self.bare(part.range);
            let written = slice(self.scan.text, range);
            let source = names.read_at(range).filter(|source| {
                // What gets the name anew may not be what it comes from.
                columns::same(&source.column, written) && !names.defines(self.scan.text, written)
            });
            let symbol = source.map(|source| Symbol::Column {
                of: source.node,
                name: source.column.clone(),
            });
            if symbol.is_some() {
                self.note(part, Role::Reference, |_| symbol);
            }
        }
    }

    /// A column of a node, where it is handed on under its own name.
    fn handed_on(&self, id: ColumnId, name: &str) -> Option<Symbol> {
        let columns = columns::of(self.analysis, id.node);
        let own = &columns.list.get(id.index as usize)?.name;
        columns::same(own, name).then(|| Symbol::Column {
            of: id.node,
            name: own.clone(),
        })
    }

    /// The node whose columns a query gives.
    fn output(&self, query: QueryId) -> Option<NodeId> {
        let is_outermost = self.fragment.is_main && self.fragment.sql.statements.contains(&query);
        self.fragment.node.filter(|_| is_outermost)
    }
}

fn bare(text: &str, range: TextRange) -> TextRange {
    let written = slice(text, range);
    let is_quoted = written.len() > 1 && written.starts_with('`') && written.ends_with('`');
    if is_quoted {
        let one = TextSize::new(1);
        TextRange::new(range.start() + one, range.end() - one)
    } else {
        range
    }
}

/// A common table expression or an alias, by where it is defined.
fn name_symbol(scan: &Scan<'_>, name: &Name) -> Option<Symbol> {
    Some(Symbol::SqlName {
        file: scan.file,
        first: bare(scan.text, name.range).start(),
        name: name.text.as_deref()?.into(),
    })
}

/// A column that a query makes up, by where it gets its name; `None` where that is no place of its own.
fn column_symbol(scan: &Scan<'_>, at: TextRange, name: &Name) -> Option<Symbol> {
    let at = bare(scan.text, at);
    let name = name.text.as_deref()?;
    let written = slice(scan.text, at);
    columns::same(written, name).then(|| Symbol::SqlColumn {
        file: scan.file,
        first: at.start(),
        name: written.into(),
    })
}
