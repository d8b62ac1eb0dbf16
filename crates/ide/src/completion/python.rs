//! What can stand at a place in a Python model: what the dbt object has, and what its functions take.

use glueline_base::{TextRange, TextSize, slice};
use glueline_catalog::Scope;
use glueline_jinja::{Lexeme, LexemeKind};
use glueline_python::{Cursor, LexemeKind as PythonKind, cursor};

use super::calls::{Frame, closes, frames, given_after, path_at_end};
use super::config;
use super::cx::Cx;
use super::item::{Completions, Item, ItemKind, List};
use super::jinja::{config_at, offer_nested, text_argument, with_value};
use super::words::{Ending, Host};

/// The attributes of the dbt object (`dbt/include/global_project/macros/python_model/python.sql`): name, parameters, summary.
const MEMBERS: [(&str, Option<&str>, &str); 7] = [
    (
        "ref",
        Some("*args, v=None"),
        "The data frame of a model, seed or snapshot",
    ),
    ("source", Some("*args"), "The data frame of a table of a source"),
    (
        "config",
        Some("**configs"),
        "Set configs, with literal values alone, or read them",
    ),
    ("this", None, "The relation that the model is made as"),
    (
        "is_incremental",
        None,
        "Whether rows are added to what is there: an attribute, not a call",
    ),
    (
        "config.get",
        Some("key, default=None"),
        "A config that the model or a properties file sets",
    ),
    (
        "config.meta_get",
        Some("key, default=None"),
        "A key of the model's meta",
    ),
];

/// The parts of `dbt.this`.
const PARTS: [&str; 3] = ["database", "schema", "identifier"];

pub(super) fn complete(cx: &Cx<'_>) -> Completions {
    let found = cursor(cx.text, cx.offset());
    if found.in_comment {
        return Completions::default();
    }
    let receiver = receiver(cx);
    let (mut before, after) = lexemes(&found);
    let Some((word, ending)) = word_of(cx, &mut before, &after) else {
        return Completions::default();
    };
    let mut list = List::new(cx.text, word, cx.caret);
    // The object goes by the name that the model's first parameter has.
    let mut open = frames(cx.text, &before);
    for frame in &mut open {
        if let Some(rest) = frame
            .callee
            .strip_prefix(receiver)
            .and_then(|rest| rest.strip_prefix('.'))
        {
            frame.callee = format!("dbt.{rest}");
        }
    }
    match ending {
        Some(ending) => literal(cx, &open, &before, &mut list, Host::Quoted(ending)),
        None => expression(cx, receiver, &open, &before, &after, &mut list),
    }
    list.finish()
}

/// The name of the dbt object.
fn receiver<'a>(cx: &Cx<'a>) -> &'a str {
    cx.project
        .facts(cx.file)
        .python()
        .and_then(|model| model.model())
        .and_then(|function| function.parameters.first())
        .map_or("dbt", |parameter| &*parameter.name.value)
}

/// The lexemes as Jinja's: calls look alike in both languages.
fn lexemes(found: &Cursor) -> (Vec<Lexeme>, Vec<Lexeme>) {
    let same = |lexeme: &glueline_python::Lexeme| Lexeme {
        kind: match lexeme.kind {
            PythonKind::Name => LexemeKind::Name,
            PythonKind::Number => LexemeKind::Number,
            PythonKind::Text => LexemeKind::Text,
            PythonKind::OpenText => LexemeKind::OpenText,
            PythonKind::Open => LexemeKind::Open,
            PythonKind::Close => LexemeKind::Close,
            PythonKind::Comma => LexemeKind::Comma,
            PythonKind::Dot => LexemeKind::Dot,
            PythonKind::Assign => LexemeKind::Assign,
            PythonKind::Colon => LexemeKind::Colon,
            PythonKind::Operator => LexemeKind::Operator,
        },
        range: lexeme.range,
    };
    (
        found.before.iter().map(same).collect(),
        found.after.iter().map(same).collect(),
    )
}

/// The word at the caret, and what it needs behind it where it is a string of one line.
fn word_of(cx: &Cx<'_>, before: &mut Vec<Lexeme>, after: &[Lexeme]) -> Option<(TextRange, Option<Ending>)> {
    let Some(last) = before.last().copied() else {
        return Some((TextRange::empty(cx.caret), None));
    };
    let written = slice(cx.text, last.range);
    let is_plain = !written.starts_with("\"\"\"") && !written.starts_with("'''");
    let one = TextSize::from(1);
    match last.kind {
        LexemeKind::Name if last.range.end() >= cx.caret => {
            before.pop();
            Some((last.range, None))
        }
        LexemeKind::Number if last.range.end() >= cx.caret => None,
        LexemeKind::Text if cx.caret < last.range.end() => {
            before.pop();
            let inner = TextRange::new(last.range.start() + one, last.range.end() - one);
            (is_plain && written.starts_with(['\'', '"'])).then_some((inner, Some(Ending::default())))
        }
        LexemeKind::OpenText => {
            before.pop();
            let start = last.range.start() + one;
            let bracket = !closes(after) && !cx.line_after().contains(')');
            let quote = written.chars().next().filter(|c| matches!(c, '\'' | '"'));
            let fits = is_plain && quote.is_some() && start <= cx.caret;
            let range = TextRange::new(start.min(cx.caret), last.range.end().max(cx.caret));
            fits.then_some((range, Some(Ending { quote, bracket })))
        }
        _ => Some((TextRange::empty(cx.caret), None)),
    }
}

