//! Documents that come with a scenario, a control call or a request: what can never work is refused where it stands, and none
//! costs more than it is long.

use crate::support::Lab;
use crate::support::live::Live;
use crate::support::sign::encode;
use alimock::Scenario;
use alimock::federation::issuer;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const ENTITY: &str = "https://idp.example/metadata";
const ISSUER: &str = "https://issuer.example";

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    [&[tag, 0x82, high, low], content].concat()
}

/// A `SubjectPublicKeyInfo` as PEM.
fn pem(algorithm: &[u8], key: &[u8]) -> String {
    let info = [der(0x30, algorithm), der(3, &[&[0], key].concat())].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", STANDARD.encode(der(0x30, &info)))
}

fn rsa(bits: usize) -> String {
    let modulus = [&[0][..], &vec![0xff; bits / 8]].concat();
    let numbers = [der(2, &modulus), der(2, &[1, 0, 1])].concat();
    pem(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0], &der(0x30, &numbers))
}

fn p256() -> String {
    let oids = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    pem(&oids, &[&[4][..], &[1; 64]].concat())
}

fn ed25519(bytes: usize) -> String {
    pem(&[6, 3, 0x2b, 0x65, 0x70], &vec![1; bytes])
}

/// Key sets that cannot work, with what is wrong with them. A good key stands beside each bad one.
fn bad_key_sets() -> Vec<(Value, &'static str)> {
    let good: Value = serde_json::from_str(&issuer::jwks()).unwrap();
    let beside = |bad: Value| json!({"keys": [good["keys"][0], bad]});
    let number = |bytes: usize| URL_SAFE_NO_PAD.encode(vec![0xff; bytes]);
    let (x, y) = (URL_SAFE_NO_PAD.encode([1; 32]), URL_SAFE_NO_PAD.encode([2; 32]));
    vec![
        (json!("garbage"), "not JSON"),
        (json!({"keys": []}), "its list `keys` is empty"),
        (
            beside(json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})),
            "key 2: the point is not on its curve",
        ),
        (
            beside(json!({"kty": "RSA", "n": number(64), "e": "AQAB"})),
            "key 2: an RSA key must have 2048 to 8192 bits; this one has 512",
        ),
        (beside(json!({"kty": "RSA", "n": number(256), "e": "AA"})), "key 2: the exponent of an RSA key"),
        (
            beside(json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})),
            "key 2: `x` of an Ed25519 key must have 32 bytes",
        ),
        (beside(json!({"kty": "RSA", "n": "%%", "e": "AQAB"})), "key 2: `n` is not base64url"),
        (json!({"keys": vec![good["keys"][0].clone(); 101]}), "the key set has 101 keys; the maximum is 100"),
    ]
}

/// Metadata that cannot work, with what is wrong with it.
fn bad_metadata() -> Vec<(String, &'static str)> {
    let good = issuer::saml_metadata(ENTITY);
    let beside = |bad: &str| {
        let more = format!("<ds:X509Certificate>{bad}</ds:X509Certificate></ds:X509Data>");
        good.replace("</ds:X509Data>", &more)
    };
    vec![
        ("garbage".to_owned(), "text outside the root element"),
        ("<a/>".to_owned(), "the root element is not a SAML EntityDescriptor"),
        (good.replace("MII", "AII"), "not an X.509 certificate"),
        (beside("AAAA"), "not an X.509 certificate"),
        (beside("%"), "a certificate is not base64"),
        ("<a>".repeat(50_000), "deeper than 100 levels"),
        (
            format!("<a {}/>", (0..5000).map(|n| format!("a{n}='' ")).collect::<String>()),
            "more than 100 attributes",
        ),
    ]
}

