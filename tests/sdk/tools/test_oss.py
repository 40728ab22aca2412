"""OSS through oss2, with TLS at the hosts of the region and of the bucket."""

import oss2
import pytest
from seeded import DEMO

HOST = "https://oss-cn-hangzhou.aliyuncs.com"
# Its own host is one of those that `netns` knows.
NAME = "tools-data"


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_a_bucket_is_made_shown_and_removed(version):
    auth = oss2.make_auth(DEMO.id, DEMO.secret, version)
    bucket = oss2.Bucket(auth, HOST, NAME, region="cn-hangzhou")

    bucket.create_bucket(oss2.BUCKET_ACL_PUBLIC_READ)

    assert [one.name for one in oss2.BucketIterator(oss2.Service(auth, HOST, region="cn-hangzhou"))] == [NAME]
    info = bucket.get_bucket_info()
    assert (info.name, info.location, info.acl.grant) == (NAME, "oss-cn-hangzhou", "public-read")
    bucket.delete_bucket()
    with pytest.raises(oss2.exceptions.NoSuchBucket):
        bucket.get_bucket_info()
