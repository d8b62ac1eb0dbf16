//! Making text harmless for a terminal.

use std::borrow::Cow;

/// The text with every character that could steer a terminal, or disguise what stands there, replaced by a
/// visible one. Tabs stay; line ends become spaces; a byte order mark disappears.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    let text = text.trim_end_matches(['\r', '\n']);
    let joined = text.replace("\r\n", "\n");
    Cow::Owned(joined.chars().filter_map(shown).collect())
}

fn shown(c: char) -> Option<char> {
    Some(match c {
        '\t' => '\t',
        '\n' | '\u{2028}' | '\u{2029}' => ' ',
        // Unicode has a picture for each of the 32 control characters and one for DEL.
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}'),
        '\u{7F}' => '\u{2421}',
        // Control characters of the second half, and those that turn the direction of writing round.
        '\u{80}'..='\u{9F}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            '\u{FFFD}'
        }
        '\u{FEFF}' => return None,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        for (text, want) in [
            ("plain é 世界\tx", "plain é 世界\tx"),
            ("\u{1b}[31mred\u{7}", "␛[31mred␇"),
            ("a\r\nb\nc\n", "a b c"),
            ("a\rb", "a␍b"),
            ("\u{FEFF}a\u{7F}\u{9b}", "a␡\u{FFFD}"),
            ("user\u{202E}txt", "user\u{FFFD}txt"),
            ("", ""),
        ] {
            assert_eq!(clean(text), want);
        }
        for code in 0..0x3000 {
            let Some(c) = char::from_u32(code) else { continue };
            let text = c.to_string();
            assert!(
                clean(&text).chars().all(|c| c == '\t' || !c.is_control()),
                "{code:x}"
            );
        }
    }
}
