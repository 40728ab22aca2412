//! Operations on message contacts. Source: docs/evidence/resource-directory.md 4.9.

use crate::attributes::{apply, reply};
use crate::error::{ApiError, Failure, Flawed, Known, Result, directory as codes};
use crate::operation::Done;
use crate::params::{Field, Filled, Params, request};
use crate::services::directory::reply::{Numbered, Paging, Plainly, beijing};
use crate::services::directory::whole::mobile_for;
use crate::services::directory::{managed, manager};
use crate::services::shared::reply::{Only, elements};
use crate::text::{ContactId, ContactName, Email, Flaw, MobilePhone, Scalar, Uid};
use crate::world::directory::{
    ContactChange, ContactData, Directory, MessageContact, TITLES, is_message_type,
};
use crate::world::{Tx, View};
use compact_str::CompactString;

/// Members in one request. UNCERTAIN: the number.
const MOST_MEMBERS: usize = 100;

request! {
    /// Parameters of `AddMessageContact`.
    pub(super) struct Add {
        name: ContactName = "Name",
        email: Address = "EmailAddress",
        mobile: MobilePhone = "PhoneNumber",
        title: Title = "Title",
        types: Filled<MessageType> = "MessageTypes",
    }

    /// Parameters of `UpdateMessageContact`.
    pub(super) struct Update {
        id: ContactId = "ContactId",
        name: Option<ContactName> = "Name",
        email: Option<Address> = "EmailAddress",
        mobile: Option<MobilePhone> = "PhoneNumber",
        title: Option<Title> = "Title",
        types: Vec<MessageType> = "MessageTypes",
    }

    /// Parameters of `CancelMessageContactUpdate`.
    pub(super) struct Cancel {
        id: ContactId = "ContactId",
        email: Option<Address> = "EmailAddress",
        mobile: Option<MobilePhone> = "PhoneNumber",
    }

    /// Parameters of `DeleteMessageContact`.
    pub(super) struct Delete {
        id: ContactId = "ContactId",
        retain: Option<bool> = "RetainContactInMembers",
    }

    /// Parameters of `GetMessageContact` and `GetMessageContactDeletionStatus`.
    pub(super) struct OneContact {
        id: ContactId = "ContactId",
    }

    /// Parameters of `ListMessageContacts`.
    pub(super) struct List {
        id: Option<ContactId> = "ContactId",
        member: Option<Uid> = "Member",
        paging: Paging = "PageNumber",
    }

    /// Parameters of `ListMessageContactVerifications`.
    pub(super) struct Verifications {
        id: ContactId = "ContactId",
        paging: Paging = "PageNumber",
    }

    /// Parameters of `SendEmailVerificationForMessageContact`.
    pub(super) struct SendEmail {
        id: ContactId = "ContactId",
        email: Address = "EmailAddress",
    }

    /// Parameters of `SendPhoneVerificationForMessageContact`.
    pub(super) struct SendPhone {
        id: ContactId = "ContactId",
        mobile: MobilePhone = "PhoneNumber",
    }

    /// Parameters of `AssociateMembers` and `DisassociateMembers`.
    pub(super) struct Members {
        id: ContactId = "ContactId",
        members: Uids = "Members",
    }
}

/// Title of a contact, by its word.
pub(super) struct Title(&'static str);

impl Scalar for Title {
    fn parse(text: &str) -> Result<Self, Flaw> {
        TITLES.into_iter().find(|title| *title == text).map(Self).ok_or(Flaw::Value)
    }
}

/// E-mail of a contact.
pub(super) struct Address(Email);

impl Scalar for Address {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if text.chars().count() > 128 { Err(Flaw::Length) } else { Email::parse(text).map(Self) }
    }
}

/// Type of messages.
pub(super) struct MessageType(CompactString);

impl Scalar for MessageType {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if is_message_type(text) { Ok(Self(text.into())) } else { Err(Flaw::Value) }
    }
}

/// Members, each once.
pub(super) struct Uids(Vec<Uid>);

impl Field for Uids {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let uids: Vec<Uid> = Field::take(params, name)?;
        let refuse = |known: &Known| -> Failure { known.error().into() };
        if uids.is_empty() {
            return Err(Flawed::new(name, Flaw::Value).into());
        }
        if uids.len() > MOST_MEMBERS {
            return Err(refuse(&codes::INVALID_PARAMETER_MEMBERS_LENGTH));
        }
        let mut sorted = uids.clone();
        sorted.sort_unstable();
        if sorted.windows(2).any(|two| two[0] == two[1]) {
            return Err(refuse(&codes::INVALID_PARAMETER_MEMBERS_DUPLICATE));
        }
        Ok(Self(uids))
    }
}

/// A new contact.
#[apply(reply)]
pub(super) struct Added {
    contact_id: String,
    create_date: String,
}

/// A contact. Samples mask e-mail and mobile; a test of terraform-provider-alicloud reads back what it wrote.
#[apply(reply)]
pub(super) struct ContactView {
    contact_id: String,
    name: String,
    email_address: String,
    phone_number: String,
    title: &'static str,
    message_types: Vec<String>,
    members: Vec<String>,
    status: &'static str,
    create_date: String,
    associated_date: Option<String>,
}

