//! Names that stand in texts alone: what may be one, and variables, groups, tags, docs blocks.

use glueline_base::{Cancel, FileId};
use glueline_catalog::jinja;
use glueline_project::FileKind;

use super::{Refusal, Rename, of_texts, own_definition, texts};
use crate::Analysis;
use crate::symbol::{self, Layer, MissingKind, Symbol};

/// Words that Jinja reads as something else than a name.
const JINJA_WORDS: [&str; 12] = [
    "and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "loop", "self",
];

/// Refuses what Jinja does not take for a name.
pub(super) fn identifier(new: &str) -> Result<(), Refusal> {
    let mut chars = new.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !starts || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!(
            "`{new}` is no name for Jinja: it has to be made of letters, digits and underscores, and must not begin with a digit."
        ));
    }
    if JINJA_WORDS.contains(&new.to_ascii_lowercase().as_str()) {
        return Err(format!("`{new}` is a word of Jinja's and cannot be a name."));
    }
    Ok(())
}

/// Refuses what cannot be the name of a node: it becomes that of a file and of a table.
pub(super) fn node_name(new: &str) -> Result<(), Refusal> {
    let is_fine = !new.is_empty() && new.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_fine {
        return Ok(());
    }
    Err(format!(
        "`{new}` is no name for a node: it has to be made of letters, digits and underscores."
    ))
}

/// Refuses what cannot stand between quotes, be they Jinja's or YAML's.
pub(super) fn quotable(new: &str) -> Result<(), Refusal> {
    let is_bad = |c: char| c.is_control() || matches!(c, '\'' | '"' | '\\' | '{' | '}' | '#' | ':');
    if new.is_empty() || new.trim() != new || new.chars().any(is_bad) {
        return Err(format!(
            "`{new}` cannot be a name: it is empty, or has characters that need quoting."
        ));
    }
    Ok(())
}

/// A name that is known in one file alone.
pub(super) fn local(
    analysis: &Analysis,
    symbol: &Symbol,
    file: FileId,
    old: &str,
    new: &str,
) -> Result<Rename, Refusal> {
    super::only_own(
        analysis,
        analysis.project().files().info(file).package,
        &format!("`{old}`"),
    )?;
    identifier(new)?;
    if new != old {
        not_taken_in(analysis, file, new)?;
    }
    Ok(of_texts(texts(analysis, symbol, &|_| Some(new.to_owned()))?))
}

/// Refuses what Spark does not take for a name without back-ticks.
pub(super) fn plain_name(new: &str) -> Result<(), Refusal> {
    let mut chars = new.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !starts || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!(
            "`{new}` is no name for Spark without back-ticks: it has to be made of letters, digits and underscores, and must not begin with a digit."
        ));
    }
    Ok(())
}

/// A common table expression or an alias of a query.
pub(super) fn of_query(
    analysis: &Analysis,
    symbol: &Symbol,
    file: FileId,
    old: &str,
    new: &str,
) -> Result<Rename, Refusal> {
    let info = analysis.project().files().info(file);
    super::only_own(analysis, info.package, &format!("`{old}`"))?;
    plain_name(new)?;
    let text = analysis.text(file);
    if !new.eq_ignore_ascii_case(old) {
        // A word of SQL would be read as one, and any other name may be that of a relation or a column.
        let fragments = crate::query::fragments(analysis, file);
        let mut tokens = fragments.iter().flat_map(|fragment| &fragment.sql.tokens);
        let taken = tokens.any(|token| {
            let written = glueline_base::slice(text, token.range).trim_matches('`');
            token.kind.is_name() && written.eq_ignore_ascii_case(new)
        });
        if taken {
            return Err(format!("`{new}` stands in this query already."));
        }
        if glueline_sql::Keyword::of(new).is_some() {
            return Err(format!("`{new}` is a word of SQL."));
        }
    }
    Ok(of_texts(texts(analysis, symbol, &|_| Some(new.to_owned()))?))
}

