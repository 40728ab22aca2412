//! Texts of the pages about the trace of one request.

texts! {
    Trace();
}
