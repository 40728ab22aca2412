//! Operations on invitations. Source: docs/evidence/resource-directory.md 4.4.

use crate::attributes::{apply, reply};
use crate::error::{Result, directory as codes};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::reply::{Numbered, Paging};
use crate::services::directory::whole::identity_of;
use crate::services::directory::{managed, manager};
use crate::services::shared::reply::{One, elements};
use crate::services::shared::words::words;
use crate::text::{Email, FolderId, HandshakeId, Note, Scalar, Tag, Timestamp, Uid};
use crate::world::account::Tags;
use crate::world::directory::{Handshake, HandshakeStatus, Invitee, NewHandshake};
use crate::world::{Refusal, State, Tx, View};

request! {
    /// Parameters of `InviteAccountToResourceDirectory`.
    pub(super) struct Invite {
        target: String = "TargetEntity",
        kind: IsEmail = "TargetType",
        note: Option<Note> = "Note",
        parent: Option<FolderId> = "ParentFolderId",
        tags: Vec<Tag> = "Tag",
    }

    /// Parameters of the actions on one invitation.
    pub(super) struct OneHandshake {
        id: HandshakeId = "HandshakeId",
    }

    /// Parameters of `ListHandshakesForAccount` and `ListHandshakesForResourceDirectory`.
    pub(super) struct List {
        paging: Paging = "PageNumber",
    }

    /// Parameters of `RemoveCloudAccount`.
    pub(super) struct Remove {
        uid: Uid = "AccountId",
    }
}

words! {
    /// `Account` or `Email`.
    IsEmail: bool { "Account" => false, "Email" => true }
}

/// An invitation. The names of the two owners are shown to the invited account only.
#[apply(reply)]
pub(super) struct HandshakeView {
    handshake_id: String,
    resource_directory_id: String,
    master_account_id: Uid,
    master_account_name: String,
    target_entity: String,
    target_type: &'static str,
    note: String,
    status: HandshakeStatus,
    create_time: Timestamp,
    modify_time: Timestamp,
    expire_time: Timestamp,
    master_account_real_name: Option<String>,
    invited_account_real_name: Option<String>,
}

elements! { HandshakeView: "Handshake" "Handshakes"; }

impl HandshakeView {
    fn new(state: &State, one: &Handshake) -> Self {
        let (target_entity, target_type) = match &one.target {
            Invitee::Account(uid) => (uid.to_string(), "Account"),
            Invitee::Email(email) => (email.as_str().to_owned(), "Email"),
        };
        let master = state.account(one.manager).map(|account| account.profile.login_name.to_string());
        Self {
            handshake_id: one.id.to_string(),
            resource_directory_id: one.directory.to_string(),
            master_account_id: one.manager,
            master_account_name: master.unwrap_or_default(),
            target_entity,
            target_type,
            note: one.note.as_ref().map(ToString::to_string).unwrap_or_default(),
            status: one.status,
            create_time: one.created,
            modify_time: one.modified,
            expire_time: one.expires,
            master_account_real_name: None,
            invited_account_real_name: None,
        }
    }
}

/// `InviteAccountToResourceDirectory`: invites an account, which has 14 days to answer, and mails it.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Folder`, `InvalidParameter.AccountId`, `InvalidParameter.TargetEntity`,
/// `EntityAlreadyExists.ResourceDir.Account`, `NotSupport.AccountInAnotherResourceDirectory`, `Invalid.AccountType`, `LegalEntityMismatch`,
/// `EntityAlreadyExists.Handshake`, `LimitExceeded.Account` and `LimitExceeded.InvitationRate`. Source: docs/evidence/resource-directory.md
/// 4.4.
pub(super) fn invite(tx: &mut Tx<'_>, req: Invite) -> Result<One<HandshakeView>> {
    let target = if req.kind.0 {
        Email::parse(&req.target)
            .map(Invitee::Email)
            .map_err(|_| codes::INVALID_PARAMETER_TARGET_ENTITY.error())?
    } else {
        // UNCERTAIN: which of two similar codes.
        Uid::parse(&req.target)
            .map(Invitee::Account)
            .map_err(|_| codes::INVALID_PARAMETER_ACCOUNT_ID.error())?
    };
    let uid = manager(tx)?;
    let folder = tx.state().directory(uid)?.folder_or_root(req.parent.as_ref())?;
    let mut tags = Tags::default();
    tags.set(&req.tags, tx.state().quotas.tags_each)?;
    let id = tx.invite_member(uid, NewHandshake { target, note: req.note, folder, tags })?;
    shown(tx, &id, uid)
}

fn shown(tx: &Tx<'_>, id: &str, uid: Uid) -> Result<One<HandshakeView>> {
    Ok(One(HandshakeView::new(tx.state(), tx.state().handshake(id, uid)?)))
}

