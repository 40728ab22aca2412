//! The `alimock` program; everything is in the library.

// A third of a call's time went into the system's allocator, and more in the static musl build.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    alimock::cli::main()
}
