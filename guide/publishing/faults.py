"""What can be wrong with a text: one Fault names file, line, what is wrong and how to mend it. Pure.

The words stand in one table, so that command, admin and tests speak of the same fault in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# code: (what is wrong, how to mend it); {name} is filled from the fault's details.
WORDS: dict[str, tuple[str, str]] = {
    "encoding": ("文件不是 UTF-8 编码", "另存为 UTF-8（无 BOM）"),
    "line-ends": ("换行不是 LF", "把换行改成 LF（不用 CR 或 CRLF）"),
    "final-newline": ("文件末尾没有换行", "在末尾加一个换行"),
    "front-matter": ("开头没有用 --- 括起的头部", "第一行写 ---，头部之后再写一行 ---"),
    "yaml": ("不是有效的 YAML：{problem}", "按提示改这一行；含“: ”或“#”的值加双引号"),
    "missing-key": ("缺少 {key}", "补上 {key}"),
    "unknown-key": ("不认识的键 {key}", "删去它，或改成：{known}"),
    "bad-value": ("{key} 的值“{value}”不对", "改成{expected}"),
    "bad-id": ("id“{value}”不合规", "只用小写字母、数字和“-”，以字母开头"),
    "duplicate-id": ("id“{value}”重复，另一处在 {other}", "改其中一个 id"),
    "identity": ("id 和 kind 一经使用不再改变", "写回 id: {id} 和 kind: {kind}；要换，请另建一页"),
    "file-name": ("文件名与 id“{value}”不符", "文件名改成 {expected}"),
    "stray-file": ("content/ 里不该有这个文件", "移走它；页面叫 NN-<id>.md 或 <id>.md，图片放在 media/"),
    "no-chapter-page": ("这一章没有 index.md", "补上 index.md，写明 id 和 title"),
    "misplaced": ("{kind}不能放在这里", "章放在最上层，节放在章或节里，案例、问题卡、演练放在节里"),
    "numbered-title": ("标题里写了编号“{value}”", "删去编号；它由次序算出"),
    "unknown-reference": ("引用的页面“{value}”不存在", "改成已有的 id，或先建这一页"),
    "unknown-principle": ("引用的原则“{value}”不存在", "改成“节的 id#原则的 id”，两者都要已有"),
    "unknown-term": ("术语“{value}”不存在", "改成 glossary.yml 里的 id，或在那里加上它"),
    "unknown-say": ("标准用语“{value}”不存在", "改成 standard-phrases.yml 里的 id，或在那里加上它"),
    "unknown-local": ("本行信息“{value}”不存在", "改成 guide.yml 里 local 的 id，或在那里加上它"),
    "unknown-citation": ("依据“{value}”不存在", "改成 sources.yml 里的“键#事实”，或在那里加上它"),
    "unknown-post": ("岗位“{value}”不存在", "改成 guide.yml 里 posts 的 id：{known}"),
    "unknown-case": ("首屏的案例“{value}”不存在", "改成已有案例的 id"),
    "card-say": ("首屏取第 {value} 行话术，本页只有 {count} 行", "改成 1 至 {count}"),
    "asked-principle": ("asked 里的“{value}”不是本页或本页的原则", "改成本页的 id，或本页原则的 id：{known}"),
    "principle-id": ("原则“{value}”没有 id", "在标题后写 {{#id .principle level=… basis=…}}"),
    "principle-level": ("原则“{value}”的 level 缺少或不对", "写 level=must、should、may 或 must-not"),
    "principle-basis": ("原则“{value}”的 basis 缺少或不对", "写 basis=law、standard 或 guide"),
    "principle-order": ("原则“{value}”的属性次序不对", "按 #id .principle level=… 的次序写"),
    "principle-rank": ("原则“{value}”的标题级别不对", "原则只用 ## 或 ###，并且只写在节里"),
    "must-needs-law": ("原则“{value}”写了“必须”，依据却不是法定", "改成 basis=law 并写出依据，或改成 level=should"),
    "law-needs-citation": ("原则“{value}”写了法定，却没有引用核对过的依据", "加上 [@键#事实]，或改成 basis=guide"),
    "applies-chain": ("原则“{value}”的 applies 指向的原则自己也写了 applies", "指向承担依据的那一条"),
    "duplicate-heading": ("标题 id“{value}”在本页出现两次，另一处在第 {other} 行", "给其中一个标题写明不同的 {{#id}}"),
    "rank-skip": ("标题“{value}”跳级", "正文从 ## 开始，每次只深一级"),
    "no-principles": ("{kind}没有写 principles", "写出它说明哪条原则：{{to: \"节#原则\", relation: example}}"),
    "duplicate-link": ("原则“{value}”在本页 principles 里写了两次", "并成一条"),
    "not-simulated": ("案例没有写 simulated: true", "写上；本指南的案例都是模拟案例"),
    "picture-missing": ("图片“{value}”不存在", "把图片放到 media/，路径从本文件写起"),
    "picture-kind": ("图片“{value}”不是 PNG、JPEG 或 WebP，或者太大", "换成这三种之一，不超过 {limit} 字节"),
    "picture-alternative": ("图片“{value}”没有文字说明", "写成 ![说明](路径)"),
    "duplicate-word": ("“{value}”已经用在“{other}”", "一个词只留在一处"),
    "missing-part": ("缺少{key}", "补上；各部分见内容格式"),
    "length": ("正文有{count}个字", "写在{least}至{most}字之间"),
    "no-case": ("原则“{value}”还没有案例", "写一个案例，或在已有案例的 principles 里加上它"),
    "shared-sentence": ("“{value}……”与 {other} 的句子相同", "换一种说法；必须一字不差的写进 standard-phrases.yml"),
    "too-few": ("{key} 只有 {count}", "guide.yml 的 least 要求至少 {least}"),
    "typed-article": ("写了条号“{value}”", "删去条号；它由 [@键#事实] 印出"),
    "uncited-law": ("说到“{value}”却没有引用依据", "在同一段加上 [@键#事实]，或改成“本指南要求”"),
    "unconfirmed": ("依据“{value}”没有核对过", "换一条核对过的事实，或删去引用"),
    "forbidden": ("不能用的说法“{value}”", "{instead}"),
    "banned-word": ("不用的词“{value}”", "改成：{instead}"),
    "half-width": ("汉字之间用了半角标点：{value}", "改成全角"),
    "straight-quote": ("用了直引号：{value}", "改成“”"),
    "unbalanced": ("{value} 不成对", "补上或删去一个"),
    "parent-gone": ("上级“{value}”不在指南里", "先发布上级，或把两者一起发布；上级已撤下的，移到别处"),
    "many-removals": ("这次会撤下 {count} 页，文件不在了", "核对文件；确实要撤下就加 --allow-removals"),
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong, at one line of one file. `line` counts from 1."""

    path: str
    line: int
    code: str
    details: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def message(self) -> str:
        return WORDS[self.code][0].format(**self.details)

    @property
    def remedy(self) -> str:
        return WORDS[self.code][1].format(**self.details)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}。改法：{self.remedy}。"


class SourceError(Exception):
    """Texts that cannot be taken as they are, with every fault found in them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
