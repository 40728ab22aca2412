//! Access to the control API, to secrets, to files and to child processes. One file for each subject.
