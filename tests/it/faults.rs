//! Failures on purpose: which calls a rule matches, when it strikes, what it does.

use crate::support::live::Live;
use crate::support::{Actor, CLIENT, Lab, NOW};
use alimock::Scenario;
use alimock::text::parse_duration;
use alimock::world::faults::Delivery;
use serde_json::json;
use std::sync::Arc;

/// One account with a user and a role, and some rules.
fn lab_with_faults(faults: &str) -> Arc<Lab> {
    Lab::with_scenario(&format!("{SEED}\nfaults:\n{faults}"))
}

/// What most tests of rules start with.
pub const SEED: &str = "
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{id: LTAI5tDemoRoot000001, secret: rootSecret}]
    users: [{name: ci, policies: [AdministratorAccess], keys: [{}]}]
    roles: [{name: deploy, policies: [AdministratorAccess], sessions: [{name: night, id: STS.NNight001, secret: s, token: CAISnight, expires: 10h}]}]";

fn session(lab: &Arc<Lab>) -> Actor {
    lab.actor("STS.NNight001", "s").with_token("CAISnight")
}

/// The statuses of so many calls to `GetCallerIdentity`.
fn call_statuses(actor: &Actor, calls: usize) -> Vec<u16> {
    (0..calls).map(|_| actor.sts("GetCallerIdentity", &[]).status).collect()
}

#[test]
fn a_rule_applies_to_the_calls_that_it_names() {
    let hits = |when: &str| {
        let lab =
            lab_with_faults(&format!("  - {{when: {when}, do: {{error: {{code: ServiceUnavailable}}}}}}"));
        let statuses = call_statuses(&lab.root("demo"), 7);
        (1..=7)
            .zip(statuses)
            .filter(|(_, status)| *status == 503)
            .map(|(number, _)| number)
            .collect::<Vec<_>>()
    };

    assert_eq!(hits("{}"), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(hits("{nth: 3}"), [3]);
    assert_eq!(hits("{first: 2}"), [1, 2]);
    assert_eq!(hits("{every: 3}"), [3, 6]);
    assert_eq!(hits("{after: 5}"), [6, 7]);
    assert_eq!(hits("{every: 2, times: 2}"), [2, 4]);
    assert_eq!(hits("{between: ['2026-11-22T08:00:00Z', '2026-11-22T08:00:01Z'], first: 1}"), [1]);
    assert_eq!(hits("{between: ['2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z']}"), [0; 0]);
    assert_eq!(hits("{probability: 1}"), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(hits("{probability: 0}"), [0; 0]);
    let drawn = hits("{probability: 0.5}");
    assert!((1..=6).contains(&drawn.len()) && drawn == hits("{probability: 0.5}"), "{drawn:?}");
}

#[test]
fn a_window_of_the_resource_clock_opens_when_the_clock_is_moved() {
    let lab = lab_with_faults(
        "  - {when: {between: ['2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z']}, do: {error: {code: ServiceUnavailable}}}",
    );
    let root = lab.root("demo");

    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.extend(call_statuses(&root, 1));
        lab.world().clock.advance(parse_duration("1h").unwrap());
    }

    assert_eq!(seen, [200, 503, 200]);
}

#[test]
fn a_time_window_can_be_relative_to_the_start() {
    let lab = lab_with_faults("  - {when: {between: [+1h, +90m]}, do: {error: {code: ServiceUnavailable}}}");
    let root = lab.root("demo");

    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.extend(call_statuses(&root, 1));
        lab.world().clock.advance(parse_duration("1h").unwrap());
    }

    assert_eq!(seen, [200, 503, 200]);
    let shown = serde_json::to_value(lab.world().faults.list()).unwrap();
    assert_eq!(shown[0]["when"]["between"], json!(["+1h", "+1h30m"]));
}

