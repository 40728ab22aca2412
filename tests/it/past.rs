//! Console log-ins of RAM users, and a past that is told: ages, last log-in, last use. The reads are those of public
//! auditors: nccgroup/ScoutSuite `providers/aliyun/facade/ram.py`, prowler-cloud/prowler `alibabacloud/services/ram`.

use crate::support::live::{Live, assert_error};
use crate::support::{Actor, Lab};
use alimock::Scenario;
use alimock::scenario::Export;
use alimock::text::{Scalar, Timestamp};
use alimock::world::account::Seed;
use serde_json::{Value, json};
use std::sync::Arc;

const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const NOW: &str = "2026-11-23T08:00:00Z";

/// A server with the account `shop`, which has users. Its clock stands still.
fn live(account: &str, users: &str) -> Live {
    let text = format!(
        "clock: {{resource: '{NOW}'}}\naccounts: [{{name: shop, uid: 1000000000000002, alias: bazaar, {account} users: [{users}]}}]"
    );
    Live::with_scenario(Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}")))
}

/// Logs in as a RAM user, with more fields.
fn log_in(live: &Live, login: &str, password: &str, more: &Value) -> (u16, Value) {
    let mut body = json!({"login": login, "password": password});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    live.control("POST", "/worlds/default/logins", &body.to_string())
}

fn advance(live: &Live, span: &str) {
    live.control("POST", "/worlds/default/clock/advance", &json!({"by": span}).to_string());
}

#[test]
fn a_ram_user_logs_in_with_each_form_of_its_logon_name() {
    let live = live("", "{name: Ann.Lee, password: Secret-0001}");

    for name in ["Ann.Lee@bazaar", "ann.lee@BAZAAR.onaliyun.com", "Ann.Lee@1000000000000002.onaliyun.com"] {
        let (status, login) = log_in(&live, name, "Secret-0001", &json!({}));

        assert_eq!(
            (status, &login["uid"], &login["user"]),
            (201, &json!("1000000000000002"), &json!("Ann.Lee"))
        );
        assert_eq!(login["expiresAt"], "2026-11-23T14:00:00Z", "a login lasts six hours by default");
    }
    for name in ["Ann.Lee", "Ann.Lee@shop", "bob@bazaar", "@bazaar", "Ann.Lee@", "a b@bazaar"] {
        assert_error(&log_in(&live, name, "Secret-0001", &json!({})), 401, "bad_credentials");
    }
    assert_eq!(live.control("GET", "/worlds/default/logins", "").1["logins"].as_array().unwrap().len(), 3);
}

#[test]
fn get_user_alone_shows_the_last_log_in() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, password: Secret-0001}]}]",
    );
    let root = lab.root("demo");
    let of_user = |actor: &Actor| actor.ram("GetUser", &[("UserName", "ann")]).assert_ok()["User"].clone();
    let before = of_user(&root);
    lab.advance_clock("1h");

    let login = format!("ann@{}", lab.uid("demo"));
    lab.change_world(|tx| {
        let shown = alimock::world::LogIn {
            login: &login,
            password: alimock::text::Password::new("Secret-0001"),
            mfa_code: None,
            new_password: None,
            address: "127.0.0.1".parse().unwrap(),
        };
        tx.log_in(&shown).map(drop)
    });

    let after = of_user(&root);
    assert_eq!(
        (&before["LastLoginDate"], &after["LastLoginDate"]),
        (&json!(""), &json!("2026-11-22T09:00:00Z"))
    );
    assert_eq!(before["UpdateDate"], after["UpdateDate"]);
    let listed = root.ram("ListUsers", &[]).assert_ok();
    assert!(listed["Users"]["User"][0].get("LastLoginDate").is_none(), "{listed}");
}

