//! Operations on rules that move resources between groups. Source: docs/evidence/resource-directory.md 8.2.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Known, Result, resource_manager};
use crate::operation::Done;
use crate::params::{Field, Items, Params, request};
use crate::services::resource_manager::events::page;
use crate::services::resource_manager::settings::Nothing;
use crate::services::shared::reply::{Marker, One, elements};
use crate::text::{Bounded, Flaw, GroupingCondition, Patch, RuleDescription, RuleName, Scalar};
use crate::world::account::{
    Account, GroupingRule, MOST_RULES, ResourceType, RuleContent, RuleKind, ScopeOf, Scopes,
};
use crate::world::{Tx, View};
use compact_str::CompactString;
use std::sync::Arc;

request! {
    /// Parameters of `UpdateAutoGroupingConfig`.
    pub(super) struct Config {
        existing: Option<bool> = "EnableExistingResourcesTransfer",
    }

    /// Parameters of `CreateAutoGroupingRule`.
    pub(super) struct CreateRule {
        name: RuleName = "RuleName",
        kind: RuleKind = "RuleType",
        description: Option<RuleDescription> = "RuleDesc",
        contents: Contents = "RuleContents",
        scopes: AllScopes = "",
    }

    /// Parameters of `UpdateAutoGroupingRule`.
    pub(super) struct UpdateRule {
        id: String = "RuleId",
        name: RuleName = "RuleName",
        description: Patch<RuleDescription> = "RuleDesc",
        contents: Contents = "RuleContents",
        scopes: AllScopes = "",
    }

    /// Parameters of `GetAutoGroupingRule` and `DeleteAutoGroupingRule`.
    pub(super) struct OneRule {
        id: String = "RuleId",
    }

    /// Parameters of `ListAutoGroupingRules`.
    pub(super) struct ListRules {
        id: Option<String> = "RuleId",
        name: Option<String> = "RuleName",
        kind: Option<RuleKind> = "RuleType",
        next: RuleToken = "NextToken",
        max: Option<Bounded<1, 50>> = "MaxResults",
    }

    /// A condition, and the group to which it moves resources.
    struct Content {
        id: Option<String> = "RuleContentId",
        scope: Option<GroupingCondition> = "AutoGroupingScopeCondition",
        target: GroupingCondition = "TargetResourceGroupCondition",
    }
}

impl Scalar for RuleKind {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "custom_condition" => Ok(Self::CustomCondition),
            "associated_transfer" => Ok(Self::AssociatedTransfer),
            _ => Err(Flaw::Value),
        }
    }
}

/// Start of a page.
pub(super) struct RuleToken(Option<Marker>);

impl Field for RuleToken {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Field::take(params, name).map(Self).map_err(|_| resource_manager::NEXT_TOKEN.error().into())
    }
}

/// Contents of a rule, at most ten. Every flaw of one has the same code.
pub(super) struct Contents(Vec<Content>);

impl Field for Contents {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let wrong = |known: &Known| Failure::from(known.error());
        let Items(contents) = Items::take(params, name).map_err(|_| wrong(&resource_manager::CONTENTS))?;
        match contents.len() {
            0 => Err(wrong(&resource_manager::MISSING_CONTENTS)),
            1..=MOST_RULES => Ok(Self(contents)),
            _ => Err(wrong(&resource_manager::TOO_MANY_CONTENTS)),
        }
    }
}

/// Scopes of a rule: one list of each kind, of what must match or of what must not.
pub(super) struct AllScopes(Scopes);

/// Parameters with the scopes of each kind, and the error for both.
const SCOPES: [(ScopeOf, [&str; 2], &Known); 4] = [
    (ScopeOf::Region, ["RegionIdsScope", "ExcludeRegionIdsScope"], &resource_manager::BOTH_REGIONS),
    (
        ScopeOf::Group,
        ["ResourceGroupIdsScope", "ExcludeResourceGroupIdsScope"],
        &resource_manager::BOTH_GROUPS,
    ),
    (ScopeOf::Resource, ["ResourceIdsScope", "ExcludeResourceIdsScope"], &resource_manager::BOTH_IDS),
    (ScopeOf::Type, ["ResourceTypesScope", "ExcludeResourceTypesScope"], &resource_manager::BOTH_TYPES),
];

