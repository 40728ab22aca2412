//! One mistake each, or two of a kind.

use super::assert_message;

#[test]
fn a_misspelt_field_at_the_top() {
    assert_message(
        "acounts:
  - name: shop
",
        "
error: line 1 column 1: unknown field `acounts`, did you mean `accounts`?
 --> shop.yaml:1:1
  |
1 | acounts:
  | ^^^^^^^",
    );
}

#[test]
fn a_misspelt_field_further_in() {
    assert_message(
        "accounts:
  - name: shop
    users:
      - name: ci
        polices: [AliyunRAMReadOnlyAccess]
",
        "
error: line 5 column 9: unknown field `polices`, did you mean `policies`?
 --> shop.yaml:5:9
  |
4 |       - name: ci
5 |         polices: [AliyunRAMReadOnlyAccess]
  |         ^^^^^^^",
    );
}

#[test]
fn a_field_that_belongs_elsewhere() {
    assert_message(
        "faults:
  - action: ListUsers
    do: {error: {code: Throttling}}
",
        "
error: line 2 column 5: unknown field `action`: it belongs in `match`
 --> shop.yaml:2:5
  |
1 | faults:
2 |   - action: ListUsers
  |     ^^^^^^",
    );
}

#[test]
fn a_word_that_is_not_one_of_the_known() {
    assert_message(
        "accounts:
  - name: shop
    realName: {status: VERIFED}
",
        "
error: line 3 column 24: `status` cannot be `VERIFED`, expected one of `NOT_VERIFIED`, `UNDER_REVIEW`, `VERIFIED`, `REJECTED`, `NEEDS_UPDATE`, `CANCELLED`; did you mean `VERIFIED`?
 --> shop.yaml:3:24
  |
2 |   - name: shop
3 |     realName: {status: VERIFED}
  |                        ^^^^^^^",
    );
}

#[test]
fn a_number_that_is_none() {
    assert_message(
        "accounts: [{name: shop}]
faults:
  - match: {product: Ram}
    when: {nth: second}
    do: {before: reset}
",
        "
error: line 4 column 17: `nth` takes a whole number from 0 on, not `second`
 --> shop.yaml:4:17
  |
3 |   - match: {product: Ram}
4 |     when: {nth: second}
  |                 ^^^^^^",
    );
}

#[test]
fn a_list_that_is_none() {
    assert_message(
        "accounts:
  - name: shop
    users:
      - name: ci
        policies: AliyunRAMReadOnlyAccess
",
        "
error: line 5 column 19: `policies` takes a list: write `[AliyunRAMReadOnlyAccess]`
 --> shop.yaml:5:19
  |
4 |       - name: ci
5 |         policies: AliyunRAMReadOnlyAccess
  |                   ^^^^^^^^^^^^^^^^^^^^^^^",
    );
}

#[test]
fn a_mapping_instead_of_a_list() {
    assert_message(
        "accounts:
  name: shop
",
        "
error: line 1 column 1: `accounts` takes a list: put a `-` before each item
 --> shop.yaml:1:1
  |
1 | accounts:
  | ^^^^^^^^",
    );
}

#[test]
fn a_field_that_is_missing() {
    assert_message(
        "accounts:
  - keys: [{}]
",
        "
error: line 2 column 5: an item of `accounts` lacks the field `name`
 --> shop.yaml:2:5
  |
1 | accounts:
2 |   - keys: [{}]
  |     ^^^^",
    );
}

#[test]
fn a_span_without_its_unit() {
    assert_message(
        "faults:
  - match: {product: Ram}
    do: {delay: 2}
",
        "
error: line 3 column 17: `2` is not a span such as 2h, 30m or -20m
 --> shop.yaml:3:17
  |
2 |   - match: {product: Ram}
3 |     do: {delay: 2}
  |                 ^",
    );
}

#[test]
fn an_unknown_product() {
    assert_message(
        "faults:
  - match: {product: ram.aliyuncs.com}
    do: {delay: 2s}
",
        "
error: line 2 column 22: there is no product `ram.aliyuncs.com`, did you mean `Ram`?
 --> shop.yaml:2:22
  |
1 | faults:
2 |   - match: {product: ram.aliyuncs.com}
  |                      ^^^^^^^^^^^^^^^^",
    );
}