/// `AcceptHandshake`: makes the caller's account, which must be invited, a member.
///
/// Fails with `EntityNotExists.Handshake`, `HandshakeStatusMismatch`, `SpecifiedResourceDirectoryNotExists`,
/// `NotSupport.AccountInAnotherResourceDirectory`, `Invalid.AccountType` and `NotSupport.Account.RealNameType`. Source:
/// docs/evidence/resource-directory.md 4.4.
pub(super) fn accept(tx: &mut Tx<'_>, req: OneHandshake) -> Result<One<HandshakeView>> {
    let uid = tx.account()?.uid;
    tx.accept_handshake(req.id.as_str(), uid)?;
    shown(tx, req.id.as_str(), uid)
}

/// `DeclineHandshake`: declines an invitation of the caller's account.
///
/// Fails with `EntityNotExists.Handshake` and `HandshakeStatusMismatch`. Source: docs/evidence/resource-directory.md 4.4.
pub(super) fn decline(tx: &mut Tx<'_>, req: OneHandshake) -> Result<One<HandshakeView>> {
    let uid = tx.account()?.uid;
    tx.decline_handshake(req.id.as_str(), uid)?;
    shown(tx, req.id.as_str(), uid)
}

/// `CancelHandshake`: cancels an invitation that the caller's account sent.
///
/// Fails with `EntityNotExists.Handshake` and `HandshakeStatusMismatch`. Source: docs/evidence/resource-directory.md 4.4.
pub(super) fn cancel(tx: &mut Tx<'_>, req: OneHandshake) -> Result<One<HandshakeView>> {
    let uid = tx.account()?.uid;
    tx.cancel_handshake(req.id.as_str(), uid)?;
    shown(tx, req.id.as_str(), uid)
}

/// `GetHandshake`: returns an invitation to one of its two sides.
///
/// Fails with `EntityNotExists.Handshake`, and with `NoRealNameAuthentication` or `MissingAccountRealName` if the invited account asks and is
/// not verified or has no name. UNCERTAIN: `HandshakeStatusMismatch`, here for an invitation that waits although its directory is closed.
/// Source: docs/evidence/resource-directory.md 4.4.
pub(super) fn get(view: View<'_>, req: OneHandshake) -> Result<One<HandshakeView>> {
    let uid = view.account()?.uid;
    let one = view.state.handshake(req.id.as_str(), uid)?;
    if one.status == HandshakeStatus::Pending && !view.state.is_directory_of(one) {
        return Err(Refusal::HandshakeOfClosed.into());
    }
    let shown = HandshakeView::new(view.state, one);
    if one.uid != uid {
        return Ok(One(shown));
    }
    let invited = view.state.account(uid)?;
    let identity = invited.real_name.identity();
    let identity = identity.ok_or_else(|| codes::NO_REAL_NAME_AUTHENTICATION.error())?;
    if identity.is_unnamed() {
        return Err(Refusal::InviteeUnnamed.into());
    }
    Ok(One(HandshakeView {
        master_account_real_name: view.state.account(one.manager).ok().map(identity_of),
        invited_account_real_name: Some(identity_of(invited)),
        ..shown
    }))
}

/// `ListHandshakesForAccount`: returns a page of the invitations of the caller's account, oldest first.
///
/// Source: docs/evidence/resource-directory.md 4.4.
pub(super) fn of_account(view: View<'_>, req: List) -> Result<Numbered<HandshakeView>> {
    let uid = view.account()?.uid;
    let all = view.state.handshakes().filter(|one| one.uid == uid);
    Ok(Numbered::of(req.paging, all, |one| HandshakeView::new(view.state, one)))
}

/// `ListHandshakesForResourceDirectory`: returns a page of the invitations that the caller's account sent, oldest first.
///
/// Fails with `EntityNotExists.ResourceDirectory`. Source: docs/evidence/resource-directory.md 4.4.
pub(super) fn of_directory(view: View<'_>, req: List) -> Result<Numbered<HandshakeView>> {
    let directory = managed(&view)?;
    let all = view.state.handshakes().filter(|one| one.directory == directory.id);
    Ok(Numbered::of(req.paging, all, |one| HandshakeView::new(view.state, one)))
}

/// `RemoveCloudAccount`: removes a cloud account from the directory.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account`, `AccountTypeOrStatusMismatch`, and `Deny.TrustedService` for a
/// delegated administrator (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn remove(tx: &mut Tx<'_>, req: Remove) -> Result<Done> {
    let uid = manager(tx)?;
    if let Some(service) = tx.state().directory(uid)?.services_of(req.uid).next() {
        return Err(codes::DENY_TRUSTED_SERVICE.about(service.0));
    }
    tx.remove_member(uid, req.uid)?;
    Ok(Done {})
}
