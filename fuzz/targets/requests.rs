//! Unsigned requests in any form. They are rejected with a documented error and change nothing.

#![no_main]

use alimock_fuzz::{CLIENT, gateway, request, world};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &[u8]| -> Corpus {
    let Some(request) = request(text) else { return Corpus::Reject };
    let gateway = gateway();
    let before = world(&gateway).state().version;

    let answer = gateway.handle(&request, CLIENT);

    assert!(answer.status().as_u16() < 500, "{answer:?}");
    assert_eq!(world(&gateway).state().version, before, "{answer:?}");
    Corpus::Keep
});
