//! Operations that delete members. Source: docs/evidence/resource-directory.md 4.2.

use crate::attributes::{apply, reply};
use crate::error::{Result, directory as codes};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::reply::beijing;
use crate::services::directory::{managed, manager, must_be_user_or_role};
use crate::services::shared::reply::Only;
use crate::text::Uid;
use crate::world::account::Check;
use crate::world::directory::{DeletionStatus, MemberKind};
use crate::world::{Refusal, Tx, View};

request! {
    /// Parameters of `CheckAccountDelete`, `GetAccountDeletionCheckResult` and `GetAccountDeletionStatus`.
    pub(super) struct OneAccount {
        uid: Uid = "AccountId",
    }

    /// Parameters of `DeleteAccount`.
    pub(super) struct Delete {
        uid: Uid = "AccountId",
        waived: Vec<String> = "AbandonableCheckId",
    }
}

/// `CheckAccountDelete`: starts to check whether a resource account can be deleted.
///
/// Fails with `CallerIdentityError.DeleteAccount`, `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account`,
/// `NoLicense.ResourceDirectory`, `MemberTypeError.DeleteAccount`, `InvalidControlPolicyEnablementStatus`,
/// `RemoveConfilctAccountAsDelegatedAdministator`, `LegalEntityDifferent` and `AccountTypeOrStatusMismatch`. UNCERTAIN: the order. Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn check(tx: &mut Tx<'_>, req: OneAccount) -> Result<Done> {
    let own = caller(tx)?;
    tx.check_member_deletion(own, req.uid)?;
    Ok(Done {})
}

/// Returns the management account, if a user or role of it calls.
fn caller(tx: &Tx<'_>) -> Result<Uid> {
    must_be_user_or_role(tx, &codes::CALLER_IDENTITY_ERROR_DELETE_ACCOUNT)?;
    manager(tx)
}

/// Result of a check.
#[apply(reply)]
pub(super) struct CheckResult {
    allow_delete: &'static str,
    status: &'static str,
    not_allow_reason: Vec<CheckView>,
    abandonable_checks: Vec<CheckView>,
}

#[apply(reply)]
struct CheckView {
    check_id: &'static str,
    check_name: &'static str,
    description: &'static str,
}

impl From<&Check> for CheckView {
    fn from(check: &Check) -> Self {
        Self { check_id: check.id, check_name: check.name, description: check.description }
    }
}

/// `GetAccountDeletionCheckResult`: returns the result of the last check of a member.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account`, `AccountTypeOrStatusMismatch` of a cloud account (UNCERTAIN) and
/// `EntityNotExists.CheckAccount`. UNCERTAIN: a running check shows that the member cannot be deleted, without reasons. Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn result(view: View<'_>, req: OneAccount) -> Result<Only<CheckResult>> {
    let member = managed(&view)?.member(req.uid)?;
    if member.kind != MemberKind::ResourceAccount {
        return Err(Refusal::MemberUnfit.into());
    }
    let check = member.check.as_ref().ok_or_else(|| codes::ENTITY_NOT_EXISTS_CHECK_ACCOUNT.error())?;
    let (is_done, allows) = (check.is_done(view.now), check.allows());
    let shown = |wanted: bool| -> Vec<CheckView> {
        let fits = |one: &&Check| is_done && one.waivable == wanted && wanted == allows;
        check.checks.iter().filter(fits).map(CheckView::from).collect()
    };
    Ok(Only(
        "AccountDeletionCheckResultInfo",
        CheckResult {
            allow_delete: if is_done && allows { "true" } else { "false" },
            status: if is_done { "PreCheckComplete" } else { "PreChecking" },
            not_allow_reason: shown(false),
            abandonable_checks: shown(true),
        },
    ))
}

/// Response of `DeleteAccount`.
#[apply(reply)]
pub(super) struct Deleted {
    deletion_type: &'static str,
}

/// `0` for a member that is deleted at once, `1` for one with a silence period.
fn kind(is_silent: bool) -> &'static str {
    if is_silent { "1" } else { "0" }
}

/// `DeleteAccount`: deletes a resource account, at once or after a silence period.
///
/// Fails as `CheckAccountDelete`, and with `AccountNotExist.DeleteAccount`, `ExistProcessingDeleteFlow.DeleteAccount`,
/// `NotSupportedOperation.CheckingAccount`, `NotSupport.HasPayerAccount`, `ForbidDelete.Account`, `CreditControlBlock.DeleteAccount`,
/// `ExistPrepaidInstance.DeleteAccount`, `SpBlock.DeleteAccount` and `QuotaExceeded.DeleteAccount`. UNCERTAIN: the order, and which of two
/// similar codes. Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn delete(tx: &mut Tx<'_>, req: Delete) -> Result<Deleted> {
    let own = caller(tx)?;
    let waived: Vec<_> = req.waived.iter().map(String::as_str).collect();
    let deletion = tx.delete_member(own, req.uid, &waived)?;
    Ok(Deleted { deletion_type: kind(deletion.is_silent) })
}

/// Progress of a deletion.
#[apply(reply)]
pub(super) struct Progress {
    account_id: Uid,
    create_time: String,
    deletion_time: Option<String>,
    deletion_type: &'static str,
    status: &'static str,
    fail_reason_list: Vec<Reason>,
}

#[apply(reply)]
struct Reason {
    name: &'static str,
    description: &'static str,
}

/// `GetAccountDeletionStatus`: returns the progress of the last deletion of an account, also after the account is gone.
///
/// Fails with `EntityNotExists.Account` and `EntityNotExists.CheckAccount`. UNCERTAIN: `DeletionTime` is absent unless the account is
/// deleted. Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn progress(view: View<'_>, req: OneAccount) -> Result<Only<Progress>> {
    let own = view.account()?.uid;
    let found = view.state.deletion(req.uid).filter(|(one, _)| one.manager == own);
    let Some((deletion, status)) = found else {
        managed(&view)
            .and_then(|directory| Ok(directory.member(req.uid)?))
            .map_err(|_| codes::ENTITY_NOT_EXISTS_ACCOUNT.error())?;
        return Err(codes::ENTITY_NOT_EXISTS_CHECK_ACCOUNT.error());
    };
    let reason = |check: &Check| Reason { name: check.name, description: check.description };
    Ok(Only(
        "RdAccountDeletionStatus",
        Progress {
            account_id: req.uid,
            create_time: beijing(deletion.since),
            deletion_time: (status == DeletionStatus::Success).then(|| beijing(deletion.ends)),
            deletion_type: kind(deletion.is_silent),
            status: status.name(),
            fail_reason_list: deletion.failed.iter().map(reason).collect(),
        },
    ))
}
