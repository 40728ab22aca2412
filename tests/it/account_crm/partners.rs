//! What a partner registers and changes, and what a mailbox must confirm.

use super::Stage;
use crate::support::{Reply, texts};
use alimock::world::{NotDone, Refusal};
use serde_json::Value;

fn create(stage: &Stage, more: &[(&str, &str)]) -> Reply {
    stage.partner.account_crm("CreateAgAccount", &[&[("Mpk", stage.mpk.as_str())], more].concat())
}

fn count(stage: &Stage) -> Value {
    stage.partner.account_crm("QueryAgRelationCountAndQuota", &[]).ok()["Data"]["AccountCount"].clone()
}

#[test]
fn a_partner_registers_an_account_and_asks_whose_it_is() {
    let stage = Stage::new();
    let made = create(
        &stage,
        &[("LoginEmail", "child@example.com"), ("ShowNickName", "Child"), ("NationCode", "SG")],
    )
    .ok();
    let pk = made["AgRelationDto"]["Pk"].as_str().unwrap();

    let relation = stage.partner.account_crm("GetAgRelation", &[("Pk", pk)]).ok();

    assert_eq!(relation["AgRelationDto"], made["AgRelationDto"]);
    assert_eq!(
        (&relation["AgRelationDto"]["Mpk"], &relation["AgRelationDto"]["Type"]),
        (&stage.mpk.clone().into(), &"BID".into())
    );
    let list = format!("{pk}, {}, {}, x", stage.pk, stage.lab.uid("stranger"));
    let found =
        stage.partner.account_crm("BatchQueryAgAccount", &[("Mpk", &stage.mpk), ("PkList", &list)]).ok();
    let found = found["AgAccounts"].as_array().unwrap();
    assert_eq!(
        (texts(found, "Pk"), &found[0]["ShowNickName"]),
        (vec![pk.to_owned(), stage.pk.clone()], &"Child".into())
    );
    stage
        .stranger
        .account_crm("GetAgRelation", &[("Pk", &stage.lab.uid("stranger"))])
        .err(200, "AG_RELATION_NOT_EXIST");
}

#[test]
fn names_contacts_and_the_quota_are_looked_at_and_a_refusal_changes_nothing() {
    let stage = Stage::new();
    create(&stage, &[("LoginEmail", "child@example.com")]).ok();
    let before = stage.version();

    create(&stage, &[("LoginEmail", "Child@example.com")]).err(200, "EntityAlreadyExists.AliyunId");
    create(&stage, &[("LoginEmail", "child")]).err(400, "InvalidParameter.LoginEmail.Format");
    create(&stage, &[("NationCode", "Singapore")]).err(400, "InvalidParameter.NationCode.Format");
    stage.rival.account_crm("CreateAgAccount", &[("Mpk", &stage.mpk)]).err(403, "Bid Mismatch");
    stage.demo.account_crm("CreateAgAccount", &[("Mpk", &stage.mpk)]).err(403, "Not Bid");
    assert_eq!(stage.version(), before);
    stage.change(|tx| {
        let rules = alimock::world::settings::AccountRules { accounts_per_partner: 2, ..tx.rules().clone() };
        tx.set_rules(rules);
        Ok(())
    });
    let refused = create(&stage, &[]).json();

    assert_eq!(
        (&refused["Code"], &refused["Success"]),
        (&"OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT".into(), &false.into())
    );
    assert_eq!(count(&stage), 2);
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
    let before = stage.version();
    register("short").err(200, "PASSWORD_TOO_WEAK");
    stage.demo.account_crm("RegisterInternalAccountForBuc", &params).err(403, "Not Bid");
    stage.partner.account_crm("RegisterInternalAccountForBuc", &params[1..]).err(400, "MissingBid");
    assert_eq!(stage.version(), before);

    let made = register("Secret-1234").ok();

    let data = &made["Data"];
    assert_eq!(
        (&data["Site"], &data["OwnerBid"], &data["ParentPk"]),
        (&"CN".into(), &"26842".into(), &stage.mpk.clone().into())
    );
    let kept = stage.lab.world().state();
    let account = kept.account_named("staff@example.com").unwrap();
    assert!(account.security.has_password() && account.security.mobile_login);
    let record = serde_json::to_string(&*stage.lab.last()).unwrap();
    assert!(!record.contains("Secret-1234"), "{record}");
}

