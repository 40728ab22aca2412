//! Everything that is tested through the gateway, the socket, the control API and the command line.

#![expect(unreachable_pub, reason = "a test binary exports nothing; its modules do")]

mod captures;
mod cli;
mod codes;
mod control;
mod coverage;
mod crowd;
mod denials;
mod diagnostics;
mod docs;
mod expect;
mod export;
mod faults;
mod federation;
mod forks;
mod fuzz;
mod groups;
mod keys;
mod library;
mod linked_roles;
mod login;
mod messages;
mod metrics;
mod mfa;
mod openapi;
mod partner;
mod permissions;
mod policies;
mod policy;
mod ports;
mod propagation;
mod refusals;
mod roles;
mod rules;
mod sessions;
mod settings;
mod shapes;
mod stream;
mod sts;
mod support;
mod tags;
mod tidy;
mod users;
mod wire;
mod worlds;
