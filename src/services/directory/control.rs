//! Operations on control policies. Source: docs/evidence/resource-directory.md 4.5.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Failure, Flawed, Result, directory as codes, ram};
use crate::operation::Done;
use crate::params::request;
use crate::policy::Malformed;
use crate::services::directory::reply::{Numbered, Paging, TagView, wrapped};
use crate::services::directory::{Door, managed, manager};
use crate::services::shared::reply::{All, Listed, One, elements};
use crate::services::shared::words::words;
use crate::text::{Description, PolicyName, Tag, Timestamp, Uid};
use crate::world::directory::{Control, ControlPolicy, ControlStatus, Directory, Target};
use crate::world::{Tx, View};

/// Longest document, in characters. Source: docs/evidence/resource-directory.md section 3.
const LONGEST_DOCUMENT: usize = 4096;

request! {
    /// Parameters of `EnableControlPolicy`, `DisableControlPolicy` and `GetControlPolicyEnablementStatus`. `ControlPolicyType` is not read: its
    /// values are UNCERTAIN.
    pub(super) struct OfType {}

    /// Parameters of `CreateControlPolicy`.
    pub(super) struct Create {
        name: PolicyName = "PolicyName",
        description: Option<Description> = "Description",
        scope: OfRam = "EffectScope",
        document: String = "PolicyDocument",
        tags: Vec<Tag> = "Tag",
    }

    /// Parameters of `GetControlPolicy` and `DeleteControlPolicy`.
    pub(super) struct OnePolicy {
        id: String = "PolicyId",
    }

    /// Parameters of `UpdateControlPolicy`.
    pub(super) struct Update {
        id: String = "PolicyId",
        name: Option<PolicyName> = "NewPolicyName",
        description: Option<Description> = "NewDescription",
        document: Option<String> = "NewPolicyDocument",
    }

    /// Parameters of `ListControlPolicies`.
    pub(super) struct List {
        kind: Option<IsSystem> = "PolicyType",
        tags: Vec<Tag> = "Tag",
        paging: Paging = "PageNumber",
    }

    /// Parameters of `AttachControlPolicy` and `DetachControlPolicy`.
    pub(super) struct Attach {
        policy: String = "PolicyId",
        target: String = "TargetId",
    }

    /// Parameters of `ListControlPolicyAttachmentsForTarget`.
    pub(super) struct OfTarget {
        target: String = "TargetId",
    }

    /// Parameters of `ListTargetAttachmentsForControlPolicy`.
    pub(super) struct Targets {
        policy: String = "PolicyId",
        paging: Paging = "PageNumber",
    }
}

words! {
    /// `RAM`, the scope of every custom policy.
    OfRam: () { "RAM" => () }
    /// `System` or `Custom`.
    IsSystem: bool { "System" => true, "Custom" => false }
}

/// Status of the feature.
#[apply(reply)]
pub(super) struct Enablement {
    enablement_status: ControlStatus,
}

/// A control policy. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct PolicyView {
    policy_id: String,
    policy_name: String,
    policy_type: &'static str,
    description: String,
    effect_scope: &'static str,
    attachment_count: String,
    create_date: Timestamp,
    update_date: Timestamp,
    policy_document: Option<String>,
    tags: Option<Listed<TagView>>,
}

/// An attached policy.
#[apply(reply)]
pub(super) struct AttachmentView {
    policy_id: String,
    policy_name: String,
    policy_type: &'static str,
    description: String,
    effect_scope: &'static str,
    attach_date: Timestamp,
}

/// A folder or member that a policy is attached to.
#[apply(reply)]
pub(super) struct TargetView {
    target_id: String,
    target_name: String,
    target_type: &'static str,
    attach_date: Timestamp,
}

elements! {
    PolicyView: "ControlPolicy" "ControlPolicies";
    AttachmentView: "ControlPolicyAttachment" "ControlPolicyAttachments";
    TargetView: "TargetAttachment" "TargetAttachments";
}

fn kind_and_scope(policy: &ControlPolicy) -> (&'static str, &'static str) {
    if policy.is_system { ("System", "All") } else { ("Custom", "RAM") }
}

fn description_of(policy: &ControlPolicy) -> String {
    policy.description.as_ref().map(ToString::to_string).unwrap_or_default()
}

impl PolicyView {
    fn new(control: &Control, policy: &ControlPolicy) -> Result<Self> {
        let (policy_type, effect_scope) = kind_and_scope(policy);
        Ok(Self {
            policy_id: policy.id.to_string(),
            policy_name: policy.name.to_string(),
            policy_type,
            description: description_of(policy),
            effect_scope,
            attachment_count: control.targets_of(control.slot(&policy.id)?).count().to_string(),
            create_date: policy.created,
            update_date: policy.updated,
            policy_document: None,
            tags: None,
        })
    }
}

