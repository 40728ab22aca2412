//! No request is answered with a 500, whatever a clock says and whatever a body holds; and what panics nevertheless is the end of
//! that request alone.

use crate::harmless::drawn::Draw;
use crate::support::Lab;
use crate::support::live::{Live, connect};
use crate::support::sign::{self, Form};
use alimock::Scenario;
use alimock::world::By;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::time::Duration;

const WORLD: &str = "/worlds/default";

fn set(live: &Live, resource: &str) -> (u16, Value) {
    live.control("PUT", &format!("{WORLD}/clock"), &json!({"resource": resource}).to_string())
}

/// Every way to look at a world works.
#[track_caller]
fn assert_world_is_readable(live: &Live, what: &str) {
    for path in
        ["", "/clock", "/export", "/diff", "/accounts", "/sessions", "/requests", "/coverage", "/snapshots"]
    {
        let (status, body) = live.control("GET", &format!("{WORLD}{path}"), "");
        assert_eq!(status, 200, "{what}: {path}: {body}");
    }
    let (_, clock) = live.control("GET", &format!("{WORLD}/clock"), "");
    let call = sign::Call {
        key: "LTAI5tS0DH7Wr1I8V6tSxIer",
        secret: "ug8uI6eyNeqxlqBycpO6YmuBDJNXp6",
        token: None,
        version: "2015-05-01",
        action: "CreateUser",
        params: &[("UserName", "late")],
        time: clock["gateway"]["now"].as_str().unwrap(),
        nonce: what,
        xml: true,
    };
    let (status, _) = crate::support::live::send(live.address, &sign::request(Form::RpcV1, &call));
    assert!((200..500).contains(&status), "{what}: {status}");
}

#[test]
fn a_clock_shows_any_year_up_to_9999() {
    for clock in ["resource", "gateway"] {
        for time in [
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "9999-12-30T21:59:59.999Z",
            "9999-12-30T22:00:00Z",
            "69800000h",
            "-876000h",
        ] {
            let live = Live::start();
            let (status, body) =
                live.control("PUT", &format!("{WORLD}/clock"), &json!({clock: time}).to_string());
            assert_eq!(status, 200, "{time}: {body}");
            assert_world_is_readable(&live, time);
        }
    }
}

#[test]
fn a_clock_that_would_show_another_year_is_refused_and_stays() {
    let live = Live::start();
    assert_eq!(set(&live, "9999-12-30T00:00:00Z").0, 200);
    let (_, before) = live.control("GET", &format!("{WORLD}/clock"), "");
    let past = [
        ("87840001h", "is a span of more than 10000 years"),
        ("99999999999999999999h", "is a span of more than 10000 years"),
        ("23h", "takes the clock past the year 9999"),
        ("87840000h", "takes the clock past the year 9999"),
        ("-5s", "is negative"),
        ("soon", "is not a span such as 2h, 30m or -20m"),
    ];
    for (by, why) in past {
        let (status, body) =
            live.control("POST", &format!("{WORLD}/clock/advance"), &json!({"by": by}).to_string());
        assert_eq!((status, &body["error"]["code"]), (400, &json!("invalid_by")), "{by}");
        assert!(
            body["error"]["message"].as_str().unwrap().contains(&format!("`{by}` {why}")),
            "{by}: {body}"
        );
    }
    for (clock, why) in [
        (json!("87840000h"), "it would be before the year 0 or past the year 9999"),
        (json!("-87840000h"), "it would be before the year 0 or past the year 9999"),
        (json!("+300000000h"), "it is a span of more than 10000 years"),
        (json!("-000001-01-01T00:00:00Z"), "it is `real`"),
        (json!(1e7), "1000000 is the most"),
        (json!(u64::MAX), "1000000 is the most"),
        (json!(-1), "time does not go back"),
    ] {
        let (status, body) =
            live.control("PUT", &format!("{WORLD}/clock"), &json!({"resource": clock}).to_string());
        assert_eq!(status, 400, "{clock}: {body}");
        assert!(body["error"]["message"].as_str().unwrap().contains(why), "{clock}: {body}");
        // A file is told the same.
        let file = Scenario::parse(&json!({"clock": {"resource": clock}}).to_string()).unwrap_err();
        assert!(file.to_string().contains(why), "{clock}: {file}");
    }
    assert_eq!(live.control("GET", &format!("{WORLD}/clock"), "").1["resource"], before["resource"]);
    assert_eq!(live.control("PUT", &format!("{WORLD}/clock"), "{\"resource\": 1000000}").0, 200);
    assert_world_is_readable(&live, "a fast clock");
}

