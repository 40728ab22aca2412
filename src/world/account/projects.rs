//! Projects of MaxCompute, which DataWorks calls workspaces: what an account keeps its tables in, and who besides the account may
//! enter.

use crate::world::account::Account;
use crate::world::caller::Caller;
use crate::world::ids::Kind;
use crate::world::refusal::Refusal;
use crate::world::state::State;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its number.
    pub id: u64,
    /// Its name; no other project of the world has it.
    pub name: CompactString,
    /// Names of the RAM users that are members, and `role/<name>` for sessions of a role. The account itself always is one.
    pub members: Vec<CompactString>,
}

impl Project {
    /// Whether `caller`, of the account that owns the project, may enter.
    pub fn admits(&self, caller: &Caller) -> bool {
        let has = |name: &str| self.members.iter().any(|member| member == name);
        match caller {
            Caller::Nobody => false,
            Caller::Root { .. } => true,
            Caller::User { name, .. } => has(name.as_str()),
            Caller::Role(session) => has(&format!("role/{}", session.role_name)),
        }
    }
}

impl State {
    /// The project `name` with the account that owns it, in whatever case it is written. Only scenarios make projects, so there
    /// are few: no index.
    pub fn project(&self, name: &str) -> Option<(&Account, &Project)> {
        let all =
            self.accounts.values().flat_map(|account| account.projects.iter().map(move |one| (account, one)));
        let (account, project) = { all }.find(|(_, project)| project.name.eq_ignore_ascii_case(name))?;
        Some((account, project))
    }
}

impl Tx<'_> {
    /// Adds a project to an account, with an id of the caller's choice or a generated one.
    pub fn add_project(
        &mut self,
        uid: crate::text::Uid,
        id: Option<u64>,
        name: &str,
        members: Vec<CompactString>,
    ) -> Result<(), Refusal> {
        if self.state.project(name).is_some() {
            return Err(Refusal::ProjectExists);
        }
        let ids = self.ids;
        let (account, _) = self.account_of(uid)?;
        let id = id.unwrap_or_else(|| ids.project(uid, account.counters.next(Kind::Project)));
        account.projects.push_back(Arc::new(Project { id, name: name.into(), members }));
        Ok(())
    }
}
