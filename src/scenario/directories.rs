//! Resource directories in scenario files: their format, planting and export.

mod contacts;

use crate::attributes::{apply, input, is_yes, yes};
use crate::scenario::directories::contacts::ContactFile;
use crate::scenario::file::is_default;
use crate::scenario::identities::document;
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::scenario::problem::advice;
use crate::text::{FolderId, FolderName, MemberName, Note, ServicePrincipal, Tag, Uid};
use crate::world::account::Tags;
use crate::world::directory::{
    ControlPolicy, Directory, FULL_ACCESS, HandshakeStatus, Invitee, JoinMethod, MemberKind, MemberSeed,
    NewHandshake, Target,
};
use crate::world::register::Slot;
use crate::world::{Refusal, State, Tx};
use serde_json::Value;
use std::collections::BTreeMap;

/// A resource directory.
#[apply(input)]
pub(super) struct DirectoryFile {
    /// Name of the management account in this file. It must be verified as an enterprise.
    pub(super) account: String,
    /// Fixed id, such as `rd-Ab12Cd`.
    pub(super) id: Option<String>,
    /// Fixed id of the Root folder, such as `r-Ab12Cd`.
    pub(super) root: Option<String>,
    /// Members may be deleted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) deletes_members: bool,
    /// Display names are also written into the accounts of members.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) syncs_names: bool,
    /// Control policies apply. Every folder and member then has `FullAliyunAccess`, unless `fullAccess` is false.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) control_enabled: bool,
    /// Custom control policies.
    pub(super) control_policies: Vec<ControlPolicyFile>,
    /// Control policies of the Root folder, by name.
    pub(super) policies: Vec<String>,
    /// The Root folder has `FullAliyunAccess`.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) full_access: bool,
    /// Folders; one comes before those in it.
    pub(super) folders: Vec<FolderFile>,
    pub(super) members: Vec<MemberFile>,
    /// Invitations that wait for an answer. They expire after 14 days.
    pub(super) invitations: Vec<InvitationFile>,
    /// Message contacts.
    pub(super) contacts: Vec<ContactFile>,
}

/// A control policy.
#[apply(input)]
pub(super) struct ControlPolicyFile {
    pub(super) name: String,
    /// Fixed id, such as `cp-Ab12Cd`.
    pub(super) id: Option<String>,
    pub(super) description: Option<String>,
    /// The document, as a mapping or JSON text.
    pub(super) document: Value,
    pub(super) tags: BTreeMap<String, String>,
}

/// A folder.
#[apply(input)]
pub(super) struct FolderFile {
    /// Names from the Root folder down, such as `prod/web`.
    pub(super) path: String,
    /// Fixed id, such as `fd-Ab12Cd`.
    pub(super) id: Option<String>,
    /// Control policies, by name.
    pub(super) policies: Vec<String>,
    /// The folder has `FullAliyunAccess`.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) full_access: bool,
    pub(super) tags: BTreeMap<String, String>,
}

/// A member.
#[apply(input)]
pub(super) struct MemberFile {
    /// Name of the account in this file.
    pub(super) account: String,
    /// Path of its folder; default: the Root folder.
    pub(super) folder: Option<String>,
    /// Default: the name of the account.
    pub(super) display_name: Option<String>,
    /// Default: `CloudAccount` for an invited member, else `ResourceAccount`.
    pub(super) r#type: Option<MemberKind>,
    /// It joined by an invitation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) invited: bool,
    /// Name of the account that pays for it; default: itself.
    pub(super) payer: Option<String>,
    /// Services that it administers, such as `cloudfw.aliyuncs.com`.
    pub(super) administers: Vec<String>,
    /// Control policies, by name.
    pub(super) policies: Vec<String>,
    /// The member has `FullAliyunAccess`.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(super) full_access: bool,
    pub(super) tags: BTreeMap<String, String>,
}

/// An invitation.
#[apply(input)]
pub(super) struct InvitationFile {
    /// Name of the invited account in this file.
    pub(super) account: String,
    pub(super) note: Option<String>,
}

