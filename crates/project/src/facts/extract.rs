//! From the syntax of a Jinja file to its facts.

use std::sync::Arc;

use glueline_base::{Spanned, TextRange, Value};
use glueline_jinja::{
    Arg, ArgKind, Branch, Definition, Expr, ExprKind, NoScope, Piece, Statement, StatementKind,
};
use rustc_hash::FxHashSet;

use crate::facts::sql::{
    Condition, ConfigCall, DocsBlock, MacroCall, MacroDef, MacroKind, NameUse, RefCall, Site, SnapshotBlock,
    SourceCall, SqlFacts, VarCall,
};
use crate::macros::stored_name;
use crate::values::Text;

/// Reads the facts of a text of Jinja.
pub(crate) fn read(text: &str) -> SqlFacts {
    let template = glueline_jinja::parse(text);
    let mut locals = FxHashSet::default();
    bound_names(&template.body, &mut locals);
    let mut walk = Walk {
        facts: SqlFacts::default(),
        locals,
        conditions: Vec::new(),
        at: Place::default(),
    };
    walk.pieces(&template.body);
    let mut facts = walk.facts;
    facts.errors = template.errors;
    facts.compact();
    facts
}

/// Reads the facts of one expression, as it stands in YAML: `ref('orders')`.
pub(crate) fn read_expression(text: &str) -> SqlFacts {
    if text.contains("{{") || text.contains("{%") {
        return read(text);
    }
    let (expr, errors) = glueline_jinja::parse_expression(text, glueline_base::range(0, text.len()));
    let mut walk = Walk {
        facts: SqlFacts::default(),
        locals: FxHashSet::default(),
        conditions: Vec::new(),
        at: Place::default(),
    };
    walk.expr(&expr);
    walk.facts.errors = errors;
    walk.facts
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    in_macro: Option<usize>,
    in_snapshot: Option<usize>,
    in_loop: bool,
    captured: bool,
}

struct Walk<'a> {
    facts: SqlFacts,
    /// Names bound anywhere in the file.
    locals: FxHashSet<&'a str>,
    conditions: Vec<Condition>,
    at: Place,
}

