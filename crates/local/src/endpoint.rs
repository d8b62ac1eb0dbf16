//! What a request is of, and who answers it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::host::Host;
use crate::lakeformation::{self, Lake};
use crate::session::Session;
use crate::worker::Places;
use crate::{glue, s3, sts};

/// No request of a client of dbt comes near it.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// Everything that requests share.
pub(crate) struct Endpoint {
    pub(crate) host: Arc<Host>,
    pub(crate) places: Places,
    pub(crate) lake: Lake,
    pub(crate) say: crate::Say,
    sessions: Mutex<BTreeMap<String, Arc<Session>>>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").finish_non_exhaustive()
    }
}

/// The service that a request is meant for.
#[derive(Debug, PartialEq, Eq)]
enum Service {
    Glue(String),
    LakeFormation(String),
    Sts,
    S3,
    Unknown(String),
}

impl Endpoint {
    pub(crate) fn new(host: Arc<Host>, places: Places, lake: Lake, say: crate::Say) -> Self {
        Self {
            host,
            places,
            lake,
            say,
            sessions: Mutex::default(),
        }
    }

    /// The sessions, by name.
    pub(crate) fn sessions(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request; never with an error of its own, so that the connection lives on.
    pub(crate) async fn serve(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        if !is_local(&head.headers) {
            // A page in a browser can make a name of its own point here; what it sends then still says that name.
            let refusal = Refusal::new(
                "AccessDeniedException",
                "The request is not addressed to this machine, or not signed.",
            );
            return Ok(json_error(&refusal, StatusCode::FORBIDDEN));
        }
        let service = service(&head.headers, head.uri.path());
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            let refusal = Refusal::invalid("The body cannot be read, or is too large.");
            return Ok(json_error(&refusal, StatusCode::BAD_REQUEST));
        };
        let body = body.to_bytes();
        Ok(match service {
            Service::Glue(operation) => {
                let answer = match parsed(&body) {
                    Ok(input) => glue::answer(&self, &operation, &input).await,
                    Err(refusal) => Err(refusal),
                };
                self.told("Glue", &operation, answer, "application/x-amz-json-1.1")
            }
            Service::LakeFormation(operation) => {
                let answer = match parsed(&body) {
                    Ok(input) => lakeformation::answer(&self, &operation, &input).await,
                    Err(refusal) => Err(refusal),
                };
                self.told("Lake Formation", &operation, answer, "application/json")
            }
            Service::Sts => match sts::answer(&sts::form(&String::from_utf8_lossy(&body))) {
                Ok(text) => plain(StatusCode::OK, "text/xml", text),
                Err(refusal) => {
                    (self.say)(&refusal.message);
                    plain(StatusCode::BAD_REQUEST, "text/xml", sts::error(&refusal))
                }
            },
            Service::S3 => self.object(&head, &body).await,
            Service::Unknown(name) => {
                let refusal = Refusal::not_here(&format!("requests of the service `{name}`"));
                (self.say)(&refusal.message);
                json_error(&refusal, StatusCode::NOT_IMPLEMENTED)
            }
        })
    }

    /// What S3 answers.
    async fn object(&self, head: &Parts, body: &Bytes) -> Response<Full<Bytes>> {
        let answer = match s3::Asked::of(&head.method, &head.uri, &head.headers) {
            Err(refusal) => Err(refusal),
            Ok(asked) => match self.host.mount([asked.bucket.clone()].into()).await {
                Err(refusal) => Err(refusal),
                Ok(()) => asked.answer(&self.places.objects(), &head.headers, body),
            },
        };
        let made = answer.map(|(response, body)| response.body(Full::new(body)));
        match made {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", error.to_string()),
            Err(refusal) => {
                if refusal.kind != "NoSuchKey" {
                    (self.say)(&refusal.message);
                }
                let (status, text) = s3::error(&refusal);
                // An answer to HEAD has no body, whatever it is.
                let text = if head.method == Method::HEAD {
                    String::new()
                } else {
                    text
                };
                plain(status, "application/xml", text)
            }
        }
    }

