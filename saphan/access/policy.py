"""The one policy: may this user do this to that, and why not. No rule means refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.roles import acts_of
from saphan.core.errors import Refused

if TYPE_CHECKING:
    from saphan.access.models import User


@dataclass(frozen=True)
class Verdict:
    """Allowed or not, and the sentence that says why."""

    allowed: bool
    why: str | Promise

    def __bool__(self) -> bool:
        return self.allowed


Rule = Callable[["User", Any], Verdict]
RULES: dict[Action, Rule] = {}


def rule(*actions: Action) -> Callable[[Rule], Rule]:
    """Registers one function as the rule of these actions. A second rule for an action is a programming error."""

    def register(function: Rule) -> Rule:
        for action in actions:
            if action in RULES:
                raise RuntimeError(f"two rules for {action}")
            RULES[action] = function
        return function

    return register


def check(user: Any, action: Action, target: Any = None) -> Verdict:
    """Asks the policy. First the account, then the role, then the action's own rule upon `target`."""
    if not (user.is_authenticated and user.is_active):
        return Verdict(False, _("Sign in first."))
    if action not in acts_of(user.roles):
        return Verdict(False, _("Your role does not include this."))
    decide = RULES.get(action)
    if decide is None:
        return Verdict(False, _("Nobody may do this yet: the policy has no rule for it."))
    return decide(user, target)


def require(user: Any, action: Action, target: Any = None) -> None:
    """Raises Refused, with the reason, unless the policy allows. The edge records the denial."""
    verdict = check(user, action, target)
    if not verdict.allowed:
        kind = target._meta.label_lower if hasattr(target, "_meta") else ""
        raise Refused(str(verdict.why), action=action, target_kind=kind, target_id=str(getattr(target, "pk", "")))


def role_is_enough(_user: "User", _target: Any) -> Verdict:
    """The rule of acts that need no record: the role itself decides."""
    return Verdict(True, "")
