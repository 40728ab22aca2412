//! Agency: a partner invites customers and keeps their accounts and credit. Source: docs/evidence/account.md 1.6 and 3.6.

use crate::support::answers::{AGENCY, BSS};
use crate::support::{Actor, Lab, uid};
use alimock::text::{LoginName, Scalar, Site, Uid};
use alimock::world::account::{Hold, Profile, Status};
use alimock::world::{Refusal, Registration};
use serde_json::{Value, json};
use std::sync::Arc;

#[track_caller]
fn create_customer(partner: &Actor) -> String {
    let params = [
        ("CustomerName", "DoorBell Marketing"),
        ("CustomerSource", "website"),
        ("CustomerTrade", "01"),
        ("Nation", "SG"),
    ];
    partner.call_ok(AGENCY, "CreateCustomer", &params)["Message"].as_str().unwrap().to_owned()
}

/// What an invitation holds.
fn invitation_params<'a>(customer: &'a str, email: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("AccountInfoList.1.AccountNickname", "Bell Ltd"),
        ("AccountInfoList.1.CreditLine", "100"),
        ("AccountInfoList.1.CustomerBd", "Wu"),
        ("AccountInfoList.1.CustomerId", customer),
        ("AccountInfoList.1.EmailAddress", email),
        ("AccountInfoList.1.NewBuyStatus", "ban"),
        ("AccountInfoList.1.Remark", "first"),
        ("AccountInfoList.1.SubAccountType", "2"),
        ("AccountInfoList.1.ZeroCreditShutdownPolicy", "3"),
    ]
}

#[track_caller]
fn send_invitation(partner: &Actor, email: &str) -> Value {
    let cid = create_customer(partner);
    let reply = partner.call_ok(AGENCY, "InviteSubAccount", &invitation_params(&cid, email));
    let one = reply["Results"]["Result"][0].clone();
    assert_eq!(one["Code"], "200", "{one}");
    one["Result"].clone()
}

fn registration(name: &str) -> Registration {
    let profile = Profile::new(Site::International, LoginName::parse(name).unwrap());
    Registration { profile, password: None, captcha: None }
}

/// Registers with an invitation, as its address lets one.
fn accept_invitation(lab: &Arc<Lab>, invite: &Value, name: &str) -> Result<Uid, Refusal> {
    let url = invite["RegUrl"].as_str().unwrap();
    let token = url.split_once('=').unwrap().1;
    let mut fork = None;
    lab.change_world(|tx| {
        let mut copy = tx.fork();
        let done = copy.accept_invite(token, registration(name));
        if done.is_ok() {
            *tx = copy;
        }
        fork = Some(done);
        Ok(())
    });
    fork.unwrap()
}

#[track_caller]
fn invitation_status(partner: &Actor, id: &str) -> Value {
    partner.read_ok(AGENCY, "GetInviteStatus", &[("InviteStatusList.1.InviteId", id)])["Data"]["InviteStatus"]
        [0]
    .clone()
}

#[track_caller]
fn credit_info(partner: &Actor, pk: &str) -> Value {
    partner.read_ok(AGENCY, "GetCreditInfo", &[("Uid", pk)])["Data"].clone()
}