#[test]
fn a_span_that_is_too_long_is_refused_wherever_a_span_may_be() {
    let live = Live::start();
    let long = "+300000000h";
    for (path, body) in [
        ("/commands", json!({"setSessionExpiry": {"enforced": long}})),
        ("/session-expiry", json!({"enforced": long})),
        ("/faults", json!({"do": {"delay": long}})),
        ("/faults", json!({"when": {"between": ["+1s", long]}, "do": {"delay": "1s"}})),
        ("/faults", json!({"do": {"stale": long}})),
        ("/issuer/token", json!({"audience": "a", "expires": long})),
        ("/propagation", json!({"policies": long})),
    ] {
        let method = if ["/session-expiry", "/propagation"].contains(&path) { "PUT" } else { "POST" };
        let (status, answer) = live.control(method, &format!("{WORLD}{path}"), &body.to_string());
        assert_eq!(status, 400, "{path} {body}: {answer}");
    }
    let timeline = json!({"timeline": [{"at": long, "do": {"pay": {"account": "demo", "amount": "1"}}}]});
    let (status, answer) = live.control("POST", "/worlds", &timeline.to_string());
    assert_eq!(status, 400, "{answer}");
}

#[test]
fn a_change_that_panics_leaves_no_half_made_state_and_no_lock() {
    let lab = Lab::new();
    let world = lab.world();
    let (before, now) = (world.state(), world.clock.now().resource);
    let by = || By::OURSELVES;

    let broken = catch_unwind(AssertUnwindSafe(|| {
        world.commit(now, by(), |tx| -> Result<(), ()> {
            let uid = *tx.state().accounts.keys().next().unwrap();
            tx.account_of(uid).unwrap().0.label = "half".into();
            panic!("a test wants a panic")
        })
    }));

    assert!(broken.is_err());
    assert!(std::sync::Arc::ptr_eq(&before, &world.state()));
    let changed = world.commit(now, by(), |_| Ok::<_, ()>(()));
    assert_eq!(changed.unwrap().1, before.version + 1);
    world.reset(false);
    assert!(world.state().accounts.values().all(|account| account.label != "half"));
}

#[test]
fn a_rule_that_corrupts_more_bytes_than_there_are_corrupts_them_all_and_is_done() {
    let live = Live::start();
    let rule = json!({"do": {"answer": {"corrupt": i64::MAX}}}).to_string();
    assert_eq!(live.control("POST", &format!("{WORLD}/faults"), &rule).0, 201);

    let answer = live.send_bytes(b"GET /?Format=JSON&Version=2015-05-01&Action=ListUsers&AccessKeyId=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assert!(answer.starts_with("HTTP/1.1 4") && !answer.contains("RequestId\":"), "{answer}");
}

/// The UID of an account that is made now.
fn register(live: &Live, name: &str) -> String {
    let (status, body) =
        live.control("POST", &format!("{WORLD}/accounts"), &json!({"loginName": name}).to_string());
    assert_eq!(status, 201, "{body}");
    body["uid"].as_str().unwrap().to_owned()
}

#[test]
fn chains_of_partners_have_no_circle_and_a_maximum_length() {
    let live = Live::start();
    let belongs = |account: &str, partner: &str| {
        let command = json!({"setPartner": {"account": account, "partner": partner}}).to_string();
        let (status, body) = live.control("POST", &format!("{WORLD}/commands"), &command);
        (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let refused = (409, "own_partner".to_owned());
    let uids: Vec<_> = (0..70).map(|number| register(&live, &format!("login-{number}"))).collect();

    assert_eq!(belongs(&uids[0], &uids[0]), refused);
    let made: Vec<_> = uids.windows(2).map(|pair| belongs(&pair[1], &pair[0])).collect();
    assert!(made[..64].iter().all(|(status, _)| *status == 200), "{made:?}");
    assert_eq!(made[64], refused);
    for above in [1, 2, 64] {
        assert_eq!(belongs(&uids[0], &uids[above]), refused, "{above}");
    }
    assert_world_is_readable(&live, "a chain");
}

/// One connection a call: status and text. Whoever does not get an answer within this time has asked for a delay.
fn send_with_timeout(live: &Live, request: &str, patience: Duration) -> Option<(u16, String)> {
    let mut stream = connect(live.address);
    stream.set_read_timeout(Some(patience)).unwrap();
    let _ = stream.write_all(request.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let whole = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    whole.ok()?;
    Some((status?, text.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned())))
}

fn send_control(live: &Live, method: &str, path: &str, body: &str) -> (u16, String) {
    let request = format!(
        "{method} /_alimock{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    send_with_timeout(live, &request, Duration::from_secs(60))
        .unwrap_or_else(|| panic!("no answer to {method} {path} {body}"))
}

static LIVE: LazyLock<Live> = LazyLock::new(Live::start);
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&send_control(&LIVE, "GET", "/openapi.json", "").1).unwrap());
static SCENARIO: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(&send_control(&LIVE, "GET", "/schema/scenario.json", "").1).unwrap()
});

/// Texts of an answer that later calls can name.
fn collect_texts(seen: &mut Vec<String>, value: &Value) {
    match value {
        Value::String(text) if text.len() < 80 && !seen.contains(text) && seen.len() < 300 => {
            seen.push(text.clone());
        }
        Value::Array(all) => all.iter().for_each(|one| collect_texts(seen, one)),
        Value::Object(all) => all.values().for_each(|one| collect_texts(seen, one)),
        _ => {}
    }
}

