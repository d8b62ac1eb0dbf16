//! Closed sets of words, each with its one spelling.

/// Declares an enumeration whose variants stand for fixed words: `ALL`, `name`, `parse` and `Display` come with it.
/// Parsing is exact, as the upstream comparisons are.
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $Name:ident {
            $( $(#[$note:meta])* $Variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Name {
            $( $(#[$note])* $Variant, )+
        }

        impl $Name {
            /// Every member, in a fixed order.
            pub const ALL: &'static [Self] = &[$( Self::$Variant, )+];

            /// The one spelling that is understood.
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$Variant => $text, )+
                }
            }

            /// The member with exactly this spelling.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $( $text => Some(Self::$Variant), )+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(crate) use words;
