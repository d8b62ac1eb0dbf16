//! A small fixed report, and readers strict enough to judge what was printed.

use glueline_base::{Diagnostic, FileId, FileRange, Fix, Group, RuleMeta, Severity, Source, range};

use super::{Format, Report, write};

/// The rules of the report.
pub(crate) const META: [RuleMeta; 3] = [
    RuleMeta {
        id: "merge-without-unique-key",
        group: Group::Fails,
        severity: Severity::Error,
        summary: "`merge` without `unique_key`",
        page: "# merge-without-unique-key\n\nMerge needs a key.\n",
        since: "0.1.0",
        stop: None,
    },
    RuleMeta {
        id: "version-is-a-number",
        group: Group::Ineffective,
        severity: Severity::Warning,
        summary: "a version that YAML reads as a number",
        page: "# version-is-a-number\n",
        since: "0.1.0",
        stop: None,
    },
    RuleMeta {
        id: "never-seen",
        group: Group::Project,
        severity: Severity::Hint,
        summary: "does not appear",
        page: "# never-seen\n",
        since: "0.1.0",
        stop: None,
    },
];

/// Findings and files that live long enough to be borrowed by a report.
#[derive(Debug)]
pub(crate) struct Sample {
    diagnostics: Vec<Diagnostic>,
    sources: Vec<Source>,
}

impl Sample {
    pub(crate) fn report(&self) -> Report<'_> {
        Report {
            diagnostics: &self.diagnostics,
            sources: &self.sources,
            files: 3,
            models: 2,
            rules: &META,
            prefix: "",
            fail_on: Severity::Warning,
        }
    }
}

/// Three findings: a safe fix, one that needs consent and a related place in another file, and a hint with
/// characters that every format has to escape.
pub(crate) fn sample() -> Sample {
    let project = "name: shop\nversion: 1.0\n";
    let orders = "\u{FEFF}{{ config(\r\n\tincremental_strategy='merge') }}\r\nselect '世界' as é\r\n";
    let odd = "select 1 -- \u{1b}[31m & <b>\n";
    let sources: Vec<Source> = [
        ("dbt_project.yml", project),
        ("models/orders.sql", orders),
        ("models/sub dir/odd%,:.sql", odd),
    ]
    .map(|(path, text)| Source::decode(path.into(), text.as_bytes().to_vec()))
    .into();
    let find = |file: u32, text: &str, needle: &str| {
        let start = text.find(needle).unwrap();
        FileRange {
            file: FileId(file),
            range: range(start, start + needle.len()),
        }
    };
    let version = find(0, project, "1.0");
    let merge = find(1, orders, "'merge'");
    let diagnostics = vec![
        Diagnostic::new(
            &META[1],
            version,
            "`1.0` is a number here; quote it to keep it a version.",
        )
        .fix(Fix::safe("Quote `1.0`").replace(version, "\"1.0\"")),
        Diagnostic::new(
            &META[0],
            merge,
            "`merge` needs `unique_key`, dbt-glue refuses the model.",
        )
        .node("model.shop.orders")
        .related(find(0, project, "name: shop"), "the project is named here")
        .fix(Fix::needs_consent("Use `append`").replace(merge, "'append'")),
        Diagnostic::new(
            &META[1],
            find(2, odd, "\u{1b}[31m & <b>"),
            "Odd: 100% <\"odd\">\nand \u{1b}[31mred & 'quoted'.",
        )
        .severity(Severity::Hint),
    ];
    Sample { diagnostics, sources }
}

/// The sample in a format, without colours.
pub(crate) fn printed(format: Format) -> String {
    let mut out = Vec::new();
    write(&sample().report(), format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A report of no findings in a format.
pub(crate) fn printed_empty(format: Format) -> String {
    let sample = sample();
    let mut report = sample.report();
    report.diagnostics = &[];
    let mut out = Vec::new();
    write(&report, format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Panics unless the text is one well-formed element after an XML declaration: tags nest, attributes are
/// quoted, and no bare `<` or `&` stands anywhere.
pub(crate) fn assert_well_formed_xml(text: &str) {
    let mut rest = text
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .expect("a declaration");
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    while let Some((content, after)) = rest.split_once('<') {
        assert_references(content);
        assert!(
            !open.is_empty() || content.trim().is_empty(),
            "text outside: {content:?}"
        );
        let (tag, next) = after.split_once('>').expect("a tag ends");
        rest = next;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags nest");
            continue;
        }
        roots += usize::from(open.is_empty());
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        while !attributes.trim().is_empty() {
            let (key, value) = attributes.split_once("=\"").expect("a quoted attribute");
            assert!(key.trim().chars().all(|c| c.is_ascii_alphanumeric()), "{key:?}");
            let (value, next) = value.split_once('"').expect("the attribute ends");
            assert_references(value);
            attributes = next;
        }
        if !empty {
            open.push(name);
        }
    }
    assert!(
        rest.trim().is_empty() && open.is_empty() && roots == 1,
        "{open:?} {rest:?}"
    );
}

fn assert_references(text: &str) {
    for piece in text.split('&').skip(1) {
        let (name, _) = piece.split_once(';').expect("a reference ends");
        let known = ["amp", "lt", "gt", "quot", "apos"].contains(&name);
        assert!(
            known || name.strip_prefix('#').is_some_and(|n| n.parse::<u32>().is_ok()),
            "{name}"
        );
    }
    let bare = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(bare), "{text:?}");
}