/// `EnableControlPolicy`: starts to enable control policies.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN), and with `Throttling.EnableControlPolicy` soon after they were disabled
/// (UNCERTAIN: the interval). Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn enable(tx: &mut Tx<'_>, _: OfType) -> Result<Enablement> {
    if let Some(minutes) = tx.control_pause(manager(tx)?)? {
        return Err(codes::THROTTLING_ENABLE_CONTROL_POLICY.about(minutes));
    }
    switch(tx, true)
}

/// `DisableControlPolicy`: starts to disable control policies. All attachments end, the policies stay.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn disable(tx: &mut Tx<'_>, _: OfType) -> Result<Enablement> {
    switch(tx, false)
}

fn switch(tx: &mut Tx<'_>, on: bool) -> Result<Enablement> {
    let uid = manager(tx)?;
    Ok(Enablement { enablement_status: tx.switch_control(uid, on)? })
}

/// `GetControlPolicyEnablementStatus`: returns the status of the feature.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn status(view: View<'_>, _: OfType) -> Result<Enablement> {
    Ok(Enablement { enablement_status: managed(&view)?.control.status })
}

/// UNCERTAIN: the code for a document that is no policy; that of RAM. Source: docs/evidence/policy.md section 1.
fn malformed(why: Malformed) -> ApiError {
    ram::MALFORMED_POLICY.about(why)
}

/// Fails if a document is too long, with an error that differs between the two actions.
fn check_length(text: &str, error: &crate::error::Known) -> Result<()> {
    if text.chars().count() > LONGEST_DOCUMENT { Err(error.error()) } else { Ok(()) }
}

/// `CreateControlPolicy`: adds a custom control policy.
///
/// Fails with `InvalidParameter.PolicyDocument.Length`, and with UNCERTAIN codes for a malformed document, a name in use and the quota. Source:
/// docs/evidence/resource-directory.md 4.5.
pub(super) fn create(tx: &mut Tx<'_>, req: Create) -> Result<One<PolicyView>, Failure> {
    let Create { name, description, scope: OfRam(()), document, tags } = req;
    if document.is_empty() {
        return Err(Flawed::missing("PolicyDocument").into());
    }
    check_length(&document, &codes::INVALID_PARAMETER_POLICY_DOCUMENT_LENGTH)?;
    let (uid, now, quotas) = (manager(tx)?, tx.now, tx.state().quotas);
    let id = tx.directory_id(uid, "cp-", 16)?;
    let mut policy = ControlPolicy::new(id, name, &document, now).map_err(malformed)?;
    policy.description = description;
    policy.tags.set(&tags, quotas.tags_each)?;
    let control = &mut tx.directory_mut(uid)?.control;
    let slot = control.add(policy, &quotas)?;
    Ok(One(PolicyView::new(control, control.policy(slot)?)?))
}

/// `GetControlPolicy`: returns a control policy with its document.
///
/// Fails with `EntityNotExists.ControlPolicy`. Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn get(view: View<'_>, req: OnePolicy) -> Result<One<PolicyView>> {
    let control = &managed(&view)?.control;
    let policy = control.policy(control.slot(&req.id)?)?;
    let policy_document = Some(policy.text.to_string());
    Ok(One(PolicyView { policy_document, ..PolicyView::new(control, policy)? }))
}

/// `UpdateControlPolicy`: changes name, description or document of a custom control policy.
///
/// Fails with `InvalidParameter.NewPolicyDocument.Length` and `EntityNotExists.ControlPolicy` (UNCERTAIN also for the system policy). Source:
/// docs/evidence/resource-directory.md 4.5.
pub(super) fn update(tx: &mut Tx<'_>, req: Update) -> Result<One<PolicyView>> {
    let Update { id, name, description, document } = req;
    if let Some(text) = &document {
        check_length(text, &codes::INVALID_PARAMETER_NEW_POLICY_DOCUMENT_LENGTH)?;
    }
    let (uid, now) = (manager(tx)?, tx.now);
    let control = &mut tx.directory_mut(uid)?.control;
    let slot = control.slot(&id)?;
    let document = document.map(|text| ControlPolicy::read(&text)).transpose().map_err(malformed)?;
    control.update(slot, name, now, |policy| {
        policy.description = description.or(policy.description.take());
        if let Some((text, document)) = document {
            (policy.text, policy.document) = (text, document);
        }
    })?;
    Ok(One(PolicyView::new(control, control.policy(slot)?)?))
}

