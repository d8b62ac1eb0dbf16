//! The SQL of a file, with its Jinja as holes: which relation stands in each, and where conditions are.

use glueline_base::{FileId, TextRange, TextSize, Value};
use glueline_jinja::{Expr, ExprKind, Piece, Statement, StatementKind};
use glueline_project::{FileKind, NodeId, PackageId, Project, Resolution};
use glueline_sql::{Hole, HoleKind, Sql};

use crate::Analysis;

/// What stands in a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Nothing, or some text.
    Other,
    /// What `ref()` or `source()` names; `None` where that is not known.
    Relation(Option<NodeId>),
    /// `this`: the relation that the node itself is made as.
    This(Option<NodeId>),
}

impl Meant {
    /// The node whose relation it is.
    pub const fn node(self) -> Option<NodeId> {
        match self {
            Self::Relation(node) | Self::This(node) => node,
            Self::Other => None,
        }
    }
}

/// A stretch of SQL that is read alone: a file, or the body of a macro, a snapshot, a captured block.
#[derive(Debug)]
pub struct Fragment {
    /// The stretch.
    pub range: TextRange,
    /// The node whose query it is; `None` for macros and captured blocks.
    pub node: Option<NodeId>,
    /// Whether it is the text of a file or of a snapshot itself, and not that of a macro or a captured block.
    pub is_main: bool,
    /// What was read.
    pub sql: Sql,
    /// What stands in each hole, by the numbers that `sql` uses.
    pub holes: Vec<(Hole, Meant)>,
    /// The bodies of conditions and loops: what stands there may be missing, or be there more than once.
    pub conditional: Vec<TextRange>,
}

impl Fragment {
    /// What stands in a hole.
    pub fn meant(&self, hole: u32) -> Meant {
        self.holes
            .get(hole as usize)
            .map_or(Meant::Other, |(_, meant)| *meant)
    }

    /// The hole around an offset.
    pub fn hole_at(&self, offset: TextSize) -> Option<(Hole, Meant)> {
        let behind = self.holes.partition_point(|(hole, _)| hole.range.end() <= offset);
        let found = self.holes.get(behind)?;
        found.0.range.contains(offset).then_some(*found)
    }

    /// The first hole that shares bytes with a range.
    pub fn hole_in(&self, range: TextRange) -> Option<(Hole, Meant)> {
        let behind = self
            .holes
            .partition_point(|(hole, _)| hole.range.end() <= range.start());
        let found = self.holes.get(behind)?;
        (found.0.range.start() < range.end()).then_some(*found)
    }

    /// Whether a condition or a loop is around a place, inside the fragment.
    pub fn is_conditional(&self, place: TextRange) -> bool {
        self.conditional.iter().any(|range| range.contains_range(place))
    }
}

/// The SQL of a file, each stretch of it that is read alone; an inner one before the one around it. Nothing for files without SQL.
pub fn fragments(analysis: &Analysis, file: FileId) -> Vec<Fragment> {
    let project = analysis.project();
    let info = project.files().info(file);
    if !info.kind.holds_sql() {
        return Vec::new();
    }
    let text = project.files().text(file);
    let template = glueline_jinja::parse(text);
    let owner = crate::nodes::defined_in(project, file)
        .iter()
        .find(|node| node.block.is_none())
        .map(|node| node.id);
    let mut reader = Reader {
        project,
        file,
        package: info.package,
        text,
        out: Vec::new(),
    };
    let is_main = !matches!(
        info.kind,
        FileKind::GenericTest | FileKind::Macro | FileKind::Snapshot
    );
    let whole = glueline_base::range(0, text.len());
    reader.fragment(whole, &template.body, owner, is_main);
    reader.out
}

/// The innermost fragment around an offset.
pub fn fragment_at(fragments: &[Fragment], offset: TextSize) -> Option<&Fragment> {
    fragments
        .iter()
        .filter(|fragment| fragment.range.contains_inclusive(offset))
        .min_by_key(|fragment| fragment.range.len())
}

/// The fragment that is the query of a node, and the node's own text.
pub(crate) fn of_node(analysis: &Analysis, node: NodeId) -> Option<Fragment> {
    let file = analysis.project().node(node).file();
    fragments(analysis, file)
        .into_iter()
        .find(|fragment| fragment.is_main && fragment.node == Some(node))
}

