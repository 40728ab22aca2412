//! Commands about what callers may do: policies, trust, temporary credentials.

use crate::text::{PolicyName, RoleName};
use crate::world::Tx;
use crate::world::account::{Entity, RoleChange, Session, Trust};
use crate::world::command::{Done, NotDone, account, value};
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A policy and whom it is attached to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WhichPolicy {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its name; the account's own wins over the system's.
    pub policy: String,
    /// A RAM user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Or a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Or a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// A role and its new trust policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetTrust {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Name of the role.
    pub role: String,
    /// The policy, a text of JSON.
    pub trust: String,
}

/// Temporary credentials: all that fit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WhichSessions {
    /// UID or name of the account of the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Name of the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Name of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The key id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl WhichPolicy {
    pub(super) fn run(&self, attach: bool, tx: &mut Tx<'_>) -> Done {
        let uid = account(self.account.as_deref(), tx)?.uid;
        let now = tx.now;
        let name: PolicyName = value("a policy name", &self.policy)?;
        let (account, quotas) = tx.account_of(uid)?;
        let holder = match (&self.user, &self.group, &self.role) {
            (Some(name), None, None) => Entity::User(account.user_slot(&value("a user name", name)?)?),
            (None, Some(name), None) => Entity::Group(account.group_slot(&value("a group name", name)?)?),
            (None, None, Some(name)) => Entity::Role(account.role_slot(&value("a role name", name)?)?),
            _ => return Err(NotDone::Wrong("a policy has one holder: a user, a group or a role".to_owned())),
        };
        let policy = account.policy_named(&name)?;
        if attach {
            account.attach(holder, policy, None, now, &quotas)?;
            return Ok(format!("the policy {name} was attached"));
        }
        account.detach(holder, policy, None)?;
        Ok(format!("the policy {name} was detached"))
    }
}

impl SetTrust {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = account(self.account.as_deref(), tx)?.uid;
        let now = tx.now;
        let name: RoleName = value("a role name", &self.role)?;
        let trust = Trust::parse(&self.trust).map_err(|why| NotDone::Wrong(why.to_string()))?;
        let (account, _) = tx.account_of(uid)?;
        let slot = account.role_slot(&name)?;
        account.update_role(slot, RoleChange { trust: Some(trust), ..RoleChange::default() }, now)?;
        Ok(format!("the role {name} has another trust policy"))
    }
}

impl WhichSessions {
    pub(super) fn run(&self, expire: bool, tx: &mut Tx<'_>) -> Done {
        let uid =
            self.account.as_deref().map(|name| Ok::<_, NotDone>(account(Some(name), tx)?.uid)).transpose()?;
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        let fits = |session: &Session| {
            uid.is_none_or(|uid| uid == session.uid)
                && same(&self.role, session.role_name.as_str())
                && same(&self.session, &session.name)
                && same(&self.id, session.id.as_str())
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
