//! Operations on groups and their members. Source: docs/evidence/ram.md 5.5.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::ram::users::OneUser;
use crate::services::shared::reply::{All, Marker, MaxItems, One, Page, elements, page};
use crate::text::{Comments, GroupName, Patch, Timestamp, UserName};
use crate::world::account::Group;
use crate::world::register::Slot;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateGroup`.
    pub(super) struct CreateGroup {
        group_name: GroupName = "GroupName",
        comments: Option<Comments> = "Comments",
    }

    /// Parameters of `GetGroup` and `DeleteGroup`.
    pub(super) struct OneGroup {
        group_name: GroupName = "GroupName",
    }

    /// Parameters of `UpdateGroup`.
    pub(super) struct UpdateGroup {
        group_name: GroupName = "GroupName",
        new_group_name: Option<GroupName> = "NewGroupName",
        new_comments: Patch<Comments> = "NewComments",
    }

    /// Parameters of `ListGroups`.
    pub(super) struct ListGroups {
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
    }

    /// Parameters of `AddUserToGroup` and `RemoveUserFromGroup`.
    pub(super) struct Membership {
        user_name: UserName = "UserName",
        group_name: GroupName = "GroupName",
    }

    /// Parameters of `ListUsersForGroup`.
    pub(super) struct ListUsersForGroup {
        group_name: GroupName = "GroupName",
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
    }
}

/// A group. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct GroupView {
    group_id: String,
    group_name: GroupName,
    comments: String,
    create_date: Option<Timestamp>,
    update_date: Option<Timestamp>,
    join_date: Option<Timestamp>,
}

/// A member of a group.
#[apply(reply)]
pub(super) struct Member {
    user_name: UserName,
    display_name: String,
    join_date: Timestamp,
}

elements! {
    GroupView: "Group" "Groups";
    Member: "User" "Users";
}

impl From<&Group> for GroupView {
    fn from(group: &Group) -> Self {
        Self {
            group_id: group.id.to_string(),
            group_name: group.name.clone(),
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
pub(super) fn create(tx: &mut Tx<'_>, req: CreateGroup) -> Result<One<GroupView>> {
    let uid = tx.account()?.uid;
    let slot = tx.add_group(uid, req.group_name, req.comments)?;
    Ok(One(GroupView { update_date: None, ..tx.account()?.group(slot)?.into() }))
}

/// `GetGroup`: returns a group.
///
/// Fails with `EntityNotExist.Group`.
pub(super) fn get(view: View<'_>, req: OneGroup) -> Result<One<GroupView>> {
    let account = view.account()?;
    Ok(One(account.group(account.group_slot(&req.group_name)?)?.into()))
}

/// `UpdateGroup`: changes a group and optionally its name. An empty `NewComments` deletes the comment (UNCERTAIN).
///
/// Fails with `EntityNotExist.Group` and `EntityAlreadyExists.Group`.
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateGroup) -> Result<One<GroupView>> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = account.group_slot(&req.group_name)?;
    Ok(One(account.update_group(slot, req.new_group_name, req.new_comments, now)?.into()))
}

/// `DeleteGroup`: deletes a group without members and policies.
///
/// Fails with `EntityNotExist.Group` and `DeleteConflict.Group.*`.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneGroup) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.group_slot(&req.group_name)?;
    account.remove_group(slot)?;
    Ok(Done {})
}

/// `ListGroups`: returns a page of groups, oldest first, at most 100. Older documentation allows larger pages, so a larger `MaxItems` is
/// accepted (UNCERTAIN; docs/evidence/ram.md section 2).
pub(super) fn list(view: View<'_>, req: ListGroups) -> Result<Page<GroupView>> {
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let groups = view.account()?.groups.iter_from(from).map(|(slot, group)| (slot.0, group));
    let max = req.max_items.map(|max| max.0.min(100));
    Ok(page(groups, max, |group| GroupView::from(&**group)))
}

/// `AddUserToGroup`: adds a user to a group.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.Group`, `EntityAlreadyExists.User.Group` and `LimitExceeded.User.Group`.
pub(super) fn add_user(tx: &mut Tx<'_>, req: Membership) -> Result<Done> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    let user = account.user_slot(&req.user_name)?;
    let group = account.group_slot(&req.group_name)?;
    account.join(user, group, now, &quotas)?;
    Ok(Done {})
}

/// `RemoveUserFromGroup`: removes a user from a group.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.Group` and `EntityNotExist.User.Group`.
pub(super) fn remove_user(tx: &mut Tx<'_>, req: Membership) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let user = account.user_slot(&req.user_name)?;
    let group = account.group_slot(&req.group_name)?;
    account.leave(user, group)?;
    Ok(Done {})
}

/// `ListGroupsForUser`: returns all groups of a user. No pages.
///
/// Fails with `EntityNotExist.User`.
pub(super) fn of_user(view: View<'_>, req: OneUser) -> Result<All<GroupView>> {
    let account = view.account()?;
    let user = account.user_slot(&req.user_name)?;
    let groups = account.members.right_of(user).map(|(group, joined)| {
        let shown = GroupView::from(account.group(group)?);
        Ok(GroupView { create_date: None, update_date: None, join_date: Some(joined), ..shown })
    });
    groups.collect::<Result<All<_>>>()
}

/// `ListUsersForGroup`: returns a page of members, in the order of the users' creation.
///
/// Fails with `EntityNotExist.Group`.
pub(super) fn members(view: View<'_>, req: ListUsersForGroup) -> Result<Page<Member>> {
    let account = view.account()?;
    let group = account.group_slot(&req.group_name)?;
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let members = account.members.left_of_from(group, from);
    let members = members.filter_map(|(slot, joined)| Some((slot.0, (account.users.get(slot)?, joined))));
    Ok(page(members, req.max_items.map(|max| max.0), |(user, joined)| Member {
        user_name: user.name.clone(),
        display_name: user.display_name(),
        join_date: joined,
    }))
}
