"""What is wrong with a workbook, said so that its writer can mend it: sheet, row, column, a sentence, and what to do.

A problem keeps a code and its arguments; the sentence is made in the reader's language at the moment of showing.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # the file
    "not_a_workbook": (_("This file cannot be read as a spreadsheet."), _("Save it as .xlsx (or .xls, .csv) with the sheets survey, choices and settings.")),
    "encrypted": (_("This spreadsheet is locked with a password."), _("Save it without a password.")),
    "too_large": (_("The file has %(size)s MB; the limit is %(limit)s MB."), _("Take pictures and unused sheets out of it.")),
    "unzips_too_large": (_("Unpacked, the file would be larger than %(limit)s MB."), _("Copy the cells into a new workbook and save that.")),
    "too_many_rows": (_("This sheet has more than %(limit)s rows."), _("Split the form, or take rows without use out of it.")),
    "too_many_columns": (_("This sheet has more than %(limit)s columns."), _("Take columns without use out of it.")),
    "too_many_words": (_("This cell holds more than %(limit)s characters."), _("Make the text shorter.")),
    "no_survey": (_("There is no sheet named survey."), _("Name the sheet with the questions survey. Sheets found: %(found)s.")),
    "no_header": (_("The column %(column)s is missing."), _("Write it into the first row.")),
    "empty": (_("The form has no question."), _("Add at least one row with type and name.")),
    "formula": (_("This cell holds a formula; the value it had last was taken."), _("Copy it and insert it as a value.")),
    "formula_empty": (_("This cell holds a formula without a value."), _("Write the value itself.")),
    "merged": (_("The cells %(range)s are merged; only the first holds the text."), _("Split merged cells.")),
    "sheet_spelling": (_("The sheet %(sheet)s is not read."), _("If it belongs to the form, name it %(meant)s.")),
    # columns
    "column_twice": (_("The column %(column)s stands there twice."), _("Rename or remove one of them.")),
    "column_spelling": (_("The column %(column)s is not known."), _("Write %(meant)s, or give your own column a name that is less alike.")),
    "column_unused": (_("The column %(column)s is kept in the file but not carried out here."), _("Look whether the form does without it.")),
    # rows
    "no_type": (_("This row has no type."), _("Write one, for example text or select_one.")),
    "unknown_type": (_("The type %(type)s is not known."), _("See the list of types in the handbook.")),
    "unsupported_type": (_("The type %(type)s is not carried out here."), _("Use another type; the handbook names what is supported.")),
    "device_type": (_("The type %(type)s is filled in by ODK Collect only."), _("On pages of this system it stays empty.")),
    "no_name": (_("This row has no name."), _("Write a short name of Latin letters, digits and _.")),
    "bad_name": (_("%(name)s cannot be a name."), _("Begin with a letter or _; go on with letters, digits, _ - or a point.")),
    "name_twice": (_("The name %(name)s already stands in row %(other)s."), _("Names are used once in a group, and those of groups and repeats once in the form.")),
    "reserved_name": (_("The name %(name)s is reserved."), _("Choose another name.")),
    "no_label": (_("%(name)s has no label in any language."), _("Write the words that a person reads.")),
    "no_list": (_("The list %(list)s is not on the sheet choices."), _("Add it, or mend its name.")),
    "list_needed": (_("This type needs the name of a list."), _("Write for example select_one yesno.")),
    "choice_no_list": (_("This answer belongs to no list."), _("Write the name of its list in list_name.")),
    "choice_no_name": (_("This answer has no name."), _("Write its code in the column name.")),
    "choice_space": (_("The answer %(name)s has a space in its name."), _("Use _ instead: several answers are kept with spaces between them.")),
    "choice_twice": (_("The answer %(name)s stands twice in the list %(list)s."), _("Give each answer its own name.")),
    "end_without_begin": (_("Nothing is open that this row could end."), _("Remove the row, or add the one that begins.")),
    "begin_without_end": (_("%(name)s begins here and is never ended."), _("Add the row end_%(type)s.")),
    "crossed": (_("This row ends %(ends)s, but %(open)s is open."), _("End first what began last.")),
    "too_deep": (_("Groups stand more than %(limit)s deep."), _("Make the form flatter.")),
    # expressions
    "no_such_name": (_("${%(name)s} is not in the form."), _("Mend the name, or add the question.")),
    "name_not_unique": (_("${%(name)s} could be several questions."), _("Give them different names.")),
    "broken_expression": (_("This expression cannot be read near %(near)s."), _("Look at brackets, quotation marks and names.")),
    "unsupported_function": (_("The function %(function)s() is not carried out here."), _("The handbook names the functions that are.")),
    "unsupported_part": (_("%(part)s is not carried out here."), _("The handbook names what is.")),
    "wrong_arguments": (_("%(function)s() is not used with %(number)s values."), _("Look up how the function is written.")),
    "expression_too_long": (_("This expression is too long or too deeply nested."), _("Break it into calculations.")),
    "bad_pattern": (_("This pattern for regex() cannot be used: %(pattern)s"), _("Avoid a repetition inside a repetition, such as (a+)+.")),
    "ring": (_("These rows wait for each other: %(ring)s."), _("Break the ring: a value cannot depend on itself.")),
    "bad_number": (_("%(name)s must be a number here."), _("Write for example start=0 end=10 step=1.")),
    "no_calculation": (_("%(name)s has no calculation."), _("Write into the column calculation what is to be worked out.")),
    "parameter_unused": (_("%(name)s is not carried out here."), _("The answers stand in the order of the sheet.")),
    # languages
    "translation_missing": (_("%(language)s: the text is missing."), _("Add it, or remove the language from every column.")),
    "no_language": (_("The language %(language)s of the settings is in no column."), _("Write it as in the columns, for example English (en).")),
    # what pyxform says
    "pyxform": (_("The form cannot be made into an XForm: %(words)s"), _("Mend the row and try again.")),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing to mend (or to know, as a warning). `row` counts from 1 as in the spreadsheet; 0 and "" where there is none."""

    sheet: str
    row: int
    column: str
    code: str
    arguments: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, in the active language."""
        return str(SENTENCES[self.code][0]) % self.arguments

    @property
    def advice(self) -> str:
        """What to do about it, in the active language."""
        return str(SENTENCES[self.code][1]) % self.arguments

    @property
    def where(self) -> str:
        """Sheet, row and column in one phrase: `survey, row 5, relevant`."""
        parts = [self.sheet, gettext("row %(row)s") % {"row": self.row} if self.row else "", self.column]
        return ", ".join(part for part in parts if part)


class Stopped(Exception):
    """The workbook cannot be read any further; carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
