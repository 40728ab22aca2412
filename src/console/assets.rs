//! Files of the console: style, scripts, icon. htmx is vendored: `assets/htmx.LICENSE`.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};

/// A file: path below `/_alimock`, type and content.
pub(super) type Asset = (&'static str, &'static str, &'static [u8]);

const ALL: [Asset; 5] = [
    ("/assets/console.css", "text/css; charset=utf-8", include_bytes!("assets/console.css")),
    ("/assets/console.js", "text/javascript; charset=utf-8", include_bytes!("assets/console.js")),
    ("/assets/htmx.min.js", "text/javascript; charset=utf-8", include_bytes!("assets/htmx.min.js")),
    ("/assets/hx-sse.min.js", "text/javascript; charset=utf-8", include_bytes!("assets/hx-sse.min.js")),
    ("/assets/icon.svg", "image/svg+xml", include_bytes!("assets/icon.svg")),
];

/// Returns the file at a path below `/_alimock`.
pub(super) fn of(path: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.0 == path)
}

/// Sends a file. Files tell nothing, so they need no token.
pub(super) fn answer(asset: &'static Asset) -> Response {
    let mut response = Response::new(Body::from(asset.2));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.1));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
