//! A command that the language server has carried out: this very program, in a process of its own.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use glueline_base::Cancel;
use glueline_server::{Asked, Ended, Job};
use serde_json::{Map, Value, json};

/// How often it is looked whether the command is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// A line of its output is read as far as this, in bytes; rows of many kilobytes each are in one line.
const LONGEST: u64 = 256 << 20;

/// So much of what it says to people is kept: the end.
const LAST_LINES: usize = 40;

/// Starts this very program again.
pub(crate) struct Carrier {
    program: io::Result<PathBuf>,
}

impl Carrier {
    /// Where the program is has to be asked at the start: once another release lies in its place, Linux calls it deleted.
    pub(crate) fn new() -> Self {
        Self {
            program: std::env::current_exe(),
        }
    }

    /// Runs a command to its end. Each line that it prints is heard as it comes; once `cancel` is set, the end of its standard input tells
    /// it to stop what it began.
    pub(crate) fn carry_out(
        &self,
        job: &Job,
        cancel: &Cancel,
        heard: &mut dyn FnMut(&str),
    ) -> Result<Ended, String> {
        let program = self
            .program
            .as_ref()
            .map_err(|error| format!("Glueline does not know where its own program is: {error}"))?;
        let mut child = Command::new(program)
            .args(&job.arguments)
            .args(flags(&job.asked))
            .args([
                "--from-editor",
                "--no-color",
                "--project-dir",
                job.project_dir.as_str(),
            ])
            .current_dir(&job.project_dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("Glueline cannot start {} again: {error}", program.display()))?;
        let lost = |error: std::io::Error| format!("The command was lost: {error}");
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let texts = job.texts.iter();
        let texts: Map<String, Value> = texts
            .map(|(path, text)| (path.to_string(), Value::from(&**text)))
            .collect();
        let texts = format!("{}\n", json!({ "texts": texts }));
        let is_over = Mutex::new(false);
        let said = std::thread::scope(|scope| {
            let told = scope.spawn(|| feed(input, &texts, cancel, &is_over));
            let said = scope.spawn(|| errors.map_or_else(String::new, last_lines));
            let read = output.map_or(Ok(()), |output| lines(output, heard));
            *is_over.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = true;
            let said = said.join().unwrap_or_default();
            let _ = told.join();
            read.map(|()| said)
        });
        let status = wait(&mut child).map_err(lost)?;
        Ok(Ended {
            status,
            said: said.map_err(lost)?,
        })
    }
}

/// Sends the texts, and holds the standard input open until it is time to stop.
fn feed(input: Option<ChildStdin>, texts: &str, cancel: &Cancel, is_over: &Mutex<bool>) {
    let Some(mut input) = input else { return };
    // Who ends before it reads them says why by itself.
    let _ = input.write_all(texts.as_bytes()).and_then(|()| input.flush());
    while !cancel.is_cancelled() && !*is_over.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
        std::thread::sleep(LOOK);
    }
}

/// Hears lines until there are none. A line that is longer than any should be ends it.
fn lines(output: impl Read, heard: &mut dyn FnMut(&str)) -> std::io::Result<()> {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        let read = (&mut output).take(LONGEST).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        if line.last() != Some(&b'\n') && u64::try_from(read).is_ok_and(|read| read == LONGEST) {
            return Err(std::io::Error::other("it prints lines without end"));
        }
        heard(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']));
    }
}

/// The end of what is said to people.
fn last_lines(errors: impl Read) -> String {
    let mut last = VecDeque::new();
    // A fault of the pipe ends it, as its end does.
    let _ = lines(errors, &mut |line| {
        last.push_back(line.to_owned());
        if last.len() > LAST_LINES {
            last.pop_front();
        }
    });
    Vec::from(last).join("\n")
}

fn wait(child: &mut Child) -> std::io::Result<Option<i32>> {
    Ok(child.wait()?.code())
}

/// The settings of the client as flags. What there is in the catalog is asked of AWS, whatever a file says.
fn flags(asked: &Asked) -> Vec<String> {
    let given = [
        ("--profiles-dir", &asked.profiles_dir),
        ("--profile", &asked.profile),
        ("--target", &asked.target),
        ("--vars", &asked.vars),
    ];
    let given = given
        .into_iter()
        .filter_map(|(flag, value)| Some([flag.to_owned(), value.clone()?]));
    given.flatten().collect()
}
