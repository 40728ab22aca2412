//! ECS has a front of its own: its words for signatures, actions, versions, tokens and parameters that every call needs.
//! Source: docs/evidence/gateway.md 6.1, except where a test names another.

use crate::support::sign::{self, Form};
use crate::support::{Actor, Lab, Reply};
use http::HeaderValue;
use std::sync::Arc;

const ECS: &str = "2014-05-26";

/// Two accounts; `demo` has an issued bearer token and a role with sessions.
fn lab() -> Arc<Lab> {
    Lab::with_scenario(
        "accounts:
  - name: demo
    loginName: demo@example.com
    keys: [{id: LTAI5tDemo00000001, secret: demoSecret}]
    bearerTokens: [goodBearer]
    roles:
      - name: deploy
        sessions:
          - {name: live, id: STS.NLive0001, secret: liveSecret, token: CAISlive}
          - {name: other, id: STS.NOther0001, secret: otherSecret, token: CAISother}
          - {name: ended, id: STS.NEnded0001, secret: endedSecret, token: CAISended, expires: '-1s'}",
    )
}

fn regions_at(actor: &Actor, host: &'static str, action: &str, version: &str) -> Reply {
    let mut request = actor.request(version, action, &[]);
    request.headers_mut().insert("host", HeaderValue::from_static(host));
    actor.lab.send(&request)
}

#[test]
fn a_wrong_secret_of_v1_is_an_incomplete_signature_by_host_and_by_version() {
    let lab = lab();
    let wrong = lab.actor("LTAI5tDemo00000001", "wrong");

    for host in
        ["ecs.aliyuncs.com", "ecs-cn-hangzhou.aliyuncs.com", "ecs.cn-beijing.aliyuncs.com", "127.0.0.1:4588"]
    {
        let told =
            regions_at(&wrong, host, "DescribeRegions", ECS).assert_refused(400, "IncompleteSignature");
        let start = "The request signature does not conform to Aliyun standards. server string to sign is:GET&%2F&AccessKeyId%3D";
        assert!(told.starts_with(start), "{told}");
    }
    let refused = lab.last_record().refused.clone().unwrap();
    assert_eq!(refused.message, "The request signature does not conform to Aliyun standards.");
    assert!(refused.mismatch.is_some());
    // The newer generation, and another product.
    wrong
        .clone()
        .signing(Form::RpcV3)
        .ecs("DescribeRegions", &[])
        .assert_refused(400, "SignatureDoesNotMatch");
    wrong.sts("GetCallerIdentity", &[]).assert_refused(400, "SignatureDoesNotMatch");
}

#[test]
fn an_unknown_action_is_an_invalid_parameter_and_another_version_an_invalid_version() {
    let lab = lab();
    let root = lab.actor("LTAI5tDemo00000001", "demoSecret");

    let told = regions_at(&root, "ecs.aliyuncs.com", "DescribeNothing", ECS);
    let told = told.assert_refused(400, "InvalidParameter");
    assert_eq!(told, "The specified parameter \"Action or Version\" is not valid.");
    root.ecs("DescribeNothing", &[]).assert_refused(400, "InvalidParameter");
    // Versions of other products: aliyun/aliyun-openapi-java-sdk 23 (2017-08), aliyun/alibaba-cloud-sdk-go 51 (2018-03).
    for (action, version) in [
        ("DescribeRegions", "2014-05-27"),
        ("ListUsers", "2015-05-01"),
        ("DescribeScalingGroups", "2014-08-28"),
        ("DescribeDomains", "2015-01-09"),
    ] {
        let told = regions_at(&root, "ecs.aliyuncs.com", action, version);
        assert_eq!(told.assert_refused(400, "InvalidVersion"), "Specified parameter Version is not valid.");
    }
}

#[test]
fn slb_and_vpc_share_words_with_ecs() {
    let lab = lab();
    let (wrong, live) = (lab.actor("LTAI5tDemo00000001", "wrong"), lab.actor("STS.NLive0001", "liveSecret"));
    let told = "The input parameter \"SecurityToken\" that is mandatory for processing this request is not supplied.";

    for (host, action, version) in [
        ("slb.aliyuncs.com", "UploadServerCertificate", "2014-05-15"),
        ("vpc.cn-hangzhou.aliyuncs.com", "DescribeVpcs", "2016-04-28"),
    ] {
        regions_at(&wrong, host, action, version).assert_refused(400, "IncompleteSignature");
        let text = regions_at(&live, host, action, version).assert_refused(400, "MissingParameter");
        assert_eq!(text, told, "{host}");
    }
}

