//! Shapes of ROA requests that version 1 signs.

use super::wire::{Escape, Job, NET, RFC3986, Sent, headers, http, md5, nonce, sorted};
use crate::support::NOW;
use crate::support::sign::hmac_sha1;
use alimock::text::{Scalar, Timestamp};
use std::collections::BTreeMap;

/// ROA signed by version 1: method, four headers, those of `x-acs-`, path and query.
pub struct Roa {
    pub name: &'static str,
    method: &'static str,
    /// Whether the parameters are a form; in a query otherwise.
    in_form: bool,
    /// What the form begins with.
    begins: &'static str,
    query: Escape,
    nonce: &'static str,
    pub headers: &'static str,
}

pub const ROA: [Roa; 5] = [
    // Source: aliyun/aliyun-openapi-net-sdk, aliyun-net-sdk-core: RoaAcsRequest.cs, Auth/RoaSignatureComposer.cs. It has no nonce.
    Roa {
        name: ".NET core, ROA GET",
        method: "GET",
        in_form: false,
        begins: "",
        query: NET,
        nonce: "",
        headers: "Accept: application/octet-stream
                  Date: {date}
                  x-sdk-client: Net/2.0.0
                  x-acs-version: {version}
                  x-acs-action: {action}
                  x-acs-signature-method: HMAC-SHA1
                  x-acs-signature-version: 1.0
                  x-acs-security-token: {token}
                  Authorization: {authorization}
                  Host: {host}",
    },
    Roa {
        name: ".NET core, ROA POST for XML",
        method: "POST",
        in_form: true,
        begins: "",
        query: NET,
        nonce: "",
        headers: "Accept: application/xml
                  Date: {date}
                  x-sdk-client: Net/2.0.0
                  x-acs-version: {version}
                  x-acs-action: {action}
                  Content-MD5: {md5}
                  Content-Type: application/x-www-form-urlencoded
                  x-acs-signature-method: HMAC-SHA1
                  x-acs-signature-version: 1.0
                  x-acs-security-token: {token}
                  Authorization: {authorization}
                  Host: {host}",
    },
    // Source: aliyun/openapi-sdk-php-client: src/Request/RoaRequest.php; recorded, but for the action, which it does not send.
    Roa {
        name: "PHP client, ROA GET",
        method: "GET",
        in_form: false,
        begins: "",
        query: RFC3986,
        nonce: "811ad60bdc7cec92c456f8f054e6c2c9#.42152400 1795443561",
        headers: "Host: {host}
                  User-Agent: AlibabaCloud (Linux 6.1; x86_64) Client/1.5.32 PHP/8.2.36
                  x-acs-version: {version}
                  x-acs-action: {action}
                  x-acs-region-id: cn-hangzhou
                  Date: {date}
                  x-acs-signature-method: HMAC-SHA1
                  x-acs-signature-nonce: {nonce}
                  x-acs-signature-version: 1.0
                  Accept: application/json
                  Content-Type: application/json; charset=utf-8
                  x-acs-security-token: {token}
                  Authorization: {authorization}",
    },
    // Source: aliyun/aliyun-openapi-cpp-sdk: core/src/CommonClient.cc; recorded, but for the action, which it does not send, and a query that it
    // does not encode.
    Roa {
        name: "C++ core, ROA GET",
        method: "GET",
        in_form: false,
        begins: "",
        query: RFC3986,
        nonce: "728fdf00-8cd8-431f-a209-#",
        headers: "Host: {host}
                  Accept: application/json
                  Authorization: {authorization}
                  Content-Length: 0
                  Content-MD5: {md5}
                  Content-Type: application/octet-stream
                  Date: {date}
                  x-acs-action: {action}
                  x-acs-region-id: cn-hangzhou
                  x-acs-security-token: {token}
                  x-acs-signature-method: HMAC-SHA1
                  x-acs-signature-nonce: {nonce}
                  x-acs-signature-version: 1.0
                  x-acs-version: {version}
                  x-sdk-client: CPP/1.36.2132",
    },
    // Source: the same, core/src/RoaServiceClient.cc: its form begins with an `&`.
    Roa {
        name: "C++ core, ROA POST",
        method: "POST",
        in_form: true,
        begins: "&",
        query: RFC3986,
        nonce: "a69b293e-177e-456d-888e-#",
        headers: "Host: {host}
                  Accept: application/json
                  Authorization: {authorization}
                  Content-MD5: {md5}
                  Content-Type: application/x-www-form-urlencoded
                  Date: {date}
                  x-acs-action: {action}
                  x-acs-region-id: cn-hangzhou
                  x-acs-security-token: {token}
                  x-acs-signature-method: HMAC-SHA1
                  x-acs-signature-nonce: {nonce}
                  x-acs-signature-version: 1.0
                  x-acs-version: {version}
                  x-sdk-client: CPP/1.36.2132",
    },
];

impl Roa {
    pub fn send(&self, job: &Job<'_>) -> Sent {
        let nonce = nonce(self.nonce, job.serial);
        let date = Timestamp::parse(NOW).unwrap().to_http();
        let (query, form) = if self.in_form { (&[][..], job.params) } else { (job.params, &[][..]) };
        let body =
            if self.in_form { format!("{}{}", self.begins, self.query.pairs(form)) } else { String::new() };
        let gaps = [
            ("{host}", job.host.as_str()),
            ("{version}", job.version),
            ("{action}", job.action),
            ("{date}", &date),
            ("{nonce}", &nonce),
            ("{md5}", &md5(&body)),
            ("{token}", job.key.token.unwrap_or_default()),
        ];
        let sent = headers(self.headers, &gaps);
        let header =
            |name: &str| sent.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
        let own: BTreeMap<_, _> =
            sent.iter().filter(|(name, _)| name.starts_with("x-acs-")).cloned().collect();
        let own: String = own.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let plain: Vec<_> = sorted(query).iter().map(|(name, value)| format!("{name}={value}")).collect();
        let resource =
            if plain.is_empty() { "/users".to_owned() } else { format!("/users?{}", plain.join("&")) };
        let four = ["Accept", "Content-MD5", "Content-Type", "Date"].map(header).join("\n");
        let signed = format!("{}\n{four}\n{own}{resource}", self.method);
        let authorization = format!("acs {}:{}", job.key.id, hmac_sha1(job.key.secret, &signed));

        let sent: Vec<_> = sent
            .into_iter()
            .map(|(name, value)| (name, value.replace("{authorization}", &authorization)))
            .collect();
        let target = if query.is_empty() {
            "/users".to_owned()
        } else {
            format!("/users?{}", self.query.pairs(query))
        };
        Sent { bytes: http(self.method, &target, &sent, &body), signed }
    }
}
