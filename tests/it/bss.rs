//! BssOpenApi: money, orders, and the accounts of a reseller. Source: docs/evidence/account.md 1.1, 3.5 and 6.3.

use crate::support::answers::BSS;
use crate::support::{Actor, Lab, uid};
use alimock::text::Uid;
use alimock::world::account::{Hold, Status};
use alimock::world::{Refusal, Tx};
use std::sync::Arc;

const ORDER: &[(&str, &str)] = &[
    ("ProductCode", "rds"),
    ("ProductType", "rds"),
    ("SubscriptionType", "Subscription"),
    ("Period", "1"),
    ("Parameter.1.Code", "InstanceType"),
    ("Parameter.1.Value", "disk"),
    ("Parameter.2.Code", "Region"),
    ("Parameter.2.Value", "cn-beijing"),
];

/// An order with some parameters more, or others.
fn order_params<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let others = ORDER.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    others.chain(more).copied().collect()
}

#[track_caller]
fn balance(actor: &Actor) -> String {
    actor.read_ok(BSS, "QueryAccountBalance", &[])["Data"]["AvailableAmount"].as_str().unwrap().to_owned()
}

#[test]
fn every_action_answers_in_the_shape_its_sdk_reads() {
    let lab = Lab::new();
    let (operator, demo) = (lab.root("operator"), lab.root("demo"));
    let pk = lab.uid("demo");

    assert_eq!(balance(&demo), "100.00");
    let bought = demo.call_ok(BSS, "CreateInstance", &order_params(&[("ClientToken", "t")]));
    let listed = demo.read_ok(BSS, "QueryAvailableInstances", &[("ProductCode", "rds")]);
    let one = &listed["Data"]["InstanceList"][0];
    assert_eq!(one["InstanceID"], bought["Data"]["InstanceId"]);
    assert_eq!((&one["Region"], &one["RenewStatus"]), (&"cn-beijing".into(), &"ManualRenewal".into()));
    let id = one["InstanceID"].as_str().unwrap();
    demo.call_ok(
        BSS,
        "RefundInstance",
        &[("InstanceId", id), ("ProductCode", "rds"), ("ProductType", "rds")],
    );

    let relation = demo.read_ok(BSS, "GetAccountRelation", &[]);
    let number = relation["Data"]["Id"].to_string();
    assert_eq!(relation["Data"]["Status"], "RELATED");
    let of_parent = operator.read_ok(BSS, "GetAccountRelation", &[("RelationId", &number)]);
    assert_eq!(of_parent["Data"], relation["Data"]);

    let info = operator.read_ok(BSS, "GetCustomerAccountInfo", &[("OwnerId", &pk)]);
    assert_eq!((&info["Data"]["AccountType"], &info["Data"]["IsCertified"]), (&"1".into(), &true.into()));
    let list = operator.read_ok(BSS, "GetCustomerList", &[]);
    assert_eq!(list["Data"]["UidList"], serde_json::json!([pk]));
    operator.call_ok(
        BSS,
        "SetResellerUserStatus",
        &[("BusinessType", "FREEZE"), ("OwnerId", &pk), ("Status", "Freeze"), ("StopMode", "1")],
    );
    operator.call_ok(BSS, "CreateAgAccount", &[("LoginEmail", "new@example.com")]);
    lab.assert_every_operation_reached("BssOpenApi");
}

#[test]
fn the_balance_shows_cash_credit_and_currency() {
    let lab = Lab::new();
    let pk = uid(&lab.uid("demo"));
    lab.change_world(|tx| tx.set_standing(pk, None, Some(-250), Some(1_000_000)));

    let data = lab.root("demo").read_ok(BSS, "QueryAccountBalance", &[])["Data"].clone();

    assert_eq!(data["AvailableAmount"], "9997.50");
    assert_eq!((&data["AvailableCashAmount"], &data["CreditAmount"]), (&"-2.50".into(), &"10000.00".into()));
    assert_eq!(data["Currency"], "CNY");
}

