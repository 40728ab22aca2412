//! Published signatures of products with their own protocols and those of official clients, checked by the functions that check every request.

use crate::gateway::authenticate::verify;
use crate::gateway::call::{Sent, Shown};
use crate::gateway::parse;
use crate::gateway::percent::encoded;
use crate::gateway::request::RawRequest;
use crate::text::SecretText;
use crate::world::account::KeyMaterial;
use bytes::Bytes;

/// Returns `true` if the gateway accepts the signature, if the key is known.
#[track_caller]
fn is_good(request: &RawRequest, secret: &str) -> bool {
    let call = parse::call(request, None);
    assert!(call.problem.is_none(), "{call:?}");
    let Shown::Signed(signed) = &call.shown else { panic!("no signature was seen: {call:?}") };
    let algorithm = (call.form.algorithm)(signed).unwrap();
    verify(Sent { request, call: &call, signed }, algorithm, &KeyMaterial::Secret(SecretText::new(secret)))
        .is_ok()
}

/// Example from the OSS page "Include signatures in the Authorization header".
#[test]
fn the_example_of_the_documentation_of_v1_is_good() {
    let request = http::Request::put("/nelson")
        .header("host", "oss-example.oss-cn-hangzhou.aliyuncs.com")
        .header("content-md5", "ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=")
        .header("content-type", "text/html")
        .header("date", "Thu, 17 Nov 2005 18:49:58 GMT")
        .header("x-oss-meta-author", "foo@bar.com")
        .header("x-oss-magic", "abracadabra")
        .header("authorization", "OSS 44CF9590006BF252F707:26NBxoKdsyly4EDv6inkoDft/yA=")
        .body(Bytes::new())
        .unwrap();

    assert!(is_good(&request, "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV"));
    assert!(!is_good(&request, "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROW"));
}

const QUERY: &str = "%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2";

/// Results of package alibabacloud-oss-v2 1.4.1 for one request at one time, signed in headers: plain, with additional
/// headers, with a token.
#[test]
fn the_official_client_signs_v4_in_headers() {
    let scope = "ak/20231216/cn-hangzhou/oss/aliyun_v4_request";
    for (more, token, signature) in [
        ("", None, "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe"),
        ("abc;zabc", None, "47c9e374f165ecb7e92d150f3e9639082b74d3578a56e388f81a2ad652f4d254"),
        ("", Some("token"), "e8e2bb87548e2fb1b71367c300da5c7436c242ea9270a03c7f50752aecf62216"),
    ] {
        let middle = if more.is_empty() { String::new() } else { format!("AdditionalHeaders={more},") };
        let authorization = format!("OSS4-HMAC-SHA256 Credential={scope},{middle}Signature={signature}");
        let mut request = http::Request::put(format!("/1234%2B-/123/1.txt?{QUERY}"))
            .header("host", "bucket.oss-cn-hangzhou.aliyuncs.com")
            .header("x-oss-head1", "value")
            .header("abc", "value")
            .header("ZAbc", "value")
            .header("XYZ", "value")
            .header("content-type", "text/plain")
            .header("x-oss-date", "20231216T162057Z")
            .header("x-oss-content-sha256", "UNSIGNED-PAYLOAD")
            .header("authorization", authorization);
        if let Some(token) = token {
            request = request.header("x-oss-security-token", token);
        }

        assert!(is_good(&request.body(Bytes::new()).unwrap(), "sk"), "{more} {token:?}");
    }
}

/// The same request, signed in a URL.
#[test]
fn the_official_client_signs_v4_in_urls() {
    let credential = encoded("ak/20231217/cn-hangzhou/oss/aliyun_v4_request");
    for (more, signature) in [
        ("", "693dc070801f1095ae9c47906083ef532a6446088c4a10e044fb526d935ce504"),
        (
            "&x-oss-additional-headers=abc%3Bzabc",
            "2c5c90e68b9d2e78eb926355cc19888900bdc4406d5383539bb1ba21b191f646",
        ),
        ("&x-oss-security-token=token", "da9528f005858d4dd941d666b5f824f526315ebb317564a707b0d8d5cfc88322"),
    ] {
        let target = format!(
            "/1234%2B-/123/1.txt?{QUERY}&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20231217T025437Z\
             &x-oss-expires=599&x-oss-credential={credential}{more}&x-oss-signature={signature}"
        );
        let request = http::Request::put(target)
            .header("host", "bucket.oss-cn-hangzhou.aliyuncs.com")
            .header("x-oss-head1", "value")
            .header("abc", "value")
            .header("ZAbc", "value")
            .header("content-type", "text/plain");

        assert!(is_good(&request.body(Bytes::new()).unwrap(), "sk"), "{more}");
    }
}

