"""One organisation asks another to take up part of a person's care."""
