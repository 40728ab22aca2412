//! Invitations to a directory, and leaving. Source: docs/evidence/resource-directory.md 4.2 and 4.4.

use crate::text::{MemberName, Uid};
use crate::world::directory::{
    Directory, Handshake, HandshakeStatus, Invitee, JoinMethod, Member, MemberKind, MemberStatus,
    NewHandshake,
};
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::state::{Event, State};
use crate::world::tx::Tx;
use crate::world::tx::directory::DAY;
use compact_str::CompactString;
use jiff::SignedDuration;

/// Time in which an invitation can be accepted.
const VALID: SignedDuration = SignedDuration::from_hours(14 * 24);

impl State {
    /// Iterates over all invitations, oldest first.
    pub fn handshakes(&self) -> impl Iterator<Item = &Handshake> {
        self.directories.handshakes.iter().map(|(_, one)| &**one)
    }

    /// Returns the invitation with an id, if `uid` is one of its two sides.
    pub fn handshake(&self, id: &str, uid: Uid) -> Result<&Handshake, Refusal> {
        let slot = self.directories.handshakes.find(id).ok_or(Refusal::NoSuchHandshake)?;
        let found = self.directories.handshakes.get(slot).filter(|one| [one.manager, one.uid].contains(&uid));
        found.map(|one| &**one).ok_or(Refusal::NoSuchHandshake)
    }

    /// Returns `true` if the directory that sent an invitation exists.
    pub fn is_directory_of(&self, handshake: &Handshake) -> bool {
        let directory = self.directories.managed_by(handshake.manager);
        directory.is_some_and(|one| one.id == handshake.directory)
    }

    /// Returns the account that an invitation is for. UNCERTAIN: the code for an account that does not exist.
    fn invitee(&self, target: &Invitee) -> Result<Uid, Refusal> {
        let uid = match target {
            Invitee::Account(uid) => Some(*uid),
            Invitee::Email(email) => {
                self.registry.emails.get(email.as_str().to_lowercase().as_str()).copied()
            }
        };
        let account = uid.and_then(|uid| self.account(uid).ok()).filter(|one| !one.standing().is_closed());
        account.map(|account| account.uid).ok_or(Refusal::NoSuchInvitee)
    }
}

