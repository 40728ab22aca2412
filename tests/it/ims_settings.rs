//! What an account decides for all its users, through IMS: password policy, security preference, logon domain, summary.
//! Source: docs/evidence/ims.md 4.8 and section 5. Every code stands in `codes/ims-identity.yaml`.

use crate::support::live::{Live, assert_error};
use crate::support::{Actor, Lab};
use alimock::Scenario;
use alimock::scenario::Export;
use alimock::text::Password;
use alimock::world::{By, LogIn, Refusal, Tx};
use serde_json::{Value, json};
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, keys: [{}], users: [{name: ann, keys: [{}]}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn policy_of_ims(root: &Actor) -> Value {
    root.ims("GetPasswordPolicy", &[]).assert_ok()["PasswordPolicy"].clone()
}

fn policy_of_ram(root: &Actor) -> Value {
    root.ram("GetPasswordPolicy", &[]).assert_ok()["PasswordPolicy"].clone()
}

#[test]
fn the_password_policy_of_ims_keeps_what_is_not_sent() {
    let (_lab, root) = lab();
    let before = policy_of_ims(&root);

    let sent = [("MinimumPasswordLength", "10"), ("PasswordNotContainUserName", "true")];
    let answer = root.ims("SetPasswordPolicy", &sent).assert_ok()["PasswordPolicy"].clone();
    root.ims("SetPasswordPolicy", &[("MaxPasswordAge", "90")]).assert_ok();

    let mut expected = before;
    expected["MinimumPasswordLength"] = 10.into();
    expected["PasswordNotContainUserName"] = true.into();
    assert_eq!(answer, expected);
    expected["MaxPasswordAge"] = 90.into();
    assert_eq!(policy_of_ims(&root), expected);
    assert_eq!(expected["InitialPasswordAge"], 14);
    root.ram("SetPasswordPolicy", &[("MinimumPasswordLength", "9")]).assert_ok();
    let after = policy_of_ims(&root);
    assert_eq!(after["PasswordNotContainUserName"], true, "RAM does not know the field, so it keeps it");
    assert_eq!((&after["MinimumPasswordLength"], &after["MaxPasswordAge"]), (&9.into(), &0.into()));
}

#[test]
fn the_expiry_is_hard_expire_in_ims_and_hard_expiry_in_ram() {
    let (_lab, root) = lab();

    root.ims("SetPasswordPolicy", &[("HardExpiry", "true")]).assert_ok();
    assert_eq!(policy_of_ims(&root)["HardExpire"], false, "the name of RAM means nothing");
    root.ims("SetPasswordPolicy", &[("HardExpire", "true")]).assert_ok();

    assert_eq!(policy_of_ims(&root)["HardExpire"], true);
    assert_eq!(policy_of_ram(&root)["HardExpiry"], true);
    assert!(
        policy_of_ims(&root).get("HardExpiry").is_none() && policy_of_ram(&root).get("HardExpire").is_none()
    );
}

#[test]
fn max_login_attemps_is_misspelt_by_both_doors() {
    let (_lab, root) = lab();

    root.ims("SetPasswordPolicy", &[("MaxLoginAttempts", "7")]).assert_ok();
    assert_eq!(policy_of_ims(&root)["MaxLoginAttemps"], 0);
    root.ims("SetPasswordPolicy", &[("MaxLoginAttemps", "7")]).assert_ok();

    assert_eq!(
        (policy_of_ims(&root)["MaxLoginAttemps"].clone(), policy_of_ram(&root)["MaxLoginAttemps"].clone()),
        (7.into(), 7.into())
    );
}

#[test]
fn a_password_needs_different_characters_and_no_user_name_where_the_policy_says_so() {
    let (lab, root) = lab();
    let sent = [("MinimumPasswordDifferentCharacter", "5"), ("PasswordNotContainUserName", "true")];
    root.ims("SetPasswordPolicy", &sent).assert_ok();
    let create =
        |password: &str| root.ram("CreateLoginProfile", &[("UserName", "ann"), ("Password", password)]);

    create("abababcd").assert_refused(400, "InvalidParameter.Password.TooWeak");
    create("myAnn-12345").assert_refused(400, "InvalidParameter.Password.TooWeak");
    create("abababcde").assert_ok();

    let ann = lab.user("demo", "ann");
    let change = |new: &str| ann.ims("ChangePassword", &[("OldPassword", "abababcde"), ("NewPassword", new)]);
    change("xxANNxx-123").assert_refused(400, "InvalidParameter.Password.TooWeak");
    change("Secret-0002").assert_ok();
}

#[test]
fn the_security_preference_is_one_for_both_doors() {
    let (_lab, root) = lab();
    let sent = [
        ("AllowUserToManageAccessKeys", "true"),
        ("EnableSaveMFATicket", "true"),
        ("LoginNetworkMasks", "10.0.0.0/8"),
        ("LoginSessionDuration", "7"),
        ("MFAOperationForLogin", "adaptive"),
        ("OperationForRiskLogin", "enforceVerify"),
        ("MaxIdleDaysForUsers", "90"),
        ("MaxIdleDaysForAccessKeys", "180"),
        ("AllowUserToLoginWithPasskey", "false"),
        ("AllowUserToManagePersonalDingTalk", "false"),
        ("AllowUserToManageServiceCredentials", "true"),
        ("VerificationTypes", r#"["sms"]"#),
    ];

    let answer = root.ims("SetSecurityPreference", &sent).assert_ok()["SecurityPreference"].clone();

    let expected = json!({
        "AccessKeyPreference": {"AllowUserToManageAccessKeys": true, "AllowUserToManageServiceCredentials": true},
        "LoginProfilePreference": {
            "EnableSaveMFATicket": true, "AllowUserToChangePassword": true, "LoginSessionDuration": 7,
            "LoginNetworkMasks": "10.0.0.0/8", "MFAOperationForLogin": "adaptive", "OperationForRiskLogin": "enforceVerify",
            "AllowUserToLoginWithPasskey": false,
        },
        "MFAPreference": {"AllowUserToManageMFADevices": true},
        "MaxIdleDays": {"MaxIdleDaysForUsers": 90, "MaxIdleDaysForAccessKeys": 180},
        "PersonalInfoPreference": {"AllowUserToManagePersonalDingTalk": false},
        "VerificationPreference": {"VerificationTypes": ["sms"]},
    });
    assert_eq!(answer, expected);
    let of_ram = root.ram("GetSecurityPreference", &[]).assert_ok()["SecurityPreference"].clone();
    let expected = json!({
        "AccessKeyPreference": {"AllowUserToManageAccessKeys": true},
        "LoginProfilePreference": {
            "EnableSaveMFATicket": true, "AllowUserToChangePassword": true, "LoginSessionDuration": 7, "LoginNetworkMasks": "10.0.0.0/8",
        },
        "MFAPreference": {"AllowUserToManageMFADevices": true},
        "PublicKeyPreference": {"AllowUserToManagePublicKeys": false},
    });
    assert_eq!(of_ram, expected);
    root.ram("SetSecurityPreference", &[("MaxIdleDaysForUsers", "365"), ("LoginNetworkMasks", "")])
        .assert_ok();
    root.ims("SetSecurityPreference", &[("VerificationTypes", ""), ("EnforceMFAForLogin", "true")])
        .assert_ok();
    let after = root.ims("GetSecurityPreference", &[]).assert_ok()["SecurityPreference"].clone();
    assert_eq!(after["MaxIdleDays"]["MaxIdleDaysForUsers"], 90, "RAM has no such parameter");
    assert_eq!(after["LoginProfilePreference"]["LoginNetworkMasks"], "");
    assert_eq!(after["LoginProfilePreference"]["MFAOperationForLogin"], "mandatory");
    assert_eq!(after["VerificationPreference"], json!({"VerificationTypes": []}));
}

#[test]
fn the_logon_domain_and_the_alias_are_one_value() {
    let (_lab, root) = lab();
    let domain = || root.ims("GetDefaultDomain", &[]).assert_ok()["DefaultDomainName"].clone();
    let set = |domain: &str| root.ims("SetDefaultDomain", &[("DefaultDomainName", domain)]).assert_ok();
    let ann = |domain: &str| root.ims("GetUser", &[("UserPrincipalName", &format!("ann@{domain}"))]);
    assert_eq!(domain(), "1234567890123456.onaliyun.com");

    assert_eq!(set("example.onaliyun.com")["DefaultDomainName"], "example.onaliyun.com");

    assert_eq!(root.ram("GetAccountAlias", &[]).assert_ok()["AccountAlias"], "example");
    assert_eq!(
        ann("1234567890123456.onaliyun.com").assert_ok()["User"]["UserPrincipalName"],
        "ann@example.onaliyun.com"
    );
    root.ram("SetAccountAlias", &[("AccountAlias", "changed")]).assert_ok();
    assert_eq!(domain(), "changed.onaliyun.com");
    ann("example.onaliyun.com").assert_refused(404, "EntityNotExist.User");
    set("1234567890123456.onaliyun.com");
    assert_eq!(domain(), "1234567890123456.onaliyun.com");
    assert_eq!(root.ram("GetAccountAlias", &[]).assert_ok()["AccountAlias"], "1234567890123456");
}

#[test]
fn the_summary_counts_what_the_account_has_and_names_the_quotas_of_the_world() {
    let lab = Lab::with_scenario(
        r#"
quotas: {users: 12, keysPerUser: 3}
accounts:
  - name: demo
    keys: [{}]
    policies: [{name: All, document: {Version: "1", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]
    groups: [{name: devs}]
    users: [{name: ann, mfa: {seed: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ}}, {name: bea, keys: [{}]}]
    roles: [{name: deploy}]
"#,
    );
    let root = lab.root("demo");
    root.ims("CreateVirtualMFADevice", &[("VirtualMFADeviceName", "spare")]).assert_ok();

    let summary = root.ims("GetAccountSummary", &[]).assert_ok()["SummaryMap"].clone();

    for (name, value) in [
        ("Users", 2),
        ("UsersQuota", 12),
        ("Groups", 1),
        ("Roles", 1),
        ("Policies", 1),
        ("MFADevices", 2),
        ("MFADevicesInUse", 1),
        ("AccessKeysPerUserQuota", 3),
        ("PolicySizeQuota", 6144),
        ("ServiceCredentialsPerUserPerServiceQuota", 2),
        ("AuthorizedClientPerUserQuota", 20),
    ] {
        assert_eq!(summary[name], value, "{name}");
    }
    root.ims("CreateGroup", &[("GroupName", "ops")]).assert_ok();
    assert_eq!(root.ims("GetAccountSummary", &[]).assert_ok()["SummaryMap"]["Groups"], 2);
    lab.user("demo", "bea").ims("GetAccountSummary", &[]).assert_refused(403, "NoPermission");
}

/// Source: `tests/data/terraform`.
#[test]
fn the_settings_that_terraform_sent_keep_what_it_did_not_send() {
    let (_lab, root) = lab();
    let mut lengths = Vec::new();
    for line in include_str!("../data/terraform/ims.jsonl").lines() {
        let sent: Value = serde_json::from_str(line).unwrap();
        let action = sent["call"].as_str().unwrap().trim_start_matches("Ims.");
        if !action.ends_with("SecurityPreference") && !action.ends_with("PasswordPolicy") {
            continue;
        }
        let params: Vec<_> = sent["params"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();

        let answer = root.ims(action, &params).assert_ok();

        if action == "GetPasswordPolicy" {
            let policy = &answer["PasswordPolicy"];
            lengths.push((policy["MinimumPasswordLength"].clone(), policy["MaxPasswordAge"].clone()));
        }
    }
    let (first, last) = (lengths[0].clone(), lengths.last().unwrap().clone());
    assert_eq!((first.0, last.0), (10.into(), 11.into()));
    assert_eq!(first.1, last.1, "the change sent the length alone");
}

const SHOP: &str = "clock: {resource: '2026-11-23T08:00:00Z'}\naccounts: [{name: shop, uid: 1000000000000002, alias: bazaar, ";

fn live(account: &str) -> Live {
    Live::with_scenario(
        Scenario::parse(&format!("{SHOP}{account}}}]")).unwrap_or_else(|error| panic!("{error}")),
    )
}

fn log_in(live: &Live) -> (u16, Value) {
    let body = json!({"login": "ann@bazaar", "password": "Secret-0001"});
    live.control("POST", "/worlds/default/logins", &body.to_string())
}

#[test]
fn nobody_logs_in_without_a_device_where_mfa_is_mandatory() {
    let mandatory = live(
        "securityPreference: {mfaOperationForLogin: mandatory}, users: [{name: ann, password: Secret-0001}]",
    );
    let adaptive = live(
        "securityPreference: {mfaOperationForLogin: adaptive}, users: [{name: ann, password: Secret-0001}]",
    );

    assert_error(&log_in(&mandatory), 403, "mfa_bind_required");
    assert_eq!(log_in(&adaptive).0, 201);
}

#[test]
fn no_user_logs_in_with_a_password_while_user_sso_is_enabled_but_the_account_does() {
    let enabled = live(
        "security: {password: Secret-0001}, loginName: bazaar, userSso: {enabled: true}, users: [{name: ann, password: Secret-0001}]",
    );
    let body = json!({"login": "bazaar", "password": "Secret-0001"}).to_string();

    assert_error(&log_in(&enabled), 403, "user_sso_enabled");

    assert_eq!(enabled.control("POST", "/worlds/default/logins", &body).0, 201);
    let disabled = live("userSso: {enabled: false}, users: [{name: ann, password: Secret-0001}]");
    assert_eq!(log_in(&disabled).0, 201);
}

#[test]
fn an_initial_password_that_nobody_used_in_time_admits_nobody() {
    let advance = |live: &Live, span: &str| {
        live.control("POST", "/worlds/default/clock/advance", &json!({"by": span}).to_string());
    };
    let unused = live("users: [{name: ann, password: Secret-0001}]");
    let used = live("users: [{name: ann, password: Secret-0001}]");
    let told = live("users: [{name: ann, password: Secret-0001, created: -400d, lastLogin: -100d}]");
    let forever = live("passwordPolicy: {initialAge: 0}, users: [{name: ann, password: Secret-0001}]");
    assert_eq!(log_in(&used).0, 201);

    for live in [&unused, &used, &told, &forever] {
        advance(live, "336h");
    }

    assert_error(&log_in(&unused), 403, "password_expired");
    assert_eq!([&used, &told, &forever].map(|live| log_in(live).0), [201; 3]);
    let change = json!({"changeUser": {"user": "ann", "password": "Secret-0001"}}).to_string();
    unused.control("POST", "/worlds/default/commands", &change);
    assert_eq!(log_in(&unused).0, 201);
}

#[test]
fn a_new_password_ends_the_log_ins_of_the_user_alone() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, keys: [{}], users: [{name: ann, password: Secret-0001, keys: [{}]}, {name: bea, password: Secret-0001}]}]",
    );
    let root = lab.root("demo");
    let commit = |change: &mut dyn FnMut(&mut Tx<'_>) -> Result<String, Refusal>| {
        let now = lab.world().clock.now().resource;
        lab.world().commit(now, By::OURSELVES, |tx| change(tx)).map(|(ticket, _)| ticket)
    };
    let log_in = |user: &str, password: &str| {
        let login = format!("{user}@1234567890123456");
        let address = "127.0.0.1".parse().unwrap();
        let password = Password::new(password);
        let shown = LogIn { login: &login, password, mfa_code: None, new_password: None, address };
        commit(&mut |tx| tx.log_in(&shown).map(|(ticket, _)| ticket.to_string())).unwrap()
    };
    let log_out = |ticket: &str| commit(&mut |tx| tx.log_out(ticket).map(|()| String::new()));
    let [first, of_bea] = [log_in("ann", "Secret-0001"), log_in("bea", "Secret-0001")];

    let of_ann = ("UserPrincipalName", "ann@1234567890123456.onaliyun.com");
    root.ims("UpdateLoginProfile", &[of_ann, ("PasswordResetRequired", "false")]).assert_ok();
    let second = log_in("ann", "Secret-0001");
    root.ims("UpdateLoginProfile", &[of_ann, ("Password", "Secret-0002")]).assert_ok();
    let third = log_in("ann", "Secret-0002");
    let change = [("OldPassword", "Secret-0002"), ("NewPassword", "Secret-0003")];
    lab.user("demo", "ann").ram("ChangePassword", &change).assert_ok();

    for ticket in [first, second, third] {
        assert_eq!(log_out(&ticket), Err(Refusal::NoSuchLogin));
    }
    assert!(log_out(&of_bea).is_ok());
}

#[test]
fn what_ims_adds_to_an_account_is_written_in_a_scenario_and_reads_back_the_same() {
    let lab = Lab::with_scenario(
        r"
accounts:
  - name: demo
    keys: [{}]
    alias: example
    passwordPolicy: {differentCharacters: 3, notUserName: true, initialAge: 30, interceptRiskOnApi: true}
    securityPreference:
      allowUserToManageServiceCredentials: true
      allowUserToLoginWithPasskey: false
      allowUserToManagePersonalDingTalk: false
      mfaOperationForLogin: mandatory
      operationForRiskLogin: enforceVerify
      maxIdleDaysForUsers: 90
      maxIdleDaysForAccessKeys: 365
      verificationTypes: [sms, email]
    groups: [{name: devs, displayName: Developers}]
    users:
      - name: ann
        tags: {team: red, empty: ''}
        verification: {mobile: 86-13900001111, mobileStatus: pending, email: ann@example.com}
        passkeys: [{id: one, name: laptop, created: -2h, lastUsed: -1h}, {name: phone}]
",
    );
    let read = |lab: &Arc<Lab>| {
        let root = lab.root("demo");
        let ann = ("UserPrincipalName", "ann@example.onaliyun.com");
        let by_name: [(&str, &[(&str, &str)]); 7] = [
            ("GetPasswordPolicy", &[]),
            ("GetSecurityPreference", &[]),
            ("GetDefaultDomain", &[]),
            ("GetGroup", &[("GroupName", "devs")]),
            ("ListTagResources", &[("ResourcePrincipalName.1", ann.1)]),
            ("GetVerificationInfo", &[ann]),
            ("ListPasskeys", &[ann]),
        ];
        let mut seen = by_name.map(|(action, params)| root.ims(action, params).assert_ok());
        for one in &mut seen {
            one.as_object_mut().unwrap().remove("RequestId");
        }
        json!(seen)
    };
    let text = Export::present(lab.world()).yaml();

    let again = Lab::with_seed(&Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")));

    assert_eq!(Export::present(again.world()).yaml(), text);
    assert_eq!(read(&again), read(&lab));
    assert_eq!(read(&lab)[5]["SecurityPhoneDevice"]["Status"], "pending");
    assert_eq!(read(&lab)[5]["SecurityEmailDevice"]["Status"], "active");
}
