//! The trace of one request: checks, walk through the policies, change of the state, commands that repeat it.

use crate::console::browser::{Browser, Page};
use crate::console::live_with;
use crate::support::live::{Live, send};
use crate::support::sign::{self, Call, Form};
use std::process::Command;

/// Words of a scenario: a RAM user with policies, and its key.
const KEY: &str = "LTAItraceexample000001";
const SECRET: &str = "trace-secret-of-bob-000000001";
const BOB: &str = r#"- name: traced
  uid: 1000000000000003
  keys: [{id: LTAItraceexample000002, secret: trace-secret-of-root-00000001}]
  state: {status: ARREARS}
  policies:
  - name: FromOffice
    document: {Version: "1", Statement: [
      {Effect: Allow, Action: "ram:List*", Resource: "*", Condition: {IpAddress: {acs:SourceIp: [10.0.0.0/8, 127.0.0.0/8]}}},
      {Effect: Allow, Action: "ram:Get*", Resource: "*", Condition: {IpAddress: {acs:SourceIp: 10.0.0.0/8}, Bool: {acs:SecureTransport: "true"}}}]}
  - name: NoBoss
    document: {Version: "1", Statement: [{Effect: Deny, Action: "ram:*", Resource: "acs:ram:*:*:user/boss"}]}
  users:
  - {name: bob, policies: [FromOffice, NoBoss], keys: [{id: LTAItraceexample000001, secret: trace-secret-of-bob-000000001}]}
"#;

fn call_with(
    live: &Live,
    (key, secret): (&str, &str),
    action: &str,
    params: &[(&str, &str)],
    nonce: &str,
) -> u16 {
    let call = Call { key, secret, action, params, nonce, ..super::owner::CALL };
    send(live.address, &sign::request(Form::RpcV1, &call)).0
}

const ROOT: (&str, &str) = ("LTAItraceexample000002", "trace-secret-of-root-00000001");

fn bob(live: &Live, action: &str, params: &[(&str, &str)], nonce: &str) -> u16 {
    call_with(live, (KEY, SECRET), action, params, nonce)
}

/// The trace of the newest request.
fn trace(live: &Live, browser: &mut Browser) -> Page {
    let all = live.control("GET", "/worlds/default/requests", "").1;
    let newest = all["requests"].as_array().unwrap().iter().max_by_key(|one| one["number"].as_u64()).unwrap();
    browser.get(&format!("/_alimock/requests/{}", newest["requestId"].as_str().unwrap()))
}

/// The rows of the walk: name, then each statement with its marks.
fn statements(page: &Page) -> Vec<String> {
    let rows = page.body.split("data-testid=\"walk-statement\"").skip(1);
    let marks = |row: &str| {
        let row = row.split("</tr>").next().unwrap();
        let parts: Vec<_> = row.split("<li>").skip(1).map(|part| part.contains(">yes<")).collect();
        let decides = if row.contains("data-testid=\"decides\"") { " decides" } else { "" };
        format!("{parts:?}{decides}")
    };
    rows.map(marks).collect()
}

#[test]
fn each_statement_shows_which_of_its_parts_match_and_the_deciding_one_is_marked() {
    let live = live_with(BOB);
    let mut browser = Browser::of(&live);
    browser.get("/_alimock/requests").text("title");

    assert_eq!(bob(&live, "ListUsers", &[], "1"), 200);
    let allowed = trace(&live, &mut browser);
    assert_eq!(
        statements(&allowed),
        ["[true, true, true] decides", "[false, true, false, false]", "[true, false]"]
    );
    assert!(allowed.body.contains("<code>10.0.0.0/8, 127.0.0.0/8</code>"), "{}", allowed.body);
    assert!(!allowed.has("present-state") && !allowed.has("walk-differs") && !allowed.has("silent"));
    assert_eq!(allowed.text("decision-reason"), "allowed: by policy FromOffice of RamUser");

    assert_eq!(bob(&live, "GetUser", &[("UserName", "bob")], "2"), 403);
    let silent = trace(&live, &mut browser);
    assert_eq!(statements(&silent), ["[false, true, true]", "[true, true, false, false]", "[true, false]"]);
    assert!(silent.has("silent") && silent.body.contains("<code>127.0.0.1</code>"), "{}", silent.body);

    assert_eq!(bob(&live, "ListPoliciesForUser", &[("UserName", "Boss")], "3"), 403);
    let denied = trace(&live, &mut browser);
    assert_eq!(statements(&denied)[2], "[true, true] decides");
    assert_eq!(denied.text("walk-name"), "FromOffice");
}

