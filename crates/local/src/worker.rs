//! The Python processes: their scripts, how they are started, and the lines that go to and fro.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// The scripts, by the names under which they import each other.
const SCRIPTS: [(&str, &str); 6] = [
    ("channel.py", include_str!("worker/channel.py")),
    ("host.py", include_str!("worker/host.py")),
    ("metastore.py", include_str!("worker/metastore.py")),
    ("session.py", include_str!("worker/session.py")),
    ("settings.py", include_str!("worker/settings.py")),
    ("stand_in.py", include_str!("worker/stand_in.py")),
];

/// What of the user's environment would lead Python or Spark elsewhere, or into the user's AWS account.
const NOT_INHERITED: [&str; 12] = [
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "HADOOP_CONF_DIR",
    "PYSPARK_DRIVER_PYTHON",
    "PYSPARK_GATEWAY_PORT",
    "PYSPARK_GATEWAY_SECRET",
    "PYSPARK_SUBMIT_ARGS",
    "PYTHONHOME",
    "PYTHONPATH",
    "SPARK_CONF_DIR",
    "SPARK_HOME",
    "YARN_CONF_DIR",
];

/// A process is given this long to end by itself.
const FAREWELL: Duration = Duration::from_secs(10);

/// Where things are, and what every process is told.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The folder of everything that is kept.
    pub(crate) data: PathBuf,
    /// The Python that has PySpark.
    pub(crate) python: PathBuf,
    /// The jars of Iceberg, Delta and Hudi.
    pub(crate) jars: PathBuf,
    /// The address of the endpoint itself, for code of a session that calls AWS.
    pub(crate) endpoint: String,
}

impl Places {
    /// Makes the folders, and writes the scripts.
    pub(crate) fn prepare(&self) -> io::Result<()> {
        for folder in ["s3", "work", "worker"] {
            std::fs::create_dir_all(self.data.join(folder))?;
        }
        for (name, script) in SCRIPTS {
            std::fs::write(self.data.join("worker").join(name), script)?;
        }
        std::fs::write(self.log(), "")
    }

    /// The folder of all buckets.
    pub(crate) fn objects(&self) -> PathBuf {
        self.data.join("s3")
    }

    /// What Spark and the processes say.
    pub(crate) fn log(&self) -> PathBuf {
        self.data.join("spark.log")
    }
}

/// One process, as long as this lives.
#[derive(Debug)]
pub(crate) struct Worker {
    child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    /// Starts a script.
    pub(crate) fn start(places: &Places, script: &str, environment: &[(&str, &str)]) -> io::Result<Self> {
        let log = std::fs::File::options()
            .append(true)
            .create(true)
            .open(places.log())?;
        let mut command = Command::new(&places.python);
        for name in NOT_INHERITED {
            command.env_remove(name);
        }
        let mut child = command
            .arg(Path::new("..").join("worker").join(script))
            .current_dir(places.data.join("work"))
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL", &places.endpoint)
            .env("PYSPARK_PYTHON", &places.python)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the process has no pipes"));
        };
        Ok(Self {
            child,
            to,
            from: BufReader::new(from).lines(),
        })
    }

    /// Sends one message.
    pub(crate) async fn send(&mut self, message: &Value) -> io::Result<()> {
        let mut line = message.to_string();
        line.push('\n');
        self.to.write_all(line.as_bytes()).await?;
        self.to.flush().await
    }

    /// The next message; none when the process has ended. Nothing is lost when the future is dropped.
    pub(crate) async fn receive(&mut self) -> Option<Value> {
        let line = self.from.next_line().await.ok()??;
        serde_json::from_str(&line).ok()
    }

    /// Closes its input, which ends it, and waits for that.
    pub(crate) async fn end(self) {
        let Self { mut child, to, .. } = self;
        drop(to);
        if timeout(FAREWELL, child.wait()).await.is_err() {
            let _ = child.kill().await;
        }
    }
}
