//! Users, their credentials and contacts through IMS. Source: docs/evidence/ims.md 4.1, 4.2, 4.6. Every code stands in
//! `codes/ims-identity.yaml`.

use crate::support::live::Live;
use crate::support::{Actor, Lab, field_texts};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::sync::Arc;

const UID: &str = "1234567890123456";

/// Users: one who may do nothing, and three who may read `ann` alone, each by another name of the action.
const USERS: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    policies:
      - {name: ByRam, document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:GetUser", Resource: "acs:ram:*:1234567890123456:user/ann"}]}}
      - {name: ByIms, document: {Version: "1", Statement: [{Effect: Allow, Action: "ims:GetUser", Resource: "acs:ims::1234567890123456:user/ann"}]}}
      - {name: NotByIms, document: {Version: "1", Statement: [{Effect: Deny, Action: "ims:*", Resource: "*"}]}}
      - {name: All, document: {Version: "1", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}
    users:
      - {name: ann, keys: [{}], displayName: Ann}
      - {name: bea, keys: [{}]}
      - {name: byRam, keys: [{}], policies: [ByRam]}
      - {name: byIms, keys: [{}], policies: [ByIms]}
      - {name: barred, keys: [{}], policies: [All, NotByIms]}
"#;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(USERS);
    let root = lab.root("demo");
    (lab, root)
}

/// Logon name in the default domain.
fn upn(user: &str) -> String {
    format!("{user}@{UID}.onaliyun.com")
}

fn get_user(who: &Actor, name: &str, value: &str) -> crate::support::Reply {
    who.ims("GetUser", &[(name, value)])
}

#[test]
fn a_user_made_through_ims_has_every_field_and_is_a_user_of_ram() {
    let (_lab, root) = lab();

    let made = root.ims(
        "CreateUser",
        &[
            ("UserPrincipalName", &upn("Carol")),
            ("DisplayName", "Carol"),
            ("Tag.1.Key", "team"),
            ("Tag.1.Value", "red"),
        ],
    );

    assert_snapshot!(made.one_field_a_line(), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "User":{
    "UserId":"207701829442672591",
    "UserPrincipalName":"Carol@1234567890123456.onaliyun.com",
    "DisplayName":"Carol",
    "MobilePhone":"",
    "Email":"",
    "Comments":"",
    "CreateDate":"2026-11-22T08:00:00Z",
    "UpdateDate":"2026-11-22T08:00:00Z",
    "ProvisionType":"Manual",
    "Tags":{
    "Tag":[{
    "TagKey":"team",
    "TagValue":"red"}]}}}
    "#);
    let seen = root.ram("GetUser", &[("UserName", "carol")]).assert_ok()["User"].clone();
    assert_eq!((&seen["UserId"], &seen["UserName"]), (&made.json()["User"]["UserId"], &"Carol".into()));
    assert!(seen.get("Tags").is_none() && seen.get("UserPrincipalName").is_none(), "{seen}");
}

#[test]
fn a_user_is_found_by_logon_name_by_id_and_by_key() {
    let (lab, root) = lab();
    let shown = get_user(&root, "UserPrincipalName", &upn("ANN")).assert_ok()["User"].clone();
    let key = lab.user("demo", "ann").key;

    let by_id = get_user(&root, "UserId", shown["UserId"].as_str().unwrap()).assert_ok()["User"].clone();
    let by_key = get_user(&root, "UserAccessKeyId", &key).assert_ok()["User"].clone();

    assert_eq!((&by_id, &by_key), (&shown, &shown));
    assert_eq!((&shown["UserName"], &shown["UserPrincipalName"]), (&"ann".into(), &upn("ann").into()));
    assert_eq!((&shown["LastLoginDate"], &shown["Tags"]), (&"".into(), &json!({"Tag": []})));
    get_user(&root, "UserAccessKeyId", &root.key).assert_refused(404, "EntityNotExist.User");
    let id = shown["UserId"].as_str().unwrap();
    let renamed = [("UserId", id), ("NewUserPrincipalName", &upn("anna")), ("NewDisplayName", "")];
    let changed = root.ims("UpdateUser", &renamed).assert_ok()["User"].clone();
    assert_eq!((&changed["UserPrincipalName"], &changed["DisplayName"]), (&upn("anna").into(), &"".into()));
    assert!(changed.get("Tags").is_none() && changed.get("UserName").is_none(), "{changed}");
    root.ims("DeleteAccessKey", &[("UserPrincipalName", &upn("anna")), ("UserAccessKeyId", &key)])
        .assert_ok();
    root.ims("DeleteUser", &[("UserId", id)]).assert_ok();
    root.ram("GetUser", &[("UserName", "anna")]).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn a_user_keeps_its_id_and_is_found_by_it_after_others_came_and_went() {
    let (_lab, root) = lab();
    let id = |name: &str| {
        let made = root.ims("CreateUser", &[("UserPrincipalName", &upn(name)), ("DisplayName", name)]);
        made.assert_ok()["User"]["UserId"].as_str().unwrap().to_owned()
    };
    let (first, second, third) = (id("first"), id("second"), id("third"));
    root.ims("DeleteUser", &[("UserId", &second)]).assert_ok();
    let fourth = id("fourth");
    get_user(&root, "UserId", &second).assert_refused(404, "EntityNotExist.User");

    root.ims("RestoreUserFromRecycleBin", &[("UserId", &second)]).assert_ok();

    for (id, name) in [(&first, "first"), (&second, "second"), (&third, "third"), (&fourth, "fourth")] {
        assert_eq!(get_user(&root, "UserId", id).assert_ok()["User"]["UserPrincipalName"], upn(name));
    }
    for nobody in ["0", "1", "200000000000000000", "18446744073709551615", "-1", "x"] {
        get_user(&root, "UserId", nobody).assert_refused(404, "EntityNotExist.User");
    }
}

#[test]
fn permission_for_a_user_named_by_id_or_key_is_that_for_the_user() {
    let (lab, root) = lab();
    let by_ram = lab.user("demo", "byRam");
    let id = |user: &str| {
        let shown = root.ims("GetUser", &[("UserPrincipalName", &upn(user))]).assert_ok();
        shown["User"]["UserId"].as_str().unwrap().to_owned()
    };

    get_user(&by_ram, "UserId", &id("ann")).assert_ok();
    get_user(&by_ram, "UserAccessKeyId", &lab.user("demo", "ann").key).assert_ok();

    for (name, value) in [("UserId", id("bea")), ("UserAccessKeyId", lab.user("demo", "bea").key)] {
        let message = get_user(&by_ram, name, &value).assert_refused(403, "NoPermission");
        assert!(message.contains(&format!("Resource: acs:ram:*:{UID}:user/bea ")), "{message}");
    }
    let message = get_user(&by_ram, "UserId", "1").assert_refused(403, "NoPermission");
    assert!(message.contains(":user/* "), "a user that does not exist is none the caller may see: {message}");
}

#[test]
fn policies_name_actions_of_ims_with_either_prefix() {
    let (lab, _) = lab();
    let [by_ram, by_ims, barred] = ["byRam", "byIms", "barred"].map(|user| lab.user("demo", user));
    let ann = [("UserPrincipalName", upn("ann"))];
    let ann: Vec<_> = ann.iter().map(|(name, value)| (*name, value.as_str())).collect();

    by_ram.ims("GetUser", &ann).assert_ok();
    by_ims.ims("GetUser", &ann).assert_ok();

    get_user(&by_ims, "UserPrincipalName", &upn("bea")).assert_refused(403, "NoPermission");
    let message = barred.ims("GetUser", &ann).assert_refused(403, "NoPermission");
    assert!(message.ends_with("Action: ram:GetUser"), "{message}");
    // RAM knows its own prefix alone.
    by_ims.ram("GetUser", &[("UserName", "ann")]).assert_refused(403, "NoPermission");
    barred.ram("GetUser", &[("UserName", "ann")]).assert_ok();
}

#[test]
fn lists_of_users_have_status_tags_and_the_last_log_in_in_milliseconds() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, tags: {team: red}, created: -2h, lastLogin: -1h}, {name: bea, tags: {team: blue}}]}]",
    );
    let root = lab.root("demo");
    let names = |action: &str, list: &str, params: &[(&str, &str)]| {
        let page = root.ims(action, params).assert_ok();
        let names = field_texts(page.pointer(list).unwrap().as_array().unwrap(), "UserPrincipalName");
        names.iter().map(|name| name.split('@').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };

    let listed = root.ims("ListUsers", &[]).assert_ok()["Users"]["User"].clone();

    let tags = json!({"Tag": [{"TagKey": "team", "TagValue": "red"}]});
    assert_eq!((&listed[0]["Tags"], &listed[0]["Status"]), (&tags, &"active".into()));
    assert_eq!(
        (&listed[0]["LastLoginDate"], &listed[1]["LastLoginDate"]),
        (&"1795330800000".into(), &"".into())
    );
    for (action, list) in
        [("ListUsers", "/Users/User"), ("ListUserBasicInfos", "/UserBasicInfos/UserBasicInfo")]
    {
        assert_eq!(names(action, list, &[("Status", "freeze")]), "");
        assert_eq!(names(action, list, &[("Status", "active,freeze")]), "ann bea");
        assert_eq!(names(action, list, &[("Tag.1.Key", "team"), ("Tag.1.Value", "blue")]), "bea");
        assert_eq!(names(action, list, &[("Tag.1.Key", "team")]), "ann bea");
        assert_eq!(names(action, list, &[("Tag.1.Key", "Team")]), "");
    }
}

