//! RAM 2015-05-01: users and their keys. Source: facts/ram.md.

mod users;

use crate::operation::{On, Operation, read, write};
use crate::services::identity::{self, Ram};

pub(super) fn operations() -> Vec<Operation> {
    let user = On::User("UserName");
    let users = On::All("user/*");
    vec![
        write("CreateUser", users, users::create),
        read("GetUser", user, users::get),
        write("UpdateUser", user, users::update),
        write("DeleteUser", user, users::delete),
        read("ListUsers", users, users::list),
        write("CreateAccessKey", user, identity::create_key::<Ram>),
        read("ListAccessKeys", user, identity::list_keys::<Ram>),
        write("UpdateAccessKey", user, identity::update_key::<Ram>),
        write("DeleteAccessKey", user, identity::delete_key::<Ram>),
        read("GetAccessKeyLastUsed", user, identity::key_last_used::<Ram>),
    ]
}