#[test]
fn an_action_of_another_product() {
    assert_message(
        "faults:
  - match: {product: Ram, action: AssumeRole}
    do: {delay: 2s}
",
        "
error: line 2 column 35: `Ram` has no action `AssumeRole`: it is one of `Sts`
 --> shop.yaml:2:35
  |
1 | faults:
2 |   - match: {product: Ram, action: AssumeRole}
  |                                   ^^^^^^^^^^",
    );
}

#[test]
fn a_misspelt_action() {
    assert_message(
        r#"faults:
  - match: {action: CreateAcessKey}
    do: {afterCommit: reset}
expect:
  - {calls: {product: Ram, action: "Crate*"}, times: 1}
"#,
        r#"
error: line 2 column 21: no action is known by the name `CreateAcessKey`, did you mean `CreateAccessKey`? (for one of a product that is not listed, give `product`)
 --> shop.yaml:2:21
  |
1 | faults:
2 |   - match: {action: CreateAcessKey}
  |                     ^^^^^^^^^^^^^^

error: line 5 column 36: `Ram` has no action that fits `Crate*`
 --> shop.yaml:5:36
  |
4 | expect:
5 |   - {calls: {product: Ram, action: "Crate*"}, times: 1}
  |                                    ^^^^^^^^

2 problems in shop.yaml"#,
    );
}

#[test]
fn a_version_of_another_product() {
    assert_message(
        "faults:
  - match: {product: Ram, version: 2015-04-01}
    do: {delay: 2s}
",
        "
error: line 2 column 36: `Ram` has no version `2015-04-01`, which is one of `Sts`: expected `2015-05-01`
 --> shop.yaml:2:36
  |
1 | faults:
2 |   - match: {product: Ram, version: 2015-04-01}
  |                                    ^^^^^^^^^^",
    );
}

#[test]
fn an_unknown_owner_of_a_key() {
    assert_message(
        "accounts:
  - name: shop
timeline:
  - {at: +5m, do: {disableKey: {key: LTAI5tOfLaterKey}}}
  - {at: +5m, do: {disableKey: {key: shopp/ci}}}
",
        "
error: line 5 column 38: `shopp` is neither an account by name nor a UID, did you mean `shop`?
 --> shop.yaml:5:38
  |
4 |   - {at: +5m, do: {disableKey: {key: LTAI5tOfLaterKey}}}
5 |   - {at: +5m, do: {disableKey: {key: shopp/ci}}}
  |                                      ^^^^^^^^",
    );
}

#[test]
fn an_unknown_account() {
    assert_message(
        "accounts:
  - name: shop
faults:
  - match: {account: shoop}
    do: {delay: 2s}
timeline:
  - {at: +5m, do: {disableKey: {account: partner}}}
",
        "
error: line 4 column 22: `shoop` is neither an account by name nor a UID, did you mean `shop`?
 --> shop.yaml:4:22
  |
3 | faults:
4 |   - match: {account: shoop}
  |                      ^^^^^

error: line 7 column 42: `partner` is neither an account by name nor a UID, expected `shop`
 --> shop.yaml:7:42
  |
6 | timeline:
7 |   - {at: +5m, do: {disableKey: {account: partner}}}
  |                                          ^^^^^^^

2 problems in shop.yaml",
    );
}

#[test]
fn an_unknown_policy() {
    assert_message(
        "accounts:
  - name: shop
    users:
      - {name: ci, policies: [AliyunRAMReadOnlyAcess]}
",
        "
error: line 4 column 31: `AliyunRAMReadOnlyAcess` is neither a policy of this account nor a system policy, did you mean `AliyunRAMReadOnlyAccess`?
 --> shop.yaml:4:31
  |
3 |     users:
4 |       - {name: ci, policies: [AliyunRAMReadOnlyAcess]}
  |                               ^^^^^^^^^^^^^^^^^^^^^^",
    );
}