#[test]
fn a_call_that_names_no_user_is_about_the_caller() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    root.ims("SetSecurityPreference", &[("AllowUserToManageAccessKeys", "true")]).assert_ok();
    let keys = |who: &Actor| {
        let listed = who.ims("ListAccessKeys", &[]).assert_ok()["AccessKeys"]["AccessKey"].clone();
        field_texts(listed.as_array().unwrap(), "AccessKeyId")
    };

    let made = ann.ims("CreateAccessKey", &[("UserPrincipalName", "")]).assert_ok();

    let id = made["AccessKey"]["AccessKeyId"].as_str().unwrap();
    assert_eq!(keys(&ann), [ann.key.as_str(), id]);
    assert_eq!(keys(&root), [root.key.as_str()]);
    root.ims("UpdateAccessKey", &[("UserAccessKeyId", id), ("Status", "Inactive")])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    let own = root.ims("CreateAccessKey", &[]).assert_ok()["AccessKey"]["AccessKeyId"].clone();
    root.ims("DeleteAccessKey", &[("UserAccessKeyId", own.as_str().unwrap())]).assert_ok();
    let info = ann.ims("GetUserMFAInfo", &[]).assert_ok();
    assert_eq!((&info["IsMFAEnable"], info.get("MFADevice")), (&false.into(), None));
    root.ims("GetUserMFAInfo", &[]).assert_refused(400, "MissingUserPrincipalName");
    root.ims("GetUser", &[]).assert_refused(400, "MissingUserPrincipalName");
}

