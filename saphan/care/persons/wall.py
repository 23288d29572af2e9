"""The words of the second lock for the tables of care: SQL conditions for `access.rowlock.RowSecurity`, used by migrations only."""

HERE = "ANY(string_to_array(current_setting('saphan.orgs', true), ','))"


def owned(column: str) -> str:
    """The row belongs to the organisation that asks."""
    return f"{column}::text = {HERE}"


def tied(person: str) -> str:
    """An open tie opens this person's file to the organisation that asks."""
    open_now = "tie.since <= now() AND (tie.until IS NULL OR tie.until > now())"
    return f"EXISTS (SELECT 1 FROM care_persons_involvement tie WHERE tie.person_id = {person} AND {owned('tie.org_id')} AND {open_now})"  # noqa: S608  # names of columns, from migrations only
