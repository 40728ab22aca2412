//! Console passwords and the rules for them. Source: docs/evidence/ram.md 5.2 and 5.10. Every code stands in `codes/login.yaml`.

use crate::support::{Actor, Lab, Reply};
use serde_json::json;
use std::sync::Arc;

const FIRST: &str = "Secret-0001";

/// A user with a password and a key.
fn lab() -> (Arc<Lab>, Actor, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, password: Secret-0001, keys: [{}]}, {name: bea}]}]",
    );
    let (root, ann) = (lab.root("demo"), lab.user("demo", "ann"));
    (lab, root, ann)
}

fn change_password(ann: &Actor, old: &str, new: &str) -> Reply {
    ann.ram("ChangePassword", &[("OldPassword", old), ("NewPassword", new)])
}

#[test]
fn a_profile_is_created_shown_changed_and_deleted_and_never_shows_its_password() {
    let (lab, root, _) = lab();
    lab.advance_clock("1m");

    let made = root.ram(
        "CreateLoginProfile",
        &[("UserName", "BEA"), ("Password", FIRST), ("PasswordResetRequired", "true")],
    );

    let expected = json!({"UserName": "bea", "PasswordResetRequired": true, "MFABindRequired": false, "CreateDate": "2026-11-22T08:01:00Z"});
    assert_eq!(made.assert_ok()["LoginProfile"], expected);
    assert!(!made.body.contains(FIRST));
    root.ram("UpdateLoginProfile", &[("UserName", "bea"), ("MFABindRequired", "true")]).assert_ok();
    let shown = root.ram("GetLoginProfile", &[("UserName", "bea")]).assert_ok()["LoginProfile"].clone();
    assert_eq!((&shown["PasswordResetRequired"], &shown["MFABindRequired"]), (&true.into(), &true.into()));
    root.ram("DeleteLoginProfile", &[("UserName", "bea")]).assert_ok();
    root.ram("GetLoginProfile", &[("UserName", "bea")])
        .assert_refused(404, "EntityNotExist.User.LoginProfile");
}

#[test]
fn a_user_changes_its_password_when_it_knows_the_present_one() {
    let (_lab, root, ann) = lab();
    root.ram("UpdateLoginProfile", &[("UserName", "ann"), ("PasswordResetRequired", "true")]).assert_ok();

    change_password(&ann, FIRST, "Secret-0002").assert_ok();

    change_password(&ann, FIRST, "Secret-0003").assert_refused(400, "InvalidParameter.OldPassword.Incorrect");
    change_password(&ann, "Secret-0002", "Secret-0003").assert_ok();
    let shown = root.ram("GetLoginProfile", &[("UserName", "ann")]).assert_ok();
    assert_eq!(shown["LoginProfile"]["PasswordResetRequired"], false, "it was reset");
}

#[test]
fn a_password_set_by_an_administrator_replaces_the_old_one() {
    let (_lab, root, ann) = lab();

    root.ram("UpdateLoginProfile", &[("UserName", "ann"), ("Password", "Secret-0009")]).assert_ok();

    change_password(&ann, FIRST, "Secret-0002").assert_refused(400, "InvalidParameter.OldPassword.Incorrect");
    change_password(&ann, "Secret-0009", "Secret-0002").assert_ok();
}

