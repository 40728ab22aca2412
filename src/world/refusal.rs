//! Why a world says no: one list for every door. Services turn a [`Refusal`] into the wire code, the control API into its own.

use crate::error::{ApiError, gateway, partner, ram};

/// A rule of a world that a change would break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such account.
    #[error("there is no such account")]
    NoSuchAccount,
    /// The login name belongs to another account.
    #[error("the login name is taken")]
    LoginNameTaken,
    /// The UID belongs to another account.
    #[error("the UID is taken")]
    UidTaken,
    /// A closed account stays closed.
    #[error("the account is closed, and a closed account stays closed")]
    AccountClosed,
    /// There is no such RAM user.
    #[error("there is no such RAM user")]
    NoSuchUser,
    /// The user name is taken.
    #[error("the user name is taken")]
    UserExists,
    /// The account has as many users as it may.
    #[error("the account has as many RAM users as its quota allows")]
    TooManyUsers,
    /// A user with keys cannot be deleted.
    #[error("the RAM user still has an AccessKey")]
    UserHasKeys,
    /// There is no such key.
    #[error("there is no such AccessKey")]
    NoSuchKey,
    /// The key id belongs to another key of this world.
    #[error("the AccessKey id is taken")]
    KeyTaken,
    /// The owner has as many keys as it may.
    #[error("the owner has as many AccessKeys as the quota allows")]
    TooManyKeys,
    /// There is no such application for verification.
    #[error("there is no such application for real-name verification")]
    NoSuchApplication,
    /// An application is under review already.
    #[error("an application is already under review: decide or cancel it first")]
    UnderReview,
    /// The application was decided or cancelled before.
    #[error("the application is not under review any more")]
    NotUnderReview,
    /// The account is verified already.
    #[error("the account is verified already")]
    AlreadyVerified,
    /// The account is not verified.
    #[error("the account is not verified")]
    NotVerified,
    /// A verified enterprise of the International site cannot go back.
    #[error("a verified enterprise of the International site cannot become an individual again")]
    Irreversible,
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let known = match refusal {
            Refusal::NoSuchAccount | Refusal::AccountClosed => &partner::INVALID_PK,
            Refusal::LoginNameTaken | Refusal::UidTaken => &partner::ALIYUN_ID_EXISTS,
            Refusal::NoSuchUser => &ram::USER_NOT_EXIST,
            Refusal::UserExists => &ram::USER_EXISTS,
            Refusal::TooManyUsers => &ram::TOO_MANY_USERS,
            Refusal::UserHasKeys => &ram::USER_HAS_KEYS,
            Refusal::NoSuchKey => &ram::KEY_NOT_EXIST,
            Refusal::KeyTaken => &gateway::INTERNAL_ERROR,
            Refusal::TooManyKeys => &ram::TOO_MANY_KEYS,
            Refusal::NoSuchApplication
            | Refusal::UnderReview
            | Refusal::NotUnderReview
            | Refusal::AlreadyVerified
            | Refusal::NotVerified
            | Refusal::Irreversible => &partner::SET_REAL_NAME_ERROR,
        };
        known.error().with_note(refusal.to_string())
    }
}
