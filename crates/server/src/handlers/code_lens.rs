//! `textDocument/codeLens` and `codeLens/resolve`: titles are told when they come into sight.

use glueline_ide::documents::node_named;
use glueline_ide::lenses::{Action, Wanted, counted_places, lenses, title};
use serde_json::{Value, json};
use tower_lsp_server::ls_types::{CodeLens, CodeLensParams, Command, Range};

use crate::view::View;

/// The command of a client that shows places as a list: a URI, a position, locations.
const SHOW_REFERENCES: &str = "glueline.showReferences";

/// The lenses of a document.
pub(crate) fn code_lens(view: &View, _: &CodeLensParams) -> Option<Vec<CodeLens>> {
    if view.is_alone() {
        return None;
    }
    let settings = view.settings();
    let wanted = Wanted {
        texts: settings.text_lenses,
        run: settings.run_lenses,
        counts: settings.count_lenses,
    };
    let found = lenses(&view.analysis, view.file, wanted);
    let shown = found.into_iter().map(|lens| CodeLens {
        range: view.range(lens.at),
        command: None,
        data: Some(data(view, lens.action)),
    });
    Some(shown.collect())
}

/// What a lens says and does.
pub(crate) fn resolve(view: &View, lens: &CodeLens) -> Option<CodeLens> {
    let action = action(view, lens.data.as_ref()?)?;
    let title = title(&view.analysis, action);
    if let Some(command) = references(view, action, &title, lens.range) {
        return Some(CodeLens {
            command: Some(command),
            ..lens.clone()
        });
    }
    let (command, node) = match action {
        Action::Preview(node) => ("glueline.preview", Some(node)),
        Action::Compile(node) => ("glueline.compile", Some(node)),
        Action::Run(node) => ("glueline.run", Some(node)),
        Action::Rows(node) => ("glueline.show", Some(node)),
        Action::Lineage(_) | Action::Uses(_) => ("", None),
    };
    let arguments = node.map(|node| {
        let node = &*view.analysis.project().node(node).unique_id;
        vec![json!({"uri": view.uri, "node": node})]
    });
    Some(CodeLens {
        command: Some(Command {
            title,
            command: command.to_owned(),
            arguments,
        }),
        ..lens.clone()
    })
}

/// What shows the places that a lens counts, for clients that have a command for that.
fn references(view: &View, action: Action, title: &str, range: Range) -> Option<Command> {
    if !view.agreed.has_command(SHOW_REFERENCES) {
        return None;
    }
    let places = counted_places(&view.analysis, action);
    let places: Vec<_> = places.into_iter().filter_map(|at| view.location(at)).collect();
    if places.is_empty() {
        return None;
    }
    Some(Command {
        title: title.to_owned(),
        command: SHOW_REFERENCES.to_owned(),
        arguments: Some(vec![json!(view.uri), json!(range.start), json!(places)]),
    })
}

/// Numbers belong to one instant: what a lens is about is kept by its name.
fn data(view: &View, action: Action) -> Value {
    let (what, node) = match action {
        Action::Preview(node) => ("preview", node),
        Action::Compile(node) => ("compile", node),
        Action::Run(node) => ("run", node),
        Action::Rows(node) => ("rows", node),
        Action::Lineage(node) => ("lineage", node),
        Action::Uses(found) => return json!({"uri": view.uri, "what": "uses", "macro": found.index}),
    };
    let node = &*view.analysis.project().node(node).unique_id;
    json!({"uri": view.uri, "what": what, "node": node})
}

fn action(view: &View, data: &Value) -> Option<Action> {
    let text = |key: &str| data.get(key)?.as_str();
    if text("what")? == "uses" {
        let index = usize::try_from(data.get("macro")?.as_u64()?).ok()?;
        let wanted = Wanted {
            texts: false,
            run: false,
            counts: true,
        };
        let all = lenses(&view.analysis, view.file, wanted);
        let is_it = |action: &Action| matches!(action, Action::Uses(found) if found.index == index);
        return all.into_iter().map(|lens| lens.action).find(is_it);
    }
    let node = node_named(&view.analysis, text("node")?)?;
    Some(match text("what")? {
        "preview" => Action::Preview(node),
        "compile" => Action::Compile(node),
        "run" => Action::Run(node),
        "rows" => Action::Rows(node),
        "lineage" => Action::Lineage(node),
        _ => return None,
    })
}
