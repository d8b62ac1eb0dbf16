//! What PyYAML's `SafeLoader` refuses although it is well written: keys that cannot be keys, numbers and dates
//! that are none, tags on the wrong kind of node, merges of what is no mapping.

use std::borrow::Cow;

use crate::fault::{Fault, FaultKind};
use crate::resolve::{ScalarKind, kind_of_plain, value_of};
use crate::scalar::{Scalar, Style};
use crate::tag::Tag;
use crate::tree::{NodeData, NodeId, NodeKind};

/// Notes what is wrong with a node as a key or as a value.
pub(crate) fn check(
    text: &str,
    nodes: &[NodeData],
    children: &[NodeId],
    id: NodeId,
    is_key: bool,
    faults: &mut Vec<Fault>,
) {
    let Some(node) = nodes.get(id.index()) else { return };
    if let NodeKind::Alias(target) = node.kind {
        let target = nodes.get(target.index()).map(|target| target.kind);
        if is_key && target.is_some_and(is_collection) {
            faults.push(node.fault(FaultKind::CollectionAsKey));
        }
        return;
    }
    if is_key && is_collection(node.kind) {
        faults.push(node.fault(FaultKind::CollectionAsKey));
    }
    if let Some(kind) = tag_mismatch(node) {
        faults.push(node.fault(kind));
    }
    if matches!(node.tag, Some(Tag::OrderedMap | Tag::Pairs)) && !is_list_of_pairs(nodes, children, node) {
        faults.push(node.fault(FaultKind::TagNeedsPairs));
    }
    let Some(scalar) = node.scalar(text) else { return };
    // Only these can fail: most scalars are words, and are not decoded here.
    let suspicious = node.tag.is_some()
        || (scalar.style == Style::Plain
            && matches!(
                scalar.raw().as_bytes().first(),
                Some(b'0'..=b'9' | b'+' | b'-' | b'=' | b'<')
            ));
    if !suspicious {
        return;
    }
    let (kind, decoded) = resolve(node, &scalar);
    if is_key && matches!(kind, ScalarKind::Merge | ScalarKind::Reserved) {
        return;
    }
    if value_of(kind, &decoded).is_none() {
        let kind = match kind {
            ScalarKind::Merge => FaultKind::MergeAsValue,
            ScalarKind::Reserved => FaultKind::ReservedValue,
            ScalarKind::Date => FaultKind::BadDate,
            ScalarKind::Bool => FaultKind::BadBool,
            _ => FaultKind::BadNumber,
        };
        faults.push(node.fault(kind));
    }
}

/// Notes where `<<` merges something that is no mapping.
pub(crate) fn check_merges(
    text: &str,
    nodes: &[NodeData],
    children: &[NodeId],
    mapping: NodeId,
    faults: &mut Vec<Fault>,
) {
    let Some(node) = nodes.get(mapping.index()) else {
        return;
    };
    for pair in node.children(children).chunks_exact(2) {
        let [key, value] = pair else { continue };
        if !is_merge_key(text, nodes, *key) {
            continue;
        }
        let Some(target) = deref(nodes, *value) else {
            continue;
        };
        let is_wrong = match target.kind {
            NodeKind::Scalar { .. } => true,
            NodeKind::Sequence { .. } => target
                .children(children)
                .iter()
                .filter_map(|item| deref(nodes, *item))
                .any(|item| matches!(item.kind, NodeKind::Scalar { .. } | NodeKind::Sequence { .. })),
            _ => false,
        };
        if is_wrong && let Some(value) = nodes.get(value.index()) {
            faults.push(value.fault(FaultKind::MergeOfNoMapping));
        }
    }
}

/// Whether a key is `<<` without quotes.
pub(crate) fn is_merge_key(text: &str, nodes: &[NodeData], key: NodeId) -> bool {
    deref(nodes, key).is_some_and(|node| {
        node.end - node.start == 2
            && node
                .scalar(text)
                .is_some_and(|scalar| resolve(node, &scalar).0 == ScalarKind::Merge)
    })
}

/// The node that an alias stands for, or the node itself.
pub(crate) fn deref(nodes: &[NodeData], id: NodeId) -> Option<&NodeData> {
    let node = nodes.get(id.index())?;
    match node.kind {
        NodeKind::Alias(target) => nodes.get(target.index()),
        _ => Some(node),
    }
}

/// The type of a scalar, tags honoured, and its decoded text.
pub(crate) fn resolve<'a>(node: &NodeData, scalar: &Scalar<'a>) -> (ScalarKind, Cow<'a, str>) {
    let decoded = scalar.decoded();
    let kind = match node.tag {
        // PyYAML guesses the type behind `!` even where there are quotes, but not where there is nothing.
        Some(Tag::NonSpecific) if node.start < node.end => kind_of_plain(&decoded),
        None if scalar.style == Style::Plain => kind_of_plain(&decoded),
        Some(Tag::Int) => ScalarKind::Int,
        Some(Tag::Float) => ScalarKind::Float,
        Some(Tag::Bool) => ScalarKind::Bool,
        Some(Tag::Null) => ScalarKind::Null,
        Some(Tag::Timestamp) => ScalarKind::Date,
        Some(Tag::Binary) => ScalarKind::Binary,
        _ => ScalarKind::Str,
    };
    (kind, decoded)
}

fn is_collection(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Sequence { .. } | NodeKind::Mapping { .. } | NodeKind::Open
    )
}

/// The fault of a tag that stands before the wrong kind of node.
fn tag_mismatch(node: &NodeData) -> Option<FaultKind> {
    let wanted = match node.tag? {
        Tag::Str | Tag::Int | Tag::Float | Tag::Bool | Tag::Null | Tag::Timestamp | Tag::Binary => {
            matches!(node.kind, NodeKind::Scalar { .. })
        }
        Tag::Seq | Tag::OrderedMap | Tag::Pairs => matches!(node.kind, NodeKind::Sequence { .. }),
        Tag::Map | Tag::Set => matches!(node.kind, NodeKind::Mapping { .. }),
        Tag::NonSpecific | Tag::Unknown | Tag::Undeclared => true,
    };
    (!wanted).then_some(FaultKind::TagMismatch)
}

fn is_list_of_pairs(nodes: &[NodeData], children: &[NodeId], node: &NodeData) -> bool {
    node.children(children)
        .iter()
        .filter_map(|item| deref(nodes, *item))
        .all(|item| matches!(item.kind, NodeKind::Mapping { len: 1, .. } | NodeKind::Unreadable))
}
