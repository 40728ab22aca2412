//! Log-ins, keys, state, labels and the way out.

use super::Stage;
use crate::support::field_texts;

fn read_permission(stage: &Stage) -> serde_json::Value {
    stage.call_about_account("QueryAgAccountLoginPermission", &[]).assert_ok()["HasLoginPermission"].clone()
}

#[test]
fn a_partner_forbids_the_log_in_and_keys_work_on() {
    let stage = Stage::new();
    stage
        .change_world(|tx| tx.bind_havana(tx.state().account_named("demo@example.com").unwrap().uid, "4242"));
    assert_eq!(read_permission(&stage), true);

    assert_eq!(stage.call_about_account("ForbiddenAgAccountLogin", &[]).assert_ok()["Data"], true);

    assert_eq!(read_permission(&stage), false);
    let log_in =
        || stage.partner.account_crm("AuthAndActiveWithHid", &[("AppName", "test"), ("HavanaId", "4242")]);
    log_in().assert_refused(200, "LOGIN_FROZEN");
    stage.demo.sts("GetCallerIdentity", &[]).assert_ok();
    stage.call_about_account("AllowAgAccountLogin", &[]).assert_ok();
    assert_eq!(read_permission(&stage), true);
    log_in().assert_ok();
}

#[test]
fn a_login_ticket_is_valid_until_it_is_replaced_or_the_log_in_ends() {
    let stage = Stage::new();
    stage
        .change_world(|tx| tx.bind_havana(tx.state().account_named("demo@example.com").unwrap().uid, "4242"));
    let of = [("AppName", "test"), ("HavanaId", "4242")];
    stage.partner.account_crm("AuthAndRefreshLoginTicket", &of).assert_refused(200, "LOGIN_NOT_EXIST");
    let logged_in = stage.partner.account_crm("AuthAndActiveWithHid", &of).assert_ok()["Data"].clone();
    assert_eq!(
        (&logged_in["AccountModel"]["PK"], &logged_in["AccountModel"]["HavanaId"]),
        (&stage.pk.clone().into(), &4242.into())
    );
    let first = logged_in["SessionModel"]["LoginTicket"].as_str().unwrap();
    let check = |who: &crate::support::Actor, ticket: &str| {
        let params = [("AppName", "test"), ("AuthCode", ticket), ("MinorAuthCode", "x"), ("Scene", "x")];
        who.account_crm("AuthLoginTicket", &params)
    };
    assert_eq!(check(&stage.demo, first).assert_ok()["LoginTicketDto"]["LoginTicket"], *first);
    check(&stage.stranger, first).assert_refused(403, "Not Bid");
    check(&stage.rival, first).assert_refused(403, "Bid Mismatch");

    let session = [&of[..], &[("SessionId", first)]].concat();
    let second =
        stage.demo.account_crm("AuthAndRefreshLoginTicket", &session).assert_ok()["Data"]["NewLoginTicket"]
            .as_str()
            .unwrap()
            .to_owned();

    check(&stage.partner, first).assert_refused(200, "LOGIN_NOT_EXIST");
    check(&stage.partner, &second).assert_ok();
    let record = serde_json::to_string(&*stage.lab.last_record()).unwrap();
    assert!(!record.contains(&second), "{record}");
    stage.demo.account_crm("AuthAndRefreshLoginTicket", &session).assert_refused(200, "LOGIN_NOT_EXIST");
    stage.lab.advance_clock("6h");
    check(&stage.partner, &second).assert_refused(200, "LOGIN_NOT_EXIST");
    stage.rival.account_crm("AuthAndActiveWithHid", &of).assert_refused(403, "Bid Mismatch");
    stage.stranger.account_crm("AuthAndActiveWithHid", &of).assert_refused(403, "Not Bid");
    stage
        .partner
        .account_crm("AuthAndActiveWithHid", &[("AppName", "test"), ("HavanaId", "7")])
        .assert_refused(404, "Invalid PK");
}

#[test]
fn a_partner_is_given_an_enabled_key_of_its_account() {
    let stage = Stage::new();

    let pair = stage.call_about_account("GetAgAccountAk", &[]).assert_ok()["AccountAkDto"].clone();

    assert_eq!(
        (&pair["Ak"], &pair["Secret"]),
        (&stage.demo.key.clone().into(), &stage.demo.secret.clone().into())
    );
    let off = [("PK", stage.pk.as_str()), ("AKId", &stage.demo.key), ("AKStatus", "Inactive")];
    stage.partner.aas("UpdateAccessKeyStatusForAccount", &off).assert_ok();
    stage.call_about_account("GetAgAccountAk", &[]).assert_refused(200, "EntityNotExist.User.AccessKey");
}

