//! Templates that are broken, run away, or nest without end: each comes to an end within its limits, and nothing panics.

use std::sync::Arc;

use glueline_base::FileId;
use glueline_template::{
    Cx, Ends, Engine, Error, ErrorKind, Host, Limits, Origin, Rendered, Unit, Value, lower_template,
};

struct Nothing;

impl Host for Nothing {
    fn lookup(&self, _cx: &Cx, _name: &str) -> Option<Value> {
        None
    }
}

/// Little of everything, so that a template that runs away is stopped soon.
const LIMITS: Limits = Limits {
    fuel: 100_000,
    depth: 40,
    text: 1 << 20,
};

fn render(engine: &Arc<Engine>, source: &str, marked: bool) -> Result<Rendered, Error> {
    let unit = Unit {
        name: "t".into(),
        origin: Origin::File(FileId(0)),
        cached: None,
        marked,
    };
    let program = Arc::new(lower_template(
        unit,
        &glueline_jinja::parse(source),
        Ends::Newline,
    ));
    engine.render(&program, Arc::new(Nothing), LIMITS).0
}

fn check(engine: &Arc<Engine>, source: &str) {
    let results = [true, false].map(|marked| match render(engine, source, marked) {
        Ok(rendered) => rendered.text,
        Err(error) => {
            let message = error.message();
            assert!(!message.contains("fault of Glueline"), "{source}: {message}");
            assert!(!message.contains("defect of Glueline"), "{source}: {message}");
            message.to_owned()
        }
    });
    let [marked, plain] = &results;
    let limited = |text: &str| text.contains("grew beyond") || text.contains("was stopped");
    // Marks count, too, where the limit is on bytes.
    if !limited(marked) && !limited(plain) {
        assert_eq!(marked, plain, "{source}");
    }
}

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }
}

const SEEDS: [&str; 2] = [
    include_str!("python/templates.jsonl"),
    include_str!("python/cuts.jsonl"),
];

/// Words that mean something somewhere.
const WORDS: [&str; 30] = [
    "{%",
    "%}",
    "{{",
    "}}",
    "{#",
    "#}",
    "endif",
    "endfor",
    "loop",
    "recursive",
    "(",
    ")",
    "[",
    "]",
    "|",
    "\"",
    "'",
    "-",
    "\u{10FFF0}",
    "\u{10FFE0}",
    "é",
    "__call",
    "*",
    "**",
    ",",
    "=",
    "set ",
    "if ",
    "{% break %}",
    "\r",
];

#[test]
fn broken_templates_never_panic() {
    let engine = Engine::new();
    let sources: Vec<String> = SEEDS
        .iter()
        .flat_map(|table| table.lines())
        .step_by(3)
        .filter_map(|line| match glueline_template::from_json(line) {
            Ok(Value::List(parts)) => parts
                .items()
                .first()
                .and_then(|source| Some(source.as_str()?.into_owned())),
            _ => None,
        })
        .collect();
    assert!(sources.len() > 300, "{}", sources.len());
    let mut numbers = Numbers(1);
    for source in &sources {
        for _ in 0..4 {
            let mut chars: Vec<char> = source.chars().collect();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(chars.len());
                let end = (at + numbers.below(6)).min(chars.len());
                let word = WORDS.get(numbers.below(WORDS.len())).copied().unwrap_or("");
                chars.splice(at..end, word.chars());
            }
            check(&engine, &chars.into_iter().collect::<String>());
        }
    }
}

#[test]
fn runaway_templates_are_stopped() {
    let engine = Engine::new();
    for source in [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ ['x'] * 10 ** 9 }}",
        "{% set x = ['x'] %}{% for i in range(99) %}{% do x.extend(x) %}{% endfor %}",
        "{% set x = [1] %}{% for i in x %}{% do x.append(i) %}{% endfor %}",
        "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x.replace('x', 'xx') %}{% endfor %}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% macro m() %}{{ varargs[0](varargs[0]) }}{% endmacro %}{{ dbt_macro__m(dbt_macro__m) }}",
        "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}{% set ns = namespace(x='x') %}{% for i in range(99999) %}{% call dbt_macro__m() %}{{ i }}{% endcall %}{% endfor %}",
        "{{ '%99999999s' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'a'.center(999999999) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ 'a\\n'|indent(999999999) }}",
    ] {
        match render(&engine, source, true) {
            Ok(rendered) => panic!("{source}: {} bytes", rendered.text.len()),
            Err(error) => {
                let stopped = matches!(
                    error.kind(),
                    ErrorKind::Limit | ErrorKind::Python("RecursionError")
                );
                let refused = stopped || error.message().to_lowercase().contains("too ");
                assert!(refused, "{source}: {error:?}");
            }
        }
    }
}

#[test]
fn deep_values_and_long_templates_come_to_an_end() {
    let engine = Engine::new();
    let many = |part: &str, count: usize| part.repeat(count);
    for source in [
        "{% set x = [] %}{% do x.append(x) %}{{ x }}{{ x == x }}{{ x|length }}".to_owned(),
        "{% set x = {} %}{% do x.update({'a': x}) %}{{ x }}{{ x == x }}".to_owned(),
        "{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x|length }}".to_owned(),
        "{% set ns = namespace(x={}) %}{% for i in range(5000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}{{ ns.x|length }}".to_owned(),
        "{% set ns = namespace(x=()) %}{% for i in range(5000) %}{% set ns.x = [(ns.x, 1)] %}{% endfor %}{{ ns.x|length }}".to_owned(),
        format!("{{% if x == 0 %}}0{}{{% endif %}}", many("{% elif x == 1 %}1", 5000)),
        format!("{{{{ 1{} }}}}", many(" + 1", 200)),
        format!("{{{{ 'a'{} }}}}", many("|upper", 200)),
        format!("{{{{ 'a'{} }}}}", many(".upper()", 120)),
        format!("{{{{ 1{} }}}}", many(" ~ 1", 3000)),
        format!("{{{{ 0{} }}}}", many(" or 0", 5000)),
        format!("{{{{ [{}]|length }}}}", many("1, ", 20000)),
        format!("{{{{ {}1{} }}}}", many("(", 90), many(")", 90)),
        format!("{{{{ {}{} }}}}", many("[", 40), many("]", 40)),
        many("{% set x = 1 %}{{ x }}", 5000),
        format!("{}x{}", many("{% if true %}", 60), many("{% endif %}", 60)),
    ] {
        if let Err(error) = render(&engine, &source, true) {
            let start: String = source.chars().take(120).collect();
            panic!("{start}: {error:?}");
        }
    }
}
