import time
import uuid

import pytest

from akidb_client import ConflictError, NotFoundError


def test_backs_up_the_server(db):
    db.create_table("t", {"a": "string"}).insert({"a": "x"})
    name = f"client-{uuid.uuid4().hex}"
    begun = db.start_backup(name, include_audit=True)
    assert (begun.name, begun.keys, begun.audit) == (name, False, True)
    with pytest.raises(ConflictError):
        db.start_backup(name)
    end = time.monotonic() + 60
    while db.backup(name).state == "running" and time.monotonic() < end:
        time.sleep(0.02)
    made = db.backup(name)
    assert (made.state, made.error) == ("complete", None)
    assert made.bytes > 0
    assert name in [backup.name for backup in db.backups()]
    with pytest.raises(NotFoundError):
        db.backup("nothing")
