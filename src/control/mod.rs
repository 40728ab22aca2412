//! The control API under `/_alimock/`: ours, JSON in and out, never confusable with a wire action. docs/control-api.md has
//! every call.
//!
//! Start with `routes`, the table of all calls, from which the router and the OpenAPI document are made. It drives worlds through the same functions that services and scenarios use and must not know how requests are signed.

mod access;
mod account_view;
mod accounts;
mod beside;
mod call;
mod clock;
mod closing;
mod commands;
mod coverage;
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
mod worlds;

pub(crate) use access::generated;
pub use access::{Access, ControlToken};
pub use beside::{Beside, Later, Weight};
pub(crate) use instance::{credentials_path, role_named};
pub(crate) use oidc_login::{Login, login};
pub use ports::{Port, Ports};
pub(crate) use ports::{endpoint, is_loopback};
pub use trust::Trust;

use crate::scenario::{self, Known, Misfit, NotTaken, Scenario};
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
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

/// What the control API works on.
#[derive(Debug)]
pub struct Control {
    /// The worlds.
    pub worlds: Arc<Worlds>,
    /// What a world is planted with when its maker gives nothing.
    pub scenario: Scenario,
    /// Where the server listens, `http://127.0.0.1:4588`.
    pub endpoint: String,
    /// Every operation that the server runs, told when somebody asks.
    pub operations: fn() -> Vec<Operation>,
    /// Who may use the control API.
    pub access: Access,
    /// Addresses that the server listens on.
    pub listen: Vec<IpAddr>,
    /// Where worlds get ports of their own.
    pub ports: Box<dyn Ports>,
    /// Whose certificates the server shows.
    pub trust: Arc<dyn Trust>,
    /// Where calls are answered.
    pub beside: Arc<dyn Beside>,
}

type Shared = axum::extract::State<Arc<Control>>;

/// The router for everything below `/_alimock/`.
pub fn router(control: Arc<Control>) -> Router {
    let calls = routes::all().into_iter();
    let all = calls.fold(Router::new(), |router, route| router.route(route.path, route.handler()));
    let all = all
        .fallback(async || {
            ControlError::not_found("path", "there is no such call", "docs/control-api.md lists them all")
        })
        .method_not_allowed_fallback(async || {
            ControlError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this call has another method",
            )
            .hint("docs/control-api.md lists the method of every call")
        });
    let guard = axum::middleware::from_fn_with_state(Arc::clone(&control), guard::check);
    Router::new().nest("/_alimock", all).layer(guard).with_state(control)
}

/// Why a control call is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ControlError {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    hint: Option<String>,
}

type Answer<T> = Result<T, ControlError>;

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

/// The body of a refusal.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
struct Refused<'a> {
    error: Reason<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Reason<'a> {
    /// For programs.
    code: &'a str,
    /// For people.
    message: &'a str,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// For people.
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

/// A refusal that is not about what a call wants, but about how it was sent.
pub(crate) fn refused(status: StatusCode, code: &'static str, message: &str) -> Response {
    ControlError::new(status, code, message).into_response()
}

/// An answer with a JSON body.
fn json(status: StatusCode, body: &dyn erased_serde::Serialize) -> Response {
    let mut text = serde_json::to_vec(body).expect("answers are plain data");
    text.push(b'\n');
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn ok(body: &dyn erased_serde::Serialize) -> Response {
    json(StatusCode::OK, body)
}

/// Reads a body by the schema of its type; an empty body is `{}`. An unknown field is an error.
fn read<T: DeserializeOwned + JsonSchema>(body: &Bytes) -> Answer<T> {
    let text = if body.is_empty() { "{}" } else { utf8(body)? };
    scenario::part(text, "the body", openapi::schema::<T>(), |_| Vec::new()).map_err(|refused| {
        let (NotTaken::Unreadable(why) | NotTaken::Flawed(why)) = refused;
        ControlError::bad_request("invalid_body", why.brief().join("\n"))
    })
}

/// Reads a body that is a part of a scenario, and everything that is wrong with it: what it is, and the code of one that can
/// never work.
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

/// What a world has that rules and expectations may name.
fn known(world: &World) -> Known {
    Known::of(&world.state())
}

impl Control {
    /// The world that a path names.
    fn world(&self, name: &str) -> Answer<Arc<World>> {
        let hint = "GET /_alimock/worlds lists them, POST /_alimock/worlds makes one";
        self.worlds
            .named(name)
            .ok_or_else(|| ControlError::not_found("world", format!("there is no world `{name}`"), hint))
    }
}

/// A path to something in an account.
#[derive(Debug, Deserialize)]
struct InAccount {
    world: String,
    account: String,
    #[serde(default)]
    id: String,
}

impl InAccount {
    /// The account that the path names, by UID or name.
    fn of<'a>(&self, state: &'a State) -> Result<&'a Account, Refusal> {
        account_named(Some(&self.account), state)
    }
}

/// Changes a world on behalf of the user of the control API.
fn commit<T>(world: &World, change: impl FnOnce(&mut Tx<'_>) -> Answer<T>) -> Answer<T> {
    let now = world.clock.now().resource;
    world.settle(now);
    world.commit(now, By::OURSELVES, change).map(|(given, _)| given)
}

/// Carries out a change of the account that a path names.
fn act<T: Act>(world: &World, path: &InAccount, words: &T) -> Answer<T::Given> {
    commit(world, |tx| {
        let uid = path.of(tx.state())?.uid;
        Ok(words.act(uid, tx)?)
    })
}

/// Carries out a command that has no fields but the account that a path names.
fn change(control: &Control, path: &InAccount, command: fn(WhichAccount) -> Command) -> Answer<Response> {
    let command = command(WhichAccount::named(&path.account));
    commit(&*control.world(&path.world)?, |tx| Ok(command.run(tx)?))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