#[test]
fn the_status_of_a_partners_service_is_kept() {
    let stage = Stage::new();
    let params = [("AgAccountType", "BID"), ("Mpk", stage.mpk.as_str()), ("Status", "on")];

    stage.partner.account_crm("UpdateAgServiceStatus", &params).assert_ok();

    let kept = stage.lab.world().state();
    let operator = kept.account_named("operator@example.com").unwrap();
    assert_eq!(operator.affairs.business[&("ag".into(), "status".into())], "on");
    stage.rival.account_crm("UpdateAgServiceStatus", &params).assert_refused(403, "Bid Mismatch");
    stage.demo.account_crm("UpdateAgServiceStatus", &params).assert_refused(403, "Not Bid");
    stage.partner.account_crm("UpdateAgServiceStatus", &params[..2]).assert_refused(400, "MissingStatus");
}

#[test]
fn customer_information_is_updated_and_read() {
    let stage = Stage::new();
    let of = [("UserId", stage.pk.as_str())];
    let update = [of[0], ("Biz", "retail"), ("Website", "https://example.com")];
    stage.demo.account_crm("UpdateCustomerInformation", &update).assert_ok();
    stage.demo.account_crm("ModifyCustomerInfo", &[of[0], ("CustomerCategory", "gold")]).assert_ok();

    let shown = stage.partner.account_crm("GetCustomerInformation", &of).assert_ok()["Data"].clone();

    assert_eq!(
        shown,
        serde_json::json!({"Biz": "retail", "CustomerCategory": "gold", "Website": "https://example.com"})
    );
    let shown = stage.partner.account_crm("FindCustomerInfo", &of).assert_ok()["Data"].clone();
    assert_eq!(shown, serde_json::json!({"Biz": "retail", "Website": "https://example.com"}));
}

#[test]
fn labels_are_added_in_lists_and_deleted_all_or_none() {
    let stage = Stage::new();
    let call = |action: &str, more: &[(&str, &str)]| {
        let usual =
            [("PK", stage.pk.as_str()), ("LabelSeries", "rank"), ("Organization", "o"), ("UserName", "u")];
        stage.partner.account_crm(action, &[&usual[..], more].concat())
    };
    let labels = || {
        let found = call("QueryCustomerLabel", &[]).assert_ok();
        field_texts(found["Data"]["CustomerLabel"].as_array().unwrap(), "Label")
    };

    call(
        "AddCustomerLabel",
        &[("LabelTypes.1", "vip"), ("LabelTypes.2", "new"), ("Endtime", "2026-11-22 09:00:00")],
    )
    .assert_ok();

    assert_eq!(labels(), ["new", "vip"]);
    let before = stage.state_version();
    call("DeleteCustomerLabel", &[("LabelTypes.1", "vip"), ("LabelTypes.2", "old")])
        .assert_refused(200, "LABEL_NOT_EXIST");
    let later = [("LabelTypes.1", "x"), ("StartTime", "2026-11-22T08:00:01Z")];
    call("AddCustomerLabel", &later).assert_refused(400, "InvalidParameter.StartTime");
    assert_eq!(stage.state_version(), before);
    call("DeleteCustomerLabel", &[("LabelTypes.1", "vip")]).assert_ok();
    assert_eq!(labels(), ["new"]);
    stage.lab.advance_clock("1h");
    assert!(labels().is_empty());
}

#[test]
fn an_account_without_obstacles_closes_at_once_and_its_keys_are_deleted() {
    let stage = Stage::new();
    assert_eq!(stage.call_about_account("JudgeAgExistQuietPeriod", &[]).assert_ok()["Data"], false);

    let task = stage.call_about_account("ApplyAgOneKeyDeleteTask", &[]).assert_ok()["Data"]
        .as_str()
        .unwrap()
        .to_owned();

    let shown =
        stage.call_about_account("GetAgOneKeyDeleteTask", &[("TaskId", &task)]).assert_ok()["TaskDto"]
            .clone();
    assert_eq!((&shown["DeleteStatus"], &shown["ExistQuietPeriod"]), (&"Success".into(), &false.into()));
    stage.demo.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
    stage.call_about_account("ApplyAgOneKeyDeleteTask", &[]).assert_refused(200, "Invalid PK");
    stage.call_about_account("AllowAgAccountLogin", &[]).assert_refused(200, "Invalid PK");
    assert_eq!(read_permission(&stage), false);
}

