//! The SDK's errors, in classes of ours.

use std::error::Error as StdError;
use std::io;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_glue::config::http::HttpResponse;
use aws_sdk_glue::error::{ProvideErrorMetadata, SdkError};

use crate::error::{Denied, Error, Kind};

/// What went wrong with a call.
pub(super) fn told<E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let mut named = None;
    let (kind, message) = match error {
        SdkError::ServiceError(refused) => {
            let status = refused.raw().status().as_u16();
            named = refused.err().code().map(|code| plain(code).to_owned());
            of_service(status, refused.err().code(), refused.err().message())
        }
        SdkError::ResponseError(unread) => {
            let status = unread.raw().status().as_u16();
            of_service(status, None, None)
        }
        SdkError::TimeoutError(_) => (Kind::Lost, "no answer came in time".to_owned()),
        SdkError::ConstructionFailure(_) => (Kind::Refused, chain(error)),
        _ => return of_dispatch(operation, error),
    };
    Error {
        code: named,
        ..Error::new(kind, operation, message)
    }
}

/// The name of a code, which may come with the space of the service before it, and with a place behind.
fn plain(code: &str) -> &str {
    let name = code.rsplit('#').next().unwrap_or(code);
    name.split(':').next().unwrap_or(name)
}

/// What an answer of AWS says that is no success, or that cannot be read.
fn of_service(status: u16, code: Option<&str>, message: Option<&str>) -> (Kind, String) {
    let told = message.map(str::to_owned);
    let Some(code) = code else {
        let kind = match status {
            429 => Kind::Throttled,
            500.. => Kind::Service,
            _ => Kind::Garbled,
        };
        return (kind, told.unwrap_or_else(|| format!("HTTP status {status}")));
    };
    let message = told.unwrap_or_else(|| code.to_owned());
    let kind = match plain(code) {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Kind::Expired,
        "RequestTimeTooSkewed" => Kind::Skew,
        "InvalidSignatureException" | "SignatureDoesNotMatch"
            if message.contains("expired") || message.contains("not yet current") =>
        {
            Kind::Skew
        }
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignature"
        | "IncompleteSignatureException" => Kind::Credentials,
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            Kind::Denied(Box::new(Denied::read(&message)))
        }
        "EntityNotFoundException" => Kind::NotFound,
        "AlreadyExistsException" | "IdempotentParameterMismatchException" => Kind::AlreadyExists,
        "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown" => Kind::Throttled,
        "ResourceNumberLimitExceededException" => Kind::Limit,
        "IllegalSessionStateException" => Kind::WrongState,
        "InvalidInputException" | "ValidationException" => Kind::Refused,
        _ if status == 429 => Kind::Throttled,
        "InternalServiceException" | "InternalFailure" | "OperationTimeoutException" => Kind::Service,
        _ if status >= 500 => Kind::Service,
        other => Kind::Other(other.to_owned()),
    };
    (kind, message)
}

/// What kept a call from being answered: credentials that are not there, a connection that is not, or broke.
fn of_dispatch(operation: &'static str, error: &(dyn StdError + 'static)) -> Error {
    let mut next = Some(error);
    let mut refused = false;
    while let Some(at) = next {
        if let Some(credentials) = at.downcast_ref::<CredentialsError>() {
            let message = chain(credentials);
            return Error::new(of_credentials(credentials, &message), operation, message);
        }
        if let Some(io) = at.downcast_ref::<io::Error>() {
            refused |= io.kind() == io::ErrorKind::ConnectionRefused;
        }
        // The type is hyper's own, and not in reach; nothing was sent before there is a connection.
        refused |= at.to_string() == "client error (Connect)";
        next = at.source();
    }
    let kind = if refused { Kind::Unreachable } else { Kind::Lost };
    Error::new(kind, operation, innermost(error))
}

fn of_credentials(error: &CredentialsError, message: &str) -> Kind {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => Kind::NoCredentials,
        // What SSO and STS say of tokens whose time has passed.
        _ if message.contains("expired") || message.contains("ExpiredToken") => Kind::Expired,
        _ => Kind::Credentials,
    }
}

/// What an error says, and what the errors behind it say, each once.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(at) = next {
        let told = at.to_string();
        if !text.contains(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        next = at.source();
    }
    text
}

/// What the error at the end of the chain says: of a connection, that is the system's own word.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut at = error;
    while let Some(next) = at.source() {
        at = next;
    }
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_aws_are_told_apart() {
        for (status, code, message, want) in [
            (400, Some("ThrottlingException"), "Rate exceeded", Kind::Throttled),
            (429, None, "", Kind::Throttled),
            (503, None, "", Kind::Service),
            (200, None, "", Kind::Garbled),
            (
                400,
                Some("com.amazonaws.glue#EntityNotFoundException"),
                "no",
                Kind::NotFound,
            ),
            (
                400,
                Some("AlreadyExistsException:http://x"),
                "there",
                Kind::AlreadyExists,
            ),
            (400, Some("ExpiredTokenException"), "old", Kind::Expired),
            (
                403,
                Some("InvalidSignatureException"),
                "Signature expired: 1 is now earlier than 2",
                Kind::Skew,
            ),
            (
                403,
                Some("InvalidSignatureException"),
                "does not match",
                Kind::Credentials,
            ),
            (
                400,
                Some("IllegalSessionStateException"),
                "busy",
                Kind::WrongState,
            ),
            (400, Some("NewFault"), "new", Kind::Other("NewFault".to_owned())),
            (500, Some("NewFault"), "new", Kind::Service),
        ] {
            let (kind, told) = of_service(status, code, (!message.is_empty()).then_some(message));
            assert_eq!(kind, want, "{code:?}");
            assert!(!told.is_empty(), "{code:?}");
        }
    }
}
