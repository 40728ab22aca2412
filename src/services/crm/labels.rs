//! Labels that the platform and partners set on accounts. Source: docs/evidence/account.md 3.2.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{Audience, On, Operation, Resource, read, write};
use crate::params::request;
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::partner::Pk;
use crate::services::shared::vocabulary::{Unread, When};
use crate::text::Uid;
use crate::world::account::Label;
use crate::world::refusal::Refusal;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    vec![
        write("AddLabel", all, add),
        write("AddLabelForBid", all, add_for_bid),
        read("CheckLabel", all, check),
        read("CheckLabelForBid", all, check_for_bid),
        write("DeleteLabel", all, delete),
        write("DeleteLabelForBid", all, delete_for_bid),
        // It is about the caller's own account and needs no partner (INFERRED: it takes no `PK`).
        read("QueryCustomerLabel", all, query).open_to(Audience::Signed),
    ]
}

request! {
    /// Parameters of `AddLabel`, `CheckLabel` and `DeleteLabel`. UNCERTAIN: the required ones.
    struct OfPlatform {
        pk: Pk = "PK",
        series: String = "LabelSeries",
        name: String = "LabelName",
        end: Option<When> = "EndTime",
        _organization: Option<Unread> = "Organization",
        _user_name: Option<Unread> = "UserName",
    }

    /// Parameters of `AddLabelForBid`, `CheckLabelForBid` and `DeleteLabelForBid`. UNCERTAIN: the required ones.
    struct OfPartner {
        pk: Pk = "PK",
        series: String = "LabelSeries",
        name: String = "Label",
        end: Option<When> = "EndTime",
    }

    /// Parameters of `QueryCustomerLabel`.
    struct QueryLabels {
        series: Option<String> = "LabelSeries",
    }
}

/// Label and account of a call. Both families share the labels (UNCERTAIN).
struct About {
    pk: Pk,
    label: Label,
    end: Option<When>,
}

impl From<OfPlatform> for About {
    fn from(req: OfPlatform) -> Self {
        Self { pk: req.pk, label: (req.series.into(), req.name.into()), end: req.end }
    }
}

impl From<OfPartner> for About {
    fn from(req: OfPartner) -> Self {
        Self { pk: req.pk, label: (req.series.into(), req.name.into()), end: req.end }
    }
}

/// Response of all six actions. UNCERTAIN: its values.
#[apply(reply)]
struct Outcome {
    result: &'static str,
}

const DONE: Outcome = Outcome { result: "Success" };

/// `AddLabel`: adds a label to an account, without end or until a time. For an existing label, it changes the end.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch`, `MissingParameter` and `InvalidParameter`.
/// Source: docs/evidence/account.md 3.2.
fn add(tx: &mut Tx<'_>, req: OfPlatform) -> Result<Outcome> {
    add_label(tx, req.into())
}

/// `AddLabelForBid`: the same as `AddLabel`.
fn add_for_bid(tx: &mut Tx<'_>, req: OfPartner) -> Result<Outcome> {
    add_label(tx, req.into())
}

fn add_label(tx: &mut Tx<'_>, about: About) -> Result<Outcome> {
    let uid = about.pk.of(tx)?;
    set(tx, uid, [about.label], about.end)?;
    Ok(DONE)
}

/// `CheckLabel`: returns `true` if an account has a label now, otherwise `false`.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `MissingParameter`. Source: docs/evidence/account.md 3.2.
fn check(view: View<'_>, req: OfPlatform) -> Result<Outcome> {
    check_label(view, req.into())
}

/// `CheckLabelForBid`: the same as `CheckLabel`.
fn check_for_bid(view: View<'_>, req: OfPartner) -> Result<Outcome> {
    check_label(view, req.into())
}

fn check_label(view: View<'_>, about: About) -> Result<Outcome> {
    let account = view.state.account(about.pk.of(&view)?)?;
    let has = account.affairs.labels_at(view.now).any(|label| *label == about.label);
    Ok(Outcome { result: if has { "true" } else { "false" } })
}

/// `DeleteLabel`: removes a label.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch`, `MissingParameter` and `LABEL_NOT_EXIST` (UNCERTAIN: no code is
/// known). Source: docs/evidence/account.md 3.2.
fn delete(tx: &mut Tx<'_>, req: OfPlatform) -> Result<Outcome> {
    delete_label(tx, req.into())
}

/// `DeleteLabelForBid`: the same as `DeleteLabel`.
fn delete_for_bid(tx: &mut Tx<'_>, req: OfPartner) -> Result<Outcome> {
    delete_label(tx, req.into())
}

fn delete_label(tx: &mut Tx<'_>, about: About) -> Result<Outcome> {
    let uid = about.pk.of(tx)?;
    remove(tx, uid, &[about.label])?;
    Ok(DONE)
}

/// Adds a label to an account; also for account-crm.
pub(in crate::services) fn set(
    tx: &mut Tx<'_>,
    uid: Uid,
    labels: impl IntoIterator<Item = Label>,
    end: Option<When>,
) -> Result<()> {
    tx.open_account(uid)?;
    let held = &mut tx.account_of(uid)?.0.affairs_mut().labels;
    held.extend(labels.into_iter().map(|label| (label, end.map(|end| end.0))));
    Ok(())
}

/// Removes labels, which must all exist; also for account-crm.
pub(in crate::services) fn remove(tx: &mut Tx<'_>, uid: Uid, labels: &[Label]) -> Result<()> {
    tx.open_account(uid)?;
    let now = tx.now;
    let affairs = tx.account_of(uid)?.0.affairs_mut();
    for label in labels {
        if !affairs.labels_at(now).any(|held| held == label) {
            return Err(Refusal::NoSuchLabel.into());
        }
        affairs.labels.remove(label);
    }
    Ok(())
}

/// A label.
#[apply(reply)]
pub(in crate::services) struct LabelView {
    label: String,
    label_series: String,
}

/// Current labels of an account, optionally of one series.
pub(in crate::services) fn views(view: View<'_>, uid: Uid, series: Option<&str>) -> Result<Vec<LabelView>> {
    let labels = view.state.account(uid)?.affairs.labels_at(view.now);
    let labels = labels.filter(|(its, _)| series.is_none_or(|wanted| wanted == its));
    Ok(labels
        .map(|(series, name)| LabelView { label: name.to_string(), label_series: series.to_string() })
        .collect())
}

/// `QueryCustomerLabel`: returns the labels of the caller's account.
///
/// Source: docs/evidence/account.md 3.2.
fn query(view: View<'_>, req: QueryLabels) -> Result<Enveloped<Data<Vec<LabelView>>>> {
    let uid = view.account()?.uid;
    Ok(Enveloped::data(views(view, uid, req.series.as_deref())?))
}