#[test]
fn obstacles_to_closing_are_listed_and_some_can_be_waived() {
    let stage = Stage::new();
    stage.change_world(|tx| tx.pay(tx.state().account_named("demo@example.com").unwrap().uid, 500));
    let before = stage.state_version();
    stage
        .call_about_account("ApplyAgOneKeyDeleteTask", &[])
        .assert_refused(200, "ACCOUNT_DELETE_CHECK_FAILED");
    let of = [("AppName", "test"), ("Pk", stage.pk.as_str())];
    stage.demo.account_crm("AccountOneKeyDelete", &of).assert_refused(200, "ACCOUNT_DELETE_CHECK_FAILED");
    assert_eq!(stage.state_version(), before);
    let blocks = stage.demo.account_crm("QueryOneKeyDeleteBlockList", &of).assert_ok();
    assert_eq!(field_texts(blocks["Data"].as_array().unwrap(), "BlockCode"), ["BALANCE"]);

    let task = stage.call_about_account("ApplyAgOneKeyOnlyCheckerTask", &[]).assert_ok()["Data"]
        .as_str()
        .unwrap()
        .to_owned();

    let found = stage
        .call_about_account("QueryDeleteTaskCheckData", &[("TaskId", &task), ("TaskType", "check")])
        .assert_ok();
    let found = found["TaskCheckDataDtoList"].as_array().unwrap().clone();
    assert_eq!(
        (&found[0]["CheckerUniKey"], &found[0]["DependencyLevel"]),
        (&"BALANCE".into(), &"ABANDONABLE".into())
    );
    let shown = stage.call_about_account("GetAgOneKeyDeleteTask", &[("TaskId", &task)]).assert_ok();
    assert_eq!(shown["TaskDto"]["DeleteStatus"], "PreCheckComplete");
    stage
        .call_about_account("GetAgOneKeyDeleteTask", &[("TaskId", "7")])
        .assert_refused(200, "TASK_NOT_EXIST");
    stage
        .call_about_account("QueryDeleteTaskCheckData", &[("TaskId", "7"), ("TaskType", "check")])
        .assert_refused(200, "TASK_NOT_EXIST");
    stage
        .call_about_account("ApplyAgOneKeyDeleteTask", &[("AbandonedDependency", r#"["BALANCE"]"#)])
        .assert_ok();
}

#[test]
fn an_account_with_pay_as_you_go_orders_has_a_quiet_period_before_it_closes() {
    let stage = Stage::new();
    let (instance, uid) = (stage.buy_instance(), stage.uid());
    stage
        .call_about_account("ApplyAgOneKeyDeleteTask", &[("AbandonedDependency", "BALANCE,RESOURCES")])
        .assert_refused(200, "ACCOUNT_DELETE_CHECK_FAILED");
    stage.change_world(|tx| tx.release(uid, &instance));
    assert_eq!(stage.call_about_account("JudgeAgExistQuietPeriod", &[]).assert_ok()["Data"], true);

    let applied = stage
        .call_about_account("ApplyAgOneKeyDeleteTask", &[("AbandonedDependency", "BALANCE")])
        .assert_ok();

    let task = applied["Data"].as_str().unwrap();
    let shown = || {
        stage.call_about_account("GetAgOneKeyDeleteTask", &[("TaskId", task)]).assert_ok()["TaskDto"].clone()
    };
    assert_eq!((&shown()["DeleteStatus"], &shown()["ExistQuietPeriod"]), (&"Deleting".into(), &true.into()));
    assert_eq!(shown()["QuietPeriodEndTime"], "2026-12-23T08:00:00Z");
    stage.call_about_account("ApplyAgOneKeyDeleteTask", &[]).assert_refused(200, "ACCOUNT_CLOSING");
    stage.demo.sts("GetCallerIdentity", &[]).assert_ok();
    stage.lab.advance_clock("744h");
    assert_eq!(shown()["DeleteStatus"], "Success");
    assert_eq!(stage.call_about_account("JudgeAgExistQuietPeriod", &[]).assert_ok()["Data"], false);
}
