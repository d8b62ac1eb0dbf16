//! The parameters of the call around the cursor.

mod call;

use glueline_base::slice;
use glueline_catalog::jinja::{self, JinjaName, ShippedMacro, generic_test, shipped_macro};
use glueline_catalog::{Scope, lookup, page_of, type_words};
use glueline_jinja::{Param, Piece, StatementKind, parse};
use glueline_project::{FileFacts, MacroRef, PackageId, Project};

use self::call::Call;
use crate::card::Card;
use crate::hover::documented;
use crate::symbol::config_scope;
use crate::{Analysis, FilePosition};

/// What a call can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// The ways to call it; at least one.
    pub signatures: Vec<Signature>,
    /// Which of them the call at hand is like.
    pub active: usize,
}

/// A way to call something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The whole of it: `ref(package, name, version=none)`.
    pub label: String,
    /// What is to be known of it.
    pub card: Card,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// Which of them is being written; `None` where it is none of them.
    pub active: Option<usize>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Where it stands in the label, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What is to be known of it, in Markdown; may be empty.
    pub doc: String,
}

/// What the call around a place can be given; `None` where there is none that is known.
pub fn signature(analysis: &Analysis, position: FilePosition) -> Option<Help> {
    let project = &**analysis.project();
    let text = analysis.text(position.file);
    let offset = usize::from(position.offset);
    let is_python = matches!(project.facts(position.file), FileFacts::Python(_));
    let call = if is_python {
        Call::in_python(text, offset)?
    } else {
        Call::in_template(text, offset)?
    };
    let info = project.files().info(position.file);
    if call.is_filter {
        return filter(&call);
    }
    if call.path == "config" {
        let key = call.keyword.as_deref();
        return Some(config(config_scope(info.kind), key));
    }
    if !is_python && let Some(found) = macro_named(project, info.package, &call.path) {
        return of_macro(analysis, found, &call);
    }
    let path = call.path.strip_prefix("builtins.").unwrap_or(&call.path);
    let bare = path.strip_prefix("dbt.").unwrap_or(path);
    if !is_python && let Some(shipped) = shipped_macro(bare).last() {
        return Some(of_shipped(shipped, &call));
    }
    of_context(jinja::name(path)?, &call)
}

/// The macro of a file that a path means.
fn macro_named(project: &Project, from: PackageId, path: &str) -> Option<MacroRef> {
    match path.split_once('.') {
        None => project.macros().find(path, from),
        Some((package, name)) => {
            let package = project
                .packages()
                .iter()
                .position(|known| *known.name == *package)?;
            project.macros().find_in(name, package)
        }
    }
}

fn of_macro(analysis: &Analysis, found: MacroRef, call: &Call) -> Option<Help> {
    let definition = analysis
        .project()
        .facts(found.file)
        .sql()?
        .macros
        .get(found.index)?;
    let documented = documented(analysis, found, definition);
    let block = slice(analysis.text(found.file), definition.range);
    let parameters: Vec<(String, String)> = parameters_of(block)
        .into_iter()
        .map(|(name, written)| {
            let wanted = format!("`{name}`");
            let doc = documented
                .arguments
                .iter()
                .find(|(argument, _)| *argument == wanted);
            (written, doc.map(|(_, doc)| doc.clone()).unwrap_or_default())
        })
        .collect();
    let card = Card::new().text(documented.text);
    let signature = Signature::new(&call.path, parameters, card, call);
    Some(Help {
        signatures: vec![signature],
        active: 0,
    })
}

/// The parameters of a macro's block: each name, and how it is written with its default.
fn parameters_of(block: &str) -> Vec<(String, String)> {
    let template = parse(block);
    let Some(Piece::Statement(statement)) = template.body.first() else {
        return Vec::new();
    };
    let (StatementKind::Macro(definition) | StatementKind::Test(definition)) = &statement.kind else {
        return Vec::new();
    };
    let written = |param: &Param<'_>| match &param.default {
        Some(default) => format!("{}={}", param.name.value, one_line(slice(block, default.range))),
        None => param.name.value.to_owned(),
    };
    let each = definition.params.iter();
    each.map(|param| (param.name.value.to_owned(), written(param)))
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn of_shipped(shipped: &ShippedMacro, call: &Call) -> Help {
    let test = shipped.name.strip_prefix("test_").and_then(generic_test);
    let parameters = shipped.parameters.iter().map(|name| {
        let argument = test.and_then(|test| test.arguments.iter().find(|argument| argument.name == *name));
        let doc = argument.map_or("", |argument| argument.summary);
        ((*name).to_owned(), doc.to_owned())
    });
    let text = format!(
        "Shipped with `{}`, in `{}`.",
        shipped.package.name(),
        shipped.path
    );
    let card = Card::new().text(text);
    Help {
        signatures: vec![Signature::new(&call.path, parameters.collect(), card, call)],
        active: 0,
    }
}

