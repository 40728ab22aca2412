//! Settings of resource groups: notification, administrators, transfer of associated resources, rules that move resources.
//!
//! Source: docs/evidence/resource-directory.md section 8.

use crate::text::{GroupingCondition, RuleDescription, RuleName, Timestamp, Uid};
use crate::world::account::Account;
use crate::world::account::resource_groups::{Resource, ResourceGroup};
use crate::world::refusal::Refusal;
use crate::world::register::digest;
use compact_str::CompactString;
use std::sync::Arc;

/// Maximum number of rules, and of contents of a rule. Source: page of `CreateAutoGroupingRule`.
pub const MOST_RULES: usize = 10;
/// Number of kept events, and of kept transfers by rules. Source: ours.
const MOST_EVENTS: usize = 1000;
/// Time after which auto-grouping can be enabled again. Source: page of `DisableAutoGrouping`.
const PAUSE_MILLIS: i64 = 60_000;

/// Resource groups of an account, and their settings.
#[derive(Debug, Clone)]
pub struct Grouping {
    // Invariant: the first is the default group; numbers ascend.
    pub(in crate::world) groups: imbl::Vector<Arc<ResourceGroup>>,
    pub(in crate::world) last: u32,
    /// Keeps events of resources that enter or leave a group. UNCERTAIN: off at first.
    pub notifies: bool,
    /// Makes the RAM user that creates a group its administrator. Source: alibabacloud.com/help/en/ram/user-guide/policy-models.
    pub creator_is_admin: bool,
    /// Transfer of associated resources; `None` if it was never enabled.
    pub transfer: Option<AssociatedTransfer>,
    /// Rules that move resources.
    pub auto: AutoGrouping,
    /// Resources that entered or left a group, oldest first.
    pub events: imbl::Vector<Arc<GroupEvent>>,
}

impl Grouping {
    /// Creates the groups of a new account: the default one.
    pub fn new(uid: Uid, created: Timestamp) -> Self {
        Self {
            groups: imbl::Vector::unit(Arc::new(ResourceGroup::default_of(uid, created))),
            last: 0,
            notifies: false,
            creator_is_admin: true,
            transfer: None,
            auto: AutoGrouping::default(),
            events: imbl::Vector::new(),
        }
    }
}

/// Pairs that can be transferred together. UNCERTAIN: the page shows the first; the others are of the console.
pub const PAIRS: &[[&str; 4]] = &[["ecs", "instance", "ecs", "disk"], ["ecs", "instance", "ecs", "eni"]];

/// Transfer of associated resources. alimock has no associated resources, so only the settings change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociatedTransfer {
    /// True if enabled.
    pub is_on: bool,
    /// Includes resources that exist already.
    pub existing: bool,
    /// Pairs that are switched off.
    pub off: Vec<usize>,
    /// End of the task that runs, or of the last one.
    pub(in crate::world) until: Option<Timestamp>,
}

/// UNCERTAIN: no page shows how long a task takes.
const TASK_MILLIS: i64 = 3_000;

impl AssociatedTransfer {
    /// Creates the settings.
    pub fn new(is_on: bool, existing: bool, off: Vec<usize>) -> Self {
        Self { is_on, existing, off, until: None }
    }

    /// Returns `true` while a task runs.
    pub fn is_busy(&self, now: Timestamp) -> bool {
        self.is_on && self.until.is_some_and(|until| now < until)
    }

    /// Starts a task, if resources are transferred with others. UNCERTAIN: which changes start one.
    pub fn start_task(&mut self, now: Timestamp) {
        if self.is_on && self.off.len() < PAIRS.len() {
            self.until = Some(now.plus_millis(TASK_MILLIS));
        }
    }
}

/// Rules that move resources.
#[derive(Debug, Clone, Default)]
pub struct AutoGrouping {
    /// True if enabled.
    pub is_on: bool,
    /// Time of the last end.
    pub ended: Option<Timestamp>,
    /// Includes resources that exist already, for associated resources.
    pub existing: bool,
    /// The rules, oldest first. The first that fits a resource moves it. UNCERTAIN: the order.
    pub rules: Vec<Arc<GroupingRule>>,
    /// Moves by rules, oldest first.
    pub moves: imbl::Vector<Arc<Remediation>>,
}

/// Kind of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Moves resources that meet conditions.
    CustomCondition,
    /// Moves associated resources with their primary resource.
    AssociatedTransfer,
}

/// Property that a scope is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeOf {
    /// Region.
    Region,
    /// Resource group.
    Group,
    /// Resource.
    Resource,
    /// Type, `ecs.instance`.
    Type,
}

