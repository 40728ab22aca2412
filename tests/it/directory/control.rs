//! Control policies. Source: docs/evidence/resource-directory.md 4.5, docs/evidence/policy.md section 3.

use super::{Company, WORLD, text};

use crate::support::live::Live;
use crate::support::{policy_document, uid};
use alimock::Scenario;
use alimock::world::By;
use alimock::world::account::{Owner, Place};
use alimock::world::settings::AccountRules;
use serde_json::{Value, json};
use std::convert::Infallible;

impl Company {
    /// Enables control policies, and waits until they are enabled.
    fn enable_control(&self) {
        let started = self.boss.rd("EnableControlPolicy", &[]).assert_ok();
        assert_eq!(started["EnablementStatus"], "PendingEnable");
        self.lab.advance_clock("4s");
        assert_eq!(self.status(), "Enabled");
    }

    fn status(&self) -> Value {
        self.boss.rd("GetControlPolicyEnablementStatus", &[]).assert_ok()["EnablementStatus"].clone()
    }

    /// Adds a control policy, and returns its id.
    fn policy(&self, name: &str, effect: &str, action: &str) -> String {
        let document = policy_document(effect, action);
        let params = [("PolicyName", name), ("EffectScope", "RAM"), ("PolicyDocument", document.as_str())];
        text(&self.boss.rd("CreateControlPolicy", &params).assert_ok(), "/ControlPolicy/PolicyId")
    }

    fn attach(&self, policy: &str, target: &str) {
        self.boss.rd("AttachControlPolicy", &[("PolicyId", policy), ("TargetId", target)]).assert_ok();
    }
}

#[test]
fn a_denial_on_a_folder_bounds_every_member_below_it_until_it_is_detached() {
    let company = Company::new();
    let prod = company.folder("prod", "");
    let web = company.folder("web", &prod);
    let (below, beside) = (company.member("Below", &web), company.member("Beside", ""));
    company.enable_control();
    let deny = company.policy("no-ram-users", "Deny", "ram:CreateUser");
    let (inside, outside) = (company.inside(&below), company.inside(&beside));
    inside.ram("CreateUser", &[("UserName", "before")]).assert_ok();

    company.attach(&deny, &prod);

    let refused = inside.ram("CreateUser", &[("UserName", "alice")]);
    refused.assert_refused(403, "NoPermission");
    let detail = &refused.json()["AccessDeniedDetail"];
    assert_eq!(detail["PolicyType"], "ControlPolicy");
    assert_eq!(detail["NoPermissionType"], "ExplicitDeny");
    let decision = company.lab.last_record().decision.clone().expect("it was decided");
    assert!(decision.reason().contains("control policy no-ram-users"), "{}", decision.reason());
    outside.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
    company.admin.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
    company.boss.rd("DetachControlPolicy", &[("PolicyId", &deny), ("TargetId", &prod)]).assert_ok();
    inside.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
}

#[test]
fn a_denial_bounds_the_root_of_a_member_unless_the_world_says_otherwise() {
    let company = Company::new();
    let member = company.member("Dev", "");
    company.enable_control();
    let deny = company.policy("no-ram-users", "Deny", "ram:CreateUser");
    company.attach(&deny, &member);
    let world = company.lab.world();
    let now = world.clock.now().resource;
    let place = Place { uid: uid(&member), owner: Owner::Root };
    let (key, _) = world.commit(now, By::OURSELVES, |tx| tx.add_key(place, (None, None))).unwrap();
    let root = company.lab.actor(key.id.as_str(), key.material.secret());

    let refused = root.ram("CreateUser", &[("UserName", "alice")]);

    refused.assert_refused(403, "NoPermission");
    let detail = &refused.json()["AccessDeniedDetail"];
    assert_eq!(
        (&detail["PolicyType"], &detail["AuthPrincipalType"]),
        (&"ControlPolicy".into(), &"RootUser".into())
    );
    assert_eq!(detail["AuthPrincipalOwnerId"], member);
    root.ram("ListUsers", &[]).assert_ok();
    company.boss.ram("CreateUser", &[("UserName", "zed")]).assert_ok();
    let unbound = world.commit(now, By::OURSELVES, |tx| -> Result<_, Infallible> {
        tx.set_rules(AccountRules { control_policies_bind_roots: false, ..tx.rules().clone() });
        Ok(())
    });
    let Ok(_) = unbound;
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
}

