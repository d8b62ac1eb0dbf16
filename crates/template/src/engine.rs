//! Running programs.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment};

use crate::map::SourceMap;
use crate::program::{Params, Program};
use crate::session::{Cx, Host, Limits, Note};
use crate::value::Str;
use crate::{Args, Error, ErrorKind, TraceFrame, Value, marks, vm};

/// The delimiters of lowered templates: code points that no text of a program holds (see [`marks`]).
pub(crate) const BLOCK: (&str, &str) = ("\u{10FFE0}", "\u{10FFE1}");
pub(crate) const PRINT: (&str, &str) = ("\u{10FFE2}", "\u{10FFE3}");
const COMMENT: (&str, &str) = ("\u{10FFE4}", "\u{10FFE5}");

/// Runs programs. One engine serves any number of renderings at once and keeps what it compiled of their macros.
pub struct Engine {
    environment: Environment<'static>,
    /// The sources of programs that are kept compiled, by name.
    sources: Arc<RwLock<rustc_hash::FxHashMap<String, Arc<Program>>>>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// What a template was rendered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Where every byte of it comes from.
    pub map: SourceMap,
    /// What could not be known, and what the template asked to have said.
    pub notes: Vec<Note>,
}

impl Engine {
    /// An engine that has compiled nothing yet.
    pub fn new() -> Arc<Self> {
        let mut environment = Environment::empty();
        let syntax = SyntaxConfig::builder()
            .block_delimiters(BLOCK.0, BLOCK.1)
            .variable_delimiters(PRINT.0, PRINT.1)
            .comment_delimiters(COMMENT.0, COMMENT.1)
            .keep_trailing_newline(true)
            .build();
        if let Ok(syntax) = syntax {
            environment.set_syntax(syntax);
        }
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(vm::format);
        let sources = Arc::new(RwLock::new(
            rustc_hash::FxHashMap::<String, Arc<Program>>::default(),
        ));
        let known = sources.clone();
        environment.set_loader(move |name| {
            let known = known.read().unwrap_or_else(PoisonError::into_inner);
            Ok(known.get(name).map(|program| program.source.clone()))
        });
        environment.set_fuel(Some(Limits::default().fuel));
        Arc::new(Self { environment, sources })
    }

    /// Renders a template for a host.
    ///
    /// The notes come with an error, too.
    pub fn render(
        self: &Arc<Self>,
        program: &Arc<Program>,
        host: Arc<dyn Host>,
        limits: Limits,
    ) -> (Result<Rendered, Error>, Vec<Note>) {
        let cx = Cx::new(self.clone(), host, limits);
        let result = guarded(|| cx.run(program, Vec::new()));
        let notes = cx.take_notes();
        let rendered = result.map(|marked| {
            let (text, map) = SourceMap::read(&marked, &cx.programs());
            Rendered {
                text,
                map,
                notes: notes.clone(),
            }
        });
        (rendered, notes)
    }

    /// Calls a function for a host, outside of any template.
    pub fn with<T>(
        self: &Arc<Self>,
        host: Arc<dyn Host>,
        limits: Limits,
        work: impl FnOnce(&Cx) -> Result<T, Error>,
    ) -> (Result<T, Error>, Vec<Note>) {
        let cx = Cx::new(self.clone(), host, limits);
        let result = guarded(|| work(&cx));
        let notes = cx.take_notes();
        (result, notes)
    }

    /// Runs a program and gives its marked text.
    fn execute(
        &self,
        cx: &Cx,
        program: &Arc<Program>,
        bindings: Vec<(Arc<str>, Value)>,
    ) -> Result<String, Error> {
        let context = vm::context(cx, bindings);
        let result = match &program.cached {
            Some(name) => {
                self.remember(name, program);
                self.environment
                    .get_template(name)
                    .and_then(|template| template.render(context))
            }
            None => self
                .environment
                .template_from_named_str(&program.name, &program.source)
                .and_then(|template| template.render(context)),
        };
        result.map_err(|error| vm::error(cx, program, &error))
    }

    fn remember(&self, name: &str, program: &Arc<Program>) {
        let known = self
            .sources
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(name);
        if !known {
            let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
            sources.insert(name.to_owned(), program.clone());
        }
    }
}

impl Cx {
    /// Runs a program with these names bound, and gives its text with marks, in no frame yet.
    fn run(&self, program: &Arc<Program>, bindings: Vec<(Arc<str>, Value)>) -> Result<String, Error> {
        self.enter(program)?;
        let result = self.engine().execute(self, program, bindings);
        let result = match result {
            Ok(text) if text.len() > self.limits().text => Err(Error::new(
                ErrorKind::Limit,
                format!("the text grew beyond {} bytes", self.limits().text),
            )),
            result => result,
        };
        let result = result.map_err(|error| self.traced(error));
        self.leave();
        result
    }

    /// Calls a program that is a macro: binds the arguments, runs it, and gives its text or what it returns.
    pub fn call_macro(&self, program: &Arc<Program>, args: Args) -> Result<Value, Error> {
        self.call_program(program, args, Vec::new(), true)
    }