impl Field for AllScopes {
    fn take(params: &Params, _: &'static str) -> Result<Self, Failure> {
        let mut scopes = Scopes::default();
        for (scope, (of, names, both)) in scopes.iter_mut().zip(SCOPES) {
            *scope = names.map(|name| params.filled(name).map(CompactString::from));
            if scope.iter().all(Option::is_some) {
                return Err(both.error().into());
            }
            let errors = [&resource_manager::TYPE_SCOPE, &resource_manager::EXCLUDED_TYPE_SCOPE];
            for (list, error) in scope.iter().zip(errors).filter(|_| of == ScopeOf::Type) {
                // Types that alimock does not know have the same form.
                let is_type = |one: &str| {
                    let parts = one.trim().split_once('.');
                    parts.is_some_and(|(service, name)| {
                        ResourceType::named(service, name).is_some()
                            || !service.is_empty() && !name.is_empty() && !one.contains(' ')
                    })
                };
                if list.as_ref().is_some_and(|list| !list.split(',').all(is_type)) {
                    return Err(error.error().into());
                }
            }
        }
        Ok(Self(scopes))
    }
}

impl AllScopes {
    /// The scopes, if the account has every group that they name.
    fn known_to(self, account: &Account) -> Result<Scopes> {
        let errors = [&resource_manager::GROUP_SCOPE, &resource_manager::EXCLUDED_GROUP_SCOPE];
        for (list, error) in self.0[ScopeOf::Group as usize].iter().zip(errors) {
            let mut ids = list.iter().flat_map(|list| list.split(','));
            if ids.any(|id| account.resource_group(id.trim()).is_err()) {
                return Err(error.error());
            }
        }
        Ok(self.0)
    }
}

/// The contents of a rule, each with an id. A custom rule must name a group of the account as target.
fn contents(
    tx: &mut Tx<'_>,
    sent: Vec<Content>,
    kind: RuleKind,
    before: &[RuleContent],
) -> Result<Vec<RuleContent>> {
    let uid = tx.account()?.uid;
    let mut made = Vec::with_capacity(sent.len());
    for Content { id, scope, target } in sent {
        let is_known = target
            .target()
            .is_some_and(|group| tx.account().is_ok_and(|own| own.usable_group(group).is_ok()));
        if kind == RuleKind::CustomCondition && !is_known {
            return Err(resource_manager::CONTENTS.error());
        }
        let id = match id {
            Some(id) if before.iter().any(|one| one.id == id) => id.into(),
            Some(_) => return Err(resource_manager::CONTENTS.error()),
            None => tx.rule_id(uid, "grc-acf")?,
        };
        made.push(RuleContent { id, scope, target });
    }
    Ok(made)
}

/// `EnableAutoGrouping`: enables the rules, and adds the service-linked role that moves resources.
///
/// Fails with `UnsupportedOperation.RepeatEnableAutoGrouping` and, within a minute of disabling it, `Conflict.ServiceStatus`.
pub(super) fn enable(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    let uid = tx.account()?.uid;
    tx.enable_auto_grouping(uid, true)?;
    Ok(Done {})
}

/// `DisableAutoGrouping`: deletes all rules. Resources stay in their groups.
///
/// Fails with `UnsupportedOperation.RepeatDisableAutoGrouping`.
pub(super) fn disable(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    let now = tx.now;
    tx.account_mut()?.0.grouping_mut().auto.disable(now)?;
    Ok(Done {})
}

/// Response of `GetAutoGroupingStatus`.
#[apply(reply)]
pub(super) struct Status {
    enable_existed_resources_transfer: bool,
    enable_status: &'static str,
}

