//! RAM users. Source: docs/evidence/ram.md 5.1 and section 6.

use crate::support::Lab;
use crate::support::steps::totp;
use insta::assert_snapshot;

#[test]
fn a_user_is_created_shown_changed_and_deleted() {
    let lab = Lab::new();
    let root = lab.root("demo");

    let made = root
        .ram("CreateUser", &[("UserName", "alice"), ("DisplayName", "Alice M. 王"), ("Comments", "a*b~c d")]);

    assert_snapshot!(made.one_field_a_line(), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "User":{
    "UserId":"264585609551291030",
    "UserName":"alice",
    "DisplayName":"Alice M. 王",
    "MobilePhone":"",
    "Email":"",
    "Comments":"a*b~c d",
    "CreateDate":"2026-11-22T08:00:00Z"}}
    "#);
    let shown = root.ram("GetUser", &[("UserName", "alice")]).assert_ok();
    assert_eq!(shown["User"]["DisplayName"], "Alice M. 王");
    assert_eq!(shown["User"]["LastLoginDate"], "");
    root.ram("UpdateUser", &[("UserName", "alice"), ("NewUserName", "carol"), ("NewComments", "")])
        .assert_ok();
    let renamed = root.ram("GetUser", &[("UserName", "carol")]).assert_ok();
    assert_eq!(
        (&renamed["User"]["UserId"], &renamed["User"]["Comments"]),
        (&shown["User"]["UserId"], &"".into())
    );
    root.ram("DeleteUser", &[("UserName", "carol")]).assert_ok();
    assert_eq!(
        root.ram("GetUser", &[("UserName", "carol")]).assert_refused(404, "EntityNotExist.User"),
        "account not exists"
    );
}

#[test]
fn ims_lists_the_users_that_ram_makes() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let made = root.ram("CreateUser", &[("UserName", "alice"), ("DisplayName", "Alice")]).assert_ok();

    let first = root.ims("ListUserBasicInfos", &[("MaxItems", "1")]).assert_ok();
    let marker = first["Marker"].as_str().unwrap();
    let second =
        root.ims("ListUserBasicInfos", &[("Marker", marker), ("Status", "active,freeze")]).assert_ok();

    assert_eq!((&first["IsTruncated"], &second["IsTruncated"]), (&true.into(), &false.into()));
    let alice = serde_json::json!([{
        "UserId": made["User"]["UserId"],
        "UserPrincipalName": format!("alice@{}.onaliyun.com", lab.uid("demo")),
        "DisplayName": "Alice",
        "Status": "active",
    }]);
    assert_eq!(second["UserBasicInfos"]["UserBasicInfo"], alice);
}

#[test]
fn ims_lists_no_frozen_and_no_tagged_user() {
    let lab = Lab::new();
    let root = lab.root("demo");

    for params in [&[("Status", "freeze")], &[("Tag.1.Key", "team")]] {
        let listed = root.ims("ListUserBasicInfos", params).assert_ok();
        assert_eq!(listed["UserBasicInfos"]["UserBasicInfo"], serde_json::json!([]), "{params:?}");
    }
    root.ims("ListUserBasicInfos", &[("Status", "gone")]).assert_refused(400, "InvalidParameter.Status");
    root.ims("ListUserBasicInfos", &[("MaxItems", "1001")])
        .assert_refused(400, "InvalidParameter.MaxItems.Range");
    lab.user("demo", "dev").ims("ListUserBasicInfos", &[]).assert_refused(403, "NoPermission");
}

