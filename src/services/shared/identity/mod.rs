//! RAM and IMS are two APIs for the same users, keys, groups, devices and settings. They name a user differently, and some fields differ.
//! The shared code is here, generic over the [`Api`]; generic functions are thin, because each is compiled twice.

pub(crate) mod groups;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod mfa;
pub(crate) mod policy;
pub(crate) mod preference;
pub(crate) mod tags;
pub(crate) mod users;

use crate::error::{Failure, Flawed, Result, gateway};
use crate::params::{Field, Params, request};
use crate::services::Unmet;
use crate::services::shared::identity::keys::KeyRef;
use crate::text::{AccountAlias, Bounded, DisplayName, Flaw, Password, Scalar, UserName, UserPrincipalName};
use crate::world::account::{Account, User};
use crate::world::gates::Requirement;
use crate::world::register::Slot;
use crate::world::{Refusal, View};
use std::marker::PhantomData;

/// The refusals of both APIs. Source: docs/evidence/gateway.md 6.5.
pub(crate) const UNMET: &[Unmet] = &[Unmet::new(Requirement::Activated, &gateway::INACTIVE_SERVICE)];

/// One of the two APIs.
pub(crate) trait Api: 'static {
    /// Parameter that names a user.
    const USER: &'static str;
    /// Parameter with the new name of a user.
    const NEW_USER: &'static str;
    /// Parameter for the log-in with an expired password.
    const HARD_EXPIRY: &'static str;
    /// True for the newer API, whose responses have more fields. Source: docs/evidence/ims.md 3.2.
    const NEWER: bool;
    /// Type of the name.
    type Name: Scalar + LogonName;
    /// A user to change or delete.
    type Target: Field + UserRef;
    /// A user to show.
    type Sought: Field + Sought;
    /// Display name of a new user.
    type DisplayName: Field + Into<Option<DisplayName>>;
    /// Password of a new login profile.
    type Password: Field + Into<Option<Password>>;
    /// Length of a page of groups or members.
    type ShortPage: Scalar + Into<i64>;
}

/// RAM 2015-05-01: `UserName`.
pub(crate) enum Ram {}

/// IMS 2019-08-15: `UserPrincipalName`.
pub(crate) enum Ims {}

impl Api for Ram {
    const USER: &'static str = "UserName";
    const NEW_USER: &'static str = "NewUserName";
    const HARD_EXPIRY: &'static str = "HardExpiry";
    const NEWER: bool = false;
    type Name = UserName;
    type Target = UserName;
    type Sought = UserName;
    type DisplayName = Option<DisplayName>;
    type Password = Password;
    type ShortPage = Bounded<1, 1000>;
}

impl Api for Ims {
    const USER: &'static str = "UserPrincipalName";
    const NEW_USER: &'static str = "NewUserPrincipalName";
    const HARD_EXPIRY: &'static str = "HardExpire";
    const NEWER: bool = true;
    type Name = UserPrincipalName;
    type Target = ByNameOrId;
    type Sought = ByAny;
    type DisplayName = DisplayName;
    type Password = Option<Password>;
    type ShortPage = Bounded<1, 100>;
}

/// A reference to a user.
pub(crate) trait UserRef {
    /// Returns the slot of the user in `account`.
    fn slot_in(&self, account: &Account) -> Result<Slot, Refusal>;
}

/// A reference to a user that is shown.
pub(crate) trait Sought {
    /// Returns the slot of the user in the account of `view`.
    fn seek(&self, view: &View<'_>) -> Result<Slot, Refusal>;
}

impl<T: UserRef> Sought for T {
    fn seek(&self, view: &View<'_>) -> Result<Slot, Refusal> {
        self.slot_in(view.account()?)
    }
}

/// A name that a user logs on with.
pub(crate) trait LogonName: UserRef {
    /// Returns the user name, if the domain is one of `account`.
    fn user_in(&self, account: &Account) -> Option<&UserName>;

    /// Returns the user name, whatever the domain.
    fn user(&self) -> &UserName;
}

impl UserRef for UserName {
    fn slot_in(&self, account: &Account) -> Result<Slot, Refusal> {
        account.user_slot(self)
    }
}

impl LogonName for UserName {
    fn user_in(&self, _: &Account) -> Option<&UserName> {
        Some(self)
    }

