//! Resource groups of an account in a file, their settings, and the rules that move resources.

use crate::attributes::{apply, input, is_yes, optional_input, yes};
use crate::scenario::file::{AccountFile, is_default};
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::text::{
    GroupingCondition, Moment, ResourceGroupId, ResourceGroupName, ResourceGroupTitle, RuleName, Scalar,
    Span, Tag, Timestamp, Uid,
};
use crate::world::account::{
    Account, AssociatedTransfer, DEFAULT_GROUP, GroupingRule, PAIRS, ResourceGroup, RuleContent, RuleKind,
    Scopes, Tags,
};
use crate::world::{GROUPING_SERVICE, NewResourceGroup, Refusal, Tx};
use jiff::SignedDuration;
use serde_json::Value;
use std::collections::BTreeMap;

/// Time for which a deleted group stays. Source: www.alibabacloud.com/help/doc-detail/94488.htm.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A resource group. The one named `default` stands for the default group, which every account has.
#[apply(input)]
pub(super) struct ResourceGroupFile {
    pub(super) name: String,
    /// Fixed id, `rg-` and letters and digits.
    pub(super) id: Option<String>,
    /// Display name; default: the name.
    pub(super) display_name: Option<String>,
    /// Time of its deletion in the last seven days, after which it disappears.
    pub(super) deleted: Option<Moment>,
    pub(super) tags: BTreeMap<String, String>,
}

/// Settings of the resource groups of an account.
#[apply(optional_input)]
#[derive(Eq)]
pub(super) struct GroupingFile {
    /// Keeps events of resources that enter or leave a group.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) notification: bool,
    /// Makes the RAM user that creates a group its administrator; default `true`.
    pub(super) creator_as_admin: Option<bool>,
    /// Transfer of associated resources.
    pub(super) associated_transfer: Option<TransferFile>,
    /// Rules that move resources. Resources of the file stay where the file has them, until the rules or the resources change.
    pub(super) auto_grouping: Option<AutoGroupingFile>,
}

/// Transfer of associated resources.
#[apply(input)]
#[derive(Eq)]
pub(super) struct TransferFile {
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) enabled: bool,
    /// Includes resources that exist already.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) existing: bool,
    /// Associated resources that are switched off: `ecs.disk`.
    pub(super) disabled: Vec<String>,
}

/// Rules that move resources.
#[apply(input)]
#[derive(Eq)]
pub(super) struct AutoGroupingFile {
    /// Includes resources that exist already.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) existing: bool,
    pub(super) rules: Vec<RuleFile>,
}

/// A rule that moves resources. A resource must be in every scope of the lists, and in none of the `exclude` lists.
#[apply(input)]
#[derive(Eq)]
pub(super) struct RuleFile {
    pub(super) name: String,
    /// Fixed id.
    pub(super) id: Option<String>,
    pub(super) description: Option<String>,
    /// Kind; default `custom_condition`.
    pub(super) r#type: Option<RuleKind>,
    pub(super) region_ids: Vec<String>,
    pub(super) exclude_region_ids: Vec<String>,
    pub(super) resource_group_ids: Vec<String>,
    pub(super) exclude_resource_group_ids: Vec<String>,
    pub(super) resource_ids: Vec<String>,
    pub(super) exclude_resource_ids: Vec<String>,
    /// Types: `ecs.instance`.
    pub(super) resource_types: Vec<String>,
    pub(super) exclude_resource_types: Vec<String>,
    pub(super) contents: Vec<ContentFile>,
}

/// A condition on resources, and the group to which it moves them.
#[apply(input)]
#[derive(Eq)]
pub(super) struct ContentFile {
    /// Fixed id.
    pub(super) id: Option<String>,
    /// Condition as the API takes it, a mapping or JSON text; default: every resource.
    pub(super) when: Option<Value>,
    /// Id or name of a resource group, or a condition as the API takes it.
    pub(super) target: Value,
}

