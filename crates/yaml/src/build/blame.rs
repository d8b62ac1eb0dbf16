//! Where to put the blame when a token stands where it may not.

use super::Builder;
use crate::chars::{between, line_end};
use crate::fault::{Fault, FaultKind};
use crate::scan::{Token, TokenKind};
use crate::tree::NodeKind;

impl Builder<'_> {
    /// The fault of a token that may not stand where it does. What was opened and never closed is to blame for
    /// what follows it.
    pub(super) fn unexpected(&self, token: Token, kind: FaultKind) -> Fault {
        if let Some(open) = self.scanner.open_bracket()
            && (token.kind == TokenKind::StreamEnd || line_end(self.text, open) < token.start)
        {
            let reached = if token.kind == TokenKind::StreamEnd {
                open
            } else {
                token.start
            };
            return Fault {
                kind: FaultKind::UnclosedBracket,
                start: open,
                end: between(self.text, open, line_end(self.text, open))
                    .trim_end()
                    .len()
                    + open,
                reached,
            };
        }
        let kind = match (kind, token.kind) {
            (FaultKind::ExpectedComma | FaultKind::ExpectedValue, _) => kind,
            (_, TokenKind::FlowSequenceEnd | TokenKind::FlowMappingEnd | TokenKind::FlowEntry) => {
                FaultKind::StrayIndicator
            }
            (_, TokenKind::Value) => FaultKind::ColonWithoutKey,
            _ => kind,
        };
        let (last_start, last_end) = self.last_scalar_before(token);
        let same_line = line_end(self.text, last_end) >= token.start;
        if matches!(
            kind,
            FaultKind::ExpectedKey | FaultKind::ExpectedDash | FaultKind::ContentAfterRoot
        ) && last_end > last_start
            && same_line
            && between(self.text, last_start, last_end).starts_with(['"', '\''])
        {
            return self.after_quotes(last_start, last_end, token.start);
        }
        let end = match token.kind {
            TokenKind::BlockSequenceStart
            | TokenKind::BlockMappingStart
            | TokenKind::BlockEnd
            | TokenKind::Key => line_end(self.text, token.start),
            _ => token.end.min(line_end(self.text, token.start)),
        };
        let end = between(self.text, token.start, end).trim_end().len() + token.start;
        Fault::new(kind, token.start, end)
    }

    /// Something follows a closing quote on its line. If the quote opens on a line before, it is most likely
    /// that one which should have been closed earlier.
    fn after_quotes(&self, quote: usize, quote_end: usize, at: usize) -> Fault {
        let first_line_end = line_end(self.text, quote);
        if first_line_end < quote_end {
            return Fault {
                kind: FaultKind::QuoteClosedLate,
                start: quote,
                end: first_line_end,
                reached: at,
            };
        }
        Fault::new(FaultKind::TextAfterQuotes, at, line_end(self.text, at))
    }

    /// The last scalar that ends before a token.
    fn last_scalar_before(&self, token: Token) -> (usize, usize) {
        self.nodes
            .iter()
            .rev()
            .take(4)
            .find(|node| {
                matches!(node.kind, NodeKind::Scalar { .. })
                    && node.start < node.end
                    && node.end as usize <= token.start
            })
            .map_or((0, 0), |node| (node.start as usize, node.end as usize))
    }
}
