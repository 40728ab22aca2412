//! A nonce is remembered as long as its request could be accepted.

use super::{SEED, V3};
use crate::support::{CLIENT, Lab, NOW};
use alimock::Scenario;
use alimock::gateway::{Gateway, RawRequest, Rules};
use alimock::text::Timestamp;
use alimock::world::clock::Run;
use alimock::world::{Clocks, Settings, Worlds};
use std::sync::Arc;

fn now() -> Timestamp {
    Timestamp::parse_signed(NOW).unwrap().0
}

fn gateway(rules: Rules) -> Gateway {
    let scenario = Scenario::parse(SEED).unwrap();
    Gateway::new(Arc::new(Worlds::new(Settings::default(), &scenario).unwrap()), rules, None)
}

/// Sends a request when the clocks are so many minutes from the time that it is signed for.
fn send_after_minutes(gateway: &Gateway, request: &RawRequest, minutes: i64) -> u16 {
    let at = Run::Frozen(now().plus_millis(minutes * 60_000));
    gateway.worlds().default_world().clock.set(Clocks { resource: at, gateway: at });
    gateway.handle(request, CLIENT).status().as_u16()
}

#[test]
fn a_request_signed_for_the_future_is_never_accepted_twice() {
    for window in [1, 15, 31, 24 * 60] {
        let millis = window * 60_000;
        let gateway =
            gateway(Rules { window_v1_millis: millis, window_v3_millis: millis, ..Rules::default() });
        let root = Lab::with_scenario(SEED).root("demo");
        let requests = [
            root.request("2015-05-01", "GetUser", &[("UserName", "ann")]),
            V3::of("GetUser").query("UserName=ann").signed(&root),
        ];
        for request in requests {
            assert_eq!(send_after_minutes(&gateway, &request, -window), 200, "{window}");
            for step in 0..=20 {
                let minute = -window + step * window / 10;
                assert_eq!(
                    send_after_minutes(&gateway, &request, minute),
                    400,
                    "window {window}, minute {minute}"
                );
            }
        }
    }
}

#[test]
fn a_nonce_can_be_used_again_after_its_request_expires() {
    let gateway = gateway(Rules::default());
    let root = Lab::with_scenario(SEED).root("demo");
    let signed_at = |time: Timestamp| {
        let request = V3::of("GetUser").query("UserName=ann").without("x-acs-date");
        request.with("x-acs-date", &time.to_string()).signed(&root)
    };
    let memory = || gateway.worlds().default_world().nonces.len();
    assert_eq!(send_after_minutes(&gateway, &signed_at(now()), 0), 200);
    assert_eq!(send_after_minutes(&gateway, &signed_at(now().plus_millis(15 * 60_000)), 15), 400);
    assert_eq!(send_after_minutes(&gateway, &signed_at(now().plus_millis(21 * 60_000)), 21), 200);
    assert_eq!(memory(), 1);
}