#[test]
fn a_login_profile_of_ims_has_its_status_and_a_change_returns_it() {
    let (lab, root) = lab();
    let of_ann = upn("ann");
    let ann = ("UserPrincipalName", of_ann.as_str());

    let made =
        root.ims("CreateLoginProfile", &[ann, ("Status", "Inactive")]).assert_ok()["LoginProfile"].clone();
    lab.advance_clock("1m");
    let changed = root.ims("UpdateLoginProfile", &[ann, ("Password", "Secret-0001"), ("Status", "Active")]);

    let expected = json!({
        "UserPrincipalName": upn("ann"), "Status": "Inactive", "PasswordStatus": "InitialValid",
        "PasswordResetRequired": false, "MFABindRequired": false, "UpdateDate": "2026-11-22T08:00:00Z",
    });
    assert_eq!(made, expected);
    let changed = changed.assert_ok()["LoginProfile"].clone();
    assert_eq!(
        (&changed["Status"], &changed["UpdateDate"]),
        (&"Active".into(), &"2026-11-22T08:01:00Z".into())
    );
    assert_eq!(changed["AutoDisableLoginStatus"], "false");
    let shown = root.ram("GetLoginProfile", &[("UserName", "ann")]).assert_ok()["LoginProfile"].clone();
    assert_eq!(shown["CreateDate"], "2026-11-22T08:00:00Z");
    let answer =
        root.ram("UpdateLoginProfile", &[("UserName", "ann"), ("MFABindRequired", "true")]).assert_ok();
    assert!(answer.get("LoginProfile").is_none(), "RAM returns nothing: {answer}");
    assert_eq!(root.ims("GetLoginProfile", &[ann]).assert_ok()["LoginProfile"]["MFABindRequired"], true);
}

