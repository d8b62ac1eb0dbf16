//! `textDocument/definition`, `declaration`, `typeDefinition` and `implementation`.

use glueline_ide::navigation::{self, Target};
use tower_lsp_server::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoImplementationParams, GotoImplementationResponse,
    GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
use tower_lsp_server::ls_types::{GotoDefinitionParams, GotoDefinitionResponse, LocationLink};

use crate::view::View;

/// Where a name is defined.
pub(crate) fn definition(view: &View, params: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let at = view.at(params.text_document_position_params.position);
    let links = view.agreed.definition_links();
    response(view, &navigation::definition(&view.analysis, at), links)
}

/// Where it is described.
pub(crate) fn declaration(view: &View, params: &GotoDeclarationParams) -> Option<GotoDeclarationResponse> {
    let at = view.at(params.text_document_position_params.position);
    let links = view.agreed.declaration_links();
    response(view, &navigation::declaration(&view.analysis, at), links)
}

/// Where its columns are described.
pub(crate) fn type_definition(
    view: &View,
    params: &GotoTypeDefinitionParams,
) -> Option<GotoTypeDefinitionResponse> {
    let at = view.at(params.text_document_position_params.position);
    let links = view.agreed.type_definition_links();
    response(view, &navigation::type_definition(&view.analysis, at), links)
}

/// What does its work.
pub(crate) fn implementation(
    view: &View,
    params: &GotoImplementationParams,
) -> Option<GotoImplementationResponse> {
    let at = view.at(params.text_document_position_params.position);
    let links = view.agreed.implementation_links();
    response(view, &navigation::implementation(&view.analysis, at), links)
}

fn response(view: &View, targets: &[Target], links: bool) -> Option<GotoDefinitionResponse> {
    if targets.is_empty() {
        return None;
    }
    if !links {
        let places = targets
            .iter()
            .filter_map(|target| view.location(target.place.name));
        return Some(GotoDefinitionResponse::Array(places.collect()));
    }
    let places = targets.iter().filter_map(|target| {
        let file = target.place.full.file;
        Some(LocationLink {
            origin_selection_range: Some(view.range(target.origin.range)),
            target_uri: view.uri_of(file)?,
            target_range: view.range_in(file, target.place.full.range),
            target_selection_range: view.range_in(file, target.place.name.range),
        })
    });
    Some(GotoDefinitionResponse::Link(places.collect()))
}
