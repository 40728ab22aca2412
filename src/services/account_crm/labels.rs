//! Labels of accounts, shared with Crm. Source: docs/evidence/account.md 3.3.

use crate::error::{Failure, Flawed, Result};
use crate::operation::{Operation, read, write};
use crate::params::{Filled, request};
use crate::services::account_crm::{ALL, Changed, changed};
use crate::services::crm::labels::{self, LabelView};
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::partner::Subject;
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{Unread, When};
use crate::text::Flaw;
use crate::world::account::Label;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        write("AddCustomerLabel", ALL, add),
        write("DeleteCustomerLabel", ALL, delete),
        read("QueryCustomerLabel", ALL, query),
    ]
}

request! {
    /// Parameters of `AddCustomerLabel` and `DeleteCustomerLabel`.
    struct LabelsOf {
        end: Option<When> = "Endtime",
        series: String = "LabelSeries",
        types: Filled<String> = "LabelTypes",
        _organization: Unread = "Organization",
        who: Subject = "PK",
        start: Option<When> = "StartTime",
        _user_name: Unread = "UserName",
    }
}

impl LabelsOf {
    fn labels(&self) -> Vec<Label> {
        let label = |name: &String| (self.series.as_str().into(), name.as_str().into());
        self.types.0.iter().map(label).collect()
    }
}

/// `AddCustomerLabel`: adds a label to an account, without end or until a time. Labels apply at once. A later start is rejected, because
/// alimock has no event to start it.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, `Missing<Name>` and `InvalidParameter.StartTime`.
/// Source: docs/evidence/account.md 3.3.
fn add(tx: &mut Tx<'_>, req: LabelsOf) -> Result<Changed, Failure> {
    let uid = req.who.uid(tx)?;
    if req.start.is_some_and(|start| start.0 > tx.now) {
        return Err(Flawed::new("StartTime", Flaw::Value).into());
    }
    labels::set(tx, uid, req.labels(), req.end)?;
    Ok(changed())
}

/// `DeleteCustomerLabel`: removes labels, either all or none.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, `Missing<Name>`, and in the body with `LABEL_NOT_EXIST`.
/// Source: docs/evidence/account.md 3.3.
fn delete(tx: &mut Tx<'_>, req: LabelsOf) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    labels::remove(tx, uid, &req.labels())?;
    Ok(changed())
}

request! {
    /// Parameters of `QueryCustomerLabel`.
    struct QueryLabels {
        series: Option<String> = "LabelSeries",
        who: Subject = "PK",
    }
}

/// `QueryCustomerLabel`: returns the current labels of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn query(view: View<'_>, req: QueryLabels) -> Result<Enveloped<Data<Only<Vec<LabelView>>>>> {
    let uid = req.who.uid(&view)?;
    let customer_label = labels::views(view, uid, req.series.as_deref())?;
    Ok(Enveloped::data(Only("CustomerLabel", customer_label)))
}
