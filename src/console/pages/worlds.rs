//! Worlds on the first page: create, copy, reset, delete.

use crate::console::pages::start;
use crate::console::visit::{Shown, Visit};

/// Creates a world from the scenario that the server started with.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    Ok(match v.control.new_world(v.form.given("name"), &v.control.scenario) {
        Ok(world) => v.in_world(world).go("/", "done_world_created"),
        Err(why) => start::rejected(v, why.to_string()),
    })
}

/// Copies the world as it is now.
pub(crate) fn fork(v: &Visit<'_>) -> Shown {
    Ok(match v.control.copied_world(&v.world, v.form.given("name")) {
        Ok(world) => v.in_world(world).go("/", "done_world_forked"),
        Err(why) => start::rejected(v, why.to_string()),
    })
}

/// Resets the world to its scenario.
pub(crate) fn reset(v: &Visit<'_>) -> Shown {
    v.world.reset(false);
    Ok(v.go("/", "done_world_reset"))
}

/// Deletes the world, unless it has a port: only the control API frees ports.
pub(crate) fn delete(v: &Visit<'_>) -> Shown {
    if v.world.address.is_some() {
        return Ok(start::rejected(v, v.t.scenarios.world_has_port.to_owned()));
    }
    Ok(match v.control.drop_world(&v.world) {
        Ok(()) => v.in_world(v.control.worlds.default_world().clone()).go("/", "done_world_deleted"),
        Err(why) => start::rejected(v, why.to_string()),
    })
}
