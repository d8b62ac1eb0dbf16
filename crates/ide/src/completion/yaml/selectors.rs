//! Selections in `selectors.yml`.

use glueline_select::Method;

use super::super::cx::Cx;
use super::super::item::List;
use super::super::selector;
use super::{Spot, last_word};

/// The value beside a `method:`.
pub(super) fn value(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>) {
    let method = spot
        .cursor
        .siblings()
        .find(|line| line.key == "method")
        .map(|line| line.value);
    let Some(method) = method else { return };
    selector::values(cx, list, method, |text| spot.host.text(text));
}

/// A selection as on the command line.
pub(super) fn text<'a>(cx: &Cx<'a>, spot: &Spot<'_>, list: &mut List<'a>) {
    let word = last_word(cx, spot.cursor.word, &[' ', ',', '+', '@']);
    let written = cx.slice(word);
    if let Some((method, _)) = written.split_once(':') {
        let is_method = Method::ALL
            .iter()
            .any(|known| known.name() == method.split('.').next().unwrap_or(""));
        if !is_method {
            return;
        }
        let start = usize::from(word.start()) + method.len() + 1;
        if start > cx.offset() {
            return;
        }
        let mut inner = List::new(
            cx.text,
            glueline_base::range(start, usize::from(word.end())),
            cx.caret,
        );
        selector::values(cx, &mut inner, method, str::to_owned);
        *list = inner;
        return;
    }
    let mut inner = List::new(cx.text, word, cx.caret);
    selector::start(cx, &mut inner);
    *list = inner;
}
