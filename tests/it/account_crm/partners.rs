//! What a partner registers and changes, and what a mailbox must confirm.

use super::Stage;
use crate::support::{Reply, field_texts};
use alimock::world::{NotDone, Refusal};
use serde_json::Value;

fn create_partner_account(stage: &Stage, more: &[(&str, &str)]) -> Reply {
    stage.partner.account_crm("CreateAgAccount", &[&[("Mpk", stage.mpk.as_str())], more].concat())
}

fn count_accounts(stage: &Stage) -> Value {
    stage.partner.account_crm("QueryAgRelationCountAndQuota", &[]).assert_ok()["Data"]["AccountCount"].clone()
}

#[test]
fn a_partner_registers_an_account_and_reads_its_owner() {
    let stage = Stage::new();
    let made = create_partner_account(
        &stage,
        &[("LoginEmail", "child@example.com"), ("ShowNickName", "Child"), ("NationCode", "SG")],
    )
    .assert_ok();
    let pk = made["AgRelationDto"]["Pk"].as_str().unwrap();

    let relation = stage.partner.account_crm("GetAgRelation", &[("Pk", pk)]).assert_ok();

    assert_eq!(relation["AgRelationDto"], made["AgRelationDto"]);
    assert_eq!(
        (&relation["AgRelationDto"]["Mpk"], &relation["AgRelationDto"]["Type"]),
        (&stage.mpk.clone().into(), &"BID".into())
    );
    let list = format!("{pk}, {}, {}, x", stage.pk, stage.lab.uid("stranger"));
    let found = stage
        .partner
        .account_crm("BatchQueryAgAccount", &[("Mpk", &stage.mpk), ("PkList", &list)])
        .assert_ok();
    let found = found["AgAccounts"].as_array().unwrap();
    assert_eq!(
        (field_texts(found, "Pk"), &found[0]["ShowNickName"]),
        (vec![pk.to_owned(), stage.pk.clone()], &"Child".into())
    );
    stage
        .stranger
        .account_crm("GetAgRelation", &[("Pk", &stage.lab.uid("stranger"))])
        .assert_refused(200, "AG_RELATION_NOT_EXIST");
}

#[test]
fn names_contacts_and_quota_are_checked_and_a_refusal_changes_nothing() {
    let stage = Stage::new();
    create_partner_account(&stage, &[("LoginEmail", "child@example.com")]).assert_ok();
    let before = stage.state_version();

    create_partner_account(&stage, &[("LoginEmail", "Child@example.com")])
        .assert_refused(200, "EntityAlreadyExists.AliyunId");
    create_partner_account(&stage, &[("LoginEmail", "child")])
        .assert_refused(400, "InvalidParameter.LoginEmail.Format");
    create_partner_account(&stage, &[("NationCode", "Singapore")])
        .assert_refused(400, "InvalidParameter.NationCode.Format");
    stage.rival.account_crm("CreateAgAccount", &[("Mpk", &stage.mpk)]).assert_refused(403, "Bid Mismatch");
    stage.demo.account_crm("CreateAgAccount", &[("Mpk", &stage.mpk)]).assert_refused(403, "Not Bid");
    assert_eq!(stage.state_version(), before);
    stage.change_world(|tx| {
        let rules = alimock::world::settings::AccountRules { accounts_per_partner: 2, ..tx.rules().clone() };
        tx.set_rules(rules);
        Ok(())
    });
    let refused = create_partner_account(&stage, &[]).json();

    assert_eq!(
        (&refused["Code"], &refused["Success"]),
        (&"OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT".into(), &false.into())
    );
    assert_eq!(count_accounts(&stage), 2);
}

