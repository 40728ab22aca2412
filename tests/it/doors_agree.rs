//! Random commands are accepted or refused alike, in the same words and with the same state after, by the call of the control API
//! that takes their fields, by `POST /commands` and by the timeline of a scenario.

use crate::support::NOW;
use crate::support::live::Live;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A command, the call that takes its fields, and values for each field: good ones and bad ones.
struct Row {
    command: &'static str,
    call: (&'static str, &'static str),
    fields: &'static [(&'static str, &'static [&'static str])],
}

const SUBJECTS: &[&str] = &["\"personal\"", "\"enterprise\"", "\"robot\""];
const NAMES: &[&str] = &["\"Jane Doe\"", "\"\"", "7", "\"x\\u0000\""];
const NUMBERS: &[&str] = &["\"G1234567\"", "\"91330000MA27SHOPLT\"", "\"#\"", "\"\""];
const COUNTRIES: &[&str] = &["\"SG\"", "\"CN\"", "\"nowhere\"", "\"\"", "true"];
const MONEY: &[&str] = &["0", "-12.5", "5", "1e300", "\"much\"", "-0.01", "null"];

const ROWS: &[Row] = &[
    Row {
        command: "setState",
        call: ("POST", "/accounts/shop/state"),
        fields: &[
            (
                "status",
                &["\"NORMAL\"", "\"ARREARS\"", "\"DISABLED\"", "\"CLOSED\"", "\"CLOSING\"", "\"OFF\"", "1"],
            ),
            ("balance", MONEY),
            ("creditLine", MONEY),
            ("shutdownPolicy", &["\"noStop\"", "\"never\""]),
            ("holds", &["[]", "[\"LOGIN\"]", "[\"FOOT\"]", "\"RISK\""]),
            ("shutDown", &["true", "false", "\"maybe\""]),
        ],
    },
    Row {
        command: "changeAccount",
        call: ("PATCH", "/accounts/shop"),
        fields: &[
            ("loginName", &["\"bazaar\"", "\"x\"", "\"OTHER@alimock.example\"", "\"a b c d\""]),
            ("alias", &["\"bazaar\"", "\"-\"", "\"Upper\""]),
            ("email", &["\"new@example.com\"", "\"other@example.com\"", "\"nobody\""]),
            ("mobile", &["\"86-13900000001\"", "\"139\"", "13900000001"]),
            ("country", COUNTRIES),
            ("details", &["{\"City\": \"x\"}", "{}", "[]"]),
            (
                "security",
                &[
                    "{\"mobileLogin\": true}",
                    "{\"sessionExpires\": \"10ms\"}",
                    "{\"sessionExpires\": \"2h\"}",
                    "{\"password\": \"short\"}",
                    "{\"mfa\": \"GEZDGNBVGY3TQOJQ\"}",
                    "{\"mfa\": \"1\"}",
                    "{\"ipMask\": {\"networks\": [\"everywhere\"]}}",
                ],
            ),
        ],
    },
    Row {
        command: "setPassword",
        call: ("PUT", "/accounts/shop/password"),
        fields: &[("password", &["\"Passw0rd!\"", "\"short\"", "[]"]), ("old", &["\"guess\"", "7"])],
    },
    Row {
        command: "bindMfa",
        call: ("POST", "/accounts/shop/mfa"),
        fields: &[("seed", &["\"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"", "\"1\"", "\"\""])],
    },
    Row {
        command: "close",
        call: ("POST", "/accounts/shop/close"),
        fields: &[("waive", &["[]", "[\"BALANCE\"]", "[\"DEBT\", \"BALANCE\"]", "\"BALANCE\""])],
    },
    Row {
        command: "submit",
        call: ("POST", "/accounts/shop/real-name"),
        fields: &[
            (
                "method",
                &["\"document\"", "\"face\"", "\"bank_transfer\"", "\"kyc\"", "\"alipay\"", "\"magic\""],
            ),
            ("subject", SUBJECTS),
            ("name", NAMES),
            ("documentNumber", NUMBERS),
            ("country", COUNTRIES),
            ("expires", &["\"48h\"", "\"soon\"", "\"2030-01-01T00:00:00Z\""]),
            ("link", &["\"none\""]),
        ],
    },
    Row {
        command: "addLink",
        call: ("POST", "/accounts/shop/real-name/links"),
        fields: &[("subject", SUBJECTS)],
    },
    Row {
        command: "addKey",
        call: ("POST", "/accounts/shop/access-keys"),
        fields: &[("user", &["\"ci\"", "\"nobody\"", "\"a b\""])],
    },
    Row {
        command: "sendCaptcha",
        call: ("POST", "/captchas"),
        fields: &[
            ("to", &["\"a@b.example\"", "\"86-13900000009\"", "\"not an address\"", "\"@\""]),
            ("scene", &["\"x\"", "1"]),
        ],
    },
    Row {
        command: "register",
        call: ("POST", "/accounts"),
        fields: &[
            ("name", &["\"walker\"", "\"shop\""]),
            ("site", &["\"intl\"", "\"moon\""]),
            ("loginName", &["\"walker@example.com\"", "\"x\"", "\"shop@alimock.example\""]),
            ("email", &["\"walker@example.com\"", "\"other@example.com\"", "\"walker\""]),
            ("mobile", &["\"86-13900000001\"", "\"1\""]),
            ("country", COUNTRIES),
            ("password", &["\"Passw0rd!\"", "\"short\""]),
            ("captcha", &["\"000000\""]),
            ("accountType", &["\"individual\"", "\"robot\""]),
            ("partner", &["\"boss\"", "\"1000000000000001\"", "\"nobody\""]),
        ],
    },
];

