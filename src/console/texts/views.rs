//! Texts of the pages about coverage, differences of snapshots, settings.

texts! {
    Views();
}
