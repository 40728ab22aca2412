//! The control API under `/_alimock/`, with JSON. No Alibaba Cloud API has such paths. See docs/control-api.md.
//!
//! Start with `routes`, the table of all calls, the source of the router and the OpenAPI document. Calls use worlds by
//! the same functions as services and scenarios. This module must not know how requests are signed.

mod access;
mod account_view;
mod accounts;
mod beside;
mod call;
mod clock;
mod closing;
mod commands;
mod coverage;
mod environment;
mod export;
mod faults;
mod guard;
mod instance;
mod issuer;
mod keys;
mod logins;
mod metrics;
mod oidc_login;
mod openapi;
mod permissions;
mod ports;
mod real_name;
mod requests;
mod routes;
mod sessions;
mod settings;
mod stream;
mod trust;
mod verify;
mod why;
mod worlds;

pub(crate) use access::generated;
pub use access::{Access, ControlToken};
pub use beside::{Beside, Later, Weight};
pub(crate) use clock::describe as described_clock;
pub(crate) use environment::{Signer, is_credential, signer, signers, variables};
pub(crate) use export::point;
pub(crate) use faults::good as good_rule;
pub(crate) use guard::foreign;
pub(crate) use instance::{credentials_path, role_named};
pub(crate) use oidc_login::{Login, login};
pub(crate) use openapi::calls;
pub(crate) use permissions::again as explained_again;
pub(crate) use permissions::{Explanation, OneOrMany, Question, explanation};
pub use ports::{Port, Ports};
pub(crate) use ports::{endpoint, is_loopback};
pub(crate) use settings::{NamedSetting, SETTINGS};
pub(crate) use stream::events;
pub use trust::Trust;

use crate::scenario::{self, Known, Misfit, NotTaken, Scenario};
use crate::text::{Scalar, UserName};
use crate::world::account::Account;
use crate::world::coverage::Operation;
use crate::world::refusal::Class;
use crate::world::{
    Act, By, Command, NotDone, Refusal, State, Tx, WhichAccount, World, Worlds, account_named,
};
use axum::Router;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// State and collaborators of the control API.
#[derive(Debug)]
pub struct Control {
    /// All worlds.
    pub worlds: Arc<Worlds>,
    /// Scenario of a new world, if its creator gives none.
    pub scenario: Scenario,
    /// Endpoint of the server, `http://127.0.0.1:4588`.
    pub endpoint: String,
    /// Returns every operation that the server runs. Called on demand.
    pub operations: fn() -> Vec<Operation>,
    /// Access rules of the control API.
    pub access: Access,
    /// Addresses that the server listens on.
    pub listen: Vec<IpAddr>,
    /// Opens and closes the ports of worlds.
    pub ports: Box<dyn Ports>,
    /// Provides the CA certificate.
    pub trust: Arc<dyn Trust>,
    /// Runs calls on worker threads.
    pub beside: Arc<dyn Beside>,
    /// Settings that the start of the server fixed.
    pub fixed: Vec<Fixed>,
}

/// A setting that only the start of the server can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// Flag of `alimock serve` that sets it.
    pub flag: &'static str,
    /// Value, as the flag takes it.
    pub value: String,
}

type Shared = axum::extract::State<Arc<Control>>;

/// Builds the router for all paths below `/_alimock/`.
pub fn router(control: Arc<Control>) -> Router {
    let calls = routes::all().into_iter();
    let all = calls.fold(Router::new(), |router, route| router.route(route.path, route.handler()));
    let all = all
        .fallback(async || {
            ControlError::not_found(
                "path",
                "the path is not a call of the control API",
                "`alimock ctl --list` lists them all",
            )
        })
        .method_not_allowed_fallback(async || {
            ControlError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this call has another method",
            )
            .hint("`alimock ctl --list` lists the method of every call")
        });
    let guard = axum::middleware::from_fn_with_state(Arc::clone(&control), guard::check);
    Router::new().nest("/_alimock", all).layer(guard).with_state(control)
}

/// Error of a control call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ControlError {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    hint: Option<String>,
}

pub(crate) type Answer<T> = Result<T, ControlError>;

impl ControlError {
    fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), hint: None }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn not_found(what: &str, message: impl Into<String>, hint: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what}_not_found"), message).hint(hint)
    }

    fn bad_request(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }
}

impl From<Refusal> for ControlError {
    fn from(refusal: Refusal) -> Self {
        let (class, code) = refusal.control();
        let status = match class {
            Class::Missing => StatusCode::NOT_FOUND,
            Class::Conflict => StatusCode::CONFLICT,
            Class::Invalid => StatusCode::BAD_REQUEST,
            Class::Unauthorized => StatusCode::UNAUTHORIZED,
            Class::Forbidden => StatusCode::FORBIDDEN,
            Class::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, code, refusal.to_string())
    }
}

impl From<NotDone> for ControlError {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::Refused(refusal) => refusal.into(),
            NotDone::Advised { refusal, advice } => Self::from(refusal).hint(advice),
            NotDone::Wrong(_) | NotDone::Unfit(_) => Self::bad_request("invalid_command", why.to_string()),
        }
    }
}

