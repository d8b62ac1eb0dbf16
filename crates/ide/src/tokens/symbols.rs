//! Tokens of names that lead somewhere.

use glueline_base::{FileId, TextRange};
use glueline_catalog::jinja::Kind;

use super::{Modifier, Token, TokenKind};
use crate::Analysis;
use crate::symbol::{self, Role, Symbol};

pub(super) fn read(analysis: &Analysis, file: FileId) -> Vec<Token> {
    let text = analysis.text(file);
    symbol::occurrences_outside_sql(analysis, file)
        .into_iter()
        .filter_map(|found| {
            let kind = match kind(analysis, &found.symbol)? {
                // `ref` is an object that is called.
                TokenKind::Variable if is_of_dbt(&found.symbol) && is_called(text, found.range) => {
                    TokenKind::Function
                }
                kind => kind,
            };
            let token = Token::new(found.range, kind);
            let token = match found.role {
                Role::Definition => token.with(Modifier::Definition),
                Role::Declaration => token.with(Modifier::Declaration),
                Role::Reference => token,
            };
            Some(modified(analysis, &found.symbol, token))
        })
        .collect()
}

const fn is_of_dbt(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Context(_))
}

fn is_called(text: &str, name: TextRange) -> bool {
    let behind = text.get(usize::from(name.end())..).unwrap_or_default();
    behind.trim_start().starts_with('(')
}

fn kind(analysis: &Analysis, symbol: &Symbol) -> Option<TokenKind> {
    Some(match symbol {
        Symbol::Node(_) | Symbol::Table(_) | Symbol::VersionedModel { .. } => TokenKind::Class,
        Symbol::Source { .. } | Symbol::Package(_) => TokenKind::Namespace,
        Symbol::Macro(_) | Symbol::ShippedMacro(_) => TokenKind::Macro,
        Symbol::Parameter { .. } => TokenKind::Parameter,
        Symbol::Context(_) => match symbol.context()?.kind {
            Kind::Object | Kind::Value => TokenKind::Variable,
            Kind::Function | Kind::Filter => TokenKind::Function,
        },
        Symbol::Filter(_) | Symbol::JinjaTest(_) => TokenKind::Function,
        Symbol::Local { .. } | Symbol::Var(_) | Symbol::EnvVar(_) => TokenKind::Variable,
        Symbol::Key { scope, name } => {
            // A key that nothing knows is coloured like none.
            glueline_catalog::lookup(*scope, name)?;
            TokenKind::Property
        }
        Symbol::Value { .. } => TokenKind::EnumMember,
        Symbol::Column { .. } => TokenKind::Property,
        // Whether it is a common table expression or an alias, the query says.
        Symbol::SqlName { .. } | Symbol::SqlColumn { .. } => return None,
        Symbol::Missing { .. } => return missing(analysis, symbol),
        Symbol::Doc { .. }
        | Symbol::Tag(_)
        | Symbol::Group(_)
        | Symbol::Selector(_)
        | Symbol::Profile(_)
        | Symbol::Target { .. }
        | Symbol::Path(_)
        | Symbol::Link(_)
        | Symbol::Rule(_) => return None,
    })
}

fn missing(analysis: &Analysis, symbol: &Symbol) -> Option<TokenKind> {
    use crate::symbol::MissingKind;
    let Symbol::Missing { kind, .. } = symbol else {
        return None;
    };
    // Where a package is not installed, what is missing may be in it.
    if !analysis.project().all_packages_present() {
        return None;
    }
    match kind {
        MissingKind::Ref | MissingKind::Table => Some(TokenKind::Class),
        MissingKind::Source | MissingKind::Package => Some(TokenKind::Namespace),
        MissingKind::Macro | MissingKind::GenericTest => Some(TokenKind::Macro),
        MissingKind::Doc | MissingKind::Group | MissingKind::Described => None,
    }
}

fn modified(analysis: &Analysis, symbol: &Symbol, token: Token) -> Token {
    match symbol {
        Symbol::ShippedMacro(_) | Symbol::Context(_) | Symbol::Filter(_) | Symbol::JinjaTest(_) => {
            token.with(Modifier::DefaultLibrary)
        }
        Symbol::Node(node) if !analysis.project().node(*node).enabled => token.with(Modifier::Deprecated),
        Symbol::Key { scope, name } => match glueline_catalog::lookup(*scope, name) {
            Some(key) if key.deprecated.is_some() || key.dead.is_some() => token.with(Modifier::Deprecated),
            _ => token,
        },
        Symbol::Missing { .. } => token.with(Modifier::Unresolved),
        _ => token,
    }
}
