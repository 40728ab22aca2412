//! The `alimock` program; everything is in the library.

fn main() -> std::process::ExitCode {
    alimock::cli::main()
}