/// Refuses a name that stands for something in a file already.
pub(super) fn not_taken_in(analysis: &Analysis, file: FileId, new: &str) -> Result<(), Refusal> {
    if jinja::name(new).is_some() {
        return Err(format!("`{new}` is a name of dbt's."));
    }
    let taken = symbol::occurrences_of(analysis, file, &[new], Layer::Names)
        .into_iter()
        .any(|each| {
            let is_name = matches!(
                each.symbol,
                Symbol::Local { .. }
                    | Symbol::SqlName { .. }
                    | Symbol::Parameter { .. }
                    | Symbol::Macro(_)
                    | Symbol::ShippedMacro(_)
                    | Symbol::Package(_)
                    | Symbol::Missing {
                        kind: MissingKind::Macro,
                        ..
                    }
            );
            is_name && glueline_base::slice(analysis.text(file), each.range) == new
        });
    if taken {
        let shown = &analysis.project().files().info(file).shown;
        return Err(format!("`{new}` stands for something else in `{shown}` already."));
    }
    Ok(())
}

/// A name that several files use and that has no text of its own to be moved.
pub(super) fn shared(analysis: &Analysis, symbol: &Symbol, new: &str) -> Result<Rename, Refusal> {
    match symbol {
        Symbol::Doc { file, index } => {
            let project = analysis.project();
            let block = project
                .facts(*file)
                .sql()
                .and_then(|facts| facts.docs.get(*index));
            let old = block.map_or("", |block| &*block.name.value);
            own_definition(analysis, symbol, &format!("The docs block `{old}`"))?;
            identifier(new)?;
            let taken = new != old && !matches!(symbol::doc(project, 0, None, new), Symbol::Missing { .. });
            refuse(taken, "docs block", new)?;
        }
        Symbol::Var(name) => {
            own_definition(analysis, symbol, &format!("The variable `{name}`"))?;
            quotable(new)?;
            let project = analysis.project();
            if project.cli_vars().get(name).is_some() {
                return Err(format!(
                    "The variable `{name}` is set by the settings of the editor too."
                ));
            }
            refuse(**name != *new && project.has_var(0, new), "variable", new)?;
        }
        Symbol::Group(name) => {
            own_definition(analysis, symbol, &format!("The group `{name}`"))?;
            quotable(new)?;
            let taken = **name != *new && matches!(symbol::group(analysis.project(), new), Symbol::Group(_));
            refuse(taken, "group", new)?;
        }
        Symbol::Tag(name) => {
            quotable(new)?;
            if new.contains(',') {
                return Err(format!(
                    "`{new}` cannot be a tag: a comma separates criteria of a selection."
                ));
            }
            let other = Symbol::Tag(new.into());
            let taken = **name != *new
                && !crate::references::occurrences(analysis, &other, &Cancel::new()).is_empty();
            refuse(taken, "tag", new)?;
        }
        Symbol::Selector(name) => {
            own_definition(analysis, symbol, &format!("The selector `{name}`"))?;
            quotable(new)?;
            let taken =
                **name != *new && !symbol::definitions(analysis, &Symbol::Selector(new.into())).is_empty();
            refuse(taken, "selector", new)?;
        }
        Symbol::Profile(name) => {
            in_project(analysis, symbol, &format!("The profile `{name}`"))?;
            quotable(new)?;
            let taken =
                **name != *new && !symbol::definitions(analysis, &Symbol::Profile(new.into())).is_empty();
            refuse(taken, "profile", new)?;
        }
        Symbol::Target { profile, name } => {
            in_project(analysis, symbol, &format!("The target `{name}`"))?;
            quotable(new)?;
            let other = Symbol::Target {
                profile: profile.clone(),
                name: new.into(),
            };
            let taken = **name != *new && !symbol::definitions(analysis, &other).is_empty();
            refuse(taken, "target", new)?;
        }
        _ => return Err("This cannot be renamed.".to_owned()),
    }
    Ok(of_texts(texts(analysis, symbol, &|_| Some(new.to_owned()))?))
}

/// Profiles that lie outside of the project serve other projects too.
fn in_project(analysis: &Analysis, symbol: &Symbol, what: &str) -> Result<(), Refusal> {
    let file = own_definition(analysis, symbol, what)?;
    let root = &analysis.project().root().root;
    let is_profiles = analysis.project().files().info(file).kind == FileKind::Profiles;
    if is_profiles && !analysis.path(file).starts_with(root) {
        return Err(format!(
            "{what} lies outside of the project, and other projects may use it."
        ));
    }
    Ok(())
}

pub(super) fn refuse(taken: bool, what: &str, new: &str) -> Result<(), Refusal> {
    if taken {
        let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        return Err(format!("There is {article} {what} `{new}` already."));
    }
    Ok(())
}
