//! What must be in order with an account before something is called, and how each product says that it is not.
//! Source: docs/evidence/account.md 2.1, 6 and 7; docs/evidence/gateway.md 6.5.

use crate::support::{Actor, Lab, Reply};
use alimock::text::{LicenseNumber, PersonName, Scalar, Uid};
use alimock::world::account::{Hold, Identity, Status, Subject};
use alimock::world::gates::{Gate, Requirement};
use alimock::world::settings::{Propagation, Spread};
use alimock::world::{By, Refusal, Tx};
use std::sync::Arc;

const SEED: &str = "
accounts:
  - {name: cn, keys: [{}], users: [{name: buyer, policies: [AdministratorAccess], keys: [{}]}]}
  - {name: intl, site: intl, keys: [{}]}
";

const BSS: &str = "2017-12-14";

fn change_account(lab: &Lab, account: &str, change: impl FnOnce(&mut Tx<'_>, Uid) -> Result<(), Refusal>) {
    let uid = Uid::parse(&lab.uid(account)).unwrap();
    let now = lab.world().clock.now().resource;
    lab.world().commit(now, By::OURSELVES, |tx| change(tx, uid)).unwrap();
}

fn verify_account(lab: &Lab, account: &str) {
    let identity = Identity {
        subject: Subject::Enterprise,
        name: PersonName::parse("Example Ltd").unwrap(),
        license_type: "9".into(),
        license_number: LicenseNumber::parse("91330000MA27EXAMPL").unwrap(),
        phone: String::new(),
        country: None,
        expires: None,
    };
    change_account(lab, account, |tx, uid| tx.certify(uid, identity));
}

/// A verified account with money, and whoever buys for it.
fn buyer() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(SEED);
    verify_account(&lab, "cn");
    change_account(&lab, "cn", |tx, uid| tx.pay(uid, 100_000));
    let buyer = lab.user("cn", "buyer");
    (lab, buyer)
}

fn create_instance(actor: &Actor, region: &str) -> Reply {
    actor.ecs("CreateInstance", &[("RegionId", region)])
}

/// Nothing stands before it: alimock makes no instances, and says so.
#[track_caller]
fn assert_no_gate_refuses(reply: &Reply) {
    // ECS has no such action here.
    reply.assert_refused(400, "InvalidParameter");
}

/// The purchase is refused in the body of an HTTP 200.
#[track_caller]
fn assert_refused_in_body(reply: &Reply, code: &str) {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let body = reply.json();
    assert_eq!((&body["Code"], &body["Success"]), (&code.into(), &false.into()), "{body}");
    assert!(body["RequestId"].is_string() && body["Message"].is_string() && body.get("HostId").is_none());
}

fn buy_instance(actor: &Actor) -> Reply {
    let params = [("ProductCode", "ecs"), ("SubscriptionType", "PayAsYouGo"), ("Format", "JSON")];
    actor.call(BSS, "CreateInstance", &params)
}

#[test]
fn an_unverified_account_of_the_china_site_buys_nothing() {
    let lab = Lab::with_scenario(SEED);
    change_account(&lab, "cn", |tx, uid| tx.pay(uid, 100_000));
    let buyer = lab.user("cn", "buyer");

    for region in ["cn-hangzhou", "ap-southeast-1"] {
        let message = create_instance(&buyer, region).assert_refused(403, "RealNameAuthenticationError");
        assert_eq!(message, "Your account has not passed the real-name authentication yet.");
    }
    assert_refused_in_body(&buy_instance(&buyer), "ORDER.ACCOUNT_STATUS_ILLEGAL");
    buyer.ram("ListUsers", &[]).assert_ok();
    verify_account(&lab, "cn");
    assert_no_gate_refuses(&create_instance(&buyer, "cn-hangzhou"));
}

#[test]
fn an_international_account_needs_no_verification_outside_the_mainland() {
    let lab = Lab::with_scenario(SEED);
    change_account(&lab, "intl", |tx, uid| tx.pay(uid, 100_000));
    let root = lab.root("intl");

    create_instance(&root, "cn-hangzhou").assert_refused(403, "RealNameAuthenticationError");
    assert_no_gate_refuses(&create_instance(&root, "cn-hongkong"));
    assert_no_gate_refuses(&create_instance(&root, "eu-central-1"));
}

#[test]
fn arrears_and_holds_are_refused_with_different_codes() {
    let (lab, buyer) = buyer();

    change_account(&lab, "cn", |tx, uid| tx.set_standing(uid, None, Some(0), None));
    create_instance(&buyer, "cn-hangzhou").assert_refused(403, "InvalidAccountStatus.NotEnoughBalance");
    assert_refused_in_body(&buy_instance(&buyer), "PAY.INSUFFICIENT_BALANCE");
    change_account(&lab, "cn", |tx, uid| tx.pay(uid, -1));
    create_instance(&buyer, "cn-hangzhou").assert_refused(400, "Account.Arrearage");
    buyer.ecs("StartInstance", &[]).assert_refused(403, "InsufficientBalance");
    let message =
        buyer.ecs("RunInstances", &[("RegionId", "cn-hangzhou")]).assert_refused(400, "Account.Arrearage");
    assert_eq!(message, "Your account has been in arrears.");
    assert_refused_in_body(&buy_instance(&buyer), "INSUFFICIENT.AVAILABLE.QUOTA");
    change_account(&lab, "cn", |tx, uid| tx.hold(uid, Hold::Risk, true));
    create_instance(&buyer, "cn-hangzhou").assert_refused(403, "Forbidden.RiskControl");
    change_account(&lab, "cn", |tx, uid| tx.set_standing(uid, Some(Status::Normal), Some(5000), None));
    assert_no_gate_refuses(&create_instance(&buyer, "cn-hangzhou"));
    for hold in [Hold::Purchases, Hold::PayAsYouGo, Hold::Business, Hold::Trusteeship] {
        change_account(&lab, "cn", |tx, uid| tx.hold(uid, hold, true));
        create_instance(&buyer, "cn-hangzhou").assert_refused(403, "Forbidden");
        assert_refused_in_body(&buy_instance(&buyer), "NOT_AUTHORIZED");
        change_account(&lab, "cn", |tx, uid| tx.hold(uid, hold, false));
    }
    change_account(&lab, "cn", |tx, uid| tx.set_standing(uid, Some(Status::Closing), None, None));
    create_instance(&buyer, "cn-hangzhou").assert_refused(403, "Forbidden");
}

