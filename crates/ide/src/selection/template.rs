//! Jinja: expressions, calls, tags, blocks.

use glueline_base::{TextRange, TextSize};
use glueline_jinja::{Arg, Context, Expr, ExprKind, Output, Piece, Statement, StatementKind, Visitor, walk};

use super::Around;

/// Adds what is around the place in a template that stands at `start` of the file; says whether the place is inside a tag.
pub(super) fn read(around: &mut Around<'_>, text: &str, start: TextSize) -> bool {
    let template = glueline_jinja::parse(text);
    let mut reader = Tags {
        around,
        start,
        is_inside: false,
    };
    walk(&template, &mut reader);
    let mut is_inside = reader.is_inside;
    comments(around, &template.body, start, &mut is_inside);
    is_inside
}

fn comments(around: &mut Around<'_>, pieces: &[Piece<'_>], start: TextSize, is_inside: &mut bool) {
    for piece in pieces {
        match piece {
            Piece::Comment(comment) => {
                let range = comment.range + start;
                *is_inside |= around.add(range) && range.contains(around.offset);
            }
            Piece::Statement(statement) if (statement.range + start).contains_inclusive(around.offset) => {
                for body in crate::folding::bodies(statement) {
                    comments(around, body, start, is_inside);
                }
            }
            _ => {}
        }
    }
}

struct Tags<'r, 't> {
    around: &'r mut Around<'t>,
    start: TextSize,
    is_inside: bool,
}

impl Tags<'_, '_> {
    fn add(&mut self, range: TextRange) -> bool {
        self.around.add(range + self.start)
    }

    fn tag(&mut self, range: TextRange) {
        self.is_inside |= self.add(range) && (range + self.start).contains(self.around.offset);
    }

    fn args(&mut self, args: &[Arg<'_>]) {
        for arg in args {
            self.add(arg.range);
        }
        if let (Some(first), Some(last)) = (args.first(), args.last()) {
            self.add(first.range.cover(last.range));
        }
    }
}

impl<'t, 'a> Visitor<'t, 'a> for Tags<'_, '_> {
    fn output(&mut self, output: &'t Output<'a>, _context: &Context<'t, 'a>) {
        self.tag(output.range);
    }

    fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
        if !self.add(statement.range) {
            return;
        }
        self.tag(statement.open.range);
        if let Some(close) = &statement.close {
            self.tag(close.range);
        }
        self.add(statement.inside());
        if let StatementKind::If { branches } = &statement.kind {
            for (place, branch) in branches.iter().enumerate() {
                self.tag(branch.tag.range);
                let next = branches.get(place + 1).map(|next| next.tag.range.start());
                let end = next.unwrap_or_else(|| statement.inside().end());
                let start = branch.tag.range;
                self.add(TextRange::new(start.end(), end.max(start.end())));
                self.add(TextRange::new(start.start(), end.max(start.end())));
            }
        }
    }

    fn expr(&mut self, expr: &'t Expr<'a>, _context: &Context<'t, 'a>) {
        if !self.add(expr.range) {
            return;
        }
        match &expr.kind {
            ExprKind::Str(literal) => {
                let quotes = crate::symbol::inside_quotes(literal);
                self.add(quotes);
            }
            ExprKind::Call { args, .. } | ExprKind::Test { args, .. } => self.args(args),
            ExprKind::Filter { filter, .. } => self.args(&filter.args),
            ExprKind::Dict(entries) => {
                for (key, value) in entries {
                    self.add(key.range.cover(value.range));
                }
            }
            _ => {}
        }
    }
}
