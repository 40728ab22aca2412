//! Operations on the accounts that pay for members. Source: docs/evidence/resource-directory.md 4.7.

use crate::attributes::{apply, reply};
use crate::error::{Result, directory as codes};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::{managed, manager};
use crate::text::Uid;
use crate::world::{Tx, View};

request! {
    /// Parameters of `GetPayerForAccount`.
    pub(super) struct OneAccount {
        uid: Uid = "AccountId",
    }

    /// Parameters of `UpdatePayerForAccount`.
    pub(super) struct Update {
        uid: Uid = "AccountId",
        payer: Uid = "PayerAccountId",
    }

    /// Parameters of `PrecheckForConsolidatedBillingAccount`.
    pub(super) struct Precheck {
        uid: Uid = "BillingAccountId",
    }
}

/// Response of `GetPayerForAccount`. A member that pays for itself has no payer.
#[apply(reply)]
pub(super) struct Payer {
    payer_account_id: Option<Uid>,
    payer_account_name: Option<String>,
}

/// `GetPayerForAccount`: returns the account that pays for a member.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Account`. Source: docs/evidence/resource-directory.md 4.7.
pub(super) fn get(view: View<'_>, req: OneAccount) -> Result<Payer> {
    let payer_account_id = managed(&view)?.member(req.uid)?.payer;
    let account = payer_account_id.and_then(|payer| view.state.account(payer).ok());
    let payer_account_name = account.map(|account| account.profile.login_name.to_string());
    Ok(Payer { payer_account_id, payer_account_name })
}

/// `UpdatePayerForAccount`: sets the account that pays for a member. UNCERTAIN: the member itself pays for itself.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account` and the errors of payers of `CreateResourceAccount` (all
/// UNCERTAIN). Source: docs/evidence/resource-directory.md 4.7.
pub(super) fn update(tx: &mut Tx<'_>, req: Update) -> Result<Done> {
    let own = manager(tx)?;
    tx.set_payer(own, req.uid, Some(req.payer))?;
    Ok(Done {})
}

/// Response of `PrecheckForConsolidatedBillingAccount`.
#[apply(reply)]
pub(super) struct Prechecked {
    result: bool,
    reasons: Vec<Reason>,
}

#[apply(reply)]
struct Reason {
    code: &'static str,
    message: &'static str,
}

/// `PrecheckForConsolidatedBillingAccount`: returns whether an account can pay for members, and the first reason why not.
///
/// Fails with `MemberAccountOperationNotAllowed`, `EntityNotExists.ResourceDirectory` and `EntityNotExists.Account`. Source:
/// docs/evidence/resource-directory.md 4.7.
pub(super) fn precheck(view: View<'_>, req: Precheck) -> Result<Prechecked> {
    if view.state.directories.of_member(view.account()?.uid).is_some() {
        return Err(codes::MEMBER_ACCOUNT_OPERATION_NOT_ALLOWED.error());
    }
    let directory = managed(&view)?;
    if req.uid != directory.manager {
        directory.member(req.uid)?;
    }
    let flaw = view.state.payer_flaw(directory, req.uid);
    let reasons = flaw.iter().map(|flaw| Reason { code: flaw.wire().code, message: flaw.wire().message });
    Ok(Prechecked { result: flaw.is_none(), reasons: reasons.collect() })
}
