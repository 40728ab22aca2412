//! Operations on members. Source: docs/evidence/resource-directory.md 4.2.

use crate::attributes::{apply, reply};
use crate::error::{Result, directory as codes};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::reply::{Numbered, Paging, TagView, plain, wrapped};
use crate::services::directory::whole::identity_of;
use crate::services::directory::{Door, administered, managed, manager, must_be_user_or_role, tried};
use crate::services::shared::reply::{Listed, One, elements, masked};
use crate::services::shared::words::words;
use crate::text::{AccountNamePrefix, Bounded, FolderId, MemberName, MobilePhone, Tag, Uid};
use crate::world::account::Tags;
use crate::world::directory::{Directory, JoinMethod, Member, MemberKind, MemberStatus, NewMember};
use crate::world::{State, Tx, View};
use serde::Serialize;

request! {
    /// Parameters of `CreateResourceAccount`.
    pub(super) struct Create {
        display_name: MemberName = "DisplayName",
        prefix: Option<AccountNamePrefix> = "AccountNamePrefix",
        parent: Option<FolderId> = "ParentFolderId",
        payer: Option<Uid> = "PayerAccountId",
        reselling: Option<Reselling> = "ResellAccountType",
        tags: Vec<Tag> = "Tag",
        dry_run: Option<bool> = "DryRun",
    }

    /// Parameters of `GetAccount`.
    pub(super) struct Get {
        uid: Uid = "AccountId",
        tags: Option<bool> = "IncludeTags",
    }

    /// Parameters of `ListAccounts`.
    pub(super) struct List {
        keyword: Option<String> = "QueryKeyword",
        wanted: Vec<Tag> = "Tag",
        tags: Option<bool> = "IncludeTags",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
        paging: Paging = "PageNumber",
    }

    /// Parameters of `ListAccountsForParent`.
    pub(super) struct ListIn {
        parent: Option<FolderId> = "ParentFolderId",
        keyword: Option<String> = "QueryKeyword",
        wanted: Vec<Tag> = "Tag",
        tags: Option<bool> = "IncludeTags",
        paging: Paging = "PageNumber",
    }

    /// Parameters of `UpdateAccount`.
    pub(super) struct Update {
        uid: Uid = "AccountId",
        kind: Option<Kind> = "NewAccountType",
        name: Option<MemberName> = "NewDisplayName",
        dry_run: Option<bool> = "DryRun",
    }

    /// Parameters of `MoveAccount`.
    pub(super) struct Move {
        uid: Uid = "AccountId",
        folder: FolderId = "DestinationFolderId",
    }
}

words! {
    /// `ResourceAccount` or `CloudAccount`.
    Kind: MemberKind { "ResourceAccount" => MemberKind::ResourceAccount, "CloudAccount" => MemberKind::CloudAccount }
    /// `resell` or `non_resell`.
    Reselling: () { "resell" | "non_resell" => () }
}

/// A member. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct MemberView {
    account_id: Uid,
    account_name: Option<String>,
    display_name: String,
    folder_id: String,
    join_method: JoinMethod,
    join_time: Option<String>,
    modify_time: String,
    resource_directory_id: String,
    resource_directory_path: Option<String>,
    status: MemberStatus,
    r#type: MemberKind,
    record_id: Option<String>,
    deletion_status: Option<&'static str>,
    email_status: Option<&'static str>,
    has_secure_mobile_phone: Option<bool>,
    secure_mobile_phone: Option<String>,
    identity_information: Option<String>,
    location: Option<String>,
    tags: Option<TagsView>,
}

/// Tags, which one action returns without their wrapper.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum TagsView {
    Plain(Vec<TagView>),
    Wrapped(Listed<TagView>),
}

elements! { MemberView: "Account" "Accounts"; }

impl MemberView {
    pub(super) fn new(state: &State, directory: &Directory, member: &Member) -> Result<Self> {
        let account = state.account(member.uid)?;
        Ok(Self {
            account_id: member.uid,
            account_name: Some(account.profile.login_name.to_string()),
            display_name: member.display_name.to_string(),
            folder_id: directory.folder(member.folder)?.id.to_string(),
            join_method: member.join,
            join_time: (member.status != MemberStatus::CreateVerifying).then(|| member.joined.with_millis()),
            modify_time: member.modified.with_millis(),
            resource_directory_id: directory.id.to_string(),
            resource_directory_path: None,
            status: member.status,
            r#type: member.kind,
            record_id: None,
            deletion_status: None,
            email_status: None,
            has_secure_mobile_phone: None,
            secure_mobile_phone: None,
            identity_information: None,
            location: None,
            tags: None,
        })
    }
}

