//! S3, as far as `use_arrow` needs it: one object put, read, looked at or deleted. Objects are files of the folder that Spark sees as
//! `s3://`. Lists, uploads in parts, copies and encryption are refused by their names.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, RANGE};
use hyper::http::response::Builder;
use hyper::{Method, Response, StatusCode, Uri};

use crate::answer::Refusal;
use crate::sts::{decoded_path, escaped};

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    operation: Operation,
    /// The name of the bucket, which is one that a folder may have.
    pub(crate) bucket: String,
    key: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Put,
    Get,
    Head,
    Delete,
}

/// What is answered: headers and a body, not yet of the shape that the connection wants.
pub(crate) type Answer = Result<(Builder, Bytes), Refusal>;

impl Asked {
    /// Reads what is asked for, by the path `/BUCKET/KEY`.
    pub(crate) fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Self, Refusal> {
        let operation = match *method {
            Method::PUT => Operation::Put,
            Method::GET => Operation::Get,
            Method::HEAD => Operation::Head,
            Method::DELETE => Operation::Delete,
            _ => return Err(Refusal::not_here(&format!("`{method}` of S3"))),
        };
        let query = uri.query().unwrap_or_default().split('&');
        // `x-id` only repeats what the method says.
        if let Some(other) = query.map(name_of).find(|name| !matches!(*name, "" | "x-id")) {
            return Err(Refusal::not_here(&format!("`?{other}` of S3")));
        }
        for header in NOT_HONOURED {
            if headers.contains_key(header) {
                return Err(Refusal::not_here(&format!("the header `{header}` of S3")));
            }
        }
        if headers.contains_key(CONTENT_ENCODING) {
            return Err(Refusal::not_here("bodies of S3 that are encoded"));
        }
        let path = decoded_path(uri.path());
        let (bucket, key) = path
            .strip_prefix('/')
            .unwrap_or(&path)
            .split_once('/')
            .unwrap_or((path.trim_matches('/'), ""));
        if key.is_empty() {
            return Err(Refusal::not_here("requests of S3 without a key"));
        }
        if !crate::conf::is_bucket(bucket) {
            return Err(Refusal::new(
                "InvalidBucketName",
                "The name of the bucket is none.",
            ));
        }
        Ok(Self {
            operation,
            bucket: bucket.to_owned(),
            key: place(key)?,
        })
    }

    /// Does it, below the folder of all buckets.
    pub(crate) fn answer(&self, objects: &Path, headers: &HeaderMap, body: &Bytes) -> Answer {
        let path = objects.join(&self.bucket).join(&self.key);
        match self.operation {
            Operation::Put => put(&path, body),
            Operation::Get => get(&path, headers),
            Operation::Head => {
                let (file, length) = opened(&path)?;
                Ok((described(&file, length), Bytes::new()))
            }
            Operation::Delete => delete(&path),
        }
    }
}

/// Headers that ask for more than bytes in a file.
const NOT_HONOURED: [&str; 4] = [
    "x-amz-copy-source",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-decoded-content-length",
];

fn name_of(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

/// A key as a path inside the folder of its bucket. Keys that no such path can stand for are refused.
fn place(key: &str) -> Result<PathBuf, Refusal> {
    let path = PathBuf::from(key);
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    // `Path` passes over empty parts and single dots; S3 does not.
    let is_whole = key.split('/').all(|part| !part.is_empty() && part != ".") && !key.contains(['\0', '\\']);
    if is_plain && is_whole {
        Ok(path)
    } else {
        Err(Refusal::invalid("The key cannot be the name of a file here."))
    }
}

fn put(path: &Path, body: &Bytes) -> Answer {
    let folder = path.parent().unwrap_or(path);
    // Beside the object and renamed, so that no reader sees half of it; a hidden name is none of Spark's files.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.put", crate::clock::now()));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&beside, body))
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|error| failed(&error))?;
    let (file, length) = opened(path)?;
    Ok((answered().header(ETAG, tag(&file, length)), Bytes::new()))
}

fn get(path: &Path, headers: &HeaderMap) -> Answer {
    let (mut file, length) = opened(path)?;
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let (from, to) = match range {
        None => (0, length),
        Some(range) => span(range, length)
            .ok_or_else(|| Refusal::new("InvalidRange", "The requested range is not satisfiable."))?,
    };
    let mut body = Vec::new();
    file.seek(SeekFrom::Start(from))
        .and_then(|_| (&mut file).take(to - from).read_to_end(&mut body))
        .map_err(|error| failed(&error))?;
    let mut response = described(&file, to - from);
    if range.is_some() {
        response = response.status(StatusCode::PARTIAL_CONTENT).header(
            CONTENT_RANGE,
            format!("bytes {from}-{}/{length}", to.saturating_sub(1)),
        );
    }
    Ok((response, Bytes::from(body)))
}