#[test]
fn a_walk_over_another_state_than_the_request_met_says_so() {
    let live = live_with(BOB);
    let mut browser = Browser::of(&live);
    assert_eq!(bob(&live, "ListUsers", &[], "1"), 200);
    let detach = [("UserName", "bob"), ("PolicyType", "Custom"), ("PolicyName", "FromOffice")];
    let id = live.control("GET", "/worlds/default/requests", "").1["requests"][0]["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/_alimock/requests/{id}");
    assert!(!browser.get(&path).has("present-state"), "nothing has changed yet");

    // The state that the request met is kept from the first page on.
    assert_eq!(call_with(&live, ROOT, "DetachPolicyFromUser", &detach, "2"), 200);
    let kept = browser.get(&path);
    assert!(!kept.has("present-state") && !kept.has("walk-differs"), "{}", kept.body);
    // A restored state begins another line of versions.
    assert_eq!(live.control("POST", "/worlds/default/snapshots/now", "").0, 204);
    assert_eq!(live.control("POST", "/worlds/default/snapshots/now/restore", "").0, 204);
    let other = browser.get(&path);
    assert!(other.has("present-state") && other.has("walk-differs"), "{}", other.body);
}

#[test]
fn the_checks_show_where_a_request_was_stopped() {
    let live = live_with(BOB);
    let mut browser = Browser::of(&live);
    let results = |page: &Page| -> String {
        let all = page.body.split("data-testid=\"check-result\">").skip(1);
        all.map(|rest| rest.chars().next().unwrap()).collect()
    };
    bob(&live, "ListUsers", &[], "1");
    assert_eq!(results(&trace(&live, &mut browser)), "P".repeat(11));
    call_with(&live, (KEY, "wrong"), "ListUsers", &[], "2");
    assert_eq!(results(&trace(&live, &mut browser)), "PPPPSNNNNNN");
    bob(&live, "CreateUser", &[("UserName", "new")], "3");
    assert_eq!(results(&trace(&live, &mut browser)), "PPPPPPPSNNN");
    call_with(&live, ROOT, "GetUser", &[("UserName", "nobody")], "4");
    assert_eq!(results(&trace(&live, &mut browser)), "PPPPPPPPPPS");

    // A gate of the account.
    let ecs = Call {
        key: ROOT.0,
        secret: ROOT.1,
        version: "2014-05-26",
        action: "StartInstance",
        params: &[("InstanceId", "i-1")],
        nonce: "5",
        ..super::owner::CALL
    };
    send(live.address, &sign::request(Form::RpcV1, &ecs));
    let page = trace(&live, &mut browser);
    assert_eq!(results(&page), "PPPPPPPPPSN", "{}", page.body);
    let at = |text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text}: {}", page.body));
    assert!(at("The AccessKey has not leaked.") < at("The account is not in arrears."));
}

#[test]
fn a_rule_that_applied_leads_to_the_rule() {
    let live = live_with(&format!(
        "{BOB}faults: [{{name: slow down, match: {{action: ListUsers}}, do: {{error: {{code: Throttling.User}}}}}}]"
    ));
    let mut browser = Browser::of(&live);
    bob(&live, "ListUsers", &[], "1");
    let page = trace(&live, &mut browser);
    assert_eq!(page.text("struck"), "slow down");
    assert!(page.body.contains("href=\"/_alimock/rules#rule-1\""), "{}", page.body);
    assert!(browser.get("/_alimock/rules").body.contains("id=\"rule-1\""));
    live.control("DELETE", "/worlds/default/faults/1", "");
    let page = trace(&live, &mut browser);
    assert!(!page.body.contains("#rule-1") && page.body.contains("deleted since"), "{}", page.body);
}

#[test]
fn a_request_shows_what_it_changed_once_a_page_of_requests_was_opened() {
    let live = live_with(BOB);
    let mut browser = Browser::of(&live);
    let create = |name: &str| call_with(&live, ROOT, "CreateUser", &[("UserName", name)], name);
    assert_eq!(create("early"), 200);
    let early = trace(&live, &mut browser);
    assert!(early.has("not-kept") && early.has("changed"), "{}", early.body);

    assert_eq!(create("late"), 200);
    let late = trace(&live, &mut browser);

    let lines: Vec<_> =
        late.body.split("<code>+ ").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(lines.len(), 1, "{}", late.body);
    assert!(lines[0].starts_with("accounts[traced].users[late]: {"), "{lines:?}");
    assert_eq!(call_with(&live, ROOT, "CreateAccessKey", &[("UserName", "late")], "k"), 200);
    let keyed = trace(&live, &mut browser);
    assert!(keyed.body.contains("accounts[traced].users[late].keys["), "{}", keyed.body);
    assert!(keyed.body.contains("secret&#34;:&#34;***&#34;"), "{}", keyed.body);
    assert_eq!(bob(&live, "ListUsers", &[], "r"), 200);
    assert!(!trace(&live, &mut browser).has("changed"));
}