#[test]
fn staff_registers_with_password_and_contacts() {
    let stage = Stage::new();
    let params = [
        ("Bid", "26842"),
        ("Email", "staff@example.com"),
        ("Mobile", "86-13900001111"),
        ("IsMobileLogin", "true"),
    ];
    let register = |password: &str| {
        let params = [&params[..], &[("PlainPassword", password)]].concat();
        stage.partner.account_crm("RegisterInternalAccountForBuc", &params)
    };
    let before = stage.state_version();
    register("short").assert_refused(200, "PASSWORD_TOO_WEAK");
    stage.demo.account_crm("RegisterInternalAccountForBuc", &params).assert_refused(403, "Not Bid");
    stage
        .partner
        .account_crm("RegisterInternalAccountForBuc", &params[1..])
        .assert_refused(400, "MissingBid");
    assert_eq!(stage.state_version(), before);

    let made = register("Secret-1234").assert_ok();

    let data = &made["Data"];
    assert_eq!(
        (&data["Site"], &data["OwnerBid"], &data["ParentPk"]),
        (&"CN".into(), &"26842".into(), &stage.mpk.clone().into())
    );
    let kept = stage.lab.world().state();
    let account = kept.account_named("staff@example.com").unwrap();
    assert!(account.security.has_password() && account.security.mobile_login);
    let record = serde_json::to_string(&*stage.lab.last_record()).unwrap();
    assert!(!record.contains("Secret-1234"), "{record}");
}

#[test]
fn a_registration_waits_for_the_email_confirmation() {
    let stage = Stage::new();
    let params =
        [("LoginEmail", "asked@example.com"), ("MaserAccountInfo", "x"), ("Mpk", stage.mpk.as_str())];
    let number = stage.partner.account_crm("AsyncCreateAgAccount", &params).assert_ok()["TraceNo"]
        .as_str()
        .unwrap()
        .to_owned();
    let about = |who: &crate::support::Actor, action: &str| {
        who.account_crm(
            action,
            &[("Mpk", stage.mpk.as_str()), ("TraceNo", &number), ("TraceNoList", &number)],
        )
    };
    let trace = || about(&stage.partner, "BatchQueryCreateAccountTrace").assert_ok()["Traces"][0].clone();
    assert_eq!(
        (&trace()["Status"], &trace()["Pk"], count_accounts(&stage)),
        (&"WAITING".into(), &"".into(), 1.into())
    );
    assert!(stage.last_mail().to == "asked@example.com" && stage.last_mail().text.contains(&number));
    let sent = stage.last_mail().number;
    about(&stage.partner, "ResendAsyncCreateAgAccount").assert_ok();
    assert_eq!(stage.last_mail().number, sent + 1);

    let confirm = serde_json::json!({"confirm": {"to": "asked@example.com"}});
    stage.lab.run_command(confirm.clone()).unwrap();
    assert_eq!(stage.lab.run_command(confirm), Err(NotDone::Refused(Refusal::NoSuchTrace)));
    let world = stage.lab.world().state();
    let is_theirs = |text: &str| text == "asked@example.com";
    let mut accounts = world.accounts.values();
    let made = accounts.find(|one| one.profile.email.as_ref().is_some_and(|email| is_theirs(email.as_str())));
    let uid = made.unwrap().uid;

    assert_eq!(
        (&trace()["Status"], &trace()["Pk"], count_accounts(&stage)),
        (&"CONFIRMED".into(), &uid.to_string().into(), 2.into())
    );
    for action in ["ResendAsyncCreateAgAccount", "CancelAsyncCreateAgAccount"] {
        about(&stage.partner, action).assert_refused(200, "TRACE_FINISHED");
        about(&stage.rival, action).assert_refused(403, "Bid Mismatch");
        about(&stage.demo, action).assert_refused(403, "Not Bid");
    }
    // It is a trace of the other family.
    about(&stage.partner, "CancelAsyncModifyLoginEmail").assert_refused(200, "TRACE_NOT_EXIST");
    assert_eq!(
        about(&stage.partner, "BatchQueryModifyLoginEmailTrace").assert_ok()["Traces"],
        serde_json::json!([])
    );
}