/// Body of an error response.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
struct Refused<'a> {
    error: Reason<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Reason<'a> {
    /// Error code for programs.
    code: &'a str,
    /// Message for people.
    message: &'a str,
    /// Hint: the next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// Message for people, with the hint.
impl std::fmt::Display for ControlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let error = Reason { code: &self.code, message: &self.message, hint: self.hint.as_deref() };
        json(self.status, &Refused { error })
    }
}

/// Returns an error about the form of a request, not about its content.
pub(crate) fn refused(status: StatusCode, code: &'static str, message: &str) -> Response {
    ControlError::new(status, code, message).into_response()
}

/// Builds a response with a JSON body.
fn json(status: StatusCode, body: &dyn erased_serde::Serialize) -> Response {
    let mut text = serde_json::to_vec(body).expect("answers are plain data");
    text.push(b'\n');
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn ok(body: &dyn erased_serde::Serialize) -> Response {
    json(StatusCode::OK, body)
}

/// Answers without a body.
fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Answers with a list as the only field of the body.
fn listed<T: Serialize>(name: &'static str, items: impl IntoIterator<Item = T>) -> Response {
    ok(&field(name, items.into_iter().collect::<Vec<_>>()))
}

/// A body with one field.
fn field<T>(name: &'static str, value: T) -> BTreeMap<&'static str, T> {
    BTreeMap::from([(name, value)])
}

/// Parses a body by the schema of its type. An empty body counts as `{}`. An unknown field is an error.
fn read<T: DeserializeOwned + JsonSchema>(body: &Bytes) -> Answer<T> {
    let text = if body.is_empty() { "{}" } else { utf8(body)? };
    scenario::part(text, "the body", openapi::schema::<T>(), |_| Vec::new()).map_err(|refused| {
        let (NotTaken::Unreadable(why) | NotTaken::Flawed(why)) = refused;
        ControlError::bad_request("invalid_body", why.brief().join("\n"))
    })
}

/// Parses a body that is a part of a scenario, and reports every error in it. `what` names the part; `code` is the
/// error code of a part that can never work.
fn part<T: DeserializeOwned + JsonSchema>(
    body: &Bytes,
    what: &str,
    code: &'static str,
    flaws: impl FnOnce(&T) -> Vec<Misfit>,
) -> Answer<T> {
    scenario::part(utf8(body)?, what, openapi::schema::<T>(), flaws).map_err(|refused| match refused {
        NotTaken::Unreadable(why) => ControlError::bad_request("invalid_body", why.to_string()),
        NotTaken::Flawed(why) => ControlError::bad_request(code, why.to_string()),
    })
}

fn utf8(body: &Bytes) -> Answer<&str> {
    std::str::from_utf8(body).map_err(|_| ControlError::bad_request("invalid_body", "the body is not UTF-8"))
}

/// Returns the names in a world that rules and expectations may use.
fn known(world: &World) -> Known {
    Known::of(&world.state())
}

impl Control {
    /// Returns the world that a path names.
    fn world(&self, name: &str) -> Answer<Arc<World>> {
        let hint = "GET /_alimock/worlds lists them, POST /_alimock/worlds makes one";
        self.worlds
            .named(name)
            .ok_or_else(|| ControlError::not_found("world", format!("there is no world `{name}`"), hint))
    }
}

/// An account, or an item in it, that a path names.
struct InAccount {
    world: Arc<World>,
    account: String,
    id: String,
}

impl InAccount {
    /// Returns the account that the path names, by UID or name.
    fn of<'a>(&self, state: &'a State) -> Result<&'a Account, Refusal> {
        account_named(Some(&self.account), state)
    }

    /// Splits `account/user` into the account and the user. Only calls about what a user owns take it.
    fn with_user(self) -> Answer<(Self, Option<UserName>)> {
        let Some((account, user)) = self.account.split_once('/') else { return Ok((self, None)) };
        let user = UserName::parse(user).map_err(|_| ControlError::from(Refusal::NoSuchUser))?;
        let account = account.to_owned();
        Ok((Self { account, ..self }, Some(user)))
    }

    /// Applies a change to the account.
    fn act<T: Act>(&self, words: &T) -> Answer<T::Given> {
        commit(&self.world, |tx| {
            let uid = self.of(tx.state())?.uid;
            Ok(words.act(uid, tx)?)
        })
    }

    /// Runs a command whose only field is the account.
    fn change(&self, command: fn(WhichAccount) -> Command) -> Answer<Response> {
        let command = command(WhichAccount::named(&self.account));
        commit(&self.world, |tx| Ok(command.run(tx)?))?;
        Ok(done())
    }
}

/// Applies what is due in a world, and returns its state.
fn settled(world: &World) -> Arc<State> {
    world.settle(world.clock.now().resource);
    world.state()
}

/// Changes a world in the name of the control API.
fn commit<T>(world: &World, change: impl FnOnce(&mut Tx<'_>) -> Answer<T>) -> Answer<T> {
    let now = world.clock.now().resource;
    world.settle(now);
    world.commit(now, By::OURSELVES, change).map(|(given, _)| given)
}
