//! The words that shape a query. Spark reserves almost none of them: where one stands decides.

macro_rules! keywords {
    ($($name:ident $text:literal)*) => {
        /// A word that may be a keyword.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is its own word")]
        pub enum Keyword {
            $($name,)*
        }

        impl Keyword {
            /// The keyword that a word may be, whatever the case of its letters.
            pub fn of(word: &str) -> Option<Self> {
                // The longest has twelve letters.
                let mut folded = [0_u8; 12];
                let folded = folded.get_mut(..word.len())?;
                folded.copy_from_slice(word.as_bytes());
                folded.make_ascii_lowercase();
                match std::str::from_utf8(folded).ok()? {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

keywords! {
    All "all" And "and" Anti "anti" Any "any" As "as" Asc "asc" At "at" Between "between" Both "both" By "by"
    Case "case" Cast "cast" Cluster "cluster" Cross "cross" Current "current"
    Desc "desc" Distinct "distinct" Distribute "distribute" Div "div" Else "else" End "end"
    Escape "escape" Except "except" Exists "exists" Extract "extract" False "false" Filter "filter" First "first"
    Following "following" For "for" From "from" Full "full" Group "group" Having "having" Ilike "ilike" In "in"
    Inner "inner" Intersect "intersect" Interval "interval" Is "is" Join "join" Last "last" Lateral "lateral"
    Leading "leading" Left "left" Like "like" Limit "limit" Minus "minus" Natural "natural" Not "not" Null "null"
    Nulls "nulls" Of "of" Offset "offset" On "on" Or "or" Order "order" Outer "outer" Over "over"
    Partition "partition" Pivot "pivot" Preceding "preceding" Qualify "qualify" Range "range" Recursive "recursive"
    Regexp "regexp" Right "right" Rlike "rlike" Row "row" Rows "rows" Select "select" Semi "semi" Some "some"
    Sort "sort" System "system_time" Table "table" Tablesample "tablesample" Then "then" Time "time"
    Timestamp "timestamp" Trailing "trailing" True "true" TryCast "try_cast" Unbounded "unbounded" Union "union"
    Unpivot "unpivot" Using "using" Values "values" Version "version" View "view" When "when" Where "where"
    Window "window" With "with" Within "within" Zone "zone"
}

impl Keyword {
    /// Whether the word cannot be a column where an expression stands. Words that Spark allows as names and that queries use so
    /// (`first`, `date`, `row`, `filter`) are not among them.
    pub const fn is_never_column(self) -> bool {
        matches!(
            self,
            Self::And
                | Self::As
                | Self::Asc
                | Self::Between
                | Self::By
                | Self::Case
                | Self::Desc
                | Self::Distinct
                | Self::Div
                | Self::Else
                | Self::End
                | Self::Escape
                | Self::Exists
                | Self::False
                | Self::From
                | Self::Having
                | Self::Ilike
                | Self::In
                | Self::Interval
                | Self::Is
                | Self::Join
                | Self::Like
                | Self::Not
                | Self::Null
                | Self::On
                | Self::Or
                | Self::Over
                | Self::Regexp
                | Self::Rlike
                | Self::Select
                | Self::Then
                | Self::True
                | Self::Union
                | Self::Using
                | Self::When
                | Self::Where
                | Self::With
        )
    }

    /// Whether the word ends a relation, so that it is not its alias (`strictNonReserved` of Spark's grammar, and the clauses).
    pub const fn ends_relation(self) -> bool {
        self.is_never_column()
            || matches!(
                self,
                Self::Anti
                    | Self::Cluster
                    | Self::Cross
                    | Self::Distribute
                    | Self::Except
                    | Self::For
                    | Self::Full
                    | Self::Group
                    | Self::Inner
                    | Self::Intersect
                    | Self::Lateral
                    | Self::Left
                    | Self::Limit
                    | Self::Minus
                    | Self::Natural
                    | Self::Offset
                    | Self::Order
                    | Self::Outer
                    | Self::Pivot
                    | Self::Qualify
                    | Self::Right
                    | Self::Semi
                    | Self::Sort
                    | Self::Tablesample
                    | Self::Unpivot
                    | Self::Window
            )
    }
}
