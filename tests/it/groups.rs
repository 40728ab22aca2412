//! Groups and their members. Source: docs/evidence/ram.md 5.5 and section 6. Every code stands in `codes/groups.yaml`.

use crate::support::{Actor, Lab, Paging, field_texts, policy_document};
use insta::assert_snapshot;
use std::sync::Arc;

/// A group with two members, one of whom holds a key, and a policy that lets members list users.
const READERS: &str = r#"
accounts:
  - name: demo
    keys: [{}]
    policies: [{name: List, document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:ListUsers", Resource: "*"}]}}]
    groups: [{name: readers, policies: [List]}]
    users: [{name: ann, groups: [readers], keys: [{}]}, {name: bea, displayName: Bea, groups: [readers]}, {name: eve}]
"#;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(READERS);
    let root = lab.root("demo");
    (lab, root)
}

fn list_members(root: &Actor, group: &str) -> Vec<String> {
    let page = root.ram("ListUsersForGroup", &[("GroupName", group)]).assert_ok();
    field_texts(page["Users"]["User"].as_array().unwrap(), "UserName")
}

#[test]
fn a_group_is_created_shown_changed_and_deleted() {
    let lab = Lab::new();
    let root = lab.root("demo");

    let made = root.ram("CreateGroup", &[("GroupName", "Devs"), ("Comments", "who develop")]);

    assert_snapshot!(made.one_field_a_line(), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "Group":{
    "GroupId":"g-5mGGd70fLTXQj5Va",
    "GroupName":"Devs",
    "Comments":"who develop",
    "CreateDate":"2026-11-22T08:00:00Z"}}
    "#);
    let shown = root.ram("GetGroup", &[("GroupName", "Devs")]).assert_ok()["Group"].clone();
    assert_eq!((&shown["Comments"], &shown["UpdateDate"]), (&"who develop".into(), &shown["CreateDate"]));
    lab.advance_clock("1m");
    let change = [("GroupName", "devs"), ("NewGroupName", "Ops"), ("NewComments", "")];
    let changed = root.ram("UpdateGroup", &change).assert_ok()["Group"].clone();
    assert_eq!((&changed["GroupName"], &changed["Comments"]), (&"Ops".into(), &"".into()));
    assert_eq!((&changed["GroupId"], &changed["CreateDate"]), (&shown["GroupId"], &shown["CreateDate"]));
    assert_eq!(changed["UpdateDate"], "2026-11-22T08:01:00Z");
    root.ram("DeleteGroup", &[("GroupName", "OPS")]).assert_ok();
    root.ram("GetGroup", &[("GroupName", "Ops")]).assert_refused(404, "EntityNotExist.Group");
}

#[test]
fn a_group_is_found_by_its_name_in_any_case_and_shows_it_as_it_was_written() {
    let (_lab, root) = lab();

    root.ram("CreateGroup", &[("GroupName", "READERS")]).assert_refused(409, "EntityAlreadyExists.Group");
    let shown = root.ram("GetGroup", &[("GroupName", "Readers")]).assert_ok();

    assert_eq!(shown["Group"]["GroupName"], "readers");
    root.ram("UpdateGroup", &[("GroupName", "readers"), ("NewGroupName", "Readers")]).assert_ok();
    assert_eq!(
        root.ram("GetGroup", &[("GroupName", "readers")]).assert_ok()["Group"]["GroupName"],
        "Readers"
    );
}

#[test]
fn a_renamed_group_keeps_members_policies_and_what_they_allow() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    ann.ram("ListUsers", &[]).assert_ok();

    root.ram("UpdateGroup", &[("GroupName", "readers"), ("NewGroupName", "watchers")]).assert_ok();

    assert_eq!(list_members(&root, "watchers"), ["ann", "bea"]);
    let policies = root.ram("ListPoliciesForGroup", &[("GroupName", "watchers")]).assert_ok();
    assert_eq!(field_texts(policies["Policies"]["Policy"].as_array().unwrap(), "PolicyName"), ["List"]);
    let groups = root.ram("ListGroupsForUser", &[("UserName", "ann")]).assert_ok();
    assert_eq!(field_texts(groups["Groups"]["Group"].as_array().unwrap(), "GroupName"), ["watchers"]);
    ann.ram("ListUsers", &[]).assert_ok();
    root.ram("GetGroup", &[("GroupName", "readers")]).assert_refused(404, "EntityNotExist.Group");
}

