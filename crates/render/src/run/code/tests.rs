use super::*;

#[test]
fn python_reads_what_is_sent() {
    let table: serde_json::Value = serde_json::from_str(include_str!("readings.json")).unwrap();
    let mut wrong = Vec::new();
    let mut unknown = 0;
    let rows = table.as_array().unwrap();
    for row in rows {
        let text = |at: usize| row[at].as_str().unwrap();
        let read = code(text(0), "False", text(1)).unwrap().reading();
        let expected = match &row[2] {
            serde_json::Value::Null => Reading::Same,
            serde_json::Value::Bool(_) => Reading::Other,
            serde_json::Value::String(message) => Reading::Refused(message.clone()),
            pieces => Reading::Pieces(serde_json::from_value(pieces.clone()).unwrap()),
        };
        if read == Reading::Unknown {
            unknown += 1;
        } else if read != expected {
            wrong.push(format!(
                "{:?} {:?}\n   expected {expected:?}\n   found    {read:?}",
                text(0),
                text(1)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
    assert!(unknown * 100 < rows.len(), "{unknown} unknown");
}

/// `textwrap.dedent`, line ends, and what of it Python refuses.
#[test]
fn code_of_the_users_own_is_sent_as_it_stands() {
    let mark = "custom_glue_code_for_dbt_adapter";
    let cases = [
        ("df = 1\n", "df = 1\n"),
        ("  df = 1\n\n    x\n  y", "df = 1\n\n  x\ny"),
        ("\t a\n\t  b\n \t\n", "a\n b\n\n"),
        ("\ta\n  b", "\ta\n  b"),
        ("  a\r\n  \r\n", "a\r\n\r\n"),
        ("   \n a\n  ", "\na\n"),
        ("", ""),
    ];
    for (text, sent) in cases {
        let code = code(&format!("{mark}{text}"), "False", "None").unwrap();
        assert_eq!((code.text.as_str(), code.sql), (sent, None), "{text:?}");
    }
    let refusals = [
        ("/* {} */\ncreate table x\ndf = 1", "invalid syntax"),
        (
            "/* {} */\nselect 'a\n'",
            "unterminated string literal (detected at line 2)",
        ),
        ("/* {} */\n  create\n   x\n 'abc\n", "invalid syntax"),
        ("create table x", "invalid syntax"),
        (
            "/* it's */\nx",
            "unterminated string literal (detected at line 1)",
        ),
    ];
    let reading = |text: &str| code(&format!("{text}{mark}"), "False", "None").unwrap().reading();
    for (text, message) in refusals {
        assert_eq!(reading(text), Reading::Refused(message.to_owned()), "{text:?}");
    }
    for text in ["df = 1", "(a)", "-- 1", "x\n/* */"] {
        assert_eq!(reading(text), Reading::Unknown, "{text:?}");
    }
}

#[test]
fn what_is_sent() {
    assert_eq!(
        code("/* a */ select 1", "False", "None"),
        Err("substring not found")
    );
    let sent = code("select 'a'", "True", "s3://b/x").unwrap();
    assert_eq!(
        sent.text,
        "SqlWrapper2.execute('''select 'a' ''', use_arrow=True, location='s3://b/x')"
    );
    assert_eq!(sent.sql.as_deref(), Some("select 'a' "));
}

/// Deep or endless nesting ends, and soon.
#[test]
fn hostile_texts_end() {
    let deep = |open: &str, close: &str, n: usize| format!("''' {}1{} '''", open.repeat(n), close.repeat(n));
    for text in [
        deep("(", ")", 199),
        deep("[", "]", 199),
        deep("{", "}", 150),
        deep("f(", ")", 180),
        deep("1 if ", "", 3000),
        deep("not ", "", 30_000),
        deep("lambda: ", "", 3000),
        deep("a.b ", "", 20_000),
        deep("(a=", ")", 199),
        deep("'", "", 50_001),
    ] {
        assert_ne!(spark_reads(&text), Reading::Same);
    }
}
