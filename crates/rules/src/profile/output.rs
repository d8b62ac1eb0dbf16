//! What several rules ask of an output.

use std::fmt;

use glueline_base::{FileRange, Fix, MapEntry, Spanned, TextRange, Value, range, slice};
use glueline_catalog::{
    FileFormat, GlueVersion, Limit, Materialization, Scope, WorkerType, limits, profile_key, suggest,
};
use glueline_project::{Node, Project, ResourceType};

use crate::context::{NodeCx, TargetCx};

/// The Glue release of the session; `None` where it is not known or AWS chooses.
pub(crate) fn glue_version(cx: &TargetCx<'_>) -> Option<GlueVersion> {
    cx.target.glue_version(cx.project.release().version)
}

/// dbt's words for an output that it refuses (`dbt/config/profile.py`, `_credentials_from_profile`).
pub(crate) fn refused(cx: &TargetCx<'_>, why: &str) -> String {
    let profile = cx.project.profile().profile();
    format!(
        "Runtime Error\n  Credentials in profile \"{}\", target \"{}\" invalid: {why}",
        profile.map_or("", |profile| &profile.name.value),
        cx.target.name.value
    )
}

/// A flag, off where it is absent or null; `None` where it is not known or no boolean.
pub(crate) fn flag(cx: &TargetCx<'_>, key: &str) -> Option<bool> {
    match cx.target.get(key) {
        None | Some(Value::Null) => Some(false),
        Some(value) => value.as_bool(),
    }
}

/// A whole number; `None` where it is absent, not known or none.
pub(crate) fn number(cx: &TargetCx<'_>, key: &str) -> Option<i64> {
    cx.target.get(key)?.as_int()
}

/// How many threads a run uses.
pub(crate) fn threads(cx: &TargetCx<'_>) -> Option<i64> {
    match (cx.project.run_options().threads, cx.target.get("threads")) {
        (Some(threads), _) => Some(i64::from(threads)),
        (None, None) => Some(1),
        (None, Some(value)) => value.as_int(),
    }
}

/// What one session is billed as.
pub(crate) fn session_size(cx: &TargetCx<'_>) -> Option<Dpus> {
    let workers = u64::try_from(number(cx, "workers")?).ok()?;
    let worker = WorkerType::parse(cx.target.text("worker_type")?)?;
    Some(Dpus {
        hundredths: workers.checked_mul(u64::from(worker.facts().centi_dpu))?,
    })
}

/// Data processing units, Glue's unit of price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dpus {
    hundredths: u64,
}

impl Dpus {
    /// So many whole units.
    pub(crate) const fn whole(units: u32) -> Self {
        Self {
            hundredths: units as u64 * 100,
        }
    }

    /// The units of several sessions.
    pub(crate) const fn times(self, sessions: u64) -> Self {
        Self {
            hundredths: self.hundredths.saturating_mul(sessions),
        }
    }
}

impl fmt::Display for Dpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.hundredths / 100, self.hundredths % 100) {
            (whole, 0) => write!(f, "{whole} DPU"),
            (whole, part) => write!(f, "{whole}.{part:02} DPU"),
        }
    }
}

/// The limit of a field of the Glue API.
pub(crate) fn limit(field: &str) -> Option<&'static Limit> {
    limits().iter().find(|limit| limit.field == field)
}

/// The first node that dbt-glue writes as a table in one of these formats.
pub(crate) fn writer_in<'a>(project: &'a Project, formats: &[FileFormat]) -> Option<&'a Node> {
    project.nodes().iter().find(|node| {
        let cx = NodeCx { project, node };
        node.enabled
            && writes_table(&cx)
            && cx
                .file_format()
                .and_then(FileFormat::parse)
                .is_some_and(|format| formats.contains(&format))
    })
}

/// Whether dbt-glue's own materializations write the node as a table.
pub(crate) fn writes_table(cx: &NodeCx<'_>) -> bool {
    match cx.node.kind {
        ResourceType::Snapshot => cx.is_snapshot(),
        ResourceType::Model => cx.materialized().is_some_and(|name| {
            Materialization::parse(name).is_some_and(Materialization::writes_files) && cx.is_model(name)
        }),
        _ => false,
    }
}

/// The name of Iceberg's catalog in front of schemas; `None` where it is not known, empty where there is none.
pub(crate) fn iceberg_catalog<'a>(cx: &TargetCx<'a>) -> Option<&'a str> {
    match cx.target.get("custom_iceberg_catalog_namespace") {
        None => Some(glueline_catalog::profile_key("custom_iceberg_catalog_namespace")?.default),
        Some(Value::Null) => Some(""),
        Some(value) => value.as_str(),
    }
}

