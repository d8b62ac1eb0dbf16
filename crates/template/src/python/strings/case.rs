//! Upper and lower case.

use crate::{Str, Value};

/// A method that changes case. A text that it leaves as it is keeps its marks.
pub(crate) fn convert(name: &str, text: &Str) -> Value {
    let plain = text.plain();
    let made = match name {
        "upper" => upper(&plain),
        "lower" => lower(&plain),
        "capitalize" => capitalize(&plain),
        "casefold" => casefold(&plain),
        "swapcase" => swap(&plain),
        _ => title(&plain),
    };
    if made == plain {
        Value::Str(text.clone())
    } else {
        Value::Str(Str::plain_from(&made))
    }
}

pub(crate) fn upper(text: &str) -> String {
    text.to_uppercase()
}

pub(crate) fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// The first character in title case, all others in lower case.
pub(crate) fn capitalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let lowered = lower(text);
    let mut chars = text.chars();
    if let Some(first) = chars.next() {
        push_title(first, &mut out);
        let first_lowered: usize = first.to_lowercase().map(char::len_utf8).sum();
        out.push_str(lowered.get(first_lowered..).unwrap_or(""));
    }
    out
}

fn push_title(c: char, out: &mut String) {
    let special = match c {
        'ß' => "Ss",
        'ﬀ' => "Ff",
        'ﬁ' => "Fi",
        'ﬂ' => "Fl",
        'ﬃ' => "Ffi",
        'ﬄ' => "Ffl",
        'ﬅ' | 'ﬆ' => "St",
        'Ǆ' | 'ǅ' | 'ǆ' => "ǅ",
        'Ǉ' | 'ǈ' | 'ǉ' => "ǈ",
        'Ǌ' | 'ǋ' | 'ǌ' => "ǋ",
        'Ǳ' | 'ǲ' | 'ǳ' => "ǲ",
        _ => {
            out.extend(c.to_uppercase());
            return;
        }
    };
    out.push_str(special);
}

fn casefold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ß' | 'ẞ' => out.push_str("ss"),
            'ς' => out.push('σ'),
            'ﬀ'..='ﬆ' => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
            'µ' => out.push('μ'),
            'ſ' => out.push('s'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

fn swap(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            out.extend(c.to_lowercase());
        } else if c.is_lowercase() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// `str.title()`: a letter that follows none is in title case.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within = false;
    for c in text.chars() {
        if within {
            out.extend(c.to_lowercase());
        } else {
            push_title(c, &mut out);
        }
        within = c.is_uppercase() || c.is_lowercase();
    }
    out
}
