//! `urlize` (`jinja2/utils.py`).

use crate::{Args, Cx, Error, Value};

use super::{argument_error, markup, truth};
use crate::python::modules::re::{self, Anchor};
use crate::python::{iterate, params, repr, strings};

/// What is taken for a web address; without regard to case.
const HTTP: &str = r"((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}])))(?::[\d]{1,5})?(?:[/?#]\S*)?$";
/// What is taken for a mail address.
const MAIL: &str = r"\S+@\w[\w.-]*\.\w+$";
const SCHEME: &str = r"[\w.+-]{2,}:(/){0,2}";

fn matches(pattern: &str, flags: i64, anchor: Anchor, text: &str) -> Result<bool, Error> {
    let regex = re::regex(pattern, flags, anchor)?;
    regex
        .is_match(text)
        .map_err(|_| Error::unsupported("the text is too hard to search for links"))
}

pub(super) fn urlize(cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = [
        "value",
        "trim_url_limit",
        "nofollow",
        "target",
        "rel",
        "extra_schemes",
    ];
    let [value, limit, no_follow, target, rel, schemes] = args.bind("do_urlize", names, 1)?;
    let rel = rel.map_or_else(String::new, |rel| {
        if rel.truth() {
            strings::printed(&rel).into_owned()
        } else {
            String::new()
        }
    });
    let mut rels: Vec<&str> = rel.split_whitespace().collect();
    if truth(no_follow, false) {
        rels.push("nofollow");
    }
    // Jinja2's policy `urlize.rel`.
    rels.push("noopener");
    rels.sort_unstable();
    rels.dedup();
    let mut attributes = format!(" rel=\"{}\"", markup::escape(&rels.join(" ")));
    if let Some(target) = params::given(target).filter(Value::truth) {
        attributes.push_str(&format!(
            " target=\"{}\"",
            markup::escape(&strings::printed(&target))
        ));
    }
    let mut known = Vec::new();
    if let Some(schemes) = params::given(schemes) {
        for scheme in iterate::iterate(cx, &schemes)? {
            let text = params::text(&scheme, "scheme")?;
            if !matches(SCHEME, 0, Anchor::Both, &text)? {
                return Err(argument_error(format!(
                    "{} is not a valid URI scheme prefix.",
                    repr(&scheme)
                )));
            }
            known.push(text);
        }
    }
    let linker = Linker {
        limit: params::given(limit)
            .map(|limit| params::int(&limit))
            .transpose()?,
        attributes,
        schemes: known,
    };
    let text = markup::escape(&strings::printed(&value.unwrap_or_default()));
    cx.spend(text.len() as u64)?;
    let mut out = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (word, after) = rest
            .split_at_checked(rest.find(strings::is_space).unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        out.push_str(&linker.link(word)?);
        let spaces = after.len() - after.trim_start_matches(strings::is_space).len();
        let (spaces, after) = after.split_at_checked(spaces).unwrap_or((after, ""));
        out.push_str(spaces);
        rest = after;
    }
    strings::check_length(cx, out.len())?;
    Ok(Value::from(out))
}

struct Linker {
    limit: Option<i64>,
    attributes: String,
    schemes: Vec<String>,
}

impl Linker {
    fn trimmed(&self, url: &str) -> String {
        match self.limit.map(|limit| usize::try_from(limit).unwrap_or(0)) {
            Some(limit) if strings::char_count(url) > limit => {
                format!("{}...", url.get(..strings::byte_of(url, limit)).unwrap_or(""))
            }
            _ => url.to_owned(),
        }
    }

    fn link(&self, word: &str) -> Result<String, Error> {
        let mut middle = word;
        while let Some(rest) = middle
            .strip_prefix(['(', '<'])
            .or_else(|| middle.strip_prefix("&lt;"))
        {
            middle = rest;
        }
        let head = word.strip_suffix(middle).unwrap_or("");
        let after_head = middle;
        while let Some(rest) = middle
            .strip_suffix([')', '>', '.', ',', '\n'])
            .or_else(|| middle.strip_suffix("&gt;"))
        {
            middle = rest;
        }
        let mut middle = middle.to_owned();
        let mut tail = after_head.get(middle.len()..).unwrap_or("").to_owned();
        for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
            let opened = middle.matches(open).count();
            if opened <= middle.matches(close).count() {
                continue;
            }
            for _ in 0..opened.min(tail.matches(close).count()) {
                let Some(place) = tail.find(close) else { break };
                let rest = tail.split_off(place + close.len());
                middle.push_str(&tail);
                tail = rest;
            }
        }
        let linked = self.linked(&middle)?.unwrap_or(middle);
        Ok(format!("{head}{linked}{tail}"))
    }

    fn linked(&self, text: &str) -> Result<Option<String>, Error> {
        let attributes = &self.attributes;
        if matches(HTTP, re::IGNORE_CASE, Anchor::Start, text)? {
            let has_scheme = text.starts_with("https://") || text.starts_with("http://");
            let scheme = if has_scheme { "" } else { "https://" };
            return Ok(Some(format!(
                "<a href=\"{scheme}{text}\"{attributes}>{}</a>",
                self.trimmed(text)
            )));
        }
        if let Some(address) = text.strip_prefix("mailto:")
            && matches(MAIL, 0, Anchor::Start, address)?
        {
            return Ok(Some(format!("<a href=\"{text}\">{address}</a>")));
        }
        let may_be_mail =
            text.contains('@') && !text.starts_with("www.") && !text.starts_with('@') && !text.contains(':');
        if may_be_mail && matches(MAIL, 0, Anchor::Start, text)? {
            return Ok(Some(format!("<a href=\"mailto:{text}\">{text}</a>")));
        }
        let mut linked = None;
        for scheme in &self.schemes {
            let now = linked.as_deref().unwrap_or(text);
            if now != scheme && now.starts_with(scheme.as_str()) {
                linked = Some(format!("<a href=\"{now}\"{attributes}>{now}</a>"));
            }
        }
        Ok(linked)
    }
}
