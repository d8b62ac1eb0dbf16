//! Classes of characters: `str.isalpha` and its kin, and what Python takes for a space.

/// What `str.strip()` and `str.split()` take for a space.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// `str.is...()`.
pub(crate) fn is(name: &str, text: &str) -> bool {
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    match name {
        "isalnum" => all(|c| is_alpha(c) || c.is_numeric()),
        "isalpha" => all(is_alpha),
        "isascii" => text.is_ascii(),
        "isdecimal" => all(|c| decimal_digit(c).is_some()),
        "isdigit" => all(|c| decimal_digit(c).is_some() || is_raised(c)),
        "isnumeric" => all(|c| c.is_numeric() || is_number_word(c)),
        "isidentifier" => is_identifier(text),
        "islower" => is_lower(text),
        "isupper" => is_upper(text),
        "istitle" => is_title(text),
        "isspace" => all(is_space),
        _ => text.chars().all(super::super::repr::is_printable_or_space),
    }
}

fn is_alpha(c: char) -> bool {
    // Rust's property counts letter numbers and combining vowels in; Python's `isalpha` does not.
    c.is_alphabetic() && !c.is_numeric() && !is_combining(c)
}

const fn is_combining(c: char) -> bool {
    matches!(c,
        '\u{345}' | '\u{5b0}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{93b}' | '\u{93e}'..='\u{94c}'
        | '\u{24b6}'..='\u{24e9}')
}

/// Superscript digits and digits in circles: `isdigit`, but not `isdecimal`.
const fn is_raised(c: char) -> bool {
    matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}'
        | '\u{2460}'..='\u{2468}' | '\u{24f5}'..='\u{24fd}' | '\u{2776}'..='\u{277e}')
}

/// Ideographs that are numbers.
const fn is_number_word(c: char) -> bool {
    matches!(
        c,
        '一' | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '億'
            | '零'
    )
}

/// The zeros of the scripts that have digits of their own, in the Basic Multilingual Plane.
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/// The value of a decimal digit of any script.
pub(crate) fn decimal_digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = u32::from(c);
    ZEROS
        .iter()
        .map(|zero| code.wrapping_sub(*zero))
        .find(|digit| *digit < 10)
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || is_alpha(c))
        && chars.all(|c| c == '_' || is_alpha(c) || c.is_numeric())
}

/// `str.islower()`: some letter with case, and none in upper case.
pub(crate) fn is_lower(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && !text.chars().any(|c| c.is_uppercase() || is_title_case(c))
}

/// `str.isupper()`: some letter with case, and none in lower case.
pub(crate) fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(|c| c.is_lowercase() || is_title_case(c))
}

const fn is_title_case(c: char) -> bool {
    matches!(c, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ')
}

fn is_title(text: &str) -> bool {
    let (mut within, mut any) = (false, false);
    for c in text.chars() {
        if c.is_uppercase() || is_title_case(c) {
            if within {
                return false;
            }
            (within, any) = (true, true);
        } else if c.is_lowercase() {
            if !within {
                return false;
            }
            any = true;
        } else {
            within = false;
        }
    }
    any
}
