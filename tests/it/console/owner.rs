//! Pages of the owner of an account: sign up, log in, AccessKeys, security. Source: docs/evidence/account.md 1.4, 1.5 and 5.

use crate::console::browser::{Browser, Page};
use crate::console::{live_with, live_with_shop};
use crate::support::live::{Live, send};
use crate::support::sign::{self, Call, Form};
use alimock::text::{Scalar, Timestamp};
use alimock::world::account::Seed;
use serde_json::json;

/// A call of `GetAccountAlias`, without its key.
pub(super) const CALL: Call<'static> = Call {
    key: "",
    secret: "",
    token: None,
    version: "2015-05-01",
    action: "GetAccountAlias",
    params: &[],
    time: "2026-11-23T08:00:00Z",
    nonce: "",
    xml: false,
};
const SIGN_UP: &str = "/_alimock/console/sign-up";
const LOGIN: &str = "/_alimock/console/login";
const KEYS: &str = "/_alimock/console/keys";
const SECURITY: &str = "/_alimock/console/security";

#[test]
fn a_person_signs_up_with_the_code_of_the_inbox_and_logs_in() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let form = [("site", "cn"), ("kind", "enterprise"), ("country", "CN"), ("email", "new@example.com")];
    let sent = browser.fill(SIGN_UP, SIGN_UP, &[&form[..], &[("step", "send")]].concat());
    assert!(sent.has("code-sent"), "{}", sent.body);
    let code = sent.text("mail-code");

    let more = [("code", &*code), ("password", "Passw0rd!"), ("step", "register")];
    let done = browser.submit(&sent, SIGN_UP, &[&form[..], &more].concat());

    let uid = done.text("uid");
    let (status, account) = live.control("GET", &format!("/worlds/default/accounts/{uid}"), "");
    assert_eq!((status, &account["details"]["AccountAttr"]), (200, &json!("1")));
    browser.log_in("new@example.com", "Passw0rd!");
    let home = browser.get("/_alimock/console/");
    home.assert_shows(200, "uid", &uid);
    assert_eq!(home.text("real-name-status"), "Not verified");
}

