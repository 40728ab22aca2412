//! Worlds: create, list, show, delete, reset; and the health check.

use crate::attributes::{apply, input, view};
use crate::control::account_view::AccountView;
use crate::control::call::{Id, InWorld, no_query};
use crate::control::environment::{Signer, credential_names, variables};
use crate::control::{
    Answer, Control, ControlError, Shared, Weight, done, endpoint, field, json, listed, ok, ports, utf8,
};
use crate::scenario::{Scenario, library};
use crate::text::written::describe;
use crate::text::{Scalar, WorldName};
use crate::world::{NewWorld, NotMade, World};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri, header};
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// A world with its accounts. Shows the secrets of seeded keys: they are test data that the seed determines.
#[apply(view)]
struct WorldView {
    world: WorldName,
    endpoint: String,
    /// Port of the world, if it has one.
    listen: Option<SocketAddr>,
    seed: u64,
    requests: u64,
    /// Owner of the credentials in `env`.
    r#as: Option<String>,
    /// Environment variables for a client, as `alimock env` prints them.
    env: BTreeMap<&'static str, String>,
    /// Regular expression: variables with these names are or choose credentials, so remove them before you set `env`.
    unset: String,
    accounts: Vec<AccountView>,
}

impl WorldView {
    fn of(world: &World, control: &Control, signer: Option<Signer>, headers: &HeaderMap) -> Self {
        let state = world.state();
        let accounts = state.accounts_in_order().into_iter();
        let accounts = accounts.map(|account| AccountView::of(account, &world.seed_state())).collect();
        let endpoint = control.endpoint_for(headers, world, signer.as_ref());
        let token = control.access.token();
        Self {
            world: world.name.clone(),
            endpoint: control.endpoint_of(world),
            listen: world.address,
            seed: world.seed,
            requests: world.requests(),
            env: variables(&endpoint, signer.as_ref(), token, true).into_iter().collect(),
            r#as: signer.map(|signer| signer.who),
            unset: credential_names(),
            accounts,
        }
    }
}

impl Control {
    /// Returns the endpoint that reaches a world without host label, header or key: its port, otherwise the server.
    pub(super) fn endpoint_of(&self, world: &World) -> String {
        world.address.map_or_else(|| self.endpoint.clone(), endpoint)
    }
}

pub(super) fn health() -> Response {
    // Seeds are planted before the server listens, so a server that responds is ready.
    ok(&field("status", "ok"))
}

pub(super) fn schema() -> Response {
    ([(header::CONTENT_TYPE, "application/schema+json")], crate::scenario::schema::text()).into_response()
}

