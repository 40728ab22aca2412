//! Invitations and leaving. Source: docs/evidence/resource-directory.md 4.4.

use super::{Company, text};
use crate::support::field_texts;

impl Company {
    /// Invites an account, and returns the id of the invitation.
    fn invite(&self, account: &str) -> String {
        let uid = self.lab.uid(account);
        let params = [("TargetType", "Account"), ("TargetEntity", uid.as_str())];
        text(&self.boss.rd("InviteAccountToResourceDirectory", &params).assert_ok(), "/Handshake/HandshakeId")
    }
}

#[test]
fn an_invited_account_joins_with_its_own_name_and_leaves_as_it_was() {
    let company = Company::new();
    let (guest, uid) = (company.lab.root("guest"), company.lab.uid("guest"));
    let id = company.invite("guest");
    let mail = company.lab.world().state().registry.outbox.iter().last().unwrap().clone();
    assert_eq!((mail.to.as_str(), mail.scene.as_str()), ("guest@example.com", "directory-invitation"));

    let accepted = guest.rd("AcceptHandshake", &[("HandshakeId", &id)]).assert_ok();

    assert_eq!(accepted["Handshake"]["Status"], "Accepted");
    let shown = company.boss.rd("GetAccount", &[("AccountId", &uid)]).assert_ok();
    assert_eq!(shown["Account"]["Type"], "CloudAccount");
    assert_eq!(shown["Account"]["Status"], "InviteSuccess");
    assert_eq!(shown["Account"]["DisplayName"], shown["Account"]["AccountName"]);
    company.inside(&uid).sts("GetCallerIdentity", &[]).assert_ok();
    guest.rd("AcceptHandshake", &[("HandshakeId", &id)]).assert_refused(409, "HandshakeStatusMismatch");
    company.boss.rd("RemoveCloudAccount", &[("AccountId", &uid)]).assert_ok();
    guest.rd("GetResourceDirectory", &[]).assert_refused(404, "ResourceDirectoryNotInUse");
    guest.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn an_invitation_expires_after_fourteen_days() {
    let company = Company::new();
    let guest = company.lab.root("guest");
    let id = company.invite("guest");
    let again = [("TargetType", "Account"), ("TargetEntity", &*company.lab.uid("guest"))]
        .map(|(n, v)| (n, v.to_owned()));
    let again = again.each_ref().map(|(name, value)| (*name, value.as_str()));
    company
        .boss
        .rd("InviteAccountToResourceDirectory", &again)
        .assert_refused(409, "EntityAlreadyExists.Handshake");

    company.lab.advance_clock("14d");

    let shown = company.boss.rd("GetHandshake", &[("HandshakeId", &id)]).assert_ok();
    assert_eq!(shown["Handshake"]["Status"], "Expired");
    guest.rd("AcceptHandshake", &[("HandshakeId", &id)]).assert_refused(409, "HandshakeStatusMismatch");
    company.boss.rd("InviteAccountToResourceDirectory", &again).assert_ok();
}

#[test]
fn both_sides_see_an_invitation_and_the_names_of_the_owners_are_for_the_invited() {
    let company = Company::new();
    let (guest, person) = (company.lab.root("guest"), company.lab.root("person"));
    let id = company.invite("guest");
    let params = [("HandshakeId", id.as_str())];

    let of_boss = company.boss.rd("GetHandshake", &params).assert_ok();
    let of_guest = guest.rd("GetHandshake", &params).assert_ok();

    assert!(of_boss["Handshake"].get("MasterAccountRealName").is_none());
    assert_eq!(of_guest["Handshake"]["MasterAccountRealName"], "Boss Ltd");
    person.rd("GetHandshake", &params).assert_refused(404, "EntityNotExists.Handshake");
    company.boss.rd("AcceptHandshake", &params).assert_refused(404, "EntityNotExists.Handshake");
    guest.rd("CancelHandshake", &params).assert_refused(404, "EntityNotExists.Handshake");
    let listed = guest.rm("ListHandshakesForAccount", &[]).assert_ok();
    assert_eq!(field_texts(listed["Handshakes"]["Handshake"].as_array().unwrap(), "HandshakeId"), [id]);
}

#[test]
fn a_person_cannot_join_and_a_directory_that_is_gone_cannot_be_joined() {
    let company = Company::new();
    let (guest, person) = (company.lab.root("guest"), company.lab.root("person"));
    let of_person = company.invite("person");
    let of_guest = company.invite("guest");

    person
        .rd("AcceptHandshake", &[("HandshakeId", &of_person)])
        .assert_refused(409, "NotSupport.Account.RealNameType");
    company.boss.rd("DestroyResourceDirectory", &[]).assert_ok();

    guest
        .rd("AcceptHandshake", &[("HandshakeId", &of_guest)])
        .assert_refused(404, "SpecifiedResourceDirectoryNotExists");
}

#[test]
fn a_member_that_administers_a_service_cannot_be_removed() {
    let company = Company::new();
    let uid = company.lab.uid("guest");
    let id = company.invite("guest");
    company.lab.root("guest").rd("AcceptHandshake", &[("HandshakeId", &id)]).assert_ok();
    let params = [("AccountId", uid.as_str()), ("ServicePrincipal", "cloudfw.aliyuncs.com")];
    company.boss.rd("RegisterDelegatedAdministrator", &params).assert_ok();

    // A delegated administrator lists the members.
    let listed = company.lab.user("guest", "dev").rd("ListAccounts", &[]).assert_ok();
    assert_eq!(listed["TotalCount"], 1);
    let message = company
        .boss
        .rd("RemoveCloudAccount", &[("AccountId", &uid)])
        .assert_refused(409, "Deny.TrustedService");
    assert!(message.contains("used in cloudfw.aliyuncs.com."), "{message}");
    company.boss.rd("DeregisterDelegatedAdministrator", &params).assert_ok();
    company
        .lab
        .user("guest", "dev")
        .rd("ListAccounts", &[])
        .assert_refused(404, "EntityNotExists.ResourceDirectory");
    company.boss.rd("RemoveCloudAccount", &[("AccountId", &uid)]).assert_ok();
}