#[test]
fn an_initial_password_expires_after_two_weeks_unless_it_is_set_again() {
    let (lab, root) = lab();
    let of_ann = upn("ann");
    let ann = ("UserPrincipalName", of_ann.as_str());
    let status = || root.ims("GetLoginProfile", &[ann]).assert_ok()["LoginProfile"]["PasswordStatus"].clone();
    root.ims("CreateLoginProfile", &[ann, ("Password", "Secret-0001")]).assert_ok();

    lab.advance_clock("335h");
    assert_eq!(status(), "InitialValid");
    lab.advance_clock("1h");
    assert_eq!(status(), "InitialExpired");

    root.ims("SetPasswordPolicy", &[("InitialPasswordAge", "90")]).assert_ok();
    assert_eq!(status(), "InitialValid");
    root.ims("SetPasswordPolicy", &[("InitialPasswordAge", "14")]).assert_ok();
    root.ims("UpdateLoginProfile", &[ann, ("Password", "Secret-0002")]).assert_ok();
    assert_eq!(status(), "InitialValid", "the new password is initial, too");
}

#[test]
fn disabling_the_device_of_a_user_deletes_it() {
    const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let lab = Lab::with_scenario(&format!(
        "accounts: [{{name: demo, uid: {UID}, keys: [{{}}], users: [{{name: ann, mfa: {{name: phone, seed: {SEED}}}}}]}}]"
    ));
    let root = lab.root("demo");
    let of_ann = upn("ann");
    let ann = [("UserPrincipalName", of_ann.as_str())];
    let device = || root.ims("GetUserMFAInfo", &ann).assert_ok();
    let serial = format!("acs:ram::{UID}:mfa/phone");
    assert_eq!(device()["MFADevice"], json!({"SerialNumber": serial, "Type": "VMFA"}));

    root.ims("DisableVirtualMFA", &ann).assert_ok();

    assert_eq!(device()["IsMFAEnable"], false);
    assert_eq!(
        root.ram("ListVirtualMFADevices", &[]).assert_ok()["VirtualMFADevices"]["VirtualMFADevice"],
        json!([])
    );
    assert_eq!(root.ims("GetAccountMFAInfo", &[]).assert_ok()["IsMFAEnable"], false);
    let with_mfa = format!("accounts: [{{name: demo, keys: [{{}}], security: {{mfa: {SEED}}}}}]");
    let lab = Lab::with_scenario(&with_mfa);
    assert_eq!(lab.root("demo").ims("GetAccountMFAInfo", &[]).assert_ok()["IsMFAEnable"], true);
}

#[test]
fn an_unbound_device_has_an_empty_user_in_ims() {
    let (_lab, root) = lab();
    root.ims("CreateVirtualMFADevice", &[("VirtualMFADeviceName", "phone")]).assert_ok();

    let listed = root.ims("ListVirtualMFADevices", &[]).assert_ok();

    let serial = format!("acs:ram::{UID}:mfa/phone");
    assert_eq!(
        listed["VirtualMFADevices"]["VirtualMFADevice"],
        json!([{"SerialNumber": serial, "User": {}}])
    );
}