/// Example of the tests of aliyun/aliyun-log-python-sdk and aliyun/aliyun-log-go-sdk, which agree. It has no host.
#[test]
fn the_official_clients_of_log_service_sign_v4() {
    let target = "/logstores?%20abc=efg&%20agc%20=&=efg&A-bc=eFg";
    for (body, payload, signature) in [
        (
            "adasd= -asd zcas",
            "c7a4fd95f1d70933caf91641e8000768cea86100dc5649fd4f16fead718a62e4",
            "a98f5632e93836e63839cd836a54055f480020a9364ca944e2d34f2eb9bf1bed",
        ),
        (
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "5a66d8f8051983e0e9d08e0f960ef9252ef971eead5bb5c7acec8617a2eb2701",
        ),
    ] {
        let credential = "acsddda21dsd/20220808/cn-hangzhou/sls/aliyun_v4_request";
        let request = http::Request::post(target)
            .header("x-log-test", "het123")
            .header("x-acs-ppp", "dds")
            .header("x-log-date", "20220808T032330Z")
            .header("x-log-content-sha256", payload)
            .header(
                "authorization",
                format!("SLS4-HMAC-SHA256 Credential={credential},Signature={signature}"),
            )
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();

        assert!(is_good(&request, "zxasdasdasw2"), "{body}");
    }
}

#[test]
fn hosts_and_paths_tell_bucket_key_and_region() {
    use super::oss::target::Target;
    for (host, path, bucket, key, region) in [
        ("oss-cn-hangzhou.aliyuncs.com", "/", "", "", "cn-hangzhou"),
        ("oss-cn-hangzhou-internal.aliyuncs.com", "/b/k", "b", "k", "cn-hangzhou"),
        ("b.oss-cn-beijing.aliyuncs.com", "/a/k%20l", "b", "a/k l", "cn-beijing"),
        ("b.cn-beijing.oss.aliyuncs.com", "/", "b", "", "cn-beijing"),
        ("cn-beijing.oss.aliyuncs.com", "/b", "b", "", "cn-beijing"),
        ("oss.aliyuncs.com", "/", "", "", ""),
        (".oss-cn-beijing.aliyuncs.com", "/", "", "", "cn-beijing"),
        ("b.oss-accelerate.aliyuncs.com", "/k", "b", "k", ""),
        ("b.oss-accelerate-overseas.aliyuncs.com", "/k", "b", "k", ""),
        ("b.vpc100-oss-cn-beijing.aliyuncs.com", "/k", "b", "k", "cn-beijing"),
        ("127.0.0.1", "/b/", "b", "", ""),
        ("localhost", "/", "", "", ""),
    ] {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let found = Target::of(host, path);
        let expected = (text(bucket), key.to_owned(), text(region));
        assert_eq!((found.bucket, found.key, found.region), expected, "{host}{path}");
    }
}

#[test]
fn the_first_text_of_a_call_is_the_one_of_the_documents() {
    let request = http::Request::get("/b?acl&prefix=x")
        .header("host", "127.0.0.1")
        .header("date", "Sun, 22 Nov 2026 08:00:00 GMT")
        .header("authorization", "OSS LTAI:c2ln")
        .body(Bytes::new())
        .unwrap();
    let call = parse::call(&request, None);
    let Shown::Signed(signed) = &call.shown else { panic!("{call:?}") };

    let algorithm = (call.form.algorithm)(signed).unwrap();
    let sent = Sent { request: &request, call: &call, signed };
    let text = (call.form.signing)(sent, algorithm).texts.next().unwrap();

    assert_eq!(text, "GET\n\n\nSun, 22 Nov 2026 08:00:00 GMT\n/b/?acl");
}