impl MemberView {
    /// Adds the number of the creation or switch by e-mail.
    pub(super) fn with_record(self, member: &Member) -> Self {
        Self { record_id: member.record.as_ref().map(ToString::to_string), ..self }
    }

    /// A member with its path and its account name.
    pub(super) fn with_path(
        state: &State,
        directory: &Directory,
        member: &Member,
        path: String,
    ) -> Result<Self> {
        Ok(Self { resource_directory_path: Some(path), ..Self::new(state, directory, member)? })
    }
}

/// `CreateResourceAccount`: registers an account in the directory. Users and roles of the management account may assume its role
/// `ResourceDirectoryAccountAccessRole` at once (UNCERTAIN).
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Folder`, `InvalidParameter.Account.DisplayName.AlreadyUsed`,
/// `EntityAlreadyExists.ResourceDirectory.Account`, `LimitExceeded.Account`, `NotSupport.Site.Action`, `BusinessRestricted` for a management
/// account that its reseller has frozen (UNCERTAIN) and the errors of payers. UNCERTAIN: the order; without a folder the member is in the
/// Root folder. Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn create(tx: &mut Tx<'_>, req: Create) -> Result<One<MemberView>> {
    let Create { display_name, prefix, parent, payer, reselling, tags: wanted, dry_run } = req;
    tried(tx, dry_run, |tx| {
        tx.state().may_act_on_site(tx.account()?.uid)?;
        let uid = manager(tx)?;
        let folder = tx.state().directory(uid)?.folder_or_root(parent.as_ref())?;
        if reselling.is_some() && !tx.state().account(uid)?.is_partner {
            return Err(codes::NOT_SUPPORT_SETTING_RESELL_ACCOUNT_TYPE.error());
        }
        let mut tags = Tags::default();
        tags.set(&wanted, tx.state().quotas.tags_each)?;
        let made = tx.create_member(uid, NewMember { display_name, prefix, folder, payer: None, tags })?;
        tx.set_payer(uid, made, payer)?;
        shown(tx, uid, made)
    })
}

fn shown(tx: &Tx<'_>, manager: Uid, member: Uid) -> Result<One<MemberView>> {
    let directory = tx.state().directory(manager)?;
    Ok(One(MemberView::new(tx.state(), directory, directory.member(member)?)?))
}

/// `GetAccount`: returns a member.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Account`. UNCERTAIN: `Location`, here the names of the folders.
/// Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn get<D: Door>(view: View<'_>, req: Get) -> Result<One<MemberView>> {
    get_in(view, req, D::NEWER)
}

fn get_in(view: View<'_>, req: Get, is_newer: bool) -> Result<One<MemberView>> {
    let directory = managed(&view)?;
    let member = directory.member(req.uid)?;
    let account = view.state.account(req.uid)?;
    let mut names: Vec<_> =
        directory.upwards(member.folder).map(|(_, folder)| folder.name.as_str()).collect();
    names.reverse();
    let mobile = account.profile.mobile.as_ref().map(MobilePhone::as_str);
    let no_tags = Tags::default();
    let tags = if req.tags == Some(true) { &member.tags } else { &no_tags };
    Ok(One(MemberView {
        resource_directory_path: Some(directory.member_path(member)),
        email_status: Some(view.state.email_status(member)),
        has_secure_mobile_phone: is_newer.then_some(mobile.is_some()),
        secure_mobile_phone: is_newer.then(|| mobile.map(masked).unwrap_or_default()),
        identity_information: Some(identity_of(account)),
        location: Some(names.join("/")),
        tags: Some(TagsView::Plain(plain(tags))),
        ..MemberView::new(view.state, directory, member)?
    }))
}

/// Fields of a member in a list.
struct InList<'a> {
    view: View<'a>,
    directory: &'a Directory,
    is_newer: bool,
    with_path: bool,
    with_tags: bool,
}

impl InList<'_> {
    fn of(&self, member: &Member) -> Option<MemberView> {
        let no_tags = Tags::default();
        let tags = if self.with_tags { &member.tags } else { &no_tags };
        let shown = MemberView::new(self.view.state, self.directory, member).ok()?;
        Some(MemberView {
            account_name: shown.account_name.filter(|_| self.is_newer),
            resource_directory_path: self.with_path.then(|| self.directory.member_path(member)),
            deletion_status: self.is_newer.then(|| deletion_status(&self.view, member)),
            tags: Some(TagsView::Wrapped(wrapped(tags))),
            ..shown
        })
    }
}