fn literal(cx: &Cx<'_>, open: &[Frame], before: &[Lexeme], list: &mut List<'_>, host: Host) {
    let Some(frame) = open.last() else { return };
    if in_config(cx, open, list, host) {
        return;
    }
    let starts = before.last().is_some_and(|last| {
        matches!(
            last.kind,
            LexemeKind::Open | LexemeKind::Comma | LexemeKind::Assign
        )
    });
    if starts && is_of_dbt(frame) {
        text_argument(cx, frame, list, host);
    }
}

fn is_of_dbt(frame: &Frame) -> bool {
    frame.callee.starts_with("dbt.")
}

/// Offers what fits in a value of `dbt.config(...)`; `false` where the caret is in none.
fn in_config(cx: &Cx<'_>, open: &[Frame], list: &mut List<'_>, host: Host) -> bool {
    let host = match host {
        Host::Quoted(ending) => Host::Quoted(Ending {
            bracket: false,
            ..ending
        }),
        host => host,
    };
    match config_at(cx, open) {
        None => return false,
        Some((None, _)) => {}
        Some((Some((scope, _)), true)) => {
            let given: Vec<&str> = open.last().map_or_else(Vec::new, |frame| {
                frame.texts.iter().map(|(_, text)| text.as_str()).collect()
            });
            offer_nested(cx, list, scope, &given, host);
        }
        Some((Some((_, spec)), false)) => config::values(cx, list, spec, cx.node(), host),
    }
    true
}

fn expression(
    cx: &Cx<'_>,
    receiver: &str,
    open: &[Frame],
    before: &[Lexeme],
    after: &[Lexeme],
    list: &mut List<'_>,
) {
    let last = before.last().map(|last| last.kind);
    if last == Some(LexemeKind::Dot) {
        if let Some(path) = path_at_end(cx.text, before) {
            members(cx, receiver, &path, after, list);
        }
        return;
    }
    if in_config(cx, open, list, Host::Python) {
        return;
    }
    let Some(frame) = open
        .last()
        .filter(|frame| frame.opener == '(' && is_of_dbt(frame))
    else {
        return;
    };
    if !matches!(
        last,
        Some(LexemeKind::Open | LexemeKind::Comma | LexemeKind::Assign)
    ) {
        return;
    }
    if frame.callee == "dbt.config" {
        if last != Some(LexemeKind::Assign) {
            config_keys(cx, frame, after, list);
        }
        return;
    }
    text_argument(cx, frame, list, Host::Python);
}

fn members(cx: &Cx<'_>, receiver: &str, path: &str, after: &[Lexeme], list: &mut List<'_>) {
    if path == format!("{receiver}.this") {
        for part in PARTS {
            list.offer(0, part, |item| item, ItemKind::Field);
        }
        return;
    }
    let of = if path == receiver {
        ""
    } else if path == format!("{receiver}.config") {
        "config."
    } else {
        return;
    };
    let is_called = after
        .first()
        .is_some_and(|next| slice(cx.text, next.range) == "(");
    for (name, parameters, summary) in MEMBERS {
        let Some(name) = name.strip_prefix(of).filter(|name| !name.contains('.')) else {
            continue;
        };
        let kind = if parameters.is_some() {
            ItemKind::Method
        } else {
            ItemKind::Field
        };
        let mut item = Item::new(kind, name, list.range).detail(summary);
        if let Some(parameters) = parameters {
            item.signature = Some(format!("({parameters})"));
            if !is_called {
                let takes_text = name != "config";
                let inner = if takes_text { "\"$1\"" } else { "$1" };
                item = item.snippet(format!("{name}({inner})$0"));
                item = item.asks_again();
            }
        }
        list.push(0, item);
    }
}

fn config_keys(cx: &Cx<'_>, frame: &Frame, after: &[Lexeme], list: &mut List<'_>) {
    let mut given: Vec<&str> = given_after(cx.text, after);
    given.extend(frame.given.iter().map(String::as_str));
    let is_given = |name: &str| {
        given
            .iter()
            .any(|other| other.replace('-', "_") == name.replace('-', "_"))
    };
    let rest = cx.text.get(usize::from(list.range.end())..).unwrap_or("");
    let has_value = rest.trim_start_matches([' ', '\t']).starts_with('=');
    let found: Vec<_> = config::open_keys(cx, Scope::ModelConfig, cx.node(), is_given).collect();
    for key in found {
        let label = key.spec.name.replace('-', "_");
        let mut item = config::key_item(list, Scope::ModelConfig, key.spec, &label);
        if !has_value {
            item = with_value(item, &label, key.spec, Host::Python);
        }
        list.push(key.tier, item);
    }
}
