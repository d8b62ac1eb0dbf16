//! `nested-location`.

use glueline_base::Severity;
use glueline_project::ResourceType;

use super::locations::{self, Written};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "nested-location",
    Data,
    Error,
    "nested_location.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let mut written = locations::all(cx);
    written.dedup_by(|a, b| a.path == b.path);
    // Paths around the one at hand, outermost first, each with the nodes below it that chose no path themselves.
    let mut around: Vec<(&Written<'_>, Vec<&Written<'_>>)> = Vec::new();
    for one in &written {
        while around
            .last()
            .is_some_and(|(outer, _)| !is_below(&one.path, &outer.path))
        {
            close(cx, around.pop(), sink);
        }
        if let Some((outer, inside)) = around.last_mut() {
            let at_inner = one.custom.is_some() || outer.custom.is_none();
            if at_inner && one.node.kind != ResourceType::Source {
                report(cx, one, outer, one, 0, sink);
            } else {
                inside.push(one);
            }
        }
        around.push((one, Vec::new()));
    }
    while let Some(last) = around.pop() {
        close(cx, Some(last), sink);
    }
}

/// Speaks of what lies below a chosen path, once.
fn close(cx: &ProjectCx<'_>, outer: Option<(&Written<'_>, Vec<&Written<'_>>)>, sink: &mut Sink) {
    let Some((outer, inside)) = outer else { return };
    if let Some((first, others)) = inside.split_first() {
        report(cx, outer, outer, first, others.len(), sink);
    }
}

fn report(
    cx: &ProjectCx<'_>,
    place: &Written<'_>,
    outer: &Written<'_>,
    inner: &Written<'_>,
    others: usize,
    sink: &mut Sink,
) {
    if !place.is_own() || outer.node.kind == ResourceType::Source || place.node.kind == ResourceType::Source {
        return;
    }
    let more = if others > 0 {
        format!(", with {others} more")
    } else {
        String::new()
    };
    let message = format!(
        "`{}` is written to `{}`, and `{}` lies below it{more}: when Spark replaces the files of the one, it deletes those \
         of the other. Put them side by side.",
        outer.node.name, outer.path, inner.node.name
    );
    let severity = if outer.tracks_files {
        Severity::Warning
    } else {
        Severity::Error
    };
    let other = if std::ptr::eq(place, outer) { inner } else { outer };
    let finding = place
        .cx(cx)
        .diagnostic(&RULE.meta, place.at(), message)
        .severity(severity);
    sink.push(finding.related(other.at(), "the other one"));
}

fn is_below(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_is_by_parts() {
        assert!(is_below("s3://b/x/y", "s3://b/x"));
        assert!(!is_below("s3://b/x-y", "s3://b/x"));
        assert!(!is_below("s3://b/x", "s3://b/x"));
    }
}