#[test]
fn every_action_answers_in_the_shape_its_sdk_reads() {
    let lab = Lab::new();
    let partner = lab.root("operator");
    let (demo, page) = (lab.uid("demo"), [("CurrentPage", "1"), ("PageSize", "10")]);

    let invite = send_invitation(&partner, "bell@example.com");
    partner.call_ok(AGENCY, "ResendEmail", &[("InviteId", &invite["InviteId"].to_string())]);
    invitation_status(&partner, &invite["InviteId"].to_string());
    let open = partner.read_ok(AGENCY, "GetUnassociatedCustomer", &page);
    assert_eq!(open["InviteInfoList"]["InviteInfo"][0]["Email"], "bell@example.com");
    partner.call_ok(AGENCY, "EditNewBuyStatus", &[("Uid", &demo), ("NewBuyStatus", "ban")]);
    partner.call_ok(AGENCY, "EditEndUserStatus", &[("Uid", &demo), ("CreditStatus", "postPayFreeze")]);
    partner.call_ok(AGENCY, "EditZeroCreditShutdown", &[("Uid", &demo), ("ShutdownPolicy", "noStop")]);
    partner.call_ok(AGENCY, "SetCreditLine", &[("Uid", &demo), ("CreditLine", "1000.5")]);
    partner.call_ok(
        AGENCY,
        "SetAccountInfo",
        &[("Uid", &demo), ("AccountNickname", "Demo"), ("CustomerBd", "Li")],
    );
    assert_eq!(
        credit_info(&partner, &demo),
        json!({
            "AccountStatus": "normal", "AvailableCredit": "1100.50", "ConsumedUndeductedValue": "0.00",
            "CreditLine": "1000.50", "OutstandingBalance": "0.00", "PAYGFreezeStatus": "freeze",
            "ZeroCreditShutdownPolicy": "noStop", "newBuyStatus": "ban",
        })
    );
    let info = partner.read_ok(AGENCY, "GetAccountInfo", &[page[0], page[1], ("Uid", &demo)]);
    let one = &info["AccountInfoList"]["AccountInfo"][0];
    assert_eq!(
        (&one["AccountNickname"], &one["CustomerBd"], &one["CustomerEnterpriseCertified"]),
        (&"Demo".into(), &"Li".into(), &1.into())
    );
    lab.assert_every_operation_reached("Agency");
}

#[test]
fn an_invited_customer_registers_and_gets_what_was_offered() {
    let lab = Lab::new();
    let partner = lab.root("operator");
    let invite = send_invitation(&partner, "bell@example.com");
    let id = invite["InviteId"].to_string();
    let mail = lab.world().state().registry.outbox.iter().next_back().unwrap().clone();
    assert_eq!((mail.to.as_str(), invite["Days"].as_u64()), ("bell@example.com", Some(7)));
    assert!(mail.text.contains(invite["RegUrl"].as_str().unwrap()));
    assert_eq!(invitation_status(&partner, &id)["InviteStatusList"]["Status"], 0);

    let take = json!({"acceptInvite": {"to": "bell@example.com", "name": "bellring"}});
    lab.run_command(take.clone()).unwrap();
    assert!(lab.run_command(take).unwrap_err().to_string().contains("another account is named `bellring`"));
    let state = lab.world().state();
    let pk = state.accounts.values().find(|one| one.label == "bellring").unwrap().uid.to_string();

    let shown = invitation_status(&partner, &id)["InviteStatusList"].clone();
    assert_eq!(
        (&shown["Status"], shown["Uid"].to_string(), &shown["SubAccountType"]),
        (&1.into(), pk.clone(), &"2".into())
    );
    assert!(shown["AssociationSuccessTime"].is_string());
    let credit = credit_info(&partner, &pk);
    assert_eq!(
        (&credit["CreditLine"], &credit["newBuyStatus"], &credit["ZeroCreditShutdownPolicy"]),
        (&"100.00".into(), &"ban".into(), &"immediatelyStop".into())
    );
    let page = [("CurrentPage", "1"), ("PageSize", "10"), ("UserType", "1")];
    let infos = partner.read_ok(AGENCY, "GetAccountInfo", &page)["AccountInfoList"]["AccountInfo"].clone();
    assert_eq!(infos.as_array().unwrap().len(), 1);
    let info = &infos[0];
    assert_eq!((info["Uid"].to_string(), &info["Email"]), (pk, &"bell@example.com".into()));
    assert_eq!((&info["AccountNickname"], &info["Cid"]), (&"Bell Ltd".into(), &shown["Cid"]));
    let open = partner.call_ok(AGENCY, "GetUnassociatedCustomer", &page[..2]);
    assert_eq!(open["PageInfo"]["Total"], 0);
    assert_eq!(accept_invitation(&lab, &invite, "secondone"), Err(Refusal::InviteTaken));
    partner.assert_call_refused(200, "3060", AGENCY, "ResendEmail", &[("InviteId", &id)]);
}

