//! The syntax tree of templates.

use glueline_base::{Spanned, SyntaxError, TextRange};

use crate::{Arg, Expr, Filter};

/// What was read of a text, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Template<'a> {
    /// The text that was read.
    pub text: &'a str,
    /// Its pieces in the order written; together they cover the whole text.
    pub body: Vec<Piece<'a>>,
    /// The faults, by the place where they start.
    pub errors: Vec<SyntaxError>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<'a> {
    /// Text outside of any tag.
    Text(TextRange),
    /// `{# ... #}`
    Comment(Comment),
    /// `{{ ... }}`
    Output(Output<'a>),
    /// `{% ... %}`, and for a block everything up to its end tag.
    Statement(Box<Statement<'a>>),
}

/// Whether a tag strips the white space beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trim {
    /// No marker: the environment decides.
    #[default]
    None,
    /// `-`: white space is stripped.
    Strip,
    /// `+`: white space is kept.
    Keep,
}

/// `{# ... #}`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// The whole comment.
    pub range: TextRange,
    /// The marker after `{#`.
    pub before: Trim,
    /// The marker before `#}`.
    pub after: Trim,
}

/// `{{ ... }}`
#[derive(Debug, Clone, PartialEq)]
pub struct Output<'a> {
    /// The whole tag.
    pub range: TextRange,
    /// The marker after `{{`.
    pub before: Trim,
    /// The marker before `}}`.
    pub after: Trim,
    /// What is printed.
    pub expr: Expr<'a>,
}

/// One `{% ... %}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The whole tag.
    pub range: TextRange,
    /// The marker after `{%`.
    pub before: Trim,
    /// The marker before `%}`.
    pub after: Trim,
    /// The first word; empty where none is written.
    pub name: Spanned<&'a str>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement<'a> {
    /// Everything from the opening tag to the end tag.
    pub range: TextRange,
    /// The opening tag.
    pub open: Tag<'a>,
    /// The end tag, where the statement has one and it was found.
    pub close: Option<Tag<'a>>,
    /// What the statement is.
    pub kind: StatementKind<'a>,
}

