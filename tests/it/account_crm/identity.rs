//! Who the owner of an account is.

use super::Stage;
use serde_json::{Value, json};

const PERSON: [(&str, &str); 4] = [
    ("AccountCertifyType", "personal"),
    ("Name", "Demo"),
    ("LicenseType", "0"),
    ("LicenseNumber", "110101199001011234"),
];
const FORM: [(&str, &str); 7] = [
    ("AccountType", "1"),
    ("DocBackPic", "back.png"),
    ("DocFrontPic", "front.png"),
    ("Email", "demo@example.com"),
    ("FullName", "Demo Ltd"),
    ("RegisteredNum", "91330000MA27DEMOLT"),
    ("RegisteredAddress", "1 Long Road"),
];

fn create_certification(stage: &Stage, params: &[(&str, &str)]) -> crate::support::Reply {
    stage.partner.account_crm("CreateRealNameCertification", &[&[("Pk", stage.pk.as_str())], params].concat())
}

fn apply_for_registration(stage: &Stage, more: &[(&str, &str)]) -> crate::support::Reply {
    let params = [&FORM[..], &[("CustomerId", stage.pk.as_str())], more].concat();
    stage.partner.account_crm("ApplyIdentityRegistration", &params)
}

fn get_registration(stage: &Stage) -> Value {
    let of = [("CustomerId", stage.pk.as_str())];
    stage.demo.account_crm("GetIdentityRegistrationByCustomer", &of).assert_ok()["Data"].clone()
}

fn load_real_name(stage: &Stage) -> Value {
    stage.demo.account_crm("LoadRealNameInfoByPk", &[("PK", &stage.pk)]).assert_ok()["Data"].clone()
}

#[test]
fn a_person_is_verified_at_once_and_shown_by_every_action() {
    let stage = Stage::new();
    assert_eq!(
        (&load_real_name(&stage)["IsCertified"], &load_real_name(&stage)["CertifyStatus"]),
        (&false.into(), &0.into())
    );

    create_certification(&stage, &PERSON).assert_ok();

    let shown = load_real_name(&stage);
    assert_eq!((&shown["IsCertified"], &shown["CertifyStatus"]), (&true.into(), &1.into()));
    assert_eq!((&shown["AccountCertifyType"], &shown["Name"]), (&"personal".into(), &"Demo".into()));
    assert_eq!(shown["CertifiedTime"], crate::support::NOW);
    let of = [("PK", stage.pk.as_str())];
    let info = stage.demo.account_crm("QueryAccountRealNameInfo", &of).assert_ok();
    assert_eq!(
        (&info["ProfileInfo"]["IsCertified"], &info["ProfileInfo"]["LicenseNumber"]),
        (&"1".into(), &"110101199001011234".into())
    );
    assert_eq!(
        stage.demo.account_crm("QueryAccountTrueName", &[]).assert_ok()["ProfileInfo"],
        json!({"TrueName": "Demo"})
    );
    let kind =
        stage.demo.account_crm("GetProfileTypeByPk", &[("AppName", "test"), ("Pk", &stage.pk)]).assert_ok();
    assert_eq!(kind["AccountType"], "0");
}

#[test]
fn an_enterprise_is_verified_by_its_licence() {
    let stage = Stage::new();
    let enterprise = [
        ("AccountCertifyType", "1"),
        ("CorporateName", "Demo Ltd"),
        ("CorporateLicenseNumber", "91330000MA27DEMOLT"),
    ];

    create_certification(&stage, &enterprise[..2]).assert_refused(400, "MissingCorporateLicenseNumber");
    create_certification(&stage, &enterprise).assert_ok();

    let shown = load_real_name(&stage);
    assert_eq!((&shown["AccountCertifyType"], &shown["LicenseType"]), (&"enterprise".into(), &"9".into()));
    let of = [("PK", stage.pk.as_str())];
    let info = stage.demo.account_crm("QueryEnterpriseInfo", &of).assert_ok()["ProfileInfo"].clone();
    assert_eq!((&info["Name"], &info["AuditStatus"]), (&"Demo Ltd".into(), &"VERIFIED".into()));
    assert_eq!(info["BusinessLicenseNumber"], "91330000MA27DEMOLT");
}