/// S3 knows no folders, and to delete what is not there is no error.
fn delete(path: &Path) -> Answer {
    match std::fs::remove_file(path) {
        Err(error) if path.is_file() => Err(failed(&error)),
        _ => Ok((answered().status(StatusCode::NO_CONTENT), Bytes::new())),
    }
}

/// `bytes=FROM-TO`, `bytes=FROM-` or `bytes=-LAST`: from where, and up to where, the end not included.
fn span(range: &str, length: u64) -> Option<(u64, u64)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from.parse::<u64>().ok(), to.parse::<u64>().ok()) {
        (Some(from), Some(to)) => (from, to.saturating_add(1).min(length)),
        (Some(from), None) if to.is_empty() => (from, length),
        (None, Some(last)) if from.is_empty() => (length.saturating_sub(last), length),
        _ => return None,
    };
    (from < to).then_some((from, to))
}

fn opened(path: &Path) -> Result<(std::fs::File, u64), Refusal> {
    let missing = || Refusal::new("NoSuchKey", "The specified key does not exist.");
    let file = std::fs::File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => missing(),
        _ => failed(&error),
    })?;
    let known = file.metadata().map_err(|error| failed(&error))?;
    if known.is_file() {
        Ok((file, known.len()))
    } else {
        Err(missing())
    }
}

fn described(file: &std::fs::File, length: u64) -> Builder {
    answered()
        .header(CONTENT_LENGTH, length)
        .header(CONTENT_TYPE, "application/octet-stream")
        .header(ETAG, tag(file, length))
}

/// Differs when the object was written anew. It is no checksum, and its dash says so, as with uploads in parts.
fn tag(file: &std::fs::File, length: u64) -> String {
    let changed = file
        .metadata()
        .and_then(|known| known.modified())
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |age| age.as_nanos());
    format!("\"{changed:032x}-{length}\"")
}

fn answered() -> Builder {
    Response::builder().status(StatusCode::OK)
}

fn failed(error: &std::io::Error) -> Refusal {
    Refusal::new("InternalError", error.to_string())
}

/// An error as S3 writes it, with its status.
pub(crate) fn error(refusal: &Refusal) -> (StatusCode, String) {
    let (status, kind) = match refusal.kind.as_str() {
        "NoSuchKey" => (StatusCode::NOT_FOUND, "NoSuchKey"),
        "InvalidRange" => (StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange"),
        "InternalError" | "InternalServiceException" => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        // As S3 says of what it has not; SDKs do not ask again.
        "UnknownOperationException" => (StatusCode::NOT_IMPLEMENTED, "NotImplemented"),
        other => (StatusCode::BAD_REQUEST, other),
    };
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>",
        escaped(kind),
        escaped(&refusal.message)
    );
    (status, text)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderMap;
    use hyper::{Method, Uri};

    use super::{Asked, span};

    fn asked(method: &Method, uri: &'static str) -> Result<Asked, String> {
        Asked::of(method, &Uri::from_static(uri), &HeaderMap::new()).map_err(|refusal| refusal.message)
    }

    #[test]
    fn a_path_is_a_bucket_and_a_key() {
        let found = asked(&Method::GET, "/lake/a%20b/c+d.feather?x-id=GetObject").unwrap();
        assert_eq!(found.bucket, "lake");
        assert_eq!(found.key.to_str(), Some("a b/c+d.feather"));
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        for uri in [
            "/lake/../x",
            "/lake/a/%2e%2e/x",
            "/lake/%2Fetc/passwd",
            "/../x/y",
            "/lake//x",
            "/lake/./x",
            "/lake/a%00b",
            "/lake/folder/",
        ] {
            assert!(asked(&Method::PUT, uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn what_is_not_here_is_refused_by_name() {
        for (method, uri, name) in [
            (Method::GET, "/lake/?list-type=2", "`?list-type`"),
            (Method::POST, "/lake/k?uploads", "`POST`"),
            (Method::PUT, "/lake/k?partNumber=1&uploadId=2", "`?partNumber`"),
            (Method::GET, "/", "without a key"),
        ] {
            let message = asked(&method, uri).unwrap_err();
            assert!(message.contains(name), "{message}");
        }
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-server-side-encryption", "aws:kms".parse().unwrap());
        let refusal = Asked::of(&Method::PUT, &Uri::from_static("/lake/k"), &headers).unwrap_err();
        assert!(refusal.message.contains("`x-amz-server-side-encryption`"));
    }

    #[test]
    fn ranges_end_where_the_object_does() {
        assert_eq!(span("bytes=0-3", 10), Some((0, 4)));
        assert_eq!(span("bytes=8-99", 10), Some((8, 10)));
        assert_eq!(span("bytes=4-", 10), Some((4, 10)));
        assert_eq!(span("bytes=-4", 10), Some((6, 10)));
        for wrong in ["bytes=10-", "bytes=5-3", "bytes=-", "rows=1-2", "bytes=a-b"] {
            assert_eq!(span(wrong, 10), None, "{wrong}");
        }
    }
}
