//! Python annotations and defaults in the catalogue's terms.

use glueline_catalog::{Merge, ValueType};

use crate::python::{Field, split_top, string_literal};

/// An annotation without what makes it optional, and whether it is.
pub(super) fn without_none(annotation: &str) -> (String, bool) {
    let annotation = annotation.trim();
    if let Some(inner) = arguments_of(annotation, "Annotated") {
        let first = split_top(inner, ',').first().copied().unwrap_or("");
        return without_none(first);
    }
    if let Some(inner) = arguments_of(annotation, "Optional") {
        return (without_none(inner).0, true);
    }
    if let Some(inner) = arguments_of(annotation, "Union") {
        let parts = split_top(inner, ',');
        let kept: Vec<_> = parts.iter().copied().filter(|part| *part != "None").collect();
        let optional = kept.len() < parts.len();
        return match kept.as_slice() {
            [only] => ((*only).to_owned(), optional),
            _ => (format!("Union[{}]", kept.join(", ")), optional),
        };
    }
    (annotation.to_owned(), false)
}

/// Whether a value of the catalogue's type is what a Python annotation (without `None`) takes.
pub(super) fn fits(annotation: &str, value: ValueType) -> bool {
    use ValueType as V;
    if let Some(inner) = arguments_of(annotation, "Union") {
        let parts = split_top(inner, ',');
        let texts = |part: &&str| matches!(*part, "List[str]");
        return match value {
            V::Any => true,
            V::TextOrTexts => parts.contains(&"str") && parts.iter().any(texts),
            V::TextOrNumber => parts.iter().any(|part| *part == "float" || *part == "int"),
            V::TextOrObject(_) => parts.contains(&"str"),
            V::Mapping => parts
                .iter()
                .all(|part| is_class(part) || part.starts_with("Dict[")),
            _ => false,
        };
    }
    match annotation {
        "Any" => matches!(value, V::Any),
        "str" | "Identifier" | "Severity" => matches!(value, V::Text | V::TextBool(_)),
        "bool" => matches!(value, V::Bool),
        "int" => matches!(value, V::Integer),
        "float" => matches!(value, V::Number),
        "NodeVersion" | "RawVersion" => matches!(value, V::TextOrNumber),
        "datetime.datetime" | "datetime" => matches!(value, V::Date),
        "List[str]" => matches!(value, V::Texts | V::TextOrTexts),
        "List[Hook]" => matches!(value, V::Hooks),
        "List[TestDef]" => matches!(value, V::DataTests),
        _ if annotation.starts_with("List[") || annotation.starts_with("Sequence[") => {
            matches!(value, V::List | V::Objects(_))
        }
        _ if annotation.starts_with("Dict[") => {
            matches!(value, V::Mapping | V::TextMap | V::Object(_) | V::ObjectMap(_))
        }
        // Enumerations are texts and other classes mappings; which one a class is, its name does not say.
        _ => matches!(
            value,
            V::Text | V::Object(_) | V::BoolOrObject(_) | V::Mapping | V::TextMap
        ),
    }
}

/// A field's default as YAML writes it; `None` where the field is required.
pub(super) fn default_of(field: &Field) -> Option<String> {
    let default = field.default.as_deref()?;
    if let Some(inner) = call_of(default, "field") {
        return split_top(inner, ',').into_iter().find_map(|part| {
            let (key, value) = part.split_once('=')?;
            match key.trim() {
                "default" => Some(literal(value)),
                "default_factory" => Some(factory(value.trim())),
                _ => None,
            }
        });
    }
    Some(literal(default))
}

/// Whether a default of the catalogue says what upstream says. Null and "no default" are one; an object's default may
/// spell out what its class fills in.
pub(super) fn same_default(catalogue: &str, upstream: &str) -> bool {
    let bare = catalogue.trim_matches(['"', '\'']);
    bare == upstream
        || (upstream == "null" && bare.is_empty())
        || (upstream == "{}" && bare.starts_with('{'))
        || (upstream == "[]" && bare.is_empty())
        || bare
            .parse::<f64>()
            .ok()
            .zip(upstream.parse().ok())
            .is_some_and(|(one, other): (f64, f64)| one.to_bits() == other.to_bits())
}

/// How a field's values are merged.
pub(super) fn merge_of(field: &Field) -> Merge {
    let default = field.default.as_deref().unwrap_or("");
    let merges = [
        ("MergeBehavior.Append", Merge::Append),
        ("MergeBehavior.Update", Merge::Update),
        ("MergeBehavior.DictKeyAppend", Merge::DictKeyAppend),
        ("MergeBehavior.Object", Merge::Object),
    ];
    merges
        .into_iter()
        .find(|(name, _)| default.contains(name))
        .map_or(Merge::Clobber, |(_, merge)| merge)
}

