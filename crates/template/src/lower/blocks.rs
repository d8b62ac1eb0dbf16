//! Text, tags and blocks.

use std::sync::Arc;

use glueline_base::TextRange;
use glueline_jinja::{Expr, ExprKind, Filter, Param, Piece, Statement, StatementKind, Tag, Trim};

use super::{Ends, Lowerer, names};
use crate::engine::{BLOCK, PRINT};
use crate::program::{Origin, Program};

/// What strips the white space at the two ends of a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges {
    start: Edge,
    end: Edge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Keep,
    Strip,
    /// One line break goes.
    Newline,
}

impl Edge {
    fn of(trim: Trim) -> Self {
        if trim == Trim::Strip { Self::Strip } else { Self::Keep }
    }
}

impl Edges {
    pub(super) const fn of(ends: Ends) -> Self {
        match ends {
            Ends::Strip => Self {
                start: Edge::Strip,
                end: Edge::Strip,
            },
            Ends::Newline => Self {
                start: Edge::Keep,
                end: Edge::Newline,
            },
        }
    }

    /// A body between an opening tag and the next tag.
    fn tags(open: &Tag<'_>, next: Option<&Tag<'_>>) -> Self {
        Self {
            start: Edge::of(open.after),
            end: next.map_or(Edge::Keep, |next| Edge::of(next.before)),
        }
    }

    /// The body of a statement that has one.
    pub(super) fn between(statement: &Statement<'_>) -> Self {
        Self::tags(&statement.open, statement.close.as_ref())
    }
}

/// How dbt renames a macro that stands within another template (`dbt_common/clients/jinja.py`, `MacroFuzzParser`).
pub(super) fn inner_macro(name: &str) -> Arc<str> {
    format!("dbt_macro__{name}").into()
}

/// What Python's `str.isspace` and `\s` take for white space.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn before(piece: &Piece<'_>) -> Trim {
    match piece {
        Piece::Text(_) => Trim::None,
        Piece::Comment(comment) => comment.before,
        Piece::Output(output) => output.before,
        Piece::Statement(statement) => statement.open.before,
    }
}

fn after(piece: &Piece<'_>) -> Trim {
    match piece {
        Piece::Text(_) => Trim::None,
        Piece::Comment(comment) => comment.after,
        Piece::Output(output) => output.after,
        Piece::Statement(statement) => match &statement.close {
            Some(close) => close.after,
            None => statement.open.after,
        },
    }
}

