//! Changes to a directory that concern accounts: enabling, joining, switching the type, leaving.
//! Source: docs/evidence/resource-directory.md sections 2, 3 and 4.

use crate::text::{FolderName, LoginName, MemberName, MobilePhone, RoleName, Scalar, Site, Timestamp, Uid};
use crate::world::account::{Account, Entity, Hold, Identity, KeyStatus, Profile, Subject, Tags, Trust};
use crate::world::directory::{
    Control, ControlStatus, Directories, Directory, Folder, JoinMethod, Member, MemberKind, MemberSeed,
    MemberStatus, NewMember,
};
use crate::world::ids::IdKind;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::register::{Register, Slot};
use crate::world::state::{Event, State};
use crate::world::tx::directory::DAY;
use crate::world::tx::{NewRole, Tx};
use compact_str::{CompactString, format_compact};
use imbl::OrdMap;
use std::sync::Arc;

/// Role of each member that its management account may assume. Source: docs/evidence/resource-directory.md section 3.
pub(super) const ACCESS_ROLE: &str = "ResourceDirectoryAccountAccessRole";
/// UNCERTAIN: no page shows how long control policies take to be enabled or disabled.
const SWITCH_MILLIS: i64 = 3_000;

impl Account {
    /// Returns the verified identity, if it is an enterprise.
    pub fn enterprise(&self) -> Option<&Identity> {
        self.real_name.identity().filter(|identity| identity.subject == Subject::Enterprise)
    }

    /// Returns the verified identity, which must be an enterprise with a name. A name of blanks is none.
    pub(super) fn named_enterprise(&self) -> Result<&Identity, Refusal> {
        let identity = self.enterprise().ok_or(Refusal::NotAnEnterprise)?;
        if identity.is_unnamed() { Err(Refusal::EnterpriseUnnamed) } else { Ok(identity) }
    }

    /// Returns `true` if the owner declared that the account is a person's. Source: docs/evidence/account.md 1.2.
    pub fn is_of_person(&self) -> bool {
        self.profile.details.get("AccountAttr").is_some_and(|kind| kind == "0")
    }

    /// Returns `true` if two accounts are verified as the same legal entity.
    pub fn is_same_entity(&self, other: &Self) -> bool {
        match (self.real_name.identity(), other.real_name.identity()) {
            (Some(one), Some(other)) => one.is_same(other),
            _ => false,
        }
    }
}

impl State {
    /// Checks whether an account may enable a directory.
    ///
    /// UNCERTAIN: the order of the checks. An account that its owner declared to be a person's has another code than one that is not
    /// verified as an enterprise (UNCERTAIN). Source: docs/evidence/resource-directory.md section 2.
    pub fn may_enable_directory(&self, uid: Uid) -> Result<(), Refusal> {
        self.may_join_directory(uid)?;
        let account = self.account(uid)?;
        if !self.is_site_for_directories(account) {
            return Err(Refusal::NotOnThisSite);
        }
        if account.is_of_person() {
            return Err(Refusal::NotAnEnterpriseProfile);
        }
        account.named_enterprise().map(drop)
    }

    fn is_site_for_directories(&self, account: &Account) -> bool {
        account.profile.site == Site::China || self.registry.rules.international_directories
    }

    /// Fails for an action that the site of an account may not have.
    pub(crate) fn may_act_on_site(&self, uid: Uid) -> Result<(), Refusal> {
        let may = self.is_site_for_directories(self.account(uid)?);
        if may { Ok(()) } else { Err(Refusal::ActionNotOnThisSite) }
    }
}

