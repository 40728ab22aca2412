//! Explanation of a request, rejected or answered: its record, the policies, the rules that applied to it, and what to do.

use crate::attributes::{apply, input, view};
use crate::control::call::InWorld;
use crate::control::permissions::{Explanation, again};
use crate::control::requests::no_such_request;
use crate::control::{Answer, ok, settled};
use crate::error::NOT_RUN;
use crate::world::faults::CountedRule;
use crate::world::journal::{Record, Step, Told};
use crate::world::permission::Decision;
use crate::world::{Caller, State as WorldState};
use axum::extract::Query;
use axum::response::Response;

/// The request to explain.
#[apply(input)]
#[schemars(rename = "WhyAsked")]
pub(super) struct Asked {
    /// Id of the request. Default: the last rejected one.
    request: Option<String>,
}

#[apply(view)]
struct Why<'a> {
    /// The record of the request; absent if the journal has no rejected call.
    request: Option<Told<'a>>,
    /// The decision by the policies of now, if policies decided, with every statement of the caller.
    permission: Option<Explanation>,
    /// The rules that applied to the request, as they are now.
    rules: Vec<CountedRule>,
    /// Advice, one step each.
    advice: Vec<String>,
}

pub(super) fn show(InWorld(world): InWorld, Query(asked): Query<Asked>) -> Answer<Response> {
    let state = settled(&world);
    let found = match &asked.request {
        Some(id) => Some(world.journal.find(id).ok_or_else(|| no_such_request(id))?),
        None => world.journal.last(1, |record| record.refused.is_some()).pop(),
    };
    let Some(record) = found else {
        let advice = vec!["the journal has no rejected call; name a request by its RequestId".to_owned()];
        return Ok(ok(&Why { request: None, permission: None, rules: Vec::new(), advice }));
    };
    let has_struck = |rule: &CountedRule| record.faults.iter().any(|struck| struck.id == rule.id);
    let why = Why {
        request: Some(record.told(&state)),
        permission: again(&state, &record),
        rules: world.faults.list().into_iter().filter(has_struck).collect(),
        advice: advice(&record, &state),
    };
    Ok(ok(&why))
}

/// Advice for the requirements of gates. `{account}` and `{key}` stand for those of the caller.
const UNMET: &[(&str, &str)] = &[
    ("activated", "activate the product: `alimock do activate account={account} service={product}`"),
    ("keyNotLeaked", "create another key, or clear the flag: `alimock key unleak {key}`"),
    ("notRiskControlled", "lift the risk control: `alimock account unhold {account} RISK`"),
    ("verified", "verify the account: `alimock account verify {account}`"),
    ("noArrears", "pay the debt: `alimock account pay {account} AMOUNT`"),
    ("notShutDown", "pay the debt: `alimock account pay {account} AMOUNT`"),
    ("balance", "pay: `alimock account pay {account} AMOUNT`"),
    ("notFrozen", "return the account to its normal state: `alimock account resume {account}`"),
];

/// Advice for error codes, by the beginning of the code. The first match counts.
const CODES: &[(&str, &str)] = &[
    ("MissingAccessKeyId", "sign the request; `alimock env` prints an AccessKey for clients"),
    ("InvalidAccessKeyId.Inactive", "enable the key: `alimock key enable {key}`"),
    ("Forbidden.AccessKeyDisabled", "enable the key: `alimock key enable {key}`"),
    (
        "InvalidAccessKeyId",
        "use a key of this world: `alimock key list ACCOUNT` lists them, `alimock env` prints one for clients",
    ),
    ("SignatureNonceUsed", "use a new nonce for each request, also for a repeated one"),
    (
        "InvalidTimeStamp.Expired",
        "compare the clock of the client with the gateway clock: `alimock clock show`; `alimock clock set gateway=real` sets it",
    ),
    (
        "RequestTimeTooSkewed",
        "compare the clock of the client with the gateway clock: `alimock clock show`; `alimock clock set gateway=real` sets it",
    ),
    ("InvalidTimeStamp", "send the time in UTC, such as 2026-12-01T04:00:00Z"),
    ("IllegalTimestamp", "send the time in UTC, such as 2026-12-01T04:00:00Z"),
    ("MissingSecurityToken", "send the SecurityToken that was issued with the temporary key"),
    (
        "InvalidSecurityToken.Expired",
        "get new temporary credentials; a client renews them before they expire",
    ),
    ("InvalidSecurityToken", "send the SecurityToken that was issued with {key}"),
    (
        "InvalidAction",
        "check the action and the version; docs/coverage.md lists the actions that alimock runs",
    ),
    ("InvalidApi", "check the method and the path of the action"),
    ("InvalidVersion", "check the version of the API"),
    ("NoSuchVersion", "check the version of the API"),
    ("InvalidProduct", "use the host of a product, or send its version"),
    ("InvalidProtocol.NeedSsl", "use https; `alimock ca` prints the certificate to trust"),
    ("Throttling", "wait, and repeat the request with growing pauses"),
    ("Missing", "send the parameter that the message names"),
    ("InvalidParameter", "correct the parameter that the message names"),
    ("EntityAlreadyExists", "choose another name, or delete the other object first"),
    (
        "EntityNotExist",
        "create the object first, or check its name; `alimock ctl GET export` prints the world",
    ),
    ("DeleteConflict", "remove first what depends on the object"),
    ("LimitExceeded", "delete something, or raise the quota in the scenario"),
];

