"""A small guide to test with, as files: plain functions, no library."""

from pathlib import Path

GUIDE = """\
title: 测试指南
edition: 第一版
as_of: 2026-11-23
scope: 测试用。
posts: {counter: 柜面, lobby: 大堂}
relations: {example: 示范, breach: 反例, remedy: 补救, exception: 例外}
local:
  complaint-phone: {label: 投诉电话, value: ""}
  bank-name: {label: 机构名称, value: 江边银行}
"""
GLOSSARY = """\
- {id: first-contact, term: 首问负责制, pinyin: shǒu wèn, english: first contact, definition: 谁先接谁负责。, aliases: [首问]}
- {id: kyc, term: 客户尽职调查, pinyin: kè hù, english: CDD, definition: 了解客户。, aliases: [KYC]}
"""
SOURCES = """\
- key: rule-2020
  title: 投诉处理管理办法
  kind: departmental_rule
  issuer: 某机构
  number: 2020年第3号
  issued: "2020-01-14"
  effective: "2020-03-01"
  status: in_force
  checked: 2026-11-23
  provisions:
    - {id: f1, text: 自收到之日起15日内作出处理决定, article: 第20条, confirmed: quoted}
    - {id: f2, text: 未核的事实}
"""
COMPLAINTS = """\
---
id: complaints
title: 客户投诉处理
summary: 先听完，再核实，按期答复。
posts: [counter, lobby]
keywords: [投诉, 抱怨]
owner: 消保部
review_by: 2030-01-01
card: {say: 1, case: come-back}
---
导语：这一节讲怎样接住投诉，见[[term:kyc]]。

| 宜说 | 忌说 | 为什么 |
|---|---|---|
| 您慢慢说，见[[listening|倾听]]。 | 这不归我管。 | 推诿。 |
{audience=staff}

## 登记受理，按期答复 {#register .principle level=must basis=law posts="counter lobby"}

**做到：** 接到投诉即登记受理，十五日内答复[@rule-2020#f1]。首问负责制在此适用。

## 不推诿 {#no-refusal .principle level=must-not basis=guide}

**做到：** 不说“不归我管”。电话{{local:complaint-phone}}。[[say:not-deposit]]
"""
ASKED = COMPLAINTS.replace("card: {", "asked: {register: [受理号在哪儿看, 拖了半个月没下文]}\ncard: {")
LISTENING = """\
---
id: listening
title: 倾听
---
导语：先让客户说完。另见[[complaints#register]]。

## 先听完 {#listen-first .principle level=should basis=guide}

**做到：** 不打断。
"""
CASE = """\
---
id: come-back
kind: case
type: bad
simulated: true
title: 请您周一再来
posts: [counter]
topics: [投诉]
principles:
  - {to: "complaints#register", relation: breach, note: 没有登记}
  - {to: "listening#listen-first", relation: breach, note: 没有听完}
---
## 情景

周五下午，客户来投诉手续费。

## 正确做法

当场登记。
"""

FILES = {
    "guide.yml": GUIDE,
    "glossary.yml": GLOSSARY,
    "sources.yml": SOURCES,
    "synonyms.yml": "- words: [工装, 制服]\n",
    "standard-phrases.yml": "- {id: not-deposit, text: 本产品不是存款。}\n",
    "01-talk/index.md": "---\nid: talk\ntitle: 沟通\nsummary: 听完再答。\n---\n导语：这一章讲沟通。\n",
    "01-talk/01-complaints.md": COMPLAINTS,
    "01-talk/02-listening.md": LISTENING,
    "02-practice/index.md": "---\nid: practice\ntitle: 案例与实践\n---\n导语：这一章放案例。\n",
    "02-practice/01-cases.md": "---\nid: cases\ntitle: 典型案例\n---\n导语：案例在下面。\n",
    "02-practice/01-cases/come-back.md": CASE,
}


def write_guide(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the small guide below `folder`, with files changed, added or (None) left out; returns the folder."""
    for name, text in (FILES | (changes or {})).items():
        path = folder / name
        if text is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
