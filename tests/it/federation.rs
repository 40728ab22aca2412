//! Role login: `AssumeRoleWithOIDC` and `AssumeRoleWithSAML`, with what the built-in provider makes on demand. Source:
//! docs/evidence/sts.md sections 4 and 5.

use crate::sessions::actor_with_credentials;
use crate::support::live::Live;
use crate::support::{Lab, Reply};
use alimock::Scenario;
use alimock::federation::issuer::{self, Key};
use serde_json::{Value, json};

const ROLES: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    oidcProviders:
      - {name: ci, clientIds: [sts.aliyuncs.com, other]}
      - {name: far, issuer: "https://far.example", clientIds: [sts.aliyuncs.com]}
      - {name: doubtful, clientIds: [sts.aliyuncs.com], trusted: false}
      - {name: moved, clientIds: [sts.aliyuncs.com], fingerprints: [AA11], certificate: BB22}
    samlProviders:
      - {name: corp}
      - {name: broken, readable: false}
    roles:
      - name: Pipeline
        policies: [AliyunRAMReadOnlyAccess]
        trust:
          Version: "1"
          Statement:
            - Effect: Allow
              Action: sts:AssumeRole
              Principal: {Federated: ["acs:ram::1234567890123456:oidc-provider/ci"]}
              Condition: {StringEquals: {oidc:aud: sts.aliyuncs.com}, StringLike: {oidc:sub: "repo:*"}}
      - {name: Staff, policies: [AliyunRAMReadOnlyAccess], trust: {Federated: [saml-provider/corp]}}
      - {name: Closed}
"#;

pub const NOW_SECONDS: i64 = 1_795_334_400;

