//! Tokens to tree: the grammar of YAML, without recovery.

mod blame;

use std::collections::HashMap;

use crate::chars::{between, line_end};
use crate::construct;
use crate::fault::{Fault, FaultKind};
use crate::scalar::Style;
use crate::scan::{Body, Scanner, Token, TokenKind};
use crate::tag::{Directives, Tag};
use crate::tree::{NodeData, NodeId, NodeKind};

/// How deep collections may lie in each other. PyYAML goes deeper, but nothing that a person writes does.
const DEPTH_LIMIT: usize = 128;

/// What came of one attempt to read a text.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) nodes: Vec<NodeData>,
    pub(crate) children: Vec<NodeId>,
    pub(crate) root: Option<NodeId>,
    pub(crate) comments: Vec<(usize, usize)>,
    /// Faults that left the text readable.
    pub(crate) faults: Vec<Fault>,
    /// The fault that ended the attempt, and the last scalar before it.
    pub(crate) stopped_by: Option<(Fault, (usize, usize))>,
    /// Where a second document starts, which is not read.
    pub(crate) second_document: Option<usize>,
}

/// Reads the first document of `text[start..]`, up to the first fault that leaves the rest without meaning.
pub(crate) fn attempt(text: &str, start: usize) -> Attempt {
    let mut builder = Builder {
        text,
        scanner: Scanner::new(text, start),
        nodes: Vec::new(),
        children: Vec::new(),
        pending: Vec::new(),
        anchors: HashMap::new(),
        directives: Directives::default(),
        faults: Vec::new(),
        depth: 0,
        second_document: None,
    };
    let outcome = builder.stream();
    let mut faults = builder.faults;
    faults.append(&mut builder.scanner.faults);
    let (root, stopped_by) = match outcome {
        Ok(root) => (root, None),
        Err(fault) => (None, Some((fault, builder.scanner.last_scalar))),
    };
    Attempt {
        nodes: builder.nodes,
        children: builder.children,
        root,
        comments: builder.scanner.comments,
        faults,
        stopped_by,
        second_document: builder.second_document,
    }
}

#[derive(Debug)]
struct Builder<'t> {
    text: &'t str,
    scanner: Scanner<'t>,
    nodes: Vec<NodeData>,
    children: Vec<NodeId>,
    /// The children of the collections that are still open, innermost last.
    pending: Vec<NodeId>,
    anchors: HashMap<&'t str, NodeId>,
    directives: Directives,
    faults: Vec<Fault>,
    depth: usize,
    second_document: Option<usize>,
}

/// What may stand before a node.
#[derive(Debug, Default)]
struct Properties {
    /// Where the first of them starts.
    start: Option<usize>,
    end: usize,
    anchor: Option<(usize, usize)>,
    tag: Option<Token>,
}