/// Plants the groups, before the resources in them.
pub(super) fn plant(file: &AccountFile, at: &At, uid: Uid, tx: &mut Tx<'_>, misfits: &mut Misfits) {
    for (index, group) in file.resource_groups.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_group(group, &at.item("resourceGroups", index), uid, tx));
    }
    // A file that has the role of the service says where it is among the roles.
    let has_role = file.roles.iter().any(|role| role.service.as_deref() == Some(GROUPING_SERVICE));
    misfits.note(plant_settings(&file.grouping, has_role, &at.field("grouping"), uid, tx));
}

fn tags(file: &BTreeMap<String, String>, at: &At, quota: usize) -> Result<Tags, Misfit> {
    let mut tags = Tags::default();
    for (key, value) in file {
        let tag = Tag(at.read("tags", key)?, at.read("tags", value)?);
        tags.set(&[tag], quota).map_err(|refusal| at.field("tags").refused(refusal))?;
    }
    Ok(tags)
}

fn plant_group(file: &ResourceGroupFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let name: ResourceGroupName = at.read("name", &file.name)?;
    let id = at.read_option::<ResourceGroupId>("id", file.id.as_ref())?;
    let id = id.map(|id| id.as_str().into());
    let title = file.display_name.as_ref().or((name.as_str() != "default").then_some(&file.name));
    let title = at.read_option::<ResourceGroupTitle>("displayName", title)?;
    let tags = tags(&file.tags, at, tx.state().quotas.tags_each)?;
    if name.as_str() == "default" {
        let (account, _) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
        let own = account.numbered_group(DEFAULT_GROUP).id.to_string();
        let group = account.resource_group_mut(&own).map_err(|refusal| at.refused(refusal))?;
        group.id = id.unwrap_or_else(|| group.id.clone());
        if let Some(title) = title {
            group.display_name = title.as_str().into();
        }
        group.tags = tags;
        return Ok(());
    }
    let display_name = title.expect("another name than `default` is the default");
    let new = NewResourceGroup { id, name, display_name, tags };
    let number = tx.add_resource_group(uid, new).map_err(|refusal| at.field("name").refused(refusal))?;
    let Some(deleted) = file.deleted.map(|moment| moment.at(tx.now)) else { return Ok(()) };
    if deleted > tx.now || tx.now.since(deleted) >= KEPT {
        return Err(at
            .field("deleted")
            .wrong("a deleted group stays for seven days: give a time in the last seven days"));
    }
    let account = tx.state().account(uid).map_err(|refusal| at.refused(refusal))?;
    let id = account.numbered_group(number).id.clone();
    tx.delete_resource_group_at(uid, &id, deleted).map(drop).map_err(|refusal| at.refused(refusal))
}

/// Returns the number of the group with this id or name.
fn find(account: &Account, key: &str) -> Option<u32> {
    let by_id = account.resource_group(key).ok();
    let by_name = || account.resource_groups().find(|one| one.name == key && !one.is_deleted());
    by_id.or_else(by_name).map(|group| group.number)
}

