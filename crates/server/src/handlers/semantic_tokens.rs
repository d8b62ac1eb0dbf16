//! `textDocument/semanticTokens`: full, what changed since, a range.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use glueline_ide::tokens::{self, Modifier, Token, TokenKind};
use tower_lsp_server::ls_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensDeltaParams, SemanticTokensEdit, SemanticTokensFullDeltaResult, SemanticTokensLegend,
    SemanticTokensParams, SemanticTokensRangeParams,
};

use crate::view::View;

/// The names that numbers in tokens stand for.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TokenKind::ALL
            .iter()
            .map(|kind| SemanticTokenType::new(kind.name()))
            .collect(),
        token_modifiers: Modifier::ALL
            .iter()
            .map(|modifier| SemanticTokenModifier::new(modifier.name()))
            .collect(),
    }
}

/// The tokens of the document.
pub(crate) fn full(view: &View, _params: &SemanticTokensParams) -> Vec<SemanticToken> {
    encoded(view, &tokens::tokens(&view.analysis, view.file))
}

/// The same, for a request that knows some.
pub(crate) fn again(view: &View, _params: &SemanticTokensDeltaParams) -> Vec<SemanticToken> {
    encoded(view, &tokens::tokens(&view.analysis, view.file))
}

/// The tokens of a part of the document.
pub(crate) fn range(view: &View, params: &SemanticTokensRangeParams) -> Vec<SemanticToken> {
    let part = view.bytes(params.range);
    encoded(view, &tokens::tokens_in(&view.analysis, view.file, part))
}

/// Each token by its distance from the one before.
fn encoded(view: &View, tokens: &[Token]) -> Vec<SemanticToken> {
    let (mut line, mut character) = (0, 0);
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        let range = view.range(token.range);
        let start = range.start;
        let delta_line = start.line.saturating_sub(line);
        out.push(SemanticToken {
            delta_line,
            delta_start: if delta_line == 0 {
                start.character.saturating_sub(character)
            } else {
                start.character
            },
            length: range.end.character.saturating_sub(start.character),
            token_type: token.kind as u32,
            token_modifiers_bitset: token.modifiers,
        });
        (line, character) = (start.line, start.character);
    }
    out
}

/// So many documents are remembered.
const MAX_DOCUMENTS: usize = 64;

/// What clients were told last, so that only what changed has to be told.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    by_uri: BTreeMap<String, (u64, Vec<SemanticToken>)>,
}

impl Told {
    /// An answer in full.
    pub(crate) fn full(&self, uri: &str, data: Vec<SemanticToken>) -> SemanticTokens {
        let id = self.remember(uri, data.clone()).0;
        SemanticTokens {
            result_id: Some(id.to_string()),
            data,
        }
    }

    /// What changed since an answer; everything where that is not remembered.
    pub(crate) fn since(
        &self,
        uri: &str,
        known: &str,
        data: Vec<SemanticToken>,
    ) -> SemanticTokensFullDeltaResult {
        let (id, before) = self.remember(uri, data.clone());
        let result_id = Some(id.to_string());
        match before.filter(|(before, _)| before.to_string() == known) {
            Some((_, before)) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
                result_id,
                edits: difference(&before, &data).into_iter().collect(),
            }),
            None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id, data }),
        }
    }

    fn remember(&self, uri: &str, data: Vec<SemanticToken>) -> (u64, Option<(u64, Vec<SemanticToken>)>) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        let id = inner.next;
        let before = inner.by_uri.insert(uri.to_owned(), (id, data));
        if inner.by_uri.len() > MAX_DOCUMENTS {
            let oldest = inner.by_uri.iter().min_by_key(|(_, (id, _))| *id);
            if let Some(oldest) = oldest.map(|(uri, _)| uri.clone()) {
                inner.by_uri.remove(&oldest);
            }
        }
        (id, before)
    }
}

/// One edit that makes the new tokens of the old ones; none where they are the same. Places count numbers, of which a token has five.
fn difference(before: &[SemanticToken], after: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let head = before
        .iter()
        .zip(after)
        .take_while(|(old, new)| old == new)
        .count();
    let (old, new) = (before.get(head..)?, after.get(head..)?);
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(old, new)| old == new)
        .count();
    let (old, new) = (old.get(..old.len() - tail)?, new.get(..new.len() - tail)?);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let numbers = |count: usize| u32::try_from(count * 5).unwrap_or(u32::MAX);
    Some(SemanticTokensEdit {
        start: numbers(head),
        delete_count: numbers(old.len()),
        data: Some(new.to_vec()),
    })
}