/// Scopes of a rule as sent, with commas between the values: by [`ScopeOf`], those that must match, then those that must not.
pub type Scopes = [[Option<CompactString>; 2]; 4];

/// A rule that moves resources.
#[derive(Debug, Clone)]
pub struct GroupingRule {
    /// `gr-` and letters and digits.
    pub id: CompactString,
    /// Name.
    pub name: RuleName,
    /// Description.
    pub description: Option<RuleDescription>,
    /// Kind.
    pub kind: RuleKind,
    /// Resources that it concerns.
    pub scopes: Scopes,
    /// Conditions with their targets.
    pub contents: Vec<RuleContent>,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
}

/// A condition of a rule, and the group that it moves to.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleContent {
    /// `grc-` and letters and digits.
    pub id: CompactString,
    /// Condition on the resource; `None` for every resource.
    pub scope: Option<GroupingCondition>,
    /// Condition that names the group.
    pub target: GroupingCondition,
}

/// A resource that a rule moved.
#[derive(Debug, Clone)]
pub struct Remediation {
    /// 40 hex digits.
    pub id: CompactString,
    /// The rule.
    pub rule: CompactString,
    /// The resource.
    pub resource: Moved,
    /// Id and display name of the new group.
    pub target: (CompactString, CompactString),
    /// Time.
    pub at: Timestamp,
}

/// A resource that entered or left a group.
#[derive(Debug, Clone)]
pub struct GroupEvent {
    /// Time.
    pub at: Timestamp,
    /// The resource.
    pub resource: Moved,
    /// Id and display name of the group before; `None` for a new resource.
    pub source: Option<(CompactString, CompactString)>,
    /// Id and display name of the group after.
    pub target: (CompactString, CompactString),
    /// True for the event of the new group, false for that of the old one.
    pub enters: bool,
}

impl GroupEvent {
    /// Returns the group that the event is about.
    pub fn group(&self) -> &(CompactString, CompactString) {
        self.source.as_ref().filter(|_| !self.enters).unwrap_or(&self.target)
    }
}

/// A resource as it was when it moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Service code.
    pub service: CompactString,
    /// Type.
    pub kind: &'static str,
    /// Id.
    pub id: CompactString,
    /// Region.
    pub region: CompactString,
}

impl From<Resource<'_>> for Moved {
    fn from(one: Resource<'_>) -> Self {
        Self { service: one.service.into(), kind: one.kind, id: one.id.into(), region: one.region.into() }
    }
}

impl GroupingRule {
    /// Returns the group to which the rule moves a resource.
    fn target(&self, resource: &Resource<'_>, group: &str) -> Option<&str> {
        let kind = format!("{}.{}", resource.service, resource.kind);
        let values = [resource.region, group, resource.id, &kind];
        let is_listed = |list: &str, value: &str| list.split(',').any(|one| one.trim() == value);
        let in_scope = self.scopes.iter().zip(values).all(|([only, except], value)| {
            only.as_ref().is_none_or(|list| is_listed(list, value))
                && !except.as_ref().is_some_and(|list| is_listed(list, value))
        });
        if self.kind != RuleKind::CustomCondition || !in_scope {
            return None;
        }
        // A resource without a name has its id as name, as an ECS instance does.
        let property = |path: &str| {
            Some(match path {
                "$.resourceName" | "$.resourceId" => resource.id.to_owned(),
                "$.regionId" => resource.region.to_owned(),
                "$.resourceType" => kind.clone(),
                "$.resourceGroupId" => group.to_owned(),
                _ => return None,
            })
        };
        let holds = |one: &&RuleContent| one.scope.as_ref().is_none_or(|scope| scope.holds(&property));
        self.contents.iter().find(holds)?.target.target()
    }
}

impl AutoGrouping {
    /// Returns the rules, if enabled.
    pub fn enabled(&self) -> Result<&[Arc<GroupingRule>], Refusal> {
        if self.is_on { Ok(&self.rules) } else { Err(Refusal::AutoGroupingIsOff) }
    }

    /// Returns the position of the rule `id`.
    pub fn position(&self, id: &str) -> Result<usize, Refusal> {
        self.enabled()?.iter().position(|rule| rule.id == id).ok_or(Refusal::NoSuchGroupingRule)
    }

