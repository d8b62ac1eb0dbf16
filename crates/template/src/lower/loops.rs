//! Loops, and the ways out of them.

use glueline_base::TextRange;
use glueline_jinja::{Expr, ExprKind, Loop, Piece, Statement};

use super::edges::Edges;
use super::{Lowerer, names};
use crate::engine::BLOCK;
use crate::program::Params;

/// The name under which the body of a recursive loop finds what it goes through.
pub(crate) const OWN_LOOP: &str = "__own_loop";

impl Lowerer<'_> {
    /// `{% for %}`. What a loop goes through is an object of ours, which is also its variable `loop`.
    pub(super) fn for_loop(&mut self, statement: &Statement<'_>, each: &Loop<'_>) {
        if names_loop(&each.target) {
            self.refuse(
                "Can't assign to special loop variable in for-loop target",
                each.target.range,
            );
        }
        if each.recursive {
            self.recursive_loop(statement, each);
        } else {
            let range = statement.open.range;
            let own = match &each.filter {
                Some(filter) => {
                    let kept = self.kept_items(range, each, filter);
                    self.looping(range, each.iter.range, |lowerer| lowerer.out.push_str(&kept))
                }
                None => self.looping(range, each.iter.range, |lowerer| lowerer.expr(&each.iter)),
            };
            self.repeat(statement, each, own);
        }
    }

    /// Puts a loop over what `value` writes into a name.
    fn looping(&mut self, range: TextRange, at: TextRange, value: impl FnOnce(&mut Self)) -> String {
        let (own, site) = (self.temporary(), self.code(at));
        self.begin(BLOCK.0, range);
        self.push(format_args!("set {own} = __loop({site}, "));
        value(self);
        self.out.push(')');
        self.out.push_str(BLOCK.1);
        own
    }

    /// The items that a loop's `if` lets through, as a list.
    fn kept_items(&mut self, range: TextRange, each: &Loop<'_>, filter: &Expr<'_>) -> String {
        let (kept, site) = (self.temporary(), self.code(filter.range));
        self.tag(range, &format!("set {kept} = __list({site})"));
        let all = self.looping(range, each.iter.range, |lowerer| lowerer.expr(&each.iter));
        self.keep_some(range, each, filter, &all, &kept, site);
        kept
    }

    /// A loop that puts the items that the `if` lets through into a list.
    fn keep_some(
        &mut self,
        range: TextRange,
        each: &Loop<'_>,
        filter: &Expr<'_>,
        all: &str,
        kept: &str,
        site: u32,
    ) {
        let soft = std::mem::take(&mut self.soft);
        let item = self.open_loop(range, each, all);
        self.begin(BLOCK.0, filter.range);
        self.out.push_str("if ");
        self.expr(filter);
        self.out.push_str(BLOCK.1);
        self.tag(
            filter.range,
            &format!("set __ignored = __push({site}, {kept}, {item})"),
        );
        self.tag(filter.range, "endif");
        self.tag(range, "endfor");
        self.soft = soft;
    }

    /// The tag of a loop, and what gives its targets their values; gives the name of the item.
    fn open_loop(&mut self, range: TextRange, each: &Loop<'_>, own: &str) -> String {
        if let ExprKind::Name(name) = &each.target.kind {
            let item = names::mangled(name.value).into_owned();
            self.tag(range, &format!("for {item} in {own}"));
            return item;
        }
        let item = self.temporary();
        self.tag(range, &format!("for {item} in {own}"));
        self.take_apart(&each.target, &item);
        item
    }

    fn repeat(&mut self, statement: &Statement<'_>, each: &Loop<'_>, own: String) {
        let range = statement.open.range;
        let otherwise = each.otherwise.as_ref();
        // Jinja2 renders `else` unless the body ran to its end once.
        let ran = otherwise.map(|branch| (self.temporary(), self.code(branch.tag.range)));
        if let Some((ran, site)) = &ran {
            self.tag(range, &format!("set {ran} = __list({site})"));
        }
        self.open_loop(range, each, &own);
        let next = otherwise.map(|branch| &branch.tag).or(statement.close.as_ref());
        let (blocks, soft) = (std::mem::take(&mut self.blocks), std::mem::take(&mut self.soft));
        self.loops.push(own);
        self.pieces(&each.body, Edges::tags(&statement.open, next));
        self.loops.pop();
        self.soft = soft;
        self.blocks = blocks;
        if let Some((ran, site)) = &ran {
            self.tag(range, &format!("if not {ran}"));
            self.tag(range, &format!("set __ignored = __push({site}, {ran}, 1)"));
            self.tag(range, "endif");
        }
        self.tag(range, "endfor");
        if let (Some(branch), Some((ran, _))) = (otherwise, &ran) {
            let place = branch.tag.range;
            self.tag(place, &format!("if not {ran}"));
            self.scope(
                place,
                &branch.body,
                Edges::tags(&branch.tag, statement.close.as_ref()),
            );
            if self.leave_after(place, &branch.body) {
                self.tag(place, "endif");
            }
            self.tag(place, "endif");
        }
    }

    /// A loop that can be called is a program of its own, run for each call.
    fn recursive_loop(&mut self, statement: &Statement<'_>, each: &Loop<'_>) {
        let range = statement.open.range;
        let this = std::slice::from_ref(&each.body);
        let mut within: Vec<_> = this.iter().flat_map(|body| names::assigned(body, &[])).collect();
        within.extend(self.assigned.iter().cloned());
        within.extend(names::targets(&each.target));
        within.push("loop".into());
        within.sort_unstable();
        within.dedup();
        let mut lowerer = Lowerer::new(self.text, self.marked, within, self.lines_from);
        let own = match &each.filter {
            Some(filter) => {
                let kept = lowerer.kept_of(range, each, filter);
                lowerer.looping(range, each.iter.range, |lowerer| lowerer.out.push_str(&kept))
            }
            None => OWN_LOOP.to_owned(),
        };
        lowerer.repeat(statement, each, own);
        let mut used = names::used(&each.body);
        used.extend(each.filter.iter().flat_map(names::used_in));
        if let Some(branch) = &each.otherwise {
            used.extend(names::used(&branch.body));
        }
        used.retain(|name| &**name != "loop");
        let body = self.hold(lowerer, "loop", range, Params::default(), &[], used);
        let site = self.code(each.iter.range);
        self.open(site);
        self.begin(crate::engine::PRINT.0, range);
        self.push(format_args!("__recurse({site}, {body}, "));
        self.expr(&each.iter);
        self.out.push(')');
        self.out.push_str(crate::engine::PRINT.1);
        self.close();
    }

    /// The items of the loop at hand that its `if` lets through.
    fn kept_of(&mut self, range: TextRange, each: &Loop<'_>, filter: &Expr<'_>) -> String {
        let (kept, site) = (self.temporary(), self.code(filter.range));
        self.tag(range, &format!("set {kept} = __list({site})"));
        self.keep_some(range, each, filter, OWN_LOOP, &kept, site);
        kept
    }

    /// `{% break %}` and `{% continue %}`. minijinja cannot leave a loop out of a block that captures or has names of its own:
    /// there it is only written down, and what follows is skipped until the block has ended.
    pub(super) fn leave(&mut self, range: TextRange, word: &str) {
        if self.blocks == 0 {
            self.tag(range, word);
            return;
        }
        let site = self.code(range);
        self.tag(range, &format!("set __ignored = __leave({site}, \"{word}\")"));
    }

    /// Opens a branch for what is skipped where the loop is being left.
    pub(super) fn unless_left(&mut self, range: TextRange) {
        let site = self.code(range);
        self.tag(range, &format!("if not __left({site})"));
    }

    /// Behind a block that may have left the loop it stands in: leaves the loop, or where another such block is open, opens a
    /// branch for what depends on the block. Gives whether it did.
    pub(super) fn leave_after(&mut self, range: TextRange, body: &[Piece<'_>]) -> bool {
        if self.loops.is_empty() || !names::leaves(body) {
            return false;
        }
        if self.blocks > 0 {
            self.unless_left(range);
            return true;
        }
        for word in ["break", "continue"] {
            let site = self.code(range);
            self.tag(range, &format!("if __leaves({site}, \"{word}\")"));
            self.tag(range, word);
            self.tag(range, "endif");
        }
        false
    }

    /// `{% with %}`: every value is made before any name is bound.
    pub(super) fn with(
        &mut self,
        range: TextRange,
        bindings: &[(Expr<'_>, Expr<'_>)],
        body: &[Piece<'_>],
        edges: Edges,
    ) {
        let mut made = Vec::new();
        for (_, value) in bindings {
            let name = self.temporary();
            self.begin(BLOCK.0, range);
            self.push(format_args!("set {name} = "));
            self.expr(value);
            self.out.push_str(BLOCK.1);
            made.push(name);
        }
        self.tag(range, "with");
        for ((target, _), name) in bindings.iter().zip(&made) {
            match &target.kind {
                ExprKind::Name(target) => {
                    self.tag(range, &format!("set {} = {name}", names::mangled(target.value)));
                }
                _ => self.take_apart(target, name),
            }
        }
        let soft = std::mem::take(&mut self.soft);
        self.blocks += 1;
        self.pieces(body, edges);
        self.blocks -= 1;
        self.soft = soft;
        self.tag(range, "endwith");
        if self.leave_after(range, body) {
            self.tag(range, "endif");
        }
    }
}

fn names_loop(target: &Expr<'_>) -> bool {
    names::targets(target).iter().any(|name| &**name == "loop")
}
