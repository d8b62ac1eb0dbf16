//! What artifacts tell of the command that wrote them.

use glueline_render::Renderer;
use serde_json::{Map, Value, json};

use crate::times::{zoned, zulu};

/// A command, as it comes to its end.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// When the artifact is made: microseconds since 1970, UTC.
    pub generated_at: i64,
    /// The flags of the command as dbt names them: `which`, `select`, `full_refresh`, `vars`, ... Nothing is added to them.
    pub args: Map<String, Value>,
    /// How long the nodes took all together, in milliseconds.
    pub elapsed: i64,
}

impl Invocation {
    /// What both artifacts begin with; the id and the start of the invocation are the renderer's.
    pub(crate) fn metadata(&self, renderer: &Renderer, schema: &str) -> Map<String, Value> {
        let settings = renderer.settings();
        let env = glueline_render::metadata_env(&*settings.system).into_iter();
        let env: Map<String, Value> = env.map(|(name, value)| (name, value.into())).collect();
        let made = json!({
            "dbt_schema_version": format!("https://schemas.getdbt.com/dbt/{schema}.json"),
            "dbt_version": &*renderer.project().release().dbt_core,
            "generated_at": zulu(self.generated_at),
            "invocation_id": settings.invocation_id,
            "invocation_started_at": zulu(settings.started_at),
            "env": env,
        });
        match made {
            Value::Object(made) => made,
            _ => Map::new(),
        }
    }

    /// When the run started, as `manifest.json` writes it.
    pub(crate) fn run_started_at(renderer: &Renderer) -> String {
        zoned(renderer.settings().started_at)
    }
}
