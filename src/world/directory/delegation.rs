//! Trusted services and delegated administrators. Source: docs/evidence/resource-directory.md 4.6.

use crate::text::{ServicePrincipal, Timestamp, Uid};
use crate::world::directory::Directory;
use crate::world::refusal::Refusal;
use crate::world::settings::Quotas;

impl Directory {
    /// Iterates over the services that a member administers, with the times of registration.
    pub fn services_of(&self, uid: Uid) -> impl Iterator<Item = (&str, Timestamp)> {
        let all = self.delegations.iter().filter(move |((_, one), _)| *one == uid);
        all.map(|((service, _), since)| (service.as_str(), *since))
    }

    /// Iterates over all delegated administrators, by service.
    pub fn delegations(&self) -> impl Iterator<Item = (&str, &crate::world::directory::Member, Timestamp)> {
        self.delegations
            .iter()
            .filter_map(|((service, uid), since)| Some((service.as_str(), self.member(*uid).ok()?, *since)))
    }

    /// Iterates over the trusted services, with the times of enabling.
    pub fn trusted_services(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.trusted.iter().map(|(service, since)| (service.as_str(), *since))
    }

    /// Makes a member the administrator of a service, which becomes trusted.
    ///
    /// UNCERTAIN: a service enables its own trust; here the first registration does. The quota is the same for all services.
    pub fn delegate(
        &mut self,
        uid: Uid,
        service: &ServicePrincipal,
        (now, quotas): (Timestamp, &Quotas),
    ) -> Result<(), Refusal> {
        if uid == self.manager {
            return Err(Refusal::ManagerAsAdministrator);
        }
        self.member(uid)?;
        let name = compact_str::CompactString::from(service.as_str());
        if self.delegations.contains_key(&(name.clone(), uid)) {
            return Err(Refusal::AdministratorAlready);
        }
        let administrators = self.delegations.keys().filter(|(one, _)| *one == name).count();
        if administrators >= quotas.delegated_administrators_per_service {
            return Err(Refusal::TooManyAdministrators);
        }
        self.trusted.entry(name.clone()).or_insert(now);
        self.delegations.insert((name, uid), now);
        Ok(())
    }

    /// Ends the administration of a service by a member.
    pub fn undelegate(&mut self, uid: Uid, service: &ServicePrincipal) -> Result<(), Refusal> {
        let removed = self.delegations.remove(&(service.as_str().into(), uid));
        removed.map(drop).ok_or(Refusal::NotAnAdministrator)
    }

    /// Ends all administration by a member that leaves.
    pub(in crate::world) fn undelegate_all(&mut self, uid: Uid) {
        let services: Vec<_> = self.services_of(uid).map(|(service, _)| service.into()).collect();
        for service in services {
            self.delegations.remove(&(service, uid));
        }
    }
}
