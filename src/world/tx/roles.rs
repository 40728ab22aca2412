//! Roles of an account, including those of cloud services.

use crate::text::{Description, RoleName, RoleSuffix, Scalar, Uid};
use crate::world::account::system::Service;
use crate::world::account::{Entity, Role, Tags, Trust};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::state::Event;
use crate::world::tx::Tx;
use compact_str::CompactString;

/// Default duration of a session. Source: docs/evidence/ram.md 5.7.
pub const DEFAULT_SESSION_SECONDS: i64 = 3600;
/// UNCERTAIN: no page shows the duration of deleting a service-linked role.
const LINKED_ROLE_DELETION_MILLIS: i64 = 3000;

/// Input for a new role.
#[derive(Debug)]
pub struct NewRole {
    /// Role name.
    pub name: RoleName,
    /// Description.
    pub description: Option<Description>,
    /// Trust policy.
    pub trust: Trust,
    /// Maximum session duration, in seconds.
    pub max_session: Option<i64>,
    /// Allows switching to the role in the console.
    pub allow_console_login: bool,
    /// Cloud service that owns it.
    pub service: Option<&'static str>,
    /// Tags.
    pub tags: Tags,
}

impl Tx<'_> {
    /// Adds a role to an account.
    pub fn add_role(&mut self, uid: Uid, new: NewRole) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let role = Role {
            id: ids.role(uid, account.counters.next(IdKind::Role)),
            name: new.name,
            description: new.description,
            trust: new.trust,
            max_session: new.max_session.unwrap_or(DEFAULT_SESSION_SECONDS),
            allow_console_login: new.allow_console_login,
            service: new.service,
            deletion: None,
            tags: new.tags,
            created: now,
            updated: now,
        };
        account.add_role(role, &quotas)
    }

    /// Adds a role of a cloud service, with its policy. Source: docs/evidence/ram.md section 10.
    pub fn add_linked_role(
        &mut self,
        uid: Uid,
        service: &'static Service,
        suffix: Option<RoleSuffix>,
        description: Option<Description>,
    ) -> Result<Slot, Refusal> {
        if suffix.is_some() && !service.allows_suffix {
            return Err(Refusal::NoSuffixForService);
        }
        let trust = format!(
            r#"{{"Statement":[{{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{{"Service":["{}"]}}}}],"Version":"1"}}"#,
            service.name
        );
        let name = suffix.map_or(service.role.to_owned(), |suffix| format!("{}_{suffix}", service.role));
        let new = NewRole {
            // UNCERTAIN: whether the suffix may exceed the usual length of role names.
            name: RoleName::parse(&name).map_err(|_| Refusal::NoSuffixForService)?,
            description,
            trust: Trust::parse(&trust).expect("the trust policy of a service is good"),
            max_session: None,
            allow_console_login: false,
            service: Some(service.name),
            tags: Tags::default(),
        };
        let slot = self.add_role(uid, new)?;
        let now = self.now;
        let (account, quotas) = self.account_of(uid)?;
        let policy =
            account.system_policy(service.policy).expect("every service has its policy in the table");
        account.attach_as_service(Entity::Role(slot), policy, None, now, &quotas)?;
        Ok(slot)
    }

    /// Starts the deletion of a service-linked role and returns the task id. The deletion takes a moment.
    ///
    /// UNCERTAIN: the duration. Source: docs/evidence/ram.md 5.8.
    pub fn delete_linked_role(&mut self, uid: Uid, slot: Slot) -> Result<CompactString, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let service = account.role(slot)?.service.ok_or(Refusal::NotRoleOfService)?;
        let number = account.counters.next(IdKind::Task);
        let role = account.roles.get_mut(slot).ok_or(Refusal::NoSuchRole)?;
        let task = ids.task(uid, number, service, role.name.as_str());
        role.deletion = Some((task.clone(), now));
        self.later(now.plus_millis(LINKED_ROLE_DELETION_MILLIS), Event::RoleEnd { uid, role: slot });
        Ok(task)
    }
}
