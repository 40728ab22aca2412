//! Operations on the network policies of keys. Source: docs/evidence/ims.md 3.5 and 4.4.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{On, Operation, Resource, read, write};
use crate::params::request;
use crate::policy::NetworkPolicy;
use crate::services::shared::identity::keys::{KeyRef, place};
use crate::text::{AccessKeyId, UserPrincipalName};
use crate::world::{Refusal, Tx, View};
use std::sync::Arc;

/// The rows of this file.
pub(super) fn operations() -> [Operation; 4] {
    let user: On = &[Resource::User("UserPrincipalName")];
    let account: On = &[Resource::Anything];
    [
        write("SetAccessKeyPolicy", user, set),
        read("GetAccessKeyPolicy", user, get),
        write("SetAccessKeyPolicyForAccount", account, set_for_account),
        read("GetAccessKeyPolicyForAccount", account, get_for_account),
    ]
}

request! {
    /// Parameters of `SetAccessKeyPolicy`.
    struct SetPolicy {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        key: KeyRef = "UserAccessKeyId",
        policy: NetworkPolicy = "AccessKeyPolicy",
    }

    /// Parameters of `GetAccessKeyPolicy`.
    struct GetPolicy {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        key: KeyRef = "UserAccessKeyId",
    }

    /// Parameters of `SetAccessKeyPolicyForAccount`.
    struct SetForAccount {
        policy: NetworkPolicy = "AccessKeyPolicy",
    }

    /// Parameters of `GetAccessKeyPolicyForAccount`.
    struct GetForAccount {}
}

/// A policy as JSON, and its key. Without a policy it is `{}`.
#[apply(reply)]
struct PolicyReply {
    access_key_id: Option<AccessKeyId>,
    access_key_policy: String,
}

impl PolicyReply {
    fn of(policy: Option<&Arc<NetworkPolicy>>, access_key_id: Option<AccessKeyId>) -> Self {
        Self { access_key_id, access_key_policy: policy.map_or_else(|| "{}".to_owned(), ToString::to_string) }
    }
}

/// `SetAccessKeyPolicy`: sets the network policy of a key and returns it with its version.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.User.AccessKey` and `InvalidParameter.AccessKeyPolicy.*` (UNCERTAIN).
fn set(tx: &mut Tx<'_>, req: SetPolicy) -> Result<PolicyReply> {
    let place = place(tx.by.caller, tx.account()?, req.user.as_ref())?;
    let id = req.key.in_place(place, tx.account()?)?;
    let policy = Arc::new(req.policy);
    tx.set_key_network(place, &id, Some(Arc::clone(&policy)))?;
    Ok(PolicyReply::of(Some(&policy), Some(id)))
}

/// `GetAccessKeyPolicy`: returns the network policy of a key; `{}` without one.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.AccessKey`.
fn get(view: View<'_>, req: GetPolicy) -> Result<PolicyReply> {
    let account = view.account()?;
    let place = place(view.by.caller, account, req.user.as_ref())?;
    let id = req.key.in_place(place, account)?;
    let key = account.keys_of(place.owner)?.get(id.as_str()).ok_or(Refusal::NoSuchKey)?;
    Ok(PolicyReply::of(key.network.as_ref(), Some(id)))
}

/// `SetAccessKeyPolicyForAccount`: sets the network policy of all keys of the account and its users.
///
/// Fails with `InvalidParameter.AccessKeyPolicy.*` (UNCERTAIN).
fn set_for_account(tx: &mut Tx<'_>, req: SetForAccount) -> Result<PolicyReply> {
    let policy = Some(Arc::new(req.policy));
    let reply = PolicyReply::of(policy.as_ref(), None);
    tx.account_mut()?.0.affairs_mut().key_network = policy;
    Ok(reply)
}

/// `GetAccessKeyPolicyForAccount`: returns the network policy of the account; `{}` without one.
fn get_for_account(view: View<'_>, _: GetForAccount) -> Result<PolicyReply> {
    Ok(PolicyReply::of(view.account()?.affairs.key_network.as_ref(), None))
}