#[test]
fn every_level_must_allow_a_request() {
    let company = Company::new();
    let prod = company.folder("prod", "");
    let member = company.member("Dev", &prod);
    company.enable_control();
    let only_reads = company.policy("only-reads", "Allow", "ram:List*");
    let inside = company.inside(&member);
    company.attach(&only_reads, &prod);
    inside.ram("CreateUser", &[("UserName", "before")]).assert_ok();

    let full = [("PolicyId", "cp-FullAliyunAccess"), ("TargetId", prod.as_str())];
    company.boss.rd("DetachControlPolicy", &full).assert_ok();

    let refused = inside.ram("CreateUser", &[("UserName", "alice")]);
    refused.assert_refused(403, "NoPermission");
    let detail = &refused.json()["AccessDeniedDetail"];
    assert_eq!(
        (&detail["PolicyType"], &detail["NoPermissionType"]),
        (&"ControlPolicy".into(), &"ImplicitDeny".into())
    );
    inside.ram("ListUsers", &[]).assert_ok();
    let last = [("PolicyId", only_reads.as_str()), ("TargetId", prod.as_str())];
    company.boss.rd("DetachControlPolicy", &last).assert_refused(400, "NotSupport.DetachLastControlPolicy");
}

#[test]
fn control_policies_apply_once_they_are_enabled_and_disabling_detaches_them() {
    let company = Company::new();
    let member = company.member("Dev", "");
    let deny = company.policy("nothing", "Deny", "*");
    let params = [("PolicyId", deny.as_str()), ("TargetId", member.as_str())];
    company
        .boss
        .rd("AttachControlPolicy", &params)
        .assert_refused(409, "InvalidControlPolicyEnablementStatus");
    company.enable_control();
    let inside = company.inside(&member);
    company.attach(&deny, &member);
    inside.ram("ListUsers", &[]).assert_refused(403, "NoPermission");

    assert_eq!(
        company.boss.rd("DisableControlPolicy", &[]).assert_ok()["EnablementStatus"],
        "PendingDisable"
    );
    inside.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    company.lab.advance_clock("4s");

    inside.ram("ListUsers", &[]).assert_ok();
    let shown = company.boss.rd("GetControlPolicy", &[("PolicyId", &deny)]).assert_ok();
    assert_eq!(shown["ControlPolicy"]["AttachmentCount"], "0");
}

#[test]
fn a_denied_member_cannot_be_entered_by_its_role() {
    let company = Company::new();
    let member = company.member("Dev", "");
    company.enable_control();
    let deny = company.policy("nothing", "Deny", "*");

    company.attach(&deny, &member);

    let refused = company.assume(&member);
    refused.assert_refused(403, "NoPermission");
    assert_eq!(refused.json()["AccessDeniedDetail"]["PolicyType"], "ControlPolicy");
}

