//! Codes of RAM and IMS that are not about the form of a parameter.
//!
//! Source: facts/ram.md section 4; the spelling is the service's.

use crate::error::entries;

entries! {
    /// Captured: alibaba/terraform-provider 679.
    USER_NOT_EXIST = 404 "EntityNotExist.User" "The user does not exist.";
    /// No such key, or somebody else's.
    KEY_NOT_EXIST = 404 "EntityNotExist.User.AccessKey" "The user access key does not exist.";
    /// The name is taken.
    USER_EXISTS = 409 "EntityAlreadyExists.User" "The user does already EXIST.";
    /// The user still has a key.
    USER_HAS_KEYS = 409 "DeleteConflict.User.AccessKey" "The user CAN NOT has any access key while deleting the user.";
    /// Too many users.
    TOO_MANY_USERS = 409 "LimitExceeded.User" "The count of users beyond the current limits.";
    /// Too many keys.
    TOO_MANY_KEYS = 409 "LimitExceeded.User.AccessKey" "The access key count of the user access keys beyond the current limits.";
}
