//! `doc()` and descriptions (`dbt/context/docs.py`).

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, Value as Written, slice};
use glueline_jinja as jinja;
use glueline_jinja::{ArgKind, Piece};
use glueline_project::{FileKind, Node, PackageId};
use glueline_template::{Args, Cx, Error, Native, Value, to_str};

use crate::host::{NodeHost, Phase};
use crate::renderer::Shared;

/// A description with its Jinja rendered; as it is written where it cannot be.
pub(crate) fn described(shared: &Arc<Shared>, node: &Node, text: &str, place: FileRange) -> String {
    rendered(shared, node.package, &node.unique_id, text, place)
}

/// The same of what is no node.
pub(super) fn described_in(
    shared: &Arc<Shared>,
    package: PackageId,
    unique_id: &Arc<str>,
    file: FileId,
    written: &Spanned<Written>,
) -> Option<String> {
    let place = FileRange {
        file,
        range: written.range,
    };
    let text = (written.value != Written::Null).then(|| written.value.display())?;
    Some(rendered(shared, package, unique_id, &text, place))
}

fn rendered(
    shared: &Arc<Shared>,
    package: PackageId,
    unique_id: &Arc<str>,
    text: &str,
    place: FileRange,
) -> String {
    if !text.contains("{{") && !text.contains("{%") && !text.contains("{#") {
        return text.to_owned();
    }
    let mut host = NodeHost::text(shared, "description", Phase::Parse);
    host.package = package;
    host.extra.push((
        "doc".into(),
        Value::native(Doc {
            unique_id: unique_id.clone(),
        }),
    ));
    let (made, _) = shared.engine.with(Arc::new(host), shared.settings.limits, |cx| {
        crate::compile::native(cx, text, place)
    });
    made.map_or_else(|_| text.to_owned(), |made| to_str(&made).plain().into_owned())
}

/// `doc`.
#[derive(Debug)]
struct Doc {
    /// The node that is described.
    unique_id: Arc<str>,
}

impl Native for Doc {
    fn type_name(&self) -> &'static str {
        "method"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let names: Vec<String> = args
            .positional
            .iter()
            .map(|name| to_str(name).plain().into_owned())
            .collect();
        let (package, name) = match names.as_slice() {
            [name] => (None, name),
            [package, name] => (Some(package.as_str()), name),
            _ => {
                return Err(Error::compilation(format!(
                    "doc() takes at most two arguments ({} given)",
                    names.len()
                )));
            }
        };
        let host = NodeHost::of(cx)?;
        find(&host.shared, host.package, package, name)
            .map(|(_, text)| Value::str(text))
            .ok_or_else(|| {
                let package = package.map_or(String::new(), |package| format!("in package '{package}' "));
                Error::compilation(format!(
                    "Documentation for '{}' depends on doc '{name}' {package} which was not found",
                    self.unique_id
                ))
            })
    }

    fn text(&self) -> String {
        "<bound method DocsRuntimeContext.doc>".to_owned()
    }
}

/// The text of a docs block: of a package, or of the root project, the node's package, any other.
fn find<'a>(
    shared: &'a Shared,
    from: PackageId,
    package: Option<&str>,
    name: &str,
) -> Option<(PackageId, &'a str)> {
    let project = &shared.project;
    let named = |package: PackageId| project.packages().get(package).map(|package| &*package.name);
    let blocks: Vec<(PackageId, &str)> = project
        .files()
        .of_kind(FileKind::Docs)
        .filter_map(|file| Some((file, project.facts(file).sql()?)))
        .flat_map(|(file, facts)| facts.docs.iter().map(move |block| (file, block)))
        .filter(|(_, block)| &*block.name.value == name)
        .map(|(file, block)| {
            let text = slice(project.files().text(file), block.range);
            (project.files().info(file).package, body(text))
        })
        .collect();
    let of = |fits: &dyn Fn(PackageId) -> bool| blocks.iter().find(|(package, _)| fits(*package)).copied();
    match package {
        Some(package) => of(&|found| named(found) == Some(package)),
        None => of(&|found| found == 0)
            .or_else(|| of(&|found| found == from))
            .or_else(|| of(&|_| true)),
    }
}

/// `doc_blocks`: the docs blocks that a description prints by themselves (`_get_doc_blocks` in `dbt/parser/manifest.py`).
pub(super) fn blocks(shared: &Shared, from: PackageId, description: &str) -> Value {
    if !description.contains("doc(") {
        return Value::list(Vec::new());
    }
    let template = jinja::parse(description);
    let named = template.body.iter().filter_map(|piece| {
        let Piece::Output(output) = piece else { return None };
        let (callee, args) = output.expr.as_call()?;
        let is_doc = callee.as_name() == Some("doc");
        let texts = args.iter().filter(|arg| arg.kind == ArgKind::Positional);
        let texts: Vec<_> = texts.filter_map(|arg| arg.value.as_text()).collect();
        let (package, name) = match texts.as_slice() {
            _ if !is_doc => return None,
            [name] => (None, name),
            [package, name] => (Some(&**package), name),
            _ => return None,
        };
        let (found, _) = find(shared, from, package, name)?;
        let package = &shared.project.packages().get(found)?.name;
        Some(Value::from(format!("doc.{package}.{name}")))
    });
    Value::list(named.collect())
}

/// What stands between the two tags of a block.
pub(super) fn body(block: &str) -> &str {
    between(block).trim()
}

/// What stands between the two tags of a block, without the white space that they strip.
pub(super) fn stripped(block: &str) -> &str {
    let text = between(block);
    let open = block.split("%}").next().unwrap_or_default();
    let close = block.rsplit("{%").next().unwrap_or_default();
    let text = if open.ends_with('-') {
        text.trim_start()
    } else {
        text
    };
    if close.starts_with('-') {
        text.trim_end()
    } else {
        text
    }
}

/// What stands between the two tags of a block, white space included.
pub(super) fn between(block: &str) -> &str {
    let start = block.find("%}").map_or(0, |at| at + 2);
    let end = block.rfind("{%").unwrap_or(block.len());
    block.get(start..end).unwrap_or("")
}
