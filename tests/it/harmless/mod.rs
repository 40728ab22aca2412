//! No request stops the others: bounded work, time, memory and logs. One file for each way in which that could fail.

mod drawn;
mod frames;
mod heavy_work;
mod http;
mod no_panic;
mod time_limits;
