"""Users, roles, grants, actions and the one policy: may X do Y to Z, and why not."""
