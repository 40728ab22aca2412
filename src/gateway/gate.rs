//! Step 5: rules about the account that stand before an operation.

use crate::error::{Result, gateway, partner};
use crate::gateway::route::Route;
use crate::operation::Audience;
use crate::world::{Caller, State};

/// Aas and Crm are for partners, by the partner's own key (facts/account.md 3.2 and 4.1); roles are not for accounts.
pub(crate) fn check(route: &Route, caller: &Caller, state: &State) -> Result<()> {
    match route.audience {
        Audience::SubUser if caller.is_root() => return Err(gateway::NO_ROLE_FOR_ROOT.error()),
        Audience::Partner => {}
        _ => return Ok(()),
    }
    let is_partner = match caller {
        Caller::Root { uid } => state.account(*uid).is_ok_and(|account| account.is_operator),
        _ => false,
    };
    if is_partner { Ok(()) } else { Err(partner::NOT_BID.error()) }
}