    fn user(&self) -> &UserName {
        self
    }
}

impl UserRef for UserPrincipalName {
    /// UNCERTAIN: the error for a foreign domain. Source: docs/evidence/ims.md section 2.
    fn slot_in(&self, account: &Account) -> Result<Slot, Refusal> {
        account.user_slot(self.user_in(account).ok_or(Refusal::NoSuchUser)?)
    }
}

impl LogonName for UserPrincipalName {
    /// The domain of the UID and that of the alias both count (UNCERTAIN). Source: docs/evidence/ims.md section 2.
    fn user_in(&self, account: &Account) -> Option<&UserName> {
        let is_own = |alias: &AccountAlias| self.domain.strip_suffix(".onaliyun.com") == Some(alias.as_str());
        let fits = self.domain == Self::domain_of(account.uid) || account.alias.as_ref().is_some_and(is_own);
        fits.then_some(&self.user)
    }

    fn user(&self) -> &UserName {
        &self.user
    }
}

/// A user, by either `UserPrincipalName` or `UserId`.
///
/// UNCERTAIN: without any, the first is missing; with two, the second is incorrect. Source: docs/evidence/ims.md 4.1.
pub(crate) enum ByNameOrId {
    Name(UserPrincipalName),
    Id(UserId),
}

/// A user, by exactly one of `UserPrincipalName`, `UserId` and `UserAccessKeyId`.
pub(crate) enum ByAny {
    NameOrId(ByNameOrId),
    Key(KeyRef),
}

/// Id of a user. A malformed one is treated as unknown; no other code is documented.
pub(crate) struct UserId(Option<u64>);

impl Scalar for UserId {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(text.parse().ok()))
    }
}

impl UserRef for UserId {
    fn slot_in(&self, account: &Account) -> Result<Slot, Refusal> {
        account.user_with_id(self.0.ok_or(Refusal::NoSuchUser)?)
    }
}

impl ByNameOrId {
    fn optional(params: &Params, name: &'static str) -> Result<Option<Self>, Failure> {
        let by_name: Option<UserPrincipalName> = Field::take(params, name)?;
        let by_id: Option<UserId> = Field::take(params, "UserId")?;
        match (by_name, by_id) {
            (Some(_), Some(_)) => Err(Flawed::new("UserId", Flaw::Value).into()),
            (by_name, by_id) => Ok(by_name.map(Self::Name).or(by_id.map(Self::Id))),
        }
    }
}

impl Field for ByNameOrId {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Self::optional(params, name)?.ok_or_else(|| Flawed::missing(name).into())
    }
}

impl UserRef for ByNameOrId {
    fn slot_in(&self, account: &Account) -> Result<Slot, Refusal> {
        match self {
            Self::Name(name) => name.slot_in(account),
            Self::Id(id) => id.slot_in(account),
        }
    }
}

impl Field for ByAny {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let by_key = "UserAccessKeyId";
        match (ByNameOrId::optional(params, name)?, Field::take(params, by_key)?) {
            (Some(_), Some::<KeyRef>(_)) => Err(Flawed::new(by_key, Flaw::Value).into()),
            (Some(one), None) => Ok(Self::NameOrId(one)),
            (None, Some(key)) => Ok(Self::Key(key)),
            (None, None) => Err(Flawed::missing(name).into()),
        }
    }
}

impl Sought for ByAny {
    fn seek(&self, view: &View<'_>) -> Result<Slot, Refusal> {
        match self {
            Self::NameOrId(one) => one.seek(view),
            Self::Key(key) => key.user_seen(view),
        }
    }
}

/// A parameter that only one of the APIs has; the other ignores it.
pub(crate) struct OnlyIn<A, const NEWER: bool, T>(pub(crate) T, PhantomData<A>);

/// A parameter of IMS only.
pub(crate) type Newer<A, T> = OnlyIn<A, true, T>;
/// A parameter of RAM only.
pub(crate) type Older<A, T> = OnlyIn<A, false, T>;

impl<A: Api, const NEWER: bool, T: Field + Default> Field for OnlyIn<A, NEWER, T> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let value = if A::NEWER == NEWER { T::take(params, name)? } else { T::default() };
        Ok(Self(value, PhantomData))
    }
}

request! {
    /// Parameters of actions on one named user.
    pub(crate) struct OneUser<A: Api> {
        pub(crate) user: A::Name = A::USER,
    }

    /// Parameters of actions without parameters.
    pub(crate) struct Nothing {}
}

/// Names of a user in a response: `UserName` of RAM, `UserPrincipalName` of IMS.
fn names<A: Api>(account: &Account, user: &User) -> (Option<UserName>, Option<String>) {
    if A::NEWER { (None, Some(logon_name(account, user))) } else { (Some(user.name.clone()), None) }
}

/// Returns the logon name of a user, in the default domain of the account.
///
/// UNCERTAIN: users of an account with an alias could still be shown in the domain of the UID. Source: docs/evidence/ims.md section 2.
pub(crate) fn logon_name(account: &Account, user: &User) -> String {
    format!("{}@{}", user.name, account.default_domain())
}
