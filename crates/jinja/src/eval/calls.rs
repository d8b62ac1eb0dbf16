//! Calls and their arguments.

use glueline_base::{Node, Spanned, TextRange, Value};

use super::{Evaluator, known};
use crate::{Arg, ArgKind, Expr, ExprKind};

/// The values of arguments.
pub(super) struct Args<'a> {
    pub(super) positional: Vec<Node>,
    pub(super) keywords: Vec<(&'a str, Node)>,
}

impl Args<'_> {
    /// The argument at a place or under a name.
    pub(super) fn get(&self, index: usize, name: &str) -> Option<&Value> {
        let keyword = || {
            self.keywords
                .iter()
                .find(|(keyword, _)| *keyword == name)
                .map(|(_, node)| node)
        };
        self.positional
            .get(index)
            .or_else(keyword)
            .map(|node| &node.value)
    }

    /// Whether there are no more arguments than `most`, and no names but those listed.
    pub(super) fn fit(&self, most: usize, names: &[&str]) -> bool {
        self.positional.len() <= most && self.keywords.iter().all(|(keyword, _)| names.contains(keyword))
    }
}

impl Evaluator<'_> {
    pub(super) fn call(&mut self, callee: &Expr<'_>, args: &[Arg<'_>], range: TextRange) -> Option<Value> {
        if let ExprKind::Attribute { base, name } = &callee.kind
            && let Some(value) = self.value(base)
        {
            let args = self.args(args)?;
            return self.method(&Spanned::new(value, base.range), name.value, &args);
        }
        let path = callee.path()?;
        let args = self.args(args)?;
        known(self.scope.call(&path, &args.positional, &args.keywords, range))
    }

    /// The values of arguments; `None` where a star hides how many there are.
    pub(super) fn args<'a>(&mut self, args: &[Arg<'a>]) -> Option<Args<'a>> {
        let mut out = Args {
            positional: Vec::with_capacity(args.len()),
            keywords: Vec::new(),
        };
        for arg in args {
            let value = self.node(&arg.value);
            match arg.kind {
                ArgKind::Positional => out.positional.push(value),
                ArgKind::Keyword(name) => out.keywords.push((name.value, value)),
                ArgKind::Star | ArgKind::DoubleStar => return None,
            }
        }
        Some(out)
    }
}
