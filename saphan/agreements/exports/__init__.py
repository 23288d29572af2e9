"""The text of a version in the forms of other houses. Exports, never sources: nothing is read back from them."""
