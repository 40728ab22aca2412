//! Instance of a world, and the credentials of its roles.
//!
//! The credentials are sessions as in STS: they end in the same ways. Source: docs/evidence/clients.md 3.4, ECS
//! "Instance metadata" and "Instance RAM roles".

use crate::policy::Principal;
use crate::text::{RoleName, Timestamp};
use crate::world::account::Session;
use crate::world::command::{NotDone, account_named};
use crate::world::ids::IdKind;
use crate::world::machine::{Machine, MachineSettings, WhichInstanceRole};
use crate::world::permission::{self, Decision};
use crate::world::refusal::Refusal;
use crate::world::tx::{Grant, Tx};
use compact_str::CompactString;
use std::sync::Arc;

/// Service that instance roles trust. Source: RAM "Trust policies of services".
const SERVICE: &str = "ecs.aliyuncs.com";

/// Credentials of a role.
#[derive(Debug, Clone)]
pub struct Handed {
    /// The session.
    pub session: Arc<Session>,
    /// Time of issue.
    pub since: Timestamp,
}

/// Reason for missing credentials of a role.
#[derive(Debug, Clone)]
pub enum NotHanded {
    /// The world has no instance, or the role is not attached.
    NotAttached,
    /// The role was deleted.
    NoRole,
    /// The role does not trust ECS.
    NotTrusted(Decision),
    /// A rule of the world rejects it.
    Refused(Refusal),
}

impl Tx<'_> {
    /// Creates or replaces the instance. Roles that remain keep their issued credentials.
    pub fn set_machine(&mut self, settings: MachineSettings) -> Result<(), NotDone> {
        settings.check()?;
        let roles = settings.role_names()?;
        let account = account_named(settings.account.as_deref(), self.state())?;
        for name in &roles {
            account.role_slot(name)?;
        }
        let uid = account.uid;
        let (word, number) = (
            self.ids.word(IdKind::Machine, uid, 0, 20).to_lowercase(),
            self.ids.number(IdKind::Machine, uid, 0, 12),
        );
        let settings = settings.over(MachineSettings::made(&word, number));
        let id = CompactString::from(settings.id.as_deref().expect("one is made"));
        let before = self.state.machine.take().filter(|before| before.uid == uid && before.id == id);
        let mut handed = before.map(|before| before.handed.clone()).unwrap_or_default();
        handed.retain(|name, _| roles.contains(name));
        self.state.machine =
            Some(Arc::new(Machine { uid, id, roles, settings: settings.complete(), handed }));
        Ok(())
    }

    /// Deletes the instance, if any.
    pub fn remove_machine(&mut self) {
        self.state.machine = None;
    }

    fn old_machine(&self) -> Option<MachineSettings> {
        self.state.machine_settings(|uid| uid.to_string())
    }

    /// Changes the instance, or creates one.
    pub(in crate::world) fn change_machine(&mut self, change: &MachineSettings) -> Result<String, NotDone> {
        let mut old = self.old_machine().unwrap_or_default();
        if change.account.is_some() {
            let uid = account_named(change.account.as_deref(), self.state())?.uid.to_string();
            // Roles belong to the account, so those of another account are detached.
            old.roles.take_if(|_| old.account.as_ref() != Some(&uid));
        }
        // These depend on other settings.
        old.zone.take_if(|_| change.region.is_some());
        old.hostname.take_if(|_| change.id.is_some());
        self.set_machine(change.clone().over(old))?;
        let machine = self.state.machine().expect("it was just set");
        Ok(format!("the instance is {} of account {}", machine.id, machine.uid))
    }

    /// Attaches a role to the instance, or detaches it.
    pub(in crate::world) fn attach_role(
        &mut self,
        wanted: &WhichInstanceRole,
        attach: bool,
    ) -> Result<String, NotDone> {
        let role = &wanted.role;
        let settings = self.old_machine();
        let mut settings = settings.ok_or_else(|| NotDone::Wrong("there is no instance".to_owned()))?;
        let roles = settings.roles.get_or_insert_default();
        let place = roles.iter().position(|one| one.eq_ignore_ascii_case(role));
        match (place, attach) {
            (None, true) => roles.push(role.clone()),
            (Some(at), false) => drop(roles.remove(at)),
            (Some(_), true) => return Err(NotDone::Wrong(format!("`{role}` is attached already"))),
            (None, false) => return Err(NotDone::Wrong(format!("`{role}` is not attached"))),
        }
        self.set_machine(settings)?;
        let word = if attach { "attached to" } else { "detached from" };
        Ok(format!("the role {role} was {word} the instance"))
    }

    /// Returns credentials of an attached role. They are renewed in time; old credentials stay valid until they expire.
    ///
    /// UNCERTAIN: the real response after the current credentials were revoked early. alimock issues new ones for the
    /// next request, if the role still trusts ECS.
    pub fn credentials_of_machine(&mut self, name: &RoleName) -> Result<Handed, NotHanded> {
        let machine = self.state.machine.clone().ok_or(NotHanded::NotAttached)?;
        let attached = machine.roles.iter().find(|role| role.folded() == name.folded());
        let name = attached.ok_or(NotHanded::NotAttached)?;
        if let Some(handed) = self.still_handed(&machine, name) {
            return Ok(handed);
        }
        let account = self.state.account(machine.uid).map_err(NotHanded::Refused)?;
        let slot = account.role_slot(name).map_err(|_| NotHanded::NoRole)?;
        let role = account.role(slot).map_err(|_| NotHanded::NoRole)?;
        let context = permission::context(self.by.caller, self.by.source, self.now);
        let by = Some(Principal::Service(SERVICE));
        let decision =
            permission::decide_to_assume(&self.state, self.by.caller, role, machine.uid, by, context);
        self.decided = Some(decision.clone());
        if !self.state.enforcement.lets_through(&decision) {
            return Err(NotHanded::NotTrusted(decision));
        }
        let grant = Grant {
            name: machine.session_name(),
            // The session limit of a role applies to callers that assume it, not to ECS.
            seconds: machine.settings.lasts().as_secs(),
            policy: None,
            source_identity: None,
        };
        let handed = Handed {
            session: self.grant(machine.uid, slot, grant).map_err(NotHanded::Refused)?,
            since: self.now,
        };
        let mut next = Machine::clone(&machine);
        next.handed.insert(name.clone(), (handed.session.id.clone(), handed.since));
        self.state.machine = Some(Arc::new(next));
        Ok(handed)
    }

    /// Returns the current credentials of a role, unless they expired or must be renewed.
    fn still_handed(&self, machine: &Machine, name: &RoleName) -> Option<Handed> {
        let (id, since) = machine.handed.get(name)?;
        let session = self.state.sessions.get(id)?;
        // Deleting a role ends its sessions.
        self.state.credential(id.as_str())?;
        let renewed = session.returned_expiry.plus(-machine.settings.renewed());
        let is_good = self.now < renewed && self.now < session.enforced_expiry;
        is_good.then(|| Handed { session: Arc::clone(session), since: *since })
    }
}
