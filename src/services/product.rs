//! What a product is: its names, its operations, and how its refusals read.

use crate::error::{Dialect, Known};
use crate::operation::{Audience, On, Operation, Resource};
use crate::world::gates::Requirement;
use std::collections::{BTreeMap, BTreeSet};

/// The two formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json;charset=utf-8`.
    Json,
    /// `text/xml;charset=utf-8`.
    Xml,
}

/// How a refusal of permission is worded. Source: docs/evidence/gateway.md 6.3.
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
}

/// The parameter that says which region a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionIn {
    /// `RegionId`.
    RegionId,
    /// `RegionId`, or the property of that name in `Parameter`, the list of what is ordered.
    Ordered,
}

/// The refusal of a call whose account does not meet a requirement.
pub struct Unmet {
    /// The requirement.
    pub requirement: Requirement,
    /// The action; empty stands for all of them.
    pub action: &'static str,
    /// The refusal.
    pub error: &'static Known,
}

impl Unmet {
    pub(super) const fn new(requirement: Requirement, error: &'static Known) -> Self {
        Self { requirement, action: "", error }
    }
}

/// One product.
pub struct Product {
    /// Its code, as in `Recommend`.
    pub code: &'static str,
    /// Its name in policies, `ram:CreateUser`.
    pub policy_code: &'static str,
    /// First labels of its hosts. Source: docs/evidence/gateway.md section 9.
    pub hosts: &'static [&'static str],
    /// Its versions. No other product that alimock runs has them; of a declared one nobody has listed any.
    pub versions: &'static [&'static str],
    /// How it words errors about parameters.
    pub dialect: Dialect,
    /// What it answers when nobody says. Source: docs/evidence/gateway.md 5.5.
    pub format: Format,
    /// How it words a refusal of permission.
    pub denial: Denial,
    /// Whether what a rule of the business refuses is told in the body of an HTTP 200.
    pub answers_in_body: bool,
    /// Who may call it, unless the row of an operation says otherwise.
    pub audience: Audience,
    /// What actions are authorized against that alimock does not implement.
    pub unwritten: On,
    /// Where a call says its region.
    pub region: RegionIn,
    /// Refusals of unmet requirements that differ from those of other products.
    pub unmet: &'static [Unmet],
    /// Names of all its actions; `None` when nobody has listed them.
    pub(super) known: Option<BTreeSet<&'static str>>,
    pub(super) operations: BTreeMap<&'static str, Operation>,
    /// Those that are others in one version.
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
            hosts,
            versions,
            dialect: Dialect::Ram,
            format: Format::Json,
            denial: Denial::Ram,
            answers_in_body: false,
            audience: Audience::Signed,
            unwritten: &[Resource::All("*")],
            region: RegionIn::RegionId,
            unmet: &[],
            known: None,
            operations: BTreeMap::new(),
            of_version: None,
        }
    }

    pub(super) fn knows(mut self, names: &'static str) -> Self {
        self.known = Some(names.split_whitespace().collect());
        self
    }

    pub(super) fn runs(mut self, operations: Vec<Operation>) -> Self {
        self.operations = by_name(operations);
        self
    }

    /// Some of the operations are others in one version.
    pub(super) fn runs_in(mut self, version: &'static str, operations: Vec<Operation>) -> Self {
        self.of_version = Some((version, by_name(operations)));
        self
    }

    /// An older product: classic wording, XML unless asked for JSON.
    pub(super) fn classic(mut self) -> Self {
        (self.dialect, self.format, self.denial) = (Dialect::Classic, Format::Xml, Denial::Other);
        self
    }

    /// Tells what a rule of the business refuses in the body of an HTTP 200. Source: docs/evidence/account.md 6.3.
    pub(super) fn answering_in_body(mut self) -> Self {
        self.answers_in_body = true;
        self
    }

    /// Sets who may call it.
    pub(super) fn open_to(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// Sets how it words a refusal of permission, and what actions are authorized against that alimock does not implement.
    pub(super) fn denying(mut self, denial: Denial, unwritten: On) -> Self {
        (self.denial, self.unwritten) = (denial, unwritten);
        self
    }

    /// Sets how it words errors about parameters.
    pub(super) fn speaking(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Sets its refusals of unmet requirements.
    pub(super) fn refusing(mut self, unmet: &'static [Unmet]) -> Self {
        self.unmet = unmet;
        self
    }

    /// The operation `action` of a version, when alimock runs it.
    pub fn operation(&self, version: &str, action: &str) -> Option<&Operation> {
        let own = self.of_version.as_ref().filter(|(one, _)| *one == version);
        own.and_then(|(_, own)| own.get(action)).or_else(|| self.operations.get(action))
    }

    /// Whether the real product has `action`, as far as anybody knows.
    pub fn may_have(&self, action: &str) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(action)) || self.operations.contains_key(action)
    }

    /// Whether the names of all its actions are known.
    pub fn lists_actions(&self) -> bool {
        self.known.is_some()
    }

    /// Names of its actions, as far as anybody knows.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        let more = |name: &&'static str| self.known.as_ref().is_none_or(|known| !known.contains(name));
        self.known.iter().flatten().copied().chain(self.operations.keys().copied().filter(more))
    }

    /// Names of the actions that alimock runs.
    pub fn running(&self) -> impl Iterator<Item = &'static str> {
        self.operations.keys().copied()
    }

    /// The operations it runs, by name.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }
}

pub(super) fn by_name(operations: Vec<Operation>) -> BTreeMap<&'static str, Operation> {
    operations.into_iter().map(|operation| (operation.name, operation)).collect()
}