struct Reader<'a> {
    project: &'a Project,
    file: FileId,
    package: PackageId,
    text: &'a str,
    out: Vec<Fragment>,
}

/// What is gathered of a fragment.
#[derive(Default)]
struct Draft {
    node: Option<NodeId>,
    holes: Vec<(Hole, Meant)>,
    conditional: Vec<TextRange>,
}

impl Draft {
    fn hole(&mut self, range: TextRange, kind: HoleKind, meant: Meant) {
        self.holes.push((Hole { range, kind }, meant));
    }

    fn blank(&mut self, range: TextRange) {
        self.hole(range, HoleKind::Blank, Meant::Other);
    }
}

impl<'a> Reader<'a> {
    fn fragment(&mut self, range: TextRange, pieces: &[Piece<'a>], node: Option<NodeId>, is_main: bool) {
        let mut draft = Draft {
            node,
            ..Draft::default()
        };
        self.pieces(pieces, &mut draft);
        // A block that does not end where the text does is one that is being typed.
        draft.holes.sort_by_key(|(hole, _)| hole.range.start());
        let holes: Vec<Hole> = draft.holes.iter().map(|(hole, _)| *hole).collect();
        let sql = glueline_sql::read(self.text, range, &holes);
        self.out.push(Fragment {
            range,
            node,
            is_main,
            sql,
            holes: draft.holes,
            conditional: draft.conditional,
        });
    }

    fn pieces(&mut self, pieces: &[Piece<'a>], draft: &mut Draft) {
        for piece in pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Comment(comment) => draft.blank(comment.range),
                Piece::Output(output) => {
                    let (kind, meant) = self.output(&output.expr, draft.node);
                    draft.hole(output.range, kind, meant);
                }
                Piece::Statement(statement) => self.statement(statement, draft),
            }
        }
    }

    fn statement(&mut self, statement: &Statement<'a>, draft: &mut Draft) {
        match &statement.kind {
            StatementKind::If { branches } => {
                for (place, branch) in branches.iter().enumerate() {
                    let next = branches.get(place + 1).map(|next| next.tag.range.start());
                    let end = next.unwrap_or_else(|| statement.inside().end());
                    draft.blank(branch.tag.range);
                    self.conditional(&branch.body, branch.tag.range, end, draft);
                }
                close(statement, draft);
            }
            StatementKind::For(each) => {
                draft.blank(statement.open.range);
                let otherwise = each.otherwise.as_ref();
                let inside = statement.inside().end();
                let end = otherwise.map_or(inside, |branch| branch.tag.range.start());
                self.conditional(&each.body, statement.open.range, end, draft);
                if let Some(branch) = otherwise {
                    draft.blank(branch.tag.range);
                    self.conditional(&branch.body, branch.tag.range, inside, draft);
                }
                close(statement, draft);
            }
            StatementKind::Raw => {
                draft.blank(statement.open.range);
                close(statement, draft);
            }
            StatementKind::Block { body, .. }
            | StatementKind::With { body, .. }
            | StatementKind::Autoescape { body, .. } => {
                draft.blank(statement.open.range);
                self.pieces(body, draft);
                close(statement, draft);
            }
            StatementKind::CallBlock { call, body, .. } => {
                let kind = match call_name(call) {
                    Some("statement") => HoleKind::Blank,
                    _ => HoleKind::Text,
                };
                draft.hole(statement.range, kind, Meant::Other);
                self.fragment(statement.inside(), body, None, false);
            }
            StatementKind::FilterBlock { body, .. } => {
                draft.hole(statement.range, HoleKind::Text, Meant::Other);
                self.fragment(statement.inside(), body, None, false);
            }
            StatementKind::SetBlock { body, .. } | StatementKind::Materialization { body, .. } => {
                draft.blank(statement.range);
                self.fragment(statement.inside(), body, None, false);
            }
            StatementKind::Macro(definition) | StatementKind::Test(definition) => {
                draft.blank(statement.range);
                self.fragment(statement.inside(), &definition.body, None, false);
            }
            StatementKind::Snapshot { name, body } => {
                draft.blank(statement.range);
                let nodes = crate::nodes::defined_in(self.project, self.file);
                let node = nodes.iter().find(|node| node.at.range == name.range);
                let node = node.map(|node| node.id);
                self.fragment(statement.inside(), body, node, true);
            }
            StatementKind::Include(_) => draft.hole(statement.range, HoleKind::Text, Meant::Other),
            StatementKind::Docs { .. }
            | StatementKind::Set { .. }
            | StatementKind::Do(_)
            | StatementKind::Print(_)
            | StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Extends(_)
            | StatementKind::Import { .. }
            | StatementKind::FromImport { .. }
            | StatementKind::Unknown => draft.blank(statement.range),
        }
    }

