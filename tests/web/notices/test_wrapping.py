import pytest

from web.notices.wrapping import wrap


def measure(text):
    """Chinese characters are two wide, all others one."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("带户口簿", ["带户口簿"]),
        ("带户口簿和身份证", ["带户口簿和", "身份证"]),
        ("带户口簿原，件", ["带户口簿", "原，件"]),  # no line begins with a comma
        ("请带户口《簿》", ["请带户口", "《簿》"]),  # none ends with an opening mark
        ("电话 12345678", ["电话", "12345678"]),  # a number stays whole
        ("户口簿（原件）", ["户口簿", "（原件）"]),  # and so does a short bracket
        ("（（（一（二（三四五六七八", ["（（（一", "（二（三四", "五六七八"]),
        ("打12345，再去", ["打12345，", "再去"]),
        ("一行\n\n又一行", ["一行", "", "又一行"]),
        ("ABCDEFGHIJKLMN", ["ABCDEFGHIJ", "KLMN"]),  # wider than any line
        ("，，，，，，，", ["，，，，，", "，，"]),
    ],
)
def test_lines_end_where_chinese_lines_end(text, lines):
    assert wrap(text, 10, measure) == lines


def test_the_first_line_may_be_shorter():
    assert wrap("带户口簿和身份证", 10, measure, first=4) == ["带户", "口簿和身份", "证"]


def test_nothing_is_lost_and_no_line_is_too_wide():
    text = (
        "凡在示例市（含所辖县、市、区）居住的人，可拨打 0519-85001234 或到 https://banshi.example.gov.cn/n/7KQM-3XPA-VN8R 查看……"
        * 5
    )
    lines = wrap(text, 31, measure)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(measure, lines)) <= 31
