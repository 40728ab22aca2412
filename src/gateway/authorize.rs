//! Step 6: authorization.

use crate::error::{ApiError, Known, oss};
use crate::gateway::call::Asking;
use crate::gateway::route::Route;
use crate::gateway::visit::Visit;
use crate::operation::{Audience, Key, On, OwnMatter, Resource};
use crate::params::{Field, Params};
use crate::policy::{Context, Layer, Verdict};
use crate::services::{Denial, roa};
use crate::text::{AccessKeyId, PolicyName, RoleName, Scalar, Tag, UserName};
use crate::world::account::{Account, OidcProvider, Owner, Role, Tags, Trust, User};
use crate::world::directory::Target;
use crate::world::permission::{Ask, Decision, Preference, binds_root, context, decide, note, principal};
use crate::world::{By, Caller, State};
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
    let is_free = |uid| asker.is_root() && state.needs.is_none() && !binds_root(state, uid);
    let Some(account) = asker.uid().filter(|uid| !is_free(*uid)).and_then(|uid| state.account(uid).ok())
    else {
        return Decision::ROOT;
    };
    let service = route.operation.and_then(|operation| operation.policy_code);
    let service = service.unwrap_or(route.product.policy_code);
    let request = AccessRequest { state, account, caller: asker, params: &call.params, service };
    let mut keys = context(asker, by.source, visit.now.resource);
    request.add_keys(on, &mut keys);
    let wanted = route.operation.map_or(&[][..], |operation| operation.keys);
    request.add_trust_keys(wanted, &mut keys);
    request.add_issuer(wanted, &mut keys);
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
        alias: route.product.policy_alias,
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
            one.verdict == Verdict::ImplicitDeny
                && !matches!(one.policy_type, Layer::ControlPolicy | Layer::SessionPolicy)
        });
        if is_silent && is_open {
            last = Decision::OPEN;
        }
    }
    last
}