impl Lowerer<'_> {
    pub(super) fn pieces(&mut self, pieces: &[Piece<'_>], edges: Edges) {
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(range) => {
                    let start = match index.checked_sub(1).and_then(|index| pieces.get(index)) {
                        Some(previous) => Edge::of(after(previous)),
                        None => edges.start,
                    };
                    let end = match pieces.get(index + 1) {
                        Some(next) => Edge::of(before(next)),
                        None => edges.end,
                    };
                    let stripped = self.stripped(*range, start, end);
                    self.literal(stripped);
                }
                Piece::Comment(_) => {}
                Piece::Output(output) => self.print(&output.expr),
                Piece::Statement(statement) => self.statement(statement),
            }
        }
    }

    fn stripped(&self, range: TextRange, start: Edge, end: Edge) -> TextRange {
        let text = glueline_base::slice(self.text, range);
        let mut from = usize::from(range.start());
        let mut kept = text;
        if start == Edge::Strip {
            kept = kept.trim_start_matches(is_space);
            from += text.len() - kept.len();
        }
        match end {
            Edge::Strip => kept = kept.trim_end_matches(is_space),
            Edge::Newline => {
                kept = kept
                    .strip_suffix("\r\n")
                    .or_else(|| kept.strip_suffix(['\n', '\r']))
                    .unwrap_or(kept);
            }
            Edge::Keep => {}
        }
        glueline_base::range(from, from + kept.len())
    }

    fn print(&mut self, expr: &Expr<'_>) {
        let site = self.code(expr.range);
        self.open(site);
        self.begin(PRINT.0, expr.range);
        self.expr(expr);
        self.out.push_str(PRINT.1);
        self.close();
    }

    /// `{% set target = ... %}`, where `value` writes what is assigned.
    fn assign(&mut self, target: &Expr<'_>, range: TextRange, value: impl FnOnce(&mut Self)) {
        match &target.kind {
            ExprKind::Attribute { base, name } => {
                let site = self.code(target.range);
                self.begin(BLOCK.0, range);
                self.out.push_str(&format!("set __ignored = __set_attr({site}, "));
                self.expr(base);
                self.out.push_str(", ");
                self.string(name.value);
                self.out.push_str(", ");
                value(self);
                self.out.push(')');
            }
            _ => {
                self.begin(BLOCK.0, range);
                self.out.push_str("set ");
                self.target(target);
                self.out.push_str(" = ");
                let unpacks = !matches!(target.kind, ExprKind::Name(_));
                if unpacks {
                    let site = self.code(target.range);
                    self.out.push_str(&format!("__iterate({site}, "));
                }
                value(self);
                if unpacks {
                    self.out.push(')');
                }
            }
        }
        self.out.push_str(BLOCK.1);
    }

    /// A name, or a tuple of names.
    fn target(&mut self, target: &Expr<'_>) {
        match &target.kind {
            ExprKind::Name(name) => self.out.push_str(name.value),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                self.out.push('(');
                for item in items {
                    self.target(item);
                    self.out.push_str(", ");
                }
                self.out.push(')');
            }
            _ => self.out.push_str("__ignored"),
        }
    }

    /// Renders a body into a name, and gives an expression for what it holds.
    fn capture(&mut self, range: TextRange, body: &[Piece<'_>], edges: Edges) -> String {
        let name = self.temporary();
        self.tag(range, &format!("set {name}"));
        self.pieces(body, edges);
        self.tag(range, "endset");
        let site = self.code(range);
        format!("__captured({site}, {name})")
    }

    fn filtered(&mut self, value: &str, filters: &[Filter<'_>]) {
        let mut opened = String::new();
        std::mem::swap(&mut opened, &mut self.out);
        self.out.push_str(value);
        for filter in filters {
            let inner = std::mem::take(&mut self.out);
            self.filter_call(filter, |lowerer| lowerer.out.push_str(&inner));
        }
        std::mem::swap(&mut opened, &mut self.out);
        self.out.push_str(&opened);
    }

    pub(super) fn defaults(&mut self, params: &[Param<'_>]) {
        for param in params {
            let Some(default) = &param.default else { continue };
            let (site, name) = (self.code(param.name.range), param.name.value);
            self.tag(param.name.range, &format!("if __missing({site}, {name})"));
            self.begin(BLOCK.0, default.range);
            self.out.push_str(&format!("set {name} = "));
            self.expr(default);
            self.out.push_str(BLOCK.1);
            self.tag(param.name.range, "endif");
        }
    }

    /// A block that is called later, with what it uses of what surrounds it; gives an expression for it.
    fn closure(
        &mut self,
        name: &str,
        range: TextRange,
        params: &[Param<'_>],
        body: &[Piece<'_>],
        edges: Edges,
    ) -> String {
        let mut within = names::assigned(body, params);
        within.extend(self.assigned.iter().cloned());
        let mut lowerer = Lowerer::new(self.text, self.marked, within);
        lowerer.defaults(params);
        lowerer.pieces(body, edges);
        let unit = super::Unit {
            name: name.into(),
            // The program that holds the block knows where its text stands; filled in when that is made.
            origin: Origin::Entry(glueline_base::FileRange {
                file: glueline_base::FileId(u32::MAX),
                range,
            }),
            cached: None,
            marked: self.marked,
        };
        let program: Program = lowerer.finish(unit, Some(names::params(params, body)));
        let index = self.closures.len();
        self.closures.push(Arc::new(program));
        let mut call = String::new();
        let site = self.code(range);
        call.push_str(&format!("__closure({site}, {index}"));
        let mut used = names::used(body);
        used.extend(params.iter().filter_map(|param| param.default.as_ref()).flat_map(names::used_in));
        used.sort_unstable();
        used.dedup();
        for used in used {
            let own = params.iter().any(|param| param.name.value == &*used);
            let is_loop = &*used == "loop" && self.loops == 0;
            if !own && !is_loop && self.assigned.binary_search(&used).is_ok() {
                call.push_str(&format!(", \"{used}\", {used}"));
            }
        }
        call.push(')');
        call
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        let range = statement.open.range;
        let edges = Edges::between(statement);
        match &statement.kind {
            StatementKind::Raw => {
                let inside = self.stripped(statement.inside(), edges.start, edges.end);
                self.literal(inside);
            }
            StatementKind::If { branches } => {
                for (index, branch) in branches.iter().enumerate() {
                    let place = branch.tag.range;
                    match &branch.condition {
                        Some(condition) => {
                            self.begin(BLOCK.0, place);
                            self.out.push_str(if index == 0 { "if " } else { "elif " });
                            self.expr(condition);
                            self.out.push_str(BLOCK.1);
                        }
                        None => self.tag(place, "else"),
                    }
                    let next = branches.get(index + 1).map(|next| &next.tag);
                    let edges = Edges::tags(&branch.tag, next.or(statement.close.as_ref()));
                    self.pieces(&branch.body, edges);
                }
                self.tag(range, "endif");
            }
            StatementKind::For(each) => self.for_loop(statement, each),
            StatementKind::Set { target, value } => {
                self.assign(target, range, |lowerer| lowerer.expr(value));
            }
            StatementKind::SetBlock {
                target,
                filters,
                body,
            } => {
                let captured = self.capture(range, body, edges);
                self.assign(target, range, |lowerer| lowerer.filtered(&captured, filters));
            }
            StatementKind::FilterBlock { filters, body } => {
                let captured = self.capture(range, body, edges);
                let site = self.code(range);
                self.open(site);
                self.begin(PRINT.0, range);
                self.filtered(&captured, filters);
                self.out.push_str(PRINT.1);
                self.close();
            }
            StatementKind::CallBlock { params, call, body } => {
                let caller = self.closure("caller", range, params, body, edges);
                let site = self.code(call.range);
                self.open(site);
                self.begin(PRINT.0, range);
                match call.as_call() {
                    Some((callee, args)) => self.call(call.range, callee, args, Some(&caller)),
                    None => self.expr(call),
                }
                self.out.push_str(PRINT.1);
                self.close();
            }
            StatementKind::Macro(definition) => {
                let name = inner_macro(definition.name.value);
                let made = self.closure(
                    definition.name.value,
                    range,
                    &definition.params,
                    &definition.body,
                    edges,
                );
                self.tag(range, &format!("set {name} = {made}"));
            }
            StatementKind::Do(expr) => {
                self.begin(BLOCK.0, range);
                self.out.push_str("set __ignored = ");
                self.expr(expr);
                self.out.push_str(BLOCK.1);
            }
            StatementKind::Print(exprs) => exprs.iter().for_each(|expr| self.print(expr)),
            StatementKind::Break | StatementKind::Continue if self.withs > 0 => {
                self.fault("unsupported", "a loop that is left from within a `with` block", range);
            }
            StatementKind::Break => self.tag(range, "break"),
            StatementKind::Continue => self.tag(range, "continue"),
            StatementKind::With { bindings, body } => {
                self.begin(BLOCK.0, range);
                self.out.push_str("with ");
                for (index, (target, value)) in bindings.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(", ");
                    }
                    self.target(target);
                    self.out.push_str(" = ");
                    self.expr(value);
                }
                self.out.push_str(BLOCK.1);
                self.withs += 1;
                self.pieces(body, edges);
                self.withs -= 1;
                self.tag(range, "endwith");
            }
            StatementKind::Block { body, .. } | StatementKind::Autoescape { body, .. } => {
                self.pieces(body, edges);
            }
            // Definitions render as nothing where they stand; dbt keeps them apart.
            StatementKind::Test(_) | StatementKind::Materialization { .. } | StatementKind::Docs { .. } => {}
            StatementKind::Snapshot { .. } | StatementKind::Unknown => {
                self.fault(
                    "syntax",
                    &format!("Encountered unknown tag '{}'.", statement.open.name.value),
                    range,
                );
            }
            StatementKind::Include(_)
            | StatementKind::Extends(_)
            | StatementKind::Import { .. }
            | StatementKind::FromImport { .. } => {
                self.fault("type", "no loader for this environment specified", range);
            }
        }
    }

    fn for_loop(&mut self, statement: &Statement<'_>, each: &glueline_jinja::Loop<'_>) {
        let range = statement.open.range;
        let site = self.code(each.iter.range);
        self.begin(BLOCK.0, range);
        self.out.push_str("for ");
        self.target(&each.target);
        self.out.push_str(&format!(" in __iterate({site}, "));
        self.expr(&each.iter);
        self.out.push(')');
        if let Some(filter) = &each.filter {
            self.out.push_str(" if ");
            self.expr(filter);
        }
        if each.recursive {
            self.out.push_str(" recursive");
        }
        self.out.push_str(BLOCK.1);
        let otherwise = each.otherwise.as_ref();
        let next = otherwise.map(|branch| &branch.tag).or(statement.close.as_ref());
        let withs = std::mem::take(&mut self.withs);
        self.loops += 1;
        self.pieces(&each.body, Edges::tags(&statement.open, next));
        self.loops -= 1;
        self.withs = withs;
        if let Some(branch) = otherwise {
            self.tag(branch.tag.range, "else");
            self.pieces(&branch.body, Edges::tags(&branch.tag, statement.close.as_ref()));
        }
        self.tag(range, "endfor");
    }
}
