//! Closing of accounts, and deletion of personal data. Source: docs/evidence/account.md 3.3 and 1.7.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{Operation, read, write};
use crate::params::request;
use crate::services::account_crm::{ALL, Changed, OneChild, changed};
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::partner::{Child, Subject};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{self, Unread, Words};
use crate::world::account::{Account, Check};
use crate::world::refusal::Refusal;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        write("AccountOneKeyDelete", ALL, delete),
        write("ApplyAgOneKeyDeleteTask", ALL, apply),
        write("ApplyAgOneKeyOnlyCheckerTask", ALL, check),
        read("GetAgOneKeyDeleteTask", ALL, task),
        read("JudgeAgExistQuietPeriod", ALL, has_quiet_period),
        read("QueryDeleteTaskCheckData", ALL, check_data),
        read("QueryOneKeyDeleteBlockList", ALL, block_list),
        write("CustomerSensitiveInfoLogicalDelete", ALL, hide_person),
        write("CustomerSensitiveInfoPhysicalDelete", ALL, forget_person),
    ]
}

request! {
    /// Parameters of `AccountOneKeyDelete` and `QueryOneKeyDeleteBlockList`.
    struct OneAccount {
        _app: Unread = "AppName",
        who: Subject = "Pk",
    }
}

/// `AccountOneKeyDelete`: closes an account, at once or after a silence period.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `ACCOUNT_DELETE_CHECK_FAILED` and
/// `ACCOUNT_CLOSING`. Source: docs/evidence/account.md 3.3 and 1.7.
fn delete(tx: &mut Tx<'_>, req: OneAccount) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    tx.close(uid, &[])?;
    Ok(changed())
}

request! {
    /// Parameters of `ApplyAgOneKeyDeleteTask`.
    struct Apply {
        given_up: Option<Words> = "AbandonedDependency",
        _kind: Unread = "AgAccountType",
        _app: Unread = "AppName",
        who: Child = "Pk",
    }
}

#[apply(reply)]
struct Applied {
    data: String,
    need_abandon_sp_after_pay: bool,
}

/// `ApplyAgOneKeyDeleteTask`: closes an account of the partner; returns the number of the task. `AbandonedDependency` lists the
/// `CheckerUniKey` of resources to give up. UNCERTAIN: the effect of an unmet condition; here the call is rejected, and
/// `NeedAbandonSpAfterPay` is never true.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `ACCOUNT_DELETE_CHECK_FAILED` and
/// `ACCOUNT_CLOSING`. Source: docs/evidence/account.md 3.3 and 1.7.
fn apply(tx: &mut Tx<'_>, req: Apply) -> Result<Enveloped<Applied>> {
    let uid = req.who.uid(tx)?;
    let given_up: Vec<&str> = req.given_up.iter().flat_map(|words| &words.0).map(String::as_str).collect();
    let data = tx.close(uid, &given_up)?.task.to_string();
    Ok(Enveloped::new(Applied { data, need_abandon_sp_after_pay: false }))
}

/// `ApplyAgOneKeyOnlyCheckerTask`: checks if an account can be closed; returns the number of the task. The next check replaces this
/// task.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn check(tx: &mut Tx<'_>, req: OneChild) -> Result<Enveloped<Data<String>>> {
    let uid = req.who.uid(tx)?;
    Ok(Enveloped::data(tx.check_closing(uid)?.to_string()))
}

request! {
    /// Parameters of `GetAgOneKeyDeleteTask`.
    struct TaskOf {
        _kind: Unread = "AgAccountType",
        _app: Unread = "AppName",
        who: Child = "Pk",
        task: String = "TaskId",
    }
}

#[apply(reply)]
struct Task {
    delete_status: &'static str,
    exist_quiet_period: bool,
    quiet_period_end_time: String,
}

/// Result of the check with this number, if it is the latest.
fn found<'a>(account: &'a Account, number: &str) -> Option<&'a [Check]> {
    let (its, checks) = account.affairs.checked.as_ref()?;
    (its.to_string() == number).then_some(checks)
}

