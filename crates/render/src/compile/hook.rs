//! Hooks of a node: `pre-hook` and `post-hook`, rendered when the node runs (`run_hooks` in `dbt/include/global_project`).

use std::sync::Arc;

use glueline_base::FileRange;
use glueline_project::NodeId;
use glueline_template::Engine;

use super::{Compiled, finish, source};
use crate::Renderer;
use crate::host::{Life, NodeHost, Phase};
use crate::known::Seen;

impl Renderer {
    /// What a hook of a node becomes when the node runs. `place` is where the hook is written.
    pub fn compile_hook(&self, node: NodeId, life: Life, text: &str, place: FileRange) -> Compiled {
        let shared = &self.0;
        let program = Arc::new(source::hook(shared, node, text, place));
        // dbt renders hooks once while it parses, to see what they read.
        let parsed = Arc::new(NodeHost::node(shared, node, Phase::Parse, life));
        let _ = Engine::render(&shared.engine, &program, parsed.clone(), shared.settings.limits);
        let host = NodeHost::node(shared, node, Phase::Execute, life);
        {
            let (mut seen, mut captured) = (parsed.captured(), host.captured());
            captured.refs = std::mem::take(&mut seen.refs);
            captured.sources = std::mem::take(&mut seen.sources);
        }
        let mut made = finish(shared, None, &Arc::new(host), &program, &mut Vec::new());
        let own = Seen::by(shared, node, &made);
        made.seen.extend(own);
        made
    }
}
