//! `GetCallerIdentity`, and the account's own verification status at ECS.

use crate::support::Lab;
use crate::support::sign::{ALL, Form};
use insta::assert_snapshot;

const WITH_SESSION: &str = "
accounts:
  - name: demo
    keys: [{}]
    users: [{name: dev, keys: [{}]}]
    roles: [{name: deploy, sessions: [{name: ci, id: STS.NSession0001, secret: sessionSecret, token: CAISsession}]}]";

#[test]
fn get_caller_identity_names_every_kind_of_caller() {
    let lab = Lab::with_scenario(WITH_SESSION);

    assert_snapshot!(lab.root("demo").sts("GetCallerIdentity", &[]).one_field_a_line(), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "IdentityType":"Account",
    "AccountId":"1812951592233115",
    "PrincipalId":"1812951592233115",
    "UserId":"1812951592233115",
    "Arn":"acs:ram::1812951592233115:root"}
    "#);
    assert_snapshot!(lab.user("demo", "dev").sts("GetCallerIdentity", &[]).one_field_a_line(), @r#"
    {
    "RequestId":"87DC7C3E-F265-5C03-8FD8-58D7DDA37D42",
    "IdentityType":"RAMUser",
    "AccountId":"1812951592233115",
    "PrincipalId":"276259105810666065",
    "UserId":"276259105810666065",
    "Arn":"acs:ram::1812951592233115:user/dev"}
    "#);
    let session = lab.actor("STS.NSession0001", "sessionSecret").with_token("CAISsession");
    assert_snapshot!(session.in_xml().sts("GetCallerIdentity", &[]).one_field_a_line(), @r"
    <?xml version='1.0' encoding='UTF-8'?>
    <GetCallerIdentityResponse>
    <RequestId>E62EC9AD-8381-5218-8744-5670DFBB9912</RequestId>
    <IdentityType>AssumedRoleUser</IdentityType>
    <AccountId>1812951592233115</AccountId>
    <PrincipalId>389140820523336669:ci</PrincipalId>
    <RoleId>389140820523336669</RoleId>
    <Arn>acs:ram::1812951592233115:assumed-role/deploy/ci</Arn>
    </GetCallerIdentityResponse>
    ");
}

#[test]
fn every_rpc_form_reaches_it() {
    let lab = Lab::new();
    for form in ALL.into_iter().filter(|form| !matches!(form, Form::RoaV1 | Form::RoaV3)) {
        let reply = lab.root("demo").signing(form).sts("GetCallerIdentity", &[]);
        assert_eq!(reply.assert_ok()["IdentityType"], "Account", "{form:?}");
    }
}

#[test]
fn an_answer_carries_the_headers_of_the_real_gateway() {
    let lab = Lab::new();

    let reply = lab.root("demo").sts("GetCallerIdentity", &[]);

    let header = |name: &str| reply.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json;charset=utf-8");
    assert_eq!(header("date"), "Sun, 22 Nov 2026 08:00:00 GMT");
    assert_eq!(header("x-acs-request-id"), reply.json()["RequestId"].as_str().unwrap());
    assert_eq!(header("access-control-allow-origin"), "*");
    assert_eq!((header("x-acs-trace-id").len(), header("etag").len()), (32, 24));
}

#[test]
fn an_account_reads_its_own_verification_status() {
    let lab = Lab::with_scenario(
        "accounts:
  - {name: verified, realName: {status: VERIFIED}, keys: [{}]}
  - {name: fresh, keys: [{}]}
  - {name: abroad, site: intl, keys: [{}]}",
    );
    let value = |account: &str, region: &str| {
        let params = [("RegionId", region), ("AttributeName.1", "real-name-authentication")];
        let reply = lab.root(account).ecs("DescribeAccountAttributes", &params).assert_ok();
        let item = &reply["AccountAttributeItems"]["AccountAttributeItem"][0];
        assert_eq!(item["AttributeName"], "real-name-authentication");
        item["AttributeValues"]["ValueItem"][0]["Value"].as_str().unwrap().to_owned()
    };

    assert_eq!(value("verified", "cn-hangzhou"), "yes");
    assert_eq!(value("fresh", "cn-hangzhou"), "none");
    assert_eq!(
        (value("abroad", "ap-southeast-1"), value("abroad", "cn-beijing")),
        ("unnecessary".to_owned(), "none".to_owned())
    );
    let fresh = lab.root("fresh");
    fresh.ecs("DescribeAccountAttributes", &[]).assert_refused(400, "MissingParameter");
    fresh
        .ecs(
            "DescribeAccountAttributes",
            &[("RegionId", "cn-hangzhou"), ("AttributeName.1", "max-security-groups")],
        )
        .assert_refused(400, "InvalidParameter");
}

#[test]
fn errors_of_a_rule_have_the_text_of_their_product() {
    let text = |product: &str, version: &str, action: &str, code: &str, status: u16| {
        let lab = Lab::with_scenario(&format!(
            "accounts: [{{name: demo, keys: [{{}}]}}]
faults: [{{match: {{product: {product}}}, do: {{error: {{code: {code}}}}}}}]"
        ));
        lab.root("demo").call(version, action, &[]).assert_refused(status, code)
    };

    assert_eq!(
        text("Sts", "2015-04-01", "GetCallerIdentity", "InternalError", 500),
        "STS Server Internal Error happened, please send the RequestId to us."
    );
    assert_eq!(text("Ram", "2015-05-01", "ListUsers", "InternalError", 500), "An internal error occurred.");
    assert_eq!(
        text("Sts", "2015-04-01", "GetCallerIdentity", "Throttling.Api.Concurrency", 400),
        "Request was denied due to api concurrency control."
    );
}

#[test]
fn a_key_id_in_brackets_is_unknown_and_one_with_a_blank_is_malformed() {
    let lab = Lab::new();
    let told =
        |id: &str, code: &str| lab.actor(id, "s").sts("GetCallerIdentity", &[]).assert_refused(404, code);

    assert_eq!(
        told("[LTAI5tNoSuchKey00001]", "InvalidAccessKeyId.NotFound"),
        "Specified access key is not found."
    );
    for odd in ["LTAI5tNoSuchKey00001 ", "LTAI5tNoSuchKey00001\n", "'LTAI5tNoSuchKey00001'"] {
        assert_eq!(told(odd, "InvalidAccessKeyId"), "Specified access key is not found or invalid.");
    }
}
