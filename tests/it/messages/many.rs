//! A file in which hardly anything is right.

use super::assert_message;

/// Many mistakes, one of nearly every kind.
pub(super) const MANY: &str = "sead: 1
accounts:
  - name: shop
    sight: cn
    users:
      - {name: build server, keys: [{}]}
      - {name: ci, polices: [AliyunRAMReadOnlyAcess], keys: [{status: active}]}
    roles:
      - {name: deploy, maxSession: 2d}
faults:
  - match: {product: Rma, acount: shop}
    do: {error: {code: Throtling}, dely: 2s}
  - name: slow
    match: {product: Sts, action: AsumeRole}
    when: {nth: second}
  - do: {before: reset, answer: {cut: none}}
timeline:
  - {at: soon, do: {disableKey: {user: ci}}}
  - {at: 5m, do: {setState: {account: shopp, status: ARREARS}}}
expect:
  - {calls: {action: CreateUsr}, times: once}
  - {time: 1}
";

const TOLD: &str = "
error: line 1 column 1: unknown field `sead`, did you mean `seed`?
 --> shop.yaml:1:1
  |
1 | sead: 1
  | ^^^^

error: line 4 column 5: unknown field `sight`, expected one of `alias`, `allowUserToManageAccessKeys`, `applications`, `bearerTokens`, `buckets`, `country`, `details`, `email`, `grouping`, `groups`, `installedApplications`, `instances`, `isPartner`, `keyNetworkPolicy`, `keys`, `labels`, `loginName`, `mobile`, `name`, `oidcProviders`, `partner`, `passwordPolicy`, `policies`, `projects`, `realName`, `resourceGroups`, `roles`, `samlProviders`, `security`, `securityPreference`, `serviceCredentials`, `services`, `site`, `state`, `uid`, `userSso`, `users`
 --> shop.yaml:4:5
  |
3 |   - name: shop
4 |     sight: cn
  |     ^^^^^

error: line 6 column 16: `build server` holds a space, which is not allowed here
 --> shop.yaml:6:16
  |
5 |     users:
6 |       - {name: build server, keys: [{}]}
  |                ^^^^^^^^^^^^

error: line 7 column 20: unknown field `polices`, did you mean `policies`?
 --> shop.yaml:7:20
  |
6 |       - {name: build server, keys: [{}]}
7 |       - {name: ci, polices: [AliyunRAMReadOnlyAcess], keys: [{status: active}]}
  |                    ^^^^^^^

error: line 7 column 30: `AliyunRAMReadOnlyAcess` is neither a policy of this account nor a system policy, did you mean `AliyunRAMReadOnlyAccess`?
 --> shop.yaml:7:30
  |
6 |       - {name: build server, keys: [{}]}
7 |       - {name: ci, polices: [AliyunRAMReadOnlyAcess], keys: [{status: active}]}
  |                              ^^^^^^^^^^^^^^^^^^^^^^

error: line 7 column 71: `status` cannot be `active`, expected one of `Active`, `Inactive`; did you mean `Active`?
 --> shop.yaml:7:71
  |
6 |       - {name: build server, keys: [{}]}
7 |       - {name: ci, polices: [AliyunRAMReadOnlyAcess], keys: [{status: active}]}
  |                                                                       ^^^^^^

error: line 9 column 36: a session lasts between 1h and 12h
 --> shop.yaml:9:36
  |
8 |     roles:
9 |       - {name: deploy, maxSession: 2d}
  |                                    ^^

error: line 11 column 22: there is no product `Rma`, did you mean `Ram`?
  --> shop.yaml:11:22
   |
10 | faults:
11 |   - match: {product: Rma, acount: shop}
   |                      ^^^

error: line 11 column 27: unknown field `acount`, did you mean `account`?
  --> shop.yaml:11:27
   |
10 | faults:
11 |   - match: {product: Rma, acount: shop}
   |                           ^^^^^^

error: line 12 column 24: `Throtling` is no code of the catalogue (did you mean `Throttling`?); with `status` and `message` any code is good
  --> shop.yaml:12:24
   |
11 |   - match: {product: Rma, acount: shop}
12 |     do: {error: {code: Throtling}, dely: 2s}
   |                        ^^^^^^^^^

error: line 12 column 36: unknown field `dely`, did you mean `delay`?
  --> shop.yaml:12:36
   |
11 |   - match: {product: Rma, acount: shop}
12 |     do: {error: {code: Throtling}, dely: 2s}
   |                                    ^^^^

error: line 13 column 5: an item of `faults` lacks the field `do`
  --> shop.yaml:13:5
   |
12 |     do: {error: {code: Throtling}, dely: 2s}
13 |   - name: slow
   |     ^^^^

error: line 15 column 17: `nth` takes a whole number from 0 on, not `second`
  --> shop.yaml:15:17
   |
14 |     match: {product: Sts, action: AsumeRole}
15 |     when: {nth: second}
   |                 ^^^^^^

error: line 16 column 5: there can be one of error, rate, before, afterCommit, answer, change, then, stale, tls and skew
  --> shop.yaml:16:5
   |
15 |     when: {nth: second}
16 |   - do: {before: reset, answer: {cut: none}}
   |     ^^

error: line 16 column 39: `cut` takes a whole number from 0 on, not `none`
  --> shop.yaml:16:39
   |
15 |     when: {nth: second}
16 |   - do: {before: reset, answer: {cut: none}}
   |                                       ^^^^

error: line 18 column 10: `soon` is neither a time such as 2026-01-01T00:00:00Z nor a span from the start such as +10s
  --> shop.yaml:18:10
   |
17 | timeline:
18 |   - {at: soon, do: {disableKey: {user: ci}}}
   |          ^^^^

error: line 19 column 39: `shopp` is neither an account by name nor a UID, did you mean `shop`?
  --> shop.yaml:19:39
   |
18 |   - {at: soon, do: {disableKey: {user: ci}}}
19 |   - {at: 5m, do: {setState: {account: shopp, status: ARREARS}}}
   |                                       ^^^^^

error: line 21 column 22: no action is known by the name `CreateUsr`, did you mean `CreateUser`? (for one of a product that is not listed, give `product`)
  --> shop.yaml:21:22
   |
20 | expect:
21 |   - {calls: {action: CreateUsr}, times: once}
   |                      ^^^^^^^^^

error: line 21 column 41: `times` takes a whole number from 0 on, not `once`
  --> shop.yaml:21:41
   |
20 | expect:
21 |   - {calls: {action: CreateUsr}, times: once}
   |                                         ^^^^

error: line 22 column 5: it checks nothing; give `calls`, `order`, `keys`, `users`, `groups`, `roles`, `policies`, `attached`, `accounts` or `sessions`
  --> shop.yaml:22:5
   |
21 |   - {calls: {action: CreateUsr}, times: once}
22 |   - {time: 1}
   |     ^^^^^^^^^

error: line 22 column 6: unknown field `time`, did you mean `times`?
  --> shop.yaml:22:6
   |
21 |   - {calls: {action: CreateUsr}, times: once}
22 |   - {time: 1}
   |      ^^^^

21 problems in shop.yaml";

#[test]
fn many_mistakes_are_told_at_once() {
    assert_message(MANY, TOLD);
}
