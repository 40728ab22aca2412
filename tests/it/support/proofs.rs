//! Tokens and SAML responses of the built-in identity provider. They are valid unless a field is overridden.

use alimock::federation::issuer::{self, Key, ResponseFields};
use alimock::text::{Site, Timestamp, parse_duration};
use serde_json::{Map, Value, json};

const ISSUER: &str = "https://issuer.alimock.internal";
const ACCOUNT: &str = "1234567890123456";

/// The proof that a value asks for: `{$token: {claims}}` or `{$response: {fields}}`, either with `key: unknown` for a wrong
/// signature. The claims `exp`, `iat` and `nbf` are seconds from now.
pub fn make_proof(value: &Map<String, Value>, now: Timestamp) -> Option<Result<String, String>> {
    let key = |fields: &Map<String, Value>| match fields.get("key").and_then(Value::as_str) {
        Some("unknown") => Key::Unknown,
        _ => Key::Published,
    };
    if let Some(Value::Object(claims)) = value.get("$token") {
        return Some(Ok(token(claims, key(value), now)));
    }
    let Some(Value::Object(fields)) = value.get("$response") else { return None };
    Some(response(fields, key(fields), now))
}

fn token(claims: &Map<String, Value>, key: Key, now: Timestamp) -> String {
    let mut all = json!({"iss": ISSUER, "sub": "repo:shop", "aud": "sts.aliyuncs.com", "iat": 0, "exp": 600});
    for (name, value) in claims {
        all[name] = value.clone();
    }
    for name in ["iat", "exp", "nbf"] {
        if let Some(seconds) = all[name].as_i64() {
            all[name] = (now.as_millis() / 1000 + seconds).into();
        }
    }
    issuer::token(&all, key)
}

fn response(fields: &Map<String, Value>, key: Key, now: Timestamp) -> Result<String, String> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let at = |name: &str, usual: &str| {
        let span = text(name).unwrap_or(usual);
        parse_duration(span).map(|span| now.plus(span)).map_err(|_| format!("`{span}` is no span"))
    };
    let (entity, role) = (format!("{ISSUER}/saml"), format!("acs:ram::{ACCOUNT}:role/staff"));
    let provider = format!("acs:ram::{ACCOUNT}:saml-provider/staff");
    let made = ResponseFields {
        issuer: text("issuer").unwrap_or(&entity),
        audience: text("audience").unwrap_or(Site::China.saml_audience()),
        recipient: text("recipient").unwrap_or(Site::China.saml_recipient()),
        subject: "alice",
        role_arn: text("roleArn").unwrap_or(&role),
        provider_arn: text("providerArn").unwrap_or(&provider),
        session_name: text("sessionName").unwrap_or("alice"),
        source_identity: text("sourceIdentity"),
        issued: now,
        not_before: at("notBefore", "0s")?,
        not_on_or_after: at("expires", "5m")?,
    };
    Ok(issuer::saml_response(&made, key))
}