/// `GetAgOneKeyDeleteTask`: returns the state of a closing or a check.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `TASK_NOT_EXIST`. Source: docs/evidence/account.md 3.3.
fn task(view: View<'_>, req: TaskOf) -> Result<Enveloped<Only<Task>>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let closure = account.standing().closure().filter(|closure| closure.task.to_string() == req.task);
    let task = match (closure, found(account, &req.task)) {
        (Some(closure), _) => {
            let is_quiet = closure.ends > closure.since;
            Task {
                delete_status: vocabulary::delete_status(closure),
                exist_quiet_period: is_quiet,
                quiet_period_end_time: if is_quiet { closure.ends.to_string() } else { String::new() },
            }
        }
        (None, Some(_)) => Task {
            delete_status: vocabulary::CHECKED,
            exist_quiet_period: will_be_quiet(&view, account),
            quiet_period_end_time: String::new(),
        },
        (None, None) => return Err(Refusal::NoSuchTask.into()),
    };
    Ok(Enveloped::new(Only("TaskDto", task)))
}

/// Returns `true` if a silence period comes before the closing. Source: docs/evidence/account.md 1.7.
fn will_be_quiet(view: &View<'_>, account: &Account) -> bool {
    account.paid_by_use(view.state.registry.rules.silence.millis(), view.now)
}

/// `JudgeAgExistQuietPeriod`: returns `true` if an account is in its silence period, or needs one before its closing.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3. UNCERTAIN: which of the two it means.
fn has_quiet_period(view: View<'_>, req: OneChild) -> Result<Enveloped<Data<bool>>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let is_quiet = match account.standing().closure() {
        Some(closure) => !closure.is_done,
        None => will_be_quiet(&view, account),
    };
    Ok(Enveloped::data(is_quiet))
}

request! {
    /// Parameters of `QueryDeleteTaskCheckData`.
    struct CheckDataOf {
        _kind: Unread = "AgAccountType",
        _app: Option<Unread> = "AppName",
        _language: Option<Unread> = "LongLang",
        who: Child = "Pk",
        task: String = "TaskId",
        _task_type: Unread = "TaskType",
    }
}

#[apply(reply)]
struct Checked {
    checker_desc: &'static str,
    checker_name: &'static str,
    checker_uni_key: &'static str,
    dependency_level: &'static str,
}

/// UNCERTAIN: the values of `DependencyLevel`.
impl From<&Check> for Checked {
    fn from(check: &Check) -> Self {
        Self {
            checker_desc: check.description,
            checker_name: check.name,
            checker_uni_key: check.id,
            dependency_level: if check.waivable { "ABANDONABLE" } else { "REQUIRED" },
        }
    }
}

/// `QueryDeleteTaskCheckData`: returns the unmet conditions that a check found. For a task that closes the account, the list is empty.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `TASK_NOT_EXIST`. Source: docs/evidence/account.md 3.3.
fn check_data(view: View<'_>, req: CheckDataOf) -> Result<Enveloped<Only<Vec<Checked>>>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let closes = account.standing().closure().is_some_and(|closure| closure.task.to_string() == req.task);
    let checks = found(account, &req.task).or(closes.then_some(&[]));
    let checks = checks.ok_or(Refusal::NoSuchTask)?;
    let list = checks.iter().map(Checked::from).collect();
    Ok(Enveloped::new(Only("TaskCheckDataDtoList", list)))
}

#[apply(reply)]
struct Block {
    block_code: &'static str,
    block_msg: &'static str,
}

/// `QueryOneKeyDeleteBlockList`: returns the conditions that prevent the closing of an account now.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3 and 1.7.
fn block_list(view: View<'_>, req: OneAccount) -> Result<Enveloped<Data<Vec<Block>>>> {
    let checks = view.state.account(req.who.uid(&view)?)?.closing_checks();
    let block = |check: &Check| Block { block_code: check.id, block_msg: check.description };
    Ok(Enveloped::data(checks.iter().map(block).collect()))
}

request! {
    /// Parameters of both actions about personal data.
    struct Person {
        who: Subject = "Uid",
    }
}

/// `CustomerSensitiveInfoLogicalDelete`: hides names, contacts and documents of an account in this product.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3. UNCERTAIN: which data is sensitive.
fn hide_person(tx: &mut Tx<'_>, req: Person) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    tx.forget_person(uid, false)?;
    Ok(changed())
}

/// `CustomerSensitiveInfoPhysicalDelete`: deletes contacts, details and verification of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3. UNCERTAIN: which data is sensitive.
fn forget_person(tx: &mut Tx<'_>, req: Person) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    tx.forget_person(uid, true)?;
    Ok(changed())
}