/// An address that waits for confirmation.
#[apply(reply)]
pub(super) struct VerificationView {
    contact_id: String,
    target: String,
}

elements! {
    ContactView: "Contact" "Contacts";
    VerificationView: "ContactVerification" "ContactVerifications";
}

impl ContactView {
    fn new(contact: &MessageContact, member: Option<Uid>) -> Self {
        let data = &contact.data;
        Self {
            contact_id: contact.id.to_string(),
            name: data.name.to_string(),
            email_address: data.email.as_str().to_owned(),
            phone_number: data.mobile.as_str().to_owned(),
            title: data.title,
            message_types: data.types.iter().map(ToString::to_string).collect(),
            members: contact.members.keys().map(ToString::to_string).collect(),
            status: contact.status.name(),
            create_date: date(contact.created),
            associated_date: member.and_then(|uid| contact.members.get(&uid)).map(|at| date(*at)),
        }
    }
}

/// Time without a zone, `2023-03-27 17:19:21`. UNCERTAIN: of Beijing.
fn date(at: crate::text::Timestamp) -> String {
    beijing(at).replace('T', " ").replace("+08:00", "")
}

/// Fails for a mobile of another site.
fn check_mobile(tx: &Tx<'_>, mobile: &MobilePhone) -> Result<()> {
    let site = tx.account()?.profile.site;
    let of_site = mobile_for(mobile.as_str(), site);
    of_site.map(drop).map_err(|_| codes::INVALID_PARAMETER_MOBILE_COUNTRY_CODE.error())
}

/// `AddMessageContact`: adds a contact, whose addresses must be confirmed.
///
/// Fails with `InvalidParameter.MobileCountryCode`, `ConcurrentCallNotSupported`, `InvalidParameter.Name.AlreadyUsed` and
/// `LimitExceeded.Contacts`. UNCERTAIN: the mobile is required. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn add(tx: &mut Tx<'_>, req: Add) -> Result<Only<Added>> {
    check_mobile(tx, &req.mobile)?;
    let own = manager(tx)?;
    let types = req.types.0.into_iter().map(|one| one.0).collect();
    let data =
        ContactData { name: req.name, email: req.email.0, mobile: req.mobile, title: req.title.0, types };
    let contact_id = tx.add_message_contact(own, data)?.to_string();
    Ok(Only("Contact", Added { contact_id, create_date: date(tx.now) }))
}

/// `UpdateMessageContact`: changes a contact. New addresses must be confirmed.
///
/// Fails with `EntityNotExists.Contact`, `ContactStatusMismatchAction`, `ConcurrentCallNotSupported`, `InvalidParameter.MobileCountryCode` and
/// `InvalidParameter.Name.AlreadyUsed`. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn update(tx: &mut Tx<'_>, req: Update) -> Result<Done> {
    req.mobile.iter().try_for_each(|mobile| check_mobile(tx, mobile))?;
    let own = manager(tx)?;
    let types: Vec<_> = req.types.into_iter().map(|one| one.0).collect();
    let change = ContactChange {
        name: req.name,
        email: req.email.map(|email| email.0),
        mobile: req.mobile,
        title: req.title.map(|title| title.0),
        types: (!types.is_empty()).then_some(types),
    };
    tx.update_message_contact(own, &req.id, change)?;
    Ok(Done {})
}

/// `CancelMessageContactUpdate`: cancels the change of an address that waits for confirmation.
///
/// Fails with `EntityNotExists.Contact`, `InvalidParameter.MobileCountryCode` and `ContactStatusMismatchAction`. Source:
/// docs/evidence/resource-directory.md 4.9.
pub(super) fn cancel(tx: &mut Tx<'_>, req: Cancel) -> Result<Done> {
    req.mobile.iter().try_for_each(|mobile| check_mobile(tx, mobile))?;
    let own = manager(tx)?;
    let email = req.email.map(|email| email.0);
    tx.directory_mut(own)?.cancel_contact_update(&req.id, email.as_ref(), req.mobile.as_ref())?;
    Ok(Done {})
}

/// Response of `DeleteMessageContact`.
#[apply(reply)]
pub(super) struct Deletion {
    status: &'static str,
}

/// `DeleteMessageContact`: deletes a contact, at once or, with `RetainContactInMembers` of false, in a moment.
///
/// Fails with `EntityNotExists.Contact` and `ConcurrentCallNotSupported`. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn delete(tx: &mut Tx<'_>, req: Delete) -> Result<Deletion> {
    let own = manager(tx)?;
    let is_gone = tx.delete_message_contact(own, &req.id, req.retain.unwrap_or(true))?;
    Ok(Deletion { status: if is_gone { "Deleted" } else { "Deleting" } })
}

/// `GetMessageContact`: returns a contact.
///
/// Fails with `EntityNotExists.Contact`. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn get(view: View<'_>, req: OneContact) -> Result<Only<ContactView>> {
    Ok(Only("Contact", ContactView::new(managed(&view)?.contact(&req.id)?, None)))
}

