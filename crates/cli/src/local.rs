//! `glueline local`: a Glue of this machine.

use std::io::Write;
use std::sync::Arc;

use glueline_local::{Options, Ready};

use crate::args::{LocalArgs, TalkArgs};
use crate::exit::{Exit, Failure};
use crate::report::clean;
use crate::streams::Streams;

/// Serves until it is interrupted. What a shell has to be told goes to standard output, once it is true.
pub(crate) fn local(args: &LocalArgs, talk: &TalkArgs, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let options = Options {
        port: args.port,
        data: args.data.clone().into(),
        tools: args
            .tools
            .clone()
            .unwrap_or_else(|| args.data.join("tools"))
            .into(),
        memory: args.memory.clone(),
    };
    let quiet = talk.quiet;
    let say = move |line: &str| {
        if !quiet {
            // From any thread, and nobody may be left to hear it.
            let _ = writeln!(std::io::stderr(), "{}", clean(line));
        }
    };
    let out = &mut *streams.out;
    let mut told = Ok(());
    glueline_local::serve(&options, Arc::new(say), |ready| told = announce(out, ready))
        .map_err(|failure| Failure::Failed(failure.0))?;
    told?;
    Ok(Exit::Success)
}

/// The two commands that a project needs. No account has these keys: they only keep the SDK from looking for others. The region is
/// for those clients of dbt-glue that it opens without one.
fn announce(out: &mut dyn Write, ready: &Ready) -> std::io::Result<()> {
    writeln!(
        out,
        "Spark {} answers as Glue 5.0 at {}; s3:// is {}.",
        ready.spark,
        ready.url,
        ready.objects.display()
    )?;
    writeln!(out, "In another terminal:\n")?;
    writeln!(
        out,
        "  export AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1",
        ready.url
    )?;
    writeln!(out, "  dbt run\n")?;
    writeln!(out, "Ctrl-C ends it.")?;
    out.flush()
}
