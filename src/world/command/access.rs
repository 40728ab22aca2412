//! Commands about permissions: policies, trust, temporary credentials.

use crate::attributes::{apply, input, optional_input};
use crate::text::{AccessKeyId, GroupName, PolicyName, RoleName, Uid, UserName};
use crate::world::Tx;
use crate::world::account::{Entity, RoleChange, Session, Trust};
use crate::world::command::{Act, Done, NotDone, account_named};
use crate::world::refusal::Refusal;

/// A policy and its holder.
#[apply(input)]
pub struct WhichPolicy {
    /// Name of the policy. A custom policy comes before a system policy of this name.
    pub policy: PolicyName,
    /// RAM user that holds it.
    pub user: Option<UserName>,
    /// Group that holds it, instead of a user.
    pub group: Option<GroupName>,
    /// Role that holds it, instead of a user.
    pub role: Option<RoleName>,
}

/// A role and its new trust policy.
#[apply(input)]
pub struct SetTrust {
    /// Name of the role.
    pub role: RoleName,
    /// The policy, as a text of JSON.
    pub trust: String,
}

/// Temporary credentials: all that match.
#[apply(optional_input)]
pub struct WhichSessions {
    /// UID or name of the account of the role.
    pub account: Option<String>,
    /// Name of the role.
    pub role: Option<String>,
    /// Name of the session.
    pub session: Option<String>,
    /// AccessKey ID.
    pub id: Option<AccessKeyId>,
}

impl WhichPolicy {
    pub(super) fn set(&self, attach: bool, uid: Uid, tx: &mut Tx<'_>) -> Done {
        let now = tx.now;
        let name = &self.policy;
        let (account, quotas) = tx.account_of(uid)?;
        let holder = match (&self.user, &self.group, &self.role) {
            (Some(name), None, None) => Entity::User(account.user_slot(name)?),
            (None, Some(name), None) => Entity::Group(account.group_slot(name)?),
            (None, None, Some(name)) => Entity::Role(account.role_slot(name)?),
            _ => {
                let why = "give one holder of the policy: `user`, `group` or `role`";
                return Err(NotDone::Wrong(why.to_owned()));
            }
        };
        let policy = account.policy_named(name)?;
        if attach {
            account.attach(holder, policy, None, now, &quotas)?;
            return Ok(format!("the policy {name} was attached"));
        }
        account.detach(holder, policy, None)?;
        Ok(format!("the policy {name} was detached"))
    }
}

impl Act for SetTrust {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        let now = tx.now;
        let trust = Trust::parse(&self.trust).map_err(|why| NotDone::Wrong(why.to_string()))?;
        let (account, _) = tx.account_of(uid)?;
        let slot = account.role_slot(&self.role)?;
        account.update_role(slot, RoleChange { trust: Some(trust), ..RoleChange::default() }, now)?;
        Ok(())
    }

    fn describe(&self, _: Uid, (): &()) -> String {
        format!("the role {} has another trust policy", self.role)
    }
}

impl WhichSessions {
    pub(super) fn run(&self, expire: bool, tx: &mut Tx<'_>) -> Done {
        let account =
            self.account.as_deref().map(|name| account_named(Some(name), tx.state())).transpose()?;
        let uid = account.map(|account| account.uid);
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        let fits = |session: &Session| {
            uid.is_none_or(|uid| uid == session.uid)
                && same(&self.role, session.role_name.as_str())
                && same(&self.session, &session.name)
                && self.id.as_ref().is_none_or(|id| *id == session.id)
        };
        let found: Vec<_> =
            tx.state().sessions().filter(|session| fits(session)).map(|session| session.id.clone()).collect();
        if found.is_empty() {
            return Err(Refusal::NoSuchSession.into());
        }
        for id in &found {
            if expire { tx.expire_session(id) } else { tx.revoke_session(id) }
        }
        Ok(format!(
            "{} temporary credentials were {}",
            found.len(),
            if expire { "expired" } else { "revoked" }
        ))
    }
}
