//! Console passwords and the rules for them. Source: docs/evidence/ram.md 5.2 and 5.10. Every code stands in `codes/login.yaml`.

use crate::support::{Actor, Lab, Reply};
use serde_json::json;
use std::sync::Arc;

const FIRST: &str = "Secret-0001";

/// A user with a password and a key.
fn lab() -> (Arc<Lab>, Actor, Actor) {
    let lab = Lab::with(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, password: Secret-0001, keys: [{}]}, {name: bea}]}]",
    );
    let (root, ann) = (lab.root("demo"), lab.user("demo", "ann"));
    (lab, root, ann)
}

fn change(ann: &Actor, old: &str, new: &str) -> Reply {
    ann.ram("ChangePassword", &[("OldPassword", old), ("NewPassword", new)])
}

#[test]
fn a_profile_is_created_shown_changed_and_deleted_and_never_shows_its_password() {
    let (lab, root, _) = lab();
    lab.advance("1m");

    let made = root.ram(
        "CreateLoginProfile",
        &[("UserName", "BEA"), ("Password", FIRST), ("PasswordResetRequired", "true")],
    );

    let expected = json!({"UserName": "bea", "PasswordResetRequired": true, "MFABindRequired": false, "CreateDate": "2026-11-22T08:01:00Z"});
    assert_eq!(made.ok()["LoginProfile"], expected);
    assert!(!made.body.contains(FIRST));
    root.ram("UpdateLoginProfile", &[("UserName", "bea"), ("MFABindRequired", "true")]).ok();
    let shown = root.ram("GetLoginProfile", &[("UserName", "bea")]).ok()["LoginProfile"].clone();
    assert_eq!((&shown["PasswordResetRequired"], &shown["MFABindRequired"]), (&true.into(), &true.into()));
    root.ram("DeleteLoginProfile", &[("UserName", "bea")]).ok();
    root.ram("GetLoginProfile", &[("UserName", "bea")]).err(404, "EntityNotExist.User.LoginProfile");
}

#[test]
fn a_user_changes_its_password_when_it_knows_the_present_one() {
    let (_lab, root, ann) = lab();
    root.ram("UpdateLoginProfile", &[("UserName", "ann"), ("PasswordResetRequired", "true")]).ok();

    change(&ann, FIRST, "Secret-0002").ok();

    change(&ann, FIRST, "Secret-0003").err(400, "InvalidParameter.OldPassword.Incorrect");
    change(&ann, "Secret-0002", "Secret-0003").ok();
    let shown = root.ram("GetLoginProfile", &[("UserName", "ann")]).ok();
    assert_eq!(shown["LoginProfile"]["PasswordResetRequired"], false, "it was reset");
}

#[test]
fn a_password_that_an_administrator_sets_is_the_one_to_know() {
    let (_lab, root, ann) = lab();

    root.ram("UpdateLoginProfile", &[("UserName", "ann"), ("Password", "Secret-0009")]).ok();

    change(&ann, FIRST, "Secret-0002").err(400, "InvalidParameter.OldPassword.Incorrect");
    change(&ann, "Secret-0009", "Secret-0002").ok();
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

        root.ram("SetPasswordPolicy", &[(rule, value)]).ok();

        change(&ann, FIRST, weak).err(400, "InvalidParameter.NewPassword.TooWeak");
        let with = |action: &str, user: &str, password: &str| {
            root.ram(action, &[("UserName", user), ("Password", password)])
        };
        with("CreateLoginProfile", "bea", weak).err(400, "InvalidParameter.Password.TooWeak");
        with("UpdateLoginProfile", "ann", weak).err(400, "InvalidParameter.Password.TooWeak");
        change(&ann, FIRST, strong).ok();
        with("CreateLoginProfile", "bea", strong).ok();
    }
}

#[test]
fn as_many_passwords_as_the_policy_says_do_not_come_back() {
    let (_lab, root, ann) = lab();
    root.ram("SetPasswordPolicy", &[("PasswordReusePrevention", "3")]).ok();
    let password = |n: usize| format!("Secret-{n:04}");
    for n in 1..4 {
        change(&ann, &password(n), &password(n + 1)).ok();
    }

    for used in [4, 3, 2] {
        change(&ann, &password(4), &password(used)).err(400, "InvalidParameter.NewPassword.ReusePrevention");
    }

    change(&ann, &password(4), &password(1)).ok();
    root.ram("SetPasswordPolicy", &[]).ok();
    change(&ann, &password(1), &password(4)).ok();
}

#[test]
fn only_a_user_changes_its_own_password() {
    let (lab, root, ann) = lab();

    assert_eq!(
        change(&root, FIRST, "Secret-0002").err(400, "NotSupport.Account"),
        "This method can be only invoked by sub user."
    );

    root.ram("SetSecurityPreference", &[("AllowUserToChangePassword", "false")]).ok();
    change(&ann, FIRST, "Secret-0002").err(403, "NoPermission");
    let attach = [("UserName", "ann"), ("PolicyType", "System"), ("PolicyName", "AliyunRAMFullAccess")];
    root.ram("AttachPolicyToUser", &attach).ok();
    change(&ann, FIRST, "Secret-0002").err(403, "NoPermission");
    root.ram("SetSecurityPreference", &[("AllowUserToChangePassword", "true")]).ok();
    change(&ann, FIRST, "Secret-0002").ok();
    let journal = lab.world().journal.read(0, usize::MAX, |_| true);
    let shown = format!("{journal:?}");
    assert!(!shown.contains(FIRST) && !shown.contains("Secret-0002"), "the journal holds a password");
}

#[test]
fn two_users_may_have_the_same_password_and_each_its_own_past() {
    let (_lab, root, ann) = lab();
    root.ram("SetPasswordPolicy", &[("PasswordReusePrevention", "24")]).ok();
    let bea = root.new_key(&[("UserName", "bea")]);

    root.ram("CreateLoginProfile", &[("UserName", "bea"), ("Password", FIRST)]).ok();

    change(&ann, FIRST, "Secret-0002").ok();
    change(&bea, FIRST, "Secret-0002").ok();
}

#[test]
fn a_weak_password_is_told_before_a_user_that_is_not_there_and_before_a_profile_that_is() {
    let (_lab, root, _) = lab();
    let create = |user: &str, password: &str| {
        root.ram("CreateLoginProfile", &[("UserName", user), ("Password", password)])
    };

    create("nobody", "short").err(400, "InvalidParameter.Password.TooWeak");
    create("ann", "short").err(400, "InvalidParameter.Password.TooWeak");
    create("nobody", FIRST).err(404, "EntityNotExist.User");
    create("ann", FIRST).err(409, "EntityAlreadyExists.User.LoginProfile");
}
