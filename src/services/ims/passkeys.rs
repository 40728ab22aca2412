//! Operations on passkeys. The console creates them, so only scenarios give a user one. Source: docs/evidence/ims.md 4.6.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Result};
use crate::operation::Done;
use crate::params::request;
use crate::services::ims::security::{MaybeUser, user_or_caller};
use crate::text::{PasskeyName, Timestamp, UserPrincipalName};
use crate::world::account::Passkey;
use crate::world::{Tx, View};

request! {
    /// Parameters of `UpdatePasskey`.
    pub(super) struct UpdatePasskey {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        id: String = "PasskeyId",
        name: PasskeyName = "PasskeyName",
    }

    /// Parameters of `DeletePasskey`.
    pub(super) struct DeletePasskey {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        id: String = "PasskeyId",
    }
}

/// Response of `ListPasskeys`: a plain list. Its times are texts of seconds since 1970.
#[apply(reply)]
pub(super) struct Passkeys {
    passkeys: Vec<PasskeyView>,
}

#[apply(reply)]
struct PasskeyView {
    passkey_id: String,
    passkey_name: PasskeyName,
    create_date: String,
    last_use_date: String,
}

impl From<&Passkey> for PasskeyView {
    fn from(passkey: &Passkey) -> Self {
        let seconds = |at: Timestamp| (at.as_millis() / 1000).to_string();
        Self {
            passkey_id: passkey.id.to_string(),
            passkey_name: passkey.name.clone(),
            create_date: seconds(passkey.created),
            last_use_date: passkey.last_used.map(seconds).unwrap_or_default(),
        }
    }
}

/// `ListPasskeys`: returns the passkeys of a user, by default of the caller. No pages. UNCERTAIN: an unused one has an empty time.
///
/// Fails with `EntityNotExist.User` (UNCERTAIN).
pub(super) fn list(view: View<'_>, req: MaybeUser) -> Result<Passkeys, Failure> {
    let account = view.account()?;
    let slot = user_or_caller(req.user.as_ref(), view.by.caller, account)?;
    Ok(Passkeys { passkeys: account.extras(slot)?.passkeys.iter().map(Into::into).collect() })
}

/// `UpdatePasskey`: renames a passkey of a user, by default of the caller.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.Passkey` (UNCERTAIN).
pub(super) fn update(tx: &mut Tx<'_>, req: UpdatePasskey) -> Result<Done, Failure> {
    let caller = tx.by.caller;
    let (account, _) = tx.account_mut()?;
    let slot = user_or_caller(req.user.as_ref(), caller, account)?;
    account.passkey_mut(slot, &req.id)?.name = req.name;
    Ok(Done {})
}

/// `DeletePasskey`: deletes a passkey of a user, by default of the caller.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.Passkey` (UNCERTAIN).
pub(super) fn delete(tx: &mut Tx<'_>, req: DeletePasskey) -> Result<Done, Failure> {
    let caller = tx.by.caller;
    let (account, _) = tx.account_mut()?;
    let slot = user_or_caller(req.user.as_ref(), caller, account)?;
    account.remove_passkey(slot, &req.id)?;
    Ok(Done {})
}
