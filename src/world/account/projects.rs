//! The projects of an account: what MaxCompute calls a project and DataWorks a workspace.

use compact_str::CompactString;

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its number, by which DataWorks knows it.
    pub id: u64,
    /// Its name, unique in its account regardless of case.
    pub name: CompactString,
    /// Names of the RAM users who belong to it; the account itself always does.
    pub members: Vec<CompactString>,
}
