//! Pages of RAM: users, groups, policies, roles, sessions, and who may do what. Source: docs/evidence/ram.md section 5.

use crate::console::browser::{Browser, Page};
use crate::console::owner::CALL;
use crate::console::{live_with, live_with_shop};
use crate::support::live::{Live, send};
use crate::support::sign::{self, Call, Form};
use alimock::text::{Scalar, Timestamp};
use std::sync::atomic::{AtomicUsize, Ordering};

const RAM: &str = "/_alimock/console/ram";
const ACCOUNT: &str = "/worlds/default/accounts/1000000000000002";
pub(super) const READERS: &str =
    r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:GetUser","Resource":"*"}]}"#;

/// Things of the account `shop` besides those that every test has.
pub(super) const MORE: &str = r"  groups: [{name: staff}]
  policies: [{name: readers, document: {Version: '1', Statement: [{Effect: Allow, Action: 'ram:List*', Resource: '*'}]}}]
  roles: [{name: app, trust: {RAM: [root]}, sessions: [{name: night}]}]";

pub(super) fn at(page: &str) -> String {
    format!("{RAM}/{page}")
}

/// Calls an action of RAM with a key; returns status and code.
pub(super) fn call(
    live: &Live,
    (id, secret): (&str, &str),
    action: &'static str,
    params: &[(&str, &str)],
) -> (u16, String) {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let nonce = CALLS.fetch_add(1, Ordering::Relaxed).to_string();
    let call = Call { key: id, secret, action, params, nonce: &nonce, ..CALL };
    let (status, answer) = send(live.address, &sign::request(Form::RpcV1, &call));
    (status, answer["Code"].as_str().unwrap_or_default().to_owned())
}

#[track_caller]
pub(super) fn assert_done(page: &Page, text: &str) {
    assert!(page.has("done"), "{}: {}", page.status, page.body);
    page.assert_shows(200, "done", text);
}

/// An owner whose user `ann` is in the group `staff`.
fn with_member() -> (Live, Browser) {
    let live = live_with(MORE);
    let mut browser = Browser::of_owner(&live);
    let page = browser.fill(&at("users/ann"), &at("users/ann/groups"), &[("group", "staff")]);
    assert!(page.has("group-staff"), "{}", page.body);
    (live, browser)
}

#[test]
fn a_user_is_made_with_a_password_and_a_key_that_signs() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let form = [
        ("user-name", "bob"),
        ("display-name", "Bob"),
        ("console", "yes"),
        ("password", "Secret-0002"),
        ("reset", "yes"),
        ("key", "yes"),
    ];

    let made = browser.fill(&at("new-user"), &at("new-user"), &form);

    let key = (made.text("new-key-id"), made.text("new-key-secret"));
    assert!(made.has("download-csv") && made.has("copy-key-secret"), "{}", made.body);
    let whole = (&*key.0, &*key.1);
    assert_eq!(call(&live, whole, "GetUser", &[("UserName", "bob")]), (403, "NoPermission".to_owned()));
    let page = browser.get(&at("users/bob"));
    page.assert_shows(200, "logon", "bob@1000000000000002.onaliyun.com");
    assert_eq!((page.text("login-state"), page.text("key-count")), ("Enabled".to_owned(), "1".to_owned()));
    assert!(!page.body.contains(&key.1) && !browser.get(&at("users/bob/keys")).body.contains(&key.1));
    let login = r#"{"login": "bob@1000000000000002.onaliyun.com", "password": "Secret-0002"}"#;
    let refused = live.control("POST", "/worlds/default/logins", login);
    assert_eq!(refused.1["error"]["code"], "password_reset_required");
    let without = browser.fill(&at("new-user"), &at("new-user"), &[("user-name", "carl")]);
    assert_done(&without, "It was created.");
    assert!(without.at.starts_with(&at("users/carl")) && without.text("login-state") == "None");
}