impl Builder<'_> {
    fn stream(&mut self) -> Result<Option<NodeId>, Fault> {
        let explicit = self.document_start()?;
        let token = self.scanner.peek()?;
        let root = match token.kind {
            TokenKind::StreamEnd if !explicit => return Ok(None),
            TokenKind::StreamEnd
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::Directive
                if explicit =>
            {
                self.empty(token.start)
            }
            _ => self.node(true, false)?,
        };
        construct::check(
            self.text,
            &self.nodes,
            &self.children,
            root,
            false,
            &mut self.faults,
        );
        while self.scanner.peek()?.kind == TokenKind::DocumentEnd {
            self.scanner.skip();
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::StreamEnd => {}
            TokenKind::DocumentStart | TokenKind::Directive => {
                self.second_document = Some(token.start);
                self.faults
                    .push(Fault::new(FaultKind::SecondDocument, token.start, token.end));
            }
            _ => return Err(self.unexpected(token, FaultKind::ContentAfterRoot)),
        }
        Ok(Some(root))
    }

    /// Directives and `---`; whether there were any.
    fn document_start(&mut self) -> Result<bool, Fault> {
        let mut has_directives = false;
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::Directive => {
                    let directive = between(self.text, token.start, token.end);
                    if !self.directives.read(directive) {
                        return Err(Fault::new(FaultKind::BadDirective, token.start, token.end));
                    }
                    has_directives = true;
                    self.scanner.skip();
                }
                TokenKind::DocumentStart => {
                    self.scanner.skip();
                    return Ok(true);
                }
                _ if has_directives => {
                    return Err(Fault::new(
                        FaultKind::DirectiveWithoutDocument,
                        token.start,
                        token.end,
                    ));
                }
                _ => return Ok(false),
            }
        }
    }

    /// One node with its properties. Inside block collections `block` is true; `dashes` allows a sequence
    /// whose dashes stand in the column of the key above them.
    fn node(&mut self, block: bool, dashes: bool) -> Result<NodeId, Fault> {
        let token = self.scanner.peek()?;
        if token.kind == TokenKind::Alias {
            return Ok(self.alias(token));
        }
        let properties = self.properties()?;
        let token = self.scanner.peek()?;
        let id = match token.kind {
            TokenKind::BlockEntry if dashes => self.open(token, &properties),
            TokenKind::BlockSequenceStart | TokenKind::BlockMappingStart if block => {
                self.open(token, &properties)
            }
            TokenKind::FlowSequenceStart | TokenKind::FlowMappingStart => self.open(token, &properties),
            TokenKind::Scalar(body) => {
                self.scanner.skip();
                return Ok(self.scalar(token, body, &properties));
            }
            _ if properties.start.is_some() => {
                let id = self.empty(properties.end);
                self.apply(id, &properties);
                return Ok(id);
            }
            _ => return Err(self.unexpected(token, FaultKind::ExpectedValue)),
        };
        if self.depth >= DEPTH_LIMIT {
            return Err(Fault::new(
                FaultKind::TooDeep,
                token.start,
                line_end(self.text, token.start),
            ));
        }
        self.depth += 1;
        match token.kind {
            TokenKind::BlockEntry => self.dashes_below_key(id)?,
            TokenKind::BlockSequenceStart => self.block_sequence(id)?,
            TokenKind::BlockMappingStart => self.block_mapping(id)?,
            TokenKind::FlowSequenceStart => self.flow_sequence(id)?,
            _ => self.flow_mapping(id)?,
        }
        self.depth -= 1;
        Ok(id)
    }

    /// An anchor and a tag, in either order.
    fn properties(&mut self) -> Result<Properties, Fault> {
        let mut properties = Properties::default();
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::Anchor if properties.anchor.is_none() => {
                    properties.anchor = Some((token.start, token.end));
                }
                TokenKind::Tag if properties.tag.is_none() => properties.tag = Some(token),
                _ => return Ok(properties),
            }
            properties.start = properties.start.or(Some(token.start));
            properties.end = token.end;
            self.scanner.skip();
        }
    }

    fn alias(&mut self, token: Token) -> NodeId {
        self.scanner.skip();
        let name = between(self.text, token.start + 1, token.end);
        let target = self.anchors.get(name).copied();
        if target.is_none() {
            self.faults
                .push(Fault::new(FaultKind::UndefinedAlias, token.start, token.end));
        }
        let kind = match target {
            // An alias to a collection that is still open would make the tree endless.
            Some(id) if self.kind_of(id) == NodeKind::Open => NodeKind::Open,
            Some(id) => NodeKind::Alias(id),
            None => NodeKind::Unreadable,
        };
        self.add(kind, token.start, token.end)
    }

    fn scalar(&mut self, token: Token, body: Body, properties: &Properties) -> NodeId {
        let kind = NodeKind::Scalar {
            style: body.style,
            indent: body.indent,
            tail: u32::try_from(body.tail).unwrap_or(u32::MAX),
        };
        let id = self.add(kind, token.start, token.end);
        self.apply(id, properties);
        id
    }

    /// A value that is not there.
    fn empty(&mut self, at: usize) -> NodeId {
        let kind = NodeKind::Scalar {
            style: Style::Plain,
            indent: 0,
            tail: u32::try_from(at).unwrap_or(u32::MAX),
        };
        self.add(kind, at, at)
    }

    fn open(&mut self, token: Token, properties: &Properties) -> NodeId {
        let id = self.add(NodeKind::Open, token.start, token.end);
        self.apply(id, properties);
        id
    }

    fn add(&mut self, kind: NodeKind, start: usize, end: usize) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(NodeData::new(kind, start, end));
        id
    }

    fn kind_of(&self, id: NodeId) -> NodeKind {
        self.nodes
            .get(id.index())
            .map_or(NodeKind::Unreadable, |node| node.kind)
    }

    fn end_of(&self, id: NodeId) -> usize {
        self.nodes.get(id.index()).map_or(0, |node| node.end as usize)
    }

    fn apply(&mut self, id: NodeId, properties: &Properties) {
        let Some(start) = properties.start else { return };
        let tag = properties.tag.map(|token| {
            let written = between(self.text, token.start, token.end);
            let tag = self.directives.resolve(written);
            if matches!(tag, Tag::Unknown | Tag::Undeclared) {
                let kind = if tag == Tag::Unknown {
                    FaultKind::UnknownTag
                } else {
                    FaultKind::UndeclaredTag
                };
                self.faults.push(Fault::new(kind, token.start, token.end));
            }
            tag
        });
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.tag = tag;
            node.full_start = u32::try_from(start).unwrap_or(u32::MAX);
        }
        if let Some((start, end)) = properties.anchor
            && self
                .anchors
                .insert(between(self.text, start + 1, end), id)
                .is_some()
        {
            self.faults
                .push(Fault::new(FaultKind::DuplicateAnchor, start, end));
        }
    }

    /// The entries of a sequence whose `- ` stand in a column of their own.
    fn block_sequence(&mut self, id: NodeId) -> Result<(), Fault> {
        let first = self.pending.len();
        self.scanner.skip();
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::BlockEntry => self.dash_entry(token, false)?,
                TokenKind::BlockEnd => {
                    self.scanner.skip();
                    self.close(id, first, None, false);
                    return Ok(());
                }
                _ => return Err(self.unexpected(token, FaultKind::ExpectedDash)),
            }
        }
    }

    /// The entries of a sequence whose `- ` stand in the column of the key above them.
    fn dashes_below_key(&mut self, id: NodeId) -> Result<(), Fault> {
        let first = self.pending.len();
        loop {
            let token = self.scanner.peek()?;
            if token.kind != TokenKind::BlockEntry {
                self.close(id, first, None, false);
                return Ok(());
            }
            self.dash_entry(token, true)?;
        }
    }

    fn dash_entry(&mut self, dash: Token, below_key: bool) -> Result<(), Fault> {
        self.scanner.skip();
        let next = self.scanner.peek()?.kind;
        let is_empty = match next {
            TokenKind::BlockEntry | TokenKind::BlockEnd => true,
            TokenKind::Key | TokenKind::Value => below_key,
            _ => false,
        };
        let item = if is_empty {
            self.empty(dash.end)
        } else {
            self.node(true, false)?
        };
        self.pending.push(item);
        Ok(())
    }

    fn block_mapping(&mut self, id: NodeId) -> Result<(), Fault> {
        let first = self.pending.len();
        self.scanner.skip();
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::Key => self.block_pair(token)?,
                TokenKind::BlockEnd => {
                    self.scanner.skip();
                    self.close(id, first, None, true);
                    return Ok(());
                }
                _ => return Err(self.unexpected(token, FaultKind::ExpectedKey)),
            }
        }
    }

    fn block_pair(&mut self, key: Token) -> Result<(), Fault> {
        self.scanner.skip();
        let next = self.scanner.peek()?;
        let key = if ends_block_entry(next.kind) {
            self.empty(key.end)
        } else {
            self.node(true, true)?
        };
        self.pending.push(key);
        let colon = self.scanner.peek()?;
        let value = if colon.kind == TokenKind::Value {
            self.scanner.skip();
            if ends_block_entry(self.scanner.peek()?.kind) {
                self.empty(colon.end)
            } else {
                self.node(true, true)?
            }
        } else {
            self.empty(self.end_of(key))
        };
        self.pending.push(value);
        Ok(())
    }

    fn flow_sequence(&mut self, id: NodeId) -> Result<(), Fault> {
        let first = self.pending.len();
        self.scanner.skip();
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::FlowSequenceEnd => {
                    self.scanner.skip();
                    self.close(id, first, Some(token.end), false);
                    return Ok(());
                }
                TokenKind::Key => {
                    let pair = self.add(NodeKind::Open, token.start, token.end);
                    let first = self.pending.len();
                    self.flow_pair(token, TokenKind::FlowSequenceEnd)?;
                    self.close(pair, first, None, true);
                    self.pending.push(pair);
                }
                _ => {
                    let item = self.node(false, false)?;
                    self.pending.push(item);
                }
            }
            self.comma(TokenKind::FlowSequenceEnd)?;
        }
    }

    fn flow_mapping(&mut self, id: NodeId) -> Result<(), Fault> {
        let first = self.pending.len();
        self.scanner.skip();
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::FlowMappingEnd => {
                    self.scanner.skip();
                    self.close(id, first, Some(token.end), true);
                    return Ok(());
                }
                TokenKind::Key => self.flow_pair(token, TokenKind::FlowMappingEnd)?,
                _ => {
                    let key = self.node(false, false)?;
                    let value = self.empty(self.end_of(key));
                    self.pending.extend([key, value]);
                }
            }
            self.comma(TokenKind::FlowMappingEnd)?;
        }
    }

    fn flow_pair(&mut self, key: Token, closing: TokenKind) -> Result<(), Fault> {
        self.scanner.skip();
        let next = self.scanner.peek()?.kind;
        let key = if next == TokenKind::Value || next == TokenKind::FlowEntry || next == closing {
            if closing == TokenKind::FlowSequenceEnd {
                // libyaml loses the token behind a `?` without a key in a list, and then its way.
                return Err(Fault::new(FaultKind::ExpectedValue, key.start, key.end));
            }
            self.empty(key.end)
        } else {
            self.node(false, false)?
        };
        self.pending.push(key);
        let colon = self.scanner.peek()?;
        let value = if colon.kind == TokenKind::Value {
            self.scanner.skip();
            let next = self.scanner.peek()?.kind;
            if next == TokenKind::FlowEntry || next == closing {
                self.empty(colon.end)
            } else {
                self.node(false, false)?
            }
        } else {
            self.empty(self.end_of(key))
        };
        self.pending.push(value);
        Ok(())
    }

    /// Between two entries in brackets; the closing bracket stays.
    fn comma(&mut self, closing: TokenKind) -> Result<(), Fault> {
        let token = self.scanner.peek()?;
        if token.kind == TokenKind::FlowEntry {
            self.scanner.skip();
            return Ok(());
        }
        if token.kind == closing {
            return Ok(());
        }
        Err(self.unexpected(token, FaultKind::ExpectedComma))
    }

    /// Makes a collection of the children since `first`. A block collection ends where its last child does.
    fn close(&mut self, id: NodeId, first: usize, end: Option<usize>, is_mapping: bool) {
        let items = self.pending.split_off(first.min(self.pending.len()));
        for (place, item) in items.iter().enumerate() {
            let is_key = is_mapping && place % 2 == 0;
            construct::check(
                self.text,
                &self.nodes,
                &self.children,
                *item,
                is_key,
                &mut self.faults,
            );
        }
        let start = u32::try_from(self.children.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let last = items.last().map(|item| self.end_of(*item));
        self.children.extend(items);
        let Some(node) = self.nodes.get_mut(id.index()) else {
            return;
        };
        node.kind = if is_mapping {
            NodeKind::Mapping {
                first: start,
                len: len / 2,
            }
        } else {
            NodeKind::Sequence { first: start, len }
        };
        if let Some(end) = end.or(last) {
            node.end = u32::try_from(end).unwrap_or(u32::MAX).max(node.start);
        }
        if is_mapping {
            construct::check_merges(self.text, &self.nodes, &self.children, id, &mut self.faults);
        }
    }
}

/// Whether a token shows that a key or a value of a block mapping is not there.
fn ends_block_entry(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd)
}
