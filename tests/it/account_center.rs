//! AccountCenter: an enterprise manages the accounts of its own. Source: docs/evidence/account.md 1.5 and 3.4.

use crate::support::answers::CENTER;
use crate::support::{Actor, Lab, field_texts, uid};
use alimock::text::{Password, Scalar};
use alimock::world::account::Hold;
use alimock::world::{LogIn, NotDone, Refusal};
use serde_json::{Value, json};
use std::sync::Arc;

/// Parameters about an account, with the `RequestId` that most actions demand.
fn params_about<'a>(pk: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [("RequestId", "r-1"), ("Pk", pk)].iter().chain(more).copied().collect()
}

#[track_caller]
fn login_settings(actor: &Actor, pk: &str) -> Value {
    actor.read_ok(CENTER, "EnterpriseAccountQueryLoginSettings", &[("Pk", pk)])["Data"].clone()
}

/// What becomes of a log-in to the console.
fn console_log_in(lab: &Arc<Lab>, login: &str, password: &str, address: &str) -> Result<(), Refusal> {
    let password = Password::parse(password).unwrap();
    let shown =
        LogIn { login, password, mfa_code: None, new_password: None, address: address.parse().unwrap() };
    lab.change_world(|tx| Ok(tx.log_in(&shown).map(drop)))
}

