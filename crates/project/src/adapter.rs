//! Which adapter a project is for.

use glueline_base::{System, Utf8Path};
use glueline_catalog::GLUE_ONLY_CONFIGS;

use crate::node::Node;
use crate::profile::Target;
use crate::setup::Setup;

/// Which adapter a project is for, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adapter {
    /// The target's `type` says dbt-glue.
    Glue,
    /// The target's `type` says another one.
    Other,
    /// There is no target, but something that only a project for dbt-glue has.
    ProbablyGlue,
    /// There is no target and no trace of one.
    Unknown,
}

/// Files beside the project that name the packages it is run with.
const REQUIREMENTS: [&str; 6] = [
    "requirements.txt",
    "pyproject.toml",
    "poetry.lock",
    "uv.lock",
    "Pipfile",
    "constraints.txt",
];

impl Adapter {
    /// Reads the signs: the target first, then the name of the profile, the requirements beside the project, and configs.
    pub(crate) fn of<'a>(
        system: &dyn System,
        root: &Utf8Path,
        setup: &Setup,
        nodes: impl Iterator<Item = &'a Node>,
    ) -> Self {
        if let Some(adapter) = setup.target().and_then(Target::adapter) {
            return if adapter == "glue" {
                Self::Glue
            } else {
                Self::Other
            };
        }
        let project = &setup.root().project;
        let named = [&project.profile, &project.name].into_iter().flatten();
        let is_named = named
            .into_iter()
            .any(|name| name.value.to_lowercase().contains("glue"));
        let is_required = || {
            let places = std::iter::once(root).chain(root.parent());
            places
                .flat_map(|place| REQUIREMENTS.map(|name| place.join(name)))
                .any(|path| {
                    system.read(&path).is_ok_and(|bytes| {
                        let text = String::from_utf8_lossy(&bytes).to_lowercase().replace('_', "-");
                        text.contains("dbt-glue")
                    })
                })
        };
        let is_configured = move || {
            let mut set = nodes.flat_map(|node| node.config.entries());
            set.any(|set| GLUE_ONLY_CONFIGS.contains(&&*set.key.value))
        };
        if is_named || is_required() || is_configured() {
            Self::ProbablyGlue
        } else {
            Self::Unknown
        }
    }

    /// Whether what is true of dbt-glue is said.
    pub const fn is_glue(self) -> bool {
        matches!(self, Self::Glue | Self::ProbablyGlue)
    }
}