impl<'a> Walk<'a> {
    fn pieces(&mut self, pieces: &[Piece<'a>]) {
        for piece in pieces {
            match piece {
                Piece::Text(range) => self.facts.texts.push(*range),
                Piece::Comment(_) => {}
                Piece::Output(output) => self.expr(&output.expr),
                Piece::Statement(statement) => self.statement(statement),
            }
        }
    }

    fn statement(&mut self, statement: &Statement<'a>) {
        match &statement.kind {
            StatementKind::If { branches } => self.branches(branches),
            StatementKind::For(loop_) => {
                self.expr(&loop_.iter);
                self.within(
                    |place| place.in_loop = true,
                    |walk| {
                        loop_.filter.iter().for_each(|filter| walk.expr(filter));
                        walk.pieces(&loop_.body);
                        loop_
                            .otherwise
                            .iter()
                            .for_each(|branch| walk.pieces(&branch.body));
                    },
                );
            }
            StatementKind::Set { value, .. } => self.captured(|walk| walk.expr(value)),
            StatementKind::SetBlock { body, .. } => self.captured(|walk| walk.pieces(body)),
            StatementKind::FilterBlock { body, .. } => self.captured(|walk| walk.pieces(body)),
            StatementKind::CallBlock { call, body, .. } => {
                self.expr(call);
                self.captured(|walk| walk.pieces(body));
            }
            StatementKind::Macro(definition) => self.definition(statement, MacroKind::Macro, definition),
            StatementKind::Test(definition) => self.definition(statement, MacroKind::Test, definition),
            StatementKind::Materialization { name, args, body } => {
                let adapter = args.iter().find(|arg| arg.keyword() == Some("adapter"));
                let adapter = adapter.and_then(|arg| arg.value.as_text());
                self.facts.macros.push(MacroDef {
                    kind: MacroKind::Materialization,
                    name: Spanned::new(
                        stored_name(MacroKind::Materialization, name.value, adapter.as_deref()),
                        name.range,
                    ),
                    written: shared(*name),
                    range: statement.range,
                    parameters: Vec::new(),
                    takes_any: false,
                });
                self.in_macro(body);
            }
            StatementKind::Snapshot { name, body } => {
                let number = self.facts.snapshots.len();
                self.facts.snapshots.push(SnapshotBlock {
                    name: shared(*name),
                    range: statement.range,
                });
                self.within(|place| place.in_snapshot = Some(number), |walk| walk.pieces(body));
            }
            StatementKind::Docs { name, .. } => {
                self.facts.docs.push(DocsBlock {
                    name: shared(*name),
                    range: statement.range,
                });
            }
            StatementKind::Do(expr) => self.captured(|walk| walk.expr(expr)),
            StatementKind::Print(items) => items.iter().for_each(|item| self.expr(item)),
            StatementKind::Block { body, .. } | StatementKind::Autoescape { body, .. } => self.pieces(body),
            StatementKind::With { bindings, body } => {
                bindings.iter().for_each(|(_, value)| self.expr(value));
                self.pieces(body);
            }
            StatementKind::Include(expr) | StatementKind::Extends(expr) => self.expr(expr),
            StatementKind::Import { template, .. } | StatementKind::FromImport { template, .. } => {
                self.expr(template);
            }
            StatementKind::Raw => self.facts.texts.push(statement.inside()),
            StatementKind::Break | StatementKind::Continue | StatementKind::Unknown => {}
        }
    }

    fn branches(&mut self, branches: &[Branch<'a>]) {
        let depth = self.conditions.len();
        for branch in branches {
            match &branch.condition {
                Some(condition) => {
                    self.expr(condition);
                    self.conditions.push(Condition {
                        expression: condition.range,
                        holds: true,
                    });
                    self.pieces(&branch.body);
                    self.conditions.pop();
                    self.conditions.push(Condition {
                        expression: condition.range,
                        holds: false,
                    });
                }
                None => self.pieces(&branch.body),
            }
        }
        self.conditions.truncate(depth);
    }

    fn definition(&mut self, statement: &Statement<'a>, kind: MacroKind, definition: &Definition<'a>) {
        let parameters = definition
            .params
            .iter()
            .map(|param| (shared(param.name), param.default.is_some()))
            .collect();
        self.facts.macros.push(MacroDef {
            kind,
            name: Spanned::new(
                stored_name(kind, definition.name.value, None),
                definition.name.range,
            ),
            written: shared(definition.name),
            range: statement.range,
            parameters,
            takes_any: uses_extra(&definition.body),
        });
        let number = self.facts.macros.len() - 1;
        self.within(
            |place| place.in_macro = Some(number),
            |walk| {
                definition
                    .params
                    .iter()
                    .filter_map(|param| param.default.as_ref())
                    .for_each(|value| walk.expr(value));
                walk.pieces(&definition.body);
            },
        );
    }

    fn in_macro(&mut self, body: &[Piece<'a>]) {
        let number = self.facts.macros.len().saturating_sub(1);
        self.within(|place| place.in_macro = Some(number), |walk| walk.pieces(body));
    }

    fn captured(&mut self, inside: impl FnOnce(&mut Self)) {
        self.within(|place| place.captured = true, inside);
    }

    fn within(&mut self, change: impl FnOnce(&mut Place), inside: impl FnOnce(&mut Self)) {
        let before = self.at;
        change(&mut self.at);
        // Conditions outside a macro say nothing of when it is called.
        let conditions = if self.at.in_macro == before.in_macro {
            None
        } else {
            Some(std::mem::take(&mut self.conditions))
        };
        inside(self);
        if let Some(conditions) = conditions {
            self.conditions = conditions;
        }
        self.at = before;
    }

    fn site(&self, range: TextRange) -> Site {
        Site {
            range,
            in_macro: self.at.in_macro,
            in_snapshot: self.at.in_snapshot,
            conditions: self.conditions.as_slice().into(),
            in_loop: self.at.in_loop,
            captured: self.at.captured,
        }
    }

    fn expr(&mut self, expr: &Expr<'a>) {
        match &expr.kind {
            ExprKind::Call { callee, args } => self.call(expr, callee, args),
            ExprKind::Conditional {
                then,
                condition,
                otherwise,
            } => {
                self.expr(condition);
                self.under(condition.range, true, then);
                if let Some(otherwise) = otherwise {
                    self.under(condition.range, false, otherwise);
                }
            }
            ExprKind::And(items) => self.short_circuit(items, true),
            ExprKind::Or(items) => self.short_circuit(items, false),
            ExprKind::Name(name) => self.name_use(expr, name.value),
            ExprKind::Attribute { .. } => match expr.path() {
                Some(path) => self.name_use(expr, &path),
                None => expr.for_each_child(&mut |child| self.expr(child)),
            },
            _ => expr.for_each_child(&mut |child| self.expr(child)),
        }
    }

    fn under(&mut self, condition: TextRange, holds: bool, expr: &Expr<'a>) {
        self.conditions.push(Condition {
            expression: condition,
            holds,
        });
        self.expr(expr);
        self.conditions.pop();
    }

    /// The second of `a and b` is reached only if the first holds; of `a or b`, only if it does not.
    fn short_circuit(&mut self, items: &[Expr<'a>], holds: bool) {
        let depth = self.conditions.len();
        for item in items {
            self.expr(item);
            self.conditions.push(Condition {
                expression: item.range,
                holds,
            });
        }
        self.conditions.truncate(depth);
    }

    fn name_use(&mut self, expr: &Expr<'a>, path: &str) {
        let head = path.split('.').next().unwrap_or_default();
        let is_asked_for = matches!(head, "this" | "target") || path.len() > head.len();
        if is_asked_for && !self.locals.contains(head) {
            let site = self.site(expr.range);
            self.facts.names.push(NameUse {
                site,
                path: Spanned::new(path.into(), expr.range),
            });
        }
    }

    fn call(&mut self, expr: &Expr<'a>, callee: &Expr<'a>, args: &[Arg<'a>]) {
        let Some(path) = callee.path() else {
            expr.for_each_child(&mut |child| self.expr(child));
            return;
        };
        args.iter().for_each(|arg| self.expr(&arg.value));
        let site = self.site(expr.range);
        let head = head_range(callee);
        let is_local = self.locals.contains(path.split('.').next().unwrap_or_default());
        match &*path {
            "ref" | "builtins.ref" if !is_local => self.facts.refs.push(ref_call(site, args)),
            "source" | "builtins.source" if !is_local => self.facts.sources.push(source_call(site, args)),
            "config" | "builtins.config" if !is_local => self.facts.configs.push(config_call(site, args)),
            "var" | "builtins.var" if !is_local => self.facts.vars.push(var_call(site, args)),
            "env_var" if !is_local => self.facts.env_vars.push(var_call(site, args)),
            _ => self.facts.calls.push(MacroCall {
                site,
                path: Spanned::new(Arc::from(&*path), callee.range),
                head,
                positional: args.iter().filter(|arg| arg.is_positional()).count(),
                keywords: args.iter().filter_map(keyword).collect(),
                starred: args.iter().any(is_starred),
                first: args.first().filter(|arg| arg.is_positional()).map(literal),
                is_local,
            }),
        }
    }
}

fn shared(name: Spanned<&str>) -> Text {
    Spanned::new(name.value.into(), name.range)
}

fn head_range(callee: &Expr<'_>) -> TextRange {
    match &callee.kind {
        ExprKind::Attribute { base, .. } => head_range(base),
        _ => callee.range,
    }
}

fn keyword(arg: &Arg<'_>) -> Option<Text> {
    match arg.kind {
        ArgKind::Keyword(name) => Some(shared(name)),
        ArgKind::Positional | ArgKind::Star | ArgKind::DoubleStar => None,
    }
}

fn is_starred(arg: &Arg<'_>) -> bool {
    matches!(arg.kind, ArgKind::Star | ArgKind::DoubleStar)
}

/// The value as far as it is literal.
fn literal(arg: &Arg<'_>) -> Spanned<Value> {
    glueline_jinja::eval(&arg.value, &NoScope)
}

/// A text with the range of what stands between its quotes, so that a name can be underlined and renamed.
fn text_of(arg: &Arg<'_>) -> Option<Text> {
    let text = arg.value.as_text()?;
    Some(Spanned::new(
        Arc::from(&*text),
        inside_quotes(arg.value.range, text.len()),
    ))
}

fn inside_quotes(range: TextRange, length: usize) -> TextRange {
    let whole = usize::from(range.len());
    // One quote on either side, where nothing is escaped and nothing stands around it.
    if whole == length + 2 {
        glueline_base::range(usize::from(range.start()) + 1, usize::from(range.end()) - 1)
    } else {
        range
    }
}

fn positional<'b, 'a>(args: &'b [Arg<'a>]) -> Vec<&'b Arg<'a>> {
    args.iter().filter(|arg| arg.is_positional()).collect()
}

fn named<'b, 'a>(args: &'b [Arg<'a>], names: &[&str]) -> Option<&'b Arg<'a>> {
    args.iter()
        .find(|arg| arg.keyword().is_some_and(|name| names.contains(&name)))
}

fn ref_call(site: Site, args: &[Arg<'_>]) -> RefCall {
    let by_place = positional(args);
    let starred = args.iter().any(is_starred);
    let (package, name) = match (starred, by_place.as_slice()) {
        (false, [name]) => (None, text_of(name)),
        // A package that is computed makes the name unknown too.
        (false, [package, name]) => match text_of(package) {
            Some(package) => (Some(package), text_of(name)),
            None => (None, None),
        },
        _ => (None, None),
    };
    let version = named(args, &["v", "version"]).map(literal);
    RefCall {
        site,
        package,
        name,
        version,
        arguments: by_place.len(),
    }
}

fn source_call(site: Site, args: &[Arg<'_>]) -> SourceCall {
    let by_place = positional(args);
    let (source, table) = match by_place.as_slice() {
        [source, table] => (text_of(source), text_of(table)),
        _ => (None, None),
    };
    SourceCall {
        site,
        source,
        table,
        arguments: by_place.len(),
    }
}

fn config_call(site: Site, args: &[Arg<'_>]) -> ConfigCall {
    let mut call = ConfigCall {
        site,
        entries: Vec::new(),
        opaque: false,
    };
    for arg in args {
        match arg.kind {
            ArgKind::Keyword(name) => call.entries.push((shared(name), literal(arg))),
            // `config({'materialized': 'table'})` is the same as keywords.
            ArgKind::Positional | ArgKind::DoubleStar => match literal(arg).value {
                Value::Map(entries) => {
                    call.entries
                        .extend(entries.into_iter().map(|entry| (entry.key, entry.value)));
                }
                _ => call.opaque = true,
            },
            ArgKind::Star => call.opaque = true,
        }
    }
    call
}

fn var_call(site: Site, args: &[Arg<'_>]) -> VarCall {
    let by_place = positional(args);
    let name = by_place
        .first()
        .copied()
        .or_else(|| named(args, &["var_name", "var"]));
    VarCall {
        site,
        name: name.and_then(text_of),
        has_default: by_place.len() > 1 || named(args, &["default"]).is_some() || args.iter().any(is_starred),
    }
}

/// Names that the file binds itself, anywhere.
fn bound_names<'a>(pieces: &[Piece<'a>], out: &mut FxHashSet<&'a str>) {
    for piece in pieces {
        let Piece::Statement(statement) = piece else {
            continue;
        };
        match &statement.kind {
            StatementKind::If { branches } => {
                branches.iter().for_each(|branch| bound_names(&branch.body, out));
            }
            StatementKind::For(loop_) => {
                target_names(&loop_.target, out);
                out.insert("loop");
                bound_names(&loop_.body, out);
                loop_
                    .otherwise
                    .iter()
                    .for_each(|branch| bound_names(&branch.body, out));
            }
            StatementKind::Set { target, .. } => target_names(target, out),
            StatementKind::SetBlock { target, body, .. } => {
                target_names(target, out);
                bound_names(body, out);
            }
            StatementKind::Macro(definition) | StatementKind::Test(definition) => {
                out.extend(definition.params.iter().map(|param| param.name.value));
                out.extend(["caller", "varargs", "kwargs"]);
                bound_names(&definition.body, out);
            }
            StatementKind::CallBlock { params, body, .. } => {
                out.extend(params.iter().map(|param| param.name.value));
                bound_names(body, out);
            }
            StatementKind::With { bindings, body } => {
                bindings.iter().for_each(|(target, _)| target_names(target, out));
                bound_names(body, out);
            }
            StatementKind::Import { alias, .. } => {
                out.insert(alias.value);
            }
            StatementKind::FromImport { names, .. } => {
                out.extend(
                    names
                        .iter()
                        .map(|(name, alias)| alias.as_ref().unwrap_or(name).value),
                );
            }
            StatementKind::Materialization { body, .. }
            | StatementKind::Snapshot { body, .. }
            | StatementKind::Docs { body, .. }
            | StatementKind::FilterBlock { body, .. }
            | StatementKind::Block { body, .. }
            | StatementKind::Autoescape { body, .. } => bound_names(body, out),
            StatementKind::Raw
            | StatementKind::Do(_)
            | StatementKind::Print(_)
            | StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Include(_)
            | StatementKind::Extends(_)
            | StatementKind::Unknown => {}
        }
    }
}

fn target_names<'a>(target: &Expr<'a>, out: &mut FxHashSet<&'a str>) {
    match &target.kind {
        ExprKind::Name(name) => {
            out.insert(name.value);
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => {
            items.iter().for_each(|item| target_names(item, out));
        }
        _ => {}
    }
}

/// Whether a macro's body reads `kwargs` or `varargs`: Jinja then lets it take arguments that it does not declare.
fn uses_extra(body: &[Piece<'_>]) -> bool {
    fn in_expr(expr: &Expr<'_>) -> bool {
        if matches!(expr.as_name(), Some("kwargs" | "varargs")) {
            return true;
        }
        let mut found = false;
        expr.for_each_child(&mut |child| found = found || in_expr(child));
        found
    }
    fn in_pieces(pieces: &[Piece<'_>]) -> bool {
        pieces.iter().any(|piece| match piece {
            Piece::Text(_) | Piece::Comment(_) => false,
            Piece::Output(output) => in_expr(&output.expr),
            Piece::Statement(statement) => match &statement.kind {
                StatementKind::If { branches } => branches
                    .iter()
                    .any(|branch| branch.condition.as_ref().is_some_and(in_expr) || in_pieces(&branch.body)),
                StatementKind::For(loop_) => {
                    in_expr(&loop_.iter)
                        || loop_.filter.as_ref().is_some_and(in_expr)
                        || in_pieces(&loop_.body)
                        || loop_
                            .otherwise
                            .as_ref()
                            .is_some_and(|branch| in_pieces(&branch.body))
                }
                StatementKind::Set { value, .. } => in_expr(value),
                StatementKind::Do(expr) => in_expr(expr),
                StatementKind::Print(items) => items.iter().any(in_expr),
                StatementKind::CallBlock { call, body, .. } => in_expr(call) || in_pieces(body),
                StatementKind::With { bindings, body } => {
                    bindings.iter().any(|(_, value)| in_expr(value)) || in_pieces(body)
                }
                StatementKind::SetBlock { body, .. }
                | StatementKind::FilterBlock { body, .. }
                | StatementKind::Block { body, .. }
                | StatementKind::Autoescape { body, .. } => in_pieces(body),
                _ => false,
            },
        })
    }
    in_pieces(body)
}
