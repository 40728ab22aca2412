//! What happens to an account is the same whether the control API, a scenario or an official action does it: from one start,
//! each transition ends in the same accounts, as an export writes them.
//!
//! A new official action is a line: `.official(WHO, VERSION, ACTION, PARAMETERS)` after the row of its transition.

use crate::support::answers::{AGENCY, BSS, CENTER, UBSMS};
use crate::support::live::Live;
use crate::support::{Lab, NOW};
use alimock::Scenario;
use alimock::scenario::Export;
use serde_json::Value;

/// UIDs of the start.
const SHOP: &str = "1000000000000002";
/// The key of the shop.
const KEY: &str = "LTAI5tShopRootKey00001";

/// How a scenario says it.
enum File {
    /// In words of the account `shop`: it is so from the start.
    Words(&'static str),
    /// By commands of its timeline.
    Commands(&'static str),
}
use File::{Commands, Words};

/// An action of an official API: who calls, version, action, parameters.
type Official = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// A transition, by every door that has it.
struct Row {
    name: &'static str,
    /// Settings of the world.
    head: &'static str,
    /// Commands that come before it, by whatever door.
    before: &'static str,
    /// Calls of the control API: method, path below the world, body.
    control: Vec<(&'static str, &'static str, &'static str)>,
    file: File,
    official: Vec<Official>,
}

fn row(
    name: &'static str,
    (method, path, body): (&'static str, &'static str, &'static str),
    file: File,
) -> Row {
    Row { name, head: "", before: "", control: vec![(method, path, body)], file, official: Vec::new() }
}

impl Row {
    fn after(self, before: &'static str) -> Self {
        Self { before, ..self }
    }

    fn with(self, head: &'static str) -> Self {
        Self { head, ..self }
    }

    fn then(mut self, method: &'static str, path: &'static str, body: &'static str) -> Self {
        self.control.push((method, path, body));
        self
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

/// A call about the state of the shop.
fn state(body: &'static str) -> (&'static str, &'static str, &'static str) {
    ("POST", "/accounts/1000000000000002/state", body)
}

fn real_name(body: &'static str) -> (&'static str, &'static str, &'static str) {
    ("POST", "/accounts/1000000000000002/real-name", body)
}

fn decision(body: &'static str) -> (&'static str, &'static str, &'static str) {
    ("POST", "/accounts/1000000000000002/real-name/{application}/decision", body)
}

fn command(body: &'static str) -> (&'static str, &'static str, &'static str) {
    ("POST", "/commands", body)
}

fn change(body: &'static str) -> (&'static str, &'static str, &'static str) {
    ("PATCH", "/accounts/1000000000000002", body)
}

fn key(body: &'static str) -> (&'static str, &'static str, &'static str) {
    ("PATCH", "/accounts/1000000000000002/access-keys/LTAI5tShopRootKey00001", body)
}

const AAS: &str = "2015-07-01";
const CRM: &str = "2015-04-08";
const ACCOUNT_CRM: &str = "2016-06-06";

// A table reads by rows.
#[rustfmt::skip]
fn states() -> Vec<Row> {
    vec![
        row("log-in frozen", state(r#"{"status": "LOGIN_FROZEN"}"#), Words("state: {status: LOGIN_FROZEN}"))
            .official("operator", ACCOUNT_CRM, "ForbiddenAgAccountLogin", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("disabled", state(r#"{"status": "DISABLED"}"#), Words("state: {status: DISABLED}"))
            .official("operator", AAS, "UpdateStatusForAccount", &[("PK", SHOP), ("AccountStatus", "Inactive")]),
        row("risk-controlled", state(r#"{"status": "RISK_CONTROLLED"}"#), Words("state: {status: RISK_CONTROLLED}")),
        row("in arrears", state(r#"{"status": "ARREARS", "balance": -12.5}"#), Commands("setState: {status: ARREARS, balance: -12.5}")),
        row("in arrears, nobody says how deep", state(r#"{"status": "ARREARS"}"#), Words("state: {status: ARREARS}")),
        row("shut down for debt", state(r#"{"status": "ARREARS_SHUTDOWN"}"#), Words("state: {status: ARREARS_SHUTDOWN}")),
        row("closing", state(r#"{"status": "CLOSING"}"#), Words("state: {status: CLOSING}")),
        row("closed", state(r#"{"status": "CLOSED"}"#), Words("state: {status: CLOSED}")),
        row("normal again", state(r#"{"status": "NORMAL"}"#), Commands("setState: {status: NORMAL}")).after("setState: {status: RISK_CONTROLLED}"),
        row("normal again after arrears", state(r#"{"status": "NORMAL"}"#), Words("state: {balance: 0}")).after("setState: {status: ARREARS}"),
        row("a hold on the log-in", state(r#"{"holds": ["LOGIN"]}"#), Commands("hold: {hold: LOGIN}"))
            .official("operator", ACCOUNT_CRM, "ForbiddenAgAccountLogin", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("a hold on purchases", state(r#"{"holds": ["PURCHASES"]}"#), Commands("hold: {hold: PURCHASES}"))
            .official("operator", AGENCY, "EditNewBuyStatus", &[("Uid", SHOP), ("NewBuyStatus", "ban")]),
        row("a hold on payment by use", state(r#"{"holds": ["PAY_AS_YOU_GO"]}"#), Commands("hold: {hold: PAY_AS_YOU_GO}"))
            .official("operator", AGENCY, "EditEndUserStatus", &[("Uid", SHOP), ("CreditStatus", "postPayFreeze")]),
        row("a hold on the business", state(r#"{"holds": ["BUSINESS"]}"#), Commands("hold: {hold: BUSINESS}")),
        row("trusteeship", state(r#"{"holds": ["TRUSTEESHIP"]}"#), Words("state: {holds: [TRUSTEESHIP]}")),
        row("a hold is lifted", state(r#"{"holds": []}"#), Commands("liftHold: {hold: LOGIN}")).after("hold: {hold: LOGIN}")
            .official("operator", ACCOUNT_CRM, "AllowAgAccountLogin", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("everything at once", state(r#"{"status": "ARREARS_SHUTDOWN", "balance": -5, "creditLine": 2, "holds": ["RISK", "ACCOUNT"]}"#),
            Words("state: {status: DISABLED, balance: -5, creditLine: 2, holds: [RISK], shutDown: true}")),
        row("closed in debt", state(r#"{"status": "ARREARS_SHUTDOWN", "balance": -5, "holds": ["PURCHASES"]}"#), Words("state: {status: CLOSED, balance: -5, holds: [PURCHASES], shutDown: true}"))
            .then("POST", "/accounts/1000000000000002/state", r#"{"status": "CLOSED"}"#),
        row("a balance", state(r#"{"balance": 7.25}"#), Words("state: {balance: 7.25}")),
        row("a payment", state(r#"{"balance": 7.25}"#), Commands("pay: {amount: 2.25}")).after("pay: {amount: 5}"),
        row("a credit line", state(r#"{"creditLine": 100}"#), Words("state: {creditLine: 100}"))
            .official("operator", AGENCY, "SetCreditLine", &[("Uid", SHOP), ("CreditLine", "100")]),
        row("a debt within the credit line", state(r#"{"creditLine": 100, "balance": -99}"#), Commands("setState: {creditLine: 100, balance: -99}")),
        row("a shutdown policy", state(r#"{"shutdownPolicy": "noStop"}"#), Commands("setShutdownPolicy: {policy: noStop}"))
            .official("operator", AGENCY, "EditZeroCreditShutdown", &[("Uid", SHOP), ("ShutdownPolicy", "noStop")]),
        row("a debt that stops everything at once", state(r#"{"shutdownPolicy": "immediatelyStop", "balance": -1}"#), Words("state: {shutdownPolicy: immediatelyStop, balance: -1, status: ARREARS_SHUTDOWN}")),
    ]
}

#[rustfmt::skip]
fn ways_out() -> Vec<Row> {
    vec![
        row("closed at once", ("POST", "/accounts/1000000000000002/close", ""), Commands("close: {}"))
            .official("operator", ACCOUNT_CRM, "AccountOneKeyDelete", &[("AppName", "x"), ("Pk", SHOP)])
            .official("operator", ACCOUNT_CRM, "ApplyAgOneKeyDeleteTask", &[("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("closed in spite of a small balance", ("POST", "/accounts/1000000000000002/close", r#"{"waive": ["BALANCE"]}"#), Commands("close: {waive: [BALANCE]}")).after("pay: {amount: 3}")
            .official("operator", ACCOUNT_CRM, "ApplyAgOneKeyDeleteTask", &[("AbandonedDependency", "BALANCE"), ("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("closing after payment by use", ("POST", "/accounts/1000000000000002/close", r#"{"waive": ["BALANCE"]}"#), Commands("close: {waive: [BALANCE]}"))
            .after("pay: {amount: 3}\nbuy: {product: ecs}\nrelease: {instance: i-b5e621130481}")
            .official("operator", ACCOUNT_CRM, "ApplyAgOneKeyDeleteTask", &[("AbandonedDependency", "BALANCE"), ("AgAccountType", "BID"), ("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP)]),
        row("stays", ("DELETE", "/accounts/1000000000000002/close", ""), Commands("stay: {}")).after("setState: {status: CLOSING}"),
        row("a purchase", command(r#"{"buy": {"product": "ecs", "type": "", "months": 2, "parameters": "RenewalStatus=ManualRenewal\n\n\n", "account": "shop"}}"#),
            Commands(r#"buy: {product: ecs, type: "", months: 2, parameters: "RenewalStatus=ManualRenewal\n\n\n"}"#))
            .after("certify: {subject: enterprise, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}\npay: {amount: 500}")
            .official("shop", BSS, "CreateInstance", &[("ProductCode", "ecs"), ("SubscriptionType", "Subscription"), ("Period", "2")]),
    ]
}

#[rustfmt::skip]
fn verifications() -> Vec<Row> {
    const LTD: &str = r#"{"subject": "enterprise", "method": "document", "name": "Shop Ltd", "documentNumber": "91330000MA27SHOPLT"}"#;
    vec![
        row("certified", real_name(r#"{"subject": "enterprise", "method": "legal_rep_face", "name": "Shop Ltd", "documentNumber": "91330000MA27SHOPLT"}"#),
            Words("realName: {status: VERIFIED, method: legal_rep_face, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}")),
        row("certified by the partner", command(r#"{"certify": {"account": "shop", "subject": "enterprise", "name": "Shop Ltd", "documentNumber": "91330000MA27SHOPLT", "phone": "86-13900001111"}}"#),
            Words("realName: {status: VERIFIED, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT, phone: 86-13900001111}"))
            .official("operator", CRM, "AddIdentityCertifiedForBidUser", &[("PK", SHOP), ("BidType", "NORMAL"), ("Name", "Shop Ltd"), ("LicenseType", "9"), ("LicenseNumber", "91330000MA27SHOPLT"), ("Phone", "86-13900001111"), ("IsEnterprise", "true")]),
        row("a person certified by the partner", command(r#"{"certify": {"account": "shop", "subject": "personal", "name": "Jane Doe", "documentType": "0", "documentNumber": "110101199001011234"}}"#),
            Commands("certify: {subject: personal, name: Jane Doe, documentType: '0', documentNumber: '110101199001011234'}"))
            .official("operator", ACCOUNT_CRM, "CreateRealNameCertification", &[("AccountCertifyType", "personal"), ("Name", "Jane Doe"), ("LicenseType", "0"), ("LicenseNumber", "110101199001011234"), ("Pk", SHOP)]),
        row("no longer verified", ("DELETE", "/accounts/1000000000000002/real-name", ""), Commands("removeVerification: {}"))
            .after("certify: {subject: enterprise, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}")
            .official("operator", CRM, "RemoveIdentityCertifiedForBidUser", &[("PK", SHOP), ("BidType", "NORMAL")]),
        row("under review", real_name(LTD), Words("realName: {status: UNDER_REVIEW, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}")),
        row("approved", decision(r#"{"decision": "approve"}"#), Commands("decide: {decision: approve}"))
            .after("submit: {subject: enterprise, method: document, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}"),
        row("rejected", decision(r#"{"decision": "reject", "code": "BLUR", "reason": "It is blurred."}"#), Words("realName: {status: REJECTED, subject: personal, name: Jane Doe, documentNumber: G1234567, code: BLUR, reason: It is blurred.}"))
            .after("submit: {subject: personal, method: document, name: Jane Doe, documentNumber: G1234567}"),
        row("withdrawn", ("DELETE", "/accounts/1000000000000002/real-name/{application}", ""), Commands("cancelApplication: {}"))
            .after("submit: {subject: personal, method: document, name: Jane Doe, documentNumber: G1234567}"),
        row("an upgrade", real_name(LTD), Commands("submit: {subject: enterprise, method: document, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}"))
            .after("submit: {subject: personal, method: face, name: Jane Doe, documentNumber: G1234567}"),
        row("a document that expires", decision(r#"{"decision": "expire"}"#), Commands("expireDocument: {}"))
            .after("submit: {subject: personal, method: face, name: Jane Doe, documentNumber: G1234567}"),
        row("needs an update", decision(r#"{"decision": "expire"}"#), Words("realName: {status: NEEDS_UPDATE, subject: personal, method: face, name: Jane Doe, documentNumber: G1234567}"))
            .after("submit: {subject: personal, method: face, name: Jane Doe, documentNumber: G1234567}"),
        row("three wrong amounts", ("POST", "/accounts/1000000000000002/real-name/{application}/transfer-amount", r#"{"amount": 0.01}"#), Commands("tellAmount: {amount: 0.01}\ntellAmount: {amount: 0.02}\ntellAmount: {amount: 0.03}"))
            .then("POST", "/accounts/1000000000000002/real-name/{application}/transfer-amount", r#"{"amount": 0.02}"#)
            .then("POST", "/accounts/1000000000000002/real-name/{application}/transfer-amount", r#"{"amount": 0.03}"#)
            .with("accountRules: {reviewTime: 0s}")
            .after("submit: {subject: enterprise, method: bank_transfer, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}"),
        row("nobody decides", real_name(LTD), Commands("submit: {subject: enterprise, method: document, name: Shop Ltd, documentNumber: 91330000MA27SHOPLT}")).with("accountRules: {reviewTime: 0s, review: reject}"),
        row("a document of another country", real_name(r#"{"subject": "personal", "method": "document", "name": "Jane Doe", "documentNumber": "G1234567", "country": "SG"}"#),
            Words("realName: {status: REJECTED, subject: personal, name: Jane Doe, documentNumber: G1234567, country: SG, code: COUNTRY, reason: The document was issued in another country than the account is registered in.}"))
            .with("accountRules: {reviewTime: 0s}"),
        row("the KYC Center is asked for", ("POST", "/accounts/1000000000000002/real-name/kyc", ""), Commands("askForKyc: {}")),
        row("a verification page", ("POST", "/accounts/1000000000000002/real-name/links", r#"{"subject": "personal"}"#), Commands("addLink: {subject: personal}")),
    ]
}

#[rustfmt::skip]
fn owners() -> Vec<Row> {
    vec![
        row("registered", ("POST", "/accounts", r#"{"loginName": "walker@example.com", "partner": "1000000000000001"}"#), Commands("register: {name: walker@example.com, loginName: walker@example.com, partner: operator}"))
            .official("operator", AAS, "CreateAliyunAccount", &[("AliyunId", "walker@example.com")]),
        row("a disabled key", key(r#"{"status": "Inactive"}"#), Commands("disableKey: {}"))
            .official("operator", AAS, "UpdateAccessKeyStatusForAccount", &[("PK", SHOP), ("AKId", "LTAI5tShopRootKey00001"), ("AKStatus", "Inactive")]),
        row("an enabled key", key(r#"{"status": "Active"}"#), Commands("enableKey: {}")).after("disableKey: {}")
            .official("operator", AAS, "UpdateAccessKeyStatusForAccount", &[("PK", SHOP), ("AKId", "LTAI5tShopRootKey00001"), ("AKStatus", "Active")]),
        row("a leaked key", key(r#"{"leaked": true}"#), Commands("leakKey: {}")),
        row("a key that has not leaked after all", key(r#"{"leaked": false}"#), Commands("unleakKey: {}")).after("leakKey: {}"),
        row("a deleted key", ("DELETE", "/accounts/1000000000000002/access-keys/LTAI5tShopRootKey00001", ""), Commands("deleteKey: {}"))
            .official("operator", AAS, "DeleteAccessKeyForAccount", &[("PK", SHOP), ("AKId", "LTAI5tShopRootKey00001")]),
        row("other contacts", change(r#"{"email": "new@example.com", "mobile": "86-13900000001"}"#), Commands("changeAccount: {email: new@example.com, mobile: 86-13900000001}")),
        row("another profile", change(r#"{"loginName": "bazaar", "country": "MY", "details": {"PreferredLanguage": "en"}}"#), Commands("changeAccount: {loginName: bazaar, country: MY, details: {PreferredLanguage: en}}")),
        row("an alias", change(r#"{"alias": "bazaar"}"#), Words("alias: bazaar")),
        row("a guarded log-in", change(r#"{"security": {"ipMask": {"enabled": true, "networks": ["10.0.0.0/8"]}, "sessionExpires": "2h", "mobileLogin": true, "protection": {"level": "high", "verifyType": "mfa"}}}"#),
            Words("security: {ipMask: {enabled: true, networks: [10.0.0.0/8]}, sessionExpires: 2h, mobileLogin: true, protection: {level: high, verifyType: mfa}}")),
        row("the same by a command", change(r#"{"security": {"mobileLogin": true, "sessionExpires": "90m"}}"#), Commands("changeAccount: {security: {mobileLogin: true, sessionExpires: 90m}}")),
        row("an MFA device", ("POST", "/accounts/1000000000000002/mfa", r#"{"seed": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}"#), Words("security: {mfa: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ}")),
        row("an MFA device by a command", ("POST", "/accounts/1000000000000002/mfa", ""), Commands("bindMfa: {}")),
        row("no MFA device any more", ("DELETE", "/accounts/1000000000000002/mfa", ""), Commands("unbindMfa: {}")).after("bindMfa: {}")
            .official("operator", CENTER, "EnterpriseAccountRemoveMfa", &[("RequestId", "r"), ("Pk", SHOP)]),
        row("a password", ("PUT", "/accounts/1000000000000002/password", r#"{"password": "Passw0rd!"}"#), Commands("setPassword: {password: Passw0rd!}"))
            .official("operator", AAS, "UpdatePasswordForAccount", &[("PK", SHOP), ("NewPassword", "Passw0rd!")])
            .official("operator", CENTER, "EnterpriseAccountChangeLoginPassword", &[("RequestId", "r"), ("Pk", SHOP), ("EncryptPassword", "Passw0rd!")]),
        row("a service that is not activated", command(r#"{"deactivate": {"account": "shop", "service": "Ram"}}"#), Words("services: {ram: {activated: \"false\"}}"))
            .official("operator", UBSMS, "SetUserBusinessStatus", &[("Uid", SHOP), ("Service", "ram"), ("StatusKey", "activated"), ("StatusValue", "false")]),
        row("a service that is activated again", command(r#"{"activate": {"account": "shop", "service": "Ram"}}"#), Commands("activate: {service: ram}")).after("deactivate: {service: Ram}"),
        row("a status of a service", command(r#"{"setBusinessStatus": {"account": "shop", "service": "sls", "key": "edition", "value": "pro"}}"#), Words("services: {sls: {edition: pro}}"))
            .official("operator", UBSMS, "SetUserBusinessStatus", &[("Uid", SHOP), ("Service", "sls"), ("StatusKey", "edition"), ("StatusValue", "pro")]),
        row("a log-in by mobile", change(r#"{"security": {"mobileLogin": true}}"#), Commands("changeAccount: {security: {mobileLogin: true}}"))
            .official("operator", CENTER, "EnterpriseAccountUpdateSecurityMobileLoginStatus", &[("RequestId", "r"), ("Pk", SHOP), ("Status", "ENABLE")]),
        row("shorter log-ins", change(r#"{"security": {"sessionExpires": "10m"}}"#), Words("security: {sessionExpires: 10m}"))
            .official("operator", CENTER, "EnterpriseAccountUpdateSessionExpireTime", &[("RequestId", "r"), ("Pk", SHOP), ("SessionExpireTime", "600")]),
        row("log-ins from one network", change(r#"{"security": {"ipMask": {"enabled": true, "networks": ["10.0.0.0/8"]}}}"#), Words("security: {ipMask: {enabled: true, networks: [10.0.0.0/8]}}"))
            .official("operator", CENTER, "EnterpriseAccountUpdateIpMask", &[("RequestId", "r"), ("Pk", SHOP), ("IpMasksJson", r#"["10.0.0.0/8"]"#), ("Status", "ENABLE")]),
        row("another country", change(r#"{"country": "MY"}"#), Commands("changeAccount: {country: MY}"))
            .official("operator", ACCOUNT_CRM, "ChangeAgAccountNationalityCode", &[("Mpk", "1000000000000001"), ("PK", SHOP), ("NationalityCode", "MY")]),
        row("another e-mail", change(r#"{"email": "new@example.com"}"#), Commands("changeAccount: {email: new@example.com}"))
            .official("operator", ACCOUNT_CRM, "ChangeAgSecurityEmail", &[("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP), ("SecurityEmail", "new@example.com")]),
        row("another mobile", change(r#"{"mobile": "86-13900000001"}"#), Commands("changeAccount: {mobile: 86-13900000001}"))
            .official("operator", ACCOUNT_CRM, "ChangeAgSecurityMobile", &[("AppName", "x"), ("Mpk", "1000000000000001"), ("Pk", SHOP), ("SecurityMobile", "86-13900000001")]),
        row("nobody's account", command(r#"{"setPartner": {"account": "shop"}}"#), Commands("setPartner: {}"))
            .official("operator", ACCOUNT_CRM, "SeparateAgRelation", &[("Mpk", "1000000000000001"), ("Pk", SHOP)])
            .official("operator", ACCOUNT_CRM, "ReleaseAgAccount", &[("Mpk", "1000000000000001"), ("Pk", SHOP), ("ReleaseReason", "done")]),
    ]
}

/// The scenario of the start, with these commands before and these at `+1s`, and more words of the shop.
fn start(row: &Row, words: &str, commands: &str) -> Scenario {
    let due = |at: &str, commands: &str| -> String {
        commands.lines().map(|one| format!("\n  - {{at: {at}, do: {{{one}}}}}")).collect()
    };
    let timeline = due("+0s", row.before) + &due("+1s", commands);
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

/// The accounts of a world, as an export has them.
fn accounts(export: &Value) -> Value {
    export["accounts"].clone()
}

fn by_control(row: &Row) -> Value {
    let live = Live::with_scenario(start(row, "", ""));
    let call = |method: &str, path: &str, body: &str| {
        let (status, answer) = live.control(method, &format!("/worlds/default{path}"), body);
        assert!((200..300).contains(&status), "{}: {method} {path}: {status} {answer}", row.name);
        answer
    };
    call("POST", "/clock/advance", r#"{"by": "1s"}"#);
    for (method, path, body) in &row.control {
        let history = call("GET", &format!("/accounts/{SHOP}/real-name"), "")["history"].clone();
        let application =
            history.as_array().and_then(|all| all.last()).map(|one| one["applicationId"].to_string());
        call(method, &path.replace("{application}", &application.unwrap_or_default()), body);
    }
    accounts(&call("GET", "/export?format=json", ""))
}

fn by_scenario(row: &Row) -> Value {
    let (words, commands, before) = match row.file {
        Words(words) => (words, "", ""),
        Commands(commands) => ("", commands, row.before),
    };
    let row = Row { before, control: Vec::new(), official: Vec::new(), file: Words(""), ..*row };
    let lab = Lab::with_seed(&start(&row, words, commands));
    lab.advance_clock("1s");
    let done = lab.world().settle(lab.world().clock.now().resource);
    let failed = done.iter().find(|one| one.what.contains("could not be carried out"));
    assert!(failed.is_none(), "{}: {failed:?}", row.name);
    accounts(&serde_json::from_str(&Export::present(lab.world()).json()).unwrap())
}

fn by_official_action(row: &Row, (who, version, action, params): Official) -> Value {
    let lab = Lab::with_seed(&start(row, "", ""));
    lab.advance_clock("1s");
    let reply = lab.root(who).call(version, action, params);
    reply.assert_ok();
    accounts(&serde_json::from_str(&Export::present(lab.world()).json()).unwrap())
}

#[track_caller]
fn same(rows: &[Row]) {
    for row in rows {
        let control = by_control(row);
        assert_eq!(by_scenario(row), control, "{}: by scenario, by control API", row.name);
        for official in &row.official {
            assert_eq!(by_official_action(row, *official), control, "{}: by {}", row.name, official.2);
        }
    }
}

#[test]
fn an_account_stands_the_same_whichever_door_it_is_moved_by() {
    same(&states());
}

#[test]
fn an_account_leaves_the_same_by_every_door() {
    same(&ways_out());
}

#[test]
fn an_account_is_verified_the_same_by_every_door() {
    same(&verifications());
}

#[test]
fn the_owner_of_an_account_changes_it_the_same_by_every_door() {
    same(&owners());
}

/// A row that changes nothing would prove nothing.
#[test]
fn nearly_every_row_of_the_table_changes_what_an_export_holds() {
    let idle: Vec<_> = [states(), ways_out(), verifications(), owners()]
        .into_iter()
        .flatten()
        .filter_map(|row| {
            let untouched = Row { control: Vec::new(), file: Words(""), official: Vec::new(), ..row };
            let before = by_control(&untouched);
            let row = Row { control: row.control, ..untouched };
            (by_control(&row) == before).then_some(row.name)
        })
        .collect();

    // A password is kept as a hash, pages and notices are no part of a file; nothing else.
    assert_eq!(idle, ["an upgrade", "the KYC Center is asked for", "a verification page", "a password"]);
}
