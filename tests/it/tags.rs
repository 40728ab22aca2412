//! Tags of roles and policies. Source: docs/evidence/ram.md 5.9. Every code stands in `codes/tags.yaml`.

use crate::support::{Actor, Lab, Paging, Reply, field_texts, policy_document};
use serde_json::{Value, json};
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], roles: [{name: one}, {name: two}, {name: three}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn tag_roles(root: &Actor, roles: &str, tags: &str) -> Reply {
    root.ram("TagResources", &[("ResourceType", "role"), ("ResourceNames", roles), ("Tag", tags)])
}

/// Every tag of roles, as `role key=value`.
fn list_role_tags(root: &Actor, more: &[(&str, &str)]) -> Vec<String> {
    let params = [&[("ResourceType", "role")], more].concat();
    let listed = root.ram("ListTagResources", &params).assert_ok();
    let listed = listed["TagResources"].as_array().unwrap();
    let (names, keys) = (field_texts(listed, "ResourceName"), field_texts(listed, "TagKey"));
    let values = field_texts(listed, "TagValue");
    (0..names.len()).map(|at| format!("{} {}={}", names[at], keys[at], values[at])).collect()
}

#[test]
fn tags_are_set_changed_and_removed() {
    let (_lab, root) = lab();

    tag_roles(&root, r#"["one","TWO"]"#, r#"[{"Key":"team","Value":"red"},{"Key":"empty"}]"#).assert_ok();

    assert_eq!(list_role_tags(&root, &[]), ["one empty=", "one team=red", "two empty=", "two team=red"]);
    tag_roles(&root, r#"["one"]"#, r#"[{"Key":"team","Value":"blue"},{"Key":"Team","Value":"x"}]"#)
        .assert_ok();
    assert_eq!(
        list_role_tags(&root, &[("ResourceNames", r#"["one"]"#)]),
        ["one Team=x", "one empty=", "one team=blue"]
    );
    let untag = |more: &[(&str, &str)]| {
        let params = [&[("ResourceType", "role"), ("ResourceNames", r#"["one","two"]"#)], more].concat();
        root.ram("UntagResources", &params).assert_ok()
    };
    untag(&[("TagKeys", r#"["team","nosuch"]"#)]);
    assert_eq!(list_role_tags(&root, &[]), ["one Team=x", "one empty=", "two empty="]);
    untag(&[]);
    untag(&[("All", "false")]);
    assert_eq!(list_role_tags(&root, &[]).len(), 3, "nothing is taken away unless that is asked");
    untag(&[("All", "true"), ("TagKeys", r#"["Team"]"#)]);
    assert_eq!(list_role_tags(&root, &[]), ["one empty=", "two empty="], "keys that are named count alone");
    untag(&[("All", "true")]);
    assert_eq!(list_role_tags(&root, &[]), [""; 0]);
}

#[test]
fn if_one_resource_is_missing_none_is_tagged() {
    let (_lab, root) = lab();

    tag_roles(&root, r#"["one","nosuch","two"]"#, r#"[{"Key":"team"}]"#)
        .assert_refused(404, "EntityNotExist.Role");

    assert_eq!(list_role_tags(&root, &[]), [""; 0]);
}

#[test]
fn tags_are_found_by_key_and_by_value() {
    let (_lab, root) = lab();
    tag_roles(&root, r#"["one"]"#, r#"[{"Key":"team","Value":"red"},{"Key":"stage","Value":"test"}]"#)
        .assert_ok();
    tag_roles(&root, r#"["two"]"#, r#"[{"Key":"team","Value":"blue"}]"#).assert_ok();

    let by = |filter: &str| list_role_tags(&root, &[("Tag", filter)]);

    assert_eq!(by(r#"[{"Key":"team","Value":"blue"}]"#), ["two team=blue"]);
    assert_eq!(by(r#"[{"Key":"stage"}]"#), ["one stage=test", "one team=red"]);
    assert_eq!(by(r#"[{"Key":"stage"},{"Key":"team","Value":"blue"}]"#), [""; 0]);
    assert_eq!(list_role_tags(&root, &[("ResourceNames.1", "two")]), ["two team=blue"]);
    root.ram("ListTagResources", &[("ResourceType", "role"), ("ResourceNames", r#"["nosuch"]"#)])
        .assert_refused(404, "EntityNotExist.Role");
}

#[test]
fn pages_of_tags_joined_equal_the_list() {
    let (_lab, root) = lab();
    tag_roles(&root, r#"["one","two","three"]"#, r#"[{"Key":"a"},{"Key":"b"},{"Key":"c"}]"#).assert_ok();

    let of = [("ResourceType", "role")];
    let all = root.assert_pages_join(
        "ListTagResources",
        &of,
        &Paging { items: "/TagResources", token: "NextToken", size: "PageSize" },
    );

    assert_eq!(all, 9);
    let two = [of[0], ("ResourceNames", r#"["one","three"]"#)];
    assert_eq!(
        root.assert_pages_join(
            "ListTagResources",
            &two,
            &Paging { items: "/TagResources", token: "NextToken", size: "PageSize" }
        ),
        6
    );
}

#[test]
fn a_role_has_twenty_tags_at_most_unless_the_world_says_otherwise() {
    let (_lab, root) = lab();
    let many = |from: usize, to: usize| {
        Value::from((from..=to).map(|n| json!({"Key": format!("k{n}")})).collect::<Vec<_>>()).to_string()
    };
    tag_roles(&root, r#"["one"]"#, &many(1, 20)).assert_ok();
    tag_roles(&root, r#"["one"]"#, &many(20, 20)).assert_ok();

    tag_roles(&root, r#"["two","one"]"#, &many(21, 21)).assert_refused(409, "LimitExceeded.Tag");

    assert_eq!(list_role_tags(&root, &[]).len(), 20);
    let one_each = Lab::with_scenario(
        "quotas: {tagsEach: 1}\naccounts: [{name: demo, keys: [{}], roles: [{name: one}]}]",
    );
    tag_roles(&one_each.root("demo"), r#"["one"]"#, &many(1, 2)).assert_refused(409, "LimitExceeded.Tag");
}

#[test]
fn tags_of_roles_and_of_policies_are_separate() {
    let (_lab, root) = lab();
    let document = policy_document("Allow", "ecs:*");
    let new = [("PolicyName", "one"), ("PolicyDocument", document.as_str())];
    root.ram("CreatePolicy", &[new[0], new[1], ("Tag.1.Key", "kind"), ("Tag.1.Value", "policy")]).assert_ok();

    tag_roles(&root, r#"["one"]"#, r#"[{"Key":"kind","Value":"role"}]"#).assert_ok();

    assert_eq!(list_role_tags(&root, &[]), ["one kind=role"]);
    let of_policies = root.ram("ListTagResources", &[("ResourceType", "policy")]).assert_ok();
    let expected =
        json!([{"ResourceType": "policy", "ResourceName": "one", "TagKey": "kind", "TagValue": "policy"}]);
    assert_eq!(of_policies["TagResources"], expected);
    root.ram("DeletePolicy", &[("PolicyName", "one")]).assert_ok();
    assert_eq!(
        root.ram("ListTagResources", &[("ResourceType", "policy")]).assert_ok()["TagResources"],
        json!([])
    );
}
