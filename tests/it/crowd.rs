//! A thousand worlds at once: no call ever sees another world's.

use crate::support::sign::{self, Form};
use crate::support::{CLIENT, Lab, NOW, Reply};
use alimock::text::{Scalar, WorldName};
use alimock::{Scenario, World};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::{Arc, Barrier, Mutex};

const WORLDS: usize = 1000;
const THREADS: usize = 4;
/// One world in so many is run again alone.
const SAMPLE: usize = 50;

/// What is sent to every world, under the same names and nonces in all of them.
fn steps() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let user = |number: usize| ("UserName", format!("user-{number}"));
    let mut steps = Vec::new();
    for number in 0..10 {
        steps.push(("CreateUser", vec![user(number)]));
        steps.push(("GetUser", vec![user(number)]));
        steps.push(("CreateUser", vec![user(number)]));
        steps.push(("CreateAccessKey", vec![user(number)]));
        steps.push(("ListAccessKeys", vec![user(number)]));
        steps.push(("GetUser", vec![user(number + 1)]));
        steps.push(("UpdateUser", vec![user(number), ("NewDisplayName", format!("name {number}"))]));
        steps.push(("ListUsers", vec![("MaxItems", "3".to_owned())]));
        steps.push(("GetUser", vec![user(number)]));
        steps.push(("ListGroups", vec![]));
    }
    steps
}

/// A world under test, and what came of it so far.
struct Guest {
    world: Arc<World>,
    key: (String, String),
    /// Its answers byte by byte, when it is run again alone.
    transcript: Option<String>,
    request_ids: Vec<String>,
    /// Ids of its users and keys, as it told them.
    made: Vec<String>,
}

impl Guest {
    fn new(lab: &Lab, number: usize) -> Self {
        let text = format!(
            "clock: {{resource: '{NOW}', gateway: '{NOW}'}}\naccounts: [{{name: demo, keys: [{{}}]}}]"
        );
        let name = WorldName::parse(&format!("world-{number}")).unwrap();
        let world = lab.gateway.worlds().make(Some(name), &Scenario::parse(&text).unwrap()).unwrap();
        let state = world.state();
        let key = state.keys().next().unwrap();
        let transcript = number.is_multiple_of(SAMPLE).then(String::new);
        let key = (key.id.to_string(), key.material.secret().to_owned());
        Self { world, key, transcript, request_ids: Vec::new(), made: Vec::new() }
    }

    /// Takes a step, and fails when the answer is not this world's.
    fn step(&mut self, lab: &Lab, number: usize, action: &str, params: &[(&'static str, String)]) {
        let params: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let call = sign::Call {
            key: &self.key.0,
            secret: &self.key.1,
            token: None,
            version: "2015-05-01",
            action,
            params: &params,
            time: NOW,
            nonce: &number.to_string(),
            xml: false,
        };
        let reply = Reply::of(lab.gateway.handle(&sign::request(Form::RpcV1, &call), CLIENT));
        let body = reply.json();
        if let Some(transcript) = &mut self.transcript {
            let _ = writeln!(transcript, "{} {:?} {}", reply.status, reply.headers, reply.body);
        }
        self.request_ids.push(body["RequestId"].as_str().unwrap().to_owned());
        // Of ten steps, the second time of a name and a user who is yet to come are refused.
        let expected = match number % 10 {
            2 => 409,
            5 => 404,
            _ => 200,
        };
        assert_eq!(reply.status, expected, "{}: {}", self.world.name, reply.body);
        self.compare(action, &body);
    }

    /// Whatever the answer tells an id of was made here.
    fn compare(&mut self, action: &str, body: &Value) {
        let id = |value: &Value, field: &str| value[field].as_str().map(str::to_owned);
        match action {
            "CreateUser" => self.made.extend(id(&body["User"], "UserId")),
            "CreateAccessKey" => self.made.extend(id(&body["AccessKey"], "AccessKeyId")),
            _ => {
                let users = body["Users"]["User"].as_array().into_iter().flatten();
                let keys = body["AccessKeys"]["AccessKey"].as_array().into_iter().flatten();
                let told = id(&body["User"], "UserId").into_iter();
                let told = told.chain(users.filter_map(|user| id(user, "UserId")));
                for told in told.chain(keys.filter_map(|key| id(key, "AccessKeyId"))) {
                    assert!(self.made.contains(&told), "{} never made {told}", self.world.name);
                }
            }
        }
    }
}

#[test]
fn a_thousand_parallel_worlds_share_no_state() {
    let lab = Lab::new();
    let steps = steps();
    assert_eq!(steps.len(), 100);
    let guests: Vec<_> = (0..WORLDS).map(|number| Mutex::new(Guest::new(&lab, number))).collect();
    let barrier = Barrier::new(THREADS);

    // Every world gets its steps in order, but each from another thread than the one before.
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (lab, steps, guests, barrier) = (&lab, &steps, &guests, &barrier);
            scope.spawn(move || {
                for (number, (action, params)) in steps.iter().enumerate() {
                    for guest in guests.iter().skip((thread + number) % THREADS).step_by(THREADS) {
                        guest.lock().unwrap().step(lab, number, action, params);
                    }
                    barrier.wait();
                }
            });
        }
    });

    let guests: Vec<_> = guests.into_iter().map(|guest| guest.into_inner().unwrap()).collect();
    let mut ids = HashSet::new();
    for guest in &guests {
        let records = guest.world.journal.read(0, usize::MAX, |_| true);
        let recorded: Vec<_> = records.iter().map(|record| record.ids.request_id()).collect();
        assert_eq!(recorded, guest.request_ids, "{}", guest.world.name);
        assert_eq!(guest.made.len(), 20);
        let all = guest.made.iter().chain(&guest.request_ids).chain([&guest.key.0, &guest.key.1]);
        assert!(all.cloned().all(|id| ids.insert(id)), "{} has an id of another world", guest.world.name);
    }
    assert_eq!(lab.world().journal.written(), 0);
    for guest in guests.iter().step_by(SAMPLE) {
        let lab = Lab::new();
        let number = guest.world.name.as_str().strip_prefix("world-").unwrap().parse().unwrap();
        let mut alone = Guest::new(&lab, number);
        for (number, (action, params)) in steps.iter().enumerate() {
            alone.step(&lab, number, action, params);
        }
        assert!(
            alone.transcript == guest.transcript,
            "{} is another world when it is alone",
            guest.world.name
        );
    }
}