#[test]
fn a_mobile_of_china_is_prefilled_and_registers_an_account() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get(SIGN_UP);
    assert!(page.body.contains(r#"name="calling" value="+86""#), "{}", page.body);
    let form = [("site", "cn"), ("calling", "+86"), ("mobile", "13911112222")];
    let sent = browser.submit(&page, SIGN_UP, &[&form[..], &[("step", "send")]].concat());
    let code = sent.text("mail-code");

    let more = [("code", &*code), ("password", "Passw0rd!"), ("step", "register")];
    let done = browser.submit(&sent, SIGN_UP, &[&form[..], &more].concat());

    let (_, account) = live.control("GET", &format!("/worlds/default/accounts/{}", done.text("uid")), "");
    assert_eq!(account["mobile"], "86-13911112222");
}

#[test]
fn what_is_wrong_with_a_sign_up_stands_beside_its_field_and_registers_nothing() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    for (values, id, text) in [
        (&[("email", "new")][..], "error-contact", "This is not a valid e-mail address."),
        (&[("mobile", "1"), ("calling", "86")], "error-contact", "This is not a valid mobile number."),
        (&[], "error-contact", "Enter an e-mail address or a mobile number."),
        (
            &[("email", "n@example.com"), ("country", "China")],
            "error-country",
            "A country has two capital letters.",
        ),
        (&[("email", "n@example.com"), ("password", "")], "error-password", "Enter a password."),
        (&[("email", "n@example.com")], "error-code", "Enter the code that was sent."),
        (
            &[("email", "n@example.com"), ("code", "000000"), ("password", "Passw0rd!")],
            "error",
            "The verification code is wrong.",
        ),
    ] {
        let page = browser.fill(SIGN_UP, SIGN_UP, &[values, &[("step", "register")]].concat());
        page.assert_shows(422, id, text);
    }
    let (_, all) = live.control("GET", "/worlds/default/accounts", "");
    assert_eq!(all["accounts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_page_of_the_account_asks_for_the_log_in_and_comes_back_after_it() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let asked = browser.get(KEYS);
    assert_eq!((asked.status, asked.has("login-form")), (401, true));
    assert!(asked.body.contains(r#"name="back" value="/console/keys""#), "{}", asked.body);

    let values = [("login", "shop@example.com"), ("password", "Passw0rd!"), ("back", "/console/keys")];
    let page = browser.submit(&asked, LOGIN, &values);

    assert_eq!((page.status, &*page.at, page.has("keys")), (200, KEYS, true));
    let out = browser.submit(&page, "/_alimock/console/log-out", &[]);
    assert!(out.has("login-form"));
    assert_eq!(live.control("GET", "/worlds/default/logins", "").1["logins"], json!([]));
    assert_eq!(browser.get(KEYS).status, 401);
}

#[test]
fn a_log_in_leads_to_no_other_site() {
    let live = live_with_shop();
    for back in ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil"] {
        let mut browser = Browser::of(&live);
        let values = [("login", "shop@example.com"), ("password", "Passw0rd!"), ("back", back)];
        let page = browser.fill(LOGIN, LOGIN, &values);
        assert_eq!((page.status, &*page.at), (200, "/_alimock/console/"), "{back}");
    }
}

#[test]
fn wrong_passwords_lock_the_log_in() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let mut attempt =
        |password| browser.fill(LOGIN, LOGIN, &[("login", "shop@example.com"), ("password", password)]);
    for _ in 0..5 {
        attempt("wrong").assert_shows(422, "error", "Login name, password or code is wrong.");
    }
    attempt("Passw0rd!").assert_shows(422, "error", "Wrong passwords have locked the log-in for a while.");
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "1h"}"#);
    assert_eq!(attempt("Passw0rd!").status, 200);
}

#[test]
fn a_ram_user_logs_in_with_a_code_and_must_change_its_password() {
    let live = live_with_shop();
    let shop = "/worlds/default/accounts/1000000000000002";
    let change = r#"{"changeUser": {"account": "shop", "user": "ann", "loginProfile": {"passwordResetRequired": true}}}"#;
    let changed = live.control("POST", "/worlds/default/commands", change);
    assert_eq!(changed.0, 200, "{}", changed.1);
    assert_eq!(live.control("GET", shop, "").0, 200);
    let mut browser = Browser::of(&live);
    // The log-in page of one account knows its domain.
    let page = browser.get("/_alimock/console/login/1000000000000002");
    assert!(page.body.contains("@1000000000000002.onaliyun.com"), "{}", page.body);
    let ann = "ann@1000000000000002.onaliyun.com";

    let page = browser.submit(&page, LOGIN, &[("login", ann), ("password", "Secret-0001")]);
    page.assert_shows(422, "error", "The password must be changed: give a `newPassword`.");
    assert!(page.has("new-password"));
    let values = [("login", ann), ("password", "Secret-0001"), ("new_password", "Secret-0002")];
    let page = browser.submit(&page, LOGIN, &values);

    page.assert_shows(200, "user", "ann");
    // Its keys are there to look at, and those of the account are not.
    let keys = browser.get(KEYS);
    assert!(
        keys.has("user-may-not") && !keys.has("create-key") && !keys.has("keys-warning"),
        "{}",
        keys.body
    );
    for page in ["/console/keys/new", "/console/security", "/console/real-name"] {
        assert_eq!(browser.get(&format!("/_alimock{page}")).status, 404, "{page}");
    }
}

#[test]
fn a_forgotten_password_is_replaced_with_a_code() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let forgot = "/_alimock/console/forgot";
    let login = ("login", "shop@example.com");
    let sent = browser.fill(forgot, forgot, &[login, ("step", "send")]);
    let code = sent.text("mail-code");
    let values = |code| [login, ("code", code), ("password", "Passw0rd!2"), ("step", "set")];
    let wrong = if code == "000000" { "000001" } else { "000000" };
    browser.submit(&sent, forgot, &values(wrong)).assert_shows(
        422,
        "error",
        "The verification code is wrong.",
    );

    browser.submit(&sent, forgot, &values(&code)).assert_shows(200, "done", "The password was changed.");

    browser.log_in("shop@example.com", "Passw0rd!2");
    browser.fill(forgot, forgot, &[("login", "nobody"), ("step", "send")]).assert_shows(
        422,
        "error",
        "There is no such account.",
    );
}

/// Creates a key on the page. Returns id, secret and the page.
fn create_key(browser: &mut Browser) -> (String, String, Page) {
    let new = "/_alimock/console/keys/new";
    let page = browser.fill(new, new, &[]);
    assert_eq!(page.status, 200, "{}", page.body);
    (page.text("new-key-id"), page.text("new-key-secret"), page)
}

