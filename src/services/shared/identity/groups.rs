//! Operations on groups and their members. Source: docs/evidence/ram.md 5.5, docs/evidence/ims.md 4.7.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::identity::{Api, Newer, OneUser, UserRef, names};
use crate::services::shared::reply::{All, Marker, One, Page, elements, page};
use crate::text::{Comments, DisplayName, GroupName, Patch, Timestamp, UserName};
use crate::world::account::{Group, GroupChange};
use crate::world::register::Slot;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateGroup`.
    pub(crate) struct CreateGroup<A: Api> {
        group_name: GroupName = "GroupName",
        comments: Option<Comments> = "Comments",
        display_name: Newer<A, Option<DisplayName>> = "DisplayName",
    }

    /// Parameters of `GetGroup` and `DeleteGroup`.
    pub(crate) struct OneGroup {
        group_name: GroupName = "GroupName",
    }

    /// Parameters of `UpdateGroup`.
    pub(crate) struct UpdateGroup<A: Api> {
        group_name: GroupName = "GroupName",
        new_group_name: Option<GroupName> = "NewGroupName",
        new_comments: Patch<Comments> = "NewComments",
        new_display_name: Newer<A, Patch<DisplayName>> = "NewDisplayName",
    }

    /// Parameters of `ListGroups`.
    pub(crate) struct ListGroups<A: Api> {
        marker: Option<Marker> = "Marker",
        max_items: Option<A::ShortPage> = "MaxItems",
    }

    /// Parameters of `AddUserToGroup` and `RemoveUserFromGroup`.
    pub(crate) struct Membership<A: Api> {
        user: A::Name = A::USER,
        group_name: GroupName = "GroupName",
    }

    /// Parameters of `ListUsersForGroup`.
    pub(crate) struct ListUsersForGroup<A: Api> {
        group_name: GroupName = "GroupName",
        marker: Option<Marker> = "Marker",
        max_items: Option<A::ShortPage> = "MaxItems",
    }
}

/// A group. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(crate) struct GroupView {
    group_id: String,
    group_name: GroupName,
    display_name: Option<String>,
    comments: String,
    create_date: Option<Timestamp>,
    update_date: Option<Timestamp>,
    join_date: Option<Timestamp>,
}

/// A member of a group.
#[apply(reply)]
pub(crate) struct Member {
    user_id: Option<String>,
    user_name: Option<UserName>,
    user_principal_name: Option<String>,
    display_name: String,
    join_date: Timestamp,
}

elements! {
    GroupView: "Group" "Groups";
    Member: "User" "Users";
}

impl GroupView {
    fn of<A: Api>(group: &Group) -> Self {
        Self::new(group, A::NEWER)
    }

    fn new(group: &Group, newer: bool) -> Self {
        let display_name = || group.display_name.as_ref().map(DisplayName::to_string).unwrap_or_default();
        Self {
            group_id: group.id.to_string(),
            group_name: group.name.clone(),
            display_name: newer.then(display_name),
            comments: group.comments.as_ref().map(Comments::as_str).unwrap_or_default().to_owned(),
            create_date: Some(group.created),
            update_date: Some(group.updated),
            join_date: None,
        }
    }
}

/// `CreateGroup`: adds a group to the account.
///
/// Fails with `EntityAlreadyExists.Group` and `LimitExceeded.Group`.
pub(crate) fn create<A: Api>(tx: &mut Tx<'_>, req: CreateGroup<A>) -> Result<One<GroupView>> {
    let uid = tx.account()?.uid;
    let slot = tx.add_group(uid, req.group_name, req.display_name.0, req.comments)?;
    let shown = GroupView::of::<A>(tx.account()?.group(slot)?);
    Ok(One(GroupView { update_date: shown.update_date.filter(|_| A::NEWER), ..shown }))
}

/// `GetGroup`: returns a group.
///
/// Fails with `EntityNotExist.Group`.
pub(crate) fn get<A: Api>(view: View<'_>, req: OneGroup) -> Result<One<GroupView>> {
    let account = view.account()?;
    Ok(One(GroupView::of::<A>(account.group(account.group_slot(&req.group_name)?)?)))
}

/// `UpdateGroup`: changes a group and optionally its name. An empty `NewComments` deletes the comment (UNCERTAIN).
///
/// Fails with `EntityNotExist.Group` and `EntityAlreadyExists.Group`.
pub(crate) fn update<A: Api>(tx: &mut Tx<'_>, req: UpdateGroup<A>) -> Result<One<GroupView>> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = account.group_slot(&req.group_name)?;
    let change = GroupChange {
        name: req.new_group_name,
        display_name: req.new_display_name.0,
        comments: req.new_comments,
    };
    Ok(One(GroupView::of::<A>(account.update_group(slot, change, now)?)))
}

/// `DeleteGroup`: deletes a group without members and policies.
///
/// Fails with `EntityNotExist.Group` and `DeleteConflict.Group.*`.
pub(crate) fn delete(tx: &mut Tx<'_>, req: OneGroup) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.group_slot(&req.group_name)?;
    account.remove_group(slot)?;
    Ok(Done {})
}

/// `ListGroups`: returns a page of groups, oldest first, at most 100. Older documentation of RAM allows larger pages, so RAM accepts a
/// larger `MaxItems` (UNCERTAIN; docs/evidence/ram.md section 2).
pub(crate) fn list<A: Api>(view: View<'_>, req: ListGroups<A>) -> Result<Page<GroupView>> {
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let groups = view.account()?.groups.iter_from(from).map(|(slot, group)| (slot.0, group));
    let max = req.max_items.map(|max| max.into().min(100));
    Ok(page(groups, max, |group| GroupView::of::<A>(group)))
}

/// `AddUserToGroup`: adds a user to a group.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.Group`, `EntityAlreadyExists.User.Group` and `LimitExceeded.User.Group`.
pub(crate) fn add_user<A: Api>(tx: &mut Tx<'_>, req: Membership<A>) -> Result<Done> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    let user = req.user.slot_in(account)?;
    let group = account.group_slot(&req.group_name)?;
    account.join(user, group, now, &quotas)?;
    Ok(Done {})
}

