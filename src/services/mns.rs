//! Message Service (MNS), limited to authentication and permission: no request runs.
//!
//! Source of the table: package aliyun-mns-sdk 1.3.0 (`mns_client.py`) and the resource names in policies of the product's pages
//! (`acs:mns:*:*:/queues/...`). UNCERTAIN: the actions of batches and of account attributes.

use crate::error::mns;
use crate::operation::Resource;
use crate::services::{Denial, Paths, Product};
use std::sync::LazyLock;

static PATHS: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(
        "GET /queues ListQueue = /queues
PUT /queues/{Queue}?metaoverride=true SetQueueAttributes = /queues/{Queue}
PUT /queues/{Queue} CreateQueue = /queues/{Queue}
GET /queues/{Queue} GetQueueAttributes = /queues/{Queue}
DELETE /queues/{Queue} DeleteQueue = /queues/{Queue}
POST /queues/{Queue}/messages SendMessage = /queues/{Queue}/messages
GET /queues/{Queue}/messages?peekonly=true PeekMessage = /queues/{Queue}/messages
GET /queues/{Queue}/messages ReceiveMessage = /queues/{Queue}/messages
DELETE /queues/{Queue}/messages DeleteMessage = /queues/{Queue}/messages
PUT /queues/{Queue}/messages ChangeMessageVisibility = /queues/{Queue}/messages
GET /topics ListTopic = /topics
PUT /topics/{Topic}?metaoverride=true SetTopicAttributes = /topics/{Topic}
PUT /topics/{Topic} CreateTopic = /topics/{Topic}
GET /topics/{Topic} GetTopicAttributes = /topics/{Topic}
DELETE /topics/{Topic} DeleteTopic = /topics/{Topic}
POST /topics/{Topic}/messages PublishMessage = /topics/{Topic}/messages
GET /topics/{Topic}/subscriptions ListSubscriptionByTopic = /topics/{Topic}/subscriptions
PUT /topics/{Topic}/subscriptions/{Subscription}?metaoverride=true SetSubscriptionAttributes = /topics/{Topic}/subscriptions/{Subscription}
PUT /topics/{Topic}/subscriptions/{Subscription} Subscribe = /topics/{Topic}/subscriptions/{Subscription}
GET /topics/{Topic}/subscriptions/{Subscription} GetSubscriptionAttributes = /topics/{Topic}/subscriptions/{Subscription}
DELETE /topics/{Topic}/subscriptions/{Subscription} Unsubscribe = /topics/{Topic}/subscriptions/{Subscription}
GET / GetAccountAttributes = *
PUT / SetAccountAttributes = *",
    )
});

/// The product.
pub(super) fn product() -> Product {
    Product::new("MNS", "mns", &["mns"], &["2015-06-06"])
        .denying(Denial::Named(&mns::DENIED), &[Resource::All("*")])
        .addressed(&PATHS)
}