/// Takes an entry out with its lines, where it has them for itself.
pub(crate) fn delete_entry(cx: &TargetCx<'_>, entry: &MapEntry, fix: Fix) -> Option<Fix> {
    let text = cx.project.files().text(cx.target.file);
    let start = line_start(text, usize::from(entry.key.range.start()))?;
    let value_end = usize::from(entry.value.range.end().max(entry.key.range.end()));
    let end = if text.get(..value_end)?.ends_with('\n') {
        value_end
    } else {
        let rest = text.get(value_end..)?;
        let line = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let behind = rest.get(..line)?.trim();
        if !behind.is_empty() && !behind.starts_with('#') && behind != ":" {
            return None;
        }
        value_end + line
    };
    Some(fix.delete(FileRange {
        file: cx.target.file,
        range: range(start, end),
    }))
}

/// Puts a line in front of the first entry that the output has for itself.
pub(crate) fn insert_line(cx: &TargetCx<'_>, line: &str, fix: Fix) -> Option<Fix> {
    let key = line.split(':').next().unwrap_or(line);
    let entries = cx.target.value.value.as_map().unwrap_or_default();
    if entries.iter().any(|entry| is_misspelt(&entry.key.value, key)) {
        return None;
    }
    let text = cx.project.files().text(cx.target.file);
    let own = cx.target.value.value.as_map()?.iter().find(|entry| {
        cx.target.value.range.contains_range(entry.key.range) && entry.value.value.as_map().is_none()
    })?;
    let key = usize::from(own.key.range.start());
    let start = line_start(text, key)?;
    let indent = text.get(start..key)?;
    let newline = if text.get(key..)?.lines().next().is_some() && text.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let at = FileRange {
        file: cx.target.file,
        range: own.key.range,
    };
    Some(fix.insert_before(at, format!("{line}{newline}{indent}")))
}

/// Whether a key is written wrongly and means `key`: mending it adds what an inserted line would add again.
fn is_misspelt(written: &str, key: &str) -> bool {
    profile_key(written).is_none() && suggest(Scope::ProfileOutput, written) == Some(key)
}

/// Where the line of a key starts, if only blanks stand before the key.
fn line_start(text: &str, key: usize) -> Option<usize> {
    let before = text.get(..key)?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    before.get(start..)?.chars().all(|c| c == ' ').then_some(start)
}

/// Puts a value between double quotes, as it is written.
pub(crate) fn quoted(at: FileRange, written: &str) -> Option<Fix> {
    let plain = !written.is_empty() && !written.contains(['"', '\\', '\n', '{', '[', '&', '*', '!', '#']);
    plain.then(|| Fix::safe(format!("Quote `{written}`")).replace(at, format!("\"{written}\"")))
}

/// The text of the file at a place.
pub(crate) fn written<'a>(cx: &TargetCx<'a>, at: TextRange) -> &'a str {
    slice(cx.project.files().text(cx.target.file), at)
}

/// Where a value stands.
pub(crate) const fn at(cx: &TargetCx<'_>, value: &Spanned<Value>) -> FileRange {
    FileRange {
        file: cx.target.file,
        range: value.range,
    }
}

/// Where a key stands.
pub(crate) const fn key_at(cx: &TargetCx<'_>, entry: &MapEntry) -> FileRange {
    FileRange {
        file: cx.target.file,
        range: entry.key.range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_counted_in_hundredths() {
        assert_eq!(Dpus::whole(2).times(8).to_string(), "16 DPU");
        assert_eq!(Dpus { hundredths: 50 }.to_string(), "0.50 DPU");
        assert!(Dpus::whole(u32::MAX).times(u64::MAX) > Dpus::whole(1));
    }

    #[test]
    fn plain_values_are_quoted() {
        let at = FileRange {
            file: glueline_base::FileId(0),
            range: range(0, 3),
        };
        assert_eq!(quoted(at, "4.0").unwrap().edits[0].text, "\"4.0\"");
        assert!(quoted(at, "[a]").is_none() && quoted(at, "").is_none());
    }

    #[test]
    fn a_misspelt_key_is_not_added_again() {
        assert!(is_misspelt("glue_sesion_reuse", "glue_session_reuse"));
        assert!(!is_misspelt("glue_session_reuse", "glue_session_reuse"));
        assert!(!is_misspelt("workers", "glue_session_reuse"));
    }
}
