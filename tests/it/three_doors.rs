//! What an official action and the words of an account in a scenario do to an account is what a command does: from one start,
//! each transition ends in the same accounts, as an export writes them. That commands, timelines and the control API agree with each
//! other follows from their types, and `doors_agree` tries it.
//!
//! A new official action is a line: `.official(WHO, VERSION, ACTION, PARAMETERS)` after the row of its transition.

use crate::support::answers::{AGENCY, BSS, CENTER, UBSMS};
use crate::support::{Lab, NOW};
use alimock::Scenario;
use alimock::scenario::Export;
use serde_json::Value;
use std::sync::Arc;

/// UIDs of the start.
const SHOP: &str = "1000000000000002";
/// The key of the shop.
const KEY: &str = "LTAI5tShopRootKey00001";

/// An action of an official API: who calls, version, action, parameters.
type Official = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// A transition, in all its forms.
struct Row {
    name: &'static str,
    /// Settings of the world.
    head: &'static str,
    /// Commands that come before a command or an official action.
    before: &'static str,
    /// Commands, one a line.
    command: &'static str,
    /// Words of the account `shop` in a scenario: it is so from the start.
    words: Option<&'static str>,
    official: Vec<Official>,
}

fn row(name: &'static str, command: &'static str) -> Row {
    Row { name, head: "", before: "", command, words: None, official: Vec::new() }
}

impl Row {
    fn after(self, before: &'static str) -> Self {
        Self { before, ..self }
    }

    fn with(self, head: &'static str) -> Self {
        Self { head, ..self }
    }

    fn words(self, words: &'static str) -> Self {
        Self { words: Some(words), ..self }
    }

    fn official(
        mut self,
        who: &'static str,
        version: &'static str,
        action: &'static str,
        params: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.official.push((who, version, action, params));
        self
    }
}

const AAS: &str = "2015-07-01";
const CRM: &str = "2015-04-08";
const ACCOUNT_CRM: &str = "2016-06-06";