#[test]
fn an_access_key_is_created_used_disabled_enabled_and_deleted_on_the_page() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let (id, secret, page) = create_key(&mut browser);
    assert!(page.has("download-csv") && page.has("keys-warning"));
    let list = browser.get(KEYS);
    assert!(list.body.contains(&id) && !list.body.contains(&secret), "a secret is shown once");
    let mut nonce = 0;
    let mut call = || {
        nonce += 1;
        let nonce = nonce.to_string();
        let call = Call { key: &id, secret: &secret, nonce: &nonce, ..CALL };
        send(live.address, &sign::request(Form::RpcV1, &call))
    };
    assert_eq!(call().0, 200);

    let path = |what| format!("{KEYS}/{id}/{what}");
    let asked = browser.get(&path("disable"));
    asked.assert_shows(
        200,
        "warning",
        "Services that use this AccessKey will fail until you configure another one.",
    );
    browser.submit(&asked, &path("disable"), &[]).assert_shows(200, "done", "The AccessKey was disabled.");
    let (status, refused) = call();
    assert_eq!((status, &refused["Code"]), (400, &json!("InvalidAccessKeyId.Inactive")));
    browser.submit(&list, &path("enable"), &[]).assert_shows(200, "done", "The AccessKey was enabled.");
    assert_eq!(call().0, 200);
    assert!(browser.get(KEYS).body.contains("(Ram)"), "the last use is shown");
    browser.fill(&path("delete"), &path("delete"), &[("confirm", "LTAI")]).assert_shows(
        422,
        "error",
        "This is not the ID of the AccessKey.",
    );
    browser.fill(&path("delete"), &path("delete"), &[("confirm", &id)]).assert_shows(
        200,
        "done",
        "The AccessKey was deleted.",
    );
    assert_eq!((call().0, browser.get(&path("disable")).status), (404, 404));
}

#[test]
fn the_page_creates_as_many_keys_as_the_quota_allows_and_shows_a_leak() {
    let live = live_with("quotas: {keysPerAccount: 2}");
    let mut browser = Browser::of_owner(&live);
    let (id, ..) = create_key(&mut browser);
    let new = "/_alimock/console/keys/new";
    browser.fill(new, new, &[]).assert_shows(
        422,
        "error",
        "The owner has as many AccessKeys as the quota allows.",
    );
    assert!(!browser.get(KEYS).has("leak-banner"));
    live.control("PATCH", &format!("/worlds/default/accounts/shop/access-keys/{id}"), r#"{"leaked": true}"#);
    assert!(browser.get(KEYS).has("leak-banner"));
}

#[test]
fn nobody_changes_a_key_of_another_owner() {
    let live = live_with("- {name: other, uid: 1000000000000003, keys: [{}]}");
    let (_, others) = live.control("GET", "/worlds/default/accounts/other/access-keys", "");
    let foreign = others["accessKeys"][0]["accessKeyId"].as_str().unwrap().to_owned();
    let mut browser = Browser::of_owner(&live);
    let page = browser.get(KEYS);
    for what in ["disable", "enable", "delete"] {
        let page = browser.submit(&page, &format!("{KEYS}/{foreign}/{what}"), &[("confirm", &foreign)]);
        assert_eq!(page.status, 404, "{what}");
    }
    let after = live.control("GET", "/worlds/default/accounts/other/access-keys", "").1;
    assert_eq!(after, others);
}

#[test]
fn the_owner_changes_password_contacts_and_mfa_device() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let to = |what: &str| format!("{SECURITY}/{what}");
    let shown = browser.fill(SECURITY, &to("bind"), &[]);
    let seed = shown.text("mfa-seed");
    assert!(shown.has("mfa-qr") && seed.len() == 64, "{}", shown.body);
    assert!(!browser.get(SECURITY).has("mfa-seed"));
    // The device counts once two consecutive codes were given; the QR code stays until then.
    let device = Seed::parse(&seed).unwrap();
    let now = Timestamp::parse("2026-11-23T08:00:00Z").unwrap();
    let code = |step: i64| format!("{:06}", device.code(now.plus_millis(step * 30_000)));
    for (first, second) in [
        (String::new(), code(0)),
        (code(0), code(0)),
        (code(0), code(-1)),
        ("x".into(), code(0)),
        (code(-9), code(-8)),
    ] {
        let wrong =
            browser.submit(&shown, &to("bind"), &[("seed", &seed), ("code_1", &first), ("code_2", &second)]);
        assert_eq!(
            (wrong.status, wrong.text("mfa-seed"), wrong.has("error-mfa")),
            (422, seed.clone(), true),
            "{first} {second}"
        );
    }
    assert_eq!(live.control("GET", "/worlds/default/accounts/shop", "").1["security"]["mfa"], false);
    let values = [("seed", seed.as_str()), ("code_1", &code(-1)), ("code_2", &code(0))];
    let bound = browser.submit(&shown, &to("bind"), &values);
    bound.assert_shows(200, "mfa-state", "Bound");
    assert_eq!((bound.text("done"), bound.has("mfa-qr")), ("The MFA device was bound.".to_owned(), false));
    let mut other = Browser::of(&live);
    let values = [("login", "shop@example.com"), ("password", "Passw0rd!")];
    other.fill(LOGIN, LOGIN, &values).assert_shows(422, "error", "A code of the MFA device is needed.");
    let values = [("login", "shop@example.com"), ("password", "Passw0rd!"), ("code", "12")];
    other.fill(LOGIN, LOGIN, &values).assert_shows(422, "error", "The MFA code has six digits.");
    browser.fill(SECURITY, &to("unbind"), &[]).assert_shows(200, "mfa-state", "Not bound");
    browser.fill(SECURITY, &to("session"), &[("session", "30m")]).assert_shows(
        200,
        "done",
        "The settings were saved.",
    );
    browser.fill(SECURITY, &to("session"), &[("session", "soon")]).assert_shows(
        422,
        "error",
        "Enter a span such as 90m, 12h or 3d.",
    );
    let values = |step, code| {
        [("email", "boss@example.com"), ("mobile", "86-13900000000"), ("step", step), ("code", code)]
    };
    let sent = browser.fill(SECURITY, &to("contacts"), &values("send", ""));
    let code = sent.text("mail-code");
    browser.submit(&sent, &to("contacts"), &values("save", "1")).assert_shows(
        422,
        "error",
        "The verification code is wrong.",
    );
    let both = [("email", "boss@example.com"), ("mobile", "86-13900000001"), ("step", "send")];
    browser.submit(&sent, &to("contacts"), &both).assert_shows(422, "error", "Change one contact at a time.");
    browser.submit(&sent, &to("contacts"), &values("save", &code)).assert_shows(
        200,
        "done",
        "The settings were saved.",
    );
    let account = live.control("GET", "/worlds/default/accounts/shop", "").1;
    assert_eq!(
        (&account["email"], &account["security"]["sessionSeconds"]),
        (&json!("boss@example.com"), &json!(1800))
    );
    browser.fill(SECURITY, &to("password"), &[("old", "wrong"), ("password", "Passw0rd!2")]).assert_shows(
        422,
        "error",
        "The old password is wrong.",
    );

    browser
        .fill(SECURITY, &to("password"), &[("old", "Passw0rd!"), ("password", "Passw0rd!2")])
        .assert_shows(200, "done", "The password was changed.");

    assert_eq!(browser.get(SECURITY).status, 401, "a new password ends the log-ins");
    browser.log_in("boss@example.com", "Passw0rd!2");
}