/// `GetAutoGroupingStatus`: `Enable` or `Disable`. Enabling takes no time here, so `Enabling` does not occur.
pub(super) fn status(view: View<'_>, _: Nothing) -> Result<Status> {
    let auto = &view.account()?.grouping.auto;
    Ok(Status {
        enable_existed_resources_transfer: auto.existing,
        enable_status: if auto.is_on { "Enable" } else { "Disable" },
    })
}

/// `UpdateAutoGroupingConfig`: includes resources that exist already, for associated resources.
///
/// Fails with `AutoGroupingNotEnabled`.
pub(super) fn configure(tx: &mut Tx<'_>, req: Config) -> Result<Done> {
    let auto = &mut tx.account_mut()?.0.grouping_mut().auto;
    auto.enabled()?;
    auto.existing = req.existing.unwrap_or(auto.existing);
    Ok(Done {})
}

/// Response of `CreateAutoGroupingRule`.
#[apply(reply)]
pub(super) struct CreatedRule {
    rule_id: String,
}

/// `CreateAutoGroupingRule`: adds a rule, which moves at once every resource that fits.
///
/// Fails with `AutoGroupingNotEnabled`, `QuotaExceeded.GroupingRule`, `QuotaExceeded.RuleContent`,
/// `Invalid.AssociatedTransferRule.AlreadyExisted`, `MissingParameter.RuleContents`, `InvalidParameter.RuleContents`,
/// `InvalidParameterCombination.*` and `InvalidParameter.*Scope`.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateRule) -> Result<CreatedRule> {
    let (uid, now) = (tx.account()?.uid, tx.now);
    tx.account()?.grouping.auto.enabled()?;
    let scopes = req.scopes.known_to(tx.account()?)?;
    let id = tx.rule_id(uid, "gr-acf")?;
    let rule = GroupingRule {
        id: id.clone(),
        name: req.name,
        description: req.description,
        kind: req.kind,
        scopes,
        contents: contents(tx, req.contents.0, req.kind, &[])?,
        created: now,
        updated: now,
    };
    let (account, _) = tx.account_mut()?;
    account.grouping_mut().auto.add(rule)?;
    account.regroup(now);
    Ok(CreatedRule { rule_id: id.to_string() })
}

/// A rule. Scopes that it does not have are `None`.
#[apply(reply)]
pub(super) struct RuleView {
    rule_id: String,
    rule_name: String,
    rule_desc: Option<String>,
    rule_type: RuleKind,
    region_ids_scope: Option<CompactString>,
    exclude_region_ids_scope: Option<CompactString>,
    resource_group_ids_scope: Option<CompactString>,
    exclude_resource_group_ids_scope: Option<CompactString>,
    resource_ids_scope: Option<CompactString>,
    exclude_resource_ids_scope: Option<CompactString>,
    resource_types_scope: Option<CompactString>,
    exclude_resource_types_scope: Option<CompactString>,
    rule_contents: Vec<ContentView>,
    create_time: String,
    modify_time: String,
}

#[apply(reply)]
struct ContentView {
    rule_content_id: String,
    auto_grouping_scope_condition: Option<String>,
    target_resource_group_condition: String,
}

elements! { RuleView: "Rule" "Rules"; }

