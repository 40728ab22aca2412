//! Plants what a file says of the life of an account.

use crate::scenario::file::AccountFile;
use crate::scenario::life::{InstanceFile, RealNameFile, SecurityFile};
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::text::{LicenseNumber, Moment, Password, PersonName, Timestamp, Uid, cents_of};
use crate::world::account::{
    Decision, Hold, Identity, Method, NewInstance, Order, RealNameStatus, Seed, Status, Subject, Submission,
};
use crate::world::{SetSecurity, SetState, Tx, papers};

/// Instances of one account: each is looked for among all of them.
const MOST_INSTANCES: usize = 10_000;

/// Plants everything but how the account stands, which comes last.
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

/// Lets the account stand as the file says. A closed account takes nothing more.
pub(in crate::scenario) fn plant_state(
    file: &AccountFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let Some(state) = &file.state else { return Ok(()) };
    let at = at.field("state");
    let mut wanted = SetState {
        status: state.status,
        balance_cents: money(&at, "balance", state.balance)?,
        credit_cents: money(&at, "creditLine", state.credit_line)?,
        shutdown_policy: state.shutdown_policy,
        holds: Some(state.holds.clone()),
        ..SetState::default()
    };
    let refused = |refusal| at.refused(refusal);
    if state.shut_down {
        let debt = SetState { status: Some(Status::ArrearsShutdown), holds: None, ..wanted.clone() };
        debt.apply(uid, tx).map_err(refused)?;
        // Only what is graver is left to say, and that without the money, which would start the debt again.
        let graver = match state.status {
            Some(Status::Disabled) => vec![Hold::Account],
            Some(Status::RiskControlled) => vec![Hold::Risk],
            _ => vec![],
        };
        let way_out = state.status.filter(|status| matches!(status, Status::Closing | Status::Closed));
        let holds = state.holds.iter().copied().chain(graver).collect();
        wanted = SetState { status: way_out, holds: Some(holds), ..SetState::default() };
    }
    wanted.apply(uid, tx).map_err(refused)
}

fn money(at: &At, name: &str, amount: Option<f64>) -> Result<Option<i64>, Misfit> {
    let read = |amount| {
        cents_of(amount).ok_or_else(|| at.field(name).wrong(format!("`{amount}` is no amount of money")))
    };
    amount.map(read).transpose()
}

fn when(moment: Option<Moment>, now: Timestamp) -> Option<Timestamp> {
    moment.map(|moment| moment.at(now))
}

fn plant_security(file: &SecurityFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    if let Some(password) = at.read_option::<Password>("password", file.password.as_ref())? {
        tx.set_password(uid, &password).map_err(|refusal| at.field("password").refused(refusal))?;
    }
    if let Some(seed) = &file.mfa {
        let seed = Seed::from_base32(seed).ok_or_else(|| {
            let what = "a seed is Base32: 16 to 64 of the letters A to Z and the digits 2 to 7, with or without `=` at the end";
            at.field("mfa").wrong(what)
        })?;
        tx.bind_mfa(uid, Some(seed)).map_err(|refusal| at.field("mfa").refused(refusal))?;
    }
    let guard = SetSecurity {
        ip_mask: file.ip_mask.clone(),
        session_expires: file.session_expires,
        mobile_login: file.mobile_login,
        protection: file.protection.clone(),
        ..SetSecurity::default()
    };
    if let Some(flaw) = guard.flaw() {
        return Err(at.field("sessionExpires").wrong(flaw));
    }
    guard.apply(uid, tx).map_err(|refusal| at.refused(refusal))
}

fn plant_instance(file: &InstanceFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let text = |text: Option<&String>, usual: &str| text.map_or(usual, String::as_str).into();
    let new = NewInstance {
        pinned: (file.id.as_deref().map(Into::into), file.order),
        order: Order {
            product: file.product.as_str().into(),
            product_type: text(file.r#type.as_ref(), &file.product),
            months: file.months,
            region: text(file.region.as_ref(), "cn-hangzhou"),
            parameters: text(file.parameters.as_ref(), ""),
        },
        token: file.client_token.as_deref().map(Into::into),
        price_cents: money(at, "price", file.price)?.unwrap_or(0),
        created: when(file.bought, tx.now),
        released: when(file.released, tx.now),
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
    let name = file.name.clone().unwrap_or_else(|| "Example Ltd".to_owned());
    let number = file.license_number.clone().unwrap_or_else(|| {
        let usual = match file.subject {
            Subject::Personal => "110101199001011234",
            Subject::Enterprise => "91330000MA27EXAMPL",
        };
        usual.to_owned()
    });
    let identity = Identity {
        subject: file.subject,
        name: at.read::<PersonName>("name", &name)?,
        license_type: papers(file.subject, file.license_type.as_deref()),
        license_number: at.read::<LicenseNumber>("licenseNumber", &number)?,
        phone: file.phone.clone().unwrap_or_default(),
        country: at.read_option("country", file.country.as_ref())?,
        expires: when(file.expires, tx.now),
    };
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
    // One that was decided at once needs no approval.
    let decisions = decisions.into_iter().skip(usize::from(application.decided.is_some()));
    decisions.into_iter().try_for_each(|decision| tx.decide(uid, id, decision)).map_err(refused)
}
