//! Names that Jinja knows: shipped macros, the adapter's methods, context members, exceptions, selector methods.

use std::collections::BTreeSet;

use glueline_catalog::jinja::{generic_tests, members, names, shipped_macros};
use glueline_catalog::{Scope, lookup};

use super::known::Known;
use crate::macro_table::shipped;
use crate::python::{classes, functions, string_literal};
use crate::report::Report;
use crate::upstream::Upstream;

const ADAPTERS: [&str; 4] = [
    "dbt/adapters/base/impl.py",
    "dbt/adapters/sql/impl.py",
    "dbt/adapters/spark/impl.py",
    "dbt/adapters/glue/impl.py",
];

const CONTEXTS: [&str; 6] = [
    "dbt/context/base.py",
    "dbt/context/configured.py",
    "dbt/context/docs.py",
    "dbt/context/manifest.py",
    "dbt/context/providers.py",
    "dbt/context/target.py",
];

const EXCEPTIONS: &str = "dbt/context/exceptions_jinja.py";
const SELECTORS: &str = "dbt/graph/selector_methods.py";

/// Members of `adapter` that its wrapper brings, not the adapter itself.
const WRAPPER: [&str; 4] = ["Relation", "commit", "dispatch", "type"];

/// Names of the context that are put there without a decorator.
const UNDECORATED: [&str; 2] = ["builtins", "context"];

/// Compares every table of names.
pub(super) fn compare(upstream: &Upstream<'_>, report: &mut Report, known: &mut Known) -> Result<(), String> {
    shipped_names(upstream, report)?;
    let methods = decorated(upstream, &ADAPTERS, "available")?;
    let here = members("adapter").filter_map(|entry| entry.name.split_once('.'));
    let here: BTreeSet<String> = here
        .map(|(_, name)| name.to_owned())
        .filter(|name| !WRAPPER.contains(&name.as_str()))
        .collect();
    same(report, known, "adapter method", &methods, &here);

    let context = decorated(upstream, &CONTEXTS, "context")?;
    let here: BTreeSet<String> = names()
        .filter(|entry| entry.source.starts_with("dbt/context") && !entry.name.contains('.'))
        .map(|entry| entry.name.to_owned())
        .filter(|name| !UNDECORATED.contains(&name.as_str()))
        .collect();
    same(report, known, "context name", &context, &here);

    let plumbing = ["wrap", "wrapper", "wrapped_exports"];
    let exceptions = functions(&upstream.text(EXCEPTIONS)?)
        .into_iter()
        .filter(|name| !plumbing.contains(&name.as_str()))
        .collect();
    let here = members("exceptions").filter_map(|entry| entry.name.split_once('.'));
    let here = here.map(|(_, name)| name.to_owned()).collect();
    same(report, known, "exception", &exceptions, &here);

    let methods = enumeration(&upstream.text(SELECTORS)?, "MethodName")?;
    let key = lookup(Scope::SelectorDefinition, "method");
    let here = key.map(|key| key.allowed).unwrap_or_default();
    let here = here.iter().map(|name| (*name).to_owned()).collect();
    same(report, known, "selector method", &methods, &here);
    Ok(())
}

fn shipped_names(upstream: &Upstream<'_>, report: &mut Report) -> Result<(), String> {
    let row = |name: &str, package: &str, parameters: &str, path: &str| {
        format!("macro {package}.{name}({parameters}) of {path}")
    };
    let installed: BTreeSet<String> = shipped(upstream)?
        .into_iter()
        .map(|shipped| {
            let parameters = shipped.defined.parameters.join(", ");
            row(
                &shipped.defined.name,
                shipped.package.name(),
                &parameters,
                &shipped.path,
            )
        })
        .collect();
    let here: BTreeSet<String> = shipped_macros()
        .iter()
        .map(|entry| {
            row(
                entry.name,
                entry.package.name(),
                &entry.parameters.join(", "),
                entry.path,
            )
        })
        .collect();
    report.compared("shipped macros", installed.len());
    for difference in installed.symmetric_difference(&here) {
        let side = if here.contains(difference) {
            "only here"
        } else {
            "only upstream"
        };
        report.differs(format!("{difference} is {side}"));
    }
    let tests: BTreeSet<&str> = generic_tests().iter().map(|test| test.name).collect();
    for entry in shipped_macros() {
        if let Some(name) = entry.name.strip_prefix("test_")
            && entry.parameters.first() == Some(&"model")
            && !tests.contains(name)
        {
            report.differs(format!("the generic test `{name}` is not described"));
        }
    }
    report.compared("generic tests", tests.len());
    Ok(())
}

/// The names of methods with a decorator of a family, over several files.
fn decorated(upstream: &Upstream<'_>, files: &[&str], family: &str) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    for file in files {
        for class in classes(&upstream.text(file)?) {
            for method in class.methods {
                let decorator = method.decorators.iter().find(|text| text.starts_with(family));
                names.extend(decorator.map(|decorator| exported_name(decorator, &method.name)));
            }
        }
    }
    if names.is_empty() {
        return Err(format!(
            "no methods decorated with `{family}` in {}",
            files.join(", ")
        ));
    }
    Ok(names)
}

/// `@contextmember("return")` gives a method another name.
fn exported_name(decorator: &str, method: &str) -> String {
    decorator
        .split_once('(')
        .and_then(|(_, rest)| string_literal(rest.strip_suffix(')')?))
        .unwrap_or_else(|| method.to_owned())
}

/// The texts that the members of an enumeration stand for.
fn enumeration(source: &str, name: &str) -> Result<BTreeSet<String>, String> {
    let (_, body) = source
        .split_once(&format!("class {name}("))
        .ok_or_else(|| format!("{SELECTORS} has no class {name}"))?;
    let members: BTreeSet<String> = body
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("    "))
        .filter_map(|line| line.split_once('='))
        .filter_map(|(_, value)| string_literal(value))
        .collect();
    if members.is_empty() {
        return Err(format!("{name} in {SELECTORS} has no members"));
    }
    Ok(members)
}

fn same(
    report: &mut Report,
    known: &mut Known,
    what: &str,
    upstream: &BTreeSet<String>,
    here: &BTreeSet<String>,
) {
    report.compared(format!("{what}s"), upstream.len());
    for name in upstream.symmetric_difference(here) {
        let side = if here.contains(name) {
            "only here"
        } else {
            "only upstream"
        };
        let handle = format!("{what}: {name}");
        known.note(report, &handle, format!("{handle} is {side}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_behind_decorators() {
        assert_eq!(exported_name("contextmember(\"return\")", "_return"), "return");
        assert_eq!(exported_name("contextproperty()", "flags"), "flags");
        assert_eq!(exported_name("available.parse(lambda *a, **k: [])", "get"), "get");
    }

    #[test]
    fn members_of_an_enumeration() {
        let source = "class M(StrEnum):\n    A = \"a\"\n    B = 'b'\n\n\ndef f():\n    C = 'c'\n";
        let members = enumeration(source, "M").unwrap();
        assert_eq!(members.into_iter().collect::<Vec<_>>(), ["a", "b"]);
        assert!(enumeration(source, "N").is_err());
    }
}