/// What Terraform asks at every start. Source: aliyun/terraform-provider-alicloud, alicloud/connectivity/client.go.
#[test]
fn terraform_detects_the_site_of_an_account() {
    let lab = Lab::with_scenario(
        "accounts:\n  - {name: cn, site: cn, keys: [{}]}\n  - {name: intl, site: intl, keys: [{}]}\n",
    );
    let probe = |code: &'static str, kind: &'static str| {
        [
            ("PageSize", "50"),
            ("PageNum", "1"),
            ("ProductCode", code),
            ("ProductType", kind),
            ("SubscriptionType", "Subscription"),
        ]
    };
    let (domestic, international) = (probe("vipcloudfw", "vipcloudfw"), probe("cfw", "cfw_pre_intl"));

    let empty = lab.root("cn").read_ok(BSS, "QueryAvailableInstances", &domestic);
    assert_eq!(empty["Data"]["InstanceList"], serde_json::json!([]));
    lab.root("intl").read_ok(BSS, "QueryAvailableInstances", &international);

    let code = "NotApplicable";
    let message = lab.root("intl").assert_call_refused(400, code, BSS, "QueryAvailableInstances", &domestic);
    assert_eq!(message, "This API is not applicable for caller.");
    lab.root("cn").assert_call_refused(400, code, BSS, "QueryAvailableInstances", &international);
    let mut bought = order_params(&[("ProductCode", "vipcloudfw"), ("ProductType", "vipcloudfw")]);
    bought.retain(|(name, _)| !name.starts_with("Parameter"));
    let rich = uid(&lab.uid("intl"));
    lab.change_world(|tx| tx.pay(rich, 1_000_000));
    lab.root("intl").assert_call_refused(400, code, BSS, "CreateInstance", &bought);
}

#[test]
fn an_order_is_paid_and_created_once_per_client_token() {
    let lab = Lab::new();
    let demo = lab.root("demo");
    let pk = uid(&lab.uid("demo"));
    lab.change_world(|tx| tx.pay(pk, 10_000));

    let first = demo.call_ok(BSS, "CreateInstance", &order_params(&[("ClientToken", "t")]));
    let again = demo.call_ok(BSS, "CreateInstance", &order_params(&[("ClientToken", "t")]));

    assert_eq!(first["Data"], again["Data"]);
    assert_eq!(balance(&demo), "100.00");
    let other = order_params(&[("ClientToken", "t"), ("Period", "2")]);
    demo.assert_call_refused(200, "Duplicated.ClientToken", BSS, "CreateInstance", &other);
    let dear = order_params(&[("Period", "1"), ("PricingCycle", "1")]);
    demo.assert_call_refused(200, "PAY.INSUFFICIENT_BALANCE", BSS, "CreateInstance", &dear);
    assert_eq!(balance(&demo), "100.00");
}

