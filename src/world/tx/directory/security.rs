//! Mobile and e-mail of members. Source: docs/evidence/resource-directory.md 4.2.

use crate::text::{Email, MobilePhone, Uid};
use crate::world::account::TraceStatus;
use crate::world::directory::{JoinMethod, Member, MemberKind};
use crate::world::refusal::Refusal;
use crate::world::state::State;
use crate::world::tx::{Contacts, Tx};
use compact_str::CompactString;

impl State {
    /// Returns `EmailStatus` of a member: that of the last change of its e-mail, empty if it was confirmed. UNCERTAIN: a change never expires.
    pub fn email_status(&self, member: &Member) -> &'static str {
        let trace = member.email_change.as_ref().and_then(|number| self.registry.traces.get(number));
        match trace.map(|trace| trace.status) {
            Some(TraceStatus::Waiting) => "WAIT_MODIFY",
            Some(TraceStatus::Cancelled) => "CANCELLED",
            Some(TraceStatus::Confirmed) | None => "",
        }
    }
}

impl Tx<'_> {
    /// Fails if a mobile cannot be bound to a member.
    ///
    /// UNCERTAIN: the order. An account that manages a directory, or is a member of another, has the codes of joining one.
    pub fn may_bind_mobile(&self, manager: Uid, uid: Uid) -> Result<(), Refusal> {
        let directory = self.state.directory(manager)?;
        let member = directory.member(uid).or_else(|refusal| {
            self.state.may_join_directory(uid)?;
            Err(refusal)
        })?;
        if member.kind != MemberKind::ResourceAccount {
            return Err(Refusal::MemberTypeUnfit);
        }
        let has_mobile = self.state.account(uid)?.profile.mobile.is_some();
        if has_mobile { Err(Refusal::MemberHasMobile) } else { Ok(()) }
    }

    /// Binds the first mobile of a member. The code must be the last that was sent to it.
    pub fn bind_member_mobile(
        &mut self,
        manager: Uid,
        uid: Uid,
        mobile: &MobilePhone,
        code: &str,
    ) -> Result<(), Refusal> {
        self.state.account(manager)?.named_enterprise()?;
        self.may_bind_mobile(manager, uid)?;
        self.use_captcha(mobile.as_str(), code).map_err(|_| Refusal::DirectoryCodeWrong)?;
        self.set_contacts(uid, Contacts { email: None, mobile: Some(mobile.clone()) })?;
        let now = self.now;
        self.directory_mut(manager)?.member_mut(uid)?.modified = now;
        Ok(())
    }

    /// Asks the owner of a mailbox to confirm it as the e-mail of a member.
    pub fn change_member_email(&mut self, manager: Uid, uid: Uid, email: Email) -> Result<(), Refusal> {
        let member = self.state.directory(manager)?.member(uid)?;
        if member.join == JoinMethod::Invited {
            return Err(Refusal::EmailOfInvited);
        }
        if self.state.email_status(member) == "WAIT_MODIFY" {
            return Err(Refusal::EmailBeingChanged);
        }
        let number = self.ask_for_login_email(manager, uid, email).map_err(|refusal| match refusal {
            Refusal::EmailTaken => Refusal::MemberEmailTaken,
            other => other,
        })?;
        self.directory_mut(manager)?.member_mut(uid)?.email_change = Some(number);
        Ok(())
    }

    /// Returns the number of the running change of a member's e-mail.
    pub fn email_change(&self, manager: Uid, uid: Uid) -> Result<CompactString, Refusal> {
        let member = self.state.directory(manager)?.member(uid)?;
        let is_running = self.state.email_status(member) == "WAIT_MODIFY";
        member.email_change.clone().filter(|_| is_running).ok_or(Refusal::NoEmailChange)
    }
}
