//! Plants the life of an account.

use crate::scenario::file::AccountFile;
use crate::scenario::grouping::group_of;
use crate::scenario::life::{InstanceFile, RealNameFile};
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::text::{Moment, Timestamp, Uid};
use crate::world::account::{Decision, Method, NewInstance, Order, RealNameStatus, Submission};
use crate::world::{Act, NotDone, Refusal, SetSecurity, Tx};

/// Maximum number of instances of an account: each is searched for among all of them.
const MOST_INSTANCES: usize = 10_000;

/// Plants everything except the state of the account, which comes last.
pub(in crate::scenario) fn plant(
    file: &AccountFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
    misfits: &mut Misfits,
) {
    if let Some(security) = &file.security {
        misfits.note(plant_security(security, &at.field("security"), uid, tx));
    }
    if let Some(real_name) = &file.real_name {
        misfits.note(plant_real_name(real_name, &at.field("realName"), uid, tx));
    }
    let now = tx.now;
    if let Ok((account, _)) = tx.account_of(uid) {
        let affairs = account.affairs_mut();
        for (service, statuses) in &file.services {
            for (key, value) in statuses {
                affairs.set_business(service, key, value);
            }
        }
        for label in &file.labels {
            let until = label.until.map(|until| until.at(now));
            affairs.labels.insert((label.series.as_str().into(), label.name.as_str().into()), until);
        }
    }
    if file.instances.len() > MOST_INSTANCES {
        let why =
            format!("there are {} instances: an account has {MOST_INSTANCES} at most", file.instances.len());
        return misfits.add([at.field("instances").wrong(why)]);
    }
    for (index, instance) in file.instances.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_instance(instance, &at.item("instances", index), uid, tx));
    }
}

/// Sets the state of the account. A closed account accepts no further changes.
pub(in crate::scenario) fn plant_state(
    file: &AccountFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let Some(state) = &file.state else { return Ok(()) };
    state.act(uid, tx).map(drop).map_err(|why| at.field("state").not_done(why))
}

fn when(moment: Option<Moment>, now: Timestamp) -> Option<Timestamp> {
    moment.map(|moment| moment.at(now))
}

fn plant_security(security: &SetSecurity, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    security.act(uid, tx).map_err(|why| match why {
        NotDone::Refused(refusal @ Refusal::RootPasswordTooWeak) => at.field("password").refused(refusal),
        why => at.not_done(why),
    })
}

fn plant_instance(file: &InstanceFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let [kind, region, parameters] = [&file.r#type, &file.region, &file.parameters].map(Option::as_deref);
    let new = NewInstance {
        pinned: (file.id.as_deref().map(Into::into), file.order),
        order: Order::new(&file.product, kind, file.months, region, parameters),
        token: file.client_token.as_deref().map(Into::into),
        price_cents: file.price.unwrap_or_default().0,
        created: when(file.bought, tx.now),
        released: when(file.released, tx.now),
        group: group_of(file.resource_group.as_deref(), &at.field("resourceGroup"), uid, tx)?,
    };
    tx.add_instance(uid, new).map(drop).map_err(|refusal| at.field("id").refused(refusal))
}

fn plant_real_name(file: &RealNameFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    use RealNameStatus::{Cancelled, NeedsUpdate, NotVerified, Rejected, UnderReview, Verified};
    if file.status != Rejected && (file.code.is_some() || file.reason.is_some()) {
        return Err(at.wrong("`code` and `reason` are of a rejection"));
    }
    if file.status == NotVerified {
        return Ok(());
    }
    let method = file.method.unwrap_or(Method::Document);
    if method.is_instant() && !matches!(file.status, Verified | NeedsUpdate) {
        return Err(at
            .field("method")
            .wrong("an application in this way is decided at once: it can only be VERIFIED"));
    }
    let identity = file.identity(tx.now);
    let refused = |refusal| at.refused(refusal);
    if method == Method::Kyc {
        tx.ask_for_kyc(uid).map_err(refused)?;
    }
    let application = tx.submit(uid, Submission { method, identity }).map_err(refused)?;
    let id = application.id;
    let decisions = match file.status {
        NotVerified | UnderReview => vec![],
        Cancelled => return tx.cancel_application(uid, id).map_err(refused),
        Verified => vec![Decision::Approve],
        NeedsUpdate => vec![Decision::Approve, Decision::Expire],
        Rejected => {
            let code = file.code.clone().unwrap_or_else(|| "DOCUMENT".to_owned());
            let reason = file.reason.clone().unwrap_or_else(|| "The document is not legible.".to_owned());
            vec![Decision::Reject { code, reason }]
        }
    };
    // An application that was decided at once needs no approval.
    let decisions = decisions.into_iter().skip(usize::from(application.decided.is_some()));
    decisions.into_iter().try_for_each(|decision| tx.decide(uid, id, decision)).map_err(refused)
}