#[test]
fn a_registration_waits_for_the_mailbox() {
    let stage = Stage::new();
    let params =
        [("LoginEmail", "asked@example.com"), ("MaserAccountInfo", "x"), ("Mpk", stage.mpk.as_str())];
    let number = stage.partner.account_crm("AsyncCreateAgAccount", &params).ok()["TraceNo"]
        .as_str()
        .unwrap()
        .to_owned();
    let about = |who: &crate::support::Actor, action: &str| {
        who.account_crm(
            action,
            &[("Mpk", stage.mpk.as_str()), ("TraceNo", &number), ("TraceNoList", &number)],
        )
    };
    let trace = || about(&stage.partner, "BatchQueryCreateAccountTrace").ok()["Traces"][0].clone();
    assert_eq!(
        (&trace()["Status"], &trace()["Pk"], count(&stage)),
        (&"WAITING".into(), &"".into(), 1.into())
    );
    assert!(stage.mail().to == "asked@example.com" && stage.mail().text.contains(&number));
    let sent = stage.mail().number;
    about(&stage.partner, "ResendAsyncCreateAgAccount").ok();
    assert_eq!(stage.mail().number, sent + 1);

    let confirm = serde_json::json!({"confirm": {"to": "asked@example.com"}});
    stage.lab.command(confirm.clone()).unwrap();
    assert_eq!(stage.lab.command(confirm), Err(NotDone::Refused(Refusal::NoSuchTrace)));
    let world = stage.lab.world().state();
    let is_theirs = |text: &str| text == "asked@example.com";
    let mut accounts = world.accounts.values();
    let made = accounts.find(|one| one.profile.email.as_ref().is_some_and(|email| is_theirs(email.as_str())));
    let uid = made.unwrap().uid;

    assert_eq!(
        (&trace()["Status"], &trace()["Pk"], count(&stage)),
        (&"CONFIRMED".into(), &uid.to_string().into(), 2.into())
    );
    for action in ["ResendAsyncCreateAgAccount", "CancelAsyncCreateAgAccount"] {
        about(&stage.partner, action).err(200, "TRACE_FINISHED");
        about(&stage.rival, action).err(403, "Bid Mismatch");
        about(&stage.demo, action).err(403, "Not Bid");
    }
    // It is a trace of the other family.
    about(&stage.partner, "CancelAsyncModifyLoginEmail").err(200, "TRACE_NOT_EXIST");
    assert_eq!(
        about(&stage.partner, "BatchQueryModifyLoginEmailTrace").ok()["Traces"],
        serde_json::json!([])
    );
}

#[test]
fn a_cancelled_registration_can_not_be_confirmed() {
    let stage = Stage::new();
    let params =
        [("LoginEmail", "asked@example.com"), ("MaserAccountInfo", "x"), ("Mpk", stage.mpk.as_str())];
    let number = stage.partner.account_crm("AsyncCreateAgAccount", &params).ok()["TraceNo"]
        .as_str()
        .unwrap()
        .to_owned();

    let cancelled = stage
        .partner
        .account_crm("CancelAsyncCreateAgAccount", &[("Mpk", &stage.mpk), ("TraceNo", &number)])
        .ok();

    assert_eq!(cancelled["Success"], "true");
    let world = stage.lab.world();
    let now = world.clock.now().resource;
    let confirmed = world.commit(now, alimock::world::By::OURSELVES, |tx| tx.confirm_trace(&number));
    assert_eq!(confirmed.map(|_| ()), Err(Refusal::TraceDone));
    assert_eq!(count(&stage), 1);
}

#[test]
fn a_new_login_email_waits_for_its_mailbox_and_changes_the_name_that_was_one() {
    let stage = Stage::new();
    stage.about("ChangeAgSecurityEmail", &[("SecurityEmail", "demo@example.com")]).ok();
    stage
        .about("AsyncModifyAgLoginEmail", &[("NewLoginEmail", "none")])
        .err(400, "InvalidParameter.NewLoginEmail.Format");
    let number = stage.about("AsyncModifyAgLoginEmail", &[("NewLoginEmail", "new@example.com")]).ok();
    let number = number["TraceNo"].as_str().unwrap();
    let trace = || {
        let of = [("Mpk", stage.mpk.as_str()), ("TraceNoList", number)];
        stage.partner.account_crm("BatchQueryModifyLoginEmailTrace", &of).ok()["Traces"][0].clone()
    };
    assert_eq!(
        (&trace()["NowLoginEmail"], &trace()["NewLoginEmail"]),
        (&"demo@example.com".into(), &"new@example.com".into())
    );

    stage.change(|tx| tx.confirm_trace(number));

    assert_eq!(
        (&trace()["NowLoginEmail"], &trace()["OldLoginEmail"]),
        (&"new@example.com".into(), &"demo@example.com".into())
    );
    assert_eq!(stage.look(|demo| demo.profile.login_name.to_string()), "new@example.com");
    let taken = [("Mpk", stage.mpk.as_str()), ("LoginEmail", "new@example.com"), ("MaserAccountInfo", "x")];
    stage.partner.account_crm("AsyncCreateAgAccount", &taken).err(200, "EMAIL_EXISTS");
}

