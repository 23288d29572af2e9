"""What this room brings to the desk."""


def register() -> None:
    """Brings the entries; called once, when the room is ready."""
