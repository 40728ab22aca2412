//! Colour of everything that the program prints: `--color`, else `NO_COLOR`, else whether the output is a terminal.

use clap::ValueEnum;
use std::io::{IsTerminal, stderr, stdout};
use std::sync::OnceLock;

/// Values of `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Also in files and pipes.
    Always,
    /// Nowhere.
    Never,
}

static CHOICE: OnceLock<Colour> = OnceLock::new();

/// Sets the choice of the command line.
pub(super) fn choose(colour: Colour) {
    let _ = CHOICE.set(colour);
}

/// Returns the choice of a command line that clap does not accept.
pub(super) fn of_arguments(mut arguments: impl Iterator<Item = String>) -> Colour {
    let mut found = std::env::var("ALIMOCK_COLOR").ok();
    while let Some(argument) = arguments.next().filter(|argument| argument != "--") {
        match argument.strip_prefix("--color") {
            Some("") => found = arguments.next(),
            Some(value) => found = value.strip_prefix('=').map(str::to_owned).or(found),
            None => {}
        }
    }
    found.and_then(|value| Colour::from_str(&value, false).ok()).unwrap_or(Colour::Auto)
}

fn is_on(is_terminal: bool) -> bool {
    match CHOICE.get().copied().unwrap_or(Colour::Auto) {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

/// Returns `true` if standard error is coloured.
pub(super) fn of_errors() -> bool {
    is_on(stderr().is_terminal())
}

/// Returns `true` if standard output is coloured.
pub(super) fn of_output() -> bool {
    is_on(stdout().is_terminal())
}
