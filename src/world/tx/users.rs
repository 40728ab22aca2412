//! RAM users, groups, MFA devices and alias of an account.

use crate::text::{AccountAlias, Comments, DisplayName, GroupName, MfaName, Uid, UserName};
use crate::world::account::{Group, KeyRing, MfaDevice, Seed, User, UserDetails};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::tx::Tx;

impl Tx<'_> {
    /// Adds a RAM user to an account.
    pub fn add_user(&mut self, uid: Uid, name: UserName, details: UserDetails) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let id = ids.user(uid, account.users.next_slot());
        let user = User {
            id,
            name,
            details,
            created: now,
            updated: now,
            last_login: None,
            login: None,
            keys: KeyRing::default(),
            extras: None,
        };
        account.add_user(user, &quotas)
    }

    /// Adds a group to an account.
    pub fn add_group(
        &mut self,
        uid: Uid,
        name: GroupName,
        display_name: Option<DisplayName>,
        comments: Option<Comments>,
    ) -> Result<Slot, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, quotas) = self.account_of(uid)?;
        let id = ids.group(uid, account.counters.next(IdKind::Group));
        account.add_group(Group { id, name, display_name, comments, created: now, updated: now }, &quotas)
    }

    /// Adds a virtual MFA device to an account.
    pub fn add_device(&mut self, uid: Uid, name: MfaName) -> Result<Slot, Refusal> {
        let ids = self.ids;
        let (account, quotas) = self.account_of(uid)?;
        let seed = Seed(ids.seed(uid, account.counters.next(IdKind::Device)));
        account.add_device(MfaDevice { name, seed, bound: None }, &quotas)
    }

    /// Sets or clears the alias of an account. The UID of another account is taken (UNCERTAIN). Source: docs/evidence/ram.md 5.10.
    pub fn set_alias(&mut self, uid: Uid, alias: Option<AccountAlias>) -> Result<(), Refusal> {
        if let Some(alias) = &alias
            && self.state.account_of_domain(alias.as_str()).is_some_and(|owner| owner != uid)
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
}
