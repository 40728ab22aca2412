//! Step 6: authorization.

use crate::error::{ApiError, Known, oss};
use crate::gateway::call::Asking;
use crate::gateway::route::Route;
use crate::gateway::visit::Visit;
use crate::operation::{Audience, Key, On, OwnMatter, Resource};
use crate::params::{Field, Params};
use crate::policy::{Context, Layer, Verdict};
use crate::services::{Denial, roa};
use crate::text::{PolicyName, RoleName, Scalar, Tag};
use crate::world::account::{Account, Role, Tags, Trust};
use crate::world::permission::{Ask, Decision, Preference, context, decide, note, principal};
use crate::world::{By, Caller};
use std::borrow::Cow;

/// Decides a call. Root's own account and actions without a resource need no policy.
pub(crate) fn decision(visit: &Visit<'_>, route: &Route, by: By<'_>) -> Decision {
    let (call, state) = (&visit.call, visit.seen());
    let on = route.operation.map_or(route.product.unwritten, |operation| operation.on);
    if route.audience == Audience::Anonymous || on.is_empty() {
        return Decision::NOT_ASKED;
    }
    if let Some(asking) = &call.asking {
        return of_request(visit, asking, route.product.policy_code, by);
    }
    let asker = by.caller;
    let (Some(account), false) =
        (asker.uid().and_then(|uid| state.account(uid).ok()), asker.is_root() && state.needs.is_none())
    else {
        return Decision::ROOT;
    };
    let request =
        AccessRequest { account, caller: asker, params: &call.params, service: route.product.policy_code };
    let mut keys = context(asker, by.source, visit.now.resource);
    request.add_keys(on, &mut keys);
    request.add_trust_keys(route.operation.map_or(&[], |operation| operation.keys), &mut keys);
    let (method, path) = (visit.request.method().as_str(), visit.request.uri().path());
    let action = match call.action.as_str() {
        "" => Cow::Owned(roa::name_by_rule(method, path)),
        named => Cow::Borrowed(named),
    };
    let ask = Ask {
        action: format!("{}:{}", request.service, action),
        resources: on.iter().flat_map(|one| request.names(*one)).collect(),
        context: keys,
        preference: request.preference(on, route.operation.and_then(|operation| operation.own)),
        resource_group: call.params.filled("ResourceGroupId"),
        is_open: false,
    };
    decide(state, asker, ask)
}

/// Decides a call whose protocol knows which permissions it needs. The first missing one decides.
fn of_request(visit: &Visit<'_>, asking: &Asking, service: &str, by: By<'_>) -> Decision {
    let state = visit.seen();
    let Some(uid) = by.caller.uid() else { return Decision::OPEN };
    let mut keys = context(by.caller, by.source, visit.now.resource);
    asking.keys.iter().for_each(|(name, value)| keys.set_one(name, value.as_str()));
    let mut last = Decision::ROOT;
    for (action, resource) in &asking.needs {
        let bucket = asking.bucket(resource, state);
        let owner = bucket.map_or(uid, |(owner, _)| owner.uid);
        let ask = Ask {
            action: format!("{service}:{action}"),
            resources: vec![format!("acs:{service}:{}:{owner}:{resource}", asking.region)],
            context: keys.clone(),
            is_open: bucket.is_some_and(|(_, bucket)| bucket.acl.opens(action)),
            ..Ask::default()
        };
        if !last.allowed() {
            // Decided; what else it needs is only recorded.
            note(state, by.caller, &ask);
            continue;
        }
        let is_open = ask.is_open;
        last = decide(state, by.caller, ask);
        let is_silent = last.evaluated().is_some_and(|one| {
            one.verdict == Verdict::ImplicitDeny && one.policy_type != Layer::SessionPolicy
        });
        if is_silent && is_open {
            last = Decision::OPEN;
        }
    }
    last
}

/// Data for resource names.
struct AccessRequest<'a> {
    account: &'a Account,
    caller: &'a Caller,
    params: &'a Params,
    service: &'static str,
}

