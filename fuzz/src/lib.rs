//! Shared by the targets: a world with stopped clocks, requests as text, and clients that sign.

#[path = "../../tests/it/support/sign.rs"]
pub mod sign;

use alimock::gateway::{Gateway, RawRequest, Rules};
use alimock::scenario::Scenario;
use alimock::world::{Settings, World, Worlds};
use bytes::Bytes;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock};

/// Time of the clocks.
pub const NOW: &str = "2026-11-22T08:00:00Z";
/// [`NOW`] in seconds.
pub const NOW_SECONDS: i64 = 1_795_334_400;
/// Client address of all requests.
pub const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// UID of the account in the world.
pub const UID: &str = "1234567890123456";
/// Its AccessKey id.
pub const KEY: &str = "LTAI5tFuzzFuzzFuzzFuzz00";
/// Its AccessKey secret.
pub const SECRET: &str = "fuzzfuzzfuzzfuzzfuzzfuzzfuzz00";

static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| {
    Scenario::parse(include_str!("../world.yaml")).expect("the world of the targets can be planted")
});

/// A gateway with one new world.
pub fn gateway() -> Gateway {
    let worlds = Worlds::new(Settings::default(), &*SCENARIO).expect("the scenario was tried out");
    Gateway::new(Arc::new(worlds), Rules::default(), None)
}

/// The scenario of that world.
pub fn scenario() -> Scenario {
    Scenario::parse(include_str!("../world.yaml")).expect("the world of the targets can be planted")
}

/// The only world of the gateway.
pub fn world(gateway: &Gateway) -> &World {
    gateway.worlds().default_world()
}

/// Parses a request: `METHOD target`, one header a line, an empty line, the body. `None` if an HTTP library would reject it.
pub fn request(text: &[u8]) -> Option<RawRequest> {
    let end = text.windows(2).position(|pair| pair == b"\n\n").unwrap_or(text.len());
    let body = text.get(end + 2..).unwrap_or_default();
    let mut lines = std::str::from_utf8(&text[..end]).ok()?.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    let mut request = http::Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        request = request.header(name, value.trim());
    }
    request.body(Bytes::copy_from_slice(body)).ok()
}
