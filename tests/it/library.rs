//! The library of scenarios: each gives the same answers at every start, and does over time what it says.

use crate::support::{Actor, FrozenClocks, Lab};
use alimock::Scenario;
use alimock::gateway::RawRequest;
use alimock::scenario::library;
use alimock::text::parse_duration;
use alimock::world::faults::Delivery;
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// Everybody who has a key at the start: accounts, users and sessions.
fn all_actors(lab: &Arc<Lab>) -> Vec<Actor> {
    let state = lab.world().state();
    let accounts = state.accounts.values();
    let keys = accounts.flat_map(|account| {
        let users = account.users.iter().flat_map(|(_, user)| user.keys.iter());
        account.keys.iter().chain(users)
    });
    let keys = keys.map(|key| lab.actor(key.id.as_str(), key.material.secret()));
    let sessions = state.sessions().map(|session| {
        lab.actor(session.id.as_str(), session.material.secret()).with_token(session.token.reveal())
    });
    keys.chain(sessions).collect()
}

/// Whoever has just assumed a role.
fn session(lab: &Arc<Lab>, answer: &str) -> Option<Actor> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let made = |name: &str| answer["Credentials"][name].as_str();
    Some(lab.actor(made("AccessKeyId")?, made("AccessKeySecret")?).with_token(made("SecurityToken")?))
}

/// Whoever has just been given a key.
fn holder(lab: &Arc<Lab>, answer: &str) -> Option<Actor> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let made = |name: &str| answer["AccessKey"][name].as_str();
    Some(lab.actor(made("AccessKeyId")?, made("AccessKeySecret")?))
}

/// What has been seen of a world: every answer to the byte, and its journal.
#[derive(Default, PartialEq, Eq)]
struct Transcript {
    lines: Vec<String>,
    /// How much of the timeline has fallen due.
    fell_due: usize,
}

impl Transcript {
    /// Makes a call; gives the body of the answer.
    fn record_call(&mut self, who: &Actor, version: &str, action: &str, params: &[(&str, &str)]) -> String {
        self.send(&who.lab, action, &who.request(version, action, params))
    }

    /// Asks for the credentials of the instance; gives whoever they are of.
    fn on_instance(&mut self, lab: &Arc<Lab>) -> Option<Actor> {
        let path = "http://100.100.100.200/latest/meta-data/ram/security-credentials/EcsRole";
        let request = http::Request::get(path).body(bytes::Bytes::new()).unwrap();
        let made: Value = serde_json::from_str(&self.send(lab, "metadata", &request)).ok()?;
        let text = |name: &str| made[name].as_str();
        Some(lab.actor(text("AccessKeyId")?, text("AccessKeySecret")?).with_token(text("SecurityToken")?))
    }

    fn send(&mut self, lab: &Lab, action: &str, request: &RawRequest) -> String {
        let answer = lab.gateway.handle(request, crate::support::CLIENT);
        let delivery = answer.extensions().get::<Delivery>().copied();
        let (head, body) = answer.into_parts();
        let (status, headers) = (head.status, head.headers);
        self.lines.push(format!("{action} {status} {headers:?} {delivery:?} {}", body.escape_ascii()));
        String::from_utf8_lossy(&body).into_owned()
    }

    fn advance(&mut self, lab: &Lab, by: &str) {
        let clock = &lab.world().clock;
        clock.advance(parse_duration(by).unwrap());
        self.fell_due += lab.world().settle(clock.now().resource).len();
    }
}

/// The same calls by everybody, while a month passes.
fn play_a_month(lab: &Arc<Lab>) -> Transcript {
    const STS: &str = "2015-04-01";
    const RAM: &str = "2015-05-01";
    let everybody = all_actors(lab);
    assert!(!everybody.is_empty(), "nobody has a key");
    let uid = lab.world().state().accounts.values().find(|one| !one.is_partner).expect("an account").uid;
    let (uid, role) = (uid.to_string(), format!("acs:ram::{uid}:role/deploy"));
    let mut seen = Transcript::default();
    for (number, pause) in ["15s", "6m", "1h", "1h", "24h", "72h", "720h"].into_iter().enumerate() {
        let (name, document) = (
            format!("new-{number}"),
            r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:*","Resource":"*"}]}"#,
        );
        if let Some(who) = seen.on_instance(lab) {
            seen.record_call(&who, RAM, "ListUsers", &[]);
        }
        for who in &everybody {
            seen.record_call(who, STS, "GetCallerIdentity", &[]);
            let assumed =
                seen.record_call(who, STS, "AssumeRole", &[("RoleArn", &role), ("RoleSessionName", "job")]);
            for who in session(lab, &assumed).iter().chain([who]) {
                seen.record_call(who, RAM, "ListUsers", &[]);
            }
            seen.record_call(who, RAM, "GetUser", &[("UserName", "app")]);
            seen.record_call(who, RAM, "CreateUser", &[("UserName", &name)]);
            let made = seen.record_call(who, RAM, "CreateAccessKey", &[("UserName", "ci")]);
            if let Some(new) = holder(lab, &made) {
                seen.record_call(&new, STS, "GetCallerIdentity", &[]);
            }
            seen.record_call(who, RAM, "ListAccessKeys", &[("UserName", "ci")]);
            seen.record_call(
                who,
                RAM,
                "CreatePolicyVersion",
                &[("PolicyName", "deploy"), ("PolicyDocument", document)],
            );
            seen.record_call(
                who,
                RAM,
                "ListPolicyVersions",
                &[("PolicyName", "deploy"), ("PolicyType", "Custom")],
            );
            seen.record_call(who, RAM, "DeleteUser", &[("UserName", "leaver")]);
            seen.record_call(who, RAM, "DeleteRole", &[("RoleName", "old")]);
            seen.record_call(who, "2019-08-15", "ListAccessKeys", &[]);
            seen.record_call(
                who,
                "2015-04-08",
                "QueryBidUserCertifiedInfo",
                &[("PK", &uid), ("BidType", "2")],
            );
            seen.record_call(who, "2015-07-01", "CreateAccessKeyForAccount", &[("PK", &uid)]);
            seen.record_call(who, "2014-05-26", "DescribeAccountAttributes", &[("RegionId", "cn-hangzhou")]);
        }
        seen.advance(lab, pause);
    }
    let journal = lab.world().journal.read(0, usize::MAX, |_| true);
    seen.lines.extend(journal.iter().map(|record| serde_json::to_string(&**record).unwrap()));
    seen
}

