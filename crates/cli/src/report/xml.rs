//! Text inside XML.

use std::fmt::{self, Display, Write};

/// A text that is escaped as it is printed, fit for content and for quoted attributes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Xml<'a>(pub &'a str);

impl Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&apos;")?,
                // In an attribute a reader would turn these into spaces.
                '\t' | '\n' | '\r' => write!(f, "&#{};", u32::from(c))?,
                // XML 1.0 (section 2.2) has no way to write these at all.
                '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => f.write_char('\u{FFFD}')?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_stand_in_an_attribute() {
        let text = "<a b=\"c\" d='e'>&\r\n\t\u{1b}é";
        let want = "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;&#13;&#10;&#9;\u{FFFD}é";
        assert_eq!(Xml(text).to_string(), want);
    }
}
