//! alimock: an emulator of Alibaba Cloud's account APIs, for tests.
//!
//! Accounts, real-name verification, AccessKeys, RAM users, STS identities, and the API gateway that accepts or rejects a request.
//! The path of a request is the map:
//!
//! [`server`] (sockets) → [`gateway`] (parse, world, route, authenticate, gate, authorize, run, render, journal) →
//! [`services`] (one folder a product) → [`world`] (accounts and the rules between them) → [`text`], [`error`].
//! [`control`] and [`scenario`] are next to the gateway and change worlds. ARCHITECTURE.md says what each part must not know.
//!
//! A Rust test uses a [`Lab`], which answers requests without sockets, or runs a server in its own process:
//!
//! ```
//! # let runtime = tokio::runtime::Runtime::new().unwrap();
//! # runtime.block_on(async {
//! use alimock::{Config, Scenario, Server};
//!
//! let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
//! let server = Server::start(config, Scenario::default_seed()).await.unwrap();
//! let endpoint = server.endpoint().to_owned();
//! let running = tokio::spawn(server.run(std::future::pending()));
//! assert!(endpoint.starts_with("http://127.0.0.1:"));
//! # running.abort();
//! # });
//! ```

// A program that prints to standard error blocks if nobody reads it, and panics if the disk is full. cli/log.rs writes there instead.
#![deny(clippy::print_stderr, clippy::print_stdout)]

mod attributes;
pub mod cli;
pub mod console;
pub mod control;
pub mod error;
pub mod federation;
pub mod gateway;
pub mod lab;
pub mod operation;
mod packed;
pub mod params;
pub mod policy;
mod qr;
pub mod scenario;
pub mod server;
pub mod services;
pub mod text;
pub mod world;

pub use control::ControlToken;
pub use lab::Lab;
pub use scenario::Scenario;
pub use server::{Config, Server};
pub use world::World;
