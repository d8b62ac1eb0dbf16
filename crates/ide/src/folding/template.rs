//! Blocks, calls and comments of Jinja.

use glueline_base::slice;
use glueline_jinja::{Context, Expr, ExprKind, Output, Piece, Statement, StatementKind, Visitor, walk};

use super::Folds;

pub(super) fn read(out: &mut Folds<'_>) {
    let template = glueline_jinja::parse(out.text);
    let text = out.text;
    let mut comments = Vec::new();
    gather(&template.body, text, &mut comments);
    out.comments(&comments);
    walk(&template, &mut Blocks(out));
}

/// The comments, in the order of the text, with what they say.
fn gather<'a>(pieces: &[Piece<'_>], text: &'a str, out: &mut Vec<(glueline_base::TextRange, &'a str)>) {
    for piece in pieces {
        match piece {
            Piece::Comment(comment) => {
                let written = slice(text, comment.range);
                let says = written.trim_start_matches(['{', '#', '-', '+']);
                out.push((comment.range, says.trim_end_matches(['}', '#', '-', '+'])));
            }
            Piece::Statement(statement) => {
                for body in bodies(statement) {
                    gather(body, text, out);
                }
            }
            Piece::Text(_) | Piece::Output(_) => {}
        }
    }
}

/// The bodies of a statement, in the order of the text.
pub(crate) fn bodies<'t, 'a>(statement: &'t Statement<'a>) -> Vec<&'t [Piece<'a>]> {
    match &statement.kind {
        StatementKind::If { branches } => branches.iter().map(|branch| branch.body.as_slice()).collect(),
        StatementKind::For(each) => {
            let otherwise = each.otherwise.iter().map(|branch| branch.body.as_slice());
            std::iter::once(each.body.as_slice()).chain(otherwise).collect()
        }
        StatementKind::Macro(definition) | StatementKind::Test(definition) => vec![&definition.body],
        StatementKind::SetBlock { body, .. }
        | StatementKind::Materialization { body, .. }
        | StatementKind::Snapshot { body, .. }
        | StatementKind::Docs { body, .. }
        | StatementKind::CallBlock { body, .. }
        | StatementKind::FilterBlock { body, .. }
        | StatementKind::Block { body, .. }
        | StatementKind::With { body, .. }
        | StatementKind::Autoescape { body, .. } => vec![body],
        _ => Vec::new(),
    }
}

struct Blocks<'f, 'a>(&'f mut Folds<'a>);

impl<'t, 'a> Visitor<'t, 'a> for Blocks<'_, '_> {
    fn output(&mut self, output: &'t Output<'a>, _context: &Context<'t, 'a>) {
        let end = output.range.end();
        let closing = slice(self.0.text, output.range);
        // `-}}` stands as one.
        let len = if closing.ends_with("-}}") || closing.ends_with("+}}") {
            3
        } else {
            2
        };
        let close = end.checked_sub(len.into()).unwrap_or(end);
        self.0
            .closed(output.range.start(), close.max(output.range.start()));
    }

    fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
        let close = statement.close.map(|close| close.range.start());
        let mut tags: Vec<glueline_jinja::Tag<'_>> = match &statement.kind {
            StatementKind::If { branches } => branches.iter().map(|branch| branch.tag).collect(),
            StatementKind::For(each) => {
                let otherwise = each.otherwise.iter().map(|branch| branch.tag);
                std::iter::once(statement.open).chain(otherwise).collect()
            }
            _ => vec![statement.open],
        };
        tags.reverse();
        let mut next = close;
        for tag in tags {
            match next {
                Some(next) => self.0.closed(tag.range.start(), next),
                // A block without an end folds nothing: it would be all the rest of the text.
                None if bodies(statement).is_empty() => self.0.whole(tag.range, super::FoldKind::Block),
                None => {}
            }
            next = Some(tag.range.start());
        }
    }

    fn expr(&mut self, expr: &'t Expr<'a>, _context: &Context<'t, 'a>) {
        let closes = match &expr.kind {
            ExprKind::List(_) | ExprKind::Dict(_) | ExprKind::Call { .. } => {
                expr.range.end().checked_sub(1.into())
            }
            _ => None,
        };
        if let Some(close) = closes {
            let start = match &expr.kind {
                ExprKind::Call { callee, .. } => callee.range.end(),
                _ => expr.range.start(),
            };
            if start < close {
                self.0.closed(start, close);
            }
        }
    }
}
