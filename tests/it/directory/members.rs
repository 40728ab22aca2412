//! The directory, its folders and members. Source: docs/evidence/resource-directory.md 4.1 to 4.3.

use super::{Company, WORLD, text};
use crate::support::{Lab, field_texts};
use insta::assert_snapshot;

#[test]
fn only_an_account_of_a_verified_enterprise_enables_a_directory_and_only_once() {
    let lab = Lab::with_scenario(WORLD);
    let (boss, person) = (lab.root("boss"), lab.root("person"));

    person.rm("InitResourceDirectory", &[]).assert_refused(409, "EnterpriseRealNameVerificationError");
    let made = boss.rm("InitResourceDirectory", &[]).assert_ok();
    boss.rm("InitResourceDirectory", &[]).assert_refused(409, "EntityAlreadyExists.ResourceDirectory");

    let shown = boss.rd("GetResourceDirectory", &[]).assert_ok();
    assert_eq!(shown["ResourceDirectory"]["RootFolderId"], made["ResourceDirectory"]["RootFolderId"]);
    assert_eq!(shown["ResourceDirectory"]["IdentityInformation"], "Boss Ltd");
    person.rd("GetResourceDirectory", &[]).assert_refused(404, "ResourceDirectoryNotInUse");
    boss.rd("DestroyResourceDirectory", &[]).assert_ok();
    boss.rd("GetResourceDirectory", &[]).assert_refused(404, "ResourceDirectoryNotInUse");
}

#[test]
fn a_dry_run_checks_and_creates_nothing() {
    let lab = Lab::with_scenario(WORLD);
    let (boss, person) = (lab.root("boss"), lab.root("person"));
    let dry = [("EnableMode", "CurrentAccount"), ("DryRun", "true")];

    boss.rd("EnableResourceDirectory", &dry).assert_ok();
    person.rd("EnableResourceDirectory", &dry).assert_refused(409, "EnterpriseRealNameVerificationError");

    boss.rd("GetResourceDirectory", &[]).assert_refused(404, "ResourceDirectoryNotInUse");
}

#[test]
fn a_new_management_account_needs_the_code_that_its_mobile_got() {
    let lab = Lab::with_scenario(WORLD);
    let boss = lab.root("boss");
    boss.rd("SendVerificationCodeForEnableRD", &[("SecureMobilePhone", "86-13900002222")]).assert_ok();
    let code = lab.world().state().registry.outbox.iter().last().unwrap().code.clone().unwrap();
    let with = |code: &str| {
        let params = [
            ("EnableMode", "NewManagementAccount"),
            ("MAName", "head"),
            ("MASecureMobilePhone", "86-13900002222"),
            ("VerificationCode", code),
        ];
        boss.rd("EnableResourceDirectory", &params)
    };

    with("000000").assert_refused(409, "Invalid.VerificationCode");
    let made = with(&code).assert_ok();

    assert_eq!(made["ResourceDirectory"]["MasterAccountName"], "head@rdadmin.aliyunid.com");
    assert_ne!(text(&made, "/ResourceDirectory/MasterAccountId"), lab.uid("boss"));
}

