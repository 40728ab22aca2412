//! Instance metadata of a world: items, and credentials of the instance's roles. Requests are not signed; the gateway checks the token. The
//! names of the actions are our own: the wire has paths. Source: docs/evidence/clients.md 3.4, ECS "Instance metadata".

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