    /// Enables it, but not within a minute of its end.
    pub fn enable(&mut self, now: Timestamp) -> Result<(), Refusal> {
        if self.is_on {
            return Err(Refusal::AutoGroupingIsOn);
        }
        if self.ended.is_some_and(|ended| now < ended.plus_millis(PAUSE_MILLIS)) {
            return Err(Refusal::AutoGroupingTooSoon);
        }
        self.is_on = true;
        Ok(())
    }

    /// Disables it and deletes the rules. Resources stay in their groups.
    pub fn disable(&mut self, now: Timestamp) -> Result<(), Refusal> {
        if !self.is_on {
            return Err(Refusal::AutoGroupingEnded);
        }
        *self = Self { ended: Some(now), ..Self::default() };
        Ok(())
    }

    /// Adds a rule. Only one rule is about associated resources.
    pub fn add(&mut self, rule: GroupingRule) -> Result<(), Refusal> {
        let rules = self.enabled()?;
        let is_second = rules.iter().any(|one| one.kind == RuleKind::AssociatedTransfer);
        if rule.kind == RuleKind::AssociatedTransfer && is_second {
            return Err(Refusal::AssociatedRuleExists);
        }
        if rules.len() >= MOST_RULES {
            return Err(Refusal::TooManyGroupingRules);
        }
        self.rules.push(Arc::new(rule));
        Ok(())
    }
}

fn keep<T>(all: &mut imbl::Vector<Arc<T>>, new: T) {
    all.push_back(Arc::new(new));
    if all.len() > MOST_EVENTS {
        all.pop_front();
    }
}

impl Account {
    /// Id and display name of a group.
    fn named_group(&self, number: u32) -> (CompactString, CompactString) {
        let group = self.numbered_group(number);
        (group.id.clone(), group.display_name.clone())
    }

    /// Moves a resource into a group. Returns `false` if the account has no such resource in this region.
    pub fn move_resource(&mut self, moved: &Moved, group: u32, now: Timestamp) -> bool {
        let is_it = |one: &Resource<'_>| {
            (one.service, one.kind, one.id) == (&*moved.service, moved.kind, &*moved.id)
                && one.region == moved.region
        };
        let Some(from) = self.resources().find(is_it).map(|one| one.group) else { return false };
        if from != group {
            self.put_into_group(&moved.service, &moved.id, group);
            self.note_move(moved, Some(from), group, now);
        }
        true
    }

    /// Keeps the events of a move, or of a new resource, if the account wants them.
    fn note_move(&mut self, moved: &Moved, from: Option<u32>, to: u32, now: Timestamp) {
        if !self.grouping.notifies {
            return;
        }
        let (source, target) = (from.map(|from| self.named_group(from)), self.named_group(to));
        let event = |enters| GroupEvent {
            at: now,
            resource: moved.clone(),
            source: source.clone(),
            target: target.clone(),
            enters,
        };
        let events = &mut self.grouping_mut().events;
        if from.is_some() {
            keep(events, event(false));
        }
        keep(events, event(true));
    }

    /// Notes a new resource, and lets the rules move it.
    pub(in crate::world) fn group_new_resource(&mut self, service: &str, id: &str, now: Timestamp) {
        if !self.grouping.notifies && self.grouping.auto.rules.is_empty() {
            return;
        }
        let new = self.resources().find(|one| (one.service, one.id) == (service, id));
        if let Some((moved, group)) = new.map(|one| (Moved::from(one), one.group)) {
            self.note_move(&moved, None, group, now);
        }
        self.regroup(now);
    }

    /// Lets the rules move every resource that they fit. A group that is gone receives nothing.
    pub fn regroup(&mut self, now: Timestamp) {
        let auto = &self.grouping.auto;
        let plan = |resource: Resource<'_>| {
            let group = &self.numbered_group(resource.group).id;
            let mut rules = auto.rules.iter();
            let (rule, target) =
                rules.find_map(|rule| Some((rule.id.clone(), rule.target(&resource, group)?)))?;
            let target = self.usable_group(target).ok().filter(|target| *target != resource.group)?;
            Some((rule, Moved::from(resource), target))
        };
        let planned: Vec<_> = self.resources().filter_map(plan).collect();
        for (rule, moved, target) in planned {
            self.move_resource(&moved, target, now);
            let part = |part: u8| digest(&format!("{part} {rule} {} {}", moved.id, now.as_millis()));
            let id = format!("{:016x}{:016x}{:016x}", part(1), part(2), part(3));
            let made = Remediation {
                id: id[..40].into(),
                rule,
                resource: moved,
                target: self.named_group(target),
                at: now,
            };
            keep(&mut self.grouping_mut().auto.moves, made);
        }
    }
}
