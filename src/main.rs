//! The `alimock` program. All code is in the library.

// The system's allocator took a third of a call's time, and more in the static musl build.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    alimock::cli::main()
}
