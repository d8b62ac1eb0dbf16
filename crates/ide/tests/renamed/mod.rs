//! What a rename makes of a project.

use std::collections::BTreeMap;

use glueline_ide::Analysis;
use glueline_ide::rename::Rename;

/// The files that differ, with their new texts, and then those that get another name.
pub(crate) fn after(analysis: &Analysis, rename: &Rename) -> String {
    let shown = |file| analysis.project().files().info(file).shown.to_string();
    let mut texts: BTreeMap<String, (u32, String)> = BTreeMap::new();
    for edit in rename.edits.iter().rev() {
        let (_, text) = texts
            .entry(shown(edit.at.file))
            .or_insert_with(|| (edit.at.file.0, analysis.text(edit.at.file).to_owned()));
        let range = usize::from(edit.at.range.start())..usize::from(edit.at.range.end());
        text.replace_range(range, &edit.text);
    }
    let mut out = String::new();
    for (path, (_, text)) in texts {
        out.push_str(&format!("//- {path}\n{text}"));
    }
    for moved in &rename.moves {
        let to = moved.to.strip_prefix(crate::common::ROOT).unwrap_or(&moved.to);
        out.push_str(&format!("//- {} => {to}\n", shown(moved.file)));
    }
    out
}