/// Plants all directories. `named` has the accounts of the file.
pub(super) fn plant(
    files: &[DirectoryFile],
    named: &BTreeMap<String, Uid>,
    tx: &mut Tx<'_>,
    misfits: &mut Misfits,
) {
    for (index, file) in files.iter().enumerate() {
        let at = At::top().item("directories", index);
        let Some(manager) = misfits.note(account(&at, "account", &file.account, named)) else { continue };
        let mut planter = Planter { manager, named, tx, misfits };
        planter.plant(file, &at);
    }
}

fn account(at: &At, field: &str, name: &str, named: &BTreeMap<String, Uid>) -> Result<Uid, Misfit> {
    named.get(name).copied().ok_or_else(|| {
        let advice = advice(name, named.keys().map(String::as_str));
        at.field(field).wrong(format!("no account is named `{name}`{advice}"))
    })
}

struct Planter<'a, 't> {
    manager: Uid,
    named: &'a BTreeMap<String, Uid>,
    tx: &'a mut Tx<'t>,
    misfits: &'a mut Misfits,
}

impl Planter<'_, '_> {
    fn plant(&mut self, file: &DirectoryFile, at: &At) {
        let ids = [("id", &file.id, "rd-"), ("root", &file.root, "r-")]
            .map(|(field, id, prefix)| self.misfits.note(pinned(at, field, id.as_deref(), prefix)).flatten());
        let enabled = self.tx.enable_directory_as(self.manager, ids.map(|id| id.map(Into::into)));
        if self.misfits.note(enabled.map_err(|refusal| at.field("account").refused(refusal))).is_none() {
            return;
        }
        let set = self.tx.directory_mut(self.manager).map(|directory| {
            (directory.deletes_members, directory.syncs_names) = (file.deletes_members, file.syncs_names);
            directory.enable_control(file.control_enabled);
        });
        self.misfits.note(set.map_err(|refusal| at.refused(refusal)));
        for (index, policy) in file.control_policies.iter().enumerate() {
            let added = self.policy(policy, &at.item("controlPolicies", index));
            self.misfits.note(added);
        }
        self.attach(Target::Folder(Directory::ROOT), &file.policies, file.full_access, at);
        for (index, folder) in file.folders.iter().enumerate() {
            let at = at.item("folders", index);
            let added = self.folder(folder, &at);
            if let Some(slot) = self.misfits.note(added) {
                self.attach(Target::Folder(slot), &folder.policies, folder.full_access, &at);
            }
        }
        for (index, member) in file.members.iter().enumerate() {
            let at = at.item("members", index);
            let added = self.member(member, &at);
            if let Some(uid) = self.misfits.note(added) {
                self.attach(Target::Member(uid), &member.policies, member.full_access, &at);
            }
        }
        // A payer may come after the member that it pays for.
        for (index, member) in file.members.iter().enumerate() {
            let at = at.item("members", index);
            let paid = self.payer(member, &at);
            self.misfits.note(paid);
        }
        for (index, invitation) in file.invitations.iter().enumerate() {
            let invited = self.invitation(invitation, &at.item("invitations", index));
            self.misfits.note(invited);
        }
        for (index, contact) in file.contacts.iter().enumerate() {
            let at = at.item("contacts", index);
            let added = contacts::plant(contact, &at, self.manager, self.named, self.tx);
            self.misfits.note(added);
        }
    }

    fn policy(&mut self, file: &ControlPolicyFile, at: &At) -> Result<(), Misfit> {
        let refused = |refusal: Refusal| at.field("name").refused_name(refusal);
        let (now, quotas) = (self.tx.now, self.tx.state().quotas);
        let name = at.read("name", &file.name)?;
        let id = match pinned(at, "id", file.id.as_deref(), "cp-")? {
            Some(id) => id.into(),
            None => self.tx.directory_id(self.manager, "cp-", 16).map_err(refused)?,
        };
        let mut policy = ControlPolicy::new(id, name, &document(&file.document), now).map_err(|why| {
            at.field("document").wrong(format!("it is refused as the API refuses it: {why}"))
        })?;
        policy.description = at.read_option("description", file.description.as_ref())?;
        policy.tags = tags(&file.tags, at, quotas.tags_each)?;
        let control = &mut self.tx.directory_mut(self.manager).map_err(refused)?.control;
        control.add(policy, &quotas).map(drop).map_err(refused)
    }

