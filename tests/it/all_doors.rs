//! RAM, IMS, Resource Manager, the control API and commands are doors to the same objects: a change has the same outcome and leaves
//! the same world by each door that offers it, and all doors show the same afterwards.

use crate::ims_doors::{assert_ims_shows_what_ram_shows, by_ims, by_ram};
use crate::resource_manager::{assert_both_show_the_same, rm};
use crate::support::live::{Live, status_and_error};
use crate::support::{Actor, Lab, NOW, policy_document};
use alimock::Scenario;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

const UID: &str = "1234567890123456";

const WORLD: &str = r#"
quotas: {users: 3}
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    policies: [{name: Ecs, document: {Version: "1", Statement: [{Effect: Allow, Action: "ecs:*", Resource: "*"}]}}]
    groups: [{name: devs}]
    users: [{name: ann, keys: [{}, {status: Inactive}]}, {name: Bea, keys: [{}]}]
    roles: [{name: deploy, trust: {Service: [fc.aliyuncs.com]}}]
"#;

/// A server with one account, and its root as a caller.
struct World {
    live: Live,
    _lab: Arc<Lab>,
    root: Actor,
}

impl World {
    fn start() -> Self {
        let text = format!("clock: {{resource: '{NOW}', gateway: '{NOW}'}}\n{WORLD}");
        let live = Live::with_scenario(Scenario::parse(&text).unwrap());
        let lab = live.lab();
        let root = lab.root("demo");
        Self { live, _lab: lab, root }
    }

    /// Calls the control API; `path` is below the world.
    fn control(&self, method: &str, path: &str, body: &Value) -> bool {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = self.live.control(method, &format!("/worlds/default{path}"), &body);
        let is_of_the_test =
            matches!(status_and_error(&(status, answer.clone())).1, "invalid_command" | "invalid_body");
        assert!(status < 500 && !is_of_the_test, "{method} {path} {body}: {answer}");
        status < 300
    }

    /// The world as a scenario.
    fn export(&self) -> Value {
        self.live.control("GET", "/worlds/default/export?format=json", "").1
    }
}

/// Way to make a change.
#[derive(Debug)]
enum Way {
    Ram(&'static str, Vec<(&'static str, String)>),
    Ims(&'static str, Vec<(&'static str, String)>),
    /// Resource Manager.
    Rm(&'static str, Vec<(&'static str, String)>),
    Control(&'static str, String, Value),
}

impl Way {
    fn command(name: &str, mut words: Value) -> Self {
        words["account"] = json!("demo");
        Self::Control("POST", "/commands".to_owned(), json!({name: words}))
    }

    /// Makes the change; returns `true` if it was made.
    fn take(&self, world: &World) -> bool {
        let reply = match self {
            Self::Control(method, path, body) => return world.control(method, path, body),
            Self::Ram(action, params) => by_ram(&world.root, action, params),
            Self::Ims(action, params) => by_ims(&world.root, action, params),
            Self::Rm(action, params) => {
                let params: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
                rm(&world.root, action, &params)
            }
        };
        assert!(reply.status < 500, "{}", reply.body);
        reply.status == 200
    }
}

/// Both APIs of identities, whose parameters are written as for RAM.
fn identity(action: &'static str, params: Vec<(&'static str, String)>) -> Vec<Way> {
    vec![Way::Ram(action, params.clone()), Way::Ims(action, params)]
}

/// RAM and Resource Manager, whose parameters are the same.
fn shared(action: &'static str, params: Vec<(&'static str, String)>) -> Vec<Way> {
    vec![Way::Ram(action, params.clone()), Way::Rm(action, params)]
}