#[test]
fn tokens_are_judged_before_keys_and_named_as_parameters() {
    let lab = lab();
    let told = |key: &str, secret: &str, token: &str| {
        lab.actor(key, secret)
            .with_token(token)
            .ecs("DescribeRegions", &[])
            .assert_refused(400, "InvalidParameter")
    };

    let malformed = "The specified parameter \"SecurityToken.Malformed\" is not valid.";
    assert_eq!(told("STS.access_key_id", "STS.access_key_secret", "alice"), malformed);
    assert_eq!(told("STS.NLive0001", "liveSecret", "alice"), malformed);
    assert_eq!(told("LTAI5tDemo00000001", "demoSecret", "alice"), malformed);
    let expired = "The specified parameter \"SecurityToken.Expired\" is not valid.";
    assert_eq!(told("STS.NEnded0001", "endedSecret", "CAISended"), expired);
    let mismatch = "The specified parameter \"SecurityToken.MismatchWithAccessKey\" is not valid.";
    assert_eq!(told("STS.NLive0001", "liveSecret", "CAISother"), mismatch);

    let unknown = lab.actor("STS.access_key_id", "secret");
    unknown.ecs("DescribeRegions", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
    // Another product looks the key up first.
    unknown
        .with_token("alice")
        .sts("GetCallerIdentity", &[])
        .assert_refused(404, "InvalidAccessKeyId.NotFound");
}

#[test]
fn missing_parameters_of_every_call_are_named_in_quotes() {
    let lab = lab();
    let told = |name: &str| {
        format!(
            "The input parameter \"{name}\" that is mandatory for processing this request is not supplied."
        )
    };
    let live = lab.actor("STS.NLive0001", "liveSecret");

    let text = live.ecs("DescribeRegions", &[]).assert_refused(400, "MissingParameter");

    assert_eq!(text, told("SecurityToken"));
    let unsigned = lab.send(&sign::unsigned(ECS, "DescribeRegions", &[], false));
    assert_eq!(unsigned.assert_refused(400, "MissingParameter"), told("AccessKeyId"));
    live.sts("GetCallerIdentity", &[]).assert_refused(400, "MissingSecurityToken");
}

#[test]
fn owners_must_be_the_account_itself() {
    let lab = lab();
    let root = lab.actor("LTAI5tDemo00000001", "demoSecret");
    let uid = lab.uid("demo");

    for (name, status) in [("OwnerAccount", 400), ("ResourceOwnerAccount", 403)] {
        let code = format!("InvalidParameter.{name}");
        for value in ["owner&account", "&#111;&#119;&#110;&#101;", "1234"] {
            let told = root.ecs("DescribeRegions", &[(name, value)]).assert_refused(status, &code);
            assert_eq!(told, format!("{name} is Invalid."));
        }
        for own in ["demo@example.com", "", &uid] {
            root.ecs("DescribeRegions", &[(name, own)]).assert_ok();
        }
    }
    root.sts("GetCallerIdentity", &[("OwnerAccount", "nobody")]).assert_ok();
}

#[test]
fn products_without_bearer_tokens_refuse_each_and_ccc_says_that_it_has_expired() {
    let lab = lab();
    let ask = |host: &'static str, version: &str, token: &str| {
        let query = format!(
            "/?Action=Anything&Version={version}&Format=JSON&SignatureType=BEARERTOKEN&BearerToken={token}"
        );
        lab.send(&http::Request::get(query).header("host", host).body(bytes::Bytes::new()).unwrap())
    };

    for (host, version) in
        [("ecs.aliyuncs.com", ECS), ("cdn.aliyuncs.com", "2018-05-10"), ("cs.aliyuncs.com", "2015-12-15")]
    {
        for token in ["nonsense", "goodBearer", ""] {
            let told = ask(host, version, token).assert_refused(400, "UnsupportedSignatureType");
            assert_eq!(told, "This signature type is not supported.");
        }
    }
    let told = ask("ccc.cn-shanghai.aliyuncs.com", "2017-07-05", "nonsense");
    assert_eq!(told.assert_refused(400, "InvalidBearerTokenException"), "Bearertoken has expired");
    ask("ccc.cn-shanghai.aliyuncs.com", "2017-07-05", "goodBearer")
        .assert_refused(404, "InvalidAction.NotFound");
}