/// Forms with a mistake: page, address of the form, values, test id and text of the message.
type Wrong =
    (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const MISTAKES: &[Wrong] = &[
    ("new-user", "new-user", &[], "error-user-name", "Enter a value."),
    (
        "new-user",
        "new-user",
        &[("user-name", "b b")],
        "error-user-name",
        "The value has a character that is not allowed.",
    ),
    ("new-user", "new-user", &[("user-name", "ANN")], "error-user-name", "The user name is taken."),
    ("new-user", "new-user", &[("user-name", "b"), ("console", "yes")], "error-password", "Enter a value."),
    (
        "new-user",
        "new-user",
        &[("user-name", "b"), ("console", "yes"), ("password", "short"), ("key", "yes")],
        "error-password",
        "The password does not meet the password policy.",
    ),
    ("new-user", "new-user", &[("user-name", "b"), ("email", "b")], "error-email", "The value is not valid."),
    ("users/ann", "users/ann/edit", &[("user-name", "")], "error-user-name", "Enter a value."),
    (
        "users/ann",
        "users/ann/login",
        &[("password", "short")],
        "error-password",
        "The password does not meet the password policy.",
    ),
    (
        "users/ann",
        "users/ann/mfa",
        &[("device", "a b")],
        "error-device",
        "The value has a character that is not allowed.",
    ),
    ("users/ann", "users/ann/groups", &[("group", "nobody")], "error", "There is no such group."),
    (
        "users/ann",
        "users/ann/groups",
        &[("group", "staff")],
        "error",
        "The RAM user is already in the group.",
    ),
    ("users/ann", "users/ann/policies/attach", &[("policy", "Nothing")], "error", "There is no such policy."),
    (
        "users/ann",
        "users/ann/policies/attach",
        &[("policy", "a b")],
        "error-policy",
        "The value has a character that is not allowed.",
    ),
    (
        "users/ann",
        "users/ann/tags",
        &[("tag-key", "acs:x")],
        "error-tag-key",
        "A key must not begin with aliyun or acs: and must not contain a URL.",
    ),
    (
        "users/ann/delete",
        "users/ann/delete",
        &[("confirm", "bob")],
        "error-confirm",
        "This is not the name of the user.",
    ),
    (
        "users/ann/delete",
        "users/ann/delete",
        &[("confirm", "ann")],
        "error",
        "The RAM user is still in a group.",
    ),
    ("new-group", "new-group", &[("group-name", "Staff")], "error-group-name", "The group name is taken."),
    ("groups/staff", "groups/staff/members", &[("member", "nobody")], "error", "There is no such RAM user."),
    ("groups/staff/delete", "groups/staff/delete", &[], "error", "The group still has a member."),
    (
        "new-policy",
        "new-policy",
        &[("policy-name", "p"), ("document", "")],
        "error-document",
        "Enter a value.",
    ),
    (
        "new-policy",
        "new-policy",
        &[("policy-name", "p"), ("document", "{}")],
        "error-document",
        "The document has a mistake. It is marked below.",
    ),
    (
        "new-policy",
        "new-policy",
        &[("policy-name", "readers"), ("document", READERS)],
        "error-policy-name",
        "The policy name is taken.",
    ),
    ("new-role", "new-role", &[("role-name", "app")], "error-role-name", "The role name is taken."),
    (
        "new-role",
        "new-role",
        &[("role-name", "r"), ("session", "60")],
        "error-session",
        "3600 to 43200 seconds",
    ),
    (
        "new-role",
        "new-role",
        &[("role-name", "r"), ("trusted", "account"), ("uid", "x")],
        "error-uid",
        "The value is not valid.",
    ),
    (
        "new-role",
        "new-role",
        &[("role-name", "r"), ("trusted", "service")],
        "error-service",
        "Enter a value.",
    ),
    (
        "new-role",
        "new-role",
        &[("role-name", "r"), ("trusted", "provider")],
        "error-provider",
        "The account has no such identity provider.",
    ),
    (
        "roles/app/trust",
        "roles/app/trust",
        &[("document", READERS)],
        "error-document",
        "The document has a mistake. It is marked below.",
    ),
    ("roles/app", "roles/app/edit", &[("session", "x")], "error-session", "3600 to 43200 seconds"),
];

#[test]
fn a_mistake_in_a_form_stands_at_its_field_and_changes_nothing() {
    let (live, mut browser) = with_member();
    let before = live.control("GET", "/worlds/default/export", "").1;
    for (page, to, values, id, text) in MISTAKES {
        browser.fill(&at(page), &at(to), values).assert_shows(422, id, text);
    }
    let long = "x".repeat(7000);
    for (page, to, field) in [
        ("new-policy", "new-policy", "document"),
        ("policies/custom/readers", "policies/custom/readers/describe", "description"),
    ] {
        let values = [("policy-name", "p"), (field, &*long)];
        let page = browser.fill(&at(page), &at(to), &values);
        page.assert_shows(422, &format!("error-{field}"), "The value is too short or too long.");
    }
    assert_eq!(live.control("GET", "/worlds/default/export", "").1, before);
}

#[test]
fn a_user_is_changed_tagged_grouped_and_its_log_in_is_set() {
    let (live, mut browser) = with_member();
    let values = [("user-name", "anna"), ("display-name", "Anna"), ("email", "anna@example.com")];
    let page = browser.fill(&at("users/ann"), &at("users/ann/edit"), &values);
    assert_done(&page, "It was saved.");
    assert!(page.at.starts_with(&at("users/anna")), "{}", page.at);
    assert_eq!(browser.get(&at("users/ann")).status, 404);

    let page =
        browser.fill(&at("users/anna"), &at("users/anna/tags"), &[("tag-key", "team"), ("tag-value", "a=b")]);
    assert!(page.has("tag") && page.body.contains("a=b"), "{}", page.body);
    let page = browser.submit(&page, &at("users/anna/tags/delete"), &[("tag-key", "team")]);
    assert!(page.has("no-tags"), "{}", page.body);
    let page = browser.submit(&page, &at("users/anna/groups/leave"), &[("group", "staff")]);
    assert!(page.has("no-groups"), "{}", page.body);
    let page = browser.submit(&page, &at("users/anna/groups"), &[("group", "STAFF")]);
    assert!(page.has("group-staff"), "{}", page.body);

    let mut ann = Browser::of(&live);
    let page =
        browser.submit(&page, &at("users/anna/login"), &[("password", "Secret-0009"), ("active", "yes")]);
    assert_eq!(page.text("login-state"), "Enabled");
    ann.log_in("anna@1000000000000002.onaliyun.com", "Secret-0009");
    let page =
        browser.submit(&page, &at("users/anna/login"), &[("password", "Secret-0010"), ("active", "yes")]);
    assert_eq!(ann.get("/_alimock/console/").status, 401, "a new password ends the log-ins");
    let page = browser.submit(&page, &at("users/anna/login"), &[]);
    assert_eq!(page.text("login-state"), "Disabled");
    let page = browser.submit(&page, &at("users/anna/login/delete"), &[]);
    assert_eq!(page.text("login-state"), "None");
    browser.submit(&page, &at("users/anna/login"), &[]).assert_shows(422, "error-password", "Enter a value.");
}

#[test]
fn a_device_is_bound_by_two_codes_and_unbound() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let page = browser.fill(&at("users/ann"), &at("users/ann/mfa"), &[("device", "phone")]);
    assert!(page.has("mfa-qr") && page.at.contains("device/phone"), "{}", page.body);
    let seed = alimock::world::account::Seed::from_base32(&page.text("mfa-seed")).unwrap();
    let now = Timestamp::parse("2026-11-23T08:00:00Z").unwrap();
    let code = |millis: i64| format!("{:06}", seed.code(now.plus_millis(millis)));
    let to = at("users/ann/device/phone");
    for (codes, id, text) in [
        (["12", "34"], "error-code-1", "The MFA code has six digits."),
        (
            ["000000", "000000"],
            "error-code-1",
            "The codes are not two consecutive current codes of the MFA device.",
        ),
    ] {
        let page = browser.submit(&page, &to, &[("code-1", codes[0]), ("code-2", codes[1])]);
        page.assert_shows(422, id, text);
        assert!(page.has("mfa-qr"));
    }
    // The form was left and is opened again: the same device.
    let again = browser.fill(&at("users/ann"), &at("users/ann/mfa"), &[("device", "phone")]);
    assert_eq!(again.text("mfa-seed"), seed.base32());

    let page = browser.submit(&again, &to, &[("code-1", &code(-30_000)), ("code-2", &code(0))]);

    page.assert_shows(200, "mfa-state", "Bound");
    assert_eq!(browser.get(&to).status, 404, "nobody sees the key of a bound device");
    let page = browser.submit(&page, &at("users/ann/mfa/unbind"), &[]);
    assert!(page.has("bind-mfa"), "{}", page.body);
}

