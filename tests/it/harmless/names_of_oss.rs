//! Names of buckets and objects are bounded before policies are asked about them.

use crate::support::Lab;
use crate::support::doors::{OSS_FORMS, Oss, xml_text};

/// A user whose policy has long patterns.
fn lab() -> std::sync::Arc<Lab> {
    let pattern = format!("acs:oss:*:*:{}", "*a?".repeat(300));
    Lab::with_scenario(&format!(
        "accounts: [{{name: demo, keys: [{{}}], buckets: [{{name: {}}}], users: [{{name: ci, keys: [{{}}], policies: [Long]}}], policies: [{{name: Long, document: \
         {{Version: '1', Statement: [{{Effect: Allow, Action: 'oss:*', Resource: '{pattern}'}}]}}}}]}}]",
        "a".repeat(63)
    ))
}

#[test]
fn a_bucket_has_63_letters_and_an_object_1023_bytes() {
    let lab = lab();
    let ci = lab.user("demo", "ci");
    for form in OSS_FORMS {
        let send = |bucket: usize, key: usize| {
            let (bucket, key) = ("a".repeat(bucket), "k".repeat(key));
            ci.oss(&Oss { form, bucket: &bucket, key: &key, ..Oss::default() })
        };
        for long in [64, 60_000] {
            let reply = send(long, 0);
            reply.assert_oss_refused(400, "InvalidBucketName");
            assert_eq!(xml_text(&reply.body, "BucketName").len(), long);
            assert!(lab.last_record().decision.is_none(), "policies were asked");
        }
        send(5, 1024).assert_oss_refused(400, "InvalidObjectName");
        send(63, 1023).assert_oss_refused(403, "AccessDenied");
    }
}
