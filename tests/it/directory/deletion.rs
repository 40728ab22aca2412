//! Deletion of members, and what is done to their contacts and payers. Source: docs/evidence/resource-directory.md 4.2 and 4.7.

use super::{Company, text};

#[test]
fn a_resource_account_is_deleted_at_once_and_its_record_stays() {
    let company = Company::new();
    let member = company.member("Dev", "");
    let of = [("AccountId", member.as_str())];
    let inside = company.inside(&member);

    company.boss.rd("DeleteAccount", &of).assert_refused(409, "CallerIdentityError.DeleteAccount");
    company.admin.rd("DeleteAccount", &of).assert_refused(409, "NoLicense.ResourceDirectory");
    company.boss.rd("SetMemberDeletionPermission", &[("Status", "Enabled")]).assert_ok();
    company
        .admin
        .rd("GetAccountDeletionCheckResult", &of)
        .assert_refused(409, "EntityNotExists.CheckAccount");
    company.admin.rd("CheckAccountDelete", &of).assert_ok();
    let running = company.admin.rd("GetAccountDeletionCheckResult", &of).assert_ok();
    assert_eq!(running["AccountDeletionCheckResultInfo"]["Status"], "PreChecking");
    company.admin.rd("DeleteAccount", &of).assert_refused(409, "NotSupportedOperation.CheckingAccount");
    company.lab.advance_clock("4s");
    let done = company.admin.rd("GetAccountDeletionCheckResult", &of).assert_ok();
    assert_eq!(done["AccountDeletionCheckResultInfo"]["AllowDelete"], "true");

    let deleted = company.admin.rd("DeleteAccount", &of).assert_ok();

    assert_eq!(deleted["DeletionType"], "0");
    company.admin.rd("GetAccount", &of).assert_refused(404, "EntityNotExists.Account");
    let status = company.admin.rm("GetAccountDeletionStatus", &of).assert_ok();
    assert_eq!(status["RdAccountDeletionStatus"]["Status"], "Success");
    assert_eq!(text(&status, "/RdAccountDeletionStatus/CreateTime"), "2026-11-22T16:00:04+08:00");
    company.admin.rd("DeleteAccount", &of).assert_refused(409, "AccountNotExist.DeleteAccount");
    assert_ne!(inside.ram("ListUsers", &[]).status, 200);
    company.boss.rd("DestroyResourceDirectory", &[]).assert_ok();
}