/// Returns the number of a group by its id or name. A group that only an attachment names is added, with the name as id.
pub(super) fn group_named(key: &str, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<u32, Misfit> {
    let account = tx.state().account(uid).map_err(|refusal| at.refused(refusal))?;
    if let Some(number) = find(account, key) {
        return Ok(number);
    }
    let text = |why: &str| at.wrong(format!("`{key}` cannot be a resource group: {why}"));
    let name = ResourceGroupName::parse(key)
        .map_err(|_| text("a name has 2 to 50 letters, digits and hyphens, first a letter"))?;
    let display_name = ResourceGroupTitle::parse(key).map_err(|_| text("its display name is too long"))?;
    let new = NewResourceGroup { id: Some(key.into()), name, display_name, tags: Tags::default() };
    tx.add_resource_group(uid, new).map_err(|refusal| at.refused(refusal))
}

/// Returns the group of a resource, by id or name; by default the default group.
pub(super) fn group_of(key: Option<&str>, at: &At, uid: Uid, tx: &Tx<'_>) -> Result<u32, Misfit> {
    let Some(key) = key else { return Ok(DEFAULT_GROUP) };
    let account = tx.state().account(uid).map_err(|refusal| at.refused(refusal))?;
    find(account, key).ok_or_else(|| {
        let names: Vec<_> = account.resource_groups().map(|one| one.name.as_str()).collect();
        let advice = crate::scenario::problem::advice(key, names);
        at.wrong(format!("`{key}` is no resource group of this account{advice}"))
    })
}

fn plant_settings(
    file: &GroupingFile,
    has_role: bool,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    if is_default(file) {
        return Ok(());
    }
    let refused = |refusal: Refusal| at.refused(refusal);
    let mut rules = Vec::new();
    if let Some(auto) = &file.auto_grouping {
        tx.enable_auto_grouping(uid, !has_role).map_err(refused)?;
        for (index, rule) in auto.rules.iter().enumerate() {
            rules.push(read_rule(rule, &at.field("autoGrouping").item("rules", index), uid, tx)?);
        }
    }
    let transfer = file.associated_transfer.as_ref().map(|one| read_transfer(one, at)).transpose()?;
    let (account, _) = tx.account_of(uid).map_err(refused)?;
    let grouping = account.grouping_mut();
    grouping.notifies = file.notification;
    grouping.creator_is_admin = file.creator_as_admin.unwrap_or(true);
    grouping.transfer = transfer;
    grouping.auto.existing = file.auto_grouping.as_ref().is_some_and(|auto| auto.existing);
    rules.into_iter().try_for_each(|rule| grouping.auto.add(rule)).map_err(refused)
}

fn read_transfer(file: &TransferFile, at: &At) -> Result<AssociatedTransfer, Misfit> {
    let position = |name: &String| {
        let known = PAIRS.iter().position(|[.., service, kind]| *name == format!("{service}.{kind}"));
        let at = at.field("associatedTransfer").field("disabled");
        known.ok_or_else(|| at.wrong(format!("`{name}` is no associated resource")))
    };
    let off = file.disabled.iter().map(position).collect::<Result<_, _>>()?;
    Ok(AssociatedTransfer::new(file.enabled, file.existing, off))
}

fn read_rule(file: &RuleFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<GroupingRule, Misfit> {
    let now = tx.now;
    let name: RuleName = at.read("name", &file.name)?;
    let description = at.read_option("description", file.description.as_ref())?;
    let mut id = |given: &Option<String>, prefix| match given {
        Some(id) => Ok(id.as_str().into()),
        None => tx.rule_id(uid, prefix).map_err(|refusal| at.refused(refusal)),
    };
    let rule_id = id(&file.id, "gr-acf")?;
    let ids = file.contents.iter().map(|one| id(&one.id, "grc-acf")).collect::<Result<Vec<_>, _>>()?;
    let mut contents = Vec::new();
    for (index, (content, id)) in file.contents.iter().zip(ids).enumerate() {
        let at = at.item("contents", index);
        let scope = content.when.as_ref().map(|when| condition(when, &at.field("when"))).transpose()?;
        let at = at.field("target");
        let target = match &content.target {
            Value::String(key) if !key.starts_with('{') => {
                let number = group_of(Some(key), &at, uid, tx)?;
                let account = tx.state().account(uid).map_err(|refusal| at.refused(refusal))?;
                condition(&target_condition(account.numbered_group(number)), &at)?
            }
            given => condition(given, &at)?,
        };
        contents.push(RuleContent { id, scope, target });
    }
    let list = |all: &[String]| (!all.is_empty()).then(|| all.join(",").into());
    let scopes: Scopes = [
        [list(&file.region_ids), list(&file.exclude_region_ids)],
        [list(&file.resource_group_ids), list(&file.exclude_resource_group_ids)],
        [list(&file.resource_ids), list(&file.exclude_resource_ids)],
        [list(&file.resource_types), list(&file.exclude_resource_types)],
    ];
    let kind = file.r#type.unwrap_or(RuleKind::CustomCondition);
    Ok(GroupingRule { id: rule_id, name, description, kind, scopes, contents, created: now, updated: now })
}

/// Condition that names a group, in the order of fields of the API.
fn target_condition(group: &ResourceGroup) -> Value {
    Value::String(format!(
        r#"{{"children":[{{"desired":"{}","featurePath":"$.resourceGroupId","featureSource":"RESOURCE","operator":"StringEquals"}}],"operator":"and"}}"#,
        group.id
    ))
}

fn condition(value: &Value, at: &At) -> Result<GroupingCondition, Misfit> {
    let text = crate::scenario::identities::document(value);
    GroupingCondition::parse(&text).map_err(|_| at.wrong("this is no condition as the API takes it"))
}

/// Exports the groups. The default group is written only if it differs from that of a new account.
pub(super) fn groups(account: &Account, now: Timestamp) -> Vec<ResourceGroupFile> {
    let usual = ResourceGroup::default_of(account.uid, account.created);
    let is_usual = |one: &ResourceGroup| {
        one.number == DEFAULT_GROUP
            && (&one.id, &one.display_name) == (&usual.id, &usual.display_name)
            && one.tags == usual.tags
    };
    let one = |group: &ResourceGroup| ResourceGroupFile {
        name: group.name.to_string(),
        id: Some(group.id.to_string()).filter(|id| group.number != DEFAULT_GROUP || *id != usual.id),
        display_name: Some(group.display_name.to_string()).filter(|title| *title != group.name),
        deleted: group.deleted.map(|at| Moment::After(Span(at.since(now)))),
        tags: group.tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
    };
    let all = account.resource_groups().filter(|one| !is_usual(one));
    all.map(|group| one(group)).collect()
}

/// Exports the group of a resource.
pub(super) fn group_word(account: &Account, number: u32) -> Option<String> {
    (number != DEFAULT_GROUP).then(|| account.numbered_group(number).id.to_string())
}

/// Exports the settings.
pub(super) fn settings(account: &Account) -> GroupingFile {
    let grouping = &account.grouping;
    let transfer = |one: &AssociatedTransfer| TransferFile {
        enabled: one.is_on,
        existing: one.existing,
        disabled: one.off.iter().map(|at| format!("{}.{}", PAIRS[*at][2], PAIRS[*at][3])).collect(),
    };
    GroupingFile {
        notification: grouping.notifies,
        creator_as_admin: (!grouping.creator_is_admin).then_some(false),
        associated_transfer: grouping.transfer.as_ref().map(transfer),
        auto_grouping: grouping.auto.is_on.then(|| AutoGroupingFile {
            existing: grouping.auto.existing,
            rules: grouping.auto.rules.iter().map(|rule| rule_file(rule)).collect(),
        }),
    }
}

fn rule_file(rule: &GroupingRule) -> RuleFile {
    let text = |condition: &GroupingCondition| Value::String(condition.as_str().to_owned());
    let lists = rule.scopes.iter().flatten().map(|list| {
        list.as_ref().map_or_else(Vec::new, |list| list.split(',').map(str::to_owned).collect::<Vec<_>>())
    });
    let [regions, no_regions, groups, no_groups, ids, no_ids, types, no_types] =
        lists.collect::<Vec<_>>().try_into().expect("four pairs are eight");
    RuleFile {
        name: rule.name.to_string(),
        id: Some(rule.id.to_string()),
        description: rule.description.as_ref().map(ToString::to_string),
        r#type: Some(rule.kind).filter(|kind| *kind != RuleKind::CustomCondition),
        region_ids: regions,
        exclude_region_ids: no_regions,
        resource_group_ids: groups,
        exclude_resource_group_ids: no_groups,
        resource_ids: ids,
        exclude_resource_ids: no_ids,
        resource_types: types,
        exclude_resource_types: no_types,
        contents: rule
            .contents
            .iter()
            .map(|one| ContentFile {
                id: Some(one.id.to_string()),
                when: one.scope.as_ref().map(text),
                target: text(&one.target),
            })
            .collect(),
    }
}