#[test]
fn xml_says_the_same_as_json() {
    let lab = Lab::new();

    let page = lab.root("demo").in_xml().ram("ListUsers", &[]);

    assert_eq!(page.headers["content-type"], "text/xml;charset=utf-8");
    assert_snapshot!(page.one_field_a_line(), @r"
    <?xml version='1.0' encoding='UTF-8'?>
    <ListUsersResponse>
    <RequestId>55A79700-8E4E-5E8D-8F2F-0E6B236A007F</RequestId>
    <IsTruncated>false</IsTruncated>
    <Users>
    <User>
    <UserId>268882572182503699</UserId>
    <UserName>dev</UserName>
    <DisplayName>Developer</DisplayName>
    <MobilePhone/>
    <Email/>
    <Comments/>
    <CreateDate>2026-11-22T08:00:00Z</CreateDate>
    <UpdateDate>2026-11-22T08:00:00Z</UpdateDate>
    </User>
    </Users>
    </ListUsersResponse>
    ");
}

#[test]
fn a_user_name_is_unique_in_its_account_regardless_of_case() {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();

    let message =
        root.ram("CreateUser", &[("UserName", "ALICE")]).assert_refused(409, "EntityAlreadyExists.User");

    assert_eq!(message, "The user does already EXIST.");
    lab.root("operator").ram("CreateUser", &[("UserName", "alice")]).assert_ok();
}

#[test]
fn renaming_a_user_to_its_own_name_succeeds_and_to_anothers_fails() {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();

    root.ram("UpdateUser", &[("UserName", "alice"), ("NewUserName", "alice")]).assert_ok();
    root.ram("UpdateUser", &[("UserName", "alice"), ("NewUserName", "dev")])
        .assert_refused(409, "EntityAlreadyExists.User");
}

#[test]
fn a_user_with_a_key_is_not_deleted() {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
    let key = root.create_key(&[("UserName", "alice")]).key;

    root.ram("DeleteUser", &[("UserName", "alice")]).assert_refused(409, "DeleteConflict.User.AccessKey");
    root.ram("DeleteAccessKey", &[("UserName", "alice"), ("UserAccessKeyId", &key)]).assert_ok();
    root.ram("DeleteUser", &[("UserName", "alice")]).assert_ok();
}

#[test]
fn every_parameter_is_refused_on_both_sides_of_its_limit() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let long = |n: usize| "x".repeat(n);
    let create = |params: &[(&str, &str)]| root.ram("CreateUser", params);

    create(&[]).assert_refused(400, "MissingUserName");
    create(&[("UserName", "")]).assert_refused(400, "InvalidParameter.UserName.Length");
    create(&[("UserName", "a b")]).assert_refused(400, "InvalidParameter.UserName.InvalidChars");
    create(&[("UserName", &long(64))]).assert_ok();
    create(&[("UserName", &long(65))]).assert_refused(400, "InvalidParameter.UserName.Length");
    create(&[("UserName", "d"), ("DisplayName", &long(128))]).assert_ok();
    create(&[("UserName", "e"), ("DisplayName", &long(129))])
        .assert_refused(400, "InvalidParameter.DisplayName.Length");
    create(&[("UserName", "e"), ("DisplayName", "a\u{1}")])
        .assert_refused(400, "InvalidParameter.DisplayName.InvalidChars");
    create(&[("UserName", "e"), ("Comments", &long(129))])
        .assert_refused(400, "InvalidParameter.Comments.Length");
    create(&[("UserName", "e"), ("MobilePhone", "86-13900001111")]).assert_ok();
    create(&[("UserName", "f"), ("MobilePhone", "13900001111")])
        .assert_refused(400, "InvalidParameter.MobilePhone.Format");
    create(&[("UserName", "f"), ("Email", "f@example.com")]).assert_ok();
    create(&[("UserName", "g"), ("Email", "example.com")])
        .assert_refused(400, "InvalidParameter.Email.Format");
    let update = |params: &[(&str, &str)]| root.ram("UpdateUser", params);
    update(&[("UserName", "g")]).assert_refused(404, "EntityNotExist.User");
    update(&[("UserName", "f"), ("NewUserName", "a b")])
        .assert_refused(400, "InvalidParameter.NewUserName.InvalidChars");
    update(&[("UserName", "f"), ("NewEmail", "x")]).assert_refused(400, "InvalidParameter.NewEmail.Format");
    update(&[("UserName", "f"), ("NewEmail", "")]).assert_ok();
}

#[test]
fn pages_joined_equal_the_list_in_the_order_of_creation() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let names = ["zoe", "adam", "mia", "bob"];
    for name in names {
        root.ram("CreateUser", &[("UserName", name)]).assert_ok();
    }

    let mut joined = Vec::new();
    let mut marker = String::new();
    loop {
        let page = root.ram("ListUsers", &[("MaxItems", "2"), ("Marker", &marker)]).assert_ok();
        let users = page["Users"]["User"].as_array().unwrap();
        assert!(users.len() <= 2);
        joined.extend(users.iter().map(|user| user["UserName"].as_str().unwrap().to_owned()));
        if page["IsTruncated"] == false {
            assert!(page.get("Marker").is_none());
            break;
        }
        marker = page["Marker"].as_str().unwrap().to_owned();
    }

    assert_eq!(joined, ["dev", "zoe", "adam", "mia", "bob"]);
    root.ram("ListUsers", &[("MaxItems", "0")]).assert_refused(400, "InvalidParameter.MaxItems.Range");
    root.ram("ListUsers", &[("MaxItems", "1001")]).assert_refused(400, "InvalidParameter.MaxItems.Range");
    root.ram("ListUsers", &[("Marker", "nonsense")]).assert_refused(400, "InvalidParameter.Marker");
}

