//! `AssumeRole`, and the shared parts of the three actions that create sessions. Source: docs/evidence/sts.md section 3.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result, gateway, sts};
use crate::operation::Key;
use crate::params::request;
use crate::policy::Principal;
use crate::services::sts::values::{
    Duration, ExternalId, RoleArn, SessionName, SessionPolicy, SourceIdentity,
};
use crate::text::{Flaw, SecretText, Timestamp, Uid};
use crate::world::account::{Role, Session};
use crate::world::permission::{self, Ask, Decision};
use crate::world::register::Slot;
use crate::world::{Caller, DEFAULT_SESSION_SECONDS, Grant, Tx};
use compact_str::CompactString;

request! {
    /// Parameters of `AssumeRole`.
    pub(super) struct AssumeRole {
        role_arn: RoleArn = "RoleArn",
        session_name: SessionName = "RoleSessionName",
        duration: Option<Duration> = "DurationSeconds",
        policy: Option<SessionPolicy> = "Policy",
        external_id: Option<ExternalId> = "ExternalId",
        source_identity: Option<SourceIdentity> = "SourceIdentity",
    }
}

/// User of a session.
#[apply(reply)]
pub(super) struct AssumedRoleUser {
    assumed_role_id: String,
    arn: String,
}

/// A temporary credential in a response.
#[apply(reply)]
pub(super) struct Credentials {
    access_key_id: String,
    access_key_secret: String,
    security_token: String,
    expiration: Timestamp,
}

/// First fields of all three responses.
#[apply(reply)]
pub(super) struct Granted {
    assumed_role_user: AssumedRoleUser,
    credentials: Credentials,
    source_identity: Option<String>,
}

/// A role, and the account that owns it.
pub(super) struct Found {
    pub(super) uid: Uid,
    pub(super) slot: Slot,
    pub(super) role: Role,
}

impl Found {
    /// Role with an ARN, in any account.
    pub(super) fn new(tx: &Tx<'_>, arn: &RoleArn) -> Option<Self> {
        let account = tx.state().account(arn.uid?).ok()?;
        let slot = account.role_slot(arn.name.as_ref()?).ok()?;
        Some(Self { uid: account.uid, slot, role: account.role(slot).ok()?.clone() })
    }

    /// Checks the trust policy and the caller's policies. Stores the decision for the journal.
    pub(super) fn decide(
        &self,
        tx: &mut Tx<'_>,
        provider: Option<&str>,
        keys: impl IntoIterator<Item = (Key, Vec<String>)>,
    ) -> Decision {
        let mut context = permission::context(tx.by.caller, tx.by.source, tx.now);
        for (key, values) in keys {
            context.set(key.name(), values);
        }
        let by = provider.map(Principal::Federated);
        if tx.seen().needs.is_some() {
            let (action, resources) = ("sts:AssumeRole".to_owned(), vec![self.role.arn(self.uid)]);
            let ask = Ask { action, resources, context: context.clone(), ..Ask::default() };
            permission::note(tx.seen(), tx.by.caller, &ask);
        }
        let decision =
            permission::decide_to_assume(tx.seen(), tx.by.caller, &self.role, self.uid, by, context);
        tx.decided = Some(decision.clone());
        decision
    }

    /// Duration of the session: the requested one, if the role allows it.
    pub(super) fn seconds(&self, asked: Option<Duration>) -> Result<i64, Flawed> {
        let seconds = asked.map_or(DEFAULT_SESSION_SECONDS, |duration| duration.0);
        if seconds > self.role.max_session {
            return Err(Flawed::new("DurationSeconds", Flaw::Value));
        }
        Ok(seconds)
    }

    /// Creates the session.
    pub(super) fn grant(
        self,
        tx: &mut Tx<'_>,
        name: CompactString,
        seconds: i64,
        policy: Option<SessionPolicy>,
        source_identity: Option<CompactString>,
    ) -> Result<Granted> {
        let grant = Grant {
            name,
            seconds,
            policy: policy.map(|policy| policy.0),
            source_identity: source_identity.clone(),
        };
        let session = tx.grant(self.uid, self.slot, grant)?;
        Ok(Granted::new(&session, self.role.arn(self.uid), source_identity))
    }
}

impl Granted {
    fn new(session: &Session, role_arn: String, source_identity: Option<CompactString>) -> Self {
        Self {
            assumed_role_user: AssumedRoleUser {
                assumed_role_id: format!("{}:{}", session.role_id, session.name),
                arn: format!("{role_arn}/{}", session.name),
            },
            credentials: Credentials {
                access_key_id: session.id.to_string(),
                access_key_secret: session.material.secret().to_owned(),
                security_token: SecretText::reveal(&session.token).to_owned(),
                expiration: session.returned_expiry,
            },
            source_identity: source_identity.map(String::from),
        }
    }

    /// The same with the ARN in the other observed form. Source: docs/evidence/sts.md section 4.
    pub(super) fn with_arn(mut self, arn: String) -> Self {
        self.assumed_role_user.arn = arn;
        self
    }
}

/// `AssumeRole`: returns temporary credentials for a role to a user or a session. The account itself was rejected before.
///
/// Fails with `InvalidParameter.*`, `EntityNotExist.Role` and `NoPermission`. The role is checked before the permission
/// (UNCERTAIN).
pub(super) fn assume_role(tx: &mut Tx<'_>, req: AssumeRole) -> Result<Granted, Failure> {
    let found =
        Found::new(tx, &req.role_arn).ok_or_else(|| sts::ROLE_NOT_EXIST.about(&req.role_arn.shown))?;
    let source_identity = kept_identity(tx.by.caller, req.source_identity)?;
    let one = |text: &CompactString| vec![text.to_string()];
    let keys = [
        (Key::ExternalId, req.external_id.as_ref().map(|id| one(&id.0))),
        (Key::SourceIdentity, source_identity.as_ref().map(one)),
    ];
    let keys = keys.into_iter().filter_map(|(key, values)| Some((key, values?)));
    let decision = found.decide(tx, None, keys);
    if !tx.state().enforcement.lets_through(&decision) {
        return Err(decision.detail(gateway::NO_PERMISSION_STS.error(), tx.by.caller).into());
    }
    let seconds = found.seconds(req.duration)?;
    Ok(found.grant(tx, req.session_name.0, seconds, req.policy, source_identity)?)
}

/// Source identity of the session; it stays the same in a chain of roles.
///
/// UNCERTAIN: the error code if the call names another one. Source: docs/evidence/sts.md section 3, rule 9.
fn kept_identity(caller: &Caller, asked: Option<SourceIdentity>) -> Result<Option<CompactString>, Flawed> {
    let kept = match caller {
        Caller::Role(session) => session.source_identity.clone(),
        _ => None,
    };
    match (kept, asked) {
        (Some(kept), Some(asked)) if kept != asked.0 => Err(Flawed::new("SourceIdentity", Flaw::Value)),
        (Some(kept), _) => Ok(Some(kept)),
        (None, asked) => Ok(asked.map(|asked| asked.0)),
    }
}
