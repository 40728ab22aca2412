//! AccessKeys of an account and of its users, through both doors. Source: docs/evidence/ram.md 5.3 and section 7, docs/evidence/ims.md 4.3.

use crate::support::{Actor, Lab};
use serde_json::Value;

#[test]
fn a_key_created_by_one_api_is_visible_in_the_other() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let upn = format!("dev@{}.onaliyun.com", lab.uid("demo"));

    let made = root.ims("CreateAccessKey", &[("UserPrincipalName", &upn)]).assert_ok();

    let ids = |list: Value| -> Vec<String> {
        let keys = list["AccessKeys"]["AccessKey"].as_array().unwrap().clone();
        keys.iter().map(|key| key["AccessKeyId"].as_str().unwrap().to_owned()).collect()
    };
    let by_ram = ids(root.ram("ListAccessKeys", &[("UserName", "dev")]).assert_ok());
    let by_ims = ids(root.ims("ListAccessKeys", &[("UserPrincipalName", &upn)]).assert_ok());
    assert_eq!((by_ram.len(), &by_ram), (2, &by_ims));
    assert_eq!(made["AccessKey"]["AccessKeyId"], by_ram[1]);
}

#[test]
fn without_a_user_a_call_is_about_the_caller() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, allowUserToManageAccessKeys: true, keys: [{}], users: [{name: dev, keys: [{}]}]}]",
    );
    for caller in [lab.root("demo"), lab.user("demo", "dev")] {
        let made = caller.ram("CreateAccessKey", &[]).assert_ok()["AccessKey"]["AccessKeyId"].clone();
        let listed = caller.ims("ListAccessKeys", &[("UserPrincipalName", "")]).assert_ok();
        let ids: Vec<_> = listed["AccessKeys"]["AccessKey"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["AccessKeyId"].clone())
            .collect();
        assert_eq!(ids, [Value::from(caller.key.clone()), made]);
        caller.ram("CreateAccessKey", &[]).assert_refused(409, "LimitExceeded.User.AccessKey");
    }
}

#[test]
fn a_key_is_disabled_enabled_and_deleted() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let second = root.create_key(&[]);
    let set = |status: &str| {
        root.ram("UpdateAccessKey", &[("UserAccessKeyId", &second.key), ("Status", status)]).assert_ok()
    };

    second.sts("GetCallerIdentity", &[]).assert_ok();
    set("Inactive");
    set("Inactive");
    let message = second.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    assert_eq!(message, "Specified access key is disabled.");
    set("Active");
    second.sts("GetCallerIdentity", &[]).assert_ok();
    root.ram("DeleteAccessKey", &[("UserAccessKeyId", &second.key)]).assert_ok();
    let message = second.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
    assert_eq!(message, "Specified access key is not found.");
}

#[test]
fn an_owner_can_have_two_keys_active_or_not() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let second = root.create_key(&[("UserName", "dev")]);
    root.ram(
        "UpdateAccessKey",
        &[("UserName", "dev"), ("UserAccessKeyId", &second.key), ("Status", "Inactive")],
    )
    .assert_ok();

    let message = root
        .ram("CreateAccessKey", &[("UserName", "dev")])
        .assert_refused(409, "LimitExceeded.User.AccessKey");

    assert_eq!(message, "The access key count of the user access keys beyond the current limits.");
}

#[test]
fn a_key_id_that_the_user_does_not_have_is_not_found() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let of_root = root.key.clone();
    let change = |params: &[(&str, &str)]| root.ram("UpdateAccessKey", params);

    change(&[("UserName", "dev"), ("UserAccessKeyId", &of_root), ("Status", "Inactive")])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    change(&[("UserName", "nobody"), ("UserAccessKeyId", &of_root), ("Status", "Inactive")])
        .assert_refused(404, "EntityNotExist.User");
    change(&[("UserAccessKeyId", "LTAI5tNoSuchKey"), ("Status", "Inactive")])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    change(&[("UserAccessKeyId", "a b"), ("Status", "Inactive")])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    change(&[("Status", "Inactive")]).assert_refused(400, "MissingUserAccessKeyId");
    change(&[("UserAccessKeyId", &of_root)]).assert_refused(400, "MissingStatus");
    change(&[("UserAccessKeyId", &of_root), ("Status", "Off")])
        .assert_refused(400, "InvalidParameter.Status");
    root.ram("DeleteAccessKey", &[("UserAccessKeyId", "LTAI5tNoSuchKey")])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    root.ims("ListAccessKeys", &[("UserPrincipalName", "dev")])
        .assert_refused(400, "InvalidParameter.UserPrincipalName.Format");
    root.ims("ListAccessKeys", &[("UserPrincipalName", "dev@other.onaliyun.com")])
        .assert_refused(404, "EntityNotExist.User");
}

#[test]
fn last_use_counts_every_signed_call_even_a_refused_one() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let dev: Actor = lab.user("demo", "dev");
    let last = |root: &Actor| {
        root.ims("GetAccessKeyLastUsed", &[("UserPrincipalName", &upn(&lab)), ("UserAccessKeyId", &dev.key)])
            .assert_ok()
    };

    assert_eq!(last(&root)["AccessKeyLastUsed"]["LastUsedDate"], "");
    dev.ram("ListUsers", &[]).assert_refused(403, "NoPermission");

    let used = &last(&root)["AccessKeyLastUsed"];
    assert_eq!(
        (&used["LastUsedDate"], &used["ServiceName"]),
        (&"2026-11-22T08:00:00Z".into(), &"Ram".into())
    );
    let by_ram =
        root.ram("GetAccessKeyLastUsed", &[("UserName", "dev"), ("UserAccessKeyId", &dev.key)]).assert_ok();
    assert_eq!(by_ram["AccessKeyLastUsed"], serde_json::json!({"LastUsedDate": "2026-11-22T08:00:00Z"}));
}

fn upn(lab: &Lab) -> String {
    format!("dev@{}.onaliyun.com", lab.uid("demo"))
}

#[test]
fn a_user_may_not_touch_keys_unless_its_account_lets_it() {
    let lab = Lab::new();
    let dev = lab.user("demo", "dev");

    let refused = dev.ram("CreateAccessKey", &[]);

    let uid = lab.uid("demo");
    let message = refused.assert_refused(403, "NoPermission");
    let expected = format!(
        "You are not authorized to do this action. Resource: acs:ram:*:{uid}:user/dev Action: ram:CreateAccessKey"
    );
    assert_eq!(message, expected);
    let detail = &refused.json()["AccessDeniedDetail"];
    assert_eq!(
        (&detail["AuthAction"], &detail["AuthPrincipalType"]),
        (&"ram:CreateAccessKey".into(), &"SubUser".into())
    );
    assert!(detail["EncodedDiagnosticMessage"].as_str().unwrap().starts_with("AQEAAAAA"));
    dev.ims("CreateAccessKey", &[]).assert_refused(403, "NoPermission");
    dev.ecs("DescribeAccountAttributes", &[("RegionId", "cn-hangzhou")]).assert_refused(403, "Forbidden.RAM");
}
