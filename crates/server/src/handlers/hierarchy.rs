//! Call hierarchy (of macros) and type hierarchy (lineage).

use glueline_ide::documents::node_named;
use glueline_ide::hierarchy::{
    self, Call, Member, Party, children, incoming, outgoing, parents, prepare_calls, prepare_lineage,
};
use serde_json::{Value, json};
use tower_lsp_server::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, Range,
    SymbolKind, TypeHierarchyItem, TypeHierarchyPrepareParams, TypeHierarchySubtypesParams,
    TypeHierarchySupertypesParams, Uri,
};

use crate::view::View;

/// The macro or node whose calls are meant.
pub(crate) fn prepare_call_hierarchy(
    view: &View,
    params: &CallHierarchyPrepareParams,
) -> Option<Vec<CallHierarchyItem>> {
    let position = params.text_document_position_params.position;
    let member = prepare_calls(&view.analysis, view.at(position))?;
    Some(vec![call_item(view, member)?])
}

/// Who calls.
pub(crate) fn incoming_calls(
    view: &View,
    params: &CallHierarchyIncomingCallsParams,
) -> Option<Vec<CallHierarchyIncomingCall>> {
    let party = party(view, &params.item.name, params.item.data.as_ref())?;
    let calls = incoming(&view.analysis, party).into_iter().filter_map(|call| {
        let from_ranges = ranges(view, &call);
        Some(CallHierarchyIncomingCall {
            from: call_item(view, call.member)?,
            from_ranges,
        })
    });
    Some(calls.collect())
}

/// Who is called.
pub(crate) fn outgoing_calls(
    view: &View,
    params: &CallHierarchyOutgoingCallsParams,
) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let party = party(view, &params.item.name, params.item.data.as_ref())?;
    let calls = outgoing(&view.analysis, party).into_iter().filter_map(|call| {
        let from_ranges = ranges(view, &call);
        Some(CallHierarchyOutgoingCall {
            to: call_item(view, call.member)?,
            from_ranges,
        })
    });
    Some(calls.collect())
}

fn ranges(view: &View, call: &Call) -> Vec<Range> {
    let each = call.at.iter().map(|at| view.range_in(at.file, at.range));
    each.collect()
}

/// The node whose lineage is meant.
pub(crate) fn prepare_type_hierarchy(
    view: &View,
    params: &TypeHierarchyPrepareParams,
) -> Option<Vec<TypeHierarchyItem>> {
    let position = params.text_document_position_params.position;
    let member = prepare_lineage(&view.analysis, view.at(position))?;
    Some(vec![type_item(view, member)?])
}

/// What a node reads.
pub(crate) fn supertypes(
    view: &View,
    params: &TypeHierarchySupertypesParams,
) -> Option<Vec<TypeHierarchyItem>> {
    related(view, &params.item, parents)
}

/// What reads a node.
pub(crate) fn subtypes(view: &View, params: &TypeHierarchySubtypesParams) -> Option<Vec<TypeHierarchyItem>> {
    related(view, &params.item, children)
}

fn related(
    view: &View,
    item: &TypeHierarchyItem,
    relatives: fn(&glueline_ide::Analysis, glueline_project::NodeId) -> Vec<Member>,
) -> Option<Vec<TypeHierarchyItem>> {
    let Party::Node(node) = party(view, &item.name, item.data.as_ref())? else {
        return None;
    };
    let members = relatives(&view.analysis, node).into_iter();
    Some(members.filter_map(|member| type_item(view, member)).collect())
}

/// What an item is about. Numbers belong to one instant: it is found again by its name.
fn party(view: &View, name: &str, data: Option<&Value>) -> Option<Party> {
    let node = data.and_then(|data| data.get("node")?.as_str());
    match node {
        Some(node) => node_named(&view.analysis, node).map(Party::Node),
        None => hierarchy::macro_named(&view.analysis, view.file, name).map(Party::Macro),
    }
}

fn call_item(view: &View, member: Member) -> Option<CallHierarchyItem> {
    let shown = Shown::of(view, &member)?;
    Some(CallHierarchyItem {
        name: member.name,
        kind: shown.kind,
        tags: None,
        detail: Some(member.detail),
        uri: shown.uri,
        range: shown.range,
        selection_range: shown.selection,
        data: shown.data,
    })
}

fn type_item(view: &View, member: Member) -> Option<TypeHierarchyItem> {
    let shown = Shown::of(view, &member)?;
    Some(TypeHierarchyItem {
        name: member.name,
        kind: shown.kind,
        tags: None,
        detail: Some(member.detail),
        uri: shown.uri,
        range: shown.range,
        selection_range: shown.selection,
        data: shown.data,
    })
}

struct Shown {
    kind: SymbolKind,
    uri: Uri,
    range: Range,
    selection: Range,
    data: Option<Value>,
}

impl Shown {
    fn of(view: &View, member: &Member) -> Option<Self> {
        let file = member.full.file;
        let (kind, data) = match member.party {
            Party::Macro(_) => (SymbolKind::FUNCTION, json!({})),
            Party::Node(node) => {
                let node = &*view.analysis.project().node(node).unique_id;
                (SymbolKind::CLASS, json!({ "node": node }))
            }
        };
        Some(Self {
            kind,
            uri: view.uri_of(file)?,
            range: view.range_in(file, member.full.range),
            selection: view.range_in(member.selection.file, member.selection.range),
            data: Some(data),
        })
    }
}
