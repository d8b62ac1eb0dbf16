//! `wordwrap` (`Lib/textwrap.py`).

use crate::{Args, Cx, Error, ErrorKind, Value};

use super::truth;
use crate::python::modules::re::{self, Anchor};
use crate::python::{params, repr, strings};

/// Python's `TextWrapper.wordsep_re`.
const CHUNK: &str = r#"[\t\n\x0b\x0c\r ]+|(?<=[\w!"'&.,?])-{2,}(?=\w)|[^\t\n\x0b\x0c\r ]+?(?:-(?:(?<=[^\d\W][^\d\W]-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\x0b\x0c\r ]|\Z)|(?<=[\w!"'&.,?])(?=-{2,}\w))"#;
/// Python's `TextWrapper.wordsep_simple_re`.
const SIMPLE_CHUNK: &str = r"[\t\n\x0b\x0c\r ]+|[^\t\n\x0b\x0c\r ]+";

pub(super) fn wordwrap(cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = ["s", "width", "break_long_words", "wrapstring", "break_on_hyphens"];
    let [text, width, break_long, wrap, hyphens] = args.bind("do_wordwrap", names, 1)?;
    let text = text.unwrap_or_default();
    let Value::Str(text) = &text else {
        return Err(match &text {
            Value::Undefined(undefined) => Error::undefined(undefined.message.clone()),
            other => Error::new(
                ErrorKind::Python("AttributeError"),
                format!("'{}' object has no attribute 'splitlines'", other.type_name()),
            ),
        });
    };
    let plain = text.plain();
    let given_width = params::int_or(width.as_ref(), 79)?;
    let wrapper = Wrapper {
        width: usize::try_from(given_width).unwrap_or(0),
        break_long: truth(break_long, true),
        hyphens: truth(hyphens, true),
    };
    let wrap =
        params::given(wrap).map_or_else(|| "\n".to_owned(), |wrap| strings::printed(&wrap).into_owned());
    let mut paragraphs = Vec::new();
    for (line, _) in strings::lines(&plain) {
        if wrapper.width == 0 {
            return Err(Error::value_error(format!(
                "invalid width {} (must be > 0)",
                repr(&Value::Int(given_width))
            )));
        }
        let line = plain.get(line).unwrap_or("");
        cx.spend(line.len() as u64)?;
        paragraphs.push(wrapper.wrap(line)?.join(&wrap));
    }
    let out = paragraphs.join(&wrap);
    strings::check_length(cx, out.len())?;
    Ok(Value::from(out))
}

struct Wrapper {
    width: usize,
    break_long: bool,
    hyphens: bool,
}

impl Wrapper {
    fn wrap(&self, text: &str) -> Result<Vec<String>, Error> {
        let pattern = if self.hyphens { CHUNK } else { SIMPLE_CHUNK };
        let regex = re::regex(pattern, 0, Anchor::Anywhere)?;
        let mut chunks = Vec::new();
        for found in regex.find_iter(text) {
            let found = found.map_err(|_| Error::unsupported("the text cannot be wrapped"))?;
            chunks.push(found.as_str().to_owned());
        }
        chunks.reverse();
        let is_blank = |chunk: &String| chunk.trim_matches(strings::is_space).is_empty();
        let mut lines: Vec<String> = Vec::new();
        while !chunks.is_empty() {
            let mut line: Vec<String> = Vec::new();
            let mut length = 0;
            if !lines.is_empty() && chunks.last().is_some_and(is_blank) {
                chunks.pop();
            }
            while let Some(chunk) = chunks.pop_if(|chunk| length + strings::char_count(chunk) <= self.width) {
                length += strings::char_count(&chunk);
                line.push(chunk);
            }
            if let Some(long) = chunks.pop_if(|chunk| strings::char_count(chunk) > self.width) {
                self.break_up(long, length, &mut line, &mut chunks);
            }
            line.pop_if(|chunk| is_blank(chunk));
            if !line.is_empty() {
                lines.push(line.concat());
            }
        }
        Ok(lines)
    }

    /// Puts what fits of a chunk that is longer than a line.
    fn break_up(&self, long: String, length: usize, line: &mut Vec<String>, chunks: &mut Vec<String>) {
        if !self.break_long {
            if line.is_empty() {
                line.push(long);
            } else {
                chunks.push(long);
            }
            return;
        }
        let mut end = strings::byte_of(&long, self.width - length);
        if self.hyphens
            && let Some(hyphen) = long.get(..end).and_then(|fitting| fitting.rfind('-'))
            && long
                .get(..hyphen)
                .is_some_and(|before| before.contains(|c| c != '-'))
        {
            end = hyphen + 1;
        }
        let (fitting, rest) = long.split_at_checked(end).unwrap_or((&long, ""));
        line.push(fitting.to_owned());
        chunks.push(rest.to_owned());
    }
}