// A table reads by rows.
#[rustfmt::skip]
fn states() -> Vec<Row> {
    vec![
        row("log-in frozen", "setState: {status: LOGIN_FROZEN}")
            .words("state: {status: LOGIN_FROZEN}")
            .official("operator", ACCOUNT_CRM, "ForbiddenAgAccountLogin", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("disabled", "setState: {status: DISABLED}")
            .words("state: {status: DISABLED}")
            .official("operator", AAS, "UpdateStatusForAccount", &[("PK", SHOP), ("AccountStatus", "Inactive")]),
        row("risk-controlled", "setState: {status: RISK_CONTROLLED}")
            .words("state: {status: RISK_CONTROLLED}"),
        row("in arrears, nobody says how deep", "setState: {status: ARREARS}")
            .words("state: {status: ARREARS}"),
        row("shut down for debt", "setState: {status: ARREARS_SHUTDOWN}")
            .words("state: {status: ARREARS_SHUTDOWN}"),
        row("closing", "setState: {status: CLOSING}")
            .words("state: {status: CLOSING}"),
        row("closed", "setState: {status: CLOSED}")
            .words("state: {status: CLOSED}"),
        row("normal again after arrears", "setState: {status: NORMAL}").after("setState: {status: ARREARS}")
            .words("state: {balance: 0}"),
        row("a hold on the log-in", "hold: {hold: LOGIN}")
            .official("operator", ACCOUNT_CRM, "ForbiddenAgAccountLogin", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("a hold on purchases", "hold: {hold: PURCHASES}")
            .official("operator", AGENCY, "EditNewBuyStatus", &[("Uid", SHOP), ("NewBuyStatus", "ban")]),
        row("a hold on payment by use", "hold: {hold: PAY_AS_YOU_GO}")
            .official("operator", AGENCY, "EditEndUserStatus", &[("Uid", SHOP), ("CreditStatus", "postPayFreeze")]),
        row("trusteeship", "setState: {holds: [TRUSTEESHIP]}")
            .words("state: {holds: [TRUSTEESHIP]}"),
        row("a hold is lifted", "liftHold: {hold: LOGIN}").after("hold: {hold: LOGIN}")
            .official("operator", ACCOUNT_CRM, "AllowAgAccountLogin", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("everything at once", "setState: {status: ARREARS_SHUTDOWN, balance: -5, creditLine: 2, holds: [RISK, ACCOUNT]}")
            .words("state: {status: DISABLED, balance: -5, creditLine: 2, holds: [RISK], shutDown: true}"),
        row("closed in debt", "setState: {status: ARREARS_SHUTDOWN, balance: -5, holds: [PURCHASES]}\nsetState: {status: CLOSED}")
            .words("state: {status: CLOSED, balance: -5, holds: [PURCHASES], shutDown: true}"),
        row("a balance", "setState: {balance: 7.25}")
            .words("state: {balance: 7.25}"),
        row("a credit line", "setState: {creditLine: 100}")
            .words("state: {creditLine: 100}")
            .official("operator", AGENCY, "SetCreditLine", &[("Uid", SHOP), ("CreditLine", "100")]),
        row("a shutdown policy", "setShutdownPolicy: {policy: noStop}")
            .official("operator", AGENCY, "EditZeroCreditShutdown", &[("Uid", SHOP), ("ShutdownPolicy", "noStop")]),
        row("a debt that stops everything at once", "setState: {shutdownPolicy: immediatelyStop, balance: -1}")
            .words("state: {shutdownPolicy: immediatelyStop, balance: -1, status: ARREARS_SHUTDOWN}"),
    ]
}

#[rustfmt::skip]
fn ways_out() -> Vec<Row> {
    vec![
        row("closed at once", "close: {}")
            .official("operator", ACCOUNT_CRM, "AccountOneKeyDelete", &[("AppName", "x"), ("Pk", SHOP)])
            .official("operator", ACCOUNT_CRM, "ApplyAgOneKeyDeleteTask", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("closed in spite of a small balance", "close: {waive: [BALANCE]}").after("pay: {amount: 3}")
            .official("operator", ACCOUNT_CRM, "ApplyAgOneKeyDeleteTask", &[("AbandonedDependency", "BALANCE"), ("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("closing after payment by use", "close: {waive: [BALANCE]}").after("pay: {amount: 3}\nbuy: {product: ecs}\nrelease: {instance: i-b5e621130481}")
            .official("operator", ACCOUNT_CRM, "ApplyAgOneKeyDeleteTask", &[("AbandonedDependency", "BALANCE"), ("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("a purchase", r#"buy: {product: ecs, type: "", months: 2, parameters: "RenewalStatus=ManualRenewal\n\n\n"}"#).after("certify: {subject: enterprise, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}\npay: {amount: 500}")
            .official("shop", BSS, "CreateInstance", &[("ProductCode", "ecs"), ("SubscriptionType", "Subscription"), ("Period", "2")]),
    ]
}

#[rustfmt::skip]
fn verifications() -> Vec<Row> {
    vec![
        row("certified", "submit: {subject: enterprise, method: legal_rep_face, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}")
            .words("realName: {status: VERIFIED, method: legal_rep_face, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}"),
        row("certified by the partner", "certify: {subject: enterprise, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT, phone: 86-13900001111}")
            .words("realName: {status: VERIFIED, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT, phone: 86-13900001111}")
            .official("operator", CRM, "AddIdentityCertifiedForBidUser", &[("PK", SHOP), ("BidType", "NORMAL"), ("Name", "Shop Ltd"), ("LicenseType", "9"), ("LicenseNumber", "91330000MA27SHOPLT"), ("Phone", "86-13900001111"), ("IsEnterprise", "true")]),
        row("a person certified by the partner", "certify: {subject: personal, name: Jane Doe, documentType: '0', documentNumber: '110101199001011234'}")
            .official("operator", ACCOUNT_CRM, "CreateRealNameCertification", &[("AccountCertifyType", "personal"), ("Name", "Jane Doe"), ("LicenseType", "0"), ("LicenseNumber", "110101199001011234"), ("Pk", SHOP)]),
        row("no longer verified", "removeVerification: {}").after("certify: {subject: enterprise, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}")
            .official("operator", CRM, "RemoveIdentityCertifiedForBidUser", &[("PK", SHOP), ("BidType", "NORMAL")]),
        row("under review", "submit: {subject: enterprise, method: document, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}")
            .words("realName: {status: UNDER_REVIEW, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}"),
        row("rejected", r#"decide: {decision: reject, code: BLUR, reason: "It is blurred."}"#).after("submit: {subject: personal, method: document, name: Jane Doe, documentNumber: G1234567}")
            .words("realName: {status: REJECTED, subject: personal, name: Jane Doe, documentNumber: G1234567, code: BLUR, reason: It is blurred.}"),
        row("needs an update", "decide: {decision: expire}").after("submit: {subject: personal, method: face, name: Jane Doe, documentNumber: G1234567}")
            .words("realName: {status: NEEDS_UPDATE, subject: personal, method: face, name: Jane Doe, documentNumber: G1234567}"),
        row("a document of another country", "submit: {subject: personal, method: document, name: Jane Doe, documentNumber: G1234567, country: SG}").with("accountRules: {reviewTime: 0s}")
            .words("realName: {status: REJECTED, subject: personal, name: Jane Doe, documentNumber: G1234567, country: SG, code: COUNTRY, reason: The document was issued in another country than the account is registered in.}"),
    ]
}

#[rustfmt::skip]
fn owners() -> Vec<Row> {
    vec![
        row("registered", "register: {name: walker@example.com, loginName: walker@example.com, partner: operator}")
            .official("operator", AAS, "CreateAliyunAccount", &[("AliyunId", "walker@example.com")]),
        row("a disabled key", "disableKey: {}")
            .official("operator", AAS, "UpdateAccessKeyStatusForAccount", &[("PK", SHOP), ("AKId", "LTAI5tShopRootKey00001"), ("AKStatus", "Inactive")]),
        row("an enabled key", "enableKey: {}").after("disableKey: {}")
            .official("operator", AAS, "UpdateAccessKeyStatusForAccount", &[("PK", SHOP), ("AKId", "LTAI5tShopRootKey00001"), ("AKStatus", "Active")]),
        row("a deleted key", "deleteKey: {}")
            .official("operator", AAS, "DeleteAccessKeyForAccount", &[("PK", SHOP), ("AKId", "LTAI5tShopRootKey00001")]),
        row("an alias", "changeAccount: {alias: bazaar}")
            .words("alias: bazaar")
            .official("shop", "2015-05-01", "SetAccountAlias", &[("AccountAlias", "bazaar")])
            .official("shop", "2019-08-15", "SetDefaultDomain", &[("DefaultDomainName", "bazaar.onaliyun.com")]),
        row("a guarded log-in", r#"changeAccount: {security: {ipMask: {enabled: true, networks: ["10.0.0.0/8"]}, sessionExpires: "2h", mobileLogin: true, protection: {level: high, verifyType: mfa}}}"#)
            .words("security: {ipMask: {enabled: true, networks: [10.0.0.0/8]}, sessionExpires: 2h, mobileLogin: true, protection: {level: high, verifyType: mfa}}"),
        row("an MFA device", "bindMfa: {seed: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ}")
            .words("security: {mfa: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ}"),
        row("no MFA device any more", "unbindMfa: {}").after("bindMfa: {}")
            .official("operator", CENTER, "EnterpriseAccountRemoveMfa", &[("RequestId", "r"), ("Pk", SHOP)]),
        row("a password", "setPassword: {password: Passw0rd!}")
            .official("operator", AAS, "UpdatePasswordForAccount", &[("PK", SHOP), ("NewPassword", "Passw0rd!")])
            .official("operator", CENTER, "EnterpriseAccountChangeLoginPassword", &[("RequestId", "r"), ("Pk", SHOP), ("EncryptPassword", "Passw0rd!")]),
        row("a service that is not activated", "deactivate: {service: Ram}")
            .words(r#"services: {ram: {activated: "false"}}"#)
            .official("operator", UBSMS, "SetUserBusinessStatus", &[("Uid", SHOP), ("Service", "ram"), ("StatusKey", "activated"), ("StatusValue", "false")]),
        row("a status of a service", "setBusinessStatus: {service: sls, key: edition, value: pro}")
            .words("services: {sls: {edition: pro}}")
            .official("operator", UBSMS, "SetUserBusinessStatus", &[("Uid", SHOP), ("Service", "sls"), ("StatusKey", "edition"), ("StatusValue", "pro")]),
        row("a log-in by mobile", "changeAccount: {security: {mobileLogin: true}}")
            .official("operator", CENTER, "EnterpriseAccountUpdateSecurityMobileLoginStatus", &[("RequestId", "r"), ("Pk", SHOP), ("Status", "ENABLE")]),
        row("shorter log-ins", r#"changeAccount: {security: {sessionExpires: "10m"}}"#)
            .words("security: {sessionExpires: 10m}")
            .official("operator", CENTER, "EnterpriseAccountUpdateSessionExpireTime", &[("RequestId", "r"), ("Pk", SHOP), ("SessionExpireTime", "600")]),
        row("log-ins from one network", r#"changeAccount: {security: {ipMask: {enabled: true, networks: ["10.0.0.0/8"]}}}"#)
            .words("security: {ipMask: {enabled: true, networks: [10.0.0.0/8]}}")
            .official("operator", CENTER, "EnterpriseAccountUpdateIpMask", &[("RequestId", "r"), ("Pk", SHOP), ("IpMasksJson", r#"["10.0.0.0/8"]"#), ("Status", "ENABLE")]),
        row("another country", "changeAccount: {country: MY}")
            .official("operator", ACCOUNT_CRM, "ChangeAgAccountNationalityCode", &[("Mpk", "1000000000000001"), ("PK", SHOP), ("NationalityCode", "MY")]),
        row("another e-mail", "changeAccount: {email: new@example.com}")
            .official("operator", ACCOUNT_CRM, "ChangeAgSecurityEmail", &[("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP), ("SecurityEmail", "new@example.com")]),
        row("another mobile", "changeAccount: {mobile: 86-13900000001}")
            .official("operator", ACCOUNT_CRM, "ChangeAgSecurityMobile", &[("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP), ("SecurityMobile", "86-13900000001")]),
        row("nobody's account", "setPartner: {}")
            .official("operator", ACCOUNT_CRM, "SeparateAgRelation", &[("Mpk", "1000000000000001"), ("Pk", SHOP)])
            .official("operator", ACCOUNT_CRM, "ReleaseAgAccount", &[("Mpk", "1000000000000001"), ("Pk", SHOP), ("ReleaseReason", "done")]),
    ]
}

/// The scenario of the start, with commands at once and more at `+1s`, and more words of the shop.
fn start(row: &Row, words: &str, before: &str, commands: &str) -> Scenario {
    let due = |at: &str, commands: &str| -> String {
        commands.lines().map(|one| format!("\n  - {{at: {at}, do: {{{one}}}}}")).collect()
    };
    let timeline = due("+0s", before) + &due("+1s", commands);
    let timeline = if timeline.is_empty() { " []" } else { &timeline };
    let more = if words.is_empty() { String::new() } else { format!("\n    {words}") };
    let text = format!(
        "clock: {{resource: '{NOW}', gateway: '{NOW}'}}\nseed: 5\n{}\naccounts:
  - {{name: operator, uid: 1000000000000001, isPartner: true, keys: [{{id: LTAI5tOperatorKey00001, secret: operatorSecret}}]}}
  - name: shop
    uid: {SHOP}
    partner: operator
    email: shop@example.com
    mobile: 86-13900000000
    keys: [{{id: {KEY}, secret: shopSecret}}]{more}
timeline:{timeline}\n",
        row.head
    );
    Scenario::parse(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", row.name))
}

/// The accounts of a world after a second, as an export has them.
fn accounts(lab: &Lab) -> Value {
    let export: Value = serde_json::from_str(&Export::present(lab.world()).json()).unwrap();
    export["accounts"].clone()
}

/// Starts a world and waits a second. Every command must succeed.
fn ran(row: &Row, words: &str, before: &str, commands: &str) -> Arc<Lab> {
    let lab = Lab::with_seed(&start(row, words, before, commands));
    lab.advance_clock("1s");
    let done = lab.world().settle(lab.world().clock.now().resource);
    let failed = done.iter().find(|one| one.what.contains("could not be carried out"));
    assert!(failed.is_none(), "{}: {failed:?}", row.name);
    lab
}

fn by_command(row: &Row) -> Value {
    accounts(&ran(row, "", row.before, row.command))
}

#[track_caller]
fn assert_same(rows: &[Row]) {
    for row in rows {
        let expected = by_command(row);
        if let Some(words) = row.words {
            assert_eq!(accounts(&ran(row, words, "", "")), expected, "{}: by words of a scenario", row.name);
        }
        for (who, version, action, params) in &row.official {
            let lab = ran(row, "", row.before, "");
            lab.root(who).call(version, action, params).assert_ok();
            assert_eq!(accounts(&lab), expected, "{}: by {action}", row.name);
        }
    }
}

#[test]
fn an_account_stands_the_same_whichever_door_it_is_moved_by() {
    assert_same(&states());
}

#[test]
fn an_account_leaves_the_same_by_every_door() {
    assert_same(&ways_out());
}

#[test]
fn an_account_is_verified_the_same_by_every_door() {
    assert_same(&verifications());
}

#[test]
fn the_owner_of_an_account_changes_it_the_same_by_every_door() {
    assert_same(&owners());
}

/// A row that changes nothing would prove nothing.
#[test]
fn nearly_every_row_of_the_table_changes_what_an_export_holds() {
    let rows = [states(), ways_out(), verifications(), owners()].into_iter().flatten();
    let idle = rows.filter(|row| by_command(row) == accounts(&ran(row, "", row.before, "")));
    let idle: Vec<_> = idle.map(|row| row.name).collect();

    // A password is kept as a hash.
    assert_eq!(idle, ["a password"]);
}