#[test]
fn every_action_answers_in_the_shape_its_sdk_reads() {
    let lab = Lab::new();
    let operator = lab.root("operator");
    let new = [
        ("RequestId", "r"),
        ("LoginEmail", "member@example.com"),
        ("EncryptPassword", "Secret-1234"),
        ("Alias", "shop"),
    ];

    let made = operator.call_ok(CENTER, "EnterpriseRegisterAccount", &new)["AccountInfo"].clone();
    assert_eq!(
        (&made["EnterpriseName"], &made["EnterpriseLicenseNo"], &made["LoginId"]),
        (&"Alimock Operator Ltd".into(), &"91330000MA27OPERTR".into(), &"member@example.com".into())
    );
    let pk = made["Pk"].as_str().unwrap();
    let pks = format!(r#"["{pk}"]"#);
    let list = [("RequestId", "r"), ("PksJson", pks.as_str())];
    let one = operator.read_ok(CENTER, "EnterpriseAccountQueryAccountsInfo", &list)["AccountInfoDtoList"][0]
        .clone();
    assert_eq!(
        (&one["Alias"], &one["Email"], &one["BelongToMasterAccount"], &one["FreezeLogin"]),
        (&"shop".into(), &"m***@example.com".into(), &true.into(), &false.into())
    );
    assert_eq!(login_settings(&operator, pk)["MfaBindStatus"], "UNBIND");

    operator.call_ok(CENTER, "SendAsyncEmailCaptcha", &[("ContactInfo", "safe@example.com")]);
    let code = lab.code_sent_to("safe@example.com");
    let email = params_about(pk, &[("SecurityEmail", "safe@example.com"), ("VerifyCode", &code)]);
    operator.call_ok(CENTER, "EnterpriseAccountChangeSecurityEmail", &email);
    operator.call_ok(CENTER, "SendAsyncMobileCaptcha", &[("ContactInfo", "86-13900001111")]);
    let code = lab.code_sent_to("86-13900001111");
    let mobile = params_about(pk, &[("NewMobile", "86-13900001111"), ("VerificationCode", &code)]);
    operator.call_ok(CENTER, "EnterpriseAccountChangeSecurityMobile", &mobile);
    let complete = [("RequestId", "r"), ("PksJson", pks.as_str()), ("ShowCompleteInfo", "true")];
    let one = operator.call_ok(CENTER, "EnterpriseAccountQueryAccountsInfo", &complete);
    let one = &one["AccountInfoDtoList"][0];
    assert_eq!(
        (&one["Email"], &one["SecurityMobile"]),
        (&"safe@example.com".into(), &"86-13900001111".into())
    );

    lab.change_world(|tx| tx.bind_mfa(uid(pk), None));
    assert_eq!(login_settings(&operator, pk)["MfaBindStatus"], "BIND");
    operator.call_ok(CENTER, "EnterpriseAccountRemoveMfa", &params_about(pk, &[]));
    let password = params_about(pk, &[("EncryptPassword", "Other-1234")]);
    assert_eq!(operator.call_ok(CENTER, "EnterpriseAccountChangeLoginPassword", &password)["Pass"], true);
    let on = params_about(pk, &[("Status", "ENABLE")]);
    operator.call_ok(CENTER, "EnterpriseAccountUpdateSecurityMobileLoginStatus", &on);
    let minutes = params_about(pk, &[("SessionExpireTime", "600")]);
    operator.call_ok(CENTER, "EnterpriseAccountUpdateSessionExpireTime", &minutes);
    let masks = params_about(pk, &[("IpMasksJson", r#"["10.0.0.0/8","192.0.2.1"]"#), ("Status", "ENABLE")]);
    operator.call_ok(CENTER, "EnterpriseAccountUpdateIpMask", &masks);
    let protection = params_about(pk, &[("ProductLevel", "strict"), ("ValidateType", "mfa")]);
    operator.call_ok(CENTER, "EnterpriseAccountUpdateOperateRiskControl", &protection);
    assert_eq!(
        login_settings(&operator, pk),
        json!({
            "IpMaskDto": {"IpMaskEnabledStatus": "ENABLE", "IpMasks": ["10.0.0.0/8", "192.0.2.1"]},
            "MfaBindStatus": "UNBIND",
            "RiskControlDto":
                {"ProtectLevel": "strict", "RiskControlEnabled": true, "VerifyDetail": "", "VerifyType": "mfa"},
            "SecurityMobileLoginStatus": "ENABLE",
            "SessionExpireTime": 600,
        })
    );

    operator.call_ok(CENTER, "EnterpriseAccountUpdateAccountAlias", &params_about(pk, &[("Alias", "store")]));
    operator.call_ok(CENTER, "EnterpriseAccountSeparateEa", &[("Pk", pk)]);
    operator.call_ok(CENTER, "EnterpriseUninvitedAdminInviteJoinEnterprise", &[("InviteePk", pk)]);
    let contact = [("ContactName", "Wu"), ("ContactEmail", "wu@example.com"), ("AsyncEmailVerify", "true")];
    operator.call_ok(CENTER, "AccountContactAdd", &contact);
    lab.assert_every_operation_reached("AccountCenter");
}

#[test]
fn log_in_protection_settings_are_enforced() {
    let lab = Lab::new();
    let operator = lab.root("operator");
    let (pk, _) = lab.create_managed_account("member");
    let password = params_about(&pk, &[("EncryptPassword", "Secret-1234")]);
    operator.call_ok(CENTER, "EnterpriseAccountChangeLoginPassword", &password);
    assert_eq!(console_log_in(&lab, "member", "Secret-1234", "192.0.2.7"), Ok(()));

    let masks = |list: &'static str, status: &'static str| {
        params_about(&pk, &[("IpMasksJson", list), ("Status", status)]).clone()
    };
    operator.call_ok(CENTER, "EnterpriseAccountUpdateIpMask", &masks(r#"["10.0.0.0/8"]"#, "ENABLE"));
    assert_eq!(console_log_in(&lab, "member", "Secret-1234", "192.0.2.7"), Err(Refusal::LoginFromElsewhere));
    assert_eq!(console_log_in(&lab, "member", "Secret-1234", "10.1.2.3"), Ok(()));
    operator.call_ok(CENTER, "EnterpriseAccountUpdateIpMask", &masks("[]", "DISABLE"));
    assert_eq!(console_log_in(&lab, "member", "Secret-1234", "192.0.2.7"), Ok(()));

    let seconds = params_about(&pk, &[("SessionExpireTime", "600")]);
    operator.call_ok(CENTER, "EnterpriseAccountUpdateSessionExpireTime", &seconds);
    assert_eq!(console_log_in(&lab, "member", "Secret-1234", "192.0.2.7"), Ok(()));
    let state = lab.world().state();
    let shortest =
        state.registry.logins.values().map(|login| login.expires.since(login.since).as_secs()).min();
    assert_eq!(shortest, Some(600));

    lab.change_world(|tx| tx.hold(uid(&pk), Hold::Login, true));
    let pks = format!(r#"["{pk}"]"#);
    let list = [("RequestId", "r"), ("PksJson", pks.as_str())];
    let shown = operator.call_ok(CENTER, "EnterpriseAccountQueryAccountsInfo", &list);
    assert_eq!(shown["AccountInfoDtoList"][0]["FreezeLogin"], true);
}

#[test]
fn an_account_manages_itself_and_its_own_and_no_other() {
    let lab = Lab::new();
    let (operator, demo) = (lab.root("operator"), lab.root("demo"));
    let (own, parent) = (lab.uid("demo"), lab.uid("operator"));
    let (other, _) = lab.create_managed_account("other");

    demo.call_ok(CENTER, "EnterpriseAccountUpdateAccountAlias", &params_about(&own, &[("Alias", "me")]));
    assert_eq!(login_settings(&demo, &own), login_settings(&operator, &own));
    for (action, more) in [
        ("EnterpriseAccountChangeLoginPassword", &[("EncryptPassword", "Secret-1234")][..]),
        ("EnterpriseAccountChangeSecurityEmail", &[("SecurityEmail", "a@example.com"), ("VerifyCode", "1")]),
        (
            "EnterpriseAccountChangeSecurityMobile",
            &[("NewMobile", "86-13900001111"), ("VerificationCode", "1")],
        ),
        ("EnterpriseAccountRemoveMfa", &[]),
        ("EnterpriseAccountUpdateSecurityMobileLoginStatus", &[("Status", "ENABLE")]),
        ("EnterpriseAccountUpdateSessionExpireTime", &[("SessionExpireTime", "60")]),
        ("EnterpriseAccountUpdateIpMask", &[("IpMasksJson", "[]"), ("Status", "ENABLE")]),
        ("EnterpriseAccountUpdateOperateRiskControl", &[("ProductLevel", "1"), ("ValidateType", "mfa")]),
        ("EnterpriseAccountUpdateAccountAlias", &[("Alias", "x")]),
        ("EnterpriseAccountSeparateEa", &[]),
        ("EnterpriseAccountQueryLoginSettings", &[]),
    ] {
        demo.assert_call_refused(200, "ACCOUNT_NOT_MANAGED", CENTER, action, &params_about(&parent, more));
        demo.assert_call_refused(200, "ACCOUNT_NOT_MANAGED", CENTER, action, &params_about(&other, more));
        operator.assert_call_refused(
            200,
            "ACCOUNT_NOT_EXIST",
            CENTER,
            action,
            &params_about("1234567890123456", more),
        );
        for missing in more.iter().map(|(name, _)| *name).chain(["RequestId", "Pk"]) {
            let may_miss = ["Alias"].contains(&missing)
                || (missing == "Pk"
                    && ["UpdateAccountAlias", "LoginSettings"].iter().any(|end| action.ends_with(end)))
                || (missing == "RequestId"
                    && ["SeparateEa", "LoginSettings"].iter().any(|end| action.ends_with(end)));
            if !may_miss {
                let mut some = params_about(&own, more);
                some.retain(|(name, _)| *name != missing);
                operator.assert_call_refused(400, &format!("Missing{missing}"), CENTER, action, &some);
            }
        }
    }
    let nobody = [("RequestId", "r"), ("PksJson", r#"["1234567890123456"]"#)];
    operator.assert_call_refused(
        200,
        "ACCOUNT_NOT_EXIST",
        CENTER,
        "EnterpriseAccountQueryAccountsInfo",
        &nobody,
    );
    let no_list = [("RequestId", "r"), ("PksJson", "x")];
    operator.assert_call_refused(
        400,
        "InvalidParameter.PksJson.Format",
        CENTER,
        "EnterpriseAccountQueryAccountsInfo",
        &no_list,
    );
}

#[test]
fn impossible_requests_are_refused() {
    let lab = Lab::new();
    let operator = lab.root("operator");
    let (pk, child) = lab.create_managed_account("member");
    let refused = |code: &str, action: &str, more: &[(&str, &str)]| {
        let params: Vec<_> = params_about(&pk, &[]).into_iter().chain(more.iter().copied()).collect();
        operator.assert_call_refused(200, code, CENTER, action, &params);
    };
    let invalid = |code: &str, action: &str, more: &[(&str, &str)]| {
        let params: Vec<_> = params_about(&pk, &[]).into_iter().chain(more.iter().copied()).collect();
        operator.assert_call_refused(400, code, CENTER, action, &params);
    };

    refused("PASSWORD_TOO_WEAK", "EnterpriseAccountChangeLoginPassword", &[("EncryptPassword", "short")]);
    refused("MFA_NOT_BOUND", "EnterpriseAccountRemoveMfa", &[]);
    let email = [("SecurityEmail", "a@example.com"), ("VerifyCode", "123456")];
    refused("VERIFY_CODE_ERROR", "EnterpriseAccountChangeSecurityEmail", &email);
    operator.call_ok(CENTER, "SendAsyncEmailCaptcha", &[("ContactInfo", "a@example.com")]);
    let again = [("ContactInfo", "a@example.com")];
    operator.assert_call_refused(200, "SEND_TOO_FREQUENTLY", CENTER, "SendAsyncEmailCaptcha", &again);
    let code = lab.code_sent_to("a@example.com");
    lab.advance_clock("5m");
    let late = [("SecurityEmail", "a@example.com"), ("VerifyCode", code.as_str())];
    refused("VERIFY_CODE_EXPIRED", "EnterpriseAccountChangeSecurityEmail", &late);
    operator.assert_call_refused(200, "CONTACT_NOT_EXIST", CENTER, "SendAsyncMobileCaptcha", &[]);
    operator.assert_call_refused(
        200,
        "CONTACT_NOT_EXIST",
        CENTER,
        "SendAsyncEmailCaptcha",
        &[("ContactorId", "7")],
    );
    let no_mobile = [("ContactInfo", "none")];
    operator.assert_call_refused(
        400,
        "InvalidParameter.ContactInfo.Format",
        CENTER,
        "SendAsyncMobileCaptcha",
        &no_mobile,
    );
    invalid(
        "InvalidParameter.Status",
        "EnterpriseAccountUpdateSecurityMobileLoginStatus",
        &[("Status", "maybe")],
    );
    invalid(
        "InvalidParameter.SessionExpireTime.Range",
        "EnterpriseAccountUpdateSessionExpireTime",
        &[("SessionExpireTime", "1")],
    );
    for list in ["x", r#"["10.0.0.0/40"]"#, "[1]"] {
        let masks = [("IpMasksJson", list), ("Status", "ENABLE")];
        invalid("InvalidParameter.IpMasksJson.Format", "EnterpriseAccountUpdateIpMask", &masks);
    }
    let new = |email: &'static str, password: &'static str| {
        [("RequestId", "r"), ("LoginEmail", email), ("EncryptPassword", password)]
    };
    let register = "EnterpriseRegisterAccount";
    child.assert_call_refused(200, "NOT_AUTHORIZED", CENTER, register, &new("m@example.com", "Secret-1234"));
    operator.assert_call_refused(200, "PASSWORD_TOO_WEAK", CENTER, register, &new("m@example.com", "x"));
    operator.call_ok(CENTER, register, &new("m@example.com", "Secret-1234"));
    operator.assert_call_refused(
        200,
        "EntityAlreadyExists.AliyunId",
        CENTER,
        register,
        &new("m@example.com", "Secret-1234"),
    );
    assert_eq!(console_log_in(&lab, "m@example.com", "Secret-1234", "192.0.2.7"), Ok(()));
}

#[test]
fn an_account_joins_an_enterprise_when_its_owner_agrees() {
    let lab = Lab::new();
    let (operator, demo) = (lab.root("operator"), lab.root("demo"));
    let (pk, child) = lab.create_managed_account("member");
    let (own, parent) = (lab.uid("demo"), lab.uid("operator"));
    let invite = "EnterpriseUninvitedAdminInviteJoinEnterprise";
    demo.assert_call_refused(200, "ALREADY_IN_ENTERPRISE", CENTER, invite, &[("InviteePk", &pk)]);
    operator.call_ok(CENTER, "EnterpriseAccountSeparateEa", &[("Pk", &pk)]);
    operator.assert_call_refused(
        200,
        "ACCOUNT_NOT_MANAGED",
        CENTER,
        "EnterpriseAccountSeparateEa",
        &[("Pk", &pk)],
    );

    let asked = demo.call_ok(CENTER, invite, &[("InviteePk", &pk), ("Remark", "come")])["Data"][0].clone();

    assert_eq!(
        (&asked["ApplicantPk"], &asked["AuditorPk"], &asked["ApplyRemark"]),
        (&own.clone().into(), &pk.clone().into(), &"come".into())
    );
    demo.assert_call_refused(200, "INVITE_EXISTS", CENTER, invite, &[("InviteePk", &pk)]);
    demo.assert_call_refused(200, "ALREADY_IN_ENTERPRISE", CENTER, invite, &[("InviteePk", &own)]);
    demo.assert_call_refused(200, "ACCOUNT_NOT_EXIST", CENTER, invite, &[("InviteePk", "1234567890123456")]);
    demo.assert_call_refused(400, "MissingInviteePk", CENTER, invite, &[]);
    child.assert_call_refused(200, "NOT_AUTHORIZED", CENTER, invite, &[("InviteePk", &parent)]);
    let todo: u64 = asked["TodoId"].as_str().unwrap().parse().unwrap();
    lab.run_command(json!({"answerJoin": {"account": pk}})).unwrap();
    assert_eq!(login_settings(&demo, &pk)["MfaBindStatus"], "UNBIND");
    let twice = lab.change_world(|tx| Ok(tx.answer_join(uid(&pk), todo, true)));
    assert_eq!(twice, Err(Refusal::NoSuchJoin));
}

#[test]
fn a_contact_is_added_with_codes_or_verified_later() {
    let lab = Lab::new();
    let demo = lab.root("demo");
    let add = "AccountContactAdd";
    demo.call_ok(CENTER, "SendAsyncEmailCaptcha", &[("ContactInfo", "wu@example.com")]);
    let code = lab.code_sent_to("wu@example.com");
    let base = [("ContactName", "Wu"), ("ContactPosition", "OTHER"), ("ContactEmail", "wu@example.com")];
    let with = |more: &[(&'static str, &str)]| -> Value {
        let params: Vec<_> = base.iter().chain(more).copied().collect();
        demo.call_ok(CENTER, add, &params)["Data"].clone()
    };

    let wrong = with(&[("EmailCode", &code), ("ContactMobile", "86-13900001111"), ("MobileCode", "000000")]);
    assert_eq!(wrong["Result"], false);
    let problem = json!([{"ErrorCode": "VERIFY_CODE_ERROR", "ErrorDesc": "The verification code is wrong.", "Item": "MobileCode"}]);
    assert_eq!(wrong["ErrorList"], problem);

    // The code of the e-mail was not used up by the list with the mistake.
    let good = with(&[("EmailCode", &code)]);
    assert_eq!((&good["Result"], &good["ErrorList"]), (&true.into(), &json!([])));
    let several =
        demo.call_ok(CENTER, add, &[("ContactEmail", "none"), ("ContactMobile", "none")])["Data"].clone();
    let items = field_texts(several["ErrorList"].as_array().unwrap(), "Item");
    assert_eq!(items, ["ContactName", "ContactEmail", "ContactMobile"]);

    let later = demo.call_ok(
        CENTER,
        add,
        &[("ContactName", "Li"), ("ContactEmail", "li@example.com"), ("AsyncEmailVerify", "true")],
    );
    let id = later["Data"]["ContactId"].as_u64().unwrap();
    demo.call_ok(CENTER, "SendAsyncEmailCaptcha", &[("ContactorId", &id.to_string())]);
    let code = lab.code_sent_to("li@example.com");
    let pk = uid(&lab.uid("demo"));
    assert_eq!(code.len(), 6);
    let verify = json!({"verifyContact": {"account": pk.to_string(), "channel": "email"}});
    lab.run_command(verify.clone()).unwrap();
    assert_eq!(lab.run_command(verify), Err(NotDone::Refused(Refusal::NoSuchContact)));
    let contacts = lab.world().state().account(pk).unwrap().affairs.contacts.clone();
    assert_eq!(contacts.len(), 2);
    assert!(contacts[&id].email.as_ref().unwrap().1);
    demo.assert_call_refused(
        400,
        "InvalidParameter.ContactPosition",
        CENTER,
        add,
        &[("ContactPosition", "BOSS")],
    );
}