    fn told(&self, service: &str, operation: &str, answer: Answer, content: &str) -> Response<Full<Bytes>> {
        match answer {
            Ok(document) => plain(StatusCode::OK, content, document.to_string()),
            Err(refusal) => {
                // What is missing in the catalog is an answer like any other; what is missing here is news.
                if refusal.kind == "UnknownOperationException" || refusal.kind == "InternalServiceException" {
                    (self.say)(&format!("{service} {operation}: {}", refusal.message));
                }
                let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
                json_error(&refusal, status)
            }
        }
    }
}

/// Whether it came to this machine by a name of this machine, and from a client of AWS.
fn is_local(headers: &HeaderMap) -> bool {
    let host = header(headers, HOST.as_str());
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_ours = matches!(name, "127.0.0.1" | "localhost") || name.ends_with(".localhost");
    is_ours && headers.contains_key(AUTHORIZATION)
}

fn service(headers: &HeaderMap, path: &str) -> Service {
    if let Some(operation) = header(headers, "x-amz-target").strip_prefix("AWSGlue.") {
        return Service::Glue(operation.to_owned());
    }
    let form = header(headers, CONTENT_TYPE.as_str()).contains("x-www-form-urlencoded");
    match scope(header(headers, AUTHORIZATION.as_str())) {
        "lakeformation" => Service::LakeFormation(path.trim_matches('/').to_owned()),
        "sts" => Service::Sts,
        "s3" => Service::S3,
        "" if form => Service::Sts,
        other => Service::Unknown(other.to_owned()),
    }
}

/// The service that a signature is for: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
fn scope(authorization: &str) -> &str {
    authorization
        .split_once("Credential=")
        .and_then(|(_, rest)| rest.split([',', ' ']).next())
        .and_then(|credential| credential.rsplit('/').nth(1))
        .unwrap_or_default()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn parsed(body: &Bytes) -> Answer {
    if body.is_empty() {
        return Ok(json!({}));
    }
    let read: Result<Value, _> = serde_json::from_slice(body);
    read.map_err(|error| Refusal::new("SerializationException", format!("The body is no JSON: {error}")))
}

fn json_error(refusal: &Refusal, status: StatusCode) -> Response<Full<Bytes>> {
    let body = json!({"__type": refusal.kind, "Message": refusal.message, "message": refusal.message});
    let mut response = plain(status, "application/x-amz-json-1.1", body.to_string());
    if let Ok(kind) = refusal.kind.parse() {
        response.headers_mut().insert("x-amzn-errortype", kind);
    }
    response
}

fn plain(status: StatusCode, content: &str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    if let Ok(content) = content.parse() {
        response.headers_mut().insert(CONTENT_TYPE, content);
    }
    response
}

#[cfg(test)]
mod tests {
    use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap};

    use super::{Service, is_local, service};

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    const SIGNED: &str =
        "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/lakeformation/aws4_request, SignedHeaders=host";

    #[test]
    fn requests_find_their_service() {
        let target = headers(&[("x-amz-target", "AWSGlue.GetTable")]);
        assert_eq!(service(&target, "/"), Service::Glue("GetTable".to_owned()));
        let lake = headers(&[(AUTHORIZATION.as_str(), SIGNED)]);
        assert_eq!(
            service(&lake, "/ListPermissions"),
            Service::LakeFormation("ListPermissions".to_owned())
        );
        let form = headers(&[(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")]);
        assert_eq!(service(&form, "/"), Service::Sts);
        assert_eq!(
            service(&headers(&[]), "/bucket/key"),
            Service::Unknown(String::new())
        );
    }

    #[test]
    fn only_this_machine_is_served() {
        let asked = |host: &'static str| {
            is_local(&headers(&[
                (HOST.as_str(), host),
                (AUTHORIZATION.as_str(), SIGNED),
            ]))
        };
        assert!(asked("127.0.0.1:4580"));
        assert!(asked("localhost"));
        assert!(!asked("evil.example:4580"));
        assert!(
            !is_local(&headers(&[(HOST.as_str(), "127.0.0.1:4580")])),
            "unsigned"
        );
    }
}
