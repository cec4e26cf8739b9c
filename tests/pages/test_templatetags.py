import pytest

from guide.pages.templatetags.pages import chinese_dates


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2020-03-01", "2020年3月1日"),
        ("2021-03", "2021年3月"),
        ("2021", "2021"),
        ("", ""),
        ("设6个月过渡期", "设6个月过渡期"),
        ("2025-11-27（2025-12-19发布）", "2025年11月27日（2025年12月19日发布）"),
        ("GB/T 19012-2019", "GB/T 19012-2019"),
        ("2024-15号", "2024-15号"),
    ],
)
def test_dates_are_written_as_people_write_them(written, read):
    assert chinese_dates(written) == read