impl Tx<'_> {
    /// Returns all directories, to change.
    pub(super) fn directories_mut(&mut self) -> &mut Directories {
        Arc::make_mut(&mut self.state.directories)
    }

    /// Returns the directory of a management account, to change.
    pub fn directory_mut(&mut self, manager: Uid) -> Result<&mut Directory, Refusal> {
        self.directories_mut().all.get_mut(&manager).map(Arc::make_mut).ok_or(Refusal::NoDirectory)
    }

    /// Returns a new id in the directory of a management account.
    pub fn directory_id(
        &mut self,
        manager: Uid,
        prefix: &str,
        length: usize,
    ) -> Result<CompactString, Refusal> {
        let ids = self.ids;
        let (account, _) = self.account_of(manager)?;
        let word = ids.word(IdKind::Directory, manager, account.counters.next(IdKind::Directory), length);
        Ok(format_compact!("{prefix}{word}"))
    }

    /// Makes an account the management account of a new directory.
    pub fn enable_directory(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.enable_directory_as(uid, [None, None])
    }

    /// Makes an account the management account of a new directory. Its id and that of its Root folder are given or generated.
    pub fn enable_directory_as(&mut self, uid: Uid, ids: [Option<CompactString>; 2]) -> Result<(), Refusal> {
        self.state.may_enable_directory(uid)?;
        let [id, root] = ids;
        let id = id.map_or_else(|| self.directory_id(uid, "rd-", 6), Ok)?;
        let root = root.map_or_else(|| self.directory_id(uid, "r-", 6), Ok)?;
        let now = self.now;
        let mut folders = Register::default();
        folders.add(Folder::root(root, now)).map_err(|_| Refusal::DirectoryExists)?;
        let directory = Directory {
            id,
            manager: uid,
            created: now,
            folders,
            members: Register::default(),
            control: Control::new(now),
            contacts: Register::default(),
            trusted: OrdMap::new(),
            delegations: OrdMap::new(),
            deletes_members: false,
            syncs_names: false,
        };
        self.directories_mut().all.insert(uid, Arc::new(directory));
        Ok(())
    }

    /// Closes a directory without members and folders.
    ///
    /// UNCERTAIN: the code for folders; only that for members is listed. Source: docs/evidence/resource-directory.md 4.1.
    pub fn destroy_directory(&mut self, uid: Uid) -> Result<(), Refusal> {
        let directory = self.state.directory(uid)?;
        if directory.members().next().is_some() {
            return Err(Refusal::DirectoryHasMembers);
        }
        if directory.folders_in(Directory::ROOT).next().is_some() {
            return Err(Refusal::FolderHasFolders);
        }
        self.directories_mut().all.remove(&uid);
        Ok(())
    }

    /// Adds a folder to a directory.
    pub fn add_folder(&mut self, manager: Uid, name: FolderName, parent: Slot) -> Result<Slot, Refusal> {
        self.add_folder_as(manager, None, name, parent)
    }

    /// Adds a folder to a directory. Its id is given or generated.
    pub fn add_folder_as(
        &mut self,
        manager: Uid,
        id: Option<CompactString>,
        name: FolderName,
        parent: Slot,
    ) -> Result<Slot, Refusal> {
        let (now, quotas) = (self.now, self.state.quotas);
        let id = id.map_or_else(|| self.directory_id(manager, "fd-", 10), Ok)?;
        self.directory_mut(manager)?.add_folder(id, name, parent, now, &quotas)
    }

    pub(super) fn has_room(&self, manager: Uid) -> Result<(), Refusal> {
        let is_full = self.state.directory(manager)?.members.len() >= self.state.quotas.members_per_directory;
        if is_full { Err(Refusal::TooManyMembers) } else { Ok(()) }
    }

    /// Registers a resource account in a directory. It has the site, the country and the legal entity of the management account.
    pub fn create_member(&mut self, manager: Uid, new: NewMember) -> Result<Uid, Refusal> {
        let directory = self.state.directory(manager)?;
        if self.state.account(manager)?.standing().holds().has(Hold::Business) {
            return Err(Refusal::BusinessFrozen);
        }
        directory.display_name_is_free(&new.display_name, None)?;
        directory.folder(new.folder)?;
        self.has_room(manager)?;
        let domain = directory.id.to_ascii_lowercase();
        let prefix = match &new.prefix {
            Some(prefix) => prefix.as_str().into(),
            // UNCERTAIN: the form of a random prefix.
            None => self.directory_id(manager, "", 10)?.to_ascii_lowercase(),
        };
        let name = format!("{prefix}@{domain}{}", LoginName::OF_DIRECTORY);
        let name = LoginName::parse(&name).map_err(|_| Refusal::MemberNameTaken)?;
        let (now, owner) = (self.now, self.state.account(manager)?);
        let (site, country) = (owner.profile.site, owner.profile.country.clone());
        let identity = owner.real_name.identity().cloned();
        let profile = Profile { country, ..Profile::new(site, name) };
        let account = self.register(None, profile).map_err(|refusal| match refusal {
            Refusal::LoginNameTaken => Refusal::MemberNameTaken,
            other => other,
        })?;
        let uid = account.uid;
        if let Some(identity) = identity {
            account.real_name_mut().inherit(identity, now);
        }
        self.join(
            manager,
            Member {
                uid,
                display_name: new.display_name,
                kind: MemberKind::ResourceAccount,
                join: JoinMethod::Created,
                folder: new.folder,
                status: MemberStatus::CreateSuccess,
                joined: now,
                modified: now,
                payer: new.payer,
                email_change: None,
                record: None,
                check: None,
                tags: new.tags,
            },
        )?;
        Ok(uid)
    }

    /// Makes an account of a scenario a member. A resource account that is not verified gets the legal entity of the management account.
    pub fn plant_member(&mut self, manager: Uid, seed: MemberSeed) -> Result<(), Refusal> {
        let MemberSeed { uid, display_name, folder, kind, join, tags } = seed;
        let now = self.now;
        self.state.directory(manager)?.display_name_is_free(&display_name, None)?;
        let identity = self.state.account(manager)?.real_name.identity().cloned();
        let is_verified = self.open_account(uid)?.real_name.is_verified();
        if let (Some(identity), MemberKind::ResourceAccount, false) = (identity, kind, is_verified) {
            self.account_of(uid)?.0.real_name_mut().inherit(identity, now);
        }
        let status = match (join, kind) {
            (JoinMethod::Invited, MemberKind::CloudAccount) => MemberStatus::InviteSuccess,
            (JoinMethod::Created, MemberKind::ResourceAccount) => MemberStatus::CreateSuccess,
            _ => MemberStatus::SwitchSuccess,
        };
        let member = Member {
            uid,
            display_name,
            kind,
            join,
            folder,
            status,
            joined: now,
            modified: now,
            payer: None,
            email_change: None,
            record: None,
            check: None,
            tags,
        };
        self.join(manager, member)
    }

    /// Makes an account a member, and lets the management account assume the access role.
    pub(super) fn join(&mut self, manager: Uid, member: Member) -> Result<(), Refusal> {
        let uid = member.uid;
        if self.state.directory_around(uid).is_some() {
            return Err(Refusal::InDirectory);
        }
        self.has_room(manager)?;
        self.directory_mut(manager)?.add_member(member)?;
        self.directories_mut().managers.insert(uid, manager);
        self.add_access_role(manager, uid)
    }

    /// Adds the access role, unless the account has one of that name. UNCERTAIN: its policy is AdministratorAccess.
    fn add_access_role(&mut self, manager: Uid, uid: Uid) -> Result<(), Refusal> {
        let name = RoleName::parse(ACCESS_ROLE).expect("it is a name");
        if self.state.account(uid)?.role_slot(&name).is_ok() {
            return Ok(());
        }
        let trust = format!(
            r#"{{"Statement":[{{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{{"RAM":["acs:ram::{manager}:root"]}}}}],"Version":"1"}}"#
        );
        let new = NewRole {
            name,
            description: None,
            trust: Trust::parse(&trust).expect("the trust policy of the role is good"),
            max_session: None,
            allow_console_login: false,
            service: None,
            tags: Tags::default(),
        };
        let slot = self.add_role(uid, new)?;
        let now = self.now;
        let (account, quotas) = self.account_of(uid)?;
        let policy = account.system_policy("AdministratorAccess").ok_or(Refusal::NoSuchPolicy)?;
        account.attach(Entity::Role(slot), policy, None, now, &quotas)
    }

    /// Renames a member, and its account if names are synchronized.
    pub fn rename_member(&mut self, manager: Uid, uid: Uid, name: MemberName) -> Result<(), Refusal> {
        let now = self.now;
        let directory = self.directory_mut(manager)?;
        directory.rename_member(uid, name.clone(), now)?;
        if directory.syncs_names {
            self.set_details(uid, [("NickName", name.as_str())])?;
        }
        Ok(())
    }

    /// Switches a member to the other type. Only RAM users and roles may do so; the caller checks this.
    ///
    /// Source: docs/evidence/resource-directory.md 4.2, `UpdateAccount`.
    pub fn switch_member(&mut self, manager: Uid, uid: Uid, kind: MemberKind) -> Result<(), Refusal> {
        let directory = self.state.directory(manager)?;
        if directory.member(uid)?.kind == kind {
            return Err(Refusal::MemberTypeUnfit);
        }
        let account = self.state.account(uid)?;
        match kind {
            MemberKind::CloudAccount
                if account.profile.email.is_none() && account.profile.mobile.is_none() =>
            {
                return Err(Refusal::NoSecurityInfo);
            }
            MemberKind::ResourceAccount if account.keys.iter().any(|key| key.status == KeyStatus::Active) => {
                return Err(Refusal::RootKeyInUse);
            }
            MemberKind::ResourceAccount if !account.is_same_entity(self.state.account(manager)?) => {
                return Err(Refusal::OtherEntity);
            }
            _ => {}
        }
        let now = self.now;
        let member = self.directory_mut(manager)?.member_mut(uid)?;
        (member.kind, member.status, member.modified) = (kind, MemberStatus::SwitchSuccess, now);
        Ok(())
    }

    /// Ends the membership of an account, if it is a member.
    pub(in crate::world) fn leave_directory(&mut self, uid: Uid) {
        let Some(manager) = self.directories_mut().managers.remove(&uid) else { return };
        if let Ok(directory) = self.directory_mut(manager) {
            let dropped = directory.drop_member(uid);
            debug_assert!(dropped.is_ok(), "the index points at members");
        }
    }

    /// Returns the minutes to wait before control policies can be enabled again.
    pub fn control_pause(&self, manager: Uid) -> Result<Option<i64>, Refusal> {
        let control = &self.state.directory(manager)?.control;
        let interval = self.rules().control_policy_interval.0;
        let until = control.switched.filter(|_| !control.applies()).map(|asked| asked.plus(interval));
        let left = until.map_or(0, |until| until.since(self.now).as_millis());
        let minutes = i64::try_from(left.max(0).unsigned_abs().div_ceil(60_000)).unwrap_or(i64::MAX);
        Ok((minutes > 0).then_some(minutes))
    }

    /// Starts to enable or disable control policies, which takes a moment. Returns the status.
    pub fn switch_control(&mut self, manager: Uid, on: bool) -> Result<ControlStatus, Refusal> {
        let now = self.now;
        let control = &mut self.directory_mut(manager)?.control;
        control.status = match (control.status, on) {
            (ControlStatus::Disabled, true) => ControlStatus::PendingEnable,
            (ControlStatus::Enabled, false) => ControlStatus::PendingDisable,
            // UNCERTAIN: a second request changes nothing.
            (same, _) => return Ok(same),
        };
        control.switched = Some(now);
        let status = control.status;
        if on {
            self.directory_mut(manager)?.cover_all(now);
        }
        self.later(now.plus_millis(SWITCH_MILLIS), Event::ControlSwitched { manager, asked: now });
        Ok(status)
    }

    /// Ends the enabling or disabling of control policies that was asked for at `asked`.
    pub(in crate::world) fn control_switched(&mut self, manager: Uid, asked: Timestamp) -> Option<String> {
        let control =
            &mut self.directory_mut(manager).ok().filter(|one| one.control.switched == Some(asked))?.control;
        let (status, word) = match control.status {
            ControlStatus::PendingEnable => (ControlStatus::Enabled, "enabled"),
            ControlStatus::PendingDisable => {
                control.attachments = crate::world::relation::Relation::default();
                (ControlStatus::Disabled, "disabled")
            }
            _ => return None,
        };
        control.status = status;
        Some(format!("control policies of account {manager} are {word}"))
    }
}

