//! Ubsms: the status of each service of an account. Source: docs/evidence/account.md 1.6.

use crate::support::answers::UBSMS;
use crate::support::{Actor, Lab, Reply};
use serde_json::json;

fn set_status(actor: &Actor, pk: &str, service: &str, key: &str, value: &str) -> Reply {
    let params = [("Uid", pk), ("Service", service), ("StatusKey", key), ("StatusValue", value)];
    actor.call(UBSMS, "SetUserBusinessStatus", &params)
}

#[test]
fn a_status_that_is_set_is_read_by_the_account_and_its_partner() {
    let lab = Lab::new();
    let (operator, demo, pk) = (lab.root("operator"), lab.root("demo"), lab.uid("demo"));
    let listed = |actor: &Actor| actor.call(UBSMS, "DescribeBusinessStatus", &[]).assert_ok();
    assert_eq!(listed(&demo)["UserBusinessStatusList"], json!([]));

    let done = set_status(&operator, &pk, "oss", "activated", "true").assert_ok();
    set_status(&operator, &pk, "oss", "debt", "0").assert_ok();
    set_status(&operator, &pk, "sls", "activated", "false").assert_ok();

    assert_eq!(done, json!({"RequestId": done["RequestId"], "Success": true}));
    let expected = json!([
        {"Uid": pk, "ServiceCode": "oss", "Statuses": [
            {"StatusKey": "activated", "StatusValue": "true"}, {"StatusKey": "debt", "StatusValue": "0"},
        ]},
        {"Uid": pk, "ServiceCode": "sls", "Statuses": [{"StatusKey": "activated", "StatusValue": "false"}]},
    ]);
    assert_eq!(listed(&demo)["UserBusinessStatusList"], expected);
    assert_eq!(listed(&operator)["UserBusinessStatusList"], expected);
    assert_eq!(listed(&demo)["Success"], true);
    lab.assert_every_operation_reached("Ubsms");
}

#[test]
fn a_service_that_is_not_activated_refuses_calls() {
    let lab = Lab::new();
    let (operator, demo, pk) = (lab.root("operator"), lab.root("demo"), lab.uid("demo"));
    demo.ram("ListUsers", &[]).assert_ok();

    set_status(&operator, &pk, "Ram", "activated", "false").assert_ok();

    let message = demo.ram("ListUsers", &[]).assert_refused(404, "Inactive");
    assert_eq!(message, "Account is inactive to this service");
    lab.user("demo", "dev").ram("GetUser", &[("UserName", "dev")]).assert_refused(403, "NoPermission");
    demo.sts("GetCallerIdentity", &[]).assert_ok();
    set_status(&operator, &pk, "Ram", "activated", "true").assert_ok();
    demo.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn only_a_partner_sets_a_status_and_only_of_its_accounts() {
    let lab = Lab::new();
    let (operator, demo, pk) = (lab.root("operator"), lab.root("demo"), lab.uid("demo"));
    let other = lab.create_managed_account("other").0;
    let before = lab.world().state().version;

    set_status(&demo, &pk, "oss", "k", "v").assert_refused(403, "Not Bid");
    set_status(&operator, "1234567890123456", "oss", "k", "v").assert_refused(404, "Invalid PK");
    set_status(&operator, "x", "oss", "k", "v").assert_refused(404, "Invalid PK");
    set_status(&operator, &pk, "", "k", "v").assert_refused(400, "InvalidParameter");
    let no_value = [("Uid", pk.as_str()), ("Service", "oss"), ("StatusKey", "k")];
    operator.call(UBSMS, "SetUserBusinessStatus", &no_value).assert_refused(400, "MissingParameter");
    // Nobody knows what the commands are, so none is said to be carried out.
    operator
        .call(UBSMS, "NotifyUserBusinessCommand", &[("Uid", &pk)])
        .assert_refused(404, "InvalidAction.NotFound");
    demo.call(UBSMS, "NotifyUserBusinessCommand", &[("Uid", &pk)]).assert_refused(403, "Not Bid");

    assert_eq!(lab.world().state().version, before);
    let uid = alimock::text::Scalar::parse(&other).unwrap();
    lab.change_world(|tx| tx.separate(uid));
    set_status(&operator, &other, "oss", "k", "v").assert_refused(403, "Bid Mismatch");
}
