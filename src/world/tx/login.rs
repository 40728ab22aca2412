//! Console log-in of an account or of a RAM user. Source: docs/evidence/account.md 1.5 and 4.2; how often and how long is
//! UNCERTAIN and set by [`crate::world::settings::AccountRules`]. For RAM users, password policy and security preference say it.

use crate::text::{Password, Scalar, Uid, UserName};
use crate::world::account::{Account, Hold, LoginChange, LoginStatus, MfaOperation, PasswordStatus, Seed};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::state::{ConsoleLogin, Event};
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::net::IpAddr;

/// Input of a log-in.
#[derive(Debug)]
pub struct LogIn<'a> {
    /// Login name, e-mail or, if allowed, mobile; or the logon name of a RAM user.
    pub login: &'a str,
    /// The password.
    pub password: Password,
    /// A code from the MFA device.
    pub mfa_code: Option<u32>,
    /// Password that replaces the shown one.
    pub new_password: Option<Password>,
    /// Address of the client.
    pub address: IpAddr,
}

impl Tx<'_> {
    /// Logs in and returns the ticket. A wrong password is counted, so the changes must be kept even on failure.
    pub fn log_in(&mut self, shown: &LogIn<'_>) -> Result<(CompactString, ConsoleLogin), Refusal> {
        let now = self.now;
        let Some(account) = self.account_to_log_in(shown.login) else {
            let (uid, user) = self.user_to_log_in(shown.login).ok_or(Refusal::BadCredentials)?;
            return self.log_in_user(uid, user, shown);
        };
        let (uid, security) = (account.uid, &account.security);
        let rules = &self.state.registry.rules;
        may_log_in(account)?;
        if !security.ip_mask.admits(shown.address) {
            return Err(Refusal::LoginFromElsewhere);
        }
        if security.locked_until(rules).is_some_and(|until| now < until) {
            return Err(Refusal::LoginLocked);
        }
        let is_password = security.is_password(uid, &shown.password);
        let is_code = match (&security.mfa, shown.mfa_code) {
            (None, _) => Ok(true),
            (Some(_), None) => Err(Refusal::MfaRequired),
            (Some(seed), Some(code)) => Ok(seed.admits_one(code, now)),
        };
        let rules = rules.clone();
        let (account, _) = self.account_of(uid)?;
        if !is_password || is_code == Ok(false) {
            account.security_mut().fail(&rules, now);
            return Err(Refusal::BadCredentials);
        }
        is_code?;
        if let Some(new) = &shown.new_password {
            self.set_password(uid, new)?;
        }
        self.account_of(uid)?.0.security_mut().succeed(now);
        self.start_login(uid, None)
    }

    fn log_in_user(
        &mut self,
        uid: Uid,
        user: Slot,
        shown: &LogIn<'_>,
    ) -> Result<(CompactString, ConsoleLogin), Refusal> {
        let now = self.now;
        let account = self.state.account(uid)?;
        may_log_in(account)?;
        // Passwords work again once SSO is disabled. Source: docs/evidence/ims.md 4.10, SetUserSsoSettings.
        if account.sign_on.user_sso.enabled {
            return Err(Refusal::LoginBySso);
        }
        let profile = account.login(user).map_err(|_| Refusal::LoginInactive)?;
        if profile.status == LoginStatus::Inactive {
            return Err(Refusal::LoginInactive);
        }
        if !account.preference.admits(shown.address) {
            return Err(Refusal::LoginFromElsewhere);
        }
        if profile.is_locked(&account.password_policy, now) {
            return Err(Refusal::LoginLocked);
        }
        let device = account.device_of(user);
        let is_code = match (device, shown.mfa_code) {
            (None, _) => Ok(true),
            (Some(_), None) => Err(Refusal::MfaRequired),
            (Some(device), Some(code)) => Ok(device.seed.admits_one(code, now)),
        };
        let is_mandatory = account.preference.mfa_operation_for_login == MfaOperation::Mandatory;
        let needs_device = (profile.mfa_bind_required || is_mandatory) && device.is_none();
        let policy = &account.password_policy;
        let is_expired = profile.is_expired(policy, now);
        let is_over = is_expired && policy.hard_expiry
            || profile.password_status(policy, now) == PasswordStatus::InitialExpired;
        let needs_password = profile.password_reset_required || is_expired;
        let (account, _) = self.account_of(uid)?;
        if !account.is_password(user, &shown.password) || is_code == Ok(false) {
            account.login_mut(user)?.fail(now);
            return Err(Refusal::BadCredentials);
        }
        is_code?;
        if is_over {
            return Err(Refusal::PasswordExpired);
        }
        if needs_device {
            return Err(Refusal::MfaBindRequired);
        }
        match &shown.new_password {
            Some(new) => account.change_password(user, [&shown.password, new], now)?,
            None if needs_password => return Err(Refusal::PasswordResetRequired),
            None => {}
        }
        account.login_mut(user)?.succeed();
        account.users.get_mut(user).ok_or(Refusal::NoSuchUser)?.last_login = Some(now);
        self.start_login(uid, Some(user))
    }

    fn start_login(
        &mut self,
        uid: Uid,
        user: Option<Slot>,
    ) -> Result<(CompactString, ConsoleLogin), Refusal> {
        let (ids, now) = (self.ids, self.now);
        let lasts = self.rules().login_session.millis();
        let (account, _) = self.account_of(uid)?;
        let seconds = match user {
            Some(_) => Some(account.preference.login_session_duration.saturating_mul(3600)),
            None => account.security.session_seconds,
        };
        let expires = now.plus_millis(seconds.map_or(lasts, |seconds| seconds.saturating_mul(1000)));
        let ticket = ids.word(IdKind::Login, uid, account.counters.next(IdKind::Login), 32);
        let login = ConsoleLogin { uid, user, since: now, expires };
        self.registry_mut().logins.insert(ticket.clone(), login.clone());
        self.later(expires, Event::LoginEnds { ticket: ticket.clone() });
        Ok((ticket, login))
    }

    /// Issues a ticket for an account whose owner was authenticated elsewhere.
    pub fn give_ticket(&mut self, uid: Uid) -> Result<CompactString, Refusal> {
        may_log_in(self.state.account(uid)?)?;
        self.start_login(uid, None).map(|(ticket, _)| ticket)
    }

    /// Logs in an account whose owner was authenticated elsewhere, and returns the ticket.
    pub fn log_in_as(&mut self, uid: Uid) -> Result<CompactString, Refusal> {
        let (ticket, now) = (self.give_ticket(uid)?, self.now);
        self.account_of(uid)?.0.security_mut().last_login = Some(now);
        Ok(ticket)
    }

    /// Replaces a ticket of the account, by default the latest, by a new one.
    pub fn refresh_ticket(&mut self, uid: Uid, ticket: Option<&str>) -> Result<CompactString, Refusal> {
        let is_its = |login: &ConsoleLogin| login.uid == uid && login.user.is_none();
        let of_it = self.state.registry.logins.iter().filter(|(_, login)| is_its(login));
        let meant = of_it.filter(|(its, _)| ticket.is_none_or(|ticket| *its == ticket));
        let old = meant.max_by_key(|(_, login)| login.since).map(|(its, _)| its.clone());
        self.log_out(&old.ok_or(Refusal::NoSuchLogin)?)?;
        self.give_ticket(uid)
    }

    fn account_to_log_in(&self, login: &str) -> Option<&Account> {
        let by_mobile = || {
            let mut all = self.state.accounts.values().filter(|one| {
                one.security.mobile_login
                    && one.profile.mobile.as_ref().is_some_and(|mobile| mobile.as_str() == login)
            });
            // A mobile of several accounts identifies no account.
            all.next().filter(|_| all.next().is_none()).map(|account| &**account)
        };
        self.state.account_with_login(login).or_else(by_mobile)
    }

    /// Returns the RAM user with a logon name: `ann@shop`, `ann@shop.onaliyun.com`, or with the UID instead of the alias.
    /// Accounts have no domain aliases. Source: docs/evidence/ram.md 5.10.
    fn user_to_log_in(&self, login: &str) -> Option<(Uid, Slot)> {
        let (name, domain) = login.rsplit_once('@')?;
        let domain = domain.to_lowercase();
        let label = domain.strip_suffix(".onaliyun.com").unwrap_or(&domain);
        let uid = self.state.account_of_domain(label)?;
        let user = self.state.account(uid).ok()?.user_slot(&UserName::parse(name).ok()?).ok()?;
        Some((uid, user))
    }

    /// Logs out.
    pub fn log_out(&mut self, ticket: &str) -> Result<(), Refusal> {
        self.registry_mut().logins.remove(ticket).map(drop).ok_or(Refusal::NoSuchLogin)
    }

    /// Ends all log-ins of an account and of its users.
    pub(super) fn log_all_out(&mut self, uid: Uid) {
        self.log_out_where(|login| login.uid == uid);
    }

    fn log_out_where(&mut self, fits: impl Fn(&ConsoleLogin) -> bool) {
        let of_it = |(_, login): &(&CompactString, &ConsoleLogin)| fits(login);
        let tickets: Vec<_> =
            self.state.registry.logins.iter().filter(of_it).map(|(ticket, _)| ticket.clone()).collect();
        for ticket in tickets {
            self.registry_mut().logins.remove(&ticket);
        }
    }

    /// Ends all log-ins of a RAM user.
    pub fn log_user_out(&mut self, uid: Uid, user: Slot) {
        self.log_out_where(|login| login.uid == uid && login.user == Some(user));
    }

    /// Changes the console log-in of a RAM user. A new password ends the log-ins of the user.
    pub fn change_user_login(&mut self, uid: Uid, user: Slot, change: LoginChange) -> Result<(), Refusal> {
        let (now, is_reset) = (self.now, change.password.is_some());
        self.account_of(uid)?.0.change_login(user, change, now)?;
        if is_reset {
            self.log_user_out(uid, user);
        }
        Ok(())
    }

    /// Sets the password of an account and ends its log-ins.
    pub fn set_password(&mut self, uid: Uid, password: &Password) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let (rules, now) = (self.rules().clone(), self.now);
        self.account_of(uid)?.0.security_mut().set_password(uid, password, &rules, now)?;
        self.log_out_where(|login| login.uid == uid && login.user.is_none());
        Ok(())
    }

    /// Changes the password of an account, if the old one is right.
    pub fn change_password(&mut self, uid: Uid, old: &Password, new: &Password) -> Result<(), Refusal> {
        if !self.open_account(uid)?.security.is_password(uid, old) {
            return Err(Refusal::WrongOldPassword);
        }
        self.set_password(uid, new)
    }

    /// Binds a virtual MFA device to an account and returns its seed, given or generated.
    pub fn bind_mfa(&mut self, uid: Uid, seed: Option<Seed>) -> Result<Seed, Refusal> {
        if self.open_account(uid)?.security.mfa.is_some() {
            return Err(Refusal::MfaBound);
        }
        let ids = self.ids;
        let (account, _) = self.account_of(uid)?;
        let seed = seed.unwrap_or_else(|| Seed(ids.seed(uid, account.counters.next(IdKind::Device))));
        account.security_mut().mfa = Some(seed);
        Ok(seed)
    }

    /// Unbinds the virtual MFA device of an account.
    pub fn unbind_mfa(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let (account, _) = self.account_of(uid)?;
        account.security_mut().mfa.take().map(drop).ok_or(Refusal::MfaNotBound)
    }
}

/// Fails if neither the account nor its users may log in.
fn may_log_in(account: &Account) -> Result<(), Refusal> {
    let standing = account.standing();
    if standing.is_closed() {
        return Err(Refusal::LoginOfClosed);
    }
    if standing.holds().has(Hold::Login) || standing.holds().has(Hold::Account) {
        return Err(Refusal::LoginFrozen);
    }
    Ok(())
}