#[test]
fn a_member_is_an_account_with_the_legal_entity_of_its_management_account() {
    let company = Company::new();
    let prod = company.folder("prod", "");

    let params = [("DisplayName", "Dev Team"), ("AccountNamePrefix", "dev"), ("ParentFolderId", &prod)];
    let made = company.boss.rd("CreateResourceAccount", &params);

    assert_snapshot!(made.one_field_a_line(), @r#"
    {
    "RequestId":"E62EC9AD-8381-5218-8744-5670DFBB9912",
    "Account":{
    "AccountId":"1405098898291594",
    "AccountName":"dev@rd-5omlr7.aliyunid.com",
    "DisplayName":"Dev Team",
    "FolderId":"fd-227QgXaeBa",
    "JoinMethod":"created",
    "JoinTime":"2026-11-22T08:00:00.000Z",
    "ModifyTime":"2026-11-22T08:00:00.000Z",
    "ResourceDirectoryId":"rd-5omlr7",
    "Status":"CreateSuccess",
    "Type":"ResourceAccount"}}
    "#);
    let uid = text(&made.assert_ok(), "/Account/AccountId");
    let shown = company.boss.rd("GetAccount", &[("AccountId", &uid)]).assert_ok();
    assert_eq!(shown["Account"]["IdentityInformation"], "Boss Ltd");
    assert_eq!(shown["Account"]["Location"], "root/prod");
    let path = text(&shown, "/Account/ResourceDirectoryPath");
    assert!(path.ends_with(&format!("/{prod}/{uid}")), "{path}");
    let of_member = company.inside(&uid).sts("GetCallerIdentity", &[]).assert_ok();
    assert_eq!(of_member["AccountId"], uid.as_str());
}

#[test]
fn users_of_the_management_account_assume_the_role_of_a_member_and_others_do_not() {
    let company = Company::new();
    let member = company.member("Dev", "");
    let arn = format!("acs:ram::{member}:role/resourcedirectoryaccountaccessrole");
    let params = [("RoleArn", arn.as_str()), ("RoleSessionName", "admin")];

    company.inside(&member).ram("CreateUser", &[("UserName", "alice")]).assert_ok();

    company.admin.sts("AssumeRole", &params).assert_ok();
    company.lab.user("boss", "nobody").sts("AssumeRole", &params).assert_refused(403, "NoPermission");
    company.lab.user("guest", "dev").sts("AssumeRole", &params).assert_refused(403, "NoPermission");
}

#[test]
fn both_products_show_the_same_folders_and_members() {
    let company = Company::new();
    let prod = company.folder("prod", "");
    let web = company.folder("web", &prod);
    let member = company.member("Dev", &web);

    let of_rm = company.boss.rm("ListAccountsForParent", &[("ParentFolderId", &web)]).assert_ok();
    let above = company.boss.rm("ListAncestors", &[("ChildId", &member)]).assert_ok();

    assert_eq!(of_rm["Accounts"]["Account"][0]["AccountId"], member.as_str());
    assert_eq!(of_rm["TotalCount"], 1);
    assert_eq!(
        field_texts(above["Folders"]["Folder"].as_array().unwrap(), "FolderName"),
        ["root", "prod", "web"]
    );
    company.boss.rm("MoveAccount", &[("AccountId", &member), ("DestinationFolderId", &prod)]).assert_ok();
    let moved = company.boss.rd("GetAccount", &[("AccountId", &member)]).assert_ok();
    assert_eq!(moved["Account"]["FolderId"], prod.as_str());
    company.boss.rd("DeleteFolder", &[("FolderId", &web)]).assert_ok();
    company
        .boss
        .rd("DeleteFolder", &[("FolderId", &prod)])
        .assert_refused(409, "DeleteConflict.Folder.Account");
    company
        .boss
        .rd("DestroyResourceDirectory", &[])
        .assert_refused(409, "DeleteConflict.ResourceDirectory.Account");
}

#[test]
fn folders_go_five_levels_below_the_root_folder_and_siblings_differ_in_name() {
    let company = Company::new();
    let mut parent = String::new();
    for level in 1..=5 {
        parent = company.folder(&format!("level{level}"), &parent);
    }
    let params = [("FolderName", "level6"), ("ParentFolderId", parent.as_str())];
    company.boss.rd("CreateFolder", &params).assert_refused(409, "LimitExceeded.Folder.Depth");
    company
        .boss
        .rd("CreateFolder", &[("FolderName", "level1")])
        .assert_refused(400, "InvalidParameter.Folder.Name.AlreadyUsed");
    company
        .boss
        .rd("CreateFolder", &[("FolderName", "a b")])
        .assert_refused(400, "InvalidParameter.Folder.Name");
}

#[test]
fn the_type_of_a_member_is_switched_by_a_user_or_role_only() {
    let company = Company::new();
    let member = company.member("Dev", "");
    let params = [("AccountId", member.as_str()), ("NewAccountType", "CloudAccount")];

    company.boss.rd("UpdateAccount", &params).assert_refused(409, "CallerIdentityError");
    company.admin.rd("UpdateAccount", &params).assert_refused(409, "MissingSecurityInfo");
    company
        .boss
        .rd("UpdateAccount", &[("AccountId", &member)])
        .assert_refused(409, "MissingDisplayNameOrAccountType");
}

#[test]
fn pages_of_members_join_by_number_and_by_token() {
    let company = Company::new();
    let made: Vec<_> = (1..=5).map(|n| company.member(&format!("Member {n}"), "")).collect();

    let mut by_number = Vec::new();
    for number in ["1", "2", "3", "4"] {
        let page = company.boss.rd("ListAccounts", &[("PageNumber", number), ("PageSize", "2")]).assert_ok();
        assert_eq!(page["TotalCount"], 5);
        by_number.extend(field_texts(page["Accounts"]["Account"].as_array().unwrap(), "AccountId"));
    }
    let (mut by_token, mut next) = (Vec::new(), String::new());
    loop {
        let page = company.boss.rd("ListAccounts", &[("MaxResults", "2"), ("NextToken", &next)]).assert_ok();
        by_token.extend(field_texts(page["Accounts"]["Account"].as_array().unwrap(), "AccountId"));
        next = text(&page, "/NextToken");
        if next.is_empty() {
            break;
        }
    }

    assert_eq!((&by_number, &by_token), (&made, &made));
    company.boss.rd("ListAccounts", &[("PageSize", "101")]).assert_refused(400, "InvalidParameter.PageSize");
}

#[test]
fn a_fault_rule_makes_two_changes_conflict() {
    let company = Company::new();
    let rule = serde_json::json!({"match": {"action": "CreateFolder"}, "when": {"times": 1}, "do": {"error": {"code": "ConcurrentCallNotSupported"}}});
    company.lab.world().faults.add(serde_json::from_value(rule).unwrap());

    let params = [("FolderName", "prod")];
    company.boss.rd("CreateFolder", &params).assert_refused(429, "ConcurrentCallNotSupported");
    company.boss.rd("CreateFolder", &params).assert_ok();
}
