//! Every action, refused: to a user whom no policy allows it, and without each parameter it needs.
//!
//! The calls are those of `walk.yaml`, each refused where the walk comes to its action for the first time; what an action needs
//! stands in `requests.yaml`.

use crate::codes::{here, read_yaml};
use crate::shapes::Walk;
use crate::support::Reply;
use crate::support::steps::{Call, Play, Step};
use alimock::services;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What an action needs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Needs {
    /// Parameters it is refused without.
    needs: Vec<String>,
    /// The resource that its caller must be allowed.
    resource: Option<String>,
}

fn requests() -> BTreeMap<String, Needs> {
    read_yaml(&here("it/requests.yaml"))
}

/// Takes the walk; before a call that is the first to its action, `before` is asked.
#[track_caller]
fn at_every_first_call(mut before: impl FnMut(&mut Play, &Call)) {
    let walk = Walk::read();
    let mut play = walk.play();
    let mut seen = BTreeSet::new();
    for step in walk.steps() {
        if let Step::Call(call) = &step
            && seen.insert(call.operation())
        {
            play.prepare(call).unwrap();
            before(&mut play, call);
        }
        play.step(&step).unwrap_or_else(|error| panic!("walk.yaml: {error}"));
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
    let products =
        services::products().iter().filter(|product| ["Ram", "Ims", "Sts"].contains(&product.code));
    let every: BTreeSet<_> = products
        .flat_map(|product| {
            let start = if product.code == "Ram" { String::new() } else { format!("{}.", product.code) };
            product.operations().map(move |one| format!("{start}{}", one.name))
        })
        .collect();

    let known: BTreeSet<_> = requests().into_keys().collect();

    assert_eq!(known, every);
}

#[test]
fn a_user_without_policies_is_refused_everything_that_needs_permission() {
    let requests = requests();
    let mut refusals = 0;
    at_every_first_call(|play, call| {
        let Some(template) = &requests[&call.name].resource else { return };
        let by_nobody = Call { by: "user/nobody".into(), ..call.clone() };

        let reply = send_refused(play, &by_nobody, None);

        let uid = play.filled_in("${uid}").unwrap();
        let resource = resource(play, call, template, &uid);
        let action = format!("ram:{}", call.action);
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

/// The name of the resource that `requests.yaml` gives.
fn resource(play: &Play, call: &Call, template: &str, uid: &str) -> String {
    if template == "any" {
        return "*".to_owned();
    }
    let mut name = template.to_owned();
    while let Some((before, rest)) = name.split_once('{') {
        let (param, after) = rest.split_once('}').expect("braces come in pairs");
        let value = match &call.params[param] {
            Value::Array(items) => &items[0],
            one => one,
        };
        name = format!("{before}{}{after}", play.text(value).unwrap());
    }
    if name.starts_with("acs:") { name } else { format!("acs:ram:*:{uid}:{name}") }
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
        for name in &requests[&call.name].needs {
            assert!(call.params.contains_key(name), "walk.yaml: {} has no {name}", call.name);

            let reply = send_refused(play, call, Some(name));

            let (code, text) = match call.action.as_str() {
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
