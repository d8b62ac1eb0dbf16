//! The old name in YAML: entries of columns, arguments of tests, rows of unit tests, configs.

use glueline_base::{FileId, TextRange, slice};
use glueline_project::FileKind;
use glueline_yaml::NodeRef;

use super::{Changes, Target, Why, words};
use crate::nodes::entry_range;
use crate::symbol::{self, Layer, Occurrence, Symbol};

/// So deep mappings and lists are followed.
const MAX_DEPTH: usize = 48;

/// Keys whose values are for people.
const PROSE: [&str; 3] = ["description", "meta", "docs"];

/// Lists whose entries are about the node as soon as they name it.
const WHOLE: [&str; 4] = ["unit_tests", "semantic_models", "metrics", "saved_queries"];

/// What a file of YAML says of the column.
pub(super) fn file(target: &Target<'_>, file: FileId, out: &mut Changes) {
    let analysis = target.analysis;
    let text = analysis.text(file);
    let places = words::places(text, target.old);
    if places.is_empty() {
        return fixtures(target, file, out);
    }
    let occurrences = symbol::occurrences_of(analysis, file, &[target.old], Layer::Names);
    for each in occurrences.iter().filter(|each| target.is_named_by(&each.symbol)) {
        out.rename(target, file, each);
    }
    fixtures(target, file, out);
    let project = analysis.project();
    let own = target.node.map(|column| project.node(column.node));
    let own_entry = own
        .filter(|node| node.patch.is_some_and(|patch| patch.file == file))
        .and_then(|node| entry_range(project, node));
    let tree = glueline_yaml::parse_stripped(text);
    let Some(root) = tree.root() else { return };
    let mut reader = Reader {
        target,
        file,
        text,
        places: &places,
        occurrences: &occurrences,
        own_entry,
        out,
    };
    let is_properties = project.files().info(file).kind == FileKind::Properties;
    for entry in root.raw_entries() {
        let key = entry.name();
        let is_whole = is_properties && WHOLE.contains(&&*key);
        if is_whole && entry.value().is_sequence() {
            for item in entry.value().items() {
                let about = target.is_relation_in(slice(text, item.range()));
                reader.node(item, about, 0);
            }
        } else {
            reader.node(entry.value(), false, 0);
        }
    }
}

/// Files of rows that the unit tests of the node read.
fn fixtures(target: &Target<'_>, file: FileId, out: &mut Changes) {
    let analysis = target.analysis;
    let project = analysis.project();
    let Some(facts) = project.facts(file).yaml() else {
        return;
    };
    let tests = facts.properties.unit_tests.iter();
    let about: Vec<TextRange> = tests
        .map(|test| test.range)
        .filter(|range| target.is_relation_in(slice(analysis.text(file), *range)))
        .collect();
    if about.is_empty() {
        return;
    }
    for each in symbol::occurrences_outside_sql(analysis, file) {
        let Symbol::Path(path) = &each.symbol else {
            continue;
        };
        let is_used = about.iter().any(|test| test.contains_range(each.range));
        let Some(rows) = analysis.file(path).filter(|_| is_used) else {
            continue;
        };
        if let Some(place) = words::places(analysis.text(rows), target.old).first() {
            out.refuse_at(rows, *place, Why::Unclear);
        }
    }
}

struct Reader<'r, 'a> {
    target: &'r Target<'a>,
    file: FileId,
    text: &'r str,
    places: &'r [TextRange],
    occurrences: &'r [Occurrence],
    own_entry: Option<TextRange>,
    out: &'r mut Changes,
}

impl Reader<'_, '_> {
    /// A value; `about` says whether what stands in it is about the node.
    fn node(&mut self, node: NodeRef<'_>, about: bool, depth: usize) {
        if depth > MAX_DEPTH || node.is_alias() || !self.has_place(node.range()) {
            return;
        }
        if node.is_mapping() {
            for entry in node.raw_entries() {
                let key = entry.name();
                if PROSE.contains(&&*key) {
                    continue;
                }
                self.scalar(entry.key(), about);
                let is_tests = matches!(&*key, "tests" | "data_tests") && entry.value().is_sequence();
                if is_tests {
                    for item in entry.value().items() {
                        let about = about || self.target.is_relation_in(slice(self.text, item.range()));
                        self.node(item, about, depth + 2);
                    }
                } else {
                    self.node(entry.value(), about, depth + 1);
                }
            }
        } else if node.is_sequence() {
            for item in node.items() {
                self.node(item, about, depth + 1);
            }
        } else {
            self.scalar(node, about);
        }
    }

    fn has_place(&self, range: TextRange) -> bool {
        self.places.iter().any(|place| range.contains_range(*place))
    }

    fn scalar(&mut self, node: NodeRef<'_>, about: bool) {
        let range = node.range();
        let is_own = self.own_entry.is_some_and(|entry| entry.contains_range(range));
        if !(is_own || about || self.target.is_relation_in(slice(self.text, range))) {
            return;
        }
        let mut inside = self.places.iter().filter(|place| range.contains_range(**place));
        let unexplained = inside.find(|place| {
            let mut known = self.occurrences.iter();
            !known.any(|each| each.range.contains_range(**place))
        });
        if let Some(place) = unexplained {
            self.out.refuse_at(self.file, *place, Why::Unclear);
        }
    }
}