#[test]
fn a_refused_verification_is_reported_in_the_body_and_changes_nothing() {
    let stage = Stage::new();
    let before = stage.state_version();
    let with = |name: &'static str, value: &'static str| {
        PERSON.map(|one| if one.0 == name { (name, value) } else { one })
    };

    create_certification(&stage, &with("LicenseNumber", "110101201501011234"))
        .assert_refused(200, "AGE_LIMIT");
    create_certification(&stage, &with("LicenseType", "9")).assert_refused(200, "LICENSE_TYPE_INVALID");
    create_certification(&stage, &with("AccountCertifyType", "robot"))
        .assert_refused(400, "InvalidParameter.AccountCertifyType");
    assert_eq!(stage.state_version(), before);
    create_certification(&stage, &PERSON).assert_ok();
    let refused = create_certification(&stage, &PERSON).json();

    assert_eq!((&refused["Success"], &refused["Code"]), (&false.into(), &"Set Realname Error".into()));
}

#[test]
fn an_application_is_reviewed_and_its_result_read() {
    let stage = Stage::new();
    stage
        .demo
        .account_crm("GetIdentityRegistrationByCustomer", &[("CustomerId", &stage.pk)])
        .assert_refused(200, "Set Realname Error");

    let id = apply_for_registration(&stage, &[]).assert_ok()["Data"].clone();

    let shown = get_registration(&stage);
    assert_eq!((&shown["ApplicationId"], &shown["ApplyStatus"]), (&id, &"UNDER_REVIEW".into()));
    assert_eq!(
        (&shown["AccountType"], &shown["DocFrontPic"], &shown["RegisteredAddress"]),
        (&1.into(), &"front.png".into(), &"1 Long Road".into())
    );
    assert_eq!(shown["CustomerId"].to_string(), stage.pk);
    assert_eq!(load_real_name(&stage)["ProcessingEnterpriseCertify"], true);
    apply_for_registration(&stage, &[]).assert_refused(200, "Set Realname Error");
    stage.lab.advance_clock("72h");
    let shown = get_registration(&stage);
    assert_eq!((&shown["ApplyStatus"], &shown["AuditCode"]), (&"VERIFIED".into(), &"".into()));
    assert_eq!(
        (&load_real_name(&stage)["IsCertified"], &load_real_name(&stage)["CertifiedFrom"]),
        (&true.into(), &"document".into())
    );
}

#[test]
fn a_document_of_another_country_is_rejected_with_a_code() {
    let stage = Stage::new();
    apply_for_registration(&stage, &[("RegisteredCountry", "US")]).assert_ok();

    stage.lab.advance_clock("72h");

    let shown = get_registration(&stage);
    assert_eq!((&shown["ApplyStatus"], &shown["AuditCode"]), (&"REJECTED".into(), &"COUNTRY".into()));
    assert_eq!(load_real_name(&stage)["CertifyStatus"], 3);
    apply_for_registration(&stage, &[]).assert_ok();
    assert_eq!(get_registration(&stage)["ApplyStatus"], "UNDER_REVIEW");
}

#[test]
fn a_registration_application_needs_a_document_number() {
    let stage = Stage::new();
    let without: Vec<_> = FORM.into_iter().filter(|(name, _)| *name != "RegisteredNum").collect();

    stage.demo.account_crm("ApplyIdentityRegistration", &without).assert_refused(400, "MissingRegisteredNum");

    // The other number stands for it; without CustomerId the caller applies for itself.
    stage
        .demo
        .account_crm("ApplyIdentityRegistration", &[&without[..], &[("DocNum", "7")]].concat())
        .assert_ok();
    assert_eq!(get_registration(&stage)["DocNum"], "7");
}

