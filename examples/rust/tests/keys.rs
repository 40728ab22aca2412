use alimock::lab::{Lab, LabWorld};
use alimock::scenario::library;
use alimock::Scenario;
use http::{Request, Response};
use keys::{Client, Credentials, Session};
use serde_json::json;

/// A lab with a scenario, by its text.
fn lab(scenario: &str) -> Lab {
    Lab::with(Scenario::parse(scenario).unwrap()).unwrap()
}

/// A transport without sockets.
fn transport(world: &LabWorld<'_>) -> impl Fn(Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
    |request| world.send(request).ok().map(|answer| answer.map(Into::into))
}

fn credentials(world: &LabWorld<'_>, name: &str) -> Credentials {
    let (id, secret) = world.caller(name).unwrap();
    Credentials { id: id.to_owned(), secret: secret.to_owned(), token: None }
}

#[test]
fn a_rotation_survives_a_lost_answer() {
    let lab = lab(library::named("key-answer-lost").unwrap());
    let world = lab.world();
    let transport = transport(&world);
    let client = Client { transport: &transport, credentials: credentials(&world, "demo") };

    let new = client.rotate("ci").unwrap();

    assert_eq!(client.keys_of("ci").unwrap(), [new]);
    let verdict = world.control("POST", "/verify", json!(null)).unwrap();
    assert!(verdict["results"].as_array().unwrap().iter().all(|one| one["passed"] == true), "{verdict}");
}

#[test]
fn work_goes_on_when_the_credentials_of_a_role_expire() {
    let lab = lab(include_str!("session.yaml"));
    let world = lab.world();
    let transport = transport(&world);
    let caller = Client { transport: &transport, credentials: credentials(&world, "demo/ci") };
    let role = "acs:ram::1897304235598129:role/deploy".to_owned();
    let mut session = Session { caller, role, client: None };
    assert_eq!(session.users().unwrap(), ["ci"]);

    world.control("POST", "/clock/advance", json!({"by": "2h"})).unwrap();

    assert_eq!(session.users().unwrap(), ["ci"]);
}