#[test]
fn instances_are_filtered_by_their_fields() {
    let lab = Lab::new();
    let demo = lab.root("demo");
    let pk = uid(&lab.uid("demo"));
    lab.change_world(|tx| tx.pay(pk, 1_000_000));
    demo.call_ok(
        BSS,
        "CreateInstance",
        &order_params(&[("RenewalStatus", "AutoRenewal"), ("RenewPeriod", "3")]),
    );
    let by_use =
        order_params(&[("ProductCode", "oss"), ("ProductType", "oss"), ("SubscriptionType", "PayAsYouGo")]);
    let by_use = demo.call_ok(BSS, "CreateInstance", &by_use);
    let by_use = by_use["Data"]["InstanceId"].as_str().unwrap().to_owned();
    let found = |params: &[(&str, &str)]| {
        demo.read_ok(BSS, "QueryAvailableInstances", params)["Data"]["TotalCount"].as_u64().unwrap()
    };

    let auto = demo.read_ok(BSS, "QueryAvailableInstances", &[("RenewStatus", "AutoRenewal")]);
    assert_eq!(auto["Data"]["InstanceList"][0]["RenewalDuration"], 3);
    for (params, count) in [
        (&[][..], 2),
        (&[("ProductCode", "oss")], 1),
        (&[("ProductType", "none")], 0),
        (&[("SubscriptionType", "Subscription")], 1),
        (&[("Region", "cn-hangzhou")], 0),
        (&[("InstanceIDs", &format!("i-none, {by_use}"))], 1),
        (&[("CreateTimeStart", "2026-11-22T08:00:01Z")], 0),
        (&[("EndTimeEnd", "2027-01-01T00:00:00Z")], 1),
        (&[("EndTimeStart", "2027-01-01T00:00:00Z")], 0),
    ] {
        assert_eq!(found(params), count, "{params:?}");
    }
    let second = demo.read_ok(BSS, "QueryAvailableInstances", &[("PageSize", "1"), ("PageNum", "2")]);
    assert_eq!(second["Data"]["InstanceList"][0]["InstanceID"], by_use.as_str());
    let of_child =
        lab.root("operator").read_ok(BSS, "QueryAvailableInstances", &[("OwnerId", &pk.to_string())]);
    assert_eq!(of_child["Data"]["TotalCount"], 2);
    lab.advance_clock("624h");
    let late = demo.read_ok(BSS, "QueryAvailableInstances", &[("ProductCode", "rds")]);
    assert_eq!(late["Data"]["InstanceList"][0]["Status"], "WaitForExpire");
    for wrong in [("PageSize", "301"), ("PageNum", "0"), ("SubscriptionType", "Rent"), ("CreateTimeEnd", "x")]
    {
        demo.assert_call_refused(400, "InvalidParameter", BSS, "QueryAvailableInstances", &[wrong]);
    }
}

#[test]
fn a_refund_pays_the_remaining_value_once() {
    let lab = Lab::new();
    let demo = lab.root("demo");
    let id = demo.call_ok(BSS, "CreateInstance", ORDER)["Data"]["InstanceId"].as_str().unwrap().to_owned();
    lab.advance_clock("360h");
    let params = [("InstanceId", id.as_str()), ("ProductCode", "rds"), ("ClientToken", "r")];

    let refused =
        |code, params: &[(&str, &str)]| demo.assert_call_refused(200, code, BSS, "RefundInstance", params);
    refused("ResourceNotExists", &[("InstanceId", "i-none")]);
    refused("ResourceNotExists", &[("InstanceId", &id), ("ProductCode", "ecs")]);
    let first = demo.call_ok(BSS, "RefundInstance", &params);

    assert_eq!(balance(&demo), "50.00");
    assert_eq!(demo.call_ok(BSS, "RefundInstance", &params)["Data"], first["Data"]);
    assert_eq!(balance(&demo), "50.00");
    refused("ExistRefundingOrderError", &[("InstanceId", &id)]);
    let by_use = demo.call_ok(BSS, "CreateInstance", &order_params(&[("SubscriptionType", "PayAsYouGo")]));
    refused("NoRestValueError", &[("InstanceId", by_use["Data"]["InstanceId"].as_str().unwrap())]);
    demo.assert_call_refused(400, "MissingParameter", BSS, "RefundInstance", &[]);
}

