//! Every action, refused: to a user whom no policy allows it, and without each parameter it needs.
//!
//! The calls are those of the walks, each refused where they come to its action for the first time. The walk of partners is not
//! among them: its products know no users. `requests/*.yaml` says what an action needs.

use crate::codes::{doors, here, read_yaml};
use crate::shapes::{Walk, operations_of};
use crate::support::steps::{Call, Play, Step};
use crate::support::{Reply, uid};
use alimock::world::directory::Target;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What an action needs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Needs {
    /// Parameters it is refused without.
    needs: Vec<String>,
    /// Code and text without one of them, where they are not the usual ones.
    missing: BTreeMap<String, (String, String)>,
    /// The resource that its caller must be allowed.
    resource: Option<String>,
}

fn requests() -> BTreeMap<String, Needs> {
    let entries = fs::read_dir(here("it/requests")).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.map(|path| read_yaml::<BTreeMap<String, Needs>>(&path));
    let named = |(name, needs): (String, Needs)| {
        doors(&full(&name)).into_iter().map(move |name| (name, needs.clone())).collect::<Vec<_>>()
    };
    files.flatten().flat_map(named).collect()
}

/// `Ram.CreateUser` of `CreateUser`.
fn full(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("Ram.{name}") }
}

fn walks() -> impl Iterator<Item = Walk> {
    Walk::all().into_iter().filter(|walk| walk.file != "partner.yaml")
}

/// Takes the walks; before a call that is the first to its action, `before` is asked.
#[track_caller]
fn at_every_first_call(mut before: impl FnMut(&mut Play, &Call)) {
    let mut seen = BTreeSet::new();
    for walk in walks() {
        let mut play = walk.play();
        for step in walk.steps() {
            if let Step::Call(call) = &step
                && seen.insert(call.operation())
            {
                play.prepare(call).unwrap();
                before(&mut play, call);
            }
            play.step(&step).unwrap_or_else(|error| panic!("{}: {error}", walk.file));
        }
    }
}

/// Sends a call that must be refused, and fails when it changed anything.
#[track_caller]
fn send_refused(play: &mut Play, call: &Call, left_out: Option<&str>) -> Reply {
    let before = play.lab.world().state().version;
    let reply = play.send_without(call, left_out).unwrap();
    assert!(reply.status >= 400, "{}: {}", call.name, reply.body);
    assert_eq!(play.lab.world().state().version, before, "{} changed the state", call.name);
    reply
}

#[test]
fn every_action_is_listed_with_its_required_parameters_and_resource() {
    let products: BTreeSet<_> = walks().flat_map(|walk| walk.products).collect();

    let every = operations_of(|code| products.contains(code));

    let known: BTreeSet<_> = requests().into_keys().collect();

    assert_eq!(known, every);
}

#[test]
fn a_user_without_policies_is_refused_everything_that_needs_permission() {
    let requests = requests();
    let mut refusals = 0;
    at_every_first_call(|play, call| {
        let Some(template) = &requests[&call.operation()].resource else { return };
        let by_nobody = Call { by: "user/nobody".into(), ..call.clone() };

        let reply = send_refused(play, &by_nobody, None);

        let uid = play.filled_in("${uid}").unwrap();
        let resource = resource(play, call, template, &uid);
        let operation = call.product.operation(call.product.versions[0], &call.action).unwrap();
        let service = operation.policy_code.unwrap_or(call.product.policy_code);
        let action = format!("{service}:{}", call.action);
        let expected =
            format!("You are not authorized to do this action. Resource: {resource} Action: {action}");
        assert_eq!(reply.assert_refused(403, "NoPermission"), expected);
        let body = reply.json();
        let user =
            play.lab.world().state().accounts.values().find(|one| one.label == "demo").unwrap().clone();
        let (_, user) = user.users.iter().find(|(_, user)| user.name.as_str() == "nobody").unwrap();
        assert_eq!(
            body["AccessDeniedDetail"],
            json!({
                "AuthAction": action,
                "AuthPrincipalDisplayName": user.id.to_string(),
                "AuthPrincipalOwnerId": uid,
                "AuthPrincipalType": "SubUser",
                "EncodedDiagnosticMessage": message(play, body["RequestId"].as_str().unwrap()),
                "NoPermissionType": "ImplicitDeny",
                "PolicyType": "AccountLevelIdentityBasedPolicy",
            }),
            "{}",
            call.name
        );
        refusals += 1;
    });
    assert_eq!(refusals, requests.values().filter(|one| one.resource.is_some()).count());
}

/// The name of the resource that `requests/*.yaml` gives.
fn resource(play: &Play, call: &Call, template: &str, uid: &str) -> String {
    if template == "any" {
        return "*".to_owned();
    }
    let mut name = template.to_owned();
    while let Some((before, rest)) = name.split_once('{') {
        let (param, after) = rest.split_once('}').expect("braces come in pairs");
        let value = match param {
            "uid" => uid.to_owned(),
            _ if param.starts_with("path:") => path(play, call, &param["path:".len()..], uid),
            _ => match &call.params[param] {
                Value::Array(items) => play.text(&items[0]).unwrap(),
                one => play.text(one).unwrap(),
            },
        };
        name = format!("{before}{value}{after}");
    }
    if name.starts_with("acs:") { name } else { format!("acs:ram:*:{uid}:{name}") }
}

/// The path in the resource directory of what a parameter names, by default of the Root folder.
fn path(play: &Play, call: &Call, param: &str, account: &str) -> String {
    let state = play.lab.world().state();
    let directory = state.directory_around(uid(account)).expect("the account has a directory");
    let named = call.params.get(param).map(|value| play.text(value).unwrap());
    match directory.target(named.as_deref().unwrap_or(directory.root_id())) {
        Ok(Target::Folder(slot)) => directory.path(slot),
        Ok(Target::Member(member)) => directory.member_path(directory.member(member).unwrap()),
        Err(_) => named.unwrap(),
    }
}

/// The short form of a message: version, time, request id. Source: docs/evidence/policy.md section 5.
fn message(play: &Play, request_id: &str) -> String {
    let seconds = play.lab.world().clock.now().resource.as_millis() / 1000;
    let mut bytes = vec![1, 1, 0, 0, 0, 0];
    bytes.extend(u32::try_from(seconds).unwrap().to_be_bytes());
    bytes.extend(request_id.as_bytes());
    STANDARD.encode(bytes)
}

#[test]
fn every_missing_required_parameter_is_reported() {
    let requests = requests();
    let mut refusals = 0;
    at_every_first_call(|play, call| {
        let needs = &requests[&call.operation()];
        for name in &needs.needs {
            assert!(call.params.contains_key(name), "the walks: {} has no {name}", call.name);

            let reply = send_refused(play, call, Some(name));

            let (code, text) = match call.action.as_str() {
                _ if needs.missing.contains_key(name) => needs.missing[name].clone(),
                "AssumeRoleWithSAML" => {
                    (format!("MissingParameter.{name}"), format!("Parameter {name} is required."))
                }
                _ => (format!("Missing{name}"), format!("{name} is mandatory for this action.")),
            };
            assert_eq!(reply.assert_refused(400, &code), text);
            refusals += 1;
        }
    });
    assert_eq!(refusals, requests.values().map(|one| one.needs.len()).sum::<usize>());
}
