//! Everything that is tested through the gateway, the socket, the control API and the command line.

#![expect(unreachable_pub, reason = "a test binary exports nothing; its modules do")]

mod captures;
mod cli;
mod codes;
mod control;
mod coverage;
mod denials;
mod docs;
mod expect;
mod faults;
mod federation;
mod fuzz;
mod keys;
mod library;
mod partner;
mod permissions;
mod policy;
mod refusals;
mod sessions;
mod shapes;
mod sts;
mod support;
mod tidy;
mod users;
mod wire;
mod worlds;
