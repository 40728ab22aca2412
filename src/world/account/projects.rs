//! MaxCompute projects, which DataWorks calls workspaces: they hold tables and have members.

use compact_str::CompactString;

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Project id.
    pub id: u64,
    /// Project name, unique in the world.
    pub name: CompactString,
    /// Names of member RAM users, and `role/<name>` for sessions of a role. The account itself is always a member.
    pub members: Vec<CompactString>,
    /// Number of its resource group.
    pub group: u32,
}
