//! Only what was signed is used. One file for each way in which that could fail.
