//! Any bytes get an answer: at the socket and at the gateway function.

use crate::support::live::Live;
use crate::support::{CLIENT, Lab};
use bytes::Bytes;
use http::Request;
use proptest::prelude::*;
use std::sync::LazyLock;

static LIVE: LazyLock<Live> = LazyLock::new(Live::start);

/// Bytes that look like a request here and there.
fn requests() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::sample::select(vec![
            "GET ",
            "POST ",
            "/?",
            " HTTP/1.1\r\n",
            "\r\n",
            "Host: ",
            "ram.aliyuncs.com",
            "Authorization: ACS3-HMAC-SHA256 ",
            "acs ",
            "Credential=",
            "SignedHeaders=;;",
            "Signature=",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Action=ListUsers&",
            "Version=2015-05-01&",
            "AccessKeyId=LTAI5t&",
            "%",
            "x-acs-version: 2015-05-01\r\n",
            "x-acs-action: ListUsers\r\n",
            "\0",
            "\u{feff}",
            "Content-Type: application/json\r\n",
            "{\"a\":",
            "/_alimock/worlds",
            "PUT /bucket?acl HTTP/1.1\r\n",
            "Authorization: ODPS LTAI5t/20261122/cn-hangzhou/odps/aliyun_v4_request:",
            "Authorization: OSS LTAI5t:",
            "Authorization: OSS4-HMAC-SHA256 ",
            "OSSAccessKeyId=LTAI&Expires=1&",
            "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=a/20261122/b/oss/aliyun_v4_request&",
            "x-oss-date: 20261122T080000Z\r\n",
            "Date: Sun, 22 Nov 2026 08:00:00 GMT\r\n",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(pieces, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_on_the_socket_get_an_answer_or_a_close_and_never_a_500(bytes in requests()) {
        let answer = LIVE.send_bytes(&bytes);
        prop_assert!(!answer.starts_with("HTTP/1.1 500"), "{answer}");
        prop_assert_eq!(LIVE.control("GET", "/health", "").0, 200);
    }

    #[test]
    fn any_request_at_the_gateway_gets_an_answer_that_is_a_documented_refusal(
        method in "[A-Z]{1,7}",
        path in "/[a-z%0-9]{0,8}",
        query in proptest::collection::vec(("(OSSAccessKeyId|Expires|x-oss-(credential|date|expires|signature|signature-version)|Bucket|Action|Version|AccessKeyId|Signature|SignatureNonce|SignatureMethod|Timestamp|Format|[A-Z]{1,3})", "[ -~]{0,20}"), 0..12),
        headers in proptest::collection::vec(
            ("(authorization|accept|date|host|content-type|content-md5|x-acs-[a-z]{1,8}|x-acs-action|x-acs-version|x-acs-date|x-acs-bearer-token|x-oss-[a-z]{1,8}|x-oss-date|x-odps-bearer-token|authorization-sts-token)",
             "(ACS3-HMAC-SHA256 |acs |application/json|OSS LTAI5t:|OSS4-HMAC-SHA256 (Credential=a/20261122/b/oss/aliyun_v4_request)?|ODPS (a/b/c/odps/)?|oss-[a-z-]{1,9}[.]aliyuncs[.]com|20261122T080000Z|Sun, 22 Nov 2026 08:00:00 GMT|)[ -~]{0,40}"), 0..10),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let lab = Lab::new();
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={}", crate::support::sign::encode(value))).collect();
        let mut request = Request::builder().method(method.as_str()).uri(format!("{path}?{}", query.join("&")));
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let request = request.body(Bytes::from(body)).unwrap();
        let before = lab.world().state().version;

        let answer = lab.gateway.handle(&request, CLIENT);

        prop_assert!(method == "OPTIONS" || (400..=405).contains(&answer.status().as_u16()), "{answer:?}");
        prop_assert_eq!(lab.world().state().version, before);
    }
}
