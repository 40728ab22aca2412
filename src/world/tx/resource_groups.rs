//! Resource groups of an account. Source: docs/evidence/resource-directory.md section 8.

use crate::text::{ResourceGroupName, ResourceGroupTitle, Timestamp, Uid};
use crate::world::account::system::Service;
use crate::world::account::{DEFAULT_GROUP, Entity, ResourceGroup, Tags};
use crate::world::caller::Caller;
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::state::Event;
use crate::world::tx::Tx;
use compact_str::CompactString;

/// Time from the deletion of a group until it disappears. Source: www.alibabacloud.com/help/doc-detail/94488.htm: 7 days.
const DELETION_MILLIS: i64 = 7 * 86_400_000;

/// Service that moves resources. Source: www.alibabacloud.com/help/en/resource-management/user-guide/service-linked-role-for-resource-group
pub const GROUPING_SERVICE: &str = "resourcegroup.resourcemanager.aliyuncs.com";

/// Input for a new resource group.
#[derive(Debug)]
pub struct NewResourceGroup {
    /// Id; by default generated.
    pub id: Option<CompactString>,
    /// Unique identifier.
    pub name: ResourceGroupName,
    /// Display name.
    pub display_name: ResourceGroupTitle,
    /// Tags.
    pub tags: Tags,
}

impl Tx<'_> {
    /// Adds a resource group and returns its number.
    pub fn add_resource_group(&mut self, uid: Uid, new: NewResourceGroup) -> Result<u32, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let mut made = || {
            ids.lower("rg-aek", IdKind::ResourceGroup, uid, account.counters.next(IdKind::ResourceGroup), 12)
        };
        let group = ResourceGroup {
            number: DEFAULT_GROUP,
            id: new.id.unwrap_or_else(&mut made),
            name: new.name.as_str().into(),
            display_name: new.display_name.as_str().into(),
            created: now,
            deleted: None,
            tags: new.tags,
        };
        account.add_resource_group(group, &quotas)
    }

    /// Adds a resource group for the caller, which becomes its administrator if it is a RAM user.
    ///
    /// UNCERTAIN: a role session becomes none, and a user with too many policies becomes none either. Source:
    /// alibabacloud.com/help/en/ram/user-guide/policy-models.
    pub fn create_resource_group(&mut self, new: NewResourceGroup) -> Result<u32, Refusal> {
        let (uid, now) = (self.account()?.uid, self.now);
        let number = self.add_resource_group(uid, new)?;
        let by = self.by.caller;
        let (account, quotas) = self.account_of(uid)?;
        if let (Caller::User { slot, .. }, true) = (by, account.grouping.creator_is_admin)
            && let Some(policy) = account.system_policy("AdministratorAccess")
        {
            account.attach(Entity::User(*slot), policy, Some(number), now, &quotas).ok();
        }
        Ok(number)
    }

    /// Deletes a resource group, which disappears seven days later.
    pub fn delete_resource_group(&mut self, uid: Uid, id: &str) -> Result<u32, Refusal> {
        self.delete_resource_group_at(uid, id, self.now)
    }

    /// Deletes a resource group at `at`, which is not later than now.
    pub fn delete_resource_group_at(&mut self, uid: Uid, id: &str, at: Timestamp) -> Result<u32, Refusal> {
        let group = self.account_of(uid)?.0.delete_resource_group(id, at)?;
        self.later(at.plus_millis(DELETION_MILLIS), Event::ResourceGroupEnd { uid, group });
        Ok(group)
    }

    /// Enables the rules that move resources and, with `role`, adds the role of the service that does, if it is missing.
    pub fn enable_auto_grouping(&mut self, uid: Uid, role: bool) -> Result<(), Refusal> {
        let now = self.now;
        self.account_of(uid)?.0.grouping_mut().auto.enable(now)?;
        if !role {
            return Ok(());
        }
        let service = Service::named(GROUPING_SERVICE).expect("the table of services has it");
        match self.add_linked_role(uid, service, None, None) {
            Ok(_) | Err(Refusal::RoleExists) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    /// Generates the request id of a part of a call.
    pub fn sub_request_id(&mut self) -> Result<String, Refusal> {
        let (ids, uid) = (self.ids, self.caller_uid()?);
        let number = self.account_of(uid)?.0.counters.next(IdKind::Rule);
        Ok(ids.uuid(IdKind::Rule, uid, number))
    }

    /// Generates the id of a rule, `gr-`, or of a content of one, `grc-`.
    pub fn rule_id(&mut self, uid: Uid, prefix: &str) -> Result<CompactString, Refusal> {
        let ids = self.ids;
        let number = self.account_of(uid)?.0.counters.next(IdKind::Rule);
        Ok(ids.lower(prefix, IdKind::Rule, uid, number, 11))
    }
}