#[test]
fn keys_of_a_user_have_the_page_and_the_confirmations_of_the_owners_keys() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let page = browser.fill(&at("users/ann/keys/new"), &at("users/ann/keys/new"), &[]);
    let id = page.text("new-key-id");
    assert_eq!(page.text("title"), "AccessKeys: ann");
    let one = |step: &str| at(&format!("users/ann/keys/{id}/{step}"));
    let page = browser.fill(&one("disable"), &one("disable"), &[]);
    assert_done(&page, "The AccessKey was disabled.");
    let page = browser.submit(&page, &one("enable"), &[]);
    assert_done(&page, "The AccessKey was enabled.");
    let wrong = browser.fill(&one("delete"), &one("delete"), &[("confirm", "other")]);
    wrong.assert_shows(422, "error", "This is not the ID of the AccessKey.");
    let page = browser.submit(&wrong, &one("delete"), &[("confirm", &id)]);
    assert_done(&page, "The AccessKey was deleted.");
    assert!(!page.has(&format!("key-{id}")));
    // A key of another owner is none of this user.
    let root =
        live.control("GET", &format!("{ACCOUNT}/access-keys"), "").1["accessKeys"][0]["accessKeyId"].clone();
    let path = at(&format!("users/ann/keys/{}/delete", root.as_str().unwrap()));
    assert_eq!(browser.get(&path).status, 404);
    assert_eq!(browser.get("/_alimock/console/keys").text("title"), "AccessKeys");
}