#[test]
fn a_leaked_key_can_sign_but_is_refused_protected_actions() {
    let (lab, buyer) = buyer();
    let key = buyer.key.clone();
    let leak = |leaked: bool| {
        change_account(&lab, "cn", |tx, uid| {
            let id = alimock::text::AccessKeyId::parse(&key).unwrap();
            let place = tx.place_of(uid, &id)?;
            tx.set_key_leaked(place, &id, leaked)
        });
    };
    leak(true);

    buyer.sts("GetCallerIdentity", &[]).assert_ok();
    buyer.ecs("DescribeInstances", &[]).assert_refused(400, "InvalidParameter");
    for reply in [
        buyer.ram("ListUsers", &[]),
        buyer.ims("ListAccessKeys", &[]),
        create_instance(&buyer, "cn-hangzhou"),
        buyer.ecs("DeleteInstances", &[]),
        buyer.ecs("RunCommand", &[]),
        buy_instance(&buyer),
    ] {
        assert_eq!(reply.assert_refused(403, "Forbidden"), "There is a risk of leakage of this AccessKey.");
    }
    lab.root("cn").ram("ListUsers", &[]).assert_ok();
    leak(false);
    buyer.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn permissions_are_checked_before_gates() {
    let lab = Lab::with_scenario("accounts: [{name: cn, keys: [{}], users: [{name: nobody, keys: [{}]}]}]");

    create_instance(&lab.user("cn", "nobody"), "cn-hangzhou").assert_refused(403, "Forbidden.RAM");
    create_instance(&lab.root("cn"), "cn-hangzhou").assert_refused(403, "RealNameAuthenticationError");
}

#[test]
fn a_service_that_is_not_activated_refuses() {
    let (lab, buyer) = buyer();
    let activate = |value: &'static str| {
        change_account(&lab, "cn", |tx, uid| {
            tx.account_of(uid)?.0.affairs_mut().set_business("Ram", "activated", value);
            Ok(())
        });
    };
    activate("false");

    assert_eq!(
        buyer.ram("ListUsers", &[]).assert_refused(404, "Inactive"),
        "Account is inactive to this service"
    );
    buyer.sts("GetCallerIdentity", &[]).assert_ok();
    activate("true");
    buyer.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn the_gates_of_a_world_come_before_the_built_in_gates() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("cn");
    let set = |gates: Vec<Gate>| {
        change_account(&lab, "cn", |tx, _| {
            tx.set_gates(gates);
            Ok(())
        });
    };
    let gate = |product: &str, action: Option<&str>, requires: &[Requirement]| Gate {
        product: Some(product.to_owned()),
        action: action.map(str::to_owned),
        requires: requires.to_vec(),
        ..Gate::default()
    };
    set(vec![gate("Ecs", None, &[]), gate("Sts", Some("Get*"), &[Requirement::Verified])]);

    assert_no_gate_refuses(&create_instance(&root, "cn-hangzhou"));
    root.sts("GetCallerIdentity", &[]).assert_refused(403, "RealNameAuthenticationError");
    root.ram("ListUsers", &[]).assert_ok();
    set(vec![]);
    create_instance(&root, "cn-hangzhou").assert_refused(403, "RealNameAuthenticationError");
    root.sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn a_verification_that_has_not_propagated_does_not_pass_a_gate() {
    let lab = Lab::with_scenario(SEED);
    change_account(&lab, "cn", |tx, uid| {
        tx.set_propagation(Propagation { account_verified: Spread::AfterCalls(1), ..Propagation::default() });
        tx.pay(uid, 5000)
    });
    verify_account(&lab, "cn");
    let root = lab.root("cn");

    create_instance(&root, "cn-hangzhou").assert_refused(403, "RealNameAuthenticationError");
    assert_eq!(lab.last_record().unseen.len(), 1);
    assert_no_gate_refuses(&create_instance(&root, "cn-hangzhou"));
}

#[test]
fn a_refusal_in_the_body_exists_in_xml_too_and_is_journaled() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("cn").in_xml();

    let reply = root.call(BSS, "CreateInstance", &[]);

    assert_eq!(reply.status, 200);
    let end = "<Code>ORDER.ACCOUNT_STATUS_ILLEGAL</Code><Message>Please complete your basic personal information first.</Message><Success>false</Success></CreateInstanceResponse>";
    assert!(reply.body.ends_with(end), "{}", reply.body);
    let record = lab.last_record();
    let refused = record.refused.as_ref().unwrap();
    assert_eq!((record.status, &*refused.code), (200, "ORDER.ACCOUNT_STATUS_ILLEGAL"));
    assert_eq!(refused.note.as_deref(), Some("the account does not meet `Verified`, which a gate requires"));
}
