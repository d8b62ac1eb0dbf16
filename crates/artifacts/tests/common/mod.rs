//! The project that the real dbt was recorded with.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Renderer, Settings, read_time};
use serde_json::Value;

/// A recording: `files`, `state`, `run_results`.
pub(crate) struct Recorded(pub(crate) Value);

impl Recorded {
    pub(crate) fn read() -> Self {
        Self(serde_json::from_str(include_str!("../recorded/build.json")).unwrap())
    }

    /// The project, made ready in an environment.
    pub(crate) fn renderer(&self, env: &[(&str, &str)]) -> Renderer {
        self.made(env, ToOwned::to_owned)
    }

    /// The project with a secret in its profile.
    pub(crate) fn with_secret(&self, secret: &str) -> Renderer {
        self.made(&[("DBT_ENV_SECRET_PASSWORD", secret)], |text: &str| {
            text.replace(
                "type: glue,",
                "type: glue, query_comment: \"{{ env_var('DBT_ENV_SECRET_PASSWORD') }}\",",
            )
        })
    }

    fn made(&self, env: &[(&str, &str)], edit: fn(&str) -> String) -> Renderer {
        let mut system = MemSystem::new();
        for (path, text) in self.0.get("files").unwrap().as_object().unwrap() {
            system.write(format!("p/{path}"), edit(text.as_str().unwrap()));
        }
        for (name, value) in env {
            system.set_env(*name, *value);
        }
        let mut options = LoadOptions::new("p");
        options.profiles_dir = Some("p".into());
        options.state = Some(CatalogState::read(&self.0.get("state").unwrap().to_string()).unwrap());
        let project = Arc::new(load(&system, &options).unwrap());
        let system: Arc<dyn System> = Arc::new(system);
        let mut settings = Settings::new(system);
        settings.event_times = ["2025-01-01", "2025-01-03"].map(read_time);
        Renderer::new(project, settings)
    }
}