#[test]
fn the_difference_of_a_large_account_waits_for_a_click() {
    let users: String = (0..600).map(|number| format!("  - {{name: user{number}}}\n")).collect();
    let live = live_with(&format!("{BOB}{users}"));
    let mut browser = Browser::of(&live);
    browser.get("/_alimock/").text("title");
    assert_eq!(call_with(&live, ROOT, "CreateUser", &[("UserName", "late")], "1"), 200);

    let page = trace(&live, &mut browser);

    assert!(page.has("show-difference") && !page.has("difference") && !page.has("not-kept"), "{}", page.body);
    let asked = browser.get(&format!("{}?diff=1", page.at));
    assert!(asked.body.contains("+ accounts[traced].users[late]"), "{}", asked.body);
}

#[test]
fn a_denial_that_a_world_only_audits_is_shown_as_such() {
    let live = live_with(&format!("{BOB}permissions: audit\n"));
    let mut browser = Browser::of(&live);
    assert_eq!(bob(&live, "CreateUser", &[("UserName", "new")], "1"), 200);
    let page = trace(&live, &mut browser);
    assert!(page.body.contains("Denied, but this world only audits permissions."), "{}", page.body);
}

#[test]
fn the_script_of_a_trace_signs_the_request_anew_and_the_curl_is_a_replay() {
    let live = live_with(BOB);
    let mut browser = Browser::of(&live);
    let tricky = [("UserName", "again"), ("Comments", "a b&c='$HOME' \"q\" ~*/%\u{4F60}")];
    assert_eq!(call_with(&live, ROOT, "CreateUser", &tricky, "1"), 200);
    let page = trace(&live, &mut browser);
    for secret in [ROOT.1, SECRET] {
        assert!(!page.body.contains(secret));
    }
    let script = page.text("repeat-python");
    let run = || {
        let done = Command::new("python3")
            .args(["-c", &script])
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ROOT.1)
            .output()
            .unwrap();
        String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned()
    };

    // The clocks of this world stand still, so the script has their time.
    let second = run();

    assert!(second.starts_with("409 ") && second.contains("EntityAlreadyExists.User"), "{second}");
    assert_eq!(call_with(&live, ROOT, "DeleteUser", &[("UserName", "again")], "2"), 200);
    let third = run();
    assert!(third.starts_with("200 ") && third.contains("$HOME"), "{third}");

    call_with(&live, (ROOT.0, "wrong"), "ListUsers", &[], "3");
    let page = trace(&live, &mut browser);
    assert!(page.text("repeat-curl").contains("Signature="), "{}", page.body);
    assert!(page.text("replay").contains("replay"));
    let curl = page.text("repeat-curl");
    let done = Command::new("sh").args(["-c", &curl]).output().unwrap();
    assert!(String::from_utf8_lossy(&done.stdout).contains("SignatureDoesNotMatch"), "{curl}");
    let secret = [("UserName", "bob"), ("Password", "Secret-0002!")];
    call_with(&live, ROOT, "CreateLoginProfile", &secret, "4");
    let page = trace(&live, &mut browser);
    assert!(page.has("masked") && !page.body.contains("Secret-0002"), "{}", page.body);
}

#[test]
fn reasons_are_chinese_on_chinese_pages() {
    let live = live_with(BOB);
    let mut browser = Browser::of_owner(&live);
    browser.language = "zh-CN";
    call_with(&live, (KEY, "trace-secret-of-bob-000000001 "), "ListUsers", &[], "1");
    assert_eq!(trace(&live, &mut browser).text("cause"), "AccessKey Secret 末尾有空格");
    bob(&live, "CreateUser", &[("UserName", "new")], "2");
    assert_eq!(trace(&live, &mut browser).text("decision-reason"), "隐式拒绝：没有权限策略允许该操作");
    bob(&live, "ListUsers", &[], "3");
    assert_eq!(trace(&live, &mut browser).text("decision-reason"), "允许：由权限策略 FromOffice 允许");
    let body = r#"{"subject": "personal", "method": "document", "name": "Shop"}"#;
    assert_eq!(live.control("POST", "/worlds/default/accounts/shop/real-name", body).0, 202);
    let clocks = browser.get("/_alimock/clocks");
    assert!(clocks.body.contains("账号 1000000000000002 的实名认证申请"), "{}", clocks.body);
    let later = browser.submit(&clocks, "/_alimock/clocks/advance", &[("other", "7d")]);
    assert!(later.has("fell-due") && later.body.contains("审核结束"), "{}", later.body);
    live.control("POST", "/worlds/default/commands", r#"{"pay": {"account": "shop", "amount": 50}}"#);
    browser.log_in("shop@example.com", "Passw0rd!");
    let closing = browser.get("/_alimock/console/money");
    assert!(
        closing.body.contains("请提现账户余额。") && !closing.body.contains("Withdraw"),
        "{}",
        closing.body
    );
}
