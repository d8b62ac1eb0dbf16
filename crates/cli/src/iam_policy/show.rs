//! The policy as IAM takes it, and what another one lacks of it or grants in excess, for people and for machines.

use std::collections::BTreeMap;
use std::io;

use glueline_plan::policy::{Comparison, Excess, Lack, Policy};
use serde::Serialize;

use crate::args::Output;
use crate::report::clean;
use crate::streams::Streams;

/// What is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    lacks: Vec<LackEntry<'a>>,
    excess: Vec<ExcessEntry<'a>>,
    not_understood: &'a [String],
}

#[derive(Serialize)]
struct LackEntry<'a> {
    sid: &'a str,
    action: &'a str,
    resource: &'a str,
}

#[derive(Serialize)]
struct ExcessEntry<'a> {
    statement: &'a str,
    action: &'a str,
    resource: &'a str,
    wider: bool,
}

/// Prints a policy as IAM takes it.
pub(super) fn print(policy: &Policy, streams: &mut Streams<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *streams.out, &policy.document())?;
    streams.out.write_all(b"\n")
}

/// Prints a comparison.
pub(super) fn write(comparison: &Comparison, output: Output, streams: &mut Streams<'_>) -> io::Result<()> {
    match output {
        Output::Json => json(comparison, streams),
        Output::Text => text(comparison, streams),
    }
}

fn json(comparison: &Comparison, streams: &mut Streams<'_>) -> io::Result<()> {
    let document = Document {
        schema: "glueline-iam-diff/1",
        lacks: comparison.lacks.iter().map(lack).collect(),
        excess: comparison.excess.iter().map(excess).collect(),
        not_understood: &comparison.not_understood,
    };
    serde_json::to_writer(&mut *streams.out, &document)?;
    streams.out.write_all(b"\n")
}

fn lack(lack: &Lack) -> LackEntry<'_> {
    LackEntry {
        sid: lack.sid,
        action: lack.action,
        resource: &lack.resource,
    }
}

fn excess(excess: &Excess) -> ExcessEntry<'_> {
    ExcessEntry {
        statement: &excess.statement,
        action: &excess.action,
        resource: &excess.resource,
        wider: excess.wider,
    }
}

fn text(comparison: &Comparison, streams: &mut Streams<'_>) -> io::Result<()> {
    for remark in &comparison.not_understood {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    let lacks = comparison
        .lacks
        .iter()
        .map(|lack| (lack.resource.as_str(), lack.action));
    section("lacks", lacks, streams)?;
    for (title, wider) in [
        ("grants more widely than needed", true),
        ("grants without need", false),
    ] {
        let found = comparison.excess.iter().filter(|excess| excess.wider == wider);
        section(
            title,
            found.map(|excess| (excess.resource.as_str(), excess.action.as_str())),
            streams,
        )?;
    }
    if comparison.lacks.is_empty() && comparison.excess.is_empty() {
        writeln!(streams.out, "The policy allows what is needed, and nothing else.")?;
    }
    Ok(())
}

/// Actions by resource, under a title.
fn section<'a>(
    title: &str,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let mut by_resource: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (resource, action) in pairs {
        let actions = by_resource.entry(resource).or_default();
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    if by_resource.is_empty() {
        return Ok(());
    }
    writeln!(streams.out, "The policy {title}:")?;
    for (resource, actions) in by_resource {
        writeln!(streams.out, "  {}", clean(resource))?;
        for action in actions {
            writeln!(streams.out, "    {}", clean(action))?;
        }
    }
    Ok(())
}