#[test]
fn a_new_password_must_have_what_the_password_policy_asks_for() {
    for (rule, weak, strong) in [
        ("MinimumPasswordLength", "Secret-0001", "Secret-00012"),
        ("RequireLowercaseCharacters", "SECRET-0002", "sECRET-0002"),
        ("RequireUppercaseCharacters", "secret-0002", "Secret-0002"),
        ("RequireNumbers", "Secret-abcd", "Secret-abc2"),
        ("RequireSymbols", "Secret00002", "Secret#0002"),
    ] {
        let (_lab, root, ann) = lab();
        let value = if rule == "MinimumPasswordLength" { "12" } else { "true" };

        root.ram("SetPasswordPolicy", &[(rule, value)]).assert_ok();

        change_password(&ann, FIRST, weak).assert_refused(400, "InvalidParameter.NewPassword.TooWeak");
        let with = |action: &str, user: &str, password: &str| {
            root.ram(action, &[("UserName", user), ("Password", password)])
        };
        with("CreateLoginProfile", "bea", weak).assert_refused(400, "InvalidParameter.Password.TooWeak");
        with("UpdateLoginProfile", "ann", weak).assert_refused(400, "InvalidParameter.Password.TooWeak");
        change_password(&ann, FIRST, strong).assert_ok();
        with("CreateLoginProfile", "bea", strong).assert_ok();
    }
}

#[test]
fn recent_passwords_cannot_be_used_again() {
    let (_lab, root, ann) = lab();
    root.ram("SetPasswordPolicy", &[("PasswordReusePrevention", "3")]).assert_ok();
    let password = |n: usize| format!("Secret-{n:04}");
    for n in 1..4 {
        change_password(&ann, &password(n), &password(n + 1)).assert_ok();
    }

    for used in [4, 3, 2] {
        change_password(&ann, &password(4), &password(used))
            .assert_refused(400, "InvalidParameter.NewPassword.ReusePrevention");
    }

    change_password(&ann, &password(4), &password(1)).assert_ok();
    root.ram("SetPasswordPolicy", &[]).assert_ok();
    change_password(&ann, &password(1), &password(4)).assert_ok();
}

#[test]
fn only_a_user_changes_its_own_password() {
    let (lab, root, ann) = lab();

    assert_eq!(
        change_password(&root, FIRST, "Secret-0002").assert_refused(400, "NotSupport.Account"),
        "This method can be only invoked by sub user."
    );

    root.ram("SetSecurityPreference", &[("AllowUserToChangePassword", "false")]).assert_ok();
    change_password(&ann, FIRST, "Secret-0002").assert_refused(403, "NoPermission");
    let attach = [("UserName", "ann"), ("PolicyType", "System"), ("PolicyName", "AliyunRAMFullAccess")];
    root.ram("AttachPolicyToUser", &attach).assert_ok();
    change_password(&ann, FIRST, "Secret-0002").assert_refused(403, "NoPermission");
    root.ram("SetSecurityPreference", &[("AllowUserToChangePassword", "true")]).assert_ok();
    change_password(&ann, FIRST, "Secret-0002").assert_ok();
    let journal = lab.world().journal.read(0, usize::MAX, |_| true);
    let shown = format!("{journal:?}");
    assert!(!shown.contains(FIRST) && !shown.contains("Secret-0002"), "the journal holds a password");
}

#[test]
fn two_users_may_have_the_same_password_with_separate_histories() {
    let (_lab, root, ann) = lab();
    root.ram("SetPasswordPolicy", &[("PasswordReusePrevention", "24")]).assert_ok();
    let bea = root.create_key(&[("UserName", "bea")]);

    root.ram("CreateLoginProfile", &[("UserName", "bea"), ("Password", FIRST)]).assert_ok();

    change_password(&ann, FIRST, "Secret-0002").assert_ok();
    change_password(&bea, FIRST, "Secret-0002").assert_ok();
}

#[test]
fn a_weak_password_is_reported_before_a_missing_user_or_an_existing_profile() {
    let (_lab, root, _) = lab();
    let create = |user: &str, password: &str| {
        root.ram("CreateLoginProfile", &[("UserName", user), ("Password", password)])
    };

    create("nobody", "short").assert_refused(400, "InvalidParameter.Password.TooWeak");
    create("ann", "short").assert_refused(400, "InvalidParameter.Password.TooWeak");
    create("nobody", FIRST).assert_refused(404, "EntityNotExist.User");
    create("ann", FIRST).assert_refused(409, "EntityAlreadyExists.User.LoginProfile");
}