/// Returns what to do, the most probable step first.
fn advice(record: &Record, state: &WorldState) -> Vec<String> {
    let mut all = Vec::new();
    for struck in &record.faults {
        all.push(format!(
            "the rule `{}` disturbed the call on purpose; `alimock ctl DELETE faults/{}` removes it",
            struck.name, struck.id
        ));
    }
    let Some(refused) = &record.refused else { return all };
    let account = record.caller.uid().and_then(|uid| state.account(uid).ok());
    let filled = |text: &str| {
        text.replace("{account}", account.map_or("ACCOUNT", |account| account.label.as_str()))
            .replace("{key}", record.key.as_ref().map_or("KEY", |key| key.as_str()))
            .replace("{product}", record.product.unwrap_or("PRODUCT"))
    };
    let of = |table: &[(&str, &str)], name: &str| {
        let row = table.iter().find(|(start, _)| name.starts_with(start));
        row.map(|(_, text)| filled(text))
    };
    match (&record.decision, &refused.mismatch) {
        _ if refused.step == Step::Rule => {}
        _ if refused.is_not_run => all.push(NOT_RUN.to_owned()),
        (_, Some(mismatch)) if mismatch.client.is_some() => {
            all.push("sign the text of the server: correct the client at the first difference".to_owned());
        }
        (_, Some(_)) => all.push(filled(
            "check the secret of {key}, and that nothing changes the request after signing; compare the text that the client signs with the server's",
        )),
        (Some(decision), _) if !decision.allowed() => all.extend(permission(decision, record, state)),
        _ => all.extend(refused.unmet.and_then(|unmet| of(UNMET, unmet)).or_else(|| of(CODES, &refused.code))),
    }
    all
}

/// Returns what to do about a denial.
fn permission(decision: &Decision, record: &Record, state: &WorldState) -> Option<String> {
    let one = decision.evaluated()?;
    if let Some(deny) = one.matched.iter().find(|matched| matched.effect == "Deny") {
        return Some(format!(
            "change the policy `{}`, which denies {}, or detach it",
            deny.policy, one.action
        ));
    }
    let who = record.who(state);
    let mut names = who.split('/');
    let [account, name] = [names.next()?, names.next()?];
    let kind = if matches!(record.caller, Caller::Role(_)) { "role" } else { "user" };
    Some(format!(
        "attach a policy that allows {} on {}: `alimock do attachPolicy account={account} {kind}={name} policy=POLICY`",
        one.action, one.resource
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::gates::Requirement::*;

    #[test]
    fn every_requirement_of_a_gate_has_advice() {
        for one in
            [Activated, KeyNotLeaked, NotRiskControlled, Verified, NoArrears, NotShutDown, Balance, NotFrozen]
        {
            assert!(UNMET.iter().any(|(name, _)| *name == one.name()), "{one:?}");
            assert_eq!(serde_json::to_value(one).unwrap(), one.name());
        }
    }

    #[test]
    fn every_code_with_advice_is_in_the_catalogue() {
        for (start, _) in CODES {
            assert!(crate::error::catalogue().any(|known| known.code.starts_with(start)), "{start}");
        }
    }
}
