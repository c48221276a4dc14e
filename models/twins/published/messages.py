"""What the published engines say that the reference's do not."""

from attrs import frozen

from spec.anoma.shard.messages import UpdateSeenAll


@frozen
class UpdateSeen(UpdateSeenAll):
    """From a worker: a mark, of the locks of one kind of access."""

    write: bool
    """Whether it is the mark of writes; otherwise that of reads."""
