//! Worlds: isolated, routed, reset, repeated to the byte.

use crate::support::live::Live;
use crate::support::sign::{self, Form};
use crate::support::{Lab, NOW};
use alimock::Scenario;
use alimock::text::{Scalar, Timestamp, WorldName};
use alimock::world::journal::Limits;
use alimock::world::{By, NotMade, Settings, Worlds};
use http::HeaderValue;

fn named(name: &str) -> WorldName {
    WorldName::parse(name).unwrap()
}

#[test]
fn a_call_finds_its_world_by_the_key_that_signed_it() {
    let lab = Lab::new();
    let scenario =
        Scenario::parse(&format!("clock: {{gateway: '{NOW}'}}\naccounts: [{{name: other, keys: [{{}}]}}]"))
            .unwrap();
    let world = lab.gateway.worlds().make(Some(named("suite")), &scenario).unwrap();
    let state = world.state();
    let key = state.accounts.values().next().unwrap().keys.iter().next().unwrap().clone();

    let other = lab.actor(key.id.as_str(), key.material.secret());
    other.ram("CreateUser", &[("UserName", "there")]).assert_ok();

    lab.root("demo").ram("GetUser", &[("UserName", "there")]).assert_refused(404, "EntityNotExist.User");
    assert_eq!((world.journal.written(), lab.world().journal.written()), (1, 1));
}

#[test]
fn a_host_label_or_a_header_overrides_the_key() {
    let lab = Lab::new();
    lab.gateway
        .worlds()
        .make(Some(named("empty")), &Scenario::parse(&format!("clock: {{gateway: '{NOW}'}}")).unwrap())
        .unwrap();
    let root = lab.root("demo");

    let mut by_header = root.request("2015-04-01", "GetCallerIdentity", &[]);
    by_header.headers_mut().insert("x-alimock-world", HeaderValue::from_static("empty"));
    lab.send(&by_header).assert_refused(404, "InvalidAccessKeyId.NotFound");
    let mut by_label = root.request("2015-04-01", "GetCallerIdentity", &[]);
    by_label.headers_mut().insert("host", HeaderValue::from_static("empty.localhost:4588"));
    lab.send(&by_label).assert_refused(404, "InvalidAccessKeyId.NotFound");
    by_label.headers_mut().insert("host", HeaderValue::from_static("nosuch.localhost:4588"));
    lab.send(&by_label).assert_refused(404, "Alimock.WorldNotFound");
}

#[test]
fn a_pinned_key_exists_only_once_in_a_server() {
    let lab = Lab::new();
    let pinned = Scenario::parse("accounts: [{name: a, keys: [{id: LTAI5tPinned0001, secret: s}]}]").unwrap();
    lab.gateway.worlds().make(Some(named("one")), &pinned).unwrap();

    let again = lab.gateway.worlds().make(Some(named("two")), &pinned).unwrap_err();

    assert!(matches!(again, NotMade::KeyTaken(_)));
    assert!(matches!(lab.gateway.worlds().make(Some(named("one")), &pinned).unwrap_err(), NotMade::Exists));
    assert!(lab.gateway.worlds().remove("one") && !lab.gateway.worlds().remove("default"));
    lab.gateway.worlds().make(Some(named("two")), &pinned).unwrap();
    assert!(
        lab.gateway.worlds().of_key("LTAI5tPinned0001").is_some_and(|world| world.name.as_str() == "two")
    );
}

#[test]
fn reset_brings_back_the_seed_with_clocks_nonces_journal_and_ids() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let request = root.request("2015-05-01", "CreateUser", &[("UserName", "alice")]);
    let first = lab.send(&request);
    lab.world().clock.advance(jiff::SignedDuration::from_hours(1));
    let _ = root.ram("GetAccessKeyLastUsed", &[("UserAccessKeyId", &root.key)]).assert_ok();

    lab.world().reset(false);

    assert_eq!(lab.world().journal.written(), 0);
    let second = lab.send(&request);
    assert_eq!((first.status, &first.body, &first.headers), (second.status, &second.body, &second.headers));
    lab.world().reset(true);
    root.ram("ListUsers", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
}