#[track_caller]
fn assert_refused_at_line(text: &str, line: usize, why: &str) {
    let error = Scenario::parse(text).unwrap_err();
    let told = error.brief();
    assert!(told[0].starts_with(&format!("line {line} ")) && told[0].contains(why), "{why}: {told:?}");
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn a_scenario_with_keys_that_check_no_token_is_refused_where_they_stand() {
    for (keys, why) in bad_key_sets() {
        let text = format!(
            "accounts:\n- name: demo\n  oidcProviders:\n  - name: ci\n    issuer: {ISSUER}\n    clientIds: [a]\n    keys: {keys}\n"
        );
        assert_refused_at_line(&text, 7, why);
    }
}

#[test]
fn a_scenario_with_metadata_that_verifies_no_response_is_refused_where_it_stands() {
    for (metadata, why) in bad_metadata() {
        let text = format!(
            "accounts:\n- name: demo\n  samlProviders:\n  - name: corp\n    metadata: {}\n",
            json!(metadata)
        );
        assert_refused_at_line(&text, 5, why);
    }
}

#[test]
fn a_scenario_with_a_public_key_that_checks_no_signature_is_refused_where_it_stands() {
    let text = |key: &str| format!("accounts:\n- name: demo\n  keys:\n  - publicKey: {}\n", json!(key));
    for (key, why) in [
        ("garbage".to_owned(), "this is no PEM of an RSA public key"),
        (rsa(512), "an RSA key must have 2048 to 8192 bits; this one has 512"),
        (rsa(2048).replace("MII", "AII"), "this is no PEM of an RSA public key"),
        (p256(), "the point is not on its curve"),
        (ed25519(31), "an Ed25519 key must have 32 bytes; this one has 31"),
        (ed25519(32), "the public key is neither RSA nor EC"),
    ] {
        assert_refused_at_line(&text(&key), 4, why);
    }
    Scenario::parse(&text(&rsa(2048))).unwrap();
}

#[test]
fn the_control_api_refuses_the_same_and_registers_nothing() {
    let live = Live::start();
    let (_, world) = live.control("GET", "/worlds/default", "");
    let account = format!("/worlds/default/accounts/{}", world["accounts"][0]["uid"].as_str().unwrap());
    let before = live.control("GET", "/worlds/default/export?format=json", "");
    let oidc = bad_key_sets().into_iter().map(|(keys, why)| {
        let body = json!({"name": "ci", "issuer": ISSUER, "clientIds": ["a"], "keys": keys});
        ("oidc-providers", body, why)
    });
    let saml = bad_metadata()
        .into_iter()
        .map(|(metadata, why)| ("saml-providers", json!({"name": "corp", "metadata": metadata}), why));

    for (path, body, why) in oidc.chain(saml) {
        let (status, answer) = live.control("POST", &format!("{account}/{path}"), &body.to_string());
        assert_eq!((status, answer["error"]["code"].as_str()), (400, Some("invalid_provider")), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(why), "{why}: {answer}");
    }

    assert_eq!(live.control("GET", "/worlds/default/export?format=json", ""), before);
}

#[test]
fn a_provider_declared_with_unreadable_metadata_refuses_responses() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, samlProviders: [{name: corp, metadata: <a/>, readable: false}]}]",
    );
    let form = "Action=AssumeRoleWithSAML&Version=2015-04-01&Format=JSON&SAMLAssertion=AAAA\
                &SAMLProviderArn=acs:ram::1234567890123456:saml-provider/corp&RoleArn=acs:ram::1234567890123456:role/r";

    let request = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    let reply = lab.send(&request.body(form.into()).unwrap());

    assert_eq!(
        reply.assert_refused(401, "AuthenticationFail.IDPMetadata.Invalid"),
        "The IdP Metadata of your SAML Provider is invalid."
    );
}

