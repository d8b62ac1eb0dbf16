//! From the syntax of a template to a program.
//!
//! What comes out is a template for minijinja. White space is stripped here, as Jinja2's lexer does it; text is marked; names stay
//! names; and each operation is a call of [`vm`](crate::vm) with the number of its site, so that it does what Python does and an
//! error knows its place. The bodies of `call` blocks become programs of their own: minijinja's macros cannot be called from
//! another template.

mod blocks;
mod edges;
mod exprs;
mod loops;
mod names;

pub(crate) use blocks::inner_macro;
pub(crate) use loops::OWN_LOOP;
pub(crate) use names::unmangled;

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{SyntaxError, TextRange};
use glueline_jinja::{Param, Piece, Statement, StatementKind, Template};

use crate::Role;
use crate::engine::{BLOCK, PRINT};
use crate::marks;
use crate::program::{Origin, Params, Program, Site, SiteKind};

/// What a program is made for.
#[derive(Debug, Clone)]
pub struct Unit {
    /// How traces and messages call it.
    pub name: Arc<str>,
    /// Where its text stands.
    pub origin: Origin,
    /// The name under which the engine keeps it compiled, where it is run more than once.
    pub cached: Option<String>,
    /// Whether its text is marked, so that what it renders can be mapped back. Rendering is the same without.
    pub marked: bool,
}

/// What becomes of white space at both ends of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// It is stripped, as dbt strips files.
    Strip,
    /// One line break at the end is dropped, as Jinja2 does.
    Newline,
}

/// A template that is rendered as it is.
pub fn lower_template(unit: Unit, template: &Template<'_>, ends: Ends) -> Program {
    lower_pieces(unit, template.text, &template.body, &template.errors, ends)
}

