//! The console over HTTP, as a browser without scripts sees it: pages, forms, cookies. docs/console.md is its reference.

mod browser;
mod escaping;
mod guards;
mod hosts;
mod languages;
mod owner;
mod ram;
mod ram_policies;
mod scenarios;
mod shots;
mod tools;
mod trace;
mod verification;
mod views;

use crate::support::live::Live;
use alimock::Scenario;

/// A server whose account `shop` has a password, a key, and a RAM user with a password and a key; its clocks stand still.
fn live_with_shop() -> Live {
    live_with("")
}

/// The same, with more words of a scenario.
fn live_with(words: &str) -> Live {
    let text = format!(
        "clock: {{resource: '2026-11-23T08:00:00Z', gateway: '2026-11-23T08:00:00Z'}}
accounts:
- name: shop
  uid: 1000000000000002
  email: shop@example.com
  mobile: 86-13900000000
  security: {{password: Passw0rd!}}
  keys: [{{}}]
  users: [{{name: ann, password: Secret-0001, keys: [{{}}]}}]
{words}"
    );
    Live::with_scenario(Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}")))
}
