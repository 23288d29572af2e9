"""The rules of the linter, by their subject. Each is one function; its docstring says what it finds and why, and goes into the handbook."""

from saphan.agreements.procedures.rules import consents, documents, messages, names, promises, prose, scores, stages, unused
from saphan.agreements.procedures.rules.rule import RULES, LintRule

__all__ = ["RULES", "LintRule", "consents", "documents", "messages", "names", "promises", "prose", "scores", "stages", "unused"]
