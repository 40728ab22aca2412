//! Orders and the instances bought with them. Source: docs/evidence/account.md 1.1, 3.5 and 6.3.

use crate::attributes::{apply, reply};
use crate::error::{Result, business, gateway};
use crate::params::{Items, Property, request};
use crate::services::bss::OWNER;
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::words::words;
use crate::text::{Bounded, DEFAULT_REGION, Site, Timestamp};
use crate::world::account::{Account, Instance, Order, Payment};
use crate::world::gates::{self, Called, Judged};
use crate::world::{Tx, View};
use compact_str::CompactString;

words! {
    /// `SubscriptionType`.
    SubscriptionType: Payment { "Subscription" => Payment::Subscription, "PayAsYouGo" => Payment::PayAsYouGo }
    /// `RenewalStatus` of an order.
    RenewalStatus: &'static str { "AutoRenewal" => "AutoRenewal", "ManualRenewal" => "ManualRenewal" }
    /// `RenewStatus` in a query of instances.
    RenewStatus: &'static str {
        "AutoRenewal" => "AutoRenewal", "ManualRenewal" => "ManualRenewal", "NotRenewal" => "NotRenewal",
    }
    /// `PricingCycle`: months in a period, or periods in a month.
    PricingCycle: (i64, i64) { "1" => (12, 1), "2" => (1, 1), "3" => (1, 30) }
    /// `ImmediatelyRelease`. UNCERTAIN: alimock has no running resources, so both values release.
    ImmediatelyRelease: () { "0" => (), "1" => () }
}

request! {
    /// Parameters of `QueryAvailableInstances`.
    pub(super) struct QueryAvailableInstances {
        page: Option<Bounded<1, { i32::MAX as i64 }>> = "PageNum",
        size: Option<Bounded<1, 300>> = "PageSize",
        product: Option<String> = "ProductCode",
        product_type: Option<String> = "ProductType",
        payment: Option<SubscriptionType> = "SubscriptionType",
        region: Option<String> = "Region",
        ids: Option<String> = "InstanceIDs",
        renewal: Option<RenewStatus> = "RenewStatus",
        created_from: Option<Timestamp> = "CreateTimeStart",
        created_until: Option<Timestamp> = "CreateTimeEnd",
        ends_from: Option<Timestamp> = "EndTimeStart",
        ends_until: Option<Timestamp> = "EndTimeEnd",
        owner: Option<String> = "OwnerId",
    }
}

impl QueryAvailableInstances {
    fn asks_for(&self, one: &Instance) -> bool {
        let same = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|text| text == found);
        let within = |from: Option<Timestamp>, until: Option<Timestamp>, at: Option<Timestamp>| {
            from.is_none_or(|from| at.is_some_and(|at| at >= from))
                && until.is_none_or(|until| at.is_some_and(|at| at <= until))
        };
        same(&self.product, &one.order.product)
            && same(&self.product_type, &one.order.product_type)
            && same(&self.region, &one.order.region)
            && self.payment.as_ref().is_none_or(|payment| payment.0 == one.order.payment())
            && self.renewal.as_ref().is_none_or(|renewal| Some(renewal.0) == renewal_of(&one.order))
            && self.ids.as_deref().is_none_or(|ids| ids.split(',').any(|id| id.trim() == one.id))
            && within(self.created_from, self.created_until, Some(one.created))
            && within(self.ends_from, self.ends_until, one.ends())
    }
}

#[apply(reply)]
pub(super) struct Available {
    page_num: i64,
    page_size: i64,
    total_count: usize,
    instance_list: Vec<InstanceView>,
}

#[apply(reply)]
struct InstanceView {
    #[serde(rename = "InstanceID")]
    id: CompactString,
    owner_id: u64,
    product_code: CompactString,
    product_type: CompactString,
    subscription_type: Payment,
    region: CompactString,
    status: &'static str,
    sub_status: &'static str,
    create_time: Timestamp,
    end_time: Option<Timestamp>,
    renew_status: Option<&'static str>,
    renewal_duration: Option<i64>,
    renewal_duration_unit: Option<&'static str>,
}

/// Products that only one site sells. Clients use them to find the site of an account.
/// Source: docs/evidence/account.md 1.1.
const OF_ONE_SITE: &[(&str, Site)] = &[
    ("vipcloudfw", Site::China),
    ("cfw_elasticity_public_cn", Site::China),
    ("cfw_pre_intl", Site::International),
    ("cfw_elasticity_public_intl", Site::International),
];

fn must_be_sold(account: &Account, product_type: &str) -> Result<()> {
    let sold = OF_ONE_SITE.iter().find(|(name, _)| *name == product_type);
    match sold {
        Some((_, site)) if *site != account.profile.site => Err(business::NOT_APPLICABLE.error()),
        _ => Ok(()),
    }
}

