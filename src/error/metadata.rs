//! What the metadata of an instance answers when it has nothing to give. The codes are ours, for journal and rules: on the wire
//! there is a page with the status alone, and for credentials a JSON document with a `Code`.

use crate::error::entries;

entries! {
    /// There is no such item, or no instance at all. Source: canonical/cloud-init, "AliYun": user data that nobody gave is a 404.
    ITEM_NOT_FOUND = 404 "NotFound" "There is no such item.";
    /// No token, or one that is not good. UNCERTAIN: the status; the documents only say that the access is refused.
    TOKEN_REFUSED = 403 "Forbidden" "The metadata is only given to whoever shows a good token.";
    /// Another method than the path has. Source: aliyun/credentials-nodejs issue 111, where a token is asked for with the wrong one.
    METHOD_REFUSED = 405 "MethodNotAllowed" "The path has another method.";
    /// A time to live that is missing or not in 1..21600. UNCERTAIN: the status; the range is that of ECS "Instance metadata".
    TTL_REFUSED = 400 "BadRequest" "The time to live of a token is 1 to 21600 seconds.";
    /// The role cannot be assumed; told in the document of an HTTP 200. UNCERTAIN: the code; the credentials libraries only ask whether it is `Success`.
    ROLE_NOT_ASSUMED = 403 "Failed" "ECS cannot assume the role {}.";
}
