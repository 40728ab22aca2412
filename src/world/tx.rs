//! Changes to the state. Each is one function that keeps the indexes of [`State`] true; what concerns one account alone is in
//! [`crate::world::account`].

use crate::text::{
    AccessKeyId, AccountAlias, Comments, Description, GroupName, MfaName, RoleName, RoleSuffix, Scalar,
    SecretText, Timestamp, Uid,
};
use crate::world::account::system::{self, Service};
use crate::world::account::{
    AccessKey, Account, Entity, Group, KeyMaterial, KeyRing, KeyStatus, MfaDevice, Owner, Place, PolicyRef,
    Quotas, Role, Seed, Session, SessionExpiry, SessionPolicy, ShortTerm, Tags, Trust, User, UserDetails,
};
use crate::world::caller::By;
use crate::world::ids::{Ids, Kind};
use crate::world::permission::Enforcement;
use crate::world::propagation::Propagation;
use crate::world::refusal::Refusal;
use crate::world::register::{Slot, digest};
use crate::world::state::{Event, State};
use crate::world::stubs::Stubs;
use compact_str::CompactString;
use std::sync::Arc;

/// How long a session may last when nobody says. Source: docs/evidence/ram.md 5.7.
pub const DEFAULT_SESSION_SECONDS: i64 = 3600;
/// UNCERTAIN: no page says how long the deletion of a service-linked role takes.
const LINKED_ROLE_DELETION_MILLIS: i64 = 3000;

/// What a role is made with.
#[derive(Debug)]
pub struct NewRole {
    /// Its name.
    pub name: RoleName,
    /// Free remark.
    pub description: Option<Description>,
    /// Who may assume it.
    pub trust: Trust,
    /// The longest session, in seconds.
    pub max_session: Option<i64>,
    /// Whether the console may switch to it.
    pub allow_console_login: bool,
    /// The cloud service it belongs to.
    pub service: Option<&'static str>,
    /// Its tags.
    pub tags: Tags,
}

/// What a temporary credential is made with.
#[derive(Debug)]
pub struct NewSession {
    /// Name of the session.
    pub name: CompactString,
    /// What narrows the permissions of the role.
    pub policy: Option<SessionPolicy>,
    /// Who is behind it.
    pub source_identity: Option<CompactString>,
    /// The expiry the client is told.
    pub returned_expiry: Timestamp,
    /// The expiry that counts, when it is another.
    pub enforced_expiry: Option<Timestamp>,
    /// Its key id, when it is not generated.
    pub id: Option<AccessKeyId>,
    /// Its secret, when it is not generated.
    pub secret: Option<SecretText>,
    /// Its token, when it is not generated.
    pub token: Option<SecretText>,
}

/// What an operation that writes is given: a copy that becomes the state when it succeeds.
#[derive(Debug)]
pub struct Tx<'a> {
    pub(super) state: State,
    /// Who calls, and from where.
    pub by: By<'a>,
    /// The resource clock.
    pub now: Timestamp,
    pub(super) ids: &'a Ids,
    /// Accounts that were given out to change, in worlds whose changes take time to spread.
    pub(super) touched: Vec<Uid>,
}

impl<'a> Tx<'a> {
    /// A copy to try something out on.
    #[must_use]
    pub fn fork(&self) -> Tx<'a> {
        let touched = self.touched.clone();
        Tx { state: self.state.clone(), by: self.by, now: self.now, ids: self.ids, touched }
    }
}

