//! The words of tags, and comments that speak to Glueline.

use glueline_base::{FileId, TextRange, range};
use glueline_jinja::{Context, Statement, StatementKind, Visitor, walk};
use glueline_project::FileKind;

use super::{Token, TokenKind};
use crate::Analysis;

pub(super) fn read(analysis: &Analysis, file: FileId) -> Vec<Token> {
    let text = analysis.text(file);
    let kind = analysis.project().files().info(file).kind;
    let mut words = Words(Vec::new());
    if kind.holds_sql() || kind == FileKind::Docs {
        walk(&glueline_jinja::parse(text), &mut words);
    }
    words.0.extend(allowances(text));
    words.0
}

struct Words(Vec<Token>);

impl Words {
    fn word(&mut self, at: TextRange) {
        self.0.push(Token::new(at, TokenKind::Keyword));
    }
}

impl<'t, 'a> Visitor<'t, 'a> for Words {
    fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
        if statement.kind == StatementKind::Unknown {
            return;
        }
        self.word(statement.open.name.range);
        if let Some(close) = &statement.close {
            self.word(close.name.range);
        }
        match &statement.kind {
            // The first branch is the opening tag.
            StatementKind::If { branches } => {
                for branch in branches.iter().skip(1) {
                    self.word(branch.tag.name.range);
                }
            }
            StatementKind::For(each) => {
                if let Some(branch) = &each.otherwise {
                    self.word(branch.tag.name.range);
                }
            }
            _ => {}
        }
    }
}

/// `glueline: allow(...)` in comments.
fn allowances(text: &str) -> impl Iterator<Item = Token> + '_ {
    const MARK: &str = "glueline: allow";
    text.match_indices(MARK).filter_map(move |(at, _)| {
        let line = text.get(..at)?.rsplit('\n').next()?.trim_end();
        let is_comment = ["--", "#", "{#", "{#-", "/*"]
            .iter()
            .any(|mark| line.ends_with(mark));
        let rest = text.get(at + MARK.len()..)?;
        let close = rest.find([')', '\n'])?;
        (is_comment && rest.get(close..)?.starts_with(')'))
            .then(|| Token::new(range(at, at + MARK.len() + close + 1), TokenKind::Decorator))
    })
}
