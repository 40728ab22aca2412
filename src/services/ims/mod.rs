//! IMS 2019-08-15: the newer door to the keys that RAM manages too. Source: docs/evidence/ims.md.

use crate::operation::{On, Operation, Resource, read, write};
use crate::services::shared::identity::{self, Ims};

pub(super) fn operations() -> Vec<Operation> {
    let user: On = &[Resource::User("UserPrincipalName")];
    vec![
        write("CreateAccessKey", user, identity::create_key::<Ims>),
        read("ListAccessKeys", user, identity::list_keys::<Ims>),
        write("UpdateAccessKey", user, identity::update_key::<Ims>),
        write("DeleteAccessKey", user, identity::delete_key::<Ims>),
        read("GetAccessKeyLastUsed", user, identity::key_last_used::<Ims>),
    ]
}