fn of_context(name: &JinjaName, call: &Call) -> Option<Help> {
    let all = split(name.parameters);
    (!all.is_empty()).then_some(())?;
    let card = Card::new().text(format!("{}.", name.summary));
    let make = |parameters: &[String]| {
        let parameters = parameters.iter().map(|written| (written.clone(), String::new()));
        Signature::new(&call.path, parameters.collect(), card.clone(), call)
    };
    let is_ref = name.name == "ref";
    // A package may be named first; with one argument there is none.
    let mut signatures = Vec::new();
    if is_ref {
        signatures.push(make(all.get(1..).unwrap_or_default()));
    }
    signatures.push(make(&all));
    let named_first = is_ref && call.keyword.is_none() && call.positional > 0;
    Some(Help {
        active: usize::from(named_first),
        signatures,
    })
}

/// A filter: what it takes besides the value before the `|`.
fn filter(call: &Call) -> Option<Help> {
    let known = jinja::FILTER_PARAMETERS
        .iter()
        .find(|(name, _)| *name == call.path)?;
    let parameters = split(known.1).into_iter().map(|written| (written, String::new()));
    let card = Card::new().text(format!("`... | {}`: a filter of Jinja.", call.path));
    Some(Help {
        signatures: vec![Signature::new(&call.path, parameters.collect(), card, call)],
        active: 0,
    })
}

/// Parameters as they are written in one text, apart at the commas that are in no bracket.
fn split(written: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut depth, mut part) = (0_i32, String::new());
    for letter in written.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part).trim().to_owned());
                continue;
            }
            _ => {}
        }
        part.push(letter);
    }
    parts.push(part.trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

/// `config()` takes every key; what is told is the key that is being written.
fn config(scope: Scope, key: Option<&str>) -> Help {
    let known = key.and_then(|key| Some((key, lookup(scope, key)?)));
    let (parameter, doc, card) = match known {
        Some((key, spec)) => {
            let written = format!("{key}={}", type_words(spec.value).replace('`', ""));
            (
                written,
                format!("{}.", spec.summary),
                Card::new().text(page_of(spec)),
            )
        }
        None => {
            let summary = jinja::name("config").map_or("", |name| name.summary);
            (
                "**configs".to_owned(),
                String::new(),
                Card::new().text(format!("{summary}.")),
            )
        }
    };
    let mut signature = Signature::labelled("config", vec![(parameter, doc)], card);
    signature.active = Some(0);
    Help {
        signatures: vec![signature],
        active: 0,
    }
}

impl Signature {
    /// A signature, with the parameter that the call at hand is writing.
    fn new(path: &str, parameters: Vec<(String, String)>, card: Card, call: &Call) -> Self {
        let names: Vec<String> = parameters
            .iter()
            .map(|(written, _)| {
                written
                    .split(['=', ':'])
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_owned()
            })
            .collect();
        let mut signature = Self::labelled(path, parameters, card);
        let rest = names
            .iter()
            .position(|name| name.starts_with('*') && !name.starts_with("**"));
        let any = names.iter().position(|name| name.starts_with("**"));
        signature.active = match &call.keyword {
            Some(keyword) => names.iter().position(|name| name == keyword).or(any),
            None if rest.is_some_and(|rest| call.positional >= rest) => rest,
            None => (call.positional < names.len()).then_some(call.positional),
        };
        signature
    }

    fn labelled(path: &str, parameters: Vec<(String, String)>, card: Card) -> Self {
        let mut label = format!("{path}(");
        let mut placed = Vec::new();
        let at = |label: &str| u32::try_from(label.len()).unwrap_or(u32::MAX);
        for (index, (written, doc)) in parameters.into_iter().enumerate() {
            if index > 0 {
                label.push_str(", ");
            }
            let start = at(&label);
            label.push_str(&written);
            placed.push(Parameter {
                start,
                end: at(&label),
                doc,
            });
        }
        label.push(')');
        Self {
            label,
            card,
            parameters: placed,
            active: None,
        }
    }
}
