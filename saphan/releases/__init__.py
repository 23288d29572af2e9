"""The two doors in the wall: signed releases outward, sealed reports inward."""