#[test]
fn a_restored_snapshot_is_the_world_as_it_was() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let users = || root.ram("ListUsers", &[]).assert_ok()["Users"].clone();
    root.ram("CreateUser", &[("UserName", "kept")]).assert_ok();
    let before = users();

    lab.world().keep("here");
    root.ram("DeleteUser", &[("UserName", "kept")]).assert_ok();
    root.ram("CreateUser", &[("UserName", "lost")]).assert_ok();
    assert!(lab.world().restore("here") && !lab.world().restore("nowhere"));

    assert_eq!(users(), before);
    assert_eq!(lab.world().kept(), ["here"]);
}

#[test]
fn the_same_requests_give_the_same_bytes_and_the_same_journal() {
    let run = || {
        let lab = Lab::new();
        let (root, operator) = (lab.root("demo"), lab.root("operator"));
        let mut bytes = String::new();
        for form in [Form::RpcV1, Form::RpcV3, Form::RpcV3Sm3] {
            let root = root.clone().signing(form);
            for reply in [
                root.ram("CreateUser", &[("UserName", "alice")]),
                root.ram("CreateAccessKey", &[("UserName", "alice")]),
                root.ram("ListUsers", &[]),
                root.ram("GetUser", &[("UserName", "nobody")]),
                operator.aas("CreateIntlAliyunAccount", &[("NationalityCode", "SG")]),
            ] {
                bytes += &format!("{} {:?} {}\n", reply.status, reply.headers, reply.body);
            }
        }
        let journal: Vec<_> = lab
            .world()
            .journal
            .read(0, usize::MAX, |_| true)
            .iter()
            .map(|r| serde_json::to_string(&**r).unwrap())
            .collect();
        (bytes, journal)
    };
    let (first, second) = (run(), run());
    assert_eq!(first, second);
    assert_eq!(first.1.len(), 15);
}

#[test]
fn the_journal_is_bounded_and_never_holds_a_secret() {
    let journal = Limits { records: 3, bytes: 1 << 20 };
    let seed = Scenario::parse(&format!(
        "clock: {{gateway: '{NOW}'}}\naccounts: [{{name: op, isPartner: true, keys: [{{id: LTAI5tOper0001, secret: operSecret}}]}}]"
    ));
    let worlds = Worlds::new(Settings { journal, ..Settings::default() }, &seed.unwrap()).unwrap();
    let gateway = alimock::gateway::Gateway::new(worlds.into(), alimock::gateway::Rules::default(), None);
    for (number, secret) in ["operSecret", "operSecret", "operSecret", "wrong"].into_iter().enumerate() {
        let call = sign::Call {
            key: "LTAI5tOper0001",
            secret,
            token: Some("CAIStokenNobodyMaySee"),
            version: "2015-07-01",
            action: "CreateAccessKeyForAccount",
            params: &[
                ("PK", "1234567890123456"),
                ("AKSecret", "secretNobodyMaySee"),
                ("NewPassword", "passwordNobodyMaySee"),
            ],
            time: NOW,
            nonce: &number.to_string(),
            xml: false,
        };
        let _ = gateway.handle(&sign::request(Form::RpcV1, &call), crate::support::CLIENT);
    }

    let records = gateway.worlds().default_world().journal.read(0, usize::MAX, |_| true);

    assert_eq!(records.iter().map(|record| record.number).collect::<Vec<_>>(), [2, 3, 4]);
    for record in records {
        let text = format!("{record:?}{}", serde_json::to_string(&*record).unwrap());
        assert!(
            !text.contains("NobodyMaySee") && !text.contains("operSecret") && text.contains("***"),
            "{text}"
        );
    }
}

