//! What Terraform sent is answered as Terraform needs it. Source: `tests/data/terraform`.

use crate::support::sign::Form;
use crate::support::{Actor, Lab, Reply};
use alimock::services;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A recorded call.
#[derive(Deserialize)]
struct Sent {
    /// `Ram.CreateUser`.
    call: String,
    status: u16,
    code: Option<String>,
    params: BTreeMap<String, String>,
}

/// Sends the calls of a recording, and gives each with its answer.
fn replay(recording: &str) -> Vec<(Sent, Value)> {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1897304235598129, keys: [{}], realName: {status: VERIFIED, subject: enterprise, name: Demo}}]\n",
    );
    let root = lab.root("demo").signing(Form::RpcV1);
    // Ids of keys: as recorded, and as answered here.
    let (mut keys, mut new) = (BTreeMap::new(), Vec::<String>::new());
    let mut answers = Vec::new();
    for (number, line) in recording.lines().enumerate() {
        let mut sent: Sent = serde_json::from_str(line).unwrap();
        if let Some(id) = sent.params.get_mut("UserAccessKeyId") {
            let now: &mut String =
                keys.entry(id.clone()).or_insert_with(|| new.pop().expect("a key was made before"));
            now.clone_into(id);
        }
        let reply = send(&root, &sent);
        let code = reply.json()["Code"].as_str().map(str::to_owned).filter(|_| reply.status != 200);
        assert_eq!(
            (reply.status, &code),
            (sent.status, &sent.code),
            "{}: {line}: {}",
            number + 1,
            reply.body
        );
        let answer = reply.json();
        if sent.call == "Ram.CreateAccessKey" {
            new.push(answer["AccessKey"]["AccessKeyId"].as_str().unwrap().to_owned());
        }
        answers.push((sent, answer));
    }
    answers
}

fn send(root: &Actor, sent: &Sent) -> Reply {
    let (product, action) = sent.call.split_once('.').unwrap();
    let product = services::products().iter().find(|one| one.code == product).unwrap();
    let params: Vec<_> = sent.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    root.call(product.versions[0], action, &params)
}

/// The answers to an action, in their order.
fn answers_to<'a>(answers: &'a [(Sent, Value)], call: &str) -> Vec<&'a Value> {
    answers.iter().filter(|(sent, _)| sent.call == call).map(|(_, answer)| answer).collect()
}

#[test]
fn the_calls_of_an_apply_a_change_and_a_destroy_of_ram_have_the_recorded_outcome() {
    let answers = replay(include_str!("../data/terraform/ram.jsonl"));

    let policies = answers_to(&answers, "Ram.GetPasswordPolicy");

    let (before, after) = (&policies[0]["PasswordPolicy"], &policies.last().unwrap()["PasswordPolicy"]);
    assert_eq!((&before["MinimumPasswordLength"], &before["MaxPasswordAge"]), (&10.into(), &12.into()));
    assert_eq!((&after["MinimumPasswordLength"], &after["MaxPasswordAge"]), (&11.into(), &12.into()));
    assert_eq!(answers.len(), 167);
}
