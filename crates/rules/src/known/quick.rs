//! What can be said of a few files at once, before the whole project was looked at.

use glueline_base::{Cancel, Diagnostic, FileId};
use glueline_project::{NodeId, Project};
use glueline_schema::Schemas;
use rustc_hash::FxHashSet;

use super::moved::Moves;
use super::{Known, Origin, is_looked_at, of_file, of_node, rendered};
use crate::context::RenderedCx;
use crate::run;

impl Known {
    /// The findings of some files in a later reading of the project: what the files, their nodes and what those render to say is looked
    /// for anew; what else was found is taken from here, its places moved with the text. Each file that is asked for has an entry,
    /// shorter than it should be only where the work was cancelled.
    pub fn of_files(
        &self,
        schemas: &Schemas,
        files: &[FileId],
        cancel: &Cancel,
    ) -> Vec<(FileId, Vec<Diagnostic>)> {
        let project: &Project = schemas.renderer().project();
        let mut moves = Moves::new(&self.0.project, project);
        files
            .iter()
            .map(|file| {
                if cancel.is_cancelled() || !run::is_own(project, *file) {
                    return (*file, Vec::new());
                }
                (*file, self.of_one(schemas, *file, &mut moves))
            })
            .collect()
    }

    fn of_one(&self, schemas: &Schemas, file: FileId, moves: &mut Moves<'_>) -> Vec<Diagnostic> {
        let project: &Project = schemas.renderer().project();
        let nodes: Vec<NodeId> = project
            .nodes_in(file)
            .iter()
            .copied()
            .filter(|id| is_looked_at(project, *id))
            .collect();
        let mut found: Vec<Diagnostic> = of_file(project, file).found.into_vec();
        for id in &nodes {
            found.extend(of_node(project, *id).found);
        }
        // What a description in a properties file is of renders as it did.
        let written = nodes.iter().filter(|id| project.node(**id).file() == file);
        for id in written {
            found.extend(rendered::found(&RenderedCx::of_one(schemas, *id)));
        }
        // Rules that say something better, at the places that led to a fault.
        let mut places: Vec<FileId> = found
            .iter()
            .flat_map(Diagnostic::places)
            .map(|at| at.file)
            .collect();
        places.push(file);
        places.sort_unstable();
        places.dedup();
        for place in places {
            found.extend(self.carried(project, place, file, &nodes, moves));
        }
        let mut found = run::settled_in(project, file, found);
        // What a comment allows may be what only the whole project says.
        let is_told = |found: &Diagnostic| {
            !self.0.files.is_empty() || found.rule != crate::internal::unused_suppression::RULE.meta.id
        };
        found.retain(|diagnostic| diagnostic.at.file == file && is_told(diagnostic));
        found
    }

    /// What was found in a file by looking at anything but one file and these nodes.
    fn carried(
        &self,
        project: &Project,
        place: FileId,
        looked_at: FileId,
        nodes: &[NodeId],
        moves: &mut Moves<'_>,
    ) -> Vec<Diagnostic> {
        let before = &self.0.project;
        let number_of = |file: FileId| before.files().by_path(&project.files().info(file).shown);
        let Some(place) = number_of(place) else {
            return Vec::new();
        };
        let looked_at = number_of(looked_at);
        let own: FxHashSet<&str> = nodes.iter().map(|id| &*project.node(*id).unique_id).collect();
        let start = self.0.raw.partition_point(|(_, found)| found.at.file < place);
        let here = self.0.raw.get(start..).unwrap_or_default().iter();
        let here = here.take_while(|(_, found)| found.at.file == place);
        let is_carried = |(origin, found): &&(Origin, Diagnostic)| match origin {
            Origin::Project => true,
            Origin::File(file) => Some(*file) != looked_at,
            Origin::Node(id) => !own.contains(&*before.node(*id).unique_id),
            Origin::Rendered => found.node.as_deref().is_none_or(|node| !own.contains(node)),
        };
        here.filter(is_carried)
            .filter_map(|(_, found)| moves.finding(found))
            .collect()
    }
}
