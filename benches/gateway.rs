//! The gateway as a function: how long one signed `GetCallerIdentity` takes without sockets. benches/README.md says how to
//! read it.
//!
//! `cargo bench --bench gateway` signs requests, each with its own nonce, and answers them all; it fails when one is not 200.

use alimock::gateway::{Gateway, RawRequest, Rules};
use alimock::scenario::Scenario;
use alimock::world::{Settings, Worlds};
use std::sync::Arc;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(dead_code, unreachable_pub, reason = "the tests use all of it")]
#[path = "../tests/it/support/sign.rs"]
mod sign;

const NOW: &str = "2026-11-22T08:00:00Z";
const ROUNDS: usize = 7;
const REQUESTS: usize = 20_000;

fn gateway() -> Gateway {
    let text = format!("clock: {{gateway: '{NOW}'}}\n{}", include_str!("scenario.yaml"));
    let scenario = Scenario::parse(&text).expect("benches/scenario.yaml is good");
    let worlds = Worlds::new(Settings::default(), &scenario).expect("benches/scenario.yaml can be planted");
    Gateway::new(Arc::new(worlds), Rules::default(), None)
}

fn requests(form: sign::Form, round: usize) -> Vec<RawRequest> {
    let one = |number: usize| {
        let call = sign::Call {
            key: "LTAI5tBenchBenchBench001",
            secret: "benchSecretbenchSecretbenchSec",
            token: None,
            version: "2015-04-01",
            action: "GetCallerIdentity",
            params: &[],
            time: NOW,
            nonce: &format!("{round}-{number}"),
            xml: false,
        };
        sign::request(form, &call)
    };
    (0..REQUESTS).map(one).collect()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn main() {
    println!("| form | ns a request, median of {ROUNDS} rounds of {REQUESTS} | fastest |");
    println!("| --- | --- | --- |");
    for form in [sign::Form::RpcV1, sign::Form::RpcV3] {
        let gateway = gateway();
        let mut rounds: Vec<u128> = (0..ROUNDS)
            .map(|round| {
                let requests = requests(form, round);
                let start = Instant::now();
                for request in &requests {
                    let answer = gateway.handle(request, [127, 0, 0, 1].into());
                    assert_eq!(answer.status(), 200, "{:?}", answer.body());
                }
                start.elapsed().as_nanos() / REQUESTS as u128
            })
            .collect();
        rounds.sort_unstable();
        println!("| {form:?} | {} | {} |", rounds[ROUNDS / 2], rounds[0]);
    }
}
