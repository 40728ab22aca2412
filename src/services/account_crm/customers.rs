//! Business of a customer. Source: docs/evidence/account.md 3.3.

use crate::error::Result;
use crate::operation::{Operation, read, write};
use crate::params::request;
use crate::services::account_crm::sheet::{Sheet, Texts};
use crate::services::account_crm::{ALL, Changed, changed};
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::partner::Subject;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        read("GetCustomerInformation", ALL, information),
        read("FindCustomerInfo", ALL, info),
        write("UpdateCustomerInformation", ALL, update),
        write("ModifyCustomerInfo", ALL, update),
    ]
}

request! {
    /// Parameters of `GetCustomerInformation` and `FindCustomerInfo`.
    struct Customer {
        who: Subject = "UserId",
    }
}

type Business = Enveloped<Data<Texts>>;

fn business(view: &View<'_>, req: &Customer, names: &[&'static str]) -> Result<Business> {
    let account = view.state.account(req.who.uid(view)?)?;
    Ok(Enveloped::data(Sheet(account).texts(names)))
}

/// `GetCustomerInformation`: returns business, category and website of a customer.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn information(view: View<'_>, req: Customer) -> Result<Business> {
    business(&view, &req, &["Biz", "CustomerCategory", "Website"])
}

/// `FindCustomerInfo`: the same without the category.
fn info(view: View<'_>, req: Customer) -> Result<Business> {
    business(&view, &req, &["Biz", "Website"])
}

request! {
    /// Parameters of `UpdateCustomerInformation` and `ModifyCustomerInfo`. Missing ones keep their values.
    struct Update {
        biz: Option<String> = "Biz",
        category: Option<String> = "CustomerCategory",
        sub_category: Option<String> = "CustomerSubCategory",
        who: Subject = "UserId",
        website: Option<String> = "Website",
    }
}

/// `UpdateCustomerInformation`, `ModifyCustomerInfo`: set business, category and website of a customer.
///
/// Fail with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: tests/data/api/account_crm20160606.json.
fn update(tx: &mut Tx<'_>, req: Update) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    let details = [
        ("Biz", &req.biz),
        ("CustomerCategory", &req.category),
        ("CustomerSubCategory", &req.sub_category),
        ("Website", &req.website),
    ];
    tx.set_details(uid, details.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))))?;
    Ok(changed())
}