impl From<&Arc<GroupingRule>> for RuleView {
    fn from(rule: &Arc<GroupingRule>) -> Self {
        let content = |one: &RuleContent| ContentView {
            rule_content_id: one.id.to_string(),
            auto_grouping_scope_condition: one.scope.as_ref().map(|scope| scope.as_str().to_owned()),
            target_resource_group_condition: one.target.as_str().to_owned(),
        };
        let [[regions, no_regions], [groups, no_groups], [ids, no_ids], [types, no_types]] =
            rule.scopes.clone();
        Self {
            rule_id: rule.id.to_string(),
            rule_name: rule.name.to_string(),
            rule_desc: rule.description.as_ref().map(ToString::to_string),
            rule_type: rule.kind,
            region_ids_scope: regions,
            exclude_region_ids_scope: no_regions,
            resource_group_ids_scope: groups,
            exclude_resource_group_ids_scope: no_groups,
            resource_ids_scope: ids,
            exclude_resource_ids_scope: no_ids,
            resource_types_scope: types,
            exclude_resource_types_scope: no_types,
            rule_contents: rule.contents.iter().map(content).collect(),
            create_time: rule.created.in_china(),
            modify_time: rule.updated.in_china(),
        }
    }
}

/// `GetAutoGroupingRule`: returns a rule.
///
/// Fails with `AutoGroupingNotEnabled` and `EntityNotExists.AutoGroupingRule`.
pub(super) fn get(view: View<'_>, req: OneRule) -> Result<One<RuleView>> {
    let auto = &view.account()?.grouping.auto;
    Ok(One((&auto.rules[auto.position(&req.id)?]).into()))
}

/// Response of `ListAutoGroupingRules`.
#[apply(reply)]
pub(super) struct Rules {
    max_results: i64,
    next_token: Option<Marker>,
    rules: Vec<RuleView>,
}

/// `ListAutoGroupingRules`: returns a page of the rules, oldest first. UNCERTAIN: parts of names match.
///
/// Fails with `AutoGroupingNotEnabled` and `InvalidParameter.NextToken`.
pub(super) fn list(view: View<'_>, req: ListRules) -> Result<Rules> {
    let rules = view.account()?.grouping.auto.enabled()?;
    let fits = |one: &&Arc<GroupingRule>| {
        req.id.as_ref().is_none_or(|id| *id == one.id)
            && req.name.as_ref().is_none_or(|name| one.name.as_str().contains(&**name))
            && req.kind.is_none_or(|kind| kind == one.kind)
    };
    let max_results = req.max.map_or(10, |max| max.0);
    let (shown, next_token) = page(rules.iter().filter(fits), req.next.0, Some(Bounded(max_results)));
    Ok(Rules { max_results, next_token, rules: shown.into_iter().map(RuleView::from).collect() })
}

/// `UpdateAutoGroupingRule`: replaces name, contents and scopes of a rule, and moves every resource that fits now.
///
/// UNCERTAIN: a scope that is not sent is removed; a missing description stays. Fails as [`create`] does, with
/// `EntityNotExists.AutoGroupingRule`, and with `Invalid.AssociatedTransferRule.NotSupported` for the rule about associated resources.
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateRule) -> Result<Done> {
    let now = tx.now;
    let at = tx.account()?.grouping.auto.position(&req.id)?;
    let before = Arc::clone(&tx.account()?.grouping.auto.rules[at]);
    if before.kind == RuleKind::AssociatedTransfer {
        return Err(resource_manager::RULE_NOT_SUPPORTED.error());
    }
    let scopes = req.scopes.known_to(tx.account()?)?;
    let contents = contents(tx, req.contents.0, before.kind, &before.contents)?;
    let mut description = before.description.clone();
    req.description.apply(&mut description);
    let rule = GroupingRule {
        name: req.name,
        description,
        scopes,
        contents,
        updated: now,
        ..GroupingRule::clone(&before)
    };
    let (account, _) = tx.account_mut()?;
    account.grouping_mut().auto.rules[at] = Arc::new(rule);
    account.regroup(now);
    Ok(Done {})
}

/// `DeleteAutoGroupingRule`: deletes a rule. Resources stay in their groups.
///
/// Fails with `AutoGroupingNotEnabled` and `EntityNotExists.AutoGroupingRule`.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneRule) -> Result<Done> {
    let auto = &mut tx.account_mut()?.0.grouping_mut().auto;
    let at = auto.position(&req.id)?;
    auto.rules.remove(at);
    Ok(Done {})
}
