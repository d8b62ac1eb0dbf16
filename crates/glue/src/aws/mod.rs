//! The calls, made with the AWS SDK. The SDK reads its own environment (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, ...) and its own files.

mod catalog;
mod change;
mod convert;
mod faults;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use serde_json::Value as Json;
use tokio::runtime::Runtime;

use crate::api::{Api, Identity, NewSession, Page, Refusal, Session, Statement};
use crate::catalog::{CatalogTable, CellsFilter, LakeTags, Tagged};
use crate::error::{Error, Kind};

/// How the calls are made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The region of the target; the SDK's own search where the target names none.
    pub region: Option<String>,
    /// The role that calls of the Data Catalog are made as: `use_interactive_session_role_for_api_calls`. Sessions, STS and Lake
    /// Formation are called as whoever calls, as dbt-glue does it (`dbt/adapters/glue/impl.py`).
    pub catalog_role: Option<String>,
    /// For how long a connection may take to come about.
    pub connecting: Duration,
    /// For how long a call may take as a whole.
    pub calling: Duration,
}

impl Settings {
    /// What suits calls to AWS, in a region.
    pub fn new(region: Option<String>) -> Self {
        Self {
            region,
            catalog_role: None,
            connecting: Duration::from_secs(5),
            calling: Duration::from_mins(1),
        }
    }
}

/// AWS itself, or what `AWS_ENDPOINT_URL` says.
pub struct Aws {
    runtime: Runtime,
    glue: aws_sdk_glue::Client,
    /// The same service, called as the role of [`Settings::catalog_role`].
    catalog: aws_sdk_glue::Client,
    lake: aws_sdk_lakeformation::Client,
    sts: aws_sdk_sts::Client,
    region: String,
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Aws {
    /// Gets ready to call. Credentials are not looked for before the first call.
    ///
    /// # Errors
    ///
    /// Where nothing says which region is meant.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        // One thread: calls are made one after the other, by whoever waits for them.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Error::new(
                    Kind::Unreachable,
                    "",
                    format!("cannot wait for the network: {error}"),
                )
            })?;
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(settings.connecting)
            .operation_attempt_timeout(settings.calling)
            .build();
        // What may be tried again depends on the call: `Caller` knows.
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::disabled());
        if let Ok(name) = AppName::new("glueline") {
            loader = loader.app_name(name);
        }
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let config = runtime.block_on(loader.load());
        let Some(region) = config.region().map(ToString::to_string) else {
            return Err(Error::new(
                Kind::Refused,
                "",
                "no region is known: set `region` in the target of profiles.yml, or AWS_REGION",
            ));
        };
        let glue = aws_sdk_glue::Client::new(&config);
        let catalog = match &settings.catalog_role {
            None => glue.clone(),
            Some(role) => {
                let provider = AssumeRoleProvider::builder(role)
                    .session_name("dbt")
                    .configure(&config);
                let provider = runtime.block_on(provider.build());
                let config = aws_sdk_glue::config::Builder::from(&config).credentials_provider(provider);
                aws_sdk_glue::Client::from_conf(config.build())
            }
        };
        Ok(Self {
            runtime,
            glue,
            catalog,
            lake: aws_sdk_lakeformation::Client::new(&config),
            sts: aws_sdk_sts::Client::new(&config),
            region,
        })
    }

    /// The region that is called.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Waits for an answer.
    fn ask<T>(&self, call: impl Future<Output = T>) -> T {
        self.runtime.block_on(call)
    }
}

impl Api for Aws {
    fn create_session(&self, new: &NewSession) -> Result<Session, Error> {
        const CALL: &str = "CreateSession";
        let call = convert::create_session(self.glue.create_session(), new);
        let answer = self
            .ask(call.send())
            .map_err(|error| faults::told(CALL, &error))?;
        convert::session(CALL, answer.session)
    }

    fn get_session(&self, id: &str) -> Result<Session, Error> {
        const CALL: &str = "GetSession";
        let call = self.glue.get_session().id(id);
        let answer = self
            .ask(call.send())
            .map_err(|error| faults::told(CALL, &error))?;
        convert::session(CALL, answer.session)
    }

