//! `alimock man`: the manual page, made from the command line itself.

use clap::{Arg, Command};
use std::fmt::Write;

/// Returns the page of all commands in roff.
pub(super) fn page(mut cli: Command) -> String {
    cli.build();
    let mut out = format!(
        ".TH ALIMOCK 1 \"\" \"alimock {}\" \"User Commands\"\n.SH NAME\nalimock \\- {}\n.SH SYNOPSIS\n\\fBalimock\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n",
        env!("CARGO_PKG_VERSION"),
        line(env!("CARGO_PKG_DESCRIPTION"))
    );
    for paragraph in [cli.get_long_about().or(cli.get_about()), cli.get_after_help()].into_iter().flatten() {
        let _ = writeln!(out, ".PP\n{}", line(&paragraph.to_string()));
    }
    options(&mut out, cli.get_arguments());
    out.push_str(".SH COMMANDS\n");
    cli.get_subcommands().for_each(|command| add(&mut out, "alimock", command));
    out
}

/// Adds a command, or those of a group.
fn add(out: &mut String, before: &str, command: &Command) {
    if command.get_name() == "help" || command.is_hide_set() {
        return;
    }
    let name = format!("{before} {}", command.get_name());
    if command.has_subcommands() {
        return command.get_subcommands().for_each(|inner| add(out, &name, inner));
    }
    let _ = write!(out, ".SS {}", line(&name));
    for arg in command.get_positionals() {
        let value = line(&value_of(arg));
        let _ = if arg.is_required_set() { write!(out, " {value}") } else { write!(out, " [{value}]") };
    }
    out.push('\n');
    if let Some(about) = command.get_about() {
        let _ = writeln!(out, "{}", line(&about.to_string()));
    }
    options(out, command.get_arguments());
    if let Some(after) = command.get_after_help() {
        let _ = writeln!(out, ".PP\n.nf\n{}\n.fi", escaped(&after.to_string()));
    }
}

fn value_of(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let names = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    if names.is_empty() { arg.get_id().to_string().to_uppercase() } else { names }
}

/// Adds arguments with their help. Every command has `--help`.
fn options<'a>(out: &mut String, args: impl Iterator<Item = &'a Arg>) {
    for arg in args.filter(|arg| !arg.is_hide_set() && !["help", "version"].contains(&arg.get_id().as_str()))
    {
        let mut flags = Vec::new();
        flags.extend(arg.get_short().map(|short| format!("-{short}")));
        flags.extend(arg.get_long().map(|long| format!("--{long}")));
        let takes_value = arg.get_action().takes_values();
        let value = if takes_value { line(&value_of(arg)) } else { String::new() };
        let flags =
            if flags.is_empty() { String::new() } else { format!("\\fB{}\\fR ", line(&flags.join(", "))) };
        let _ = writeln!(out, ".TP\n{flags}\\fI{value}\\fR");
        let help = line(&arg.get_help().map(ToString::to_string).unwrap_or_default());
        let _ = writeln!(out, "{help}{}", if help.ends_with(['.', ']']) { "" } else { "." });
        let values = arg.get_possible_values();
        if takes_value && !values.is_empty() {
            let names: Vec<_> = values.iter().map(|value| value.get_name().to_owned()).collect();
            let _ = writeln!(out, "Values: {}.", line(&names.join(", ")));
        }
        if let Some(variable) = arg.get_env() {
            let _ = writeln!(out, "Variable: {}.", line(&variable.to_string_lossy()));
        }
    }
}

/// A text on one line of the page.
fn line(text: &str) -> String {
    escaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Characters that mean something to roff.
fn escaped(text: &str) -> String {
    let line = |line: &str| {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_roff_are_text() {
        assert_eq!(escaped(".so x\n'a\n--b \\fB"), "\\&.so x\n\\&'a\n\\-\\-b \\efB");
    }

    #[test]
    fn every_command_is_on_the_page() {
        let page = page(crate::cli::whole());
        for command in ["serve", "why", "key disable", "account verify", "scenario list", "completions"] {
            assert!(page.contains(&format!(".SS alimock {command}")), "{command}");
        }
        assert!(page.lines().all(|line| !line.trim().is_empty()), "roff takes no empty lines");
    }
}
