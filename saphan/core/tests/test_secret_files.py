"""A file that holds a secret is made once and whole, whoever comes at the same moment."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from saphan.core.secret_files import secret_kept_in, write_secret


def test_all_who_come_at_once_get_the_same_whole_secret(tmp_path: Path) -> None:
    for round_number in range(30):
        path = tmp_path / f"{round_number}.key"
        with ThreadPoolExecutor(8) as threads:
            got = set(threads.map(lambda who, path=path: secret_kept_in(path, lambda: f"{who}" * 5_000), range(1, 9)))
        assert len(got) == 1
        assert len(got.pop()) == 5_000


def test_only_the_owner_reads_it_and_no_draft_is_left(tmp_path: Path) -> None:
    secret_kept_in(tmp_path / "keys" / "one.key", lambda: "secret")
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["one.key"]
    assert stat.S_IMODE((tmp_path / "keys" / "one.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_the_second_writer_keeps_what_the_first_wrote(tmp_path: Path) -> None:
    write_secret(tmp_path / "one.key", "first")
    write_secret(tmp_path / "one.key", "second")
    assert secret_kept_in(tmp_path / "one.key", lambda: "third") == "first"
