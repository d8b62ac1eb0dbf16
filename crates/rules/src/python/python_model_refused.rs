//! `python-model-refused`.

use glueline_base::FileRange;
use glueline_python::RefusalKind;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-model-refused",
    Fails,
    Error,
    "python_model_refused.md",
    Check::Node(check), Parse: "ParsingError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = model::facts(cx) else { return };
    for refusal in facts.refusals() {
        let at = FileRange {
            file: cx.node.file(),
            range: refusal.range,
        };
        let message = format!("{}, and no command runs.", why(refusal.kind));
        sink.push(cx.diagnostic(&RULE.meta, at, message));
    }
}

fn why(kind: RefusalKind) -> String {
    let fixed = match kind {
        RefusalKind::Jinja => {
            "This reads as Jinja, which dbt does not allow in Python models, comments and strings included"
        }
        RefusalKind::NoModel => "The file defines no function `model`: dbt takes exactly one per file",
        RefusalKind::SeveralModels => "This is a second function `model`: dbt takes exactly one per file",
        RefusalKind::FirstParameter => {
            "The first parameter of `model` has to be called `dbt`: dbt refuses another name"
        }
        RefusalKind::ParameterCount(count) => {
            return format!(
                "`model` has to take two parameters, `dbt` and a session, and takes {count}: dbt refuses it"
            );
        }
        RefusalKind::Ending => {
            "`model` has to end with a `return` of one data frame: dbt refuses a function that ends like this"
        }
        RefusalKind::NotLiteral => {
            "dbt reads the arguments of `dbt.ref`, `dbt.source` and `dbt.config` without running the model: it refuses \
             what is no literal"
        }
        RefusalKind::RefArguments => {
            "`dbt.ref` takes a name, or a package and a name: dbt refuses other arguments"
        }
        RefusalKind::SourceArguments => {
            "`dbt.source` takes a source and a table: dbt refuses other arguments"
        }
        RefusalKind::ConfigArguments => {
            "`dbt.config` takes named arguments, or one dictionary: dbt refuses this with `Invalid inline model config`"
        }
        RefusalKind::GetArguments(count) => {
            return format!(
                "`dbt.config.get` takes a name and perhaps a default, and has {count} arguments: dbt refuses it"
            );
        }
    };
    fixed.to_owned()
}
