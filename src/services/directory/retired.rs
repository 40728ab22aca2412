//! Operations of ResourceManager on cloud accounts that are no longer maintained. Source: docs/evidence/resource-directory.md 4.10.

use crate::error::{Result, directory as codes};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::manager;
use crate::services::directory::members::MemberView;
use crate::services::shared::reply::One;
use crate::text::{Email, FolderId, MemberName, Uid};
use crate::world::directory::MemberStatus;
use crate::world::{Refusal, Tx};

request! {
    /// Parameters of `CreateCloudAccount`.
    pub(super) struct Create {
        display_name: MemberName = "DisplayName",
        email: Email = "Email",
        parent: Option<FolderId> = "ParentFolderId",
        payer: Option<Uid> = "PayerAccountId",
    }

    /// Parameters of `PromoteResourceAccount`.
    pub(super) struct Promote {
        uid: Uid = "AccountId",
        email: Email = "Email",
    }

    /// Parameters of the actions on a record.
    pub(super) struct OneRecord {
        id: String = "RecordId",
    }
}

/// `CreateCloudAccount`: registers a cloud account and mails it for confirmation.
///
/// Fails as `CreateResourceAccount`, and with `InvalidParameter.Email.AlreadyUsed`. Source: docs/evidence/resource-directory.md 4.10.
pub(super) fn create(tx: &mut Tx<'_>, req: Create) -> Result<One<MemberView>> {
    let own = manager(tx)?;
    let folder = tx.state().directory(own)?.folder_or_root(req.parent.as_ref())?;
    let uid = tx.create_cloud_member(own, req.display_name, req.email, folder)?;
    tx.set_payer(own, uid, req.payer).map_err(|refusal| match refusal {
        // The only listed code that is about it.
        Refusal::PayerIsPaidFor => codes::PAYMENT_ACCOUNT_FINANCIAL_RELATIONSHIP_VERIFY_ERROR.error(),
        other => other.into(),
    })?;
    shown(tx, own, uid)
}

/// `CancelCreateCloudAccount`: cancels a creation that waits for confirmation.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.AccountRecord` and `AccountTypeOrStatusMismatch`. Source:
/// docs/evidence/resource-directory.md 4.10.
pub(super) fn cancel_create(tx: &mut Tx<'_>, req: OneRecord) -> Result<Done> {
    let own = manager(tx)?;
    tx.cancel_creation(own, &req.id)?;
    Ok(Done {})
}

/// `ResendCreateCloudAccountEmail`: sends the mail again.
///
/// Fails as `CancelCreateCloudAccount`, and with `LimitExceeded.Frequency` within a minute of the last mail (UNCERTAIN: the interval). Source:
/// docs/evidence/resource-directory.md 4.10.
pub(super) fn resend_create(tx: &mut Tx<'_>, req: OneRecord) -> Result<One<MemberView>> {
    resend(tx, &req, MemberStatus::CreateVerifying)
}

fn shown(tx: &Tx<'_>, own: Uid, uid: Uid) -> Result<One<MemberView>> {
    let directory = tx.state().directory(own)?;
    let member = directory.member(uid)?;
    Ok(One(MemberView::new(tx.state(), directory, member)?.with_record(member)))
}

fn resend(tx: &mut Tx<'_>, req: &OneRecord, status: MemberStatus) -> Result<One<MemberView>> {
    let own = manager(tx)?;
    let uid = tx.member_of_record(own, &req.id, status)?;
    tx.resend_record(&req.id)?;
    shown(tx, own, uid)
}

/// `PromoteResourceAccount`: starts to switch a resource account to a cloud account, and mails its new address for confirmation.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account`, `AccountTypeOrStatusMismatch` and
/// `InvalidParameter.Email.AlreadyUsed`. Source: docs/evidence/resource-directory.md 4.10.
pub(super) fn promote(tx: &mut Tx<'_>, req: Promote) -> Result<One<MemberView>> {
    let own = manager(tx)?;
    tx.promote_member(own, req.uid, req.email)?;
    shown(tx, own, req.uid)
}

/// `CancelPromoteResourceAccount`: cancels a switch that waits for confirmation.
///
/// Fails as `CancelCreateCloudAccount`. Source: docs/evidence/resource-directory.md 4.10.
pub(super) fn cancel_promote(tx: &mut Tx<'_>, req: OneRecord) -> Result<Done> {
    let own = manager(tx)?;
    tx.cancel_promotion(own, &req.id)?;
    Ok(Done {})
}

/// `ResendPromoteResourceAccountEmail`: sends the mail again.
///
/// Fails as `ResendCreateCloudAccountEmail`. Source: docs/evidence/resource-directory.md 4.10.
pub(super) fn resend_promote(tx: &mut Tx<'_>, req: OneRecord) -> Result<One<MemberView>> {
    resend(tx, &req, MemberStatus::PromoteVerifying)
}
