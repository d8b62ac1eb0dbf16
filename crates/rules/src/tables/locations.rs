//! Where on S3 each node writes.
//!
//! dbt-glue builds the path of a table from `location` of the profile, its schema and its name, unless `custom_location`
//! says otherwise (`dbt/adapters/glue/impl.py`, `_build_location`).

use std::borrow::Cow;

use glueline_base::{FileRange, Value};
use glueline_catalog::FileFormat;
use glueline_project::{Contribution, Language, Node, ResourceType, Setting, Target};

use super::custom_location_empty::EMPTY;
use super::node;
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model;

/// A node and the path that it writes to.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    /// The node.
    pub(crate) node: &'a Node,
    /// The path, without a slash at its end; the ways to write the scheme made one.
    pub(crate) path: String,
    /// The setting that chose the path; `None` where it follows from schema and name.
    pub(crate) custom: Option<&'a Contribution>,
    /// Whether the table keeps its files apart from others in the same place: a lake format that tracks each file.
    pub(crate) tracks_files: bool,
    /// Whether what is in the folder makes the table, so that two names of one folder are one table.
    pub(crate) is_delta: bool,
}

impl<'a> Written<'a> {
    /// The node as a rule for nodes sees it.
    pub(crate) const fn cx(&self, cx: &ProjectCx<'a>) -> NodeCx<'a> {
        NodeCx {
            project: cx.project,
            node: self.node,
        }
    }

    /// Where the path is chosen; the node where it follows from its name.
    pub(crate) fn at(&self) -> FileRange {
        self.custom.map_or(self.node.at, Contribution::value_at)
    }

    /// Whether the node is the user's own to mend.
    pub(crate) const fn is_own(&self) -> bool {
        self.node.package == 0
    }
}

/// Every enabled node that writes to a path that is known, sorted by path, part by part.
pub(crate) fn all<'a>(cx: &ProjectCx<'a>) -> Vec<Written<'a>> {
    if !cx.project.target().is_some_and(Target::is_glue) {
        return Vec::new();
    }
    let nodes = cx.project.nodes().iter().filter(|node| node.enabled);
    let mut written: Vec<_> = nodes
        .filter_map(|node| {
            written(&NodeCx {
                project: cx.project,
                node,
            })
        })
        .collect();
    written.sort_by(|a, b| {
        parts(&a.path)
            .cmp(parts(&b.path))
            .then_with(|| a.node.id.cmp(&b.node.id))
    });
    written
}

/// The parts of a path: sorted by them, what lies below a path comes right behind it.
pub(crate) fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
}

fn written<'a>(cx: &NodeCx<'a>) -> Option<Written<'a>> {
    let (custom, format) = match cx.node.kind {
        ResourceType::Seed if cx.project.macros().materialization("seed").is_none() => (None, None),
        ResourceType::Source => return source(cx),
        ResourceType::Model | ResourceType::Snapshot => {
            let format = model::format(cx)?;
            let custom = custom(cx)?;
            if format == FileFormat::S3tables || !writes(cx, format, custom.is_some()) {
                return None;
            }
            (custom, Some(format))
        }
        _ => return None,
    };
    let path = match custom {
        Some(set) => normal(set.value.value.as_str()?).into_owned(),
        None => default_path(cx)?,
    };
    Some(Written {
        node: cx.node,
        path,
        custom,
        tracks_files: matches!(format, Some(FileFormat::Iceberg | FileFormat::Delta)),
        is_delta: format == Some(FileFormat::Delta),
    })
}

/// A source is not written to, but a node that writes where it lies destroys it. Where that is, the catalogue tells.
fn source<'a>(cx: &NodeCx<'a>) -> Option<Written<'a>> {
    let table = cx.in_catalog()?;
    let path = normal(table.location.as_deref()?).into_owned();
    Some(Written {
        node: cx.node,
        path,
        custom: None,
        tracks_files: table.is_iceberg() || table.is_delta(),
        is_delta: table.is_delta(),
    })
}

/// Python code of a model writes to a chosen path alone, and not on Iceberg.
fn writes(cx: &NodeCx<'_>, format: FileFormat, is_custom: bool) -> bool {
    if cx.node.language == Language::Python {
        return is_custom
            && format != FileFormat::Iceberg
            && (cx.is_incremental() || cx.is_model("python_model"));
    }
    node::is_created_as_select(cx) || cx.is_incremental()
}

/// `custom_location`; `None` where it is not known or stands for no path.
#[expect(
    clippy::option_option,
    reason = "the outer one says that it is known, the inner one that it is set"
)]
fn custom<'a>(cx: &NodeCx<'a>) -> Option<Option<&'a Contribution>> {
    match cx.config("custom_location") {
        Setting::Unknown => None,
        Setting::Unset => Some(None),
        Setting::Set(set) => match &set.value.value {
            Value::Null => Some(None),
            Value::Str(path) if !path.is_empty() && **path != *EMPTY => Some(Some(set)),
            _ => None,
        },
    }
}

fn default_path(cx: &NodeCx<'_>) -> Option<String> {
    let meta_is_known = cx
        .node
        .config
        .all("meta")
        .all(|set| set.value.value != Value::Unknown);
    let target = cx
        .project
        .target()
        .filter(|_| meta_is_known && !cx.node.config.is_opaque())?;
    let location = match model::inner(cx, "meta", "location") {
        Some((_, location)) => location.value.as_str()?,
        None => target.text("location")?,
    };
    let location = normal(location);
    // Seeds are written under the name of their file, whatever their alias.
    let name = if cx.node.kind == ResourceType::Seed {
        &cx.node.name
    } else {
        cx.node.identifier.as_ref()?
    };
    Some(match target.get("root_location") {
        None | Some(Value::Bool(false)) => format!("{location}/{}/{name}", cx.node.schema.as_deref()?),
        Some(Value::Bool(true)) => format!("{location}/{name}"),
        Some(_) => return None,
    })
}

/// A path as S3 has it: one way to write the scheme, no empty parts, no slash at its end. Keys keep their case.
fn normal(path: &str) -> Cow<'_, str> {
    let (scheme, key) = path.split_once("://").unwrap_or(("", path));
    let is_s3 = ["s3", "s3a", "s3n"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let is_normal =
        (scheme == "s3" || !is_s3) && !key.is_empty() && !key.ends_with('/') && !key.contains("//");
    if is_normal {
        return Cow::Borrowed(path);
    }
    let parts: Vec<&str> = key.split('/').filter(|part| !part.is_empty()).collect();
    let scheme = if is_s3 { "s3" } else { scheme };
    let separator = if scheme.is_empty() { "" } else { "://" };
    Cow::Owned(format!("{scheme}{separator}{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_alike() {
        for (written, expected) in [
            ("s3://b/x", "s3://b/x"),
            ("s3a://b//x/", "s3://b/x"),
            ("S3://b/x///", "s3://b/x"),
            ("s3://b/X", "s3://b/X"),
            ("b/x/", "b/x"),
            ("", ""),
            ("://", ""),
            ("hdfs://é/ü/", "hdfs://é/ü"),
        ] {
            assert_eq!(normal(written), expected, "{written}");
        }
    }

    #[test]
    fn what_lies_below_comes_right_behind() {
        let mut paths = ["s3://b/x-y", "s3://b/x/z", "s3://b/x"];
        paths.sort_by(|a, b| parts(a).cmp(parts(b)));
        assert_eq!(paths, ["s3://b/x", "s3://b/x/z", "s3://b/x-y"]);
    }
}
