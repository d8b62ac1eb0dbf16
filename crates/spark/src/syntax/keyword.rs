//! The words that Spark's grammar of queries gives a meaning. None of them is reserved: each may be a name as well.

macro_rules! keywords {
    ($($name:ident $text:literal)*) => {
        /// A word with a meaning in the grammar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kw { $($name),* }

        /// The words in capitals, in the order of the enum, which is that of the alphabet.
        const WORDS: &[(&str, Kw)] = &[$(($text, Kw::$name)),*];
    };
}

keywords! {
    All "ALL" And "AND" Anti "ANTI" Any "ANY" AnyValue "ANY_VALUE" As "AS" Asc "ASC" Between "BETWEEN" Both "BOTH" Bucket "BUCKET"
    By "BY" Case "CASE" Cast "CAST" Cluster "CLUSTER" Cross "CROSS" Cube "CUBE" Current "CURRENT" CurrentDate "CURRENT_DATE"
    CurrentTimestamp "CURRENT_TIMESTAMP" CurrentUser "CURRENT_USER" DateAdd "DATEADD" DateDiff "DATEDIFF" DateAdd2 "DATE_ADD"
    DateDiff2 "DATE_DIFF" Desc "DESC" Distinct "DISTINCT" Distribute "DISTRIBUTE" Div "DIV" Else "ELSE" End "END" Escape "ESCAPE"
    Except "EXCEPT" Exclude "EXCLUDE" Exists "EXISTS" Extract "EXTRACT" False "FALSE" Filter "FILTER" First "FIRST"
    Following "FOLLOWING" For "FOR" From "FROM" Full "FULL" Group "GROUP" Grouping "GROUPING" Having "HAVING"
    Identifier "IDENTIFIER" Ignore "IGNORE" Ilike "ILIKE" In "IN" Include "INCLUDE" Inner "INNER" Intersect "INTERSECT"
    Interval "INTERVAL" Is "IS" Join "JOIN" Last "LAST" Lateral "LATERAL" Leading "LEADING" Left "LEFT" Like "LIKE" Limit "LIMIT"
    Map "MAP" Minus "MINUS" Natural "NATURAL" Not "NOT" Null "NULL" Nulls "NULLS" Of "OF" Offset "OFFSET" On "ON" Or "OR"
    Order "ORDER" Out "OUT" Outer "OUTER" Over "OVER" Overlay "OVERLAY" Partition "PARTITION" Percent "PERCENT" Pivot "PIVOT"
    Placing "PLACING" Position "POSITION" Preceding "PRECEDING" Range "RANGE" RecordWriter "RECORDWRITER" Reduce "REDUCE"
    Regexp "REGEXP" Repeatable "REPEATABLE" Respect "RESPECT" Right "RIGHT" Rlike "RLIKE" Rollup "ROLLUP" Row "ROW" Rows "ROWS"
    Select "SELECT" Semi "SEMI" SessionUser "SESSION_USER" Sets "SETS" Some "SOME" Sort "SORT" Struct "STRUCT" Substr "SUBSTR"
    Substring "SUBSTRING" SystemTime "SYSTEM_TIME" SystemVersion "SYSTEM_VERSION" Table "TABLE" Tablesample "TABLESAMPLE"
    Then "THEN" Timestamp "TIMESTAMP" TimestampAdd "TIMESTAMPADD" TimestampDiff "TIMESTAMPDIFF" To "TO" Trailing "TRAILING"
    Transform "TRANSFORM" Trim "TRIM" True "TRUE" TryCast "TRY_CAST" Unbounded "UNBOUNDED" Union "UNION" Unknown "UNKNOWN"
    Unpivot "UNPIVOT" User "USER" Using "USING" Values "VALUES" Version "VERSION" View "VIEW" When "WHEN" Where "WHERE"
    Window "WINDOW" With "WITH" Within "WITHIN"
}

impl Kw {
    /// The keyword that a word is, in any case.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let mut upper = [0u8; 20];
        let bytes = word.as_bytes();
        let upper = upper.get_mut(..bytes.len())?;
        upper.copy_from_slice(bytes);
        upper.make_ascii_uppercase();
        let upper: &[u8] = upper;
        let found = WORDS
            .binary_search_by(|(text, _)| text.as_bytes().cmp(upper))
            .ok()?;
        WORDS.get(found).map(|(_, kw)| *kw)
    }

    /// Whether the word cannot be the alias of a relation, as it always begins what follows one.
    pub(crate) const fn ends_relation(self) -> bool {
        matches!(
            self,
            Self::Anti
                | Self::Cross
                | Self::Except
                | Self::Full
                | Self::Inner
                | Self::Intersect
                | Self::Join
                | Self::Lateral
                | Self::Left
                | Self::Natural
                | Self::On
                | Self::Right
                | Self::Semi
                | Self::Minus
                | Self::Union
                | Self::Using
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(Kw::of("Select"), Some(Kw::Select));
        assert_eq!(Kw::of("try_cast"), Some(Kw::TryCast));
        assert_eq!(Kw::of("selec"), None);
        assert_eq!(Kw::of("a_word_that_is_longer_than_any"), None);
    }
}
