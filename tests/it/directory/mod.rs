//! Resource directories. Source: docs/evidence/resource-directory.md.

mod control;
mod deletion;
mod invitations;
mod members;
mod scenario;

use crate::support::{Actor, Lab, Reply};
use alimock::world::{By, Command};
use serde_json::Value;
use std::sync::Arc;

/// Accounts of enterprises: one that manages a directory, one that may join it, and one of a person.
const WORLD: &str = "accounts:
  - name: boss
    mobile: 86-13900001111
    realName: {status: VERIFIED, subject: enterprise, name: Boss Ltd, documentNumber: 91330000MA27BOSSLT}
    keys: [{}]
    users: [{name: admin, policies: [AdministratorAccess], keys: [{}]}, {name: nobody, keys: [{}]}]
  - name: guest
    email: guest@example.com
    realName: {status: VERIFIED, subject: enterprise, name: Boss Ltd, documentNumber: 91330000MA27BOSSLT}
    keys: [{}]
    users: [{name: dev, policies: [AdministratorAccess], keys: [{}]}]
  - name: person
    realName: {status: VERIFIED, subject: personal, name: Li Lei}
    keys: [{}]";

impl Actor {
    /// Calls ResourceDirectoryMaster.
    pub fn rd(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2022-04-19", action, params)
    }

    /// Calls ResourceManager.
    pub fn rm(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2020-03-31", action, params)
    }
}

/// A lab in which `boss` manages a directory.
struct Company {
    lab: Arc<Lab>,
    boss: Actor,
    admin: Actor,
}

impl Company {
    fn new() -> Self {
        let lab = Lab::with_scenario(WORLD);
        let (boss, admin) = (lab.root("boss"), lab.user("boss", "admin"));
        boss.rd("EnableResourceDirectory", &[("EnableMode", "CurrentAccount")]).assert_ok();
        Self { lab, boss, admin }
    }

    /// Adds a folder to the Root folder or to another, and returns its id.
    fn folder(&self, name: &str, parent: &str) -> String {
        let params = [("FolderName", name), ("ParentFolderId", parent)];
        text(&self.boss.rd("CreateFolder", &params).assert_ok(), "/Folder/FolderId")
    }

    /// Adds a member, and returns its UID.
    fn member(&self, name: &str, folder: &str) -> String {
        let params = [("DisplayName", name), ("ParentFolderId", folder)];
        text(&self.boss.rd("CreateResourceAccount", &params).assert_ok(), "/Account/AccountId")
    }

    /// A session of the access role of a member.
    fn inside(&self, member: &str) -> Actor {
        self.assume(member).into_session(&self.lab)
    }

    /// Runs a command of the control API.
    fn run(&self, command: &str) {
        let command: Command = serde_json::from_str(command).expect("the command is good");
        let world = self.lab.world();
        world
            .commit(world.clock.now().resource, By::OURSELVES, |tx| command.run(tx))
            .expect("it can be done");
    }

    fn assume(&self, member: &str) -> Reply {
        let arn = format!("acs:ram::{member}:role/ResourceDirectoryAccountAccessRole");
        self.admin.sts("AssumeRole", &[("RoleArn", &arn), ("RoleSessionName", "admin")])
    }
}

impl Reply {
    /// The actor that signs with the credentials in the answer.
    fn into_session(self, lab: &Arc<Lab>) -> Actor {
        let body = self.assert_ok();
        let of = |name: &str| text(&body, &format!("/Credentials/{name}"));
        lab.actor(&of("AccessKeyId"), &of("AccessKeySecret")).with_token(&of("SecurityToken"))
    }
}

/// A text in an answer.
#[track_caller]
fn text(body: &Value, pointer: &str) -> String {
    body.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{body} has no {pointer}"))
        .to_owned()
}