#[test]
fn passkeys_of_a_scenario_are_listed_renamed_and_deleted() {
    let lab = Lab::with_scenario(&format!(
        "accounts: [{{name: demo, uid: {UID}, keys: [{{}}], users: [{{name: ann, keys: [{{}}], passkeys: [{{id: one, name: laptop, created: -2h, lastUsed: -1h}}, {{name: phone}}]}}, {{name: bea}}]}}]"
    ));
    let root = lab.root("demo");
    let of_ann = upn("ann");
    let ann = ("UserPrincipalName", of_ann.as_str());
    let list = || root.ims("ListPasskeys", &[ann]).assert_ok()["Passkeys"].clone();

    let listed = list();

    let first = json!({"PasskeyId": "one", "PasskeyName": "laptop", "CreateDate": "1795327200", "LastUseDate": "1795330800"});
    assert_eq!(listed[0], first);
    assert_eq!((&listed[1]["PasskeyName"], &listed[1]["LastUseDate"]), (&"phone".into(), &"".into()));
    assert_eq!(listed[1]["PasskeyId"].as_str().unwrap().len(), 24);
    root.ims("UpdatePasskey", &[ann, ("PasskeyId", "one"), ("PasskeyName", "old laptop")]).assert_ok();
    root.ims("DeletePasskey", &[ann, ("PasskeyId", listed[1]["PasskeyId"].as_str().unwrap())]).assert_ok();
    assert_eq!(field_texts(list().as_array().unwrap(), "PasskeyName"), ["old laptop"]);
    assert_eq!(
        root.ims("ListPasskeys", &[("UserPrincipalName", &upn("bea"))]).assert_ok()["Passkeys"],
        json!([])
    );
    lab.user("demo", "ann").ims("ListPasskeys", &[]).assert_refused(403, "NoPermission");
}

#[test]
fn contacts_of_a_user_stay_pending_until_it_confirms_them_and_are_removed_by_kind() {
    let (_lab, root) = lab();
    let of_ann = upn("ann");
    let ann = ("UserPrincipalName", of_ann.as_str());
    let shown = || {
        let mut info = root.ims("GetVerificationInfo", &[ann]).assert_ok();
        info.as_object_mut().unwrap().remove("RequestId");
        info
    };
    assert_eq!(shown(), json!({}));

    root.ims("SetVerificationInfo", &[ann, ("VerifyType", "sms"), ("MobilePhone", "86-13900001111")])
        .assert_ok();
    root.ims("SetVerificationInfo", &[ann, ("VerifyType", "email"), ("Email", "ann@example.com")])
        .assert_ok();

    let phone = json!({"AreaCode": "86", "PhoneNumber": "13900001111", "Status": "pending"});
    let email = json!({"Email": "ann@example.com", "Status": "pending"});
    assert_eq!(shown(), json!({"SecurityPhoneDevice": phone, "SecurityEmailDevice": email}));
    let other = [ann, ("VerifyType", "sms"), ("MobilePhone", "86-13900002222")];
    root.ims("UnbindVerification", &other).assert_refused(400, "InvalidParameter.MobilePhone");
    root.ims("UnbindVerification", &[ann, ("VerifyType", "sms"), ("MobilePhone", "86-13900001111")])
        .assert_ok();
    assert_eq!(shown(), json!({"SecurityEmailDevice": email}));
    root.ims("UnbindVerification", &[ann, ("VerifyType", "email")]).assert_ok();
    assert_eq!(shown(), json!({}));
}