#[test]
fn a_renamed_user_keeps_groups_policies_password_and_key() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    let attach = [("UserName", "ann"), ("PolicyType", "System"), ("PolicyName", "AliyunRAMReadOnlyAccess")];
    root.ram("AttachPolicyToUser", &attach).assert_ok();
    root.ram("CreateLoginProfile", &[("UserName", "ann"), ("Password", "Secret-1234")]).assert_ok();

    root.ram("UpdateUser", &[("UserName", "ann"), ("NewUserName", "anna")]).assert_ok();

    assert_eq!(list_members(&root, "readers"), ["anna", "bea"]);
    let policies = root.ram("ListPoliciesForUser", &[("UserName", "anna")]).assert_ok();
    let names = field_texts(policies["Policies"]["Policy"].as_array().unwrap(), "PolicyName");
    assert_eq!(names, ["AliyunRAMReadOnlyAccess"]);
    let profile = root.ram("GetLoginProfile", &[("UserName", "anna")]).assert_ok();
    assert_eq!(profile["LoginProfile"]["UserName"], "anna");
    ann.ram("GetUser", &[("UserName", "anna")]).assert_ok();
    root.ram("ListGroupsForUser", &[("UserName", "ann")]).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn a_membership_shows_its_start_and_grants_the_permissions_of_the_group() {
    let (lab, root) = lab();
    let eve = root.create_key(&[("UserName", "eve")]);
    eve.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    lab.advance_clock("1m");

    root.ram("AddUserToGroup", &[("UserName", "eve"), ("GroupName", "readers")]).assert_ok();

    eve.ram("ListUsers", &[]).assert_ok();
    let groups = root.ram("ListGroupsForUser", &[("UserName", "eve")]).assert_ok();
    assert_eq!(groups["Groups"]["Group"][0]["JoinDate"], "2026-11-22T08:01:00Z");
    let page = root.ram("ListUsersForGroup", &[("GroupName", "readers")]).assert_ok();
    assert_eq!(field_texts(page["Users"]["User"].as_array().unwrap(), "DisplayName"), ["", "Bea", ""]);
    root.ram("RemoveUserFromGroup", &[("UserName", "eve"), ("GroupName", "readers")]).assert_ok();
    eve.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
}

#[test]
fn pages_of_groups_and_of_members_joined_equal_the_list() {
    let (_lab, root) = lab();
    for name in ["zoo", "ants", "mice"] {
        root.ram("CreateGroup", &[("GroupName", name)]).assert_ok();
    }
    root.ram("AddUserToGroup", &[("UserName", "eve"), ("GroupName", "readers")]).assert_ok();

    let groups = root.assert_pages_join(
        "ListGroups",
        &[],
        &Paging { items: "/Groups/Group", token: "Marker", size: "MaxItems" },
    );
    let of = [("GroupName", "readers")];
    let members = root.assert_pages_join(
        "ListUsersForGroup",
        &of,
        &Paging { items: "/Users/User", token: "Marker", size: "MaxItems" },
    );

    assert_eq!((groups, members), (4, 3));
    let page = root.ram("ListGroups", &[]).assert_ok();
    let names = field_texts(page["Groups"]["Group"].as_array().unwrap(), "GroupName");
    assert_eq!(names, ["readers", "zoo", "ants", "mice"]);
    assert_eq!(
        root.assert_pages_join(
            "ListUsersForGroup",
            &[("GroupName", "zoo")],
            &Paging { items: "/Users/User", token: "Marker", size: "MaxItems" }
        ),
        0
    );
}

#[test]
fn a_marker_stays_valid_when_its_item_is_deleted() {
    let (_lab, root) = lab();
    for name in ["two", "three", "four"] {
        root.ram("CreateGroup", &[("GroupName", name)]).assert_ok();
    }
    let first = root.ram("ListGroups", &[("MaxItems", "1")]).assert_ok();

    root.ram("DeleteGroup", &[("GroupName", "two")]).assert_ok();
    let rest = root.ram("ListGroups", &[("Marker", first["Marker"].as_str().unwrap())]).assert_ok();

    assert_eq!(field_texts(rest["Groups"]["Group"].as_array().unwrap(), "GroupName"), ["three", "four"]);
}

#[test]
fn a_new_user_inherits_nothing_from_a_deleted_user_of_the_same_name() {
    let (_lab, root) = lab();
    root.ram("RemoveUserFromGroup", &[("UserName", "bea"), ("GroupName", "readers")]).assert_ok();
    root.ram("DeleteUser", &[("UserName", "bea")]).assert_ok();

    root.ram("CreateUser", &[("UserName", "bea")]).assert_ok();

    let groups = root.ram("ListGroupsForUser", &[("UserName", "bea")]).assert_ok();
    assert_eq!(groups["Groups"]["Group"].as_array().unwrap().len(), 0);
    assert_eq!(list_members(&root, "readers"), ["ann"]);
}

#[test]
fn an_explicit_deny_of_a_group_overrides_an_allow_of_the_user() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    let document = policy_document("Deny", "ram:List*");
    root.ram("CreatePolicy", &[("PolicyName", "Shut"), ("PolicyDocument", &document)]).assert_ok();

    let attach = [("GroupName", "readers"), ("PolicyType", "Custom"), ("PolicyName", "Shut")];
    root.ram("AttachPolicyToGroup", &attach).assert_ok();

    ann.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    root.ram("DetachPolicyFromGroup", &attach).assert_ok();
    ann.ram("ListUsers", &[]).assert_ok();
}

#[test]
fn a_page_of_groups_holds_a_hundred_at_most_however_many_are_asked_for() {
    let (_lab, root) = lab();
    for number in 1..=100 {
        root.ram("CreateGroup", &[("GroupName", &format!("g{number}"))]).assert_ok();
    }

    for size in ["", "100", "1000"] {
        let page = root.ram("ListGroups", &[("MaxItems", size)]).assert_ok();
        let shown = page["Groups"]["Group"].as_array().unwrap().len();
        assert_eq!((shown, &page["IsTruncated"]), (100, &true.into()), "{size}");
    }
    root.ram("ListGroups", &[("MaxItems", "1001")]).assert_refused(400, "InvalidParameter.MaxItems.Range");
}
