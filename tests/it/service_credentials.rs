//! Service credentials. Source: docs/evidence/ims.md 4.13.

use crate::support::{Actor, Lab};
use alimock::Scenario;
use alimock::scenario::Export;
use serde_json::{Value, json};
use std::sync::Arc;

const UPN: &str = "dev@1234567890123456.onaliyun.com";

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, keys: [{}], users: [{name: dev, keys: [{}]}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn create(root: &Actor, name: &str, more: &[(&str, &str)]) -> Value {
    let params = [("ServiceName", "bailian"), ("ServiceCredentialName", name)];
    root.ims("CreateServiceCredential", &[&params[..], more].concat()).assert_ok()["ServiceCredential"]
        .clone()
}

fn list(root: &Actor, params: &[(&str, &str)]) -> Vec<String> {
    let listed = root.ims("ListServiceCredentials", params).assert_ok();
    let all = listed["ServiceCredentials"].as_array().unwrap();
    all.iter().map(|one| one["ServiceCredentialName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_credential_shows_its_secret_once_and_expires() {
    let (lab, root) = lab();
    let of_dev = ("UserPrincipalName", UPN);
    let made = create(&root, "one", &[of_dev, ("CredentialAgeDays", "1")]);
    let id = made["ServiceCredentialId"].as_str().unwrap();
    assert_eq!(made["ServiceCredentialSecret"].as_str().unwrap().len(), 40);

    let get = || {
        root.ims("GetServiceCredential", &[of_dev, ("ServiceCredentialId", id)]).assert_ok()
            ["ServiceCredential"]
            .clone()
    };
    assert_eq!(
        get(),
        json!({
            "ServiceCredentialId": id, "ServiceCredentialName": "one", "ServiceName": "bailian",
            "UserPrincipalName": UPN, "Status": "Active", "CreateTime": "2026-11-22T08:00:00Z",
            "ExpirationTime": "2026-11-23T08:00:00Z",
        })
    );
    lab.advance_clock("1d");
    assert_eq!(get()["Status"], "Expired");
}

#[test]
fn a_credential_is_disabled_renamed_and_deleted() {
    let (_, root) = lab();
    let made = create(&root, "one", &[]);
    let id = ("ServiceCredentialId", made["ServiceCredentialId"].as_str().unwrap());
    assert_eq!(made["ExpirationTime"], Value::Null);

    root.ims("UpdateServiceCredential", &[id]).assert_refused(400, "MissingStatus");
    root.ims("UpdateServiceCredential", &[id, ("Status", "Inactive"), ("ServiceCredentialName", "two")])
        .assert_ok();
    let got = root.ims("GetServiceCredential", &[id]).assert_ok()["ServiceCredential"].clone();
    assert_eq!((&got["Status"], &got["ServiceCredentialName"]), (&json!("Inactive"), &json!("two")));
    root.ims("GetServiceCredential", &[id, ("UserPrincipalName", UPN)])
        .assert_refused(404, "EntityNotExist.User.ServiceCredential");
    root.ims("DeleteServiceCredential", &[id]).assert_ok();
    root.ims("DeleteServiceCredential", &[id]).assert_refused(404, "EntityNotExist.User.ServiceCredential");
}

#[test]
fn an_owner_has_two_credentials_for_a_service() {
    let (_, root) = lab();
    create(&root, "one", &[]);
    create(&root, "two", &[]);
    root.ims("CreateServiceCredential", &[("ServiceName", "bailian"), ("ServiceCredentialName", "three")])
        .assert_refused(409, "LimitExceeded.User.ServiceCredential");
    root.ims("CreateServiceCredential", &[("ServiceName", "other"), ("ServiceCredentialName", "three")])
        .assert_ok();
}

#[test]
fn lists_are_of_one_owner_or_of_all() {
    let (_, root) = lab();
    create(&root, "one", &[]);
    create(&root, "two", &[("UserPrincipalName", UPN)]);
    create(&root, "three", &[]);

    assert_eq!(list(&root, &[]), ["one", "three"]);
    assert_eq!(list(&root, &[("UserPrincipalName", UPN)]), ["two"]);
    assert_eq!(list(&root, &[("AllUsers", "true")]), ["one", "two", "three"]);
    assert_eq!(list(&root, &[("AllUsers", "true"), ("ServiceName", "other")]), [""; 0]);
    root.ims("ListServiceCredentials", &[("AllUsers", "true"), ("UserPrincipalName", UPN)])
        .assert_refused(400, "InvalidParameter.AllUsers");
    let page = root.ims("ListServiceCredentials", &[("AllUsers", "true"), ("MaxResults", "2")]).assert_ok();
    let next = page["NextToken"].as_str().unwrap();
    assert_eq!((&page["IsTruncated"], &page["MaxResults"]), (&json!(true), &json!(2)));
    assert_eq!(list(&root, &[("AllUsers", "true"), ("NextToken", next)]), ["three"]);
}

#[test]
fn the_credentials_of_a_user_return_with_it_and_are_purged_with_it() {
    let (lab, root) = lab();
    create(&root, "two", &[("UserPrincipalName", UPN)]);
    let key = lab.user("demo", "dev").key;
    let id = root.ram("GetUser", &[("UserName", "dev")]).assert_ok()["User"]["UserId"].clone();
    let id = ("UserId", id.as_str().unwrap());
    root.ram("DeleteAccessKey", &[("UserName", "dev"), ("UserAccessKeyId", &key)]).assert_ok();
    root.ram("DeleteUser", &[("UserName", "dev")]).assert_ok();

    assert_eq!(list(&root, &[("AllUsers", "true")]), [""; 0]);
    root.ims("RestoreUserFromRecycleBin", &[id]).assert_ok();
    assert_eq!(list(&root, &[("AllUsers", "true")]), ["two"]);
    root.ram("DeleteUser", &[("UserName", "dev")]).assert_ok();
    root.ims("DeleteUserInRecycleBin", &[id]).assert_ok();
    let state = lab.world().state();
    assert!(state.accounts.values().all(|account| account.affairs.service_credentials.is_empty()));
}

#[test]
fn users_manage_their_own_if_the_account_lets_them() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, keys: [{}], securityPreference: {allowUserToManageServiceCredentials: true}, users: [{name: dev, keys: [{}]}, {name: ann}]}]",
    );
    let dev = lab.user("demo", "dev");

    create(&dev, "own", &[]);

    assert_eq!(list(&dev, &[]), ["own"]);
    dev.ims("ListServiceCredentials", &[("AllUsers", "true")]).assert_refused(403, "NoPermission");
    dev.ims("ListServiceCredentials", &[("UserPrincipalName", "ann@1234567890123456.onaliyun.com")])
        .assert_refused(403, "NoPermission");
    let off = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, users: [{name: dev, keys: [{}]}]}]",
    );
    off.user("demo", "dev").ims("ListServiceCredentials", &[]).assert_refused(403, "NoPermission");
}

#[test]
fn credentials_are_words_of_a_scenario() {
    let lab = Lab::with_scenario(
        r"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    serviceCredentials: [{name: root, service: bailian, id: sc-root, status: Inactive}]
    users: [{name: dev, serviceCredentials: [{name: old, service: bailian, created: -40d, expires: -10d}]}]
",
    );
    let root = lab.root("demo");
    let statuses = |root: &Actor| -> Vec<String> {
        let all = root.ims("ListServiceCredentials", &[("AllUsers", "true")]).assert_ok();
        let all = all["ServiceCredentials"].as_array().unwrap().clone();
        all.iter().map(|one| format!("{}: {}", one["ServiceCredentialName"], one["Status"])).collect()
    };
    assert_eq!(statuses(&root), [r#""root": "Inactive""#, r#""old": "Expired""#]);

    let written = Export::present(lab.world()).yaml();

    let again =
        Lab::with_seed(&Scenario::parse(&written).unwrap_or_else(|error| panic!("{error}\n{written}")));
    assert_eq!(Export::present(again.world()).yaml(), written);
    assert_eq!(statuses(&again.root("demo")), statuses(&root));
}
