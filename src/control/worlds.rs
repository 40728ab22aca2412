//! Worlds: make, list, show, drop, reset; and what says that the server is there.

use crate::control::accounts::AccountView;
use crate::control::{Answer, Control, ControlError, Shared, json, ok};
use crate::scenario::{Scenario, library};
use crate::text::WorldName;
use crate::world::{NotMade, World};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A world with its accounts. Secrets of seeded keys are shown: they are test data that the seed determines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WorldView {
    world: WorldName,
    endpoint: String,
    seed: u64,
    requests: u64,
    accounts: Vec<AccountView>,
}

impl WorldView {
    fn of(world: &World, control: &Control) -> Self {
        world.settle(world.clock.now().resource);
        let state = world.state();
        let accounts =
            state.accounts.values().map(|account| AccountView::of(account, world.seed_state())).collect();
        Self {
            world: world.name.clone(),
            endpoint: control.endpoint.clone(),
            seed: world.seed,
            requests: world.requests(),
            accounts,
        }
    }
}

pub(super) async fn health() -> Response {
    #[derive(Serialize)]
    struct Health {
        status: &'static str,
    }
    // Seeds are planted before the server listens: whoever gets an answer gets a ready server.
    ok(&Health { status: "ok" })
}

pub(super) async fn schema() -> Response {
    ([(header::CONTENT_TYPE, "application/schema+json")], crate::scenario::schema::schema()).into_response()
}

pub(super) async fn version() -> Response {
    #[derive(Serialize)]
    struct Version {
        name: &'static str,
        version: &'static str,
    }
    ok(&Version { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}

pub(super) async fn list(State(control): Shared) -> Response {
    #[derive(Serialize)]
    struct Listed {
        worlds: Vec<Short>,
    }
    #[derive(Serialize)]
    struct Short {
        world: WorldName,
        endpoint: String,
        accounts: usize,
        requests: u64,
    }
    let short = |world: std::sync::Arc<World>| Short {
        world: world.name.clone(),
        endpoint: control.endpoint.clone(),
        accounts: world.state().accounts.len(),
        requests: world.requests(),
    };
    ok(&Listed { worlds: control.worlds.all().into_iter().map(short).collect() })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Make {
    name: Option<String>,
    scenario: Option<String>,
}

/// Makes a world. The body is a scenario as YAML or JSON, or nothing for the one that is named, or the server's own.
pub(super) async fn make(State(control): Shared, Query(make): Query<Make>, body: Bytes) -> Answer<Response> {
    let name = make.name.map(|name| super::value("name", &name)).transpose()?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| ControlError::bad_request("invalid_body", "the body is not UTF-8"))?;
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
    let own = if text.trim().is_empty() {
        None
    } else {
        Some(Scenario::parse(text).map_err(|error| ControlError::bad_request("invalid_scenario", error.0))?)
    };
    let world = control.worlds.make(name, own.as_ref().unwrap_or(&control.scenario)).map_err(|error| match error {
        NotMade::Seed(misfit) => ControlError::bad_request("invalid_scenario", misfit.to_string()),
        NotMade::Exists => ControlError::new(StatusCode::CONFLICT, "world_exists", error.to_string())
            .hint("choose another name, or drop the other world first"),
        NotMade::KeyTaken(_) => ControlError::new(StatusCode::CONFLICT, "access_key_taken", error.to_string())
            .hint("a scenario that pins key ids can be loaded once: let the server choose the ids, or drop the other world first"),
    })?;
    Ok(json(StatusCode::CREATED, &WorldView::of(&world, &control)))
}

pub(super) async fn show(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    Ok(ok(&WorldView::of(&*control.world(&world)?, &control)))
}

pub(super) async fn drop_one(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    let found = control.world(&world)?;
    if !control.worlds.remove(found.name.as_str()) {
        return Err(ControlError::new(
            StatusCode::CONFLICT,
            "default_world",
            "the world `default` always exists",
        )
        .hint("POST .../worlds/default/reset brings it back to its seed"));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reset {
    to: Option<String>,
}

pub(super) async fn reset(
    State(control): Shared,
    Path(world): Path<String>,
    Query(reset): Query<Reset>,
) -> Answer<Response> {
    let world = control.world(&world)?;
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
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn snapshots(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    #[derive(Serialize)]
    struct Listed {
        snapshots: Vec<String>,
    }
    Ok(ok(&Listed { snapshots: control.world(&world)?.kept() }))
}

pub(super) async fn keep(
    State(control): Shared,
    Path((world, name)): Path<(String, String)>,
) -> Answer<Response> {
    control.world(&world)?.keep(&name);
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn restore(
    State(control): Shared,
    Path((world, name)): Path<(String, String)>,
) -> Answer<Response> {
    if control.world(&world)?.restore(&name) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(no_such_snapshot(&name))
}

pub(super) fn no_such_snapshot(name: &str) -> ControlError {
    let hint = "GET .../snapshots lists them";
    ControlError::not_found("snapshot", format!("there is no snapshot `{name}`"), hint)
}