/// The other spelling that a field's metadata gives it.
pub(super) fn alias_of(field: &Field) -> Option<String> {
    let (_, after) = field.default.as_deref()?.split_once("\"alias\":")?;
    string_literal(after.split([',', '}']).next()?)
}

fn literal(text: &str) -> String {
    let text = text.trim();
    if let Some(inner) = string_literal(text) {
        return inner;
    }
    if let Some(inner) = call_of(text, "") {
        return literal(inner);
    }
    match text {
        "None" => return "null".to_owned(),
        "True" => return "true".to_owned(),
        "False" => return "false".to_owned(),
        "DEFAULT_SEND_ANONYMOUS_USAGE_STATS" => return "true".to_owned(),
        _ => {}
    }
    if let Some(inner) = call_of(text, "Severity") {
        return literal(inner);
    }
    // A member of an enumeration: `AccessType.Protected`.
    match text.rsplit_once('.') {
        Some((class, member)) if is_class(class) => member.to_lowercase(),
        _ => text.to_owned(),
    }
}

fn factory(name: &str) -> String {
    match name {
        "list" | "list_str" => "[]",
        "OnConfigurationChangeOption.default" => "apply",
        "NoValue" => "null",
        _ => "{}",
    }
    .to_owned()
}

fn is_class(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

fn arguments_of<'a>(annotation: &'a str, generic: &str) -> Option<&'a str> {
    annotation
        .strip_prefix(generic)?
        .strip_prefix('[')?
        .strip_suffix(']')
}

fn call_of<'a>(text: &'a str, function: &str) -> Option<&'a str> {
    text.trim()
        .strip_prefix(function)?
        .strip_prefix('(')?
        .strip_suffix(')')
}

#[cfg(test)]
mod tests {
    use super::*;
    use glueline_catalog::Scope;

    fn field(annotation: &str, default: &str) -> Field {
        Field {
            name: "x".to_owned(),
            annotation: annotation.to_owned(),
            default: (!default.is_empty()).then(|| default.to_owned()),
        }
    }

    #[test]
    fn optional_in_all_its_forms() {
        let cases = [
            ("Optional[str]", "str", true),
            ("Union[str, List[str], None]", "Union[str, List[str]]", true),
            ("Optional[Union[str, float]]", "Union[str, float]", true),
            ("Union[int, None]", "int", true),
            ("Annotated[Severity, Pattern(P)]", "Severity", false),
            ("int", "int", false),
        ];
        for (annotation, kept, optional) in cases {
            assert_eq!(
                without_none(annotation),
                (kept.to_owned(), optional),
                "{annotation}"
            );
        }
    }

    #[test]
    fn types_fit_or_do_not() {
        use ValueType as V;
        let cases = [
            ("str", V::Text, true),
            ("str", V::Integer, false),
            ("int", V::Integer, true),
            ("bool", V::Integer, false),
            ("List[str]", V::Texts, true),
            ("Union[str, List[str]]", V::TextOrTexts, true),
            ("Union[str, List[str]]", V::Text, false),
            ("Dict[str, Any]", V::Mapping, true),
            ("Docs", V::Object(Scope::Docs), true),
            ("AccessType", V::Text, true),
            ("AccessType", V::Bool, false),
            ("List[Hook]", V::Hooks, true),
            ("Any", V::Text, false),
        ];
        for (annotation, value, expected) in cases {
            assert_eq!(fits(annotation, value), expected, "{annotation} {value:?}");
        }
    }

    #[test]
    fn defaults() {
        let cases = [
            ("None", Some("null")),
            ("\"5.0\"", Some("5.0")),
            ("True", Some("true")),
            ("1.0", Some("1.0")),
            ("( None )", Some("null")),
            ("field(default_factory=dict, metadata=M.meta())", Some("{}")),
            ("field( default=None, metadata=C.meta(), )", Some("null")),
            ("field(default=AccessType.Protected)", Some("protected")),
            ("Severity(\"ERROR\")", Some("ERROR")),
            ("field(default_factory=list_str)", Some("[]")),
            ("", None),
        ];
        for (written, expected) in cases {
            assert_eq!(default_of(&field("x", written)).as_deref(), expected, "{written}");
        }
        assert!(same_default("\"5.0\"", "5.0"));
        assert!(same_default("10", "10"));
        assert!(!same_default("10", "11"));
        assert!(!same_default("", "5.0"));
        assert!(!same_default("false", "true"));
        assert!(same_default("{show: true}", "{}"));
    }

    #[test]
    fn metadata() {
        let hook = field(
            "List[Hook]",
            "field(default_factory=list, metadata={\"merge\": MergeBehavior.Append, \"alias\": \"post-hook\"})",
        );
        assert_eq!(merge_of(&hook), Merge::Append);
        assert_eq!(alias_of(&hook).as_deref(), Some("post-hook"));
        assert_eq!(merge_of(&field("str", "None")), Merge::Clobber);
        assert_eq!(alias_of(&field("str", "None")), None);
    }
}
