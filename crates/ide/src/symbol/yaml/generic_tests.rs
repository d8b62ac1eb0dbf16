//! Generic tests in properties files.

use glueline_base::range;
use glueline_catalog::{Scope, lookup};
use glueline_yaml::NodeRef;

use super::super::scan::Scan;
use super::super::template::expression_target;
use super::super::{MissingKind, Role, Symbol, resolve};
use super::entries::Entry;
use super::{Reader, each, get, inner, is_call, text};

/// A generic test that is put on something.
#[derive(Clone, Copy)]
struct Use<'y> {
    /// Its name, as written.
    name: NodeRef<'y>,
    /// What holds its arguments.
    body: NodeRef<'y>,
    /// What it is put on.
    on: Entry<'y>,
}

impl Reader<'_, '_> {
    /// A list of generic tests: names, `name: {arguments}`, or `{test_name: ..., ...}`
    /// (`dbt/parser/generic_test_builders.py`, `extract_test_args`).
    pub(super) fn generic_tests<'y>(&mut self, node: NodeRef<'y>, on: Entry<'y>, depth: usize) {
        for item in each(node) {
            if !self.spend() {
                return;
            }
            if !item.is_mapping() {
                self.test_name(item);
                continue;
            }
            if let Some(name) = get(item, "test_name") {
                self.test_name(name);
                let used = Use { name, body: item, on };
                self.test_body(item, used, false, depth + 1);
                continue;
            }
            let mut entries = item.raw_entries();
            let Some(first) = entries.next() else { continue };
            self.test_name(first.key());
            let used = Use {
                name: first.key(),
                body: first.value(),
                on,
            };
            self.test_body(first.value(), used, false, depth + 1);
            for wrong in entries {
                self.test_key(wrong.key(), wrong.value(), used, false, depth + 1);
            }
        }
    }

    /// The name of a test, behind that of its package where one is given.
    fn test_name(&mut self, node: NodeRef<'_>) {
        let Some(written) = text(node) else { return };
        let test = |scan: &Scan<'_>| Some(resolve::generic_test(scan.project, scan.package, &written));
        let whole = inner(node);
        let is_plain = usize::from(whole.len()) == written.len();
        let Some((package, name)) = written.split_once('.').filter(|_| is_plain) else {
            self.note(node, Role::Reference, test);
            return;
        };
        let (start, end) = (usize::from(whole.start()), usize::from(whole.end()));
        self.scan
            .note(range(start, start + package.len()), Role::Reference, |scan| {
                let found = resolve::package_named(scan.project, package).map(Symbol::Package);
                found.or_else(|| (package != "dbt").then(|| resolve::missing(MissingKind::Package, package)))
            });
        self.scan
            .note(range(end - name.len(), end), Role::Reference, test);
    }

    /// The arguments of a test, and its configs unless they stand in `arguments:`.
    fn test_body<'y>(&mut self, node: NodeRef<'y>, used: Use<'y>, is_nested: bool, depth: usize) {
        for entry in node.raw_entries() {
            if !self.spend() {
                return;
            }
            if entry.is_merge() {
                for merged in each(entry.value()) {
                    if depth < super::MAX_DEPTH {
                        self.test_body(merged, used, is_nested, depth + 1);
                    }
                }
                continue;
            }
            self.test_key(entry.key(), entry.value(), used, is_nested, depth);
        }
    }

    fn test_key<'y>(
        &mut self,
        key: NodeRef<'y>,
        value: NodeRef<'y>,
        used: Use<'y>,
        is_nested: bool,
        depth: usize,
    ) {
        let Some(name) = text(key) else { return };
        match &*name {
            "arguments" if !is_nested => {
                self.key(Scope::DataTest, key, &name);
                self.test_body(value, used, true, depth + 1);
            }
            "test_name" => self.key(Scope::DataTest, key, &name),
            _ => {
                let is_known = !is_nested && lookup(Scope::DataTest, &name).is_some();
                self.note(key, Role::Reference, |scan| {
                    let parameter = match test_macro(scan, used) {
                        Some(Symbol::Macro(of)) => resolve::parameter(scan.project, of, &name),
                        _ => None,
                    };
                    let key = is_known.then(|| Symbol::Key {
                        scope: Scope::DataTest,
                        name: (*name).into(),
                    });
                    parameter.or(key)
                });
                if is_known && !matches!(&*name, "column_name") {
                    self.value(Scope::DataTest, &name, value, Entry::None, depth + 1);
                } else {
                    self.argument(&name, value, used, depth);
                }
            }
        }
    }

    /// A value that is passed to a test: its texts are Jinja, or look like a call of `ref` or `source`.
    fn argument(&mut self, name: &str, value: NodeRef<'_>, used: Use<'_>, depth: usize) {
        for item in each(value) {
            match text(item) {
                Some(text) if item.has_jinja() => {
                    let is_bare = text.trim_start().starts_with("{{");
                    self.jinja(item, !is_bare);
                }
                Some(text) if is_call(&text) => self.jinja(item, true),
                Some(text) => self.note(item, Role::Reference, |scan| {
                    tested_column(scan, used, name, &text)
                }),
                None => self.loose(item, depth + 1),
            }
        }
    }
}

fn test_macro(scan: &Scan<'_>, used: Use<'_>) -> Option<Symbol> {
    let name = text(used.name)?;
    Some(resolve::generic_test(scan.project, scan.package, &name))
}

/// The columns that arguments of dbt's own tests name: `column_name` of what is tested, `field` of what `to` names.
fn tested_column(scan: &Scan<'_>, used: Use<'_>, argument: &str, value: &str) -> Option<Symbol> {
    let of = match argument {
        "column_name" => used.on.node(scan)?,
        "field" => {
            let to = get(used.body, "to").or_else(|| get(get(used.body, "arguments")?, "to"))?;
            match expression_target(scan, &text(to)?)? {
                Symbol::Node(node) => node,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(Symbol::Column {
        of,
        name: value.into(),
    })
}
