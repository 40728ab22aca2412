//! What an account decides for all its users: alias, password policy, security preference. Source: docs/evidence/ram.md 5.10. Every
//! code stands in `codes/settings.yaml`; what the password policy asks for is tested in `login`.

use crate::support::{Actor, Lab};
use serde_json::{Value, json};
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, keys: [{}]}]}, {name: other, keys: [{}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn set_alias(root: &Actor, alias: &str) -> crate::support::Reply {
    root.ram("SetAccountAlias", &[("AccountAlias", alias)])
}

fn alias(root: &Actor) -> Value {
    root.ram("GetAccountAlias", &[]).ok()["AccountAlias"].clone()
}

#[test]
fn an_account_without_an_alias_goes_by_its_uid() {
    let (lab, root) = lab();

    assert_eq!(alias(&root), lab.uid("demo").as_str());

    set_alias(&root, "example").ok();
    assert_eq!(alias(&root), "example");
    root.ram("ClearAccountAlias", &[]).ok();
    assert_eq!(alias(&root), lab.uid("demo").as_str());
    root.ram("ClearAccountAlias", &[]).ok();
}

#[test]
fn an_alias_is_a_logon_domain_beside_the_default_one() {
    let (lab, root) = lab();
    let keys = |domain: &str| {
        let name = format!("ann@{domain}.onaliyun.com");
        root.ims("ListAccessKeys", &[("UserPrincipalName", &name)])
    };
    keys("example").err(404, "EntityNotExist.User");

    set_alias(&root, "example").ok();

    assert_eq!(keys("example").ok()["AccessKeys"], keys(&lab.uid("demo")).ok()["AccessKeys"]);
    keys("EXAMPLE").ok();
    set_alias(&root, "changed").ok();
    keys("example").err(404, "EntityNotExist.User");
    keys("changed").ok();
    root.ram("ClearAccountAlias", &[]).ok();
    keys("changed").err(404, "EntityNotExist.User");
    keys(&lab.uid("demo")).ok();
}

#[test]
fn an_alias_belongs_to_one_account_until_it_lets_go() {
    let (lab, root) = lab();
    let other = lab.root("other");
    set_alias(&root, "example").ok();
    set_alias(&root, "example").ok();

    set_alias(&other, "example").err(409, "EntityAlreadyExists.AccountAlias");

    set_alias(&root, "changed").ok();
    set_alias(&other, "example").ok();
    root.ram("ClearAccountAlias", &[]).ok();
    set_alias(&other, "changed").ok();
}

#[test]
fn an_alias_is_refused_on_both_sides_of_its_limits() {
    let (_lab, root) = lab();

    for good in ["abc", "a-1", &"a".repeat(32)] {
        set_alias(&root, good).ok();
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
        set_alias(&root, bad).err(400, &format!("InvalidParameter.AccountAlias.{code}"));
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
    assert_eq!(root.ram("GetPasswordPolicy", &[]).ok()["PasswordPolicy"], usual);

    let set = root.ram("SetPasswordPolicy", &[("MinimumPasswordLength", "32"), ("HardExpiry", "True")]).ok();

    assert_eq!(
        (&set["PasswordPolicy"]["MinimumPasswordLength"], &set["PasswordPolicy"]["HardExpiry"]),
        (&32.into(), &true.into())
    );
    assert_eq!(root.ram("GetPasswordPolicy", &[]).ok()["PasswordPolicy"], set["PasswordPolicy"]);
    for bad in ["7", "33", "eight"] {
        let refused = root.ram("SetPasswordPolicy", &[("MinimumPasswordLength", bad)]);
        refused.err(400, "InvalidParameter.MinimumPasswordLength.Range");
    }
    let again = root.ram("SetPasswordPolicy", &[("RequireNumbers", "true")]).ok()["PasswordPolicy"].clone();
    assert_eq!((&again["MinimumPasswordLength"], &again["RequireNumbers"]), (&8.into(), &true.into()));
}

#[test]
fn the_security_preference_changes_where_something_is_sent() {
    let (_lab, root) = lab();
    let before = root.ram("GetSecurityPreference", &[]).ok()["SecurityPreference"].clone();
    assert_eq!(before["LoginProfilePreference"]["LoginSessionDuration"], 6);

    let masks = [("LoginNetworkMasks", "10.0.0.0/8;192.0.2.1"), ("LoginSessionDuration", "24")];
    let after = root.ram("SetSecurityPreference", &masks).ok()["SecurityPreference"].clone();

    let mut expected = before;
    expected["LoginProfilePreference"]["LoginNetworkMasks"] = "10.0.0.0/8;192.0.2.1".into();
    expected["LoginProfilePreference"]["LoginSessionDuration"] = 24.into();
    assert_eq!(after, expected);
    assert_eq!(root.ram("GetSecurityPreference", &[]).ok()["SecurityPreference"], expected);
}

#[test]
fn users_manage_their_own_keys_while_the_account_lets_them() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    ann.ram("ListAccessKeys", &[]).err(403, "NoPermission");

    root.ram("SetSecurityPreference", &[("AllowUserToManageAccessKeys", "true")]).ok();

    ann.ram("ListAccessKeys", &[]).ok();
    ann.ram("CreateAccessKey", &[("UserName", "ANN")]).ok();
    ann.ram("ListAccessKeys", &[("UserName", "bea")]).err(403, "NoPermission");
    root.ram("SetSecurityPreference", &[("AllowUserToManageAccessKeys", "false")]).ok();
    ann.ram("ListAccessKeys", &[]).err(403, "NoPermission");
}

#[test]
fn login_masks_are_kept_when_they_are_not_sent_and_cleared_by_an_empty_text() {
    let lab = Lab::new();
    let set = |params: &[(&str, &str)]| {
        let reply = lab.root("demo").ram("SetSecurityPreference", params).ok();
        reply["SecurityPreference"]["LoginProfilePreference"]["LoginNetworkMasks"].clone()
    };

    assert_eq!(set(&[("LoginNetworkMasks", "10.0.0.0/8")]), "10.0.0.0/8");
    assert_eq!(set(&[("EnableSaveMFATicket", "false")]), "10.0.0.0/8");
    assert_eq!(set(&[("LoginNetworkMasks", "")]), "");
}
