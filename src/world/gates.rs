//! Gates: requirements on an account before a call, such as verified, not in arrears or activated.
//!
//! A gate names calls and their requirements. The first match decides; gates of the world come first. The gateway
//! chooses the error. Source: docs/evidence/account.md 2.1 and 6, docs/evidence/gateway.md 6.5. UNCERTAIN: the
//! order of the requirements of one gate is the one that docs/evidence/account.md 6.2 proposes.

use crate::params::{Field, Items, Params, Property};
use crate::text::{Region, Site, covers};
use crate::world::account::{AccessKey, Account, Hold};
use crate::world::settings::AccountRules;
use schemars::JsonSchema;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A requirement of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Requirement {
    /// The account has activated the service.
    Activated,
    /// The key of the request has not leaked.
    KeyNotLeaked,
    /// The account is not under risk control.
    NotRiskControlled,
    /// The account is verified.
    Verified,
    /// The account is not in arrears.
    NoArrears,
    /// Services of the account are not stopped for debt.
    NotShutDown,
    /// The account can pay at least `payAsYouGoMinimum`.
    Balance,
    /// The account may buy, and is not closing.
    NotFrozen,
}

impl Requirement {
    /// Returns the requirement of a word of scenarios.
    pub fn named(name: &str) -> Option<Self> {
        Self::deserialize(IntoDeserializer::<serde::de::value::Error>::into_deserializer(name)).ok()
    }

    /// Returns the word of scenarios.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activated => "activated",
            Self::KeyNotLeaked => "keyNotLeaked",
            Self::NotRiskControlled => "notRiskControlled",
            Self::Verified => "verified",
            Self::NoArrears => "noArrears",
            Self::NotShutDown => "notShutDown",
            Self::Balance => "balance",
            Self::NotFrozen => "notFrozen",
        }
    }
}

use Requirement::{
    Activated, Balance, KeyNotLeaked, NoArrears, NotFrozen, NotRiskControlled, NotShutDown, Verified,
};

/// Requirements before a call. A missing field matches everything.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Gate {
    /// Site of the account.
    pub site: Option<Site>,
    /// Region of the call. `*` and `?` are wildcards; `mainland` matches every region of the Chinese mainland.
    pub region: Option<String>,
    /// Product code.
    pub product: Option<String>,
    /// Action; `*` and `?` are wildcards.
    pub action: Option<String>,
    /// Requirements, in the order of checking.
    pub requires: Vec<Requirement>,
}

/// A call, as gates see it.
#[derive(Debug, Clone, Copy)]
pub struct Called<'a> {
    /// Site of the account.
    pub site: Site,
    /// Region, if the call has one.
    pub region: Option<&'a str>,
    /// Product code.
    pub product: &'a str,
    /// Action.
    pub action: &'a str,
}

/// Matches every region of the Chinese mainland.
pub const MAINLAND: &str = "mainland";

impl Gate {
    fn fits(&self, call: Called<'_>) -> bool {
        let region = self.region.as_deref().is_none_or(|wanted| {
            call.region.is_some_and(|region| match wanted {
                MAINLAND => Region::is_mainland(region),
                pattern => covers(pattern, region),
            })
        });
        region
            && self.site.is_none_or(|site| site == call.site)
            && self.product.as_deref().is_none_or(|product| product.eq_ignore_ascii_case(call.product))
            && self.action.as_deref().is_none_or(|action| covers(action, call.action))
    }
}

/// Gates of a world, which come before the built-in ones.
pub type Gates = Vec<Gate>;

/// Requirements for the purchase of an instance.
const PURCHASE: &[Requirement] =
    &[KeyNotLeaked, NotRiskControlled, Verified, NoArrears, NotShutDown, NotFrozen, Balance];
const PURCHASE_UNVERIFIED: &[Requirement] =
    &[KeyNotLeaked, NotRiskControlled, NoArrears, NotShutDown, NotFrozen, Balance];

/// Site, region, product, action and requirements of the built-in gates.
///
/// They are not in the rows of operations, because only stubs answer most of these actions.
/// The actions of a leaked key are the observed part of a list (docs/evidence/account.md section 7, row 3).
type Row = (Option<Site>, Option<&'static str>, &'static str, &'static str, &'static [Requirement]);
const ALWAYS: &[Row] = &[
    (None, None, "Ram", "*", &[Activated, KeyNotLeaked]),
    (None, None, "Ims", "*", &[Activated, KeyNotLeaked]),
    (Some(Site::China), None, "Ecs", "RunInstances", PURCHASE),
    (Some(Site::China), None, "Ecs", "CreateInstance", PURCHASE),
    (None, Some("mainland"), "Ecs", "RunInstances", PURCHASE),
    (None, Some("mainland"), "Ecs", "CreateInstance", PURCHASE),
    (None, None, "Ecs", "RunInstances", PURCHASE_UNVERIFIED),
    (None, None, "Ecs", "CreateInstance", PURCHASE_UNVERIFIED),
    (None, None, "Ecs", "StartInstance*", &[KeyNotLeaked, NotRiskControlled, NoArrears, NotShutDown]),
    (None, None, "Ecs", "DeleteInstance*", &[KeyNotLeaked]),
    (None, None, "Ecs", "DeleteSnapshot", &[KeyNotLeaked]),
    (None, None, "Ecs", "DeleteImage", &[KeyNotLeaked]),
    (None, None, "Ecs", "RunCommand", &[KeyNotLeaked]),
    (None, None, "Ecs", "InvokeCommand", &[KeyNotLeaked]),
    (None, None, "Ecs", "CreateCommand", &[KeyNotLeaked]),
    (Some(Site::China), None, "BssOpenApi", "CreateInstance", PURCHASE),
    (None, Some("mainland"), "BssOpenApi", "CreateInstance", PURCHASE),
    (None, None, "BssOpenApi", "CreateInstance", PURCHASE_UNVERIFIED),
    (None, None, "BssOpenApi", "RefundInstance", &[KeyNotLeaked]),
    (Some(Site::China), None, "Alidns", "*", &[KeyNotLeaked, Verified]),
    (None, None, "Dysmsapi", "Send*", &[KeyNotLeaked]),
    (None, None, "Rds", "Delete*", &[KeyNotLeaked]),
    (None, None, "Rds", "CreateAccount", &[KeyNotLeaked]),
    (None, None, "Rds", "ResetAccountPassword", &[KeyNotLeaked]),
    (None, Some("mainland"), "Oss", "PutBucket", &[NotShutDown, Verified]),
    (None, None, "Oss", "*", &[NotShutDown]),
    (None, None, "Odps", "*", &[NotShutDown]),
    (None, None, "Sls", "*", &[Activated, NotShutDown]),
    (None, None, "FC", "*", &[Activated]),
    (None, None, "Ots", "*", &[NotShutDown]),
    (None, None, "dataworks-public", "*", &[Activated]),
];