    fn list_sessions(&self, token: Option<&str>) -> Result<Page<Session>, Error> {
        const CALL: &str = "ListSessions";
        let call = self.glue.list_sessions().set_next_token(token.map(str::to_owned));
        let answer = self
            .ask(call.send())
            .map_err(|error| faults::told(CALL, &error))?;
        let sessions = answer.sessions.unwrap_or_default().into_iter();
        let mut items: Vec<Session> = sessions
            .map(|session| convert::session(CALL, Some(session)))
            .collect::<Result<_, _>>()?;
        // The service model promises ids and sessions, and neither that the other is there.
        for id in answer.ids.unwrap_or_default() {
            if !items.iter().any(|session| session.id == id) {
                items.push(self.get_session(&id)?);
            }
        }
        Ok(Page {
            items,
            next: answer.next_token,
        })
    }

    fn stop_session(&self, id: &str) -> Result<(), Error> {
        let call = self.glue.stop_session().id(id);
        let answer = self.ask(call.send());
        answer
            .map(|_| ())
            .map_err(|error| faults::told("StopSession", &error))
    }

    fn delete_session(&self, id: &str) -> Result<(), Error> {
        let call = self.glue.delete_session().id(id);
        let answer = self.ask(call.send());
        answer
            .map(|_| ())
            .map_err(|error| faults::told("DeleteSession", &error))
    }

    fn run_statement(&self, session: &str, code: &str) -> Result<i32, Error> {
        let call = self.glue.run_statement().session_id(session).code(code);
        let answer = self.ask(call.send());
        answer
            .map(|answer| answer.id)
            .map_err(|error| faults::told("RunStatement", &error))
    }

    fn get_statement(&self, session: &str, statement: i32) -> Result<Statement, Error> {
        const CALL: &str = "GetStatement";
        let call = self.glue.get_statement().session_id(session).id(statement);
        let answer = self
            .ask(call.send())
            .map_err(|error| faults::told(CALL, &error))?;
        convert::statement(CALL, answer.statement)
    }

    fn list_statements(&self, session: &str, token: Option<&str>) -> Result<Page<Statement>, Error> {
        const CALL: &str = "ListStatements";
        let call = self.glue.list_statements().session_id(session);
        let call = call.set_next_token(token.map(str::to_owned));
        let answer = self
            .ask(call.send())
            .map_err(|error| faults::told(CALL, &error))?;
        let statements = answer.statements.unwrap_or_default().into_iter();
        Ok(Page {
            items: statements
                .map(|statement| convert::statement(CALL, Some(statement)))
                .collect::<Result<_, _>>()?,
            next: answer.next_token,
        })
    }

    fn cancel_statement(&self, session: &str, statement: i32) -> Result<(), Error> {
        let call = self.glue.cancel_statement().session_id(session).id(statement);
        let answer = self.ask(call.send());
        answer
            .map(|_| ())
            .map_err(|error| faults::told("CancelStatement", &error))
    }

    fn caller(&self) -> Result<Identity, Error> {
        const CALL: &str = "GetCallerIdentity";
        let call = self.sts.get_caller_identity();
        let answer = self
            .ask(call.send())
            .map_err(|error| faults::told(CALL, &error))?;
        match (answer.account, answer.arn) {
            (Some(account), Some(arn)) => Ok(Identity { account, arn }),
            _ => Err(convert::lacking(CALL, "Account")),
        }
    }

    fn change(
        &self,
        service: &'static str,
        operation: &'static str,
        request: &Json,
    ) -> Result<Vec<Refusal>, Error> {
        change::make(self, service, operation, request)
    }

    fn list_tables(&self, database: &str, token: Option<&str>) -> Result<Page<CatalogTable>, Error> {
        catalog::tables(self, database, token)
    }

    fn resource_tags(&self, of: Tagged<'_>) -> Result<LakeTags, Error> {
        catalog::tags(self, of)
    }

    fn list_filters(
        &self,
        database: &str,
        table: &str,
        token: Option<&str>,
    ) -> Result<Page<CellsFilter>, Error> {
        catalog::filters(self, database, table, token)
    }

    fn list_holders(&self, of: &CellsFilter, token: Option<&str>) -> Result<Page<String>, Error> {
        catalog::holders(self, of, token)
    }
}
