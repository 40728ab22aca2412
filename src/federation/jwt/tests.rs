use super::*;
use proptest::prelude::*;
use serde_json::json;

/// Made by PyJWT: tests/data/federation/make.py.
fn fixtures() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/federation/tokens.json")).unwrap()
}

fn keys(fixtures: &Value) -> KeySet {
    KeySet::parse(&fixtures["jwks"].to_string()).unwrap()
}

fn good(fixtures: &Value, name: &str) -> String {
    fixtures["good"][name].as_str().unwrap().to_owned()
}

/// A token of these parts with an invalid signature of three bytes.
fn unsigned(header: &str, claims: &str) -> String {
    format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn claims() -> Value {
    json!({"iss": "https://issuer.example", "sub": "alice", "aud": "sts", "exp": 1_800_000_000})
}

#[track_caller]
fn flaw(token: &str) -> TokenFlaw {
    Token::parse(token).unwrap_err()
}

#[test]
fn tokens_of_every_algorithm_that_pyjwt_made_are_taken() {
    let fixtures = fixtures();
    let keys = keys(&fixtures);
    for (name, token) in fixtures["good"].as_object().unwrap() {
        let token = Token::parse(token.as_str().unwrap()).unwrap();

        assert!(token.is_signed_by(&keys), "{name}");
        assert_eq!(token.issuer(), "https://issuer.example");
        assert_eq!(token.subject(), "system:serviceaccount:default:app");
        assert_eq!(token.audiences(), ["sts.aliyuncs.com", "other"]);
        assert_eq!(token.expires().as_millis(), 1_800_003_600_000);
        assert_eq!(token.issued().unwrap().as_millis(), 1_800_000_000_000);
        assert_eq!(token.not_before().unwrap().as_millis(), 1_800_000_000_500);
    }
}

#[test]
fn algorithms_that_share_a_secret_or_none_are_refused_by_name() {
    let fixtures = fixtures();

    for name in ["HS256", "none"] {
        let token = fixtures["refused"][name].as_str().unwrap();
        assert_eq!(flaw(token), TokenFlaw::Algorithm(name.to_owned()));
    }
}

#[test]
fn flaws_are_told_in_the_order_of_the_facts() {
    let claims = claims().to_string();

    assert_eq!(flaw(""), TokenFlaw::Empty);
    for token in ["garbage", "a.b", "a.b.c.d", " "] {
        assert_eq!(flaw(token), TokenFlaw::Parts, "{token}");
    }
    for token in ["!!.e30.AAAA", "e30.!!.AAAA", "e30.e30.!!", "e30=.e30.AAAA", " e30.e30.AAAA"] {
        assert_eq!(flaw(token), TokenFlaw::Encoding, "{token}");
    }
    assert_eq!(flaw(&unsigned(r#"{"alg":"HS256"}"#, "no JSON")), TokenFlaw::Algorithm("HS256".to_owned()));
    assert_eq!(flaw(&unsigned(r#"{"alg":"rs256"}"#, &claims)), TokenFlaw::Algorithm("rs256".to_owned()));
    for header in [
        "",
        "no JSON",
        "[]",
        "{}",
        r#"{"alg":1}"#,
        r#"{"alg":"RS256","kid":1}"#,
        r#"{"alg":"RS256","crit":["b64"]}"#,
    ] {
        assert_eq!(flaw(&unsigned(header, &claims)), TokenFlaw::Content, "{header}");
    }
    assert_eq!(flaw(".."), TokenFlaw::Content);
}

#[test]
fn claims_that_lack_what_they_need_are_refused() {
    let header = r#"{"alg":"RS256"}"#;
    for name in ["iss", "sub", "aud", "exp"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert_eq!(flaw(&unsigned(header, &claims.to_string())), TokenFlaw::Content, "without {name}");
    }
    for (name, wrong) in [
        ("iss", json!(1)),
        ("sub", json!(null)),
        ("aud", json!(["a", 1])),
        ("aud", json!({})),
        ("exp", json!("1800000000")),
        ("iat", json!("now")),
        ("nbf", json!([])),
    ] {
        let mut claims = claims();
        claims[name] = wrong;
        assert_eq!(flaw(&unsigned(header, &claims.to_string())), TokenFlaw::Content, "{claims}");
    }
    for claims in ["", "null", "1", "[\"https://issuer.example\",\"alice\",\"sts\",1]", "{\"iss\":"] {
        assert_eq!(flaw(&unsigned(header, claims)), TokenFlaw::Content, "{claims}");
    }
    assert!(Token::parse(&unsigned(header, &claims().to_string())).is_ok());
}

#[test]
fn times_beyond_all_dates_become_the_last_one() {
    for exp in ["1e300", "9223372036854775807", "18446744073709551615"] {
        let claims = claims().to_string().replace("1800000000", exp);
        let token = Token::parse(&unsigned(r#"{"alg":"RS256"}"#, &claims)).unwrap();
        assert_eq!(token.expires(), Timestamp::from_millis(i64::MAX), "{exp}");
    }
}

#[test]
fn a_changed_token_is_not_signed() {
    let fixtures = fixtures();
    let keys = keys(&fixtures);
    let token = good(&fixtures, "RS256");
    for at in (0..token.len()).step_by(7) {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(
            Token::parse(&changed).is_ok_and(|token| token.is_signed_by(&keys)) == (changed == token),
            "{at}"
        );
    }
}

#[test]
fn a_key_serves_its_own_id_and_algorithm_alone() {
    let fixtures = fixtures();
    let token = Token::parse(&good(&fixtures, "RS256")).unwrap();
    let without_id = Token::parse(&good(&fixtures, "no kid")).unwrap();
    let only = |change: &dyn Fn(&mut Value)| {
        let mut key = fixtures["jwks"]["keys"][0].clone();
        change(&mut key);
        KeySet::parse(&json!({"keys": [key]}).to_string()).unwrap()
    };

    assert!(token.is_signed_by(&only(&|_| {})));
    assert!(!token.is_signed_by(&only(&|key| key["kid"] = json!("another"))));
    assert!(without_id.is_signed_by(&only(&|key| key["kid"] = json!("another"))));
    assert!(token.is_signed_by(&only(&|key| key["kid"] = json!(null))));
    assert!(token.is_signed_by(&only(&|key| key["alg"] = json!("RS256"))));
    assert!(!token.is_signed_by(&only(&|key| key["alg"] = json!("PS256"))));
}

#[test]
fn a_key_set_without_a_usable_key_says_why() {
    for (json, why) in [
        ("", "not JSON"),
        ("[]", "not a JWKS document: `keys` is missing"),
        (r#"{"keys":{}}"#, "`keys` is missing"),
        (r#"{"keys":[]}"#, "the key set has no usable signature key: its list `keys` is empty"),
        (r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, "key 1: the type `oct` is not supported"),
        (r#"{"keys":[{"kty":"EC","crv":"P-521"}]}"#, "key 1: the curve `P-521` is not supported"),
        (r#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#, "2048 to 8192 bits; this one has 17"),
        (r#"{"keys":[{"kty":"RSA","n":"??"}]}"#, "key 1: `n` is not base64url"),
        (r#"{"keys":[{"kty":"RSA","use":"enc"}]}"#, "key 1: the key is not for signatures"),
        (r#"{"keys":[{}]}"#, "key 1: the type `` is not supported"),
        (
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}"#,
            "key 1: `x` of an Ed25519 key must have 32 bytes",
        ),
        (
            &format!(r#"{{"keys":[{}{{}}]}}"#, "{},".repeat(100)),
            "the key set has 101 keys; the maximum is 100",
        ),
    ] {
        let said = KeySet::parse(json).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_key_that_is_none_is_refused_among_good_ones_and_one_of_another_kind_is_passed_over() {
    let mut set = fixtures()["jwks"].clone();
    let used = KeySet::parse(&set.to_string()).unwrap().keys.len();
    let list = set["keys"].as_array_mut().unwrap();
    let count = list.len();
    let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43)});
    list.push(ed25519.clone());
    assert_eq!(KeySet::parse(&set.to_string()).unwrap().keys.len(), used);
    let (zeros, short) = ("A".repeat(43), "_".repeat(85) + "8");
    for broken in [
        json!({"kty": "EC", "crv": "P-256", "x": zeros, "y": zeros}),
        json!({"kty": "RSA", "n": short, "e": "AQAB"}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}),
        json!({"kty": "RSA", "e": "AQAB"}),
    ] {
        set["keys"][count] = broken.clone();
        let why = KeySet::parse(&set.to_string()).unwrap_err();
        assert!(why.starts_with(&format!("key {}: ", count + 1)), "{why}");
    }
}

#[test]
fn a_token_does_not_print_its_signature() {
    let token = Token::parse(&unsigned(r#"{"alg":"RS256"}"#, &claims().to_string())).unwrap();

    assert_eq!(format!("{token:?}"), r#"Token { issuer: "https://issuer.example", subject: "alice", .. }"#);
}

#[test]
fn deep_json_is_refused_without_a_deep_stack() {
    let deep = "[".repeat(100_000);

    assert_eq!(flaw(&unsigned(r#"{"alg":"RS256"}"#, &deep)), TokenFlaw::Content);
    assert!(KeySet::parse(&deep).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), header in any::<String>(), claims in any::<String>()) {
        let _ = Token::parse(&text);
        let _ = Token::parse(&unsigned(&header, &claims));
        let _ = Token::parse(&unsigned(r#"{"alg":"ES256"}"#, &claims));
        let _ = KeySet::parse(&text);
    }

    #[test]
    fn no_damage_to_a_token_or_key_set_makes_the_reader_panic(at in any::<prop::sample::Index>(), with in any::<char>()) {
        let fixtures = fixtures();
        let keys = keys(&fixtures);
        let damaged = |text: String| {
            let at = at.index(text.len());
            format!("{}{with}{}", &text[..at], &text[at + 1..])
        };
        let token = good(&fixtures, "ES256");
        if let Ok(changed) = Token::parse(&damaged(token.clone())) {
            prop_assert!(damaged(token.clone()) == token || !changed.is_signed_by(&keys));
        }
        if let Ok(changed) = KeySet::parse(&damaged(fixtures["jwks"].to_string())) {
            let _ = Token::parse(&token).unwrap().is_signed_by(&changed);
        }
    }
}
