//! Ports of worlds: whoever calls there needs neither label, header nor key of its own.

use crate::support::NOW;
use crate::support::live::{self, Live};
use crate::support::sign::{self, Form};
use alimock::gateway::RawRequest;
use http::HeaderValue;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// A scenario that pins a key id: without a port of its own only one world can have it.
fn scenario_with_pinned_key() -> String {
    format!(
        "clock: {{gateway: '{NOW}', resource: '{NOW}'}}\naccounts: [{{name: shop, keys: [{{id: LTAI5tPinned0001, secret: s}}]}}]"
    )
}

fn sign_with_pinned_key(action: &str, params: &[(&str, &str)], nonce: &str) -> RawRequest {
    let call = sign::Call {
        key: "LTAI5tPinned0001",
        secret: "s",
        token: None,
        version: "2015-05-01",
        action,
        params,
        time: NOW,
        nonce,
        xml: false,
    };
    sign::request(Form::RpcV1, &call)
}

/// Makes a world with a port; gives where it listens.
#[track_caller]
fn create_world_with_port(live: &Live, name: &str) -> SocketAddr {
    let (status, world) =
        live.control("POST", &format!("/worlds?name={name}&listen=127.0.0.1:0"), &scenario_with_pinned_key());
    assert_eq!(status, 201, "{world}");
    world["endpoint"].as_str().unwrap().strip_prefix("http://").unwrap().parse().unwrap()
}

fn requests_written(live: &Live, world: &str) -> Value {
    live.control("GET", &format!("/worlds/{world}/requests"), "").1["written"].clone()
}

fn status_code_and_message((status, body): &(u16, Value)) -> (u16, &str, &str) {
    let text = |field: &str| body["error"][field].as_str().unwrap_or_default();
    (*status, text("code"), text("message"))
}

#[test]
fn every_call_at_the_port_of_a_world_is_its_own_whatever_it_says() {
    let live = Live::start();
    let (a, b) = (create_world_with_port(&live, "a"), create_world_with_port(&live, "b"));
    let create = sign_with_pinned_key("CreateUser", &[("UserName", "alice")], "1");

    assert_eq!((live::send(a, &create).0, live::send(b, &create).0), (200, 200));

    let mut by_header = sign_with_pinned_key("CreateUser", &[("UserName", "alice")], "2");
    by_header.headers_mut().insert("x-alimock-world", HeaderValue::from_static("b"));
    assert_eq!(live::send(a, &by_header).1["Code"], "EntityAlreadyExists.User");
    let mut by_label = sign_with_pinned_key("GetUser", &[("UserName", "alice")], "3");
    by_label.headers_mut().insert("host", HeaderValue::from_static("b.localhost"));
    assert_eq!(live::send(a, &by_label).0, 200);
    assert_eq!((requests_written(&live, "a"), requests_written(&live, "b")), (json!(3), json!(1)));
    // At the server's own address a pinned key of such worlds tells nothing.
    assert_ne!(live::send(live.address, &create).0, 200);
    by_label.headers_mut().insert("host", HeaderValue::from_static("a.localhost"));
    assert_eq!(live::send(live.address, &by_label).1["Code"], "SignatureNonceUsed");
    assert_eq!(requests_written(&live, "default"), json!(1));
}

#[test]
fn a_scenario_with_pinned_keys_is_loaded_again_only_with_a_port() {
    let live = Live::start();
    assert_eq!(live.control("POST", "/worlds?name=shared", &scenario_with_pinned_key()).0, 201);

    let again = live.control("POST", "/worlds?name=again", &scenario_with_pinned_key());

    assert_eq!(status_code_and_message(&again).1, "access_key_taken");
    assert!(again.1["error"]["hint"].as_str().unwrap().contains("listen=127.0.0.1:0"), "{}", again.1);
    create_world_with_port(&live, "again");
    // The first still has the key to itself at the server's address.
    assert_eq!(live::send(live.address, &sign_with_pinned_key("ListUsers", &[], "1")).0, 200);
    assert_eq!(requests_written(&live, "shared"), json!(1));
}

#[test]
fn a_world_is_not_created_if_its_address_is_not_available() {
    let live = Live::start();
    let taken = create_world_with_port(&live, "taken");

    let refused = |listen: &str| live.control("POST", &format!("/worlds?name=new&listen={listen}"), "");

    assert_eq!(
        status_code_and_message(&refused(&taken.to_string())),
        (409, "address_in_use", &*format!("`listen`: {taken} is already in use"))
    );
    assert_eq!(
        status_code_and_message(&refused("nowhere")),
        (
            400,
            "invalid_listen",
            "`listen`: `nowhere` is no IP:PORT such as 127.0.0.1:0; port 0 takes a free one"
        )
    );
    for listen in ["nowhere:0", ""] {
        assert_eq!(status_code_and_message(&refused(listen)).1, "invalid_listen", "{listen}");
    }
    assert_eq!(status_code_and_message(&refused("192.0.2.1:0")).1, "listen_too_wide");
    assert_eq!(live.control("GET", "/worlds/new", "").0, 404);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let exists = live.control("POST", &format!("/worlds?name=taken&listen={port}"), "");
    assert_eq!(status_code_and_message(&exists).1, "world_exists");
    assert!(TcpListener::bind(port).is_ok(), "a world that was not made keeps no port");
}

#[test]
fn a_dropped_world_gives_its_port_back_with_its_idle_connections() {
    let live = Live::start();
    let address = create_world_with_port(&live, "a");
    let mut idle = live::connect(address);
    idle.write_all(b"GET /_alimock/health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut start = [0; 12];
    idle.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");

    // The control API is there, too.
    let dropped = live::send_bytes(
        address,
        b"DELETE /_alimock/worlds/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );

    assert!(dropped.starts_with("HTTP/1.1 204"), "{dropped}");
    assert!(TcpListener::bind(address).is_ok());
    // The idle connection ends: there is an end to read to.
    idle.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(live.control("GET", "/worlds/a", "").0, 404);
    assert_eq!(
        live.control("POST", &format!("/worlds?name=a&listen={address}"), &scenario_with_pinned_key()).0,
        201
    );
    assert_eq!(live::send(address, &sign_with_pinned_key("ListUsers", &[], "1")).0, 200);
}

#[test]
fn a_server_that_stops_finishes_what_is_in_flight_at_every_port() {
    let mut live = Live::start();
    let address = create_world_with_port(&live, "a");
    let mut stream = live::connect(address);
    let head = "POST /?Format=JSON HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();

    live.stop();
    stream.write_all(b"a=b").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();

    assert!(answer.contains("MissingAccessKeyId"), "{answer}");
    live.join();
    assert!(TcpStream::connect(address).is_err());
}
