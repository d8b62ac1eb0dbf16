//! `unknown-generic-test`.

use glueline_base::{Fix, nearest, slice};
use glueline_catalog::jinja::{generic_tests, shipped_macro};

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-generic-test",
    Fails,
    Error,
    "unknown_generic_test.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(test) = cx.node.generic_test.as_deref() else {
        return;
    };
    let project = cx.project;
    let message = match test.split_once('.') {
        None => {
            let stored = format!("test_{test}");
            if project.macros().find(&stored, 0).is_some() || !shipped_macro(&stored).is_empty() {
                return;
            }
            format!("There is no generic test `{test}`.")
        }
        Some(_) if !project.all_packages_present() => return,
        Some((package, name)) => {
            let stored = format!("test_{name}");
            match project
                .packages()
                .iter()
                .position(|found| *found.name == *package)
            {
                Some(found) if project.macros().find_in(&stored, found).is_some() => return,
                Some(_) => format!("The package `{package}` has no generic test `{name}`."),
                None if package == "dbt" && !shipped_macro(&stored).is_empty() => return,
                None => format!("There is no package `{package}`."),
            }
        }
    };
    let meant = meant(cx, test);
    let hint = meant
        .as_ref()
        .map(|meant| format!(" Did you mean `{meant}`?"))
        .unwrap_or_default();
    let message = format!("{message} Parsing succeeds; the test fails when it is compiled.{hint}");
    let mut diagnostic = cx.diagnostic(&RULE.meta, cx.node.at, message);
    let written = slice(project.files().text(cx.node.file()), cx.node.at.range);
    if let Some(meant) = meant.filter(|_| written == test) {
        diagnostic = diagnostic.fix(Fix::needs_consent(format!("Use `{meant}`")).replace(cx.node.at, meant));
    }
    sink.push(diagnostic);
}

/// The test that was most likely meant, with its package where it needs one.
fn meant(cx: &NodeCx<'_>, test: &str) -> Option<String> {
    let name = test.rsplit('.').next().unwrap_or(test);
    let macros = cx.project.macros();
    let prefixed = |name: &str| {
        let found = macros.definitions(&format!("test_{name}")).first()?;
        let package = cx
            .project
            .packages()
            .get(found.package)
            .filter(|_| found.package != 0);
        Some(package.map_or_else(|| name.to_owned(), |package| format!("{}.{name}", package.name)))
    };
    if let Some(found) = prefixed(name).filter(|found| found != test) {
        return Some(found);
    }
    let own = macros.names();
    let own = own.iter().filter_map(|name| name.strip_prefix("test_"));
    let near = nearest(name, own.chain(generic_tests().iter().map(|test| test.name)))?;
    prefixed(near).or_else(|| Some(near.to_owned()))
}
