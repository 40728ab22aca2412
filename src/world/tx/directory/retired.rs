//! Members by e-mail confirmation: actions of ResourceManager that are no longer maintained. Source: docs/evidence/resource-directory.md 4.10.

use crate::text::{Email, LoginName, MemberName, Scalar, Uid};
use crate::world::account::Profile;
use crate::world::directory::{JoinMethod, Member, MemberKind, MemberStatus};
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::tx::Tx;
use compact_str::CompactString;

impl Tx<'_> {
    /// Registers a cloud account in a directory. The owner of the mailbox must confirm it.
    ///
    /// UNCERTAIN: the account can be used before that. Source: docs/evidence/resource-directory.md 4.10.
    pub fn create_cloud_member(
        &mut self,
        manager: Uid,
        display_name: MemberName,
        email: Email,
        folder: Slot,
    ) -> Result<Uid, Refusal> {
        let directory = self.state.directory(manager)?;
        directory.display_name_is_free(&display_name, None)?;
        directory.folder(folder)?;
        self.has_room(manager)?;
        let (now, owner) = (self.now, self.state.account(manager)?);
        let (site, country) = (owner.profile.site, owner.profile.country.clone());
        let identity = owner.real_name.identity().cloned();
        if self.state.registry.emails.contains_key(email.as_str().to_lowercase().as_str()) {
            return Err(Refusal::MemberEmailTaken);
        }
        let name = LoginName::parse(email.as_str()).unwrap_or_else(|_| self.free_login_name("rd"));
        // A member that was created with the mailbox has it as its name until it is confirmed.
        let named = self.state.account_named(name.as_str()).map(|account| account.uid);
        if named.is_some_and(|uid| self.state.directories.of_member(uid).is_some()) {
            return Err(Refusal::MemberEmailTaken);
        }
        let account = self.register(None, Profile { country, ..Profile::new(site, name) });
        let account = account.map_err(|refusal| match refusal {
            Refusal::LoginNameTaken => Refusal::MemberNameTaken,
            other => other,
        })?;
        let uid = account.uid;
        if let Some(identity) = identity {
            account.real_name_mut().inherit(identity, now);
        }
        let record = self.ask_for_record(manager, uid, email)?;
        self.join(
            manager,
            Member {
                uid,
                display_name,
                kind: MemberKind::CloudAccount,
                join: JoinMethod::Created,
                folder,
                status: MemberStatus::CreateVerifying,
                joined: now,
                modified: now,
                payer: None,
                email_change: None,
                record: Some(record),
                check: None,
                tags: crate::world::account::Tags::default(),
            },
        )?;
        Ok(uid)
    }

    /// Starts to switch a resource account to a cloud account. The owner of the mailbox must confirm it.
    pub fn promote_member(&mut self, manager: Uid, uid: Uid, email: Email) -> Result<(), Refusal> {
        let member = self.state.directory(manager)?.member(uid)?;
        if member.kind != MemberKind::ResourceAccount || member.status == MemberStatus::PromoteVerifying {
            return Err(Refusal::MemberUnfit);
        }
        let (record, now) = (self.ask_for_record(manager, uid, email)?, self.now);
        let member = self.directory_mut(manager)?.member_mut(uid)?;
        (member.status, member.record, member.modified) = (MemberStatus::PromoteVerifying, Some(record), now);
        Ok(())
    }

    /// Returns the member that a record is of, which must have a status.
    pub fn member_of_record(&self, manager: Uid, record: &str, status: MemberStatus) -> Result<Uid, Refusal> {
        let mut members = self.state.directory(manager)?.members();
        let found = members.find(|one| one.record.as_deref() == Some(record)).ok_or(Refusal::NoSuchRecord)?;
        if found.status == status { Ok(found.uid) } else { Err(Refusal::MemberUnfit) }
    }

    /// Cancels the creation of a cloud account, which is closed. UNCERTAIN: what becomes of the account.
    pub fn cancel_creation(&mut self, manager: Uid, record: &str) -> Result<(), Refusal> {
        let uid = self.member_of_record(manager, record, MemberStatus::CreateVerifying)?;
        self.cancel_trace(record)?;
        self.close_with(uid, 0).map(drop)
    }

    /// Cancels the switch to a cloud account.
    pub fn cancel_promotion(&mut self, manager: Uid, record: &str) -> Result<(), Refusal> {
        let uid = self.member_of_record(manager, record, MemberStatus::PromoteVerifying)?;
        self.cancel_trace(record)?;
        let now = self.now;
        let member = self.directory_mut(manager)?.member_mut(uid)?;
        (member.status, member.modified) = (MemberStatus::PromoteCancelled, now);
        Ok(())
    }

    /// Completes what the owner of a mailbox confirmed under a record.
    pub(in crate::world) fn record_confirmed(&mut self, uid: Uid, record: &CompactString) {
        let Some((directory, member)) = self.state.directories.of_member(uid) else { return };
        if member.record.as_ref() != Some(record) {
            return;
        }
        let (manager, now) = (directory.manager, self.now);
        let Ok(member) = self.directory_mut(manager).and_then(|directory| directory.member_mut(uid)) else {
            return;
        };
        (member.kind, member.modified) = (MemberKind::CloudAccount, now);
        if member.status == MemberStatus::CreateVerifying {
            (member.status, member.joined) = (MemberStatus::CreateSuccess, now);
        } else {
            member.status = MemberStatus::PromoteSuccess;
        }
    }
}
