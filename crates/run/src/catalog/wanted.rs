//! What a plan depends on.

use std::collections::BTreeSet;

use glueline_project::{NodeId, Project, ResourceType, Setting};
use glueline_render::Renderer;

/// A database and a table in it.
pub(super) type Place = (String, String);

/// What is to be asked for. Names are in lower case, as Glue keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The databases.
    pub databases: BTreeSet<String>,
    /// The tables that Lake Formation is told the tags of.
    pub(super) tagged: BTreeSet<Place>,
    /// The tables that Lake Formation is told the filters of.
    pub(super) filtered: BTreeSet<Place>,
    /// The number of the account, where nobody may ask whose the credentials are: that of the role.
    pub account: Option<String>,
}

impl Wanted {
    /// What a plan of some nodes, or of all, depends on: the databases of the target, of the nodes and of what they read.
    pub fn of(renderer: &Renderer, nodes: Option<&[NodeId]>) -> Self {
        let project = renderer.project();
        let mut wanted = Self {
            account: account_of_role(project),
            ..Self::default()
        };
        let schema = project.target().and_then(|target| target.text("schema"));
        wanted.databases.extend(schema.map(str::to_lowercase));
        let taken: BTreeSet<NodeId> = match nodes {
            Some(nodes) => {
                let graph = project.graph();
                let parents = nodes.iter().flat_map(|node| graph.parents(*node));
                nodes.iter().chain(parents).copied().collect()
            }
            None => project.nodes().iter().map(|node| node.id).collect(),
        };
        for id in taken {
            wanted.add(renderer, id);
        }
        wanted
    }

    fn add(&mut self, renderer: &Renderer, id: NodeId) {
        let node = renderer.project().node(id);
        let is_source = node.kind == ResourceType::Source;
        if !node.enabled || !(is_source || renderer.makes_relation(id)) {
            return;
        }
        let names = renderer.names(id);
        let Some(schema) = names.schema.as_deref().map(str::to_lowercase) else {
            return;
        };
        if let Some(name) = names.identifier.as_deref().filter(|_| !is_source) {
            let place = (schema.clone(), name.to_lowercase());
            if !matches!(node.config.get("lf_tags_config"), Setting::Unset) {
                self.tagged.insert(place.clone());
            }
            if !matches!(node.config.get("lf_grants"), Setting::Unset) {
                self.filtered.insert(place);
            }
        }
        self.databases.insert(schema);
    }
}

/// The number of the account of the session's role.
fn account_of_role(project: &Project) -> Option<String> {
    let role = project.target()?.text("role_arn")?;
    let account = role.split(':').nth(4)?;
    let is_number = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| account.to_owned())
}