impl Tx<'_> {
    /// The state with the changes made so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The state that permission is asked of: as the call sees it, when a change has not spread yet.
    pub fn seen(&self) -> &State {
        self.by.seen.unwrap_or(&self.state)
    }

    /// The caller's account.
    pub fn account(&self) -> Result<&Account, Refusal> {
        self.state.account(self.caller_uid()?)
    }

    /// The caller's account, to change, with the quotas that bind it.
    pub fn account_mut(&mut self) -> Result<(&mut Account, Quotas), Refusal> {
        self.account_of(self.caller_uid()?)
    }

    /// Another account, to change.
    pub fn account_of(&mut self, uid: Uid) -> Result<(&mut Account, Quotas), Refusal> {
        let account = self.state.accounts.get_mut(&uid).ok_or(Refusal::NoSuchAccount)?;
        if !self.state.propagation.is_immediate() && !self.touched.contains(&uid) {
            self.touched.push(uid);
        }
        Ok((Arc::make_mut(account), self.state.quotas))
    }

    fn caller_uid(&self) -> Result<Uid, Refusal> {
        self.by.caller.uid().ok_or(Refusal::NoSuchAccount)
    }

    /// Sets what accounts may hold.
    pub fn set_quotas(&mut self, quotas: Quotas) {
        self.state.quotas = quotas;
    }

    /// Sets what becomes of calls that no policy allows.
    pub fn set_enforcement(&mut self, enforcement: Enforcement) {
        self.state.enforcement = enforcement;
    }

    /// Sets how fast changes spread.
    pub fn set_propagation(&mut self, propagation: Propagation) {
        self.state.propagation = Arc::new(propagation);
    }

    /// Sets when sessions end that are given out.
    pub fn set_session_expiry(&mut self, expiry: SessionExpiry) {
        self.state.session_expiry = expiry;
    }

    /// Sets what is answered for actions that nobody runs.
    pub fn set_stubs(&mut self, stubs: Stubs) {
        self.state.stubs = Arc::new(stubs);
    }

    /// Adds a RAM user to an account.
    pub fn add_user(
        &mut self,
        uid: Uid,
        name: crate::text::UserName,
        details: UserDetails,
    ) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let id = ids.user(uid, account.counters.next(Kind::User));
        let user = User {
            id,
            name,
            details,
            created: now,
            updated: now,
            last_login: None,
            login: None,
            keys: KeyRing::default(),
        };
        account.add_user(user, &quotas)
    }

    /// Adds a group to an account.
    pub fn add_group(
        &mut self,
        uid: Uid,
        name: GroupName,
        comments: Option<Comments>,
    ) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let id = ids.group(uid, account.counters.next(Kind::Group));
        account.add_group(Group { id, name, comments, created: now, updated: now }, &quotas)
    }

    /// Adds a virtual MFA device to an account.
    pub fn add_device(&mut self, uid: Uid, name: MfaName) -> Result<Slot, Refusal> {
        let ids = self.ids;
        let (account, quotas) = self.account_of(uid)?;
        let seed = Seed(ids.seed(uid, account.counters.next(Kind::Device)));
        account.add_device(MfaDevice { name, seed, bound: None }, &quotas)
    }

    /// Adds a role to an account.
    pub fn add_role(&mut self, uid: Uid, new: NewRole) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let role = Role {
            id: ids.role(uid, account.counters.next(Kind::Role)),
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

    /// Adds the role of a cloud service, with the policy that comes with it. Source: docs/evidence/ram.md section 10.
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
            // UNCERTAIN: whether a suffix may make the name longer than other roles' names.
            name: RoleName::parse(&name).map_err(|_| Refusal::NoSuffixForService)?,
            description,
            trust: Trust::parse(&trust).expect("the trust policy of a service is good"),
            max_session: None,
            allow_console_login: false,
            service: Some(service.name),
            tags: Tags::default(),
        };
        let slot = self.add_role(uid, new)?;
        let policy = system::named(service.policy).expect("every service has its policy in the table");
        let now = self.now;
        let (account, quotas) = self.account_of(uid)?;
        account.attach_as_service(Entity::Role(slot), PolicyRef::System(policy), None, now, &quotas)?;
        Ok(slot)
    }

    /// Starts the deletion of a service-linked role; gives the id of the task. It is done a moment later.
    ///
    /// UNCERTAIN: how long it takes. Source: docs/evidence/ram.md 5.8.
    pub fn delete_linked_role(&mut self, uid: Uid, slot: Slot) -> Result<CompactString, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let service = account.role(slot)?.service.ok_or(Refusal::NotRoleOfService)?;
        let number = account.counters.next(Kind::Task);
        let role = account.roles.get_mut(slot).ok_or(Refusal::NoSuchRole)?;
        let task = ids.task(uid, number, service, role.name.as_str());
        role.deletion = Some((task.clone(), now));
        self.later(now.plus_millis(LINKED_ROLE_DELETION_MILLIS), Event::RoleEnd { uid, role: slot });
        Ok(task)
    }

    /// Sets or clears the alias of an account. Source: docs/evidence/ram.md 5.10.
    pub fn set_alias(&mut self, uid: Uid, alias: Option<AccountAlias>) -> Result<(), Refusal> {
        if let Some(alias) = &alias
            && self.state.aliases.get(alias.as_str()).is_some_and(|owner| *owner != uid)
        {
            return Err(Refusal::AliasTaken);
        }
        let (account, _) = self.account_of(uid)?;
        let before = std::mem::replace(&mut account.alias, alias.clone());
        if let Some(before) = before {
            self.state.aliases.remove(before.as_str());
        }
        if let Some(alias) = alias {
            self.state.aliases.insert(alias.as_str().into(), uid);
        }
        Ok(())
    }

    /// Makes a key for `owner`, with id and material of the caller's choice or generated ones.
    pub fn add_key(
        &mut self,
        place: Place,
        pinned: (Option<AccessKeyId>, Option<KeyMaterial>),
    ) -> Result<AccessKey, Refusal> {
        self.make_key(place, pinned, None)
    }

    /// Makes a key of an account itself that is deleted when its time is over.
    pub fn add_short_term_key(&mut self, uid: Uid, term: ShortTerm) -> Result<AccessKey, Refusal> {
        self.open_account(uid)?;
        let key = self.make_key(Place { uid, owner: Owner::Root }, (None, None), Some(term))?;
        self.later(term.expires, Event::KeyEnd { uid, id: key.id.clone() });
        Ok(key)
    }

    fn make_key(
        &mut self,
        place: Place,
        pinned: (Option<AccessKeyId>, Option<KeyMaterial>),
        short_term: Option<ShortTerm>,
    ) -> Result<AccessKey, Refusal> {
        let (ids, now) = (self.ids, self.now);
        // One that a scenario pinned may be one that is made here.
        let (id, secret) = loop {
            let (account, _) = self.account_of(place.uid)?;
            let made = ids.key(place.uid, account.counters.next(Kind::Key));
            if pinned.0.is_some() || !self.is_taken(&made.0) {
                break made;
            }
        };
        let (account, quotas) = self.account_of(place.uid)?;
        let (id, material) = (pinned.0.unwrap_or(id), pinned.1.unwrap_or(KeyMaterial::Secret(secret)));
        let key = AccessKey {
            id,
            material,
            status: KeyStatus::Active,
            leaked: false,
            created: now,
            updated: now,
            short_term,
        };
        account.keys_of_mut(place.owner)?.add(key.clone(), quotas.keys(place.owner))?;
        if self.is_taken(&key.id) {
            return Err(Refusal::KeyTaken);
        }
        self.state.keys.insert(digest(key.id.as_str()), place);
        Ok(key)
    }

    /// Whether a credential has this id.
    fn is_taken(&self, id: &AccessKeyId) -> bool {
        self.state.sessions.contains_key(id) || self.state.keys.contains_key(&digest(id.as_str()))
    }

    /// Enables or disables a key.
    pub fn set_key_status(
        &mut self,
        place: Place,
        id: &AccessKeyId,
        status: KeyStatus,
    ) -> Result<(), Refusal> {
        let now = self.now;
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.set_status(id, status, now)
    }

    /// Notes that a key has leaked, or that it has not after all.
    pub fn set_key_leaked(&mut self, place: Place, id: &AccessKeyId, leaked: bool) -> Result<(), Refusal> {
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.set_leaked(id, leaked)
    }

    /// Deletes a key.
    pub fn remove_key(&mut self, place: Place, id: &AccessKeyId) -> Result<(), Refusal> {
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.remove(id)?;
        self.state.keys.remove(&digest(id.as_str()));
        Ok(())
    }

    /// Who holds a key of the account `uid`.
    pub fn place_of(&self, uid: Uid, id: &AccessKeyId) -> Result<Place, Refusal> {
        self.state.place_of(uid, id)
    }

    /// Adds a temporary credential of a role; what was not given is generated. It is forgotten when it is over: its token
    /// tells by itself that it once was good.
    pub fn add_session(&mut self, uid: Uid, role: Slot, new: NewSession) -> Result<Arc<Session>, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let found = self.state.account(uid)?.role(role)?;
        let (role_id, role_name) = (found.id, found.name.clone());
        let (id, secret) = loop {
            let (account, _) = self.account_of(uid)?;
            let made = ids.session(uid, account.counters.next(Kind::Session));
            if new.id.is_some() || !self.is_taken(&made.0) {
                break made;
            }
        };
        let id = new.id.unwrap_or(id);
        let returned_expiry = new.returned_expiry;
        let enforced_expiry = new.enforced_expiry.unwrap_or(returned_expiry);
        let is_pinned = new.token.is_some();
        let token = new.token.unwrap_or_else(|| ids.token(id.as_str(), enforced_expiry));
        let session = Arc::new(Session {
            id: id.clone(),
            material: KeyMaterial::Secret(new.secret.unwrap_or(secret)),
            token,
            uid,
            role,
            role_id,
            role_name,
            name: new.name,
            policy: new.policy,
            source_identity: new.source_identity,
            returned_expiry,
            enforced_expiry,
        });
        if self.is_taken(&id) {
            return Err(Refusal::KeyTaken);
        }
        self.state.sessions.insert(id.clone(), Arc::clone(&session));
        if is_pinned {
            self.state.tokens.insert(session.token.reveal().into(), id);
        } else {
            self.later(enforced_expiry.max(now), Event::SessionEnd { id });
        }
        Ok(session)
    }

    /// Ends a temporary credential: its token is expired from now on.
    pub fn expire_session(&mut self, id: &AccessKeyId) {
        if let Some(session) = self.state.sessions.get_mut(id) {
            Arc::make_mut(session).enforced_expiry = self.now;
        }
    }

    /// Takes a temporary credential away: its key is unknown from now on.
    pub fn revoke_session(&mut self, id: &AccessKeyId) {
        self.state.sessions.remove(id);
    }

    /// Lets a bearer token speak for `place`.
    pub fn add_bearer(&mut self, token: &str, place: Place) {
        self.state.bearers.insert(token.into(), place);
    }

    /// Puts an event on the timeline.
    pub fn later(&mut self, at: Timestamp, event: Event) {
        let mut same_time = self.state.timeline.range((at, 0)..=(at, u64::MAX));
        let number = same_time.next_back().map_or(0, |((_, number), _)| number + 1);
        self.state.timeline.insert((at, number), event);
    }
}
