//! Texts that the server makes: `glueline/document`, `workspace/textDocumentContent`, and `glueline/sourceMap` between such a text
//! and its source.
//!
//! They are named `glueline-compiled:///path/of/the/orders.compiled.sql?node=model.shop.orders&run=later`; the `.compiled` tells a person
//! which of several tabs it is, and may be left out. Where `node` is left out, the first node of the file is meant; where `run` is, what
//! the catalog and the settings say. `expand` is an offset of the file: the text is then what the `{{ }}` around it is rendered to.

use std::sync::Arc;

use glueline_base::{TextSize, Utf8Path, Utf8PathBuf};
use glueline_ide::FilePosition;
use glueline_ide::documents::{Dialect, Document, Kind, Life, Wanted, document, node_at, node_named};
use glueline_project::ResourceType;
use serde::{Deserialize, Serialize};
use tower_lsp_server::ls_types::{Position, Range};

use crate::position::Lines;
use crate::uri;
use crate::view::ProjectView;

/// The name that documents of a kind begin with.
pub(crate) const SCHEMES: [&str; 2] = ["glueline-compiled", "glueline-preview"];

/// What is asked of `glueline/document` and `workspace/textDocumentContent`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DocumentParams {
    /// The name of the text.
    pub(crate) uri: String,
}

/// The answer of `glueline/document`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Made {
    /// The text.
    pub(crate) content: String,
    /// `sql` or `python`.
    pub(crate) language_id: &'static str,
    /// Whether the text is what it says; `false` where it tells why there is none.
    pub(crate) complete: bool,
}

impl Made {
    /// A text that is no code.
    pub(crate) fn plain(content: String) -> Self {
        Self {
            content,
            language_id: "plaintext",
            complete: true,
        }
    }
}

/// The answer of `workspace/textDocumentContent`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Content {
    /// The text.
    pub(crate) text: String,
}

/// What is asked of `glueline/sourceMap`: a place in a made text, or a place in a source and the made text that it is looked for in.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MapParams {
    uri: String,
    position: Position,
    document: Option<String>,
}

/// The answer of `glueline/sourceMap`: the other side.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Mapped {
    /// The name of the source, or of the made text.
    uri: String,
    /// What the place became, or came from.
    ranges: Vec<Range>,
}

/// A text of the server.
pub(crate) fn made(views: &[ProjectView], params: &DocumentParams) -> Option<Made> {
    let (_, document) = find(views, &params.uri)?;
    Some(Made {
        language_id: match document.dialect {
            Dialect::Sql => "sql",
            Dialect::Python => "python",
        },
        complete: document.complete,
        content: document.text,
    })
}

/// A text of the server, for clients that have such texts themselves.
pub(crate) fn content(views: &[ProjectView], params: &DocumentParams) -> Content {
    let found = find(views, &params.uri);
    Content {
        text: found.map_or_else(String::new, |(_, document)| document.text),
    }
}

/// From a made text to its source, or back.
pub(crate) fn source_map(views: &[ProjectView], params: &MapParams) -> Option<Mapped> {
    let Some(name) = &params.document else {
        let (view, document) = find(views, &params.uri)?;
        let lines = lines(view, &document);
        let at = document.source_at(lines.offset(params.position).into())?;
        return Some(Mapped {
            uri: view.uri_of(at.file)?.as_str().to_owned(),
            ranges: vec![view.range_in(at.file, at.range)],
        });
    };
    let (view, document) = find(views, name)?;
    let path = uri::to_path(&params.uri.parse().ok()?)?;
    let file = view.analysis.file(&path)?;
    let offset = view.lines(file).offset(params.position);
    let lines = lines(view, &document);
    let places = document.places_of(FilePosition { file, offset });
    Some(Mapped {
        uri: name.clone(),
        ranges: places.into_iter().map(|place| lines.range(place)).collect(),
    })
}

fn life(run: Option<&str>) -> Life {
    match run {
        Some("first") => Life::Absent,
        Some("later") => Life::Exists,
        _ => Life::Known,
    }
}

/// The innermost project around a file.
fn around<'a>(views: &'a [ProjectView], path: &Utf8Path) -> Option<&'a ProjectView> {
    views
        .iter()
        .filter(|view| path.starts_with(&view.analysis.options().load.project_dir))
        .max_by_key(|view| view.analysis.options().load.project_dir.as_str().len())
}

fn lines(view: &ProjectView, document: &Document) -> Lines {
    Lines::new(Arc::from(document.text.as_str()), view.agreed.encoding)
}

/// A made text, and the project that it is made of.
fn find<'a>(views: &'a [ProjectView], name: &str) -> Option<(&'a ProjectView, Document)> {
    let name = Name::read(name)?;
    let view = around(views, &name.path)?;
    let wanted = name.wanted(view)?;
    Some((view, document(&view.analysis, wanted)))
}

/// The name of a made text, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// The file that it is made of, or a made-up file below it.
    pub(crate) path: Utf8PathBuf,
    is_preview: bool,
    node: Option<String>,
    life: Life,
    expand: Option<u32>,
}