#[test]
fn a_deep_or_odd_body_gets_a_400_from_every_control_call_that_reads_one() {
    let live = Live::start();
    let (_, world) = live.control("GET", "/worlds/default", "");
    let account = format!("accounts/{}", world["accounts"][0]["uid"].as_str().unwrap());
    let (_, before) = live.control("GET", "/worlds/default/export?format=json", "");
    let deep = "[".repeat(100_000);
    let deep_field = format!("{{\"a\":{}", "{\"a\":".repeat(100_000));
    let long = format!("{{\"{}\": 1}}", "n".repeat(500_000));
    let many = format!("{{{}\"z\": 1}}", (0..50_000).map(|n| format!("\"f{n}\": 1,")).collect::<String>());
    let calls = [
        ("POST", "/worlds".to_owned()),
        ("PUT", "/worlds/default/clock".to_owned()),
        ("PUT", "/worlds/default/permissions".to_owned()),
        ("PUT", "/worlds/default/propagation".to_owned()),
        ("PUT", "/worlds/default/stubs".to_owned()),
        ("PUT", "/worlds/default/gates".to_owned()),
        ("PUT", "/worlds/default/account-rules".to_owned()),
        ("PUT", "/worlds/default/instance".to_owned()),
        ("POST", "/worlds/default/explain".to_owned()),
        ("POST", "/worlds/default/commands".to_owned()),
        ("POST", "/worlds/default/faults".to_owned()),
        ("POST", "/worlds/default/verify".to_owned()),
        ("POST", "/worlds/default/accounts".to_owned()),
        ("POST", format!("/worlds/default/{account}/oidc-providers")),
        ("POST", format!("/worlds/default/{account}/saml-providers")),
        ("POST", format!("/worlds/default/{account}/state")),
        ("POST", format!("/worlds/default/{account}/access-keys")),
    ];

    for (method, path) in &calls {
        for body in [&deep, &deep_field, &long, &many, "\u{0}", "{", "[]", "a: *a"] {
            let (status, answer) = live.control(method, path, body);
            let start: String = body.chars().take(20).collect();
            assert_eq!(status, 400, "{method} {path} {start}: {answer}");
            assert!(answer.to_string().len() < 100_000, "{method} {path} {start}");
        }
    }

    assert_eq!(live.control("GET", "/worlds/default/export?format=json", "").1, before);
}

#[test]
fn a_saml_response_that_is_expensive_to_read_is_refused() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890123456, samlProviders: [{name: corp}], roles: [{name: r}]}]",
    );
    let long = "u".repeat(990);
    let spaces: String = (0..60).map(|n| format!(" xmlns:p{n}='{long}'")).collect();
    let uses: String = (0..60).map(|n| format!(" p{n}:a=''")).collect();
    let wide = format!("<a{spaces}>{}</a>", format!("<b{uses}/>").repeat(10));
    let signature = "<s:Signature xmlns:s='http://www.w3.org/2000/09/xmldsig#'/>";
    for xml in [
        wide,
        "<a>".repeat(20_000),
        format!("<a>{}</a>", signature.repeat(1_000)),
        format!("<a>{}</a>", "&lt;".repeat(15_000)),
        format!("<a {}/>", "a='' ".repeat(10_000)),
        "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><a>&b;</a>".to_owned(),
    ] {
        let response = STANDARD.encode(&xml);
        let form = format!(
            "Action=AssumeRoleWithSAML&Version=2015-04-01&Format=JSON&SAMLAssertion={}\
             &SAMLProviderArn=acs:ram::1234567890123456:saml-provider/corp&RoleArn=acs:ram::1234567890123456:role/r",
            encode(&response)
        );
        let request = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let reply = lab.send(&request.body(form.into()).unwrap());
        let start: String = xml.chars().take(40).collect();
        assert!((400..500).contains(&reply.status), "{start}: {} {}", reply.status, reply.body);
    }
}

#[test]
fn a_policy_document_is_as_long_and_as_deep_as_its_api_takes_it_and_no_more() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let before = lab.world().state().version;
    let create =
        |document: &str| root.ram("CreatePolicy", &[("PolicyName", "p"), ("PolicyDocument", document)]);
    let deep = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"*","Resource":{}"a"{}}}]}}"#,
        "[".repeat(2900),
        "]".repeat(2900)
    );

    create(&deep).assert_refused(400, "MalformedPolicyDocument");
    create(&"[".repeat(6144)).assert_refused(400, "MalformedPolicyDocument");
    create(&format!("{}{deep}", " ".repeat(6144)))
        .assert_refused(400, "InvalidParameter.PolicyDocument.Length");

    assert_eq!(lab.world().state().version, before);
}
