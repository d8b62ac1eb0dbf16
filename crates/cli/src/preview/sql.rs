//! The statements of a plan alone, as Spark gets them.

use std::io::{self, Write};

use glueline_render::{Event, Reading, Statement};

use super::shown::{Shown, unique_id};
use crate::report::clean;

/// Prints every statement behind comments that say whose it is, what it does and what it takes away. What is no SQL stands in
/// comments as well, so that the whole can be run.
pub(super) fn write(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (planned, steps) in shown.nodes() {
        let Some(run) = &planned.run else { continue };
        let id = unique_id(shown.project, planned);
        for (event, step) in run.events.iter().zip(steps) {
            let Event::Statement(statement) = event else {
                continue;
            };
            writeln!(out, "-- {}: {}", clean(id), clean(&step.title))?;
            if let Some(danger) = &step.danger {
                writeln!(out, "-- {} {}", danger.harm.name(), clean(&danger.extent))?;
            }
            queries(statement, out)?;
        }
        if let Some(failure) = &run.failure {
            commented(&failure.message, out)?;
        }
    }
    Ok(())
}

fn queries(statement: &Statement, out: &mut dyn Write) -> io::Result<()> {
    let Some(sql) = &statement.sql else {
        writeln!(out, "-- in Python:")?;
        return commented(&statement.code, out);
    };
    match &statement.reading {
        Reading::Pieces(pieces) => {
            for piece in pieces {
                query(piece, out)?;
            }
            Ok(())
        }
        Reading::Refused(message) => {
            writeln!(out, "-- Python cannot read it: {}", clean(message))?;
            commented(sql, out)
        }
        Reading::Same | Reading::Other | Reading::Unknown => query(sql, out),
    }
}

fn query(sql: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n;\n", sql.trim_end())
}

fn commented(text: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in text.trim().lines() {
        writeln!(out, "-- {line}")?;
    }
    writeln!(out)
}
