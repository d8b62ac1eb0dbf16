//! `textDocument/documentSymbol` and `workspace/symbol`.

use glueline_ide::outline::{Item, ItemKind, outline, search};
use tower_lsp_server::ls_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind,
    WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::view::{ProjectView, View};

/// So many symbols of the workspace are told at once: nobody reads more, and clients ask again with every letter.
const MOST: usize = 256;

/// The symbols of a document: a tree, or a list for a client that knows no trees.
pub(crate) fn document_symbol(view: &View, _: &DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
    let items = outline(&view.analysis, view.file);
    if items.is_empty() {
        return None;
    }
    if view.agreed.nested_symbols() {
        let nested = items.into_iter().map(|item| nested(view, item)).collect();
        return Some(DocumentSymbolResponse::Nested(nested));
    }
    let mut flat = Vec::new();
    for item in &items {
        flatten(view, item, None, &mut flat);
    }
    Some(DocumentSymbolResponse::Flat(flat))
}

#[expect(deprecated, reason = "the type has the field")]
fn nested(view: &View, item: Item) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> = item.children.into_iter().map(|item| nested(view, item)).collect();
    DocumentSymbol {
        kind: kind(item.kind),
        range: view.range(item.range),
        selection_range: view.range(item.selection),
        name: item.name,
        detail: (!item.detail.is_empty()).then_some(item.detail),
        tags: None,
        deprecated: None,
        children: (!children.is_empty()).then_some(children),
    }
}

#[expect(deprecated, reason = "the type has the field")]
fn flatten(view: &View, item: &Item, container: Option<&str>, out: &mut Vec<SymbolInformation>) {
    out.push(SymbolInformation {
        name: item.name.clone(),
        kind: kind(item.kind),
        tags: None,
        deprecated: None,
        location: Location {
            uri: view.uri.clone(),
            range: view.range(item.range),
        },
        container_name: container.map(ToOwned::to_owned),
    });
    for child in &item.children {
        flatten(view, child, Some(&item.name), out);
    }
}

const fn kind(kind: ItemKind) -> SymbolKind {
    match kind {
        ItemKind::Model | ItemKind::Seed | ItemKind::Snapshot | ItemKind::Table | ItemKind::Cte => {
            SymbolKind::CLASS
        }
        ItemKind::Analysis | ItemKind::Exposure => SymbolKind::FILE,
        ItemKind::Source => SymbolKind::MODULE,
        ItemKind::Test => SymbolKind::BOOLEAN,
        ItemKind::Column => SymbolKind::FIELD,
        ItemKind::Version => SymbolKind::ENUM_MEMBER,
        ItemKind::Macro | ItemKind::Function => SymbolKind::FUNCTION,
        ItemKind::Docs => SymbolKind::STRING,
        ItemKind::Entry => SymbolKind::OBJECT,
        ItemKind::Config => SymbolKind::PROPERTY,
        ItemKind::Variable => SymbolKind::VARIABLE,
        ItemKind::Block | ItemKind::Section => SymbolKind::NAMESPACE,
        ItemKind::Key => SymbolKind::KEY,
    }
}

/// The symbols of every project that fit, the best of each first.
#[expect(deprecated, reason = "the type has the field")]
pub(crate) fn workspace_symbol(
    views: &[ProjectView],
    params: &WorkspaceSymbolParams,
) -> WorkspaceSymbolResponse {
    let mut found = Vec::new();
    for view in views.iter().filter(|view| !view.is_alone()) {
        for hit in search(&view.analysis, &params.query, MOST) {
            let Some(location) = view.location(hit.at) else {
                continue;
            };
            found.push(SymbolInformation {
                name: hit.name,
                kind: kind(hit.kind),
                tags: None,
                deprecated: None,
                location,
                container_name: Some(hit.package.to_string()),
            });
        }
    }
    WorkspaceSymbolResponse::Flat(found)
}