#[test]
fn a_deleted_user_is_restored_or_gone_for_good() {
    let (_live, mut browser) = with_member();
    let asked = browser.get(&at("users/ann/delete"));
    assert!(
        asked.body.contains("User group staff") && asked.body.contains("AccessKey LTAI"),
        "{}",
        asked.body
    );
    let values = [("confirm", "ann"), ("also", "yes")];

    let page = browser.submit(&asked, &at("users/ann/delete"), &values);

    assert_done(&page, "The user was moved to the recycle bin.");
    assert!(page.has("deleted-ann"), "{}", page.body);
    let id = page.body.split("recycle-bin/").nth(2).unwrap().split('/').next().unwrap().to_owned();
    let id: String = id.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(browser.get(&at("users/ann")).status, 404);
    let page = browser.submit(&page, &at(&format!("recycle-bin/{id}/restore")), &[]);
    assert_done(&page, "The user was restored.");
    assert_eq!((page.text("name"), page.has("no-groups")), ("ann".to_owned(), true));

    let page = browser.fill(&at("users/ann/delete"), &at("users/ann/delete"), &values[..1]);
    assert_done(&page, "The user was moved to the recycle bin.");
    let purge = at(&format!("recycle-bin/{id}/delete"));
    let page = browser.fill(&purge, &purge, &[]);
    assert!(page.has("no-items") && !page.has("deleted-ann"), "{}", page.body);
    assert_eq!(browser.get(&purge).status, 404);
}