/// `DeleteControlPolicy`: deletes a custom control policy that is not attached.
///
/// Fails with `EntityNotExists.ControlPolicy`, and with an UNCERTAIN code for an attached policy. Source:
/// docs/evidence/resource-directory.md 4.5.
pub(super) fn delete(tx: &mut Tx<'_>, req: OnePolicy) -> Result<Done> {
    let uid = manager(tx)?;
    let control = &mut tx.directory_mut(uid)?.control;
    control.remove(control.slot(&req.id)?)?;
    Ok(Done {})
}

/// `ListControlPolicies`: returns a page of the control policies, the system policy first.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn list<D: Door>(view: View<'_>, req: List) -> Result<Numbered<PolicyView>> {
    list_all(view, req, D::NEWER)
}

fn list_all(view: View<'_>, req: List, with_tags: bool) -> Result<Numbered<PolicyView>> {
    let control = &managed(&view)?.control;
    let is_wanted = |one: &&ControlPolicy| {
        req.kind.as_ref().is_none_or(|kind| kind.0 == one.is_system) && one.tags.have(&req.tags)
    };
    let all = control.policies().map(|(_, policy)| policy).filter(is_wanted);
    let shown = all.filter_map(|policy| {
        let tags = with_tags.then(|| wrapped(&policy.tags));
        Some(PolicyView { tags, ..PolicyView::new(control, policy).ok()? })
    });
    Ok(Numbered::of(req.paging, shown, |policy| policy))
}

/// `AttachControlPolicy`: attaches a control policy to a folder or member.
///
/// Fails with `EntityNotExists.Target`, `EntityNotExists.ControlPolicy`, and with UNCERTAIN codes while the feature is not enabled, for a policy
/// that is attached already, and for the quota. Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn attach(tx: &mut Tx<'_>, req: Attach) -> Result<Done> {
    let (uid, now, quotas) = (manager(tx)?, tx.now, tx.state().quotas);
    let own = tx.directory_mut(uid)?;
    let (policy, target) = (own.control.slot(&req.policy)?, own.target(&req.target)?);
    own.control.attach(target, policy, now, &quotas)?;
    Ok(Done {})
}

/// `DetachControlPolicy`: detaches a control policy from a folder or member.
///
/// Fails with `EntityNotExists.Target`, `EntityNotExists.ControlPolicy`, `NotSupport.DetachLastControlPolicy`, and with an UNCERTAIN code for a
/// policy that is not attached. Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn detach(tx: &mut Tx<'_>, req: Attach) -> Result<Done> {
    let uid = manager(tx)?;
    let own = tx.directory_mut(uid)?;
    let (policy, target) = (own.control.slot(&req.policy)?, own.target(&req.target)?);
    own.control.detach(target, policy)?;
    Ok(Done {})
}

/// `ListControlPolicyAttachmentsForTarget`: returns the control policies of a folder or member, without those of folders above it.
///
/// Fails with `EntityNotExists.Target`. Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn of_target(view: View<'_>, req: OfTarget) -> Result<All<AttachmentView>> {
    let directory = managed(&view)?;
    let attached = directory.control.attached_to(directory.target(&req.target)?);
    let shown = attached.map(|(policy, attach_date)| {
        let (policy_type, effect_scope) = kind_and_scope(policy);
        AttachmentView {
            policy_id: policy.id.to_string(),
            policy_name: policy.name.to_string(),
            policy_type,
            description: description_of(policy),
            effect_scope,
            attach_date,
        }
    });
    Ok(shown.collect())
}

/// `ListTargetAttachmentsForControlPolicy`: returns a page of the folders and members that a control policy is attached to.
///
/// Fails with `EntityNotExists.ControlPolicy` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.5.
pub(super) fn targets(view: View<'_>, req: Targets) -> Result<Numbered<TargetView>> {
    let directory = managed(&view)?;
    let slot = directory.control.slot(&req.policy)?;
    let all =
        directory.control.targets_of(slot).filter_map(|(target, at)| shown_target(directory, target, at));
    Ok(Numbered::of(req.paging, all, |target| target))
}

fn shown_target(directory: &Directory, target: Target, attach_date: Timestamp) -> Option<TargetView> {
    let (target_id, target_name, target_type) = match target {
        Target::Member(uid) => {
            let Uid(number) = uid;
            (number.to_string(), directory.member(uid).ok()?.display_name.to_string(), "Account")
        }
        Target::Folder(slot) => {
            let folder = directory.folder(slot).ok()?;
            let kind = if slot == Directory::ROOT { "Root" } else { "Folder" };
            (folder.id.to_string(), folder.name.to_string(), kind)
        }
    };
    Some(TargetView { target_id, target_name, target_type, attach_date })
}