#[test]
fn an_invitation_expires() {
    let lab = Lab::new();
    let partner = lab.root("operator");
    let invite = send_invitation(&partner, "bell@example.com");
    let id = invite["InviteId"].to_string();
    lab.advance_clock("168h");

    assert_eq!(invitation_status(&partner, &id)["InviteStatusList"]["Status"], 2);
    assert_eq!(accept_invitation(&lab, &invite, "bellring"), Err(Refusal::InviteExpired));
    partner.assert_call_refused(200, "3061", AGENCY, "ResendEmail", &[("InviteId", &id)]);
    assert_eq!(accept_invitation(&lab, &json!({"RegUrl": "x=none"}), "bellring"), Err(Refusal::NoSuchInvite));
}

#[test]
fn at_most_ten_mails_are_sent_in_five_minutes() {
    let lab = Lab::new();
    let partner = lab.root("operator");
    let id = send_invitation(&partner, "bell@example.com")["InviteId"].to_string();
    let params = [("InviteId", id.as_str())];
    for _ in 0..9 {
        partner.call_ok(AGENCY, "ResendEmail", &params);
    }

    let message = partner.assert_call_refused(200, "3058", AGENCY, "ResendEmail", &params);

    assert_eq!(message, "Frequent sending, the limit is 10 emails in every 5 minutes.");
    lab.advance_clock("5m");
    partner.call_ok(AGENCY, "ResendEmail", &params);
    partner.assert_call_refused(200, "3057", AGENCY, "ResendEmail", &[]);
    partner.assert_call_refused(200, "3060", AGENCY, "ResendEmail", &[("InviteId", "7")]);
    partner.assert_call_refused(
        400,
        "InvalidParameter.InviteId.Format",
        AGENCY,
        "ResendEmail",
        &[("InviteId", "x")],
    );
    partner.assert_call_refused(200, "3057", AGENCY, "GetInviteStatus", &[]);
    assert_eq!(invitation_status(&partner, "7")["Code"], "3060");
}

