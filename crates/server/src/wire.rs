//! Bytes and messages. What comes in is checked before the framework sees it, which ends the conversation at the first message that
//! it cannot read; what goes out is written whole.
//!
//! A malformed message is answered as JSON-RPC has it, and reading goes on with the next one, wherever that begins.

mod check;

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::UnboundedSender;

use crate::record::{Recorder, Side};
use check::{Verdict, check};

/// A longer line is none of a header.
const LONGEST_LINE: u64 = 4096;

/// A message with more bytes is not read.
const LONGEST_MESSAGE: u64 = 256 << 20;

const LENGTH: &str = "content-length:";

/// Reads messages and hands on those that are well-formed; the others are answered. Ends where the input ends.
pub(crate) async fn read_messages(
    input: impl AsyncRead + Unpin,
    mut service: impl AsyncWrite + Unpin,
    answers: UnboundedSender<Vec<u8>>,
    recorder: Arc<Recorder>,
) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let answer = |id: Value, code: i64, message: &str| {
        let error = json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}});
        // With nobody left to write it, nobody is left to read it.
        let _ = answers.send(error.to_string().into_bytes());
    };
    let mut in_garbage = false;
    loop {
        let length = match header(&mut input).await? {
            Header::Length(length) => length,
            Header::Garbage => {
                // Once for all of it: a line says no more than the one before.
                if !std::mem::replace(&mut in_garbage, true) {
                    answer(
                        Value::Null,
                        PARSE_ERROR,
                        "Bytes that are no message were passed over",
                    );
                }
                continue;
            }
            Header::End => return Ok(()),
        };
        in_garbage = false;
        let mut body = Vec::new();
        if length > LONGEST_MESSAGE {
            answer(Value::Null, INVALID_REQUEST, "The message is too long");
            tokio::io::copy(&mut (&mut input).take(length), &mut tokio::io::sink()).await?;
            continue;
        }
        (&mut input).take(length).read_to_end(&mut body).await?;
        if body.len() as u64 != length {
            return Ok(());
        }
        recorder.note(Side::Client, &body);
        match check(body) {
            Verdict::Good(body) => {
                let header = format!("Content-Length: {}\r\n\r\n", body.len());
                service.write_all(header.as_bytes()).await?;
                service.write_all(&body).await?;
            }
            Verdict::Bad { id, code, message } => answer(id, code, message),
            Verdict::Pointless => {}
        }
    }
}

/// JSON-RPC: what was received is no JSON.
const PARSE_ERROR: i64 = -32700;

/// JSON-RPC: what was received is JSON and no request.
const INVALID_REQUEST: i64 = -32600;

/// What stands before a message.
#[derive(Debug, PartialEq, Eq)]
enum Header {
    /// A message of so many bytes follows.
    Length(u64),
    /// Something else does; the header of a message may follow.
    Garbage,
    /// Nothing does.
    End,
}

/// Reads a header. Names are read in any case, lines may end without `\r`, and names that mean nothing here are passed over.
async fn header(input: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<Header> {
    let mut length = None;
    let mut has_fields = false;
    loop {
        let mut line = Vec::new();
        (&mut *input)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .await?;
        if line.is_empty() {
            return Ok(Header::End);
        }
        let text = String::from_utf8_lossy(&line).to_ascii_lowercase();
        let text = text.trim_end();
        match (text.find(LENGTH), length) {
            // A message that was longer than its header said has its end on this line.
            (Some(at), _) => match text.get(at + LENGTH.len()..).unwrap_or("").trim().parse() {
                Ok(number) => length = Some(number),
                Err(_) => return Ok(Header::Garbage),
            },
            (None, Some(length)) if text.is_empty() => return Ok(Header::Length(length)),
            (None, None) if text.is_empty() && has_fields => return Ok(Header::Garbage),
            (None, None) if text.is_empty() => {}
            (None, _) if is_field(text) => has_fields = true,
            (None, _) => return Ok(Header::Garbage),
        }
    }
}

/// Whether a line is a field of a header: `name: value`.
fn is_field(line: &str) -> bool {
    let name = line.split_once(':').map(|(name, _)| name);
    name.is_some_and(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Writes what the service says, and the answers that it never saw, each whole. Ends where the service does, or where nobody reads.
pub(crate) async fn write_messages(
    service: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
    mut answers: UnboundedReceiver<Vec<u8>>,
    recorder: Arc<Recorder>,
) -> io::Result<()> {
    let mut service = BufReader::with_capacity(1 << 16, service);
    let mut has_answers = true;
    loop {
        let body = tokio::select! {
            // Until the first byte of a message is there, nothing of it is taken.
            ready = service.fill_buf() => {
                if ready?.is_empty() {
                    return Ok(());
                }
                let Header::Length(length) = header(&mut service).await? else {
                    return Ok(());
                };
                let mut body = Vec::new();
                (&mut service).take(length).read_to_end(&mut body).await?;
                body
            }
            answer = answers.recv(), if has_answers => {
                let Some(answer) = answer else {
                    has_answers = false;
                    continue;
                };
                answer
            }
        };
        recorder.note(Side::Server, &body);
        // In one piece: each one is handed to another thread.
        let mut message = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        message.extend_from_slice(&body);
        output.write_all(&message).await?;
        output.flush().await?;
    }
}