/// Some pieces of a template, as one: what stands in a `snapshot` block.
pub fn lower_pieces(
    unit: Unit,
    text: &str,
    pieces: &[Piece<'_>],
    errors: &[SyntaxError],
    ends: Ends,
) -> Program {
    let mut lowerer = Lowerer::new(
        text,
        unit.marked,
        names::assigned(pieces, &[]),
        first_line(text, ends),
    );
    match errors.first() {
        Some(error) => lowerer.fault("syntax", &error.message, error.range),
        None => lowerer.pieces(pieces, edges::Edges::of(ends)),
    }
    lowerer.finish(unit, None, Role::Template)
}

/// An expression whose value is wanted as it is, not as text: [`Cx::evaluate`](crate::Cx::evaluate) gives it.
pub fn lower_expression(unit: Unit, text: &str, expr: &glueline_jinja::Expr<'_>) -> Program {
    let mut lowerer = Lowerer::new(text, unit.marked, Vec::new(), 0);
    let site = lowerer.site(SiteKind::Code, expr.range);
    lowerer.begin(PRINT.0, expr.range);
    lowerer.push(format_args!("__return({site}, "));
    lowerer.expr(expr);
    lowerer.out.push(')');
    lowerer.out.push_str(PRINT.1);
    lowerer.finish(unit, Some(Params::default()), Role::Template)
}

/// A macro, test, materialization or docs block; `None` for any other statement. `errors` are those of the whole template: one that
/// stands in the statement makes the program fail with it.
pub fn lower_definition(
    unit: Unit,
    text: &str,
    statement: &Statement<'_>,
    errors: &[SyntaxError],
) -> Option<Program> {
    let (params, body): (&[Param<'_>], _) = match &statement.kind {
        StatementKind::Macro(definition) | StatementKind::Test(definition) => {
            (&definition.params, &definition.body)
        }
        StatementKind::Materialization { body, .. } | StatementKind::Docs { body, .. } => (&[], body),
        _ => return None,
    };
    let lines_from = statement.range.start().into();
    let mut lowerer = Lowerer::new(text, unit.marked, names::assigned(body, params), lines_from);
    let broken = errors
        .iter()
        .find(|error| statement.range.contains_range(error.range));
    match broken {
        Some(error) => lowerer.fault("syntax", &error.message, error.range),
        None => {
            lowerer.check_params(params);
            lowerer.defaults(params);
            lowerer.pieces(body, edges::Edges::between(statement));
        }
    }
    let params = names::params(params, body);
    Some(lowerer.finish(unit, Some(params), Role::Macro))
}

/// Where the text starts that Jinja2 gets of a whole template.
fn first_line(text: &str, ends: Ends) -> usize {
    match ends {
        Ends::Strip => text.len() - text.trim_start().len(),
        Ends::Newline => 0,
    }
}

struct Lowerer<'t> {
    text: &'t str,
    marked: bool,
    out: String,
    sites: Vec<Site>,
    places: Vec<(u32, TextRange)>,
    closures: Vec<Arc<Program>>,
    /// The names that this template assigns anywhere: those that a block within may have to capture.
    assigned: Vec<Arc<str>>,
    /// Where what Jinja2 counts lines in starts.
    lines_from: usize,
    /// The open loops, each by the name of ours that it stands under: what `loop` means.
    loops: Vec<String>,
    /// Whether the template has a variable of its own called `loop`.
    assigns_loop: bool,
    /// How many blocks are open within the innermost loop that it cannot be left out of directly.
    blocks: usize,
    /// Whether a branch is open, where Jinja2 looks for filters and tests only when they are used.
    soft: bool,
    /// Why Jinja2 refuses to compile the template.
    refused: Option<(String, TextRange)>,
    temporaries: usize,
    /// How many values of expressions have a place to be kept at.
    kept: usize,
    /// Expressions that were evaluated before the expression they stand in, each with the place it is kept at.
    standins: Vec<(TextRange, usize)>,
}

impl<'t> Lowerer<'t> {
    fn new(text: &'t str, marked: bool, assigned: Vec<Arc<str>>, lines_from: usize) -> Self {
        let assigns_loop = assigned.binary_search_by(|name| (**name).cmp("loop")).is_ok();
        Self {
            text,
            marked,
            assigns_loop,
            out: String::with_capacity(text.len() * 2),
            sites: Vec::new(),
            places: Vec::new(),
            closures: Vec::new(),
            assigned,
            lines_from,
            loops: Vec::new(),
            blocks: 0,
            soft: false,
            refused: None,
            temporaries: 0,
            kept: 0,
            standins: Vec::new(),
        }
    }

    fn finish(mut self, unit: Unit, params: Option<Params>, role: Role) -> Program {
        for closure in &mut self.closures {
            if let Some(closure) = Arc::get_mut(closure) {
                closure.settle(unit.origin);
            }
        }
        if let Some((message, range)) = self.refused.take() {
            self.out.clear();
            self.places.clear();
            self.fault("syntax", &message, range);
        }
        Program {
            is_lenient: false,
            name: unit.name,
            cached: unit.cached,
            source: self.out,
            origin: unit.origin,
            sites: self.sites,
            closures: self.closures,
            role,
            params,
            places: self.places,
        }
    }

    fn site(&mut self, kind: SiteKind, range: TextRange) -> u32 {
        let number = u32::try_from(self.sites.len()).unwrap_or(u32::MAX);
        self.sites.push(Site { kind, range });
        number
    }

    fn code(&mut self, range: TextRange) -> u32 {
        self.site(SiteKind::Code, range)
    }

    /// Opens a tag on a line of its own, so that the line numbers of minijinja's errors lead back here.
    fn begin(&mut self, delimiter: &str, range: TextRange) {
        self.out.push_str(delimiter);
        self.out.push('\n');
        let at = u32::try_from(self.out.len()).unwrap_or(u32::MAX);
        self.places.push((at, range));
    }

    /// Writes a tag.
    fn tag(&mut self, range: TextRange, words: &str) {
        self.begin(BLOCK.0, range);
        self.out.push_str(words);
        self.out.push_str(BLOCK.1);
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.out.write_fmt(text);
    }

    /// Notes why Jinja2 would not compile the template; the first reason is the one it gives.
    fn refuse(&mut self, message: &str, range: TextRange) {
        self.refused.get_or_insert_with(|| (message.to_owned(), range));
    }

    fn check_params(&mut self, params: &[Param<'_>]) {
        let caller = params
            .iter()
            .find(|param| param.name.value == "caller" && param.default.is_none());
        if let Some(caller) = caller {
            self.refuse(
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.",
                caller.name.range,
            );
        }
    }

    /// The line of a place as Jinja2 counts it.
    fn line(&self, range: TextRange) -> usize {
        let before = self.text.get(self.lines_from..range.start().into()).unwrap_or("");
        let breaks = before
            .bytes()
            .filter(|byte| matches!(byte, b'\n' | b'\r'))
            .count();
        1 + breaks - before.matches("\r\n").count()
    }

    /// An operation that always fails.
    fn fault(&mut self, kind: &str, message: &str, range: TextRange) {
        let site = self.code(range);
        self.begin(PRINT.0, range);
        self.push(format_args!("__fault({site}, "));
        self.string(kind);
        self.out.push_str(", ");
        self.string(message);
        self.out.push(')');
        self.out.push_str(PRINT.1);
    }

    /// A text of the template, with line breaks as Jinja2 reads them.
    fn literal(&mut self, range: TextRange) {
        let text = glueline_base::slice(self.text, range);
        let mut start = usize::from(range.start());
        let mut rest = text;
        while let Some(at) = rest.find('\r') {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.stretch(before, start);
            let after = after.strip_prefix('\r').unwrap_or(after);
            start += at + 1;
            if !after.starts_with('\n') {
                self.stretch("\n", start - 1);
            }
            rest = after;
        }
        self.stretch(rest, start);
    }

    fn stretch(&mut self, text: &str, start: usize) {
        if text.is_empty() {
            return;
        }
        let site = self.site(SiteKind::Text, glueline_base::range(start, start + text.len()));
        self.open(site);
        self.out.push_str(&marks::escape(text));
        self.close();
    }

    fn open(&mut self, site: u32) {
        if self.marked {
            marks::open(site, &mut self.out);
        }
    }

    fn close(&mut self) {
        if self.marked {
            marks::close(&mut self.out);
        }
    }

    /// A string literal for minijinja.
    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in marks::escape(text).chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    fn temporary(&mut self) -> String {
        self.temporaries += 1;
        format!("__t{}", self.temporaries)
    }
}
