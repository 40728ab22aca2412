//! Keeps the AccessKey of a RAM user fresh, and works with the credentials of a role.

use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// Calls of this process; each needs another nonce.
static CALLS: AtomicU64 = AtomicU64::new(0);

/// Sends a request and returns the answer, or nothing when the connection failed.
pub type Transport<'a> = &'a dyn Fn(Request<Vec<u8>>) -> Option<Response<Vec<u8>>>;

/// AccessKey, or credentials of a role.
#[derive(Clone)]
pub struct Credentials {
    pub id: String,
    pub secret: String,
    pub token: Option<String>,
}

/// Why a call has no result.
#[derive(Debug, PartialEq)]
pub enum Failure {
    /// The connection failed; the call may have been done.
    Lost,
    /// The service refused the call with this code.
    Refused(String),
}

pub struct Client<'a> {
    pub transport: Transport<'a>,
    pub credentials: Credentials,
}

impl Client<'_> {
    /// Calls an action of a product, signed with ACS3-HMAC-SHA256.
    pub fn call(&self, host: &str, version: &str, action: &str, parameters: &[(&str, &str)]) -> Result<Value, Failure> {
        let mut pairs: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        pairs.sort();
        let query = pairs.join("&");
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = format!("{:x}-{}", jiff::Timestamp::now().as_nanosecond(), CALLS.fetch_add(1, Ordering::Relaxed));
        let empty = hex(&Sha256::digest(b""));
        let mut headers = vec![
            ("host", host),
            ("x-acs-action", action),
            ("x-acs-content-sha256", &empty),
            ("x-acs-date", &now),
            ("x-acs-signature-nonce", &nonce),
            ("x-acs-version", version),
        ];
        if let Some(token) = &self.credentials.token {
            headers.insert(4, ("x-acs-security-token", token));
        }
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let signed = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let canonical = format!("POST\n/\n{query}\n{lines}\n{signed}\n{empty}");
        let text = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical)));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.credentials.secret.as_bytes()).expect("any length will do");
        mac.update(text.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization =
            format!("ACS3-HMAC-SHA256 Credential={},SignedHeaders={signed},Signature={signature}", self.credentials.id);

        let mut request = Request::post(format!("/?{query}")).header("authorization", authorization);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = (self.transport)(request.body(Vec::new()).expect("all parts are good")).ok_or(Failure::Lost)?;
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if answer.status().is_success() {
            Ok(body)
        } else {
            Err(Failure::Refused(body["Code"].as_str().unwrap_or_default().to_owned()))
        }
    }

    fn ram(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Value, Failure> {
        self.call("ram.aliyuncs.com", "2015-05-01", action, parameters)
    }

    /// Replaces the keys of a user by a new one, which is returned.
    pub fn rotate(&self, user: &str) -> Result<String, Failure> {
        let old = self.keys_of(user)?;
        let new = match self.ram("CreateAccessKey", &[("UserName", user)]) {
            Err(Failure::Lost) => self.ram("CreateAccessKey", &[("UserName", user)])?,
            other => other?,
        };
        self.delete(user, &old)?;
        Ok(new["AccessKey"]["AccessKeyId"].as_str().unwrap_or_default().to_owned())
    }

    pub fn keys_of(&self, user: &str) -> Result<Vec<String>, Failure> {
        let listed = self.ram("ListAccessKeys", &[("UserName", user)])?;
        let keys = listed["AccessKeys"]["AccessKey"].as_array().into_iter().flatten();
        Ok(keys.filter_map(|key| Some(key["AccessKeyId"].as_str()?.to_owned())).collect())
    }

    fn delete(&self, user: &str, keys: &[String]) -> Result<(), Failure> {
        keys.iter().try_for_each(|key| {
            self.ram("DeleteAccessKey", &[("UserName", user), ("UserAccessKeyId", key)]).map(drop)
        })
    }
}

/// Works with the credentials of a role.
pub struct Session<'a> {
    pub caller: Client<'a>,
    pub role: String,
    pub client: Option<Client<'a>>,
}

impl<'a> Session<'a> {
    fn refresh(&mut self) -> Result<(), Failure> {
        let parameters = [("RoleArn", self.role.as_str()), ("RoleSessionName", "app")];
        let made = self.caller.call("sts.aliyuncs.com", "2015-04-01", "AssumeRole", &parameters)?;
        let part = |name: &str| made["Credentials"][name].as_str().unwrap_or_default().to_owned();
        let credentials =
            Credentials { id: part("AccessKeyId"), secret: part("AccessKeySecret"), token: Some(part("SecurityToken")) };
        self.client = Some(Client { transport: self.caller.transport, credentials });
        Ok(())
    }

    /// Returns the names of all users.
    pub fn users(&mut self) -> Result<Vec<String>, Failure> {
        if self.client.is_none() {
            self.refresh()?;
        }
        let client = self.client.as_ref().expect("it was refreshed");
        let listed = client.ram("ListUsers", &[])?;
        let users = listed["Users"]["User"].as_array().into_iter().flatten();
        Ok(users.filter_map(|user| Some(user["UserName"].as_str()?.to_owned())).collect())
    }
}

/// Percent-encoding of a value.
fn escaped(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    value.bytes().map(|byte| if is_plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