fn lab_with_frozen_clocks(text: &str) -> Arc<Lab> {
    Lab::with_seed(&FrozenClocks(Scenario::parse(text).unwrap()))
}

/// Every scenario with its world after these calls and what was seen of it.
static PLAYED: LazyLock<Vec<(&str, Arc<Lab>, Transcript)>> = LazyLock::new(|| {
    let played = library::ALL.iter().map(|(name, text)| {
        let lab = lab_with_frozen_clocks(text);
        let seen = play_a_month(&lab);
        (*name, lab, seen)
    });
    played.collect()
});

#[track_caller]
fn assert_same_transcript(name: &str, one: &Transcript, other: &Transcript) {
    assert_eq!(one.lines.len(), other.lines.len(), "{name}");
    for (number, (one, other)) in one.lines.iter().zip(&other.lines).enumerate() {
        assert_eq!(one, other, "{name}: line {number}");
    }
}

#[test]
fn the_same_calls_give_the_same_bytes_at_every_start_and_after_a_reset() {
    for ((name, _, first), (_, text)) in PLAYED.iter().zip(library::ALL) {
        let lab = lab_with_frozen_clocks(text);
        assert_same_transcript(name, first, &play_a_month(&lab));

        lab.world().reset(false);
        lab.reset_nonces();

        assert_same_transcript(name, first, &play_a_month(&lab));
    }
}

#[test]
fn another_seed_gives_other_bytes() {
    let lab = |seed| {
        let scenario = Scenario::parse(library::named("failures-at-random").unwrap()).unwrap();
        Lab::with_seed(&FrozenClocks(scenario.with_seed(Some(seed))))
    };

    assert!(play_a_month(&lab(1)).lines != play_a_month(&lab(2)).lines);
}

#[test]
fn every_timeline_entry_is_due_within_a_month() {
    let mut timelines = 0;
    for ((name, _, seen), (_, text)) in PLAYED.iter().zip(library::ALL) {
        let file: Value = serde_saphyr::from_str(text).unwrap();
        let entries = file["timeline"].as_array().map_or(0, Vec::len);
        assert!(seen.fell_due >= entries, "{name}: {} of {entries}", seen.fell_due);
        timelines += usize::from(entries > 0);
    }
    assert!(timelines >= 5, "{timelines}");
}

/// The calls above meet nearly every rule; the suite `scenarios` of tests/sdk meets them all.
#[test]
fn all_but_three_rules_of_the_scenarios_apply() {
    let mut idle = Vec::new();
    for (name, lab, _) in PLAYED.iter() {
        let rules = lab.world().faults.list();
        idle.extend(
            rules.iter().filter(|rule| rule.struck == 0).map(|rule| format!("{name}: {}", rule.rule.name)),
        );
    }

    assert_eq!(
        idle,
        [
            // Everybody of these calls has the right time and calls no host by name.
            "clock-unreadable: time has not begun",
            // Nobody of them asks for members.
            "member-leaves-in-a-deployment: the shop leaves",
            "sts-regional-down: regional STS is down",
        ]
    );
}

/// Whoever reads the list of scenarios sees one line of each, and whoever opens one has it completed and checked by the editor.
#[test]
fn each_scenario_begins_with_a_one_line_purpose_and_its_schema() {
    for (name, text) in library::ALL {
        let purpose = library::purpose(text);
        assert!(text.starts_with("# yaml-language-server: $schema=../alimock.schema.json\n# "), "{name}");
        assert!(purpose.ends_with('.') && purpose.len() <= 140, "{name}: {purpose}");
        let paragraphs =
            text.lines().take_while(|line| line.starts_with('#')).filter(|line| *line == "#").count();
        assert!(
            *name == "default" || paragraphs == 2,
            "{name}: purpose, what is seen, and what a good client does"
        );
    }
}
