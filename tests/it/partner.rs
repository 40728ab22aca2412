//! Aas and Crm: a partner registers an account, verifies it and makes its key. Source: docs/evidence/account.md 3.1 and 3.2.

use crate::support::{Actor, Lab};
use serde_json::Value;

#[track_caller]
fn register_account(operator: &Actor, name: &str) -> String {
    operator.aas("CreateAliyunAccount", &[("AliyunId", name)]).assert_ok()["PK"].as_str().unwrap().to_owned()
}

fn certified_info(operator: &Actor, pk: &str) -> Value {
    let reply = operator.crm("QueryBidUserCertifiedInfo", &[("PK", pk), ("BidType", "NORMAL")]).assert_ok();
    assert_eq!(reply["Result"], reply["result"]);
    serde_json::from_str(reply["Result"].as_str().unwrap()).unwrap()
}

fn identity_params(pk: &str) -> Vec<(&str, &str)> {
    vec![
        ("PK", pk),
        ("BidType", "NORMAL"),
        ("Name", "Walk Ltd"),
        ("LicenseType", "9"),
        ("LicenseNumber", "91330000MA27WALKLT"),
        ("Phone", "86-13900001111"),
        ("IsEnterprise", "true"),
    ]
}

#[test]
fn an_account_is_registered_verified_given_a_key_and_uses_it() {
    let lab = Lab::new();
    let operator = lab.root("operator");

    let pk = register_account(&operator, "walker@example.com");
    assert_eq!(certified_info(&operator, &pk), serde_json::json!({"aliyunPk": pk, "isCertified": "0"}));
    operator.crm("AddIdentityCertifiedForBidUser", &identity_params(&pk)).assert_ok();
    let shown = certified_info(&operator, &pk);
    assert_eq!(
        (&shown["isCertified"], &shown["accountCertType"], &shown["certType"]),
        (&"1".into(), &"enterprise".into(), &"9".into())
    );
    let key = operator.aas("CreateAccessKeyForAccount", &[("PK", &pk)]).assert_ok();
    let text = |name: &str| key["AccessKey"][name].as_str().unwrap().to_owned();
    let walker = lab.actor(&text("AccessKeyId"), &text("AccessKeySecret"));

    let who = walker.sts("GetCallerIdentity", &[]).assert_ok();
    assert_eq!((&who["AccountId"], &who["Arn"]), (&pk.clone().into(), &format!("acs:ram::{pk}:root").into()));
    operator.crm("RemoveIdentityCertifiedForBidUser", &[("PK", &pk), ("BidType", "NORMAL")]).assert_ok();
    assert_eq!(certified_info(&operator, &pk)["isCertified"], "0");
}

#[test]
fn an_international_account_starts_with_five() {
    let lab = Lab::new();

    let pk =
        lab.root("operator").aas("CreateIntlAliyunAccount", &[("NationalityCode", "SG")]).assert_ok()["PK"]
            .clone();

    assert!(pk.as_str().unwrap().starts_with('5') && pk.as_str().unwrap().len() == 16);
    lab.root("operator")
        .aas("CreateIntlAliyunAccount", &[("NationalityCode", "Singapore")])
        .assert_refused(400, "InvalidParameter");
}

#[test]
fn a_partner_may_choose_the_secret_of_a_key() {
    let lab = Lab::new();
    let operator = lab.root("operator");
    let pk = register_account(&operator, "walker@example.com");

    let key = operator
        .aas("CreateAccessKeyForAccount", &[("PK", &pk), ("AKSecret", "broughtSecret12345")])
        .assert_ok();

    let id = key["AccessKey"]["AccessKeyId"].as_str().unwrap();
    lab.actor(id, "broughtSecret12345").sts("GetCallerIdentity", &[]).assert_ok();
    operator
        .aas("CreateAccessKeyForAccount", &[("PK", &pk), ("AKSecret", "a b")])
        .assert_refused(400, "InvalidParameter");
}

#[test]
fn only_a_partner_may_call_and_only_about_its_accounts() {
    let lab = Lab::new();
    let operator = lab.root("operator");
    let own = lab.uid("operator");

    lab.root("demo").aas("CreateAliyunAccount", &[("AliyunId", "walker")]).assert_refused(403, "Not Bid");
    lab.user("demo", "dev").crm("QueryBidUserCertifiedInfo", &[]).assert_refused(403, "Not Bid");
    let query = |pk: &str| operator.crm("QueryBidUserCertifiedInfo", &[("PK", pk), ("BidType", "NORMAL")]);
    query(&own).assert_refused(403, "Bid Mismatch");
    assert_eq!(
        query("1234567890123456").assert_refused(404, "Invalid PK"),
        "The specified parameter 'PK' does not exist in our records."
    );
    query("nonsense").assert_refused(404, "Invalid PK");
    query("").assert_refused(400, "Empty PK");
    operator.aas("CreateAccessKeyForAccount", &[]).assert_refused(400, "Empty PK");
}

#[test]
fn invalid_parameters_are_refused() {
    let lab = Lab::new();
    let operator = lab.root("operator");
    let pk = register_account(&operator, "walker@example.com");

    operator
        .aas("CreateAliyunAccount", &[("AliyunId", "Walker@example.com")])
        .assert_refused(409, "EntityAlreadyExists.AliyunId");
    operator.aas("CreateAliyunAccount", &[]).assert_refused(400, "MissingParameter");
    operator
        .crm("RemoveIdentityCertifiedForBidUser", &[("PK", &pk), ("BidType", "NORMAL")])
        .assert_refused(400, "Set Realname Error");
    let mut wrong = identity_params(&pk);
    wrong[3].1 = "77";
    operator.crm("AddIdentityCertifiedForBidUser", &wrong).assert_refused(400, "InvalidParameter");
    operator.crm("AddIdentityCertifiedForBidUser", &identity_params(&pk)).assert_ok();
    operator
        .crm("AddIdentityCertifiedForBidUser", &identity_params(&pk))
        .assert_refused(400, "Set Realname Error");
}
