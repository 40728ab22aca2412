//! Message contacts of a resource directory in a file.

use super::{account, pinned};
use crate::attributes::{apply, input, is_yes, yes};
use crate::scenario::misfit::{At, Misfit};
use crate::scenario::problem::advice;
use crate::text::{Email, MobilePhone, Uid};
use crate::world::Tx;
use crate::world::directory::{
    ContactData, ContactStatus, Directory, MessageContact, TITLES, is_message_type,
};
use compact_str::CompactString;
use std::collections::BTreeMap;

/// A message contact.
#[apply(input)]
pub(in crate::scenario) struct ContactFile {
    /// Name; unique in the directory.
    name: String,
    /// Fixed id, such as `c-Ab12Cd`.
    id: Option<String>,
    email: Email,
    mobile: MobilePhone,
    /// Title; default `Other`.
    title: Option<String>,
    /// Types of messages that it gets.
    message_types: Vec<String>,
    /// Names of the members that it is associated with.
    members: Vec<String>,
    /// Its addresses are confirmed; default `true`.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    confirmed: bool,
    /// New e-mail that waits for confirmation.
    new_email: Option<Email>,
    /// New mobile that waits for confirmation.
    new_mobile: Option<MobilePhone>,
}

/// Plants a contact. `named` has the accounts of the file.
pub(super) fn plant(
    file: &ContactFile,
    at: &At,
    manager: Uid,
    named: &BTreeMap<String, Uid>,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let now = tx.now;
    let id = pinned(at, "id", file.id.as_deref(), "c-")?.map(CompactString::from);
    let title = file.title.as_deref().unwrap_or("Other");
    let title = TITLES.into_iter().find(|known| *known == title).ok_or_else(|| {
        let advice = advice(title, TITLES);
        at.field("title").wrong(format!("`{title}` is no title{advice}"))
    })?;
    if let Some(wrong) = file.message_types.iter().find(|one| !is_message_type(one)) {
        let why = format!("`{wrong}` is no type of messages: it has letters, digits, `.` and `_`");
        return Err(at.field("messageTypes").wrong(why));
    }
    let member = |name: &String| Ok((account(at, "members", name, named)?, now));
    let contact = MessageContact {
        id: CompactString::default(),
        status: if file.confirmed { ContactStatus::Active } else { ContactStatus::Verifying },
        new_email: file.new_email.clone().or_else(|| (!file.confirmed).then(|| file.email.clone())),
        new_mobile: file.new_mobile.clone().or_else(|| (!file.confirmed).then(|| file.mobile.clone())),
        data: ContactData {
            name: at.read("name", &file.name)?,
            email: file.email.clone(),
            mobile: file.mobile.clone(),
            title,
            types: file.message_types.iter().map(Into::into).collect(),
        },
        members: file.members.iter().map(member).collect::<Result<_, Misfit>>()?,
        created: now,
    };
    tx.plant_message_contact(manager, id, contact).map_err(|refusal| at.field("name").refused(refusal))
}

/// Returns the contacts of a directory as a file has them, without those that are being deleted.
pub(super) fn written(directory: &Directory, name: &dyn Fn(Uid) -> String) -> Vec<ContactFile> {
    let all = directory.contacts().filter(|one| one.status != ContactStatus::Deleting);
    let one = |contact: &MessageContact| {
        let (data, is_confirmed) = (&contact.data, contact.status == ContactStatus::Active);
        ContactFile {
            name: data.name.to_string(),
            id: Some(contact.id.to_string()),
            email: data.email.clone(),
            mobile: data.mobile.clone(),
            title: Some(data.title.to_owned()).filter(|title| title != "Other"),
            message_types: data.types.iter().map(ToString::to_string).collect(),
            members: contact.members.keys().map(|uid| name(*uid)).collect(),
            confirmed: is_confirmed,
            new_email: contact.new_email.clone().filter(|_| is_confirmed),
            new_mobile: contact.new_mobile.clone().filter(|_| is_confirmed),
        }
    };
    all.map(one).collect()
}