#[test]
fn control_policies_bound_neither_a_member_itself_nor_its_permissions_alone() {
    let company = Company::new();
    let member = company.member("Dev", "");
    let inside = company.inside(&member);
    inside.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
    let alice = inside.create_key(&[("UserName", "alice")]);
    company.enable_control();

    // The system policy allows everything, but it grants nothing.
    alice.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    inside.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn the_system_policy_cannot_change_and_a_policy_in_use_stays() {
    let company = Company::new();
    company.enable_control();
    let root =
        text(&company.boss.rd("GetResourceDirectory", &[]).assert_ok(), "/ResourceDirectory/RootFolderId");
    let deny = company.policy("nothing", "Deny", "ecs:*");
    company.attach(&deny, &root);

    let full = [("PolicyId", "cp-FullAliyunAccess")];
    company.boss.rd("DeleteControlPolicy", &full).assert_refused(404, "EntityNotExists.ControlPolicy");
    company
        .boss
        .rd("DeleteControlPolicy", &[("PolicyId", &deny)])
        .assert_refused(409, "DeleteConflict.ControlPolicy.Attachment");
    let targets = company.boss.rd("ListTargetAttachmentsForControlPolicy", &full).assert_ok();
    assert_eq!(targets["TargetAttachments"]["TargetAttachment"][0]["TargetType"], "Root");
}

#[test]
fn folders_and_control_policies_have_tags_as_members_do() {
    let company = Company::new();
    let (folder, member) = (company.folder("prod", ""), company.member("Dev", ""));
    company.enable_control();
    let policy = company.policy("no-ram-users", "Deny", "ram:CreateUser");
    for (kind, id) in [("Folder", &folder), ("Account", &member), ("ControlPolicy", &policy)] {
        let of = [("ResourceType", kind), ("ResourceId.1", id.as_str())];
        let tag = [&of[..], &[("Tag.1.Key", "env"), ("Tag.1.Value", kind)]].concat();

        company.boss.rd("TagResources", &tag).assert_ok();

        let seen = company.boss.rd("ListTagResources", &of).assert_ok();
        let seen = &seen["TagResources"][0];
        assert_eq!((&seen["ResourceType"], &seen["TagValue"]), (&kind.into(), &kind.into()));
        assert_eq!(seen["ResourceId"], **id);
        let values =
            company.boss.rd("ListTagValues", &[("ResourceType", kind), ("TagKey", "env")]).assert_ok();
        assert_eq!(values["Tags"][0]["Value"], kind);
        company.boss.rd("UntagResources", &[&of[..], &[("TagKey.1", "env")]].concat()).assert_ok();
        assert_eq!(
            company.boss.rd("ListTagResources", &of).assert_ok()["TagResources"],
            serde_json::json!([])
        );
    }
    let unknown = [("ResourceType", "Folder"), ("ResourceId.1", "fd-0123456789")];
    company.boss.rd("ListTagResources", &unknown).assert_refused(404, "EntityNotExists.Folder");
}

#[test]
fn explain_shows_the_control_policies_that_bound_the_account_of_an_assumed_role() {
    let world = WORLD.replace("- name: guest", "- name: guest\n    uid: 1234567890123456");
    let directories = "directories:
  - account: boss
    controlEnabled: true
    controlPolicies:
      - {name: no-roles, document: {Version: '1', Statement: [{Effect: Deny, Action: 'sts:AssumeRole', Resource: '*'}]}}
    members: [{account: guest, invited: true, policies: [no-roles]}]";
    let scenario = Scenario::parse(&format!("{world}\n{directories}"));
    let live = Live::with_scenario(scenario.unwrap_or_else(|error| panic!("{error}")));
    let asked = |resource: &str| {
        let question = json!({"account": "boss/admin", "action": "sts:AssumeRole", "resource": resource});
        live.control("POST", "/worlds/default/explain", &question.to_string()).1
    };

    let answer = asked("acs:ram::1234567890123456:role/ResourceDirectoryAccountAccessRole");

    assert_eq!(
        (&answer["decision"]["allowed"], &answer["decision"]["policyType"]),
        (&false.into(), &"ControlPolicy".into())
    );
    let shown: Vec<_> = answer["statements"].as_array().unwrap().iter().collect();
    let of_control: Vec<_> = shown
        .iter()
        .filter(|one| one["policyType"] == "ControlPolicy")
        .map(|one| {
            (
                one["policy"]["name"].as_str().unwrap(),
                one["policy"]["scope"].as_str().unwrap(),
                &one["effect"],
            )
        })
        .collect();
    assert!(of_control.contains(&("no-roles", "Account", &"Deny".into())), "{of_control:?}");
    assert!(of_control.contains(&("FullAliyunAccess", "Folder", &"Allow".into())), "{of_control:?}");
    assert!(shown.iter().any(|one| one["policyType"] == "AssumeRolePolicy"), "{answer}");
    let elsewhere = asked("*");
    assert!(
        !elsewhere.to_string().contains("ControlPolicy"),
        "nothing bounds the management account: {elsewhere}"
    );
}
