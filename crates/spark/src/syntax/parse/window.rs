//! Windows: `over ..` and the `window` clause.

use super::{Parser, Res};
use crate::syntax::ast::{Bound, Frame, NamedWindow, Over, WindowSpec};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::Sign;

impl Parser<'_> {
    /// `window w as (..), ..`
    pub(super) fn named_windows(&mut self) -> Res<Vec<NamedWindow>> {
        self.at += 1;
        self.list(|parser| {
            let name = parser.whole_name()?;
            parser.expect_kw(Kw::As)?;
            let over = parser.over()?;
            Ok(NamedWindow { name, over })
        })
    }

    /// What follows `over`.
    pub(super) fn over(&mut self) -> Res<Over> {
        if !self.is_sign(0, Sign::Open) {
            return self.whole_name().map(Over::Named);
        }
        let spec = self.attempt(|parser| parser.nested(Self::window_spec));
        if let Some(spec) = spec {
            return Ok(Over::Spec(Box::new(spec)));
        }
        self.at += 1;
        let name = self.whole_name()?;
        self.expect(Sign::Close)?;
        Ok(Over::Named(name))
    }

    fn window_spec(&mut self) -> Res<WindowSpec> {
        let start = self.here();
        self.at += 1;
        let mut spec = WindowSpec {
            partition: Vec::new(),
            order: Vec::new(),
            frame: None,
            range: start,
        };
        if self.is(0, Kw::Cluster) && self.is(1, Kw::By) {
            self.at += 2;
            spec.partition = self.list(Self::expression)?;
        } else {
            if matches!(self.kw(0), Some(Kw::Partition | Kw::Distribute)) {
                self.at += 1;
                self.expect_kw(Kw::By)?;
                spec.partition = self.list(Self::expression)?;
                self.expected(0);
            }
            if matches!(self.kw(0), Some(Kw::Order | Kw::Sort)) {
                self.at += 1;
                self.expect_kw(Kw::By)?;
                spec.order = self.list(Self::sort_item)?;
            }
        }
        if matches!(self.kw(0), Some(Kw::Rows | Kw::Range)) {
            spec.frame = Some(self.frame()?);
        }
        self.expect(Sign::Close)?;
        spec.range = self.since(start);
        Ok(spec)
    }

    fn frame(&mut self) -> Res<Frame> {
        let start = self.here();
        let by_range = self.is(0, Kw::Range);
        self.at += 1;
        let both = if self.is(0, Kw::Between) {
            self.attempt(|parser| {
                parser.at += 1;
                let first = parser.bound()?;
                parser.expect_kw(Kw::And)?;
                Ok((first, Some(parser.bound()?)))
            })
        } else {
            None
        };
        let (first, last) = match both {
            Some(both) => both,
            None => (self.bound()?, None),
        };
        Ok(Frame {
            by_range,
            start: first,
            end: last,
            range: self.since(start),
        })
    }

    fn bound(&mut self) -> Res<Bound> {
        if self.is(0, Kw::Unbounded) {
            match self.kw(1) {
                Some(Kw::Preceding) => {
                    self.at += 2;
                    return Ok(Bound::UnboundedPreceding);
                }
                Some(Kw::Following) => {
                    self.at += 2;
                    return Ok(Bound::UnboundedFollowing);
                }
                _ => self.expected(1),
            }
        }
        if self.is(0, Kw::Current) {
            if self.is(1, Kw::Row) {
                self.at += 2;
                return Ok(Bound::CurrentRow);
            }
            self.expected(1);
        }
        let value = Box::new(self.expression()?);
        if self.eat_kw(Kw::Preceding) {
            return Ok(Bound::Preceding(value));
        }
        self.expect_kw(Kw::Following)?;
        Ok(Bound::Following(value))
    }
}
