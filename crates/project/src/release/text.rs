//! What lock files and requirements say of dbt-glue and dbt-core.
//!
//! The formats are read by their lines, for the two names are all that is asked for: a fault elsewhere in a file is of no matter.

use glueline_base::{TextRange, Utf8Path, range, starts_of_lines};
use glueline_catalog::{AdapterVersion, newest_that_fits};

use super::Told;

/// The package whose release is looked for, and the one beside it.
const ADAPTER: &str = "dbt-glue";
const CORE: &str = "dbt-core";

/// What a lock file says.
pub(super) fn locked(path: &Utf8Path, text: &str) -> Option<Told> {
    let in_file = match path.file_name()? {
        "Pipfile.lock" => in_pipfile,
        "requirements.lock" => specified,
        _ => in_toml,
    };
    let (version, at) = in_file(text, ADAPTER)?;
    let (dbt_core, _) = in_file(text, CORE).unzip();
    Some(Told {
        version: newest_that_fits(&version)?,
        dbt_core: dbt_core.and_then(|text| exact(&text)),
        at,
    })
}

/// What a list of requirements says: the newest release that it takes.
pub(super) fn required(_: &Utf8Path, text: &str) -> Option<Told> {
    let (specifier, at) = specified(text, ADAPTER)?;
    let (dbt_core, _) = specified(text, CORE).unzip();
    Some(Told {
        version: newest_that_fits(&specifier)?,
        dbt_core: dbt_core.and_then(|text| exact(&text)),
        at,
    })
}

/// The release that a specifier names exactly.
fn exact(specifier: &str) -> Option<String> {
    let release = specifier.trim().trim_start_matches('=').trim();
    AdapterVersion::parse(release)?;
    release
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '.')
        .then(|| release.to_owned())
}

/// A `[[package]]` of `uv.lock`, `poetry.lock`, `pdm.lock` and `pylock.toml`: its `version` follows its `name`.
fn in_toml(text: &str, wanted: &str) -> Option<(String, TextRange)> {
    let mut found = false;
    for (start, line) in lines(text) {
        if line.trim_start().starts_with('[') {
            found = false;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let Some((value, at)) = quoted(value) else {
            continue;
        };
        match key.trim() {
            "name" => found = is_name(value, wanted),
            "version" if found => {
                let at = start + key.len() + 1 + at;
                return Some((value.to_owned(), range(at, at + value.len())));
            }
            _ => {}
        }
    }
    None
}

/// An entry of `Pipfile.lock`: the name, and some lines below it the version.
fn in_pipfile(text: &str, wanted: &str) -> Option<(String, TextRange)> {
    let parsed: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut groups = ["default", "develop"].into_iter();
    let version = groups.find_map(|group| {
        let mut packages = parsed.get(group)?.as_object()?.iter();
        packages
            .find_map(|(name, package)| is_name(name, wanted).then(|| package.get("version")?.as_str())?)
    })?;
    let (at, name) = names(text, wanted).next()?;
    Some((version.to_owned(), range(at, at + name)))
}

/// What a requirement says of the releases that it takes: `dbt-glue[extra]~=1.9.0 ; …`, `dbt-glue = "^1.9"`,
/// `dbt-glue = { version = "^1.9" }`. `None` where it says nothing.
fn specified(text: &str, wanted: &str) -> Option<(String, TextRange)> {
    let mut found = names(text, wanted);
    found.find_map(|(at, length)| {
        let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        if text.get(start..at)?.contains('#') {
            return None;
        }
        let rest = text.get(at + length..)?;
        let rest = rest.get(..rest.find(['\n', '\r']).unwrap_or(rest.len()))?;
        let said = after_name(rest)?;
        Some((said.to_owned(), range(at, at + length + end_of(rest, said))))
    })
}

/// The end of a part of a text.
fn end_of(text: &str, part: &str) -> usize {
    text.find(part).map_or(text.len(), |start| start + part.len())
}

/// What stands after a name, to the end of its line.
fn after_name(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1,
        None => rest,
    };
    let assigned = rest.trim_start_matches(['"', '\'']).trim_start();
    if let Some(value) = assigned.strip_prefix('=').filter(|value| !value.starts_with('=')) {
        let table = value.trim_start().strip_prefix('{');
        let value = match table {
            Some(table) => table.split_once("version")?.1,
            None => value,
        };
        return Some(quoted(value)?.0);
    }
    let said = rest.trim_start().trim_start_matches('(');
    let end = said
        .find([';', '#', '"', '\'', ')', '\\', ']', '}'])
        .unwrap_or(said.len());
    let said = said.get(..end)?;
    let said = said
        .split(" --")
        .next()
        .unwrap_or(said)
        .trim()
        .trim_end_matches(',');
    said.starts_with(['=', '~', '!', '>', '<', '^']).then_some(said)
}

/// Each place where a package is named, with the length of the name as written: `dbt_glue`, `dbt.glue` and `DBT-Glue` are the same.
fn names<'a>(text: &'a str, wanted: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let bytes = text.as_bytes();
    let is_part =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
    bytes
        .windows(wanted.len())
        .enumerate()
        .filter(move |(at, here)| {
            let is_same = here
                .iter()
                .zip(wanted.bytes())
                .all(|(byte, wanted)| match wanted {
                    b'-' => b"-_.".contains(byte),
                    _ => byte.eq_ignore_ascii_case(&wanted),
                });
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            is_same && !is_part(before) && !is_part(bytes.get(at + wanted.len()))
        })
        .map(|(at, here)| (at, here.len()))
}

fn is_name(text: &str, wanted: &str) -> bool {
    text.to_ascii_lowercase().replace(['_', '.'], "-") == wanted
}

/// The first text in quotes, and where it starts.
fn quoted(text: &str) -> Option<(&str, usize)> {
    let start = text.find(['"', '\''])?;
    let quote = text.get(start..)?.chars().next()?;
    let inner = text.get(start + 1..)?;
    Some((inner.get(..inner.find(quote)?)?, start + 1))
}

/// The lines of a text with the offsets at which they start.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    starts_of_lines(text).filter_map(|start| {
        let rest = text.get(start..)?;
        Some((start, rest.lines().next().unwrap_or("")))
    })
}
