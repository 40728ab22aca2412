//! The metadata of the instance of a world: what it is, and the credentials of its roles. Nothing is signed; the gateway looks at
//! the token. The names of the actions are ours: the wire has paths. Source: docs/evidence/clients.md 3.4, ECS "Instance metadata".

mod items;
mod roles;

use crate::operation::{Operation, read, write};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        read("CreateToken", &[], items::create_token),
        read("GetItem", &[], items::get),
        read("GetIdentityDocument", &[], items::identity),
        read("GetUserData", &[], items::user_data),
        read("ListRoles", &[], roles::list),
        write("GetRoleCredentials", &[], roles::credentials),
    ]
}
