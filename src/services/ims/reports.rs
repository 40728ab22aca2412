//! Operations on reports. Source: docs/evidence/ims.md 4.9 and section 6.
//!
//! UNCERTAIN: the codes of governance reports; here those of the credential report.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::{On, Operation, Resource, read, write};
use crate::params::request;
use crate::services::shared::reply::Marker;
use crate::text::{Bounded, Flaw, Timestamp};
use crate::world::account::{
    Account, CredentialReport, Governance, GovernanceItem, Made, Metric, Practice, Reports, Stage,
};
use crate::world::{Refusal, Tx, View};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::Arc;

/// The rows of this file.
pub(super) fn operations() -> [Operation; 7] {
    let on: On = &[Resource::Anything];
    [
        write("GenerateCredentialReport", on, generate_credential),
        read("GetCredentialReport", on, credential),
        write("GenerateGovernanceReport", on, generate_governance),
        read("GetGovernanceReportStatus", on, governance_status),
        read("ListRecentGovernanceMetrics", on, governance_metrics),
        read("GetGovernanceItemReport", on, governance_item),
        read("GetAccountSecurityPracticeReport", on, practice),
    ]
}

request! {
    /// Parameters of actions without parameters.
    struct Nothing {}

    /// Parameters of `GetCredentialReport`.
    struct GetCredential {
        max_items: Option<Bounded<1, 3501>> = "MaxItems",
        token: Option<Marker> = "NextToken",
    }

    /// Parameters of `GetGovernanceItemReport`.
    struct GetItem {
        item: String = "GovernanceItemType",
        marker: Option<Marker> = "Marker",
        max_items: Option<Bounded<1, 1000>> = "MaxItems",
    }
}

/// Response of `GenerateCredentialReport` and `GenerateGovernanceReport`.
#[apply(reply)]
struct State {
    state: &'static str,
}

/// Asks for a report. A valid one is not generated again.
fn ask<T>(
    tx: &mut Tx<'_>,
    last: fn(&mut Reports) -> &mut Option<Arc<Made<T>>>,
    make: fn(&Tx<'_>, &Account) -> T,
) -> Result<Stage> {
    let mut reports = tx.account()?.affairs.reports.clone();
    if let Some(made) = last(&mut reports).as_ref().filter(|made| made.is_valid(tx.now)) {
        return Ok(made.stage(tx.now));
    }
    let content = make(tx, tx.account()?);
    let report = Made::new(content, tx.now, tx.rules().report_time.0);
    *last(&mut reports) = Some(Arc::new(report));
    tx.account_mut()?.0.affairs_mut().reports = reports;
    Ok(Stage::Started)
}

/// `GenerateCredentialReport`: generates a report, unless there is one of the last four hours.
fn generate_credential(tx: &mut Tx<'_>, _: Nothing) -> Result<State> {
    let make = |tx: &Tx<'_>, account: &Account| CredentialReport::of(account, &|key| tx.last_use(key));
    let stage = ask(tx, |reports| &mut reports.credential, make)?;
    Ok(State {
        state: match stage {
            Stage::Started => "STARTED",
            Stage::InProgress => "INPROGRESS",
            Stage::Completed => "COMPLETED",
        },
    })
}

/// Response of `GetCredentialReport`.
#[apply(reply)]
struct CredentialReply {
    content: String,
    generated_time: Timestamp,
    /// A text, unlike elsewhere.
    is_truncated: &'static str,
    next_token: Option<Marker>,
}

/// `GetCredentialReport`: returns lines of the report. Only the first page has the header, which counts as a line (UNCERTAIN).
///
/// Fails with `EntityNotExist.Report` without a report, with `ReportNotGenerated` before it is ready, and with
/// `Expired.CredentialReport` after four hours (UNCERTAIN: which code comes when).
fn credential(view: View<'_>, req: GetCredential) -> Result<CredentialReply> {
    let made = Made::read(view.account()?.affairs.reports.credential.as_ref(), view.now)?;
    let first = req.token.map_or(0, |token| token.0 as usize);
    let count = usize::try_from(req.max_items.map_or(3501, |max| max.0)).expect("between 1 and 3501");
    let (page, next) = made.content().page(first, count);
    let next = next.and_then(|next| u32::try_from(next).ok()).map(Marker);
    Ok(CredentialReply {
        content: STANDARD.encode(page),
        generated_time: made.ready,
        is_truncated: if next.is_some() { "true" } else { "false" },
        next_token: next,
    })
}

/// Name of a stage in governance reports.
fn mixed_case(stage: Stage) -> &'static str {
    match stage {
        Stage::Started => "Started",
        Stage::InProgress => "Progressing",
        Stage::Completed => "Completed",
    }
}

/// `GenerateGovernanceReport`: generates a report, unless there is one of the last four hours (UNCERTAIN).
fn generate_governance(tx: &mut Tx<'_>, _: Nothing) -> Result<State> {
    let make = |tx: &Tx<'_>, account: &Account| Governance::of(account, &|key| tx.last_use(key), tx.now);
    let stage = ask(tx, |reports| &mut reports.governance, make)?;
    Ok(State { state: mixed_case(stage) })
}

/// Response of `GetGovernanceReportStatus`.
#[apply(reply)]
struct StatusReply {
    whole_report_status: &'static str,
    governance_items_status: ItemsStatus,
}

#[apply(reply)]
struct ItemsStatus {
    governance_item_status: Vec<ItemStatus>,
}

#[apply(reply)]
struct ItemStatus {
    governance_item: &'static str,
    status: &'static str,
}