/// Returns the built-in gates of a product.
pub fn always(product: &str) -> &'static [Gate] {
    static GATES: LazyLock<BTreeMap<&'static str, Vec<Gate>>> = LazyLock::new(|| {
        let mut gates: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (site, region, product, action, requires) in ALWAYS {
            gates.entry(*product).or_default().push(Gate {
                site: *site,
                region: region.map(str::to_owned),
                product: Some((*product).to_owned()),
                action: (*action != "*").then(|| (*action).to_owned()),
                requires: requires.to_vec(),
            });
        }
        gates
    });
    GATES.get(product).map_or(&[], Vec::as_slice)
}

/// Returns the requirements of a call, from the first gate that matches.
pub fn required<'a>(gates: &'a [Gate], call: Called<'_>) -> &'a [Requirement] {
    let mut all = gates.iter().chain(always(call.product));
    all.find(|gate| gate.fits(call)).map_or(&[], |gate| &gate.requires)
}

/// Returns the region of a call: `RegionId`, else the one among the properties of an order of BssOpenApi, else that of the host.
pub fn region<'a>(params: &'a Params, of_host: Option<&'a str>) -> Option<Cow<'a, str>> {
    let listed = || {
        let Items(listed) = <Items<Property> as Field>::take(params, "Parameter").ok()?;
        let mut all = listed.into_iter();
        all.find(|one| ["Region", "RegionId"].contains(&&*one.code)).map(|one| one.value.into())
    };
    let named = params.filled("RegionId").map(Cow::Borrowed);
    named.or_else(listed).or_else(|| of_host.map(Cow::Borrowed))
}

/// Facts that requirements are checked against.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Account of the caller.
    pub account: &'a Account,
    /// The account as seen by products that learn about changes with a delay.
    pub seen: &'a Account,
    /// AccessKey of the signature, if any.
    pub key: Option<&'a AccessKey>,
    /// Product code.
    pub product: &'a str,
    /// Rules of the world.
    pub rules: &'a AccountRules,
}

impl Requirement {
    /// Returns `true` if the caller meets the requirement.
    pub fn is_met(self, caller: Judged<'_>) -> bool {
        let Judged { account, seen, key, product, rules } = caller;
        let standing = account.standing();
        match self {
            Self::Activated => account.affairs.has_activated(product),
            Self::KeyNotLeaked => !key.is_some_and(|key| key.leaked),
            Self::NotRiskControlled => !standing.holds().has(Hold::Risk),
            Self::Verified => seen.real_name.is_verified(),
            Self::NoArrears => standing.arrears().is_none(),
            Self::NotShutDown => !standing.arrears().is_some_and(|arrears| arrears.shut_down),
            Self::Balance => standing.available_cents() >= rules.pay_as_you_go_minimum.0,
            Self::NotFrozen => {
                let frozen = [Hold::Purchases, Hold::PayAsYouGo, Hold::Business, Hold::Trusteeship];
                standing.closure().is_none() && !frozen.iter().any(|hold| standing.holds().has(*hold))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call<'a>(site: Site, region: Option<&'a str>, product: &'a str, action: &'a str) -> Called<'a> {
        Called { site, region, product, action }
    }

    #[test]
    fn a_china_account_must_be_verified_to_buy_and_an_international_one_for_the_mainland() {
        let needs =
            |site, region| required(&[], call(site, Some(region), "Ecs", "RunInstances")).contains(&Verified);
        assert!(needs(Site::China, "ap-southeast-1") && needs(Site::International, "cn-hangzhou"));
        assert!(!needs(Site::International, "ap-southeast-1") && !needs(Site::International, "cn-hongkong"));
    }

    #[test]
    fn the_first_gate_that_fits_decides() {
        let open = Gate { product: Some("ecs".into()), requires: vec![], ..Gate::default() };
        let gates = [open];
        assert!(required(&gates, call(Site::China, None, "Ecs", "RunInstances")).is_empty());
        assert_eq!(required(&gates, call(Site::China, None, "Ram", "GetUser")), [Activated, KeyNotLeaked]);
        assert!(required(&gates, call(Site::China, None, "Sts", "GetCallerIdentity")).is_empty());
    }
}