#[test]
fn a_rule_can_match_every_property_of_a_call() {
    let strikes = |matching: &str, call: fn(&Arc<Lab>) -> u16| {
        let lab = lab_with_faults(&format!(
            "  - {{match: {matching}, do: {{error: {{code: Busy, status: 418, message: no}}}}}}"
        ));
        call(&lab) == 418
    };
    let by_root = |lab: &Arc<Lab>| lab.root("demo").ram("GetUser", &[("UserName", "ci")]).status;
    let by_user = |lab: &Arc<Lab>| lab.user("demo", "ci").ram("GetUser", &[("UserName", "ci")]).status;
    let by_session = |lab: &Arc<Lab>| session(lab).ram("GetUser", &[("UserName", "ci")]).status;

    for matching in [
        "{}",
        "{product: Ram}",
        "{product: ram, version: '2015-05-01', action: Get*}",
        "{key: LTAI5tDemoRoot000001}",
        "{client: 127.0.0.0/8}",
        "{host: 127.0.*}",
        "{param: {UserName: c?}}",
        "{account: demo}",
        "{account: '1234567890123456', user: root}",
    ] {
        assert!(strikes(matching, by_root), "{matching}");
    }
    for matching in [
        "{product: Sts}",
        "{action: List*}",
        "{key: LTAI5tOther}",
        "{client: 10.0.0.0/8}",
        "{param: {UserName: dev}}",
        "{param: {GroupName: '*'}}",
        "{account: 9234567890123456}",
        "{user: ci}",
        "{role: deploy}",
        "{resource: '*'}",
    ] {
        assert!(!strikes(matching, by_root), "{matching}");
    }
    assert!(strikes("{user: ci, resource: 'acs:ram:*:*:user/ci'}", by_user));
    assert!(!strikes("{user: ci, resource: 'acs:ram:*:*:role/*'}", by_user));
    assert!(strikes("{role: deploy, session: night}", by_session));
    assert!(!strikes("{session: day}", by_session) && !strikes("{user: ci}", by_session));
}

#[test]
fn a_known_error_code_comes_with_its_status_and_text() {
    let lab = lab_with_faults(
        "  - {name: busy, match: {action: DecodeDiagnosticMessage}, do: {error: {code: TooManyRequests}}}",
    );

    let refused = lab.root("demo").ram("DecodeDiagnosticMessage", &[]);

    assert_eq!(
        refused.assert_refused(429, "TooManyRequests"),
        "Too many search requests at same time, please retry later."
    );
    let record = lab.last_record();
    assert_eq!(record.refused.as_ref().unwrap().note.as_deref(), Some("fault `busy`"));
    let shown = serde_json::to_value(&*record).unwrap();
    assert_eq!(shown["faults"], json!([{"id": 1, "name": "busy", "hit": 1}]));
}

#[test]
fn rules_about_callers_do_not_apply_to_unauthenticated_calls() {
    let lab = lab_with_faults("  - {match: {user: root}, do: {error: {code: ServiceUnavailable}}}");
    let forged = Actor { secret: "wrong".into(), ..lab.root("demo") };

    forged.sts("GetCallerIdentity", &[]).assert_refused(400, "SignatureDoesNotMatch");
    assert_eq!(lab.world().faults.list()[0].matched, 0);
    lab.root("demo").sts("GetCallerIdentity", &[]).assert_refused(503, "ServiceUnavailable");
}