/// Kind of holder of a policy: its type, parameter and suffix of its name at the doors, and its names.
type Kind = (&'static str, &'static str, &'static str, &'static str, [&'static str; 3]);

const KINDS: [Kind; 3] = [
    ("User", "user", "IMSUser", "@1234567890123456.onaliyun.com", ["ann", "Bea", "carl"]),
    ("Group", "group", "IMSGroup", "@group.1234567890123456.onaliyun.com", ["devs", "Ops", "devs"]),
    (
        "Role",
        "role",
        "ServiceRole",
        "@role.1234567890123456.onaliyunservice.com",
        ["deploy", "audit", "deploy"],
    ),
];

/// Attaches a policy, or detaches it.
fn attachment(attaches: bool, (kind, word, principal, suffix, names): Kind, n: u8, policy: &str) -> Vec<Way> {
    let name = names[usize::from(n % 3)].to_owned();
    let own = match kind {
        "User" => "UserName",
        "Group" => "GroupName",
        _ => "RoleName",
    };
    let kept = |name, value: &str| (name, value.to_owned());
    let of_policy = [kept("PolicyType", "Custom"), kept("PolicyName", policy)];
    let (by_ram, by_manager) = match (attaches, kind) {
        (true, "User") => ("AttachPolicyToUser", "AttachPolicy"),
        (true, "Group") => ("AttachPolicyToGroup", "AttachPolicy"),
        (true, _) => ("AttachPolicyToRole", "AttachPolicy"),
        (false, "User") => ("DetachPolicyFromUser", "DetachPolicy"),
        (false, "Group") => ("DetachPolicyFromGroup", "DetachPolicy"),
        (false, _) => ("DetachPolicyFromRole", "DetachPolicy"),
    };
    let of_ram = [&of_policy[..], &[(own, name.clone())]].concat();
    let of_manager = [
        &of_policy[..],
        &[
            kept("ResourceGroupId", UID),
            kept("PrincipalType", principal),
            ("PrincipalName", format!("{name}{suffix}")),
        ],
    ]
    .concat();
    let command = if attaches { "attachPolicy" } else { "detachPolicy" };
    vec![
        Way::Ram(by_ram, of_ram),
        Way::Rm(by_manager, of_manager),
        Way::command(command, json!({word: name, "policy": policy})),
    ]
}

/// Ways to make one change. `keys` are the AccessKeys that exist.
fn ways(what: u8, first: u8, second: u8, keys: &[(String, String)]) -> Vec<Way> {
    let kept = |name, value: &str| (name, value.to_owned());
    let user = ["ann", "Bea", "carl"][usize::from(first % 3)];
    let group = ["devs", "Ops"][usize::from(second % 2)];
    let role = ["deploy", "audit"][usize::from(first % 2)];
    let policy = ["Ecs", "Oss"][usize::from(second % 2)];
    let (owner, key) = keys.get(usize::from(first) % keys.len().max(1)).cloned().unwrap_or_default();
    let of_key = vec![("UserName", owner), ("UserAccessKeyId", key.clone())];
    let key_path = format!("/accounts/demo/access-keys/{key}");
    let document = policy_document("Allow", if first.is_multiple_of(2) { "ecs:*" } else { "oss:*" });
    let trusted = ["ecs.aliyuncs.com", "fc.aliyuncs.com"][usize::from(second % 2)];
    let trust = json!({"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": [trusted]}}]});
    match what % 17 {
        0 | 1 => identity("CreateUser", vec![kept("UserName", user), kept("DisplayName", "Somebody")]),
        2 => identity("DeleteUser", vec![kept("UserName", user)]),
        3 => identity("CreateGroup", vec![kept("GroupName", group)]),
        4 => identity("AddUserToGroup", vec![kept("UserName", user), kept("GroupName", group)]),
        5 => identity("RemoveUserFromGroup", vec![kept("UserName", user), kept("GroupName", group)]),
        6 | 7 => {
            let mut ways = identity("CreateAccessKey", vec![kept("UserName", user)]);
            ways.push(Way::Control("POST", "/accounts/demo/access-keys".to_owned(), json!({"user": user})));
            ways.push(Way::command("addKey", json!({"user": user})));
            ways
        }
        8 if !key.is_empty() => {
            let status = ["Active", "Inactive"][usize::from(second % 2)];
            let mut ways = identity("UpdateAccessKey", [of_key, vec![kept("Status", status)]].concat());
            ways.push(Way::Control("PATCH", key_path, json!({"status": status})));
            let command = if status == "Active" { "enableKey" } else { "disableKey" };
            ways.push(Way::command(command, json!({"id": key})));
            ways
        }
        9 if !key.is_empty() => {
            let mut ways = identity("DeleteAccessKey", of_key);
            ways.push(Way::Control("DELETE", key_path, Value::Null));
            ways.push(Way::command("deleteKey", json!({"id": key})));
            ways
        }
        8 | 9 => identity("DeleteGroup", vec![kept("GroupName", group)]),
        10 => {
            let alias = ["example", "changed"][usize::from(first % 2)];
            vec![
                Way::Ram("SetAccountAlias", vec![kept("AccountAlias", alias)]),
                Way::Ims("SetDefaultDomain", vec![("DefaultDomainName", format!("{alias}.onaliyun.com"))]),
                Way::Control("PATCH", "/accounts/demo".to_owned(), json!({"alias": alias})),
                Way::command("changeAccount", json!({"alias": alias})),
            ]
        }
        11 => shared(
            "CreateRole",
            vec![kept("RoleName", role), ("AssumeRolePolicyDocument", trust.to_string())],
        ),
        12 => {
            let params = vec![kept("RoleName", role), ("NewAssumeRolePolicyDocument", trust.to_string())];
            let mut ways = shared("UpdateRole", params);
            ways.push(Way::command("setTrust", json!({"role": role, "trust": trust.to_string()})));
            ways
        }
        13 => shared("CreatePolicy", vec![kept("PolicyName", policy), ("PolicyDocument", document)]),
        14 => {
            let flag = kept("SetAsDefault", "true");
            shared(
                "CreatePolicyVersion",
                vec![kept("PolicyName", policy), ("PolicyDocument", document), flag],
            )
        }
        15 => attachment(true, KINDS[usize::from(second % 3)], first, policy),
        _ => attachment(false, KINDS[usize::from(second % 3)], first, policy),
    }
}

/// The keys of users, with their owners, as the control API lists them.
fn keys(world: &World) -> Vec<(String, String)> {
    let (_, listed) = world.live.control("GET", "/worlds/default/accounts/demo/access-keys", "");
    let listed = listed["accessKeys"].as_array().expect("a list of keys").iter();
    let of_users = listed
        .filter_map(|key| Some((key["user"].as_str()?.to_owned(), key["accessKeyId"].as_str()?.to_owned())));
    of_users.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn each_change_has_one_outcome_by_every_door_and_all_doors_show_it(
        steps in proptest::collection::vec(any::<(u8, u8, u8, u8)>(), 1..40),
    ) {
        let (mixed, plain) = (World::start(), World::start());
        for (what, first, second, door) in steps {
            let known = keys(&mixed);
            prop_assert_eq!(&known, &keys(&plain));
            let ways = ways(what, first, second, &known);
            let chosen = &ways[usize::from(door) % ways.len()];
            prop_assert_eq!(chosen.take(&mixed), ways[0].take(&plain), "{:?}", chosen);
        }
        prop_assert_eq!(mixed.export(), plain.export());
        assert_ims_shows_what_ram_shows(&mixed.root);
        assert_both_show_the_same(&mixed.root);
    }
}
