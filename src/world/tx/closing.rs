//! Closing an account: checks, silence period, and release of its names. Source: docs/evidence/account.md 1.7.

use crate::text::Uid;
use crate::world::account::{Check, Closure, Standing};
use crate::world::ids::IdKind;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::state::Event;
use crate::world::tx::Tx;
use std::sync::Arc;

impl Tx<'_> {
    /// Returns the checks that block closing an account, without those waived by id.
    pub fn closing_checks(&self, uid: Uid, waived: &[&str]) -> Result<Vec<Check>, Refusal> {
        let checks = self.open_account(uid)?.closing_checks().into_iter();
        Ok(checks.filter(|check| !(check.waivable && waived.contains(&check.id))).collect())
    }

    /// Checks whether an account could be closed, and stores the result under a number.
    pub fn check_closing(&mut self, uid: Uid) -> Result<u64, Refusal> {
        let checks = self.closing_checks(uid, &[])?;
        let ids = self.ids;
        let (account, _) = self.account_of(uid)?;
        let number = ids.number(IdKind::Task, uid, account.counters.next(IdKind::Task), 8);
        account.affairs_mut().checked = Some((number, checks.into()));
        Ok(number)
    }

    /// Closes an account: after a silence period if it had pay-as-you-go costs recently, else at once.
    ///
    /// Fails if a check blocks it.
    pub fn close(&mut self, uid: Uid, waived: &[&str]) -> Result<Closure, Refusal> {
        if self.open_account(uid)?.standing.closure().is_some() {
            return Err(Refusal::Closing);
        }
        if !self.closing_checks(uid, waived)?.is_empty() {
            return Err(Refusal::ClosingBlocked);
        }
        let silence = self.rules().silence.millis();
        let is_quiet = self.state.account(uid)?.paid_by_use(silence, self.now);
        self.close_with(uid, if is_quiet { silence } else { 0 })
    }

    pub(in crate::world) fn close_with(&mut self, uid: Uid, silence_millis: i64) -> Result<Closure, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let number = account.counters.next(IdKind::Task);
        let task = ids.number(IdKind::Task, uid, number, 8);
        let ends = now.plus_millis(silence_millis);
        let closure = Closure { task, since: now, ends, is_done: silence_millis <= 0 };
        account.standing.close(closure)?;
        let mobile = account.profile.mobile.clone();
        if closure.is_done {
            self.closed(uid);
            return Ok(closure);
        }
        if let Some(mobile) = mobile {
            let text = format!("Your account {uid} closes on {ends}.");
            self.send(self.message(Channel::Sms, mobile.as_str(), "close", text));
        }
        self.later(ends, Event::SilenceEnds { uid, task });
        Ok(closure)
    }

    /// Cleans up after an account was closed.
    fn closed(&mut self, uid: Uid) {
        self.log_all_out(uid);
        self.leave_directory(uid);
        self.uncount(self.state.account(uid).ok().and_then(|account| account.partner));
        self.later(self.now.plus(self.rules().names_kept.0), Event::NamesFreed { uid });
    }

    /// Closes an account at the end of its silence period, unless it stayed open or is already closed.
    pub(super) fn silence_ends(&mut self, uid: Uid, task: u64) -> Option<String> {
        let (account, _) = self.account_of(uid).ok()?;
        let closure = account.standing.closure().filter(|one| one.task == task && !one.is_done)?;
        account.standing.close(Closure { is_done: true, ..closure }).ok()?;
        self.closed(uid);
        Some(format!("account {uid} was closed: its silence period is over"))
    }

    /// Keeps an account open during its silence period.
    pub fn stay(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.stand(uid, Standing::stay)
    }

    /// Releases the names of an account that is permanently closed.
    pub(super) fn free_names(&mut self, uid: Uid) {
        let Ok(account) = self.state.account(uid) else { return };
        let profile = Arc::clone(&account.profile);
        let registry = self.registry_mut();
        registry.login_names.remove(profile.login_name.as_str().to_lowercase().as_str());
        if let Some(email) = &profile.email {
            registry.emails.remove(email.as_str().to_lowercase().as_str());
        }
        self.free_mobile(profile.mobile.as_ref());
    }
}