#[test]
fn a_cancelled_registration_can_not_be_confirmed() {
    let stage = Stage::new();
    let params =
        [("LoginEmail", "asked@example.com"), ("MaserAccountInfo", "x"), ("Mpk", stage.mpk.as_str())];
    let number = stage.partner.account_crm("AsyncCreateAgAccount", &params).assert_ok()["TraceNo"]
        .as_str()
        .unwrap()
        .to_owned();

    let cancelled = stage
        .partner
        .account_crm("CancelAsyncCreateAgAccount", &[("Mpk", &stage.mpk), ("TraceNo", &number)])
        .assert_ok();

    assert_eq!(cancelled["Success"], "true");
    let world = stage.lab.world();
    let now = world.clock.now().resource;
    let confirmed = world.commit(now, alimock::world::By::OURSELVES, |tx| tx.confirm_trace(&number));
    assert_eq!(confirmed.map(|_| ()), Err(Refusal::TraceDone));
    assert_eq!(count_accounts(&stage), 1);
}

#[test]
fn a_new_login_email_must_be_confirmed_and_then_replaces_the_login_name() {
    let stage = Stage::new();
    stage.call_about_account("ChangeAgSecurityEmail", &[("SecurityEmail", "demo@example.com")]).assert_ok();
    stage
        .call_about_account("AsyncModifyAgLoginEmail", &[("NewLoginEmail", "none")])
        .assert_refused(400, "InvalidParameter.NewLoginEmail.Format");
    let number = stage
        .call_about_account("AsyncModifyAgLoginEmail", &[("NewLoginEmail", "new@example.com")])
        .assert_ok();
    let number = number["TraceNo"].as_str().unwrap();
    let trace = || {
        let of = [("Mpk", stage.mpk.as_str()), ("TraceNoList", number)];
        stage.partner.account_crm("BatchQueryModifyLoginEmailTrace", &of).assert_ok()["Traces"][0].clone()
    };
    assert_eq!(
        (&trace()["NowLoginEmail"], &trace()["NewLoginEmail"]),
        (&"demo@example.com".into(), &"new@example.com".into())
    );

    stage.change_world(|tx| tx.confirm_trace(number));

    assert_eq!(
        (&trace()["NowLoginEmail"], &trace()["OldLoginEmail"]),
        (&"new@example.com".into(), &"demo@example.com".into())
    );
    assert_eq!(stage.read_account(|demo| demo.profile.login_name.to_string()), "new@example.com");
    let taken = [("Mpk", stage.mpk.as_str()), ("LoginEmail", "new@example.com"), ("MaserAccountInfo", "x")];
    stage.partner.account_crm("AsyncCreateAgAccount", &taken).assert_refused(200, "EMAIL_EXISTS");
}

#[test]
fn a_registration_is_not_confirmed_if_its_email_was_taken_meanwhile() {
    let stage = Stage::new();
    let number = stage
        .call_about_account("AsyncModifyAgLoginEmail", &[("NewLoginEmail", "new@example.com")])
        .assert_ok();
    create_partner_account(&stage, &[("LoginEmail", "new@example.com")]).assert_ok();
    let before = stage.state_version();

    let world = stage.lab.world();
    let (now, number) = (world.clock.now().resource, number["TraceNo"].as_str().unwrap());
    let confirmed = world.commit(now, alimock::world::By::OURSELVES, |tx| tx.confirm_trace(number));

    assert_eq!(confirmed.map(|_| ()), Err(Refusal::EmailTaken));
    assert_eq!(stage.state_version(), before);
}

#[test]
fn contacts_country_and_address_are_changed_by_the_partner() {
    let stage = Stage::new();
    stage.call_about_account("ChangeAgSecurityMobile", &[("SecurityMobile", "86-13900001111")]).assert_ok();
    stage
        .call_about_account("ChangeAgAccountNationalityCode", &[("PK", &stage.pk), ("NationalityCode", "SG")])
        .assert_ok();
    stage
        .call_about_account(
            "UpdateAgAccountAddressInfo",
            &[("PK", &stage.pk), ("City", "Hangzhou"), ("PostCode", "310000")],
        )
        .assert_ok();
    stage
        .call_about_account("UpdateAgAccountAddressInfo", &[("PK", &stage.pk), ("City", "Ningbo")])
        .assert_ok();

    assert_eq!(
        stage.call_about_account("QueryAgSecurityMobile", &[]).assert_ok()["SecurityMobile"],
        "86-13900001111"
    );

    let info = stage.demo.account_crm("QueryAccountProfileInfo", &[]).assert_ok()["ProfileInfo"].clone();
    assert_eq!(
        (&info["NationalityCode"], &info["City"]["Name"], &info["PostCode"]),
        (&"SG".into(), &"Ningbo".into(), &"310000".into())
    );
    stage
        .call_about_account("ChangeAgSecurityMobile", &[("SecurityMobile", "139")])
        .assert_refused(400, "InvalidParameter.SecurityMobile.Format");
    stage
        .call_about_account("ChangeAgSecurityEmail", &[("SecurityEmail", "x")])
        .assert_refused(400, "InvalidParameter.SecurityEmail.Format");
}