impl AccessRequest<'_> {
    /// Returns the ARNs of a resource. Source: docs/evidence/policy.md section 4.
    fn names(&self, on: Resource) -> Vec<String> {
        let (uid, service) = (self.account.uid, self.service);
        let named = |param: &str| self.params.filled(param).unwrap_or("*");
        let policy = |owner: &str| format!("acs:{service}:*:{owner}:policy/{}", named("PolicyName"));
        let relative = match on {
            Resource::Anything => return vec!["*".to_owned()],
            Resource::Device => return vec![named("SerialNumber").to_owned()],
            Resource::Policy if self.params.get("PolicyType") == Some("System") => {
                return vec![policy("system")];
            }
            Resource::Policy | Resource::CustomPolicy => return vec![policy(&uid.to_string())],
            Resource::Tagged => return self.tagged(),
            Resource::All(resource) => resource.to_owned(),
            Resource::Itself => format!("user/{}", self.own_name().unwrap_or("*")),
            Resource::User(param) => {
                let named = self.user_named(param).or_else(|| self.own_name());
                format!("user/{}", named.unwrap_or("*"))
            }
            Resource::Group => format!("group/{}", named("GroupName")),
            Resource::Role => format!("role/{}", named("RoleName")),
            Resource::Bucket => named("Bucket").to_owned(),
        };
        vec![format!("acs:{service}:*:{uid}:{relative}")]
    }

    fn tagged(&self) -> Vec<String> {
        let (uid, kind) = (self.account.uid, self.params.filled("ResourceType").unwrap_or("*"));
        let mut names: Vec<String> = Field::take(self.params, "ResourceNames").unwrap_or_default();
        if names.is_empty() {
            names.push("*".to_owned());
        }
        names.iter().map(|name| format!("acs:{}:*:{uid}:{kind}/{name}", self.service)).collect()
    }

    /// Returns the name of the calling user.
    fn own_name(&self) -> Option<&str> {
        match self.caller {
            Caller::User { name, .. } => Some(name.as_str()),
            _ => None,
        }
    }

    /// Returns the user that a parameter names; for a logon name, the part before `@`.
    fn user_named(&self, param: &str) -> Option<&str> {
        self.params.filled(param).map(|name| name.split('@').next().unwrap_or(name))
    }

    /// Returns the preference of the account for users who manage themselves.
    fn preference(&self, on: On, matter: Option<OwnMatter>) -> Preference {
        let on_itself = |one: &Resource| match one {
            Resource::Itself => self.own_name().is_some(),
            Resource::User(param) => self.own_name().is_some_and(|own| {
                self.user_named(param).is_none_or(|named| named.eq_ignore_ascii_case(own))
            }),
            _ => false,
        };
        let Some(matter) = matter.filter(|_| on.iter().all(on_itself)) else { return Preference::Silent };
        let preference = &self.account.preference;
        let (allows, otherwise) = match matter {
            OwnMatter::Password => (preference.allow_user_to_change_password, Preference::Forbids),
            OwnMatter::Device => (preference.allow_user_to_manage_mfa_devices, Preference::Silent),
            OwnMatter::Keys => (preference.allow_user_to_manage_access_keys, Preference::Silent),
        };
        if allows { Preference::Allows } else { otherwise }
    }

    /// Returns the cloud service of the role in `DeleteServiceLinkedRole`. Source: docs/evidence/policy.md section 4.
    fn service_of_role(&self, on: On) -> Option<&'static str> {
        self.role().filter(|_| on.contains(&Resource::Anything))?.service
    }

    /// Adds the keys about the trust policy in the request, or else about that of the role.
    ///
    /// They are always present, so that `ForAllValues` does not hold for a role that the policy does not speak of: without a service, its
    /// name is empty (UNCERTAIN).
    fn add_trust_keys(&self, wanted: &[Key], keys: &mut Context) {
        if !wanted.contains(&Key::TrustedPrincipalTypes) {
            return;
        }
        let sent = ["AssumeRolePolicyDocument", "NewAssumeRolePolicyDocument"];
        let sent = sent.iter().find_map(|name| self.params.filled(name)).map(Trust::parse);
        let trust = match sent {
            Some(sent) => sent.ok(),
            None => self.role().map(|role| role.trust.clone()),
        };
        let Some(trust) = trust else { return };
        let (kinds, mut services) = trust.document.trusted();
        if services.is_empty() {
            services.insert("");
        }
        keys.set(Key::TrustedPrincipalTypes.name(), kinds.into_iter().map(str::to_owned));
        keys.set(Key::ServiceNames.name(), services.into_iter().map(str::to_owned));
    }

    /// Returns the role that `RoleName` names.
    fn role(&self) -> Option<&Role> {
        let slot = self.account.role_slot(&RoleName::parse(self.params.get("RoleName")?).ok()?).ok()?;
        self.account.role(slot).ok()
    }

    /// Adds condition keys of the request and of its resources.
    fn add_keys(&self, on: On, keys: &mut Context) {
        if let Some(service) = self.params.filled("ServiceName").or_else(|| self.service_of_role(on)) {
            keys.set_one(Key::ServiceName.name(), service);
        }
        if let Ok(tags) = <Vec<Tag> as Field>::take(self.params, "Tag") {
            for Tag(key, value) in tags {
                keys.set_one(&format!("acs:RequestTag/{}", key.as_str()), value.as_str());
            }
        }
        let mut of_resource = |tags: &Tags| {
            for (key, value) in tags.iter() {
                keys.set_one(&format!("acs:ResourceTag/{}", key.as_str()), value.as_str());
            }
        };
        if on.contains(&Resource::Role)
            && let Some(role) = self.role()
        {
            of_resource(&role.tags);
        }
        if on.iter().any(|one| matches!(one, Resource::Policy | Resource::CustomPolicy))
            && let Some(name) = self.params.get("PolicyName").and_then(|name| PolicyName::parse(name).ok())
            && let Some(policy) =
                self.account.policy_slot(&name).ok().and_then(|slot| self.account.policies.get(slot))
        {
            of_resource(&policy.tags);
        }
    }
}

