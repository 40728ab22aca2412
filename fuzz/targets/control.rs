//! Calls of the control API: each gets an answer, and none that says that the server is broken.

#![no_main]

use alimock::control::{Control, Port, Ports, Trust, router};
use alimock::world::Worlds;
use alimock_fuzz::{gateway, request, scenario};
use axum::body::Body;
use axum::extract::Request;
use libfuzzer_sys::{Corpus, fuzz_target};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use tokio::runtime::{Builder, Runtime};
use tower_service::Service;

#[derive(Debug)]
struct Nothing;

impl Ports for Nothing {
    fn bind(&self, _: SocketAddr) -> io::Result<Port> {
        Err(io::ErrorKind::AddrInUse.into())
    }

    fn close(&self, _: SocketAddr) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async {})
    }
}

impl Trust for Nothing {
    fn certificate(&self) -> &str {
        ""
    }
}

fn control(worlds: Arc<Worlds>) -> Arc<Control> {
    Arc::new(Control {
        worlds,
        scenario: scenario(),
        endpoint: "http://127.0.0.1:4588".to_owned(),
        operations: Vec::new,
        ports: Box::new(Nothing),
        trust: Arc::new(Nothing),
    })
}

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().build().expect("it needs nothing of the system"));

fuzz_target!(|text: &[u8]| -> Corpus {
    let Some(request) = request(text) else { return Corpus::Reject };
    let (mut head, body) = request.into_parts();
    head.headers.entry("host").or_insert_with(|| "localhost".parse().expect("it is a name"));
    let request: Request = Request::from_parts(head, Body::from(body));
    let mut router = router(control(Arc::clone(gateway().worlds())));

    let answer = RUNTIME.block_on(router.call(request)).expect("a router always answers");

    assert!(answer.status().as_u16() < 500, "{answer:?}");
    Corpus::Keep
});