pub(super) fn version() -> Response {
    #[derive(Serialize)]
    struct Version {
        name: &'static str,
        version: &'static str,
    }
    ok(&Version { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}

/// A world in lists.
#[derive(Serialize)]
struct Short {
    world: WorldName,
    endpoint: String,
    accounts: usize,
    requests: u64,
    /// Rejected calls since the last reset.
    refused: u64,
}

fn short(control: &Control) -> Vec<Short> {
    let short = |world: Arc<World>| Short {
        world: world.name.clone(),
        endpoint: control.endpoint_of(&world),
        accounts: world.state().accounts.len(),
        requests: world.requests(),
        refused: world.journal.refused(),
    };
    control.worlds.all().into_iter().map(short).collect()
}

pub(super) fn list(State(control): Shared) -> Response {
    listed("worlds", short(&control))
}

pub(super) fn status(State(control): Shared) -> Response {
    #[derive(Serialize)]
    struct Status<'a> {
        name: &'static str,
        version: &'static str,
        endpoint: &'a str,
        worlds: Vec<Short>,
    }
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    ok(&Status { name, version, endpoint: &control.endpoint, worlds: short(&control) })
}

/// A new world.
#[apply(input)]
pub(super) struct Make {
    /// Name; by default `w1`, `w2` and so on.
    name: Option<String>,
    /// Make a name of any text, such as the name of a test; the response contains it.
    #[serde(default)]
    slug: bool,
    /// Name of a built-in scenario.
    scenario: Option<String>,
    /// IP:PORT of the world's own port; port 0 takes a free one.
    listen: Option<String>,
    /// Account, or account/user, whose credentials are in `env`. Default: the one that the scenario names, or `demo`.
    r#as: Option<String>,
}

/// A copy of a world.
#[apply(input)]
pub(super) struct Fork {
    /// Name; by default `w1`, `w2` and so on.
    name: Option<String>,
    /// Make a name of any text, such as the name of a test; the response contains it.
    #[serde(default)]
    slug: bool,
    /// IP:PORT of the world's own port; port 0 takes a free one.
    listen: Option<String>,
    /// Account, or account/user, whose credentials are in `env`. Default: the one that the scenario names, or `demo`.
    r#as: Option<String>,
}

/// Form of the answer that shows a world.
#[apply(input)]
#[schemars(rename = "WorldShown")]
pub(super) struct Show {
    /// Account, or account/user, whose credentials are in `env`. Default: the one that the scenario names, or `demo`.
    r#as: Option<String>,
}

fn world_name(text: &str) -> Answer<WorldName> {
    WorldName::parse(text).map_err(|flaw| {
        let why = describe::<WorldName>(text, flaw, "the name of a world");
        ControlError::bad_request("invalid_name", format!("`name`: {why}"))
            .hint(format!("allowed are {}; `slug=true` replaces the rest", WorldName::ALLOWED))
    })
}

/// Creates a world by `made`, with the wanted name and port. On failure, frees the port and deletes the world.
fn create<E>(
    control: &Control,
    fork: &Fork,
    headers: &HeaderMap,
    made: impl FnOnce(NewWorld) -> Result<Arc<World>, NotMade<E>>,
) -> Answer<Response>
where
    NotMade<E>: Into<ControlError>,
{
    let slug = |name: &str| if fork.slug { Ok(WorldName::slug(name)) } else { world_name(name) };
    let name = fork.name.as_deref().map(slug).transpose()?;
    let port = fork.listen.as_deref().map(|listen| ports::bind(control, listen)).transpose()?;
    let address = port.as_ref().map(|port| port.address);
    let world = made(NewWorld { name, address }).map_err(Into::into)?;
    world.settle(world.clock.now().resource);
    let signer = Control::signer_of(&world, fork.r#as.as_deref()).inspect_err(|_| {
        control.worlds.remove(world.name.as_str());
    })?;
    if let Some(port) = port {
        (port.open)(Arc::clone(&world));
    }
    Ok(json(StatusCode::CREATED, &WorldView::of(&world, control, signer, headers)))
}

impl Control {
    /// Creates a world that shares the address of the server. Without a name it gets the next free one.
    pub(crate) fn new_world(&self, name: Option<&str>, seed: &Scenario) -> Answer<Arc<World>> {
        let name = name.map(world_name).transpose()?;
        let world = self.worlds.make(name, seed)?;
        world.settle(world.clock.now().resource);
        Ok(world)
    }

    /// Copies a world to a new one that shares the address of the server.
    pub(crate) fn copied_world(&self, parent: &World, name: Option<&str>) -> Answer<Arc<World>> {
        let name = name.map(world_name).transpose()?;
        Ok(self.worlds.fork(parent, name)?)
    }

    /// Loads a scenario into a world, which starts again with it.
    pub(crate) fn load(&self, world: &Arc<World>, seed: &Scenario) -> Answer<()> {
        self.worlds.load(world, seed)?;
        world.settle(world.clock.now().resource);
        Ok(())
    }

    /// Deletes a world that has no port; the caller frees a port first.
    pub(crate) fn drop_world(&self, world: &World) -> Answer<()> {
        if self.worlds.remove(world.name.as_str()) {
            return Ok(());
        }
        let why = "the world `default` always exists";
        Err(ControlError::new(StatusCode::CONFLICT, "default_world", why)
            .hint("POST .../worlds/default/reset brings it back to its seed"))
    }
}

impl<E: std::fmt::Display> From<NotMade<E>> for ControlError {
    fn from(why: NotMade<E>) -> Self {
        let conflict = |code: &'static str| Self::new(StatusCode::CONFLICT, code, why.to_string());
        match &why {
            NotMade::Seed(misfit) => Self::bad_request("invalid_scenario", misfit.to_string()),
            NotMade::Exists => conflict("world_exists").hint("choose another name, or drop the other world first"),
            NotMade::KeyTaken(_) => conflict("access_key_taken").hint(
                "worlds whose scenario pins key ids share them only with a port of their own: add `listen=127.0.0.1:0`, \
                 let the server choose the ids, or drop the other world first",
            ),
            NotMade::OtherSeed(_) => {
                conflict("other_seed").hint("remove `seed` from the scenario, or create a new world from it")
            }
        }
    }
}

