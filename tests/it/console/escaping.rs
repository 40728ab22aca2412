//! Markup in values of users is text on every page.

use crate::console::browser::Browser;
use crate::support::live::{Live, send_bytes};
use alimock::Scenario;
use serde_json::json;

const MARKUP: &str = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";

/// Pages of RAM; `{escaped}` stands for the markup in an address.
const RAM_PAGES: [&str; 19] = [
    "/console/ram/users",
    "/console/ram/users/ann",
    "/console/ram/users/ann/delete",
    "/console/ram/users/{escaped}",
    "/console/ram/users?q={escaped}&from={escaped}",
    "/console/ram/groups",
    "/console/ram/groups/staff",
    "/console/ram/policies?type=custom",
    "/console/ram/policies?type={escaped}&q={escaped}",
    "/console/ram/policies/custom/marked",
    "/console/ram/policies/custom/marked/edit",
    "/console/ram/roles",
    "/console/ram/roles/app",
    "/console/ram/roles/app/trust",
    "/console/ram/sessions",
    "/console/ram/recycle-bin?q={escaped}",
    "/console/ram/explain?principal=user&name=ann&action={escaped}&resource={escaped}&conditions={escaped}",
    "/console/ram/explain?principal={escaped}&name={escaped}&action={escaped}",
    "/console/ram/explain?principal=user&name=ann&action=ram:GetUser",
];

/// Forms of RAM: page, address of the form, fields.
const RAM_FORMS: &[(&str, &str, &[&str])] = &[
    (
        "/console/ram/new-user",
        "/console/ram/new-user",
        &["user-name", "display-name", "email", "mobile", "comments", "console", "password", "key"],
    ),
    (
        "/console/ram/users/ann",
        "/console/ram/users/ann/edit",
        &["user-name", "display-name", "email", "mobile", "comments"],
    ),
    ("/console/ram/users/ann", "/console/ram/users/ann/mfa", &["device"]),
    ("/console/ram/users/ann", "/console/ram/users/ann/groups", &["group"]),
    ("/console/ram/users/ann", "/console/ram/users/ann/policies/attach", &["policy"]),
    ("/console/ram/users/ann", "/console/ram/users/ann/tags", &["tag-key", "tag-value"]),
    ("/console/ram/users/ann/delete", "/console/ram/users/ann/delete", &["confirm", "also"]),
    ("/console/ram/new-group", "/console/ram/new-group", &["group-name", "display-name", "comments"]),
    ("/console/ram/groups/staff", "/console/ram/groups/staff/members", &["member"]),
    (
        "/console/ram/new-policy",
        "/console/ram/new-policy",
        &["policy-name", "description", "document", "step"],
    ),
    ("/console/ram/new-policy", "/console/ram/check", &["kind", "document"]),
    ("/console/ram/policies/custom/marked/edit", "/console/ram/policies/custom/marked/edit", &["document"]),
    (
        "/console/ram/new-role",
        "/console/ram/new-role",
        &["role-name", "description", "session", "trusted", "uid", "service", "provider", "document"],
    ),
    ("/console/ram/roles/app/trust", "/console/ram/roles/app/trust", &["document", "step"]),
    ("/console/ram/roles/app", "/console/ram/roles/app/edit", &["description", "session"]),
];