#[test]
fn tags_of_users_are_a_wrapped_list_in_ims_and_no_resource_of_ram() {
    let (_lab, root) = lab();
    let id = get_user(&root, "UserPrincipalName", &upn("ann")).assert_ok()["User"]["UserId"].clone();
    let id = id.as_str().unwrap();
    let (ann, bea) = (upn("ann"), upn("bea"));
    let by_names = [("ResourcePrincipalName.1", ann.as_str()), ("ResourcePrincipalName.2", bea.as_str())];
    let tags = [("ResourceType", "user"), ("Tag.1.Key", "team"), ("Tag.1.Value", "red")];

    root.ims("TagResources", &[&by_names[..], &tags[..]].concat()).assert_ok();
    root.ims("TagResources", &[("ResourceId.1", id), ("Tag.1.Key", "stage"), ("Tag.1.Value", "")])
        .assert_ok();

    let listed = root.ims("ListTagResources", &[("ResourceId.1", id)]).assert_ok();
    let row = |key: &str, value: &str| json!({"ResourceType": "user", "ResourceId": id, "TagKey": key, "TagValue": value});
    assert_eq!(listed["TagResources"], json!({"TagResource": [row("stage", ""), row("team", "red")]}));
    assert_eq!((&listed["IsTruncated"], &listed["NextToken"]), (&false.into(), &"".into()));
    let by_tag = |key: &str| -> Value {
        let found = root.ims("ListTagResources", &[("Tag.1.Key", key)]).assert_ok();
        found["TagResources"]["TagResource"].as_array().unwrap().len().into()
    };
    assert_eq!((by_tag("team"), by_tag("stage"), by_tag("none")), (3.into(), 2.into(), 0.into()));
    let ram = [("ResourceType", "user"), ("ResourceNames", r#"["ann"]"#), ("Tag", r#"[{"Key":"a"}]"#)];
    root.ram("TagResources", &ram).assert_refused(400, "InvalidParameter.ResourceType");
}

#[test]
fn untag_resources_is_spelled_with_one_capital_and_removes_all_only_without_keys() {
    let (_lab, root) = lab();
    let ann = upn("ann");
    let ann = ("ResourcePrincipalName.1", ann.as_str());
    let tags = [("Tag.1.Key", "a"), ("Tag.2.Key", "b"), ("Tag.3.Key", "c")];
    root.ims("TagResources", &[&[ann][..], &tags[..]].concat()).assert_ok();
    let left = || {
        let listed = root.ims("ListTagResources", &[ann]).assert_ok()["TagResources"]["TagResource"].clone();
        field_texts(listed.as_array().unwrap(), "TagKey").join("")
    };

    root.ims("UnTagResources", &[ann, ("All", "true")]).assert_refused(404, "InvalidAction.NotFound");
    root.ims("UntagResources", &[ann, ("TagKey.1", "a"), ("All", "true")]).assert_ok();
    assert_eq!(left(), "bc");
    root.ims("UntagResources", &[ann]).assert_ok();
    assert_eq!(left(), "bc");
    root.ims("UntagResources", &[ann, ("All", "true")]).assert_ok();
    assert_eq!(left(), "");
}

#[test]
fn who_may_tag_one_user_may_not_tag_another_named_beside_it() {
    let lab = Lab::with_scenario(&format!(
        r#"accounts: [{{name: demo, uid: {UID}, keys: [{{}}], policies: [{{name: TagAnn, document: {{Version: "1", Statement: [{{Effect: Allow, Action: "ims:TagResources", Resource: "acs:ram:*:*:user/ann"}}]}}}}],
            users: [{{name: ann}}, {{name: bea}}, {{name: tagger, policies: [TagAnn], keys: [{{}}]}}]}}]"#
    ));
    let (root, tagger) = (lab.root("demo"), lab.user("demo", "tagger"));
    let id = |user: &str| get_user(&root, "UserPrincipalName", &upn(user)).json()["User"]["UserId"].clone();
    let (ann, bea) = (id("ann"), id("bea"));
    let (ann, bea) = (ann.as_str().unwrap(), bea.as_str().unwrap());

    tagger.ims("TagResources", &[("ResourceId.1", ann), ("Tag.1.Key", "a")]).assert_ok();

    let both = [("ResourceId.1", ann), ("ResourceId.2", bea), ("Tag.1.Key", "a")];
    let message = tagger.ims("TagResources", &both).assert_refused(403, "NoPermission");
    assert!(message.contains(":user/bea "), "{message}");
    tagger
        .ims("TagResources", &[("ResourceId.1", "1"), ("Tag.1.Key", "a")])
        .assert_refused(403, "NoPermission");
}