/// Progress of a deletion.
#[apply(reply)]
pub(super) struct DeletionProgress {
    contact_id: String,
    status: &'static str,
    fail_reason_list: [(); 0],
}

/// `GetMessageContactDeletionStatus`: returns the status of a contact that is being deleted. UNCERTAIN: a deletion never fails.
///
/// Fails with `EntityNotExists.Contact`. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn deletion(view: View<'_>, req: OneContact) -> Result<Only<DeletionProgress>> {
    let contact = managed(&view)?.contact(&req.id)?;
    let (contact_id, status) = (contact.id.to_string(), contact.status.name());
    Ok(Only("ContactDeletionStatus", DeletionProgress { contact_id, status, fail_reason_list: [] }))
}

/// `ListMessageContacts`: returns a page of the contacts, or of those of a member with the time of association.
///
/// Fails with `EntityNotExists.Contact` and `EntityNotExists.Member`. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn list(view: View<'_>, req: List) -> Result<Plainly<ContactView>> {
    let directory = managed(&view)?;
    if let Some(uid) = req.member {
        directory.member(uid).map_err(|_| codes::ENTITY_NOT_EXISTS_MEMBER.error())?;
    }
    req.id.iter().try_for_each(|id| directory.contact(id).map(drop))?;
    let all = directory.contacts().filter(|one| {
        req.id.as_ref().is_none_or(|id| one.id == id.as_str())
            && req.member.is_none_or(|uid| one.members.contains_key(&uid))
    });
    Ok(Plainly(Numbered::of(req.paging, all, |one| ContactView::new(one, req.member))))
}

/// `ListMessageContactVerifications`: returns a page of the addresses of a contact that wait for confirmation.
///
/// Fails with `EntityNotExists.Contact`. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn verifications(view: View<'_>, req: Verifications) -> Result<Plainly<VerificationView>> {
    let contact = managed(&view)?.contact(&req.id)?;
    Ok(Plainly(Numbered::of(req.paging, contact.waiting(), |to| VerificationView {
        contact_id: contact.id.to_string(),
        target: to.to_owned(),
    })))
}

/// `SendEmailVerificationForMessageContact`: asks the owner of the mailbox again.
///
/// Fails with `EntityNotExists.Contact`, `EntityNotExists.Contact.Verification` and `SendValidateCodeExceedsLimitForAccount`. Source:
/// docs/evidence/resource-directory.md 4.9.
pub(super) fn send_email(tx: &mut Tx<'_>, req: SendEmail) -> Result<Done> {
    let own = manager(tx)?;
    tx.ask_contact_again(own, &req.id, req.email.0.as_str())?;
    Ok(Done {})
}

/// `SendPhoneVerificationForMessageContact`: asks the owner of the mobile again.
///
/// Fails with `EntityNotExists.Contact`, `InvalidParameter.MobileCountryCode`, `EntityNotExists.Contact.Verification` and
/// `SendValidateCodeExceedsLimitForAccount`. Source: docs/evidence/resource-directory.md 4.9.
pub(super) fn send_phone(tx: &mut Tx<'_>, req: SendPhone) -> Result<Done> {
    check_mobile(tx, &req.mobile)?;
    let own = manager(tx)?;
    tx.ask_contact_again(own, &req.id, req.mobile.as_str())?;
    Ok(Done {})
}

/// Members of a contact that changed.
#[apply(reply)]
pub(super) struct Changed {
    members: Vec<ChangedMember>,
}

#[apply(reply)]
struct ChangedMember {
    contact_id: String,
    member_id: Uid,
    modify_date: String,
}

/// `AssociateMembers`: associates members with an active contact.
///
/// Fails with `InvalidParameter.Members.Duplicate`, `EntityNotExists.Contact`, `ConcurrentCallNotSupported`, `InvalidMember`,
/// `ContactStatusMismatchAction` and `LimitExceeded.ContactMembers`. UNCERTAIN: the largest number of members. Source:
/// docs/evidence/resource-directory.md 4.9.
pub(super) fn associate(tx: &mut Tx<'_>, req: Members) -> Result<Changed> {
    change(tx, req, true)
}

/// `DisassociateMembers`: ends the association of members with a contact.
///
/// Fails as `AssociateMembers`, and with `QuotaExceeded.Members` for more members than a directory may have (UNCERTAIN). Source:
/// docs/evidence/resource-directory.md 4.9.
pub(super) fn disassociate(tx: &mut Tx<'_>, req: Members) -> Result<Changed> {
    change(tx, req, false)
}

fn change(tx: &mut Tx<'_>, req: Members, on: bool) -> Result<Changed, ApiError> {
    let (own, now, quotas) = (manager(tx)?, tx.now, tx.state().quotas);
    let directory: &mut Directory = tx.directory_mut(own)?;
    directory.contact(&req.id)?;
    directory.associate(&req.id, &req.members.0, on, (now, &quotas))?;
    let shown = |uid: &Uid| ChangedMember {
        contact_id: req.id.as_str().to_owned(),
        member_id: *uid,
        modify_date: date(now),
    };
    Ok(Changed { members: req.members.0.iter().map(shown).collect() })
}