/// A server whose scenario has markup in every value of a user.
fn live_with_markup() -> Live {
    // YAML: a single quote is doubled.
    let quoted = format!("'{}'", MARKUP.replace('\'', "''"));
    let text = format!(
        "accounts:
- name: {quoted}
  loginName: shop-owner
  uid: 1000000000000002
  email: shop@example.com
  security: {{password: Passw0rd!}}
  details: {{NickName: {quoted}}}
  keys: [{{}}]
  policies: [{{name: marked, document: {{Version: '1', Statement: [{{Sid: {quoted}, Effect: Allow, Action: 'ram:*', Resource: 'acs:ram:*:*:x'}}]}}}}]
  groups: [{{name: staff, displayName: {quoted}, comments: {quoted}}}]
  users: [{{name: ann, displayName: {quoted}, comments: {quoted}, tags: {{{quoted}: {quoted}}}, groups: [staff], policies: [marked]}}]
  roles: [{{name: app, description: {quoted}, trust: {{RAM: [root]}}, sessions: [{{name: {quoted}}}]}}]
faults: [{{name: {quoted}, match: {{action: Other}}, do: {{error: {{code: Throttling.User, message: {quoted}}}}}}}]
expect: [{{name: {quoted}, calls: {{action: ListUsers}}}}]"
    );
    Live::with_scenario(Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn markup_in_every_value_of_a_user_is_text_on_every_page() {
    let live = live_with_markup();
    let mut browser = Browser::of_owner(&live);
    let account = "/worlds/default/accounts/1000000000000002";
    let body =
        json!({"subject": "personal", "method": "document", "name": MARKUP, "phone": MARKUP}).to_string();
    let (status, made) = live.control("POST", &format!("{account}/real-name"), &body);
    assert_eq!(status, 202, "{made}");
    let id = made["applicationId"].to_string();
    let decision = format!("{account}/real-name/{id}/decision");
    let rejected = json!({"decision": "reject", "code": MARKUP, "reason": MARKUP}).to_string();
    let escaped: String = MARKUP.bytes().map(|byte| format!("%{byte:02X}")).collect();
    // A request whose parts are markup, as far as a client can send it.
    let host = format!("Host: {}\r\n", live.address);
    let request = format!(
        "GET /{escaped}?Action={escaped}&{escaped}={escaped}&AccessKeyId={escaped}&Version=2015-05-01 HTTP/1.1\r\n{host}Connection: close\r\n\r\n"
    );
    send_bytes(live.address, request.as_bytes());
    assert_eq!(live.control("POST", &format!("/worlds/default/snapshots/{escaped}"), "").0, 204);
    let record = live.control("GET", "/worlds/default/requests", "").1["requests"][0]["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = live.control("POST", &format!("{account}/real-name/links"), "{}").1["token"]
        .as_str()
        .unwrap()
        .to_owned();

    let mut look = |rounds: &str| {
        for path in [
            "/".to_owned(),
            "/requests".to_owned(),
            format!("/requests?q={escaped}"),
            format!("/requests/{record}"),
            "/rules".to_owned(),
            format!("/rules?from={record}"),
            "/clocks".to_owned(),
            "/inbox".to_owned(),
            format!("/inbox?to={escaped}"),
            "/reviews".to_owned(),
            "/scenario".to_owned(),
            format!("/scenario?from={escaped}"),
            "/scenario/gallery".to_owned(),
            format!("/scenario/gallery?q={escaped}&page={escaped}"),
            format!("/scenario/gallery?q={escaped}&part=1"),
            "/coverage".to_owned(),
            format!("/coverage?product={escaped}"),
            "/diff?from=seed".to_owned(),
            format!("/diff?from=seed&to={escaped}"),
            format!("/diff?from={escaped}&to=now"),
            "/settings".to_owned(),
            "/console/".to_owned(),
            "/console/keys".to_owned(),
            "/console/real-name".to_owned(),
            "/console/security".to_owned(),
            "/console/money".to_owned(),
            format!("/console/certification/{token}"),
            format!("/console/certification/{escaped}"),
            format!("/console/login?login={escaped}&back={escaped}"),
            format!("/console/login/{escaped}"),
            format!("/console/keys/{escaped}/disable"),
            format!("/?done={escaped}"),
            format!("/inbox?world={escaped}"),
        ]
        .into_iter()
        .chain(RAM_PAGES.map(|page| page.replace("{escaped}", &escaped)))
        {
            let page = browser.get(&format!("/_alimock{path}"));
            assert!(page.status < 500 && page.status > 0, "{rounds} {path}: {}", page.status);
            let body = page.body.to_ascii_lowercase();
            assert!(
                !body.contains("<img src=x") && !body.contains("<script>"),
                "{rounds} {path}: {}",
                page.body
            );
        }
    };
    look("under review");
    assert_eq!(live.control("POST", &decision, &rejected).0, 200);
    look("rejected");
}

#[test]
fn markup_in_a_form_is_text_when_the_form_is_shown_again() {
    let live = live_with_markup();
    let mut browser = Browser::of_owner(&live);
    for (page, to, names) in [
        ("/console/login", "/console/login", &["login", "password", "code", "back", "new_password"][..]),
        (
            "/console/sign-up",
            "/console/sign-up",
            &["email", "mobile", "calling", "country", "login_name", "code", "step", "site"],
        ),
        ("/console/forgot", "/console/forgot", &["login", "code", "password"]),
        ("/rules", "/rules", &["rule"]),
        ("/scenario", "/scenario/check", &["text", "name"]),
        ("/scenario", "/scenario/check?part=1", &["text"]),
        ("/scenario", "/scenario/open", &["file"]),
        ("/scenario", "/scenario/load", &["text", "name"]),
        ("/scenario", "/scenario/run", &["text", "name"]),
        ("/diff", "/diff/take", &["name"]),
        ("/diff", "/diff/restore", &["name"]),
        ("/settings", "/settings/gates", &["value"]),
        ("/settings", "/settings/account-rules", &["value"]),
        ("/", "/start/create", &["name"]),
        ("/", "/start/fork", &["name"]),
        ("/clocks", "/clocks/advance", &["by", "other"]),
        (
            "/console/real-name",
            "/console/real-name",
            &["subject", "method", "name", "number", "phone", "country"],
        ),
        ("/console/security", "/console/security/contacts", &["email", "mobile", "code", "step"]),
        ("/console/security", "/console/security/bind", &["seed", "code_1", "code_2"]),
    ]
    .iter()
    .chain(RAM_FORMS)
    {
        let shown = browser.get(&format!("/_alimock{page}"));
        let values: Vec<_> = names.iter().map(|name| (*name, MARKUP)).collect();
        let page = browser.submit(&shown, &format!("/_alimock{to}"), &values);
        assert!((200..500).contains(&page.status), "{to}: {}", page.status);
        let body = page.body;
        assert!(!body.contains("<img src=x") && !body.contains("<script>"), "{to}: {body}");
    }
}
