//! No request stops the others: bounded work, time, memory and logs. One file for each way in which that could fail.

mod documents;
mod scenario_bodies;
