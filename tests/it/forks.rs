//! Forks: a world that starts from another one as it is now, and goes its own way.

use crate::support::live::Live;
use crate::support::{Actor, Lab, NOW, Reply, field_texts};
use alimock::World;
use alimock::text::{Scalar, WorldName, parse_duration};
use alimock::world::{NewWorld, NotMade};
use http::HeaderValue;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

const SEED: &str = "
accounts:
  - name: demo
    keys: [{}]
    users:
      - {name: ci, policies: [AliyunSTSAssumeRoleAccess], keys: [{}]}
    roles:
      - {name: deploy, policies: [AliyunRAMReadOnlyAccess]}
faults:
  - {name: the third is throttled, match: {action: ListUsers}, when: {nth: 3}, do: {error: {code: Throttling.User}}}
";

fn fork(lab: &Lab, name: &str) -> Arc<World> {
    let new = NewWorld { name: Some(WorldName::parse(name).unwrap()), address: None };
    lab.gateway.worlds().fork(lab.world(), new).unwrap()
}

/// A call of somebody whose key leads to the parent, in another world.
fn call_in_world(world: &str, actor: &Actor, version: &str, action: &str, params: &[(&str, &str)]) -> Reply {
    let mut request = actor.request(version, action, params);
    request.headers_mut().insert("x-alimock-world", HeaderValue::from_str(world).unwrap());
    actor.lab.send(&request)
}

fn call_ram_in_world(world: &str, actor: &Actor, action: &str, params: &[(&str, &str)]) -> Reply {
    call_in_world(world, actor, "2015-05-01", action, params)
}

fn user_names(reply: &Reply) -> Vec<String> {
    field_texts(reply.assert_ok()["Users"]["User"].as_array().unwrap(), "UserName")
}

/// Deploys; gives who that is.
fn session(lab: &Arc<Lab>) -> Actor {
    let arn = format!("acs:ram::{}:role/deploy", lab.uid("demo"));
    let assumed = lab
        .user("demo", "ci")
        .sts("AssumeRole", &[("RoleArn", &arn), ("RoleSessionName", "night")])
        .assert_ok();
    let text = |field: &str| assumed["Credentials"][field].as_str().unwrap();
    lab.actor(text("AccessKeyId"), text("AccessKeySecret")).with_token(text("SecurityToken"))
}

#[test]
fn a_fork_starts_from_the_present_and_neither_sees_what_the_other_does_next() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "before")]).assert_ok();
    lab.advance_clock("1h");

    let forked = fork(&lab, "other");
    root.ram("CreateUser", &[("UserName", "here")]).assert_ok();
    call_ram_in_world("other", &root, "CreateUser", &[("UserName", "there")]).assert_ok();

    assert_eq!(user_names(&root.ram("ListUsers", &[])), ["ci", "before", "here"]);
    assert_eq!(user_names(&call_ram_in_world("other", &root, "ListUsers", &[])), ["ci", "before", "there"]);
    assert_eq!(forked.clock.setting(), lab.world().clock.setting());
    // Its journal and its nonces are its own.
    assert_eq!((forked.journal.written(), lab.world().journal.written()), (2, 3));
    let request = root.request("2015-05-01", "ListUsers", &[]);
    let mut again = request.clone();
    again.headers_mut().insert("x-alimock-world", HeaderValue::from_static("other"));
    assert_eq!((lab.send(&request).status, lab.send(&again).status), (200, 200));
}

#[test]
fn rules_count_on_in_both_and_the_last_use_of_keys_is_known() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    let ci = lab.user("demo", "ci");
    ci.sts("GetCallerIdentity", &[]).assert_ok();
    let list = |world: &str| call_ram_in_world(world, &root, "ListUsers", &[]).status;
    assert_eq!((list("default"), list("default")), (200, 200));

    fork(&lab, "other");

    assert_eq!((list("other"), list("other")), (400, 200));
    assert_eq!((list("default"), list("default")), (400, 200));
    let used = call_ram_in_world(
        "other",
        &root,
        "GetAccessKeyLastUsed",
        &[("UserName", "ci"), ("UserAccessKeyId", &ci.key)],
    );
    assert_eq!(used.assert_ok()["AccessKeyLastUsed"]["LastUsedDate"], NOW);
}

#[test]
fn what_a_fork_makes_has_other_ids_than_what_its_parent_makes() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    fork(&lab, "other");

    let mut ids = BTreeSet::new();
    let mut keys = Vec::new();
    for world in ["default", "other"] {
        let user = call_ram_in_world(world, &root, "CreateUser", &[("UserName", "new")]).assert_ok();
        let made = call_ram_in_world(world, &root, "CreateAccessKey", &[("UserName", "new")]).assert_ok();
        let key = |field: &str| made["AccessKey"][field].as_str().unwrap().to_owned();
        keys.push(lab.actor(&key("AccessKeyId"), &key("AccessKeySecret")));
        ids.extend([
            user["User"]["UserId"].as_str().unwrap().to_owned(),
            key("AccessKeyId"),
            key("AccessKeySecret"),
        ]);
        ids.insert(made["RequestId"].as_str().unwrap().to_owned());
    }

    assert_eq!(ids.len(), 8);
    // A new key leads to where it was made, an inherited one to where that was.
    for (key, world) in keys.iter().zip(["default", "other"]) {
        let before = lab.gateway.worlds().named(world).unwrap().journal.written();
        let _ = key.ram("ListUsers", &[]);
        assert_eq!(lab.gateway.worlds().named(world).unwrap().journal.written(), before + 1);
    }
    assert!(lab.gateway.worlds().of_key(&root.key).unwrap().name.as_str() == "default");
}

