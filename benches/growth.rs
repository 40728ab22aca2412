//! What grows with the number of users and keys, and what must not. benches/README.md says how to read it.
//!
//! `cargo bench --bench growth` makes a million users with a key each through the gateway, without sockets, and measures on
//! the way. It fails when a call is not answered with 200.

use alimock::gateway::{Gateway, RawRequest, Rules};
use alimock::scenario::Scenario;
use alimock::world::journal::Limits;
use alimock::world::{Settings, Worlds};
use std::sync::Arc;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(dead_code, unreachable_pub, reason = "the tests use all of it")]
#[path = "../tests/it/support/sign.rs"]
mod sign;

const NOW: &str = "2026-11-22T08:00:00Z";
const ROUNDS: usize = 15;

/// Who signs, and how often it has: every nonce is new.
struct Bench {
    gateway: Gateway,
    signed: usize,
}

impl Bench {
    fn new() -> Self {
        let seed = include_str!("scenario.yaml").replace("keysPerUser: 2", "keysPerUser: 1000");
        let text = format!("clock: {{gateway: '{NOW}', resource: '{NOW}'}}\n{seed}");
        let scenario = Scenario::parse(&text).expect("benches/scenario.yaml is good");
        // What is bounded anyway shall not count as growth.
        let journal = Limits { records: 100, bytes: 1 << 20 };
        let settings = Settings { journal, nonces: 1000, ..Settings::default() };
        let worlds = Worlds::new(settings, &scenario).expect("benches/scenario.yaml can be planted");
        Self { gateway: Gateway::new(Arc::new(worlds), Rules::default(), None), signed: 0 }
    }

    fn request(&mut self, action: &str, params: &[(&str, &str)]) -> RawRequest {
        self.signed += 1;
        let call = sign::Call {
            key: "LTAI5tBenchBenchBench001",
            secret: "benchSecretbenchSecretbenchSec",
            token: None,
            version: "2015-05-01",
            action,
            params,
            time: NOW,
            nonce: &self.signed.to_string(),
            xml: false,
        };
        sign::request(sign::Form::RpcV1, &call)
    }

    fn send(&self, request: &RawRequest) {
        let answer = self.gateway.handle(request, [127, 0, 0, 1].into());
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
    }

    fn grow(&mut self, users: std::ops::Range<usize>) {
        for number in users {
            let name = format!("user-{number:07}");
            for action in ["CreateUser", "CreateAccessKey"] {
                let request = self.request(action, &[("UserName", &name)]);
                self.send(&request);
            }
        }
    }

    /// The median time of a call, in nanoseconds; `calls` of them a round.
    #[expect(clippy::disallowed_methods, reason = "a bench measures time")]
    fn time(
        &mut self,
        calls: usize,
        action: &str,
        params: impl Fn(usize) -> Vec<(&'static str, String)>,
    ) -> u128 {
        let mut rounds: Vec<u128> = (0..ROUNDS)
            .map(|round| {
                let requests: Vec<_> = (0..calls)
                    .map(|number| {
                        let params = params(round * calls + number);
                        let params: Vec<_> =
                            params.iter().map(|(name, value)| (*name, value.as_str())).collect();
                        self.request(action, &params)
                    })
                    .collect();
                let start = Instant::now();
                for request in &requests {
                    self.send(request);
                }
                start.elapsed().as_nanos() / calls as u128
            })
            .collect();
        rounds.sort_unstable();
        rounds[ROUNDS / 2]
    }
}

/// Resident memory of this process, in KiB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("every process has one");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number of KiB")
}

#[expect(clippy::cast_precision_loss, reason = "ratios of a few digits")]
fn ratio(many: u128, few: u128) -> f64 {
    many as f64 / few as f64
}

fn main() {
    let mut bench = Bench::new();
    let page = |_| vec![("MaxItems", "1000".to_owned())];
    let key_of =
        |first: usize| move |number: usize| vec![("UserName", format!("user-{:07}", first + number % 90))];
    let (near_key, far_key) = (key_of(0), key_of(90_000));

    bench.grow(0..100);
    let keys_few = bench.time(200, "ListAccessKeys", near_key);
    let make_few = bench.time(200, "CreateAccessKey", near_key);
    bench.grow(100..10_000);
    let page_few = bench.time(20, "ListUsers", page);
    bench.grow(10_000..100_000);
    let keys_many = bench.time(200, "ListAccessKeys", far_key);
    let make_many = bench.time(200, "CreateAccessKey", far_key);

    let before = resident();
    bench.grow(100_000..1_000_000);
    let grown = (resident() - before) * 1024 / 900_000;
    let page_many = bench.time(20, "ListUsers", page);

    println!("| what | few | many | ratio |");
    println!("| --- | --- | --- | --- |");
    println!(
        "| ListAccessKeys, ns: 100 keys, 100,000 | {keys_few} | {keys_many} | {:.2} |",
        ratio(keys_many, keys_few)
    );
    println!(
        "| CreateAccessKey, ns: 100 keys, 100,000 | {make_few} | {make_many} | {:.2} |",
        ratio(make_many, make_few)
    );
    println!(
        "| ListUsers, a page of 1,000, ns: 10,000 users, 1,000,000 | {page_few} | {page_many} | {:.2} |",
        ratio(page_many, page_few)
    );
    println!("| memory of a user with one key, bytes | | {grown} | |");
}
