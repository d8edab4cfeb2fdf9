"""Sizes of what is shipped."""

from pathlib import Path

from benchmarks.sizes import size_of


def test_all_files_of_a_folder_count_and_zipping_makes_them_smaller(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "module.py").write_text("x = 1\n" * 1_000)
    (tmp_path / "data.json").write_text("{}")

    size = size_of(tmp_path)
    assert size.unzipped == 6_002
    assert 0 < size.zipped < 1_000