#[test]
fn a_member_with_recent_costs_has_a_silence_period() {
    let company = Company::new();
    company.boss.rd("SetMemberDeletionPermission", &[("Status", "Enabled")]).assert_ok();
    let member = company.member("Dev", "");
    let of = [("AccountId", member.as_str())];
    let waiving = [of[0], ("AbandonableCheckId", r#"["BALANCE"]"#)];
    company.run(&format!(r#"{{"pay":{{"account":"{member}","amount":5}}}}"#));
    company.run(&format!(r#"{{"buy":{{"account":"{member}","product":"ecs"}}}}"#));
    company.admin.rd("DeleteAccount", &waiving).assert_refused(409, "SpBlock.DeleteAccount");
    let state = company.lab.world().state();
    let instance = state.account(crate::support::uid(&member)).unwrap().instances[0].id.clone();
    company.run(&format!(r#"{{"release":{{"account":"{member}","instance":"{instance}"}}}}"#));

    let deleted = company.admin.rd("DeleteAccount", &waiving).assert_ok();

    assert_eq!(deleted["DeletionType"], "1");
    let status = || {
        company.admin.rd("GetAccountDeletionStatus", &of).assert_ok()["RdAccountDeletionStatus"]["Status"]
            .clone()
    };
    assert_eq!(status(), "Deleting");
    let listed = company.boss.rd("ListAccounts", &[]).assert_ok();
    assert_eq!(listed["Accounts"]["Account"][0]["DeletionStatus"], "Deleting");
    company.admin.rd("DeleteAccount", &of).assert_refused(409, "ExistProcessingDeleteFlow.DeleteAccount");
    company.lab.advance_clock("45d");
    assert_eq!(status(), "Success");
    assert_eq!(company.boss.rd("ListAccounts", &[]).assert_ok()["TotalCount"], 0);
}

#[test]
fn an_e_mail_changes_once_its_owner_confirms() {
    let company = Company::new();
    let member = company.member("Dev", "");
    let of = [("AccountId", member.as_str())];
    let change = [("AccountId", member.as_str()), ("Email", "dev@example.com")];
    let status = || text(&company.boss.rd("GetAccount", &of).assert_ok(), "/Account/EmailStatus");
    company.boss.rd("RetryChangeAccountEmail", &of).assert_refused(404, "EntityNotExists.EmailModifyRecord");

    company.boss.rd("ChangeAccountEmail", &change).assert_ok();
    assert_eq!(status(), "WAIT_MODIFY");
    company
        .boss
        .rd("ChangeAccountEmail", &change)
        .assert_refused(400, "NotSupportedOperation.Account.EmailModify");
    company.boss.rd("CancelChangeAccountEmail", &of).assert_ok();
    assert_eq!(status(), "CANCELLED");
    company.boss.rd("ChangeAccountEmail", &change).assert_ok();
    company.run(r#"{"confirm":{"to":"dev@example.com"}}"#);

    assert_eq!(status(), "");
    // With a security e-mail the member can become a cloud account.
    let switch = [("AccountId", member.as_str()), ("NewAccountType", "CloudAccount")];
    let switched = company.admin.rd("UpdateAccount", &switch).assert_ok();
    assert_eq!(switched["Account"]["Status"], "SwitchSuccess");
}

#[test]
fn the_first_mobile_of_a_member_is_bound_by_a_code() {
    let company = Company::new();
    let member = company.member("Dev", "");
    let send = [("AccountId", member.as_str()), ("SecureMobilePhone", "86-13900003333")];
    company
        .boss
        .rd("SendVerificationCodeForBindSecureMobilePhone", &send)
        .assert_refused(409, "CallerIdentityError");
    company.admin.rd("SendVerificationCodeForBindSecureMobilePhone", &send).assert_ok();
    let message = company.lab.world().state().registry.outbox.latest_code("86-13900003333").unwrap().clone();
    let bind = |code: &str| {
        company.admin.rd("BindSecureMobilePhone", &[send[0], send[1], ("VerificationCode", code)])
    };

    bind("000000").assert_refused(409, "Invalid.VerificationCode");
    bind(message.code.as_deref().unwrap()).assert_ok();

    bind(message.code.as_deref().unwrap()).assert_refused(409, "AccountSecureMobileAlreadyExists");
    let shown = company.boss.rd("GetAccount", &[("AccountId", &member)]).assert_ok();
    assert_eq!(shown["Account"]["SecureMobilePhone"], "86-139****3333");
}

#[test]
fn a_member_is_paid_for_by_an_enterprise_of_the_directory_or_by_itself() {
    let company = Company::new();
    let (dev, ops, boss) = (company.member("Dev", ""), company.member("Ops", ""), company.lab.uid("boss"));
    let pay = |member: &str, payer: &str| {
        company.boss.rd("UpdatePayerForAccount", &[("AccountId", member), ("PayerAccountId", payer)])
    };
    let payer = |member: &str| company.boss.rd("GetPayerForAccount", &[("AccountId", member)]).assert_ok();

    assert!(payer(&dev).get("PayerAccountId").is_none());
    pay(&dev, &boss).assert_ok();
    assert_eq!(payer(&dev)["PayerAccountId"], boss.as_str());
    pay(&ops, &dev).assert_refused(409, "FundAccountOwnerPayedByOthers");
    pay(&ops, &company.lab.uid("guest"))
        .assert_refused(409, "NotSupport.PayerAccountInAnotherResourceDirectory");
    let check =
        company.boss.rd("PrecheckForConsolidatedBillingAccount", &[("BillingAccountId", &dev)]).assert_ok();
    assert_eq!(
        (&check["Result"], &check["Reasons"][0]["Code"]),
        (&false.into(), &"FundAccountOwnerPayedByOthers".into())
    );
    company.boss.rd("SetMemberDeletionPermission", &[("Status", "Enabled")]).assert_ok();
    company
        .admin
        .rd("DeleteAccount", &[("AccountId", &dev)])
        .assert_refused(409, "NotSupport.HasPayerAccount");
    pay(&dev, &dev).assert_ok();
    assert!(payer(&dev).get("PayerAccountId").is_none());
}