impl Name {
    /// Takes a name apart; `None` for what is no name of such a text.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let (scheme, rest) = name.split_once(':')?;
        let is_preview = SCHEMES.iter().position(|known| *known == scheme)? == 1;
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = uri::to_path(&format!("file:{path}").parse().ok()?)?;
        let query = decoded(query);
        let value = |key: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| *found == key).map(|(_, value)| value)
        };
        Some(Self {
            path,
            is_preview,
            node: value("node").map(ToOwned::to_owned),
            life: life(value("run")),
            expand: value("expand").and_then(|offset| offset.parse().ok()),
        })
    }

    /// What is wanted.
    pub(crate) fn wanted(&self, view: &ProjectView) -> Option<Wanted> {
        let of_file = || {
            let named = || view.analysis.file(&self.path);
            let file = named().or_else(|| view.analysis.file(&unlabelled(&self.path)?))?;
            let offset = TextSize::new(0);
            node_at(&view.analysis, FilePosition { file, offset })
        };
        let node = match &self.node {
            Some(node) => node_named(&view.analysis, node),
            None => of_file(),
        };
        Some(Wanted {
            kind: match self.expand {
                Some(offset) => Kind::Expansion(TextSize::new(offset)),
                None if self.is_preview => Kind::Preview,
                None => Kind::Compiled,
            },
            node: node?,
            life: self.life,
        })
    }
}

/// What stands before the ending of a name, so that a person tells texts of one node apart.
fn label(wanted: &Wanted) -> &'static str {
    match (wanted.kind, wanted.life) {
        (Kind::Expansion(_), _) => "expanded",
        (Kind::Compiled, Life::Known) => "compiled",
        (Kind::Compiled, Life::Absent) => "compiled.first",
        (Kind::Compiled, Life::Exists) => "compiled.later",
        (Kind::Preview, Life::Known) => "preview",
        (Kind::Preview, Life::Absent) => "preview.first",
        (Kind::Preview, Life::Exists) => "preview.later",
    }
}

/// The file whose name was given a label.
fn unlabelled(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let stem = path.file_stem()?;
    let stem = stem
        .strip_suffix(".first")
        .or_else(|| stem.strip_suffix(".later"))
        .unwrap_or(stem);
    let labels = [".compiled", ".preview", ".expanded"];
    let stem = labels.into_iter().find_map(|label| stem.strip_suffix(label))?;
    Some(path.with_file_name(format!("{stem}.{}", path.extension()?)))
}

/// The name of a made text.
pub(crate) fn name(view: &ProjectView, wanted: &Wanted) -> Option<String> {
    let node = view.analysis.project().node(wanted.node);
    let path = view.analysis.path(node.file());
    let [compiled, preview] = SCHEMES;
    let scheme = if wanted.kind == Kind::Preview {
        preview
    } else {
        compiled
    };
    let label = label(wanted);
    let own = node.name.replace(['/', '\\'], "_");
    // Editors tell the language by the ending, and show what is before it.
    let shown = match (path.file_stem(), path.extension()) {
        // A file holds as many snapshots as it likes.
        (Some(_), Some(ending @ "sql")) if node.kind == ResourceType::Snapshot => {
            path.with_file_name(format!("{own}.{label}.{ending}"))
        }
        (Some(stem), Some(ending @ ("sql" | "py"))) => {
            path.with_file_name(format!("{stem}.{label}.{ending}"))
        }
        _ => path.join(format!("{own}.{label}.sql")),
    };
    let file = uri::of_path(&shown)?;
    let rest = file.as_str().strip_prefix("file:")?;
    let mut name = format!("{scheme}:{rest}");
    name.push_str("?node=");
    name.push_str(&encoded(&node.unique_id));
    name.push_str(match wanted.life {
        Life::Known => "",
        Life::Absent => "&run=first",
        Life::Exists => "&run=later",
    });
    if let Kind::Expansion(offset) = wanted.kind {
        name.push_str(&format!("&expand={}", u32::from(offset)));
    }
    Some(name)
}

pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(ahead.next()), digit(ahead.next()));
        match (byte, high, low) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let name = |path: &str, is_preview, node: Option<&str>, life, expand| Name {
            path: path.into(),
            is_preview,
            node: node.map(ToOwned::to_owned),
            life,
            expand,
        };
        for (text, wanted) in [
            (
                "glueline-compiled:///w/a.sql",
                Some(name("/w/a.sql", false, None, Life::Known, None)),
            ),
            (
                "glueline-preview:/w/a%20b.sql?node=model.shop.a&run=later",
                Some(name("/w/a b.sql", true, Some("model.shop.a"), Life::Exists, None)),
            ),
            // As editors write it that encode whatever they can.
            (
                "glueline-compiled:/w/a.sql?node%3Dmodel.shop.a%26run%3Dfirst%26expand%3D12#x",
                Some(name(
                    "/w/a.sql",
                    false,
                    Some("model.shop.a"),
                    Life::Absent,
                    Some(12),
                )),
            ),
            ("file:///w/a.sql", None),
            ("glueline-compiled:", None),
            ("glueline-other:///w/a.sql", None),
            ("", None),
        ] {
            assert_eq!(Name::read(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for text in ["model.shop.a", "a b&c=d", "é%", "100%2", "%"] {
            assert_eq!(decoded(&encoded(text)), text);
        }
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }
}
