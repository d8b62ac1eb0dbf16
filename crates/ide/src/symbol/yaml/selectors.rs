//! `selectors.yml`.

use glueline_base::{TextRange, range};
use glueline_project::ResourceType;
use glueline_yaml::NodeRef;

use super::super::scan::Scan;
use super::super::{MissingKind, Role, Symbol, resolve};
use super::{MAX_DEPTH, Reader, each, entries, get, inner, text};

impl Reader<'_, '_> {
    /// A definition: a criterion, or a combination of some.
    pub(super) fn selection(&mut self, node: NodeRef<'_>, depth: usize) {
        if depth > MAX_DEPTH || !self.spend() {
            return;
        }
        if !node.is_mapping() {
            if let Some(written) = text(node) {
                self.criterion(node, &written);
            }
            return;
        }
        if let (Some(method), Some(value)) = (get(node, "method").and_then(text), get(node, "value")) {
            if let Some(written) = text(value) {
                self.note(value, Role::Reference, |scan| selected(scan, &method, &written));
            }
            if let Some(exclude) = get(node, "exclude") {
                self.parts(exclude, depth);
            }
            return;
        }
        for entry in node.raw_entries() {
            let name = entry.name();
            match &*name {
                "union" | "intersection" | "exclude" => self.parts(entry.value(), depth),
                method => {
                    if let Some(written) = text(entry.value()) {
                        self.note(entry.value(), Role::Reference, |scan| {
                            selected(scan, method, &written)
                        });
                    }
                }
            }
        }
    }

    fn parts(&mut self, node: NodeRef<'_>, depth: usize) {
        for part in each(node) {
            self.selection(part, depth + 1);
        }
    }

    /// A criterion as it is written on the command line: `2+tag:nightly+`.
    fn criterion(&mut self, node: NodeRef<'_>, written: &str) {
        let whole = inner(node);
        if usize::from(whole.len()) != written.len() {
            return;
        }
        let bare = written.trim_start_matches('@');
        let bare = match bare.split_once('+') {
            Some((steps, rest)) if steps.bytes().all(|byte| byte.is_ascii_digit()) => rest,
            _ => bare,
        };
        let start = written.len() - bare.len();
        let bare = match bare.rsplit_once('+') {
            Some((rest, steps)) if steps.bytes().all(|byte| byte.is_ascii_digit()) => rest,
            _ => bare,
        };
        let (method, value) = bare.split_once(':').unwrap_or(("fqn", bare));
        let from = start + bare.len() - value.len();
        let base = whole.start();
        let at: TextRange = range(from, from + value.len()) + base;
        self.scan
            .note(at, Role::Reference, |scan| selected(scan, method, value));
        if from > start {
            let method_at: TextRange = range(start, start + method.len()) + base;
            self.scan.note(method_at, Role::Reference, |_| {
                Some(Symbol::Value {
                    scope: glueline_catalog::Scope::SelectorDefinition,
                    key: "method".into(),
                    value: method.into(),
                })
            });
        }
    }
}

/// What a value of a selection method names, where it names one thing.
fn selected(scan: &Scan<'_>, method: &str, value: &str) -> Option<Symbol> {
    let project = scan.project;
    if value.contains(['*', '?', '[']) {
        return None;
    }
    match method {
        "tag" => Some(Symbol::Tag(value.into())),
        "group" => Some(resolve::group(project, value)),
        "selector" => Some(Symbol::Selector(value.into())),
        "package" => {
            let name = if value == "this" {
                &*project.root().name
            } else {
                value
            };
            let found = resolve::package_named(project, name).map(Symbol::Package);
            found.or_else(|| Some(resolve::missing(MissingKind::Package, value)))
        }
        "path" => entries::below_package(scan, value).map(Symbol::Path),
        "source" => {
            let mut parts = value.rsplit('.');
            match (parts.next(), parts.next()) {
                (Some(table), Some(source)) => Some(resolve::table(project, scan.package, source, table)),
                (Some(source), None) => Some(resolve::source(project, scan.package, source)),
                _ => None,
            }
        }
        "exposure" => {
            let name = value.rsplit('.').next().unwrap_or(value);
            let mut nodes = project.nodes().iter();
            let found = nodes.find(|node| node.kind == ResourceType::Exposure && *node.name == *name);
            found.map(|node| Symbol::Node(node.id))
        }
        "test_name" => Some(resolve::generic_test(project, scan.package, value)),
        "fqn" => {
            let name = value.rsplit('.').next().unwrap_or(value);
            match resolve::reference(project, scan.package, None, name, None) {
                found @ Symbol::Node(_) => Some(found),
                _ => None,
            }
        }
        _ => None,
    }
}
