//! RAM and IMS are two doors to the same things: what one makes and the other changes reads the same through both, and a change has
//! the same outcome by either.

use crate::support::{Actor, Lab, Reply};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::Arc;

const DOMAIN: &str = "1234567890123456.onaliyun.com";

/// One of the doors.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Door {
    Ram,
    Ims,
}

/// Names of a parameter or field, in RAM and in IMS.
const RENAMED: &[(&str, &str)] = &[
    ("UserName", "UserPrincipalName"),
    ("NewUserName", "NewUserPrincipalName"),
    ("HardExpiry", "HardExpire"),
];

/// A parameter, by its name in RAM.
type Param = (&'static str, String);

/// Sends a call, written as for RAM, by a door.
fn call(root: &Actor, door: Door, action: &str, params: &[Param]) -> Reply {
    let of_ims = |(name, value): &Param| {
        let renamed = RENAMED.iter().find(|(ram, _)| ram == name).map_or(*name, |(_, ims)| *ims);
        let value = if name.ends_with("UserName") { format!("{value}@{DOMAIN}") } else { value.clone() };
        (renamed, value)
    };
    let (action, params) = match door {
        Door::Ram => (action, params.to_vec()),
        Door::Ims if action == "SetAccountAlias" => {
            ("SetDefaultDomain", vec![("DefaultDomainName", format!("{}.onaliyun.com", params[0].1))])
        }
        Door::Ims => (action, params.iter().map(of_ims).collect()),
    };
    let sent: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if door == Door::Ram { root.ram(action, &sent) } else { root.ims(action, &sent) }
}

/// Sends a call, written as for RAM, to RAM.
pub fn by_ram(root: &Actor, action: &str, params: &[Param]) -> Reply {
    call(root, Door::Ram, action, params)
}

/// Sends a call, written as for RAM, to IMS.
pub fn by_ims(root: &Actor, action: &str, params: &[Param]) -> Reply {
    call(root, Door::Ims, action, params)
}

/// A change: which, of whom, and with what.
type Change = (usize, u8, u8, Door);

/// Makes a change, and returns status and code. `keys` are those that were made.
fn make(root: &Actor, (which, first, second, door): Change, keys: &mut Vec<String>) -> (u16, Value) {
    let user = |n: u8| ("UserName", ["ann", "Bea", "carl"][usize::from(n % 3)].to_owned());
    let group = |n: u8| ("GroupName", ["devs", "Ops"][usize::from(n % 2)].to_owned());
    let text = |name: &'static str, value: &str| (name, value.to_owned());
    let flag = |name: &'static str, n: u8| (name, n.is_multiple_of(2).to_string());
    let key = (
        "UserAccessKeyId",
        keys.get(usize::from(second) % keys.len().max(1)).cloned().unwrap_or_else(|| "LTAI5tNone".into()),
    );
    let device = |n: u8| ["phone", "tablet"][usize::from(n % 2)].to_owned();
    let (action, params) = match which {
        0 | 1 => ("CreateUser", vec![user(first), text("DisplayName", "Somebody")]),
        2 => {
            let new_name = ("NewUserName", user(second).1);
            (
                "UpdateUser",
                vec![user(first), new_name, text("NewComments", ["", "new"][usize::from(second % 2)])],
            )
        }
        3 => ("DeleteUser", vec![user(first)]),
        4 | 5 => ("CreateAccessKey", vec![user(first)]),
        6 => (
            "UpdateAccessKey",
            vec![user(first), key, text("Status", ["Active", "Inactive"][usize::from(second % 2)])],
        ),
        7 => ("DeleteAccessKey", vec![user(first), key]),
        8 => {
            let password = text("Password", ["Secret-0001", "short"][usize::from(second % 2)]);
            ("CreateLoginProfile", vec![user(first), password, flag("MFABindRequired", second / 2)])
        }
        9 => ("UpdateLoginProfile", vec![user(first), flag("MFABindRequired", second)]),
        10 => ("DeleteLoginProfile", vec![user(first)]),
        11 | 12 => ("CreateGroup", vec![group(first), text("Comments", "some")]),
        13 => (
            "UpdateGroup",
            vec![group(first), ("NewGroupName", group(second).1), text("NewComments", "other")],
        ),
        14 => ("DeleteGroup", vec![group(first)]),
        15 | 16 => ("AddUserToGroup", vec![user(first), group(second)]),
        17 => ("RemoveUserFromGroup", vec![user(first), group(second)]),
        18 => ("CreateVirtualMFADevice", vec![("VirtualMFADeviceName", device(first))]),
        19 => (
            "DeleteVirtualMFADevice",
            vec![("SerialNumber", format!("acs:ram::1234567890123456:mfa/{}", device(first)))],
        ),
        20 => {
            let masks = text("LoginNetworkMasks", ["", "10.0.0.0/8"][usize::from(second % 2)]);
            ("SetSecurityPreference", vec![flag("AllowUserToManageAccessKeys", first), masks])
        }
        21 => {
            let kinds = [
                "RequireLowercaseCharacters",
                "RequireUppercaseCharacters",
                "RequireNumbers",
                "RequireSymbols",
            ];
            let mut params: Vec<_> = kinds.into_iter().map(|name| flag(name, first)).collect();
            params.push(flag("HardExpiry", second));
            let numbers = ["MaxLoginAttemps", "MaxPasswordAge", "PasswordReusePrevention"];
            params.extend(numbers.into_iter().map(|name| (name, (second % 20).to_string())));
            params.push(("MinimumPasswordLength", (first % 40).to_string()));
            ("SetPasswordPolicy", params)
        }
        _ => ("SetAccountAlias", vec![text("AccountAlias", ["example", "changed"][usize::from(first % 2)])]),
    };
    let reply = call(root, door, action, &params);
    if let Some(id) = reply.json()["AccessKey"]["AccessKeyId"].as_str() {
        keys.push(id.to_owned());
    }
    (reply.status, reply.json()["Code"].clone())
}

/// Everything of the account, by a door.
fn read(root: &Actor, door: Door) -> Vec<(String, u16, Value)> {
    let mut seen = Vec::new();
    let mut note = |action: &str, params: &[Param]| {
        let reply = call(root, door, action, params);
        let mut body = reply.json();
        body.as_object_mut()
            .unwrap()
            .retain(|name, _| !matches!(name.as_str(), "RequestId" | "HostId" | "Recommend"));
        seen.push((format!("{action} {params:?}"), reply.status, body.clone()));
        body
    };
    for action in ["GetPasswordPolicy", "GetSecurityPreference", "ListVirtualMFADevices", "ListUsers"] {
        note(action, &[]);
    }
    let groups = note("ListGroups", &[])["Groups"]["Group"].clone();
    for group in groups.as_array().unwrap() {
        let name = [("GroupName", group["GroupName"].as_str().unwrap().to_owned())];
        note("GetGroup", &name);
        note("ListUsersForGroup", &name);
    }
    for user in ["ann", "Bea", "carl"] {
        let name = [("UserName", user.to_owned())];
        for action in ["GetUser", "ListAccessKeys", "GetLoginProfile", "ListGroupsForUser"] {
            note(action, &name);
        }
    }
    seen
}

/// Fields of RAM that IMS does not have.
const ONLY_IN_RAM: &[&str] = &["PublicKeyPreference", "Message"];

/// Finds the first difference between an answer of RAM and that of IMS, in the fields that both have.
fn difference(ram: &Value, ims: &Value, at: &str) -> Option<String> {
    match (ram, ims) {
        (Value::Object(of_ram), Value::Object(of_ims)) => of_ram.iter().find_map(|(name, value)| {
            let is_of_login = at.ends_with("LoginProfile") && name == "CreateDate";
            if ONLY_IN_RAM.contains(&name.as_str()) || is_of_login {
                return None;
            }
            let renamed = RENAMED.iter().find(|(one, _)| one == name).map(|(_, ims)| of_ims.get(*ims));
            let Some(other) = renamed.flatten().or_else(|| of_ims.get(name)) else {
                return Some(format!("{at}.{name} is missing in IMS"));
            };
            difference(value, other, &format!("{at}.{name}"))
        }),
        (Value::Array(of_ram), Value::Array(of_ims)) if of_ram.len() == of_ims.len() => {
            of_ram.iter().zip(of_ims).find_map(|(ram, ims)| difference(ram, ims, at))
        }
        (Value::String(name), Value::String(logon_name)) if at.ends_with(".UserName") => {
            (logon_name.split('@').next() != Some(name)).then(|| format!("{at}: {name} and {logon_name}"))
        }
        _ => (ram != ims).then(|| format!("{at}: {ram} and {ims}")),
    }
}

/// Fails unless both doors show the same of the account.
pub fn assert_ims_shows_what_ram_shows(root: &Actor) {
    let (of_ram, of_ims) = (read(root, Door::Ram), read(root, Door::Ims));
    assert_eq!(of_ram.len(), of_ims.len());
    for ((call, status, ram), (_, of_other, ims)) in of_ram.iter().zip(&of_ims) {
        assert_eq!(status, of_other, "{call}");
        assert_eq!(difference(ram, ims, ""), None, "{call}");
    }
}

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "quotas: {users: 3, groupsPerUser: 1}\naccounts: [{name: demo, uid: 1234567890123456, keys: [{}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn what_one_door_makes_and_the_other_changes_reads_the_same_through_both(
        steps in proptest::collection::vec((0..23usize, any::<u8>(), any::<u8>(), prop_oneof![Just(Door::Ram), Just(Door::Ims)]), 1..50),
    ) {
        let ((_mixed, mixed), (_plain, plain)) = (lab(), lab());
        let (mut keys, mut same_keys) = (Vec::new(), Vec::new());
        for step in steps {
            let outcome = make(&mixed, step, &mut keys);
            let (which, first, second, _) = step;
            let by_ram = make(&plain, (which, first, second, Door::Ram), &mut same_keys);
            prop_assert_eq!(outcome, by_ram, "{:?}", step);
        }

        prop_assert_eq!(read(&mixed, Door::Ram), read(&plain, Door::Ram));
        assert_ims_shows_what_ram_shows(&mixed);
    }
}
