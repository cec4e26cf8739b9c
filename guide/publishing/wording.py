"""What may not be written, and in which form: rules for every passage, each with its reason. Pure.

The statements and words come from the customer's content rules and corrections; typography is that of printed Chinese.
"""

import re
from collections.abc import Iterable, Iterator

from guide.publishing.faults import Fault
from guide.publishing.prose import Passage, passages
from guide.publishing.source import Source

HAN = r"[\u4e00-\u9fff]"
LONGEST_SENTENCE = 80  # characters up to 。！？；

# Statements that nothing supports, with what holds instead.
_FORBIDDEN = {
    r"(?:15|30|十五|三十)个?工作日": "投诉时限写“15日”“30日”",
    r"规定.{0,8}取.{0,4}[5五]万.{0,10}登记|取.{0,4}[5五]万.{0,8}(?:必须|都要|一律).{0,4}登记": "没有这样的规定；询问用途看风险",
    r"(?:双录|录音录像).{0,14}(?:保存|留存|保留).{0,6}(?:10|20|十|二十)年": "按较长者保存，看本行规定",
    r"(?:肢体语言|非语言|语调).{0,10}\d+\s*[%％]|\d+\s*[%％].{0,10}(?:肢体语言|非语言|语调)": "没有可靠出处，删去",
    r"(?:老客户|新客户|留住).{0,16}(?:1/5|五分之一|5倍|五倍)|利润.{0,8}(?:翻倍|25%|95%)": "没有可靠出处，用本机构数据",
    r"银保监(?:办)?发〔2021〕1[2-6]号|《商业银行服务规范》|金融客户服务白皮书|《金融业客户服务规范》": "来源不实，删去",
    r"金办发〔2025〕63号": "不对外公开，不得引用",
    r"满意度.{0,12}(?:60|15|10)\s*[%％]": "没有可靠出处，删去",
    r"(?:贷款|存款)(?!不).{0,8}(?:适用|按照?|依照)适当性": "适当性办法不适用于贷款、存款",
    r"(?:理财|基金|信托|保险|这款产品|本产品)(?:产品)?[^不没无。；，]{0,6}受存款保险(?:保护|保障)": "只有存款受存款保险保护",
    r"60(?:周)?岁.{0,12}(?:特别注意|高风险产品)|65(?:周)?岁.{0,8}(?:法定老年人|才算老年人)": "法定老年人60周岁，特别注意65周岁",
    r"(?:四分之三|3/4).{0,12}全额|(?:二分之一|1/2).{0,12}半额": "兑换比例未核，按官方文本",
}
FORBIDDEN = tuple((re.compile(pattern), instead) for pattern, instead in _FORBIDDEN.items())

# Words that the customer's corrections ban, with what to write.
BANNED: dict[str, str] = {
    "双管道": "两条渠道", "回告": "回复", "坐席": "座席", "U盾": "USBKey", "拉闸": "提前关门", "残联朋友": "残联工作人员",
    "静默关怀": "定期问候", "我看屏幕另一侧": "请您输入密码，我这边看不到", "您先别着急": "说清下一步做什么",
    "您先别急": "说清下一步做什么", "您先别激动": "先听完，再复述诉求",
}  # fmt: skip

_LAW = re.compile(r"《[^《》]+》|法律规定|国家规定|监管要求")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]+条(?!意见|建议)")
_HALF = re.compile(
    rf"(?<={HAN})[,;:!?()](?={HAN}|$)|(?<={HAN})\.(?={HAN})|(?<=[”’）》，。；：])[,;:!?]|(?:^|(?<={HAN}))[()](?={HAN})"
)
_STRAIGHT = re.compile(r"[\"']")
_SENTENCE_END = re.compile(r"[。！？；]")
_PAIRS = (
    ("（", "）"),
    ("“", "”"),
    ("‘", "’"),
    ("《", "》"),
    ("〔", "〕"),
    ("【", "】"),
    ("「", "」"),
    ("『", "』"),
    ("(", ")"),
)


def check(source: Source) -> list[Fault]:
    """Every passage of `source` that says what it may not, or is not set as it should be."""
    return sorted(fault for passage in passages(source) for fault in _check_passage(source, passage))


def warn(source: Source) -> list[str]:
    """Sentences that are too long to be read at a counter. Tables are left out."""
    return [
        f"{source.path}:{passage.line}: 句子有{len(sentence)}个字（{sentence[:12]}……），宜在{LONGEST_SENTENCE}字以内"
        for passage in passages(source)
        if not passage.is_cell
        for sentence in _SENTENCE_END.split(passage.text)
        if len(sentence) > LONGEST_SENTENCE
    ]


def check_text(path: str, line: int, text: str) -> list[Fault]:
    """The rules for form and banned words, for a text outside the pages (a definition, a question)."""
    passage = Passage(line, text)
    return [Fault(path, line, code, details) for code, details in [*_form(passage), *_banned(passage)]]


def _check_passage(source: Source, passage: Passage) -> Iterator[Fault]:
    found = [*_law(passage), *_forbidden(passage), *_banned(passage), *_form(passage)]
    return (Fault(source.path, passage.line, code, details) for code, details in found)


def _law(passage: Passage) -> Iterable[tuple[str, dict[str, object]]]:
    if passage.is_avoided:
        return
    if match := _ARTICLE.search(passage.unquoted):
        yield "typed-article", {"value": match[0]}
    if not passage.is_cited and (match := _LAW.search(passage.unquoted)):
        yield "uncited-law", {"value": match[0]}


def _forbidden(passage: Passage) -> Iterable[tuple[str, dict[str, object]]]:
    text = passage.unquoted if passage.is_may_quote else passage.text
    if not passage.is_avoided:
        for pattern, instead in FORBIDDEN:
            if match := pattern.search(text):
                yield "forbidden", {"value": match[0], "instead": instead}


def _banned(passage: Passage) -> Iterable[tuple[str, dict[str, object]]]:
    text = passage.unquoted if passage.is_may_quote else passage.text
    if not passage.is_avoided:
        for word, instead in BANNED.items():
            if word in text:
                yield "banned-word", {"value": word, "instead": instead}


def _form(passage: Passage) -> Iterable[tuple[str, dict[str, object]]]:
    text = passage.text
    if match := _HALF.search(text):
        yield "half-width", {"value": text[max(0, match.start() - 4) : match.end() + 4]}
    if match := _STRAIGHT.search(text):
        yield "straight-quote", {"value": text[max(0, match.start() - 4) : match.end() + 4]}
    for left, right in _PAIRS:
        if not _is_balanced(text, left, right):
            yield "unbalanced", {"value": left + right}


def _is_balanced(text: str, left: str, right: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == left) - (character == right)
        if depth < 0 or (depth > 1 and left in "“‘"):
            return False
    return depth == 0
