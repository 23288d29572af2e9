"""Subjects follow procedures: binding by digest, what happened, what is owed, where practice left the agreement. It knows no case, only ids."""
