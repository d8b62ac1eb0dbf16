//! Occurrences in Python models.

use glueline_base::{Node, TextRange, Value, range, slice};
use glueline_catalog::Scope;
use glueline_catalog::jinja;
use glueline_python::{Call, CallKind};

use super::scan::Scan;
use super::template::{config_column, config_value};
use super::{Role, Symbol, resolve};

/// Reads a Python model.
pub(super) fn file(scan: &mut Scan<'_>) {
    let model = glueline_python::parse(scan.text);
    for access in &model.accesses {
        scan.note(access.range, Role::Reference, |_| {
            jinja::name(&access.value).map(|found| Symbol::Context(found.name))
        });
    }
    for call in &model.calls {
        match call.kind {
            CallKind::Ref => reference(scan, call),
            CallKind::Source => source(scan, call),
            CallKind::Config => config(scan, call),
            CallKind::ConfigGet | CallKind::ConfigMetaGet => config_get(scan, call),
        }
    }
}

/// The text of a literal, with the range of what stands between its quotes; the whole literal where it is not written as it is read.
fn text<'v>(scan: &Scan<'_>, value: &'v Node) -> Option<(&'v str, TextRange)> {
    let text = value.value.as_str()?;
    let whole = value.range;
    let written = slice(scan.text, whole);
    let start = usize::from(whole.start()) + 1;
    let is_plain = written.get(1..).is_some_and(|rest| {
        let rest = rest.strip_suffix(['\'', '"']).unwrap_or(rest);
        rest == text
    });
    let inner = if is_plain {
        range(start, start + text.len())
    } else {
        whole
    };
    Some((text, inner))
}

fn reference(scan: &mut Scan<'_>, call: &Call) {
    let by_place: Vec<&Node> = call.positional().map(|argument| &argument.value).collect();
    let (package, name) = match by_place.as_slice() {
        [name] => (None, text(scan, name)),
        [package, name] => match text(scan, package) {
            Some(package) => (Some(package), text(scan, name)),
            None => return,
        },
        _ => return,
    };
    if let Some((package, at)) = package {
        scan.note(at, Role::Reference, |scan| {
            resolve::package_named(scan.project, package).map(Symbol::Package)
        });
    }
    let version = call.named("v").or_else(|| call.named("version"));
    if version.is_some_and(|version| version.value.value == Value::Unknown) {
        return;
    }
    let version = version.map(|version| version.value.value.display());
    if let Some((name, at)) = name {
        scan.note(at, Role::Reference, |scan| {
            let package = package.map(|(package, _)| package);
            Some(resolve::reference(
                scan.project,
                scan.package,
                package,
                name,
                version.as_deref(),
            ))
        });
    }
}

fn source(scan: &mut Scan<'_>, call: &Call) {
    let by_place: Vec<&Node> = call.positional().map(|argument| &argument.value).collect();
    let Some((source, at)) = by_place.first().and_then(|source| text(scan, source)) else {
        return;
    };
    scan.note(at, Role::Reference, |scan| {
        Some(resolve::source(scan.project, scan.package, source))
    });
    if let Some((table, at)) = by_place.get(1).and_then(|table| text(scan, table)) {
        scan.note(at, Role::Reference, |scan| {
            Some(resolve::table(scan.project, scan.package, source, table))
        });
    }
}

fn config(scan: &mut Scan<'_>, call: &Call) {
    for argument in &call.arguments {
        let Some(key) = &argument.name else { continue };
        scan.note(key.range, Role::Reference, |_| Some(config_key(&key.value)));
        for value in argument
            .value
            .value
            .as_list()
            .unwrap_or(std::slice::from_ref(&argument.value))
        {
            if let Some((text, at)) = text(scan, value) {
                scan.note(at, Role::Reference, |scan| {
                    config_value(scan, Scope::ModelConfig, &key.value, text)
                        .or_else(|| config_column(scan, &key.value, text, at.start()))
                });
            }
        }
    }
}

fn config_get(scan: &mut Scan<'_>, call: &Call) {
    let first = call
        .positional()
        .next()
        .and_then(|argument| text(scan, &argument.value));
    if let Some((key, at)) = first.filter(|_| call.kind == CallKind::ConfigGet) {
        scan.note(at, Role::Reference, |_| Some(config_key(key)));
    }
}

fn config_key(name: &str) -> Symbol {
    Symbol::Key {
        scope: Scope::ModelConfig,
        name: name.into(),
    }
}