#[test]
fn a_verified_account_gets_no_verification_page_unless_it_insists() {
    let stage = Stage::new();
    let page = |more: &[(&str, &str)]| {
        let params = [
            ("AliyunPk", stage.pk.as_str()),
            ("AppName", "test"),
            ("Platform", "pc"),
            ("Source", "test"),
            ("SubjectType", "personal"),
        ];
        stage.demo.account_crm("GenerateAliyunCertUrl", &[&params[..], more].concat())
    };
    let url = page(&[]).assert_ok()["Data"].as_str().unwrap().to_owned();
    assert!(
        stage.read_account(|demo| demo.affairs.links.contains_key(url.rsplit('/').next().unwrap())),
        "{url}"
    );
    create_certification(&stage, &PERSON).assert_ok();

    page(&[]).assert_refused(200, "Set Realname Error");

    page(&[("IgnoreAlreadyCert", "true")]).assert_ok();
}

#[test]
fn an_enterprise_updates_the_fields_it_sends_and_the_others_stay() {
    let stage = Stage::new();
    let update = |params: &[(&str, &str)]| {
        stage
            .demo
            .account_crm("UpdateOrInsertEnterpriseInfo", &[&[("PK", stage.pk.as_str())], params].concat())
    };
    update(&[("Alias", "D"), ("Years", "3"), ("CityJsonString", r#"{"Id": 330100, "Name": "Hangzhou"}"#)])
        .assert_ok();
    stage.lab.advance_clock("1h");
    update(&[("Years", "4")]).assert_ok();
    update(&[("CityJsonString", "Hangzhou")]).assert_refused(400, "InvalidParameter.CityJsonString.Format");

    let info = stage.demo.account_crm("QueryEnterpriseInfo", &[]).assert_ok()["ProfileInfo"].clone();

    assert_eq!(
        (&info["Alias"], &info["Years"], &info["AuditStatus"]),
        (&"D".into(), &"4".into(), &"NOT_VERIFIED".into())
    );
    assert_eq!(info["City"], json!({"Id": "330100", "Name": "Hangzhou"}));
    assert_eq!(
        (&info["CreateTime"], &info["UpdateTime"]),
        (&crate::support::NOW.into(), &"2026-11-22T09:00:00Z".into())
    );
}

#[test]
fn sensitive_fields_are_hidden_and_then_deleted() {
    let stage = Stage::new();
    create_certification(&stage, &PERSON).assert_ok();
    stage.call_about_account("ChangeAgSecurityEmail", &[("SecurityEmail", "demo@example.com")]).assert_ok();
    let info = || {
        stage.demo.account_crm("QuerySecurityInfo", &[("AppName", "test"), ("Pk", &stage.pk)]).assert_ok()["AccountSecurityInfoDto"].clone()
    };
    assert_eq!((&info()["Name"], &info()["SecurityEmail"]), (&"Demo".into(), &"demo@example.com".into()));

    stage.demo.account_crm("CustomerSensitiveInfoLogicalDelete", &[("Uid", &stage.pk)]).assert_ok();

    assert_eq!(
        (&info()["Name"], &info()["SecurityEmail"], &info()["Pk"]),
        (&"".into(), &"".into(), &stage.pk.clone().into())
    );
    assert!(stage.read_account(|demo| demo.profile.email.is_some() && demo.real_name.is_verified()));
    stage.demo.account_crm("CustomerSensitiveInfoPhysicalDelete", &[("Uid", &stage.pk)]).assert_ok();
    assert!(stage.read_account(|demo| demo.profile.email.is_none() && !demo.real_name.is_verified()));
    // What it had is free.
    stage
        .partner
        .account_crm("CreateAgAccount", &[("Mpk", &stage.mpk), ("LoginEmail", "demo@example.org")])
        .assert_ok();
}
