//! Description of a product: names, operations, and the form of its errors.

use crate::error::{Dialect, Known, gateway, oss};
use crate::operation::{Audience, On, Operation, Resource};
use crate::services::Paths;
use crate::services::front::Front;
use crate::world::gates::Requirement;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Format of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json;charset=utf-8`.
    Json,
    /// `text/xml;charset=utf-8`.
    Xml,
}

/// Form of a permission error. Source: docs/evidence/gateway.md 6.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// `NoPermission` with resource and action.
    Ram,
    /// `NoPermission` of STS.
    Sts,
    /// `Forbidden.RAM`.
    Other,
    /// `AccessDenied`.
    Oss,
    /// This error. Action and resource replace its `{}`, in this order.
    Named(&'static Known),
    /// This error. The resource replaces its `{}`.
    OfResource(&'static Known),
}

impl Denial {
    /// Returns the entry of the error.
    pub fn known(self) -> &'static Known {
        match self {
            Self::Ram => &gateway::NO_PERMISSION,
            Self::Sts => &gateway::NO_PERMISSION_STS,
            Self::Other => &gateway::FORBIDDEN_RAM,
            Self::Oss => &oss::ACCESS_DENIED,
            Self::Named(known) | Self::OfResource(known) => known,
        }
    }
}

/// Error for an account that does not meet a requirement.
pub struct Unmet {
    /// The requirement.
    pub requirement: Requirement,
    /// Action; empty for all actions.
    pub action: &'static str,
    /// The error.
    pub error: &'static Known,
}

impl Unmet {
    pub(super) const fn new(requirement: Requirement, error: &'static Known) -> Self {
        Self { requirement, action: "", error }
    }
}

/// One product.
pub struct Product {
    /// Product code, as in `Recommend`.
    pub code: &'static str,
    /// Product name in policies: `ram` in `ram:CreateUser`.
    pub policy_code: &'static str,
    /// Another name in the actions of policies: `ims` in `ims:CreateUser`.
    pub policy_alias: Option<&'static str>,
    /// Other spellings of actions: as clients write them, and as they are listed.
    pub spellings: &'static [(&'static str, &'static str)],
    /// First labels of its host names. Source: docs/evidence/gateway.md section 9.
    pub hosts: &'static [&'static str],
    /// API versions. No other implemented product has them. Empty for a product that a stub declares.
    pub versions: &'static [&'static str],
    /// Form of its errors about parameters.
    pub dialect: Dialect,
    /// Errors of its front.
    pub front: &'static Front,
    /// Default response format. Source: docs/evidence/gateway.md 5.5.
    pub format: Format,
    /// Form of its permission errors.
    pub denial: Denial,
    /// True if its errors have `code`, `message` and `requestId`, and its successes no request id. Errors of the gateway keep their
    /// capitals.
    pub lower_camel_case: bool,
    /// True if business errors are in the body of an HTTP 200.
    pub answers_in_body: bool,
    /// Allowed callers, unless an operation has its own.
    pub audience: Audience,
    /// Resources used to authorize actions that alimock does not implement.
    pub unwritten: On,
    /// Errors for unmet requirements that differ from the usual ones.
    pub unmet: &'static [Unmet],
    /// Actions of its requests, if they name none.
    pub paths: Option<&'static LazyLock<Paths>>,
    /// Names of all actions of the real product; `None` if unknown.
    pub(super) known: Option<BTreeSet<&'static str>>,
    /// Other names of actions.
    pub(super) also: BTreeSet<&'static str>,
    pub(super) operations: BTreeMap<&'static str, Operation>,
    /// Operations that differ in one version.
    // Invariant: `operations` has every name.
    pub(super) of_version: Option<(&'static str, BTreeMap<&'static str, Operation>)>,
}

impl Product {
    pub(super) fn new(
        code: &'static str,
        policy_code: &'static str,
        hosts: &'static [&'static str],
        versions: &'static [&'static str],
    ) -> Self {
        Self {
            code,
            policy_code,
            policy_alias: None,
            spellings: &[],
            hosts,
            versions,
            dialect: Dialect::Ram,
            front: &Front::GATEWAY,
            format: Format::Json,
            denial: Denial::Ram,
            lower_camel_case: false,
            answers_in_body: false,
            audience: Audience::Signed,
            unwritten: &[Resource::All("*")],
            unmet: &[],
            paths: None,
            known: None,
            also: BTreeSet::new(),
            operations: BTreeMap::new(),
            of_version: None,
        }
    }

    pub(super) fn knows(mut self, names: &'static str) -> Self {
        self.known = Some(names.split_whitespace().collect());
        self
    }

    /// Sets the names of all actions, and other names by which scenarios may call them.
    pub(super) fn knows_all(
        mut self,
        names: impl Iterator<Item = &'static str>,
        also: impl Iterator<Item = &'static str>,
    ) -> Self {
        (self.known, self.also) = (Some(names.collect()), also.collect());
        self
    }

    pub(super) fn runs(mut self, operations: Vec<Operation>) -> Self {
        self.operations = by_name(operations);
        self
    }

    /// Sets the operations that differ in one version.
    pub(super) fn runs_in(mut self, version: &'static str, operations: Vec<Operation>) -> Self {
        self.of_version = Some((version, by_name(operations)));
        self
    }

    /// Sets the conventions of older products: classic errors, XML by default.
    pub(super) fn classic(mut self) -> Self {
        (self.dialect, self.format, self.denial) = (Dialect::Classic, Format::Xml, Denial::Other);
        self
    }

    /// Puts business errors into the body of an HTTP 200. Source: docs/evidence/account.md 6.3.
    pub(super) fn answering_in_body(mut self) -> Self {
        self.answers_in_body = true;
        self
    }

    /// Sets the allowed callers.
    pub(super) fn open_to(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// Sets the form of permission errors, and the resources of actions that alimock does not implement.
    pub(super) fn denying(mut self, denial: Denial, unwritten: On) -> Self {
        (self.denial, self.unwritten) = (denial, unwritten);
        self
    }

    /// Names the fields of its errors in lower camel case; a success has no request id. Source: aliyun/acr-login 19 (2022),
    /// aliyun/alibabacloud-python-sdk 7 (2022), both about Container Registry. UNCERTAIN: the same for Container Service.
    pub(super) fn in_lower_camel_case(mut self) -> Self {
        self.lower_camel_case = true;
        self
    }

    /// Sets other spellings of actions: as clients write them, and as they are listed.
    pub(super) fn also_spelled(mut self, spellings: &'static [(&'static str, &'static str)]) -> Self {
        self.spellings = spellings;
        self
    }

    /// Sets another name in the actions of policies.
    pub(super) fn also_in_policies(mut self, alias: &'static str) -> Self {
        self.policy_alias = Some(alias);
        self
    }

    /// Sets its front.
    pub(super) fn behind(mut self, front: &'static Front) -> Self {
        self.front = front;
        self
    }

    /// Sets the form of errors about parameters.
    pub(super) fn speaking(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Sets the errors for unmet requirements.
    pub(super) fn refusing(mut self, unmet: &'static [Unmet]) -> Self {
        self.unmet = unmet;
        self
    }

    /// Sets the actions of requests that name none.
    pub(super) fn addressed(mut self, paths: &'static LazyLock<Paths>) -> Self {
        self.paths = Some(paths);
        self
    }

    /// Returns the operation `action` of a version, if alimock implements it.
    pub fn operation(&self, version: &str, action: &str) -> Option<&Operation> {
        let own = self.of_version.as_ref().filter(|(one, _)| *one == version);
        let action = self.as_listed(action);
        own.and_then(|(_, own)| own.get(action)).or_else(|| self.operations.get(action))
    }

    /// Returns the name of an action in the lists.
    fn as_listed<'a>(&self, action: &'a str) -> &'a str {
        self.spellings.iter().find(|(written, _)| *written == action).map_or(action, |(_, listed)| listed)
    }

    /// Returns `false` if the real product is known not to have `action`.
    pub fn may_have(&self, action: &str) -> bool {
        let action = self.as_listed(action);
        self.known.as_ref().is_none_or(|known| known.contains(action)) || self.operations.contains_key(action)
    }

    /// Returns `true` if the names of all actions are known.
    pub fn lists_actions(&self) -> bool {
        self.known.is_some()
    }

    /// Returns the known names of its actions.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        let more = |name: &&'static str| self.known.as_ref().is_none_or(|known| !known.contains(name));
        self.known.iter().flatten().copied().chain(self.operations.keys().copied().filter(more))
    }

    /// Returns `true` if `pattern` matches another name of an action.
    pub fn also_has(&self, pattern: &str) -> bool {
        self.also.iter().any(|name| crate::text::covers(pattern, name))
    }

    /// Returns the names of the implemented actions.
    pub fn running(&self) -> impl Iterator<Item = &'static str> {
        self.operations.keys().copied()
    }

    /// Returns the implemented operations, by name.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }
}

pub(super) fn by_name(operations: Vec<Operation>) -> BTreeMap<&'static str, Operation> {
    operations.into_iter().map(|operation| (operation.name, operation)).collect()
}
