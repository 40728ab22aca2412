//! Shapes of RPC requests that version 1 signs.

use super::wire::{
    Escape, FORM, FORM_TYPE, Job, NET, PHP_FORM, RFC3986, Sent, headers, http, md5, nonce, sorted,
};
use crate::support::NOW;
use crate::support::sign::hmac_sha1;
use std::collections::BTreeMap;

/// RPC signed by version 1: parameters all over query and form.
#[derive(Clone, Copy)]
pub struct Rpc {
    pub name: &'static str,
    method: &'static str,
    pub format: &'static str,
    /// What it adds to every request.
    adds: &'static [(&'static str, &'static str)],
    /// Whether the form holds what every request has, and what the action has.
    common_in_form: bool,
    params_in_form: bool,
    /// Whether empty parameters of the action are left out.
    omits_empty: bool,
    query: Escape,
    form: Escape,
    nonce: &'static str,
    headers: &'static str,
}

const REGION: &[(&str, &str)] = &[("RegionId", "cn-hangzhou")];

/// Source: aliyun/aliyun-openapi-net-sdk, aliyun-net-sdk-core: RpcAcsRequest.cs, Auth/RpcSignatureComposer.cs, DefaultAcsClient.cs.
const NET_CORE: Rpc = Rpc {
    name: ".NET core, GET",
    method: "GET",
    format: "JSON",
    adds: REGION,
    common_in_form: false,
    params_in_form: false,
    omits_empty: false,
    query: NET,
    form: NET,
    nonce: "7b1d0c3e-66a5-4d8c-9a57-{#}",
    headers: "x-sdk-client: Net/2.0.0
              x-sdk-invoke-type: normal
              User-Agent: Alibaba Cloud (Unix 6.1.0.0) netcoreapp/3.1 Core/1.6.2.0
              x-acs-version: {version}
              x-acs-action: {action}
              Host: {host}",
};

/// Source: aliyun/openapi-sdk-php-client 1.5.32: src/Request/RpcRequest.php, src/Support/Sign.php; recorded.
pub const PHP: Rpc = Rpc {
    name: "PHP client, GET",
    method: "GET",
    format: "JSON",
    adds: REGION,
    common_in_form: false,
    params_in_form: false,
    omits_empty: true,
    query: RFC3986,
    form: PHP_FORM,
    // An MD5 with the time behind it, as `microtime` writes it.
    nonce: "defc6dba415bb8006f65a597c97f93a1#.40723500 1795443561",
    headers: "Host: {host}
              User-Agent: AlibabaCloud (Linux 6.1; x86_64) Client/1.5.32 PHP/8.2.36",
};

