//! IMS 2019-08-15: the newer API for the users and keys that RAM manages too. Source: docs/evidence/ims.md.

mod key_networks;
mod recycle_bin;
mod reports;
mod service_credentials;
mod users;

use crate::operation::OwnMatter::Keys;
use crate::operation::{On, Operation, Resource, read, write};
use crate::services::shared::identity::{self, Ims};

pub(super) fn operations() -> Vec<Operation> {
    let user: On = &[Resource::User("UserPrincipalName")];
    let mut all = vec![
        read("ListUserBasicInfos", &[Resource::All("user/*")], users::basic_infos),
        write("CreateAccessKey", user, identity::create_key::<Ims>).about_own(Keys),
        read("ListAccessKeys", user, identity::list_keys::<Ims>).about_own(Keys),
        write("UpdateAccessKey", user, identity::update_key::<Ims>).about_own(Keys),
        write("DeleteAccessKey", user, identity::delete_key::<Ims>).about_own(Keys),
        read("GetAccessKeyLastUsed", user, identity::key_last_used::<Ims>).about_own(Keys),
    ];
    all.extend(key_networks::operations());
    all.extend(recycle_bin::operations());
    all.extend(reports::operations());
    all.extend(service_credentials::operations());
    all
}
