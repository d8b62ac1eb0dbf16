//! YAML: from a scalar to its entry, its item, its list; and the Jinja in a scalar.

use glueline_base::TextRange;
use glueline_yaml::{Kind, NodeRef};

use super::{Around, template};

pub(super) fn read(around: &mut Around<'_>) {
    let text = around.text;
    let tree = glueline_yaml::parse_stripped(text);
    for comment in &tree.comments {
        around.add(*comment);
    }
    let mut next = tree.root();
    // Each step goes to the one child that the place is in.
    while let Some(node) = next.take() {
        around.add(node.range());
        if node.is_alias() {
            break;
        }
        match node.kind() {
            Kind::Scalar(scalar) => {
                if scalar.is_quoted() && scalar.raw().len() >= 2 {
                    let range = scalar.range();
                    let one = glueline_base::TextSize::new(1);
                    around.add(TextRange::new(range.start() + one, range.end() - one));
                }
                if scalar.has_jinja()
                    && let std::borrow::Cow::Borrowed(decoded) = scalar.decoded()
                    && let Some(start) = scalar.offset_in_source(0)
                {
                    template::read(around, decoded, start);
                }
            }
            Kind::Mapping => next = entries(around, node),
            Kind::Sequence => {
                let holds = |item: &NodeRef<'_>| item.full_range().contains_inclusive(around.offset);
                let found = node.items().rfind(|item| holds(item));
                if let Some(item) = found {
                    let with_dash = dash_before(around.text, item.full_range());
                    around.add(with_dash);
                    next = Some(item);
                }
            }
            Kind::Unreadable => {}
        }
    }
}

fn entries<'a>(around: &mut Around<'_>, node: NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut found = None;
    for entry in node.raw_entries() {
        if around.add(entry.range()) {
            let in_key = entry.key().full_range().contains_inclusive(around.offset);
            found = Some(if in_key { entry.key() } else { entry.value() });
        }
    }
    found
}

/// The item with the dash before it.
fn dash_before(text: &str, item: TextRange) -> TextRange {
    let before = text.get(..usize::from(item.start())).unwrap_or_default();
    match before.trim_end_matches([' ', '\t']).strip_suffix('-') {
        Some(rest) => glueline_base::range(rest.len(), usize::from(item.end())),
        None => item,
    }
}
