"""Who may let something out through the door."""

from saphan.access.actions import Action
from saphan.access.policy import role_is_enough, rule

rule(Action.RELEASES_PUBLISH)(role_is_enough)
