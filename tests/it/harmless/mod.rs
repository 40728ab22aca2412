//! No request stops the others: bounded work, time, memory and logs. One file for each way in which that could fail.

mod amplification;
mod documents;
mod drawn;
mod frames;
mod heavy_work;
mod http;
mod names_of_oss;
mod no_panic;
mod scenario_bodies;
mod stderr;
mod time_limits;
