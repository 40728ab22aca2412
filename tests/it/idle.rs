//! Keys and console log-ins that nobody used for longer than the account allows. Source: docs/evidence/ims.md 3.3 and 4.8.

use crate::support::{Actor, Lab};
use alimock::Scenario;
use alimock::scenario::Export;
use std::sync::Arc;

fn lab(preference: &str, user: &str) -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(&format!(
        "accounts: [{{name: demo, uid: 1234567890123456, keys: [{{}}], securityPreference: {{{preference}}}, users: [{{name: dev, {user}}}]}}]"
    ));
    let root = lab.root("demo");
    (lab, root)
}

/// Status of the key of `dev`, and the time of its last change.
fn status(root: &Actor) -> (String, String) {
    let upn = [("UserPrincipalName", "dev@1234567890123456.onaliyun.com")];
    let list = root.ims("ListAccessKeys", &upn).assert_ok();
    let text = |name: &str| list["AccessKeys"]["AccessKey"][0][name].as_str().unwrap().to_owned();
    (text("Status"), text("UpdateDate"))
}

fn pair(status: &str, at: &str) -> (String, String) {
    (status.to_owned(), at.to_owned())
}

#[test]
fn a_key_that_nobody_used_for_730_days_is_disabled_on_the_next_day() {
    let (lab, root) = lab("", "keys: [{}]");
    let dev = lab.user("demo", "dev");
    dev.sts("GetCallerIdentity", &[]).assert_ok();

    // 730 days after 2026-11-22 it is 2028-11-21.
    lab.advance_clock("730d15h59m59s");
    assert_eq!(status(&root), pair("Active", "2026-11-22T08:00:00Z"));
    lab.advance_clock("1s");
    assert_eq!(status(&root), pair("Inactive", "2028-11-22T00:00:00Z"));
    dev.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    let note = lab.last_record().refused.as_ref().unwrap().note.clone();
    assert_eq!(
        note.as_deref(),
        Some("the system disabled the key, because nobody had used it for as long as the account allows")
    );
}

#[test]
fn one_call_keeps_a_key_for_as_long_again() {
    let (lab, root) = lab("maxIdleDaysForAccessKeys: 90", "keys: [{}]");
    let dev = lab.user("demo", "dev");
    for _ in 0..3 {
        lab.advance_clock("80d");
        dev.sts("GetCallerIdentity", &[]).assert_ok();
    }
    lab.advance_clock("92d");
    assert_eq!(status(&root).0, "Inactive");
}

#[test]
fn a_key_is_disabled_at_the_same_time_whenever_somebody_looks() {
    let disabled = |steps: &[&str]| {
        let (lab, root) = lab("maxIdleDaysForAccessKeys: 90", "keys: [{}]");
        for step in steps {
            lab.advance_clock(step);
            root.sts("GetCallerIdentity", &[]).assert_ok();
        }
        status(&root)
    };
    let expected = pair("Inactive", "2027-02-21T00:00:00Z");
    assert_eq!(disabled(&["400d"]), expected);
    assert_eq!(disabled(&["90d", "1d", "309d"]), expected);
}

#[test]
fn an_administrator_can_enable_the_key_again() {
    let (lab, root) = lab("maxIdleDaysForAccessKeys: 90", "keys: [{}]");
    let dev = lab.user("demo", "dev");
    lab.advance_clock("100d");
    dev.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");

    root.ram("UpdateAccessKey", &[("UserName", "dev"), ("UserAccessKeyId", &dev.key), ("Status", "Active")])
        .assert_ok();

    lab.advance_clock("80d");
    dev.sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn a_told_past_counts_from_the_next_day_on() {
    let (lab, root) = lab("", "keys: [{created: -900d, lastUsed: -800d}]");
    let dev = lab.user("demo", "dev");

    assert_eq!(status(&root).0, "Active");
    lab.advance_clock("16h");

    assert_eq!(status(&root), pair("Inactive", "2026-11-23T00:00:00Z"));
    dev.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
}

#[test]
fn the_keys_of_the_account_itself_stay() {
    let (lab, root) = lab("maxIdleDaysForAccessKeys: 90", "");
    lab.advance_clock("1000d");
    root.sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn a_log_in_that_nobody_used_is_disabled_too() {
    let (lab, root) =
        lab("maxIdleDaysForUsers: 90", "password: Secret-0001, lastLogin: -50d, created: -400d");
    let profile = || {
        let state = lab.world().state();
        let account = state.accounts.values().next().unwrap();
        let (slot, _) = account.users.iter().next().unwrap();
        let profile = account.login(slot).unwrap();
        (format!("{:?}", profile.status), profile.auto_disabled, profile.updated.to_string())
    };
    let settle = || lab.world().settle(lab.world().clock.now().resource);

    lab.advance_clock("40d");
    assert!(settle().is_empty());
    assert_eq!((profile().0, profile().1), ("Active".to_owned(), false));
    lab.advance_clock("1d");
    let happened: Vec<_> = settle().into_iter().map(|one| one.what).collect();
    assert_eq!(
        happened,
        ["the console log-in of user dev of account 1234567890123456 was disabled: unused for 90 days"]
    );
    assert_eq!(profile(), ("Inactive".to_owned(), true, "2027-01-02T00:00:00Z".to_owned()));
    let of_dev = [("UserPrincipalName", "dev@1234567890123456.onaliyun.com")];
    let shown = root.ims("GetLoginProfile", &of_dev).assert_ok();
    assert_eq!(shown["LoginProfile"]["AutoDisableLoginStatus"], "true");
    let written = Export::present(lab.world()).yaml();
    let again = Lab::with_seed(&Scenario::parse(&written).unwrap());
    let shown = again.root("demo").ims("GetLoginProfile", &of_dev).assert_ok();
    assert_eq!(shown["LoginProfile"]["AutoDisableLoginStatus"], "true");
    root.ims("UpdateLoginProfile", &[of_dev[0], ("Status", "Active")]).assert_ok();
    let shown = root.ims("GetLoginProfile", &of_dev).assert_ok();
    assert_eq!(shown["LoginProfile"]["AutoDisableLoginStatus"], "false");
}

#[test]
fn a_restored_snapshot_sweeps_its_days_again() {
    let (lab, root) = lab("maxIdleDaysForAccessKeys: 90", "keys: [{}]");
    lab.world().keep("before");
    lab.advance_clock("100d");
    assert_eq!(status(&root).0, "Inactive");

    assert!(lab.world().restore("before"));
    assert_eq!(status(&root).0, "Active");
    lab.advance_clock("100d");
    assert_eq!(status(&root).0, "Inactive");
}

#[test]
fn a_command_of_the_timeline_comes_before_later_sweeps() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, keys: [{}], securityPreference: {maxIdleDaysForAccessKeys: 90}, users: [{name: dev, keys: [{}]}]}]\ntimeline: [{at: +95d, do: {enableKey: {user: dev}}}]",
    );
    let root = lab.root("demo");
    lab.advance_clock("150d");
    assert_eq!(status(&root), pair("Active", "2027-02-25T08:00:00Z"));
    lab.advance_clock("50d");
    assert_eq!(status(&root), pair("Inactive", "2027-05-27T00:00:00Z"));
}