/// `RemoveUserFromGroup`: removes a user from a group.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.Group` and `EntityNotExist.User.Group`.
pub(crate) fn remove_user<A: Api>(tx: &mut Tx<'_>, req: Membership<A>) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let user = req.user.slot_in(account)?;
    let group = account.group_slot(&req.group_name)?;
    account.leave(user, group)?;
    Ok(Done {})
}

/// `ListGroupsForUser`: returns all groups of a user. No pages.
///
/// Fails with `EntityNotExist.User`.
pub(crate) fn of_user<A: Api>(view: View<'_>, req: OneUser<A>) -> Result<All<GroupView>> {
    let account = view.account()?;
    let user = req.user.slot_in(account)?;
    let groups = account.members.right_of(user).map(|(group, joined)| {
        let shown = GroupView::of::<A>(account.group(group)?);
        Ok(GroupView { create_date: None, update_date: None, join_date: Some(joined), ..shown })
    });
    groups.collect::<Result<All<_>>>()
}

/// `ListUsersForGroup`: returns a page of members, in the order of the users' creation.
///
/// Fails with `EntityNotExist.Group`.
pub(crate) fn members<A: Api>(view: View<'_>, req: ListUsersForGroup<A>) -> Result<Page<Member>> {
    let account = view.account()?;
    let group = account.group_slot(&req.group_name)?;
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let members = account.members.left_of_from(group, from);
    let members = members.filter_map(|(slot, joined)| Some((slot.0, (account.users.get(slot)?, joined))));
    Ok(page(members, req.max_items.map(Into::into), |(user, joined)| {
        let (user_name, user_principal_name) = names::<A>(account, user);
        let user_id = A::NEWER.then(|| user.id.to_string());
        Member {
            user_id,
            user_name,
            user_principal_name,
            display_name: user.display_name(),
            join_date: joined,
        }
    }))
}