#[test]
fn a_rate_limit_refuses_excess_calls_and_sends_retry_after() {
    let lab = lab_with_faults("  - {match: {action: GetCallerIdentity}, do: {rate: 2/s}}");
    let root = lab.root("demo");

    assert_eq!(call_statuses(&root, 2), [200, 200]);
    let refused = root.sts("GetCallerIdentity", &[]);

    assert_eq!(
        refused.assert_refused(400, "Throttling.User"),
        "Request was denied due to user flow control."
    );
    assert_eq!(refused.headers["x-acs-retry-after"], "500");
    root.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn a_rate_limit_can_set_its_error() {
    let lab = lab_with_faults(
        "  - {match: {product: Sts}, do: {rate: 1/s, error: {code: Throttling.Api, status: 429, message: Slow down.}}}",
    );
    let root = lab.root("demo");

    assert_eq!(call_statuses(&root, 1), [200]);
    let refused = root.sts("GetCallerIdentity", &[]);

    assert_eq!(refused.assert_refused(429, "Throttling.Api"), "Slow down.");
    assert_eq!(refused.headers["x-acs-retry-after"], "1000");
}

#[test]
fn a_read_can_return_old_data() {
    let seen = |stale: &str| {
        let lab = lab_with_faults(&format!("  - {{match: {{product: Ram}}, do: {{stale: {stale}}}}}"));
        let root = lab.root("demo");
        for name in ["ann", "bob"] {
            root.ram("CreateUser", &[("UserName", name)]).assert_ok();
            lab.advance_clock("10s");
        }
        let users = root.ram("ListUsers", &[]).assert_ok();
        let names = users["Users"]["User"].as_array().unwrap().iter();
        names.map(|user| user["UserName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    assert_eq!(seen("1"), ["ci", "ann"]);
    assert_eq!(seen("2"), ["ci"]);
    assert_eq!(seen("9"), ["ci"]);
    assert_eq!(seen("5s"), ["ci", "ann", "bob"]);
    assert_eq!(seen("10s"), ["ci", "ann", "bob"]);
    assert_eq!(seen("11s"), ["ci", "ann"]);
    assert_eq!(seen("21s"), ["ci"]);
}

#[test]
fn a_write_never_uses_old_data_and_a_reset_clears_it() {
    let lab = lab_with_faults("  - {do: {stale: 1}}");
    let root = lab.root("demo");
    let ann = [("UserName", "ann")];

    root.ram("CreateUser", &ann).assert_ok();
    root.ram("GetUser", &ann).assert_refused(404, "EntityNotExist.User");
    root.ram("CreateUser", &ann).assert_refused(409, "EntityAlreadyExists.User");
    root.ram("DeleteUser", &ann).assert_ok();
    root.ram("GetUser", &ann).assert_ok();
    lab.world().reset(false);
    lab.reset_nonces();
    root.ram("GetUser", &ann).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn a_corrupted_answer_has_the_same_wrong_bytes_each_time() {
    let run = |count: usize| {
        let lab = lab_with_faults(&format!("  - {{do: {{answer: {{corrupt: {count}}}}}}}"));
        let request = lab.root("demo").request("2015-05-01", "ListUsers", &[]);
        lab.gateway.handle(&request, CLIENT).into_body()
    };
    let differ = |one: &[u8], other: &[u8]| one.iter().zip(other).filter(|(a, b)| a != b).count();
    let whole = run(0);

    let spoilt = run(3);

    assert_eq!(spoilt.len(), whole.len());
    assert!((1..=3).contains(&differ(&whole, &spoilt)));
    assert_eq!(spoilt, run(3));
}

#[test]
fn what_a_rule_refuses_counts_as_a_call_of_its_operation() {
    let lab = lab_with_faults("  - {match: {product: Ram}, do: {error: {code: ServiceUnavailable}}}");
    lab.root("demo").ram("ListUsers", &[]).assert_refused(503, "ServiceUnavailable");
    lab.root("demo").ram("ListUsrs", &[]).assert_refused(503, "ServiceUnavailable");

    let mut covered = std::collections::BTreeMap::new();
    lab.world().coverage.add_to(&mut covered);

    let [(operation, outcomes)] = covered.into_iter().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!((operation, outcomes.refused["ServiceUnavailable"]), (("Ram", "ListUsers"), 1));
}

#[test]
fn a_refusal_can_send_retry_after() {
    let lab = lab_with_faults(
        "  - {match: {product: Ram}, do: {error: {code: Throttling, retryAfter: 3s}}}
  - {match: {product: Sts}, do: {error: {code: Throttling}}}",
    );
    let root = lab.root("demo");

    let refused = root.ram("ListUsers", &[]);

    let _ = refused.assert_refused(400, "Throttling");
    assert_eq!(refused.headers["x-acs-retry-after"], "3000");
    assert!(!root.sts("GetCallerIdentity", &[]).headers.contains_key("x-acs-retry-after"));
    let at_once = "faults: [{do: {error: {code: Throttling, retryAfter: 0s}}}]";
    assert_eq!(
        Scenario::parse(at_once).unwrap_err().brief(),
        ["line 1 column 54: `retryAfter` is longer than nothing"]
    );
}

#[test]
fn a_call_whose_answer_is_lost_took_effect_and_one_refused_before_did_not() {
    let delivery = |effect: &str| {
        let lab = lab_with_faults(&format!("  - {{match: {{action: CreateAccessKey}}, do: {effect}}}"));
        let root = lab.root("demo");
        let request = root.request("2015-05-01", "CreateAccessKey", &[("UserName", "ci")]);
        let answer = lab.gateway.handle(&request, CLIENT);
        let keys =
            root.ram("ListAccessKeys", &[("UserName", "ci")]).assert_ok()["AccessKeys"]["AccessKey"].clone();
        (answer.extensions().get::<Delivery>().copied(), keys.as_array().unwrap().len())
    };
    let (lost, keys) = delivery("{afterCommit: reset}");
    assert_eq!((lost.unwrap().ending, keys), (Some(alimock::world::faults::Ending::Reset), 2));
    let (before, keys) = delivery("{before: close}");
    assert_eq!((before.unwrap().ending, keys), (Some(alimock::world::faults::Ending::Close), 1));
    let (hangs, _) = delivery("{before: hang}");
    assert_eq!(hangs.unwrap().silence().as_secs(), 30);
    let (late, keys) = delivery("{delay: 2s}");
    assert_eq!((late.unwrap().delay.as_secs(), keys), (2, 2));
    let (jitters, _) = delivery("{delay: 2s, jitter: 1s}");
    assert!((2000..3000).contains(&jitters.unwrap().delay.as_millis()), "{jitters:?}");
}

#[test]
fn an_answer_can_be_replaced_by_an_html_page() {
    let lab = lab_with_faults(
        "  - {do: {answer: {status: 502, contentType: text/html, body: '<html>Bad Gateway</html>'}}}",
    );

    let answer = lab.root("demo").sts("GetCallerIdentity", &[]);

    assert_eq!((answer.status, answer.body.as_str()), (502, "<html>Bad Gateway</html>"));
    assert_eq!(answer.headers["content-type"], "text/html");
}

#[test]
fn a_wrong_gateway_clock_refuses_valid_signatures() {
    let lab = lab_with_faults("  - {match: {product: Sts}, do: {skew: 20m}}");

    lab.root("demo").sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidTimeStamp.Expired");
    lab.root("demo").ram("ListUsers", &[]).assert_ok();
}

#[test]
fn the_same_rules_and_calls_give_the_same_bytes() {
    let run = || {
        let lab = lab_with_faults(
            "  - {when: {probability: 0.3}, do: {error: {code: Throttling.User}, delay: 1s, jitter: 1s}}",
        );
        let root = lab.root("demo");
        (0..30)
            .map(|_| {
                let answer = lab.gateway.handle(&root.request("2015-05-01", "ListUsers", &[]), CLIENT);
                let delivery = answer.extensions().get::<Delivery>().copied();
                format!("{:?} {delivery:?} {:?}", answer.status(), answer.body())
            })
            .collect::<Vec<_>>()
    };
    let first = run();
    assert_eq!(first, run());
    assert!(first.iter().any(|one| one.starts_with("400")) && first.iter().any(|one| one.starts_with("200")));
}

#[test]
fn rules_that_can_never_work_are_refused_at_load_all_at_once() {
    let text = format!(
        "{SEED}\nfaults:
  - {{do: {{}}}}
  - {{do: {{error: {{code: Throtling.User}}, before: close}}, when: {{nth: 0, probability: 2}}}}
  - {{match: {{client: home, user: ci}}, do: {{skew: 5m}}}}
  - {{do: {{stale: 0}}}}
  - {{do: {{delay: 1s}}, when: {{between: ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z']}}}}"
    );

    let error = Scenario::parse(&text).unwrap_err();

    assert_eq!(
        error.problems().iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>(),
        [
            "nothing is to be done",
            "there can be one of error, rate, before, afterCommit, answer, change, then, stale, tls and skew",
            "`Throtling.User` is no code of the catalogue (did you mean `Throttling.User`?); with `status` and `message` any code is good",
            "calls are counted from 1",
            "`probability` is between 0 and 1",
            "`home` is neither an address nor a CIDR block",
            "the clock is read before the caller is known: match by key instead",
            "`stale` looks back: at least one change, or a span longer than nothing",
            "the second time is not after the first",
        ]
    );
}

#[test]
fn rules_come_and_go_over_the_control_api_and_a_reset_brings_back_the_seeds() {
    let scenario = format!(
        "clock: {{gateway: '{NOW}'}}{SEED}\nfaults: [{{name: seeded, match: {{product: Crm}}, do: {{delay: 1s}}}}]"
    );
    let live = Live::with_scenario(Scenario::parse(&scenario).unwrap());
    let control =
        |method: &str, path: &str, body: &str| live.control(method, &format!("/worlds/default{path}"), body);
    let names = || {
        let listed = control("GET", "/faults", "").1["faults"].clone();
        listed
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    let rule = r#"{"match": {"action": "AssumeRole*"}, "when": {"nth": 2}, "do": {"error": {"code": "ServiceUnavailable"}}}"#;
    let (status, made) = control("POST", "/faults", rule);

    assert_eq!((status, &made["id"], &made["matched"]), (201, &json!(2), &json!(0)));
    let call = "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON";
    assert_eq!([live.post_form(call).0, live.post_form(call).0, live.post_form(call).0], [400, 503, 400]);
    let shown = control("GET", "/faults", "").1["faults"][1].clone();
    assert_eq!(
        (&shown["matched"], &shown["struck"], &shown["when"]),
        (&json!(3), &json!(1), &json!({"nth": 2}))
    );
    let (status, changed) = control("PUT", "/faults/2", r#"{"name": "other", "do": {"delay": "1ms"}}"#);
    assert_eq!((status, &changed["name"]), (200, &json!("other")));
    assert_eq!(control("DELETE", "/faults/2", "").0, 204);
    assert_eq!(control("DELETE", "/faults/2", "").0, 404);
    assert_eq!(control("POST", "/faults", r#"{"do": {}}"#).1["error"]["code"], "invalid_fault");
    assert_eq!(control("DELETE", "/faults/1", "").0, 204);
    assert_eq!(names(), [""; 0]);
    assert_eq!(control("POST", "/reset", "").0, 204);
    assert_eq!(names(), ["seeded"]);
}

#[test]
fn a_rule_changes_the_world_before_a_call_or_after_it() {
    let off = "{disableKey: {id: LTAI5tDemoRoot000001}}";
    let before =
        lab_with_faults(&format!("  - {{match: {{product: Sts}}, when: {{nth: 2}}, do: {{change: {off}}}}}"));
    let after =
        lab_with_faults(&format!("  - {{match: {{product: Sts}}, when: {{nth: 2}}, do: {{then: {off}}}}}"));

    // The key is looked at after the change, and the call that comes before it has already passed.
    assert_eq!(call_statuses(&before.root("demo"), 3), [200, 400, 400]);
    assert_eq!(call_statuses(&after.root("demo"), 3), [200, 200, 400]);
}

#[test]
fn a_permission_is_removed_between_two_calls() {
    let lab = lab_with_faults(
        "  - {match: {user: ci, action: ListUsers}, when: {nth: 1}, do: {then: {detachPolicy: {user: ci, policy: AdministratorAccess}}}}",
    );
    let ci = lab.user("demo", "ci");

    ci.ram("ListUsers", &[]).assert_ok();
    ci.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
}

#[test]
fn a_timeline_is_carried_out_as_the_clock_moves() {
    let lab = Lab::with_scenario(&format!(
        "{SEED}
timeline:
  - {{at: +1h, do: {{disableKey: {{user: ci}}}}}}
  - {{at: +2h, do: {{enableKey: {{user: ci}}}}}}
  - {{at: +2h, do: {{expireSessions: {{role: deploy}}}}}}
  - {{at: '2026-11-22T11:00:00Z', do: {{setState: {{status: DISABLED, balance: -2.5}}}}}}
  - {{at: +4h, do: {{deleteKey: {{user: ci, index: 7}}}}}}"
    ));
    let (ci, night) = (lab.user("demo", "ci"), session(&lab));
    let hour = || lab.world().clock.advance(parse_duration("1h").unwrap());

    ci.sts("GetCallerIdentity", &[]).assert_ok();
    hour();
    ci.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    night.sts("GetCallerIdentity", &[]).assert_ok();
    hour();
    ci.sts("GetCallerIdentity", &[]).assert_ok();
    night.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidSecurityToken.Expired");
    hour();
    ci.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    hour();
    let fell_due = lab.world().settle(lab.world().clock.now().resource);
    assert_eq!(
        fell_due[0].what,
        "a command of the timeline could not be carried out: there is no such AccessKey"
    );
}

#[test]
fn commands_also_run_over_the_control_api() {
    let live = Live::with_scenario(Scenario::parse(SEED).unwrap());
    let run =
        |command: serde_json::Value| live.control("POST", "/worlds/default/commands", &command.to_string());

    for (command, done) in [
        (
            json!({"disableKey": {"id": "LTAI5tDemoRoot000001"}}),
            "the key LTAI5tDemoRoot000001 was made Inactive",
        ),
        (
            json!({"setState": {"account": "demo", "status": "ARREARS", "balance": -0.05}}),
            "account 1234567890123456 is ARREARS, with a balance of -0.05",
        ),
        (
            json!({"attachPolicy": {"role": "deploy", "policy": "ReadOnlyAccess"}}),
            "the policy ReadOnlyAccess was attached",
        ),
        (
            json!({"setTrust": {"role": "deploy", "trust": r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]}"#}}),
            "the role deploy has another trust policy",
        ),
        (json!({"revokeSessions": {"session": "night"}}), "1 temporary credentials were revoked"),
    ] {
        let (status, answer) = run(command);
        assert_eq!((status, answer["done"].as_str().unwrap_or_default()), (200, done), "{answer}");
    }
    assert_eq!(run(json!({"revokeSessions": {"session": "night"}})).1["error"]["code"], "session_not_found");
    assert_eq!(run(json!({"decide": {"decision": "approve"}})).1["error"]["code"], "application_not_found");
    assert_eq!(run(json!({"deleteKey": {"account": "nobody"}})).1["error"]["code"], "account_not_found");
    assert_eq!(
        run(json!({"attachPolicy": {"policy": "ReadOnlyAccess"}})).1["error"]["code"],
        "invalid_command"
    );
    assert_eq!(run(json!({"explode": {}})).0, 400);
}

#[test]
fn a_timeline_that_can_never_work_is_refused_at_load() {
    let refused = |due: &str| {
        let error = Scenario::parse(&format!("{SEED}\ntimeline: [{due}]")).unwrap_err();
        error.problems()[0].message.clone()
    };

    assert_eq!(
        refused("{at: soon, do: {deleteKey: {}}}"),
        "`soon` is neither a time such as 2026-01-01T00:00:00Z nor a span from the start such as +10s"
    );
    assert!(
        refused("{at: 5s, do: {deleteKey: {account: shop}}}").starts_with("`shop` is neither an account")
    );
    assert!(
        refused("{at: 5s, do: {setTrust: {role: deploy, trust: '{}'}}}")
            .starts_with("`setTrust` can never be done: The policy document")
    );
    assert!(refused("{at: 5s, do: {explode: {}}}").starts_with("`do` cannot be `explode`"));
}
