//! Commands about resource directories, for what an owner does in the console or another account decides.

use crate::attributes::{apply, input, is_yes, yes};
use crate::text::Uid;
use crate::world::Tx;
use crate::world::command::{Act, Done, NotDone, account_named};
use crate::world::directory::{Directory, HandshakeStatus, Target};
use crate::world::refusal::Refusal;

/// A control policy of the account's directory, and a folder or member.
#[apply(input)]
pub struct WhichControlPolicy {
    /// Name of the control policy.
    pub policy: String,
    /// Path of a folder, such as `prod/web`; an empty path is the Root folder.
    pub folder: Option<String>,
    /// UID or name of a member, instead of a folder.
    pub member: Option<String>,
}

/// An answer to the last invitation of a resource directory.
#[apply(input)]
pub struct AnswerInvitation {
    /// Accepts the invitation, unless this is `false`.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub accept: bool,
}

impl WhichControlPolicy {
    fn target(&self, manager: Uid, tx: &Tx<'_>) -> Done<Target> {
        let directory: &Directory = tx.state().directory(manager)?;
        match (&self.folder, &self.member) {
            (Some(path), None) => Ok(Target::Folder(directory.folder_at(path).ok_or(Refusal::NoSuchFolder)?)),
            (None, Some(name)) => {
                let uid = account_named(Some(name), tx.state())?.uid;
                Ok(Target::Member(directory.member(uid)?.uid))
            }
            _ => Err(NotDone::Wrong("give one target of the policy: `folder` or `member`".to_owned())),
        }
    }

    pub(super) fn set(&self, attach: bool, manager: Uid, tx: &mut Tx<'_>) -> Done {
        let target = self.target(manager, tx)?;
        let (now, quotas) = (tx.now, tx.state().quotas);
        let control = &mut tx.directory_mut(manager)?.control;
        let policy = control.named(&self.policy)?;
        if attach {
            control.attach(target, policy, now, &quotas)?;
            return Ok(format!("the control policy {} was attached", self.policy));
        }
        control.detach(target, policy)?;
        Ok(format!("the control policy {} was detached", self.policy))
    }
}

impl Act for AnswerInvitation {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        let waits = tx.state().handshakes().filter(|one| one.uid == uid);
        let waits = waits.filter(|one| one.status == HandshakeStatus::Pending).last();
        let id = waits.ok_or(Refusal::NoSuchHandshake)?.id.clone();
        if self.accept {
            return Ok(tx.accept_handshake(&id, uid)?);
        }
        Ok(tx.decline_handshake(&id, uid)?)
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!(
            "account {uid} {} the resource directory",
            if self.accept { "joined" } else { "did not join" }
        )
    }
}

/// Removes an account from the directory that it is a member of.
pub(super) fn leave(tx: &mut Tx<'_>, uid: Uid) -> Result<(), Refusal> {
    let (directory, _) = tx.state().directories.of_member(uid).ok_or(Refusal::NoSuchMember)?;
    let manager = directory.manager;
    tx.remove_member(manager, uid)
}
