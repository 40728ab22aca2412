//! Operations on versions of policies. Source: docs/evidence/ram.md 5.6.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::ram::policies::{OnePolicy, PolicyText, PolicyType};
use crate::services::shared::reply::{All, One, elements};
use crate::text::{Flaw, PolicyName, Scalar, Timestamp};
use crate::world::account::{AnyPolicy, Version};
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreatePolicyVersion`.
    pub(in crate::services) struct CreateVersion {
        pub(in crate::services) policy_name: PolicyName = "PolicyName",
        pub(in crate::services) policy_document: PolicyText = "PolicyDocument",
        pub(in crate::services) set_as_default: Option<bool> = "SetAsDefault",
        pub(in crate::services) rotate: Option<Rotation> = "RotateStrategy",
    }

    /// Parameters of `GetPolicyVersion`.
    pub(in crate::services) struct GetVersion {
        policy_type: PolicyType = "PolicyType",
        policy_name: PolicyName = "PolicyName",
        version_id: VersionId = "VersionId",
    }

    /// Parameters of `SetDefaultPolicyVersion` and `DeletePolicyVersion`.
    pub(in crate::services) struct OneVersion {
        policy_name: PolicyName = "PolicyName",
        version_id: VersionId = "VersionId",
    }
}

/// `v1`, `v2` and so on.
pub(in crate::services) struct VersionId(u32);

impl Scalar for VersionId {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let digits = text.strip_prefix('v').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|digits| digits.parse().ok()).map(Self).ok_or(Flaw::Format)
    }
}

/// `RotateStrategy`: allows a new version to replace the oldest non-default one.
pub(in crate::services) struct Rotation(bool);

impl Scalar for Rotation {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "None" => Ok(Self(false)),
            "DeleteOldestNonDefaultVersionWhenLimitExceeded" => Ok(Self(true)),
            _ => Err(Flaw::Value),
        }
    }
}

/// A version with its document.
#[apply(reply)]
pub(in crate::services) struct VersionView {
    pub(in crate::services) version_id: String,
    pub(in crate::services) is_default_version: bool,
    pub(in crate::services) policy_document: Option<String>,
    pub(in crate::services) create_date: Timestamp,
}

elements! { VersionView: "PolicyVersion" "PolicyVersions"; }

impl VersionView {
    pub(in crate::services) fn of(policy: AnyPolicy<'_>, version: &Version) -> Self {
        Self {
            version_id: format!("v{}", version.number),
            is_default_version: policy.default_version().number == version.number,
            policy_document: Some(version.text.to_string()),
            create_date: version.created,
        }
    }
}

/// `CreatePolicyVersion`: adds a version, and optionally makes it the default.
///
/// Fails with `MalformedPolicyDocument`, `EntityNotExist.Policy` and `LimitExceeded.Policy.Version`.
pub(in crate::services) fn create(tx: &mut Tx<'_>, req: CreateVersion) -> Result<One<VersionView>> {
    let now = tx.now;
    let version = req.policy_document.first_version(now)?;
    let (account, quotas) = tx.account_mut()?;
    let policy = account.policy_mut(account.policy_slot(&req.policy_name)?)?;
    let as_default = req.set_as_default.unwrap_or(false);
    let rotate = req.rotate.is_some_and(|rotate| rotate.0);
    let number = policy.add_version(version, as_default, rotate, now, &quotas)?.number;
    let policy = AnyPolicy::Custom(policy);
    Ok(One(VersionView::of(policy, policy.version(number)?)))
}

/// `GetPolicyVersion`: returns a version.
///
/// Fails with `EntityNotExist.Policy` and `EntityNotExist.Policy.Version`.
pub(in crate::services) fn get(view: View<'_>, req: GetVersion) -> Result<One<VersionView>> {
    let account = view.account()?;
    let of = account.policy_ref(&req.policy_name, req.policy_type == PolicyType::System)?;
    let policy = account.any_policy(of)?;
    Ok(One(VersionView::of(policy, policy.version(req.version_id.0)?)))
}

/// `ListPolicyVersions`: returns all versions with their documents, oldest first. No pages.
///
/// Fails with `EntityNotExist.Policy`.
pub(in crate::services) fn list(view: View<'_>, req: OnePolicy) -> Result<All<VersionView>> {
    let account = view.account()?;
    let policy = account.any_policy(req.find(account)?)?;
    Ok(policy.versions().iter().map(|version| VersionView::of(policy, version)).collect())
}

/// `SetDefaultPolicyVersion`: makes a version the default, effective at once.
///
/// Fails with `EntityNotExist.Policy` and `EntityNotExist.Policy.Version`.
pub(in crate::services) fn set_default(tx: &mut Tx<'_>, req: OneVersion) -> Result<Done> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = account.policy_slot(&req.policy_name)?;
    account.policy_mut(slot)?.set_default(req.version_id.0, now)?;
    Ok(Done {})
}

/// `DeletePolicyVersion`: deletes a version that is not the default.
///
/// Fails with `EntityNotExist.Policy`, `EntityNotExist.Policy.Version` and `DeleteConflict.Policy.Version.Default`.
pub(in crate::services) fn delete(tx: &mut Tx<'_>, req: OneVersion) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.policy_slot(&req.policy_name)?;
    account.policy_mut(slot)?.remove_version(req.version_id.0)?;
    Ok(Done {})
}