    /// Renders a program within the rendering at hand: an ephemeral model, a docs block.
    pub fn render_within(
        &self,
        program: &Arc<Program>,
        bindings: Vec<(Arc<str>, Value)>,
    ) -> Result<Value, Error> {
        self.enter(program)?;
        let number = self.program_number();
        self.leave();
        let text = self.run(program, bindings)?;
        Ok(Value::Str(Str::marked_from(marks::in_frame(number, &text))))
    }

    /// The value of a program made by [`lower_expression`](crate::lower_expression).
    pub fn evaluate(&self, program: &Arc<Program>) -> Result<Value, Error> {
        self.call_program(program, Args::default(), Vec::new(), true)
    }

    /// Runs a program with arguments. `catches` says whether `return()` in it ends it: in the body of a `call` block it ends the
    /// macro that runs the body, as dbt's exception does.
    pub(crate) fn call_program(
        &self,
        program: &Arc<Program>,
        args: Args,
        captured: Vec<(Arc<str>, Value)>,
        catches: bool,
    ) -> Result<Value, Error> {
        let no_params = Params::default();
        let mut bindings = Vec::new();
        bind(
            program,
            program.params.as_ref().unwrap_or(&no_params),
            args,
            &mut bindings,
        )?;
        // Parameters come first: they hide the names of what surrounds a block.
        bindings.extend(captured);
        self.enter(program)?;
        let number = self.program_number();
        let result = self.engine().execute(self, program, bindings);
        let result = match result {
            Ok(text) if text.len() > self.limits().text => Err(Error::new(
                ErrorKind::Limit,
                format!("the text grew beyond {} bytes", self.limits().text),
            )),
            Ok(text) if text.is_empty() => Ok(Value::Str(Str::plain_from(""))),
            Ok(text) => Ok(Value::Str(Str::marked_from(marks::in_frame(number, &text)))),
            Err(error) if error.kind() == ErrorKind::Return && catches => match self.take_returned() {
                Some(value) => Ok(value),
                None => Err(error),
            },
            Err(error) => Err(self.traced(error)),
        };
        self.leave();
        result
    }

    /// An error with the place that is being rendered added.
    fn traced(&self, mut error: Error) -> Error {
        if let Some(frame) = self.running_trace() {
            error.leave_through(frame);
        }
        error
    }

    /// Captured text of the running program, as a value that can go anywhere.
    pub(crate) fn captured(&self, text: &str) -> Value {
        if text.is_empty() {
            return Value::Str(Str::plain_from(""));
        }
        Value::Str(Str::marked_from(marks::in_frame(self.program_number(), text)))
    }
}

/// Turns a fault of this program, or of minijinja, into an error, so that one template cannot end everything.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::unsupported(
            "rendering failed; this is a fault of Glueline, please report it",
        ))
    })
}

/// Gives each parameter its argument, as `jinja2/runtime.py`, `Macro.__call__` does. A parameter that is not passed is left
/// undefined; the program itself fills in its default.
fn bind(
    program: &Program,
    params: &Params,
    mut args: Args,
    bindings: &mut Vec<(Arc<str>, Value)>,
) -> Result<(), Error> {
    let name = || {
        if params.anonymous {
            "None".to_owned()
        } else {
            format!("'dbt_macro__{}'", program.name)
        }
    };
    let mut positional = std::mem::take(&mut args.positional).into_iter();
    for (name, has_default) in &params.names {
        let value = positional.next().or_else(|| args.take_keyword(name));
        let value = value.unwrap_or_else(|| {
            Value::undefined(if *has_default {
                vm::MISSING.to_owned()
            } else {
                format!("parameter '{name}' was not provided")
            })
        });
        bindings.push((name.clone(), value));
    }
    if params.takes_caller && params.names.iter().all(|(name, _)| &**name != "caller") {
        let caller = match args.take_keyword("caller") {
            None | Some(Value::None) => Value::undefined("No caller defined".to_owned()),
            Some(caller) => caller,
        };
        bindings.push(("caller".into(), caller));
    }
    if params.takes_kwargs {
        let kwargs = Value::dict(std::mem::take(&mut args.keywords));
        bindings.push(("kwargs".into(), kwargs));
    } else if args.keyword("caller").is_some() {
        return Err(Error::type_error(format!(
            "macro {} was invoked with two values for the special caller argument. This is most likely a bug.",
            name()
        )));
    } else if let Some((keyword, _)) = args.keywords.first() {
        return Err(Error::type_error(format!(
            "macro {} takes no keyword argument '{keyword}'",
            name()
        )));
    }
    if params.takes_varargs {
        bindings.push(("varargs".into(), Value::tuple(positional.collect())));
    } else if positional.len() > 0 {
        return Err(Error::type_error(format!(
            "macro {} takes not more than {} argument(s)",
            name(),
            params.names.len()
        )));
    }
    Ok(())
}

impl TraceFrame {
    /// A place with what is running there.
    pub fn new(name: impl Into<Arc<str>>, place: glueline_base::FileRange, role: crate::Role) -> Self {
        Self {
            name: name.into(),
            place,
            role,
        }
    }
}
