//! Reads what Python source says without running it: classes, their fields, constructors and decorated methods.

use std::collections::BTreeMap;

/// A class of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Class {
    /// Its name.
    pub(crate) name: String,
    /// The names of its bases, without modules.
    pub(crate) bases: Vec<String>,
    /// Annotated fields, in order.
    pub(crate) fields: Vec<Field>,
    /// Methods, in order.
    pub(crate) methods: Vec<Method>,
}

/// An annotated field or parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// The annotation as written; empty where there is none.
    pub(crate) annotation: String,
    /// The default as written.
    pub(crate) default: Option<String>,
}

/// A method of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Method {
    /// Its name.
    pub(crate) name: String,
    /// The decorators, without `@`.
    pub(crate) decorators: Vec<String>,
    /// The parameters, `self` and `cls` included.
    pub(crate) parameters: Vec<Field>,
}

/// A statement without comments and line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    indent: usize,
    text: String,
}

/// The classes at the top level of a module.
pub(crate) fn classes(source: &str) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut inside = false;
    let mut decorators = Vec::new();
    for line in logical_lines(source) {
        if line.indent == 0 {
            inside = false;
            if let Some(class) = class_header(&line.text) {
                classes.push(class);
                inside = true;
            }
            decorators.clear();
            continue;
        }
        let Some(class) = classes.last_mut().filter(|_| inside && line.indent == 4) else {
            continue;
        };
        if let Some(decorator) = line.text.strip_prefix('@') {
            decorators.push(decorator.to_owned());
        } else if let Some(method) = method(&line.text, &decorators) {
            class.methods.push(method);
            decorators.clear();
        } else if let Some(field) = field(&line.text) {
            class.fields.push(field);
        }
    }
    classes
}

/// The names of functions at the top level of a module.
pub(crate) fn functions(source: &str) -> Vec<String> {
    logical_lines(source)
        .iter()
        .filter(|line| line.indent == 0)
        .filter_map(|line| line.text.strip_prefix("def "))
        .filter_map(|rest| rest.split_once('('))
        .map(|(name, _)| name.trim().to_owned())
        .collect()
}

/// The fields of a class with those it inherits, bases first, each name once. Bases that are not known are passed over.
pub(crate) fn fields_of(known: &BTreeMap<String, Class>, class: &Class) -> Vec<Field> {
    fn collect(known: &BTreeMap<String, Class>, class: &Class, depth: usize, out: &mut Vec<Field>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        // The leftmost base wins in Python, so it comes last here.
        for base in class.bases.iter().rev() {
            if let Some(base) = known.get(base) {
                collect(known, base, depth, out);
            }
        }
        for field in &class.fields {
            match out.iter_mut().find(|other| other.name == field.name) {
                Some(other) => other.clone_from(field),
                None => out.push(field.clone()),
            }
        }
    }
    let mut out = Vec::new();
    collect(known, class, 16, &mut out);
    out
}

/// The texts in a list literal, such as `['a', "b"]`, from its first bracket on.
pub(crate) fn string_list(text: &str) -> Vec<String> {
    let Some((_, rest)) = text.split_once('[') else {
        return Vec::new();
    };
    let inner = rest.split_once(']').map_or(rest, |(inner, _)| inner);
    split_top(inner, ',')
        .iter()
        .filter_map(|item| string_literal(item))
        .collect()
}

/// The text of a plain string literal.
pub(crate) fn string_literal(text: &str) -> Option<String> {
    let text = text.trim();
    ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote))
        .map(str::to_owned)
}

/// Splits at a character outside brackets and quotes.
pub(crate) fn split_top(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, c) if c == separator && depth == 0 => {
                parts.push(text.get(start..at).unwrap_or("").trim());
                start = at + c.len_utf8();
            }
            (None, _) => {}
        }
    }
    let last = text.get(start..).unwrap_or("").trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

fn class_header(text: &str) -> Option<Class> {
    let rest = text.strip_prefix("class ")?.trim_end().strip_suffix(':')?;
    let (name, bases) = rest.split_once('(').unwrap_or((rest, ""));
    let bases = bases.trim_end().strip_suffix(')').unwrap_or(bases);
    let bases = split_top(bases, ',')
        .into_iter()
        .filter(|base| !base.contains('='))
        .map(|base| base.rsplit_once('.').map_or(base, |(_, last)| last).to_owned())
        .collect();
    Some(Class {
        name: name.trim().to_owned(),
        bases,
        fields: Vec::new(),
        methods: Vec::new(),
    })
}

