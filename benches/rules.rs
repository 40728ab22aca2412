//! What rules cost that do not match: a thousand of each kind against none. benches/README.md says how to read it.
//!
//! `cargo bench --bench rules` answers signed `GetCallerIdentity` without sockets, in rounds that alternate between a world
//! without rules and one with a thousand; it fails when a call is not answered with 200.

use alimock::gateway::{Gateway, RawRequest, Rules};
use alimock::scenario::Scenario;
use alimock::world::{Settings, Worlds};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(dead_code, unreachable_pub, reason = "the tests use all of it")]
#[path = "../tests/it/support/sign.rs"]
mod sign;

const NOW: &str = "2026-11-22T08:00:00Z";
/// Many short rounds: what disturbs the machine meanwhile disturbs both.
const ROUNDS: usize = 301;
const REQUESTS: usize = 250;
const RULES: usize = 1000;

/// Kinds of rules, none of which matches; `#` is the number of the rule. Which actions ECS has nobody has listed here, so it
/// may have any.
const KINDS: [(&str, &str); 10] = [
    ("by action", "{product: Ecs, action: RunInstances#}"),
    ("by a pattern of actions", "{product: Ecs, action: 'Run#*'}"),
    ("by key", "{key: LTAI5tNobody#}"),
    ("by user", "{user: nobody-#}"),
    ("by role and resource", "{role: role-#, resource: '*'}"),
    ("by host", "{host: sts-#.example}"),
    ("by parameter", "{param: {RoleArn: '*role-#'}}"),
    ("by action and parameter", "{action: GetCallerIdentity, param: {Format: format-#}}"),
    ("by client", "{client: 10.#/32}"),
    ("by action, key, user and host in turn", ""),
];

fn gateway(matching: Option<&str>) -> Gateway {
    let mut text =
        format!("clock: {{gateway: '{NOW}', resource: '{NOW}'}}\n{}", include_str!("scenario.yaml"));
    if let Some(matching) = matching {
        text += "faults:\n";
        for number in 0..RULES {
            let in_turn = [KINDS[0].1, KINDS[2].1, KINDS[3].1, KINDS[5].1][number % 4];
            let matching = if matching.is_empty() { in_turn } else { matching };
            let of_client = format!("0.{}.{}", number / 256, number % 256);
            let number = if matching.contains("client") { of_client } else { number.to_string() };
            let matching = matching.replace('#', &number);
            let _ = writeln!(text, "  - {{match: {matching}, do: {{error: {{code: ServiceUnavailable}}}}}}");
        }
    }
    let scenario = Scenario::parse(&text).expect("the rules are good");
    let worlds = Worlds::new(Settings::default(), &scenario).expect("benches/scenario.yaml can be planted");
    Gateway::new(Arc::new(worlds), Rules::default(), None)
}

fn requests(round: usize) -> Vec<RawRequest> {
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
        sign::request(sign::Form::RpcV1, &call)
    };
    (0..REQUESTS).map(one).collect()
}

/// Nanoseconds a request.
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn time(gateway: &Gateway, requests: &[RawRequest]) -> u128 {
    let start = Instant::now();
    for request in requests {
        let answer = gateway.handle(request, [127, 0, 0, 1].into());
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
    }
    start.elapsed().as_nanos() / REQUESTS as u128
}

fn median(mut times: Vec<u128>) -> u128 {
    times.sort_unstable();
    times[times.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "ratios of a few digits")]
fn main() {
    println!("| {RULES} rules that do not match | ns without | ns with | ratio |");
    println!("| --- | --- | --- | --- |");
    for (kind, matching) in KINDS {
        let (without, with) = (gateway(None), gateway(Some(matching)));
        let (mut bare, mut ruled) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let requests = requests(round);
            bare.push(time(&without, &requests));
            ruled.push(time(&with, &requests));
        }
        let (bare, ruled) = (median(bare), median(ruled));
        println!("| {kind} | {bare} | {ruled} | {:.3} |", ruled as f64 / bare as f64);
    }
}