#[test]
fn an_account_of_a_scenario_gets_its_first_password_on_the_page() {
    let live = Live::start();
    let mut browser = Browser::of(&live);
    let page = browser.get(LOGIN);
    let set = "/_alimock/console/login/password";
    browser.submit(&page, set, &[("account", "demo"), ("password", "x")]).assert_shows(
        422,
        "error",
        "The password is too short or too long, or has only one of: letters, digits, other characters.",
    );
    browser.submit(&page, set, &[("account", "demo"), ("password", "Passw0rd!")]).assert_shows(
        200,
        "done",
        "The password was changed.",
    );
    let (_, account) = live.control("GET", "/worlds/default/accounts/demo", "");
    browser.log_in(account["loginName"].as_str().unwrap(), "Passw0rd!");
}

#[test]
fn the_owner_recharges_and_closes_the_account_after_its_checks() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let money = "/_alimock/console/money";
    let to = |what: &str| format!("{money}/{what}");
    for wrong in ["", "much", "-1", "0"] {
        browser.fill(money, &to("recharge"), &[("amount", wrong)]).assert_shows(
            422,
            "error",
            "Enter an amount such as 0.37.",
        );
    }
    browser.fill(money, &to("recharge"), &[("amount", "12.50")]).assert_shows(200, "balance", "12.50");
    browser.fill(money, &to("close"), &[("confirm", "1")]).assert_shows(
        422,
        "error",
        "This is not the UID of the account.",
    );
    let uid = ("confirm", "1000000000000002");
    let blocked = browser.fill(money, &to("close"), &[uid]);
    assert!(
        blocked.status == 422 && blocked.has("check-BALANCE") && !blocked.has("waive-BALANCE"),
        "{}",
        blocked.body
    );
    live.control("POST", "/worlds/default/commands", r#"{"pay": {"account": "shop", "amount": -12.5}}"#);
    live.control("POST", "/worlds/default/commands", r#"{"pay": {"account": "shop", "amount": 5}}"#);

    let closed = browser.fill(money, &to("close"), &[uid, ("BALANCE", "1")]);

    closed.assert_shows(200, "done", "The account was closed.");
    assert_eq!(live.control("GET", "/worlds/default/accounts/shop", "").1["status"], "CLOSED");
    browser.fill(LOGIN, LOGIN, &[("login", "shop@example.com"), ("password", "Passw0rd!")]).assert_shows(
        422,
        "error",
        "The account is closed.",
    );
}
