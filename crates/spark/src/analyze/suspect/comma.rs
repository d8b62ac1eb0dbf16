//! Commas that are not there.

use glueline_base::{TextRange, TextSize, slice};

use super::Suspect;
use super::written::{between, gap, has_word, indent, pieces};
use crate::analyze::Analyzer;
use crate::analyze::scope::{Column, Scope, same};
use crate::analyze::value::Kind;
use crate::analyze::value::Value;
use crate::syntax::ast::{Expr, ExprKind, Literal, Name, Select, SelectItem};

impl Analyzer<'_> {
    /// `select distinct (a), b`
    pub(in crate::analyze) fn distinct_of_all(&mut self, select: &Select) {
        let [first, _, ..] = select.items.as_slice() else {
            return;
        };
        if select.distinct
            && first.range.start() < first.expr.range.start()
            && matches!(first.expr.kind, ExprKind::Column(_))
        {
            let expr = self.spelled(first.expr.range).into();
            self.suspect(Suspect::DistinctOfAll { expr }, first.range);
        }
    }

    /// An alias that is a column of what is read.
    pub(in crate::analyze) fn comma(
        &mut self,
        select: &Select,
        item: &SelectItem,
        value: &Value,
        scope: &Scope,
    ) {
        let Some(alias) = item.alias.as_ref().filter(|alias| !alias.quoted) else {
            return;
        };
        let between = gap(self.text, between(item.expr.range, alias.range));
        if !between.rest.is_empty() {
            return;
        }
        let column = scope.columns.iter().find(|column| same(&column.name, alias));
        let convinced = if between.newline {
            self.below(item, alias, column.is_some(), scope.complete())
        } else {
            column.is_some_and(|column| self.beside(select, item, column, value, scope))
        };
        if !convinced {
            return;
        }
        let closed = u32::try_from(between.closed).map_or(item.expr.range.end(), TextSize::new);
        let what = Suspect::CommaBeforeColumn {
            expr: self.spelled(item.expr.range).into(),
            alias: alias.text.clone(),
        };
        let edits = vec![(TextRange::empty(closed), ",".into())];
        self.suspect_with(what, alias.range, Some(item.expr.range), edits);
    }

    /// An alias on a line of its own.
    fn below(&self, item: &SelectItem, alias: &Name, is_column: bool, complete: bool) -> bool {
        let Some(alias_indent) = indent(self.text, alias.range.start()) else {
            return false;
        };
        let aligned = indent(self.text, item.range.start()) == Some(alias_indent);
        match &item.expr.kind {
            ExprKind::Column(path) => {
                let renames = path.last().is_some_and(|last| !same(&last.text, alias));
                renames && (is_column || (aligned && !complete))
            }
            // `sum(amount)` over `amount` keeps the name
            _ => is_column && aligned && !has_word(&self.spelled(item.expr.range), &alias.text),
        }
    }

    /// An alias on the line of its column: only where nothing else speaks for it.
    fn beside(
        &self,
        select: &Select,
        item: &SelectItem,
        column: &Column,
        value: &Value,
        scope: &Scope,
    ) -> bool {
        let (ExprKind::Column(path), Kind::Column(id)) = (&item.expr.kind, &value.kind) else {
            return false;
        };
        let source = scope.columns.iter().find(|column| column.id == *id);
        let of_one =
            source.is_some_and(|source| source.qualifier == column.qualifier && source.id != column.id);
        let others = || select.items.iter().filter(|other| other.range != item.range);
        path.len() == 1
            && of_one
            && select.items.len() >= 3
            && others().all(|other| {
                let explicit = other.alias.as_ref().is_none_or(|alias| {
                    let gap = gap(self.text, between(other.expr.range, alias.range));
                    gap.rest.eq_ignore_ascii_case("as")
                });
                explicit && !has_word(&self.spelled(other.range), &column.name)
            })
            && others().any(|other| matches!(&other.expr.kind, ExprKind::Column(path) if path.len() == 1))
    }

    /// Texts in a list with nothing between them.
    pub(super) fn texts_in_list(&mut self, list: &[Expr]) {
        for item in list {
            let ExprKind::Literal(Literal::String(text)) = &item.kind else {
                continue;
            };
            let pieces = pieces(self.text, item.range);
            let pairs = pieces.iter().zip(pieces.iter().skip(1));
            let apart: Vec<TextRange> = pairs
                .filter(|(first, second)| first.end() < second.start())
                .map(|(first, _)| TextRange::empty(first.end()))
                .collect();
            if apart.is_empty() || apart.len() + 1 != pieces.len() {
                continue;
            }
            let edits = apart.into_iter().map(|at| (at, ",".into())).collect();
            let what = Suspect::CommaBetweenTexts { text: text.clone() };
            self.suspect_with(what, item.range, None, edits);
        }
    }

    /// Two quotes in a text, for one.
    pub(super) fn doubled_quote(&mut self, literal: &Literal, at: TextRange) {
        let Literal::String(text) = literal else { return };
        // three quotes in a row end the Python text that the SQL is pasted into, and that is told elsewhere
        if usize::from(at.len()) < text.len() + 4 || slice(self.text, at).contains("'''") {
            return;
        }
        let pieces = pieces(self.text, at);
        let quote = |piece: &TextRange| self.text.as_bytes().get(usize::from(piece.start())).copied();
        let joined = pieces.iter().zip(pieces.iter().skip(1)).any(|(first, second)| {
            first.end() == second.start() && quote(first) == quote(second) && quote(first) != Some(b'r')
        });
        if !joined {
            return;
        }
        let what = Suspect::DoubledQuote { text: text.clone() };
        let edits = self.in_double_quotes(&pieces, at);
        self.suspect_with(what, at, None, edits);
    }

    /// `"it's"` for `'it''s'`
    fn in_double_quotes(&self, pieces: &[TextRange], at: TextRange) -> Vec<(TextRange, Box<str>)> {
        let contents: Option<Vec<&str>> = pieces
            .iter()
            .map(|piece| {
                let written = slice(self.text, *piece);
                written.strip_prefix('\'')?.strip_suffix('\'')
            })
            .collect();
        let joined = pieces
            .iter()
            .zip(pieces.iter().skip(1))
            .all(|(first, second)| first.end() == second.start());
        match contents {
            Some(contents) if joined && contents.iter().all(|content| !content.contains(['"', '\\'])) => {
                vec![(at, format!("\"{}\"", contents.join("'")).into())]
            }
            _ => Vec::new(),
        }
    }
}
