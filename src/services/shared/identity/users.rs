//! Operations on users. Source: docs/evidence/ram.md 5.1, docs/evidence/ims.md 4.1.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Failure, Flawed, Result, ram};
use crate::operation::Done;
use crate::params::{Field, Params, request};
use crate::services::shared::identity::{Api, LogonName, Newer, Sought, UserRef, names};
use crate::services::shared::reply::{Marker, MaxItems, One, Page, elements, page};
use crate::text::{
    Comments, DisplayName, Email, Flaw, MobilePhone, Patch, Tag, TagKey, TagValue, Timestamp, UserName,
};
use crate::world::account::{Account, Tags, User, UserChange, UserDetails};
use crate::world::register::Slot;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateUser`.
    pub(crate) struct CreateUser<A: Api> {
        name: A::Name = A::USER,
        display_name: A::DisplayName = "DisplayName",
        comments: Option<Comments> = "Comments",
        mobile_phone: Option<MobilePhone> = "MobilePhone",
        email: Option<Email> = "Email",
        tags: Newer<A, UserTags> = "Tag",
    }

    /// Parameters of `GetUser`.
    pub(crate) struct GetUser<A: Api> {
        user: A::Sought = A::USER,
    }

    /// Parameters of `DeleteUser`.
    pub(crate) struct DeleteUser<A: Api> {
        user: A::Target = A::USER,
    }

    /// Parameters of `UpdateUser`.
    pub(crate) struct UpdateUser<A: Api> {
        user: A::Target = A::USER,
        new_name: Option<A::Name> = A::NEW_USER,
        new_display_name: Patch<DisplayName> = "NewDisplayName",
        new_comments: Patch<Comments> = "NewComments",
        new_mobile_phone: Patch<MobilePhone> = "NewMobilePhone",
        new_email: Patch<Email> = "NewEmail",
    }

    /// Parameters of `ListUsers`.
    pub(crate) struct ListUsers<A: Api> {
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
        wanted: Newer<A, Wanted> = "Status",
    }
}

/// Tags of a user. UNCERTAIN: the codes. Source: docs/evidence/ims.md 4.1 and 4.14.
#[derive(Default)]
pub(crate) struct UserTags(pub(crate) Vec<Tag>);

impl Field for UserTags {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let tags: Vec<Tag> = Field::take(params, name)?;
        Tags::check_of_user(&tags).map_err(|flaw| Flawed::new(name, flaw))?;
        Ok(Self(tags))
    }
}

/// Users in a list of IMS: those with a status and with tags.
///
/// With `Tag`, users of each status are returned, and `Status` is incorrect (UNCERTAIN: the code). Source: docs/evidence/ims.md 4.1.
pub(crate) struct Wanted {
    tags: Vec<Tag>,
    /// Includes active users. No API of alimock freezes a user.
    active: bool,
}

impl Wanted {
    /// Returns `true` if the list has the user.
    pub(crate) fn has(&self, user: &User) -> bool {
        self.active && user.extras().tags.have(&self.tags)
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Self { tags: Vec::new(), active: true }
    }
}

impl Field for Wanted {
    fn take(params: &Params, _: &'static str) -> Result<Self, Failure> {
        let tags = Vec::take(params, "Tag")?;
        let active = match params.filled("Status") {
            None | Some("active" | "active,freeze") => true,
            Some("freeze") => false,
            Some(_) => return Err(Flawed::new("Status", Flaw::Value).into()),
        };
        if !tags.is_empty() && params.filled("Status").is_some() {
            return Err(Flawed::new("Status", Flaw::Value).into());
        }
        Ok(Self { tags, active })
    }
}

/// Status of a user in a list. No API of alimock freezes one.
pub(crate) const ACTIVE: &str = "active";

/// A user. Fields that an action leaves out are `None`. Unset texts are empty (UNCERTAIN; docs/evidence/ram.md section 2).
#[apply(reply)]
pub(crate) struct UserView {
    user_id: String,
    user_name: Option<UserName>,
    user_principal_name: Option<String>,
    display_name: String,
    mobile_phone: String,
    email: String,
    comments: String,
    create_date: Timestamp,
    update_date: Option<Timestamp>,
    last_login_date: Option<String>,
    provision_type: Option<&'static str>,
    status: Option<&'static str>,
    tags: Option<TagList>,
}

/// Tags of a user, in IMS only.
#[apply(reply)]
pub(crate) struct TagList {
    tag: Vec<TagView>,
}

#[apply(reply)]
struct TagView {
    tag_key: TagKey,
    tag_value: TagValue,
}

elements! { UserView: "User" "Users"; }

impl From<&Tags> for TagList {
    fn from(tags: &Tags) -> Self {
        let view =
            |(key, value): &(TagKey, TagValue)| TagView { tag_key: key.clone(), tag_value: value.clone() };
        Self { tag: tags.iter().map(view).collect() }
    }
}

impl UserView {
    fn of<A: Api>(account: &Account, user: &User) -> Self {
        Self::named(names::<A>(account, user), user)
    }

    /// All fields that RAM has, and in IMS those that every action has.
    fn named((user_name, user_principal_name): (Option<UserName>, Option<String>), user: &User) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let details = &user.details;
        Self {
            user_id: user.id.to_string(),
            // Users of SCIM and CloudSSO do not exist here.
            provision_type: user_principal_name.is_some().then_some("Manual"),
            user_name,
            user_principal_name,
            display_name: text(details.display_name.as_ref().map(DisplayName::as_str)),
            mobile_phone: text(details.mobile_phone.as_ref().map(MobilePhone::as_str)),
            email: text(details.email.as_ref().map(Email::as_str)),
            comments: text(details.comments.as_ref().map(Comments::as_str)),
            create_date: user.created,
            update_date: Some(user.updated),
            last_login_date: None,
            status: None,
            tags: None,
        }
    }

    fn with_tags(self, user: &User) -> Self {
        Self { tags: Some((&user.extras().tags).into()), ..self }
    }
}

/// Time of the last log-in; empty without one.
fn last_login(user: &User) -> String {
    user.last_login.map(|at| at.to_string()).unwrap_or_default()
}

/// Returns the user name in a logon name of the account.
///
/// UNCERTAIN: the error for a foreign domain. Source: docs/evidence/ims.md section 2.
fn own_name<N: LogonName>(name: &N, account: &Account, parameter: &'static str) -> Result<UserName, Failure> {
    Ok(name.user_in(account).ok_or(Flawed::new(parameter, Flaw::Format))?.clone())
}

/// `CreateUser`: adds a user to the account.
///
/// Fails with `EntityAlreadyExists.User` and `LimitExceeded.User`; in IMS with `LimitExceeded.Tag` (UNCERTAIN), too.
pub(crate) fn create<A: Api>(tx: &mut Tx<'_>, req: CreateUser<A>) -> Result<One<UserView>, Failure> {
    let account = tx.account()?;
    let (uid, name) = (account.uid, own_name(&req.name, account, A::USER)?);
    let details = UserDetails {
        display_name: req.display_name.into(),
        mobile_phone: req.mobile_phone,
        email: req.email,
        comments: req.comments,
    };
    let slot = tx.add_user(uid, name, details)?;
    let UserTags(tags) = req.tags.0;
    if !tags.is_empty() {
        let (account, quotas) = tx.account_mut()?;
        account.extras_mut(slot)?.tags.set(&tags, quotas.tags_each)?;
    }
    let account = tx.account()?;
    let user = account.user(slot)?;
    let view = UserView::of::<A>(account, user);
    Ok(One(if A::NEWER { view.with_tags(user) } else { UserView { update_date: None, ..view } }))
}

/// `GetUser`: returns a user.
///
/// Fails with `EntityNotExist.User`, in RAM with another text.
pub(crate) fn get<A: Api>(view: View<'_>, req: GetUser<A>) -> Result<One<UserView>> {
    let account = view.account()?;
    let missing = |refusal| if A::NEWER { ApiError::from(refusal) } else { ram::GET_USER_NOT_EXIST.error() };
    let user = account.user(req.user.seek(&view).map_err(missing)?)?;
    let shown = UserView { last_login_date: Some(last_login(user)), ..UserView::of::<A>(account, user) };
    if !A::NEWER {
        return Ok(One(shown));
    }
    Ok(One(UserView { user_name: Some(user.name.clone()), ..shown.with_tags(user) }))
}

/// `UpdateUser`: changes a user and optionally its name.
///
/// Fails with `EntityNotExist.User` and `EntityAlreadyExists.User`.
pub(crate) fn update<A: Api>(tx: &mut Tx<'_>, req: UpdateUser<A>) -> Result<One<UserView>, Failure> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = req.user.slot_in(account)?;
    let name = req.new_name.map(|name| own_name(&name, account, A::NEW_USER)).transpose()?;
    let change = UserChange {
        name,
        display_name: req.new_display_name,
        mobile_phone: req.new_mobile_phone,
        email: req.new_email,
        comments: req.new_comments,
    };
    account.update_user(slot, change, now)?;
    let user = account.user(slot)?;
    let last_login_date = A::NEWER.then(|| last_login(user));
    Ok(One(UserView { last_login_date, ..UserView::of::<A>(account, user) }))
}

/// `DeleteUser`: moves a user without keys, policies, groups, device and password (UNCERTAIN in IMS) into the recycle bin.
///
/// Fails with `EntityNotExist.User` and `DeleteConflict.User.*`. Source: docs/evidence/ram.md section 6.
pub(crate) fn delete<A: Api>(tx: &mut Tx<'_>, req: DeleteUser<A>) -> Result<Done> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    let slot = req.user.slot_in(account)?;
    account.remove_user(slot, &quotas, now)?;
    Ok(Done {})
}

/// `ListUsers`: returns a page of users, oldest first: of 100, in IMS of 1000. IMS shows the last log-in in milliseconds since 1970.
///
/// Fails with `InvalidParameter.Marker` and `InvalidParameter.MaxItems.Range` (UNCERTAIN), in IMS with `InvalidParameter.Status`, too.
/// Source: docs/evidence/ram.md section 2.
pub(crate) fn list<A: Api>(view: View<'_>, req: ListUsers<A>) -> Result<Page<UserView>> {
    let account = view.account()?;
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let users = account.users.iter_from(from).map(|(slot, user)| (slot.0, user));
    let users = users.filter(|(_, user)| req.wanted.0.has(user));
    let max = req.max_items.map(|max| max.0).or(A::NEWER.then_some(1000));
    Ok(page(users, max, |user| {
        let shown = UserView::of::<A>(account, user);
        if !A::NEWER {
            return shown;
        }
        let last_login = user.last_login.map(|at| at.as_millis().to_string());
        let last_login_date = Some(last_login.unwrap_or_default());
        UserView { last_login_date, status: Some(ACTIVE), ..shown.with_tags(user) }
    }))
}