fn parsed(text: &str) -> Answer<Scenario> {
    Scenario::parse(text).map_err(|error| ControlError::bad_request("invalid_scenario", error.to_string()))
}

/// Returns the scenario of a world as it was loaded.
pub(super) fn scenario(InWorld(world): InWorld) -> Answer<Response> {
    let missing =
        || ControlError::not_found("scenario", "the world has no scenario", "export shows its state");
    let text = world.brief().text.ok_or_else(missing)?;
    Ok(([(header::CONTENT_TYPE, "application/yaml")], text.to_string()).into_response())
}

/// Loads the scenario of the body into a world.
pub(super) fn load(State(control): Shared, InWorld(world): InWorld, body: Bytes) -> Answer<Response> {
    control.load(&world, &parsed(utf8(&body)?)?)?;
    Ok(done())
}

/// Creates a world. The body is a scenario as YAML or JSON. Without a body: the named scenario, or the server's own.
pub(super) fn make(
    State(control): Shared,
    Query(make): Query<Make>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Response> {
    let text = utf8(&body)?;
    let text = match (&make.scenario, text.trim().is_empty()) {
        (Some(_), false) => {
            let why = "there is a scenario by name and another one as body";
            return Err(ControlError::bad_request("invalid_scenario", why));
        }
        (Some(name), true) => library::named(name).ok_or_else(|| {
            ControlError::bad_request("unknown_scenario", format!("there is no scenario `{name}`"))
                .hint("`alimock scenario list` names them all; the text of any other can be the body")
        })?,
        (None, _) => text,
    };
    let own = if text.trim().is_empty() { None } else { Some(parsed(text)?) };
    let seed = own.as_ref().unwrap_or(&control.scenario);
    let Make { name, slug, listen, r#as, .. } = make;
    create(&control, &Fork { name, slug, listen, r#as }, &headers, |new| control.worlds.make(new, seed))
}

/// Creates a copy of a world in its current state.
pub(super) fn fork(
    State(control): Shared,
    InWorld(parent): InWorld,
    Query(fork): Query<Fork>,
    headers: HeaderMap,
) -> Answer<Response> {
    create(&control, &fork, &headers, |new| control.worlds.fork(&parent, new))
}

pub(super) fn show(
    State(control): Shared,
    InWorld(world): InWorld,
    Query(show): Query<Show>,
    headers: HeaderMap,
) -> Answer<Response> {
    world.settle(world.clock.now().resource);
    let signer = Control::signer_of(&world, show.r#as.as_deref())?;
    Ok(ok(&WorldView::of(&world, &control, signer, &headers)))
}

pub(super) async fn drop_one(
    State(control): Shared,
    Path(world): Path<String>,
    uri: Uri,
) -> Answer<Response> {
    no_query(&uri)?;
    let found = control.world(&world)?;
    control.drop_world(&found)?;
    if let Some(address) = found.address {
        control.ports.close(address).await;
    }
    // Freeing a large world takes long.
    let free = move || {
        drop(found);
        StatusCode::NO_CONTENT.into_response()
    };
    Ok(control.beside.run(Weight::Heavy, Box::new(free)).await)
}

#[apply(input)]
pub(super) struct Reset {
    to: Option<String>,
}

pub(super) fn reset(InWorld(world): InWorld, Query(reset): Query<Reset>) -> Answer<Response> {
    match reset.to.as_deref() {
        None | Some("seed") => world.reset(false),
        Some("empty") => world.reset(true),
        Some(other) => {
            return Err(ControlError::bad_request(
                "invalid_to",
                format!("`to`: `{other}` is neither `seed` nor `empty`"),
            ));
        }
    }
    Ok(done())
}

pub(super) fn snapshots(InWorld(world): InWorld) -> Response {
    listed("snapshots", world.kept())
}

pub(super) fn keep(InWorld(world): InWorld, Id(name): Id) -> Response {
    world.keep(&name);
    done()
}

pub(super) fn restore(InWorld(world): InWorld, Id(name): Id) -> Answer<Response> {
    if world.restore(&name) {
        return Ok(done());
    }
    Err(no_such_snapshot(&name))
}

pub(super) fn forget(InWorld(world): InWorld, Id(name): Id) -> Answer<Response> {
    if world.forget(&name) { Ok(done()) } else { Err(no_such_snapshot(&name)) }
}

pub(super) fn no_such_snapshot(name: &str) -> ControlError {
    let hint = "GET .../snapshots lists them";
    ControlError::not_found("snapshot", format!("there is no snapshot `{name}`"), hint)
}
