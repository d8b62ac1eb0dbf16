//! `glueline.toml`.

use super::check;

#[test]
fn settings() {
    check(
        "glueline.toml",
        &[
            ("$0", "adapter-version fail-on target [rules]", "missing-ref"),
            ("tar$0", "target", "*"),
            ("target = \"dev\"\n$0", "fail-on", "target"),
            ("target = \"$0\"", "dev prod", "*"),
            ("target = $0", "dev prod", "*"),
            ("fail-on = '$0'", "error hint", "off"),
            ("output-format = \"$0\"", "concise json sarif", ""),
            ("adapter-version = \"$0\"", "1.10.19", ""),
            ("stop-session = $0", "true false", "*"),
            ("stop-session = '$0'", "", "true"),
            ("[$0", "rules", "*"),
            ("[rules]\n$0", "all cost missing-ref", "target"),
            ("[rules]\nmissing-so$0", "missing-source", "missing-ref"),
            ("[rules]\nmissing-ref = \"$0\"", "error off warning", "dev"),
            ("# $0", "", "*"),
            ("include = [\"$0\"]", "", "*"),
        ],
    );
}