#[test]
fn a_journal_of_large_records_is_bounded_by_bytes_wherever_they_are_large() {
    let text = "x".repeat(20_000);
    let form = |body: &str| {
        let request = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        request.body(bytes::Bytes::from(format!("a={body}"))).unwrap()
    };
    let bare = |request: http::request::Builder| request.body(bytes::Bytes::new()).unwrap();
    for request in [
        form(&text),
        bare(http::Request::get(format!("/{text}"))),
        bare(http::Request::get("/").header("host", &text)),
        bare(http::Request::get("/").header("x-acs-action", &text)),
        bare(http::Request::get("/").header("x-acs-version", &text).header("x-acs-action", "A")),
    ] {
        let journal = Limits { records: 10_000, bytes: 100_000 };
        let seed = Scenario::default_seed();
        let worlds = Worlds::new(Settings { journal, ..Settings::default() }, &seed).unwrap();
        let gateway = alimock::gateway::Gateway::new(worlds.into(), alimock::gateway::Rules::default(), None);
        for _ in 0..20 {
            let _ = gateway.handle(&request, crate::support::CLIENT);
        }

        let kept = gateway.worlds().default_world().journal.read(0, usize::MAX, |_| true).len();

        assert!((1..=4).contains(&kept), "{kept} of {request:?}");
    }
}

#[test]
fn a_body_that_is_no_json_object_is_not_quoted_in_the_journal() {
    let lab = Lab::new();
    let request = http::Request::post("/")
        .header("x-acs-action", "GetUser")
        .header("x-acs-version", "2015-05-01")
        .header("content-type", "application/json")
        .body(bytes::Bytes::from_static(b"\"secretNobodyMaySee\""))
        .unwrap();

    assert_eq!(lab.send(&request).status, 400);

    let record = lab.last_record();
    let note = record.refused.as_ref().and_then(|refused| refused.note.clone()).unwrap();
    assert_eq!(note, "the JSON body is not an object of parameters: line 1 column 20");
    assert!(!format!("{record:?}").contains("NobodyMaySee"));
}

#[test]
fn a_refused_commit_changes_nothing_not_even_the_next_id() {
    let lab = Lab::new();
    let world = lab.world();
    let now = Timestamp::parse(NOW).unwrap();
    let uid = world.state().accounts.values().next().unwrap().uid;
    let place = alimock::world::account::Place { uid, owner: alimock::world::account::Owner::Root };
    let key = |fail: bool| {
        world.commit(now, By::OURSELVES, |tx| {
            let key = tx.add_key(place, (None, None)).map_err(|refusal| refusal.to_string())?;
            if fail { Err(String::new()) } else { Ok(key.id) }
        })
    };

    let refused = key(true);
    let before = world.state().version;
    let (first, version) = key(false).unwrap();

    assert!(refused.is_err());
    assert_eq!(version, before + 1);
    let again = Lab::new();
    let (same, _) = again.world().commit(now, By::OURSELVES, |tx| tx.add_key(place, (None, None))).unwrap();
    assert_eq!(first, same.id);
}

#[test]
fn default_ids_are_the_same_at_every_start_and_others_with_another_seed() {
    let keys = |seed: Option<u64>| {
        let scenario = Scenario::default_seed().with_seed(seed);
        let worlds = Worlds::new(Settings::default(), &scenario).unwrap();
        let state = worlds.default_world().state();
        let mut keys: Vec<_> = state.key_ids().map(ToString::to_string).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(None), keys(Some(42)));
    assert!(keys(Some(43)).iter().all(|key| !keys(None).contains(key)));
}

#[test]
fn worlds_in_parallel_do_not_see_each_other() {
    let live = Live::start();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let live = &live;
            scope.spawn(move || {
                let (status, world) = live.control("POST", &format!("/worlds?name=suite-{number}"), "");
                assert_eq!(status, 201, "{world}");
                let demo = world["accounts"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|account| account["name"] == "demo")
                    .unwrap();
                let path =
                    format!("/worlds/suite-{number}/accounts/{}/access-keys", demo["uid"].as_str().unwrap());
                assert_eq!(live.control("POST", &path, "{\"user\":\"dev\"}").0, 201);
                assert_eq!(live.control("POST", &path, "{\"user\":\"dev\"}").0, 409);
            });
        }
    });
    assert_eq!(live.control("GET", "/worlds", "").1["worlds"].as_array().unwrap().len(), 9);
}