/// A token with some claims over the good ones.
pub fn token(changes: &Value, key: Key) -> String {
    let mut claims = json!({
        "iss": "https://issuer.alimock.internal", "sub": "repo:shop", "aud": "sts.aliyuncs.com",
        "iat": NOW_SECONDS, "exp": NOW_SECONDS + 600,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    issuer::token(&claims, key)
}

pub fn valid_token(changes: &Value) -> String {
    token(changes, Key::Published)
}

pub fn send_unsigned(lab: &Lab, action: &str, params: &[(&str, &str)]) -> Reply {
    let pairs = params.iter().map(|(name, value)| format!("&{name}={}", crate::support::sign::encode(value)));
    let body = format!("Action={action}&Version=2015-04-01&Format=JSON{}", pairs.collect::<String>());
    let request = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    lab.send(&request.body(body.into()).unwrap())
}

pub fn assume_with_oidc(lab: &Lab, provider: &str, token: &str, role: &str, more: &[(&str, &str)]) -> Reply {
    let provider = format!("acs:ram::1234567890123456:oidc-provider/{provider}");
    let role = format!("acs:ram::1234567890123456:role/{role}");
    let mut params = vec![
        ("OIDCProviderArn", &*provider),
        ("RoleArn", &role),
        ("OIDCToken", token),
        ("RoleSessionName", "job"),
    ];
    params.extend(more);
    send_unsigned(lab, "AssumeRoleWithOIDC", &params)
}

#[test]
fn a_good_token_gives_a_session_without_any_signature() {
    let lab = Lab::with_scenario(ROLES);

    let reply = assume_with_oidc(&lab, "ci", &valid_token(&json!({})), "Pipeline", &[]).assert_ok();

    assert_eq!(reply["AssumedRoleUser"]["Arn"], "acs:ram::1234567890123456:role/pipeline/job");
    assert_eq!(
        reply["OIDCTokenInfo"],
        json!({
            "Subject": "repo:shop", "Issuer": "https://issuer.alimock.internal", "ClientIds": "sts.aliyuncs.com",
            "IssuanceTime": "2026-11-22T08:00:00Z", "ExpirationTime": "2026-11-22T08:10:00Z", "VerificationInfo": "Success",
        })
    );
    actor_with_credentials(&lab, &reply).ram("ListUsers", &[]).assert_ok();
}

#[test]
fn each_thing_wrong_with_a_token_has_its_own_answer() {
    let lab = Lab::with_scenario(ROLES);
    let unknown = token(&json!({}), Key::Unknown);
    let far = |text: &str| format!("AuthenticationFail.OIDCToken.{text}");
    let at = |seconds: i64| NOW_SECONDS + seconds;
    let hs256 = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln";
    for (provider, token, code, message) in [
        ("ci", String::new(), far("Invalid"), "The OIDCToken can not empty."),
        (
            "ci",
            "a.b".into(),
            far("Invalid"),
            "The number of Jwt field should be divided into 3 parts with '.' .",
        ),
        ("ci", "a.b.*".into(), far("Invalid"), "Cannot decode base64 encoded response(format invalided)."),
        (
            "ci",
            hs256.into(),
            far("Invalid"),
            "The algorithm HS256 that be specified in Jwt header is unknown.",
        ),
        (
            "ci",
            valid_token(&json!({"exp": "soon"})),
            far("Invalid"),
            "The Jwt content is invalid that cannot be recognized.",
        ),
        (
            "nobody",
            valid_token(&json!({})),
            "AuthenticationFail.NoPermission".into(),
            "No such OIDC Provider registered.",
        ),
        (
            "ci",
            valid_token(&json!({"iss": "https://evil.example"})),
            far("IssuerNotMatch"),
            "The issuer in the OIDC Token doesn't match the OIDC Provider registered.",
        ),
        ("ci", valid_token(&json!({"aud": "evil"})), far("AudienceNotMatch"), "Invalid audience."),
        ("ci", valid_token(&json!({"exp": at(0)})), far("Expired"), "This JsonWebToken is expired."),
        (
            "ci",
            valid_token(&json!({"iat": at(-12 * 3600 - 1)})),
            far("Expired"),
            "This JsonWebToken is expired.",
        ),
        ("ci", valid_token(&json!({"nbf": at(1)})), far("Invalid"), "This JsonWebToken is not valid yet."),
        (
            "far",
            valid_token(&json!({"iss": "https://far.example"})),
            far("IssuerConfigurationBroken"),
            "Get public keys from OIDC Provider failed, the issuer is https://far.example.",
        ),
        (
            "doubtful",
            valid_token(&json!({})),
            far("HttpsUrlInvalid"),
            "Invoke url failed due to certificate chain validation / The root ca certificate is not in ca whitelist of this url: https://issuer.alimock.internal",
        ),
        (
            "moved",
            valid_token(&json!({})),
            far("PublicKeyFingerprintMismatch"),
            "The fingerprint of the public key does not match the OIDC Provider registered.",
        ),
        ("ci", unknown, far("InvalidSignature"), "OIDC token validate failed: invalid signature."),
        (
            "ci",
            valid_token(&json!({"sub": "evil"})),
            "AuthenticationFail.NoPermission".into(),
            "There is no permission",
        ),
    ] {
        let before = lab.world().state().version;
        let reply = assume_with_oidc(&lab, provider, &token, "Pipeline", &[]);
        assert_eq!(reply.assert_refused(401, &code), message, "{token}");
        assert_eq!(lab.world().state().version, before);
    }
    assume_with_oidc(&lab, "ci", &valid_token(&json!({})), "Nobody", &[])
        .assert_refused(404, "EntityNotExist.Role");
    assume_with_oidc(&lab, "ci", &valid_token(&json!({})), "Closed", &[])
        .assert_refused(401, "AuthenticationFail.NoPermission");
    assume_with_oidc(&lab, "ci", &valid_token(&json!({})), "Pipeline", &[("DurationSeconds", "3601")])
        .assert_refused(400, "InvalidParameter.DurationSeconds");
    assume_with_oidc(&lab, "ci", &"x".repeat(20_001), "Pipeline", &[])
        .assert_refused(400, "InvalidParameter.OIDCToken");
}

/// Source: the tests of aliyun/credentials-java and aliyun/credentials-go.
#[test]
fn the_wrong_requests_in_the_tests_of_official_credential_libraries_are_refused() {
    let lab = Lab::with_scenario(ROLES);
    let all_wrong = |provider: &str| {
        [
            ("OIDCProviderArn", provider),
            ("RoleArn", "test"),
            ("OIDCToken", "OIDCToken"),
            ("Policy", "test"),
            ("RoleSessionName", "test"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let send = |params: [(&str, String); 5]| {
        send_unsigned(
            &lab,
            "AssumeRoleWithOIDC",
            &params.each_ref().map(|(name, value)| (*name, value.as_str())),
        )
    };
    let message = send(all_wrong("test")).assert_refused(400, "AuthenticationFail.NoPermission");
    assert_eq!(message, "Parameter OIDCProviderArn is not valid");
    send(all_wrong("acs:ram::roleArn")).assert_refused(401, "AuthenticationFail.OIDCToken.Invalid");
    assume_with_oidc(&lab, "nobody", "garbage", "Pipeline", &[])
        .assert_refused(401, "AuthenticationFail.OIDCToken.Invalid");
    send_unsigned(&lab, "AssumeRoleWithOIDC", &[]).assert_refused(400, "MissingRoleSessionName");
}

/// The built-in provider as a user has it, over the control API.
struct Corp {
    live: Live,
}

impl Corp {
    fn new() -> Self {
        Self {
            live: Live::with_scenario(
                Scenario::parse(&format!("clock: {{resource: '2026-11-22T08:00:00Z'}}{ROLES}")).unwrap(),
            ),
        }
    }

    /// A SAML response with some fields over the good ones.
    fn saml_response(&self, changes: Value) -> String {
        let mut wanted = json!({
            "roleArn": "acs:ram::1234567890123456:role/Staff",
            "providerArn": "acs:ram::1234567890123456:saml-provider/corp",
            "sessionName": "alice",
        });
        wanted.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let (status, made) =
            self.live.control("POST", "/worlds/default/issuer/saml-response", &wanted.to_string());
        assert_eq!(status, 200, "{made}");
        made["response"].as_str().unwrap().to_owned()
    }

    fn assume_with_saml(&self, response: &str, more: &[(&str, &str)]) -> (u16, Value) {
        let mut params = std::collections::BTreeMap::from([
            ("RoleArn", "acs:ram::1234567890123456:role/Staff"),
            ("SAMLProviderArn", "acs:ram::1234567890123456:saml-provider/corp"),
            ("SAMLAssertion", response),
        ]);
        params.extend(more.iter().copied());
        let pairs = params.iter().filter(|(_, value)| **value != "-");
        let pairs = pairs.map(|(name, value)| format!("&{name}={}", crate::support::sign::encode(value)));
        let body =
            format!("Action=AssumeRoleWithSAML&Version=2015-04-01&Format=JSON{}", pairs.collect::<String>());
        self.live.post_form(&body)
    }
}

#[track_caller]
fn assert_saml_refused(answer: &(u16, Value), code: &str, message: &str) {
    let (status, body) = answer;
    let found =
        (status, body["Code"].as_str().unwrap_or_default(), body["Message"].as_str().unwrap_or_default());
    let expected = match code.split('.').next() {
        Some("AuthenticationFail") => 401,
        Some("EntityNotExist") => 404,
        _ => 400,
    };
    assert_eq!(found, (&expected, code, message), "{body}");
}

#[test]
fn a_saml_response_gives_a_session() {
    let corp = Corp::new();

    let (status, reply) =
        corp.assume_with_saml(&corp.saml_response(json!({"sourceIdentity": "alice-at-corp"})), &[]);

    assert_eq!(status, 200, "{reply}");
    assert_eq!(reply["AssumedRoleUser"]["Arn"], "acs:sts::1234567890123456:assumed-role/staff/alice");
    assert_eq!(reply["SourceIdentity"], "alice-at-corp");
    assert_eq!(
        reply["SAMLAssertionInfo"],
        json!({
            "SubjectType": "persistent", "Subject": "alimock", "Issuer": "https://issuer.alimock.internal/saml",
            "Recipient": "https://signin.aliyun.com/saml-role/sso",
        })
    );
}

#[test]
fn each_thing_wrong_with_a_response_has_its_own_answer() {
    let corp = Corp::new();
    let invalid = ("AuthenticationFail.SAMLAssertion.Invalid", "The SAML Assertion is invalid.");
    for changes in [
        json!({"key": "unknown"}),
        json!({"audience": "urn:alibaba:cloudcomputing:international"}),
        json!({"recipient": "https://evil.example"}),
        json!({"issuer": "https://evil.example"}),
        json!({"notBefore": "1s"}),
        json!({"roleArn": "acs:ram::1234567890123456:role/Closed"}),
        json!({"providerArn": "acs:ram::1234567890123456:saml-provider/other"}),
    ] {
        assert_saml_refused(&corp.assume_with_saml(&corp.saml_response(changes), &[]), invalid.0, invalid.1);
    }
    assert_saml_refused(&corp.assume_with_saml("garbage!", &[]), invalid.0, invalid.1);
    let expired = ("AuthenticationFail.SAMLAssertion.Expired", "The SAML Assertion is expired.");
    assert_saml_refused(
        &corp.assume_with_saml(&corp.saml_response(json!({"expires": "0s"})), &[]),
        expired.0,
        expired.1,
    );
    let good = corp.saml_response(json!({}));
    assert_saml_refused(
        &corp.assume_with_saml(
            &good,
            &[("SAMLProviderArn", "acs:ram::1234567890123456:saml-provider/nobody")],
        ),
        "EntityNotExist.SAMLProvider",
        "Can not find SAML provider.",
    );
    assert_saml_refused(
        &corp.assume_with_saml(
            &good,
            &[("SAMLProviderArn", "acs:ram::1234567890123456:saml-provider/broken")],
        ),
        "AuthenticationFail.IDPMetadata.Invalid",
        "The IdP Metadata of your SAML Provider is invalid.",
    );
    let nobody = "acs:ram::1234567890123456:role/Nobody";
    assert_saml_refused(
        &corp.assume_with_saml(&corp.saml_response(json!({"roleArn": nobody})), &[("RoleArn", nobody)]),
        "EntityNotExist.RoleArn",
        "The specified Role does not exists.",
    );
    let closed = "acs:ram::1234567890123456:role/Closed";
    assert_saml_refused(
        &corp.assume_with_saml(&corp.saml_response(json!({"roleArn": closed})), &[("RoleArn", closed)]),
        "AuthenticationFail.NoPermission",
        "There is no permission",
    );
    assert_saml_refused(
        &corp.assume_with_saml(&corp.saml_response(json!({"sessionName": "a b"})), &[]),
        "InvalidParameter.RoleSessionName",
        "The RoleSessionName is invalid.",
    );
    for duration in ["899", "3601"] {
        assert_saml_refused(
            &corp.assume_with_saml(&good, &[("DurationSeconds", duration)]),
            "InvalidParameter.DurationSeconds",
            "The DurationSeconds is invalid.",
        );
    }
    assert_saml_refused(
        &corp.assume_with_saml(&good, &[("Policy", "{}")]),
        "InvalidParameter.PolicyGrammar",
        "Invalid Policy.",
    );
    let long = "x".repeat(2049);
    assert_saml_refused(
        &corp.assume_with_saml(&good, &[("Policy", &long)]),
        "InvalidParameter.PolicySize",
        "The max size of policy string is 1024.",
    );
    for name in ["SAMLAssertion", "SAMLProviderArn", "RoleArn"] {
        let message = format!("Parameter {name} is required.");
        assert_saml_refused(
            &corp.assume_with_saml(&good, &[(name, "-")]),
            &format!("MissingParameter.{name}"),
            &message,
        );
    }
}

#[test]
fn the_control_api_registers_providers_and_mints_tokens_good_and_wrong() {
    let corp = Corp::new();
    let live = &corp.live;
    let providers = "/worlds/default/accounts/1234567890123456/oidc-providers";
    let (status, made) = live.control("POST", providers, r#"{"name": "new", "clientIds": ["a"]}"#);
    assert_eq!((status, &made["arn"]), (201, &"acs:ram::1234567890123456:oidc-provider/new".into()));
    let (status, again) = live.control("POST", providers, r#"{"name": "NEW", "clientIds": ["a"]}"#);
    assert_eq!((status, &again["error"]["code"]), (400, &"invalid_provider".into()));
    let (status, wrong) =
        live.control("POST", providers, r#"{"name": "x", "clientIds": ["a"], "issuer": "http://plain"}"#);
    assert_eq!(status, 400, "{wrong}");

    let mint = |body: &str| live.control("POST", "/worlds/default/issuer/token", body);
    let (status, minted) =
        mint(r#"{"audience": "sts.aliyuncs.com", "subject": "repo:a", "claims": {"extra": 1}}"#);
    assert_eq!(status, 200, "{minted}");
    let token = minted["token"].as_str().unwrap();
    let body = format!(
        "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&OIDCProviderArn=acs:ram::1234567890123456:oidc-provider/ci\
         &RoleArn=acs:ram::1234567890123456:role/Pipeline&RoleSessionName=job&OIDCToken={token}"
    );
    assert_eq!(live.post_form(&body).0, 200);
    assert_eq!(mint(r#"{"audience": "a", "expires": "soon"}"#).1["error"]["code"], "invalid_span");
    for page in ["/issuer/.well-known/openid-configuration", "/issuer/jwks"] {
        assert_eq!(live.control("GET", page, "").0, 200, "{page}");
    }
}

#[test]
fn an_unsigned_call_finds_the_world_that_has_the_account_of_the_role() {
    let corp = Corp::new();
    let seed = ROLES.replace("1234567890123456", "1999999999999999");
    assert_eq!(corp.live.control("POST", "/worlds?name=second", &seed).0, 201);
    let (_, minted) = corp.live.control(
        "POST",
        "/worlds/second/issuer/token",
        r#"{"audience": "sts.aliyuncs.com", "subject": "repo:a"}"#,
    );
    let token = minted["token"].as_str().unwrap();
    let body = format!(
        "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&OIDCProviderArn=acs:ram::1999999999999999:oidc-provider/ci\
         &RoleArn=acs:ram::1999999999999999:role/Pipeline&RoleSessionName=job&OIDCToken={token}"
    );

    let (status, reply) = corp.live.post_form(&body);

    assert_eq!(status, 200, "{reply}");
}

#[test]
fn a_body_of_another_kind_is_refused() {
    let lab = Lab::with_scenario(ROLES);
    let request = http::Request::post("/?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON");
    let request = request.header("content-type", "text/plain").body("x".into()).unwrap();

    lab.send(&request).assert_refused(400, "InvalidParameter.ContentType");
}