/// What a statement is.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind<'a> {
    /// `{% raw %} ... {% endraw %}`: [`Statement::inside`] is the text.
    Raw,
    /// `{% if %} ... {% elif %} ... {% else %} ... {% endif %}`
    If {
        /// The branches in the order written; at least one.
        branches: Vec<Branch<'a>>,
    },
    /// `{% for target in iter if filter recursive %} ... {% else %} ... {% endfor %}`
    For(Box<Loop<'a>>),
    /// `{% set target = value %}`
    Set {
        /// A name, an attribute of a namespace, or a tuple.
        target: Expr<'a>,
        /// The value.
        value: Expr<'a>,
    },
    /// `{% set target | filter %} ... {% endset %}`
    SetBlock {
        /// A name, an attribute of a namespace, or a tuple.
        target: Expr<'a>,
        /// The filters in the order written.
        filters: Vec<Filter<'a>>,
        /// What is rendered into the target.
        body: Vec<Piece<'a>>,
    },
    /// `{% macro name(params) %} ... {% endmacro %}`
    Macro(Definition<'a>),
    /// `{% test name(params) %} ... {% endtest %}`
    Test(Definition<'a>),
    /// `{% materialization name, default %}` or `{% materialization name, adapter='glue' %}` up to `{% endmaterialization %}`
    Materialization {
        /// The name.
        name: Spanned<&'a str>,
        /// What follows the name. `default` is a positional name.
        args: Vec<Arg<'a>>,
        /// The body.
        body: Vec<Piece<'a>>,
    },
    /// `{% snapshot name %} ... {% endsnapshot %}`
    Snapshot {
        /// The name.
        name: Spanned<&'a str>,
        /// The body.
        body: Vec<Piece<'a>>,
    },
    /// `{% docs name %} ... {% enddocs %}`: [`Statement::inside`] is the text, which dbt renders.
    Docs {
        /// The name.
        name: Spanned<&'a str>,
        /// The body.
        body: Vec<Piece<'a>>,
    },
    /// `{% call(params) call %} ... {% endcall %}`
    CallBlock {
        /// The parameters of `caller`.
        params: Vec<Param<'a>>,
        /// What is called.
        call: Expr<'a>,
        /// What `caller()` renders.
        body: Vec<Piece<'a>>,
    },
    /// `{% filter upper | trim %} ... {% endfilter %}`
    FilterBlock {
        /// The filters in the order written.
        filters: Vec<Filter<'a>>,
        /// What is filtered.
        body: Vec<Piece<'a>>,
    },
    /// `{% do expr %}`
    Do(Expr<'a>),
    /// `{% print a, b %}`
    Print(Vec<Expr<'a>>),
    /// `{% break %}`
    Break,
    /// `{% continue %}`
    Continue,
    /// `{% block name %} ... {% endblock %}`
    Block {
        /// The name.
        name: Spanned<&'a str>,
        /// The body.
        body: Vec<Piece<'a>>,
    },
    /// `{% with a = 1, b = 2 %} ... {% endwith %}`
    With {
        /// Targets and values.
        bindings: Vec<(Expr<'a>, Expr<'a>)>,
        /// The body.
        body: Vec<Piece<'a>>,
    },
    /// `{% autoescape value %} ... {% endautoescape %}`
    Autoescape {
        /// Whether to escape.
        value: Expr<'a>,
        /// The body.
        body: Vec<Piece<'a>>,
    },
    /// `{% include template %}`
    Include(Expr<'a>),
    /// `{% extends template %}`
    Extends(Expr<'a>),
    /// `{% import template as alias %}`
    Import {
        /// What is imported.
        template: Expr<'a>,
        /// The name it is given.
        alias: Spanned<&'a str>,
    },
    /// `{% from template import name as alias, name %}`
    FromImport {
        /// What is imported from.
        template: Expr<'a>,
        /// Names, each with the alias it is given.
        names: Vec<(Spanned<&'a str>, Option<Spanned<&'a str>>)>,
    },
    /// A tag that is none of these, or one that belongs to no open block.
    Unknown,
}

/// A branch of an `if`, or the `else` of a `for`.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch<'a> {
    /// The tag that opens it.
    pub tag: Tag<'a>,
    /// The condition; `None` for `else`.
    pub condition: Option<Expr<'a>>,
    /// The body.
    pub body: Vec<Piece<'a>>,
}

/// A `for` loop.
#[derive(Debug, Clone, PartialEq)]
pub struct Loop<'a> {
    /// The loop's name, or a tuple of names.
    pub target: Expr<'a>,
    /// What is looped over.
    pub iter: Expr<'a>,
    /// The condition after `if`.
    pub filter: Option<Expr<'a>>,
    /// Whether `recursive` is written.
    pub recursive: bool,
    /// What is repeated.
    pub body: Vec<Piece<'a>>,
    /// What is rendered where there is nothing to loop over.
    pub otherwise: Option<Branch<'a>>,
}

/// A macro or a generic test.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition<'a> {
    /// The name.
    pub name: Spanned<&'a str>,
    /// The parameters.
    pub params: Vec<Param<'a>>,
    /// The body.
    pub body: Vec<Piece<'a>>,
}

/// A parameter of a macro, a test or a call block.
#[derive(Debug, Clone, PartialEq)]
pub struct Param<'a> {
    /// The name.
    pub name: Spanned<&'a str>,
    /// The type that dbt lets stand after a colon.
    pub annotation: Option<TextRange>,
    /// The value where none is passed.
    pub default: Option<Expr<'a>>,
}

impl Piece<'_> {
    /// The bytes of the piece.
    pub fn range(&self) -> TextRange {
        match self {
            Self::Text(range) => *range,
            Self::Comment(comment) => comment.range,
            Self::Output(output) => output.range,
            Self::Statement(statement) => statement.range,
        }
    }
}

impl<'a> Statement<'a> {
    /// What stands between the opening tag and the end tag; empty for a statement without an end tag.
    pub fn inside(&self) -> TextRange {
        let start = self.open.range.end();
        let end = match &self.close {
            Some(close) => close.range.start(),
            None => self.range.end(),
        };
        TextRange::new(start, end.max(start))
    }

    /// The name of what the statement defines: a macro, test, materialization, snapshot, block or docs block.
    pub fn defined_name(&self) -> Option<Spanned<&'a str>> {
        match &self.kind {
            StatementKind::Macro(definition) | StatementKind::Test(definition) => Some(definition.name),
            StatementKind::Materialization { name, .. }
            | StatementKind::Snapshot { name, .. }
            | StatementKind::Docs { name, .. }
            | StatementKind::Block { name, .. } => Some(*name),
            _ => None,
        }
    }

    /// Whether the statement is a macro, test, materialization or snapshot: code that dbt runs by itself.
    pub fn is_definition(&self) -> bool {
        matches!(
            self.kind,
            StatementKind::Macro(_)
                | StatementKind::Test(_)
                | StatementKind::Materialization { .. }
                | StatementKind::Snapshot { .. }
        )
    }
}

impl<'a> StatementKind<'a> {
    /// The body that the next piece belongs to; `None` for a statement without one.
    pub(crate) fn open_body(&mut self) -> Option<&mut Vec<Piece<'a>>> {
        match self {
            Self::If { branches } => branches.last_mut().map(|branch| &mut branch.body),
            Self::For(each) => match &mut each.otherwise {
                Some(branch) => Some(&mut branch.body),
                None => Some(&mut each.body),
            },
            Self::Macro(definition) | Self::Test(definition) => Some(&mut definition.body),
            Self::SetBlock { body, .. }
            | Self::Materialization { body, .. }
            | Self::Snapshot { body, .. }
            | Self::Docs { body, .. }
            | Self::CallBlock { body, .. }
            | Self::FilterBlock { body, .. }
            | Self::Block { body, .. }
            | Self::With { body, .. }
            | Self::Autoescape { body, .. } => Some(body),
            Self::Raw
            | Self::Set { .. }
            | Self::Do(_)
            | Self::Print(_)
            | Self::Break
            | Self::Continue
            | Self::Include(_)
            | Self::Extends(_)
            | Self::Import { .. }
            | Self::FromImport { .. }
            | Self::Unknown => None,
        }
    }
}
