//! Text, tags and blocks.

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::TextRange;
use glueline_jinja::{ArgKind, Branch, Expr, ExprKind, Filter, Param, Piece, Statement, StatementKind};

use super::edges::{Edge, Edges, after, before};
use super::{Lowerer, names};
use crate::Role;
use crate::engine::{BLOCK, PRINT};
use crate::program::{Origin, Params, Program};

/// The branches of an `if` that minijinja gets as such.
const MAX_ELIF: usize = 16;

/// How dbt renames a macro that stands within another template (`dbt_common/clients/jinja.py`, `MacroFuzzParser`).
pub(crate) fn inner_macro(name: &str) -> Arc<str> {
    format!("dbt_macro__{name}").into()
}

impl Lowerer<'_> {
    pub(super) fn pieces(&mut self, pieces: &[Piece<'_>], edges: Edges) {
        let mut guarded = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let guards =
                self.blocks > 0 && !self.loops.is_empty() && names::leaves(std::slice::from_ref(piece));
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
            if guards {
                self.unless_left(piece.range());
                guarded.push(piece.range());
            }
        }
        for range in guarded {
            self.tag(range, "endif");
        }
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
        self.begin(BLOCK.0, range);
        match &target.kind {
            ExprKind::Attribute { base, name } => {
                let site = self.code(target.range);
                self.push(format_args!("set __ignored = __set_attr({site}, "));
                self.expr(base);
                self.out.push_str(", ");
                self.string(name.value);
                self.out.push_str(", ");
                value(self);
                self.out.push(')');
                self.out.push_str(BLOCK.1);
            }
            ExprKind::Name(name) => {
                if name.value == "loop" && !self.loops.is_empty() {
                    self.refuse(
                        "Can't assign to special loop variable in for-loop target",
                        target.range,
                    );
                }
                self.out.push_str("set ");
                self.out.push_str(&names::mangled(name.value));
                self.out.push_str(" = ");
                value(self);
                self.out.push_str(BLOCK.1);
            }
            _ => {
                let whole = self.temporary();
                self.push(format_args!("set {whole} = "));
                value(self);
                self.out.push_str(BLOCK.1);
                self.take_apart(target, &whole);
            }
        }
    }

    /// Assigns the items of what a name of ours holds to the targets of a tuple.
    pub(super) fn take_apart(&mut self, target: &Expr<'_>, whole: &str) {
        let (mut shape, mut attributes) = (String::new(), Vec::new());
        let site = self.code(target.range);
        self.begin(BLOCK.0, target.range);
        self.out.push_str("set ");
        self.target(target, &mut shape, &mut attributes);
        // The outermost brackets are those of the whole.
        let shape = shape
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
            .unwrap_or("");
        self.push(format_args!(" = __unpack({site}, {whole}, \"{shape}\")"));
        self.out.push_str(BLOCK.1);
        for (attribute, held) in attributes {
            self.assign(attribute, attribute.range, |lowerer| lowerer.out.push_str(&held));
        }
    }

    /// A name, or a tuple of names; an attribute gets a name of its own.
    fn target<'e, 't>(
        &mut self,
        target: &'e Expr<'t>,
        shape: &mut String,
        attributes: &mut Vec<(&'e Expr<'t>, String)>,
    ) {
        match &target.kind {
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                self.out.push('(');
                shape.push('(');
                for item in items {
                    self.target(item, shape, attributes);
                    self.out.push_str(", ");
                }
                self.out.push(')');
                shape.push(')');
                return;
            }
            ExprKind::Name(name) => self.out.push_str(&names::mangled(name.value)),
            ExprKind::Attribute { .. } => {
                let held = self.temporary();
                self.out.push_str(&held);
                attributes.push((target, held));
            }
            _ => self.out.push_str("__ignored"),
        }
        shape.push('.');
    }

    /// Renders a body into a name, and gives an expression for what it holds.
    fn capture(&mut self, range: TextRange, body: &[Piece<'_>], edges: Edges) -> String {
        let name = self.temporary();
        self.tag(range, &format!("set {name}"));
        self.scope(range, body, edges);
        self.tag(range, "endset");
        let site = self.code(range);
        format!("__captured({site}, {name})")
    }

    /// A body whose assignments end with it, and which a loop cannot be left out of directly.
    pub(super) fn scope(&mut self, range: TextRange, body: &[Piece<'_>], edges: Edges) {
        let assigns = !names::assigned(body, &[]).is_empty();
        if assigns {
            self.tag(range, "with");
        }
        let soft = std::mem::take(&mut self.soft);
        self.blocks += 1;
        self.pieces(body, edges);
        self.blocks -= 1;
        self.soft = soft;
        if assigns {
            self.tag(range, "endwith");
        }
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
            let (site, name) = (self.code(param.name.range), names::mangled(param.name.value));
            self.tag(param.name.range, &format!("if __missing({site}, {name})"));
            self.begin(BLOCK.0, default.range);
            self.push(format_args!("set {name} = "));
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
        let mut lowerer = Lowerer::new(self.text, self.marked, within, self.lines_from);
        lowerer.check_params(params);
        lowerer.defaults(params);
        lowerer.pieces(body, edges);
        let mut used = names::used(body);
        used.extend(
            params
                .iter()
                .filter_map(|param| param.default.as_ref())
                .flat_map(names::used_in),
        );
        let mut taken = names::params(params, body);
        taken.anonymous = name == "caller";
        self.hold(lowerer, name, range, taken, params, used)
    }

    /// Keeps a program of its own, and gives an expression for it with the names it uses of what surrounds it.
    pub(super) fn hold(
        &mut self,
        lowerer: Lowerer<'_>,
        name: &str,
        range: TextRange,
        taken: Params,
        params: &[Param<'_>],
        mut used: Vec<Arc<str>>,
    ) -> String {
        if self.refused.is_none() {
            self.refused.clone_from(&lowerer.refused);
        }
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
        let program: Program = lowerer.finish(unit, Some(taken), Role::Part);
        let index = self.closures.len();
        self.closures.push(Arc::new(program));
        let mut call = String::new();
        let site = self.code(range);
        call.push_str(&format!("__closure({site}, {index}"));
        used.sort_unstable();
        used.dedup();
        for used in used {
            let own = params.iter().any(|param| param.name.value == &*used);
            let value = match self.loops.last() {
                Some(own_loop) if &*used == "loop" => own_loop.clone(),
                None if &*used == "loop" && !self.assigns_loop => continue,
                _ => names::mangled(&used).into_owned(),
            };
            if !own && self.assigned.binary_search(&used).is_ok() {
                // Writing to a text cannot fail.
                let _ = write!(call, ", \"{used}\", {value}");
            }
        }
        call.push(')');
        call
    }

    fn branches(&mut self, statement: &Statement<'_>, branches: &[Branch<'_>]) {
        let range = statement.open.range;
        // minijinja goes through `elif` by recursion: a long chain becomes branches side by side, and a list that holds something
        // once one was taken.
        let taken = (branches.len() > MAX_ELIF).then(|| (self.temporary(), self.code(range)));
        if let Some((taken, site)) = &taken {
            self.tag(range, &format!("set {taken} = __list({site})"));
        }
        for (index, branch) in branches.iter().enumerate() {
            let place = branch.tag.range;
            let next = branches.get(index + 1).map(|next| &next.tag);
            let edges = Edges::tags(&branch.tag, next.or(statement.close.as_ref()));
            self.begin(BLOCK.0, place);
            match (&taken, index) {
                (Some((taken, _)), _) => self.push(format_args!("if not {taken}")),
                (None, 0) => self.out.push_str("if"),
                (None, _) if branch.condition.is_some() => self.out.push_str("elif"),
                (None, _) => self.out.push_str("else"),
            }
            if let Some(condition) = &branch.condition {
                self.out.push_str(if taken.is_some() { " and " } else { " " });
                self.expr(condition);
            }
            self.out.push_str(BLOCK.1);
            if let Some((taken, site)) = &taken {
                self.tag(place, &format!("set __ignored = __push({site}, {taken}, 1)"));
            }
            self.pieces(&branch.body, edges);
            if taken.is_some() {
                self.tag(place, "endif");
            }
        }
        if taken.is_none() {
            self.tag(range, "endif");
        }
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
                let soft = std::mem::replace(&mut self.soft, true);
                self.branches(statement, branches);
                self.soft = soft;
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
                let guarded = self.leave_after(range, body);
                self.assign(target, range, |lowerer| lowerer.filtered(&captured, filters));
                if guarded {
                    self.tag(range, "endif");
                }
            }
            StatementKind::FilterBlock { filters, body } => {
                let captured = self.capture(range, body, edges);
                let guarded = self.leave_after(range, body);
                let site = self.code(range);
                self.open(site);
                self.begin(PRINT.0, range);
                self.push(format_args!("__text({site}, "));
                self.filtered(&captured, filters);
                self.out.push(')');
                self.out.push_str(PRINT.1);
                self.close();
                if guarded {
                    self.tag(range, "endif");
                }
            }
            StatementKind::CallBlock { params, call, body } => {
                let keywords = call.as_call().map_or(&[][..], |(_, args)| args);
                if keywords
                    .iter()
                    .any(|arg| matches!(&arg.kind, ArgKind::Keyword(name) if name.value == "caller"))
                {
                    self.refuse("keyword argument repeated: caller", call.range);
                }
                let caller = self.closure("caller", range, params, body, edges);
                let site = self.code(call.range);
                self.open(site);
                self.begin(PRINT.0, range);
                self.push(format_args!("__text({site}, "));
                match call.as_call() {
                    Some((callee, args)) => self.call(call.range, callee, args, Some(&caller)),
                    None => self.expr(call),
                }
                self.out.push(')');
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
                self.tag(range, &format!("set {} = {made}", names::mangled(&name)));
            }
            StatementKind::Do(expr) => {
                self.begin(BLOCK.0, range);
                self.out.push_str("set __ignored = ");
                self.expr(expr);
                self.out.push_str(BLOCK.1);
            }
            StatementKind::Print(exprs) => exprs.iter().for_each(|expr| self.print(expr)),
            StatementKind::Break => self.leave(range, "break"),
            StatementKind::Continue => self.leave(range, "continue"),
            StatementKind::With { bindings, body } => self.with(range, bindings, body, edges),
            StatementKind::Block { body, .. } => {
                self.scope(range, body, edges);
                if self.leave_after(range, body) {
                    self.tag(range, "endif");
                }
            }
            StatementKind::Autoescape { body, .. } => {
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
}
