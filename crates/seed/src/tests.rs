use std::io::{self, Read};

use crate::{ColumnType, FaultKind, Options, Seed, read};

fn seed(bytes: impl AsRef<[u8]>) -> Seed {
    read(bytes.as_ref(), &Options::default()).unwrap()
}

/// `name Type` of each column, and the number of rows.
fn shown(seed: &Seed) -> String {
    let columns: Vec<_> = seed
        .columns
        .iter()
        .map(|column| format!("{} {:?}", column.name, column.kind))
        .collect();
    format!("{}; {}", columns.join(", "), seed.rows)
}

fn faults(seed: &Seed) -> Vec<(FaultKind, u64, u32, u32)> {
    let place = |fault: &crate::Fault| {
        let (start, end) = (fault.range.start().into(), fault.range.end().into());
        (fault.kind, fault.line, start, end)
    };
    seed.faults.iter().map(place).collect()
}

/// What `from_csv` of dbt-common 1.x answers for the same bytes.
#[test]
fn files_are_read_as_dbt_reads_them() {
    for (bytes, expected) in [
        (&b""[..], "; 0"),
        (b"\n", "; 0"),
        (b"a,b", "a Missing, b Missing; 0"),
        (b"a\n1\n\n", "a Number; 2"),
        (b"a,b\n1\n", "a Number, b Missing; 1"),
        (b"a,a,,\n1,2,3,4\n", "a Number, a_2 Number, c Number, d Number; 1"),
        (b"a,a_2,a\n1,2,3", "a Number, a_2 Number, a_3 Number; 1"),
        (b"\xef\xbb\xbfa\n1", "a Number; 1"),
        (b"\xef\xbb\xbf", "; 0"),
        (b"a\n\"x\ny", "a Text; 1"),
        (b"a\n\"x\"y\n", "a Text; 1"),
        (b"\n1,2\n", "a Number, b Number; 1"),
        (b"a\r1\r2", "a Number; 2"),
        (b"a\r\n1\r\n2\r\n", "a Number; 2"),
        (b"a\n \n", "a Number; 1"),
        (b"a,b\n,\n", "a Number, b Number; 1"),
        (b"a\n\n1,2\n", "a Number; 2"),
        (b"a\n\"1\r\n2\"", "a Text; 1"),
        (b"\"a\nb\",c\n1,2", "a\nb Number, c Number; 1"),
        (b"a\n\"\"\"1\"\"\"\n", "a Text; 1"),
        (b"a,b\n\"1,5\",\"x,\"\"y\"\n", "a Number, b Text; 1"),
        (b"a;b\n1;2", "a;b Text; 1"),
    ] {
        assert_eq!(
            shown(&seed(bytes)),
            expected,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
    let options = Options {
        delimiter: '¦',
        text_columns: &["b", "nothing"],
    };
    let found = read("a¦b\n1¦2\n".as_bytes(), &options).unwrap();
    assert_eq!(shown(&found), "a Number, b Text; 1");
    assert!(seed(b"\xef\xbb\xbfa").has_byte_order_mark);
}

#[test]
fn faults_are_placed() {
    use FaultKind::{
        BlankHeader, BlankLine, DuplicateColumn, EmptyFile, FieldTooLarge, NoRows, NotUtf8, TooFewFields,
        TooManyFields, UnclosedQuote, UnnamedColumn,
    };
    let few = TooFewFields {
        found: 1,
        expected: 2,
    };
    let many = TooManyFields {
        found: 3,
        expected: 2,
    };
    for (bytes, expected) in [
        (&b""[..], &[(EmptyFile, 1, 0, 0)][..]),
        (b"a\n", &[(NoRows, 1, 0, 0)]),
        (b"\n1\n", &[(BlankHeader, 1, 0, 0)]),
        (
            b"a,a,\n1,2,3",
            &[(DuplicateColumn, 1, 2, 3), (UnnamedColumn, 1, 4, 4)],
        ),
        (b"a,\"a\"\n1,2", &[(DuplicateColumn, 1, 2, 5)]),
        (b"a,b\n1\r\n1,2,3\n", &[(few, 2, 4, 5), (many, 3, 7, 12)]),
        (b"a\n1\n\n2\n\n", &[(BlankLine, 3, 4, 4), (BlankLine, 5, 7, 7)]),
        (b"a\n\"1\n2\"\n\"x\n", &[(UnclosedQuote, 4, 8, 9)]),
        (b"a\n1\n\xff2\n", &[(NotUtf8, 3, 4, 5)]),
        (b"a\n1\n\xe2\x82", &[(NotUtf8, 3, 4, 6)]),
        ("a\né\n".as_bytes(), &[]),
    ] {
        assert_eq!(
            faults(&seed(bytes)),
            expected,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
    let largest = format!("a\n{}\n", "x".repeat(131_072));
    assert_eq!(faults(&seed(&largest)), []);
    let larger = format!("a\n{}\n", "é".repeat(131_073));
    assert_eq!(faults(&seed(&larger)), [(FieldTooLarge, 2, 2, 262_148)]);
    let many_faults = seed(format!("a\n{}", "1,2\n".repeat(1000)));
    assert_eq!((many_faults.faults.len(), many_faults.further_faults), (100, 900));
    let equal_names = seed("a,".repeat(20_000));
    assert_eq!(equal_names.columns.len(), 20_001);
    assert_eq!(equal_names.columns[19_999].name, "a_20000");
}

/// The type of a column with one value, as dbt's type tester of agate answers.
#[test]
fn types_are_inferred_as_dbt_infers_them() {
    use ColumnType::{Boolean, Date, DateTime, Number, Text};
    for (kind, values) in [
        (
            Number,
            &[
                "1",
                "-1",
                "+1",
                "1.5",
                ".5",
                "5.",
                "1e5",
                "1E-5",
                "1,000",
                "1,5",
                "$5",
                "5%",
                "€ 5",
                "-$5",
                "$-5",
                "--5",
                " 5 ",
                "007",
                "1_000",
                "nan",
                "NaN",
                "nan12",
                "inf",
                "-Infinity",
                "null",
                "NULL",
                "",
                " ",
                "20240101",
                "99999999999999999999999999999999999",
                "5 %",
            ][..],
        ),
        (
            Date,
            &[
                "2024-01-31",
                "2024-1-5",
                "2024-02-29",
                "2024-01- 5",
                "0001-01-01",
                " 2024-01-01 ",
            ],
        ),
        (
            DateTime,
            &[
                "2024-01-31 23:59:59",
                "2024-1-5 1:2:3",
                "2024-01-31  23:59:59",
                "2024-01-31T23:59:59",
                "2024-01-31T23:59",
                "2024-01-31T23",
                "2024-01-31T23:59:59.123Z",
                "2024-01-31T23:59:59,5+02:00",
                "20240131T235959-0500",
                "2024-W05-1T10",
                "2024W051T10",
                "2024W05T1030",
                "2024-031T10:30",
                "2024031T10",
                "2024-01T10",
                "202401T10",
                "2024T10",
                "20T10",
                "2024-00-01T10",
                "2024-01-31T23.5",
            ],
        ),
        (Boolean, &["true", "FALSE", "True", "t,rue", ","]),
        (
            Text,
            &[
                "x",
                "yes",
                "t",
                "1 000",
                "1.2.3",
                "e5",
                "1e",
                "$",
                "%",
                "-",
                "snan",
                "infinit",
                "0x10",
                "2024-13-01",
                "2023-02-29",
                "2024-01-31x",
                "24-01-01",
                "2024/01/01",
                "2024-01-31 24:00:00",
                "2024-01-31 23:59:60",
                "2024-01-31 23:59",
                "2024-01-31 23:59:59.1",
                "2024-01-31T24:00",
                "2024-01-31T",
                "T10",
                "2024-01-31t10:00",
                "2024-01-31T10:00:",
                "2024-01-31T10:00+5",
                "2024-01-31T1:00",
                "2024-01-31T10T10",
                "0000-01-01",
                "nan-1",
                "2024-13T10",
                "202413T10",
                "2024-1T10",
                "2024-01-31T10:60",
                "2024-01-31T10:00:00.",
                "n/a",
                "none",
                "é",
                "2024-01-00T10",
                "0000T10",
                "2024W5T10",
                "1__0x",
                "2024-01-31T10Z5",
            ],
        ),
    ] {
        for value in values {
            let found = seed(format!("a\n\"{value}\"\n"));
            assert_eq!(found.columns[0].kind, kind, "{value}");
        }
    }
    for (rows, kind) in [
        ("1\nnull\n2.5", Number),
        ("1\ntrue", Text),
        ("2024-01-01\n2024-01-01 10:00:00", Text),
        ("2024-01-01T10\n2024-01-01 10:00:00", Text),
        ("20240101\n2024-01-01", Text),
        ("\n\ntrue", Boolean),
        ("null\n2024-01-01", Date),
    ] {
        assert_eq!(seed(format!("a\n{rows}\n")).columns[0].kind, kind, "{rows}");
    }
}

#[test]
fn numbers_are_measured() {
    for (rows, is_whole, largest) in [
        ("1\n-20\n", true, Some(20)),
        ("1.0\n2.50\n", false, Some(1)),
        ("1.0\n1e3\n", true, Some(1000)),
        ("9007199254740993\n", true, Some(9_007_199_254_740_993)),
        ("0.0\n", true, Some(0)),
        ("1e-2\n", false, None),
        ("x\n", false, None),
        ("null\n", false, None),
        ("1e99\n", false, Some(u128::MAX)),
        (
            "9999999999999999999999999999\n",
            true,
            Some(9_999_999_999_999_999_999_999_999_999),
        ),
        (
            "99999999999999999999999999999\n",
            false,
            Some(99_999_999_999_999_999_999_999_999_999),
        ),
        ("nan\n", true, None),
    ] {
        let column = &seed(format!("a\n{rows}")).columns[0];
        assert_eq!(
            (column.is_whole, column.largest_whole),
            (is_whole, largest),
            "{rows}"
        );
    }
    let marks = |rows: &str| {
        let column = &seed(format!("a\n{rows}\n")).columns[0];
        (
            column.has_padded_numbers,
            column.has_decorated_numbers,
            column.has_infinite_numbers,
        )
    };
    assert_eq!(marks("007"), (true, false, false));
    assert_eq!(marks("0.5\n-0\n10"), (false, false, false));
    assert_eq!(marks("\"1,5\""), (false, true, false));
    assert_eq!(marks("-5%"), (false, true, false));
    assert_eq!(marks("inf"), (false, false, true));
    assert_eq!(
        marks("007\nx"),
        (false, false, false),
        "a text keeps what is written"
    );
}

#[test]
fn spark_types_are_those_of_dbt_glue() {
    let found = seed("n,w,d,t,b,s,e,m\n1.5,1,2024-01-01,2024-01-01 10:00:00,true,x,\n");
    let types: Vec<_> = found
        .columns
        .iter()
        .map(|column| (column.spark_type(true).unwrap(), column.spark_type(false)))
        .collect();
    assert_eq!(
        types,
        [
            ("double", Some("double")),
            ("bigint", Some("double")),
            ("date", Some("string")),
            ("timestamp", Some("string")),
            ("boolean", Some("boolean")),
            ("string", Some("string")),
            ("bigint", None),
            ("integer", None),
        ]
    );
}

#[test]
fn header_ranges_are_bytes_of_the_file() {
    let text = "\u{feff}é,\"b,c\",d\n1,2,3\n";
    let found = seed(text);
    let names: Vec<_> = found
        .columns
        .iter()
        .map(|column| (column.name.as_str(), glueline_base::slice(text, column.range)))
        .collect();
    assert_eq!(names, [("é", "é"), ("b,c", "\"b,c\""), ("d", "d")]);
}

/// Gives its bytes one at a time.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.len().min(buffer.len()).min(1);
        let (now, later) = self.0.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.0 = later;
        Ok(length)
    }
}

/// Every prefix, every deletion of a byte: no panic, ranges inside the file, however the bytes arrive.
#[test]
fn torn_files_are_read() {
    let bytes = b"\xef\xbb\xbfid,\"na\"\"me\",\xc3\xa9,\r\n1,\"x\r\ny\",2024-01-01T10:00Z,$1\r\n\r\n,\xff,\"\xe2\x82\xac\n";
    for at in 0..bytes.len() {
        let mut without = bytes.to_vec();
        without.remove(at);
        for torn in [&bytes[..at], &bytes[at..], &without] {
            let found = seed(torn);
            assert_eq!(read(Drops(torn), &Options::default()).unwrap(), found);
            let ranges = found.columns.iter().map(|column| column.range);
            for range in ranges.chain(found.faults.iter().map(|fault| fault.range)) {
                assert!(usize::from(range.end()) <= torn.len());
            }
        }
    }
}

/// Characters that lie across the pieces in which a file is read.
#[test]
fn pieces_do_not_show() {
    for offset in 0..4 {
        let text = format!("a\n{}{}\n", "x".repeat(65_530 + offset), "€😀\r\n".repeat(4));
        let found = seed(&text);
        assert_eq!(
            found
                .faults
                .iter()
                .filter(|fault| fault.kind == FaultKind::NotUtf8)
                .count(),
            0
        );
        assert_eq!(found.rows, 5, "the last line is blank");
    }
}

#[test]
fn an_input_that_fails_says_so() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let error = read(Failing, &Options::default()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
}