/// `QueryAvailableInstances`: returns the instances of the caller's account, or of an account of its partner, without refunded ones.
///
/// Fails with `NotApplicable` for a product that the account's site does not sell (Terraform finds the site in this way), and with
/// `InvalidOwner`. Source: docs/evidence/account.md 1.1 and 3.5.
pub(super) fn available(view: View<'_>, req: QueryAvailableInstances) -> Result<Enveloped<Data<Available>>> {
    let own = view.account()?;
    let owner = req.owner.as_deref().map(|owner| OWNER.own_or_child(view.state, own.uid, owner));
    let account = owner.transpose()?.unwrap_or(own);
    let product_type = req.product_type.as_deref().or(req.product.as_deref());
    must_be_sold(account, product_type.unwrap_or_default())?;
    let (page, size) = (req.page.map_or(1, |page| page.0), req.size.map_or(20, |size| size.0));
    let found: Vec<_> = account.live_instances().filter(|one| req.asks_for(one)).collect();
    let skipped = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
    let shown = found.iter().skip(skipped).take(usize::try_from(size).expect("between 1 and 300"));
    Ok(Enveloped::bss(Data {
        data: Available {
            page_num: page,
            page_size: size,
            total_count: found.len(),
            instance_list: shown.map(|one| view_of(account, one, view.now)).collect(),
        },
    }))
}

/// UNCERTAIN: the time before the end at which an instance becomes `WaitForExpire`; here seven days.
const ABOUT_TO_EXPIRE_MILLIS: i64 = 7 * 86_400_000;

fn view_of(account: &Account, one: &Instance, now: Timestamp) -> InstanceView {
    let status = match one.ends() {
        Some(ends) if ends <= now => "Expired",
        Some(ends) if ends <= now.plus_millis(ABOUT_TO_EXPIRE_MILLIS) => "WaitForExpire",
        _ => "Normal",
    };
    let renewal = option(&one.order, "RenewPeriod").and_then(|months| months.parse().ok());
    InstanceView {
        id: one.id.clone(),
        owner_id: account.uid.0,
        product_code: one.order.product.clone(),
        product_type: one.order.product_type.clone(),
        subscription_type: one.order.payment(),
        region: one.order.region.clone(),
        status,
        sub_status: "Normal",
        create_time: one.created,
        end_time: one.ends(),
        renew_status: renewal_of(&one.order),
        renewal_duration: renewal,
        renewal_duration_unit: renewal.map(|_| "M"),
    }
}

/// Value of an option of the order, which comes before the properties of the product.
fn option<'a>(order: &'a Order, name: &str) -> Option<&'a str> {
    let mut lines = order.parameters.lines().take_while(|line| !line.is_empty());
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

fn renewal_of(order: &Order) -> Option<&'static str> {
    let is_auto = option(order, "RenewalStatus") == Some("AutoRenewal");
    let of_subscription = if is_auto { "AutoRenewal" } else { "ManualRenewal" };
    (order.payment() == Payment::Subscription).then_some(of_subscription)
}

request! {
    /// Parameters of `CreateInstance`.
    pub(super) struct CreateInstance {
        product: String = "ProductCode",
        product_type: Option<String> = "ProductType",
        payment: SubscriptionType = "SubscriptionType",
        period: Option<Bounded<1, 3650>> = "Period",
        cycle: Option<PricingCycle> = "PricingCycle",
        renewal: Option<RenewalStatus> = "RenewalStatus",
        renew_period: Option<Bounded<1, 36>> = "RenewPeriod",
        properties: Items<Property> = "Parameter",
        logistics: Option<String> = "Logistics",
        token: Option<String> = "ClientToken",
        owner: Option<String> = "OwnerId",
    }
}

impl CreateInstance {
    /// Creates the order. A subscription without a period is for one month (UNCERTAIN).
    fn order(self, site: Site) -> Result<Order> {
        let (months, periods) = self.cycle.map_or((1, 1), |cycle| cycle.0);
        let period = self.period.map_or(1, |period| period.0);
        let months = (period * months + periods - 1) / periods;
        let months = u32::try_from(months).expect("a few thousand at most");
        let is_subscription = self.payment.0 == Payment::Subscription;
        let renewal = self.renewal.map_or("ManualRenewal", |renewal| renewal.0);
        if renewal == "AutoRenewal" && self.renew_period.is_none() {
            return Err(gateway::MISSING_PARAMETER.about("RenewPeriod"));
        }
        let mut parameters = format!("RenewalStatus={renewal}\n");
        if let Some(renew) = self.renew_period {
            parameters += &format!("RenewPeriod={}\n", renew.0);
        }
        parameters += &format!("\n{}\n", self.logistics.unwrap_or_default());
        let properties = self.properties.0;
        for property in &properties {
            parameters += &format!("{}={}\n", property.code, property.value);
        }
        let region = properties.into_iter().find(|one| ["Region", "RegionId"].contains(&&*one.code));
        // UNCERTAIN: the region of an order without a region.
        let default = if site == Site::China { DEFAULT_REGION } else { "ap-southeast-1" };
        Ok(Order {
            product: self.product.into(),
            product_type: self.product_type.unwrap_or_default().into(),
            months: is_subscription.then_some(months),
            region: region.map_or(default.into(), |one| one.value.into()),
            parameters: parameters.into(),
        })
    }
}

