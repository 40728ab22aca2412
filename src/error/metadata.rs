//! Errors of the instance metadata service. The codes are our own, for journal and fault rules. The response is a page with the status
//! only, or a JSON document with a `Code` for credentials.

use crate::error::entries;

entries! {
    /// The item or the instance does not exist. Source: canonical/cloud-init, "AliYun": missing user data is a 404.
    ITEM_NOT_FOUND = 404 "NotFound" "There is no such item.";
    /// The token is missing or invalid. UNCERTAIN: the status; the documents only say that access is rejected.
    TOKEN_REFUSED = 403 "Forbidden" "The metadata is only given to whoever shows a good token.";
    /// The path does not support the method. Source: aliyun/credentials-nodejs issue 111, where a token is requested with the wrong method.
    METHOD_REFUSED = 405 "MethodNotAllowed" "The path has another method.";
    /// The time to live is missing or not in 1..21600. UNCERTAIN: the status; the range is from ECS "Instance metadata".
    TTL_REFUSED = 400 "BadRequest" "The time to live of a token is 1 to 21600 seconds.";
    /// The role cannot be assumed; reported in the document of an HTTP 200. UNCERTAIN: the code; the credentials libraries only check for `Success`.
    ROLE_NOT_ASSUMED = 403 "Failed" "ECS cannot assume the role {}.";
}