/// `DeletionStatus` of a member: of its last deletion, or of a check that runs.
fn deletion_status(view: &View<'_>, member: &Member) -> &'static str {
    match view.state.deletion(member.uid) {
        Some((_, status)) => status.name(),
        None if member.check.as_ref().is_some_and(|check| !check.is_done(view.now)) => "Checking",
        None => "",
    }
}

/// `ListAccounts`: returns a page of the members, in order of joining. UNCERTAIN: the management account is not among them. With `MaxResults`
/// or `NextToken` the newer product returns the start of the next page.
///
/// Fails with `EntityNotExists.ResourceDirectory`. Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn list<D: Door>(view: View<'_>, req: List) -> Result<Numbered<MemberView>> {
    list_all(view, req, D::NEWER)
}

fn list_all(view: View<'_>, req: List, is_newer: bool) -> Result<Numbered<MemberView>> {
    let directory = administered(&view)?;
    let shown = InList { view, directory, is_newer, with_path: true, with_tags: req.tags == Some(true) };
    let keyword = req.keyword.filter(|_| is_newer).unwrap_or_default();
    let wanted = |one: &&Member| one.display_name.as_str().contains(&keyword) && one.tags.have(&req.wanted);
    let all = directory.members().filter(wanted).filter_map(|member| shown.of(member));
    let page = match (req.max, req.next) {
        (None, None) => Numbered::of(req.paging, all, |member| member),
        _ if !is_newer => Numbered::of(req.paging, all, |member| member),
        (max, next) => {
            let from = usize::try_from(next.map_or(0, |next| next.0)).unwrap_or(usize::MAX);
            Numbered::after(from, max.map_or(10, |max| max.0), all, |member| member)
        }
    };
    Ok(page.with_token(is_newer))
}

/// `ListAccountsForParent`: returns a page of the members directly in a folder, by default in the Root folder.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Folder`. Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn list_in<D: Door>(view: View<'_>, req: ListIn) -> Result<Numbered<MemberView>> {
    list_below(view, req, D::NEWER)
}

fn list_below(view: View<'_>, req: ListIn, is_newer: bool) -> Result<Numbered<MemberView>> {
    let directory = managed(&view)?;
    let parent = directory.folder_or_root(req.parent.as_ref())?;
    let with_tags = req.tags == Some(true);
    let shown = InList { view, directory, is_newer, with_path: false, with_tags };
    let keyword = req.keyword.unwrap_or_default();
    let wanted = |one: &&Member| one.display_name.as_str().contains(&keyword) && one.tags.have(&req.wanted);
    let all = directory.members_in(parent).filter(wanted).filter_map(|member| shown.of(member));
    Ok(Numbered::of(req.paging, all, |member| member))
}

/// `UpdateAccount`: renames a member, or switches its type.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account`, `MissingDisplayNameOrAccountType`,
/// `InvalidParameter.Account.DisplayName.AlreadyUsed`, and for a switch with `CallerIdentityError`, `AccountTypeMismatch`,
/// `MissingSecurityInfo`, `PrimaryAkInUse` and `LegalEntityDifferent`. UNCERTAIN: with both parameters it does both. Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn update(tx: &mut Tx<'_>, req: Update) -> Result<One<MemberView>> {
    tried(tx, req.dry_run, |tx| {
        let own = manager(tx)?;
        tx.state().directory(own)?.member(req.uid)?;
        if req.kind.is_none() && req.name.is_none() {
            return Err(codes::MISSING_DISPLAY_NAME_OR_ACCOUNT_TYPE.error());
        }
        if let Some(name) = req.name {
            tx.rename_member(own, req.uid, name)?;
        }
        if let Some(Kind(kind)) = req.kind {
            must_be_user_or_role(tx, &codes::CALLER_IDENTITY_ERROR)?;
            tx.switch_member(own, req.uid, kind)?;
        }
        shown(tx, own, req.uid)
    })
}

/// `MoveAccount`: moves a member to another folder.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account` and `EntityNotExists.Folder`. UNCERTAIN: a member that is being
/// deleted gets `AccountTypeOrStatusMismatch`. Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn relocate(tx: &mut Tx<'_>, req: Move) -> Result<Done> {
    let (uid, now) = (manager(tx)?, tx.now);
    tx.state().directory(uid)?.member(req.uid)?;
    if tx.state().account(req.uid)?.standing().closure().is_some() {
        return Err(codes::ACCOUNT_TYPE_OR_STATUS_MISMATCH.error());
    }
    let own = tx.directory_mut(uid)?;
    let folder = own.folder_slot(&req.folder)?;
    own.move_member(req.uid, folder, now)?;
    Ok(Done {})
}
