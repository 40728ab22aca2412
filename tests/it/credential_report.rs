//! Reports about users and keys. Source: docs/evidence/ims.md 4.9 and section 6.

use crate::support::{Actor, Lab};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::sync::Arc;

fn lab(more: &str) -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(&format!(
        "{more}\naccounts: [{{name: demo, uid: 1234567890123456, keys: [{{}}], passwordPolicy: {{maxAge: 90}}, users: [{{name: ann, created: -400d, lastLogin: -100d, loginProfile: {{}}, keys: [{{created: -200d, lastUsed: -91d}}, {{status: Inactive}}]}}, {{name: bob}}]}}]"
    ));
    let root = lab.root("demo");
    (lab, root)
}

fn state(root: &Actor, action: &str) -> String {
    root.ims(action, &[]).assert_ok()["State"].as_str().unwrap().to_owned()
}

/// The lines of a page of the report.
fn lines(page: &Value) -> Vec<String> {
    let content = STANDARD.decode(page["Content"].as_str().unwrap()).unwrap();
    String::from_utf8(content).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_report_has_a_line_for_the_account_and_for_each_user() {
    let (_, root) = lab("");
    assert_eq!(state(&root, "GenerateCredentialReport"), "STARTED");

    let report = root.ims("GetCredentialReport", &[]).assert_ok();

    assert_eq!(
        (&report["GeneratedTime"], &report["IsTruncated"], &report["NextToken"]),
        (&json!("2026-11-22T08:00:00Z"), &json!("false"), &Value::Null)
    );
    let keys = "exist,KEY_active,KEY_last_rotated,KEY_last_used";
    let keys: Vec<_> = [
        "access_key_1",
        "access_key_2",
        "additional_access_key_1",
        "additional_access_key_2",
        "additional_access_key_3",
    ]
    .iter()
    .map(|key| format!("{key}_{}", keys.replace("KEY", key)))
    .collect();
    let none = "FALSE,N/A,N/A,N/A";
    assert_eq!(
        lines(&report),
        [
            format!(
                "user,user_creation_time,user_last_logon,password_exist,password_active,password_last_changed,password_next_rotation,mfa_active,{}",
                keys.join(",")
            ),
            format!(
                "<root>,2026-11-22T08:00:00Z,-,TRUE,N/A,-,N/A,FALSE,TRUE,TRUE,2026-11-22T08:00:00Z,2026-11-22T08:00:00Z,{none},{none},{none},{none}"
            ),
            format!(
                "ann@1234567890123456.onaliyun.com,2025-10-18T08:00:00Z,2026-08-14T08:00:00Z,TRUE,TRUE,2025-10-18T08:00:00Z,2026-01-16T08:00:00Z,FALSE,TRUE,TRUE,2026-05-06T08:00:00Z,2026-08-23T08:00:00Z,TRUE,FALSE,2026-11-22T08:00:00Z,-,{none},{none},{none}"
            ),
            format!(
                "bob@1234567890123456.onaliyun.com,2026-11-22T08:00:00Z,-,FALSE,N/A,N/A,N/A,N/A,{none},{none},{none},{none},{none}"
            ),
        ]
    );
}

#[test]
fn a_report_is_kept_for_four_hours() {
    let (lab, root) = lab("");
    root.ims("GetCredentialReport", &[]).assert_refused(404, "EntityNotExist.Report");
    state(&root, "GenerateCredentialReport");
    root.ram("CreateUser", &[("UserName", "zoe")]).assert_ok();

    lab.advance_clock("3h59m59s");
    assert_eq!(state(&root, "GenerateCredentialReport"), "COMPLETED");
    assert_eq!(lines(&root.ims("GetCredentialReport", &[]).assert_ok()).len(), 4);
    lab.advance_clock("1s");
    root.ims("GetCredentialReport", &[]).assert_refused(409, "Expired.CredentialReport");
    assert_eq!(state(&root, "GenerateCredentialReport"), "STARTED");
    assert_eq!(lines(&root.ims("GetCredentialReport", &[]).assert_ok()).len(), 5);
}

#[test]
fn a_report_can_take_time() {
    let (lab, root) = lab("accountRules: {reportTime: 10s}");
    assert_eq!(state(&root, "GenerateCredentialReport"), "STARTED");
    assert_eq!(state(&root, "GenerateGovernanceReport"), "Started");

    lab.advance_clock("9s");
    assert_eq!(state(&root, "GenerateCredentialReport"), "INPROGRESS");
    assert_eq!(state(&root, "GenerateGovernanceReport"), "Progressing");
    root.ims("GetCredentialReport", &[]).assert_refused(409, "ReportNotGenerated");
    let status = root.ims("GetGovernanceReportStatus", &[]).assert_ok();
    assert_eq!(status["WholeReportStatus"], "Progressing");
    lab.advance_clock("1s");
    assert_eq!(state(&root, "GenerateCredentialReport"), "COMPLETED");
    let report = root.ims("GetCredentialReport", &[]).assert_ok();
    assert_eq!(report["GeneratedTime"], "2026-11-22T08:00:10Z");
}

#[test]
fn pages_of_the_report_join() {
    let (_, root) = lab("");
    state(&root, "GenerateCredentialReport");
    let whole = lines(&root.ims("GetCredentialReport", &[("MaxItems", "3501")]).assert_ok());

    let first = root.ims("GetCredentialReport", &[("MaxItems", "3")]).assert_ok();
    assert_eq!(first["IsTruncated"], "true");
    let next = first["NextToken"].as_str().unwrap();
    let second = root.ims("GetCredentialReport", &[("MaxItems", "3"), ("NextToken", next)]).assert_ok();

    assert_eq!(second["IsTruncated"], "false");
    assert_eq!([lines(&first), lines(&second)].concat(), whole);
    for max in ["0", "3502"] {
        root.ims("GetCredentialReport", &[("MaxItems", max)])
            .assert_refused(400, "InvalidParameter.MaxItems.Range");
    }
}

#[test]
fn the_governance_report_counts_what_the_account_did() {
    let (_, root) = lab("");
    for action in ["GetGovernanceReportStatus", "ListRecentGovernanceMetrics"] {
        root.ims(action, &[]).assert_refused(404, "EntityNotExist.Report");
    }
    assert_eq!(state(&root, "GenerateGovernanceReport"), "Started");
    assert_eq!(state(&root, "GenerateGovernanceReport"), "Completed");

    let metrics = root.ims("ListRecentGovernanceMetrics", &[]).assert_ok();
    assert_eq!(
        metrics["GovernanceMetrics"]["GovernanceMetric"],
        json!([
            {"GovernanceItem": "AccountRecentUsingAccessKey", "MetricType": "Number", "MetricValue": 1},
            {"GovernanceItem": "RecentAccountLoginTimes", "MetricType": "Number", "MetricValue": 0},
            {"GovernanceItem": "SSOLoginEnabled", "MetricType": "Boolean", "MetricValue": false},
        ])
    );
    let item = |name: &str| root.ims("GetGovernanceItemReport", &[("GovernanceItemType", name)]);
    let used = item("AccountRecentUsingAccessKey").assert_ok();
    assert_eq!(
        used["ColumnsValue"]["ColumnRow"],
        json!([{"ColumnValue": [root.key, "2026-11-22T08:00:00Z"]}])
    );
    item("Other").assert_refused(400, "InvalidParameter.GovernanceItemType");
}

#[test]
fn the_governance_report_tells_whether_users_sign_on_elsewhere() {
    for (account, is_enabled) in [
        ("oidcProviders: [{name: github, clientIds: [sts.aliyuncs.com]}]", false),
        ("userSso: {enabled: true, auxiliaryDomain: shop.example}", true),
    ] {
        let lab = Lab::with_scenario(&format!("accounts: [{{name: demo, keys: [{{}}], {account}}}]"));
        let root = lab.root("demo");
        state(&root, "GenerateGovernanceReport");

        let item =
            root.ims("GetGovernanceItemReport", &[("GovernanceItemType", "SSOLoginEnabled")]).assert_ok();

        assert_eq!(item["MetricValue"], is_enabled);
        let (status, domain) = if is_enabled { ("Enabled", "shop.example") } else { ("Disabled", "") };
        let row = |name: &str, value: &str| json!({"ColumnValue": [name, value]});
        let rows = [row("SsoStatus", status), row("AuxiliaryDomain", domain)];
        assert_eq!(item["ColumnsValue"]["ColumnRow"], json!(rows));
    }
}

#[test]
fn the_security_practice_report_is_about_the_account_now() {
    let (_, root) = lab("");
    let report = || {
        let report = root.ims("GetAccountSecurityPracticeReport", &[]).assert_ok();
        report["AccountSecurityPracticeInfo"].clone()
    };
    let before = report();
    assert_eq!(
        before,
        json!({
            "Score": 10,
            "AccountSecurityPracticeUserInfo": {
                "BindMfa": false, "OldAkNum": 1, "RootWithAccessKey": 1, "SubUser": 2, "SubUserBindMfa": 0,
                "SubUserPwdLevel": "low", "SubUserWithOldAccessKey": 1, "SubUserWithUnusedAccessKey": 1,
                "UnusedAkNum": 1,
            },
        })
    );

    let policy = [
        ("MinimumPasswordLength", "12"),
        ("RequireNumbers", "true"),
        ("RequireSymbols", "true"),
        ("RequireUppercaseCharacters", "true"),
    ];
    root.ram("SetPasswordPolicy", &policy).assert_ok();

    let after = report();
    assert_eq!(after["AccountSecurityPracticeUserInfo"]["SubUserPwdLevel"], "high");
    assert_eq!(after["Score"], 30);
}
