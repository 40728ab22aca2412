//! Projects of MaxCompute, which DataWorks calls workspaces: what an account keeps its tables in, and who besides the account may
//! enter.

use compact_str::CompactString;

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