/// Commands that may come before.
const BEFORE: &[&str] = &[
    r#"{"certify": {"account": "shop"}}"#,
    r#"{"submit": {"account": "shop", "method": "document"}}"#,
    r#"{"setState": {"account": "shop", "status": "ARREARS", "balance": -3}}"#,
    r#"{"setState": {"account": "shop", "balance": 700}}"#,
    r#"{"bindMfa": {"account": "shop"}}"#,
    r#"{"setState": {"account": "shop", "status": "CLOSED"}}"#,
    r#"{"hold": {"account": "shop", "hold": "LOGIN"}}"#,
];

/// Of one door: whether it accepts, the words of its refusal, and the accounts after.
#[derive(Debug, PartialEq)]
struct Outcome {
    refused: Option<Vec<String>>,
    accounts: Value,
}

/// The lines of a refusal without the places that they name, which differ with the text around the command.
fn words(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| {
        let line = line.strip_prefix("error: ").unwrap_or(line);
        match line.strip_prefix("line ") {
            Some(rest) => rest.split_once(": ").map(|(_, words)| words),
            None => (!line.starts_with([' ', '|']) && !line.starts_with(|c: char| c.is_ascii_digit()))
                .then_some(line),
        }
    });
    let bare = |line: &str| {
        // The whole is called by its name in a file, and is the body of a call.
        let named = ROWS
            .iter()
            .fold(line.to_owned(), |line, row| line.replace(&format!("`{}` ", row.command), "it "));
        let named = named.replace("the body ", "it ");
        named.strip_prefix("it can never be done: ").map_or(named.clone(), str::to_owned)
    };
    let mut words: Vec<_> = lines.filter(|line| !line.is_empty()).map(bare).collect();
    words.sort();
    words
}

fn start(timeline: &[String]) -> String {
    let due: String = timeline.iter().map(|one| format!("\n  - {{at: +1s, do: {one}}}")).collect();
    let timeline = if due.is_empty() { " []".to_owned() } else { due };
    format!(
        "clock: {{resource: '{NOW}', gateway: '{NOW}'}}
accounts:
  - {{name: boss, uid: 1000000000000001, isPartner: true}}
  - {{name: shop, uid: 1000000000000002, email: shop@example.com, users: [{{name: ci}}]}}
  - {{name: other, uid: 1000000000000003, email: other@example.com}}
timeline:{timeline}\n"
    )
}

