//! Policies of RAM by the API of Resource Manager: no tags, pages by number. Source: docs/evidence/resource-directory.md 8.3.

use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::ram::policies::{self, OnePolicy, PolicyText, PolicyType, PolicyView, attachment_count};
use crate::services::ram::versions::{self, VersionView};
use crate::services::shared::numbered::{NumberedPage, PageNumber, PageSize};
use crate::services::shared::reply::{All, One};
use crate::text::{Description, PolicyName};
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreatePolicy`.
    pub(super) struct CreatePolicy {
        policy_name: PolicyName = "PolicyName",
        policy_document: PolicyText = "PolicyDocument",
        description: Option<Description> = "Description",
    }

    /// Parameters of `DeletePolicy`.
    pub(super) struct DeletePolicy {
        policy_name: PolicyName = "PolicyName",
    }

    /// Parameters of `CreatePolicyVersion`.
    pub(super) struct CreateVersion {
        policy_name: PolicyName = "PolicyName",
        policy_document: PolicyText = "PolicyDocument",
        set_as_default: Option<bool> = "SetAsDefault",
    }

    /// Parameters of `ListPolicies`.
    pub(super) struct ListPolicies {
        policy_type: Option<PolicyType> = "PolicyType",
        page_number: PageNumber = "PageNumber",
        page_size: PageSize = "PageSize",
    }
}

/// `CreatePolicy`: creates a custom policy, as in RAM.
///
/// Fails with `MalformedPolicyDocument`, `EntityAlreadyExists.Policy` and `LimitExceeded.Policy`.
pub(super) fn create(tx: &mut Tx<'_>, req: CreatePolicy) -> Result<One<PolicyView>> {
    let CreatePolicy { policy_name, policy_document, description } = req;
    policies::create(
        tx,
        policies::CreatePolicy { policy_name, policy_document, description, tags: Vec::new() },
    )
}

/// `GetPolicy`: returns a policy, with the document of its default version.
///
/// Fails with `EntityNotExist.Policy`.
pub(super) fn get(view: View<'_>, req: OnePolicy) -> Result<One<PolicyView>> {
    let account = view.account()?;
    let of = req.find(account)?;
    let policy = account.any_policy(of)?;
    Ok(One(PolicyView {
        policy_document: Some(policy.default_version().text.to_string()),
        attachment_count: Some(attachment_count(account, of)),
        ..policy.into()
    }))
}

/// `ListPolicies`: returns a page of policies: first system policies, then custom policies, oldest first.
pub(super) fn list(view: View<'_>, req: ListPolicies) -> Result<NumberedPage<PolicyView>> {
    let account = view.account()?;
    let all = account.all_policies();
    let fitting =
        all.filter(|(_, policy)| req.policy_type.is_none_or(|wanted| wanted == PolicyType::of(*policy)));
    Ok(NumberedPage::of(fitting, req.page_number, req.page_size, |(of, policy)| PolicyView {
        tags: None,
        ..PolicyView::in_list(account, of, policy)
    }))
}

/// `DeletePolicy`: deletes a custom policy that is not attached and has only its default version.
///
/// Fails with `EntityNotExist.Policy` and `DeleteConflict.Policy.*`.
pub(super) fn delete(tx: &mut Tx<'_>, req: DeletePolicy) -> Result<Done> {
    policies::delete(tx, policies::DeletePolicy { policy_name: req.policy_name, cascading_delete: None })
}

/// `CreatePolicyVersion`: adds a version, as in RAM. The response has no document.
///
/// Fails with `MalformedPolicyDocument` (UNCERTAIN), `EntityNotExist.Policy` and `LimitExceeded.Policy.Version`.
pub(super) fn create_version(tx: &mut Tx<'_>, req: CreateVersion) -> Result<One<VersionView>> {
    let CreateVersion { policy_name, policy_document, set_as_default } = req;
    let made = versions::CreateVersion { policy_name, policy_document, set_as_default, rotate: None };
    let One(version) = versions::create(tx, made)?;
    Ok(One(VersionView { policy_document: None, ..version }))
}

/// `ListPolicyVersions`: returns all versions without their documents, oldest first.
///
/// Fails with `EntityNotExist.Policy`.
pub(super) fn list_versions(view: View<'_>, req: OnePolicy) -> Result<All<VersionView>> {
    let account = view.account()?;
    let policy = account.any_policy(req.find(account)?)?;
    let without = |version| VersionView { policy_document: None, ..VersionView::of(policy, version) };
    Ok(policy.versions().iter().map(without).collect())
}