#[test]
fn an_unknown_code() {
    assert_message(
        "faults:
  - match: {product: Ram}
    do: {error: {code: Throtling.User}}
",
        "
error: line 3 column 24: `Throtling.User` is no code of the catalogue (did you mean `Throttling.User`?); with `status` and `message` any code is good
 --> shop.yaml:3:24
  |
2 |   - match: {product: Ram}
3 |     do: {error: {code: Throtling.User}}
  |                        ^^^^^^^^^^^^^^",
    );
}

#[test]
fn an_unknown_command() {
    assert_message(
        "accounts: [{name: shop}]
timeline:
  - {at: 5m, do: {dissableKey: {user: ci}}}
  - {at: soon, do: {explode: {}}}
",
        "
error: line 3 column 19: `do` cannot be `dissableKey`, did you mean `disableKey`?
 --> shop.yaml:3:19
  |
2 | timeline:
3 |   - {at: 5m, do: {dissableKey: {user: ci}}}
  |                   ^^^^^^^^^^^

error: line 4 column 10: `soon` is neither a time such as 2026-01-01T00:00:00Z nor a span from the start such as +10s
 --> shop.yaml:4:10
  |
3 |   - {at: 5m, do: {dissableKey: {user: ci}}}
4 |   - {at: soon, do: {explode: {}}}
  |          ^^^^

error: line 4 column 21: `do` cannot be `explode`, expected one of `disableKey`, `enableKey`, `deleteKey`, `leakKey`, `unleakKey`, `addKey`, `changeKey`, `changeUser`, `attachPolicy`, `detachPolicy`, `setTrust`, `expireSessions`, `revokeSessions`, `setState`, `hold`, `liftHold`, `pay`, `setShutdownPolicy`, `buy`, `release`, `close`, `stay`, `certify`, `submit`, `decide`, `tellAmount`, `cancelApplication`, `removeVerification`, `expireDocument`, `askForKyc`, `addLink`, `register`, `setPartner`, `changeAccount`, `sendCaptcha`, `setPassword`, `bindMfa`, `unbindMfa`, `setBusinessStatus`, `activate`, `deactivate`, `confirm`, `acceptInvite`, `answerJoin`, `verifyContact`, `attachControlPolicy`, `detachControlPolicy`, `answerInvitation`, `leaveDirectory`, `setInstance`, `attachInstanceRole`, `detachInstanceRole`
 --> shop.yaml:4:21
  |
3 |   - {at: 5m, do: {dissableKey: {user: ci}}}
4 |   - {at: soon, do: {explode: {}}}
  |                     ^^^^^^^

3 problems in shop.yaml",
    );
}

#[test]
fn a_name_that_is_too_long_or_taken() {
    assert_message(
        "accounts:
  - name: shop
    users:
      - name: a-user-of-the-shop-whose-name-says-more-than-anybody-needs-to-know
      - name: build server
      - name: ci
      - name: CI
",
        "
error: line 4 column 15: `a-user-of-the-shop-whose-name-says-more-...` is too long: 66 characters, at most 64
 --> shop.yaml:4:15
  |
3 |     users:
4 |       - name: a-user-of-the-shop-whose-name-says-more-than-anybody-needs-to-know
  |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

error: line 5 column 15: `build server` holds a space, which is not allowed here
 --> shop.yaml:5:15
  |
4 |       - name: a-user-of-the-shop-whose-name-says-more-than-anybody-needs-to-know
5 |       - name: build server
  |               ^^^^^^^^^^^^

error: line 7 column 15: the user name is taken by one before this; capitals make no difference
 --> shop.yaml:7:15
  |
6 |       - name: ci
7 |       - name: CI
  |               ^^

3 problems in shop.yaml",
    );
}

#[test]
fn a_caller_without_a_key() {
    assert_message(
        "as: shop/ci
accounts:
  - name: shop
    users: [{name: ci}]
",
        "
error: line 1 column 5: `shop/ci` has no key: give it `keys: [{}]`
 --> shop.yaml:1:5
  |
1 | as: shop/ci
  |     ^^^^^^^",
    );
}