#[test]
fn a_released_account_no_longer_belongs_to_the_partner() {
    for action in ["ReleaseAgAccount", "SeparateAgRelation"] {
        let stage = Stage::new();

        stage.call_about_account(action, &[]).assert_ok();

        stage.call_about_account(action, &[]).assert_refused(403, "Bid Mismatch");
        assert_eq!(count_accounts(&stage), 0);
        stage
            .demo
            .account_crm("GetAgRelation", &[("Pk", &stage.pk)])
            .assert_refused(200, "AG_RELATION_NOT_EXIST");
        stage.demo.sts("GetCallerIdentity", &[]).assert_ok();
    }
}

#[test]
fn a_profile_stores_only_the_fields_that_its_owner_may_set() {
    let stage = Stage::new();
    let create = |json: &str| stage.demo.account_crm("CreateAccountProfileInfo", &[("AccountJson", json)]);
    create(r#"{"NickName": "demo", "Fax": 4}"#).assert_ok();
    let before = stage.state_version();
    create(r#"{"IsCertified": "1"}"#).assert_refused(400, "InvalidParameter");
    create(r#"{"HavanaId": "7"}"#).assert_refused(400, "InvalidParameter");
    create("[]").assert_refused(400, "InvalidParameter.AccountJson.Format");
    create(&format!(r#"{{"AliyunPK": "{}", "NickName": "x"}}"#, stage.mpk)).assert_refused(403, "Not Bid");
    assert_eq!(stage.state_version(), before);

    let info =
        stage.partner.account_crm("QueryAccountProfileInfo", &[("PK", &stage.pk)]).assert_ok()["ProfileInfo"]
            .clone();

    assert_eq!(
        (&info["NickName"], &info["Fax"], &info["IsCertified"]),
        (&"demo".into(), &"4".into(), &"0".into())
    );
    let masked =
        stage.demo.account_crm("QueryEncryptedAccountProfileInfo", &[]).assert_ok()["EncryptedProfileInfo"]
            .clone();
    assert_eq!(
        (&masked["EncryptedAliyunID"], &masked["IsAliyunIdAnEmail"]),
        (&"d***o@example.com".into(), &true.into())
    );
}

#[test]
fn an_account_is_found_by_name_if_the_other_criteria_match() {
    let stage = Stage::new();
    let find = |more: &[(&str, &str)]| {
        let name = [("AliyunId", "demo@example.com")];
        stage.partner.account_crm("GetAliyunPKByAliyunID", &[&name[..], more].concat())
    };

    assert_eq!(find(&[("PK", &stage.pk)]).assert_ok()["Data"], *stage.pk);

    find(&[("Mobile", "86-13900001111")]).assert_refused(404, "Invalid PK");
    stage
        .rival
        .account_crm("GetAliyunPKByAliyunID", &[("AliyunId", "demo@example.com")])
        .assert_refused(403, "Bid Mismatch");
    let own =
        stage.demo.account_crm("GetAliyunIdByPk", &[("AppName", "test"), ("Pk", &stage.pk)]).assert_ok();
    assert_eq!(own["AliyunId"], "demo@example.com");
    assert_eq!(stage.demo.account_crm("QueryAccountSite", &[("Pk", &stage.pk)]).assert_ok()["Site"], "CN");
}