/// Calls of every kind to a world of their own, in an order and with values that follow from the seed. Gives what was called.
fn walk(seed: u64) -> String {
    let live = &*LIVE;
    let mut draw = Draw::new(seed, &DOCUMENT);
    let name = format!("w{seed}");
    let mut told = String::new();
    let scenario = if draw.once_in(3) {
        let text = Draw::new(seed, &SCENARIO).draw_value("", &SCENARIO, 0).to_string();
        let (status, answer) = send_control(live, "POST", &format!("/worlds?name={name}-s"), &text);
        assert!(status < 500, "{text}: {answer}");
        let _ = writeln!(told, "{status} POST /worlds {text}");
        send_control(live, "DELETE", &format!("/worlds/{name}-s"), "");
        ""
    } else {
        ""
    };
    let (status, world) = send_control(live, "POST", &format!("/worlds?name={name}"), scenario);
    assert_eq!(status, 201, "{world}");
    let world: Value = serde_json::from_str(&world).unwrap();
    collect_texts(&mut draw.seen, &world);
    let accounts = world["accounts"].as_array().unwrap();
    let uids: Vec<_> = accounts.iter().map(|account| account["uid"].as_str().unwrap().to_owned()).collect();
    let all: Vec<(String, String)> = DOCUMENT["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (path.clone(), method.clone()))
        })
        // A stream has no end, and other worlds are other cases'.
        .filter(|(path, method)| !path.ends_with("/stream") && (method == "get" || path != "/worlds"))
        .collect();
    for _ in 0..10 {
        let (path, method) = match draw.below(8) {
            0 => ("/worlds/{world}/clock".to_owned(), "put".to_owned()),
            1 => ("/worlds/{world}/clock/advance".to_owned(), "post".to_owned()),
            2 | 3 => ("/worlds/{world}/commands".to_owned(), "post".to_owned()),
            _ => draw.pick(&all),
        };
        let described = &DOCUMENT["paths"][&path][&method];
        let mut target = path.clone();
        let mut query = Vec::new();
        for parameter in described["parameters"].as_array().into_iter().flatten() {
            let named = parameter["name"].as_str().unwrap();
            let value = match named {
                "world" => name.clone(),
                "listen" => draw.pick(&["127.0.0.1:0", "", "x", "127.0.0.1:99999"]).to_owned(),
                "uid" if !draw.once_in(10) => draw.pick(&uids),
                _ => draw.draw_text(named),
            };
            let value = sign::encode(&value);
            if parameter["in"] == "path" {
                target = target.replace(&format!("{{{named}}}"), &value);
            } else if draw.once_in(2) {
                query.push(format!("{named}={value}"));
            }
        }
        if !query.is_empty() {
            target += &format!("?{}", query.join("&"));
        }
        let content = &described["requestBody"]["content"];
        let schema = &content["application/json"]["schema"];
        let body = match () {
            () if schema.is_null() => String::new(),
            () if draw.once_in(40) => {
                draw.pick(&["", "{", "null", "[]", "\u{1F600}", "{\"a\":1}{"]).to_owned()
            }
            () => draw.draw_value("", schema, 0).to_string(),
        };
        let (status, answer) = send_control(live, &method.to_uppercase(), &target, &body);
        let _ = writeln!(told, "{status} {method} {target} {body}");
        assert!((200..500).contains(&status), "{told}{answer}");
        if let Ok(answer) = serde_json::from_str(&answer) {
            collect_texts(&mut draw.seen, &answer);
        }
        // What fell due is looked at by the next call.
        let unsigned = format!(
            "GET /?Action=ListUsers&Version=2015-05-01&Format=JSON&AccessKeyId={} HTTP/1.1\r\nHost: {name}.localhost\r\n\r\n",
            sign::encode(accounts[0]["accessKeys"][0]["id"].as_str().unwrap_or("x"))
        );
        if let Some((_, answer)) = send_with_timeout(live, &unsigned, Duration::from_millis(100)) {
            assert!(!answer.contains("InternalError"), "{told}{answer}");
        }
    }
    for end in ["/export", "/diff", "", "/clock"] {
        let (status, answer) = send_control(live, "GET", &format!("/worlds/{name}{end}"), "");
        assert!(status == 200 || status == 404, "{told}{end}: {status} {answer}");
    }
    send_control(live, "DELETE", &format!("/worlds/{name}"), "");
    told
}

/// A few hundred; `PROPTEST_CASES` says how many by hand.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn no_calls_of_the_control_api_are_answered_with_a_500_and_the_server_lives_on(seed: u64) {
        let told = walk(seed);
        prop_assert!(told.lines().count() >= 10);
        prop_assert_eq!(send_control(&LIVE, "GET", "/health", "").0, 200);
    }
}