#[test]
fn a_time_that_has_passed() {
    assert_message(
        r#"clock: {resource: "2026-01-01T00:00:00Z"}
faults:
  - match: {product: Ram}
    when: {between: ["2025-06-01T00:00:00Z", "2025-07-01T00:00:00Z"]}
    do: {before: close}
"#,
        r#"
error: line 4 column 12: `between` ends before the resource clock starts, which is at 2026-01-01T00:00:00Z
 --> shop.yaml:4:12
  |
3 |   - match: {product: Ram}
4 |     when: {between: ["2025-06-01T00:00:00Z", "2025-07-01T00:00:00Z"]}
  |            ^^^^^^^"#,
    );
}

#[test]
fn a_clock_that_cannot_be() {
    assert_message(
        "clock: {resource: 2026-01-01, gateway: -2}
",
        "
error: line 1 column 19: a clock cannot be `2026-01-01`: it is `real`, a time such as 2026-01-01T00:00:00Z, a span such as -20m, or a factor such as 60
 --> shop.yaml:1:19
  |
1 | clock: {resource: 2026-01-01, gateway: -2}
  |                   ^^^^^^^^^^

error: line 1 column 40: a clock cannot run -2 times as fast: time does not go back
 --> shop.yaml:1:40
  |
1 | clock: {resource: 2026-01-01, gateway: -2}
  |                                        ^^

2 problems in shop.yaml",
    );
}

#[test]
fn a_policy_that_the_api_refuses() {
    assert_message(
        r#"accounts:
  - name: shop
    policies:
      - name: ReadUsers
        document: {Version: 1, Statement: [{Effect: allow, Action: "ram:Get*", Resource: "*"}]}
"#,
        r#"
error: line 5 column 9: `document` is refused as the API refuses it: The value of the field Version does not match the expected JSON data type String.
 --> shop.yaml:5:9
  |
4 |       - name: ReadUsers
5 |         document: {Version: 1, Statement: [{Effect: allow, Action: "ram:Get*", Resource: "*"}]}
  |         ^^^^^^^^"#,
    );
}

#[test]
fn a_field_given_twice() {
    assert_message(
        "seed: 1
accounts: [{name: shop}]
seed: 2
",
        "
error: line 3 column 1: `seed` is given twice, first in line 1: leave one out
 --> shop.yaml:3:1
  |
2 | accounts: [{name: shop}]
3 | seed: 2
  | ^^^^",
    );
}

#[test]
fn lines_that_do_not_line_up() {
    assert_message(
        "accounts:
  - name: shop
   keys: [{}]
",
        "
error: line 3 column 4: this does not line up with what it belongs to: fields of one mapping and items of one list start in the same column
 --> shop.yaml:3:4
  |
2 |   - name: shop
3 |    keys: [{}]
  |    ^",
    );
}

#[test]
fn a_tab() {
    assert_message(
        "accounts:
	- name: shop
",
        "
error: line 2 column 2: a tab stands where YAML wants spaces: indent with spaces alone
 --> shop.yaml:2:2
  |
1 | accounts:
2 |  - name: shop
  |  ^",
    );
}

#[test]
fn a_bracket_that_stays_open() {
    assert_message(
        "accounts: [{name: shop}
faults: []
",
        "
error: line 2 column 7: a `:` cannot stand here: a bracket or a quote before it may not be closed
 --> shop.yaml:2:7
  |
1 | accounts: [{name: shop}
2 | faults: []
  |       ^",
    );
}

#[test]
fn a_quote_that_stays_open() {
    assert_message(
        r#"accounts:
  - name: "shop
"#,
        r#"
error: line 2 column 16: a quote before this is not closed, or its text goes on in a line that is not indented
 --> shop.yaml:2:16
  |
1 | accounts:
2 |   - name: "shop
  |                ^"#,
    );
}

#[test]
fn a_colon_too_many() {
    assert_message(
        "accounts:
  - name: shop
    loginName: shop: the first
",
        "
error: line 3 column 20: a second `:` in this place: put the value in quotes, or start a new line
 --> shop.yaml:3:20
  |
2 |   - name: shop
3 |     loginName: shop: the first
  |                    ^",
    );
}
