//! The Security Token Service: who one is, which is always the same.

use std::fmt::Write as _;

use crate::answer::Refusal;
use crate::glue::ACCOUNT;

/// Who everybody is here.
pub(crate) const ARN: &str = "arn:aws:iam::000000000000:user/glueline-local";

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers one operation, whose parameters came as a form.
pub(crate) fn answer(form: &[(String, String)]) -> Result<String, Refusal> {
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let action = field("Action").unwrap_or_default();
    let result = match action {
        "GetCallerIdentity" => {
            format!("<Arn>{ARN}</Arn><UserId>AIDAGLUELINELOCAL</UserId><Account>{ACCOUNT}</Account>")
        }
        "AssumeRole" => {
            let missing = |name: &str| Refusal::new("ValidationError", format!("{name} is missing."));
            let role = field("RoleArn").ok_or_else(|| missing("RoleArn"))?;
            let session = field("RoleSessionName").ok_or_else(|| missing("RoleSessionName"))?;
            let role = role.rsplit('/').next().unwrap_or(role);
            let (role, session) = (escaped(role), escaped(session));
            format!(
                "<Credentials><AccessKeyId>local</AccessKeyId><SecretAccessKey>local</SecretAccessKey>\
                 <SessionToken>local</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
                 <AssumedRoleUser><AssumedRoleId>AROAGLUELINELOCAL:{session}</AssumedRoleId>\
                 <Arn>arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}</Arn></AssumedRoleUser>"
            )
        }
        other => return Err(Refusal::not_here(&format!("`{other}` of STS"))),
    };
    Ok(format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></{action}Response>"
    ))
}

/// An error as this service writes it.
pub(crate) fn error(refusal: &Refusal) -> String {
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error>\
         <RequestId>local</RequestId></ErrorResponse>",
        escaped(&refusal.kind),
        escaped(&refusal.message)
    )
}

/// The fields of a form.
pub(crate) fn form(body: &str) -> Vec<(String, String)> {
    body.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    decoded_path(&text.replace('+', " "))
}

/// The text behind `%20` and its like; unlike in a form, a plus is a plus.
pub(crate) fn decoded_path(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let value = match byte {
            b'%' => {
                let mut ahead = rest.clone();
                let digits = [ahead.next(), ahead.next()].map(|digit| {
                    digit
                        .and_then(|digit| char::from(digit).to_digit(16))
                        .and_then(|digit| u8::try_from(digit).ok())
                });
                match digits {
                    [Some(high), Some(low)] => {
                        rest = ahead;
                        high * 16 + low
                    }
                    _ => byte,
                }
            }
            other => other,
        };
        bytes.push(value);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text inside of XML.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        let _ = match c {
            '&' => write!(out, "&amp;"),
            '<' => write!(out, "&lt;"),
            '>' => write!(out, "&gt;"),
            other => write!(out, "{other}"),
        };
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{answer, form};

    #[test]
    fn forms_are_read() {
        let fields = form("Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx&RoleSessionName=a+b%");
        let answer = answer(&fields).unwrap();
        assert!(answer.contains("assumed-role/x/a b%</Arn>"), "{answer}");
    }

    #[test]
    fn what_is_not_here_is_refused() {
        let refusal = answer(&form("Action=GetFederationToken")).unwrap_err();
        assert!(refusal.message.contains("GetFederationToken"));
    }
}