#[test]
fn a_command_confirms_contacts_and_adds_passkeys_as_people_do_in_the_console() {
    let (lab, root) = lab();
    let of_ann = upn("ann");
    let ann = ("UserPrincipalName", of_ann.as_str());
    root.ims("SetVerificationInfo", &[ann, ("VerifyType", "sms"), ("MobilePhone", "86-13900001111")])
        .assert_ok();

    let change =
        json!({"user": "ann", "verification": {"mobileStatus": "active"}, "passkeys": [{"name": "laptop"}]});
    lab.run_command(json!({"changeUser": change})).unwrap();

    let info = root.ims("GetVerificationInfo", &[ann]).assert_ok();
    assert_eq!(info["SecurityPhoneDevice"]["Status"], "active");
    let passkeys = root.ims("ListPasskeys", &[ann]).assert_ok()["Passkeys"].clone();
    assert_eq!(field_texts(passkeys.as_array().unwrap(), "PasskeyName"), ["laptop"]);
    let refused = |change: Value| lab.run_command(json!({"changeUser": change})).unwrap_err().to_string();
    let no_contact = refused(json!({"user": "ann", "verification": {"emailStatus": "active"}}));
    assert!(no_contact.contains("a contact that the user does not have"), "{no_contact}");
    let twice =
        refused(json!({"user": "ann", "passkeys": [{"id": "x", "name": "a"}, {"id": "x", "name": "b"}]}));
    assert!(twice.contains("another passkey of the user has the id `x`"), "{twice}");
    let future = refused(json!({"user": "ann", "passkeys": [{"name": "a", "created": "+1h"}]}));
    assert!(future.contains("it is in the future"), "{future}");
    let listed = root.ims("ListPasskeys", &[ann]).assert_ok()["Passkeys"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1, "a refused command changes nothing");
}

#[test]
fn conditions_see_the_tags_of_the_user_that_a_call_is_about() {
    let lab = Lab::with_scenario(&format!(
        r#"accounts: [{{name: demo, uid: {UID}, keys: [{{}}],
            policies: [{{name: Reds, document: {{Version: "1", Statement: [{{Effect: Allow, Action: ["ram:GetUser", "ram:GetLoginProfile"], Resource: "*", Condition: {{StringEquals: {{acs:ResourceTag/team: red}}}}}}]}}}}],
            users: [{{name: ann, tags: {{team: red}}}}, {{name: bea, tags: {{team: blue}}}}, {{name: carl}}, {{name: lead, policies: [Reds], keys: [{{}}]}}]}}]"#
    ));
    let (root, lead) = (lab.root("demo"), lab.user("demo", "lead"));
    let id = |user: &str| {
        let shown = get_user(&root, "UserPrincipalName", &upn(user)).json();
        shown["User"]["UserId"].as_str().unwrap().to_owned()
    };

    get_user(&lead, "UserPrincipalName", &upn("ann")).assert_ok();
    get_user(&lead, "UserId", &id("ann")).assert_ok();
    lead.ram("GetUser", &[("UserName", "ann")]).assert_ok();

    for user in ["bea", "carl"] {
        get_user(&lead, "UserId", &id(user)).assert_refused(403, "NoPermission");
        lead.ram("GetUser", &[("UserName", user)]).assert_refused(403, "NoPermission");
    }
    root.ims("TagResources", &[("ResourceId.1", &id("carl")), ("Tag.1.Key", "team"), ("Tag.1.Value", "red")])
        .assert_ok();
    get_user(&lead, "UserPrincipalName", &upn("carl")).assert_ok();
}

#[test]
fn explain_takes_actions_of_ims_with_their_own_prefix() {
    let live = Live::with_scenario(alimock::Scenario::parse(USERS).unwrap());
    let explain = |who: &str, action: &str| {
        let asked = json!({"account": "demo", "user": who, "action": action, "resource": format!("acs:ram:*:{UID}:user/ann")});
        live.control("POST", "/worlds/default/explain", &asked.to_string())
    };

    for (who, action, allowed) in [
        ("byIms", "ims:GetUser", true),
        ("byIms", "ram:GetUser", false),
        ("byRam", "ims:GetUser", true),
        ("barred", "ims:GetUser", false),
    ] {
        let (status, answer) = explain(who, action);
        assert_eq!(
            (status, &answer["decision"]["allowed"]),
            (200, &allowed.into()),
            "{who} {action}: {answer}"
        );
    }
}
