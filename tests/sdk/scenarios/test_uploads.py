"""Uploads to OSS."""

import oss2
import pytest
from seeded import ENDPOINT

PATH, FILMS = "night/film.mkv", "demo-films"


def bucket(key):
    """The bucket as a key reaches it."""
    auth = oss2.StsAuth(key.id, key.secret, key.token, "v4")
    return oss2.Bucket(auth, ENDPOINT, FILMS, region="cn-hangzhou", is_path_style=True)


def complete(key, upload, parts):
    """Ends an upload."""
    parts = [oss2.models.PartInfo(number, part.etag) for number, part in enumerate(parts, 1)]
    return bucket(key).complete_multipart_upload(PATH, upload, parts)


@pytest.mark.shows("oss-upload-outlives-its-session")
def test_an_upload_goes_on_with_a_new_session(stage):
    night = stage.session("night")

    with stage.naive():
        upload = bucket(night).init_multipart_upload(PATH).upload_id
        bucket(night).upload_part(PATH, upload, 1, b"one")
        stage.advance("6m")
        with pytest.raises(oss2.exceptions.ServerError) as caught:
            bucket(night).upload_part(PATH, upload, 2, b"two")
        assert (caught.value.status, caught.value.code) == (403, "SecurityTokenExpired")
        assert caught.value.message == "The security token you provided has expired."
        # It starts all over.
        fresh = stage.assume(stage.key("ci"), "uploader")
        bucket(fresh).abort_multipart_upload(PATH, upload)
        upload = bucket(fresh).init_multipart_upload(PATH).upload_id
        complete(fresh, upload, [bucket(fresh).upload_part(PATH, upload, 1, b"one, two, and three")])

    with stage.good():
        key, parts = night, []
        upload = bucket(key).init_multipart_upload(PATH).upload_id
        for number, data in enumerate([b"one", b"two", b"three"], 1):
            try:
                parts.append(bucket(key).upload_part(PATH, upload, number, data))
            except oss2.exceptions.ServerError as error:
                assert error.code == "SecurityTokenExpired"
                key = stage.assume(stage.key("ci"), "uploader")
                parts.append(bucket(key).upload_part(PATH, upload, number, data))
            if number == 1:
                stage.advance("6m")
        assert complete(key, upload, parts).etag.endswith("-3")
