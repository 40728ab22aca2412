//! Resource directories in scenarios, exports and commands. Source: docs/scenarios.md.

use super::{Company, WORLD, text};
use crate::support::Lab;
use alimock::Scenario;
use alimock::scenario::{Export, difference};
use serde_json::json;

/// A directory with everything that a file can hold.
const DIRECTORY: &str = "
directories:
  - account: boss
    id: rd-Ab12Cd
    root: r-Ab12Cd
    deletesMembers: true
    controlEnabled: true
    controlPolicies:
      - {name: no-users, id: cp-Ab12, description: nobody new, document: {Version: '1', Statement: [{Effect: Deny, Action: 'ram:CreateUser', Resource: '*'}]}, tags: {a: b}}
    folders:
      - {path: prod, id: fd-Ab12, tags: {env: prod}}
      - {path: prod/web, policies: [no-users]}
    members:
      - {account: guest, folder: prod/web, invited: true, displayName: Guests, administers: [cloudfw.aliyuncs.com], tags: {team: x}}
      - {account: app, payer: boss}
    invitations: [{account: person, note: Welcome}]
    contacts:
      - {name: Alice, id: c-Ab12, email: a@example.com, mobile: 86-13900004444, title: CEO, messageTypes: [Security], members: [guest], newEmail: new@example.com}
      - {name: Bob, email: b@example.com, mobile: 86-13900005555, confirmed: false}";

fn lab() -> std::sync::Arc<Lab> {
    Lab::with_scenario(&format!("{WORLD}\n  - {{name: app, keys: [{{}}]}}{DIRECTORY}"))
}

#[test]
fn a_file_gives_an_account_a_directory_with_members_and_policies() {
    let lab = lab();
    let boss = lab.root("boss");

    let shown = boss.rd("GetAccount", &[("AccountId", &lab.uid("guest"))]).assert_ok();
    assert_eq!(shown["Account"]["Location"], "root/prod/web");
    assert_eq!(shown["Account"]["DisplayName"], "Guests");
    let dev = lab.user("guest", "dev");
    let refused = dev.ram("CreateUser", &[("UserName", "alice")]);
    refused.assert_refused(403, "NoPermission");
    assert_eq!(refused.json()["AccessDeniedDetail"]["PolicyType"], "ControlPolicy");
    dev.ram("ListUsers", &[]).assert_ok();
    let invitations = lab.root("person").rd("ListHandshakesForAccount", &[]).assert_ok();
    assert_eq!(invitations["Handshakes"]["Handshake"][0]["Note"], "Welcome");
    let contacts = boss.rd("ListMessageContacts", &[]).assert_ok();
    let shown = |index: usize| {
        let contact = &contacts["Contacts"][index];
        (contact["Name"].clone(), contact["Status"].clone(), contact["Members"].clone())
    };
    assert_eq!(shown(0), ("Alice".into(), "Active".into(), json!([lab.uid("guest")])));
    assert_eq!(shown(1), ("Bob".into(), "Verifying".into(), json!([])));
    let waiting = boss.rd("ListMessageContactVerifications", &[("ContactId", "c-Ab12")]).assert_ok();
    assert_eq!(waiting["ContactVerifications"][0]["Target"], "new@example.com");
    let payer = boss.rd("GetPayerForAccount", &[("AccountId", &lab.uid("app"))]).assert_ok();
    assert_eq!(payer["PayerAccountId"], lab.uid("boss").as_str());
}

#[test]
fn an_exported_directory_reads_back_the_same() {
    let lab = lab();
    lab.root("boss").rd("CreateFolder", &[("FolderName", "test")]).assert_ok();
    let exported = Export::present(lab.world());

    let again = Lab::with_seed(&Scenario::parse(&exported.yaml()).unwrap_or_else(|error| panic!("{error}")));

    let differences = difference::between(&exported, &Export::present(again.world()));
    assert!(differences.is_empty(), "{}", difference::text(&differences));
    let [of_lab, of_again] = [&lab, &again].map(|lab| {
        let list = lab.root("boss").rd("ListFoldersForParent", &[]).assert_ok();
        list["Folders"].to_string()
    });
    assert_eq!(of_lab, of_again);
}