/// Returns the part of a logon name before `@`.
fn bare(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

/// Number of tagged users that are looked up. A request with so many is rejected later.
const MOST_TAGGED: usize = 51;

/// Data for resource names.
struct AccessRequest<'a> {
    state: &'a State,
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
            Resource::Tagged => {
                return self.tagged("ResourceNames", self.params.filled("ResourceType").unwrap_or("*"));
            }
            Resource::TaggedGroups => {
                let kind = self.params.get("ResourceType");
                let is_member = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Account"));
                return self.tagged("ResourceId", if is_member { "account" } else { "resourcegroup" });
            }
            Resource::Instances => return self.instances(),
            // The old table of ARNs has `ims` for users and groups. Source: www.alibabacloud.com/help/doc-detail/159974.htm
            Resource::Principal => match self.params.get("PrincipalType") {
                Some("IMSGroup") => return vec![format!("acs:ims:*:{uid}:group/*")],
                Some("ServiceRole") => "role/*".to_owned(),
                _ => return vec![format!("acs:ims:*:{uid}:user/*")],
            },
            Resource::ResourceGroup => format!("resourcegroup/{}", named("ResourceGroupId")),
            Resource::All(resource) => resource.to_owned(),
            Resource::Itself => format!("user/{}", self.own_name().unwrap_or("*")),
            Resource::User(param) => {
                let named = self.user_named(param).or_else(|| self.own_name());
                format!("user/{}", named.unwrap_or("*"))
            }
            Resource::UserOrAll if self.is_about_all() => "user/*".to_owned(),
            Resource::UserOrAll => return self.names(Resource::User("UserPrincipalName")),
            Resource::OneUser => format!("user/{}", self.one_user().unwrap_or("*")),
            Resource::TaggedUsers => return self.tagged_users(),
            Resource::Group => format!("group/{}", named("GroupName")),
            Resource::Role => format!("role/{}", named("RoleName")),
            Resource::Bucket => named("Bucket").to_owned(),
            Resource::Named(kind, param) => format!("{kind}/{}", named(param)),
            Resource::Application => format!("application/{}", self.application().unwrap_or("*")),
            Resource::InDirectory(kind, param) => format!("{kind}/{}", self.in_directory(kind, param)),
        };
        vec![format!("acs:{service}:*:{uid}:{relative}")]
    }

    /// Returns `true` if the call is about all users.
    fn is_about_all(&self) -> bool {
        self.params.get("AllUsers").is_some_and(|all| all.eq_ignore_ascii_case("true"))
    }

    /// Returns the name of an object of the resource directory: the path of a folder or member, the id of anything else. UNCERTAIN for
    /// actions other than `ListAccounts` and `ListFoldersForParent`, whose pages have `account/*` and `folder/<path>`.
    fn in_directory(&self, kind: &str, param: &str) -> String {
        let directory = self.state.directory_around(self.account.uid);
        let (Some(directory), true) = (directory, matches!(kind, "account" | "folder")) else {
            return self.params.filled(param).unwrap_or("*").to_owned();
        };
        let id = match self.params.filled(param) {
            Some(id) => id,
            None if kind == "folder" && !param.is_empty() => directory.root_id(),
            None => return "*".to_owned(),
        };
        match directory.target(id) {
            Ok(Target::Folder(slot)) => directory.path(slot),
            Ok(Target::Member(uid)) => {
                directory.member(uid).map_or_else(|_| id.to_owned(), |member| directory.member_path(member))
            }
            Err(_) => id.to_owned(),
        }
    }

    fn tagged(&self, param: &'static str, kind: &str) -> Vec<String> {
        let uid = self.account.uid;
        let mut names: Vec<String> = Field::take(self.params, param).unwrap_or_default();
        if names.is_empty() {
            names.push("*".to_owned());
        }
        names.iter().map(|name| format!("acs:{}:*:{uid}:{kind}/{name}", self.service)).collect()
    }

    /// Returns the name of the user that a logon name, an id or a key names. A user that does not exist has none.
    fn one_user(&self) -> Option<&str> {
        let by_id = || self.user_with_id(self.params.filled("UserId")?);
        let by_key = || {
            let id = AccessKeyId::parse(self.params.filled("UserAccessKeyId")?).ok()?;
            match self.state.place_of(self.account.uid, &id).ok()?.owner {
                Owner::User(slot) => self.account.users.get(slot).map(|user| user.name.as_str()),
                Owner::Root => None,
            }
        };
        self.user_named("UserPrincipalName").or_else(by_id).or_else(by_key)
    }

    fn user_with_id(&self, id: &str) -> Option<&str> {
        let slot = self.account.user_with_id(id.parse().ok()?).ok()?;
        self.account.users.get(slot).map(|user| user.name.as_str())
    }

    fn tagged_users(&self) -> Vec<String> {
        let list = |name| <Vec<String> as Field>::take(self.params, name).unwrap_or_default();
        let user = |name: &str| format!("acs:{}:*:{}:user/{name}", self.service, self.account.uid);
        let ids = list("ResourceId");
        let by_id = ids.iter().take(MOST_TAGGED).map(|id| user(self.user_with_id(id).unwrap_or("*")));
        let by_name = list("ResourcePrincipalName").into_iter().map(|name| user(bare(&name)));
        let mut names: Vec<_> = by_id.chain(by_name).collect();
        if names.is_empty() {
            names.push(user("*"));
        }
        names
    }

    /// Returns the ARNs of the instances that the request names, at most 100.
    fn instances(&self) -> Vec<String> {
        let (uid, service) = (self.account.uid, self.service);
        let lists = ["InstanceId", "InstanceIds"].into_iter().flat_map(|param| {
            // One id is no JSON list.
            let list: Option<Vec<String>> = Field::take(self.params, param).ok();
            list.unwrap_or_else(|| self.params.filled(param).map(str::to_owned).into_iter().collect())
        });
        let ids: Vec<String> = lists.take(100).collect();
        if ids.is_empty() {
            return vec![format!("acs:{service}:*:{uid}:*")];
        }
        ids.iter().map(|id| format!("acs:{service}:*:{uid}:instance/{id}")).collect()
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
        self.params.filled(param).map(bare)
    }

    /// Returns the preference of the account for users who manage themselves.
    fn preference(&self, on: On, matter: Option<OwnMatter>) -> Preference {
        let is_own = |param| {
            self.own_name()
                .is_some_and(|own| self.user_named(param).is_none_or(|named| named.eq_ignore_ascii_case(own)))
        };
        let on_itself = |one: &Resource| match one {
            Resource::Itself => self.own_name().is_some(),
            Resource::User(param) => is_own(param),
            Resource::UserOrAll => !self.is_about_all() && is_own("UserPrincipalName"),
            _ => false,
        };
        let Some(matter) = matter.filter(|_| on.iter().all(on_itself)) else { return Preference::Silent };
        let preference = &self.account.preference;
        let (allows, otherwise) = match matter {
            OwnMatter::Password => (preference.allow_user_to_change_password, Preference::Forbids),
            OwnMatter::Device => (preference.allow_user_to_manage_mfa_devices, Preference::Silent),
            OwnMatter::Keys => (preference.allow_user_to_manage_access_keys, Preference::Silent),
            OwnMatter::ServiceCredentials => {
                (preference.allow_user_to_manage_service_credentials, Preference::Silent)
            }
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

    /// Adds the issuer of the OIDC provider: of the request, or else of the provider that it names.
    fn add_issuer(&self, wanted: &[Key], keys: &mut Context) {
        if !wanted.contains(&Key::ProviderIssuer) {
            return;
        }
        let named = || self.account.provider_named::<OidcProvider>(self.params.get("OIDCProviderName")?);
        let issuer = self.params.filled("IssuerUrl").or_else(|| Some(&named()?.issuer));
        if let Some(issuer) = issuer {
            keys.set_one(Key::ProviderIssuer.name(), issuer);
        }
    }

    /// Returns the name of the OAuth application that `AppId` names.
    fn application(&self) -> Option<&str> {
        let app = self.account.sign_on.application(self.params.get("AppId")?.parse().ok()?).ok()?;
        Some(app.name.as_str())
    }

    /// Returns the user that is the first resource.
    fn user_in(&self, on: On) -> Option<&User> {
        let name = match on.first()? {
            Resource::User(param) => self.user_named(param).or_else(|| self.own_name())?,
            Resource::OneUser => self.one_user()?,
            _ => return None,
        };
        let slot = self.account.user_slot(&UserName::parse(name).ok()?).ok()?;
        self.account.user(slot).ok()
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
        if let Some(user) = self.user_in(on) {
            of_resource(&user.extras().tags);
        }
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