    fn conditional(&mut self, body: &[Piece<'a>], tag: TextRange, end: TextSize, draft: &mut Draft) {
        draft
            .conditional
            .push(TextRange::new(tag.end(), end.max(tag.end())));
        self.pieces(body, draft);
    }

    /// What a `{{ }}` prints.
    fn output(&self, expr: &Expr<'a>, own: Option<NodeId>) -> (HoleKind, Meant) {
        if expr.as_name() == Some("this") {
            return (HoleKind::Relation, Meant::This(own));
        }
        match call_name(expr) {
            Some("ref") => (HoleKind::Relation, Meant::Relation(self.reference(expr))),
            Some("source") => (HoleKind::Relation, Meant::Relation(self.source(expr))),
            Some("config" | "log" | "return" | "print") => (HoleKind::Blank, Meant::Other),
            _ => (HoleKind::Text, Meant::Other),
        }
    }

    fn reference(&self, call: &Expr<'a>) -> Option<NodeId> {
        let (_, args) = call.as_call()?;
        let mut texts = args
            .iter()
            .filter(|arg| arg.is_positional())
            .map(|arg| arg.value.as_text());
        let (first, second) = (texts.next()??, texts.next());
        let (package, name) = match second {
            None => (None, first),
            Some(name) => (Some(self.package_named(&first)?), name?),
        };
        let version = args
            .iter()
            .find(|arg| matches!(arg.keyword(), Some("v" | "version")))
            .map(|arg| written(&arg.value));
        let version = match version {
            None => None,
            Some(version) => Some(version?),
        };
        let found = self
            .project
            .lookup()
            .find_ref(self.package, package, &name, version.as_deref());
        enabled(found)
    }

    fn source(&self, call: &Expr<'a>) -> Option<NodeId> {
        let (_, args) = call.as_call()?;
        let mut texts = args
            .iter()
            .filter(|arg| arg.is_positional())
            .map(|arg| arg.value.as_text());
        let (source, table) = (texts.next()??, texts.next()??);
        enabled(self.project.lookup().find_source(self.package, &source, &table))
    }

    fn package_named(&self, name: &str) -> Option<PackageId> {
        self.project
            .packages()
            .iter()
            .position(|package| *package.name == *name)
    }
}

fn close(statement: &Statement<'_>, draft: &mut Draft) {
    if let Some(close) = &statement.close {
        draft.blank(close.range);
    }
}

fn enabled(found: Resolution) -> Option<NodeId> {
    match found {
        Resolution::Node(node) => Some(node),
        Resolution::Disabled(_) | Resolution::Missing | Resolution::Unknown => None,
    }
}

/// The name of what is called, where `builtins.` may stand before it.
fn call_name<'a>(expr: &Expr<'a>) -> Option<&'a str> {
    let (callee, _) = expr.as_call()?;
    match &callee.kind {
        ExprKind::Name(name) => Some(name.value),
        ExprKind::Attribute { base, name } if base.as_name() == Some("builtins") => Some(name.value),
        _ => None,
    }
}

/// A literal as dbt prints it.
fn written(expr: &Expr<'_>) -> Option<String> {
    match &expr.kind {
        ExprKind::Int(Some(number)) => Some(number.to_string()),
        ExprKind::Float(number) => Some(Value::Float(*number).display()),
        _ => expr.as_text().map(std::borrow::Cow::into_owned),
    }
}