#[apply(reply)]
pub(super) struct Bought {
    instance_id: CompactString,
    order_id: String,
}

/// `CreateInstance`: orders an instance and pays for it. The same order with the same `ClientToken` is made only once.
///
/// Fails with `NotApplicable`, `InvalidOwner`, and in the body with the errors of gates, `PAY.INSUFFICIENT_BALANCE` and
/// `Duplicated.ClientToken`. The gateway checks the gates of the caller's account. This function checks those of another owner, with the
/// error `NOT_AUTHORIZED` (UNCERTAIN). Source: docs/evidence/account.md 3.5 and 6.3.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateInstance) -> Result<Enveloped<Data<Bought>>> {
    let own = tx.account()?.uid;
    let owner = req.owner.as_deref().map(|owner| OWNER.own_or_child(tx.state(), own, owner)).transpose()?;
    let account = owner.map_or_else(|| tx.account(), Ok)?;
    let (uid, site) = (account.uid, account.profile.site);
    must_be_sold(account, req.product_type.as_deref().unwrap_or(&req.product))?;
    let token = req.token.clone().map(CompactString::from);
    let order = req.order(site)?;
    if uid != own {
        let registry = &tx.state().registry;
        let (product, action) = ("BssOpenApi", "CreateInstance");
        let called = Called { site, region: Some(&order.region), product, action };
        let mut required = gates::required(&registry.gates, called).iter();
        let (account, seen) = (tx.state().account(uid)?, tx.seen().account(uid)?);
        let judged = Judged { account, seen, key: None, product, rules: &registry.rules };
        if !required.all(|one| one.is_met(judged)) {
            return Err(business::NOT_AUTHORIZED.business());
        }
    }
    let bought = tx.buy(uid, order, token)?;
    let data = Bought { instance_id: bought.id.clone(), order_id: bought.order_id.to_string() };
    Ok(Enveloped::bss(Data { data }))
}

request! {
    /// Parameters of `RefundInstance`.
    pub(super) struct RefundInstance {
        id: String = "InstanceId",
        product: Option<String> = "ProductCode",
        product_type: Option<String> = "ProductType",
        release: Option<ImmediatelyRelease> = "ImmediatelyRelease",
        token: Option<String> = "ClientToken",
    }
}

#[apply(reply)]
pub(super) struct Refunded {
    host_id: &'static str,
    order_id: u64,
}

/// `RefundInstance`: refunds a subscription in proportion to the remaining time. The same token
/// returns the same response.
///
/// Fails in the body with `ResourceNotExists`, `ExistRefundingOrderError` and `NoRestValueError`. The last one is also the error for
/// pay-as-you-go instances (UNCERTAIN). UNCERTAIN: the refunded amount. Source: tests/data/api/bssopenapi20171214.json.
pub(super) fn refund(tx: &mut Tx<'_>, req: RefundInstance) -> Result<Enveloped<Data<Refunded>>> {
    let RefundInstance { id, product, product_type, release: Some(ImmediatelyRelease(())) | None, token } =
        req;
    let account = tx.account()?;
    let (uid, now) = (account.uid, tx.now);
    let host_id = if account.profile.site == Site::China { "cn" } else { "intl" };
    let made = |order_id| Enveloped::bss(Data { data: Refunded { host_id, order_id } });
    if let Some(order) = token.as_deref().and_then(|token| account.affairs.refunds.get(token)) {
        return Ok(made(*order));
    }
    let one = account.instance(&id)?;
    let same = |wanted: Option<String>, found: &str| wanted.is_none_or(|wanted| wanted == found);
    if !same(product, &one.order.product) || !same(product_type, &one.order.product_type) {
        return Err(business::RESOURCE_NOT_EXISTS.business());
    }
    if one.released.is_some() || one.ends().is_some_and(|ends| ends <= now) {
        return Err(business::REFUNDED_ALREADY.business());
    }
    let rest = rest_value(one, now);
    if rest <= 0 {
        return Err(business::NO_REST_VALUE.business());
    }
    // UNCERTAIN: the form of a refund's number; here derived from the order's.
    let order = one.order_id + 1_000_000_000_000_000;
    tx.release(uid, &id)?;
    tx.pay(uid, rest)?;
    if let Some(token) = token {
        tx.account_of(uid)?.0.affairs_mut().refunds.insert(token.into(), order);
    }
    Ok(made(order))
}

/// Refundable amount of an instance, in hundredths.
fn rest_value(one: &Instance, now: Timestamp) -> i64 {
    let Some(ends) = one.ends() else { return 0 };
    let (whole, left) = (ends.as_millis() - one.created.as_millis(), ends.as_millis() - now.as_millis());
    let rest = i128::from(one.price_cents) * i128::from(left.min(whole)) / i128::from(whole.max(1));
    i64::try_from(rest).unwrap_or(0)
}
