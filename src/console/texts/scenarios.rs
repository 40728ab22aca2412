//! Texts of the pages about scenarios: the editor and the gallery.

texts! {
    Scenarios();
}