#[test]
fn several_customers_are_invited_at_once_and_an_invalid_one_does_not_affect_the_others() {
    let lab = Lab::new();
    let partner = lab.root("operator");
    let cid = create_customer(&partner);
    let one = |customer: &str, email: &str| {
        let mut fields = serde_json::Map::new();
        for (name, value) in invitation_params(customer, email) {
            fields.insert(name.rsplit('.').next().unwrap().to_owned(), value.into());
        }
        Value::Object(fields)
    };
    let invite = |list: Vec<Value>| {
        let list = Value::from(list).to_string();
        partner.call_ok(AGENCY, "InviteSubAccount", &[("AccountInfoList", &list)])["Results"]["Result"]
            .clone()
    };

    let taken =
        invite(vec![one(&cid, "a@example.com"), one("7", "b@example.com"), one(&cid, "c@example.com")]);

    let codes: Vec<_> = taken.as_array().unwrap().iter().map(|one| one["Code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["200", "CUSTOMER_NOT_EXIST", "200"]);
    accept_invitation(&lab, &taken[0]["Result"], "aaaaaa").unwrap();
    let again = invite(vec![one(&cid, "A@example.com")]);
    assert_eq!((&again[0]["Code"], &again[0]["Success"]), (&"EMAIL_EXISTS".into(), &false.into()));
    let six = Value::from(vec![one(&cid, "d@example.com"); 6]).to_string();
    let params = [("AccountInfoList", six.as_str())];
    partner.assert_call_refused(
        400,
        "InvalidParameter.AccountInfoList.Length",
        AGENCY,
        "InviteSubAccount",
        &params,
    );
    partner.assert_call_refused(400, "MissingAccountInfoList", AGENCY, "InviteSubAccount", &[]);
    let good = invitation_params(&cid, "e@example.com");
    for (name, value) in &good {
        let field = name.rsplit('.').next().unwrap();
        if ["CustomerBd", "Remark"].contains(&field) {
            continue;
        }
        let some: Vec<_> = good.iter().filter(|(other, _)| other != name).copied().collect();
        partner.assert_call_refused(400, &format!("Missing{field}"), AGENCY, "InviteSubAccount", &some);
        let wrong: Vec<_> =
            good.iter().map(|(other, value)| (*other, if other == name { "!" } else { value })).collect();
        if field == "CreditLine" {
            let most = good.iter().map(|one| if one.0 == *name { (*name, "10000000000001") } else { *one });
            let most: Vec<_> = most.collect();
            partner.assert_call_refused(
                400,
                "InvalidParameter.CreditLine.Format",
                AGENCY,
                "InviteSubAccount",
                &most,
            );
        }
        if field != "AccountNickname" {
            let reply = partner.call(AGENCY, "InviteSubAccount", &wrong);
            assert_eq!(reply.status, 400, "{field} {value}: {}", reply.body);
        }
    }
    let nation = [("CustomerName", "n"), ("CustomerSource", "s"), ("CustomerTrade", "t"), ("Nation", "Mars")];
    partner.assert_call_refused(400, "InvalidParameter.Nation.Format", AGENCY, "CreateCustomer", &nation);
}

#[test]
fn limits_set_by_the_partner_apply_to_purchases() {
    let lab = Lab::new();
    let (partner, demo, pk) = (lab.root("operator"), lab.root("demo"), lab.uid("demo"));
    let buy = [("ProductCode", "oss"), ("SubscriptionType", "PayAsYouGo")];
    for (action, name, off, on) in [
        ("EditNewBuyStatus", "NewBuyStatus", "ban", "cancelBan"),
        ("EditEndUserStatus", "CreditStatus", "postPayFreeze", "postPayThaw"),
    ] {
        assert_eq!(partner.call_ok(AGENCY, action, &[("Uid", &pk), (name, off)])["Data"], "true");
        demo.assert_call_refused(200, "NOT_AUTHORIZED", BSS, "CreateInstance", &buy);
        partner.call_ok(AGENCY, action, &[("Uid", &pk), (name, on)]);
        demo.call_ok(BSS, "CreateInstance", &buy);
        partner.assert_call_refused(
            400,
            &format!("InvalidParameter.{name}"),
            AGENCY,
            action,
            &[("Uid", &pk), (name, "x")],
        );
    }
}

#[test]
fn the_credit_line_begins_and_ends_arrears() {
    let lab = Lab::new();
    let (partner, pk) = (lab.root("operator"), lab.uid("demo"));
    let line =
        |amount: &str| partner.call_ok(AGENCY, "SetCreditLine", &[("Uid", &pk), ("CreditLine", amount)]);
    line("1000");
    lab.change_world(|tx| tx.set_standing(uid(&pk), None, Some(-20_000), None));
    let first = credit_info(&partner, &pk);
    assert_eq!(
        (&first["AvailableCredit"], &first["OutstandingBalance"], &first["AccountStatus"]),
        (&"800.00".into(), &"200.00".into(), &"normal".into())
    );

    line("100");

    assert_eq!(credit_info(&partner, &pk)["AccountStatus"], "arrearsNotShutdown");
    lab.advance_clock("24h");
    assert_eq!(credit_info(&partner, &pk)["AccountStatus"], "shutdown");
    line("200");
    assert_eq!(credit_info(&partner, &pk)["AccountStatus"], "normal");
    let policy = [("Uid", pk.as_str()), ("ShutdownPolicy", "immediatelyStop")];
    partner.call_ok(AGENCY, "EditZeroCreditShutdown", &policy);
    line("0");
    assert_eq!(credit_info(&partner, &pk)["AccountStatus"], "shutdown");
    for wrong in ["-1", "much", "1.234", "99999999999999999"] {
        partner.assert_call_refused(
            200,
            "3041",
            AGENCY,
            "SetCreditLine",
            &[("Uid", &pk), ("CreditLine", wrong)],
        );
    }
}

#[test]
fn a_partner_changes_only_its_own_accounts_and_no_frozen_one() {
    let lab = Lab::new();
    let (partner, demo) = (lab.root("operator"), lab.root("demo"));
    let (pk, own) = (lab.uid("demo"), lab.uid("operator"));
    let actions = [
        ("SetAccountInfo", ("Remark", "x"), true),
        ("SetCreditLine", ("CreditLine", "1"), true),
        ("EditNewBuyStatus", ("NewBuyStatus", "ban"), true),
        ("EditEndUserStatus", ("CreditStatus", "postPayFreeze"), true),
        ("EditZeroCreditShutdown", ("ShutdownPolicy", "noStop"), true),
        ("GetCreditInfo", ("x", "x"), false),
    ];
    for (action, more, _) in actions {
        for stranger in ["1234567890123456", "x", own.as_str()] {
            partner.assert_call_refused(200, "3029", AGENCY, action, &[("Uid", stranger), more]);
        }
        demo.assert_call_refused(200, "NOT_AUTHORIZED", AGENCY, action, &[("Uid", &pk), more]);
        partner.assert_call_refused(400, "MissingUid", AGENCY, action, &[more]);
    }
    let page = [("CurrentPage", "1"), ("PageSize", "20")];
    demo.assert_call_refused(200, "NOT_AUTHORIZED", AGENCY, "GetUnassociatedCustomer", &page);
    demo.assert_call_refused(200, "NOT_AUTHORIZED", AGENCY, "GetAccountInfo", &page);

    lab.change_world(|tx| tx.hold(uid(&pk), Hold::Business, true));
    for (action, more, is_edit) in actions {
        if is_edit {
            partner.assert_call_refused(200, "3040", AGENCY, action, &[("Uid", &pk), more]);
        } else {
            partner.call_ok(AGENCY, action, &[("Uid", &pk), more]);
        }
    }
}

#[test]
fn accounts_are_listed_by_type_or_uid() {
    let lab = Lab::new();
    let (partner, pk) = (lab.root("operator"), lab.uid("demo"));
    lab.create_managed_account("member");
    let ask = |more: &[(&'static str, &str)]| {
        let all: Vec<_> = [("CurrentPage", "1"), ("PageSize", "20")].iter().chain(more).copied().collect();
        partner.read_ok(AGENCY, "GetAccountInfo", &all)["PageInfo"]["Total"].as_u64().unwrap()
    };
    let refused = |code, more: &[(&'static str, &'static str)]| {
        let all: Vec<_> = [("CurrentPage", "1"), ("PageSize", "20")].iter().chain(more).copied().collect();
        partner.assert_call_refused(200, code, AGENCY, "GetAccountInfo", &all);
    };

    assert_eq!((ask(&[("UserType", "1")]), ask(&[("UserType", "2")]), ask(&[("UserType", "3")])), (1, 1, 0));
    assert_eq!((ask(&[("Uid", &pk)]), ask(&[("Uid", &pk), ("UserType", "1")])), (1, 0));
    refused("3062", &[]);
    refused("3063", &[("UserType", "4")]);
    refused("3029", &[("Uid", "1234567890123456")]);
    let long = [("CurrentPage", "1"), ("PageSize", "21"), ("UserType", "1")];
    partner.assert_call_refused(400, "InvalidParameter.PageSize.Range", AGENCY, "GetAccountInfo", &long);
    partner.assert_call_refused(400, "MissingCurrentPage", AGENCY, "GetAccountInfo", &[("UserType", "1")]);
    let (nickname, remark, manager) = ("x".repeat(151), "x".repeat(3001), "x".repeat(51));
    let set = |status, code: &str, name: &str, value: &str| {
        partner.assert_call_refused(status, code, AGENCY, "SetAccountInfo", &[("Uid", &pk), (name, value)]);
    };
    set(200, "3030", "AccountNickname", &nickname);
    set(200, "3031", "Remark", &remark);
    set(400, "InvalidParameter.CustomerBd.Length", "CustomerBd", &manager);
}

#[test]
fn a_closed_account_no_longer_belongs_to_the_partner() {
    let lab = Lab::new();
    let (partner, pk) = (lab.root("operator"), lab.uid("demo"));

    lab.change_world(|tx| tx.set_standing(uid(&pk), Some(Status::Closed), None, None));

    partner.assert_call_refused(200, "3029", AGENCY, "SetCreditLine", &[("Uid", &pk), ("CreditLine", "1")]);
    partner.assert_call_refused(200, "3029", AGENCY, "GetCreditInfo", &[("Uid", &pk)]);
    partner.assert_call_refused(400, "InvalidOwner", BSS, "GetCustomerAccountInfo", &[("OwnerId", &pk)]);
    assert_eq!(partner.call_ok(BSS, "GetCustomerList", &[])["Data"]["UidList"], json!([]));
}
