//! What has to be there before Spark can start: Java, a Python with PySpark, and the jars of the table formats. What is missing is
//! fetched with the ordinary clients, pip and Spark's own resolver, and each command is told before it runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What goes into the virtual environment: Glue 5.0 is Spark 3.5.4, and code of a session finds pandas, `PyArrow`, boto3 and the Python
/// of Delta there.
/// setuptools is what PySpark needs of Python's former `distutils`.
const PACKAGES: [&str; 6] = [
    "pyspark==3.5.4",
    "delta-spark==3.3.0",
    "pandas<3",
    "pyarrow",
    "boto3",
    "setuptools<81",
];

/// The table formats, as Glue 5.0 has them: group, artefact, release.
const JARS: [(&str, &str, &str); 3] = [
    ("org.apache.iceberg", "iceberg-spark-runtime-3.5_2.12", "1.7.1"),
    ("io.delta", "delta-spark_2.12", "3.3.0"),
    ("org.apache.hudi", "hudi-spark3.5-bundle_2.12", "0.15.0"),
];

/// The releases of Java that Spark 3.5 runs on.
const JAVA: std::ops::RangeInclusive<u32> = 8..=17;

/// Where the tools are.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) python: PathBuf,
    pub(crate) jars: PathBuf,
}

/// Looks for everything, and fetches what is missing into `folder`.
pub(crate) fn ready(folder: &Path, say: &dyn Fn(&str)) -> Result<Tools, String> {
    java()?;
    let venv = folder.join("venv");
    let python = venv.join("bin").join("python");
    // The list is written when all of it is there, so that an interrupted start begins again.
    let list = venv.join("glueline-packages.txt");
    let wanted = PACKAGES.join("\n");
    #[expect(
        clippy::disallowed_methods,
        reason = "the note of an installation is no file of a project"
    )]
    let installed = std::fs::read_to_string(&list).is_ok_and(|found| found == wanted);
    if !installed {
        run(
            say,
            Command::new("python3").arg("-m").arg("venv").arg(&venv),
            "Python 3 with its module venv is needed",
        )?;
        run(
            say,
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(PACKAGES),
            "PySpark cannot be installed",
        )?;
        std::fs::write(&list, wanted).map_err(|error| format!("{}: {error}", list.display()))?;
    }
    let ivy = folder.join("ivy");
    let jars = ivy.join("jars");
    if !JARS.iter().all(|jar| jars.join(file_name(jar)).exists()) {
        let nothing = folder.join("nothing.py");
        std::fs::write(&nothing, "").map_err(|error| format!("{}: {error}", nothing.display()))?;
        let packages: Vec<String> = JARS
            .iter()
            .map(|(group, name, release)| format!("{group}:{name}:{release}"))
            .collect();
        run(
            say,
            Command::new(venv.join("bin").join("spark-submit"))
                .args(["--master", "local", "--packages", &packages.join(",")])
                .arg("--conf")
                .arg(format!("spark.jars.ivy={}", ivy.display()))
                .arg(&nothing)
                .env_remove("SPARK_HOME")
                .env("PYSPARK_PYTHON", &python),
            "the jars of Iceberg, Delta and Hudi cannot be fetched",
        )?;
        if let Some(jar) = JARS.iter().find(|jar| !jars.join(file_name(jar)).exists()) {
            return Err(format!("{} was not fetched", file_name(jar)));
        }
    }
    Ok(Tools { python, jars })
}

/// As Spark's resolver names it.
fn file_name((group, name, release): &(&str, &str, &str)) -> String {
    format!("{group}_{name}-{release}.jar")
}

fn run(say: &dyn Fn(&str), command: &mut Command, why: &str) -> Result<(), String> {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    say(&format!("running {line}"));
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{why}: `{line}`: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<&str> = said.lines().rev().take(12).collect();
    let said: Vec<&str> = lines.into_iter().rev().collect();
    Err(format!("{why}: `{line}`: {}\n{}", output.status, said.join("\n")))
}

/// A Java that Spark runs on, as Spark itself looks for it.
fn java() -> Result<(), String> {
    let needed = "Spark 3.5 needs Java 8, 11 or 17: install one, or let JAVA_HOME name its folder";
    let home = std::env::var_os("JAVA_HOME");
    let program = home.map_or_else(
        || PathBuf::from("java"),
        |home| Path::new(&home).join("bin").join("java"),
    );
    let output = Command::new(&program)
        .arg("-version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{needed} (`{}`: {error})", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match release(&said) {
        Some(found) if JAVA.contains(&found) => Ok(()),
        Some(found) => Err(format!("{needed} (`{}` is Java {found})", program.display())),
        None => Err(format!(
            "{needed} (`{} -version` says no release)",
            program.display()
        )),
    }
}

/// The release in what `java -version` says: `"17.0.15"`, and `"1.8.0_412"` for 8.
fn release(said: &str) -> Option<u32> {
    let text = said.split('"').nth(1)?;
    let mut parts = text.split(['.', '-', '+', '_']);
    let first: u32 = parts.next()?.parse().ok()?;
    if first == 1 {
        parts.next()?.parse().ok()
    } else {
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn releases_of_java() {
        for (said, found) in [
            ("openjdk version \"17.0.15\" 2025-04-15", Some(17)),
            ("java version \"1.8.0_412\"", Some(8)),
            ("openjdk version \"21-ea\" 2023-09-19", Some(21)),
            ("no java here", None),
        ] {
            assert_eq!(release(said), found, "{said}");
        }
    }
}