#[test]
fn a_log_in_needs_a_profile_that_is_active_and_an_address_that_the_preference_admits() {
    let live = live(
        "securityPreference: {loginNetworkMasks: '10.0.0.0/8;192.0.2.7', loginSessionDuration: 2},",
        "{name: ann, password: Secret-0001}, {name: bea, password: Secret-0001, loginProfile: {status: Inactive}}, {name: key-only}",
    );
    let from = |who: &str, address: &str| log_in(&live, who, "Secret-0001", &json!({"address": address}));

    assert_error(&from("key-only@bazaar", "10.1.2.3"), 403, "login_profile_inactive");
    assert_error(&from("bea@bazaar", "10.1.2.3"), 403, "login_profile_inactive");
    assert_error(&from("ann@bazaar", "192.0.2.8"), 403, "ip_not_allowed");
    assert_eq!(from("ann@bazaar", "192.0.2.7").0, 201);
    assert_eq!(from("ann@bazaar", "10.1.2.3").1["expiresAt"], "2026-11-23T10:00:00Z");
    live.control("POST", "/worlds/default/accounts/shop/state", r#"{"status": "LOGIN_FROZEN"}"#);
    assert_error(&from("ann@bazaar", "10.1.2.3"), 403, "login_frozen");
}

#[test]
fn wrong_passwords_and_codes_within_an_hour_lock_a_ram_user_out() {
    let users = format!("{{name: ann, password: Secret-0001, mfa: {{seed: {SEED}}}}}");
    let live = live("passwordPolicy: {maxLoginAttempts: 3},", &users);
    let code =
        |at: &str| format!("{:06}", Seed::from_base32(SEED).unwrap().code(Timestamp::parse(at).unwrap()));
    let ann = |password: &str, more: Value| log_in(&live, "ann@bazaar", password, &more);
    let good = || ann("Secret-0001", json!({"mfaCode": code(NOW)}));

    assert_error(&ann("Secret-0001", json!({})), 403, "mfa_required");
    assert_eq!(good().0, 201);
    for (password, code) in [("guess", code(NOW)), ("Secret-0001", "000000".to_owned()), ("guess", code(NOW))]
    {
        assert_error(&ann(password, json!({"mfaCode": code})), 401, "bad_credentials");
    }
    assert_error(&good(), 403, "login_locked");

    advance(&live, "1h");
    let later = ann("Secret-0001", json!({"mfaCode": code("2026-11-23T09:00:00Z")}));
    assert_eq!(later.0, 201, "{later:?}");
}

#[test]
fn a_password_that_must_be_changed_is_changed_by_the_log_in() {
    let live = live(
        "passwordPolicy: {reusePrevention: 2},",
        "{name: ann, password: Secret-0001, loginProfile: {passwordResetRequired: true}}",
    );
    let ann = |password: &str, more: &Value| log_in(&live, "ann@bazaar", password, more);

    assert_error(&ann("Secret-0001", &json!({})), 403, "password_reset_required");
    assert_error(&ann("Secret-0001", &json!({"newPassword": "short"})), 400, "password_too_weak");
    assert_error(&ann("Secret-0001", &json!({"newPassword": "Secret-0001"})), 400, "password_reused");
    assert_eq!(ann("Secret-0001", &json!({"newPassword": "Secret-0002"})).0, 201);
    assert_error(&ann("Secret-0001", &json!({})), 401, "bad_credentials");
    assert_eq!(ann("Secret-0002", &json!({})).0, 201);
}

#[test]
fn an_owner_can_change_its_password_while_it_logs_in() {
    let live = live("email: shop@example.com, security: {password: Passw0rd!},", "");
    let owner = |password: &str, more: &Value| log_in(&live, "shop@example.com", password, more);

    assert_error(&owner("Passw0rd!", &json!({"newPassword": "short"})), 400, "weak_password");
    let account = live.control("GET", "/worlds/default/accounts/shop", "").1;
    assert_eq!(account["security"]["lastLogin"], json!(null));
    assert_eq!(owner("Passw0rd!", &json!({"newPassword": "Passw0rd?"})).0, 201);
    assert_error(&owner("Passw0rd!", &json!({})), 401, "bad_credentials");
    assert_eq!(owner("Passw0rd?", &json!({})).0, 201);
}

#[test]
fn an_old_password_must_be_changed_and_a_hard_expiry_admits_nobody() {
    for (policy, expected) in
        [("maxAge: 90", "password_reset_required"), ("maxAge: 90, hardExpiry: true", "password_expired")]
    {
        let live = live(
            &format!("passwordPolicy: {{{policy}}},"),
            "{name: ann, password: Secret-0001, created: -90d}, {name: bea, password: Secret-0001, created: -89d}",
        );

        assert_error(&log_in(&live, "ann@bazaar", "Secret-0001", &json!({})), 403, expected);
        assert_eq!(log_in(&live, "bea@bazaar", "Secret-0001", &json!({})).0, 201);
    }
}

#[test]
fn a_user_that_must_bind_a_device_logs_in_after_that() {
    let bound = format!(
        "{{name: bea, password: Secret-0001, loginProfile: {{mfaBindRequired: true}}, mfa: {{seed: {SEED}}}}}"
    );
    let live = live(
        "",
        &format!("{{name: ann, password: Secret-0001, loginProfile: {{mfaBindRequired: true}}}}, {bound}"),
    );
    let code = format!("{:06}", Seed::from_base32(SEED).unwrap().code(Timestamp::parse(NOW).unwrap()));

    assert_error(&log_in(&live, "ann@bazaar", "Secret-0001", &json!({})), 403, "mfa_bind_required");
    assert_eq!(log_in(&live, "bea@bazaar", "Secret-0001", &json!({"mfaCode": code})).0, 201);
}

#[test]
fn a_ticket_of_a_ram_user_is_none_of_its_account() {
    let lab = Lab::with_scenario(
        "accounts: [{name: boss, isPartner: true, keys: [{}]}, {name: demo, partner: boss, users: [{name: ann, password: Secret-0001}]}]",
    );
    let login = format!("ann@{}", lab.uid("demo"));
    let shown = alimock::world::LogIn {
        login: &login,
        password: alimock::text::Password::new("Secret-0001"),
        mfa_code: None,
        new_password: None,
        address: "127.0.0.1".parse().unwrap(),
    };
    let (ticket, _) = lab.change_world(|tx| tx.log_in(&shown));

    let refused = lab.root("boss").aas("VerifyAccountLoginToken", &[("LoginToken", &ticket)]);

    assert!(refused.body.contains("LOGIN_NOT_EXIST"), "{}", refused.body);
}

/// What an auditor reads about a user: creation, last log-in, and each key with status, creation and last use.
fn audit(root: &Actor, user: &str) -> Value {
    let listed = root.ram("ListUsers", &[]).assert_ok();
    let mut users = listed["Users"]["User"].as_array().unwrap().iter();
    let one = users.find(|one| one["UserName"] == user).unwrap();
    let of_user = [("UserName", user)];
    let detail = root.ram("GetUser", &of_user).assert_ok();
    let profile = root.ram("GetLoginProfile", &of_user);
    let keys = root.ram("ListAccessKeys", &of_user).assert_ok();
    let keys = keys["AccessKeys"]["AccessKey"].as_array().unwrap().iter().map(|key| {
        let id = key["AccessKeyId"].as_str().unwrap();
        let of_key = [("UserName", user), ("UserAccessKeyId", id)];
        let last = root.ram("GetAccessKeyLastUsed", &of_key).assert_ok();
        json!([key["Status"], key["CreateDate"], last["AccessKeyLastUsed"]["LastUsedDate"]])
    });
    json!({
        "created": one["CreateDate"],
        "updated": one["UpdateDate"],
        "login": detail["User"]["LastLoginDate"],
        "console": if profile.status == 200 { profile.json()["LoginProfile"]["CreateDate"].clone() } else { json!(null) },
        "keys": keys.collect::<Vec<_>>(),
    })
}

const OLD: &str = "accounts:
  - name: demo
    keys: [{created: -500d, lastUsed: 2026-01-01T00:00:00Z}]
    users:
      - {name: idle, password: Secret-0001, created: -400d, lastLogin: -100d, keys: [{created: -200d, lastUsed: -91d, lastUsedService: Ecs}, {status: Inactive}]}
      - {name: bot, created: 2020-02-29T12:00:00Z, keys: [{created: 2020-02-29T12:00:01Z}]}
      - {name: flags, loginProfile: {passwordResetRequired: true, mfaBindRequired: true, status: Inactive}}
";

#[test]
fn an_auditor_sees_a_past_that_the_scenario_tells_while_the_clock_stands_still() {
    let lab = Lab::with_scenario(OLD);
    let root = lab.root("demo");

    assert_eq!(
        audit(&root, "idle"),
        json!({
            "created": "2025-10-18T08:00:00Z",
            "updated": "2025-10-18T08:00:00Z",
            "login": "2026-08-14T08:00:00Z",
            "console": "2025-10-18T08:00:00Z",
            "keys": [["Active", "2026-05-06T08:00:00Z", "2026-08-23T08:00:00Z"], ["Inactive", "2026-11-22T08:00:00Z", ""]],
        })
    );
    assert_eq!(audit(&root, "bot")["created"], "2020-02-29T12:00:00Z");
    let flags = root.ram("GetLoginProfile", &[("UserName", "flags")]).assert_ok()["LoginProfile"].clone();
    assert_eq!((&flags["PasswordResetRequired"], &flags["MFABindRequired"]), (&json!(true), &json!(true)));
    let own = root.ram("ListAccessKeys", &[]).assert_ok()["AccessKeys"]["AccessKey"][0].clone();
    assert_eq!(own["CreateDate"], "2025-07-10T08:00:00Z");
}

#[test]
fn a_call_since_then_replaces_the_last_use_that_was_told_and_ims_names_the_product() {
    let lab = Lab::with_scenario(OLD);
    let (root, bot, idle) = (lab.root("demo"), lab.user("demo", "bot"), lab.user("demo", "idle"));
    let used = |key: &Actor| {
        let reply = root.ims(
            "GetAccessKeyLastUsed",
            &[
                (
                    "UserPrincipalName",
                    &format!(
                        "{}@{}.onaliyun.com",
                        if key.key == bot.key { "bot" } else { "idle" },
                        lab.uid("demo")
                    ),
                ),
                ("UserAccessKeyId", &key.key),
            ],
        );
        let used = reply.assert_ok()["AccessKeyLastUsed"].clone();
        (used["LastUsedDate"].as_str().unwrap().to_owned(), used["ServiceName"].as_str().unwrap().to_owned())
    };
    let expect = |date: &str, service: &str| (date.to_owned(), service.to_owned());

    assert_eq!(used(&idle), expect("2026-08-23T08:00:00Z", "Ecs"));
    assert_eq!(used(&bot), expect("", ""));

    idle.sts("GetCallerIdentity", &[]).assert_ok();
    bot.sts("GetCallerIdentity", &[]).assert_ok();
    assert_eq!(used(&idle), expect("2026-11-22T08:00:00Z", "Sts"));

    lab.run_command(json!({"changeKey": {"user": "bot", "lastUsed": "-30d"}})).unwrap();
    assert_eq!(used(&bot), expect("2026-10-23T08:00:00Z", "Ram"), "told after the call");
    bot.sts("GetCallerIdentity", &[]).assert_ok();
    assert_eq!(used(&bot), expect("2026-11-22T08:00:00Z", "Sts"));
}

#[test]
fn commands_tell_the_past_of_users_and_keys_and_set_the_flags_of_a_profile() {
    let lab = Lab::with_scenario("accounts: [{name: demo, keys: [{}], users: [{name: ann, keys: [{}]}]}]");
    let root = lab.root("demo");
    assert_eq!(audit(&root, "ann")["console"], json!(null));

    lab.run_command(json!({"changeUser": {"user": "ann", "password": "Secret-0001", "loginProfile": {"mfaBindRequired": true}, "created": "-2d", "lastLogin": "-1d"}})).unwrap();
    lab.run_command(json!({"changeKey": {"user": "ann", "created": "-90d", "lastUsed": "-89d"}})).unwrap();

    assert_eq!(
        audit(&root, "ann"),
        json!({
            "created": "2026-11-20T08:00:00Z",
            "updated": "2026-11-20T08:00:00Z",
            "login": "2026-11-21T08:00:00Z",
            "console": "2026-11-20T08:00:00Z",
            "keys": [["Active", "2026-08-24T08:00:00Z", "2026-08-25T08:00:00Z"]],
        })
    );
    let ann = lab.user("demo", "ann");
    ann.ram("ChangePassword", &[("OldPassword", "Secret-0001"), ("NewPassword", "Secret-0002")]).assert_ok();
    lab.run_command(json!({"changeUser": {"user": "ann", "loginProfile": {"mfaBindRequired": false}}}))
        .unwrap();
    let profile = root.ram("GetLoginProfile", &[("UserName", "ann")]).assert_ok()["LoginProfile"].clone();
    assert_eq!(profile["MFABindRequired"], false);
}

#[test]
fn a_past_that_cannot_be_is_refused_with_its_place() {
    for (words, expected) in [
        ("{name: ann, created: +1d}", "`created` is in the future"),
        ("{name: ann, created: -1d, lastLogin: -2d}", "`lastLogin` is before the creation"),
        ("{name: ann, lastLogin: -2d}", "`lastLogin` is before the creation"),
        ("{name: ann, keys: [{lastUsed: 2030-01-01T00:00:00Z}]}", "`lastUsed` is in the future"),
        ("{name: ann, keys: [{created: -1d, lastUsed: -2d}]}", "`lastUsed` is before the creation"),
        ("{name: ann, keys: [{lastUsedService: Ecs}]}", "`lastUsedService` is the product of `lastUsed`"),
    ] {
        let text = format!("clock: {{resource: '{NOW}'}}\naccounts: [{{name: demo, users: [{words}]}}]");

        let problem = Scenario::parse(&text).map(drop).unwrap_err().to_string();

        assert!(problem.contains(expected), "{words}: {problem}");
    }
    let lab = Lab::new();
    let refused = |command: Value| lab.run_command(command).unwrap_err().to_string();
    assert!(
        refused(json!({"changeUser": {"user": "nobody", "created": "-1d"}})).contains("no such RAM user")
    );
    assert!(refused(json!({"changeKey": {"created": "+1d"}})).contains("in the future"));
}

#[test]
fn an_export_and_a_diff_hold_the_told_past() {
    let lab = Lab::with_scenario(OLD);
    let root = lab.root("demo");
    let audits = |root: &Actor| {
        ["idle", "bot", "flags"].map(|user| {
            let mut seen = audit(root, user);
            // An export does not hold when a profile was made or whether its clock moved on.
            seen["console"].take();
            seen
        })
    };
    let before = audits(&root);

    let text = Export::present(lab.world()).yaml();
    let again: Arc<Lab> =
        Lab::with_seed(&Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")));

    assert_eq!(audits(&again.root("demo")), before);
    assert_eq!(Export::present(again.world()).yaml(), Export::present(lab.world()).yaml());
    for line in [
        "created: -9600h",
        "lastLogin: -2400h",
        "lastUsedService: Ecs",
        "status: Inactive",
        "passwordResetRequired: true",
    ] {
        assert!(text.contains(line), "no `{line}`: {text}");
    }
    lab.run_command(json!({"changeUser": {"user": "bot", "lastLogin": "-1h"}})).unwrap();
    lab.run_command(json!({"changeKey": {"user": "bot", "lastUsed": "-2h", "lastUsedService": "Oss"}}))
        .unwrap();
    let bot = lab.user("demo", "bot").key;
    let from = Export::of(
        lab.world(),
        &lab.world().origin(lab.world().clock.now().resource),
        lab.world().clock.now().resource,
    );
    let to = Export::of(
        lab.world(),
        &lab.world().present(lab.world().clock.now().resource),
        lab.world().clock.now().resource,
    );
    let lines = alimock::scenario::difference::text(&alimock::scenario::difference::between(&from, &to));
    assert!(lines.contains("+ accounts[demo].users[bot].lastLogin: \"-1h\""), "{lines}");
    assert!(lines.contains(&format!("+ accounts[demo].users[bot].keys[{bot}].lastUsed: \"-2h\"")), "{lines}");
    assert!(lines.contains("lastUsedService: \"Oss\""), "{lines}");
}
