//! OIDC tokens and the role login that uses them. Only the signed token is accepted.
//!
//! Input: a token with or without a signature; `good` stands for the signed one.

#![no_main]

use alimock::federation::issuer::{self, Key};
use alimock::federation::jwt::{KeySet, Token};
use alimock_fuzz::sign::encode;
use alimock_fuzz::{CLIENT, NOW_SECONDS, gateway, world};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use std::sync::LazyLock;

static KEYS: LazyLock<KeySet> = LazyLock::new(|| KeySet::parse(&issuer::jwks()).expect("it is our own"));

/// The only signed token. The corpus contains it.
static SIGNED: LazyLock<String> = LazyLock::new(|| {
    let claims = json!({
        "iss": "https://issuer.alimock.internal", "sub": "job:1", "aud": "sts.aliyuncs.com",
        "iat": NOW_SECONDS, "exp": NOW_SECONDS + 600,
    });
    let token = issuer::token(&claims, Key::Published);
    if let Some(path) = std::env::var_os("WRITE_SEED") {
        std::fs::write(path, &token).expect("the seed can be written");
    }
    token
});

fuzz_target!(|token: &str| {
    let signed = SIGNED.as_str();
    let input = |token: &str| token.rsplit_once('.').map(|(input, _)| input.to_owned());
    let is_good = Token::parse(token).is_ok_and(|token| token.is_signed_by(&KEYS));
    assert!(!is_good || input(token) == input(signed), "nobody signed this");

    let form = format!(
        "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&RoleSessionName=job&OIDCToken={}\
         &OIDCProviderArn=acs:ram::1234567890123456:oidc-provider/ci&RoleArn=acs:ram::1234567890123456:role/r",
        encode(token)
    );
    let request = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    let request = request.body(form.into()).expect("it is a request");
    let gateway = gateway();
    let before = world(&gateway).state().version;
    let answer = gateway.handle(&request, CLIENT);
    assert!(answer.status().as_u16() < 500, "{answer:?}");
    assert!(is_good || !answer.status().is_success(), "{answer:?}");
    assert!(is_good || world(&gateway).state().version == before, "{answer:?}");
});