#[test]
fn a_payer_that_was_frozen_since_still_reads_back() {
    let lab = lab();
    let command = r#"{"hold":{"account":"boss","hold":"RISK"}}"#;
    let command: alimock::world::Command = serde_json::from_str(command).unwrap();
    let world = lab.world();
    world.commit(world.clock.now().resource, alimock::world::By::OURSELVES, |tx| command.run(tx)).unwrap();
    let exported = Export::present(world);

    let again = Lab::with_seed(&Scenario::parse(&exported.yaml()).unwrap_or_else(|error| panic!("{error}")));

    let differences = difference::between(&exported, &Export::present(again.world()));
    assert!(differences.is_empty(), "{}", difference::text(&differences));
}

#[test]
fn a_difference_names_the_member_and_the_folder() {
    let company = Company::new();
    let before = Export::present(company.lab.world());
    let prod = company.folder("prod", "");
    company.member("Dev", &prod);

    let text = difference::text(&difference::between(&before, &Export::present(company.lab.world())));

    assert!(text.contains("+ directories[rd-") && text.contains("].folders[fd-"), "{text}");
    assert!(text.contains("].members["), "{text}");
}

#[test]
fn a_file_that_cannot_be_planted_is_refused_where_it_stands() {
    let refused = |directories: &str| {
        let whole = format!("accounts: [{{name: boss}}, {{name: app}}]\ndirectories: {directories}");
        Scenario::parse(&whole).unwrap_err().to_string()
    };
    let unverified = refused("[{account: boss}]");
    assert!(unverified.contains("the account is not verified as an enterprise"), "{unverified}");
    let contact = |contact: &str| {
        let directory = format!("{WORLD}\ndirectories: [{{account: boss, contacts: [{contact}]}}]");
        Scenario::parse(&directory).unwrap_err().to_string()
    };
    for (words, why) in [
        ("title: CE0", "`CE0` is no title, did you mean `CEO`?"),
        ("messageTypes: [a b]", "`a b` is no type of messages"),
        ("members: [person]", "the account is no member of the resource directory"),
        ("members: [persn]", "no account is named `persn`"),
        ("id: x-1", "`x-1` is not `c-` and up to 32 letters and digits"),
    ] {
        let said = contact(&format!("{{name: Alice, email: a@example.com, mobile: 13900004444, {words}}}"));
        assert!(said.contains(why), "{said}");
    }
    let unknown = refused("[{account: bos}]");
    assert!(unknown.contains("no account is named `bos`"), "{unknown}");
}

#[test]
fn commands_attach_control_policies_answer_invitations_and_remove_members() {
    let company = Company::new();
    let (boss, lab) = (&company.boss, &company.lab);
    company.folder("prod", "");
    let document = crate::support::policy_document("Deny", "ram:*");
    let params = [("PolicyName", "no-ram"), ("EffectScope", "RAM"), ("PolicyDocument", document.as_str())];
    boss.rd("CreateControlPolicy", &params).assert_ok();
    boss.rd("EnableControlPolicy", &[]).assert_ok();
    lab.advance_clock("4s");
    let invite =
        [("TargetType", "Account"), ("TargetEntity", &*lab.uid("guest"))].map(|(n, v)| (n, v.to_owned()));
    let invite = invite.each_ref().map(|(name, value)| (*name, value.as_str()));
    boss.rd("InviteAccountToResourceDirectory", &invite).assert_ok();
    let dev = lab.user("guest", "dev");

    company.run(r#"{"answerInvitation":{"account":"guest"}}"#);
    dev.ram("ListUsers", &[]).assert_ok();
    company.run(r#"{"attachControlPolicy":{"account":"boss","policy":"no-ram","member":"guest"}}"#);
    dev.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    company.run(r#"{"detachControlPolicy":{"account":"boss","policy":"no-ram","member":"guest"}}"#);
    dev.ram("ListUsers", &[]).assert_ok();
    company.run(r#"{"attachControlPolicy":{"account":"boss","policy":"no-ram","folder":""}}"#);
    dev.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    company.run(r#"{"leaveDirectory":{"account":"guest"}}"#);

    dev.ram("ListUsers", &[]).assert_ok();
    assert_eq!(text(&boss.rd("ListAccounts", &[]).assert_ok(), "/NextToken"), "");
    let gone = boss.rd("GetAccount", &[("AccountId", &lab.uid("guest"))]);
    gone.assert_refused(404, "EntityNotExists.Account");
}
