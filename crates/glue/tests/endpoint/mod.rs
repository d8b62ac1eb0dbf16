//! An endpoint on the loopback, and the SDK led to it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::Duration;

use glueline_glue::{Aws, Settings};
use serde_json::Value;

/// A call, as it arrived.
pub(crate) struct Arrived {
    /// `AWSGlue.CreateDatabase`, or the path of what is no JSON-RPC.
    pub(crate) name: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

/// The next connection; it is a failure where whoever should call has ended.
pub(crate) fn accept(listener: &TcpListener, child: &mut Child) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    loop {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false).unwrap();
            return stream;
        }
        assert!(child.try_wait().unwrap().is_none(), "no more calls come");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub(crate) fn receive(stream: &TcpStream) -> Arrived {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut name = line.split(' ').nth(1).unwrap().to_owned();
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((key, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match key.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "x-amz-target" => value.clone_into(&mut name),
            "authorization" => value.clone_into(&mut authorization),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Arrived {
        name,
        authorization,
        body: String::from_utf8(body).unwrap(),
    }
}

pub(crate) fn reply(stream: &TcpStream, status: u16, body: &Value) {
    reply_text(stream, status, &body.to_string());
}

pub(crate) fn reply_text(mut stream: &TcpStream, status: u16, body: &str) {
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
}

/// Runs a test, named with its module, with the SDK led to an endpoint: it reads its environment, which a test cannot change for itself.
pub(crate) fn led_to(url: &str, test: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_CONFIG_FILE", "/nowhere")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
        .spawn()
        .unwrap()
}

pub(crate) fn aws() -> Aws {
    Aws::new(&Settings::new(Some("eu-west-1".to_owned()))).unwrap()
}