#[test]
fn the_quota_of_users_binds_and_can_be_set() {
    let lab = Lab::with_scenario("quotas: {users: 1}\naccounts: [{name: demo, keys: [{}]}]");
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();

    root.ram("CreateUser", &[("UserName", "bob")]).assert_refused(409, "LimitExceeded.User");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_refused(409, "EntityAlreadyExists.User");
}

#[test]
fn a_refused_call_changes_nothing() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let before = (lab.world().state().version, root.ram("ListUsers", &[]).assert_ok()["Users"].clone());

    root.ram("CreateUser", &[("UserName", "dev")]).assert_refused(409, "EntityAlreadyExists.User");
    root.ram("UpdateUser", &[("UserName", "dev"), ("NewUserName", "a b")])
        .assert_refused(400, "InvalidParameter.NewUserName.InvalidChars");
    root.ram("DeleteUser", &[("UserName", "dev")]).assert_refused(409, "DeleteConflict.User.AccessKey");

    assert_eq!(
        before,
        (lab.world().state().version, root.ram("ListUsers", &[]).assert_ok()["Users"].clone())
    );
}

#[test]
fn deleting_a_user_reports_its_remaining_resources_in_the_documented_order() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], groups: [{name: devs}], users: [{name: ann, groups: [devs], password: Secret-1234, policies: [ReadOnlyAccess], keys: [{id: LTAI5tAnnsKey00001, secret: s}]}]}]",
    );
    let root = lab.root("demo");
    let device =
        root.ram("CreateVirtualMFADevice", &[("VirtualMFADeviceName", "phone")]).assert_ok()["VirtualMFADevice"]
            .clone();
    let text = |field: &str| device[field].as_str().unwrap();
    let second = lab.world().clock.now().resource.as_millis() / 1000;
    let (first, then) = (totp(text("Base32StringSeed"), second - 30), totp(text("Base32StringSeed"), second));
    let user = ("UserName", "ann");
    let codes = [("AuthenticationCode1", first.as_str()), ("AuthenticationCode2", then.as_str())];
    root.ram("BindMFADevice", &[user, ("SerialNumber", text("SerialNumber")), codes[0], codes[1]])
        .assert_ok();

    for (left, action, more) in [
        ("Group", "RemoveUserFromGroup", vec![("GroupName", "devs")]),
        ("AccessKey", "DeleteAccessKey", vec![("UserAccessKeyId", "LTAI5tAnnsKey00001")]),
        ("LoginProfile", "DeleteLoginProfile", vec![]),
        ("MFADevice", "UnbindMFADevice", vec![]),
        ("Policy", "DetachPolicyFromUser", vec![("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess")]),
    ] {
        root.ram("DeleteUser", &[user]).assert_refused(409, &format!("DeleteConflict.User.{left}"));
        root.ram(action, &[&[user], &more[..]].concat()).assert_ok();
    }

    root.ram("DeleteUser", &[user]).assert_ok();
}

#[test]
fn the_update_date_follows_every_update_and_nothing_else() {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
    let updated = || root.ram("GetUser", &[("UserName", "alice")]).assert_ok()["User"]["UpdateDate"].clone();
    assert_eq!(updated(), "2026-11-22T08:00:00Z");

    lab.advance_clock("1m");
    root.ram("CreateAccessKey", &[("UserName", "alice")]).assert_ok();
    root.ram(
        "AttachPolicyToUser",
        &[("UserName", "alice"), ("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess")],
    )
    .assert_ok();
    assert_eq!(updated(), "2026-11-22T08:00:00Z");
    root.ram("UpdateUser", &[("UserName", "ALICE"), ("NewComments", "x")]).assert_ok();

    assert_eq!(updated(), "2026-11-22T08:01:00Z");
}
