//! Mistakes in stubs.

use super::assert_message;
use alimock::Scenario;

#[test]
fn many_mistakes_in_stubs_are_told_at_once() {
    assert_message(
        "stubs:
  - {product: Alidsn, version: 2015-01-09, action: DescribeDomains}
  - product: Alidns
    action: AddDomain
    status: 403
    body:
      Domains: {Domain: [{Name: \"${param.Name} of ${accountid}\"}]}
      RequestId: ${requestID}
  - {product: Ram, action: CreateUser, boddy: {}}
",
        r#"
error: line 2 column 15: there is no product `Alidsn`, did you mean `Alidns`, which has the version 2015-01-09?
 --> shop.yaml:2:15
  |
1 | stubs:
2 |   - {product: Alidsn, version: 2015-01-09, action: DescribeDomains}
  |               ^^^^^^

error: line 5 column 13: a stub answers with success, 200 to 299: write a refusal as a rule of `faults`, `do: {error: {...}}`
 --> shop.yaml:5:13
  |
4 |     action: AddDomain
5 |     status: 403
  |             ^^^

error: line 7 column 33: there is no variable `${accountid}`, did you mean `accountId`? (`$${` stands for `${` itself)
 --> shop.yaml:7:33
  |
6 |     body:
7 |       Domains: {Domain: [{Name: "${param.Name} of ${accountid}"}]}
  |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

error: line 8 column 18: there is no variable `${requestID}`, did you mean `requestId`? (`$${` stands for `${` itself)
 --> shop.yaml:8:18
  |
7 |       Domains: {Domain: [{Name: "${param.Name} of ${accountid}"}]}
8 |       RequestId: ${requestID}
  |                  ^^^^^^^^^^^^

error: line 9 column 28: alimock runs `CreateUser` of `Ram` itself: write a rule of `faults` to make it fail
 --> shop.yaml:9:28
  |
8 |       RequestId: ${requestID}
9 |   - {product: Ram, action: CreateUser, boddy: {}}
  |                            ^^^^^^^^^^

error: line 9 column 40: unknown field `boddy`, did you mean `body`?
 --> shop.yaml:9:40
  |
8 |       RequestId: ${requestID}
9 |   - {product: Ram, action: CreateUser, boddy: {}}
  |                                        ^^^^^

6 problems in shop.yaml"#,
    );
}

/// What is told of a stub, without its place and the text around it.
#[track_caller]
fn stub_error(stub: &str) -> String {
    let told = Scenario::parse(&format!("stubs: [{stub}]")).expect_err("a mistake").brief();
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].split_once(": ").unwrap().1.to_owned()
}

#[test]
fn a_stub_that_can_never_answer_what_was_meant() {
    for (stub, told) in [
        ("{product: Alidns}", "a stub has an `action` or a `path`"),
        ("{product: Alidns, action: ''}", "a stub has an `action` or a `path`"),
        ("{product: Alidns, action: Add Domain}", "`Add Domain` is no name of an action"),
        (
            "{product: Alidns, action: AddDomain, version: 2015-1-9}",
            "`2015-1-9` is not a version: one is a day such as 2015-01-09",
        ),
        ("{product: Alidns, action: AddDomain, status: 304}", "a stub answers with success, 200 to 299"),
        (
            "{product: Alidns, action: AddDomain, body: ['${params.Name}']}",
            "there is no variable `${params.Name}`, did you mean `${param.Name}`? (`$${` stands for `${` itself)",
        ),
        (
            "{product: Alidns, action: AddDomain, body: '${param.'}",
            "there is no variable `${param.}`, did you mean `param.Name`? (`$${` stands for `${` itself)",
        ),
        (
            "{product: Ecd, action: DescribeDesktops}",
            "there is no product `Ecd`, did you mean `Ecs`? (a new one is declared with its `version`)",
        ),
        (
            "{product: Desktops, action: DescribeDesktops}",
            "there is no product `Desktops` (a new one is declared with its `version`)",
        ),
        (
            "{product: my shop, version: 2030-01-01, action: Buy}",
            "`my shop` is no code of a product: 1 to 63 letters, digits, `-` and `_`",
        ),
        (
            "{product: MongoDB, version: 2030-01-01, action: Buy}",
            "the hosts `mongodb` are those of `Dds`: name that",
        ),
        (
            "{product: Cloudauth, version: 2019-03-08, action: DescribeFaceVerify}",
            "`Cloudauth` has no version `2019-03-08`: expected `2019-03-07`",
        ),
        (
            "{product: ResourceManager, action: ListAcounts}",
            "`ResourceManager` has no action `ListAcounts`, did you mean `ListAccounts`?",
        ),
        ("{product: Ram, action: 'Nothing*'}", "`Ram` has no action that fits `Nothing*`"),
        (
            "{product: ram, action: 'Create*'}",
            "alimock runs `Create*` of `Ram` itself: write a rule of `faults` to make it fail",
        ),
        (
            "{product: Ecs, action: RunInstances}",
            "alimock runs `RunInstances` of `Ecs` itself: write a rule of `faults` to make it fail",
        ),
    ] {
        assert_eq!(stub_error(stub), told, "{stub}");
    }
}
