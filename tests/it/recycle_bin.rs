//! The recycle bin of deleted RAM users and keys. Source: docs/evidence/ims.md 3.4 and 4.5.

use crate::support::{Actor, Lab};
use alimock::Scenario;
use alimock::scenario::Export;
use serde_json::Value;
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, keys: [{}], users: [{name: admin, policies: [AdministratorAccess], keys: [{}]}, {name: dev, displayName: Dev, keys: [{}]}, {name: zoe}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn id_of(root: &Actor, user: &str) -> String {
    let user = root.ram("GetUser", &[("UserName", user)]).assert_ok();
    user["User"]["UserId"].as_str().unwrap().to_owned()
}

fn deleted(root: &Actor) -> Vec<Value> {
    root.ims("ListUsersInRecycleBin", &[]).assert_ok()["Users"]["User"].as_array().unwrap().clone()
}

/// Deletes the user `dev` and its key, and returns the ids of both.
fn delete_dev(root: &Actor) -> (String, String) {
    let id = id_of(root, "dev");
    let key = root.lab.user("demo", "dev").key;
    root.ram("DeleteAccessKey", &[("UserName", "dev"), ("UserAccessKeyId", &key)]).assert_ok();
    root.ram("DeleteUser", &[("UserName", "dev")]).assert_ok();
    (id, key)
}

#[test]
fn a_deleted_user_is_in_the_bin_for_30_days() {
    let (lab, root) = lab();
    let (id, key) = delete_dev(&root);

    root.ram("GetUser", &[("UserName", "dev")]).assert_refused(404, "EntityNotExist.User");
    let listed = deleted(&root);
    assert_eq!(
        listed,
        [serde_json::json!({
            "UserId": id, "UserPrincipalName": "dev@1234567890123456.onaliyun.com", "DisplayName": "Dev",
            "CreateDate": "2026-11-22T08:00:00Z", "RecycleDate": "2026-11-22T08:00:00Z",
            "DeleteDate": "2026-12-22T08:00:00Z",
        })]
    );
    for by in [("UserId", &*id), ("UserAccessKeyId", &*key)] {
        assert_eq!(root.ims("GetUserInRecycleBin", &[by]).assert_ok()["User"], listed[0]);
    }

    lab.advance_clock("719h59m59s");
    assert_eq!(deleted(&root).len(), 1);
    lab.advance_clock("1s");
    assert_eq!(deleted(&root), [Value::Null; 0]);
    root.ims("GetUserInRecycleBin", &[("UserId", &id)]).assert_refused(404, "EntityNotExist.User");
    root.ims("RestoreUserFromRecycleBin", &[("UserId", &id)]).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn a_restored_user_is_the_same_at_the_same_place_of_the_list() {
    let (_, root) = lab();
    let before = root.ram("ListUsers", &[]).assert_ok()["Users"].clone();
    let (id, _) = delete_dev(&root);

    root.ims("RestoreUserFromRecycleBin", &[("UserId", &id)]).assert_ok();

    assert_eq!(root.ram("ListUsers", &[]).assert_ok()["Users"], before);
    assert_eq!(deleted(&root), [Value::Null; 0]);
    root.ims("RestoreUserFromRecycleBin", &[("UserId", &id)]).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn a_restored_key_is_disabled_and_has_its_old_secret() {
    let (lab, root) = lab();
    let dev = lab.user("demo", "dev");
    let id = id_of(&root, "dev");
    let of_key = [("UserId", &*id), ("UserAccessKeyId", &*dev.key)];
    root.ram("DeleteAccessKey", &[("UserName", "dev"), ("UserAccessKeyId", &dev.key)]).assert_ok();

    dev.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
    let shown = root.ims("GetAccessKeyInfoInRecycleBin", &[("UserAccessKeyId", &dev.key)]).assert_ok();
    assert_eq!(
        shown["AccessKey"],
        serde_json::json!({
            "AccessKeyId": dev.key, "CreateDate": "2026-11-22T08:00:00Z", "RecycleDate": "2026-11-22T08:00:00Z",
            "DeleteDate": "2026-12-22T08:00:00Z", "UserId": id,
            "UserPrincipalName": "dev@1234567890123456.onaliyun.com", "UserRecycled": false,
        })
    );
    root.ims("RestoreAccessKeyFromRecycleBin", &of_key).assert_ok();

    dev.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    root.ram("UpdateAccessKey", &[("UserName", "dev"), ("UserAccessKeyId", &dev.key), ("Status", "Active")])
        .assert_ok();
    dev.sts("GetCallerIdentity", &[]).assert_ok();
    root.ims("GetAccessKeyInfoInRecycleBin", &[("UserAccessKeyId", &dev.key)])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
}

#[test]
fn a_key_cannot_be_restored_before_its_user() {
    let (_, root) = lab();
    let (id, key) = delete_dev(&root);
    let of_key = [("UserId", &*id), ("UserAccessKeyId", &*key)];

    let shown = root.ims("GetAccessKeyInfoInRecycleBin", &[("UserAccessKeyId", &key)]).assert_ok();
    assert_eq!(shown["AccessKey"]["UserRecycled"], true);
    root.ims("RestoreAccessKeyFromRecycleBin", &of_key).assert_refused(404, "EntityNotExist.User");
    root.ims("RestoreUserFromRecycleBin", &[("UserId", &id)]).assert_ok();
    root.ims("RestoreAccessKeyFromRecycleBin", &of_key).assert_ok();
}

#[test]
fn purging_a_user_purges_its_keys() {
    let (_, root) = lab();
    let (id, key) = delete_dev(&root);

    root.ims("DeleteUserInRecycleBin", &[("UserId", &id)]).assert_ok();

    root.ims("GetAccessKeyInfoInRecycleBin", &[("UserAccessKeyId", &key)])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    root.ims("ListAccessKeysInRecycleBin", &[("UserId", &id)]).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn the_bin_keeps_the_three_keys_of_a_user_that_were_deleted_last() {
    let (_, root) = lab();
    let id = id_of(&root, "zoe");
    let keys: Vec<_> = (0..4)
        .map(|_| {
            let key = root.create_key(&[("UserName", "zoe")]).key;
            root.ram("DeleteAccessKey", &[("UserName", "zoe"), ("UserAccessKeyId", &key)]).assert_ok();
            key
        })
        .collect();

    let listed = root.ims("ListAccessKeysInRecycleBin", &[("UserId", &id)]).assert_ok();

    let listed = listed["AccessKeys"]["AccessKey"].as_array().unwrap();
    let ids: Vec<_> = listed.iter().map(|key| key["AccessKeyId"].as_str().unwrap()).collect();
    assert_eq!(ids, keys[1..]);
}

#[test]
fn a_full_bin_drops_the_user_that_was_deleted_first() {
    let lab = Lab::with_scenario("quotas: {usersInRecycleBin: 3}\naccounts: [{name: demo, keys: [{}]}]");
    let root = lab.root("demo");
    for number in 1..=5 {
        let name = format!("user-{number}");
        root.ram("CreateUser", &[("UserName", &name)]).assert_ok();
        root.ram("DeleteUser", &[("UserName", &name)]).assert_ok();
    }
    let all: Vec<_> = deleted(&root).iter().map(|user| user["UserPrincipalName"].clone()).collect();
    let uid = lab.uid("demo");
    let expected: Vec<_> = (3..=5).map(|number| format!("user-{number}@{uid}.onaliyun.com")).collect();
    assert_eq!(all, expected);

    // In pages, and by name.
    let first = root.ims("ListUsersInRecycleBin", &[("MaxItems", "2")]).assert_ok();
    let next = first["Marker"].as_str().unwrap();
    let second = root.ims("ListUsersInRecycleBin", &[("MaxItems", "2"), ("Marker", next)]).assert_ok();
    assert_eq!(
        (&first["IsTruncated"], &second["IsTruncated"], &second["Users"]["User"][0]["UserPrincipalName"]),
        (&true.into(), &false.into(), &all[2])
    );
    let filter = format!("UserPrincipalName eq {}", expected[1]);
    let named = root.ims("ListUsersInRecycleBin", &[("Filter", &filter)]).assert_ok();
    assert_eq!(named["Users"]["User"].as_array().unwrap().len(), 1);
    root.ims("ListUsersInRecycleBin", &[("Filter", "UserName eq dev")])
        .assert_refused(400, "InvalidParameter.Filter.Format");
    root.ims("ListUsersInRecycleBin", &[("MaxItems", "101")])
        .assert_refused(400, "InvalidParameter.MaxItems.Range");
}

#[test]
fn a_user_cannot_return_while_another_has_its_name() {
    let (_, root) = lab();
    let (id, _) = delete_dev(&root);
    root.ram("CreateUser", &[("UserName", "DEV")]).assert_ok();

    root.ims("RestoreUserFromRecycleBin", &[("UserId", &id)]).assert_refused(409, "EntityAlreadyExists.User");

    assert_eq!(deleted(&root).len(), 1);
}

#[test]
fn a_key_is_restored_only_within_the_quota() {
    let (lab, root) = lab();
    let dev = lab.user("demo", "dev");
    let id = id_of(&root, "dev");
    root.ram("DeleteAccessKey", &[("UserName", "dev"), ("UserAccessKeyId", &dev.key)]).assert_ok();
    root.create_key(&[("UserName", "dev")]);
    root.create_key(&[("UserName", "dev")]);

    root.ims("RestoreAccessKeyFromRecycleBin", &[("UserId", &id), ("UserAccessKeyId", &dev.key)])
        .assert_refused(409, "LimitExceeded.User.AccessKey");
}

#[test]
fn the_key_of_another_user_is_not_found() {
    let (lab, root) = lab();
    let key = lab.user("demo", "dev").key;
    let zoe = id_of(&root, "zoe");
    root.ram("DeleteAccessKey", &[("UserName", "dev"), ("UserAccessKeyId", &key)]).assert_ok();

    for action in ["RestoreAccessKeyFromRecycleBin", "DeleteAccessKeyInRecycleBin"] {
        root.ims(action, &[("UserId", &zoe), ("UserAccessKeyId", &key)])
            .assert_refused(404, "EntityNotExist.User.AccessKey");
    }
}

#[test]
fn a_user_purges_its_own_key_without_its_id_and_the_account_cannot() {
    let (lab, root) = lab();
    let admin = lab.user("demo", "admin");
    let second = admin.create_key(&[]).key;
    admin.ram("DeleteAccessKey", &[("UserAccessKeyId", &second)]).assert_ok();

    root.ims("DeleteAccessKeyInRecycleBin", &[("UserAccessKeyId", &second)])
        .assert_refused(400, "MissingUserId");
    admin.ims("DeleteAccessKeyInRecycleBin", &[("UserAccessKeyId", &second)]).assert_ok();
    root.ims("GetAccessKeyInfoInRecycleBin", &[("UserAccessKeyId", &second)])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
}

#[test]
fn the_account_names_one_user_or_one_key() {
    let (_, root) = lab();
    root.ims("GetUserInRecycleBin", &[]).assert_refused(400, "MissingUserId");
    root.ims("GetUserInRecycleBin", &[("UserId", "1"), ("UserAccessKeyId", "LTAI5tNoSuchKey")])
        .assert_refused(400, "InvalidParameter.UserAccessKeyId");
    root.ims("GetUserInRecycleBin", &[("UserAccessKeyId", "LTAI5tNoSuchKey")])
        .assert_refused(404, "EntityNotExist.User");
    root.ims("GetUserInRecycleBin", &[("UserId", "none")]).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn a_deleted_key_of_the_account_is_gone_at_once() {
    let (_, root) = lab();
    let second = root.create_key(&[]).key;
    root.ram("DeleteAccessKey", &[("UserAccessKeyId", &second)]).assert_ok();
    root.ims("GetAccessKeyInfoInRecycleBin", &[("UserAccessKeyId", &second)])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
}

#[test]
fn a_deletion_in_the_past_is_a_word_of_a_scenario() {
    let text = r"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    users:
      - {name: dev, keys: [{}, {created: -20d, deleted: -3d}]}
      - {name: ann, created: -400d, deleted: -1d, serviceCredentials: [{name: one, service: bailian, expires: 30d}]}
      - {name: DEV, created: -400d, deleted: -29d, keys: [{created: -399d}]}
";
    let lab = Lab::with_scenario(text);
    let root = lab.root("demo");
    let names: Vec<_> = deleted(&root)
        .iter()
        .map(|user| (user["UserPrincipalName"].clone(), user["DeleteDate"].clone()))
        .collect();
    let upn = |name: &str| Value::from(format!("{name}@1234567890123456.onaliyun.com"));
    assert_eq!(
        names,
        [(upn("DEV"), "2026-11-23T08:00:00Z".into()), (upn("ann"), "2026-12-21T08:00:00Z".into())]
    );
    let in_bin = |user: &str| {
        let listed = root.ims("ListAccessKeysInRecycleBin", &[("UserId", user)]).assert_ok();
        listed["AccessKeys"]["AccessKey"].as_array().unwrap().len()
    };
    let old = deleted(&root)[0]["UserId"].as_str().unwrap().to_owned();
    assert_eq!((in_bin(&id_of(&root, "dev")), in_bin(&old)), (1, 1));

    let written = Export::present(lab.world()).yaml();

    let again =
        Lab::with_seed(&Scenario::parse(&written).unwrap_or_else(|error| panic!("{error}\n{written}")));
    assert_eq!(Export::present(again.world()).yaml(), written);
    let without_ids = |users: Vec<Value>| -> Vec<Value> {
        let without = |mut user: Value| {
            user.as_object_mut().unwrap().remove("UserId");
            user
        };
        users.into_iter().map(without).collect()
    };
    assert_eq!(without_ids(deleted(&again.root("demo"))), without_ids(deleted(&root)));
}

#[test]
fn a_deletion_that_cannot_be_is_refused_with_its_place() {
    let error = |users: &str| {
        let text = format!("accounts: [{{name: demo, users: [{users}]}}]");
        Scenario::parse(&text).unwrap_err().to_string()
    };
    for (users, why) in [
        ("{name: dev, deleted: -31d, created: -40d}", "deleted users and keys are kept for 30 days"),
        ("{name: dev, deleted: -1d}", "is before the creation"),
        ("{name: dev, deleted: 1d}", "is in the future"),
        ("{name: dev, created: -2d, deleted: -1d, policies: [AdministratorAccess]}", "still has a policy"),
    ] {
        let error = error(users);
        assert!(error.contains(why), "{error}");
    }
    let of_root = Scenario::parse("accounts: [{name: demo, keys: [{created: -2d, deleted: -1d}]}]");
    assert!(of_root.unwrap_err().to_string().contains("the recycle bin has keys of users only"));
}