    /// Attaches policies by name.
    fn attach(&mut self, target: Target, names: &[String], full_access: bool, at: &At) {
        let (now, quotas) = (self.tx.now, self.tx.state().quotas);
        for (index, name) in names.iter().enumerate() {
            let at = at.item("policies", index);
            let attached = self.tx.directory_mut(self.manager).and_then(|directory| {
                let policy = directory.control.named(name)?;
                directory.control.attach(target, policy, now, &quotas)
            });
            self.misfits.note(attached.map_err(|refusal| at.refused(refusal)));
        }
        if !full_access {
            let detached = self.tx.directory_mut(self.manager).and_then(|directory| {
                let policy = directory.control.slot(FULL_ACCESS)?;
                directory.control.detach(target, policy)
            });
            self.misfits.note(detached.map_err(|refusal| at.field("fullAccess").refused(refusal)));
        }
    }

    fn slot(&self, path: &str, at: &At, field: &str) -> Result<Slot, Misfit> {
        let directory = self.tx.state().directory(self.manager).map_err(|refusal| at.refused(refusal))?;
        directory
            .folder_at(path)
            .ok_or_else(|| at.field(field).wrong(format!("no folder before this one has the path `{path}`")))
    }

    fn folder(&mut self, file: &FolderFile, at: &At) -> Result<Slot, Misfit> {
        let (parent, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let parent = self.slot(parent, at, "path")?;
        let name: FolderName = at.read("path", name)?;
        let id = at.read_option::<FolderId>("id", file.id.as_ref())?;
        let quota = self.tx.state().quotas.tags_each;
        let tags = tags(&file.tags, at, quota)?;
        let refused = |refusal| at.field("path").refused(refusal);
        let id = id.map(|id| id.as_str().into());
        let slot = self.tx.add_folder_as(self.manager, id, name, parent).map_err(refused)?;
        *self.tx.directory_mut(self.manager).and_then(|one| one.folder_tags_mut(slot)).map_err(refused)? =
            tags;
        Ok(slot)
    }

    fn member(&mut self, file: &MemberFile, at: &At) -> Result<Uid, Misfit> {
        let uid = account(at, "account", &file.account, self.named)?;
        let folder = self.slot(file.folder.as_deref().unwrap_or_default(), at, "folder")?;
        let name = file.display_name.as_ref().unwrap_or(&file.account);
        let display_name =
            if file.invited { MemberName::of_account(name) } else { at.read("displayName", name)? };
        let usual = if file.invited { MemberKind::CloudAccount } else { MemberKind::ResourceAccount };
        let quota = self.tx.state().quotas.tags_each;
        let seed = MemberSeed {
            uid,
            display_name,
            folder,
            kind: file.r#type.unwrap_or(usual),
            join: if file.invited { JoinMethod::Invited } else { JoinMethod::Created },
            tags: tags(&file.tags, at, quota)?,
        };
        self.tx.plant_member(self.manager, seed).map_err(|refusal| at.field("account").refused(refusal))?;
        let now = self.tx.now;
        for (index, service) in file.administers.iter().enumerate() {
            let at = at.item("administers", index);
            let service: ServicePrincipal = at.value(service)?;
            let quotas = self.tx.state().quotas;
            let directory = self.tx.directory_mut(self.manager);
            let given = directory.and_then(|one| one.delegate(uid, &service, (now, &quotas)));
            given.map_err(|refusal| at.refused(refusal))?;
        }
        Ok(uid)
    }

    fn payer(&mut self, file: &MemberFile, at: &At) -> Result<(), Misfit> {
        let Some(payer) = &file.payer else { return Ok(()) };
        let uid = account(at, "account", &file.account, self.named)?;
        let payer = account(at, "payer", payer, self.named)?;
        let paid = self.tx.plant_payer(self.manager, uid, payer);
        paid.map_err(|refusal| at.field("payer").refused(refusal))
    }

    fn invitation(&mut self, file: &InvitationFile, at: &At) -> Result<(), Misfit> {
        let uid = account(at, "account", &file.account, self.named)?;
        let note: Option<Note> = at.read_option("note", file.note.as_ref())?;
        let new = NewHandshake {
            target: Invitee::Account(uid),
            note,
            folder: Directory::ROOT,
            tags: Tags::default(),
        };
        let invited = self.tx.invite_member(self.manager, new);
        invited.map(drop).map_err(|refusal| at.field("account").refused(refusal))
    }
}

/// Checks an id that the file gives.
fn pinned(at: &At, field: &str, id: Option<&str>, prefix: &str) -> Result<Option<String>, Misfit> {
    let Some(id) = id else { return Ok(None) };
    let good =
        |rest: &str| (1..=32).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if id.strip_prefix(prefix).is_some_and(good) {
        return Ok(Some(id.to_owned()));
    }
    Err(at.field(field).wrong(format!("`{id}` is not `{prefix}` and up to 32 letters and digits")))
}

fn tags(file: &BTreeMap<String, String>, at: &At, quota: usize) -> Result<Tags, Misfit> {
    let mut tags = Tags::default();
    for (key, value) in file {
        let tag = Tag(at.read("tags", key)?, at.read("tags", value)?);
        tags.set(&[tag], quota).map_err(|refusal| at.field("tags").refused(refusal))?;
    }
    Ok(tags)
}

/// Returns the directories of a state as a file has them.
pub(super) fn written(state: &State, names: &BTreeMap<Uid, String>) -> Vec<DirectoryFile> {
    let name = |uid: Uid| names.get(&uid).cloned().unwrap_or_default();
    state.directories.iter().map(|directory| one(state, directory, &name)).collect()
}

fn one(state: &State, directory: &Directory, name: &dyn Fn(Uid) -> String) -> DirectoryFile {
    let written =
        |tags: &Tags| tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    let control = &directory.control;
    let is_on = control.applies();
    let policies = |target| -> Vec<String> {
        let custom = control.attached_to(target).filter(|(policy, _)| !policy.is_system);
        custom.map(|(policy, _)| policy.name.to_string()).collect()
    };
    let full = |target| !is_on || control.attached_to(target).any(|(policy, _)| policy.is_system);
    let root = Target::Folder(Directory::ROOT);
    let custom = control.policies().filter(|(_, policy)| !policy.is_system);
    let pending = state
        .handshakes()
        .filter(|one| one.directory == directory.id && one.status == HandshakeStatus::Pending);
    DirectoryFile {
        account: name(directory.manager),
        id: Some(directory.id.to_string()),
        root: Some(directory.root_id().to_owned()),
        deletes_members: directory.deletes_members,
        syncs_names: directory.syncs_names,
        control_enabled: is_on,
        control_policies: custom
            .map(|(_, policy)| ControlPolicyFile {
                name: policy.name.to_string(),
                id: Some(policy.id.to_string()),
                description: policy.description.as_ref().map(ToString::to_string),
                document: crate::scenario::export::document(&policy.text),
                tags: written(&policy.tags),
            })
            .collect(),
        policies: policies(root),
        full_access: full(root),
        folders: directory
            .folders()
            .filter(|(slot, _)| *slot != Directory::ROOT)
            .map(|(slot, folder)| FolderFile {
                path: directory.names_to(slot),
                id: Some(folder.id.to_string()),
                policies: policies(Target::Folder(slot)),
                full_access: full(Target::Folder(slot)),
                tags: written(&folder.tags),
            })
            .collect(),
        members: directory
            .members()
            .map(|member| MemberFile {
                account: name(member.uid),
                folder: Some(directory.names_to(member.folder)).filter(|path| !path.is_empty()),
                display_name: Some(member.display_name.to_string()),
                r#type: Some(member.kind),
                invited: member.join == JoinMethod::Invited,
                payer: member.payer.map(name),
                administers: directory
                    .services_of(member.uid)
                    .map(|(service, _)| service.to_owned())
                    .collect(),
                policies: policies(Target::Member(member.uid)),
                full_access: full(Target::Member(member.uid)),
                tags: written(&member.tags),
            })
            .collect(),
        invitations: pending
            .map(|one| InvitationFile {
                account: name(one.uid),
                note: one.note.as_ref().map(ToString::to_string),
            })
            .collect(),
        contacts: contacts::written(directory, name),
    }
}
