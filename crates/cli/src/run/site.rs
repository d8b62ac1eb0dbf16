//! Where something is run: the account, the region and the session that a target leads to.

use std::sync::Arc;

use glueline_base::{System, Utf8Path};
use glueline_glue::{Aws, Store, SystemClock};
use glueline_project::{CatalogState, NodeId, Project};
use glueline_render::Renderer;
use glueline_run::catalog::{Wanted, pull};
use glueline_run::{Doors, Link};

use super::args::SiteArgs;
use crate::compile::renderer_settings;
use crate::exit::Failure;
use crate::session::target::Target;
use crate::settings::Settings;

/// What makes the calls, and which sessions they go to.
#[derive(Debug)]
pub(crate) struct Site {
    /// What makes the calls.
    pub(crate) link: Link,
    /// Which sessions are used.
    pub(crate) doors: Doors,
}

impl Site {
    /// What the target of a project leads to. Whose credentials these are is asked, and nothing else.
    pub(crate) fn open(
        project: &Arc<Project>,
        project_dir: &Utf8Path,
        args: &SiteArgs,
        system: &Arc<dyn System>,
    ) -> Result<Self, Failure> {
        let target = Target::of(project, system)?;
        let aws = Aws::new(&target.aws)?;
        let region = aws.region().to_owned();
        let link = Link {
            api: Arc::new(aws),
            clock: Arc::new(SystemClock),
            cancel: crate::interrupt::cancel(),
        };
        let doors = Doors {
            wanted: target.wanted(&region, &link.caller())?,
            store: Store::new(project_dir.to_owned()),
            adopt: args.session.clone(),
            sessions: 1,
            patience: args.statement_timeout,
        };
        Ok(Self { link, doors })
    }

    /// The project, given what there is in the catalog of what some nodes name, or of all that it names; as it is where somebody has
    /// said what there is.
    pub(crate) fn known(
        &self,
        project: Arc<Project>,
        settings: &Settings,
        nodes: Option<&[NodeId]>,
        system: &Arc<dyn System>,
        remarks: &mut Vec<String>,
    ) -> Result<Arc<Project>, Failure> {
        if settings.catalog.is_some() {
            return Ok(project);
        }
        let state = self.pull(&project, nodes, system, remarks)?;
        Ok(Arc::new(project.with_state(state)))
    }

    fn pull(
        &self,
        project: &Arc<Project>,
        nodes: Option<&[NodeId]>,
        system: &Arc<dyn System>,
        remarks: &mut Vec<String>,
    ) -> Result<CatalogState, Failure> {
        let renderer = Renderer::new(project.clone(), renderer_settings(system, None));
        let wanted = Wanted::of(&renderer, nodes);
        let pulled = pull(&self.link.caller(), &wanted, None)?;
        remarks.extend(pulled.remarks.iter().cloned());
        let state = pulled.state().map_err(Failure::Failed)?;
        Ok(state.asked_for(wanted.databases))
    }
}
