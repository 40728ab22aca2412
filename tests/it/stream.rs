//! The journal as a stream of events.

use crate::support::live::Live;
use alimock::Scenario;
use alimock::world::Settings;
use alimock::world::journal::Limits;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

/// A client that follows.
struct Follower(BufReader<TcpStream>);

/// One event.
#[derive(Debug, PartialEq, Default)]
struct Event {
    id: String,
    kind: String,
    data: String,
}

impl Follower {
    /// Follows the world `default`; `query` and `headers` as they are sent.
    #[track_caller]
    fn new(live: &Live, path: &str, headers: &str) -> Self {
        let mut stream = live.connect();
        // Of HTTP/1.0 so that the events come without chunks around them.
        write!(stream, "GET /_alimock/worlds/{path} HTTP/1.0\r\nHost: x\r\n{headers}\r\n").unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
        }
        assert!(head.starts_with("HTTP/1.0 200") && head.contains("text/event-stream"), "{head}");
        Self(reader)
    }

    /// The next event; nothing when the stream has ended.
    fn next_event(&mut self) -> Option<Event> {
        let mut event = Event::default();
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            match line.trim_end_matches('\n').split_once(": ") {
                Some(("id", id)) => id.clone_into(&mut event.id),
                Some(("event", kind)) => kind.clone_into(&mut event.kind),
                Some(("data", data)) => data.clone_into(&mut event.data),
                // A comment is no event.
                _ if event == Event::default() => {}
                _ => return Some(event),
            }
        }
    }

    #[track_caller]
    fn next_record(&mut self) -> Value {
        let event = self.next_event().expect("another event");
        assert_eq!(event.kind, "request", "{event:?}");
        let record: Value = serde_json::from_str(&event.data).unwrap();
        assert_eq!(event.id, record["number"].to_string());
        record
    }
}

fn send_refused_call(live: &Live, action: &str) {
    assert_ne!(live.post_form(&format!("Action={action}&Version=2015-04-01&Format=JSON")).0, 200);
}

#[test]
fn records_come_as_they_are_written_and_as_the_list_has_them() {
    let live = Live::start();
    send_refused_call(&live, "AssumeRoleWithOIDC");
    let mut follower = Follower::new(&live, "default/requests/stream", "");

    let first = follower.next_record();
    send_refused_call(&live, "AssumeRoleWithSAML");
    let second = follower.next_record();

    let listed = live.control("GET", "/worlds/default/requests", "").1["requests"].clone();
    assert_eq!(listed, Value::Array(vec![first, second]));
}

#[test]
fn a_follower_resumes_after_its_last_record_with_its_filter() {
    let live = Live::start();
    for action in ["AssumeRoleWithOIDC", "AssumeRoleWithSAML", "AssumeRoleWithOIDC", "AssumeRoleWithOIDC"] {
        send_refused_call(&live, action);
    }
    let follow = |query: &str, headers: &str| {
        let mut follower = Follower::new(&live, &format!("default/requests/stream?limit=1&{query}"), headers);
        let number = follower.next_record()["number"].as_u64().unwrap();
        assert_eq!(follower.next_event(), None, "it wanted one");
        number
    };

    assert_eq!(follow("after=1", ""), 2);
    assert_eq!(follow("action=AssumeRoleWithOIDC&after=1", ""), 3);
    assert_eq!(follow("after=1", "Last-Event-ID: 3\r\n"), 4);
    let bad =
        live.control_with_headers("GET", "/worlds/default/requests/stream", "", "Last-Event-ID: last\r\n");
    assert_eq!((bad.0, &bad.1["error"]["code"]), (400, &"invalid_last_event_id".into()));
    assert_eq!(live.control("GET", "/worlds/none/requests/stream", "").0, 404);
    assert_eq!(live.control("GET", "/worlds/default/requests/stream?acton=x", "").0, 400);
}

#[test]
fn a_follower_is_informed_about_dropped_records() {
    let settings = Settings { journal: Limits { records: 2, bytes: 1 << 20 }, ..Settings::default() };
    let live = Live::with_settings(Scenario::default_seed(), settings);
    for _ in 0..5 {
        send_refused_call(&live, "AssumeRoleWithOIDC");
    }

    let mut follower = Follower::new(&live, "default/requests/stream?after=1", "");

    let lost = Event { id: String::new(), kind: "lost".to_owned(), data: "2".to_owned() };
    assert_eq!(follower.next_event(), Some(lost));
    assert_eq!(
        (&follower.next_record()["number"], &follower.next_record()["number"]),
        (&4.into(), &5.into())
    );
}

#[test]
fn after_a_reset_numbers_begin_again() {
    let live = Live::start();
    send_refused_call(&live, "AssumeRoleWithOIDC");
    let mut follower = Follower::new(&live, "default/requests/stream", "");
    assert_eq!(follower.next_record()["number"], 1);

    assert_eq!(live.control("POST", "/worlds/default/reset", "").0, 204);
    let reset = Event { id: String::new(), kind: "reset".to_owned(), data: "{}".to_owned() };
    assert_eq!(follower.next_event().as_ref(), Some(&reset));
    send_refused_call(&live, "AssumeRoleWithOIDC");
    assert_eq!(follower.next_record()["number"], 1);

    // Whoever comes back with a number from before is told as well.
    let mut back = Follower::new(&live, "default/requests/stream", "Last-Event-ID: 7\r\n");
    assert_eq!(back.next_event(), Some(reset));
    assert_eq!(back.next_record()["number"], 1);
}

#[test]
fn a_stream_ends_with_its_world_and_with_the_server() {
    let mut live = Live::start();
    assert_eq!(live.control("POST", "/worlds?name=short", "").0, 201);
    let mut short = Follower::new(&live, "short/requests/stream", "");
    let mut long = Follower::new(&live, "default/requests/stream", "");
    // Somebody who never reads is not waited for either.
    let _deaf = Follower::new(&live, "default/requests/stream", "");

    assert_eq!(live.control("DELETE", "/worlds/short", "").0, 204);
    assert_eq!(short.next_event(), None);
    live.stop();
    assert_eq!(long.next_event(), None);
    live.join();
}

#[test]
fn many_followers_see_every_record_while_many_call() {
    let live = Live::start();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut follower = Follower::new(&live, "default/requests/stream?limit=120", "");
                for number in 1..=120 {
                    assert_eq!(follower.next_record()["number"], number);
                }
                assert_eq!(follower.next_event(), None);
            });
            scope.spawn(|| (0..30).for_each(|_| send_refused_call(&live, "AssumeRoleWithOIDC")));
        }
    });
}