impl State {
    /// Fails if an account manages a directory or is a member of one.
    pub fn may_join_directory(&self, uid: Uid) -> Result<(), Refusal> {
        if self.directories.managed_by(uid).is_some() {
            return Err(Refusal::DirectoryExists);
        }
        if self.directories.of_member(uid).is_some() { Err(Refusal::InDirectory) } else { Ok(()) }
    }
}

impl Tx<'_> {
    /// Sends a code by SMS on behalf of an account, and returns its expiry.
    pub fn send_directory_code(
        &mut self,
        uid: Uid,
        mobile: &MobilePhone,
        purpose: &str,
    ) -> Result<Timestamp, Refusal> {
        let scene = self.scene_of_codes(uid, purpose)?;
        Ok(self.send_code(Channel::Sms, mobile.as_str(), &scene))
    }

    /// Returns the scene of a message with a code, if the account may have one more sent today.
    fn scene_of_codes(&self, uid: Uid, purpose: &str) -> Result<String, Refusal> {
        let scene = format!("{purpose} of {uid}");
        let since = self.now.plus(-DAY);
        let sent = self.state.registry.outbox.iter().rev().take_while(|one| one.at > since);
        let count = sent.filter(|one| one.scene == scene).count();
        let is_over = count >= self.state.quotas.codes_per_day;
        if is_over { Err(Refusal::TooManyDirectoryCodes) } else { Ok(scene) }
    }

    /// Asks the owner of an address to confirm it as one of a message contact.
    pub(super) fn send_to_directory_contact(
        &mut self,
        manager: Uid,
        channel: Channel,
        to: &str,
    ) -> Result<(), Refusal> {
        let scene = self.scene_of_codes(manager, "message-contact")?;
        let text = format!("Account {manager} adds this address to its message contacts. Confirm it.");
        self.send(self.message(channel, to, &scene, text));
        Ok(())
    }

    /// Registers a new management account with the site, the country and the legal entity of an account.
    pub fn register_manager(
        &mut self,
        of: Uid,
        name: LoginName,
        mobile: MobilePhone,
    ) -> Result<Uid, Refusal> {
        let (now, owner) = (self.now, self.state.account(of)?);
        let identity = owner.real_name.identity().cloned();
        let (site, country) = (owner.profile.site, owner.profile.country.clone());
        let account =
            self.register(None, Profile { country, mobile: Some(mobile), ..Profile::new(site, name) })?;
        if let Some(identity) = identity {
            account.real_name_mut().inherit(identity, now);
        }
        Ok(account.uid)
    }
}