/// Returns the permission error. Source: docs/evidence/policy.md section 5, docs/evidence/gateway.md 6.3.
pub(crate) fn refusal(decision: &Decision, route: &Route, caller: &Caller) -> ApiError {
    if route.product.denial == Denial::Oss {
        return of_oss(decision, route, caller);
    }
    let (resource, action) =
        decision.evaluated().map_or(("", ""), |one| (one.resource.as_str(), one.action.as_str()));
    let denial = route.product.denial;
    let of_product = || match denial {
        Denial::Ram => denial.known().about(format_args!("Resource: {resource} Action: {action}")),
        Denial::Named(known) => known.about_all(&[action, resource]),
        Denial::OfResource(known) => known.about(resource),
        Denial::Sts | Denial::Oss | Denial::Other => denial.known().error(),
    };
    let own = route.operation.and_then(|operation| operation.denied);
    decision.detail(own.map_or_else(of_product, Known::error), caller)
}

/// Returns the permission error of OSS, which tells an explicit deny and the policy of a session from a missing
/// permission. Source: docs/evidence/account.md 6.4.
fn of_oss(decision: &Decision, route: &Route, caller: &Caller) -> ApiError {
    let Some(one) = decision.evaluated() else { return oss::ANONYMOUS.error() };
    let (_, name) = one.resource.rsplit_once(':').unwrap_or_default();
    let (bucket, object) = name.split_once('/').unwrap_or((name, ""));
    let own = route.operation.and_then(|operation| operation.denied);
    let known = match (one.policy_type, one.verdict) {
        (Layer::SessionPolicy, _) => &oss::DENIED_BY_SESSION,
        (_, Verdict::ExplicitDeny) => {
            let error = decision.detail(oss::DENIED_BY_POLICY.error(), caller);
            let error = if bucket == "*" { error } else { error.with_detail("Bucket", bucket) };
            let (user, _) = principal(caller);
            return error.with_detail("User", user);
        }
        _ => own.unwrap_or(if object.is_empty() { &oss::NOT_YOURS } else { &oss::ACCESS_DENIED }),
    };
    decision.detail(known.error(), caller)
}
