//! Operations on RAM users.

use crate::attributes::{apply, reply};
use crate::error::{Result, ram};
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::reply::{Marker, MaxItems, One, Page, elements, page};
use crate::text::{Comments, DisplayName, Email, MobilePhone, Patch, Timestamp, UserName};
use crate::world::account::{User, UserChange, UserDetails};
use crate::world::register::Slot;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateUser`.
    pub(super) struct CreateUser {
        user_name: UserName = "UserName",
        display_name: Option<DisplayName> = "DisplayName",
        comments: Option<Comments> = "Comments",
        mobile_phone: Option<MobilePhone> = "MobilePhone",
        email: Option<Email> = "Email",
    }

    /// Parameters of `GetUser` and `DeleteUser`.
    pub(super) struct OneUser {
        pub(super) user_name: UserName = "UserName",
    }

    /// Parameters of `UpdateUser`.
    pub(super) struct UpdateUser {
        user_name: UserName = "UserName",
        new_user_name: Option<UserName> = "NewUserName",
        new_display_name: Patch<DisplayName> = "NewDisplayName",
        new_comments: Patch<Comments> = "NewComments",
        new_mobile_phone: Patch<MobilePhone> = "NewMobilePhone",
        new_email: Patch<Email> = "NewEmail",
    }

    /// Parameters of `ListUsers`.
    pub(super) struct ListUsers {
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
    }
}

type UserReply = One<UserView>;

/// A user. Fields that an action leaves out are `None`. Unset texts are empty (UNCERTAIN; docs/evidence/ram.md section 2).
#[apply(reply)]
pub(super) struct UserView {
    user_id: String,
    user_name: UserName,
    display_name: String,
    mobile_phone: String,
    email: String,
    comments: String,
    create_date: Timestamp,
    update_date: Option<Timestamp>,
    last_login_date: Option<String>,
}

elements! { UserView: "User" "Users"; }

impl From<&User> for UserView {
    fn from(user: &User) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let details = &user.details;
        Self {
            user_id: user.id.to_string(),
            user_name: user.name.clone(),
            display_name: text(details.display_name.as_ref().map(DisplayName::as_str)),
            mobile_phone: text(details.mobile_phone.as_ref().map(MobilePhone::as_str)),
            email: text(details.email.as_ref().map(Email::as_str)),
            comments: text(details.comments.as_ref().map(Comments::as_str)),
            create_date: user.created,
            update_date: None,
            last_login_date: None,
        }
    }
}

impl UserView {
    fn with_update(user: &User) -> Self {
        Self { update_date: Some(user.updated), ..Self::from(user) }
    }
}

/// `CreateUser`: adds a RAM user to the account.
///
/// Fails with `EntityAlreadyExists.User` and `LimitExceeded.User`. Source: docs/evidence/ram.md 5.1.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateUser) -> Result<UserReply> {
    let details = UserDetails {
        display_name: req.display_name,
        mobile_phone: req.mobile_phone,
        email: req.email,
        comments: req.comments,
    };
    let uid = tx.account()?.uid;
    let slot = tx.add_user(uid, req.user_name, details)?;
    Ok(One(tx.account()?.user(slot)?.into()))
}

/// `GetUser`: returns a user.
///
/// Fails with `EntityNotExist.User`. Source: docs/evidence/ram.md 5.1.
pub(super) fn get(view: View<'_>, req: OneUser) -> Result<UserReply> {
    let account = view.account()?;
    let slot = account.user_slot(&req.user_name).map_err(|_| ram::GET_USER_NOT_EXIST.error())?;
    let user = account.user(slot)?;
    let last_login_date = Some(user.last_login.map(|at| at.to_string()).unwrap_or_default());
    Ok(One(UserView { last_login_date, ..UserView::with_update(user) }))
}

/// `UpdateUser`: changes a user and optionally its name.
///
/// Fails with `EntityNotExist.User` and `EntityAlreadyExists.User`. Source: docs/evidence/ram.md 5.1.
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateUser) -> Result<UserReply> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = account.user_slot(&req.user_name)?;
    let change = UserChange {
        name: req.new_user_name,
        display_name: req.new_display_name,
        mobile_phone: req.new_mobile_phone,
        email: req.new_email,
        comments: req.new_comments,
    };
    Ok(One(UserView::with_update(account.update_user(slot, change, now)?)))
}

/// `DeleteUser`: moves a user without keys, policies, groups, device and password into the recycle bin.
///
/// Fails with `EntityNotExist.User` and `DeleteConflict.User.*`. Source: docs/evidence/ram.md 5.1 and section 6.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneUser) -> Result<Done> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    let slot = account.user_slot(&req.user_name)?;
    account.remove_user(slot, &quotas, now)?;
    Ok(Done {})
}

/// `ListUsers`: returns a page of users, oldest first.
///
/// Fails with `InvalidParameter.Marker` and `InvalidParameter.MaxItems.Range` (UNCERTAIN). Source: docs/evidence/ram.md 5.1 and
/// section 2.
pub(super) fn list(view: View<'_>, req: ListUsers) -> Result<Page<UserView>> {
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let users = view.account()?.users.iter_from(from).map(|(slot, user)| (slot.0, user));
    Ok(page(users, req.max_items.map(|max| max.0), |user| UserView::with_update(user)))
}
