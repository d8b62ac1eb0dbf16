//! What is said where dbt would end a command before it runs any node.

use std::io::{self, Write};

use glueline_base::{Diagnostic, RuleMeta};
use glueline_render::Renderer;
use rayon::ThreadPool;

use crate::report;

/// A project with which dbt runs nothing.
pub(crate) struct Stopped {
    renderer: Renderer,
    /// Why: what dbt finds first comes first.
    stops: Vec<Diagnostic>,
}

impl Stopped {
    /// Looks whether dbt gets as far as running nodes; `None` where it does.
    pub(crate) fn find(renderer: &Renderer, pool: &ThreadPool) -> Option<Self> {
        let stops = pool.install(|| glueline_rules::stops(renderer));
        (!stops.is_empty()).then(|| Self {
            renderer: renderer.clone(),
            stops,
        })
    }

    /// What dbt says: the class of its exception, and its text as far as it is known to the word.
    pub(crate) fn words(&self) -> (&str, &str) {
        self.stops.first().map_or(("", ""), |first| {
            let class = first.stop.map_or("", |stop| stop.error);
            (class, first.words.as_deref().unwrap_or(&first.message))
        })
    }

    /// Prints the findings as `glueline check` does. `prefix` leads to the project from where the command runs.
    pub(crate) fn write(
        &self,
        rules: &[RuleMeta],
        prefix: &str,
        color: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        report::write_faults(&self.stops, self.renderer.project(), rules, prefix, color, out)
    }
}
