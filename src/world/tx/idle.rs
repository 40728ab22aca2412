//! Disables keys and console log-ins of RAM users that nobody used for as many days as the account allows.
//!
//! It happens at midnight (UNCERTAIN: in UTC) of the day after the last allowed one. Enabling counts as use, so what an
//! administrator enables stays enabled for as long again (UNCERTAIN). UNCERTAIN: keys of the account itself are not disabled,
//! because the setting is one for RAM users. Source: docs/evidence/ims.md 3.3 and 4.8.

use crate::text::{AccessKeyId, Timestamp, Uid};
use crate::world::account::{AccessKey, KeyStatus, LastUse, LoginStatus, Owner};
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::state::{FellDue, State};
use crate::world::tx::Tx;
use crate::world::usage::Usage;

const DAY: i64 = 86_400_000;

/// Returns the number of the day of a time, since 1970 in UTC.
pub(in crate::world) fn day(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(DAY)
}

/// Days of a sweep: those after the first, up to the last.
#[derive(Debug, Clone, Copy)]
pub(in crate::world) struct Sweep {
    /// Last day of the sweep before.
    pub(in crate::world) after: i64,
    /// Last day of this sweep.
    pub(in crate::world) until: i64,
}

/// A key or a log-in that nobody used.
pub(in crate::world) struct Idle {
    /// Time at which it is disabled.
    at: Timestamp,
    uid: Uid,
    user: Slot,
    /// The key; `None` for the log-in of the user.
    key: Option<AccessKeyId>,
    /// Days that were allowed.
    days: i64,
}

impl Sweep {
    /// Returns the keys and log-ins to disable, in the order in which it happens.
    pub(in crate::world) fn idle(self, state: &State, usage: &Usage) -> Vec<Idle> {
        let mut all = Vec::new();
        if self.after >= self.until {
            return all;
        }
        for account in state.accounts.values() {
            let preference = &account.preference;
            let (of_keys, of_users) =
                (preference.max_idle_days_for_access_keys, preference.max_idle_days_for_users);
            for (slot, user) in account.users.iter() {
                let mut note = |since: Timestamp, days: i64, key: Option<&AccessKeyId>| {
                    let first = day(since.plus_millis(days.saturating_mul(DAY))) + 1;
                    let at = first.max(self.after + 1);
                    if at <= self.until {
                        let (at, key) = (Timestamp::from_millis(at.saturating_mul(DAY)), key.cloned());
                        all.push(Idle { at, uid: account.uid, user: slot, key, days });
                    }
                };
                for key in user.keys.iter().filter(|key| key.status == KeyStatus::Active) {
                    let since = usage.of(key).map_or(key.updated, |last| last.at.max(key.updated));
                    note(since, of_keys, Some(&key.id));
                }
                if let Some(profile) = user.login.as_deref().filter(|one| one.status == LoginStatus::Active) {
                    let since = user.last_login.map_or(profile.updated, |at| at.max(profile.updated));
                    note(since, of_users, None);
                }
            }
        }
        all.sort_by_key(|idle| idle.at);
        all
    }
}

impl Tx<'_> {
    /// Disables what was not used, and returns a description of each change.
    pub(in crate::world) fn disable_idle(&mut self, sweep: Sweep) -> Vec<FellDue> {
        let idle = sweep.idle(&self.state, self.usage);
        idle.into_iter()
            .filter_map(|one| Some(FellDue { at: one.at, what: self.disable(&one).ok()?, event: None }))
            .collect()
    }

    fn disable(&mut self, idle: &Idle) -> Result<String, Refusal> {
        let (account, _) = self.account_of(idle.uid)?;
        let name = account.user(idle.user)?.name.clone();
        let (uid, days) = (idle.uid, idle.days);
        let Some(id) = &idle.key else {
            let profile = account.login_mut(idle.user)?;
            (profile.status, profile.auto_disabled) = (LoginStatus::Inactive, true);
            profile.updated = idle.at;
            return Ok(format!(
                "the console log-in of user {name} of account {uid} was disabled: unused for {days} days"
            ));
        };
        let key = account.keys_of_mut(Owner::User(idle.user))?.get_mut(id)?;
        (key.status, key.idle, key.updated) = (KeyStatus::Inactive, true, idle.at);
        Ok(format!("the key {id} of user {name} of account {uid} was disabled: unused for {days} days"))
    }

    /// Returns the last use of a key.
    pub fn last_use(&self, key: &AccessKey) -> Option<LastUse> {
        self.usage.of(key)
    }
}