/// Source: aliyun/aliyun-openapi-cpp-sdk 1.36: core/src/RpcServiceClient.cc, CommonClient.cc; recorded. Without a token it is empty.
const CPP: Rpc = Rpc {
    name: "C++ core, GET",
    method: "GET",
    format: "JSON",
    adds: &[("RegionId", "cn-hangzhou"), ("SecurityToken", "")],
    common_in_form: false,
    params_in_form: false,
    omits_empty: true,
    query: RFC3986,
    form: RFC3986,
    nonce: "5dcf6a2d-97fb-4431-8f4e-#",
    headers: "Host: {host}
              Accept: */*
              x-sdk-client: CPP/1.36.2132",
};

/// Source: alibabacloud-go/tea-rpc (Terraform), aliyun/tea-rpc, Python's alibabacloud-tea-rpc 0.1.0; recorded from Python.
const TEA: Rpc = Rpc {
    name: "tea-rpc, POST",
    method: "POST",
    format: "json",
    adds: &[],
    common_in_form: false,
    params_in_form: true,
    omits_empty: false,
    query: FORM,
    form: FORM,
    nonce: "6df7e706c281121031f88caeb25472a1#",
    headers: "Accept-Encoding: identity
              x-acs-version: {version}
              x-acs-action: {action}
              host: {host}
              user-agent: AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/1
              content-type: {form}",
};

/// Source: aliyun/aliyun-cli 3.4.11 on aliyun/alibaba-cloud-sdk-go; recorded.
const CLI: Rpc = Rpc {
    name: "aliyun CLI, POST",
    method: "POST",
    format: "JSON",
    adds: &[("RegionId", "cn-hangzhou"), ("SignatureType", "")],
    common_in_form: false,
    params_in_form: false,
    omits_empty: false,
    query: FORM,
    form: FORM,
    nonce: "5a66b24884ac56af324ee7b67e515550#",
    headers: "Host: {host}
              User-Agent: AlibabaCloud (linux; amd64) Golang/1.26.8 Core/1.63.22 Aliyun-CLI/3.4.11
              Content-Length: 0
              Accept-Encoding: identity
              Content-Type: application/x-www-form-urlencoded
              x-acs-action: {action}
              x-acs-credentials-provider: static_sts
              x-acs-version: {version}
              x-sdk-client: golang/1.0.0
              x-sdk-core-version: 1.63.22
              x-sdk-invoke-type: common",
};

pub const RPC: [Rpc; 12] = [
    NET_CORE,
    Rpc { name: ".NET core, GET for XML", format: "XML", ..NET_CORE },
    Rpc { name: ".NET core, POST", method: "POST", params_in_form: true, headers: NET_FORM, ..NET_CORE },
    PHP,
    Rpc { name: "PHP client, GET for XML", format: "XML", ..PHP },
    Rpc {
        name: "PHP client, POST",
        method: "POST",
        common_in_form: true,
        params_in_form: true,
        headers: PHP_POST,
        ..PHP
    },
    CPP,
    Rpc {
        name: "C++ core, POST",
        method: "POST",
        params_in_form: true,
        omits_empty: false,
        headers: CPP_POST,
        ..CPP
    },
    TEA,
    Rpc {
        name: "tea-rpc of Terraform, POST",
        adds: &[("SourceIp", "10.0.0.1"), ("SecureTransport", "true")],
        ..TEA
    },
    Rpc { name: "tea-rpc, GET", method: "GET", params_in_form: false, ..TEA },
    CLI,
];

const NET_FORM: &str = "x-sdk-client: Net/2.0.0
    x-sdk-invoke-type: normal
    Content-MD5: {md5}
    Content-Type: {form}
    User-Agent: Alibaba Cloud (Unix 6.1.0.0) netcoreapp/3.1 Core/1.6.2.0
    x-acs-version: {version}
    x-acs-action: {action}
    Host: {host}";
const PHP_POST: &str = "Host: {host}
    Content-Type: {form}
    User-Agent: AlibabaCloud (Linux 6.1; x86_64) Client/1.5.32 PHP/8.2.36";
const CPP_POST: &str = "Host: {host}
    Accept: */*
    x-sdk-client: CPP/1.36.2132
    Content-Type: {form}";

impl Rpc {
    pub fn send(&self, job: &Job<'_>) -> Sent {
        let nonce = nonce(self.nonce, job.serial);
        let mut common: BTreeMap<&str, &str> = self.adds.iter().copied().collect();
        common.extend(job.key.token.map(|token| ("SecurityToken", token)));
        common.extend([
            ("Action", job.action),
            ("Version", job.version),
            ("Format", self.format),
            ("AccessKeyId", job.key.id),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", &nonce),
            ("Timestamp", NOW),
        ]);
        // Nothing depends on the order in which parameters are sent.
        let common: Vec<_> = common.into_iter().rev().collect();
        let params: Vec<_> =
            job.params.iter().copied().filter(|(_, value)| !(self.omits_empty && value.is_empty())).collect();
        let all = sorted(&[common.as_slice(), &params].concat());
        let signed = format!("{}&%2F&{}", self.method, RFC3986.text(&RFC3986.pairs(&all)));
        let signature = hmac_sha1(&format!("{}&", job.key.secret), &signed);

        let (mut query, mut form) = (Vec::new(), Vec::new());
        (if self.params_in_form { &mut form } else { &mut query }).extend(params);
        let common_place = if self.common_in_form { &mut form } else { &mut query };
        common_place.extend(common);
        common_place.push(("Signature", &signature));
        let body = self.form.pairs(&form);
        let target =
            if query.is_empty() { "/".to_owned() } else { format!("/?{}", self.query.pairs(&query)) };
        let gaps = [
            ("{host}", job.host.as_str()),
            ("{version}", job.version),
            ("{action}", job.action),
            ("{form}", if form.is_empty() { "" } else { FORM_TYPE }),
            ("{md5}", &md5(&body)),
        ];
        Sent { bytes: http(self.method, &target, &headers(self.headers, &gaps), &body), signed }
    }
}