impl Tx<'_> {
    /// Invites an account, and mails it.
    ///
    /// UNCERTAIN: the order of the checks; an account that is not verified can be invited. Source: docs/evidence/resource-directory.md
    /// section 2 and 4.4.
    pub fn invite_member(&mut self, manager: Uid, new: NewHandshake) -> Result<CompactString, Refusal> {
        let (now, state) = (self.now, &self.state);
        let directory = state.directory(manager)?;
        directory.folder(new.folder)?;
        let uid = state.invitee(&new.target)?;
        if uid == manager || directory.member(uid).is_ok() {
            return Err(Refusal::AlreadyInDirectory);
        }
        if state.directory_around(uid).is_some() {
            return Err(Refusal::InviteeInDirectory);
        }
        let (own, invitee) = (state.account(manager)?, state.account(uid)?);
        if invitee.is_of_person() {
            return Err(Refusal::NotAnEnterpriseProfile);
        }
        if invitee.enterprise().is_some() && !invitee.is_same_entity(own) {
            return Err(Refusal::InviteeOfOtherEntity);
        }
        let sent: Vec<_> = state.handshakes().filter(|one| one.manager == manager).collect();
        if sent.iter().any(|one| one.uid == uid && one.status == HandshakeStatus::Pending) {
            return Err(Refusal::InvitedAlready);
        }
        self.has_room(manager)?;
        if sent.iter().filter(|one| one.created > now.plus(-DAY)).count() >= state.quotas.invitations_per_day
        {
            return Err(Refusal::TooManyInvitations);
        }
        let directory = directory.id.clone();
        let (id, expires) = (self.directory_id(manager, "h-", 16)?, now.plus(VALID));
        let note = new.note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
        let text = format!("Account {manager} invites you to its resource directory: {id}.{note}");
        let mail = self.state.account(uid)?.profile.email.clone();
        let handshake = Handshake {
            id: id.clone(),
            manager,
            directory,
            target: new.target,
            uid,
            note: new.note,
            folder: new.folder,
            status: HandshakeStatus::Pending,
            created: now,
            modified: now,
            expires,
            tags: new.tags,
        };
        self.directories_mut().handshakes.add(handshake).map_err(|_| Refusal::InvitedAlready)?;
        if let Some(mail) = mail {
            self.send(self.message(Channel::Email, mail.as_str(), "directory-invitation", text));
        }
        self.later(expires, Event::HandshakeExpires { id: id.clone() });
        Ok(id)
    }

    /// Ends an invitation that waits for an answer.
    fn end_handshake(&mut self, id: &str, status: HandshakeStatus) -> Result<(), Refusal> {
        let now = self.now;
        let handshakes = &mut self.directories_mut().handshakes;
        let slot = handshakes.find(id).ok_or(Refusal::NoSuchHandshake)?;
        let handshake = handshakes.get_mut(slot).ok_or(Refusal::NoSuchHandshake)?;
        if handshake.status != HandshakeStatus::Pending {
            return Err(Refusal::HandshakeDone);
        }
        (handshake.status, handshake.modified) = (status, now);
        Ok(())
    }

    /// Makes the invited account a member. Source: docs/evidence/resource-directory.md section 2.
    pub fn accept_handshake(&mut self, id: &str, uid: Uid) -> Result<(), Refusal> {
        let state = &self.state;
        let handshake = state.handshake(id, uid)?;
        if handshake.uid != uid {
            return Err(Refusal::NoSuchHandshake);
        }
        let (manager, folder) = (handshake.manager, handshake.folder);
        if handshake.status != HandshakeStatus::Pending {
            return Err(Refusal::HandshakeDone);
        }
        if !state.is_directory_of(handshake) {
            return Err(Refusal::DirectoryOfHandshakeGone);
        }
        if state.directory_around(uid).is_some() {
            return Err(Refusal::AccepterInDirectory);
        }
        let account = state.account(uid)?;
        if account.is_of_person() {
            return Err(Refusal::NotAnEnterpriseProfile);
        }
        if account.enterprise().is_none() {
            return Err(Refusal::AccepterNotAnEnterprise);
        }
        let display_name = MemberName::of_account(account.profile.login_name.as_str());
        let tags = handshake.tags.clone();
        // A folder that was deleted meanwhile leaves the Root folder.
        let folder = state.directory(manager)?.folder(folder).map_or(Directory::ROOT, |_| folder);
        let now = self.now;
        self.end_handshake(id, HandshakeStatus::Accepted)?;
        self.join(
            manager,
            Member {
                uid,
                display_name,
                kind: MemberKind::CloudAccount,
                join: JoinMethod::Invited,
                folder,
                status: MemberStatus::InviteSuccess,
                joined: now,
                modified: now,
                payer: None,
                email_change: None,
                record: None,
                check: None,
                tags,
            },
        )
    }

    /// Declines an invitation of the invited account.
    pub fn decline_handshake(&mut self, id: &str, uid: Uid) -> Result<(), Refusal> {
        if self.state.handshake(id, uid)?.uid != uid {
            return Err(Refusal::NoSuchHandshake);
        }
        self.end_handshake(id, HandshakeStatus::Declined)
    }

    /// Cancels an invitation of the management account.
    pub fn cancel_handshake(&mut self, id: &str, manager: Uid) -> Result<(), Refusal> {
        if self.state.handshake(id, manager)?.manager != manager {
            return Err(Refusal::NoSuchHandshake);
        }
        self.end_handshake(id, HandshakeStatus::Cancelled)
    }

    /// Ends an invitation that nobody answered in time.
    pub(in crate::world) fn handshake_expires(&mut self, id: &str) -> Option<String> {
        self.end_handshake(id, HandshakeStatus::Expired).ok()?;
        Some(format!("the invitation {id} to a resource directory expired"))
    }

    /// Removes a cloud account from the directory. It keeps its users, roles and resources.
    ///
    /// UNCERTAIN: the access role stays. Source: docs/evidence/resource-directory.md 4.2.
    pub fn remove_member(&mut self, manager: Uid, uid: Uid) -> Result<(), Refusal> {
        if self.state.directory(manager)?.member(uid)?.kind != MemberKind::CloudAccount {
            return Err(Refusal::MemberUnfit);
        }
        self.leave_directory(uid);
        Ok(())
    }
}
