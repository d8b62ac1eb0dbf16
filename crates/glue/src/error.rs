//! What goes wrong between here and a session, in classes that a caller can act on.

use std::fmt;

/// Why a call, or what was made of several, did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind of fault it is.
    pub kind: Kind,
    /// The call: `CreateSession`.
    pub operation: &'static str,
    /// The code of AWS, where it gave one: `AlreadyExistsException`.
    pub code: Option<String>,
    /// What AWS, or whoever else knows, says of it. Never a secret.
    pub message: String,
}

/// The classes of faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// No source has credentials.
    NoCredentials,
    /// The credentials have expired.
    Expired,
    /// There are credentials, and AWS, or the source that should give them, refuses.
    Credentials,
    /// The clock of this machine and that of AWS are too far apart for a signature.
    Skew,
    /// The principal may not do that.
    Denied(Box<Denied>),
    /// There is no such thing.
    NotFound,
    /// There is one of that id already.
    AlreadyExists,
    /// Too many calls in too short a time.
    Throttled,
    /// The account has no room for more.
    Limit,
    /// The connection could not be made: the call did not arrive.
    Unreachable,
    /// The connection broke, or no answer came in time: nobody knows whether the call arrived.
    Lost,
    /// An answer came that cannot be read: the call arrived.
    Garbled,
    /// AWS failed by itself.
    Service,
    /// The session is in no state for that.
    WrongState,
    /// What was sent is wrong.
    Refused,
    /// Anything else, by the code of AWS.
    Other(String),
    /// The session ended, in this state, while something was waited for.
    Ended(String),
    /// What was waited for did not come in time.
    Overdue,
    /// Somebody said stop.
    Interrupted,
    /// Another command is at work.
    Busy,
    /// A file cannot be read or written.
    Disk,
    /// The session on record is not the one that these credentials and this target lead to.
    Elsewhere,
}

/// Who may not do what, as far as AWS says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Denied {
    /// The principal: `arn:aws:sts::123456789012:assumed-role/dev/me`.
    pub principal: Option<String>,
    /// The action: `glue:CreateSession`, `iam:PassRole`.
    pub action: Option<String>,
    /// The resource.
    pub resource: Option<String>,
}

impl Denied {
    /// Reads AWS's sentence: `User: ARN is not authorized to perform: ACTION on resource: ARN because ...`.
    pub fn read(message: &str) -> Self {
        let after = |mark: &str| {
            let rest = message.split_once(mark)?.1.trim_start();
            let word = rest.split_whitespace().next()?.trim_end_matches([',', ';', '.']);
            (!word.is_empty()).then(|| word.to_owned())
        };
        Self {
            principal: after("User:").or_else(|| after("principal:")),
            action: after("not authorized to perform:"),
            resource: after("on resource:"),
        }
    }
}

impl Kind {
    /// The code of AWS that stands for it, as `botocore` names it; `ClientError` where none does.
    pub fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "AccessDeniedException",
            Self::NotFound => "EntityNotFoundException",
            Self::AlreadyExists => "AlreadyExistsException",
            Self::Throttled => "ThrottlingException",
            Self::Limit => "ResourceNumberLimitExceededException",
            Self::Service => "InternalServiceException",
            Self::WrongState => "IllegalSessionStateException",
            Self::Refused => "InvalidInputException",
            Self::Expired => "ExpiredTokenException",
            Self::Other(code) => code,
            _ => "ClientError",
        }
    }
}

impl Error {
    /// A fault of that kind.
    pub fn new(kind: Kind, operation: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            operation,
            code: None,
            message: message.into(),
        }
    }

    /// Whether the call may have had its effect, though nobody said so.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self.kind, Kind::Lost | Kind::Garbled | Kind::Service)
    }

    /// Whether it may go away by itself.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            Kind::Throttled | Kind::Unreachable | Kind::Lost | Kind::Garbled | Kind::Service
        )
    }
}

/// Where credentials come from.
const SOURCES: &str =
    "set AWS_PROFILE, sign in (`aws sso login`), or give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            operation,
            message,
            ..
        } = self;
        match kind {
            Kind::NoCredentials => write!(
                f,
                "{operation}: there are no AWS credentials: {message}; {SOURCES}"
            ),
            Kind::Expired => write!(
                f,
                "{operation}: the AWS credentials have expired: {message}; sign in again (`aws sso login`)"
            ),
            Kind::Credentials => write!(
                f,
                "{operation}: the AWS credentials cannot be used: {message}; {SOURCES}"
            ),
            Kind::Skew => write!(
                f,
                "{operation}: the clock of this machine is too far from that of AWS: {message}"
            ),
            Kind::Denied(denied) => {
                let action = denied.action.as_deref().unwrap_or(operation);
                write!(f, "{action} is denied")?;
                if let Some(principal) = &denied.principal {
                    write!(f, " to {principal}")?;
                }
                if let Some(resource) = &denied.resource {
                    write!(f, " on {resource}")?;
                }
                write!(
                    f,
                    ": {message}; `glueline iam-policy --for caller` prints what dbt-glue needs"
                )
            }
            Kind::Throttled => write!(f, "{operation}: AWS gets too many calls: {message}"),
            Kind::Unreachable => write!(f, "{operation}: AWS cannot be reached: {message}"),
            Kind::Lost => write!(
                f,
                "{operation}: the connection was lost, and nobody knows whether the call arrived: {message}"
            ),
            Kind::Garbled => write!(f, "{operation}: the answer of AWS cannot be read: {message}"),
            Kind::Service => write!(f, "{operation}: AWS failed: {message}"),
            Kind::Other(code) => write!(f, "{operation}: {code}: {message}"),
            Kind::NotFound | Kind::AlreadyExists | Kind::Limit | Kind::WrongState | Kind::Refused => {
                write!(f, "{operation}: {message}")
            }
            Kind::Ended(_)
            | Kind::Overdue
            | Kind::Interrupted
            | Kind::Busy
            | Kind::Disk
            | Kind::Elsewhere => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_do_what_is_read_from_the_message() {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        for (message, want) in [
            (
                "User: arn:aws:iam::123456789012:user/me is not authorized to perform: glue:CreateSession on resource: \
                 arn:aws:glue:eu-west-1:123456789012:session/x because no identity-based policy allows it",
                [
                    "arn:aws:iam::123456789012:user/me",
                    "glue:CreateSession",
                    "arn:aws:glue:eu-west-1:123456789012:session/x",
                ],
            ),
            (
                "User: arn:a is not authorized to perform: iam:PassRole on resource: arn:r.",
                ["arn:a", "iam:PassRole", "arn:r"],
            ),
            (
                "User: arn:a is not authorized to perform: glue:GetSession",
                ["arn:a", "glue:GetSession", ""],
            ),
            ("Access denied", ["", "", ""]),
            ("not authorized to perform:", ["", "", ""]),
        ] {
            let found = Denied::read(message);
            let found = [&found.principal, &found.action, &found.resource].map(text);
            assert_eq!(found, want, "{message}");
        }
    }
}
