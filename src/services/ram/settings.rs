//! The alias of the account. Source: docs/evidence/ram.md 5.10.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::identity::Nothing;
use crate::text::AccountAlias;
use crate::world::{Tx, View};

request! {
    /// Parameters of `SetAccountAlias`.
    pub(super) struct SetAlias {
        alias: AccountAlias = "AccountAlias",
    }
}

/// `SetAccountAlias`: sets the first label of the logon domain, and replaces the previous one.
///
/// Fails with `InvalidParameter.AccountAlias.*` and `EntityAlreadyExists.AccountAlias`.
pub(super) fn set_alias(tx: &mut Tx<'_>, req: SetAlias) -> Result<Done> {
    let uid = tx.account()?.uid;
    tx.set_alias(uid, Some(req.alias))?;
    Ok(Done {})
}

/// Response of `GetAccountAlias`.
#[apply(reply)]
pub(super) struct AliasReply {
    account_alias: String,
}

/// `GetAccountAlias`: returns the alias. Without an alias, returns the UID, which is then the label (UNCERTAIN).
pub(super) fn alias(view: View<'_>, _: Nothing) -> Result<AliasReply> {
    let account = view.account()?;
    let alias = account.alias.as_ref().map(|alias| alias.as_str().to_owned());
    Ok(AliasReply { account_alias: alias.unwrap_or_else(|| account.uid.to_string()) })
}

/// `ClearAccountAlias`: removes the alias.
pub(super) fn clear_alias(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    let uid = tx.account()?.uid;
    tx.set_alias(uid, None)?;
    Ok(Done {})
}
