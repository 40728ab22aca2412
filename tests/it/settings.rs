//! What an account decides for all its users: alias, password policy, security preference. Source: docs/evidence/ram.md 5.10. Every
//! code stands in `codes/settings.yaml`; what the password policy asks for is tested in `login`.

use crate::support::{Actor, Lab};
use serde_json::{Value, json};
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, keys: [{}]}]}, {name: other, keys: [{}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn set_alias(root: &Actor, alias: &str) -> crate::support::Reply {
    root.ram("SetAccountAlias", &[("AccountAlias", alias)])
}

fn get_alias(root: &Actor) -> Value {
    root.ram("GetAccountAlias", &[]).assert_ok()["AccountAlias"].clone()
}

#[test]
fn the_default_domain_of_an_account_uses_its_uid() {
    let (lab, root) = lab();

    assert_eq!(get_alias(&root), lab.uid("demo").as_str());

    set_alias(&root, "example").assert_ok();
    assert_eq!(get_alias(&root), "example");
    root.ram("ClearAccountAlias", &[]).assert_ok();
    assert_eq!(get_alias(&root), lab.uid("demo").as_str());
    root.ram("ClearAccountAlias", &[]).assert_ok();
}

#[test]
fn an_alias_is_a_logon_domain_beside_the_default_one() {
    let (lab, root) = lab();
    let keys = |domain: &str| {
        let name = format!("ann@{domain}.onaliyun.com");
        root.ims("ListAccessKeys", &[("UserPrincipalName", &name)])
    };
    keys("example").assert_refused(404, "EntityNotExist.User");

    set_alias(&root, "example").assert_ok();

    assert_eq!(keys("example").assert_ok()["AccessKeys"], keys(&lab.uid("demo")).assert_ok()["AccessKeys"]);
    keys("EXAMPLE").assert_ok();
    set_alias(&root, "changed").assert_ok();
    keys("example").assert_refused(404, "EntityNotExist.User");
    keys("changed").assert_ok();
    root.ram("ClearAccountAlias", &[]).assert_ok();
    keys("changed").assert_refused(404, "EntityNotExist.User");
    keys(&lab.uid("demo")).assert_ok();
}

#[test]
fn an_alias_belongs_to_one_account_until_it_is_cleared() {
    let (lab, root) = lab();
    let other = lab.root("other");
    set_alias(&root, "example").assert_ok();
    set_alias(&root, "example").assert_ok();

    set_alias(&other, "example").assert_refused(409, "EntityAlreadyExists.AccountAlias");

    set_alias(&root, "changed").assert_ok();
    set_alias(&other, "example").assert_ok();
    root.ram("ClearAccountAlias", &[]).assert_ok();
    set_alias(&other, "changed").assert_ok();
}

#[test]
fn an_alias_is_refused_on_both_sides_of_its_limits() {
    let (_lab, root) = lab();

    for good in ["abc", "a-1", &"a".repeat(32)] {
        set_alias(&root, good).assert_ok();
    }

    for (bad, code) in [
        ("ab", "Length"),
        (&"a".repeat(33), "Length"),
        ("Abc", "Format"),
        ("-abc", "Format"),
        ("abc-", "Format"),
        ("a--b", "Format"),
        ("a.b", "Format"),
    ] {
        set_alias(&root, bad).assert_refused(400, &format!("InvalidParameter.AccountAlias.{code}"));
    }
}

#[test]
fn the_password_policy_is_set_as_a_whole() {
    let (_lab, root) = lab();
    let usual = json!({
        "MinimumPasswordLength": 8, "RequireLowercaseCharacters": false, "RequireUppercaseCharacters": false,
        "RequireNumbers": false, "RequireSymbols": false, "HardExpiry": false, "MaxPasswordAge": 0,
        "PasswordReusePrevention": 0, "MaxLoginAttemps": 0,
    });
    assert_eq!(root.ram("GetPasswordPolicy", &[]).assert_ok()["PasswordPolicy"], usual);

    let set =
        root.ram("SetPasswordPolicy", &[("MinimumPasswordLength", "32"), ("HardExpiry", "True")]).assert_ok();

    assert_eq!(
        (&set["PasswordPolicy"]["MinimumPasswordLength"], &set["PasswordPolicy"]["HardExpiry"]),
        (&32.into(), &true.into())
    );
    assert_eq!(root.ram("GetPasswordPolicy", &[]).assert_ok()["PasswordPolicy"], set["PasswordPolicy"]);
    for bad in ["7", "33", "eight"] {
        let refused = root.ram("SetPasswordPolicy", &[("MinimumPasswordLength", bad)]);
        refused.assert_refused(400, "InvalidParameter.MinimumPasswordLength.Range");
    }
    let again =
        root.ram("SetPasswordPolicy", &[("RequireNumbers", "true")]).assert_ok()["PasswordPolicy"].clone();
    assert_eq!((&again["MinimumPasswordLength"], &again["RequireNumbers"]), (&8.into(), &true.into()));
}

#[test]
fn the_security_preference_changes_only_the_sent_fields() {
    let (_lab, root) = lab();
    let before = root.ram("GetSecurityPreference", &[]).assert_ok()["SecurityPreference"].clone();
    assert_eq!(before["LoginProfilePreference"]["LoginSessionDuration"], 6);

    let masks = [("LoginNetworkMasks", "10.0.0.0/8;192.0.2.1"), ("LoginSessionDuration", "24")];
    let after = root.ram("SetSecurityPreference", &masks).assert_ok()["SecurityPreference"].clone();

    let mut expected = before;
    expected["LoginProfilePreference"]["LoginNetworkMasks"] = "10.0.0.0/8;192.0.2.1".into();
    expected["LoginProfilePreference"]["LoginSessionDuration"] = 24.into();
    assert_eq!(after, expected);
    assert_eq!(root.ram("GetSecurityPreference", &[]).assert_ok()["SecurityPreference"], expected);
}

#[test]
fn users_manage_their_own_keys_while_the_account_lets_them() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    ann.ram("ListAccessKeys", &[]).assert_refused(403, "NoPermission");

    root.ram("SetSecurityPreference", &[("AllowUserToManageAccessKeys", "true")]).assert_ok();

    ann.ram("ListAccessKeys", &[]).assert_ok();
    ann.ram("CreateAccessKey", &[("UserName", "ANN")]).assert_ok();
    ann.ram("ListAccessKeys", &[("UserName", "bea")]).assert_refused(403, "NoPermission");
    root.ram("SetSecurityPreference", &[("AllowUserToManageAccessKeys", "false")]).assert_ok();
    ann.ram("ListAccessKeys", &[]).assert_refused(403, "NoPermission");
}

#[test]
fn login_masks_are_kept_when_they_are_not_sent_and_cleared_by_an_empty_text() {
    let lab = Lab::new();
    let set = |params: &[(&str, &str)]| {
        let reply = lab.root("demo").ram("SetSecurityPreference", params).assert_ok();
        reply["SecurityPreference"]["LoginProfilePreference"]["LoginNetworkMasks"].clone()
    };

    assert_eq!(set(&[("LoginNetworkMasks", "10.0.0.0/8")]), "10.0.0.0/8");
    assert_eq!(set(&[("EnableSaveMFATicket", "false")]), "10.0.0.0/8");
    assert_eq!(set(&[("LoginNetworkMasks", "")]), "");
}
