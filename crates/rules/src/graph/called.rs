//! Which macros of the root project a run is sure to call.

use glueline_base::FileId;
use glueline_project::facts::sql::{MacroCall, Site};
use glueline_project::{FileKind, MacroRef, Node, Project, ResourceType};
use rustc_hash::FxHashMap;

use super::moment::{Moment, is_in, moment};

/// Something in a macro's body that is evaluated when the macro is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'a> {
    /// A node that is sure to call the macro, itself or through other macros.
    pub(crate) node: &'a Node,
    /// When it does.
    pub(crate) moment: Moment,
}

/// The macros of the root project that enabled nodes are sure to call, each with the first such node.
#[derive(Debug, Default)]
pub(crate) struct Called<'a> {
    by_macro: FxHashMap<(FileId, usize), Caller<'a>>,
}

impl<'a> Called<'a> {
    /// Follows the calls of every enabled node of the root project.
    pub(crate) fn new(project: &'a Project) -> Self {
        let mut called = Self::default();
        let mut todo: Vec<(MacroRef, Caller<'a>)> = Vec::new();
        for node in project.own_nodes() {
            let Some(facts) = project.facts(node.file()).sql() else {
                continue;
            };
            if matches!(node.kind, ResourceType::Analysis) || facts.calls.is_empty() {
                continue;
            }
            let text = project.files().text(node.file());
            for call in facts.calls.iter().filter(|call| is_in(node, &call.site)) {
                let Some(moment) = moment(text, &call.site) else {
                    continue;
                };
                let target = target(project, call);
                todo.extend(target.map(|target| (target, Caller { node, moment })));
            }
        }
        todo.reverse();
        while let Some((target, caller)) = todo.pop() {
            if target.package != 0 || called.by_macro.contains_key(&(target.file, target.index)) {
                continue;
            }
            called.by_macro.insert((target.file, target.index), caller);
            let Some(facts) = project.facts(target.file).sql() else {
                continue;
            };
            let text = project.files().text(target.file);
            for call in facts
                .calls
                .iter()
                .filter(|call| call.site.in_macro == Some(target.index))
            {
                let Some(inner) = moment(text, &call.site) else {
                    continue;
                };
                let next = Caller {
                    moment: caller.moment.max(inner),
                    ..caller
                };
                todo.extend(self::target(project, call).map(|target| (target, next)));
            }
        }
        called
    }

    /// Who calls the macro that a site stands in, and when the site is evaluated then.
    pub(crate) fn at(&self, file: FileId, text: &str, site: &Site) -> Option<Caller<'a>> {
        let caller = self.by_macro.get(&(file, site.in_macro?))?;
        let own = moment(text, site)?;
        Some(Caller {
            moment: caller.moment.max(own),
            ..*caller
        })
    }
}

/// The macro of the root project that a call means.
fn target(project: &Project, call: &MacroCall) -> Option<MacroRef> {
    if call.is_local {
        return None;
    }
    match call.path.value.split_once('.') {
        None => project.macros().find(&call.path.value, 0),
        Some((package, name)) if *project.root().name == *package => project.macros().find_in(name, 0),
        Some(_) => None,
    }
}

/// The files of the root project whose macros are looked into.
pub(crate) fn macro_files(project: &Project) -> impl Iterator<Item = FileId> + '_ {
    project.files().ids().filter(|file| {
        let info = project.files().info(*file);
        info.package == 0 && matches!(info.kind, FileKind::Macro | FileKind::GenericTest)
    })
}

/// The name by which a finding tells where a macro is called from.
pub(crate) fn shown(node: &Node) -> String {
    format!("{} `{}`", node.kind, node.name)
}