/// Each gate before a purchase, with what brings it about.
#[test]
fn a_purchase_is_refused_by_each_gate() {
    type Trouble = fn(&mut Tx<'_>, Uid) -> Result<(), Refusal>;
    let unverified: Trouble = |tx, pk| tx.remove_verification(pk);
    let arrears: Trouble = |tx, pk| tx.set_standing(pk, None, Some(-1), None);
    let shut_down: Trouble = |tx, pk| tx.set_standing(pk, Some(Status::ArrearsShutdown), None, None);
    let poor: Trouble = |tx, pk| tx.set_standing(pk, None, Some(0), None);
    let risky: Trouble = |tx, pk| tx.hold(pk, Hold::Risk, true);
    let banned: Trouble = |tx, pk| tx.hold(pk, Hold::Purchases, true);
    let frozen: Trouble = |tx, pk| tx.hold(pk, Hold::Business, true);
    let trusteeship: Trouble = |tx, pk| tx.hold(pk, Hold::Trusteeship, true);
    for (trouble, code, message) in [
        (
            unverified,
            "ORDER.ACCOUNT_STATUS_ILLEGAL",
            "Please complete your basic personal information first.",
        ),
        (
            arrears,
            "INSUFFICIENT.AVAILABLE.QUOTA",
            "The account balance is negative. Add funds to the account and try again.",
        ),
        (
            shut_down,
            "INSUFFICIENT.AVAILABLE.QUOTA",
            "The account balance is negative. Add funds to the account and try again.",
        ),
        (poor, "PAY.INSUFFICIENT_BALANCE", "The Account Balance is insufficient."),
        (risky, "Forbidden.RiskControl", "This operation is forbidden by Aliyun Risk Control system."),
        (banned, "NOT_AUTHORIZED", "You are not authorized to perform this operation."),
        (frozen, "NOT_AUTHORIZED", "You are not authorized to perform this operation."),
        (trusteeship, "NOT_AUTHORIZED", "You are not authorized to perform this operation."),
    ] {
        let lab = Lab::new();
        let pk = uid(&lab.uid("demo"));
        lab.change_world(|tx| trouble(tx, pk));

        let told = lab.root("demo").assert_call_refused(200, code, BSS, "CreateInstance", ORDER);

        assert_eq!(told, message);
        let for_child = order_params(&[("OwnerId", &*pk.to_string().leak())]);
        let by_parent = lab.root("operator");
        let parent = uid(&lab.uid("operator"));
        lab.change_world(|tx| tx.pay(parent, 10_000));
        by_parent.assert_call_refused(200, "NOT_AUTHORIZED", BSS, "CreateInstance", &for_child);
    }
}

#[test]
fn an_unverified_international_account_buys_in_every_region_outside_mainland_china() {
    let lab =
        Lab::with_scenario("accounts:\n  - {name: intl, site: intl, keys: [{}], state: {balance: 1000}}\n");
    let intl = lab.root("intl");

    intl.assert_call_refused(200, "ORDER.ACCOUNT_STATUS_ILLEGAL", BSS, "CreateInstance", ORDER);

    let mut in_json = order_params(&[("Parameter", r#"[{"Code":"Region","Value":"cn-beijing"}]"#)]);
    in_json.retain(|(name, _)| !name.starts_with("Parameter."));
    intl.assert_call_refused(200, "ORDER.ACCOUNT_STATUS_ILLEGAL", BSS, "CreateInstance", &in_json);
    let elsewhere =
        intl.call_ok(BSS, "CreateInstance", &order_params(&[("Parameter.2.Value", "ap-southeast-1")]));
    assert!(elsewhere["Data"]["InstanceId"].as_str().is_some_and(|id| !id.is_empty()));
}

#[test]
fn a_partner_buys_for_its_accounts_and_for_no_other() {
    let lab = Lab::new();
    let (operator, pk) = (lab.root("operator"), lab.uid("demo"));
    let own = uid(&lab.uid("operator"));
    lab.change_world(|tx| tx.pay(own, 10_000));

    operator.call_ok(BSS, "CreateInstance", &order_params(&[("OwnerId", &pk)]));

    assert_eq!(balance(&lab.root("demo")), "0.00");
    let stranger = order_params(&[("OwnerId", "1234567890123456")]);
    let message = operator.assert_call_refused(400, "InvalidOwner", BSS, "CreateInstance", &stranger);
    assert_eq!(message, "The specified owner doesn't belong to caller.");
    let for_parent = [("OwnerId", &*lab.uid("operator").leak())];
    lab.root("demo").assert_call_refused(400, "InvalidOwner", BSS, "QueryAvailableInstances", &for_parent);
}

#[test]
fn missing_parameters_of_an_order_are_reported() {
    let lab = Lab::new();
    let demo = lab.root("demo");

    demo.assert_call_refused(400, "MissingParameter", BSS, "CreateInstance", &[]);
    demo.assert_call_refused(
        400,
        "MissingParameter",
        BSS,
        "CreateInstance",
        &order_params(&[("RenewalStatus", "AutoRenewal")]),
    );
    for wrong in [("SubscriptionType", "Rent"), ("Period", "0"), ("Period", "x"), ("PricingCycle", "9")] {
        demo.assert_call_refused(400, "InvalidParameter", BSS, "CreateInstance", &order_params(&[wrong]));
    }
    let no_value = order_params(&[("Parameter.3.Code", "x")]);
    demo.assert_call_refused(400, "MissingParameter", BSS, "CreateInstance", &no_value);
}

#[test]
fn an_account_created_by_a_partner_has_a_role_for_the_partner() {
    let lab = Lab::new();
    let operator = lab.root("operator");
    let params =
        [("LoginEmail", "member@example.com"), ("AccountAttr", "1"), ("EnterpriseName", "Member Ltd")];

    let made = operator.call_ok(BSS, "CreateAgAccount", &params)["AgRelationDto"].clone();

    let pk = made["Pk"].as_str().unwrap();
    assert_eq!((&made["Mpk"], &made["Type"]), (&lab.uid("operator").into(), &"BID".into()));
    let info = operator.call_ok(BSS, "GetCustomerAccountInfo", &[("OwnerId", pk)])["Data"].clone();
    assert_eq!(
        (&info["AccountType"], &info["IsCertified"], &info["LoginEmail"]),
        (&"1".into(), &false.into(), &"member@example.com".into())
    );
    let role = format!("acs:ram::{pk}:role/{}", made["RamAdminRoleName"].as_str().unwrap());
    let named = [("UserName", "agent")];
    operator.ram("CreateUser", &named).assert_ok();
    let all = [("PolicyType", "System"), ("PolicyName", "AdministratorAccess"), ("UserName", "agent")];
    operator.ram("AttachPolicyToUser", &all).assert_ok();
    let agent = operator.create_key(&named);
    let session = agent.sts("AssumeRole", &[("RoleArn", &role), ("RoleSessionName", "agent")]).assert_ok();
    let text = |name: &str| session["Credentials"][name].as_str().unwrap().to_owned();
    let inside = lab.actor(&text("AccessKeyId"), &text("AccessKeySecret")).with_token(&text("SecurityToken"));
    inside.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn creating_an_account_is_refused_in_the_body() {
    let lab = Lab::new();
    let (operator, demo) = (lab.root("operator"), lab.root("demo"));
    let email = [("LoginEmail", "member@example.com")];

    demo.assert_call_refused(200, "NOT_AUTHORIZED", BSS, "CreateAgAccount", &email);
    operator.call_ok(BSS, "CreateAgAccount", &email);
    let message =
        operator.assert_call_refused(200, "LOGIN_EMAIL_HAS_BEEN_USED", BSS, "CreateAgAccount", &email);
    assert_eq!(message, "loginEmail=member@example.com,has used");
    lab.change_world(|tx| {
        let mut rules = tx.rules().clone();
        rules.partner_email_domains = vec!["partner.example".into()];
        tx.set_rules(rules);
        Ok(())
    });
    let other = [("LoginEmail", "second@example.com")];
    operator.assert_call_refused(200, "EMAIL_DOMAIN_NOT_AUTHORIZED", BSS, "CreateAgAccount", &other);
    let good = [("LoginEmail", "second@Partner.example")];
    operator.call_ok(BSS, "CreateAgAccount", &good);
    lab.change_world(|tx| {
        let mut rules = tx.rules().clone();
        rules.accounts_per_partner = 3;
        tx.set_rules(rules);
        Ok(())
    });
    let third = [("LoginEmail", "third@partner.example")];
    operator.assert_call_refused(200, "OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT", BSS, "CreateAgAccount", &third);
    operator.assert_call_refused(400, "MissingParameter", BSS, "CreateAgAccount", &[]);
    operator.assert_call_refused(400, "InvalidParameter", BSS, "CreateAgAccount", &[("LoginEmail", "none")]);
    let no_name = [("LoginEmail", "fourth@partner.example"), ("AccountAttr", "1")];
    operator.assert_call_refused(400, "MissingParameter", BSS, "CreateAgAccount", &no_name);
}

#[test]
fn an_international_partner_must_send_more_fields_about_an_account() {
    let lab = Lab::with_scenario("accounts:\n  - {name: op, site: intl, isPartner: true, keys: [{}]}\n");
    let all = [
        ("LoginEmail", "a-rather-long-address-of-a-member@example.com"),
        ("AccountAttr", "0"),
        ("FirstName", "Zhi"),
        ("LastName", "Wu"),
        ("NationCode", "SG"),
        ("ProvinceName", "SG"),
        ("CityName", "Singapore"),
        ("Postcode", "350000"),
    ];

    for left_out in 1..all.len() {
        let some: Vec<_> =
            all.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, one)| *one).collect();
        lab.root("op").assert_call_refused(400, "MissingParameter", BSS, "CreateAgAccount", &some);
    }
    let made = lab.root("op").call_ok(BSS, "CreateAgAccount", &all);
    assert!(made["AgRelationDto"]["Pk"].as_str().unwrap().starts_with('5'));
}

#[test]
fn only_a_reseller_may_freeze_and_unfreeze_accounts() {
    let lab = Lab::new();
    let (operator, demo, pk) = (lab.root("operator"), lab.root("demo"), lab.uid("demo"));
    let set = |kind: &'static str, status: &'static str| {
        vec![("BusinessType", kind), ("OwnerId", &*pk), ("Status", status)]
    };
    let shown = || {
        let data = operator.call_ok(BSS, "GetCustomerAccountInfo", &[("OwnerId", &pk)])["Data"].clone();
        (data["CreditLimitStatus"].clone(), data["HostingStatus"].clone())
    };

    for (kind, status, expected) in [
        ("FREEZE", "Freeze", ("Freeze", "FREEZE")),
        ("FREEZE", "Thaw", ("Thaw", "")),
        ("TRUSTEESHIP", "Trusteeship", ("Trusteeship", "TRUSTEESHIP")),
        ("TRUSTEESHIP", "TrusteeshipCancel", ("Thaw", "")),
    ] {
        operator.call_ok(BSS, "SetResellerUserStatus", &set(kind, status));
        assert_eq!(shown(), (expected.0.into(), expected.1.into()), "{status}");
    }
    demo.call_ok(BSS, "CreateInstance", ORDER);
    operator.assert_call_refused(
        400,
        "InvalidParameter",
        BSS,
        "SetResellerUserStatus",
        &set("FREEZE", "Trusteeship"),
    );
    operator.assert_call_refused(
        400,
        "InvalidParameter",
        BSS,
        "SetResellerUserStatus",
        &set("COLD", "Freeze"),
    );
    demo.assert_call_refused(400, "NotAuthorized", BSS, "SetResellerUserStatus", &set("FREEZE", "Freeze"));
    demo.assert_call_refused(400, "NotAuthorized", BSS, "GetCustomerList", &[]);
    demo.assert_call_refused(400, "NotAuthorized", BSS, "GetCustomerAccountInfo", &[("OwnerId", &pk)]);
    let own = lab.uid("operator");
    operator.assert_call_refused(400, "InvalidOwner", BSS, "GetCustomerAccountInfo", &[("OwnerId", &own)]);
    operator.assert_call_refused(400, "InvalidOwner", BSS, "GetCustomerAccountInfo", &[("OwnerId", "x")]);
    operator.assert_call_refused(200, "VnoNoDataError", BSS, "GetAccountRelation", &[]);
    operator.assert_call_refused(200, "VnoNoDataError", BSS, "GetAccountRelation", &[("RelationId", "7")]);
}

#[test]
fn a_user_needs_permission_to_look_at_the_balance() {
    let lab: Arc<Lab> = Lab::new();
    let dev = lab.user("demo", "dev");

    dev.assert_call_refused(403, "Forbidden.RAM", BSS, "QueryAccountBalance", &[]);

    let named = [("PolicyType", "System"), ("PolicyName", "AdministratorAccess"), ("UserName", "dev")];
    lab.root("demo").ram("AttachPolicyToUser", &named).assert_ok();
    assert_eq!(balance(&dev), "100.00");
}