/// `GetGovernanceReportStatus`: returns the status of the report and of its items, which are ready together.
///
/// Fails with `EntityNotExist.Report`.
fn governance_status(view: View<'_>, _: Nothing) -> Result<StatusReply> {
    let made = view.account()?.affairs.reports.governance.as_ref().ok_or(Refusal::NoReport)?;
    let status = mixed_case(made.stage(view.now));
    let items = made.content().0.keys().map(|item| ItemStatus { governance_item: item, status });
    Ok(StatusReply {
        whole_report_status: status,
        governance_items_status: ItemsStatus { governance_item_status: items.collect() },
    })
}

/// Returns the governance report.
fn governance(view: View<'_>) -> Result<&Made<Governance>> {
    Ok(Made::read(view.account()?.affairs.reports.governance.as_ref(), view.now)?)
}

/// Response of `ListRecentGovernanceMetrics`.
#[apply(reply)]
struct MetricsReply {
    generate_time: Timestamp,
    governance_metrics: Metrics,
}

#[apply(reply)]
struct Metrics {
    governance_metric: Vec<MetricView>,
}

#[apply(reply)]
struct MetricView {
    governance_item: &'static str,
    metric_type: &'static str,
    metric_value: Metric,
}

/// `ListRecentGovernanceMetrics`: returns the value of each item.
///
/// Fails with `EntityNotExist.Report`, `ReportNotGenerated` and `Expired.CredentialReport`.
fn governance_metrics(view: View<'_>, _: Nothing) -> Result<MetricsReply> {
    let made = governance(view)?;
    let metric = |(name, item): (&&'static str, &GovernanceItem)| MetricView {
        governance_item: name,
        metric_type: item.value.kind(),
        metric_value: item.value.clone(),
    };
    let governance_metric = made.content().0.iter().map(metric).collect();
    Ok(MetricsReply { generate_time: made.ready, governance_metrics: Metrics { governance_metric } })
}

/// Response of `GetGovernanceItemReport`.
#[apply(reply)]
struct ItemReply {
    generate_time: Timestamp,
    metric_type: &'static str,
    metric_value: Metric,
    columns_schema: Schema,
    columns_value: Rows,
    is_truncated: bool,
    marker: Option<Marker>,
}

#[apply(reply)]
struct Schema {
    column_schema: Vec<Column>,
}

#[apply(reply)]
struct Column {
    column_name: &'static str,
    column_type: &'static str,
}

#[apply(reply)]
struct Rows {
    column_row: Vec<Row>,
}

#[apply(reply)]
struct Row {
    column_value: Vec<Metric>,
}

/// `GetGovernanceItemReport`: returns the value of an item and a page of its table.
///
/// Fails with `InvalidParameter.GovernanceItemType`, `EntityNotExist.Report`, `ReportNotGenerated` and `Expired.CredentialReport`.
fn governance_item(view: View<'_>, req: GetItem) -> Result<ItemReply, Failure> {
    let made = governance(view)?;
    let unknown = Flawed::new("GovernanceItemType", Flaw::Value);
    let item = made.content().0.get(req.item.as_str()).ok_or(unknown)?;
    let first = req.marker.map_or(0, |marker| marker.0 as usize);
    let count = usize::try_from(req.max_items.map_or(1000, |max| max.0)).expect("between 1 and 1000");
    let mut rows = item.rows.iter().skip(first);
    let column_row = rows.by_ref().take(count).map(|row| Row { column_value: row.clone() }).collect();
    let next = rows.next().and_then(|_| u32::try_from(first + count).ok());
    let column =
        |(name, kind): &(&'static str, &'static str)| Column { column_name: name, column_type: kind };
    Ok(ItemReply {
        generate_time: made.ready,
        metric_type: item.value.kind(),
        metric_value: item.value.clone(),
        columns_schema: Schema { column_schema: item.columns.iter().map(column).collect() },
        columns_value: Rows { column_row },
        is_truncated: next.is_some(),
        marker: next.map(Marker),
    })
}

/// Response of `GetAccountSecurityPracticeReport`.
#[apply(reply)]
struct PracticeReply {
    account_security_practice_info: PracticeInfo,
}

#[apply(reply)]
struct PracticeInfo {
    score: usize,
    account_security_practice_user_info: PracticeView,
}

#[apply(reply)]
struct PracticeView {
    bind_mfa: bool,
    old_ak_num: usize,
    root_with_access_key: usize,
    sub_user: usize,
    sub_user_bind_mfa: usize,
    sub_user_pwd_level: &'static str,
    sub_user_with_old_access_key: usize,
    sub_user_with_unused_access_key: usize,
    unused_ak_num: usize,
}

/// `GetAccountSecurityPracticeReport`: examines the account now.
fn practice(view: View<'_>, _: Nothing) -> Result<PracticeReply> {
    let found = Practice::of(view.account()?, &|key| view.last_use(key), view.now);
    Ok(PracticeReply {
        account_security_practice_info: PracticeInfo {
            score: found.score(),
            account_security_practice_user_info: PracticeView {
                bind_mfa: found.bind_mfa,
                old_ak_num: found.old_keys,
                root_with_access_key: found.root_keys,
                sub_user: found.users,
                sub_user_bind_mfa: found.users_with_mfa,
                sub_user_pwd_level: found.password_level,
                sub_user_with_old_access_key: found.users_with_old_keys,
                sub_user_with_unused_access_key: found.users_with_unused_keys,
                unused_ak_num: found.unused_keys,
            },
        },
    })
}