fn method(text: &str, decorators: &[String]) -> Option<Method> {
    let rest = text.strip_prefix("def ")?;
    let (name, rest) = rest.split_once('(')?;
    // The parameters end at the bracket that closes them, not at one inside them.
    let mut depth = 1_usize;
    let end = rest.char_indices().find(|(_, c)| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    let parameters = split_top(rest.get(..end.0)?, ',')
        .into_iter()
        .map(parameter)
        .collect();
    Some(Method {
        name: name.trim().to_owned(),
        decorators: decorators.to_vec(),
        parameters,
    })
}

fn parameter(text: &str) -> Field {
    let parts = split_top(text, '=');
    let declared = parts.first().copied().unwrap_or("");
    let (name, annotation) = declared.split_once(':').unwrap_or((declared, ""));
    Field {
        name: name.trim().to_owned(),
        annotation: annotation.trim().to_owned(),
        default: text
            .split_once('=')
            .filter(|_| parts.len() > 1)
            .map(|(_, default)| default.trim().to_owned()),
    }
}

fn field(text: &str) -> Option<Field> {
    let colon = text.find(':')?;
    let name = text.get(..colon)?.trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_name || matches!(name, "else" | "try" | "finally") {
        return None;
    }
    let field = parameter(text);
    (!field.annotation.is_empty() && !field.annotation.starts_with("ClassVar")).then_some(field)
}

/// Statements with their indentation: comments dropped, lines inside brackets joined, docstrings passed over.
fn logical_lines(source: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut depth = 0_usize;
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '"' | '\'' => {
                let length = string_length(rest, c);
                current.push_str(rest.get(..length).unwrap_or(""));
                length
            }
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '\n' if depth == 0 => {
                push_line(&mut lines, &mut current);
                1
            }
            '\n' => {
                current.push(' ');
                1
            }
            _ => {
                match c {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                current.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or("");
    }
    push_line(&mut lines, &mut current);
    lines
}

fn push_line(lines: &mut Vec<Line>, current: &mut String) {
    let text = current.trim();
    if !text.is_empty() && !text.starts_with(['"', '\'']) {
        lines.push(Line {
            indent: current.len() - current.trim_start().len(),
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        });
    }
    current.clear();
}

/// The length in bytes of the string literal that a text begins with. One that is not closed ends with the text.
fn string_length(text: &str, quote: char) -> usize {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let end = if text.starts_with(&triple) {
        triple
    } else {
        quote.to_string()
    };
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(end.len()) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if text.get(at..).is_some_and(|rest| rest.starts_with(&end)) {
            return at + end.len();
        } else if c == '\n' && end.len() == 1 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
from x import y

@dataclass
class Base(Other):
    """Says: nothing
    name: str = "no field"
    """
    a: Optional[str] = None  # type: ignore
    b: Dict[str, Any] = field(
        default_factory=dict,  # a comment
        metadata={"merge": M.Append, "alias": "b-b"},
    )
    _hidden: ClassVar[bool] = True

    @property
    def type(self):
        local: int = 3
        return "glue"

    @available.parse(lambda *a, **k: [])
    def get(self, name: str = "a,b", *args, default: Any = None) -> List[str]:
        pass


class Child(mod.Base, Second, metaclass=M):
    a: str = "x = 'y'"
    c: int

def helper(a, b):
    pass
"#;

    fn named(name: &str) -> Class {
        classes(SOURCE)
            .into_iter()
            .find(|class| class.name == name)
            .unwrap()
    }

    #[test]
    fn fields_with_annotations_and_defaults() {
        let base = named("Base");
        let fields: Vec<_> = base
            .fields
            .iter()
            .map(|f| (f.name.as_str(), f.annotation.as_str(), f.default.as_deref()))
            .collect();
        assert_eq!(
            fields,
            [
                ("a", "Optional[str]", Some("None")),
                (
                    "b",
                    "Dict[str, Any]",
                    Some(
                        "field( default_factory=dict, metadata={\"merge\": M.Append, \"alias\": \"b-b\"}, )"
                    )
                ),
            ]
        );
    }

    #[test]
    fn methods_with_decorators_and_parameters() {
        let base = named("Base");
        let get = base.methods.iter().find(|method| method.name == "get").unwrap();
        assert_eq!(get.decorators, ["available.parse(lambda *a, **k: [])"]);
        let names: Vec<_> = get.parameters.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["self", "name", "*args", "default"]);
        assert_eq!(get.parameters[1].default.as_deref(), Some("\"a,b\""));
    }

    #[test]
    fn bases_give_fields_and_children_override() {
        let child = named("Child");
        assert_eq!(child.bases, ["Base", "Second"]);
        let known = classes(SOURCE)
            .into_iter()
            .map(|class| (class.name.clone(), class))
            .collect();
        let fields = fields_of(&known, &child);
        let names: Vec<_> = fields.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(fields[0].default.as_deref(), Some("\"x = 'y'\""));
        assert_eq!(functions(SOURCE), ["helper"]);
    }

    #[test]
    fn a_class_that_is_its_own_base_ends() {
        let class = classes("class A(A):\n    x: int = 1\n").remove(0);
        let known = BTreeMap::from([("A".to_owned(), class.clone())]);
        assert_eq!(fields_of(&known, &class).len(), 1);
    }

    #[test]
    fn lists_and_literals() {
        assert_eq!(string_list("set x = ['a', \"b\", c, 'd,e']"), ["a", "b", "d,e"]);
        assert_eq!(string_list("nothing"), Vec::<String>::new());
        assert_eq!(string_literal(" 'a' ").as_deref(), Some("a"));
        assert_eq!(string_literal("a"), None);
        assert_eq!(split_top("a, f(b, c), 'd, e'", ','), ["a", "f(b, c)", "'d, e'"]);
    }

    #[test]
    fn torn_source_is_no_trouble() {
        for at in 0..=SOURCE.len() {
            let (Some(head), Some(tail)) = (SOURCE.get(..at), SOURCE.get(at..)) else {
                continue;
            };
            // Whatever is cut off, at most the classes of the whole are found.
            assert!(classes(head).len() <= 2);
            assert!(classes(tail).len() <= 2);
        }
    }
}