#[test]
fn a_mailbox_that_was_taken_meanwhile_confirms_nothing() {
    let stage = Stage::new();
    let number = stage.about("AsyncModifyAgLoginEmail", &[("NewLoginEmail", "new@example.com")]).ok();
    create(&stage, &[("LoginEmail", "new@example.com")]).ok();
    let before = stage.version();

    let world = stage.lab.world();
    let (now, number) = (world.clock.now().resource, number["TraceNo"].as_str().unwrap());
    let confirmed = world.commit(now, alimock::world::By::OURSELVES, |tx| tx.confirm_trace(number));

    assert_eq!(confirmed.map(|_| ()), Err(Refusal::EmailTaken));
    assert_eq!(stage.version(), before);
}

#[test]
fn contacts_country_and_address_are_changed_by_the_partner() {
    let stage = Stage::new();
    stage.about("ChangeAgSecurityMobile", &[("SecurityMobile", "86-13900001111")]).ok();
    stage.about("ChangeAgAccountNationalityCode", &[("PK", &stage.pk), ("NationalityCode", "SG")]).ok();
    stage
        .about(
            "UpdateAgAccountAddressInfo",
            &[("PK", &stage.pk), ("City", "Hangzhou"), ("PostCode", "310000")],
        )
        .ok();
    stage.about("UpdateAgAccountAddressInfo", &[("PK", &stage.pk), ("City", "Ningbo")]).ok();

    assert_eq!(stage.about("QueryAgSecurityMobile", &[]).ok()["SecurityMobile"], "86-13900001111");

    let info = stage.demo.account_crm("QueryAccountProfileInfo", &[]).ok()["ProfileInfo"].clone();
    assert_eq!(
        (&info["NationalityCode"], &info["City"]["Name"], &info["PostCode"]),
        (&"SG".into(), &"Ningbo".into(), &"310000".into())
    );
    stage
        .about("ChangeAgSecurityMobile", &[("SecurityMobile", "139")])
        .err(400, "InvalidParameter.SecurityMobile.Format");
    stage
        .about("ChangeAgSecurityEmail", &[("SecurityEmail", "x")])
        .err(400, "InvalidParameter.SecurityEmail.Format");
}

#[test]
fn an_account_that_is_released_is_the_partners_no_more() {
    for action in ["ReleaseAgAccount", "SeparateAgRelation"] {
        let stage = Stage::new();

        stage.about(action, &[]).ok();

        stage.about(action, &[]).err(403, "Bid Mismatch");
        assert_eq!(count(&stage), 0);
        stage.demo.account_crm("GetAgRelation", &[("Pk", &stage.pk)]).err(200, "AG_RELATION_NOT_EXIST");
        stage.demo.sts("GetCallerIdentity", &[]).ok();
    }
}

#[test]
fn a_profile_holds_what_its_owner_says_and_nothing_he_may_not_say() {
    let stage = Stage::new();
    let create = |json: &str| stage.demo.account_crm("CreateAccountProfileInfo", &[("AccountJson", json)]);
    create(r#"{"NickName": "demo", "Fax": 4}"#).ok();
    let before = stage.version();
    create(r#"{"IsCertified": "1"}"#).err(400, "InvalidParameter");
    create(r#"{"HavanaId": "7"}"#).err(400, "InvalidParameter");
    create("[]").err(400, "InvalidParameter.AccountJson.Format");
    create(&format!(r#"{{"AliyunPK": "{}", "NickName": "x"}}"#, stage.mpk)).err(403, "Not Bid");
    assert_eq!(stage.version(), before);

    let info = stage.partner.account_crm("QueryAccountProfileInfo", &[("PK", &stage.pk)]).ok()["ProfileInfo"]
        .clone();

    assert_eq!(
        (&info["NickName"], &info["Fax"], &info["IsCertified"]),
        (&"demo".into(), &"4".into(), &"0".into())
    );
    let masked =
        stage.demo.account_crm("QueryEncryptedAccountProfileInfo", &[]).ok()["EncryptedProfileInfo"].clone();
    assert_eq!(
        (&masked["EncryptedAliyunID"], &masked["IsAliyunIdAnEmail"]),
        (&"d***o@example.com".into(), &true.into())
    );
}

#[test]
fn an_account_is_found_by_its_name_when_the_rest_fits() {
    let stage = Stage::new();
    let find = |more: &[(&str, &str)]| {
        let name = [("AliyunId", "demo@example.com")];
        stage.partner.account_crm("GetAliyunPKByAliyunID", &[&name[..], more].concat())
    };

    assert_eq!(find(&[("PK", &stage.pk)]).ok()["Data"], *stage.pk);

    find(&[("Mobile", "86-13900001111")]).err(404, "Invalid PK");
    stage
        .rival
        .account_crm("GetAliyunPKByAliyunID", &[("AliyunId", "demo@example.com")])
        .err(403, "Bid Mismatch");
    let own = stage.demo.account_crm("GetAliyunIdByPk", &[("AppName", "test"), ("Pk", &stage.pk)]).ok();
    assert_eq!(own["AliyunId"], "demo@example.com");
    assert_eq!(stage.demo.account_crm("QueryAccountSite", &[("Pk", &stage.pk)]).ok()["Site"], "CN");
}
