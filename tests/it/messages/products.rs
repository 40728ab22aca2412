//! What an account has in products: projects and buckets.

use super::assert_message;

#[test]
fn a_member_of_a_project_that_is_none_of_the_account() {
    assert_message(
        "accounts:
  - name: shop
    users: [{name: ci}]
    projects: [{name: shop_data, members: [cy]}]
",
        "
error: line 4 column 44: `cy` is neither a user nor role/NAME of this account, did you mean `ci`?
 --> shop.yaml:4:44
  |
3 |     users: [{name: ci}]
4 |     projects: [{name: shop_data, members: [cy]}]
  |                                            ^^",
    );
}

#[test]
fn a_bucket_whose_name_another_account_has() {
    assert_message(
        "accounts:
  - {name: shop, buckets: [{name: shop-data}]}
  - {name: other, buckets: [{name: shop-data}]}
",
        "
error: line 3 column 36: the bucket name is taken
 --> shop.yaml:3:36
  |
2 |   - {name: shop, buckets: [{name: shop-data}]}
3 |   - {name: other, buckets: [{name: shop-data}]}
  |                                    ^^^^^^^^^",
    );
}

#[test]
fn an_invalid_bucket_name() {
    assert_message(
        "accounts:
  - name: shop
    buckets: [{name: Shop, acl: everybody}]
",
        "
error: line 3 column 22: `Shop` holds `S`, which is not allowed here
 --> shop.yaml:3:22
  |
2 |   - name: shop
3 |     buckets: [{name: Shop, acl: everybody}]
  |                      ^^^^

error: line 3 column 33: `acl` cannot be `everybody`, expected one of `private`, `public-read`, `public-read-write`
 --> shop.yaml:3:33
  |
2 |   - name: shop
3 |     buckets: [{name: Shop, acl: everybody}]
  |                                 ^^^^^^^^^

2 problems in shop.yaml",
    );
}