#[test]
fn a_session_of_the_parent_is_good_in_the_fork_and_ends_in_each_by_itself() {
    let lab = Lab::with_scenario(SEED);
    let deploy = session(&lab);
    let forked = fork(&lab, "other");
    let list = |world: &str| call_ram_in_world(world, &deploy, "ListRoles", &[]);
    assert_eq!((list("default").status, list("other").status), (200, 200));

    // It is forgotten when it is over, and its token still tells that it once was good.
    forked.clock.advance(parse_duration("61m").unwrap());
    list("other").assert_refused(400, "InvalidSecurityToken.Expired");
    forked.settle(forked.clock.now().resource);
    list("other").assert_refused(400, "InvalidSecurityToken.Expired");
    assert_eq!(list("default").status, 200);

    // A fork of the fork knows it, too, and a token of the parent with another key is somebody's.
    let name = WorldName::parse("third").unwrap();
    lab.gateway.worlds().fork(&forked, Some(name)).unwrap();
    list("third").assert_refused(400, "InvalidSecurityToken.Expired");
    let other =
        Actor { key: lab.user("demo", "ci").key, secret: lab.user("demo", "ci").secret, ..deploy.clone() };
    call_ram_in_world("other", &other, "ListUsers", &[])
        .assert_refused(400, "InvalidSecurityToken.MismatchWithAccessKey");
}

#[test]
fn a_fork_is_reset_to_the_moment_of_the_fork() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    let list = |world: &str| call_ram_in_world(world, &root, "ListUsers", &[]);
    root.ram("CreateUser", &[("UserName", "before")]).assert_ok();
    assert_eq!((list("default").status, list("default").status), (200, 200));
    let forked = fork(&lab, "other");
    let clocks = forked.clock.setting();
    let users_before = ["ci", "before"];
    let run = || {
        let key = call_ram_in_world("other", &root, "CreateAccessKey", &[("UserName", "before")]);
        list("other").assert_refused(400, "Throttling.User");
        key.body
    };

    let first = run();
    forked.clock.advance(parse_duration("1h").unwrap());
    forked.reset(false);
    lab.reset_nonces();
    let second = run();

    assert_eq!(first, second);
    assert_eq!(user_names(&list("other")), users_before);
    assert_eq!(forked.clock.setting(), clocks);
    lab.world().reset(false);
    forked.reset(true);
    list("other").assert_refused(404, "InvalidAccessKeyId.NotFound");
    assert!(forked.faults.list().is_empty());
}

#[test]
fn the_same_steps_fork_to_the_same_bytes() {
    let run = || {
        let lab = Lab::with_scenario(SEED);
        let root = lab.root("demo");
        root.ram("CreateUser", &[("UserName", "before")]).assert_ok();
        fork(&lab, "other");
        let made = call_ram_in_world("other", &root, "CreateAccessKey", &[("UserName", "before")]);
        let list = call_ram_in_world("other", &root, "ListAccessKeys", &[("UserName", "before")]);
        format!("{:?} {} {}", made.headers, made.body, list.body)
    };
    assert_eq!(run(), run());
}

#[test]
fn forks_of_forks_live_on_when_what_they_came_from_is_dropped() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    let first = fork(&lab, "first");
    let second = lab.gateway.worlds().fork(&first, Some(WorldName::parse("second").unwrap())).unwrap();
    let again = lab.gateway.worlds().fork(&first, Some(WorldName::parse("second").unwrap()));
    assert!(matches!(again, Err(NotMade::Exists)));

    assert!(lab.gateway.worlds().remove("first"));

    assert_eq!(user_names(&call_ram_in_world("second", &root, "ListUsers", &[])), ["ci"]);
    assert_eq!(second.journal.written(), 1);
    // Unsigned calls name an account that both have: the one made first has them.
    let arn = format!("acs:ram::{}:role/deploy", lab.uid("demo"));
    assert_eq!(lab.gateway.worlds().of_arn(&arn).unwrap().name.as_str(), "default");
}

#[test]
fn a_fork_is_a_call_of_the_control_api() {
    let live = Live::start();
    assert_eq!(live.control("POST", "/worlds?name=base&scenario=key-leaked", "").0, 201);

    let (status, world) = live.control("POST", "/worlds/base/fork?name=mine&listen=127.0.0.1:0", "");

    assert_eq!((status, &world["world"]), (201, &json!("mine")));
    assert_ne!(world["endpoint"], live.control("GET", "/worlds/base", "").1["endpoint"]);
    // Whoever works with the fork needs the keys it inherited.
    assert_eq!(world["accounts"], live.control("GET", "/worlds/base", "").1["accounts"]);
    assert_eq!(live.control("POST", "/worlds/base/fork", "").1["world"], "w1");
    let code = |(status, body): (u16, serde_json::Value)| {
        (status, body["error"]["code"].as_str().map(str::to_owned))
    };
    assert_eq!(
        code(live.control("POST", "/worlds/base/fork?name=mine", "")),
        (409, Some("world_exists".to_owned()))
    );
    assert_eq!(
        code(live.control("POST", "/worlds/none/fork", "")),
        (404, Some("world_not_found".to_owned()))
    );
    assert_eq!(live.control("POST", "/worlds/base/fork?scenario=default", "").0, 400);
    assert_eq!(live.control("DELETE", "/worlds/base", "").0, 204);
    assert_eq!(live.control("GET", "/worlds/mine", "").0, 200);
}