/// Runs one door in a new world, always of the same name.
fn through(
    live: &Live,
    timeline: &[String],
    door: impl FnOnce(&dyn Fn(&str, &str, &str) -> (u16, Value)) -> Option<String>,
) -> Outcome {
    let (status, made) = live.control("POST", "/worlds?name=door", &start(timeline));
    if status == 400 {
        let (_, _) = live.control("POST", "/worlds?name=door", &start(&[]));
        let accounts = live.control("GET", "/worlds/door/export?format=json", "").1["accounts"].clone();
        live.control("DELETE", "/worlds/door", "");
        return Outcome { refused: Some(words(made["error"]["message"].as_str().unwrap())), accounts };
    }
    assert_eq!(status, 201, "{made}");
    let call =
        |method: &str, path: &str, body: &str| live.control(method, &format!("/worlds/door{path}"), body);
    let refused = door(&call);
    let accounts = call("GET", "/export?format=json", "").1["accounts"].clone();
    live.control("DELETE", "/worlds/door", "");
    Outcome { refused: refused.map(|text| words(&text)), accounts }
}

/// The refusal of a call, with its hint.
fn refusal((status, answer): &(u16, Value)) -> Option<String> {
    assert!(*status < 500, "{answer}");
    let error = &answer["error"];
    let message = error["message"].as_str()?;
    Some(match error["hint"].as_str() {
        Some(hint) => format!("{message}: {hint}"),
        None => message.to_owned(),
    })
}

fn case() -> impl Strategy<Value = (Vec<usize>, usize, Vec<Option<usize>>)> {
    let values = proptest::collection::vec(prop_oneof![2 => Just(None), 3 => (0..8usize).prop_map(Some)], 10);
    (proptest::collection::vec(0..BEFORE.len(), 0..2), 0..ROWS.len(), values)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
    #[test]
    fn three_doors_accept_and_refuse_alike_in_the_same_words_with_the_same_state_after((before, row, values) in case()) {
        thread_local! { static LIVE: Live = Live::start(); }
        let Row { command, call, fields } = &ROWS[row];
        let mut body = Map::new();
        for ((field, candidates), value) in fields.iter().zip(values) {
            if let Some(value) = value {
                body.insert((*field).to_owned(), serde_json::from_str(candidates[value % candidates.len()]).unwrap());
            }
        }
        let mut named = body.clone();
        if call.1.starts_with("/accounts/shop") {
            named.insert("account".to_owned(), json!("shop"));
        }
        let (body, command) = (Value::Object(body).to_string(), json!({*command: named}).to_string());
        let before: Vec<String> = before.iter().map(|one| BEFORE[*one].to_owned()).collect();
        LIVE.with(|live| {
            let prepare = |call: &dyn Fn(&str, &str, &str) -> (u16, Value)| {
                call("POST", "/clock/advance", r#"{"by": "1s"}"#);
                for one in &before {
                    call("POST", "/commands", one);
                }
            };
            let by_call = through(live, &[], |door| {
                prepare(door);
                refusal(&door(call.0, call.1, &body))
            });
            let by_command = through(live, &[], |door| {
                prepare(door);
                refusal(&door("POST", "/commands", &command))
            });
            let timeline: Vec<String> = before.iter().cloned().chain([command.clone()]).collect();
            let by_timeline = through(live, &timeline, |door| {
                let (_, moved) = door("POST", "/clock/advance", r#"{"by": "1s"}"#);
                let last = moved["fellDue"].as_array().unwrap().last().unwrap().clone();
                let failed = "a command of the timeline could not be carried out: ";
                last["what"].as_str().unwrap().strip_prefix(failed).map(str::to_owned)
            });

            prop_assert_eq!(&by_call, &by_command, "by {} {} and by the command {}", call.0, call.1, command);
            // A file tells further mistakes of a command that cannot be read. A file that is refused plants nothing.
            let (timeline, one) = (by_timeline.refused.as_ref(), by_command.refused.as_ref());
            prop_assert_eq!(timeline.is_some(), one.is_some(), "by the timeline {:?}, by the command {} {:?}", timeline, command, one);
            let untold = one.into_iter().flatten().find(|words| !timeline.is_some_and(|all| all.contains(words)));
            prop_assert_eq!(untold, None, "by the timeline {:?}, by the command {}", timeline, command);
            if by_timeline.refused.is_none() {
                prop_assert_eq!(&by_timeline.accounts, &by_command.accounts, "by the timeline and by the command {}", command);
            }
            Ok(())
        })?;
    }
}
